"""The tools that a language model makes a film with: typed functions over board, generator and media.

A tool answers with a short text; what goes wrong is an answer too, so that the model can mend it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rushes.agent import events as happened
from rushes.agent.finishing import render_film
from rushes.agent.models import ToolCall, ToolSpec
from rushes.agent.production import Production, digest, plan_film, set_shot
from rushes.agent.restage import restage
from rushes.agent.shooting import choose_take, judge_take, shoot
from rushes.agent.storyboard import read_shots, shots_schema
from rushes.board.operations import CreateNode, SetFields
from rushes.board.store import BoardError
from rushes.media.moods import MOODS

MOST_ANSWER = 2400  # characters of a tool's answer


@dataclass(frozen=True, kw_only=True)
class Tool:
    spec: ToolSpec
    run: Callable[[dict[str, Any]], str]


class Toolbox:
    """The tools of one production. `finished` once the model has said so.

    Each call is a durable step by its number: a run that goes on after a kill finds the answers it had.
    """

    def __init__(self, production: Production, *, model_name: str = "agent", out: Path | None = None) -> None:
        self.production = production
        self.finished = False
        self._calls = 0  # so far
        self._takes: dict[str, int] = {}  # shot -> takes asked for through the tools
        self._model_name = model_name
        self._run = digest([asdict(production.settings), production.shooting_model.capabilities.name, model_name])
        self._out = out
        self._tools = {tool.spec.name: tool for tool in self._all()}

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        return tuple(tool.spec for tool in self._tools.values())

    def call(self, call: ToolCall) -> tuple[bool, str]:
        """Whether it went well, and the answer for the model. FilmCancelled and faults of our own come through."""
        self._calls += 1
        inputs = {"run": self._run, "number": self._calls, "tool": call.name, "arguments": call.arguments}
        done = self.production.step("tool", inputs, lambda _: self._execute(call)).value
        self.production.brief_id, self.finished, self._takes = done["brief"], done["finished"], dict(done["takes"])
        self.production.events.send(
            happened.ToolCalled(tool=call.name, arguments=call.arguments, ok=done["ok"], result=done["answer"])
        )
        return done["ok"], done["answer"]

    def _execute(self, call: ToolCall) -> dict[str, Any]:
        tool = self._tools.get(call.name)
        try:
            if tool is None:
                raise ValueError(f"no tool is called {call.name!r}; there are {', '.join(self._tools)}")
            if call.problem:
                raise ValueError(f"the arguments of {call.name} can't be read: {call.problem}")
            check_arguments(tool.spec, call.arguments)
            ok, answer = True, tool.run(call.arguments)
        except ValueError as error:
            ok, answer = False, f"error: {' '.join(str(error).split())}"
        answer = answer if len(answer) <= MOST_ANSWER else answer[: MOST_ANSWER - 3] + "..."
        after = {"brief": self.production.brief_id, "finished": self.finished, "takes": self._takes}
        return {"ok": ok, "answer": answer, **after}

    def _all(self) -> list[Tool]:
        shot = {"shot": {"type": "string", "description": "id such as shot-3"}}
        text = {"type": "string"}
        return [
            _tool(
                "plan",
                "Plan the film: what happens, shot by shot. Call it first. Seconds are proportions, made to add up.",
                shots_schema()["properties"],
                ("shots",),
                self._plan,
            ),
            _tool("board", "See the board: shots, takes, scores, notes.", {}, (), self._board),
            _tool(
                "edit_shot",
                "Stage a shot anew in its place: say in one sentence who does what and where.",
                {
                    **shot,
                    "what": text,
                    "size": {"type": "string", "enum": ["wide", "medium", "close"]},
                },
                ("shot", "what"),
                self._edit_shot,
            ),
            _tool("shoot", "Make one more take of a shot and have it judged.", shot, ("shot",), self._shoot),
            _tool(
                "look",
                "See what the critic measured in a take or a shot's takes.",
                {"id": {"type": "string", "description": "id such as take-2 or shot-3"}},
                ("id",),
                self._look,
            ),
            _tool(
                "choose_take",
                "Put a take into the film, with the reason.",
                {**shot, "take": text, "reason": text},
                ("shot", "take"),
                self._choose_take,
            ),
            _tool("title", "Set the film's title card.", {"text": text}, ("text",), self._title),
            _tool(
                "subtitle",
                "Set a subtitle from start to end, in seconds of the film.",
                {"text": text, "start": {"type": "number"}, "end": {"type": "number"}},
                ("text", "start", "end"),
                self._subtitle,
            ),
            _tool(
                "bed",
                "Choose the mood of the composed music, and its beats a minute if it matters.",
                {"mood": {"type": "string", "enum": list(MOODS)}, "bpm": {"type": "number"}},
                ("mood",),
                self._bed,
            ),
            _tool("render", "Cut and render the film as it stands, and measure it.", {}, (), self._render),
            _tool("undo", "Take back your last change of the board.", {}, (), self._undo),
            _tool(
                "finish", "Say that you are done; the crew shoots and renders what is missing.", {}, (), self._finish
            ),
        ]

    def _planned(self) -> None:
        if not self.production.brief_id:
            raise ValueError("nothing is planned yet; call plan first")

    def _plan(self, arguments: dict[str, Any]) -> str:
        if self.production.brief_id:
            raise ValueError("the film is planned already; change shots with edit_shot")
        made = plan_film(self.production, read_shots(arguments), planner=self._model_name)
        lines = [
            f"{node.id} {shot.size} {shot.frames / made.fps:.1f}s: {shot.text}"
            for node, shot in zip(self.production.shots(), made.shots, strict=True)
        ]
        return "\n".join([f"planned {len(made.shots)} shots, {made.seconds:g} s", *lines, *made.notes])

    def _board(self, _: dict[str, Any]) -> str:
        return self.production.board.overview(2000)

    def _edit_shot(self, arguments: dict[str, Any]) -> str:
        self._planned()
        notes = restage(self.production, arguments["shot"], arguments["what"], arguments.get("size", ""))
        prompt = self.production.board.node(arguments["shot"]).fields["prompt"]
        return "\n".join([f"{arguments['shot']} is now: {prompt}", *notes])

    def _shoot(self, arguments: dict[str, Any]) -> str:
        self._planned()
        settings = self.production.settings
        shot = self.production.board.node(arguments["shot"])
        if shot.kind != "shot" or shot.fields["source"] != "generated":
            raise BoardError(f"{shot.id} is not a generated shot; it needs no takes")
        before = self._takes.get(shot.id, 0)
        if before >= settings.takes_per_shot:
            raise ValueError(f"{shot.id} has {before} takes, its budget; choose one, or edit another shot")
        if settings.max_takes is not None and sum(self._takes.values()) >= settings.max_takes:
            raise ValueError(f"the budget of {settings.max_takes} takes is spent; choose among those there are")
        self._takes[shot.id] = before + 1
        take = shoot(self.production, shot, before, self.production.shooting_model)
        verdict = judge_take(self.production, shot, take)
        word = "good enough" if verdict.accepted else "falls short"
        return f"{take.id} of {shot.id}: {verdict.score:.2f}, {word}. {'; '.join(verdict.reasons[:3])}"

    def _look(self, arguments: dict[str, Any]) -> str:
        node = self.production.board.node(arguments["id"])
        takes = [node] if node.kind == "take" else self.production.takes(node.id) if node.kind == "shot" else []
        if not takes:
            raise ValueError(f"{node.id} has no takes yet; shoot it first")
        lines = []
        for take in takes:
            parts = ", ".join(f"{name} {value:.2f}" for name, value in take.fields.get("scores", {}).items())
            reasons = "; ".join(take.fields.get("reasons", []))
            lines.append(f"{take.id}: {take.fields.get('score', 0.0):.2f} ({parts}). {reasons}")
        return "\n".join(lines)

    def _choose_take(self, arguments: dict[str, Any]) -> str:
        self._planned()
        shot, take = self.production.board.node(arguments["shot"]), self.production.board.node(arguments["take"])
        if shot.id not in take.linked("made_from", "shot"):
            raise BoardError(f"{take.id} is no take of {shot.id}; board() lists them")
        choose_take(self.production, shot.id, take.id, arguments.get("reason") or f"chosen by {self._model_name}")
        extra = self.production.board.node(shot.id).fields["extra"]
        set_shot(self.production, shot.id, "the choice is kept", extra={**extra, "held": True})
        return f"{take.id} is in the film"

    def _title(self, arguments: dict[str, Any]) -> str:
        end = min(3.4, self.production.settings.seconds * 0.6)
        return self._text(arguments["text"], min(0.4, end / 4), end, "title")

    def _subtitle(self, arguments: dict[str, Any]) -> str:
        return self._text(arguments["text"], float(arguments["start"]), float(arguments["end"]), "subtitle")

    def _text(self, text: str, start: float, end: float, place: str) -> str:
        self._planned()
        seconds = self.production.settings.seconds
        if not text.strip() or not 0 <= start < end <= seconds:
            raise ValueError(
                f"text {text[:40]!r} from {start:g} to {end:g} s; give words and a span within {seconds:g} s"
            )
        node = CreateNode(
            kind="title",
            fields={"text": text.strip(), "start": start, "end": end, "place": place},
            links=(("about", self.production.brief_id),),
            literal=True,
        )
        once = f"{self._run}-{self._calls}"  # killed between here and the end of the step, it is set only once
        self.production.board.apply(node, by="agent", note=f"set a {place}", once=once)
        return f"the {place} is set from {start:g} to {end:g} s"

    def _bed(self, arguments: dict[str, Any]) -> str:
        self._planned()
        brief = self.production.board.node(self.production.brief_id)
        bed = {name: arguments[name] for name in ("mood", "bpm") if name in arguments}
        if not 20 <= float(bed.get("bpm", 90)) <= 300:
            raise ValueError(f"bpm is {bed['bpm']}; give 20 to 300 beats a minute")
        fields = {"options": {**brief.fields["options"], "bed": bed}}
        self.production.board.apply(SetFields(id=brief.id, fields=fields), by="agent", note="choose the bed")
        return f"the bed is {bed['mood']}"

    def _render(self, _: dict[str, Any]) -> str:
        self._planned()
        missing = [
            shot.id
            for shot in self.production.shots()
            if shot.fields["source"] == "generated" and not self.production.takes(shot.id)
        ]
        if missing:
            raise ValueError(f"{', '.join(missing)} have no take yet; shoot them, or finish and the crew does it")
        film = render_film(self.production, "film", self._out)
        measured = film.measurements
        short = f" Falls short: {'; '.join(film.problems)}." if film.problems else ""
        return (
            f"{film.node}: {film.seconds:g} s, {film.frames} frames, {measured['loudness']} LUFS, "
            f"{len(measured['cuts'])} cuts seen.{short}"
        )

    def _undo(self, _: dict[str, Any]) -> str:
        self._planned()
        return str(self.production.board.undo(by="agent", of="agent"))

    def _finish(self, _: dict[str, Any]) -> str:
        self._planned()
        self.finished = True
        return "done; the crew takes over"


def check_arguments(spec: ToolSpec, arguments: dict[str, Any]) -> None:
    """Raises ValueError naming the first argument that is missing, unknown or of a wrong type."""
    properties = spec.parameters["properties"]
    types = {"string": str, "number": (int, float), "array": list, "object": dict}
    for name in spec.parameters["required"]:
        if name not in arguments:
            raise ValueError(f"{spec.name} needs {name!r}")
    for name, value in arguments.items():
        if name not in properties:
            raise ValueError(f"{spec.name} takes no {name!r}; it takes {', '.join(properties) or 'nothing'}")
        about = properties[name]
        if not isinstance(value, types[about["type"]]) or isinstance(value, bool):  # type: ignore[arg-type]
            raise ValueError(f"{name} of {spec.name} is {str(value)[:40]!r}; give a {about['type']}")
        if "enum" in about and value not in about["enum"]:
            raise ValueError(f"{name} of {spec.name} is {value!r}; give one of {', '.join(about['enum'])}")


def _tool(
    name: str,
    description: str,
    properties: dict[str, Any],
    required: tuple[str, ...],
    run: Callable[[dict[str, Any]], str],
) -> Tool:
    parameters = {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
    return Tool(spec=ToolSpec(name=name, description=description, parameters=parameters), run=run)
