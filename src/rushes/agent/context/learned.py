"""The learned policy: a small scorer guesses what will be needed, and the budget goes to what is likeliest a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from rushes.agent.context.entry import Entry
from rushes.agent.context.lines import Lines
from rushes.agent.context.packing import Keeps, keeps_by_cost, pack
from rushes.agent.context.scorer import Scorer, load_scorer, needed_of
from rushes.agent.context.select import Slot
from rushes.agent.context.terms import instructs

LEAST = 1e-6  # chance that an entry is needed at all, so that what is left of a budget is spent too
RULE = 0.1  # least chance of a line that lays down a rule: nobody's words say when it will be needed
SHORTENED = 0.85  # what a short form is worth that keeps all that is likely needed: it stands there without the rest


class LearnedPolicy:
    """Chooses for a question: what answers it, what corrects that, what was laid down once, and what is fresh."""

    name = "learned"
    by_query = True  # another question, another choice

    def __init__(self, scorer: Scorer) -> None:
        self.scorer = scorer

    @classmethod
    def load(cls, path: Path | None = None) -> LearnedPolicy:
        """With the shipped scorer, or another."""
        return cls(load_scorer(path))

    def select(self, slots: Sequence[Entry], budget: int, *, query: str = "") -> Mapping[str, int]:
        if not slots:
            return {}
        lines = Lines.of(slots)
        laid_down = np.array([instructs(line) for line in lines.lines], float)
        chances = np.maximum(self.scorer.chances(lines, str(query)), RULE * laid_down)
        needed = needed_of(lines, chances)
        worth = {slot.id: float(chance) + LEAST for slot, chance in zip(slots, needed, strict=True)}
        return pack(slots, worth, budget, keeps=keeps_for(slots, lines, chances, needed))


def keeps_for(slots: Sequence[Entry], lines: Lines, chances: np.ndarray, needed: np.ndarray) -> Keeps:
    """What a short form keeps: most, where it holds the lines that are needed."""
    short = [set(slot.short.splitlines()) if len(slot.costs) > 1 else set() for slot in slots]
    rows = [row for row, place in enumerate(lines.owner) if lines.lines[row] in short[place]]
    kept = needed_of(lines, chances, rows) / np.maximum(needed, LEAST)
    share = {slot.id: float(kept[place]) for place, slot in enumerate(slots)}

    def keeps(slot: Slot, level: int) -> float:
        return 1.0 if level == 0 else max(SHORTENED * share.get(slot.id, 0.0), 0.5 * keeps_by_cost(slot, level))

    return keeps
