"""Is one version better than another by more than noise? Paired scores of the same tasks, exact where that is cheap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FLIPS = 65_536  # sign patterns that are tried: all of them up to 16 tasks, else drawn at random


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Scores of a new version against the old one's, on the same tasks."""

    tasks: int
    old: float  # mean score
    new: float  # mean score
    low: float  # 95% interval of the mean difference, by paired bootstrap over tasks
    high: float
    p: float  # chance of so great a gain if the two were equally good (sign-flip test, one-sided)
    worse: float = 1.0  # chance of so great a loss, likewise

    @property
    def gain(self) -> float:
        return self.new - self.old

    def __str__(self) -> str:
        return (
            f"{self.old:.3f} -> {self.new:.3f} on {self.tasks} tasks "
            f"({self.gain:+.3f}, 95% {self.low:+.3f} to {self.high:+.3f}, p = {self.p:.4f})"
        )


def compare(old: Sequence[float], new: Sequence[float], *, seed: int = 0) -> Comparison:
    """Scores of the same tasks in the same order; `seed`: of the random flips and resamples."""
    assert len(old) == len(new) and len(old) > 0
    gains = np.asarray(new, dtype=np.float64) - np.asarray(old, dtype=np.float64)  # (N,)
    draws = np.random.default_rng(seed)
    means = gains[draws.integers(0, len(gains), (4000, len(gains)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Comparison(
        tasks=len(gains),
        old=float(np.mean(old)),
        new=float(np.mean(new)),
        low=float(low),
        high=float(high),
        p=_sign_flip(gains, draws),
        worse=_sign_flip(-gains, draws),
    )


def _sign_flip(gains: np.ndarray, draws: np.random.Generator) -> float:
    """If old and new were equally good, each gain might as well have had the other sign."""
    exact = len(gains) <= 16
    if exact:
        patterns = np.arange(2 ** len(gains))[:, None] >> np.arange(len(gains)) & 1  # (2^N, N)
    else:
        patterns = draws.integers(0, 2, (FLIPS, len(gains)), dtype=np.int8)  # (FLIPS, N)
    sums = (1 - 2 * patterns.astype(np.float32)) @ gains.astype(np.float32)
    reached = int((sums >= np.float32(gains.sum()) - 1e-5).sum())
    # What was seen is one of the patterns: a drawn p is never 0.
    return reached / len(sums) if exact else (reached + 1) / (len(sums) + 1)


def allowed(level: float, tried: int) -> float:
    """What p the next proposal needs when `tried` were tested before it: the shares level / (k (k + 1)) add up to
    `level`, so the chance that any of endlessly many proposals that are no better is adopted stays below it."""
    return level / ((tried + 1) * (tried + 2))
