"""Cast and references: who somebody is, settled once, carried through all their shots, and measured in takes."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from PIL import Image

from rushes.agent.brief import Beat, Role, Story
from rushes.agent.casting import cast_players
from rushes.agent.generator import Generator, ShotRequest, take_fps, take_size
from rushes.agent.lexicon import find_kind, near_kind
from rushes.agent.paid import PaidGenerator
from rushes.agent.production import Production, shot_scene
from rushes.agent.rewriter import write_prompt
from rushes.agent.tagging import tag
from rushes.agent.tool import Tool, tool
from rushes.backlot.captions import short_caption
from rushes.backlot.cast import BY_NAME
from rushes.backlot.scene import Actor, Scene
from rushes.board.jobs import Job
from rushes.board.operations import AttachBlob, Connect, CreateNode, Operation, SetFields
from rushes.board.reads import Node

IDENTITY = 0.5  # below this a take shows somebody else
SEEN = ("color", "kind seen", "color seen")  # parts of a verdict that tell who is to be seen
REFERENCE = (320, 320)  # pixels of a drawn reference
TEXT = {"type": "string"}


@dataclass(frozen=True, kw_only=True)
class Member:
    """One of the cast, as they look in every shot."""

    id: str  # board id
    name: str
    kind: str  # in the backlot's vocabulary
    color: str
    pattern: str
    accessory: str


def cast_tools(production: Production) -> list[Tool]:
    return [
        tool(
            "cast",
            "Settle how somebody looks, through the whole film: every shot that shows them is staged with this look, "
            "and every take is measured for it.",
            {
                "name": {**TEXT, "description": "what the film calls them, such as Mia"},
                "thing": {**TEXT, "description": "what they are, such as fox"},
                "look": {**TEXT, "description": "colour, pattern, what they wear: blue, striped, with a hat"},
                "material": {**TEXT, "description": "name of a given image that shows them"},
            },
            ("thing", "look"),
            lambda arguments: cast(production, **arguments),
        )
    ]


def cast(production: Production, thing: str, look: str, name: str = "", material: str = "") -> str:
    """Puts a member of the cast, with a reference, on the board and restages the shots. Raises ValueError."""
    board = production.board
    member, notes = _understood(production, thing, look, name.strip())
    others = [other for other in members(production) if other.id != member.id]
    reference = _given_picture(production, material) if material else _drawn(production, member)
    operations = _member_operations(member, look, reference)
    fresh, stale = [], []
    for shot in board.nodes("shot"):
        scene = shot_scene(shot)
        if scene is None or not any(actor.kind == member.kind for actor in scene.cast):
            continue
        dressed = dress(scene, [member], others)
        if member.id and member.id in shot.linked("uses", "cast") and dressed == scene:
            continue
        operations.append(Connect(source=shot.id, relation="uses", target=member.id or "@member"))
        fresh.append(shot.id)
        if dressed != scene:
            operations.append(restaged(production, shot, dressed))
            stale += [shot.id] if production.takes(shot.id) else []
    receipt = board.apply(*operations, by="agent", note=f"cast {member.name}")
    id = member.id or next(node for node in receipt.created if node.startswith("cast-"))
    told = [f"{id} {member.name} is a {_look(member)} {member.kind}" + ("" if reference else ", without a reference")]
    told.append(f"carried through {', '.join(fresh[:12])}" if fresh else "no shot shows them yet")
    if stale:
        told.append(f"planned with another look before, shoot again: {', '.join(stale[:12])}")
    return "; ".join([*told, *notes])


def members(production: Production) -> list[Member]:
    return [
        Member(
            id=node.id,
            name=node.fields["name"],
            kind=node.fields["thing"],
            **{part: node.fields["look"][part] for part in ("color", "pattern", "accessory")},
        )
        for node in production.board.nodes("cast")
    ]


def named_as_things(text: str, cast: Sequence[Member]) -> str:
    """The text with each name as a word that the planner knows: "Mia runs" -> "the blue fox runs"."""
    for member in cast:
        text = re.sub(rf"\b{re.escape(member.name)}\b", f"the {member.color} {member.kind}", text, flags=re.IGNORECASE)
    return re.sub(r"\b(a|an|the) the\b", "the", text)


def dress(scene: Scene, cast: Sequence[Member], others: Sequence[Member] = ()) -> Scene:
    """The scene in which each member looks as settled. Who looks like one of the `others` is that other."""
    actors = list(scene.cast)
    for member in cast:
        rivals = [other for other in others if other.kind == member.kind]
        places = [
            place
            for place, actor in enumerate(actors)
            if actor.kind == member.kind and not any(_same(actor, rival) for rival in rivals)
        ]
        # Of several of a kind in one shot the one that looks most like the member is meant; twins look alike.
        if any(_same(actors[place], member) for place in places):
            continue
        first = [place for place in places if actors[place].color == actors[places[0]].color]
        for place in first:
            actors[place] = replace(
                actors[place], color=member.color, pattern=member.pattern, accessory=member.accessory
            )
    return replace(scene, cast=tuple(actors))


def dress_all(scene: Scene, cast: Sequence[Member]) -> Scene:
    """Each member's look, the others' left alone."""
    for member in cast:
        scene = dress(scene, [member], [other for other in cast if other.id != member.id])
    return scene


def shown_in(scene: Scene, cast: Sequence[Member]) -> list[Member]:
    """The members that a scene shows."""
    return [member for member in cast if any(_same(actor, member) for actor in scene.cast)]


def restaged(production: Production, shot: Node, scene: Scene) -> Operation:
    """The shot with another scene; a take that shows the old one goes out of the film."""
    world = production.shooter().world
    size = shot.fields.get("extra", {}).get("size", "medium")
    mood = mood_of_film(production)
    # The words of the brief may name the old look; only the scene's own are sure.
    prompt = write_prompt(scene, world=world, size=size, mood=mood)
    fields = {"scene": scene.to_dict(), "prompt": prompt, "status": "planned"}
    clear = ("chosen",) if "chosen" in shot.fields else ()
    return SetFields(id=shot.id, fields=fields, clear=clear, literal=True)


def mood_of_film(production: Production) -> str:
    if not production.brief_id:
        return "gentle"
    return str(production.board.node(production.brief_id).fields.get("mood", "gentle"))


def recast_shot(production: Production, shot_id: str) -> None:
    """A shot that was staged anew gets the looks of the cast, and the links to those whom it shows."""
    shot = production.board.node(shot_id)
    scene, cast = shot_scene(shot), members(production)
    if scene is None or not cast:
        return
    dressed = dress_all(scene, cast)
    operations: list[Operation] = [restaged(production, shot, dressed)] if dressed != scene else []
    linked = shot.linked("uses", "cast")
    operations += [
        Connect(source=shot_id, relation="uses", target=member.id)
        for member in shown_in(dressed, cast)
        if member.id not in linked
    ]
    if operations:
        production.board.apply(*operations, by="agent", note=f"the cast of {shot_id}")


def measure_identity(production: Production, shot: Node, take: Node) -> tuple[float, str] | None:
    """How sure it is that a judged take shows whom it should, and in words; None where nobody is cast in the shot.

    A take under IDENTITY is rejected, whatever else is good about it.
    """
    take = production.board.node(take.id)
    scores = take.fields.get("scores", {})
    seen = [scores[part] for part in SEEN if part in scores]
    if not shot.linked("uses", "cast") or not seen:
        return None
    identity = round(min(seen), 4)
    fields: dict[str, Any] = {"scores": {**scores, "identity": identity}}
    told = f"identity {identity:.2f}"
    if identity < IDENTITY:
        told += f", under {IDENTITY:g}: it looks like somebody else"
        fields |= {"verdict": "rejected", "reasons": [told, *take.fields.get("reasons", [])]}
    production.board.apply(SetFields(id=take.id, fields=fields), by="agent", note=f"identity in {take.id}")
    return identity, told


def _understood(production: Production, thing: str, look: str, name: str) -> tuple[Member, list[str]]:
    """Who is meant, within what the model knows, and notes on what it does not."""
    words = [token for token in tag(thing) if token.tag in ("kind", "near")]
    kind = words[-1].value if words else find_kind(thing.strip().lower()) or near_kind(thing.strip().lower())
    if kind is None or kind not in BY_NAME:
        raise ValueError(f"nobody who could be shown is called {thing!r}; name one of {', '.join(list(BY_NAME)[:30])}")
    tokens = tag(f"a {look} {kind}")
    said = {token.tag: token.value for token in reversed(tokens) if token.tag in ("color", "pattern", "accessory")}
    if not said:
        raise ValueError(f"the look {look!r} names no colour, pattern or thing to wear; say such as 'blue, striped'")
    role = Role(
        kind=kind, word=kind, color=said.get("color"), pattern=said.get("pattern"), accessory=said.get("accessory")
    )
    story = Story(text=thing, cast=(role,), beats=(Beat(text=thing, subject=0),), mood="gentle", notes=())
    (player,), notes = cast_players(story, production.shooter().world)
    if player is None:
        raise ValueError(notes[0])
    name = name or kind
    known = next((m for m in members(production) if m.name.casefold() == name.casefold()), None)
    looks = {"color": player.color, "pattern": player.pattern, "accessory": player.accessory}
    return Member(id=known.id if known else "", name=name, kind=player.kind, **looks), notes


def _member_operations(member: Member, look: str, reference: str) -> list[Operation]:
    looks = {name: value for name, value in asdict(member).items() if name in ("color", "pattern", "accessory")}
    fields = {"name": member.name, "thing": member.kind, "look": looks, "description": look}
    blobs = {"reference": reference} if reference else {}
    if not member.id:
        return [CreateNode(kind="cast", handle="member", fields=fields, blobs=blobs, literal=True)]
    changed: list[Operation] = [SetFields(id=member.id, fields=fields, literal=True)]
    return changed + [AttachBlob(id=member.id, name=name, blob=blob) for name, blob in blobs.items()]


def _given_picture(production: Production, name: str) -> str:
    images = {material.name: material.blob for material in production.materials if material.kind == "image"}
    if name not in images:
        raise ValueError(f"no given image is called {name!r}; there are {', '.join(images) or 'none'}")
    return images[name]


def _drawn(production: Production, member: Member) -> str:
    """A picture of the member by whoever draws scenes; none where nobody does."""
    drawer = next((m for m in (production.animatic_model, production.shooting_model) if m and draws(m)), None)
    if drawer is None:
        return ""
    actor = Actor(kind=member.kind, color=member.color, pattern=member.pattern, accessory=member.accessory, size=0.55)
    scene = Scene(set="meadow", cast=(actor,), seconds=1.0)
    about = drawer.capabilities
    width, height = take_size(about, *REFERENCE)
    request = ShotRequest(
        prompt=short_caption(scene),
        scene=scene,
        seconds=max(about.seconds[0], 0.1),
        width=width,
        height=height,
        fps=take_fps(about, 12),
        seed=0,
    )
    drawer.check(request)

    def work(job: Job) -> dict[str, Any]:
        frame = drawer.generate(request, cancelled=production.cancelled).frames[0]
        buffer = io.BytesIO()
        Image.fromarray(frame).save(buffer, format="PNG")
        job.attach("reference", buffer.getvalue(), ".png")
        return {}

    inputs = {"model": about.name, "scene": scene.to_dict(), "size": [width, height]}
    return production.step("reference", inputs, work, model=about.name).blobs["reference"]


def draws(model: Generator) -> bool:
    """Whether it draws scenes, for nothing: a reference is never bought, since nobody ordered one."""
    return bool(model.capabilities.needs_scene) and not isinstance(model, PaidGenerator)


def _same(actor: Actor, member: Member) -> bool:
    return (actor.kind, actor.color, actor.pattern, actor.accessory) == (
        member.kind,
        member.color,
        member.pattern,
        member.accessory,
    )


def _look(member: Member) -> str:
    words = [member.color] + ([member.pattern] if member.pattern != "plain" else [])
    return ", ".join(words) + (f" ({member.accessory})" if member.accessory != "none" else "")
