"""Staging: the scene of one setup: where everybody stands, what they do at which second, where the camera is."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from rushes.agent.brief import Beat
from rushes.agent.casting import Player
from rushes.agent.coverage import Setup
from rushes.agent.framing import WIDE, Frame
from rushes.agent.lexicon import known_name
from rushes.agent.words import NEAR_MOTIONS
from rushes.backlot.cast import BY_NAME
from rushes.backlot.scene import Action, Actor, Camera, Relation, Scene
from rushes.backlot.world import FULL, World

SPEED = {"walk": 0.36, "run": 0.75, "fly": 0.5, "roll": 0.5}  # stage units of x a second
GROUND = 0.24  # height of the standing line above the bottom edge, frame heights
FRAMING = {"wide": 0.85, "medium": 1.05, "close": 1.1, "detail": 1.2, "reaction": 1.1}  # factor on the actor's size
ZOOM = {"wide": 1.0, "medium": 1.12, "close": 1.55, "detail": 1.6, "reaction": 1.7}  # magnification
THIRD = 0.85  # factor on the size of a third one, who stands behind the two
LARGEST = 0.8  # frame heights that an actor takes in the closest shot
REACTIONS = {  # by mood: the first reaction to something, and a further one
    "joyful": ("jump", "spin"),
    "sad": ("stand", "stand"),
    "tense": ("stand", "jump"),
    "calm": ("wave", "stand"),
}
ROOM = {"jump": (1.2, 0.1), "fly": (1.2, 0.14), "fall": (1.0, 0.1)}  # motion -> (largest zoom, frame heights to raise)


def stage(
    setup: Setup,
    beat: Beat,
    players: list[Player | None],
    *,
    seconds: float,
    world: World | None,
    mood: str,
    seed: int,
    free_camera: bool,
    aspect: float = WIDE,
) -> Scene:
    """The scene. `world`: what the model knows; one of one actor a scene gets the plain scenes that it was trained on.

    `free_camera`: the model draws the scene itself, so that the camera may stand anywhere. `aspect`: width over height
    of the picture that is shot: in a narrow one people are smaller, stand apart, and the camera goes with them.
    """
    known = world or FULL
    frame = Frame(aspect=aspect if free_camera else WIDE)  # others go by words, and know scenes as they were trained
    present = [player for role in setup.roles if (player := players[role]) is not None][: known.max_cast]
    backdrop: dict[str, Any] = {
        "set": beat.set,
        "weather": beat.weather,
        "light": beat.light,
        "seconds": seconds,
        # One place keeps its hills and trees through the whole film.
        "seed": int.from_bytes(hashlib.sha256(f"{seed}|{beat.set}".encode()).digest()[:3], "big"),
    }
    if not present:
        return Scene(**backdrop, camera=_camera(setup, beat, (), known, free_camera, frame))
    motions = _motions(setup, beat, present[0], known, mood)
    if known.max_cast == 1:
        return Scene(**backdrop, cast=(_plain_actor(setup, beat, present[0], motions[0], seconds, known),))
    cast, relations = _ensemble(setup, beat, present, motions, seconds, known, frame)
    camera = _camera(setup, beat, tuple(cast), known, free_camera, frame)
    return Scene(**backdrop, cast=tuple(cast), relations=relations, camera=camera)


def _motions(setup: Setup, beat: Beat, lead: Player, known: World, mood: str) -> tuple[str, ...]:
    if setup.phase == "act":
        motions = beat.motions
        if setup.size in ("close", "reaction") and motions[0] in ("walk", "run") and len(motions) > 1:
            motions = motions[1:]
    elif setup.phase.startswith("react") and lead.alive:
        motions = (REACTIONS.get(mood, ("jump", "wave"))[setup.phase == "react again"],)
    else:
        motions = ("stand",)
    if not lead.alive:
        motions = tuple("stand" if motion == "wave" else motion for motion in motions)
    return tuple(dict.fromkeys(known_name(motion, known.motions, NEAR_MOTIONS) for motion in motions))


def _plain_actor(setup: Setup, beat: Beat, player: Player, motion: str, seconds: float, known: World) -> Actor:
    """One actor with one motion through the whole scene, of the sizes and places that such a world was drawn with."""
    smallest, largest = known.sizes
    share = {"wide": 0.1, "medium": 0.45, "close": 0.95, "detail": 0.75, "reaction": 0.85}[setup.size]
    distance = min(max(0.85, known.strides[0]), known.strides[1])
    x = {"wide": -0.1, "medium": 0.08, "close": 0.0, "detail": 0.12, "reaction": -0.08}[setup.size] * beat.heading
    if motion in SPEED:
        x = -beat.heading * distance / 2 + (0.0 if known.places else x * 0.5)
    elif known.places:
        x = min(known.places, key=lambda place: abs(place - x))
    action = Action(motion=motion, start=0.0, end=seconds, heading=beat.heading, distance=distance)
    return Actor(
        kind=player.kind,
        color=player.color,
        pattern=player.pattern,
        accessory=player.accessory,
        size=round(smallest + share * (largest - smallest), 3),
        x=round(x, 3),
        facing=beat.heading,
        actions=(action,),
    )


def _ensemble(
    setup: Setup,
    beat: Beat,
    present: list[Player],
    motions: tuple[str, ...],
    seconds: float,
    known: World,
    frame: Frame,
) -> tuple[list[Actor], tuple[Relation, ...]]:
    heading = beat.heading
    travels = motions[0] in SPEED
    speed = min(
        frame.farthest(beat.together or beat.relation == "follows"),
        SPEED.get(motions[0], 0.0) * seconds * _acting(motions),
    )
    held = beat.relation in ("carries", "behind")  # at the same place as the lead
    lead, other, third = _sized(present, setup, known, heading, frame, held)
    meets = other is not None and not beat.together and beat.relation not in ("follows", "carries")
    if travels:
        # Who walks to something stops before it; who walks alone crosses the middle of the picture.
        stop = heading * (frame.before(lead, other) if meets and other is not None else speed / 2)
        lead = replace(lead, x=round(stop - heading * speed, 3))
    elif other is not None:
        lead = replace(lead, x=round(-heading * (0.0 if frame.narrow and held else frame.apart(0.34)), 3))
    else:
        lead = replace(lead, x=round(heading * (frame.first(lead, present[0].count)), 3))
    lead = replace(lead, actions=_actions(motions, seconds, heading, speed))
    cast = [lead, *_twins(lead, present[0], known, frame)]
    relations: tuple[Relation, ...] = ()
    if other is not None:
        cast[0], other, relations = _partner(beat, lead, other, speed, len(cast), frame)
        cast.append(other)
    if third is not None:
        cast.append(replace(third, x=round(-heading * 0.05, 3), depth=0.75, size=round(third.size * THIRD, 3)))
    return cast[: known.max_cast], tuple(r for r in relations if max(r.subject, r.object) < known.max_cast)


def _sized(
    present: list[Player], setup: Setup, known: World, heading: int, frame: Frame, held: bool
) -> tuple[Actor, Actor | None, Actor | None]:
    """The lead and the others, as large as the frame has room for beside each other."""
    cast = [
        _actor(player, setup, known, heading if place == 0 else -heading) for place, player in enumerate(present[:3])
    ]
    beside = [cast[0].size] * min(present[0].count, known.max_cast)
    beside += [actor.size for actor in cast[1:2] if not held]
    factor = frame.shrink(beside, setup.size)
    lead, other, third, *_ = [*(replace(actor, size=round(actor.size * factor, 3)) for actor in cast), None, None]
    assert lead is not None
    return lead, other, third


def _twins(lead: Actor, player: Player, known: World, frame: Frame) -> list[Actor]:
    """The others of "two kittens"."""
    count = min(player.count, known.max_cast) - 1
    return [
        replace(
            lead,
            x=round(lead.x - lead.facing * frame.step(lead) * (n + 1), 3),
            depth=0.25 * (n + 1),
            size=round(lead.size * 0.92, 3),
            actions=lead.actions,
        )
        for n in range(count)
    ]


def _partner(
    beat: Beat, lead: Actor, other: Actor, speed: float, place: int, frame: Frame
) -> tuple[Actor, Actor, tuple[Relation, ...]]:
    """The lead and the other, placed by what they have to do with each other."""
    heading = beat.heading
    if beat.relation == "follows":
        # Who is chased runs ahead; the chaser's place follows from the leader's.
        ahead = round(-heading * speed / 2 + heading * frame.apart(0.3), 3)
        other = replace(other, x=ahead, facing=heading, actions=lead.actions)
        if not frame.narrow:
            return lead, other, (Relation(kind="follows", subject=0, object=place),)
        # Whoever follows keeps a distance that is made for wide pictures: here both just go the same way.
        behind = round(ahead - heading * 1.1 * (frame.half(lead) + frame.half(other)), 3)
        return replace(lead, x=behind, depth=0.35), other, ()
    if beat.relation == "carries":
        other = replace(other, size=round(lead.size * 0.45, 3), facing=heading)
        if not frame.narrow:
            return lead, other, (Relation(kind="carries", subject=0, object=place),)
        # A hand reaches too short a way in units of x: what it holds would hide the face.
        at = round(lead.x + heading * 0.8 * frame.half(lead), 3)
        return lead, replace(other, x=at, y=round(lead.y + 0.3 * lead.size, 3), actions=lead.actions), ()
    if beat.relation == "behind":
        other = replace(other, x=round(lead.x + heading * 0.1, 3), size=max(other.size, lead.size))
        return lead, other, (Relation(kind="behind", subject=0, object=place),)
    if beat.together:
        gap = frame.half(lead) + frame.half(other) if frame.narrow else 0.62
        if frame.narrow and lead.actions[0].motion in SPEED:  # the two of them cross the middle, not the one
            lead = replace(lead, x=round(lead.x - heading * gap / 2, 3))
        other = replace(other, x=round(lead.x + heading * gap, 3), facing=heading, depth=0.2, actions=lead.actions)
        return lead, other, ()
    return lead, replace(other, x=round(heading * frame.apart(0.46), 3), depth=0.15), ()


def _actor(player: Player, setup: Setup, known: World, facing: int) -> Actor:
    smallest, largest = known.sizes
    size = min(max(player.size * FRAMING[setup.size], smallest), largest)
    floats = BY_NAME[player.kind].habitat == "air"
    return Actor(
        kind=player.kind,
        color=player.color,
        pattern=player.pattern,
        accessory=player.accessory,
        size=round(size, 3),
        y=0.14 if floats else 0.0,
        facing=facing,
    )


def _acting(motions: tuple[str, ...]) -> float:
    """Share of the scene that the first of several motions takes."""
    return 1.0 if len(motions) == 1 else 0.62


def _actions(motions: tuple[str, ...], seconds: float, heading: int, distance: float) -> tuple[Action, ...]:
    share, at, found = _acting(motions), 0.0, []
    for place, motion in enumerate(motions[:2]):
        end = seconds if place == len(motions[:2]) - 1 else seconds * share
        found.append(
            Action(
                motion=motion,
                start=round(at, 4),
                end=round(end, 4),
                heading=heading,
                distance=round(max(0.05, distance), 3) if place == 0 else 0.4,
            )
        )
        at = end
    return tuple(found)


def _camera(setup: Setup, beat: Beat, cast: tuple[Actor, ...], known: World, free: bool, frame: Frame) -> Camera:
    lead = cast[0] if cast else None
    motions = [action.motion for action in lead.actions] if lead is not None else []
    travels = any(motion in ("run", "fly") for motion in motions)
    wanted = beat.camera or {
        "wide": "zoom_in" if not travels else "still",
        "medium": "follow" if travels else "pan_right" if beat.heading > 0 else "pan_left",
        "close": "still",
        "detail": "zoom_in",
        "reaction": "zoom_in",
    }.get(setup.size, "still")
    if frame.narrow and not beat.camera and setup.size != "wide":
        # Beside people there is nothing to pan over: the camera stands, or goes with them.
        going = any(motion in SPEED for motion in motions)
        wanted = "follow" if going else "still" if wanted.startswith("pan") else wanted
    move = wanted if wanted in known.camera_moves else "still"
    if not free:
        return Camera(move=move)
    amount = {"zoom_in": frame.push(0.12, len(cast)), "zoom_out": 0.15}.get(move, 0.18)
    if lead is None or setup.size == "wide":
        return Camera(move=move, amount=amount)
    largest, raised = min((ROOM[motion] for motion in motions if motion in ROOM), default=(2.0, 0.0))
    several = (1.0 if frame.narrow else 1.25) if len(cast) > 1 else frame.closest(lead)
    zoom = max(1.0, min(ZOOM[setup.size], LARGEST / lead.size, largest, several))
    travelled = sum(a.distance * a.heading for a in lead.actions if a.motion in SPEED)
    crowd = sum(actor.x for actor in cast) / len(cast)
    follows = frame.narrow and move == "follow"
    if setup.size == "medium":
        x = _going_with(lead, travelled, crowd) if follows else 0.0
        return Camera(move=move, amount=amount, zoom=min(zoom, ZOOM["medium"]), x=x, y=round(raised / 2, 3))
    # Close: the face a little above the middle, with room in the direction of the look.
    face = GROUND + lead.y + lead.size * 0.6 + raised
    x = _going_with(lead, travelled, crowd) if follows else crowd + travelled / 2 + lead.facing * frame.off_middle
    return Camera(
        move=move,
        amount=amount,
        zoom=round(zoom, 3),
        x=round(x, 3),
        y=round(face - 0.5, 3),
    )


def _going_with(lead: Actor, travelled: float, crowd: float) -> float:
    """Where a camera begins that follows the lead, so that halfway the crowd is in the middle of the picture."""
    gone = 0.7 * (lead.x + travelled / 2 - 0.3 * lead.x)  # as backlot's camera_track follows
    return round(crowd + travelled / 2 - gone, 3)
