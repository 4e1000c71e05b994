"""What a model would see of a film log at a question, under one policy and one budget, and what that is billed.

Rules that need nothing but the entries choose at the question itself. The others (who summarise, whose agent edits its
context, or who choose for a question and remind of more at the next) play the log from its first entry on, as the
loop does. Bills are always of a whole play.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rushes.agent.context.entry import Entry
from rushes.agent.context.housekeeping import Housekeeper
from rushes.agent.context.ledger import Ledger
from rushes.agent.context.messages import message_of
from rushes.agent.context.packing import cost_of, mended
from rushes.agent.context.prefix_cache import Bill, PrefixCache
from rushes.agent.context.rules import SelfManaged
from rushes.agent.context.select import Policy

# How recalled entries and the lines of a summary name the entry that they come from.
FROM = re.compile(r"^(?:Summary of e\d+ to e\d+: )?e(\d+)(?: \([^)\n]*\):)? ", re.MULTILINE)
OWN = re.compile(r"e\d+")  # ids of the log's own entries; the housekeeper's calls, notes and reminders have others


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What is shown at a question."""

    shown: dict[int, str]  # texts by place in the log
    tokens: int


def see_at_once(policy: Policy[Entry], entries: Sequence[Entry], budget: int, question: str) -> Seen:
    """By a policy that needs nothing but the entries and the question."""
    levels = mended(entries, policy.select(entries, budget, query=question))
    shown = {entry.number - 1: message_of(entry, levels[entry.id]).content for entry in entries if entry.id in levels}
    return Seen(shown=shown, tokens=cost_of(entries, levels))


class Play:
    """A log played into a ledger. With the self-managed policy the deterministic housekeeper edits and recalls."""

    def __init__(self, policy: Policy[Entry]) -> None:
        self.policy = policy
        self.ledger = Ledger()
        self.keeper = Housekeeper(self.ledger, 0) if isinstance(policy, SelfManaged) else None
        self._words = ""  # the user's last
        self._played = 0  # entries

    def to(self, entries: Sequence[Entry], budget: int) -> None:
        """Plays on to the last of these. `budget`: tokens."""
        for _ in self._answers(entries, budget):
            self.ledger.settle(self.policy, self._words)
        self.ledger.budget = budget

    def bill(self, entries: Sequence[Entry], budget: int) -> Bill:
        """What all answers of the model on the way are billed."""
        cache = PrefixCache()
        for now in self._answers(entries, budget):
            cache.bill(self.ledger.messages(self.policy, budget, self._words, now=now))
        return cache.total

    def _answers(self, entries: Sequence[Entry], budget: int) -> Iterator[float]:
        """Stops before every answer of the model, where the context is built; gives the time, in seconds since 1970."""
        for entry in entries[self._played :]:
            self.ledger.budget = budget
            if entry.kind == "assistant":
                yield entry.at
            if self.keeper:
                self.keeper.see(entry)
            else:
                self.ledger.add(entry)
            if entry.kind == "user":
                self._words = entry.text
        self._played = len(entries)

    def ask(self, question: str) -> Seen:
        """What is shown when the user asks this now; nothing of the question stays."""
        ledger = self.ledger.fork()
        if self.keeper:
            keeper = self.keeper.fork()
            keeper.ask(question)
            ledger = keeper.ledger
        ledger.settle(self.policy, question)
        shown: dict[int, str] = {}
        for entry in ledger.shown:
            if OWN.fullmatch(entry.id):
                shown[entry.number - 1] = message_of(entry).content
        for entry in ledger.shown:
            for place, part in _parts(entry.text) if not OWN.fullmatch(entry.id) else ():
                shown[place] = "\n".join(filter(None, (shown.get(place), part)))
        return Seen(shown=shown, tokens=ledger.weight)


def _parts(text: str) -> Iterator[tuple[int, str]]:
    """Parts of a note or of a recall by the place in the log that they name."""
    found = list(FROM.finditer(text))
    for place, one in enumerate(found):
        end = found[place + 1].start() if place + 1 < len(found) else len(text)
        yield int(one[1]) - 1, text[one.end() : end].strip()
