"""Runs an agent over tasks: each in a fresh project, in the same loop that users get; done tasks are not run again."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import rushes
from rushes.agent import directing
from rushes.agent.events import EventStream
from rushes.agent.limits import Limits
from rushes.agent.models import LanguageModel, Message, ModelError, Reply, ToolSpec
from rushes.agent.plan import Material
from rushes.agent.production import Production, Settings, project_file
from rushes.agent.session import Session
from rushes.agent.tool import Answer, Tool
from rushes.board.board import Board
from rushes.desk.agents import AgentMaker
from rushes.desk.footage import Footage, footage_file
from rushes.desk.laid import lay
from rushes.desk.priced import Priced
from rushes.desk.task import Heading, Part, Result, Score, Task
from rushes.generate.animatic import Animatic
from rushes.media.files import replacing
from rushes.media.probe import probe
from rushes.media.sheet import contact_sheet

TURNS_EACH = 12  # answers of the model that each of the user's words may take on average
MOST_SECONDS = 1800.0  # of work on one task
WORKING = ("agent", "board", "desk", "generate", "media", "weights")  # rooms whose code decides what comes out
SHEET = 6  # pictures that show what came out


@dataclass(frozen=True, kw_only=True)
class Run:
    """A task that was run, as it is kept."""

    task: str  # id
    kind: str
    asked: str
    agent: str
    score: float  # 0 to 1
    parts: tuple[Part, ...]
    error: str  # why it broke off; empty where it did not
    said: tuple[str, ...]  # to the user
    calls: int  # of tools
    seconds: float  # that it took
    sheet: str  # file name of the contact sheet; empty: no film

    @property
    def lost(self) -> list[str]:
        return [self.error] if self.error else Score(parts=self.parts).lost


def run_desk(
    tasks: Sequence[Task],
    agent: AgentMaker,
    out: Path,
    *,
    name: str,
    version: str = "",
    done: Callable[[Run], None] | None = None,
) -> list[Run]:
    """Runs the tasks in order; those that `out` holds a result of, by this agent, are found there. `done` hears each.
    `version`: of the agent, where a newer one is to be tried anew.

    A task that breaks scores 0 and says why; where the model could not be reached it is tried again next time.
    """
    folder = out / name
    folder.mkdir(parents=True, exist_ok=True)
    runs = []
    for task in tasks:
        kept = folder / f"{task.id}-{_key(task, version)}.json"
        if kept.exists():
            run = _read(kept)
        else:
            run = run_task(task, agent, name=name, sheet=folder / f"{task.id}.jpg")
            if not run.error.startswith(ModelError.__name__):  # the model was not there: it may be next time
                with replacing(kept) as temporary:
                    temporary.write_text(json.dumps(asdict(run), ensure_ascii=False, indent=1))
        runs.append(run)
        if done is not None:
            done(run)
    return runs


def version_of_code() -> str:
    """Changes with every change of the code or the weights that a built-in agent works with."""
    told = hashlib.sha256()
    for folder in (Path(rushes.__file__).parent / room for room in WORKING):
        for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"):
            told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:10]


def _key(task: Task, version: str) -> str:
    """Another wording, another cut, another solution or another version, and it is run again."""
    told = version + repr((task.asked, task.cut, task.given, task.oracle, task.price, task.cap))
    return hashlib.sha256(told.encode()).hexdigest()[:10]


def _read(path: Path) -> Run:
    data = json.loads(path.read_text())
    parts = tuple(Part(**part) for part in data.pop("parts"))
    return Run(**{**data, "parts": parts, "said": tuple(data["said"])})


def run_task(task: Task, agent: AgentMaker, *, name: str, sheet: Path | None = None) -> Run:
    """One task in a project of its own, which is thrown away."""
    began = time.monotonic()
    error, pictured = "", ""
    tape: list[Heading] = []
    score = Score(parts=(Part(name="done", value=0.0),))
    folder = Path(tempfile.mkdtemp(prefix="rushes-desk-"))
    try:
        with Board.open(folder / "project") as board:
            result = play(task, agent(task), board, tape)
            score = task.score(result)
            if result.film is not None and sheet is not None:
                contact_sheet(result.film, sheet, columns=SHEET, rows=1, tile_width=160)
                pictured = sheet.name
    except Exception as failure:  # whatever breaks is the agent's result, and must not end the whole desk
        error = f"{type(failure).__name__}: {' '.join(str(failure).split())[:300]}"
        score = Score(parts=(Part(name="done", value=0.0, reason=error),))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Run(
        task=task.id,
        kind=task.kind,
        asked=task.asked,
        agent=name,
        score=round(score.value, 4),
        parts=score.parts,
        error=error,
        said=tuple(each.text for each in tape if each.kind == "said"),
        calls=sum(each.kind == "called" for each in tape),
        seconds=round(time.monotonic() - began, 2),
        sheet=pictured,
    )


def play(task: Task, model: LanguageModel, board: Board, tape: list[Heading]) -> Result:
    """Sets the task up, says the user's words one after the other, and renders what the cut is at the end."""
    production = set_up(task, board, tape)
    tools = [_taped(each, tape) for each in (*directing.director_tools(production), *task.tools(production))]
    words = [turn for turn in task.turns if isinstance(turn, str)]
    limits = Limits(
        turns=TURNS_EACH * max(4, len(words)),
        tool_calls=4 * TURNS_EACH * max(4, len(words)),
        tokens=None,
        seconds=MOST_SECONDS,
    )
    session = Session(production, _Heard(model, tape), tools=tools, limits=limits)
    for turn in task.turns:
        if isinstance(turn, str):
            tape.append(Heading(kind="user", text=turn))
            session.say(turn)
        else:
            turn(production)
    return Result(production=production, film=film_of(production), tape=tape)


def set_up(task: Task, board: Board, tape: list[Heading]) -> Production:
    """The project as it is before the first word."""
    if task.cap is not None:
        board.spend.set_cap(micro_usd=task.cap)
    first = next(turn for turn in task.turns if isinstance(turn, str))
    model: Any = Priced(task.price, tape) if task.price else Animatic()  # the paid seam is a wider one
    production = Production(
        board=board,
        settings=Settings(
            brief=first,
            seconds=task.seconds,
            width=task.cut.width if task.cut is not None else task.width,
            height=task.cut.height if task.cut is not None else task.height,
            fps=task.fps,
            seed=task.seed,
        ),
        shooting_model=model,
        events=EventStream(project_file(board.folder)),
        materials=tuple(_material(board, given) for given in task.given),
    )
    if task.cut is not None:
        lay(production, task.cut)
    if task.before is not None:
        task.before(production)
    return production


def _material(board: Board, given: Footage | Path) -> Material:
    path = footage_file(given) if isinstance(given, Footage) else given
    return Material(
        blob=board.put(path),
        name=given.file_name if isinstance(given, Footage) else path.name,
        kind="footage",
        seconds=round(probe(path).seconds, 4),
    )


def film_of(production: Production) -> Path | None:
    """What the working cut renders to; without one, the last film on the board."""
    film = directing.film_of(production)
    if film is not None:
        return film.path
    films = production.board.nodes("film")
    return production.board.blob_path(films[-1].blobs["film"]) if films else None


def _taped(given: Tool, tape: list[Heading]) -> Tool:
    """The same tool; what it is called with and what it answers goes onto the tape."""

    def run(arguments: dict[str, Any]) -> str | Answer:
        place = len(tape)
        tape.append(Heading(kind="called", name=given.spec.name, arguments=arguments, text="error"))
        if given.spec.name in ("say", "finish") and str(arguments.get("text", "")).strip():
            tape.append(Heading(kind="said", text=str(arguments["text"])))
        answer = given.run(arguments)
        text = answer if isinstance(answer, str) else answer.text
        tape[place] = Heading(kind="called", name=given.spec.name, arguments=arguments, text=text)
        return answer

    return Tool(spec=given.spec, run=run)


class _Heard:
    """The same language model; what it says aloud goes onto the tape."""

    def __init__(self, model: LanguageModel, tape: list[Heading]) -> None:
        self._model, self._tape = model, tape
        self.name, self.uses_tools = model.name, model.uses_tools

    def reply(
        self,
        messages: list[Message],
        *,
        tools: tuple[ToolSpec, ...] = (),
        schema: dict[str, Any] | None = None,
        max_tokens: int = 1024,
    ) -> Reply:
        reply = self._model.reply(messages, tools=tools, schema=schema, max_tokens=max_tokens)
        if reply.text.strip():
            self._tape.append(Heading(kind="said", text=reply.text))
        return reply
