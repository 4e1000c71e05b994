"""Entries of the log as rows, and as the short receipts that writers are given."""

import json
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from rushes.board.canonical import canonical
from rushes.board.state import Entry

_RECEIPT_BYTES = 700  # of a receipt's text: under 300 tokens, in Chinese too


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a write did, in short; `str(receipt)` is what a language model is given."""

    entry: int  # number in the log; the last one where nothing changed
    created: tuple[str, ...]  # ids of new nodes, in the order of their operations
    text: str  # one line, under 300 tokens
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


def receipt_of(entry: Entry, *, repeated: bool = False) -> Receipt:
    """The receipt of an entry: new ids, then each change as before -> after, cut to fit."""
    created = tuple(operation["id"] for operation in entry.operations if operation["op"] == "create")
    head = f"entry {entry.number}: "
    if repeated:
        head += "done before, nothing done now; it was: "
    if entry.target is not None:
        head += f"{entry.action} of entry {entry.target}; "
    new = set(created)
    parts = [f"created {', '.join(created[:20])}{' ...' if len(created) > 20 else ''}"] if created else []
    parts += [_say(change) for change in entry.changes if change[0] not in new]
    text = head
    for count, part in enumerate(parts):
        more = f"(+{len(parts) - count} more: changes(since={entry.number - 1}))"
        if len((text + part).encode()) + len(more) + 2 > _RECEIPT_BYTES:
            return Receipt(entry=entry.number, created=created, text=text + more, repeated=repeated)
        text += part + "; "
    return Receipt(entry=entry.number, created=created, text=text.removesuffix("; "), repeated=repeated)


def _say(change: tuple[str, str, Any, Any]) -> str:
    node, name, before, after = change
    if name == "kind":
        return f"{node} {'is back' if after else 'is gone'}"
    if name == "removed":
        return f"{node} {'removed' if after else 'is back'}"
    if name.startswith("link:"):
        return f"{node} {'' if after else 'no longer '}{name[5:].replace(':', ' ')}"
    return f"{node} {name.partition(':')[2] or name} {_brief(before)} -> {_brief(after)}"


def _brief(value: Any) -> str:
    if value is None:
        return "empty"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text.encode()) <= 48 else text.encode()[:45].decode(errors="ignore") + "..."
