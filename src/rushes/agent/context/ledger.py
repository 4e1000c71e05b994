"""The context ledger: what the model sees, built from the append-only log.

A static head, the kept entries in order, and a tail that tells how full the context is. Nothing is deleted: edits and
the choices of policies are lines of the log too, so the same log always gives the same messages.
"""

from __future__ import annotations

import copy
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, runtime_checkable

from rushes.agent.context.edits import Edit
from rushes.agent.context.entry import Entry, Picture, count_tokens
from rushes.agent.context.excerpts import focused
from rushes.agent.context.log import LogReader, edits_of, event_of
from rushes.agent.context.messages import MESSAGE, make_entry, message_of, shrunk
from rushes.agent.context.packing import cost_of, groups_of, mended, newest
from rushes.agent.context.quotes import quotes, what_stands
from rushes.agent.context.select import Policy
from rushes.agent.context.tail import TAIL, tail_text
from rushes.agent.events import Event
from rushes.agent.models import Message

UNANSWERED = "no answer: the run was interrupted"
REMINDER = 0.3  # share of the room that a reminder may take
STANDING = 0.2  # and what stands, which is told right behind a selection and can be read until the next
FOR_REMINDERS = 0.7  # share of the room that a selection leaves free where reminders follow it


@runtime_checkable
class Rewriter(Protocol):
    """A policy that writes: it gives edits (a note in the place of what it drops) where the context is too full."""

    def edits(self, slots: Sequence[Entry], budget: int) -> list[Edit]: ...


class Ledger:
    """`session`: whose events are taken. `send`: appends an event to the log and returns it numbered; None: edits are
    kept here only.

    `besides`: tokens that the model reads beside its messages, as those of its tools.
    `headroom`: share of the budget that a selection leaves free, so that the next one is some turns away.
    `nearly_full`: share of the budget from which waiting edits take effect whatever they re-bill.
    """

    def __init__(
        self,
        *,
        head: str = "",
        session: str = "",
        send: Callable[[Event], Event] | None = None,
        besides: int = 0,
        headroom: float = 0.25,
        nearly_full: float = 0.8,
    ) -> None:
        self.head = head
        self.besides = besides
        self.headroom = headroom
        self.nearly_full = nearly_full
        self.entries: list[Entry] = []  # as they came, whole
        self.waiting: list[Edit] = []  # edits that wait for a boundary
        self.budget = 0  # tokens, of the last messages
        self._send = send
        self._taken_down: list[Edit] | None = None  # edits, of a copy
        self._reader = LogReader(session)
        self._last = 0  # number of the last event taken
        self._place: dict[str, int] = {}  # id -> place in entries
        self._dropped: set[str] = set()
        self._shrunk: dict[str, str] = {}  # id -> text in its place; empty: its short form
        self._pinned: set[str] = set()
        self._recalled: Counter[str] = Counter()
        self._notes = 0
        self._levels: dict[str, int] = {}  # of the last selection
        self._selected = 0  # entries that the last selection chose from
        self._query = ""  # that the last selection was made for
        self._excerpts: dict[str, str] = {}  # id -> short form that was made for that query
        self._shown: list[Entry] | None = None  # kept until something changes

    # What comes in

    def take(self, event: Event) -> None:
        """The next event of the log; one that was taken before is left aside."""
        if event.number and event.number <= self._last:
            return
        self._last = max(self._last, event.number)
        found = self._reader.read(event)
        for line in (*(edits_of(event) if found is not None else ()), found):
            if line is not None:
                self.add(line)

    def add(self, line: Entry | Edit) -> None:
        """The next line of the log, as an entry or an edit."""
        self._shown = None
        if isinstance(line, Entry):
            if line.id in self._place:
                raise ValueError(f"entry {line.id!r} is in the ledger already; ids are used once")
            self._place[line.id] = len(self.entries)
            self.entries.append(line)
        elif line.kind == "note":
            self._notes += 1
            turn = self.entries[-1].turn if self.entries else 1
            entry = make_entry(number=line.number, turn=turn, kind="note", text=line.text, at=line.at)
            self.add(replace(entry, id=f"n{self._notes}"))
        elif line.kind == "select":
            choice = json.loads(line.text)
            self._dropped |= {entry.id for entry in self.entries if entry.kind == "reminder"}  # it holds what they told
            self._levels, self._selected, self._query = choice["levels"], choice["of"], choice["query"]
            self._excerpts = choice["excerpts"]
        elif line.kind == "remind":
            choice = json.loads(line.text)
            self._query = choice["query"]
            if choice["text"]:
                turn = self.entries[-1].turn
                entry = make_entry(number=line.number, turn=turn, kind="reminder", text=choice["text"], at=line.at)
                self.add(replace(entry, id=f"r{sum(one.kind == 'reminder' for one in self.entries) + 1}"))
        elif line.kind == "boundary":
            self._put_in_force()
        elif line.kind == "recall":
            self._recalled.update(line.ids)
        elif line.kind == "unpin":
            self._pinned -= set(line.ids)
        elif line.kind == "pin":
            self._pinned |= set(line.ids)
            kept = (replace(one, ids=tuple(id for id in one.ids if id not in line.ids)) for one in self.waiting)
            self.waiting = [one for one in kept if one.ids]
        else:
            self.waiting.append(line)

    def record(self, edit: Edit) -> None:
        """Appends an edit to the log and takes it in."""
        if self._taken_down is not None:
            self._taken_down.append(edit)
        if self._send is None:
            self.add(replace(edit, number=self.entries[-1].number if self.entries else 0))
        else:
            self.take(self._send(event_of(edit, self._reader.session)))

    def fork(self, edits: list[Edit] | None = None) -> Ledger:
        """A copy that goes its own way and tells no log; the entries, which never change, are shared.

        `edits`: takes down those that are made to the copy.
        """
        other = copy.copy(self)
        for name, value in vars(self).items():
            if isinstance(value, (list, dict, set)):
                setattr(other, name, copy.copy(value))
        other._send, other._taken_down = None, edits
        return other

    # What the model sees

    def messages(
        self,
        policy: Policy[Entry],
        budget: int,
        query: str = "",
        *,
        now: float | None = None,
        worked: float = 0.0,
        micro_usd: int = 0,
    ) -> list[Message]:
        """Head, kept entries, tail: at most `budget` tokens, unless what must stay is more on its own.

        `query`: what the context is needed for, usually the user's last words. `now`: seconds since 1970; `worked`:
        seconds; `micro_usd`: millionths of a US dollar spent.
        """
        self.budget = budget
        self.settle(policy, query)
        shown = self.shown
        left_out = sum(entry.kind != "reminder" and not self.is_shown(entry.id) for entry in self.entries)
        now = time.time() if now is None else now
        text = tail_text(shown, self.used, budget, self.waiting, left_out, now, worked, micro_usd)
        head = [Message(role="system", content=self.head)] if self.head else []
        return [*head, *_paired(shown), Message(role="user", content=text)]

    def settle(self, policy: Policy[Entry], query: str = "") -> None:
        """A boundary, if one is due: waiting edits take effect, and a policy chooses where there is too much."""
        if self.waiting and self.boundary_due:
            self.record(Edit(kind="boundary"))
        room = self.room
        if self.weight > room and isinstance(policy, Rewriter):
            edits = policy.edits(self.shown, int(room * (1 - self.headroom)))
            for edit in [*edits, *([Edit(kind="boundary")] if edits else [])]:
                self.record(edit)
        # What was left out for another question may be needed for this one.
        by_query = bool(getattr(policy, "by_query", False) and query)
        asks_anew = by_query and self._selected > 0 and query != self._query
        if self.weight > room or (asks_anew and not self._remind(query)):
            self._select(policy, query, by_query)
            if by_query:
                self._remind_of_what_stands(query)
                self._remind(query)

    def _select(self, policy: Policy[Entry], query: str, by_query: bool) -> None:
        """The policy chooses from everything, and all behind the first change is billed anew."""
        slots = focused(self._quotable, query) if by_query else self._quotable
        target = int(self.room * (1 - (FOR_REMINDERS if by_query else self.headroom)))
        levels = mended(slots, policy.select(slots, target, query=query))
        if cost_of(slots, levels) > target:
            levels = newest(slots, target, {})
        excerpts = {slot.id: slot.short for slot in slots if by_query and levels.get(slot.id) == 1}
        choice = {"levels": levels, "of": len(self.entries), "query": query, "excerpts": excerpts}
        self.record(Edit(kind="select", text=json.dumps(choice, ensure_ascii=False)))

    def _remind(self, query: str) -> bool:
        """Quotes at the end what a new question needs, if there is room for it."""
        room = self.room
        if self.weight + REMINDER * room > room:
            return False
        found, _ = quotes(self._quotable, query, REMINDER * room - 2 * MESSAGE, shown=self.shown)
        self._quote(query, found)
        return True

    def _remind_of_what_stands(self, query: str) -> None:
        """Quotes what no question may find, and leaves room for what this one needs."""
        room = min(STANDING * self.room, (1 - REMINDER) * self.room - self.weight)
        self._quote(query, what_stands(self._quotable, room - 2 * MESSAGE, shown=self.shown))

    def _quote(self, query: str, found: Mapping[str, str]) -> None:
        choice = {"query": query, "text": "\n".join(found.values())}
        self.record(Edit(kind="remind", text=json.dumps(choice, ensure_ascii=False)))

    @property
    def _quotable(self) -> list[Entry]:
        return [slot for slot in self.slots if slot.kind != "reminder"]

    @property
    def slots(self) -> list[Entry]:
        """What a policy chooses from: every entry that the agent has not dropped, shrunk where it was."""
        found = []
        for entry in self.entries:
            if entry.id in self._dropped:
                continue
            if entry.id in self._shrunk:
                entry = shrunk(entry, self._shrunk[entry.id])
            if entry.id in self._pinned or entry.id in self._recalled:
                entry = replace(entry, pinned=entry.id in self._pinned, recalls=self._recalled[entry.id])
            found.append(entry)
        return found

    @property
    def shown(self) -> list[Entry]:
        """The entries in the context now, as they stand there."""
        if self._shown is None:
            slots = self.slots
            chosen = {s.id: self._levels.get(s.id) if self._place[s.id] < self._selected else 0 for s in slots}
            levels = mended(slots, {id: level for id, level in chosen.items() if level is not None})
            by_id = {
                slot.id: slot if levels[slot.id] == 0 else shrunk(slot, self._excerpts.get(slot.id, ""))
                for slot in slots
                if slot.id in levels
            }
            groups = groups_of(by_id.values())  # results directly behind their call, whatever came between
            self._shown = [slot for group in groups.values() for slot in group]
        return self._shown

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """Those of the newest results, to be shown themselves: later their captions stand for them."""
        last = max((place for place, entry in enumerate(self.entries) if entry.kind == "assistant"), default=-1)
        return tuple(picture for entry in self.entries[last + 1 :] for picture in entry.pictures)

    # What it weighs

    @property
    def room(self) -> int:
        """Tokens that entries may take: the budget less head, tools, tail and shown pictures."""
        head = MESSAGE + count_tokens(self.head) if self.head else 0
        return self.budget - head - self.besides - TAIL - sum(picture.tokens for picture in self.pictures)

    @property
    def weight(self) -> int:
        """Tokens of the entries in the context."""
        return sum(entry.costs[0] for entry in self.shown)

    @property
    def used(self) -> int:
        """Tokens of everything that the model sees."""
        return self.budget - self.room + self.weight if self.budget else self.weight

    @property
    def full_share(self) -> float | None:
        """How full the context is, 0 to 1; None before the budget is known."""
        return self.used / self.budget if self.budget else None

    @property
    def boundary_due(self) -> bool:
        """The waiting edits free more than they re-bill, or the context is nearly full."""
        full = self.full_share is not None and self.full_share >= self.nearly_full
        return full or self.waiting_frees > self.waiting_rebills

    @property
    def waiting_frees(self) -> int:
        """Tokens that the waiting edits free."""
        return self.weight - sum(self._after_waiting().values())

    @property
    def waiting_rebills(self) -> int:
        """Tokens behind the earliest waiting edit, without what it frees."""
        return self.rebilled_by([id for edit in self.waiting for id in edit.ids])

    def rebilled_by(self, ids: Collection[str]) -> int:
        """Tokens from the earliest of these on that stay and would be billed anew."""
        after = self._after_waiting()
        first = next((place for place, entry in enumerate(self.shown) if entry.id in ids), len(self.shown))
        return sum(after.get(entry.id, 0) for entry in self.shown[first:])

    def weight_of(self, ids: Iterable[str]) -> int:
        """Tokens that these take in the context now."""
        wanted = set(ids)
        return sum(entry.costs[0] for entry in self.shown if entry.id in wanted)

    # About one entry

    def has(self, id: str) -> bool:
        return id in self._place

    def entry(self, id: str) -> Entry:
        """As it came, whole."""
        return self.entries[self._place[id]]

    def group(self, entry: Entry) -> list[Entry]:
        """The entry and what can't be parted from it."""
        return [other for other in self.entries if other.group == entry.group] if entry.group else [entry]

    def pinned(self, id: str) -> bool:
        return id in self._pinned or self.entry(id).pinned

    def is_dropped(self, id: str) -> bool:
        """By the agent: in force, or waiting."""
        return id in self._dropped or any(edit.kind == "drop" and id in edit.ids for edit in self.waiting)

    def is_shown(self, id: str) -> bool:
        return any(entry.id == id for entry in self.shown)

    def is_whole(self, id: str) -> bool:
        """It stands in the context in all its length."""
        return any(entry.id == id and entry.text == self.entry(id).text for entry in self.shown)

    def in_context(self, id: str, *, lines: bool = False) -> bool:
        """It can be read whole, in its own place or as a recall answered it; `lines`: or some of its lines can."""
        header = rf"^{re.escape(id)} \([^()]*" + (r"\):" if lines else r"turn \d+\):")
        copied = re.compile(header, re.MULTILINE)
        return self.is_whole(id) or any(one.tool == "recall" and copied.search(one.text) for one in self.shown)

    def _put_in_force(self) -> None:
        for edit in self.waiting:
            if edit.kind == "drop":
                self._dropped |= set(edit.ids)
            else:
                self._shrunk |= dict.fromkeys(edit.ids, edit.text)
        self.waiting = []

    def _after_waiting(self) -> dict[str, int]:
        """Tokens by id once the waiting edits are in force."""
        weights = {entry.id: entry.costs[0] for entry in self.shown}
        for edit in self.waiting:
            for id in edit.ids:
                if edit.kind == "drop":
                    weights.pop(id, None)
                elif id in weights:
                    weights[id] = shrunk(self.entry(id), edit.text).costs[0]
        return weights


def _paired(entries: Sequence[Entry]) -> list[Message]:
    """Messages in which every call has its result behind it, also where a kill came between."""
    messages: list[Message] = []
    for entry in entries:
        _answer_open_calls(messages, entry)
        messages.append(message_of(entry))
    _answer_open_calls(messages, None)
    return messages


def _answer_open_calls(messages: list[Message], following: Entry | None) -> None:
    if following is not None and following.kind == "tool":
        return
    last = next((place for place in range(len(messages) - 1, -1, -1) if messages[place].role != "tool"), -1)
    if last >= 0 and messages[last].role == "assistant":
        answered = {message.tool_call_id for message in messages[last + 1 :]}
        missing = [call for call in messages[last].tool_calls if call.id not in answered]
        messages += [Message(role="tool", content=UNANSWERED, tool_call_id=call.id) for call in missing]
