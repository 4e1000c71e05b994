"""What a user wants, one wish at a time, and the standing wishes of a conversation, in which the latest word wins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from rushes.agent.builtin.marks import Time
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.spans import Span
from rushes.agent.shot_list import Listed

Act = Literal[
    "make", "text", "retext", "remove", "remove_span", "keep", "trim", "split", "move", "swap", "reorder", "replace",
    "insert", "generate", "restage", "recolor", "speed", "fade", "frame", "volume", "music", "beat", "loudness",
    "narrate", "subtitles", "export", "render", "fit", "audit", "undo", "instead", "estimate", "measure", "look",
    "rule", "thanks", "talk", "topic", "forget", "lookup", "beats", "unknown", "tell", "ask", "push", "grade",
    "card", "repeat", "label",
]  # fmt: skip
SMALL_TALK = frozenset(("thanks", "talk", "topic"))  # acts by which nothing is asked for
Where = Literal["", "before", "after", "first", "last"]


@dataclass(frozen=True, kw_only=True)
class ToldText:
    text: str
    span: Span | None = None
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Script:
    """The film as the user says that it should be."""

    order: tuple[Which, ...] = ()  # of the shots
    rows: tuple[tuple[Which, ...], ...] = ()  # words that may name them: the row that names most of them is their order
    texts: tuple[ToldText, ...] = ()
    files: tuple[tuple[Which, str], ...] = ()  # the file that belongs in a shot's place
    meant: tuple[tuple[Which | None, str], ...] = ()  # faults that are none: where, and their kinds; no kind: all
    lufs: float | None = None

    def joined(self, other: Script) -> Script:
        return Script(
            order=other.order or self.order,
            rows=self.rows + other.rows,
            texts=self.texts + other.texts,
            files=self.files + other.files,
            meant=self.meant + other.meant,
            lufs=self.lufs if other.lufs is None else other.lufs,
        )


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What has to be so for a wish to be carried out."""

    piece: Which | None = None  # whose length decides; the film's if None
    over: bool  # it is longer than that; else shorter
    length: Time


@dataclass(frozen=True, kw_only=True)
class Wish:
    act: Act
    words: str = ""  # the clause that says so, as it was written
    pieces: tuple[Which, ...] = ()  # what it is about
    where: Where = ""  # of what moves or comes in, beside `beside`
    beside: Which | None = None
    span: Span | None = None
    text: str = ""  # to be shown or said, exactly
    place: str = ""  # title, lower, subtitle
    value: float | None = None  # of the act: factor, seconds, dB, LUFS, bpm, number of changes
    change: bool = False  # the value is added to what there is
    name: str = ""  # mood, color, aspect, kind of export, material, a rule's name
    size: tuple[int, int] | None = None  # pixels
    lines: tuple[tuple[str, Span], ...] = ()  # of subtitles
    shots: int = 0  # how many, of a film to be made
    look: str = ""  # of a film to be made: black_and_white, sepia
    listed: tuple[Listed, ...] = ()  # one by one, as the user lists them
    instead: bool = False  # takes the place of what was wished last
    among: tuple[Which, ...] = ()  # words that may name its pieces: `grounding.py` finds which of them do
    otherwise: Wish | None = None  # what it means where this can't be: its sense against its grammar
    remark: bool = False  # only said what is wrong; an order behind it says what to do
    topic: str = ""  # what is to be looked up; which cards, or whose labels; of what was not understood: a guess
    shares: tuple[float, ...] = ()  # beats of each shot
    script: Script | None = None  # what an audit is told of the film
    condition: Condition | None = None  # carried out only if it holds
    allowed: bool = False  # says that money may be spent, or that less will do


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Standing wishes. Each is empty, or None, where nothing of the kind was said."""

    case: Literal["", "upper", "lower", "title"] = ""  # of texts
    place: str = ""  # of texts
    text_seconds: float | None = None  # how long texts stand, where nobody says
    most_text_seconds: float | None = None
    least_text_seconds: float | None = None
    text_free_end: float | None = None  # seconds at the film's end in which no text stands
    new_fades: float | None = None  # seconds of crossfade that every new shot gets
    fades_out: bool = False  # it is into the next shot, not from the one before
    most_gain: float | None = None  # dB, of anything
    most_lufs: float | None = None
    fades: float | None = None  # seconds of crossfade between shots; 0: none
    length: float | None = None  # seconds of the film
    most_length: float | None = None
    most_shot: float | None = None  # seconds of a shot
    protected: tuple[Which, ...] = ()  # never changed
    music: bool = True
    cap: float | None = None  # US dollars
    ask_first: bool = False  # before anything is bought
    export: str = ""  # kind, after every turn
    looks: tuple[tuple[str, str], ...] = ()  # thing -> color
    closing: str = ""  # text that closes the film
    said: tuple[str, ...] = field(default=())  # that no code keeps: told to whoever asks


def folded(rules: Rules, wishes: Iterable[Wish]) -> Rules:
    """The rules after these wishes."""
    for wish in wishes:
        if wish.act == "rule":
            rules = _with(rules, wish)
        elif wish.act == "text" and wish.span is not None and _at_the_end(wish.span):
            rules = replace(rules, closing=wish.text)  # "in the last second" holds while the film changes
        elif (wish.act == "card" and wish.where == "last" and wish.name != "none") or (
            wish.act in ("retext", "remove") and _about_closing(rules, wish)
        ):
            rules = replace(rules, closing="")
        elif wish.act == "music" and wish.name != "none":
            rules = replace(rules, music=True)
        elif wish.act == "fade" and not wish.name:
            rules = replace(rules, fades=None)
        elif wish.act == "forget":
            rules = dropped(rules, wish)
        elif wish.act == "recolor" and wish.pieces:
            looks = dict(rules.looks) | {wish.pieces[0].thing: wish.name}
            rules = replace(rules, looks=tuple(looks.items()))
    return rules


def _at_the_end(span: Span) -> bool:
    """Whether it closes the film, however long that is: "in the last second"."""
    return span.at_end and span.start is None and span.end is None and span.inside is None


def _with(rules: Rules, wish: Wish) -> Rules:
    match wish.name:
        case "upper" | "lower" | "title case" | "any case":
            return replace(rules, case={"title case": "title", "any case": ""}.get(wish.name, wish.name))  # type: ignore[arg-type]
        case "protect":
            return replace(rules, protected=(*[w for w in rules.protected if w not in wish.pieces], *wish.pieces))
        case "release":
            return replace(rules, protected=tuple(w for w in rules.protected if not _same(w, wish.pieces)))
        case "place":
            return replace(rules, place=wish.place)
        case "no music":
            return replace(rules, music=False)
        case "music":
            return replace(rules, music=True)
        case "ask first":
            return replace(rules, ask_first=True)
        case "closing":
            return replace(rules, closing=wish.text)
        case "export":
            return replace(rules, export=wish.place or "mp4")
        case "new_fades":
            return replace(rules, new_fades=wish.value, fades_out=wish.place == "out")
        case "least_text_seconds" | "text_free_end" | "most_gain" | "most_lufs":
            return replace(rules, **{wish.name: wish.value})  # type: ignore[arg-type]
        case "text_seconds" | "most_text_seconds" | "fades" | "length" | "most_length" | "most_shot" | "cap":
            return replace(rules, **{wish.name: wish.value})  # type: ignore[arg-type]
        case "forget":
            return Rules()
    return replace(rules, said=(*rules.said, wish.words))


_SPOKEN_OF: tuple[tuple[str, dict[str, object]], ...] = (
    (r"capitals?|caps|upper ?case|lower ?case|letters", {"case": ""}),
    (r"lower ?third|lowerthird|bottom|where (?:the )?texts|place of", {"place": ""}),
    (r"(?:new|added) (?:shots?|clips?|scenes?)|fades?|crossfades?|dissolves?", {"new_fades": None, "fades": None}),
    (r"short|shorter|brief|briefer|at least|minimum", {"least_text_seconds": None}),
    (r"(?:texts?|titles?|words)\b.*(?:last|end|final)|(?:last|end|final)\b.*(?:texts?|titles?|words)|closing|end card",
     {"text_free_end": None, "closing": ""}),
    (r"loud|louder|loudness|volume|quiet", {"most_gain": None, "most_lufs": None}),
    (r"(?:long|length|longer)\b.*(?:texts?|titles?)|(?:texts?|titles?)\b.*(?:long|longer|seconds)",
     {"text_seconds": None, "most_text_seconds": None}),
    (r"(?:shots?)\b.*(?:long|longer)|(?:long|longer)\b.*shots?", {"most_shot": None}),
    (r"(?:film|video)\b.*(?:long|longer|length)|length", {"length": None, "most_length": None}),
    (r"music", {"music": True}),
    (r"money|budget|spend|dollars?", {"cap": None}),
    (r"ask(?:ing)?", {"ask_first": False}),
    (r"export(?:s|ing)?", {"export": ""}),
)  # fmt: skip


def dropped(rules: Rules, wish: Wish) -> Rules:
    """The rules without those that a `forget` speaks of; the same where it speaks of none that holds."""
    text = wish.text.casefold().replace("lower third", "lowerthird")
    for words, without in _SPOKEN_OF:
        if re.search(rf"\b(?:{words})\b", text):
            after = replace(rules, **without)  # type: ignore[arg-type]
            if after != rules:
                return after
    kept = tuple(w for w in rules.protected if not (wish.pieces and _same(w, wish.pieces)))
    looks = tuple(look for look in rules.looks if not any(look[0] == which.thing for which in wish.pieces))
    return replace(rules, protected=kept, looks=looks)


def about_same(old: Wish, topic: Wish) -> bool:
    """Whether an earlier wish is what a later one speaks of: by its text, its piece, or a word of it."""
    if old.act in ("thanks", "talk", "topic", "unknown", "measure", "look", "estimate", "forget", "undo"):
        return False
    for which in topic.pieces:
        if which.quote and (
            which.quote.casefold() in old.text.casefold() or any(which.quote == p.quote for p in old.pieces)
        ):
            return True
        if which.thing and re.search(rf"\b{re.escape(which.thing)}\b", old.words.casefold()):
            return True
        if (which.id or which.number) and any((p.id, p.number) == (which.id, which.number) for p in old.pieces):
            return True
        if which.kind == "text" and old.act == "text" and not which.quote and not which.thing:
            return which.place in ("", old.place)
        if which.kind == "sound" and old.act in ("music", "narrate", "beat"):
            return True
    words = set(re.findall(r"[a-z]{4,}", topic.text.casefold())) - _LITTLE
    return not topic.pieces and bool(words & set(re.findall(r"[a-z]{4,}", old.words.casefold())))


_LITTLE = frozenset("that this with from what about have said asked wanted thing shot shots clip text film".split())


def _about_closing(rules: Rules, wish: Wish) -> bool:
    """Whether the text at the film's end gets other times or words."""
    return any(
        which.quote.casefold() == rules.closing.casefold()
        if which.quote
        else which.kind == "text" or wish.act == "retext"
        for which in wish.pieces
    )


def _same(which: Which, others: tuple[Which, ...]) -> bool:
    return not others or any(
        (which.thing and which.thing == other.thing)
        or (which.number and which.number == other.number)
        or (which.kind == other.kind and not other.thing and not other.number)
        for other in others
    )


def amended(before: Wish, correction: Wish) -> Wish:
    """The last wish with what the correction says put in its place: "no, blue", "not the fox, the owl"."""
    changes: dict[str, object] = {}
    other = correction.pieces[-1] if correction.pieces else None
    if before.act == "push" and before.text and other is not None and other.thing and not correction.text:
        correction = replace(correction, text=other.thing, pieces=())  # "no, the owl": whom it goes to
    if correction.text:
        changes["text"] = correction.text
    if correction.span is not None:
        now = correction.span
        if before.act == "card" and now.start is not None and not re.search(r"\b(?:at|from|after)\b", correction.words):
            now = replace(now, start=None, length=now.start)  # "no, 2 seconds"
        changes["span"] = _merged(before.span, now)
    if correction.pieces and before.act not in ("text", "frame", "loudness"):
        others = before.pieces[1:] if before.act != "card" else ()  # one that came between two comes elsewhere
        changes["pieces"] = (correction.pieces[-1], *others)
    for name in ("value", "name", "size", "place", "where", "beside"):
        value = getattr(correction, name)
        if value not in ("", None):
            changes[name] = value
    return replace(before, words=correction.words, instead=True, **changes)  # type: ignore[arg-type]


def _merged(before: Span | None, now: Span) -> Span:
    """A new length keeps the start, a new start keeps the length."""
    if before is None:
        return now
    if now.length is not None and now.start is None and not now.at_end and now.inside is None:
        return replace(before, length=now.length, end=None, whole=False)
    if now.start is not None and now.end is None and now.length is None and not now.at_end:
        length = before.length
        if length is None and before.end is not None and before.start is not None:
            length = Time(
                seconds=before.end.seconds - before.start.seconds, frames=before.end.frames - before.start.frames
            )
        return replace(now, length=length)
    return now
