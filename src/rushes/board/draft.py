"""One log entry in the making: reads through to the document, collects writes and what they relied on."""

from collections.abc import Callable, Iterator
from typing import Any

from rushes.board.schema import REFERENCES, check_fields
from rushes.board.state import Cell, State
from rushes.board.store import BoardError


class Draft:
    """Operations write here; the document stays as it is until the entry is in the log."""

    def __init__(self, state: State, has_blob: Callable[[str], bool]) -> None:
        self._state = state
        self._has_blob = has_blob
        self._writes: dict[Cell, Any] = {}
        self._needs: dict[Cell, Any] = {}
        self._counters = dict(state.counters)
        self._handles: dict[str, str] = {}
        self.created: list[str] = []

    def changes(self) -> list[tuple[str, str, Any, Any]]:
        """(node, name, before, after) of every cell that ends up different."""
        found = []
        for (node, name), after in self._writes.items():
            before = self._state.get(node, name)
            if before != after:
                found.append((node, name, before, after))
        return found

    def needs(self) -> list[tuple[str, str, Any]]:
        return [(node, name, value) for (node, name), value in self._needs.items()]

    def get(self, node: str, name: str) -> Any:
        cell = (node, name)
        return self._writes[cell] if cell in self._writes else self._state.get(node, name)

    def put(self, node: str, name: str, value: Any) -> None:
        self._writes[(node, name)] = value

    def names(self, node: str, prefix: str) -> list[str]:
        """Cell names of this node that start with `prefix` and hold something."""
        names = set(self._state.nodes.get(node, {})) | {name for owner, name in self._writes if owner == node}
        return sorted(name for name in names if name.startswith(prefix) and self.get(node, name) is not None)

    def live(self) -> Iterator[str]:
        nodes = dict.fromkeys(self._state.nodes) | dict.fromkeys(node for node, _ in self._writes)
        return (node for node in nodes if self.get(node, "kind") and not self.get(node, "removed"))

    def new_id(self, kind: str, handle: str) -> str:
        """The next id of this kind, never given before; `handle` names it for later operations as "@handle"."""
        if handle in self._handles:
            raise BoardError(f"handle {handle!r} names {self._handles[handle]} already: give each new node its own")
        self._counters[kind] = self._counters.get(kind, 0) + 1
        node = f"{kind}-{self._counters[kind]}"
        if handle:
            self._handles[handle] = node
        self.created.append(node)
        return node

    def resolve(self, name: str) -> str:
        """ "@handle" as the id that it stands for; an id as it is."""
        if not name.startswith("@"):
            return name
        if name[1:] not in self._handles:
            raise BoardError(f"no node of this call has the handle {name!r}: create it first, with handle={name[1:]!r}")
        return self._handles[name[1:]]

    def require(self, node: str) -> str:
        """The kind of a live node, noted as something that this entry relies on. Raises BoardError if there is none."""
        kind = self.get(node, "kind")
        if kind is None:
            raise BoardError(f"no node is called {node!r}: overview() lists those there are")
        if self.get(node, "removed"):
            raise BoardError(f"{node} has been removed: undo the entry that removed it, or use another")
        for name in ("kind", "removed"):
            if (node, name) not in self._writes:
                self._needs[(node, name)] = self._state.get(node, name)
        return str(kind)

    def require_blob(self, blob: str, what: str) -> None:
        if not self._has_blob(blob):
            raise BoardError(f"{what} is {blob!r}, which is no blob of this project: store the file with put() first")

    def set_fields(self, node: str, kind: str, patch: dict[str, Any], clear: tuple[str, ...] = ()) -> None:
        """Checks the node's fields as they would be, then writes those that the patch names."""
        merged = {name.partition(":")[2]: self.get(node, name) for name in self.names(node, "field:")}
        for name in clear:
            if merged.pop(name, None) is None:
                raise BoardError(f"{node} has no value in {name!r} to clear")
        for name, value in patch.items():
            if (kind, name) in REFERENCES and isinstance(value, str):
                patch = patch | {name: self._reference(value, REFERENCES[(kind, name)], f"{node} {name}")}
        checked = check_fields(kind, merged | patch)
        for name in patch:
            self.put(node, "field:" + name, checked[name])
        for name in clear:
            self.put(node, "field:" + name, None)

    def _reference(self, target: str, wanted: str, what: str) -> str:
        target = self.resolve(target)
        if self.require(target) != wanted:
            raise BoardError(f"{what} names {target}, which is no {wanted}")
        return target
