"""What an order about a text needs, found anywhere in a message whose sense is known: which one, its words, its "
"times."""

from __future__ import annotations

import re
from collections.abc import Callable

from rushes.agent.builtin.ask_text import place_of
from rushes.agent.builtin.at_shot import at_shot
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import TEXT_NOUNS, Time
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import Wish

Reader = Callable[[Clause], Wish | None]
T = r"\{t([\d.]+)\+(\d+)\}"
TEXT = rf"(?:{TEXT_NOUNS}|name|word)s?"
_LENGTH_BEFORE = (
    r"(?:for|lasting|lasts?|stays?(?: there| up| on)?(?: for)?|another|of|use|take|grab|show)"
    r"(?: just| exactly| only)? $"
)
_LENGTH_AFTER = r"^ (?:long|in length|in duration|out of|of (?=\{m)|worth)"
_START_BEFORE = r"(?:from|at|starting|starts|start at|begins?(?: at)?|beginning(?: at)?|as of|mark|after|with second) $"
_START_AFTER = r"^ (?:mark|on\b|onwards?|in\b|into)"
_LATER = r"later|delay\w*|postpone\w*|wait|longer|back", r"earlier|sooner|forwards?|less"
_EARLY = (  # what comes too early is wanted later
    r"(?:too|is|are|\{t[^}]*\}) early|soon|prematurely|ahead|before",
    r"late|behind|lags?|after",
)


def times(clause: Clause, text: str | None = None) -> Span | None:
    """From the two times that are said, or the one: a moment and an end, or a moment and a length."""
    text = clause.text if text is None else text
    if not re.search(T, text):
        text = re.sub(r"\{n([\d.]+)\}", r"{t\1+0}", text)  # "from 2 to 4"
    found = list(re.finditer(T, text))
    if not found or len(found) > 2:
        return clause.span()
    said = [Time(seconds=float(m[1]), frames=int(m[2])) for m in found]
    long = [
        re.search(_LENGTH_BEFORE, text[: m.start()]) is not None or re.match(_LENGTH_AFTER, text[m.end() :]) is not None
        for m in found
    ]
    starts = [
        re.search(_START_BEFORE, text[: m.start()]) is not None or re.match(_START_AFTER, text[m.end() :]) is not None
        for m in found
    ]
    long = [is_long and not starts_it for is_long, starts_it in zip(long, starts, strict=True)]
    starts[0] = (
        starts[0]
        or re.search(r"first \w+ $|(?:in|on|up|enters?|appears?) (?:at )?$", text[: found[0].start()]) is not None
    )
    if len(said) == 1 and long[0] and (told := clause.span()) is not None and told.middle:
        return told
    if len(said) == 1:
        return Span(length=said[0]) if long[0] else Span(start=said[0])
    if long[0] != long[1]:
        return Span(start=said[long[0]], length=said[long[1]])
    if said[1].at(24) <= said[0].at(24):
        return Span(start=said[0], length=said[1])
    return Span(start=said[0], end=said[1])


def one_time(clause: Clause) -> tuple[float, tuple[int, int] | None] | None:
    found = list(dict.fromkeys(re.findall(T, clause.text)))
    return (float(found[0][0]), (int(found[0][1]), 0) if int(found[0][1]) else None) if len(found) == 1 else None


def way_of(clause: Clause, up: str, down: str) -> int:
    """1 or -1, where the words say which of two opposites is meant; 0 where they say neither, or both."""
    return int(clause.has(up)) - int(clause.has(down))


def texts_meant(clause: Clause) -> tuple[Which, ...]:
    """The text that is spoken of by its words, its place or its number; the title where nothing is said."""
    if clause.quotes():
        return tuple(Which(kind="text", quote=quote) for quote in clause.quotes())
    number = re.search(rf"\{{o(-?\d+)\}} (?:of the )?{TEXT}\b", clause.text)
    place = "" if number else place_of(clause.text) or ("title" if clause.has("title") else "")
    return (Which(kind="text", number=int(number[1]) if number else 0, place=place),)


def text_gone(clause: Clause) -> Wish | None:
    return Wish(act="remove", pieces=texts_meant(clause)[:1]) if not re.search(T, clause.text) else None


def text_put(clause: Clause) -> Wish | None:
    if len(clause.quotes()) != 1 or not (re.search(T, clause.text) or at_shot(clause)):
        return None
    sentence = next(part for part in re.split(r"[.!?;]\s|\bthen\b", clause.text) if "{q" in part)
    place = place_of(sentence) or place_of(clause.text)
    if not place:
        words = (("lower", r"bottom|name|strap|lower"), ("subtitle", r"subtitle\w*|caption\w*|said|says|spoken"))
        place = next((name for name, told in words if clause.has(told)), "")
    span = times(clause) if re.search(T, clause.text) else at_shot(clause)
    return Wish(act="text", text=clause.quotes()[0], span=span, place=place)


def reworded(clause: Clause) -> Wish | None:
    quotes = clause.quotes()
    if len(quotes) == 2:  # which of them stands there now is seen in the film
        return Wish(act="retext", among=tuple(Which(kind="text", quote=quote) for quote in quotes), text=quotes[1])
    if len(quotes) != 1 or re.search(T, clause.text):
        return None
    number = re.search(rf"\{{o(-?\d+)\}} (?:of the )?{TEXT}\b", clause.text)
    which = Which(kind="text", number=int(number[1])) if number else Which(kind="text", place="title")
    return Wish(act="retext", pieces=(which,), text=quotes[0])


def retimed(clause: Clause) -> Wish | None:
    if re.search(r"\{t[^}]*\} (?:later|earlier|sooner)", clause.text):
        return shifted(1)(clause)
    if (lengthened := _lengthened(clause)) is not None:
        return lengthened
    if not re.search(T, clause.text) and (span := at_shot(clause)) is not None and len(clause.quotes()) < 2:
        return Wish(act="retext", pieces=texts_meant(clause)[:1], span=span)
    span = times(clause)
    if len(clause.quotes()) > 1 or span is None or span.start is None or not (span.end or span.length):
        return None
    return Wish(act="retext", pieces=texts_meant(clause)[:1], span=span)


def _lengthened(clause: Clause) -> Wish | None:
    """It stays longer, or shorter: what waits longer comes later."""
    by = one_time(clause)
    if (
        by is None
        or len(clause.quotes()) > 1
        or not re.search(r"\{t[^}]*\} (?:longer|shorter)|(?:longer|shorter) (?:by|for) \{t", clause.text)
    ):
        return None
    if clause.has(r"wait\w*|before|until|later|earlier|hold\w* back"):
        return None
    sign = 1 if clause.has("longer") else -1
    return Wish(act="retext", pieces=texts_meant(clause)[:1], value=sign * by[0] or 0.0, change=True, name="length",
                size=(sign * by[1][0], 0) if by[1] else None)  # fmt: skip


def shifted(sign: int) -> Reader:
    def read(clause: Clause) -> Wish | None:
        by = one_time(clause)
        if by is None or (
            by[1] and not re.search(r"\{t[^}]*\} (?:too )?(?:later?|earl|soon|back|for|behind)|by \{t", clause.text)
        ):
            return None  # a frame's number, and no length
        if (lengthened := _lengthened(clause)) is not None:
            return lengthened
        way = way_of(clause, *_LATER) or way_of(clause, *_EARLY) or sign
        return Wish(act="retext", pieces=texts_meant(clause)[:1], value=way * by[0] or 0.0, change=True, name="shift",
                    size=(way * by[1][0], 0) if by[1] else None)  # fmt: skip

    return read
