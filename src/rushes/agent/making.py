"""The tools that make a film: plan it, cast it, shoot it, look at it, choose, and all that goes onto the working cut.

What edits the working cut piece by piece is in `cut/`; both kinds work on the same board.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rushes.agent.cut.document import read_cut
from rushes.agent.cut.exporting import exporting_tools
from rushes.agent.cut.extending import extending_tools
from rushes.agent.cut.fitting import fitting_tools
from rushes.agent.cut.generating import generating_tools
from rushes.agent.cut.sounding import INSTALLED, Speaker, sounding_tools
from rushes.agent.details import OF, details
from rushes.agent.estimating import check_budget, estimate, estimating_tools
from rushes.agent.looking import Describer, looking_tools
from rushes.agent.making_cast import cast_tools, measure_identity, members, named_as_things, recast_shot
from rushes.agent.other_shape import shape_said
from rushes.agent.planner import film_length
from rushes.agent.production import Production, plan_film, set_shot
from rushes.agent.restage import restage
from rushes.agent.shape import frame_of, shape_of
from rushes.agent.shooting import choose_take, judge_take, request_for, shoot
from rushes.agent.storyboard import read_shots, shots_schema
from rushes.agent.tool import Tool, tool
from rushes.board.operations import CreateNode
from rushes.board.reads import Node
from rushes.board.store import BoardError

OVERVIEW = 2000  # bytes of the board's overview
TEXT = {"type": "string"}
NUMBER = {"type": "number"}
SHOT = {"shot": {**TEXT, "description": "id such as shot-3"}}


def making_tools(
    production: Production, *, describer: Describer | None = None, speaker: Speaker = INSTALLED
) -> list[Tool]:
    """`describer`: who sees pictures, if anybody does; `speaker`: who reads narrations."""
    return [
        *_shooting_tools(production),
        *cast_tools(production),
        *looking_tools(production, describer=describer),
        *estimating_tools(production),
        *generating_tools(production),
        *extending_tools(production),
        *fitting_tools(production),
        *sounding_tools(production, speaker=speaker),
        *exporting_tools(production),
    ]


def _shooting_tools(production: Production) -> list[Tool]:
    return [
        tool(
            "plan",
            "Plan the film: what happens, shot by shot. Call it first. Seconds of shots are proportions, made to add "
            "up; `seconds` is the length of the whole film, where one was asked for.",
            {
                **shots_schema()["properties"],
                "seconds": NUMBER,
                "aspect": {**TEXT, "description": "shape of the picture where one was asked for: 9:16, 1:1, 16:9"},
                "as_listed": {
                    "type": "boolean",
                    "description": "no more shots than these, each as long as it says: for shots that the user listed",
                },
            },
            ("shots",),
            lambda arguments: _plan(production, arguments),
        ),
        tool(
            "board",
            "See the board: shots, takes, scores, notes. of: all that is known of the shots (who is in them, why takes "
            "fell short), sounds, films (their files), or the plan.",
            {"of": {**TEXT, "enum": list(OF)}},
            (),
            lambda a: details(production.board, a["of"]) if a.get("of") else production.board.overview(OVERVIEW),
        ),
        tool(
            "edit_shot",
            "Stage a shot anew in its place: say in one sentence who does what and where.",
            {**SHOT, "what": TEXT, "size": {"type": "string", "enum": ["wide", "medium", "close"]}},
            ("shot", "what"),
            lambda arguments: _edit_shot(production, arguments),
        ),
        tool(
            "shoot",
            "Make one more take of a shot and have it judged.",
            SHOT,
            ("shot",),
            lambda arguments: _shoot(production, arguments["shot"]),
        ),
        tool(
            "choose_take",
            "Put a take into the film, with the reason.",
            {**SHOT, "take": TEXT, "reason": TEXT},
            ("shot", "take"),
            lambda arguments: _choose_take(production, arguments),
        ),
        tool(
            "title",
            "Set the title card of the planned film, before it is laid out.",
            {"text": TEXT},
            ("text",),
            lambda arguments: _title(production, arguments["text"]),
        ),
        tool(
            "subtitle",
            "Set a subtitle of the planned film from start to end, before it is laid out.",
            {"text": TEXT, "start": NUMBER, "end": NUMBER},
            ("text", "start", "end"),
            lambda arguments: _subtitle(production, arguments),
        ),
    ]


def _planned(production: Production) -> None:
    if not production.brief_id:
        raise ValueError("nothing is planned yet; call plan first")


def _plan(production: Production, arguments: dict[str, Any]) -> str:
    if production.brief_id:
        raise ValueError("the film is planned already; change shots with edit_shot")
    if "seconds" in arguments:
        production.settings = replace(production.settings, seconds=film_length(arguments["seconds"]))
    if arguments.get("aspect", "").strip():
        settings = production.settings
        width, height = frame_of(shape_of(arguments["aspect"]), min(settings.width, settings.height))
        production.settings = replace(settings, width=width, height=height)
    cast = members(production)
    lines = [(named_as_things(what, cast), seconds) for what, seconds in read_shots(arguments)]
    made = plan_film(production, lines, planner="agent", listed=arguments.get("as_listed", False))
    for node in production.shots():
        recast_shot(production, node.id)
    shots = [
        f"{node.id} {shot.size} {shot.frames / made.fps:.1f}s: {shot.text}"
        for node, shot in zip(production.shots(), made.shots, strict=True)
    ]
    settings, needs = production.settings, estimate(production).splitlines()[0]
    head = f"planned {len(made.shots)} shots, {made.seconds:g} s, {settings.width}x{settings.height}"
    other_shape = [said] if (said := shape_said(production)) else []
    return "\n".join([head, *shots, *made.notes, *other_shape, needs])


def _edit_shot(production: Production, arguments: dict[str, Any]) -> str:
    _planned(production)
    shot, what = arguments["shot"], named_as_things(arguments["what"], members(production))
    notes = restage(production, shot, what, arguments.get("size", ""))
    recast_shot(production, shot)
    return "\n".join([f"{shot} is now: {production.board.node(shot).fields['prompt']}", *notes])


def _shoot(production: Production, id: str) -> str:
    _planned(production)
    settings, model = production.settings, production.shooting_model
    shot = _generated(production, id)
    before = len(production.takes(id))
    if before >= settings.takes_per_shot:
        raise ValueError(f"{id} has {before} takes, its budget; choose one, or edit another shot")
    made = sum(len(production.takes(other.id)) for other in production.shots())
    if settings.max_takes is not None and made >= settings.max_takes:
        raise ValueError(f"the budget of {settings.max_takes} takes is spent; choose among those there are")
    check_budget(production, [request_for(production, shot, before, model)])
    take = shoot(production, shot, before, model)
    verdict = judge_take(production, shot, take)
    identity = measure_identity(production, shot, take)
    rejected = production.board.node(take.id).fields["verdict"] == "rejected"
    reasons = [*([identity[1]] if identity else []), *verdict.reasons[:3]]
    word = "falls short" if rejected else "good enough"
    return f"{take.id} of {id}: {verdict.score:.2f}, {word}. {'; '.join(reasons)}"


def _choose_take(production: Production, arguments: dict[str, Any]) -> str:
    _planned(production)
    shot, take = production.board.node(arguments["shot"]), production.board.node(arguments["take"])
    if shot.id not in take.linked("made_from", "shot"):
        raise BoardError(f"{take.id} is no take of {shot.id}; board() lists them")
    choose_take(production, shot.id, take.id, arguments.get("reason") or "chosen by the agent")
    extra = production.board.node(shot.id).fields["extra"]
    set_shot(production, shot.id, "the choice is kept", extra={**extra, "held": True})
    return f"{take.id} is in the film"


def _generated(production: Production, id: str) -> Node:
    shot = production.board.node(id)
    if shot.kind != "shot" or shot.fields["source"] != "generated":
        raise BoardError(f"{id} is not a generated shot; it needs no takes")
    return shot


def _title(production: Production, text: str) -> str:
    end = min(3.4, production.settings.seconds * 0.6)
    return _set_text(production, text, min(0.4, end / 4), end, "title")


def _subtitle(production: Production, arguments: dict[str, Any]) -> str:
    return _set_text(production, arguments["text"], float(arguments["start"]), float(arguments["end"]), "subtitle")


def _set_text(production: Production, text: str, start: float, end: float, place: str) -> str:
    """In place of the planned texts of that place; `make_edit` lays it out."""
    _planned(production)
    if read_cut(production.board) is not None:
        raise ValueError("the film is laid out already; set texts of the working cut with text or subtitles")
    seconds = production.settings.seconds
    if not text.strip() or not 0 <= start < end <= seconds:
        raise ValueError(f"text {text[:40]!r} from {start:g} to {end:g} s; give words and a span within {seconds:g} s")
    fields = {"text": text.strip(), "start": start, "end": end, "place": place}
    links = (("about", production.brief_id),)
    node = CreateNode(kind="title", fields=fields, links=links, literal=True)  # type: ignore[arg-type]
    production.board.apply(node, by="agent", note=f"set a {place}")
    return f"the {place} is set from {start:g} to {end:g} s"
