"""What a reader sees of the document: an overview of a few hundred tokens, then nodes by id."""

import copy
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from rushes.board.schema import KINDS, RELATIONS
from rushes.board.state import State
from rushes.board.store import BoardError

_LINE = 96  # characters of one node's line in an overview


@dataclass(frozen=True, kw_only=True)
class Node:
    """A copy of one node as it stands."""

    id: str
    kind: str
    fields: dict[str, Any]  # only those that have been set
    blobs: dict[str, str]  # name -> hash
    links: tuple[tuple[str, str], ...]  # (relation, id) to others that are there
    backlinks: tuple[tuple[str, str], ...]  # (relation, id) of others that link here
    order: float  # place among its kind, ascending
    removed: bool

    def linked(self, relation: str, kind: str = "") -> tuple[str, ...]:
        """Ids that this node links to by `relation` (of one kind, if named)."""
        return tuple(to for how, to in self.links if how == relation and to.startswith(kind and kind + "-"))

    def linked_from(self, relation: str, kind: str = "") -> tuple[str, ...]:
        """Ids of the nodes that link here by `relation` (of one kind, if named)."""
        return tuple(by for how, by in self.backlinks if how == relation and by.startswith(kind and kind + "-"))


class Document:
    """The document at one moment. Removed nodes are out of sight except by id."""

    def __init__(self, state: State) -> None:
        self.state = state

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and self.state.nodes == other.state.nodes

    @property
    def empty(self) -> bool:
        return not self.state.nodes

    def node(self, id: str) -> Node:
        """One node, a removed one too. Raises BoardError naming ids of that kind if there is none."""
        if "kind" not in self.state.nodes.get(id, {}):
            kind = id.rpartition("-")[0]
            same = [node for node in self.state.live() if node.startswith(kind + "-")] if kind in KINDS else []
            hint = f"there are {', '.join(same[:8])}{' ...' if len(same) > 8 else ''}" if same else "see overview()"
            raise BoardError(f"no node is called {id!r}: {hint}")
        return self._node(id, self._backlinks())

    def nodes(self, kind: str = "", **fields: Any) -> list[Node]:
        """Nodes in order: of one kind, with these field values (`nodes("take", job="job-3")`)."""
        if kind and kind not in KINDS:
            raise BoardError(f"no kind of node is called {kind!r}: choose one of {', '.join(KINDS)}")
        backlinks = self._backlinks()
        found = [
            self._node(id, backlinks)
            for id in self._ordered(kind)
            if all(self.state.get(id, "field:" + name) == value for name, value in fields.items())
        ]
        return found

    def overview(self, limit: int = 2400) -> str:
        """Counts, then a line a node (a shot's takes on its own line), in at most `limit` bytes: about 700 tokens.

        Kinds that don't fit end in a line that says how to read the rest.
        """
        ids = {kind: self._ordered(kind) for kind in KINDS}
        counts = ", ".join(f"{len(ids[kind])} {kind}" for kind in KINDS if ids[kind]) or "an empty board"
        lines = [f"board at entry {self.state.entry}: {counts}"]
        takes = self._takes_by_shot()
        stray = [take for take in ids["take"] if not any(take in of for of in takes.values())]
        shown = {kind: ids[kind] for kind in KINDS} | {"take": stray}
        # Each kind gets an equal part of what is left, and what it doesn't use goes to the kinds behind it.
        kinds = [kind for kind in KINDS if shown[kind]]
        for place, kind in enumerate(kinds):
            room = (limit - sum(len(line.encode()) + 1 for line in lines)) // (len(kinds) - place)
            more = f"... {{}} more: nodes({kind!r})"
            for count, id in enumerate(shown[kind]):
                line = self._line(id, takes.get(id, []))
                left = len(shown[kind]) - count
                spare = len(more.encode()) + 4 if left > 1 else 0
                if len(line.encode()) + 1 + spare > room:
                    lines.append(more.format(left))
                    break
                lines.append(line)
                room -= len(line.encode()) + 1
        return "\n".join(lines)

    def _ordered(self, kind: str = "") -> list[str]:
        ids = [id for id in self.state.live() if not kind or self.state.get(id, "kind") == kind]
        return sorted(ids, key=lambda id: (KINDS.index(self.state.get(id, "kind")), self.state.get(id, "order"), id))

    def _backlinks(self) -> dict[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for id in self._ordered():
            for relation, target in self._links(id):
                found[target].append((relation, id))
        return found

    def _links(self, id: str) -> list[tuple[str, str]]:
        links = [name.split(":", 2)[1:] for name in self.state.nodes[id] if name.startswith("link:")]
        found = [(how, to) for how, to in links if not self.state.get(to, "removed")]
        return sorted(found, key=lambda link: (RELATIONS.index(link[0]), link[1].rpartition("-")[0], _number(link[1])))

    def _node(self, id: str, backlinks: dict[str, list[tuple[str, str]]]) -> Node:
        cells = self.state.nodes[id]

        def part(prefix: str) -> dict[str, Any]:
            return {
                name[len(prefix) :]: copy.deepcopy(cells[name]) for name in sorted(cells) if name.startswith(prefix)
            }

        return Node(
            id=id,
            kind=cells["kind"],
            fields=part("field:"),
            blobs=part("blob:"),
            links=tuple(self._links(id)),
            backlinks=tuple(backlinks.get(id, ())),
            order=cells["order"],
            removed=bool(cells.get("removed")),
        )

    def _takes_by_shot(self) -> dict[str, list[str]]:
        takes: dict[str, list[str]] = defaultdict(list)
        for take in self._ordered("take"):
            for relation, target in self._links(take):
                if relation == "made_from" and self.state.get(target, "kind") == "shot":
                    takes[target].append(take)
        return takes

    def _line(self, id: str, takes: list[str]) -> str:
        def get(name: str) -> Any:
            return self.state.get(id, "field:" + name)

        words = [id]
        if get("seconds") is not None:
            words.append(f"{get('seconds'):g}s")
        if takes:
            chosen = get("chosen")
            words.append(f"{len(takes)} take{'s' if len(takes) > 1 else ''}" + (f", chosen {chosen}" if chosen else ""))
            score = self.state.get(chosen, "field:score") if chosen else None
            if score is not None:
                words.append(f"{score:.2f}")
        if get("score") is not None:
            words.append(f"{get('score'):.2f}")
        if get("status"):
            words.append(get("status"))
        for name in ("name", "label", "title", "text", "prompt", "path"):
            if get(name):
                words.append('"' + _short(str(get(name)), _LINE - sum(len(word) + 1 for word in words)) + '"')
                break
        return " ".join(words)


def _short(text: str, limit: int) -> str:
    text = " ".join(text.split())
    limit = max(limit, 12)
    if len(text.encode()) <= limit:  # bytes, so that Chinese, at a token or so a letter, is cut shorter
        return text
    return text.encode()[: limit - 3].decode(errors="ignore") + "…"


def _number(id: str) -> int:
    return int(id.rpartition("-")[2])
