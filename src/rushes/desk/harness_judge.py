"""The judge of a version of the agent's harness: small film jobs, done by the session's own model under that version.

A job is built from a seed that no task of the desk has, played in a project of its own that is thrown away, and scored
exactly by the film that came out. The job, its answer and its limits stay in this process; of a version only texts, the
policy's choice and calls of tools come near it, and Python of a version runs in the sandbox.
"""

from __future__ import annotations

import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rushes import __version__
from rushes.agent import events as happened
from rushes.agent.context.entry import Entry
from rushes.agent.context.select import Policy
from rushes.agent.directing import director_tools
from rushes.agent.harness.metered import CapReached, Metered, tokens_of
from rushes.agent.harness.new_tool import LIMITS as SANDBOX
from rushes.agent.harness.new_tool import with_version
from rushes.agent.harness.policy import SandboxedPolicy, make_policy
from rushes.agent.harness.sandbox import SandboxError, SandboxLimits
from rushes.agent.harness.scores import Played, Scores, play_each
from rushes.agent.harness.version import HarnessVersion, VersionError
from rushes.agent.limits import LimitReached, Limits
from rushes.agent.models import BadReply, LanguageModel, Message, ModelError, Reply, ToolSpec
from rushes.agent.session import SYSTEM, Session
from rushes.agent.tool import Answer, Tool
from rushes.board.board import Board
from rushes.desk.runner import film_of, set_up
from rushes.desk.task import Heading, Result, Score, Task
from rushes.desk.tasks_defects import mending
from rushes.desk.tasks_edit import assemble, faster, inserted, reorder, trimmed
from rushes.desk.tasks_text import (
    FPS,
    Words,
    clock,
    laid_clips,
    other_time,
    set_text,
    subtitles,
    text_gone,
    texts_score,
)

FOLDER = "rushes-harness-"  # of a job's project, how its name begins
UNFINISHED = 0.5  # of its score is left to a job that a limit ended
FRESH = 1000  # seeds of the desk's own tasks are all below


@dataclass(frozen=True, kw_only=True)
class JobLimits:
    """The most that a version may take for one job. What it does with less is scored; nothing is crashed by it."""

    turns: int = 16  # answers of the model for each of the user's words
    calls: int = 60  # of tools, with those that a version's own tools make
    tokens: int = 160_000  # shown to the model and said by it
    takes: int = 8
    sandbox: SandboxLimits = SANDBOX  # of a call of a tool that is Python
    seconds: float = 600.0  # of wall clock; far above what the others allow, so that scores don't hang on the machine


def film_job(seed: int) -> Task:
    """One job of the kinds in turn, drawn anew for each seed."""
    kinds: tuple[Callable[[int], Task], ...] = (
        text_set,
        reorder,
        other_time,
        inserted,
        subtitles,
        trimmed,
        text_gone,
        assemble,
        faster,
        late_subtitle,
    )
    return random.Random(f"film job {seed}").choice(kinds)(FRESH + seed)


def text_set(seed: int) -> Task:
    """A text from one frame to another, on any of them."""
    draws = random.Random(f"text set {seed}")
    laid = laid_clips(draws, seed, (36, 30))
    start = draws.randint(6, 30)
    words = Words(
        text=" ".join(draws.sample(("OPEN", "NIGHT", "MARKET", "HARBOUR", "LAST", "FERRY", "WINTER"), 2)),
        start=start,
        end=start + draws.randint(12, 30),
        place=draws.choice(("title", "lower", "subtitle")),
    )
    where = {"title": "as a title", "lower": "as a lower third", "subtitle": "as a subtitle"}[words.place]
    asked = draws.choice(
        (
            f'Set "{words.text}" {where} from frame {words.start} up to frame {words.end}, which is free of it again.',
            f'Put "{words.text}" {where} at {clock(words.start)}, gone at {clock(words.end)}, exact to the frame.',
            f'"{words.text}" {where}, please: from {words.start / FPS:.3f} s to {words.end / FPS:.3f} s.',
        )
    )
    return Task(
        id=f"text-set-{seed}",
        kind="text",
        seed=seed,
        turns=(asked,),
        cut=laid,
        score=texts_score(laid, [words]),
        oracle=((set_text(words),),),
    )


def tool_names() -> tuple[str, ...]:
    """What a session's tools are called: those that a version may build on."""
    folder = Path(tempfile.mkdtemp(prefix=FOLDER))
    try:
        with Board.open(folder / "project") as board:
            return tuple(each.spec.name for each in director_tools(set_up(text_set(FRESH), board, [])))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def late_subtitle(seed: int) -> Task:
    return mending(seed, ("late",))


class FilmJudge:
    """Scores system text, notes, tools and policy of a version by the films that `model` makes under it.

    The same version and seed have the same score, as far as the model answers the same. Raises ModelError where the
    model can't be reached, CapReached where `model` is a `Metered` with a cap: the trial can go on later.
    """

    judges = frozenset({"system", "notes", "tools", "policy"})
    protected = (FOLDER, "rushes-desk-footage")  # what no version may name

    def __init__(
        self,
        model: LanguageModel,
        *,
        make_task: Callable[[int], Task] = film_job,
        limits: JobLimits | None = None,
        budget: int = 28_000,
        scores: Scores | None = None,
        heard: Callable[[str, Played], None] = lambda judge, played: None,
    ) -> None:
        """`budget`: tokens of what the model sees, as in the session that the version is for."""
        self._limits = limits or JobLimits()
        self.name = f"film jobs by {model.name}"
        self.key = f"{self.name}, {self._limits}, {budget}, {__version__}"
        self.most_tokens = self._limits.tokens
        self._model, self._make_task, self._budget = model, make_task, budget
        self._scores, self._heard = scores, heard

    def score(self, version: HarnessVersion, seeds: Sequence[int]) -> list[float]:
        def play(seed: int) -> Played:
            return play_job(self._make_task(seed), seed, version, self._model, limits=self._limits, budget=self._budget)

        return play_each(
            self._scores, self.key, version.hash, seeds, play, lambda played: self._heard(self.name, played)
        )


def play_job(
    task: Task, seed: int, version: HarnessVersion, model: LanguageModel, *, limits: JobLimits, budget: int
) -> Played:
    """One job. Raises SandboxError and VersionError where the version crashes, ModelError, CapReached."""
    began = time.monotonic()
    watch = _Watch(limits, words=sum(isinstance(turn, str) for turn in task.turns))
    metered = Metered(model)
    policy = make_policy(version)
    folder = Path(tempfile.mkdtemp(prefix=FOLDER))
    try:
        with Board.open(folder / "project") as board:
            value, lost = _worked(task, board, version, _Limited(metered, watch), policy, watch, budget)
    except (SandboxError, VersionError, CapReached):
        raise
    except ModelError as error:
        _still_there(model, error)
        value, lost = 0.0, (f"the model could not answer: {error}",)
    except Exception as failure:  # whatever else breaks is the version's result, as on the desk
        value, lost = 0.0, (f"{type(failure).__name__}: {failure}"[:300],)
    finally:
        if isinstance(policy, SandboxedPolicy):
            policy.close()
        shutil.rmtree(folder, ignore_errors=True)
    return Played(
        seed=seed,
        score=round(value, 6),
        lost=tuple(f"{task.id}: {each}" for each in lost),
        turns=metered.turns,
        prompt_tokens=metered.prompt_tokens,
        completion_tokens=metered.completion_tokens,
        seconds=round(time.monotonic() - began, 2),
    )


def _worked(
    task: Task,
    board: Board,
    version: HarnessVersion,
    model: LanguageModel,
    policy: Policy[Entry],
    watch: _Watch,
    budget: int,
) -> tuple[float, tuple[str, ...]]:
    """The score, and what was lost in words."""
    tape: list[Heading] = []
    production = set_up(task, board, tape)
    crashes: list[SandboxError] = []

    def crashed(error: SandboxError) -> str:
        crashes.append(error)
        return str(error)

    tools = [watch.counting(each) for each in (*director_tools(production), *task.tools(production))]
    session = Session(
        production,
        model,
        tools=with_version(version, tools, crashed=crashed, limits=watch.limits.sandbox),
        policy=policy,
        limits=Limits(turns=None, tool_calls=None, tokens=None, seconds=None, takes=watch.limits.takes),
        budget=budget,
        system=version.system or SYSTEM,
    )
    for turn in task.turns:
        if isinstance(turn, str):
            session.say(turn)
        else:
            turn(production)
        if crashes:
            raise crashes[0]
    tape += headings(session.events)
    score: Score = task.score(Result(production=production, film=film_of(production), tape=tape))
    if watch.reached:
        return UNFINISHED * score.value, (f"not finished: {watch.reached}", *score.lost)
    return score.value, tuple(score.lost)


def headings(events: Iterable[happened.Event]) -> list[Heading]:
    """What was said and called, as the desk's scorers look at it."""
    tape = []
    for event in events:
        if isinstance(event, happened.Said) and event.by == "user":
            tape.append(Heading(kind="user", text=event.text))
        elif isinstance(event, happened.ModelReplied) and event.text.strip():
            tape.append(Heading(kind="said", text=event.text))
        elif isinstance(event, happened.ToolCalled):
            tape.append(Heading(kind="called", name=event.tool, arguments=event.arguments, text=event.result))
            if event.tool in ("say", "finish") and str(event.arguments.get("text", "")).strip():
                tape.append(Heading(kind="said", text=str(event.arguments["text"])))
    return tape


class _Watch:
    """Counts what a job takes. LimitReached ends the run, which no tool, policy or model can catch."""

    def __init__(self, limits: JobLimits, *, words: int) -> None:
        self.limits = limits
        self.reached = ""  # which limit it was
        self._turns = self._calls = 0
        self._most_turns = limits.turns * words
        self._until = time.monotonic() + limits.seconds

    def turn(self, tokens: int) -> None:
        """Before an answer. `tokens`: that the job has taken so far, and this question's."""
        self._turns += 1
        self._stop(self._turns > self._most_turns, f"{self._most_turns} answers of the model")
        self._stop(tokens > self.limits.tokens, f"{self.limits.tokens} tokens")

    def call(self) -> None:
        self._calls += 1
        self._stop(self._calls > self.limits.calls, f"{self.limits.calls} calls of tools")

    def counting(self, given: Tool) -> Tool:
        """The same tool; each run of it is counted, one inside of a version's own tool too."""

        def run(arguments: dict[str, Any]) -> str | Answer:
            self.call()
            return given.run(arguments)

        return Tool(spec=given.spec, run=run)

    def _stop(self, over: bool, limit: str) -> None:
        if time.monotonic() > self._until:
            over, limit = True, f"{self.limits.seconds:g} s"
        if over:
            self.reached = self.reached or f"a job may take {limit}"
            raise LimitReached(self.reached)


class _Limited:
    """The model of one job."""

    def __init__(self, model: Metered, watch: _Watch) -> None:
        self.name, self.uses_tools = model.name, model.uses_tools
        self._model, self._watch = model, watch

    def reply(
        self,
        messages: list[Message],
        *,
        tools: tuple[ToolSpec, ...] = (),
        schema: dict[str, Any] | None = None,
        max_tokens: int = 1024,
    ) -> Reply:
        taken = self._model.prompt_tokens + self._model.completion_tokens
        self._watch.turn(taken + tokens_of(messages, tools))
        return self._model.reply(messages, tools=tools, schema=schema, max_tokens=max_tokens)


def _still_there(model: LanguageModel, error: ModelError) -> None:
    """Was it this job's doing (a prompt beyond all measure) that the model gave no answer, or is the model away?"""
    if isinstance(error, BadReply):
        return
    try:
        model.reply([Message(role="user", content="Say OK.")], max_tokens=8)
    except BadReply:
        return
    except ModelError:
        raise error from None
