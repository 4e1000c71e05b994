"""Tests of statistical checks. Each calls a healthy run ill less than once in ten thousand times (SIGMAS)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

SIGMAS = (
    5.0  # deviations from what a healthy run would give: 1 in 3.5 million for a normal variable; room for heavy tails
)
SHUFFLES = 200  # of a permutation test; its z-value is taken against their mean and deviation


def paired(worse: Tensor, better: Tensor) -> float:
    """Deviations by which the mean of `worse` - `better` (N,) lies above 0: one clip, two treatments."""
    difference = (worse - better).double()
    error = float(difference.std()) / math.sqrt(len(difference))
    return float(difference.mean()) / max(error, 1e-12)


def share(count: int, of: int, expected: float) -> float:
    """Deviations between a count and a binomial of probability `expected`."""
    error = math.sqrt(max(of * expected * (1 - expected), 0.25))
    return (count - of * expected) / error


def leaning(flags: Tensor, values: Tensor) -> float:
    """Deviations by which `values` (N,) are higher where `flags` (N,) than elsewhere; 0 where all are alike."""
    here, away = values[flags].double(), values[~flags].double()
    if min(len(here), len(away)) < 2:
        return 0.0
    error = (here.var() / len(here) + away.var() / len(away)).sqrt()
    return float((here.mean() - away.mean()) / error.clamp_min(1e-12))


def kolmogorov(values: Tensor, expected: Tensor) -> float:
    """Largest gap between two empirical distributions, in asymptotic units: 3 is one in ten million."""
    whole = torch.cat([values, expected]).double().sort().values
    here = torch.searchsorted(values.double().sort().values, whole, right=True) / len(values)
    there = torch.searchsorted(expected.double().sort().values, whole, right=True) / len(expected)
    effective = len(values) * len(expected) / (len(values) + len(expected))
    return float((here - there).abs().max()) * math.sqrt(effective)


def explained(x: Tensor, y: Tensor, folds: int = 4) -> tuple[float, float]:
    """How well x (N, p) foretells y (N, q) by ridge regression on clips left out, and in deviations of shuffled rows.

    The first is the share of variance explained (below 0 if none), averaged over the columns of y.
    """
    x = (x - x.mean(0)) / x.std(0).clamp_min(1e-6)
    y = (y - y.mean(0)) / y.std(0).clamp_min(1e-6)
    fold = torch.arange(len(x)) % folds
    hats = []
    for k in range(folds):
        here, away = fold == k, fold != k
        gram = x[away].T @ x[away] + 0.1 * len(x) * torch.eye(x.shape[1], dtype=x.dtype)
        hats.append((here, away, x[here] @ torch.linalg.solve(gram, x[away].T)))

    def score(y: Tensor) -> float:
        error = sum(float((y[here] - hat @ y[away]).square().sum()) for here, away, hat in hats)
        return 1 - error / y.numel()

    generator = torch.Generator().manual_seed(0)
    null = torch.tensor([score(y[torch.randperm(len(y), generator=generator)]) for _ in range(SHUFFLES)])
    true = score(y)
    return true, (true - float(null.mean())) / max(float(null.std()), 1e-9)
