"""The learned policy: a small scorer guesses what will be needed, and the budget goes to what is likeliest a token."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from rushes.agent.context.entry import Entry
from rushes.agent.context.excerpts import kept_shares
from rushes.agent.context.features import FEATURES, features
from rushes.agent.context.meaning import meanings
from rushes.agent.context.packing import Keeps, keeps_by_cost, pack
from rushes.agent.context.select import Slot

WEIGHTS = Path(__file__).parents[2] / "weights" / "context"
LEAST = 1e-6  # chance that an entry is needed at all, so that what is left of a budget is spent too
TENSORS = ("mean", "scale", "w1", "b1", "w2", "b2")

# Log odds by feature for who has not trained a scorer: sensible by hand, and the baseline of a trained one.
HAND_SET = {
    "cover": 2.0,
    "bm25": 2.0,
    "rarest": 1.0,
    "names": 1.5,
    "linked": 2.0,
    "linked_twice": 0.5,
    "line": 4.0,
    "line_linked": 1.0,
    "line_both": 3.0,
    "meant": 2.0,
    "named": 2.0,
    "named_meant": 2.0,
    "answers": 2.0,
    "answer_like": 0.7,
    "user_words": 0.5,
    "before": 0.8,
    "after": 0.5,
    "group": 0.5,
    "first": 1.5,
    "first_linked": 0.7,
    "last": 1.0,
    "newest": 1.0,
    "correction_on": 2.0,
    "instruction": 2.0,
    "instruction_on": 1.0,
    "board": 1.0,
    "note": 1.5,
    "recalled": 1.0,
    "about_context": -4.0,
    "fresh": 1.0,
}
HAND_SET_BIAS = -6.0


@dataclass(frozen=True, kw_only=True)
class Scorer:
    """features -> log odds that the entry is needed: linear (H = 0), or with one hidden layer of H."""

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

    def chances(self, found: np.ndarray) -> np.ndarray:
        """Chances that each entry is needed (N,), 0 to 1."""
        return 1 / (1 + np.exp(-np.clip(self.log_odds(found), -30, 30)))

    def save(self, path: Path, *, note: str = "") -> None:
        """`note`: one line on where the weights come from."""
        path.parent.mkdir(parents=True, exist_ok=True)
        tensors = {name: np.ascontiguousarray(getattr(self, name), np.float32) for name in TENSORS}
        save_file(tensors, path, metadata={"features": json.dumps(FEATURES), "note": note})


def hand_set() -> Scorer:
    weights = np.array([HAND_SET.get(name, 0.0) for name in FEATURES], np.float32)
    size = len(FEATURES)
    return Scorer(
        mean=np.zeros(size, np.float32),
        scale=np.ones(size, np.float32),
        w1=np.zeros((size, 0), np.float32),
        b1=np.zeros(0, np.float32),
        w2=weights,
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


@lru_cache(maxsize=1)
def shipped_scorer() -> Scorer:
    """Loaded once."""
    return load_scorer()


class LearnedPolicy:
    """Chooses for a question: what answers it, what corrects that, what was laid down once, and what is fresh."""

    name = "learned"
    by_query = True  # another question, another choice

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer

    @classmethod
    def load(cls, path: Path | None = None) -> LearnedPolicy:
        """With the shipped scorer, or another."""
        return cls(load_scorer(path))

    def select(self, slots: Sequence[Entry], budget: int, *, query: str = "") -> Mapping[str, int]:
        if not slots:
            return {}
        chances = self.scorer.chances(features(slots, str(query)))
        worth = {slot.id: float(chance) + LEAST for slot, chance in zip(slots, chances, strict=True)}
        return pack(slots, worth, budget, keeps=keeps_for(slots, str(query)))


def keeps_for(slots: Sequence[Entry], query: str) -> Keeps:
    """What a short form keeps: most, where it holds the line that answers best."""
    kept = kept_shares(slots, query)

    def keeps(slot: Slot, level: int) -> float:
        return 1.0 if level == 0 else max(0.85 * kept.get(slot.id, 0.0), 0.5 * keeps_by_cost(slot, level))

    return keeps
