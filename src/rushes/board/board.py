"""The board: the only state of a film project, changed by operations that are logged, undone and replayed."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from rushes.board.blobs import Blobs
from rushes.board.draft import Draft
from rushes.board.jobs import Job, Jobs, StepResult
from rushes.board.log import UNCHANGED, Receipt, append, entry_of, receipt_of
from rushes.board.operations import Operation, perform
from rushes.board.reads import Document, Node
from rushes.board.schema import check_fields
from rushes.board.spend import Estimate, Spend
from rushes.board.state import Cell, Entry, State
from rushes.board.store import BoardError, Store


class Conflict(BoardError):
    """An entry can't be undone or redone as things stand; `entries` are in the way."""

    def __init__(self, message: str, entries: tuple[int, ...]) -> None:
        super().__init__(message)
        self.entries = entries


class Board:
    """One project folder. Threads may share a Board; one process at a time holds it and does its work, any number read,
    and a person may edit it `beside` the one that works."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._state = State()
        self.folder = store.folder
        self.blobs = Blobs(store)
        self.spend = Spend(store)
        self.jobs = Jobs(store, self.blobs, self.spend)

    @classmethod
    def open(cls, folder: Path | str, *, create: bool = True, writer: bool = True, beside: bool = False) -> "Board":
        """Opens (or makes) a project. Raises BoardBusy if another process is writing it; BoardError for a folder that
        can't be written, isn't a project, or comes from another version.

        `beside`: an existing project, to edit and undo in while another process (an agent) works on it, which sees it
        at its next look. Durable steps are that one's alone.
        """
        board = cls(Store(Path(folder), create=create, writer=writer, beside=beside))
        try:
            if writer and not beside:
                board.blobs.sweep()
                board.jobs.recover()
            board._refresh()
        except BaseException:
            board.close()
            raise
        return board

    def close(self) -> None:
        self._store.close()

    def __enter__(self) -> "Board":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # Writes

    def apply(
        self, *operations: Operation | dict[str, Any], by: str = "user", note: str = "", once: str | None = None
    ) -> Receipt:
        """Does all of the operations or none, as one entry of the log, on disk when this returns.

        `once` names an entry that must be made only once in the project's life: with a name used before nothing is done
        and the old receipt comes back, so a command that was killed can be run again as it is. Raises BoardError saying
        which operation can't be done and why.
        """
        if not operations:
            raise BoardError("nothing to apply: give at least one operation")
        with self._store.write() as db:
            if once is not None:
                rows = db.execute("select * from log where once = ?", (once,)).fetchall()
                if rows:
                    return receipt_of(entry_of(rows[0]), self._refresh(), repeated=True)
            draft = Draft(self._refresh(), self.blobs.has)
            done = perform(operations, draft)
            changes = draft.changes()
            if not changes and once is None:
                return Receipt(entry=self._state.entry, created=(), text=UNCHANGED, said=UNCHANGED)
            entry = append(db, by, note, "apply", None, done, changes, draft.needs(), once)
        return receipt_of(entry, self._refresh())

    def undo(self, entry: int | None = None, *, by: str = "user", of: str | None = None, note: str = "") -> Receipt:
        """Takes an entry back by appending its inverse: the last one (of the writer `of`, if named), or any by number.

        Undoing an undo is a redo. Raises Conflict naming the later entries that build on it.
        """
        with self._store.write():
            state = self._refresh()
            if entry is None:
                standing = sorted(state.standing, key=state.standing.__getitem__, reverse=True)
                entry = next((number for number in standing if of is None or self._read_entry(number).by == of), None)
                if entry is None:
                    raise BoardError(f"nothing to undo: no entry{f' by {of}' if of else ''} is in force")
            found = self._read_entry(entry)
            if found.action == "undo":
                return self.redo(found.target, by=by, note=note)
            if found.target is not None:
                found = self._read_entry(found.target)
            if found.number not in state.standing:
                raise BoardError(
                    f"entry {found.number} is undone already (by entry {state.undone[found.number]}): redo it?"
                )
            in_the_way = self._built_on(found)
            if in_the_way:
                raise Conflict(
                    f"can't undo entry {found.number}: {_entries(in_the_way)} built on it; undo the latest first",
                    in_the_way,
                )
            return self._reverse(found, "undo", by, note)

    def redo(self, entry: int | None = None, *, by: str = "user", note: str = "") -> Receipt:
        """Puts an undone entry back by appending it again: the last undone (if nothing new came since), or by number.

        Raises Conflict naming the entries that took its place.
        """
        with self._store.write():
            state = self._refresh()
            if entry is None:
                last = self._store.read("select max(entry) as entry from log where action = 'apply'")[0]["entry"] or 0
                fresh = {number: undo for number, undo in state.undone.items() if undo > last}
                if not fresh:
                    raise BoardError(
                        "nothing to redo: no undo since the last change; an older entry can be redone by number"
                    )
                entry = max(fresh, key=fresh.__getitem__)
            found = self._read_entry(entry)
            if found.target is not None:
                found = self._read_entry(found.target)
            if found.number not in state.undone:
                raise BoardError(f"entry {found.number} is in force: there is nothing to redo")
            wrong = {(node, name) for node, name, before, _ in found.changes if state.get(node, name) != before}
            wrong |= {(node, name) for node, name, value in found.needs if state.get(node, name) != value}
            if wrong:
                in_the_way = self._writers(wrong)
                raise Conflict(
                    f"can't redo entry {found.number}: {' '.join(min(wrong))} is no longer as it was; "
                    f"{_entries(in_the_way)} changed it",
                    in_the_way,
                )
            return self._reverse(found, "redo", by, note)

    def put(self, source: Path | str | bytes, suffix: str | None = None) -> str:
        """Stores a file or bytes and returns its hash; see `Blobs.put`."""
        return self.blobs.put(source, suffix)

    def blob_path(self, blob: str) -> Path:
        """Where a blob's file is; its name ends in its suffix."""
        return self.blobs.path(blob)

    def step(
        self,
        name: str,
        inputs: dict[str, Any],
        fn: Callable[[Job], Any],
        *,
        node: str = "",
        model: str = "",
        paid: bool = False,
        estimate: Estimate | None = None,
    ) -> StepResult:
        """A durable step: calls fn(job) unless these inputs (JSON; files by their hash) were done before.

        fn returns JSON and hands files over with job.attach(). The estimate is reserved first (OverBudget: fn was not
        called) and reconciled after. A step that failed or was killed runs again when it is asked for again, except
        `paid` ones: with job.provider_id set, fn must poll that order and not make another; killed between the order
        and job.remember() the job raises AmbiguousJob until `resolve_job`. What fn raises comes through.
        """
        if self._store.beside:
            raise BoardError(
                f"{name!r} is work, and {self.folder} was opened beside whoever works: open it as its writer"
            )
        return self.jobs.step(name, inputs, fn, node=node, model=model, paid=paid, estimate=estimate)

    def resolve_job(self, id: str, how: str, provider_id: str | None = None) -> None:
        """A person's word on an ambiguous or failed job: "retry" (order anew), "failed" (give it up), or "poll" with
        the provider's id that the person has looked up."""
        self.jobs.resolve(id, how, provider_id)

    # Reads

    def overview(self, limit: int = 2400) -> str:
        """Counts and a line a node in at most `limit` bytes; see `Document.overview`."""
        with self._store.lock:
            return Document(self._refresh()).overview(limit)

    def node(self, id: str) -> Node:
        with self._store.lock:
            return Document(self._refresh()).node(id)

    def nodes(self, kind: str = "", **fields: Any) -> list[Node]:
        """Nodes in order, of one kind and with these field values."""
        with self._store.lock:
            return Document(self._refresh()).nodes(kind, **fields)

    def changes(self, since: int = 0, limit: int | None = None) -> list[Entry]:
        """The log's entries behind number `since`, in order; a watcher asks again with the last number it saw."""
        sql = "select * from log where entry > ? order by entry limit ?"
        return [entry_of(row) for row in self._store.read(sql, (since, -1 if limit is None else limit))]

    def told(self, since: int = 0) -> list[tuple[Entry, str]]:
        """The log's entries behind number `since`, each with what it did in words."""
        if since >= self.last_entry:
            return []
        state, found = State(), []
        for entry in self.changes():
            state.fold([entry])
            if entry.number > since:
                found.append((entry, receipt_of(entry, state).said))
        return found

    def history(self, id: str) -> list[Entry]:
        """The entries that changed one node, in order."""
        return [entry for entry in self.changes() if any(node == id for node, *_ in entry.changes)]

    def at(self, entry: int) -> Document:
        """The document as it was right after this entry (0: empty)."""
        last = self.last_entry
        if not 0 <= entry <= last:
            raise BoardError(f"no entry has the number {entry}: the log goes from 1 to {last}")
        return Document(State().fold(e for e in self.changes() if e.number <= entry))

    def document(self) -> Document:
        """The document now, read from the whole log, apart from what this Board keeps in memory."""
        return replay(self.changes())

    @property
    def last_entry(self) -> int:
        with self._store.lock:
            return self._refresh().entry

    def problems(self) -> list[str]:
        """Everything checked: the file, the log against the document kept in memory, every blob. Empty: all is well."""
        found = [row[0] for row in self._store.read("pragma integrity_check") if row[0] != "ok"]
        with self._store.lock:
            if Document(self._refresh()) != self.document():
                found.append("the document in memory isn't what the log says")
        return found + self.blobs.problems()

    # Inside

    def _refresh(self) -> State:
        """The state with all that is in the log, other processes' entries too."""
        with self._store.lock:
            return self._state.fold(self.changes(self._state.entry))

    def _read_entry(self, number: int) -> Entry:
        rows = self._store.read("select * from log where entry = ?", (number,))
        if not rows:
            raise BoardError(f"no entry has the number {number}: the log goes from 1 to {self._state.entry}")
        return entry_of(rows[0])

    def _built_on(self, undone: Entry) -> tuple[int, ...]:
        """Entries put in force after this one that changed or relied on the same cells."""
        standing = self._state.standing
        later = [number for number, since in standing.items() if since > standing[undone.number]]
        found = []
        for entry in map(self._read_entry, later):
            if undone.cells & (entry.cells | {(node, name) for node, name, _ in entry.needs}):
                found.append(entry.number)
        return tuple(sorted(found))

    def _writers(self, cells: set[Cell]) -> tuple[int, ...]:
        """For each cell the entry that gave it the value it has (an undo, where that is what took it away)."""
        last: dict[Cell, int] = {}
        for entry in self.changes():
            last |= dict.fromkeys(entry.cells & cells, entry.number)
        return tuple(sorted(set(last.values())))

    def _reverse(self, entry: Entry, action: str, by: str, note: str) -> Receipt:
        changes = entry.changes
        if action == "undo":
            changes = [(node, name, after, before) for node, name, before, after in changes]
        after = self._state.preview(changes)
        self._check(after, {node for node, *_ in changes}, f"can't {action} entry {entry.number}")
        with self._store.write() as db:
            done = append(db, by, note, action, entry.number, [], changes, [], None)
        return receipt_of(done, self._refresh())

    def _check(self, state: State, touched: set[str], what: str) -> None:
        """Undo and redo may bring together what no apply() would: a shot and a chosen take that is gone, for one."""
        live = set(state.live())
        for id in live:
            cells = state.nodes[id]
            chosen = cells.get("field:chosen")
            if chosen is not None and chosen not in live:
                removers = self._writers({(chosen, "removed" if state.get(chosen, "kind") else "kind")})
                raise Conflict(f"{what}: {id} would choose {chosen}, which {_entries(removers)} took away", removers)
            if id in touched:
                check_fields(
                    cells["kind"], {n.partition(":")[2]: v for n, v in cells.items() if n.startswith("field:")}
                )


def replay(entries: Iterable[Entry]) -> Document:
    """The document that a log leads to."""
    return Document(State().fold(entries))


def _entries(numbers: tuple[int, ...]) -> str:
    named = ", ".join(str(number) for number in numbers[:12]) + (" ..." if len(numbers) > 12 else "")
    return f"entr{'y' if len(numbers) == 1 else 'ies'} {named}"
