"""Entries of the log as rows, and as the short receipts that writers are given."""

import json
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from rushes.board.canonical import canonical
from rushes.board.in_words import in_words
from rushes.board.state import Entry, State

UNCHANGED = "nothing changed: it was so already"
_RECEIPT_BYTES = 700  # of a receipt's text: under 300 tokens, in Chinese too


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a write did, in short; `str(receipt)` is what a language model is given."""

    entry: int  # number in the log; the last one where nothing changed
    created: tuple[str, ...]  # ids of new nodes, in the order of their operations
    text: str  # one line, under 300 tokens: the entry's number, then what it did
    said: str = ""  # what it did, alone
    repeated: bool = False  # the `once` key was used before: nothing was done now

    def __str__(self) -> str:
        return self.text


def append(
    db: sqlite3.Connection,
    by: str,
    note: str,
    action: str,
    target: int | None,
    operations: list[dict[str, Any]],
    changes: list[tuple[str, str, Any, Any]],
    needs: list[tuple[str, str, Any]],
    once: str | None,
) -> Entry:
    """Adds a line to the log, inside the caller's transaction."""
    texts = [canonical(part, what="an operation") for part in (operations, changes, needs)]
    row = (time.time(), by, note, action, target, once, *texts)
    columns = "at, by, note, action, target, once, operations, changes, needs"
    cursor = db.execute(f"insert into log ({columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
    return entry_of(db.execute("select * from log where entry = ?", (cursor.lastrowid,)).fetchone())


def entry_of(row: sqlite3.Row) -> Entry:
    """A row of the log table as an Entry."""
    return Entry(
        number=row["entry"],
        at=row["at"],
        by=row["by"],
        note=row["note"],
        action=row["action"],
        target=row["target"],
        operations=json.loads(row["operations"]),
        changes=[tuple(change) for change in json.loads(row["changes"])],
        needs=[tuple(need) for need in json.loads(row["needs"])],
    )


def receipt_of(entry: Entry, state: State, *, repeated: bool = False) -> Receipt:
    """The receipt of an entry: what it did, in words, cut to fit. `state`: the document with the entry in it."""
    created = tuple(operation["id"] for operation in entry.operations if operation["op"] == "create")
    head = f"entry {entry.number}: "
    if repeated:
        head += "done before, nothing done now; it was: "
    if entry.target is not None:
        head += f"{entry.action} of entry {entry.target}; "
    said, parts = "", in_words(entry, state)
    for count, part in enumerate(parts):
        more = f"and {len(parts) - count} more changes"
        if len((head + said + part + more).encode()) + 2 > _RECEIPT_BYTES:
            said += more
            break
        said += part + "; "
    said = said.removesuffix("; ")
    return Receipt(entry=entry.number, created=created, text=head + said, said=said, repeated=repeated)
