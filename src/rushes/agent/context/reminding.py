"""Quotes what a new question needs at the end of the context: nothing before it is re-billed.

A choice made anew for every question would change the context near its beginning, and what a prefix cache holds of it
would be lost each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rushes.agent.context.entry import Entry
from rushes.agent.context.excerpts import focused
from rushes.agent.context.messages import message_of, quoted, whole_text
from rushes.agent.context.packing import cost_of, mended
from rushes.agent.context.select import Policy


def reminder(policy: Policy[Entry], slots: Sequence[Entry], shown: Sequence[Entry], query: str, tokens: int) -> str:
    """What the policy would keep for this question beyond what is shown, in order of the log; empty: nothing.

    `tokens`: that it may choose from what is not shown whole; the quotes take about as many.
    """
    texts = {entry.id: entry.text for entry in shown}
    # What stands in the context is paid for: to the policy it is pinned. A quote needs no other of its group.
    free = [
        replace(slot, group="", pinned=slot.pinned or texts.get(slot.id) == slot.text) for slot in focused(slots, query)
    ]
    paid = cost_of(free, mended(free, {}))
    levels = policy.select(free, paid + tokens, query=query)
    seen = "\n".join(message_of(entry).content for entry in shown)
    quotes = []
    for slot in free:
        if slot.id not in levels or slot.stays:
            continue
        told = whole_text(slot) if levels[slot.id] == 0 else slot.short
        new = [line for line in told.splitlines() if line.strip() and line != "(shrunk)" and line not in seen]
        if new:
            quotes.append(quoted(slot, "\n".join(new)))
    return "\n".join(quotes)
