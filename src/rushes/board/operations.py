"""The only ways in which a project changes: small, typed, checked before anything is written."""

import math
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from rushes.board.draft import Draft
from rushes.board.schema import REFERENCES, Kind, Relation
from rushes.board.store import BoardError

# Language models write these words where they mean "leave it"; as a field's whole value they are refused.
_NOTHING = {"null", "none", "undefined", "nil", "nan"}


class _Operation(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def perform(self, draft: Draft) -> dict[str, Any]:
        """Writes into the draft; returns the operation with its ids filled in, for the log."""
        raise NotImplementedError


class CreateNode(_Operation):
    """A new node at the end of its kind. `handle="x"` lets later operations of the same apply() call it "@x"."""

    op: Literal["create"] = "create"
    kind: Kind
    fields: dict[str, Any] = {}
    blobs: dict[str, str] = {}  # name ("video", "thumb", ...) -> hash of a stored blob
    links: tuple[tuple[Relation, str], ...] = ()  # (relation, id or @handle)
    handle: str = ""
    literal: bool = False  # the words "null" and "none" are meant as text

    def perform(self, draft: Draft) -> dict[str, Any]:
        _refuse_nothing(self.kind, self.fields, self.literal)
        node = draft.new_id(self.kind, self.handle)
        orders = [draft.get(other, "order") for other in draft.live() if draft.get(other, "kind") == self.kind]
        draft.put(node, "kind", self.kind)
        draft.put(node, "order", max(orders, default=0.0) + 1.0)
        draft.set_fields(node, self.kind, self.fields)
        for name, blob in self.blobs.items():
            _attach(draft, node, name, blob)
        for relation, target in self.links:
            _connect(draft, node, relation, draft.resolve(target))
        return self.model_dump(mode="json", exclude_defaults=True) | {"op": self.op, "id": node}


class SetFields(_Operation):
    """Changes the named fields and no other; the values before stay in the log. Emptying a field is said by `clear`."""

    op: Literal["set"] = "set"
    id: str
    fields: dict[str, Any] = {}
    clear: tuple[str, ...] = ()
    literal: bool = False  # the words "null" and "none" are meant as text

    def perform(self, draft: Draft) -> dict[str, Any]:
        node = draft.resolve(self.id)
        kind = draft.require(node)
        _refuse_nothing(node, self.fields, self.literal)
        both = sorted(set(self.fields) & set(self.clear))
        if both:
            raise BoardError(f"{node} {both[0]!r} is both set and cleared: do one of them")
        draft.set_fields(node, kind, self.fields, self.clear)
        return self.model_dump(mode="json", exclude_defaults=True) | {"op": self.op, "id": node}


class RemoveNode(_Operation):
    """Takes a node out of sight; its content stays in the log, and undo brings it back."""

    op: Literal["remove"] = "remove"
    id: str

    def perform(self, draft: Draft) -> dict[str, Any]:
        node = draft.resolve(self.id)
        draft.require(node)
        for other in draft.live():
            for kind, field in REFERENCES:
                if draft.get(other, "kind") == kind and draft.get(other, "field:" + field) == node:
                    raise BoardError(f"{node} is {field} by {other}: set or clear that field first")
        draft.put(node, "removed", True)
        return {"op": self.op, "id": node}


class Connect(_Operation):
    """`source` was made_from, uses, replaces or is about `target`."""

    op: Literal["connect"] = "connect"
    source: str
    relation: Relation
    target: str

    def perform(self, draft: Draft) -> dict[str, Any]:
        source, target = draft.resolve(self.source), draft.resolve(self.target)
        draft.require(source)
        _connect(draft, source, self.relation, target)
        return self.model_dump(mode="json") | {"source": source, "target": target}


class Disconnect(_Operation):
    op: Literal["disconnect"] = "disconnect"
    source: str
    relation: Relation
    target: str

    def perform(self, draft: Draft) -> dict[str, Any]:
        source, target = draft.resolve(self.source), draft.resolve(self.target)
        draft.require(source)
        name = f"link:{self.relation}:{target}"
        if not draft.get(source, name):
            raise BoardError(f"{source} has no link {self.relation} {target}: node({source!r}) lists its links")
        draft.put(source, name, None)
        return self.model_dump(mode="json") | {"source": source, "target": target}


class MoveNode(_Operation):
    """Puts a node right behind another of its kind, or first where `after` is empty."""

    op: Literal["move"] = "move"
    id: str
    after: str = ""

    def perform(self, draft: Draft) -> dict[str, Any]:
        node, after = draft.resolve(self.id), draft.resolve(self.after)
        kind = draft.require(node)
        if after == node:
            raise BoardError(f"{node} can't come after itself: name another {kind}, or none to make it the first")
        if after and draft.require(after) != kind:
            raise BoardError(f"{node} can't come after {after}: order is kept among nodes of one kind, here {kind}")
        others = [other for other in draft.live() if draft.get(other, "kind") == kind and other != node]
        others.sort(key=lambda other: draft.get(other, "order"))
        place = others.index(after) + 1 if after else 0
        low = draft.get(others[place - 1], "order") if place else None
        high = draft.get(others[place], "order") if place < len(others) else None
        order = _between(low, high)
        if order is not None:
            draft.put(node, "order", order)
        else:  # no float is left between the two: number all of them anew
            for number, other in enumerate([*others[:place], node, *others[place:]], start=1):
                draft.put(other, "order", float(number))
        return {"op": self.op, "id": node, "after": after}


class AttachBlob(_Operation):
    """Gives a node a file under a name, in place of the one it may have had."""

    op: Literal["attach"] = "attach"
    id: str
    name: str
    blob: str  # hash of a stored blob

    def perform(self, draft: Draft) -> dict[str, Any]:
        node = draft.resolve(self.id)
        draft.require(node)
        _attach(draft, node, self.name, self.blob)
        return {"op": self.op, "id": node, "name": self.name, "blob": self.blob}


class DetachBlob(_Operation):
    op: Literal["detach"] = "detach"
    id: str
    name: str

    def perform(self, draft: Draft) -> dict[str, Any]:
        node = draft.resolve(self.id)
        draft.require(node)
        if draft.get(node, "blob:" + self.name) is None:
            raise BoardError(f"{node} has no blob {self.name!r} to detach")
        draft.put(node, "blob:" + self.name, None)
        return {"op": self.op, "id": node, "name": self.name}


Operation = CreateNode | SetFields | RemoveNode | Connect | Disconnect | MoveNode | AttachBlob | DetachBlob

_ADAPTER: TypeAdapter[Operation] = TypeAdapter(Annotated[Operation, Field(discriminator="op")])


def parse_operation(document: Any) -> Operation:
    """A dict such as {"op": "set", "id": "shot-1", "fields": {...}} as an operation. Raises BoardError in one line."""
    try:
        return _ADAPTER.validate_python(document)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise BoardError(
            f"not an operation: {where + ': ' if where else ''}{first['msg']}, got {document!r:.80}"
        ) from error


def perform(operations: Iterable[Operation | dict[str, Any]], draft: Draft) -> list[dict[str, Any]]:
    """All of them, in order, into the draft; dicts are parsed first."""
    return [(parse_operation(o) if isinstance(o, dict) else o).perform(draft) for o in operations]


def _refuse_nothing(node: str, fields: dict[str, Any], literal: bool) -> None:
    for name, value in fields.items():
        if value is None:
            raise BoardError(f"{node} {name!r} can't be set to null: leave it out, or empty it with clear=({name!r},)")
        if isinstance(value, str) and value.strip().lower() in _NOTHING and not literal:
            raise BoardError(
                f"{node} {name!r} would become the word {value!r}: leave it out, clear it, or say literal=True if meant"
            )


def _attach(draft: Draft, node: str, name: str, blob: str) -> None:
    if not name.isidentifier():
        raise BoardError(f"{node} can't have a blob called {name!r}: use letters, digits and _, such as 'video'")
    draft.require_blob(blob, f"{node} blob {name!r}")
    draft.put(node, "blob:" + name, blob)


def _connect(draft: Draft, source: str, relation: str, target: str) -> None:
    draft.require(target)
    if source == target:
        raise BoardError(f"{source} can't be linked to itself")
    draft.put(source, f"link:{relation}:{target}", True)


def _between(low: float | None, high: float | None) -> float | None:
    """A number strictly between two; None where floats have no more room."""
    if low is None:
        return 1.0 if high is None else high - 1.0
    if high is None:
        return low + 1.0
    middle = (low + high) / 2
    return middle if low < middle < high and math.isfinite(middle) else None
