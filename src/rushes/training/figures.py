"""Figures that say how sure they are: shares with Wilson intervals, means with bootstrap intervals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, kw_only=True)
class Share:
    """How often an answer was right."""

    right: int
    of: int

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else math.nan

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Wilson score interval, 95% by default (doi:10.1080/01621459.1927.10502953)."""
        if not self.of:
            return (0.0, 1.0)
        p, n = self.value, self.of
        middle = (p + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return (max(0.0, middle - half), min(1.0, middle + half))


@dataclass(frozen=True)
class Mean:
    """The mean of one number for each clip (or actor, or event) that has it."""

    values: tuple[float, ...]

    @property
    def of(self) -> int:
        return len(self.values)

    @property
    def value(self) -> float:
        return float(np.mean(self.values)) if self.values else math.nan

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Percentile bootstrap of the mean, 2,000 draws, always the same ones; NaN for fewer than two values."""
        if self.of < 2:
            return (math.nan, math.nan)
        drawn = np.random.default_rng(0).integers(self.of, size=(2000, self.of))
        low, high = np.quantile(np.asarray(self.values)[drawn].mean(1), [(1 - level) / 2, (1 + level) / 2])
        return (float(low), float(high))
