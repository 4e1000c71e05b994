"""The lines of entries, and how well each answers a question: by words, by names that stand for them, by meaning."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from rushes.agent.context.answers import asked_for, looks_like
from rushes.agent.context.entry import Entry, count_tokens
from rushes.agent.context.meaning import meanings
from rushes.agent.context.search import LINKING, Index, index_of_texts
from rushes.agent.context.terms import terms

CLAUSES = 24  # tokens from which on a line is parted into its clauses
CLAUSE = re.compile(r"(?<=[.;!?]) ")  # behind it a long line may be parted
ANSWER = 0.5  # what the look of an answer counts, in BM25
LINKED = 0.5  # what a linked word counts, in words of the question
UNLIKE = 0.15  # cosine up to which two sentences have nothing to do with each other
MEANT = 6.0  # what the nearest meaning counts, in BM25
CALLED = re.compile(r"(?<=[a-z,;:·] )[A-Z][a-z]{2,}|\b[a-z]+-\d+\b")  # somebody by name, something by its board id
HASH = re.compile(r"\b[0-9a-f]{8,}\b")
NUMBER = re.compile(r"\d+(?:\.\d+)?")
REFERENTS = 3  # names that something may be meant by
UNLIKELY = 0.3  # of the likeliest name, that another must reach


@dataclass(frozen=True, kw_only=True, eq=False)
class Lines:
    """The lines of some entries, to be asked many questions."""

    index: Index  # of the lines
    owner: np.ndarray  # place of the entry that each line is of
    lines: tuple[str, ...]
    kinds: tuple[str, ...]  # of the entries

    @property
    def entries(self) -> int:
        return len(self.kinds)

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> Lines:
        return _parsed(tuple(lines_of(entry) for entry in entries), tuple(entry.kind for entry in entries))

    def asked(self, query: str) -> tuple[dict[str, float], dict[str, float]]:
        """Words of the question, and words linked to them by the lines that answer best."""
        words = self.index.query(query)
        return words, self.index.linked(self.index.scores(words), words)

    def best_of(self, scores: np.ndarray) -> np.ndarray:
        """Of each entry's lines the best score (N,), at least 0."""
        found = np.zeros(self.entries)
        np.maximum.at(found, self.owner, scores)
        return found

    def meant(self, query: str) -> np.ndarray:
        """How near each line comes to the question in meaning, 0 to 1; 0 for all where no model of meaning is there."""
        model = meanings()
        if model is None or not self.lines:
            return np.zeros(len(self.lines))
        cosines = _vectors(self.lines) @ model.of([_plain(query)])[0]
        return np.asarray(np.clip((cosines - UNLIKE) / (1 - UNLIKE), 0, 1), float)

    def named(self, query: str) -> dict[str, float]:
        """The question with a name in the place of what somebody or something is called by, and how likely each is.

        "How did the owl look?" -> "How did Juno look?", as Juno and the owl stand on the same lines.
        """
        return _named(self, query)

    def scores(self, query: str) -> np.ndarray:
        """How well each line answers, by words, by what they link to, by meaning and by the look of an answer."""
        return _scores(self, query)


@lru_cache(maxsize=16)
def _named(lines: Lines, query: str) -> dict[str, float]:
    index = lines.index
    words = index.query(query)
    if CALLED.search(query):  # it says who is meant
        return {}
    names = _names(lines.lines)
    found: dict[str, float] = {}
    for word in words:
        rows = index.rows(word)
        if not 0 < len(rows) <= max(3, LINKING * index.size):
            continue
        beside = Counter(term for row in rows for term in index.held[row] if term in names and term not in words)
        for name, times in beside.items():
            share = times / len(rows) * math.sqrt(times / len(index.rows(name)))
            asked = re.sub(rf"(?i)\b(?:(?:the|this|that|our) )?{re.escape(word)}\w*", names[name], query)
            found[asked] = max(found.get(asked, 0.0), index.idf(word) * share)
    best = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:REFERENTS]
    return {asked: score / best[0][1] for asked, score in best if score >= UNLIKELY * best[0][1]}


@lru_cache(maxsize=16)
def _scores(lines: Lines, query: str) -> np.ndarray:
    words, linked = lines.asked(query)
    found = lines.index.scores(words | {word: LINKED * weight for word, weight in linked.items()})
    found = found + MEANT * lines.meant(query)
    for asked, likely in lines.named(query).items():
        told = lines.index.scores(lines.index.query(asked)) + MEANT * lines.meant(asked)
        found = np.maximum(found, likely * told)
    if wanted := asked_for(query):  # what looks like an answer comes behind what meets the words
        looks = np.array([not wanted.isdisjoint(looks_like(line)) for line in lines.lines], float)
        found = found + ANSWER * looks
    found.flags.writeable = False  # it is kept
    return found


@lru_cache(maxsize=16)
def _names(lines: tuple[str, ...]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        for name in CALLED.findall(line):
            for term in terms(name):
                found.setdefault(term, name)
    return found


@lru_cache(maxsize=16)
def _vectors(lines: tuple[str, ...]) -> np.ndarray:
    """(N,) lines -> (N, D); only where there is a model of meaning."""
    model = meanings()
    assert model is not None
    return model.of([_plain(line) for line in lines])


def _plain(line: str) -> str:
    """Any number for all numbers: what they mean is told by the words around them, and rows of a table become one."""
    return NUMBER.sub("1", HASH.sub("", line))


@lru_cache(maxsize=16)
def _parsed(lines: tuple[tuple[str, ...], ...], kinds: tuple[str, ...]) -> Lines:
    every = tuple(line for one in lines for line in one)
    owner = np.repeat(np.arange(len(lines)), [len(one) for one in lines])
    return Lines(index=index_of_texts(every), owner=owner, lines=every, kinds=kinds)


def lines_of(entry: Entry) -> tuple[str, ...]:
    """What an entry says, line by line, captions too; a long line clause by clause."""
    return _parted("\n".join([entry.text, *(picture.caption for picture in entry.pictures)]))


@lru_cache(maxsize=20_000)
def _parted(text: str) -> tuple[str, ...]:
    lines = text.splitlines()
    parts = [part for line in lines for part in (CLAUSE.split(line) if count_tokens(line) > CLAUSES else [line])]
    return tuple(part.strip() for part in parts if part.strip())
