"""An entry of the log in plain words: what became of which node, as a person would say it.

Whoever tells of a change asks here: the receipt of a write, `rushes undo`, the log in `rushes show`, and the line that
tells the agent what a person has changed. Ids stay in it, since they are what one calls a node by.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from rushes.board.schema import default_of
from rushes.board.state import Entry, State
from rushes.media import looks
from rushes.media.grade import grade_of

_SHORT = 40  # characters of a text that a node is known by
_NAMED = 3  # new or lost nodes of one kind that are named; of more their number is said
_PLURALS = {"brief": "briefs", "cast": "members of the cast"}

Change = tuple[Any, Any]  # before, after; None: not there


def in_words(entry: Entry, state: State) -> list[str]:
    """A phrase for each thing that became otherwise. `state`: the document as the entry left it, or a later one."""
    changed: dict[str, dict[str, Change]] = {}
    for node, name, before, after in entry.changes:
        changed.setdefault(node, {})[name] = (before, after)
    return _Teller(entry, state, changed).phrases()


class _Teller:
    def __init__(self, entry: Entry, state: State, changed: dict[str, dict[str, Change]]) -> None:
        self.state, self.changed = state, changed
        self.anew = entry.action != "apply"  # undone or redone: what is now has been before
        self.came = [node for node, cells in changed.items() if _turned(cells, True)]
        self.went = [node for node, cells in changed.items() if _turned(cells, False)]

    def phrases(self) -> list[str]:
        verb = ("is back", "are back") if self.anew else ("is new", "are new")
        if any("removed" in self.changed[node] for node in self.came):
            verb = ("is back", "are back")
        said = [self._together(self.came, *verb), self._together(self.went, "is gone", "are gone")]
        stayed = [node for node in self.changed if node not in (*self.came, *self.went)]
        said += self._moved([node for node in stayed if "order" in self.changed[node]])
        for node in stayed:
            facts = _facts(self._kind(node), self._fields(node), anew=self.anew)
            said += [f"{self._name(node)} {_listed(facts)}"] if facts else []
            said += self._links(node)
        return [phrase for phrase in said if phrase]

    def _cell(self, node: str, name: str) -> Any:
        """As it is; of a node that is no longer there, as it was before this entry."""
        before, after = self.changed.get(node, {}).get(name, (None, None))
        found = self.state.get(node, name)
        return next((value for value in (found, after, before) if value is not None), None)

    def _kind(self, node: str) -> str:
        return str(self._cell(node, "kind") or node.rpartition("-")[0])

    def _fields(self, node: str) -> dict[str, Change]:
        cells = self.changed[node]
        return {name[6:]: change for name, change in cells.items() if name.startswith("field:")}

    def _name(self, node: str) -> str:
        """Its id, and the words that it is known by: 'title-2 "SALE"'."""
        kind = self._kind(node)
        if kind == "cut":
            return "the cut"
        words = [self._cell(node, "field:" + name) for name in ("text", "title", "name", "thing")]
        if node not in (*self.came, *self.went) and "field:text" in self.changed.get(node, {}):
            return node  # what it is known by is what has changed: that is said behind
        if kind == "clip":
            shots = [to for how, to in self._all_links(node) if how == "about"]
            words = [*(self._cell(shot, "field:text") for shot in shots), self._cell(node, "field:label")]
        elif kind == "sound":
            words = [self._cell(node, "field:label")]
        elif kind == "take":
            shots = [to for how, to in self._all_links(node) if how == "made_from"]
            return f"{node} of {shots[0]}" if shots else node
        text = next((str(word) for word in words if word), "")
        return f"{node} {_quoted(text)}" if text else node

    def _all_links(self, node: str) -> list[tuple[str, str]]:
        names = [*self.state.nodes.get(node, {}), *self.changed.get(node, {})]
        return [(parts[1], parts[2]) for name in names if len(parts := name.split(":", 2)) == 3 and parts[0] == "link"]

    def _together(self, nodes: list[str], one: str, several: str) -> str:
        by_kind: dict[str, list[str]] = {}
        for node in nodes:
            by_kind.setdefault(self._kind(node), []).append(node)
        names: list[str] = []
        for kind, same in by_kind.items():
            if len(same) <= _NAMED:
                names += [self._name(node) for node in same]
            else:
                names.append(f"{len(same)} {_PLURALS.get(kind, kind + 's')} ({same[0]} to {same[-1]})")
        return f"{_listed(names)} {one if len(nodes) == 1 else several}" if names else ""

    def _moved(self, nodes: list[str]) -> list[str]:
        said = []
        for kind in dict.fromkeys(self._kind(node) for node in nodes):
            row = [node for node in self.state.live() if self._kind(node) == kind]
            row.sort(key=lambda node: self.state.get(node, "order"))
            moved = [node for node in nodes if self._kind(node) == kind and node in row]
            again = " again" if self.anew else ""
            if len(moved) == 1:
                place = row.index(moved[0])
                where = f"stands behind {row[place - 1]}" if place else "stands first"
                said.append(f"{self._name(moved[0])} {where}{again}")
            elif moved:
                said.append(f"the order of {_PLURALS.get(kind, kind + 's')} is {', '.join(row)}{again}")
        return said

    def _links(self, node: str) -> list[str]:
        cells = self.changed[node]
        if self._kind(node) == "clip" and (
            taken := [n for n, (_, new) in cells.items() if n[:15] == "link:uses:take-" and new]
        ):
            # A clip that shows another take has its file and its links changed: one thing to a person.
            name = self._name(taken[0].removeprefix("link:uses:"))
            return [f"{self._name(node)} shows {name}{' again' if self.anew else ''}"]
        said = []
        for name, (before, after) in cells.items():
            what, _, rest = name.partition(":")
            how, _, target = rest.partition(":")
            if what == "blob":
                verb = f"has {'another' if before and after else 'a' if after else 'no'} {rest}"
                said.append(f"{self._name(node)} {verb}{_again(verb, self.anew)}")
            elif what == "link" and target not in (*self.came, *self.went):
                if how == "uses" and self._kind(node) == "cut":
                    said.append(f"{self._name(target)} is {'in' if after else 'out of'} the cut")
                else:
                    verb = {"made_from": "made from", "about": "about", "uses": "with", "replaces": "in place of"}[how]
                    said.append(f"{self._name(node)} is {'' if after else 'no longer '}{verb} {self._name(target)}")
        return said


def _turned(cells: dict[str, Change], there: bool) -> bool:
    """Whether a node came to be there, or went."""
    kind, removed = cells.get("kind", (None, None)), cells.get("removed", (None, None))
    if there:
        return (kind[0] is None and kind[1] is not None) or bool(removed[0] and not removed[1])
    return (kind[0] is not None and kind[1] is None) or bool(removed[1] and not removed[0])


# What is said of a field's value. Fields that belong together are said in one.


def _number(value: Any) -> str:
    return f"{round(float(value), 3):g}"


def _for_seconds(verb: str, none: str) -> Callable[[Any], str]:
    return lambda value: f"{verb} {_number(value)} s" if value else none


def _pushed(first: list[float], last: list[float]) -> str:
    """A view at the beginning and one at the end, each a scale and the place of its middle."""
    begin, end = _number(first[0]), _number(last[0])
    if begin == end == "1":
        return "has no zoom"
    if begin == end:
        return f"{'is shown' if first == last else 'goes over its picture'} {begin} times as close"
    return f"zooms {'in' if last[0] > first[0] else 'out'} from {begin} to {end} times as close"


_SAID: dict[tuple[str, str], Callable[[Any], str]] = {
    ("shot", "seconds"): lambda v: f"lasts {_number(v)} s",
    ("shot", "text"): lambda v: f"films {_quoted(v)}",
    ("shot", "chosen"): lambda v: f"shows {v}" if v else "has no chosen take",
    ("shot", "status"): lambda v: "fell short" if v == "fell_short" else f"is {v}",
    ("shot", "prompt"): lambda v: f"is prompted {_quoted(v)}",
    ("clip", "seconds"): lambda v: f"lasts {_number(v)} s",
    ("clip", "start"): lambda v: f"shows its source from {_number(v)} s",
    ("clip", "fade"): _for_seconds("crossfades into the next for", "has no crossfade"),
    ("clip", "fit"): lambda v: "is shown whole" if v == "contain" else "fills the frame",
    ("clip", "volume"): lambda v: f"plays at {v:.0%} of its volume" if v else "is mute",
    ("clip", "smooth"): lambda v: "is made smooth" if v else "is not made smooth",
    ("clip", "speed"): lambda v: f"runs at {_number(v)} times its speed" if v != 1 else "runs at its own speed",
    ("clip", "zoom"): lambda v: f"pushes in by {v:.0%}" if v else "is not pushed in",
    ("clip", "push"): lambda v: _pushed(*v),
    ("clip", "focus"): lambda v: f"is cropped around {'the middle' if list(v) == [0.5, 0.5] else 'what it shows'}",
    ("clip", "grade"): lambda v: f"is shown {looks.in_words(grade_of(v))}",
    ("clip", "fill"): lambda v: f"has {'blurred' if v == 'blur' else v} borders",
    ("title", "text"): lambda v: f"reads {_quoted(v)}",
    ("title", "place"): lambda v: {"lower": "is a lower third", "subtitle": "is a subtitle"}.get(v, "is a title"),
    ("title", "middle"): lambda v: f"stands at {v:.0%} of the height" if v else "stands where it covers nobody",
    ("title", "size"): lambda v: f"has type of {v:.0%} of the usual size" if v != 1 else "has type of the usual size",
    ("title", "colour"): lambda v: f"is in {v}" if v else "is in white",
    ("title", "start"): lambda v: f"begins at {_number(v)} s",
    ("title", "end"): lambda v: f"ends at {_number(v)} s",
    ("sound", "at"): lambda v: f"begins at {_number(v)} s of the film",
    ("sound", "start"): lambda v: f"plays from {_number(v)} s of its file",
    ("sound", "seconds"): _for_seconds("plays for", "plays to its end"),
    ("sound", "gain_db"): lambda v: f"plays at {v:+g} dB" if v else "plays as loud as it is",
    ("sound", "fade_in"): _for_seconds("fades in for", "has no fade at its beginning"),
    ("sound", "fade_out"): _for_seconds("fades out for", "has no fade at its end"),
    ("sound", "duck"): lambda v: "gives way to other sound" if v else "is not turned down under other sound",
    ("cut", "fps"): lambda v: f"runs at {_number(v)} frames a second",
    ("cut", "fade_in"): _for_seconds("fades in from black for", "has no fade from black"),
    ("cut", "fade_out"): _for_seconds("fades to black for", "has no fade to black"),
    ("cut", "loudness"): lambda v: f"is mixed to {_number(v)} LUFS",
    ("take", "score"): lambda v: f"scores {v:.2f}",
    ("take", "verdict"): lambda v: "is not judged" if v == "unjudged" else f"is {v}",
    ("brief", "seconds"): lambda v: f"asks for {_number(v)} s",
    ("brief", "subtitles"): lambda v: "asks for subtitles" if v else "has no subtitles",
    ("note", "text"): lambda v: f"says {_quoted(v)}",
}
# Of these a change is said only where nothing else of the node is: they follow from something, or are long.
_QUIET = ("reasons", "title", "status", "prompt", "scene", "scores", "extra", "options", "parameters", "probe", "job")
_WITHIN = {"extra", "timeline"}  # objects that hold fields of their own


def _facts(kind: str, changes: dict[str, Change], *, anew: bool) -> list[str]:
    """What became of a node's fields, as verbs without a subject."""
    opened: dict[str, Change] = {}
    for name, (before, after) in changes.items():
        if name in _WITHIN:
            inner = [key for key in {**(before or {}), **(after or {})} if (kind, key) in _SAID]
            pairs = {key: ((before or {}).get(key), (after or {}).get(key)) for key in inner}
            found = {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
            opened |= found or {name: (before, after)}
        else:
            opened[name] = (before, after)
    loud = {name: change for name, change in opened.items() if name not in _QUIET}
    facts, left = _pairs(kind, loud or opened, anew)
    for name, (before, after) in left.items():
        usual = _USUAL.get(name, default_of(kind, name))
        before, after = (usual if value is None else value for value in (before, after))
        if before == after:
            continue  # said or not, it was so already
        say = _SAID.get((kind, name))
        said = say(after) if say else _plainly(name, after)
        facts.append(said + _again(said, anew) + ("" if anew else _was(before, after)))
    return facts


_USUAL: dict[str, Any] = {
    **{"speed": 1, "zoom": 0, "focus": [0.5, 0.5], "grade": {}, "fill": "blur", "loudness": -14},
    "push": [[1, 0.5, 0.5], [1, 0.5, 0.5]],
}


def _pairs(kind: str, changes: dict[str, Change], anew: bool) -> tuple[list[str], dict[str, Change]]:
    """Two fields that are one thing to a person, and the other changes."""
    left, facts = dict(changes), []

    def both(one: str, other: str) -> tuple[Change, Change] | None:
        if one in left and other in left and left[one][1] is not None and left[other][1] is not None:
            return left.pop(one), left.pop(other)
        return None

    if kind == "title" and (times := both("start", "end")):
        (begun, start), (ended, end) = times
        was = f" (was {_number(begun)} to {_number(ended)})" if begun is not None and ended is not None else ""
        facts.append(f"stands from {_number(start)} to {_number(end)} s" + (" again" if anew else was))
    if kind in ("cut", "take", "film") and (sides := both("width", "height")):
        (across, width), (down, height) = sides
        was = f" (was {across}x{down})" if across and down else ""
        facts.append(f"is {width}x{height}" + (" again" if anew else was))
    if kind == "take" and (judged := both("score", "verdict")):
        left.pop("scores", None)
        facts.append(f"scores {judged[0][1]:.2f} and is {judged[1][1]}" + (" again" if anew else ""))
    elif kind == "take" and {"score", "verdict"} <= set(left):
        left = {"verdict": left["verdict"]}
    return facts, left


def _plainly(name: str, after: Any) -> str:
    """A field that has no words of its own."""
    name = name.replace("_", " ")
    if isinstance(after, dict | list) or (isinstance(after, str) and len(after) > _SHORT):
        another = "other" if name.endswith("s") else "another"
        return f"has {another} {name}" if after else f"has no {name}"
    if after is None or after == "":
        return f"has no {name}"
    if isinstance(after, bool):
        return f"has {name} {'on' if after else 'off'}"
    return f"has {name} {_number(after) if isinstance(after, int | float) else _quoted(str(after))}"


def _was(before: Any, after: Any) -> str:
    """A number or words that were there before; names that code uses say nothing to a person."""
    if isinstance(before, bool) or not isinstance(before, int | float | str) or before in ("", after):
        return ""
    if isinstance(before, str):
        return f" (was {_quoted(before)})" if " " in before or not before.islower() else ""
    return f" (was {_number(before)})"


def _again(said: str, anew: bool) -> str:
    if not anew:
        return ""
    return " as before" if said.startswith(("has no ", "is not ")) else " again"


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return json.dumps(text if len(text) <= _SHORT else text[: _SHORT - 1] + "…", ensure_ascii=False)
