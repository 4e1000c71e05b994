"""Fits the scorer of the learned policy: logistic loss, Adam, numpy; the same seed gives the same weights."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from rushes.agent.context.entry import Entry
from rushes.agent.context.features import features
from rushes.agent.context.lines import Lines
from rushes.agent.context.scorer import Scorer

# Lines that are not needed and that an example has all the same.
ANSWERING, MEANING, BY_CHANCE = 100, 60, 60


@dataclass(frozen=True, kw_only=True)
class Example:
    """Lines of a log, for a question, and which its answer needed."""

    features: np.ndarray  # (N, F)
    needed: np.ndarray  # (N,) 0 or 1


@dataclass(frozen=True, kw_only=True)
class FitConfig:
    hidden: int = 0  # units; 0: logistic regression
    epochs: int = 40  # passes over the examples
    batch: int = 16  # examples a step
    rate: float = 0.01  # of Adam, falling to nothing on a half cosine
    l2: float = 1e-4  # of the weights
    members: int = 1  # networks, each from another seed, whose mean is the scorer
    seed: int = 0


def example(entries: Sequence[Entry], query: str, needed: Collection[tuple[str, str]], *, seed: int = 0) -> Example:
    """`needed`: ids of entries, each with words of the line that is needed.

    What stays anyway (the user's words) is left out: nothing is to be decided on it. Of the other lines come those that
    are needed, those that look as if they were, and some by chance.
    """
    lines = Lines.of(entries)
    free = np.array([not entries[place].stays for place in lines.owner], bool)
    places = {entry.id: place for place, entry in enumerate(entries)}
    wanted = np.zeros(len(free), np.float32)
    for id, words in needed:
        for row in np.flatnonzero(lines.owner == places[id]):
            wanted[row] = max(wanted[row], words in lines.lines[row] or lines.lines[row] in words)
    draws = np.random.default_rng(seed)
    rows = {*np.flatnonzero(wanted), *draws.integers(len(free), size=BY_CHANCE)}
    for scores, most in ((lines.scores(query), ANSWERING), (lines.meant(query), MEANING)):
        rows |= set(np.argsort(-scores, kind="stable")[:most])
    chosen = np.array(sorted(row for row in rows if free[row]), int)
    return Example(features=features(lines, query)[chosen], needed=wanted[chosen])


def fit(examples: Sequence[Example], config: FitConfig | None = None) -> Scorer:
    """Raises ValueError without examples, or where none of them needs anything."""
    config = config or FitConfig()
    if not examples or not any(one.needed.any() for one in examples):
        raise ValueError(f"{len(examples)} examples, none with a needed line; give logs with what their answers need")
    everything = np.concatenate([one.features for one in examples]).astype(np.float64)
    mean, scale = everything.mean(0), everything.std(0) + 1e-3
    fitted = [_fit_one(examples, mean, scale, replace(config, seed=config.seed + n)) for n in range(config.members)]
    # The mean of networks is one network of all their units.
    out = config.hidden
    merged = {
        "w1": np.concatenate([one["w1"] for one in fitted], axis=1),
        "b1": np.concatenate([one["b1"] for one in fitted]),
        "w2": np.concatenate(
            [*(one["w2"][:out] / len(fitted) for one in fitted), np.mean([one["w2"][out:] for one in fitted], axis=0)]
        ),
        "b2": np.mean([one["b2"] for one in fitted], axis=0),
    }
    return Scorer(mean=_f32(mean), scale=_f32(scale), **{name: _f32(value) for name, value in merged.items()})


def _fit_one(
    examples: Sequence[Example], mean: np.ndarray, scale: np.ndarray, config: FitConfig
) -> dict[str, np.ndarray]:
    draws = np.random.default_rng(config.seed)
    share = np.clip(np.concatenate([one.needed for one in examples]).mean(), 1e-4, 0.5)
    size = len(mean)
    weights = {
        "w1": draws.normal(0, (2 / size) ** 0.5, (size, config.hidden)),
        "b1": np.zeros(config.hidden),
        "w2": np.concatenate([draws.normal(0, 0.1, config.hidden), np.zeros(size)]),
        "b2": np.array([np.log(share / (1 - share))]),
    }
    moments = {name: (np.zeros_like(value), np.zeros_like(value)) for name, value in weights.items()}
    steps = config.epochs * -(-len(examples) // config.batch)
    step = 0
    for _ in range(config.epochs):
        order = draws.permutation(len(examples))
        for begin in range(0, len(order), config.batch):
            chosen = [examples[place] for place in order[begin : begin + config.batch]]
            x = (np.concatenate([one.features for one in chosen]) - mean) / scale
            needed = np.concatenate([one.needed for one in chosen])
            step += 1
            rate = config.rate * 0.5 * (1 + np.cos(np.pi * step / steps))
            for name, slope in _slopes(weights, x, needed, config.l2).items():
                first, second = moments[name]
                first += 0.1 * (slope - first)
                second += 0.001 * (slope**2 - second)
                fair = (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
                weights[name] -= rate * fair
    return weights


def _slopes(weights: dict[str, np.ndarray], x: np.ndarray, needed: np.ndarray, l2: float) -> dict[str, np.ndarray]:
    """Of the mean logistic loss with L2 on the weights. x: (N, F), needed: (N,)."""
    hidden = np.maximum(x @ weights["w1"] + weights["b1"], 0)  # (N, H)
    both = np.concatenate([hidden, x], axis=1)  # (N, H + F)
    chance = 1 / (1 + np.exp(-np.clip(both @ weights["w2"] + weights["b2"], -30, 30)))
    wrong = (chance - needed) / len(x)  # (N,)
    back = np.outer(wrong, weights["w2"][: hidden.shape[1]]) * (hidden > 0)  # (N, H)
    return {
        "w1": x.T @ back + l2 * weights["w1"],
        "b1": back.sum(0),
        "w2": both.T @ wrong + l2 * weights["w2"],
        "b2": wrong.sum(keepdims=True),
    }


def _f32(values: np.ndarray) -> np.ndarray:
    return np.asarray(values, np.float32)
