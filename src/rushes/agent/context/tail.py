"""The last message: how full the context is, what weighs most, what time it is, how long it worked, what it spent.

It comes last and changes every turn, so everything before it stays in a prefix cache.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from rushes.agent.context.edits import Edit
from rushes.agent.context.entry import Entry

TAIL = 120  # tokens that are kept free for it
BIGGEST = 3  # entries that it names
BIG = 0.03  # share of the budget from which an entry is named


def tail_text(
    shown: Sequence[Entry],
    used: int,
    budget: int,
    waiting: Sequence[Edit],
    left_out: int,
    now: float,
    worked: float,
    micro_usd: int,
) -> str:
    """`used` and `budget`: tokens; `left_out`: entries; `now`: seconds since 1970; `worked`: seconds."""
    lines = [f"[context] {used} of {budget} tokens used, {max(budget - used, 0)} left."]
    big = sorted((e for e in shown if not e.stays and e.costs[0] >= BIG * budget), key=lambda entry: -entry.costs[0])
    if big:
        lines.append("Biggest: " + ", ".join(f"{entry.id} {entry.costs[0]}" for entry in big[:BIGGEST]) + ".")
    if waiting:
        lines.append(f"Edits that wait for a boundary: {len(waiting)}.")
    if left_out:
        lines.append(f"{left_out} entries are left out; recall finds them.")
    clock = time.strftime("%A %Y-%m-%d %H:%M %Z", time.localtime(now))
    lines.append(f"It is {clock}. Worked {_span(worked)}, spent ${micro_usd / 1e6:.2f}.")
    return " ".join(lines)


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s" if minutes else f"{rest} s"
