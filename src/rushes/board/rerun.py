"""A board for a piece of work that a kill may cut short: run again, it finds what it wrote and writes only the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rushes.board.board import Board
from rushes.board.draft import Draft
from rushes.board.log import UNCHANGED, Receipt, receipt_of
from rushes.board.operations import Operation, perform
from rushes.board.state import Entry, State
from rushes.board.store import BoardError


class RerunBoard(Board):
    """The same project through the eyes of one piece of work, which writes as `by` and nobody else.

    `since`: the board's last entry when the work first began. What `by` has written since is what an earlier run of
    the work wrote. As long as there is some of it left, the board is read as it was then, and each write that the work
    asks for again is found instead of done. Behind the last of them all is as on any board. `step`: who does the work's
    durable steps; the board itself if nobody is named.
    """

    def __init__(
        self, board: Board, *, by: str, since: int | None = None, step: Callable[..., Any] | None = None
    ) -> None:
        self.board = board  # as it is now, for everybody
        self._store, self._state, self.folder = board._store, board._state, board.folder
        self.blobs, self.spend, self.jobs = board.blobs, board.spend, board.jobs
        self._by = by
        self._step = step or board.step
        written = [] if since is None else [entry for entry in board.changes(since) if entry.by == by]
        self._written: list[Entry] = written  # not asked for again yet
        self._past = State()
        self._advance(0)

    def apply(
        self, *operations: Operation | dict[str, Any], by: str = "", note: str = "", once: str | None = None
    ) -> Receipt:
        if not self._written or self._known(once):
            return super().apply(*operations, by=self._by, note=note, once=once)
        draft = Draft(self._past, self.blobs.has)
        perform(operations, draft)
        changes = draft.changes()
        if not changes and once is None:
            return Receipt(entry=self._past.entry, created=(), text=UNCHANGED, said=UNCHANGED)
        if changes != self._written[0].changes:
            raise self._otherwise(note or "a change")
        return self._found()

    def undo(self, entry: int | None = None, *, by: str = "", of: str | None = None, note: str = "") -> Receipt:
        if not self._written:
            of = self._by if of == self._by.split(":")[0] else of  # "of the agent" means its own
            return super().undo(entry, by=self._by, of=of, note=note)
        if self._written[0].target is None:
            raise self._otherwise("an undo")
        return self._found()

    def redo(self, entry: int | None = None, *, by: str = "", note: str = "") -> Receipt:
        if not self._written:
            return super().redo(entry, by=self._by, note=note)
        return self.undo(entry)

    def step(self, name: str, inputs: dict[str, Any], fn: Callable[..., Any], **about: Any) -> Any:
        return self._step(name, inputs, fn, **about)

    def changes(self, since: int = 0, limit: int | None = None) -> list[Entry]:
        found = super().changes(since, limit)
        return [entry for entry in found if entry.number <= self._past.entry] if self._written else found

    def _refresh(self) -> State:
        return self._past if self._written else super()._refresh()

    def _known(self, once: str | None) -> bool:
        """Whether this name was used before the work began."""
        rows = self._store.read("select entry from log where once = ?", (once,)) if once is not None else []
        return bool(rows) and rows[0]["entry"] < self._written[0].number

    def _found(self) -> Receipt:
        entry = self._written.pop(0)
        self._advance(entry.number)
        then = State().fold(each for each in Board.changes(self) if each.number <= entry.number)
        return receipt_of(entry, then)

    def _advance(self, through: int) -> None:
        """The past moves on to just before the next entry that was written."""
        if self._written:
            upto = max(through, self._written[0].number - 1)
            between = Board.changes(self, self._past.entry)
            self._past.fold(entry for entry in between if entry.number <= upto)

    def _otherwise(self, asked: str) -> BoardError:
        entry = self._written[0]
        return BoardError(
            f"this work was cut short and now does otherwise: entry {entry.number} ({entry.note}) was written where it "
            f"asks for {asked}; undo entry {entry.number} and ask anew"
        )
