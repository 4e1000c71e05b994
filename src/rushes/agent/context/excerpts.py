"""Shrinks entries for a question: the lines that it likely needs stay, in place of the first line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from rushes.agent.context.entry import Entry, count_tokens
from rushes.agent.context.lines import Lines
from rushes.agent.context.messages import weighed
from rushes.agent.context.scorer import shipped_scorer
from rushes.agent.context.terms import terms

MOST = 48  # tokens of lines that an excerpt may have
LONG = 72  # tokens of a text from which on it is worth an excerpt
ALIKE = 0.6  # share of words in common from which on two lines are rows of one table


def focused(entries: Sequence[Entry], query: str) -> list[Entry]:
    """The entries with what they say about a question as their short form, where they are long and say anything."""
    short = _excerpts(Lines.of(entries), query)
    return [
        weighed(replace(entry, short=short[place]))
        if place in short and not entry.stays and len(entry.costs) > 1 and entry.costs[0] >= LONG
        else entry
        for place, entry in enumerate(entries)
    ]


@lru_cache(maxsize=16)
def _excerpts(lines: Lines, query: str) -> dict[int, str]:
    """By place of the entry."""
    chances = shipped_scorer().chances(lines, query)
    told = lines.scores(query) > 0
    chosen: dict[int, list[int]] = {}
    left: dict[int, int] = {}
    for row in np.argsort(-chances, kind="stable"):
        place, line = int(lines.owner[row]), lines.lines[row]
        rows, weight = chosen.setdefault(place, []), count_tokens(line)
        if told[row] and weight <= left.setdefault(place, MOST):
            if not any(alike(line, lines.lines[other]) for other in rows):
                rows.append(int(row))
                left[place] -= weight
    return {
        place: "\n".join(["(shrunk)", *(lines.lines[row] for row in sorted(rows))])
        for place, rows in chosen.items()
        if rows
    }


def alike(line: str, other: str) -> bool:
    """The same words but for the numbers, nearly: rows of one table, of which one is enough."""
    a, b = _words(line), _words(other)
    return len(a & b) > ALIKE * len(a | b)


@lru_cache(maxsize=50_000)
def _words(line: str) -> frozenset[str]:
    return frozenset(term for term in terms(line) if not term[0].isdigit())
