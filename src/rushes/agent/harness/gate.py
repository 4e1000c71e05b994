"""The gate: a proposed version is tried on tasks that it has seen, then on tasks that nobody has, and must win on both.

It runs in the parent, with the archive and the evaluator; of a version only its own source runs, in the sandbox.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, Protocol

from rushes.agent.harness.archive import Archive, ArchiveError, Line
from rushes.agent.harness.sandbox import SandboxError
from rushes.agent.harness.scores import Draw, Scores, unforeseen
from rushes.agent.harness.significance import Comparison, allowed, compare
from rushes.agent.harness.version import HarnessVersion, VersionError, changed


class CurrentFailed(Exception):
    """The version in use crashed while it was compared: that is not the proposal's fault."""


class Evaluator(Protocol):
    """Scores a version on tasks made from seeds. It knows the answers, and a version never sees it."""

    name: str  # what it looks at, and with which model
    judges: frozenset[str]  # fields of a version that its scores depend on; a change of another one can't ride along

    def score(self, version: HarnessVersion, seeds: Sequence[int]) -> list[float]:
        """One score for each seed, more is better; the same for the same version and seed, whatever stands beside it.
        Raises SandboxError or VersionError where the version crashes; what else it raises ends the trial without a
        verdict."""
        ...


@dataclass(frozen=True, kw_only=True)
class GateSettings:
    canary: tuple[int, ...] = tuple(range(12))  # seeds of the tasks that proposals may be tuned on
    held_out: int = 40  # tasks drawn anew for each proposal
    level: float = 0.05  # chance that one of all proposals against a version is adopted though none is better
    least: float = 0.005  # gain in score below which a change is not worth having


@dataclass(frozen=True, kw_only=True)
class Found:
    """A comparison over all tasks, and by evaluator."""

    all: Comparison
    each: dict[str, Comparison]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What a proposal will be tried on: for each evaluator the seeds of its tasks, which both versions play."""

    version: HarnessVersion
    against: HarnessVersion
    canary: tuple[tuple[Evaluator, tuple[int, ...]], ...]
    held_out: tuple[tuple[Evaluator, tuple[int, ...]], ...]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    adopted: bool
    text: str  # for the proposer
    version: HarnessVersion | None = None  # None: what was proposed was no version
    canary: Comparison | None = None
    held_out: Comparison | None = None


class HarnessGate:
    """A change is tried by every one of the `evaluators` that judges what it changes, on its share of the tasks.

    `tools`: names of the tools that a version may build on; `protected`: texts that no version may contain. `ahead` is
    told what will be played before anything is; what it raises ends the trial. `draw` gives a seed of a held-out task.
    A trial that was broken off goes on with the same tasks when the same change is proposed again.
    """

    def __init__(
        self,
        archive: Archive,
        evaluators: Evaluator | Sequence[Evaluator],
        *,
        settings: GateSettings | None = None,
        tools: Sequence[str] = (),
        protected: Sequence[str] = (),
        ahead: Callable[[Trial], None] = lambda trial: None,
        draw: Draw = unforeseen,
    ) -> None:
        self.archive = archive
        self.settings = settings or GateSettings()
        self.tools = tuple(tools)
        self._evaluators = tuple(evaluators) if isinstance(evaluators, Sequence) else (evaluators,)
        self._ahead, self._draw = ahead, draw
        self._scores = Scores(archive.path)
        judges_own = [text for one in self._evaluators for text in getattr(one, "protected", ())]
        self._protected = (str(archive.path), str(archive.path.parent), *protected, *judges_own)

    @property
    def judged(self) -> str:
        """Who judges what, for a proposer."""
        return "; ".join(f"{', '.join(sorted(one.judges))} by {one.name}" for one in self._evaluators)

    def propose(self, changes: Any, *, by: str, why: str) -> Verdict:
        """Tries a change of the current version and adopts it if it is better by more than noise. Never raises for
        what a proposal does."""
        current = self.archive.current()
        try:
            version = changed(current, changes, tools=self.tools, protected=self._protected)
        except VersionError as error:
            return self._refuse(None, f"refused at reading: {error}")
        if version.hash == current.hash:
            return self._refuse(None, "refused: it changes nothing")
        changes_in = _changed_fields(current, version)
        judges = self._judging(current, version)
        judged = frozenset[str]().union(*(one.judges for one in self._evaluators))
        if unjudged := changes_in - judged:
            return self._refuse(
                None,
                f"refused: no task here shows what {min(unjudged)} is worth; change only {', '.join(sorted(judged))}",
            )
        names = sorted(one.name for one in judges)
        if any(line.version == version.hash and line.judges in ((), tuple(names)) for line in self._tried(current)):
            return self._refuse(
                None, f"refused: {version.short} was tried against the version in use; change something"
            )
        fresh = self._scores.held_out(version.hash, current.hash, ", ".join(names), self.settings.held_out, self._draw)
        trial = Trial(
            version=version,
            against=current,
            canary=_shared(judges, self.settings.canary),
            held_out=_shared(judges, fresh),
        )
        self._ahead(trial)
        self.archive.keep(version, by=by, why=why)
        try:
            return self._tried_out(trial)
        except (SandboxError, VersionError) as error:
            return self._refuse(version, f"refused: it crashed: {error}", judges=names)
        except CurrentFailed as error:
            back = self.archive.restore(current, why=f"it crashed in the gate: {error}")
            return self._refuse(None, f"refused: the version in use crashed; {back.short} is back, propose again")

    def _tried_out(self, trial: Trial) -> Verdict:
        """Canary, then held-out tasks. Raises what the evaluators raise, CurrentFailed."""
        version, current = trial.version, trial.against
        canary = self._compare_all(current, version, trial.canary)
        found: dict[str, Found] = {"canary": canary}
        names = [one.name for one, _ in trial.canary]
        if canary.all.gain <= 0:
            return self._refuse(version, f"refused: not better on the canary, {canary.all}", judges=names, **found)
        held_out = self._compare_all(current, version, trial.held_out)
        found["held_out"] = held_out
        needs = allowed(self.settings.level, sum("held_out" in line.figures for line in self._tried(current)))
        text = f"canary {canary.all}; held out {held_out.all}, needed p <= {needs:.4f}"
        if held_out.all.p > needs or held_out.all.gain < self.settings.least:
            return self._refuse(version, f"refused: no better than noise; {text}", judges=names, **found)
        if worse := self._worse(held_out):
            return self._refuse(version, f"refused: better in all, but worse at {worse}; {text}", judges=names, **found)
        text = f"adopted: {version.short}, {text}"
        try:
            self.archive.adopt(version, why=text, figures=_figures(names, **found), over=current)
        except ArchiveError as error:
            return self._refuse(None, f"refused: {error}")
        return Verdict(adopted=True, text=text, version=version, canary=canary.all, held_out=held_out.all)

    def _worse(self, found: Found) -> str:
        """The first evaluator by which it is worse by more than noise, and by how much; else empty."""
        for name, figures in found.each.items():
            if figures.worse <= self.settings.level and figures.gain < 0:
                return f"{name}, {figures}"
        return ""

    def audit(self) -> str:
        """Scores the version in use against the last good one on fresh tasks, and restores that one if the current is
        worse by more than noise, or crashes. Says what it did."""
        current, before = self.archive.current(), self.archive.last_good()
        if before is None:
            return f"{current.short} is the first version; there is nothing to compare it with"
        if not self._judging(before, current):
            return f"kept {current.short}: no task here shows what it changes"
        fresh = [self._draw() for _ in range(self.settings.held_out)]
        try:
            found = self._compare_all(current, before, _shared(self._judging(before, current), fresh)).all
        except (SandboxError, VersionError) as error:
            return f"kept {current.short}: the one before it, {before.short}, crashed: {error}"
        except CurrentFailed as error:
            back = self.archive.restore(current, why=f"it crashed in an audit: {error}")
            return f"restored {back.short}: {current.short} crashed: {error}"
        if found.p > self.settings.level or found.gain < self.settings.least:
            return f"kept {current.short}: going back would give {found}"
        back = self.archive.restore(current, why=f"worse in an audit: going back gives {found}")
        return f"restored {back.short}: going back gives {found}"

    def _judging(self, old: HarnessVersion, new: HarnessVersion) -> list[Evaluator]:
        return [one for one in self._evaluators if one.judges & _changed_fields(old, new)]

    def _tried(self, current: HarnessVersion) -> list[Line]:
        """Proposals against this version, those that were adopted and taken back again too."""
        lines = self.archive.history()
        return [line for line in lines if line.action in ("adopt", "refuse") and line.against == current.hash]

    def _compare_all(
        self, old: HarnessVersion, new: HarnessVersion, tasks: Sequence[tuple[Evaluator, tuple[int, ...]]]
    ) -> Found:
        """The new one first: where it crashes the old one's scores are not needed. Raises CurrentFailed for `old`."""
        after = {one.name: _scores(one, new, seeds) for one, seeds in tasks if seeds}
        try:
            before = {one.name: _scores(one, old, seeds) for one, seeds in tasks if seeds}
        except (SandboxError, VersionError) as error:
            raise CurrentFailed(str(error)) from error
        each = {name: compare(before[name], after[name]) for name in after}
        return Found(all=compare([*chain(*before.values())], [*chain(*after.values())]), each=each)

    def _refuse(
        self, version: HarnessVersion | None, text: str, *, judges: Sequence[str] = (), **found: Found
    ) -> Verdict:
        self.archive.refuse(version, why=text, figures=_figures(judges, **found))
        return Verdict(
            adopted=False, text=text, version=version, **{name: figures.all for name, figures in found.items()}
        )


def _scores(evaluator: Evaluator, version: HarnessVersion, seeds: Sequence[int]) -> list[float]:
    scores = evaluator.score(version, seeds)
    assert len(scores) == len(seeds) and all(map(math.isfinite, scores)), "the evaluator gave no score for a seed"
    return scores


def _shared(evaluators: Sequence[Evaluator], seeds: Sequence[int]) -> tuple[tuple[Evaluator, tuple[int, ...]], ...]:
    """The seeds, dealt out."""
    return tuple((one, tuple(seeds[place :: len(evaluators)])) for place, one in enumerate(evaluators))


def _changed_fields(old: HarnessVersion, new: HarnessVersion) -> set[str]:
    return {name for name in HarnessVersion.model_fields if getattr(old, name) != getattr(new, name)}


def _figures(judges: Sequence[str], **found: Found) -> dict[str, Any]:
    figures: dict[str, Any] = {"judges": sorted(judges)} if judges else {}
    for name, each in found.items():
        parts = {judge: asdict(comparison) for judge, comparison in each.each.items()}
        figures[name] = asdict(each.all) | ({"each": parts} if len(parts) > 1 else {})
    return figures
