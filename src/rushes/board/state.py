"""The document as the log leaves it: a map of cells, each written and unwritten by numbered entries."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

# A cell is one smallest thing that can change: (node id, name). Names: "kind", "order", "removed", "field:prompt",
# "blob:video", "link:made_from:shot-3". A value is JSON; None means that the cell isn't there.
Cell = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of the log."""

    number: int  # 1, 2, 3, ...
    at: float  # seconds since 1970
    by: str  # user, agent, ...
    note: str  # why, in the writer's words
    action: str  # "apply", "undo" or "redo"
    target: int | None  # the entry that was undone or redone
    operations: list[dict[str, Any]]  # what was asked, with ids filled in; empty for undo and redo
    changes: list[tuple[str, str, Any, Any]]  # (node, name, before, after)
    needs: list[tuple[str, str, Any]]  # (node, name, value) that it relied on

    @property
    def cells(self) -> set[Cell]:
        return {(node, name) for node, name, _, _ in self.changes}


@dataclass
class State:
    """Folding the log's entries, in order, into this gives the document; nothing else ever changes it."""

    entry: int = 0  # the last one folded in
    nodes: dict[str, dict[str, Any]] = field(default_factory=dict)  # node id -> cell name -> value
    counters: dict[str, int] = field(default_factory=dict)  # kind -> highest number ever given
    standing: dict[int, int] = field(default_factory=dict)  # entry in force -> the entry that last put it in force
    undone: dict[int, int] = field(default_factory=dict)  # entry not in force -> the entry that undid it

    def fold(self, entries: Iterable[Entry]) -> "State":
        for entry in entries:
            assert entry.number > self.entry, "entries fold in order"
            for node, name, before, after in entry.changes:
                assert self.get(node, name) == before, f"entry {entry.number} doesn't fit at {node} {name}"
                self._put(node, name, after)
            target = entry.target if entry.target is not None else entry.number
            if entry.action == "undo":
                del self.standing[target]
                self.undone[target] = entry.number
            else:
                self.undone.pop(target, None)
                self.standing[target] = entry.number
            self.entry = entry.number
        return self

    def get(self, node: str, name: str) -> Any:
        return self.nodes.get(node, {}).get(name)

    def preview(self, changes: Iterable[tuple[str, str, Any, Any]]) -> "State":
        """A copy as it would be with these changes; this one stays as it is."""
        changes = list(changes)
        nodes = self.nodes | {node: dict(self.nodes.get(node, {})) for node, *_ in changes}
        copy = State(entry=self.entry, nodes=nodes, counters=dict(self.counters))
        for node, name, _, after in changes:
            copy._put(node, name, after)
        return copy

    def live(self) -> Iterator[str]:
        """Ids of the nodes that are there and not removed."""
        return (node for node, cells in self.nodes.items() if "kind" in cells and not cells.get("removed"))

    def _put(self, node: str, name: str, value: Any) -> None:
        cells = self.nodes.setdefault(node, {})
        if value is None:
            cells.pop(name, None)
            if not cells:
                del self.nodes[node]
            return
        cells[name] = value
        if name == "kind":
            number = int(node.rpartition("-")[2])
            self.counters[value] = max(self.counters.get(value, 0), number)
