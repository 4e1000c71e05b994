"""A shot that was not planned: staged, shot, judged, and put straight into the working cut."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

from rushes.agent.brief import BriefError, read_lines
from rushes.agent.casting import cast_players, fit_beat
from rushes.agent.coverage import Setup
from rushes.agent.cut.clips import FIRST, insert
from rushes.agent.cut.document import WorkingCut, need_cut
from rushes.agent.estimating import check_budget
from rushes.agent.generator import take_size
from rushes.agent.making_cast import dress_all, measure_identity, members, mood_of_film, named_as_things, shown_in
from rushes.agent.production import Production
from rushes.agent.rewriter import write_prompt
from rushes.agent.shooting import choose_take, judge_take, request_for, shoot_request
from rushes.agent.staging import stage
from rushes.agent.tool import Tool, tool
from rushes.backlot.cast import BY_NAME
from rushes.backlot.scene import Scene
from rushes.board.operations import CreateNode
from rushes.board.reads import Node

LONGEST = 60.0  # seconds of one shot


def generating_tools(production: Production) -> list[Tool]:
    return [
        tool(
            "generate",
            "Shoot one new shot and put it into the working cut: say in one sentence who does what and where.",
            {
                "what": {"type": "string"},
                "seconds": {"type": "number"},
                "after": {"type": "string", "description": "id of the clip that it follows; the end if left out"},
                "size": {"type": "string", "enum": ["wide", "medium", "close"]},
            },
            ("what", "seconds"),
            lambda arguments: generate(production, **arguments),
        )
    ]


def generate(production: Production, what: str, seconds: float, after: str | None = None, size: str = "medium") -> str:
    """Raises ValueError, before anything is shot, for what can't be staged, made or paid."""
    cut = need_cut(production.board)
    if not (math.isfinite(seconds) and cut.frame <= seconds <= LONGEST):
        raise ValueError(f"a shot of {seconds:g} s can't be shot; give up to {LONGEST:g} s")
    if after and after not in FIRST:
        cut.clip(after)
    seconds = max(cut.frame, cut.on_grid(seconds))
    frame = take_size(production.shooting_model.capabilities, cut.width, cut.height)
    scene, prompt, notes = _staged(production, what, seconds, size, frame[0] / frame[1])
    fields = shot_fields(production, cut, what, scene, prompt, seconds, size)
    request = checked_request(production, fields, frame)
    if request.seconds < seconds - cut.frame / 2:
        name = production.shooting_model.capabilities.name
        raise ValueError(f"{name} makes at most {request.seconds:g} s; generate shots of that length, one by one")
    shot = put_shot(production, cut, fields, scene)
    take, judged = take_of(production, shot, request)
    done = insert(production, take.id, seconds=seconds, after=after or None)
    return "; ".join([f"{shot.id} {judged}", done, *notes[:3]])


def checked_request(production: Production, fields: dict[str, Any], frame: tuple[int, int] | None = None) -> Any:
    """What the model is asked for a shot that is not on the board yet, as large as `frame` or as the film was planned.

    Raises ValueError where it can't be made or paid: nothing is left of it then.
    """
    draft = Node(id="shot", kind="shot", fields=fields, blobs={}, links=(), backlinks=(), order=0.0, removed=False)
    request = request_for(production, draft, 0, production.shooting_model)
    if frame is not None:
        request = replace(request, width=frame[0], height=frame[1])
    production.shooting_model.check(request)
    check_budget(production, [request])
    return request


def take_of(production: Production, shot: Node, request: Any) -> tuple[Node, str]:
    """A judged and chosen take, and in words how good it is."""
    take = shoot_request(production, shot, request, production.shooting_model)
    verdict = judge_take(production, shot, take)
    identity = measure_identity(production, shot, take)
    choose_take(production, shot.id, take.id, "made for the working cut")
    words = [f"{take.id}: {verdict.score:.2f}, {'good enough' if verdict.accepted else 'falls short'}"]
    words += [identity[1]] if identity else []
    words += verdict.reasons[:2] if not verdict.accepted else ()
    return take, ", ".join(words)


def shot_fields(
    production: Production, cut: WorkingCut, what: str, scene: Scene | None, prompt: str, seconds: float, size: str
) -> dict[str, Any]:
    number = len(production.board.nodes("shot")) + 1
    return {
        "title": f"new {size}: {what[:60]}",
        "text": what,
        "prompt": prompt,
        "seconds": seconds,
        "scene": scene.to_dict() if scene is not None else {},
        "source": "generated",
        "model": production.shooting_model.capabilities.name,
        "extra": {
            "id": f"n{number:02d}",
            "frames": cut.frame_at(seconds),
            "fade_frames": 0,
            "size": size,
            "take_seconds": scene.seconds if scene is not None else seconds,
            "start": 0.0,
            "fit": "cover",
        },
    }


def put_shot(production: Production, cut: WorkingCut, fields: dict[str, Any], scene: Scene | None) -> Node:
    """On the board, about the working cut: a shot of the plan would be laid out with the planned film."""
    cast = shown_in(scene, members(production)) if scene is not None else []
    links = [("about", cut.id), *(("uses", member.id) for member in cast)]
    made = CreateNode(kind="shot", fields=fields, links=tuple(links), literal=True)  # type: ignore[arg-type]
    return production.board.node(production.board.apply(made, by="agent", note="a new shot").created[0])


def _staged(
    production: Production, what: str, seconds: float, size: str, aspect: float
) -> tuple[Scene, str, list[str]]:
    """The scene of a sentence, in the looks of the cast, its prompt, and notes."""
    cast, shooter = members(production), production.shooter()
    text = named_as_things(what, cast)
    story = read_lines(text, [(text, 1.0)])
    players, notes = cast_players(story, shooter.world)
    notes = [*story.notes, *notes]
    beat = fit_beat(story.beats[0], shooter.world, notes)
    roles = tuple(role for role in beat.roles if players[role] is not None)
    if beat.roles and not roles:
        raise BriefError(f"nobody who could be shown is named in {what[:60]!r}; name one of {', '.join(BY_NAME)}")
    mood = mood_of_film(production)
    scene = stage(
        Setup(size=size, roles=roles, phase="act", reason="a new shot"),
        replace(beat, subject=roles[0] if roles else None),
        players,
        seconds=shooter.take_seconds or seconds,
        world=shooter.world,
        mood=mood,
        seed=production.settings.seed,
        free_camera=shooter.free_camera,
        aspect=aspect,
    )
    scene = dress_all(scene, cast)
    return scene, write_prompt(scene, world=shooter.world, size=size, mood=mood, text=beat.text), notes
