"""A scene composed anew for a picture of another shape: the same people do the same things in the same place.

Who is in it and what happens is read back out of the scene, then staged as the planner stages it, by `framing.py`.
"""

from __future__ import annotations

from dataclasses import replace

from rushes.agent.brief import Beat
from rushes.agent.casting import Player
from rushes.agent.coverage import Setup
from rushes.agent.framing import Frame
from rushes.agent.staging import FRAMING, THIRD, stage
from rushes.backlot.cast import BY_NAME
from rushes.backlot.scene import Actor, Scene
from rushes.backlot.world import World


def recompose(scene: Scene, size: str, *, was: float, aspect: float, world: World | None = None) -> Scene | None:
    """The scene for a picture of `aspect` (width over height). `size`: wide, medium, ...; `was`: the shape that it was
    composed for. None where it was not composed by rule, so that its own composition would be lost.
    """
    if size not in FRAMING:
        return None
    players = _players(scene, size, Frame(aspect=was))
    beat = _beat(scene, players)

    def staged(beat: Beat, shape: float) -> Scene:
        setup = Setup(size=size, roles=beat.roles, phase="act", reason="another shape")
        made = stage(
            setup,
            beat,
            list(players),
            seconds=scene.seconds,
            world=world,
            mood="",
            seed=0,
            free_camera=True,
            aspect=shape,
        )
        return replace(made, seed=scene.seed)

    before = staged(beat, was)
    if before.camera.move != scene.camera.move:  # somebody has asked for it
        beat = replace(beat, camera=scene.camera.move)
        before = staged(beat, was)
    return staged(beat, aspect) if _tells_the_same(before, scene) else None


def _players(scene: Scene, size: str, frame: Frame) -> list[Player]:
    """Everybody once, those who are alike counted; as large as the wide picture had them, else as they usually are."""
    found: list[Player] = []
    for place, actor in enumerate(scene.cast):
        about = BY_NAME[actor.kind]
        if place and _looks(actor) == _looks(scene.cast[0]) and actor.actions == scene.cast[0].actions:
            found[0] = replace(found[0], count=found[0].count + 1)
            continue
        drawn = actor.size / (THIRD if len(found) == 2 else 1.0)
        usual = about.size if frame.narrow else drawn / FRAMING[size]
        kind, color, pattern, accessory = _looks(actor)
        found.append(
            Player(kind=kind, color=color, pattern=pattern, accessory=accessory, size=usual, alive=about.alive)
        )
    return found


def _beat(scene: Scene, players: list[Player]) -> Beat:
    cast = scene.cast
    lead = cast[0] if cast else None
    other = cast[players[0].count] if len(players) > 1 else None
    roles = [*range(len(players)), None, None, None]
    relation = next((each.kind for each in scene.relations), "")
    same = lead is not None and other is not None and bool(lead.actions) and other.actions == lead.actions
    if same and not relation and lead is not None and other is not None:
        # In a narrow picture these two are staged without a relation of the backlot's.
        relation = "carries" if other.y > lead.y and other.size < 0.5 * lead.size else ""
        relation = "follows" if lead.depth == 0.35 else relation
    return Beat(
        text="",
        subject=roles[0],
        object=roles[1],
        third=roles[2],
        motions=tuple(dict.fromkeys(action.motion for action in lead.actions)) if lead and lead.actions else ("stand",),
        together=same and not relation,
        relation=relation,
        set=scene.set,
        weather=scene.weather,
        light=scene.light,
        heading=lead.facing if lead is not None else 1,
    )


def _looks(actor: Actor) -> tuple[str, str, str, str]:
    return actor.kind, actor.color, actor.pattern, actor.accessory


def _tells_the_same(one: Scene, other: Scene) -> bool:
    """Whether the same people do the same at the same times, whatever their places."""

    def told(scene: Scene) -> list[object]:
        return [
            (_looks(actor), [(a.motion, a.heading, round(a.start, 1), round(a.end, 1)) for a in actor.actions])
            for actor in scene.cast
        ]

    return told(one) == told(other)
