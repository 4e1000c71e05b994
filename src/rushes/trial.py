"""A proposal on its way through the gate, as the terminal shows it: what it will take, how far it is, what it cost."""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from rushes.agent.choosing import LOCAL, choose_model
from rushes.agent.harness.archive import Archive
from rushes.agent.harness.estimate import estimates
from rushes.agent.harness.gate import Evaluator, GateSettings, HarnessGate, Trial, Verdict
from rushes.agent.harness.log_questions import RecallEvaluator
from rushes.agent.harness.metered import CapReached, Metered, Prices
from rushes.agent.harness.scores import Heard, Played, Scores
from rushes.agent.harness.script_questions import ReadingJudge
from rushes.agent.models import LanguageModel, ModelError
from rushes.desk.harness_judge import FilmJudge, tool_names


class OnlyEstimate(Exception):
    """The estimate was told, and that was all that was asked for."""


class Trying:
    """A gate with all judges, for one language model."""

    def __init__(
        self,
        archive: Archive,
        *,
        planner: str | None,
        base_url: str | None,
        prices: Prices | None,
        cap: float | None,
        settings: GateSettings,
        console: Console,
        only_estimate: bool = False,
    ) -> None:
        self._model = Metered(choose_model(planner, base_url), prices=prices, cap=cap)
        self._prices, self._console, self._only_estimate = prices, console, only_estimate
        self._scores = scores = Scores(archive.path)
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn())
        self._progress = Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True)
        self._bar = self._progress.add_task("tasks", total=None, visible=False)
        self._gate = HarnessGate(
            archive,
            all_judges(self._model, scores, heard=self._heard),
            settings=settings,
            tools=tool_names(),
            ahead=self._ahead,
        )

    def propose(self, changes: Any, *, by: str, why: str) -> Verdict | None:
        """None where only an estimate was asked for. Raises CapReached, ModelError: what was played is kept."""
        try:
            with self._working():
                return self._gate.propose(changes, by=by, why=why)
        except OnlyEstimate:
            return None
        except (KeyboardInterrupt, CapReached, ModelError):
            self._console.print("what was played is kept: the same command goes on from here", style="yellow")
            raise

    def audit(self) -> str:
        """What became of the version in use, tried on fresh tasks against the one before it."""
        with self._working():
            return self._gate.audit()

    @contextmanager
    def _working(self) -> Iterator[None]:
        """With a bar; whatever ends it, it is said what was spent."""
        try:
            with self._progress:
                yield
        finally:
            if self._prices is not None and self._model.turns:
                before = self._model.usd_before
                more = f"; ${before + self._model.usd:.4f} with this trial's earlier runs" if before else ""
                said = f"spent ${self._model.usd:.4f} in {self._model.turns} answers{more}"
                self._console.print(said, highlight=False)

    def _ahead(self, trial: Trial) -> None:
        name = f"{trial.version.hash} against {trial.against.hash} by {self._model.name}"
        self._model.goes_on(self._scores.charged(name), partial(self._scores.charge, name))  # the cap is the trial's
        found = estimates(trial, self._scores)
        for each in found:
            cost = f" ({each.usd(self._prices)})" if self._prices is not None and each.most_tokens else ""
            self._console.print(f"to play: {each}{cost}", markup=False, highlight=False)
        self._console.print("held-out tasks are played only if the canary is passed", style="dim")
        if self._only_estimate:
            raise OnlyEstimate
        shown = sum(each.tasks for each in found if each.most_tokens)
        self._progress.update(self._bar, total=shown, visible=bool(shown))

    def _heard(self, judge: str, played: Played) -> None:
        lost = "; ".join(played.lost)[:120]
        self._progress.console.print(
            f"  {played.score:.2f} {judge}, {played.seconds:.1f} s {lost}", style="dim", markup=False, highlight=False
        )
        self._progress.advance(self._bar)


def all_judges(
    model: LanguageModel, scores: Scores, *, heard: Heard = lambda judge, played: None, budget: int = 24_000
) -> list[Evaluator]:
    """Whoever judges anything that a version may change. `budget`: tokens that the model sees at once."""
    film = FilmJudge(model, scores=scores, heard=heard, budget=budget)
    return [film, RecallEvaluator(), ReadingJudge(model, scores=scores, heard=heard)]


def session_judges(
    model: LanguageModel, archive: Archive, *, planner: str | None, base_url: str | None, budget: int
) -> list[Evaluator]:
    """For a model that proposes while it works. What a paid one is worth at film jobs is only tried under a cap, by
    `rushes harness propose`."""
    if is_paid(planner, base_url):
        return [RecallEvaluator()]
    return all_judges(model, Scores(archive.path), budget=budget)


def needs_cap(planner: str | None, base_url: str | None, prices: str | None, cap: float | None) -> None:
    """Raises ValueError where a model is paid for and nobody said how much it may cost."""
    if is_paid(planner, base_url) and (cap is None or prices is None):
        raise ValueError(
            f"{planner} may cost money for every answer, and a trial asks for hundreds; give --prices (US dollars for "
            "a million tokens in and out, such as 3,15) and --cap (the most that the trial may cost)"
        )


def is_paid(planner: str | None, base_url: str | None) -> bool:
    """Not the built-in director, a GGUF file, or an endpoint on this machine."""
    if planner is None or LOCAL in planner.lower():
        return False
    if base_url is None and not planner.lower().startswith("claude"):
        base_url = os.environ.get("OPENAI_BASE_URL")
    host = urlsplit(base_url or "").hostname or ""
    try:
        return not (host == "localhost" or ipaddress.ip_address(host).is_loopback)
    except ValueError:
        return True
