"""Calls entries back into the context: by id, by words, or by the first appearance of a name.

What was called back enters at the end, as the answer of the tool; nothing before it is re-billed. Entries come whole;
of a long one that a search has found come the lines that meet the words, and its id for the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rushes.agent.context.edits import Edit
from rushes.agent.context.entry import Entry
from rushes.agent.context.excerpts import alike, focused
from rushes.agent.context.features import features
from rushes.agent.context.learned import shipped_scorer
from rushes.agent.context.ledger import Ledger
from rushes.agent.context.lines import Lines
from rushes.agent.context.messages import message_tokens, quoted, whole_text
from rushes.agent.context.search import about_context, words_of
from rushes.agent.context.terms import terms
from rushes.agent.models import Message
from rushes.agent.tool import Answer

MOST = 12  # entries that a search answers
ABOUT = 0.5  # of a line's score, from which on it has to do with the words at all
TOLD = 0.3  # what the line that answers best counts, where a chance of 1 counts 1
WORTH = 0.1  # of the best's score, that an answer must have
FIRSTS = 4  # mentions of a name that say something new
SHARE = 0.6  # of what is left of the budget, that a search may take


def recall(ledger: Ledger, *, ids: Sequence[str] = (), words: str = "", first: str = "") -> Answer:
    """What was asked for, pictures included. Raises ValueError where there is nothing to call back."""
    if not (ids or words.strip() or first.strip()):
        raise ValueError("recall needs ids, words to search for, or a name whose first appearance is wanted")
    left = max(ledger.budget - ledger.used, 0) if ledger.budget else None
    wanted = _by_ids(ledger, ids)
    found = {entry.id: quoted(entry) for entry in wanted if not ledger.in_context(entry.id)}
    present = [entry.id for entry in wanted if entry.id not in found]
    if first.strip():
        told, known = _by_first(ledger, first)
        found = told | found
        present += known
    if words.strip():
        told, known = _by_words(ledger, words, None if left is None else left * SHARE)
        found = told | found
        present += known
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


def search(entries: Sequence[Entry], words: str) -> list[tuple[Entry, float]]:
    """Entries by the chance that they are needed for the words, as the learned policy sees it, and by how well their
    best line answers; the best first."""
    found = [entry for entry in entries if not about_context(entry)]
    lines = Lines.of(found)
    told = lines.best_of(lines.scores(words))
    chances = shipped_scorer().chances(features(found, words))
    scores = chances + TOLD * told / max(float(told.max(initial=0.0)), ABOUT)
    rows = [row for row in np.argsort(-scores, kind="stable") if told[row] > ABOUT]
    return [(found[row], float(scores[row])) for row in rows]


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


def _by_words(ledger: Ledger, words: str, room: float | None) -> tuple[dict[str, str], list[str]]:
    """What the best entries that can't be read now say, by id, and the best of those that can."""
    ranked = search(ledger.entries, words)
    if not ranked:
        raise ValueError(f"nothing in the log has to do with {words!r}; try other words")
    good = [entry.id for entry, score in ranked if score >= WORTH * ranked[0][1]]
    present = [id for id in good if ledger.in_context(id, lines=True)]
    short = {entry.id: entry for entry in focused([one for one in ledger.entries if not about_context(one)], words)}
    found: dict[str, str] = {}
    taken = 0
    for id in [id for id in good if id not in present][:MOST]:
        entry = ledger.entry(id)
        told = quoted(entry, short[id].short if short[id] != entry else "")
        weight = message_tokens(Message(role="tool", content=told))
        if room is None or not found or taken + weight <= room:
            found[id] = told
            taken += weight
    return found, present[:3]
