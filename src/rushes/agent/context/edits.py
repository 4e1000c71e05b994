"""The agent's edits to its own context. An edit is a new line of the log; what it hides or shortens stays in it.

Each answer says what the edit frees and what it re-bills behind it: from the earliest edited place on, a prefix cache
is lost. So edits wait for a boundary, where all of them take effect at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from rushes.agent.context.entry import Entry
from rushes.agent.context.messages import shrunk

if TYPE_CHECKING:
    from rushes.agent.context.ledger import Ledger

EditKind = Literal["drop", "shrink", "pin", "unpin", "note", "recall", "boundary", "select", "remind"]
NO_NEED = 0.5  # of the budget: below it nothing has to go
LONGEST_NOTE = 1200  # characters


@dataclass(frozen=True, kw_only=True)
class Edit:
    """A line of the log. `boundary` puts the waiting ones in force; a policy's choice is kept by `select` (levels) and
    `remind` (what a new question added)."""

    kind: EditKind
    ids: tuple[str, ...] = ()
    text: str = ""  # of a note, in place of a shrunk entry, or a policy's choice in JSON
    number: int = 0  # of the event in the log
    at: float = 0.0  # seconds since 1970


def drop(ledger: Ledger, ids: Sequence[str]) -> str:
    """Leaves entries out; a call goes with all its results. Raises ValueError for what can't be dropped."""
    chosen: dict[str, Entry] = {}
    for entry in _editable(ledger, ids):
        for other in ledger.group(entry):
            if ledger.pinned(other.id):
                raise ValueError(f"{other.id} is pinned and goes with {entry.id}; unpin it first, or shrink {entry.id}")
            chosen[other.id] = other
    freed = ledger.weight_of(chosen)
    more = [id for id in chosen if id not in ids]
    named = _listed(ids) + (f" (and {_listed(more)}: a call goes with its results)" if more else "")
    return _record(ledger, Edit(kind="drop", ids=tuple(chosen)), f"dropped {named}", freed)


def shrink(ledger: Ledger, ids: Sequence[str], text: str = "") -> str:
    """Puts `text`, or its first line or caption, in the place of each. Raises ValueError where that saves nothing."""
    freed = 0
    for entry in _editable(ledger, ids):
        short = shrunk(entry, text)
        saves = ledger.weight_of([entry.id]) - short.costs[0]
        if saves <= 0:
            hint = "write less" if text else "it is short already; drop it if it is of no use"
            raise ValueError(f"shrinking {entry.id} frees nothing ({ledger.weight_of([entry.id])} tokens): {hint}")
        freed += saves
    return _record(ledger, Edit(kind="shrink", ids=tuple(ids), text=text), f"shrunk {_listed(ids)}", freed)


def pin(ledger: Ledger, ids: Sequence[str], *, off: bool = False) -> str:
    """Keeps entries whole whatever happens, or (off) no longer. A pin takes back an edit of the entry that waits."""
    for id in _known(ledger, ids):
        entry = ledger.entry(id)
        if entry.kind == "user":
            raise ValueError(f"{id} is the user's words: they always stay whole, without a pin")
        if ledger.pinned(id) is not off:
            raise ValueError(f"{id} is {'not pinned' if off else 'pinned already'}")
        if not off and not ledger.is_whole(id):
            raise ValueError(f"{id} is no longer whole in your context; recall it and pin what recall answers")
    ledger.record(Edit(kind="unpin" if off else "pin", ids=tuple(ids)))
    weight = ledger.weight_of(ids)
    return f"{'unpinned' if off else 'pinned'} {_listed(ids)} ({weight} tokens); nothing is re-billed"


def note(ledger: Ledger, text: str) -> str:
    """Writes a note of the agent's own at the end of its context. Raises ValueError for an empty or a long one."""
    if not text.strip():
        raise ValueError("the note is empty; write what to remember")
    if len(text) > LONGEST_NOTE:
        raise ValueError(f"the note has {len(text)} characters; at most {LONGEST_NOTE}, say it shorter")
    ledger.record(Edit(kind="note", text=text.strip()))
    return f"noted as {ledger.entries[-1].id}; nothing is re-billed"


def _record(ledger: Ledger, edit: Edit, done: str, freed: int) -> str:
    before = ledger.full_share
    ledger.record(edit)
    frees, rebills = ledger.waiting_frees, ledger.waiting_rebills
    answer = f"{done}: frees {freed} tokens, re-bills {ledger.rebilled_by(edit.ids)} behind it"
    if ledger.boundary_due:
        answer += "; in force at the next boundary, before your next turn"
    else:
        answer += (
            f"; waits (all waiting edits free {frees} and re-bill {rebills}) until more is freed than re-billed or "
            f"the context is {ledger.nearly_full:.0%} full"
        )
    if before is not None and before < NO_NEED:
        answer += f". There was no need: the context is only {before:.0%} full"
    return answer


def _known(ledger: Ledger, ids: Sequence[str]) -> list[str]:
    if not ids:
        raise ValueError("name at least one entry by its id, such as e12")
    if len(set(ids)) < len(ids):
        raise ValueError(f"an id stands twice in {', '.join(ids)}; name each once")
    for id in ids:
        if not ledger.has(id):
            raise ValueError(f"no entry {id!r}; ids stand in brackets before what tools say, such as e12")
    return list(ids)


def _editable(ledger: Ledger, ids: Sequence[str]) -> list[Entry]:
    found = []
    for id in _known(ledger, ids):
        entry = ledger.entry(id)
        if entry.kind == "user":
            raise ValueError(f"{id} is the user's words: they always stay whole")
        if ledger.pinned(id):
            raise ValueError(f"{id} is pinned; unpin it first (pin with off)")
        if ledger.is_dropped(id):
            raise ValueError(f"{id} is dropped already")
        if not ledger.is_shown(id):
            raise ValueError(f"{id} is not in your context: it weighs nothing there")
        found.append(entry)
    return found


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(ids[:6]) + (f" and {len(ids) - 6} more" if len(ids) > 6 else "")
