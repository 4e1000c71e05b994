"""How a deterministic agent manages its own context, with the tools of tools.py and nothing else.

`tidying` and `recalling` look at the ledger and say which tools to call: the built-in model asks for them in the loop.
`Housekeeper` runs them on a ledger that has no loop, as `bench context` measures it; what they ask and answer enters
the context and is paid for, as a model's own calls are.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rushes.agent.context.entry import Entry, EntryKind
from rushes.agent.context.ledger import Ledger
from rushes.agent.context.messages import make_entry, shrunk
from rushes.agent.context.packing import groups_of
from rushes.agent.context.recall import mentions
from rushes.agent.context.rules import SelfManaged
from rushes.agent.context.search import about_context
from rushes.agent.context.terms import corrects, has_number, instructs, names, terms
from rushes.agent.context.tools import context_tools
from rushes.agent.models import ToolCall

Call = tuple[str, dict[str, Any]]  # a tool and its arguments

BEGIN = 0.8  # of the budget: from here on it tidies, and a boundary is due
AIM = 0.5  # of the budget: it tidies down to this
BEGIN_TO_ASK, AIM_TO_ASK = 0.6, 0.4  # before a search, whose answers need room
FRESH = 4  # newest groups that are left alone
BULKY = 60  # tokens of an old result that is shrunk
PINS = 0.2  # of the budget, that pins may take
POLICY = SelfManaged()


def tidying(ledger: Ledger, *, begin: float = BEGIN, aim: float = AIM) -> list[Call]:
    """Calls that bring the context from `begin` of its budget down to `aim`; none while there is no need.

    What was laid down is pinned first, a correction that leans on what goes is noted with it; then go what is only
    about the context, results that a later one replaced, the bulk of old results, and last the oldest.
    """
    if ledger.full_share is None or ledger.full_share < begin or ledger.waiting:
        return []
    pins = _laid_down(ledger)
    groups = list(groups_of(ledger.shown).values())
    kept = {entry.id for group in groups[-FRESH:] for entry in group} | set(pins)
    loose = [g for g in groups[:-FRESH] if not any(e.stays or e.id in kept or ledger.pinned(e.id) for e in g)]
    over = ledger.used - int(aim * ledger.budget)
    drops = [group for group in loose if all(about_context(entry) for entry in group) or _replaced(group, groups)]
    over -= sum(entry.costs[0] for group in drops for entry in group)
    shrinks: list[Entry] = []
    for group in loose:
        for entry in group if group not in drops else []:
            saves = entry.costs[0] - shrunk(entry).costs[0]
            if over > 0 and entry.kind == "tool" and entry.costs[0] > BULKY and saves > 0:
                shrinks.append(entry)
                over -= saves
    small = {entry.id: shrunk(entry).costs[0] for entry in shrinks}
    for group in loose:
        if over > 0 and group not in drops:
            over -= sum(small.get(entry.id, entry.costs[0]) for entry in group)
            drops.append(group)
    gone = {entry.id for group in drops for entry in group}
    notes = [_note(entry, ledger) for entry in ledger.shown if entry.id in gone and entry.kind != "user"]
    calls: list[Call] = [("note", {"text": text}) for text in notes if text]
    if pins:
        calls.insert(0, ("pin", {"ids": pins}))
    if ids := [entry.id for entry in shrinks if entry.id not in gone]:
        calls.append(("shrink", {"ids": ids}))
    if gone:
        calls.append(("drop", {"ids": [group[0].id for group in drops]}))
    return calls


def recalling(ledger: Ledger, query: str) -> list[Call]:
    """A search for what answers a question, the first appearances of the names in it, and what no search may find."""
    held = sorted(name for name in names(query) if mentions(ledger.entries, name))
    firsts: list[Call] = [("recall", {"first": name}) for name in held]
    return [("recall", {"words": query}), *firsts, ("recall", {"standing": True})]


class Housekeeper:
    """Runs a ledger without a loop: entries come in, its own calls and their answers too.

    Every group of entries is a turn; what it decided takes effect at the boundary before the next.
    """

    def __init__(self, ledger: Ledger, budget: int) -> None:
        self.ledger = ledger
        ledger.budget = budget
        self._tools = {tool.spec.name: tool for tool in context_tools(ledger)}
        self._asked = 0

    def fork(self) -> Housekeeper:
        """A copy that goes its own way, its ledger too; what it asks next has ids of its own."""
        other = Housekeeper(self.ledger.fork(), self.ledger.budget)
        other._asked = self._asked
        return other

    def see(self, entry: Entry) -> None:
        """The next entry of the log. Between groups, when the context is filling up, it tidies."""
        last = self.ledger.entries[-1] if self.ledger.entries else None
        if last is None or not entry.group or entry.group != last.group:
            self.ledger.settle(POLICY)
            self._do(tidying(self.ledger))
        self.ledger.add(entry)

    def ask(self, query: str) -> None:
        """Calls back what a question needs."""
        self.ledger.settle(POLICY)
        self._do(tidying(self.ledger, begin=BEGIN_TO_ASK, aim=AIM_TO_ASK))
        self._do(recalling(self.ledger, query))

    def _do(self, calls: Sequence[Call]) -> None:
        if not calls:
            return
        self._asked += 1
        named = f"own-{self._asked}"
        asked = tuple(ToolCall(id=f"{named}-{n}", name=name, arguments=a) for n, (name, a) in enumerate(calls, 1))
        self._add("assistant", named, named, asked=asked)
        for call in asked:
            try:
                answer = self._tools[call.name].run(call.arguments)
                text = answer if isinstance(answer, str) else answer.text
            except ValueError as error:
                text = f"error: {error}"
            self._add("tool", call.id, named, text=text, tool=call.name, call=call.id)
        self.ledger.settle(POLICY)

    def _add(self, kind: EntryKind, id: str, group: str, *, text: str = "", **parts: Any) -> None:
        last = self.ledger.entries[-1] if self.ledger.entries else None
        number, turn, at = (last.number, last.turn, last.at) if last is not None else (0, 1, 0.0)
        entry = make_entry(number=number, turn=turn, kind=kind, text=text, at=at, group=group, id=id, **parts)
        self.ledger.add(entry)


def _laid_down(ledger: Ledger) -> list[str]:
    """What a person changed, rules before all else, and rules that were noted, as far as pins may go."""
    left = PINS * ledger.budget - sum(entry.costs[0] for entry in ledger.shown if ledger.pinned(entry.id))
    found = []
    for entry in sorted(ledger.shown, key=lambda entry: not instructs(entry.text)):
        wanted = entry.kind == "board" or (entry.kind == "note" and instructs(entry.text))
        free = wanted and not ledger.pinned(entry.id) and ledger.is_whole(entry.id)
        if free and entry.costs[0] <= left:
            found.append(entry.id)
            left -= entry.costs[0]
    return found


def _replaced(group: Sequence[Entry], groups: Sequence[Sequence[Entry]]) -> bool:
    """Every call of the group was asked again, with the same arguments, by a later one."""
    asked = {_asked(call) for entry in group for call in entry.asked}
    later = {
        _asked(call) for other in groups if other[0].number > group[0].number for entry in other for call in entry.asked
    }
    return bool(asked) and asked <= later and not any(entry.text for entry in group if entry.kind == "assistant")


def _asked(call: ToolCall) -> str:
    return call.name + json.dumps(call.arguments, sort_keys=True)


def _note(entry: Entry, ledger: Ledger) -> str:
    """A correction that names no subject, with the words before it that say what it is about; empty for any other."""
    place = ledger.entries.index(entry) if entry in ledger.entries else 0
    if not corrects(entry.text) or about_context(entry) or not place or len(entry.text) > 200:
        return ""
    before = ledger.entries[place - 1]
    named = names(entry.text) | {term for term in terms(entry.text) if has_number(term)}
    if named or about_context(before):
        return ""
    return f"{entry.id} corrects {before.id} ({before.short}): {entry.text}"
