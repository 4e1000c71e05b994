"""Text: words to tokens and to vectors, trained along with the denoiser. Pretrained encoders fit the same seam."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from rushes.model.attention import attention
from rushes.model.norm import RMSNorm

SPECIAL = ("<pad>", "<start>", "<unk>")
PAD, START, UNKNOWN = range(3)
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?|[^\w\s]")


class TextEncoder(Protocol):
    """Anything that turns B texts into vectors (B, L, width) and a mask (B, L) that is True where there is text.

    The empty text must give at least one vector: it is what guidance leads away from.
    """

    @property
    def width(self) -> int: ...

    def __call__(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]: ...


def split_words(text: str) -> list[str]:
    """Words in lower case, and punctuation marks, in order."""
    return _WORD.findall(text.lower())


def build_vocabulary(sentences: Iterable[str]) -> tuple[str, ...]:
    """Every word of `sentences`, sorted, after the special tokens."""
    return (*SPECIAL, *sorted({word for sentence in sentences for word in split_words(sentence)}))


@dataclass(frozen=True, kw_only=True)
class TextConfig:
    vocabulary: tuple[str, ...] = SPECIAL  # special tokens, then words
    width: int = 192  # channels of a text vector
    layers: int = 2  # transformer blocks
    heads: int = 4  # attention heads
    max_tokens: int = 48  # longest text; what follows is cut off


class WordEncoder(nn.Module):
    """A word-level tokenizer with a small bidirectional transformer."""

    def __init__(self, config: TextConfig) -> None:
        super().__init__()
        if config.vocabulary[: len(SPECIAL)] != SPECIAL:
            raise ValueError(f"a vocabulary begins with {SPECIAL}, not {config.vocabulary[:3]}; use build_vocabulary")
        self.config = config
        self.width = config.width
        self.ids = {word: index for index, word in enumerate(config.vocabulary)}
        self.words = nn.Embedding(len(config.vocabulary), config.width)
        self.places = nn.Embedding(config.max_tokens, config.width)
        nn.init.normal_(self.words.weight, std=0.5)
        nn.init.normal_(self.places.weight, std=0.1)
        self.phrase = nn.Linear(3 * config.width, config.width, bias=False)  # "to the left" is not "on the left"
        nn.init.zeros_(self.phrase.weight)
        self.blocks = nn.ModuleList(TextBlock(config.width, config.heads) for _ in range(config.layers))
        self.norm = RMSNorm(config.width)

    def tokens(self, texts: Sequence[str]) -> Tensor:
        """Token numbers (B, L), padded to the longest of the batch."""
        rows = [[START, *(self.ids.get(w, UNKNOWN) for w in split_words(t))][: self.config.max_tokens] for t in texts]
        longest = max(len(row) for row in rows)
        padded = [row + [PAD] * (longest - len(row)) for row in rows]
        return torch.tensor(padded, device=self.words.weight.device)

    def unknown(self, text: str) -> list[str]:
        """Words of `text` that the model has never seen."""
        return [word for word in split_words(text) if word not in self.ids]

    def forward(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        ids = self.tokens(texts)  # (B, L)
        mask = ids != PAD
        words = self.words(ids)  # (B, L, D)
        before = F.pad(words, (0, 0, 2, 0))
        phrases = self.phrase(torch.cat([before[:, :-2], before[:, 1:-1], words], -1))  # each word after the two before
        x = words + self.places.weight[: ids.shape[1]] + phrases
        for block in self.blocks:
            x = block(x, mask)
        return self.norm(x), mask


class TextBlock(nn.Module):
    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = RMSNorm(width), RMSNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        q, k, v = self.qkv(self.norm1(x)).unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)  # (B, heads, L, d)
        h = attention(q, k, v, mask)
        x = x + self.out(h.transpose(1, 2).flatten(2))
        return x + self.down(F.gelu(self.up(self.norm2(x))))
