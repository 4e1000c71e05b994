"""A film log while it is written: the one door through which facts of the film enter it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rushes.agent.context.entry import Entry
from rushes.agent.context.messages import make_entry
from rushes.desk import film_phrasings as phrasings
from rushes.desk import film_words as words
from rushes.desk.film_words import Split, Table, words_of

Key = tuple[str, str]  # family and subject of a fact: ("colour", "Ansel"), ("seconds", "shot-4")
Fact = tuple[Key, int]  # a key, and which of its values: 0 as first said, 1 as first corrected, ...

START = 1.8e9  # seconds since 1970
STEP = 41.0  # seconds from an entry to the next


@dataclass(frozen=True, kw_only=True)
class Statement:
    """An entry says a fact."""

    entry: int  # its place in the log
    fact: Fact
    value: str
    phrase: str  # the part of the entry's text that has to be shown
    leans_on: tuple[Fact, ...] = ()  # facts without which it can't be understood
    source: str  # "user", "assistant", "tool" or "board"


@dataclass(frozen=True, kw_only=True)
class Due:
    """Something that is to be said in a certain step."""

    key: Key
    value: str
    source: str
    changes: bool = False  # it contradicts what was said before


@dataclass(kw_only=True)
class Draft:
    """A log while it is written."""

    random: random.Random
    split: Split
    cast: dict[str, str]
    shots: tuple[str, ...]
    plain: frozenset[str]
    entries: list[Entry] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    claims: list[tuple[int, Key, str]] = field(default_factory=list)
    known: dict[Key, Statement] = field(default_factory=dict)  # newest statement of what was said
    turn: int = 0  # of the conversation: a new one begins with the user's words

    def pick(self, table: Table) -> str:
        return self.random.choice(words_of(table, self.split))

    def prose(self) -> str:
        return " ".join(self.pick(part) for part in words.PROSE)

    def enter(self, statements: Sequence[Statement] = (), **parts: Any) -> None:
        """Appends an entry of these `parts` (`make_entry`'s) that makes these statements."""
        number = len(self.entries) + 1
        self.turn += parts["kind"] == "user"
        parts = {"number": number, "turn": max(self.turn, 1), "at": START + STEP * number, **parts}
        self.entries.append(make_entry(**parts))
        self.statements += statements

    def called(self, key: Key, *, roundabout: bool = True) -> tuple[str, tuple[Fact, ...]]:
        """How the subject of a fact is called, and what has to be known to understand that."""
        family, subject = key
        if family in words.SLOTS:
            return self.pick(words.SLOTS[family][subject]), ()
        carried = self.known.get(("carries", subject))
        if roundabout and family != "carries" and carried and subject in self.plain and self.random.random() < 0.3:
            return f"the one with the {carried.value}", (carried.fact,)
        return subject, ()

    def state(self, due: Due) -> Statement:
        """A sentence for a fact, noted as said in the entry that comes next."""
        table = phrasings.CHANGED[due.key[0]] if due.source == "board" else phrasings.SAID[f"{due.key[0]} {due.source}"]
        who, leans_on = self.called(due.key, roundabout=due.source in ("user", "assistant"))
        numbers = {"score": f"{self.random.uniform(0.7, 0.95):.2f}", "peak": f"{self.random.uniform(-6, -1):.1f}"}
        phrase = self.pick(table).format(who=who, value=due.value, **numbers)
        return self.say(due, phrase, leans_on)

    def say(self, due: Due, phrase: str, leans_on: tuple[Fact, ...] = ()) -> Statement:
        before = self.known.get(due.key)
        version = 0 if before is None else before.fact[1] + (before.value != due.value)
        said = Statement(
            entry=len(self.entries),
            fact=(due.key, version),
            value=due.value,
            phrase=phrase[0].upper() + phrase[1:] if due.source in ("user", "assistant") else phrase,
            leans_on=leans_on,
            source=due.source,
        )
        self.known[due.key] = said
        return said


def draw_value(draft: Draft, key: Key, but: str = "") -> str:
    """A value that such a fact may have, other than `but`."""
    family, subject = key
    split, draws = draft.split, draft.random
    tables = {"colour": (words.COLOURS, words.COLOURS), "wears": words.WORN, "carries": words.CARRIED}
    if family == "first":
        values: Sequence[str] = words_of(words.CONDITIONS, split)
    elif family in tables:
        values = words_of(tables[family], split)
    elif family == "place":
        values = words_of(words.PLACES, split)[:6]  # few enough that shots share places
    elif family == "seconds":
        values = [f"{half / 2} s" for half in range(3, 17)]
    elif family == "take":
        values = [f"take-{number}" for number in range(1, 60)]
    elif family == "loud":
        values = [f"{-number / 10} LUFS" for number in range(110, 290)]
    elif family == "title":
        values = words_of(words.TEXTS, split)
    elif family == "file":
        values = [f"{draws.choice('abcdefghkmnprstw')}{draws.randrange(100, 999)}.{_ending(subject)}" for _ in range(3)]
    elif family == "decision":
        values = words_of(words.CHOICES[subject], split)
    else:
        numbers, form = words.NUMBERS[subject]
        values = [form.format(number) for number in numbers]
    return draws.choice([value for value in values if value != but])


def _ending(role: str) -> str:
    return {"logo": "png", "script": "md"}.get(role, "wav")


def elsewhere(draft: Draft, key: Key, source: str) -> str:
    """The same words about another film: what they say is not so in this one."""
    value = draw_value(draft, key, but=draft.known[key].value if key in draft.known else "") if key[0] != "rule" else ""
    table = phrasings.SAID.get(f"{key[0]} {source}")
    if table is None:
        return draft.pick(phrasings.WISHES)
    line = draft.pick(table).format(who=draft.called(key, roundabout=False)[0], value=value, score="0.81", peak="-2.0")
    draft.claims.append((len(draft.entries), key, value))
    return draft.pick(phrasings.ELSEWHERE).format(film=draft.pick(words.OTHER_FILMS), line=line)
