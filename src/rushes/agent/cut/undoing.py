"""Taking back the last change of the film, whatever has been rendered, shot or noted since."""

from __future__ import annotations

from rushes.board.board import Board
from rushes.board.state import Entry

KEPT = ("take", "film", "note")  # kinds of node that tell what was made: taking them back would only lose them


def undo(board: Board, by: str = "agent") -> str:
    """Raises BoardError where nothing is left to undo, or a later change builds on it."""
    last = last_edit(board, by)
    receipt = board.undo(last.target or last.number, by=by)
    return f"taken back: {last.note or 'the last change'} (entry {last.number}); {receipt.said}"


def last_edit(board: Board, by: str = "") -> Entry:
    """The last change of the film that is in force, by whoever or by `by` alone. Raises ValueError if there is none."""
    standing: dict[int, Entry] = {}
    for entry in board.changes():
        if entry.action == "undo":
            standing.pop(entry.target or 0, None)
        else:
            standing.pop(entry.target or entry.number, None)
            standing[entry.target or entry.number] = entry
    edits = [entry for entry in standing.values() if by in ("", entry.by) and _is_edit(entry)]
    if not edits:
        raise ValueError(f"nothing to undo: no change {'of yours ' if by else ''}is in force")
    return edits[-1]


def _is_edit(entry: Entry) -> bool:
    planned = any(done.get("op") == "create" and done.get("kind") == "brief" for done in entry.operations)
    kinds = {node.rpartition("-")[0] for node, _ in entry.cells}
    return not planned and "film" not in kinds and bool(kinds - set(KEPT))
