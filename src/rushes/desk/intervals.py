"""Intervals of means, by drawing the independent parts of a benchmark again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Interval:
    """A mean and its 95% interval."""

    mean: float
    low: float
    high: float


def bootstrap(parts: Sequence[Sequence[float]], *, draws: int = 2000, seed: int = 0) -> Interval:
    """Mean of all values, drawn again by parts (logs, tasks): values within a part depend on each other.

    Raises ValueError where there is no value.
    """
    sums = np.array([sum(part) for part in parts], float)
    counts = np.array([len(part) for part in parts], float)
    if not counts.sum():
        raise ValueError("there is no value to take the mean of; ask at least one question")
    chosen = np.random.default_rng(seed).integers(0, len(parts), (draws, len(parts)))
    means = sums[chosen].sum(1) / np.maximum(counts[chosen].sum(1), 1)
    low, high = np.percentile(means, (2.5, 97.5))
    return Interval(float(sums.sum() / counts.sum()), float(low), float(high))
