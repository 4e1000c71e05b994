"""The scorer of the learned policy: the chance that a line of the log is needed for what is asked now."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from rushes.agent.context.entry import Entry
from rushes.agent.context.features import FEATURES, features
from rushes.agent.context.lines import Lines
from rushes.agent.context.meaning import meanings

WEIGHTS = Path(__file__).parents[2] / "weights" / "context"
TENSORS = ("mean", "scale", "w1", "b1", "w2", "b2")

# Log odds by feature for who has not trained a scorer: sensible by hand, and the baseline of a trained one.
HAND_SET = {
    "answers": 6.0,
    "answers_near_best": 3.0,
    "meant_near_best": 1.0,
    "looks": 0.5,
    "correction_on": 4.0,
    "instruction": 2.0,
    "instruction_on": 1.0,
    "board": 1.0,
    "note": 1.0,
    "fresh": 0.5,
    "repeated": -1.0,
}
HAND_SET_BIAS = -8.0


@dataclass(frozen=True, kw_only=True, eq=False)
class Scorer:
    """features -> log odds that the line is needed: linear (H = 0), or with one hidden layer of H."""

    mean: np.ndarray  # (F,) of the features
    scale: np.ndarray  # (F,) deviations
    w1: np.ndarray  # (F, H); (F, 0) if linear
    b1: np.ndarray  # (H,)
    w2: np.ndarray  # (H + F,): of the hidden layer, then of the features themselves
    b2: np.ndarray  # (1,)

    def log_odds(self, found: np.ndarray) -> np.ndarray:
        """found: (N, F) -> (N,)."""
        x = (found - self.mean) / self.scale
        hidden = np.maximum(x @ self.w1 + self.b1, 0)  # (N, H)
        return np.asarray(np.concatenate([hidden, x], axis=1) @ self.w2 + self.b2[0])

    def chances(self, lines: Lines, query: str) -> np.ndarray:
        """Chances that each line is needed (N,), 0 to 1."""
        return _chances(self, lines, query)

    def save(self, path: Path, *, note: str = "") -> None:
        """`note`: one line on where the weights come from."""
        path.parent.mkdir(parents=True, exist_ok=True)
        tensors = {name: np.ascontiguousarray(getattr(self, name), np.float32) for name in TENSORS}
        save_file(tensors, path, metadata={"features": json.dumps(FEATURES), "note": note})


def needed_of(lines: Lines, chances: np.ndarray, rows: Sequence[int] | None = None) -> np.ndarray:
    """Chances that any line of each entry is needed, by all of its lines or by these rows (entries,)."""
    left = np.ones(lines.entries)
    chosen = np.arange(len(chances)) if rows is None else np.asarray(rows, int)
    np.multiply.at(left, lines.owner[chosen], 1 - chances[chosen])
    return 1 - left


def hand_set() -> Scorer:
    size = len(FEATURES)
    return Scorer(
        mean=np.zeros(size, np.float32),
        scale=np.ones(size, np.float32),
        w1=np.zeros((size, 0), np.float32),
        b1=np.zeros(0, np.float32),
        w2=np.array([HAND_SET.get(name, 0.0) for name in FEATURES], np.float32),
        b2=np.array([HAND_SET_BIAS], np.float32),
    )


def shipped() -> Path:
    """The scorer trained with a model of meaning where there is one, else that by words alone."""
    return WEIGHTS / ("by_words.safetensors" if meanings() is None else "by_meaning.safetensors")


def load_scorer(path: Path | None = None) -> Scorer:
    """Of a file, else the shipped one. Raises ValueError for a file that is missing, damaged, or of other features."""
    path = path or shipped()
    if not path.is_file():
        raise ValueError(f"no scorer at {path}; train one, or use LearnedPolicy(hand_set())")
    try:
        with safe_open(path, framework="numpy") as file:
            known = tuple(json.loads(file.metadata()["features"]))
            tensors = {name: file.get_tensor(name) for name in TENSORS}
    except (SafetensorError, KeyError, TypeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is no scorer ({error}); train it again") from error
    if known != FEATURES:
        raise ValueError(f"the scorer of {path} knows other features; train it again with those of this version")
    return Scorer(**tensors)


@lru_cache(maxsize=2)
def shipped_scorer() -> Scorer:
    """Loaded once."""
    return load_scorer()


def scored(entries: Sequence[Entry], query: str) -> tuple[Lines, np.ndarray]:
    """The lines of these entries and, by the shipped scorer, the chance that each is needed."""
    lines = Lines.of(entries)
    return lines, shipped_scorer().chances(lines, query)


@lru_cache(maxsize=32)
def _chances(scorer: Scorer, lines: Lines, query: str) -> np.ndarray:
    found = 1 / (1 + np.exp(-np.clip(scorer.log_odds(_features(lines, query)), -30, 30)))
    found.flags.writeable = False  # it is kept
    return found


@lru_cache(maxsize=8)
def _features(lines: Lines, query: str) -> np.ndarray:
    return features(lines, query)
