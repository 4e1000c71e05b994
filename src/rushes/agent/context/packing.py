"""Spends a budget on slots by what they are worth: a knapsack with levels, whole groups and pinned slots first."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from rushes.agent.context.select import Slot

S = TypeVar("S", bound=Slot)
Keeps = Callable[[Slot, int], float]  # share of its worth that a slot keeps at a level, 0 to 1


def keeps_by_cost(slot: Slot, level: int) -> float:
    """A quarter of the tokens keeps half of the worth: what is said first says most."""
    return float((slot.costs[level] / max(slot.costs[0], 1)) ** 0.5)


def pack(
    slots: Sequence[Slot],
    worth: Mapping[str, float],
    budget: int,
    *,
    keeps: Keeps = keeps_by_cost,
    most: Mapping[str, int] | None = None,
) -> dict[str, int]:
    """Levels by id, in order of the slots: at most `budget`, unless those that stay are more on their own.

    `worth` is 0 or more; what is worth nothing is left out. `most` (id -> level): no better level than this. Greedy by
    worth a token, one step of a group after the other: in at its cheapest, then slot by slot to better levels.
    """
    most = most or {}
    groups = groups_of(slots)
    levels: dict[str, int] = {}
    for group in groups.values():
        if any(slot.stays for slot in group):
            levels |= {slot.id: 0 if slot.stays else len(slot.costs) - 1 for slot in group}
    left = budget - cost_of(slots, levels)
    steps: list[tuple[float, int, int]] = []  # (minus worth a token, place of the group, tokens)
    chosen: dict[int, dict[str, int]] = {}

    def offer(place: int, group: Sequence[Slot]) -> None:
        best = _best_step(group, levels, worth, keeps, most, left)
        if best is not None:
            ratio, cost, chosen[place] = best
            heapq.heappush(steps, (-ratio, place, cost))

    for place, group in enumerate(groups.values()):
        offer(place, group)
    in_order = list(groups.values())
    while steps:
        _, place, cost = heapq.heappop(steps)
        if cost <= left:
            levels |= chosen[place]
            left -= cost
        offer(place, in_order[place])  # the next step of this group, or one that still fits
    return {slot.id: levels[slot.id] for slot in slots if slot.id in levels}


def _best_step(
    group: Sequence[Slot],
    levels: Mapping[str, int],
    worth: Mapping[str, float],
    keeps: Keeps,
    most: Mapping[str, int],
    left: int,
) -> tuple[float, int, dict[str, int]] | None:
    """The step with the most worth a token that fits: (worth a token, tokens, levels after it)."""
    now = {slot.id: levels[slot.id] for slot in group if slot.id in levels}
    cheapest = {slot.id: len(slot.costs) - 1 for slot in group}
    after = [cheapest] if not now else []
    base = now or cheapest
    for slot in group:
        after += [base | {slot.id: level} for level in range(most.get(slot.id, 0), base[slot.id])]
    whole = {slot.id: min(base[slot.id], most.get(slot.id, 0)) for slot in group}
    if len(group) > 1 and whole != base:
        after.append(whole)
    best: tuple[float, int, dict[str, int]] | None = None
    for step in after:
        gain = sum(worth.get(s.id, 0.0) * (keeps(s, step[s.id]) - _kept(s, now, keeps)) for s in group)
        cost = cost_of(group, step) - cost_of(group, now)
        if gain > 0 and cost <= left and (best is None or gain / max(cost, 1) > best[0]):
            best = (gain / max(cost, 1), cost, step)
    return best


def _kept(slot: Slot, levels: Mapping[str, int], keeps: Keeps) -> float:
    return keeps(slot, levels[slot.id]) if slot.id in levels else 0.0


def groups_of(slots: Iterable[S]) -> dict[str, list[S]]:
    """Slots that go together, in order of their first; a slot without a group is one of its own."""
    found: dict[str, list[S]] = {}
    for slot in slots:
        found.setdefault(f"group {slot.group}" if slot.group else f"slot {slot.id}", []).append(slot)
    return found


def cost_of(slots: Iterable[Slot], levels: Mapping[str, int]) -> int:
    """Tokens of the slots at these levels."""
    return sum(slot.costs[levels[slot.id]] for slot in slots if slot.id in levels)


def mended(slots: Sequence[Slot], levels: Mapping[str, int]) -> dict[str, int]:
    """A policy's choice with what it may not do put right: what stays is whole, and no group is split."""
    right: dict[str, int] = {}
    for group in groups_of(slots).values():
        if any(slot.stays or slot.id in levels for slot in group):
            for slot in group:
                cheapest = len(slot.costs) - 1
                right[slot.id] = 0 if slot.stays else min(max(levels.get(slot.id, cheapest), 0), cheapest)
    return {slot.id: right[slot.id] for slot in slots if slot.id in right}


def newest(slots: Sequence[Slot], budget: int, levels: Mapping[str, int]) -> dict[str, int]:
    """The newest groups that fit without a gap, at these levels (whole where none is given); what stays comes first."""
    groups = list(groups_of(slots).values())
    chosen: dict[str, int] = {}
    for group in groups:
        if any(slot.stays for slot in group):
            chosen |= {slot.id: 0 if slot.stays else len(slot.costs) - 1 for slot in group}
    left = budget - cost_of(slots, chosen)
    for group in reversed(groups):
        wanted = {slot.id: 0 if slot.stays else min(levels.get(slot.id, 0), len(slot.costs) - 1) for slot in group}
        cost = cost_of(group, wanted) - cost_of(group, chosen)
        if cost > left:
            break
        chosen |= wanted
        left -= cost
    return {slot.id: chosen[slot.id] for slot in slots if slot.id in chosen}
