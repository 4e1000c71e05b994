"""What stands: lines that say what the log says nowhere else, such as a setting, a decision or a file that was chosen.

A question may ask for them in words of its own, and then no search leads to them: they are to be read beforehand. What
tools print by the hundred is told by its words, which come again and again; what was settled once stands in rare ones.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rushes.agent.context.entry import Entry
from rushes.agent.context.lines import Lines
from rushes.agent.context.terms import has_number, terms

RARE = 1.0  # how rare its words are, from which on a line stands: about 1 are those that a third of the lines hold
OF_ONE = 3  # lines of one entry, so that no long text takes all the room


def standing(lines: Lines, entries: Sequence[Entry]) -> list[int]:
    """Rows of what stands, the rarest words first, of the same words the newest; without what stays anyway."""
    words = [tuple(word for word in terms(line) if not has_number(word)) for line in lines.lines]
    # A word more than there are: few words say little, however rare they are.
    rare = np.array([sum(lines.index.idf(word) for word in one) / (len(one) + 1) for one in words])
    found: list[int] = []
    said: set[tuple[str, ...]] = set()
    taken = [0] * len(entries)
    for row in sorted(np.flatnonzero(rare >= RARE), key=lambda row: (-rare[row], -row)):
        place = lines.owner[row]
        if not entries[place].stays and words[row] not in said and taken[place] < OF_ONE:
            found.append(int(row))
            said.add(words[row])
            taken[place] += 1
    return found
