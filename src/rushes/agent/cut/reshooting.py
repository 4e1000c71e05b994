"""A film in another shape: what is drawn for nothing is composed and shot anew in it, and not cropped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rushes.agent.cut.document import ClipPiece, WorkingCut, set_clip
from rushes.agent.generator import ShotRequest
from rushes.agent.making_cast import draws, measure_identity, mood_of_film
from rushes.agent.production import FilmCancelled, Production, take_scene
from rushes.agent.recompose import recompose
from rushes.agent.rewriter import write_prompt
from rushes.agent.shooting import judge_take, shoot_request
from rushes.board.operations import AttachBlob, Connect, Disconnect, Operation, SetFields
from rushes.board.reads import Node

SAME = 0.01  # share by which two shapes may differ and be one


@dataclass(frozen=True, kw_only=True)
class Anew:
    """A shot in the new shape."""

    shot: Node  # as it would be planned in it
    take: Node


def shot_anew(production: Production, cut: WorkingCut, width: int, height: int) -> tuple[dict[str, Anew], list[str]]:
    """take on the cut -> the shot in a frame of these pixels; and, in words, why others are not shot anew.

    Takes of given footage, of another model, or that cost money are left aside: those are cropped. Nothing but the new
    takes is written.
    """
    found: dict[str, Anew] = {}
    said: list[str] = []
    if not draws(production.shooting_model):
        return found, said
    left = _takes_left(production)
    for take in dict.fromkeys(clip.take for clip in cut.clips if clip.take):
        node = production.board.node(take)
        if abs(node.fields["width"] / node.fields["height"] / (width / height) - 1) < SAME:
            continue
        asked = _in_shape(production, cut, node, width, height)
        if asked is None:
            continue
        if left is not None and len(found) >= left:
            said.append(f"the budget of {production.settings.max_takes} takes is spent: {take} is cropped")
            continue
        shot, request = asked
        try:
            made = shoot_request(production, shot, request, production.shooting_model)
        except FilmCancelled:
            raise
        except ValueError as error:  # the model can't make it: the take that there is will do
            said.append(f"{shot.id} can't be shot in this shape, so it is cropped: {error}")
            continue
        verdict = judge_take(production, shot, made)
        measure_identity(production, shot, made)
        if not verdict.accepted:
            reasons = "; ".join(verdict.reasons[:1])
            said.append(f"{shot.id} falls short in this shape, so it is cropped: {reasons}")
            continue
        found[take] = Anew(shot=shot, take=production.board.node(made.id))
    return found, said


def shown_anew(production: Production, clip: ClipPiece, anew: Anew, **looks: Any) -> list[Operation]:
    """The clip shows the new take from where, and for as long as, it showed the old one; the shot is planned so.

    looks: more fields of the clip.
    """
    board, take = production.board, anew.take
    operations: list[Operation] = [
        AttachBlob(id=clip.id, name="source", blob=take.blobs["video"]),
        set_clip(board, clip, fit="cover", focus=[0.5, 0.5], **looks),
        Disconnect(source=clip.id, relation="uses", target=clip.take),
        Connect(source=clip.id, relation="uses", target=take.id),
    ]
    if board.node(anew.shot.id).fields["scene"] != board.node(clip.take).fields["parameters"]["scene"]:
        return operations  # it has been planned otherwise since, and waits to be shot
    fields = {name: anew.shot.fields[name] for name in ("scene", "prompt")}
    return [*operations, SetFields(id=anew.shot.id, fields={**fields, "chosen": take.id}, literal=True)]


def _in_shape(
    production: Production, cut: WorkingCut, take: Node, width: int, height: int
) -> tuple[Node, ShotRequest] | None:
    """The shot as planned, and what is asked for, in the new shape; None where the take can't be composed anew."""
    board, model = production.board, production.shooting_model
    shown = [clip for clip in cut.clips if clip.take == take.id]
    scene = take_scene(take)
    shots = take.linked("made_from", "shot")
    if (
        scene is None
        or not shots
        or take.fields.get("model") != model.capabilities.name
        or any(clip.blob != take.blobs["video"] for clip in shown)
    ):
        return None
    shot = board.node(shots[0])
    size = shot.fields["extra"].get("size", "medium")
    world = production.shooter().world
    was = take.fields["width"] / take.fields["height"]
    composed = recompose(scene, size, was=was, aspect=width / height, world=world)
    if composed is None:
        return None
    prompt = write_prompt(
        composed, world=world, size=size, mood=mood_of_film(production), text=shot.fields.get("text", "")
    )
    request = ShotRequest(
        prompt=prompt,
        scene=composed,
        seconds=float(take.fields["extra"]["asked_seconds"]),
        width=width,
        height=height,
        fps=float(take.fields["fps"]),
        seed=int(take.fields["seed"]),
    )
    return replace(shot, fields={**shot.fields, "scene": composed.to_dict(), "prompt": prompt}), request


def _takes_left(production: Production) -> int | None:
    most = production.settings.max_takes
    return None if most is None else max(0, most - sum(len(production.takes(shot.id)) for shot in production.shots()))
