"""Calls entries back into the context: by id, by words, or by the first appearance of a name.

What was called back enters at the end, as the answer of the tool; nothing before it is re-billed. By id entries come
whole; a search gives the lines that answer best, with ids to call the rest by; what stands is what no search may find.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rushes.agent.context.edits import Edit
from rushes.agent.context.entry import Entry
from rushes.agent.context.excerpts import alike, focused
from rushes.agent.context.ledger import STANDING, Ledger
from rushes.agent.context.messages import message_tokens, quoted, whole_text
from rushes.agent.context.quotes import MOST, quotes, what_stands
from rushes.agent.context.search import about_context, words_of
from rushes.agent.context.terms import terms
from rushes.agent.models import Message
from rushes.agent.tool import Answer

FIRSTS = 4  # mentions of a name that say something new
SHARE, LAST = 0.6, 0.9  # of what is left of the budget: for a search, and for what stands, which is recalled last


def recall(
    ledger: Ledger, *, ids: Sequence[str] = (), words: str = "", first: str = "", standing: bool = False
) -> Answer:
    """What was asked for, pictures included. Raises ValueError where there is nothing to call back."""
    if not (ids or words.strip() or first.strip() or standing):
        raise ValueError("recall needs ids, words to search for, a name (its first appearance), or standing")
    left = max(ledger.budget - ledger.used, 0) if ledger.budget else None
    wanted = _by_ids(ledger, ids)
    found = {entry.id: quoted(entry) for entry in wanted if not ledger.in_context(entry.id)}
    present = [entry.id for entry in wanted if entry.id not in found]
    if first.strip():
        told, known = _by_first(ledger, first)
        found = told | found
        present += known
    if words.strip():
        told, known = _by_words(ledger, words, math.inf if left is None else left * SHARE)
        found = told | found
        present += known
    if standing:
        room = MOST if left is None else min(STANDING * ledger.budget, left * LAST)
        found = what_stands(ledger.entries, room, shown=_staying(ledger)) | found
    if not found and not present:
        raise ValueError("all that stands is in your context already")
    if not found:
        raise ValueError(f"{', '.join(present)}: in your context already")
    text = "\n\n".join(found[id] for id in sorted(found, key=lambda id: ledger.entry(id).number))
    weight = message_tokens(Message(role="tool", content=text))
    if left is not None and weight > left:
        raise ValueError(f"that takes {weight} tokens and {left} are left; recall fewer, or drop something first")
    ledger.record(Edit(kind="recall", ids=tuple(found)))
    if present:
        text += f"\n\nIn your context already: {', '.join(present)}"
    return Answer(text=text, pictures=tuple(picture for id in found for picture in ledger.entry(id).pictures))


def mentions(entries: Sequence[Entry], name: str) -> list[Entry]:
    """Entries that hold every word of the name, the first appearance first."""
    wanted = set(terms(name)) or {name.lower()}
    return [e for e in entries if not about_context(e) and wanted <= set(terms(words_of(e)))]


def _by_ids(ledger: Ledger, ids: Sequence[str]) -> list[Entry]:
    for id in ids:
        if not ledger.has(id):
            raise ValueError(f"no entry {id!r}; search with words instead")
    return [ledger.entry(id) for id in ids]


def _by_first(ledger: Ledger, name: str) -> tuple[dict[str, str], list[str]]:
    """The first appearance of a name, then what the next mentions say that is new, by id; and what can be read now."""
    entries = mentions(ledger.entries, name)
    if not entries:
        raise ValueError(f"nothing in the log mentions {name!r}; try recall by words")
    short = {entry.id: entry for entry in focused(entries, name)}
    found: dict[str, str] = {}
    known: list[str] = []
    said: list[str] = []  # lines so far
    for entry in entries:
        told = short[entry.id].short if short[entry.id] != entry else whole_text(entry)
        new = [line for line in told.splitlines() if line != "(shrunk)" and not any(alike(line, old) for old in said)]
        said += new
        if new and ledger.in_context(entry.id, lines=True):
            known.append(entry.id)
        elif new:
            found[entry.id] = quoted(entry, "\n".join(new) if short[entry.id] != entry else "")
        if len(found) == FIRSTS:
            break
    return found, known[:3]


def _by_words(ledger: Ledger, words: str, room: float) -> tuple[dict[str, str], list[str]]:
    """The best lines about the words that can't be read now, by id; and ids of what answers and can be read."""
    found, known = quotes(ledger.entries, words, room, shown=_staying(ledger))
    if not found and not known:
        raise ValueError(f"nothing in the log has to do with {words!r}; try other words")
    return found, known[:3]


def _staying(ledger: Ledger) -> list[Entry]:
    """What can be read now and is not about to go."""
    going = {id for edit in ledger.waiting for id in edit.ids}
    return [entry for entry in ledger.shown if entry.id not in going]
