"""The gate: a proposed version is tried on tasks that it has seen, then on tasks that nobody has, and must win on both.

It runs in the parent, with the archive and the evaluator; of a version only its own source runs, in the sandbox.
"""

from __future__ import annotations

import math
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

from rushes.agent.harness.archive import Archive, ArchiveError, Line
from rushes.agent.harness.sandbox import SandboxError
from rushes.agent.harness.significance import Comparison, allowed, compare
from rushes.agent.harness.version import HarnessVersion, VersionError, changed


class CurrentFailed(Exception):
    """The version in use crashed while it was compared: that is not the proposal's fault."""


class Evaluator(Protocol):
    """Scores a version on tasks made from seeds. It knows the answers, and a version never sees it."""

    judges: frozenset[str]  # fields of a version that its scores depend on; a change of another one can't ride along

    def score(self, version: HarnessVersion, seeds: Sequence[int]) -> list[float]:
        """One score for each seed, more is better; the same for the same version and seed, whatever stands beside it.
        Raises SandboxError or VersionError where the version crashes."""
        ...


@dataclass(frozen=True, kw_only=True)
class GateSettings:
    canary: tuple[int, ...] = tuple(range(12))  # seeds of the tasks that proposals may be tuned on
    held_out: int = 40  # tasks drawn anew for each proposal
    level: float = 0.05  # chance that one of all proposals against a version is adopted though none is better
    least: float = 0.005  # gain in score below which a change is not worth having


@dataclass(frozen=True, kw_only=True)
class Verdict:
    adopted: bool
    text: str  # for the proposer
    version: HarnessVersion | None = None  # None: what was proposed was no version
    canary: Comparison | None = None
    held_out: Comparison | None = None


class HarnessGate:
    """`tools`: names of the tools that a version may build on; `protected`: texts that no version may contain."""

    def __init__(
        self,
        archive: Archive,
        evaluator: Evaluator,
        *,
        settings: GateSettings | None = None,
        tools: Sequence[str] = (),
        protected: Sequence[str] = (),
    ) -> None:
        self.archive = archive
        self.settings = settings or GateSettings()
        self.tools = tuple(tools)
        self._evaluator = evaluator
        self._protected = (str(archive.path), str(archive.path.parent), *protected)

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
        if version.hash in {line.version for line in self._tried(current)}:
            return self._refuse(
                None, f"refused: {version.short} was tried against the version in use; change something"
            )
        if unjudged := _changed_fields(current, version) - self._evaluator.judges:
            judged = ", ".join(sorted(self._evaluator.judges))
            return self._refuse(
                None, f"refused: no task here shows what {min(unjudged)} is worth; change only {judged}"
            )
        self.archive.keep(version, by=by, why=why)
        try:
            canary = self._compare(current, version, self.settings.canary)
            if canary.gain <= 0:
                return self._refuse(version, f"refused: not better on the canary, {canary}", canary=canary)
            fresh = [secrets.randbelow(2**31) for _ in range(self.settings.held_out)]
            held_out = self._compare(current, version, fresh)
        except (SandboxError, VersionError) as error:
            return self._refuse(version, f"refused: it crashed: {error}")
        except CurrentFailed as error:
            back = self.archive.restore(current, why=f"it crashed in the gate: {error}")
            return self._refuse(version, f"refused: the version in use crashed; {back.short} is back, propose again")
        needs = allowed(self.settings.level, sum("held_out" in line.figures for line in self._tried(current)))
        found = f"canary {canary}; held out {held_out}, needed p <= {needs:.4f}"
        if held_out.p > needs or held_out.gain < self.settings.least:
            return self._refuse(version, f"refused: no better than noise; {found}", canary=canary, held_out=held_out)
        text = f"adopted: {version.short}, {found}"
        try:
            figures = _figures(canary=canary, held_out=held_out)
            self.archive.adopt(version, why=text, figures=figures, over=current)
        except ArchiveError as error:
            return self._refuse(version, f"refused: {error}")
        return Verdict(adopted=True, text=text, version=version, canary=canary, held_out=held_out)

    def audit(self) -> str:
        """Scores the version in use against the last good one on fresh tasks, and restores that one if the current is
        worse by more than noise, or crashes. Says what it did."""
        current, before = self.archive.current(), self.archive.last_good()
        if before is None:
            return f"{current.short} is the first version; there is nothing to compare it with"
        fresh = [secrets.randbelow(2**31) for _ in range(self.settings.held_out)]
        try:
            found = self._compare(current, before, fresh)
        except (SandboxError, VersionError) as error:
            return f"kept {current.short}: the one before it, {before.short}, crashed: {error}"
        except CurrentFailed as error:
            back = self.archive.restore(current, why=f"it crashed in an audit: {error}")
            return f"restored {back.short}: {current.short} crashed: {error}"
        if found.p > self.settings.level or found.gain < self.settings.least:
            return f"kept {current.short}: going back would give {found}"
        back = self.archive.restore(current, why=f"worse in an audit: going back gives {found}")
        return f"restored {back.short}: going back gives {found}"

    def _tried(self, current: HarnessVersion) -> list[Line]:
        """Proposals against this version, those that were adopted and taken back again too."""
        lines = self.archive.history()
        return [line for line in lines if line.action in ("adopt", "refuse") and line.against == current.hash]

    def _compare(self, old: HarnessVersion, new: HarnessVersion, seeds: Sequence[int]) -> Comparison:
        """The new one first: where it crashes the old one's scores are not needed. Raises CurrentFailed for `old`."""
        scores = self._scores(new, seeds)
        try:
            before = self._scores(old, seeds)
        except (SandboxError, VersionError) as error:
            raise CurrentFailed(str(error)) from error
        return compare(before, scores)

    def _scores(self, version: HarnessVersion, seeds: Sequence[int]) -> list[float]:
        scores = self._evaluator.score(version, seeds)
        assert len(scores) == len(seeds) and all(map(math.isfinite, scores)), "the evaluator gave no score for a seed"
        return scores

    def _refuse(self, version: HarnessVersion | None, text: str, **found: Comparison) -> Verdict:
        self.archive.refuse(version, why=text, figures=_figures(**found))
        return Verdict(adopted=False, text=text, version=version, **found)


def _changed_fields(old: HarnessVersion, new: HarnessVersion) -> set[str]:
    return {name for name in HarnessVersion.model_fields if getattr(old, name) != getattr(new, name)}


def _figures(**found: Comparison) -> dict[str, Any]:
    return {name: asdict(comparison) for name, comparison in found.items()}
