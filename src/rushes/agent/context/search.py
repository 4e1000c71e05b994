"""Texts by their words: BM25 of our own, the share of a query that they hold, and what rare words link them to."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from rushes.agent.context.entry import Entry
from rushes.agent.context.terms import counted, terms

CONTEXT_TOOLS = frozenset({"drop", "shrink", "pin", "recall", "note"})
K1, B = 1.2, 0.75  # Robertson and Zaragoza 2009: how soon more of a word adds nothing; how much length counts against
LINKING = 0.1  # share of the texts that a word may stand in and still link two of them
SEEDS = 5  # texts whose rare words a search goes on with
MOST_LINKS = 12  # such words

Weights = Mapping[str, float]  # words and how much each counts


class Index:
    """Texts by the words that they hold. What a word weighs is found when it is first asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.size = len(texts)
        self.held = [_counted(text) for text in texts]  # times that each word stands there
        lengths = np.array([sum(one.values()) for one in self.held], float)
        self._norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()) if len(texts) else 0.0, 1.0))
        self._where: dict[str, list[int]] = {}
        for row, one in enumerate(self.held):
            for term in one:
                if term in self._where:
                    self._where[term].append(row)
                else:
                    self._where[term] = [row]
        self._rows: dict[str, np.ndarray] = {}
        self._bm25: dict[str, np.ndarray] = {}

    def rows(self, term: str) -> np.ndarray:
        """Texts that hold the word, ascending."""
        if term not in self._rows:
            self._rows[term] = np.array(self._where.get(term, ()), int)
        return self._rows[term]

    def idf(self, term: str) -> float:
        """How rare a word is."""
        held = len(self._where.get(term, ()))
        return math.log(1 + (self.size - held + 0.5) / (held + 0.5))

    def query(self, text: str) -> dict[str, float]:
        """The words of a text that are held somewhere, and what it counts off by its place, each counting 1."""
        return {term: 1.0 for term in (*terms(text), *sorted(counted(text))) if term in self._where}

    def scores(self, query: Weights) -> np.ndarray:
        """BM25 of each text (N,)."""
        found = np.zeros(self.size)
        for term, weight in query.items():
            if term in self._where:
                found[self.rows(term)] += weight * self._gains(term)
        return found

    def cover(self, query: Weights) -> np.ndarray:
        """Share of the query that each text holds (N,), 0 to 1, rare words counting more."""
        found, total = np.zeros(self.size), 1e-9
        for term, weight in query.items():
            if term in self._where:
                found[self.rows(term)] += weight * self.idf(term)
                total += weight * self.idf(term)
        return found / total

    def linked(self, scores: np.ndarray, query: Weights) -> dict[str, float]:
        """Rare words of the best texts, without those of the query: what a search goes on with; the best counts 1.

        The best says "Ansel carries a lantern", so "the one with the lantern" is found though it names no Ansel.
        """
        best = [row for row in np.argsort(-scores, kind="stable")[:SEEDS] if scores[row] > 0]
        found: Counter[str] = Counter()
        for row in best:
            for term in self.held[row]:
                if term not in query and 1 < len(self._where[term]) <= max(3, LINKING * self.size):
                    found[term] += scores[row] * self.idf(term)
        top = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_LINKS]
        return {term: float(weight / top[0][1]) for term, weight in top}

    def _gains(self, term: str) -> np.ndarray:
        """What the word adds to the texts of `rows`."""
        if term not in self._bm25:
            rows = self.rows(term)
            times = np.array([self.held[row][term] for row in rows], float)
            self._bm25[term] = self.idf(term) * times * (K1 + 1) / (times + self._norm[rows])
        return self._bm25[term]


@lru_cache(maxsize=50_000)
def _counted(text: str) -> Counter[str]:
    return Counter(terms(text))


def index_of(entries: Sequence[Entry]) -> Index:
    return index_of_texts(tuple(words_of(entry) for entry in entries))


@lru_cache(maxsize=16)
def index_of_texts(texts: tuple[str, ...]) -> Index:
    """Kept for the next questions about the same texts."""
    return Index(texts)


def words_of(entry: Entry) -> str:
    """Everything that an entry can be found by, its calls and captions included."""
    if not entry.asked and not entry.pictures:
        return entry.text
    calls = [f"{call.name} {json.dumps(call.arguments, ensure_ascii=False)}" for call in entry.asked]
    return "\n".join([entry.text, *calls, *(picture.caption for picture in entry.pictures)])


def about_context(entry: Entry) -> bool:
    """It is only about the context itself: edits, and copies of what was called back."""
    if entry.kind == "reminder":
        return True
    if entry.kind == "assistant":
        return bool(entry.asked) and not entry.text and all(call.name in CONTEXT_TOOLS for call in entry.asked)
    return entry.tool in CONTEXT_TOOLS
