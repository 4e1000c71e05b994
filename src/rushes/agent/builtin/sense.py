"""What a sentence wants, by its meaning: words nobody wrote a rule for land near words that somebody exemplified.

Names, times and quoted words are masked, the rest becomes a vector (`context/meaning.py`) beside a count of what was
masked and the words themselves, and a softmax classifier says how likely each sense is. Its exemplars and weights are
in weights/sense/.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from safetensors import safe_open

from rushes.agent.builtin.marks import BRACES_BACK, ORDINALS, mark
from rushes.agent.context.meaning import meanings

FOLDER = Path(__file__).parents[2] / "weights" / "sense"
EXEMPLARS, HELD_OUT, WEIGHTS = FOLDER / "exemplars.txt", FOLDER / "held_out.txt", FOLDER / "sense.safetensors"
MASKS = {  # what stands for a mark in the sentence that is compared
    "q": "the words", "m": "the file", "i": "the shot", "t": "3 seconds", "n": "3", "x": "2 times", "p": "50 percent",
    "d": "6 decibels", "l": "loudness", "b": "120 beats a minute", "a": "9:16", "r": "1080x1920",
}  # fmt: skip
COUNTED = "qmtdxapbln"  # marks that are counted, up to MOST
MOST = 3
HASHED = 1024  # places for words and pairs of words: vectors tell "start" from "end" badly
COUNT_WEIGHT, WORD_WEIGHT = 0.3, 0.15  # beside a vector of length 1
TWINS = (  # senses that only a word or two tells apart: their chances are one, and code looks for the word
    ("trim_start", "trim_end"), ("first", "last"), ("faster", "slower"), ("louder", "quieter"),
    ("text_later", "text_earlier"), ("frame", "frame_whole"),
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Sense:
    name: str  # a heading of exemplars.txt
    chance: float  # that this is what is meant, of 1


def masked(words: str) -> tuple[str, tuple[int, ...]]:
    """Words, or words that are marked already, with a like word in each mark's place; how often each mark is there."""
    text = words if re.search(r"\{[a-z]-?[\d:]", words) else mark(words).text
    counts = tuple(min(MOST, len(re.findall(rf"\{{{kind}", text))) for kind in COUNTED)
    text = re.sub(r"\{o-(\d+)\}", lambda m: "last" if m[1] == "1" else "last but one", text)
    text = re.sub(r"\{o(\d+)\}", lambda m: ORDINALS[min(int(m[1]), len(ORDINALS) - 1)], text)
    text = text.replace("{d-", "minus {d")
    text = re.sub(r"\{([a-z])[^}]*\}", lambda m: MASKS.get(m[1], ""), text)
    return " ".join(text.translate(BRACES_BACK).split()), counts


def features(texts: list[str]) -> np.ndarray | None:
    """(N, WIDTH + marks + HASHED); None where there is no model of meaning."""
    model = meanings()
    if model is None:
        return None
    told = [masked(text) for text in texts]
    counts = np.array([counts for _, counts in told], np.float32).reshape(len(texts), len(COUNTED))
    words = np.zeros((len(texts), HASHED), np.float32)
    for row, (text, _) in zip(words, told, strict=True):
        said = re.findall(r"[a-z']+", text)
        for word in [*said, *(" ".join(pair) for pair in pairwise(said))]:
            row[zlib.crc32(word.encode()) % HASHED] = 1.0
    parts = [model.of([text for text, _ in told]), COUNT_WEIGHT * counts, WORD_WEIGHT * words]
    return np.concatenate(parts, axis=1).astype(np.float32)


@lru_cache(maxsize=4096)
def senses_of(text: str) -> tuple[Sense, ...]:
    """The likeliest senses of a sentence or a short message, the best first; empty without a model of meaning."""
    weights, names = _weights()
    x = features([text]) if names else None
    if x is None:
        return ()
    scores = x[0] @ weights["w"] + weights["b"]
    chances = np.exp(scores - scores.max())
    chance = dict(zip(names, (chances / chances.sum()).tolist(), strict=True))
    for one, other in TWINS:
        likelier, less = (one, other) if chance[one] > chance[other] else (other, one)
        chance[likelier] += chance.pop(less)
    best = sorted(chance, key=lambda name: -chance[name])[:3]
    return tuple(Sense(name=name, chance=chance[name]) for name in best)


@lru_cache(maxsize=1)
def _weights() -> tuple[dict[str, np.ndarray], tuple[str, ...]]:
    if not WEIGHTS.is_file():
        return {}, ()
    with safe_open(WEIGHTS, framework="numpy") as file:
        names = tuple(file.metadata()["senses"].split())
        return {name: file.get_tensor(name).astype(np.float32) for name in ("w", "b")}, names


def read_exemplars(path: Path = EXEMPLARS) -> list[tuple[str, str, list[str]]]:
    """(sense, the same as a plain order, sentences) for each heading."""
    found: list[tuple[str, str, list[str]]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            name, _, plain = line[1:].partition("|")
            found.append((name.strip(), plain.strip(), []))
        elif line and not line.startswith("#"):
            found[-1][2].append(line)
    return found


@lru_cache(maxsize=1)
def plain_orders() -> dict[str, str]:
    return {name: plain for name, plain, _ in read_exemplars()}
