"""Film logs with questions about them: what a context policy must keep to be able to answer, with exact answers.

A small task for the gate. Tools answer at length, some of them with a finding, and later it is asked for what was
found; the answer is a word that stands in one entry and nowhere else.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rushes.agent.context.entry import Entry
from rushes.agent.context.messages import make_entry
from rushes.agent.harness.policy import POLICIES, Policies, SandboxedPolicy, make_policy
from rushes.agent.harness.sandbox import SandboxError, SandboxLimits
from rushes.agent.harness.version import HarnessVersion

THINGS = "scarf lantern boat kite door umbrella hat basket bridge tower drum wagon".split()
COLOURS = "teal amber violet scarlet olive ivory copper indigo crimson jade ochre coral".split()
FILLER = (
    "the take is steady and its light falls from the left while grain and motion stay within what was measured".split()
)


@dataclass(frozen=True, kw_only=True)
class Question:
    words: str
    answer: str  # that must stand in what is kept


@dataclass(frozen=True, kw_only=True)
class LogTask:
    entries: tuple[Entry, ...]  # in order of time
    questions: tuple[Question, ...]
    budget: int  # tokens


def make_log(seed: int, *, results: int = 60, questions: int = 10, share: float = 0.25) -> LogTask:
    """`results`: answers of tools in the log; `share`: of the log's tokens that may be kept."""
    draws = random.Random(seed)
    entries = [make_entry(number=1, turn=1, kind="user", text="Make a film of a day at the harbour, quietly paced.")]
    asked: list[Question] = []
    told = sorted(draws.sample(range(results), questions))
    for turn in range(results):
        filler = " ".join(draws.choices(FILLER, k=draws.randint(40, 90)))
        finding = ""
        if turn in told:
            code = f"{draws.choice(COLOURS)}{draws.randint(100, 999)}"
            thing, clip = draws.choice(THINGS), f"clip-{turn + 1}"
            finding = f"{clip}: the {thing} is {code}. "
            asked.append(Question(words=f"which colour has the {thing} of {clip}?", answer=code))
        text = f"{finding}{filler}" if draws.random() < 0.7 else f"looked at take {turn + 1}.\n{finding}{filler}"
        entries.append(make_entry(number=turn + 2, turn=turn + 1, kind="tool", tool="look", text=text))
    budget = int(share * sum(entry.costs[0] for entry in entries))
    return LogTask(entries=tuple(entries), questions=tuple(asked), budget=budget)


class RecallEvaluator:
    """Scores the context policy of a version: the share of questions whose answer is in what it keeps.

    `seconds`: of wall clock that one call of `score` may take.
    """

    name = "questions on film logs"
    judges = frozenset({"policy"})

    def __init__(
        self,
        make_task: Callable[[int], LogTask] = make_log,
        *,
        policies: Policies = POLICIES,
        limits: SandboxLimits | None = None,
        seconds: float = 600.0,
    ) -> None:
        self._make_task = make_task
        self._policies = policies
        self._limits = limits
        self._seconds = seconds

    def score(self, version: HarnessVersion, seeds: Sequence[int]) -> list[float]:
        policy = make_policy(version, self._policies, self._limits)
        scores, until = [], time.monotonic() + self._seconds
        try:
            for seed in seeds:
                task = self._make_task(seed)
                right = 0
                for question in task.questions:
                    if time.monotonic() > until:
                        raise SandboxError(f"policy {policy.name} took longer than {self._seconds:g} s for all tasks")
                    levels = policy.select(task.entries, task.budget, query=question.words)
                    right += question.answer in kept_text(task.entries, levels)
                scores.append(right / len(task.questions))
        finally:
            if isinstance(policy, SandboxedPolicy):
                policy.close()
        return scores


def kept_text(entries: Sequence[Entry], levels: Mapping[str, int]) -> str:
    """What a model would read."""
    shown = [entry.text if levels[entry.id] == 0 else entry.short for entry in entries if entry.id in levels]
    return "\n".join(shown)
