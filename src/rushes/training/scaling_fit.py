"""Scaling laws: loss against compute, L(C) = E + A C^-a, or against size and data, L(N, D) = E + A N^-a + B D^-b.

For given exponents a law is linear in the rest, so that exponents are searched on a grid, finer and finer, and the rest
is solved for: a robust (Huber) regression of relative errors, no coefficient below 0. arXiv:2203.15556 section 3.3 fits
the same law by gradients. Intervals come from a parametric bootstrap: the law's own predictions with fresh noise of the
size that was seen, fitted again.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rushes.training.chart import Axes, Series, draw_chart, save_picture

Array = NDArray[np.float64]
EXPONENTS = (0.02, 1.5)  # searched
HUBER = 0.01  # relative error from which on a point pulls no harder


@dataclass(frozen=True, kw_only=True)
class Point:
    """One trained model. `flops` for a law of compute, `parameters` and `tokens` for one of size and data."""

    loss: float
    flops: float = 0.0  # of training
    parameters: float = 0.0
    tokens: float = 0.0  # trained on


@dataclass(frozen=True, kw_only=True)
class Law:
    """loss = floor + sum of scale x^-exponent over the quantities `of`."""

    of: tuple[str, ...]  # names of fields of a Point
    floor: float  # what no compute takes away
    scales: tuple[float, ...]
    exponents: tuple[float, ...]
    noise: float = 0.0  # relative deviation of the points from the law

    def __call__(self, **quantities: float) -> float:
        terms = zip(self.of, self.scales, self.exponents, strict=True)
        return self.floor + sum(scale * quantities[name] ** -exponent for name, scale, exponent in terms)

    def at(self, point: Point) -> float:
        return self(**{name: getattr(point, name) for name in self.of})


@dataclass(frozen=True, kw_only=True)
class Prediction:
    loss: float
    low: float  # 95% interval of the loss that a run will have, its own noise included
    high: float
    flops: float  # of the run foretold
    draws: list[Law] = field(repr=False)  # laws of the bootstrap


def fit_compute(points: Sequence[Point]) -> Law:
    """L(C). ValueError with fewer than four amounts of compute, or when the loss does not fall with it."""
    return fit(points, ("flops",))


def fit_size_and_data(points: Sequence[Point]) -> Law:
    """L(N, D). ValueError with fewer than six points, or when size and tokens always grow together."""
    if np.linalg.matrix_rank(np.log([[p.parameters, p.tokens, math.e] for p in points]), tol=0.1) < 3:
        raise ValueError("size and tokens grow together in all points, so their shares can't be told; vary one alone")
    return fit(points, ("parameters", "tokens"))


def fit(points: Sequence[Point], of: tuple[str, ...]) -> Law:
    """The law of the quantities `of` that is nearest to `points`."""
    losses = np.array([point.loss for point in points])
    amounts = np.array([[getattr(point, name) for point in points] for name in of])  # (terms, points)
    different, needed = len({tuple(column) for column in amounts.T}), 2 * len(of) + 2
    if different < needed:
        raise ValueError(f"{different} points are too few for a law of {' and '.join(of)}; give {needed} or more")
    if not (np.isfinite(losses).all() and (losses > 0).all() and (amounts > 0).all()):
        raise ValueError(f"losses and {', '.join(of)} must be finite and above 0; leave out runs that failed")
    return _search(losses, amounts, of)


def predict(law: Law, points: Sequence[Point], target: Point, *, draws: int = 400, seed: int = 0) -> Prediction:
    """What `law`, fitted to `points`, says of `target` (whose loss is not looked at), with a 95% interval."""
    rng = np.random.default_rng(seed)
    amounts = np.array([[getattr(point, name) for point in points] for name in law.of])
    said = np.array([law.at(point) for point in points])
    laws, losses = [], []
    for _ in range(draws):
        try:
            drawn = _search(said * (1 + law.noise * rng.standard_normal(len(said))), amounts, law.of)
        except ValueError:  # noise has turned the trend around
            continue
        laws.append(drawn)
        losses.append(drawn.at(target) * (1 + law.noise * rng.standard_normal()))
    if len(laws) < draws / 2:
        raise ValueError("most redraws of the points have no falling trend: too noisy; train more sizes or seeds")
    low, high = np.quantile(losses, [0.025, 0.975])
    return Prediction(loss=law.at(target), low=float(low), high=float(high), flops=target.flops, draws=laws)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The middle 95% of the draws of a bootstrap."""
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def _search(losses: Array, amounts: Array, of: tuple[str, ...]) -> Law:
    """Exponents by a grid that narrows around its best point; all of a grid is solved for at once."""
    middle = np.exp(np.log(amounts).mean(1))  # (terms,) so that terms are of the size of the loss
    relative = amounts / middle[:, None]
    lows, highs = [EXPONENTS[0]] * len(of), [EXPONENTS[1]] * len(of)
    flat = _solve(np.ones((1, 1, len(losses))), losses)[0][0]  # what a law of nothing but a floor costs
    best: tuple[float, Array, Array] = (math.inf, np.empty(0), np.empty(0))
    count, near = 40 if len(of) == 1 else 16, EXPONENTS[1] / EXPONENTS[0]
    for _ in range(4):
        axes = [np.geomspace(a, b, count) for a, b in zip(lows, highs, strict=True)]
        grid = np.array(list(product(*axes)))  # (G, terms)
        terms = relative[None] ** -grid[:, :, None]  # (G, terms, points)
        for floor in (True, False):
            columns = np.concatenate([np.ones_like(terms[:, :1]), terms], 1) if floor else terms
            costs, solved = _solve(columns, losses)
            index = int(costs.argmin())
            if costs[index] < best[0] - 1e-15:
                weights = solved[index] if floor else np.concatenate([[0.0], solved[index]])
                best = (float(costs[index]), grid[index], weights)
        if best[0] >= flat:
            raise ValueError(f"the loss does not fall with {' and '.join(of)}; train longer, or more sizes")
        near = near ** (2.5 / count)  # the next grid: a step and a quarter to each side
        lows = [max(EXPONENTS[0], float(e) / near) for e in best[1]]
        highs = [min(EXPONENTS[1], float(e) * near) for e in best[1]]
    _, exponents, weights = best
    scales = weights[1:] * middle**exponents
    law = Law(of=of, floor=float(weights[0]), scales=tuple(map(float, scales)), exponents=tuple(map(float, exponents)))
    said = law.floor + sum(s * x**-e for s, x, e in zip(law.scales, amounts, law.exponents, strict=True))
    free = max(1, len(losses) - 1 - 2 * len(of))
    noise = math.sqrt(float(np.square(losses / said - 1).sum()) / free)
    return replace(law, noise=noise)


def _solve(columns: Array, losses: Array) -> tuple[Array, Array]:
    """Huber regression of relative errors for each of G designs (G, k, points): costs (G,), coefficients (G, k).

    A design whose best coefficients are not all above 0 costs infinity.
    """
    design = columns / losses  # the loss itself is then 1 everywhere
    pull = np.ones_like(design[:, 0])  # (G, points)
    for _ in range(8):  # iteratively reweighted least squares
        weighted = design * pull[:, None]
        square = weighted @ design.transpose(0, 2, 1) + 1e-12 * np.eye(design.shape[1])
        solved = np.linalg.solve(square, weighted.sum(-1)[..., None])[..., 0]  # (G, k)
        errors = np.abs(np.einsum("gk,gkp->gp", solved, design) - 1)
        pull = np.minimum(1.0, HUBER / np.maximum(errors, 1e-12))
    costs = np.where(errors < HUBER, 0.5 * errors**2, HUBER * (errors - 0.5 * HUBER)).sum(-1)
    return np.where((solved >= 0).all(-1), costs, math.inf), solved


def read_points(folder: Path) -> list[Point]:
    """The points of the runs in `folder`, each with a result.json that has loss and flops. ValueError if none has."""
    found = [json.loads(path.read_text()) for path in sorted(folder.glob("*/result.json"))]
    if not found:
        raise ValueError(f"no run in {folder} has a result.json; train sizes first, e.g. with bench/scaling.py")
    names = [one.name for one in fields(Point)]
    return [Point(**{name: result[name] for name in names if name in result}) for result in found]


def draw_fit(
    points: Sequence[Point], law: Law, said: Prediction, path: Path, *, measured: Sequence[Point] = (), title: str = ""
) -> None:
    """A picture of a law of compute: its points, the band of its redraws, what it predicted, what was measured."""
    last = max([said.flops, *(point.flops for point in (*points, *measured))])
    along = np.geomspace(min(point.flops for point in points) / 1.5, last * 1.5, 60).tolist()
    ranges = [interval([one(flops=flops) for one in said.draws]) for flops in along]
    series = [
        Series(
            points=[(x, low) for x, (low, _) in zip(along, ranges, strict=True)],
            upper=[(x, high) for x, (_, high) in zip(along, ranges, strict=True)],
            colour="#d6e2f3",
        ),
        Series(points=[(x, law(flops=x)) for x in along], label="fit, and 95% of its redraws"),
        Series(points=[(p.flops, p.loss) for p in points], label="fitted", dots=True, width=4),
        Series(points=[(said.flops, said.loss)], label="predicted", dots=True, width=5, colour="#c98a14"),
    ]
    if measured:
        found = [(p.flops, p.loss) for p in measured]
        series.append(Series(points=found, label="measured", dots=True, width=4, colour="#c2452d"))
    axes = Axes(title=title, x="FLOPs of training", y="held-out loss", log_x=True, log_y=True, size=(640, 400))
    save_picture(draw_chart(series, axes), path)
