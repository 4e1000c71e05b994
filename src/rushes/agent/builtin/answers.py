"""What tools have answered, read: the timeline, an audit, an estimate; and which piece of a film is meant."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rushes.agent.builtin.pieces import Kind, Which
from rushes.agent.lexicon import find_kind, kind_words
from rushes.agent.models import ToolSpec

# Findings are mended with these; whatever else a line of an audit may seem to ask for is not done.
MENDING = frozenset(
    "remove_span remove trim volume mix retext replace move music loudness split speed fade extend frame shoot".split()
)


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A piece of the film as the timeline tells of it."""

    id: str
    kind: Kind
    start: float  # seconds on the film's clock
    end: float
    words: str  # a clip's label and what else stands there; a text's words; a sound's label
    place: str = ""  # of a text
    size: float = 1.0  # of a text's type, times the usual
    fade: float = 0.0  # seconds into the next clip
    source: float = 0.0  # seconds into its source
    gain: float = 0.0  # dB
    speed: float = 1.0
    mute: bool = False
    shows: str = ""  # what the board knows that it shows, or sounds like: see `known.py`
    near: tuple[float, float] = (1.0, 1.0)  # scale of what a clip shows when it begins, and when it ends
    grade: str = ""  # of a clip: how its colours are changed

    @property
    def seconds(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, kw_only=True)
class FilmSeen:
    seconds: float = 0.0
    fps: float = 24.0
    size: tuple[int, int] = (0, 0)
    pieces: tuple[Seen, ...] = ()
    lufs: float | None = None  # loudness that the film is brought to
    from_black: float = 0.0  # seconds
    to_black: float = 0.0
    planned: bool = False  # there is no working cut of it yet
    rendered: bool = False  # of a planned film: it was made from its plan

    def of(self, kind: Kind) -> list[Seen]:
        return [piece for piece in self.pieces if piece.kind == kind or kind == "any"]

    @property
    def clips(self) -> list[Seen]:
        return self.of("clip")

    def piece(self, id: str) -> Seen | None:
        return next((piece for piece in self.pieces if piece.id == id), None)


_KINDS: dict[str, Kind] = {"clip": "clip", "shot": "clip", "title": "text", "sound": "sound"}


def read_timeline(answer: str) -> FilmSeen:
    """The film of `timeline()`, or of `board(of=plan)`, where shots are the clips; without pieces if there is none."""
    head = re.search(r"(\d+)x(\d+),? ([\d.]+) fps, ([\d.]+) s", answer)
    found = []
    for line in answer.splitlines():
        match = re.match(r"\s*(clip|shot|title|sound)-(\d+) ([\d.]+)-([\d.]+)\s*(.*)$", line)
        if match is None:
            continue
        rest, _, grade = match[5].partition(", graded ") if match[1] == "clip" else (match[5], "", "")
        kind = _KINDS[match[1]]
        text = re.match(r'(title|lower|subtitle) "(.*)"(?:, ([\d.]+) times the usual size)?(?:, #\w+)?$', rest)
        found.append(
            Seen(
                id=f"{match[1]}-{match[2]}",
                kind=kind,
                start=float(match[3]),
                end=float(match[4]),
                words=text[2].replace(" / ", "\n") if text else rest,
                place=text[1] if text else "",
                size=float(text[3] or 1.0) if text else 1.0,
                fade=0.0 if kind == "text" else _number(r"\bfade ([\d.]+)", rest),
                source=0.0 if kind == "text" else _number(r"\bfrom ([\d.]+)", rest),
                gain=0.0 if kind == "text" else _number(r"([+-][\d.]+) dB", rest),
                grade=grade,
                speed=1.0 if kind == "text" else _number(r"\bspeed ([\d.]+)", rest, 1.0),
                mute=kind == "clip" and re.search(r" mute\b", rest) is not None,
                near=_near(rest) if kind == "clip" else (1.0, 1.0),
            )
        )
    if head is None:
        return FilmSeen(pieces=tuple(found), seconds=max((piece.end for piece in found), default=0.0))
    first = answer.partition("\n")[0]
    level = re.search(r"(-[\d.]+) LUFS", first)
    return FilmSeen(
        seconds=float(head[4]),
        fps=float(head[3]),
        size=(int(head[1]), int(head[2])),
        pieces=tuple(found),
        lufs=float(level[1]) if level else None,
        from_black=_number(r"from black ([\d.]+)", first),
        to_black=_number(r"to black ([\d.]+)", first),
        planned=first.startswith("plan "),
        rendered=first.startswith("plan ") and first.endswith(", rendered"),
    )


def _number(pattern: str, text: str, otherwise: float = 0.0) -> float:
    found = re.search(pattern, text)
    return float(found[1]) if found else otherwise


def _near(rest: str) -> tuple[float, float]:
    push = re.search(r"\bpush ([\d.]+)(?: at [\d.]+,[\d.]+)?(?: to ([\d.]+))?", rest)
    return (float(push[1]), float(push[2] or push[1])) if push else (1.0, 1.0)


def find(which: Which, film: FilmSeen, told: dict[str, str], last: str = "") -> list[Seen]:
    """The pieces meant, in order. `told`: what else is known of clips, by id; `last`: the id spoken of last."""
    pieces = film.of(which.kind)
    if which.place:
        there = [p for p in pieces if p.place == which.place]
        if not there and not which.every:  # people call a lower third a caption
            there = [p for p in pieces if p.place != "title"] if which.place != "title" else []
        sure = which.pointed or len(pieces) == 1  # of several texts none is meant by a place where none stands
        pieces = there or (pieces if sure and not which.every else [])
    if which.id:
        return [p for p in film.pieces if p.id == which.id]
    if which.it:
        return [p for p in film.pieces if p.id == last]
    if which.quote:
        texts = [p for p in film.of("text") if same_words(p.words, which.quote)]
        return texts or [p for p in film.of("text") if which.quote.casefold() in p.words.casefold()]
    if which.name:
        stem = which.name.rpartition(".")[0].casefold() or which.name.casefold()
        return [p for p in film.clips if re.search(rf"(?<!\w){re.escape(stem)}(?!\w)", p.words.casefold())]
    if which.thing:
        found = [p for p in pieces if shows(which.thing, f"{p.words} {told.get(p.id, '')}")]
        pieces = cards_of(pieces, which.thing) if is_card(which.thing) else found
    elif which.kind == "clip" and (which.number or which.extreme):  # a card is no shot
        cards = cards_of(pieces)
        pieces = [p for p in pieces if p not in cards]
    if which.second is not None:
        return [p for p in pieces if p.start <= which.second < p.end]
    if which.extreme == "middle":
        less = len(pieces) - which.number  # as many before as behind, or nobody can tell
        return pieces[less // 2 : len(pieces) - less // 2] if less >= 0 and less % 2 == 0 else []
    if which.extreme:
        best = min if which.extreme == "shortest" else max
        return [best(pieces, key=lambda p: p.seconds)] if pieces else []
    if which.number:
        place = which.number - 1 if which.number > 0 else len(pieces) + which.number
        pieces = pieces[place : place + 1] if 0 <= place < len(pieces) else []
    if which.beside and pieces:
        clips = film.clips
        at = next((n for n, clip in enumerate(clips) if clip.id == pieces[0].id), -1)
        at = at + 1 if which.beside == "after" else at - 1
        return clips[at : at + 1] if 0 <= at < len(clips) else []
    return pieces


_CARD = re.compile(r"(?P<colour>\S+)(?P<title> title)? card\b")  # the label of a plain picture
_CARD_MEANT = re.compile(r"(?:(?P<colour>(?!title |plain )\S+) )?(?:(?P<kind>title|plain) )?card")


def is_card(thing: str) -> bool:
    """Whether it is a card that is spoken of, such as "white title card" or "plain card"."""
    return _CARD_MEANT.fullmatch(thing) is not None


def cards_of(pieces: Sequence[Seen], thing: str = "card") -> list[Seen]:
    """The plain pictures of a film: in this colour, with a title or, where there are any, without one."""
    meant = _CARD_MEANT.fullmatch(thing)
    labels = {piece.id: label for piece in pieces if piece.kind == "clip" and (label := _CARD.match(piece.words))}
    found = [piece for piece in pieces if piece.id in labels]
    if meant is not None and meant["colour"]:
        found = [piece for piece in found if labels[piece.id]["colour"] == meant["colour"]]
    plain = [piece for piece in found if not labels[piece.id]["title"]]
    if meant is not None and meant["kind"] == "title":
        return [piece for piece in found if piece not in plain]
    return plain if meant is not None and meant["kind"] == "plain" and plain else found


def same_words(one: str, two: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(two.split()).casefold()


def shows(thing: str, words: str) -> bool:
    """Whether the words speak of the thing: by its name, its plural, or another name of the same kind."""
    said = re.findall(r"[a-z]+", words.lower())
    wanted = thing.lower()
    if wanted in said or wanted.rstrip("s") in said:
        return True
    kind = find_kind(wanted)
    if kind is None:
        return len(wanted) > 3 and wanted in words.lower()
    known = kind_words()
    return any(known.get(word) == kind or known.get(word.rstrip("s")) == kind for word in said)


# Audits


@dataclass(frozen=True, kw_only=True)
class Finding:
    kind: str  # black, frozen, silent, clipped, loudness, late, spelling, identity, order, ...
    line: str
    id: str = ""  # of the first piece that it names
    span: tuple[float, float] | None = None
    mend: tuple[str, dict[str, Any]] | None = None  # the tool call that it proposes


def read_findings(answer: str, tools: dict[str, ToolSpec]) -> list[Finding]:
    """The findings of `inspect()`, with those tool calls that mend and are offered."""
    found = []
    for line in answer.splitlines():
        line = line.strip()
        kind = re.match(r"([a-z][\w-]*) ", line)
        if kind is None or line.startswith(("nothing ", "error:")):
            continue
        id = re.search(r"\b(?:clip|title|sound)-\d+\b", line)
        span = re.search(r"\b(\d+\.\d+)-(\d+\.\d+)\b", line)
        found.append(
            Finding(
                kind=kind[1],
                line=line,
                id=id[0] if id else "",
                span=(float(span[1]), float(span[2])) if span else None,
                mend=_call(line.rpartition(" -> ")[2], tools) if " -> " in line else None,
            )
        )
    return found


def _call(text: str, tools: dict[str, ToolSpec]) -> tuple[str, dict[str, Any]] | None:
    """A tool call written as `trim(clip-2, seconds=1.5)`; None for anything else."""
    match = re.fullmatch(r"\s*(\w+)\((.*)\)[.;]?\s*", text)
    if match is None or match[1] not in MENDING or match[1] not in tools:
        return None
    named = re.sub(r"(?<![\"'\w-])((?:clip|title|sound|take|shot)-\d+)(?![\"'\w])", r'"\1"', match[2])
    try:
        call = ast.parse(f"f({named})", mode="eval").body
        assert isinstance(call, ast.Call)
        order = list(tools[match[1]].parameters["properties"])
        given = {order[n]: _value(value) for n, value in enumerate(call.args)}
        given |= {word.arg: _value(word.value) for word in call.keywords if word.arg}
    except (SyntaxError, ValueError, IndexError):
        return None
    return match[1], given


def _value(node: ast.expr) -> Any:
    """A literal, or a bare word such as `first`."""
    return node.id if isinstance(node, ast.Name) else ast.literal_eval(node)


# Estimates


@dataclass(frozen=True, kw_only=True)
class Price:
    enough: bool
    usd: float = 0.0  # that the takes cost
    takes: int = 0
    affordable: int = 0  # takes that may be bought
    line: str = ""


def read_estimate(answer: str, cap: float | None = None) -> Price:
    """The first line of `estimate()`, also held against a cap that the user named (US dollars)."""
    line = next(
        (line for line in answer.splitlines() if "need" in line or "nothing has to be shot" in line), answer[:200]
    )
    cost = _number(r"needs \$([\d.]+)", line)
    takes = int(_number(r"for (\d+) takes?", line))
    left = _number(r"\$([\d.]+) (?:are|is) left", line, float("inf"))
    pays = re.search(r"pays for (\d+)", line)
    spent = _number(r"spent so far: \$([\d.]+)", answer)
    if cap is not None:
        left = min(left, max(0.0, cap - spent))
    enough = cost <= left and "not enough" not in line
    affordable = takes if enough else int(left / cost * takes + 1e-9) if cost and left != float("inf") else 0
    if pays and not enough:
        affordable = min(affordable or int(pays[1]), int(pays[1]))
    return Price(enough=enough, usd=cost, takes=takes, affordable=affordable, line=line)


def names_there(answer: str) -> list[str]:
    """The names that an error offers: "...; there are a.mp4, b.mp4"."""
    found = re.search(r"there are (.+)$", answer)
    if found is None or found[1].startswith(("no ", "none", "nothing")):
        return []
    names: list[str] = []
    begun: list[str] = []
    for part in found[1].split(", "):  # a file's name may have commas in it
        begun.append(part.strip())
        if re.search(r"\.[A-Za-z0-9]{2,4}$", part) or re.fullmatch(r"\w+-\d+", part.strip()):
            names.append(", ".join(begun))
            begun = []
    return names + [name for name in begun if name]
