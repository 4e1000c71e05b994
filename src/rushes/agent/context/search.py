"""Texts by their words: BM25 of our own, the share of a query that they hold, and what rare words link them to."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np

from rushes.agent.context.entry import Entry
from rushes.agent.context.terms import terms

CONTEXT_TOOLS = frozenset({"drop", "shrink", "pin", "recall", "note", "remind"})
K1, B = 1.2, 0.75  # Robertson and Zaragoza 2009: how soon more of a word adds nothing; how much length counts against
LINKING = 0.1  # share of the texts that a word may stand in and still link two of them
SEEDS = 5  # texts whose rare words a search goes on with
MOST_LINKS = 12  # such words

Weights = Mapping[str, float]  # words and how much each counts


class Index:
    """Texts by the words that they hold."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(terms(text)) for text in texts]
        lengths = np.array([sum(one.values()) for one in counts], float)
        norm = K1 * (1 - B + B * lengths / max(float(lengths.mean()) if len(texts) else 0.0, 1.0))
        self.size = len(texts)
        self.held = [frozenset(one) for one in counts]
        held: dict[str, list[tuple[int, int]]] = {}
        for row, one in enumerate(counts):
            for term, count in one.items():
                held.setdefault(term, []).append((row, count))
        self.rows = {term: np.array([row for row, _ in pairs]) for term, pairs in held.items()}  # ascending
        self.idf = {
            term: float(np.log(1 + (self.size - len(r) + 0.5) / (len(r) + 0.5))) for term, r in self.rows.items()
        }
        self._bm25 = {}
        for term, pairs in held.items():
            times = np.array([count for _, count in pairs], float)
            self._bm25[term] = self.idf[term] * times * (K1 + 1) / (times + norm[self.rows[term]])

    def query(self, text: str) -> dict[str, float]:
        """The words of a text that are held somewhere, each counting 1."""
        return {term: 1.0 for term in terms(text) if term in self.rows}

    def scores(self, query: Weights) -> np.ndarray:
        """BM25 of each text (N,)."""
        found = np.zeros(self.size)
        for term, weight in query.items():
            if term in self.rows:
                found[self.rows[term]] += weight * self._bm25[term]
        return found

    def cover(self, query: Weights) -> np.ndarray:
        """Share of the query that each text holds (N,), 0 to 1, rare words counting more."""
        found, total = np.zeros(self.size), 1e-9
        for term, weight in query.items():
            if term in self.rows:
                found[self.rows[term]] += weight * self.idf[term]
                total += weight * self.idf[term]
        return found / total

    def linked(self, scores: np.ndarray, query: Weights) -> dict[str, float]:
        """Rare words of the best texts, without those of the query: what a search goes on with; the best counts 1.

        The best says "Ansel carries a lantern", so "the one with the lantern" is found though it names no Ansel.
        """
        best = [row for row in np.argsort(-scores, kind="stable")[:SEEDS] if scores[row] > 0]
        found: Counter[str] = Counter()
        for row in best:
            for term in self.held[row]:
                if term not in query and 1 < len(self.rows[term]) <= max(3, LINKING * self.size):
                    found[term] += scores[row] * self.idf[term]
        top = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_LINKS]
        return {term: float(weight / top[0][1]) for term, weight in top}


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
    if entry.kind == "assistant":
        return bool(entry.asked) and not entry.text and all(call.name in CONTEXT_TOOLS for call in entry.asked)
    return entry.tool in CONTEXT_TOOLS
