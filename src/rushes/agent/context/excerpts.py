"""Shrinks entries for a question: the lines that meet its words stay, in place of the first line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from rushes.agent.context.answers import asked_for, looks_like
from rushes.agent.context.entry import Entry, count_tokens
from rushes.agent.context.messages import weighed
from rushes.agent.context.search import Index, Weights, index_of_texts
from rushes.agent.context.terms import terms

LINES = 48  # tokens of lines that an excerpt may have
LONG = 72  # tokens of a text from which on it is worth an excerpt
CLAUSE = re.compile(r"(?<=[.;!?]) ")  # behind it a long line may be parted
ALIKE = 0.6  # share of words in common from which on two lines are rows of one table
ANSWER = 0.5  # what the look of an answer counts, in BM25
LINKED = 0.5  # what a linked word counts, in words of the question


@dataclass(frozen=True, kw_only=True)
class Lines:
    """The lines of some entries, to be asked many questions."""

    index: Index  # of the lines
    owner: np.ndarray  # place of the entry that each line is of
    lines: tuple[str, ...]
    entries: int

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Lines:
        return _parsed(tuple(lines_of(entry) for entry in entries))

    def asked(self, query: str) -> tuple[dict[str, float], dict[str, float]]:
        """Words of the question, and words linked to them by the lines that answer best."""
        words = self.index.query(query)
        return words, self.index.linked(self.index.scores(words), words)

    def best(self, words: Weights) -> np.ndarray:
        """Share of the words that the best line of each entry holds (N,)."""
        found = np.zeros(self.entries)
        np.maximum.at(found, self.owner, self.index.cover(words))
        return found


@lru_cache(maxsize=16)
def _parsed(lines: tuple[tuple[str, ...], ...]) -> Lines:
    every = tuple(line for one in lines for line in one)
    owner = np.repeat(np.arange(len(lines)), [len(one) for one in lines])
    return Lines(index=index_of_texts(every), owner=owner, lines=every, entries=len(lines))


def lines_of(entry: Entry) -> tuple[str, ...]:
    """What an entry says, line by line, captions too; a long line clause by clause."""
    return _parted("\n".join([entry.text, *(picture.caption for picture in entry.pictures)]))


@lru_cache(maxsize=20_000)
def _parted(text: str) -> tuple[str, ...]:
    lines = text.splitlines()
    parts = [part for line in lines for part in (CLAUSE.split(line) if count_tokens(line) > LINES // 2 else [line])]
    return tuple(part.strip() for part in parts if part.strip())


def focused(entries: Sequence[Entry], query: str) -> list[Entry]:
    """The entries with what they say about a question as their short form, where they are long and say anything."""
    lines = Lines.of(entries)
    words, linked = lines.asked(query)
    scores = lines.index.scores(words | {word: LINKED * weight for word, weight in linked.items()})
    if asked := asked_for(query):  # what looks like an answer comes behind what meets the words
        scores = scores + ANSWER * np.array([not asked.isdisjoint(looks_like(line)) for line in lines.lines], float)
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(scores > 0):
        rows.setdefault(int(lines.owner[row]), []).append(int(row))
    return [
        _excerpt(entry, lines.lines, sorted(rows[place], key=lambda row: -scores[row]))
        if place in rows and not entry.stays and len(entry.costs) > 1 and entry.costs[0] >= LONG
        else entry
        for place, entry in enumerate(entries)
    ]


def kept_share(entry: Entry, words: Weights) -> float:
    """Share of these words, of those that the entry holds, that its short form holds too; 0 if it holds none."""
    whole, short = _held(lines_of(entry)), set(terms(entry.short))
    held = sum(weight for word, weight in words.items() if word in whole)
    return sum(weight for word, weight in words.items() if word in whole & short) / held if held else 0.0


def _excerpt(entry: Entry, lines: Sequence[str], best: Sequence[int]) -> Entry:
    chosen: list[int] = []
    left = LINES
    for row in best:
        if count_tokens(lines[row]) <= left and not any(alike(lines[row], lines[other]) for other in chosen):
            chosen.append(row)
            left -= count_tokens(lines[row])
    if not chosen:
        return entry
    return weighed(replace(entry, short="\n".join(["(shrunk)", *(lines[row] for row in sorted(chosen))])))


def alike(line: str, other: str) -> bool:
    """The same words but for the numbers, nearly: rows of one table, of which one is enough."""
    a, b = _words(line), _words(other)
    return len(a & b) > ALIKE * len(a | b)


@lru_cache(maxsize=50_000)
def _words(line: str) -> frozenset[str]:
    return frozenset(term for term in terms(line) if not term[0].isdigit())


@lru_cache(maxsize=5_000)
def _held(lines: tuple[str, ...]) -> frozenset[str]:
    return frozenset(term for line in lines for term in terms(line))
