"""Trains the classifier of `sense.py` from its exemplars: `python -m rushes.agent.builtin.sense_training`.

Softmax regression by full-batch Adam, every sense weighing the same however many exemplars it has. It tells the share
of exemplars named right by classifiers that have not seen them (each fifth left out in turn).
"""

from __future__ import annotations

import numpy as np
from safetensors.numpy import save_file

from rushes.agent.builtin.sense import WEIGHTS, features, read_exemplars

SEED = 5
STEPS = 120
RATE = 0.1  # of Adam
DECAY = 1e-4  # of the squared weights
FOLDS = 5


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


def held_out(x: np.ndarray, y: np.ndarray, names: list[str]) -> tuple[float, list[tuple[str, str, int]]]:
    """Share of exemplars named right by who has not seen them, and what was taken for what, most often first."""
    fold = np.random.default_rng(SEED).permutation(len(y)) % FOLDS
    mixed: dict[tuple[str, str], int] = {}
    right = 0
    for each in range(FOLDS):
        out = fold == each
        model = train(x[~out], y[~out], len(names))
        guess = np.argmax(x[out] @ model["w"] + model["b"], axis=1)
        right += int((guess == y[out]).sum())
        for is_it, said in zip(y[out], guess, strict=True):
            if is_it != said:
                mixed[names[is_it], names[said]] = mixed.get((names[is_it], names[said]), 0) + 1
    worst = sorted(mixed.items(), key=lambda item: -item[1])
    return right / len(y), [(a, b, n) for (a, b), n in worst]


def main() -> None:
    table = read_exemplars()
    names = [name for name, _, _ in table]
    x = features([text for _, _, texts in table for text in texts])
    if x is None:
        raise SystemExit("training needs the model of meaning: pip install 'rushes[meaning]'")
    y = np.array([n for n, (_, _, texts) in enumerate(table) for _ in texts])
    share, mixed = held_out(x, y, names)
    print(f"{len(y)} exemplars of {len(names)} senses, named right when left out: {share:.3f}")
    print("most often mixed up:", ", ".join(f"{a} as {b} {n}x" for a, b, n in mixed[:12]))
    model = train(x, y, len(names))
    save_file({name: value.astype(np.float16) for name, value in model.items()}, WEIGHTS, {"senses": " ".join(names)})


if __name__ == "__main__":
    main()
