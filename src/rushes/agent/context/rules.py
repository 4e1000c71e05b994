"""Policies by rule: everything, the newest, old results masked, and what the agent's own edits have left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rushes.agent.context.entry import Entry
from rushes.agent.context.packing import cost_of, newest

FRESH = 8  # results of tools that stay whole when older ones are masked


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
    """Old results of tools give way to their first line, the newest stay whole (arXiv 2508.21433): the baseline."""

    name = "masking"

    def __init__(self, fresh: int = FRESH) -> None:
        self.fresh = fresh

    def select(self, slots: Sequence[Entry], budget: int, *, query: Any = "") -> Mapping[str, int]:
        results = [slot for slot in slots if slot.kind == "tool"]
        old = results[: max(len(results) - self.fresh, 0)]
        return newest(slots, budget, {slot.id: 1 for slot in old})


class SelfManaged:
    """What the agent's own edits have left. Only where that is too much, old results are masked and the oldest go."""

    name = "self-managed"

    def select(self, slots: Sequence[Entry], budget: int, *, query: Any = "") -> Mapping[str, int]:
        everything = {slot.id: 0 for slot in slots}
        if cost_of(slots, everything) <= budget:
            return everything
        return Masking().select(slots, budget, query=query)
