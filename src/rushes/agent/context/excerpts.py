"""Shrinks entries for a question: the lines that answer it best stay, in place of the first line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from rushes.agent.context.entry import Entry, count_tokens
from rushes.agent.context.lines import Lines
from rushes.agent.context.messages import weighed
from rushes.agent.context.terms import terms

MOST = 48  # tokens of lines that an excerpt may have
LONG = 72  # tokens of a text from which on it is worth an excerpt
ALIKE = 0.6  # share of words in common from which on two lines are rows of one table


def focused(entries: Sequence[Entry], query: str) -> list[Entry]:
    """The entries with what they say about a question as their short form, where they are long and say anything."""
    lines = Lines.of(entries)
    scores = lines.scores(query)
    rows: dict[int, list[int]] = {}
    for row in np.flatnonzero(scores > 0):
        rows.setdefault(int(lines.owner[row]), []).append(int(row))
    return [
        _excerpt(entry, lines.lines, sorted(rows[place], key=lambda row: -scores[row]))
        if place in rows and not entry.stays and len(entry.costs) > 1 and entry.costs[0] >= LONG
        else entry
        for place, entry in enumerate(entries)
    ]


def kept_shares(entries: Sequence[Entry], query: str) -> dict[str, float]:
    """Of what the best line of each entry tells, how much its short form keeps, 0 to 1, by id."""
    lines = Lines.of(entries)
    scores = lines.scores(query)
    best = lines.best_of(scores)
    found: dict[str, float] = {}
    for place, entry in enumerate(entries):
        if len(entry.costs) > 1 and best[place] > 0:
            short = set(entry.short.splitlines())
            rows = np.flatnonzero(lines.owner == place)
            found[entry.id] = max((scores[row] for row in rows if lines.lines[row] in short), default=0.0) / best[place]
    return found


def _excerpt(entry: Entry, lines: Sequence[str], best: Sequence[int]) -> Entry:
    chosen: list[int] = []
    left = MOST
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
