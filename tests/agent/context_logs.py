"""Small film logs for the tests of the context, made by a seed: bulky results, corrections, facts said once."""

import random

from rushes.agent.context.entry import Entry
from rushes.agent.context.messages import make_entry
from rushes.agent.models import ToolCall

KINDS = ("fox", "penguin", "robot", "owl", "turtle", "snail", "boat", "kite")
COLOURS = ("rust", "teal", "ochre", "plum", "ivory", "slate", "coral", "mint")


def film_log(seed: int = 0, turns: int = 20) -> list[Entry]:
    """Each turn: the user asks, the model calls two tools, both answer at length, the model sums up."""
    draws = random.Random(seed)
    entries: list[Entry] = []
    for turn in range(1, turns + 1):
        kind, colour = draws.choice(KINDS), draws.choice(COLOURS)
        group = f"turn {turn}"
        asked = (
            ToolCall(id=f"look-{turn}", name="look", arguments={"id": f"shot-{turn}"}),
            ToolCall(id=f"measure-{turn}", name="measure", arguments={}),
        )
        rows = [f"frame {n} of shot-{turn}: sharp, {draws.choice(COLOURS)} light from the left" for n in range(12)]
        rows.insert(draws.randrange(12), f"the {kind} of shot-{turn} is painted {colour}")
        parts = (
            {"kind": "user", "text": f"Go on with shot-{turn}, please."},
            {"kind": "assistant", "text": "", "asked": asked, "group": group},
            {"kind": "tool", "text": "\n".join(rows), "tool": "look", "call": f"look-{turn}", "group": group},
            {
                "kind": "tool",
                "text": f"measured {turn}.0 s\nloudness -{draws.randrange(12, 25)}.0 LUFS\n" + "level row\n" * 10,
                "tool": "measure",
                "call": f"measure-{turn}",
                "group": group,
            },
            {"kind": "assistant", "text": f"Shot-{turn} is done."},
        )
        for part in parts:
            number = len(entries) + 1
            entries.append(make_entry(number=number, turn=turn, at=1000.0 * number, **part))
    return entries


def weight(entries: list[Entry]) -> int:
    return sum(entry.costs[0] for entry in entries)
