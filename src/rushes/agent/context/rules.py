"""Policies by rule: everything, the newest, old results masked, and what the agent's own edits have left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rushes.agent.context.entry import Entry
from rushes.agent.context.packing import cost_of, newest


class Full:
    """Everything whole: what the others are measured against. Give it a budget that holds it, or the oldest go."""

    name = "full"

    def select(self, slots: Sequence[Entry], budget: int, *, query: Any = "") -> Mapping[str, int]:
        return newest(slots, budget, {})


class Window:
    """The newest entries, at most `entries` of them, and the user's words."""

    name = "window"

    def __init__(self, entries: int = 40) -> None:
        self.entries = entries

    def select(self, slots: Sequence[Entry], budget: int, *, query: Any = "") -> Mapping[str, int]:
        first = max(len(slots) - self.entries, 0)
        groups = {slot.group for slot in slots[first:] if slot.group}
        recent = [
            slot for place, slot in enumerate(slots) if place >= first or slot.stays or slot.group in groups - {""}
        ]
        return newest(recent, budget, {})


class Masking:
    """Old results of tools give way to their first line, the newest stay whole (arXiv 2508.21433): the baseline.

    `fresh`: how many stay whole; None: as many as the budget holds.
    """

    name = "masking"

    def __init__(self, fresh: int | None = None) -> None:
        self.fresh = fresh

    def select(self, slots: Sequence[Entry], budget: int, *, query: Any = "") -> Mapping[str, int]:
        results = [slot for slot in slots if slot.kind == "tool"]
        fresh = self._fits(slots, results, budget) if self.fresh is None else self.fresh
        old = results[: max(len(results) - fresh, 0)]
        return newest(slots, budget, {slot.id: 1 for slot in old})

    @staticmethod
    def _fits(slots: Sequence[Entry], results: Sequence[Entry], budget: int) -> int:
        """The newest results that can stay whole where all others are masked and nothing goes."""
        left = budget - sum(slot.costs[-1] if slot.kind == "tool" else slot.costs[0] for slot in slots)
        for count, result in enumerate(reversed(results)):
            left -= result.costs[0] - result.costs[-1]
            if left < 0:
                return count
        return len(results)


class SelfManaged:
    """What the agent's own edits have left. Only where that is too much, old results are masked and the oldest go."""

    name = "self-managed"

    def select(self, slots: Sequence[Entry], budget: int, *, query: Any = "") -> Mapping[str, int]:
        everything = {slot.id: 0 for slot in slots}
        if cost_of(slots, everything) <= budget:
            return everything
        return Masking().select(slots, budget, query=query)
