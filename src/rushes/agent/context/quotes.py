"""Quotes what a question needs: the likeliest lines of the log that can't be read now, with who said them and when.

Lines and not entries, as the line that is needed hides in long results. Quotes stand at the end of the context, so
nothing before them is re-billed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from rushes.agent.context.entry import Entry, count_tokens
from rushes.agent.context.messages import message_of, quoted
from rushes.agent.context.scorer import scored
from rushes.agent.context.search import about_context

MOST = 2000  # tokens of quotes that a question is worth
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
    readable = "\n".join(message_of(entry).content for entry in shown)
    known: dict[str, None] = {}
    chosen: dict[int, set[int]] = {}  # rows by place of the entry
    said: set[str] = set()  # the likeliest of what is said twice, which is mostly the newest, stands for all
    left = min(tokens, MOST)
    for row in np.argsort(-likely, kind="stable"):
        place, line = int(lines.owner[row]), lines.lines[row]
        if likely[row] < LEAST:
            break
        if line in readable:
            known[free[place].id] = None
        elif line not in said:
            whole = free[place].costs[0] <= SHORT
            rows = set(np.flatnonzero(lines.owner == place).tolist()) if whole else {int(row)}
            weight = free[place].costs[0] if whole else count_tokens(line)
            weight += 0 if place in chosen else HEADING
            if weight <= left:
                chosen.setdefault(place, set()).update(rows)
                said |= {lines.lines[one] for one in rows}
                left -= weight
    return {free[place].id: _quote(free[place], lines.lines, chosen[place]) for place in sorted(chosen)}, list(known)


def _quote(entry: Entry, lines: Sequence[str], rows: Collection[int]) -> str:
    whole = entry.costs[0] <= SHORT
    return quoted(entry, "" if whole else "\n".join(lines[row] for row in sorted(rows)))
