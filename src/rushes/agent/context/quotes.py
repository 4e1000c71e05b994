"""Quotes what a question needs: the likeliest lines of the log that can't be read now, with who said them and when;
and what stands, which no question may find.

Lines and not entries, as the line that is needed hides in long results. Quotes stand at the end of the context, so
nothing before them is re-billed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from rushes.agent.context.entry import Entry, count_tokens
from rushes.agent.context.lines import Lines
from rushes.agent.context.messages import message_of, quoted
from rushes.agent.context.scorer import scored
from rushes.agent.context.search import about_context
from rushes.agent.context.standing import standing

MOST = 2000  # tokens of quotes at a time
UNASKED = 0.1  # what the chance of a line counts that shares neither a word nor a meaning with the question
LEAST = 0.0002  # chance that a line is needed, from which on it is quoted
ABOUT = 0.5  # of a line's score, from which on it has to do with the question at all
SHORT = 32  # tokens up to which an entry is quoted whole
HEADING = 10  # tokens of an id, who said it and when


def quotes(
    entries: Sequence[Entry], query: str, tokens: float, *, shown: Sequence[Entry] = ()
) -> tuple[dict[str, str], list[str]]:
    """Quotes by id, in order of the log, in at most so many tokens; and ids of what answers and can be read in `shown`,
    the best first. Both are empty where nothing has to do with the question."""
    free = [entry for entry in entries if not about_context(entry)]
    lines, chances = scored(free, query)
    scores = lines.scores(query)
    if not (scores > ABOUT).any():
        return {}, []
    likely = np.where(scores > 0, chances, UNASKED * chances)
    rows = [int(row) for row in np.argsort(-likely, kind="stable") if likely[row] >= LEAST]
    readable = _readable(shown)
    known = dict.fromkeys(free[lines.owner[row]].id for row in rows if lines.lines[row] in readable)
    return _quoted(free, lines, rows, min(tokens, MOST), readable), list(known)


def what_stands(entries: Sequence[Entry], tokens: float, *, shown: Sequence[Entry] = ()) -> dict[str, str]:
    """Quotes by id of what no question may find (standing.py), in at most so many tokens. What of it can be read is
    counted too, so that no more comes where it was told before."""
    free = [entry for entry in entries if not about_context(entry)]
    lines = Lines.of(free)
    rows = standing(lines, free)
    ends = np.cumsum([count_tokens(lines.lines[row]) + HEADING for row in rows])
    most = min(tokens, MOST)
    told = [row for row, end in zip(rows, ends, strict=True) if end <= most]
    return _quoted(free, lines, told, most, _readable(shown))


def _readable(shown: Sequence[Entry]) -> str:
    return "\n".join(message_of(entry).content for entry in shown)


def _quoted(
    entries: Sequence[Entry], lines: Lines, rows: Sequence[int], tokens: float, readable: str
) -> dict[str, str]:
    """Quotes by id of these rows, the first ones first, as far as the tokens go, without what can be read."""
    chosen: dict[int, set[int]] = {}  # rows by place of the entry
    said: set[str] = set()  # the likeliest of what is said twice, which is mostly the newest, stands for all
    for row in rows:
        place, line = int(lines.owner[row]), lines.lines[row]
        if line in said or line in readable:
            continue
        whole = entries[place].costs[0] <= SHORT
        its = set(np.flatnonzero(lines.owner == place).tolist()) if whole else {row}
        weight = entries[place].costs[0] if whole else count_tokens(line)
        weight += 0 if place in chosen else HEADING
        if weight <= tokens:
            chosen.setdefault(place, set()).update(its)
            said |= {lines.lines[one] for one in its}
            tokens -= weight
    return {entries[place].id: _quote(entries[place], lines.lines, chosen[place]) for place in sorted(chosen)}


def _quote(entry: Entry, lines: Sequence[str], rows: Collection[int]) -> str:
    whole = entry.costs[0] <= SHORT
    return quoted(entry, "" if whole else "\n".join(lines[row] for row in sorted(rows)))
