"""What a trial will take, told before it begins: tasks, time and money, as far as earlier tasks show."""

from __future__ import annotations

from dataclasses import dataclass

from rushes.agent.harness.gate import Trial
from rushes.agent.harness.metered import Prices
from rushes.agent.harness.scores import Scores


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """Of one evaluator's part."""

    name: str  # of the evaluator
    tasks: int  # at most that are to be played; those that are known are left aside
    seconds: float | None  # of all of them, as earlier ones took; None: none was played yet
    prompt_tokens: float | None  # likewise
    completion_tokens: float | None
    most_tokens: int  # that its limits allow

    def __str__(self) -> str:
        took = "" if self.seconds is None else f", about {clock(self.seconds)}"
        return f"{self.tasks} {self.name}{took}"

    def usd(self, prices: Prices) -> str:
        """What it may cost."""
        most = prices.usd(self.most_tokens, 0) if prices.prompt > prices.completion else prices.usd(0, self.most_tokens)
        if self.prompt_tokens is None or self.completion_tokens is None:
            return f"at most ${most:.2f}: no such task was played with this model yet"
        return f"about ${prices.usd(self.prompt_tokens, self.completion_tokens):.2f}, at most ${most:.2f}"


def estimates(trial: Trial, scores: Scores) -> list[Estimate]:
    """One of each evaluator. The held-out half is played only where the canary is passed."""
    found = []
    for (one, canary), (_, held_out) in zip(trial.canary, trial.held_out, strict=True):
        key, most = getattr(one, "key", ""), getattr(one, "most_tokens", 0)
        tasks = sum(
            seed not in known
            for version in (trial.version, trial.against)
            for known in [scores.known(key, version.hash)]
            for seed in (*canary, *held_out)
        )
        earlier = list(scores.known(key).values())
        share = tasks / len(earlier) if earlier else 0.0
        found.append(
            Estimate(
                name=one.name,
                tasks=tasks,
                seconds=share * sum(played.seconds for played in earlier) if earlier else None,
                prompt_tokens=share * sum(played.prompt_tokens for played in earlier) if earlier else None,
                completion_tokens=share * sum(played.completion_tokens for played in earlier) if earlier else None,
                most_tokens=tasks * most,
            )
        )
    return found


def clock(seconds: float) -> str:
    """As people say it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
