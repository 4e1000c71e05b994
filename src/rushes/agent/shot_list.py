"""A brief that lists its shots: "Shot 1: a fox walks. Shot 2: a boat." or "0-3s: a fox; 3-7s: a boat", numbered lines,
or a screenplay with its "INT. KITCHEN - DAY". Whoever lists shots wants these, one for one, as long as said.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SHOT = r"(?:shot|scene|clip|frame|part|panel)"
_STOP = r"\s*(?:[:.)\]–—]|-(?=\s))+\s*"
_NAMED = re.compile(
    rf"(?:^|(?<=[\s(\[]))(?:{_SHOT}\s*(?:no\.?|number|#)?\s*(?P<number>\d{{1,2}}|{'|'.join(NUMBERS)})\b|"
    rf"(?P<ordinal>{'|'.join(ORDINALS)}) {_SHOT}\b)(?P<about>[^:.\n]{{0,24}}?){_STOP}",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"(?:^|(?<=\s))(?P<number>\d{1,2})[.):]\s+(?=\D)")
_BULLET = re.compile(r"(?:^|\n)[ \t]*[-*•–][ \t]+(?=\S)")
_CLOCK = r"(?:\d{1,2}:\d\d(?:\.\d+)?|\d{1,4}(?:\.\d+)?)"
_UNIT = r"(?:\s*(?:s|secs?|seconds?)\b)?"
_TIMED = re.compile(
    rf"(?:^|(?<=[\s,;(\[]))(?:from )?(?P<start>{_CLOCK}){_UNIT}\s*(?:-|–|—|to)\s*(?P<end>{_CLOCK})(?P<unit>{_UNIT})"
    r"(?P<stop>\s*[:)\]–—]+\s*|\s+-\s+|,?\s+)(?=\S)"
)
_SLUG = re.compile(
    r"(?:^|(?<=[.\n:!?)])\s*)(?P<inside>INT|EXT|INT\.?/EXT)\.?\s+(?P<place>[^-–—.\n]{2,40}?)"
    r"(?:\s*[-–—,]+\s*(?P<light>[A-Za-z ]{2,16}?))?\s*(?:[.:\n]|$)\s*"
)
_TRANSITION = re.compile(
    r"\b(?:(?:smash |match |jump |hard )?cut to|fade (?:in|out|to black)|dissolve to|the end)\b\s*[:.]?\s*",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"[(\[]\s*(?:about |~)?(?P<seconds>\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)\s*[)\]]|"
    r"(?:,|\s[-–—]|\bfor)\s*(?P<told>\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?)\s*(?=[.;]?\s*$)",
    re.IGNORECASE,
)
_TEXT = re.compile(
    r"[\s,.;(\[]*\b(?:and |with )?(?:the |a )?(?:on[- ]?screen )?(?P<kind>text|title|caption|super|overlay|words)"
    r"(?: overlay| card)?(?: that)?(?: reads?| reading| says?| saying)?\s*:?\s*"
    r"[\"“„«](?P<text>[^\"“”„«»\n]{1,120})[\"”»]\s*[)\]]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True)
class Listed:
    what: str  # what is seen
    text: str = ""  # that stands on it
    place: Literal["title", "lower"] = "lower"  # of that text
    seconds: float | None = None  # None where nobody says
    start: int = field(default=0, compare=False)  # characters of the text before it


def read_shot_list(text: str) -> tuple[Listed, ...]:
    """The shots that the text lists, in order; empty where it lists none and only tells a story."""
    for read in (_timed, _named, _slugs, _numbered, _bullets):
        found = [_with_length(_with_text(shot)) for shot in read(text) if re.search(r"[^\W\d]{2}", shot.what)]
        if len(found) > 1:
            return tuple(found)
    return ()


def lines_of(shots: Sequence[Listed]) -> list[tuple[str, float]]:
    """What each shows and for how many seconds; those of which nobody says are as long as the others are on average."""
    told = [shot.seconds for shot in shots if shot.seconds]
    usual = sum(told) / len(told) if told else 1.0
    return [(re.sub(r"[.!?]\s+", ", ", shot.what), shot.seconds or usual) for shot in shots]


def length_of(shots: Sequence[Listed]) -> float | None:
    """Seconds of all together; None where not each says how long it is."""
    told = [shot.seconds for shot in shots if shot.seconds]
    return sum(told) if told and len(told) == len(shots) else None


def story_of(shots: Sequence[Listed]) -> str:
    """What they show, one sentence each."""
    return ". ".join(shot.what for shot in shots)


def _timed(text: str) -> Iterator[Listed]:
    """Spans of time that follow each other."""
    marks = list(_TIMED.finditer(text))
    spans = [(_seconds(mark["start"]), _seconds(mark["end"])) for mark in marks]
    follow = all(0 <= after[0] - before[1] <= 1 for before, after in pairwise(spans))
    marked = all(mark["stop"].strip() or mark["unit"] or ":" in mark["start"] for mark in marks)
    if follow and marked and all(start < end for start, end in spans) and spans and spans[0][0] <= 1:
        # Whoever writes 0-3, 4-7 means whole seconds: the next shot's start is this one's end.
        ends = [*(start for start, _ in spans[1:]), spans[-1][1]]
        for (what, place), (start, _), end in zip(_between(text, marks), spans, ends, strict=True):
            yield Listed(what=what, seconds=end - start, start=place)


def _named(text: str) -> Iterator[Listed]:
    """ "Shot 1: ... Shot 2: ...", "First shot: ..." """
    marks = [mark for mark in _NAMED.finditer(text) if _number(mark) is not None]
    if [_number(mark) for mark in marks] == list(range(1, len(marks) + 1)):
        for mark, (what, start) in zip(marks, _between(text, marks), strict=True):
            yield Listed(what=" ".join(f"{mark['about'] or ''} {what}".split()).strip(" ,-–—"), start=start)


def _slugs(text: str) -> Iterator[Listed]:
    """A screenplay: each scene's heading says where and when."""
    marks = list(_SLUG.finditer(text))
    for mark, (what, start) in zip(marks, _between(text, marks), strict=True):
        when = (mark["light"] or "").strip().lower()
        light = f" {'by' if when == 'day' else 'at'} {when}" if when else ""
        told = _TRANSITION.sub(" ", what).strip().removesuffix(".")
        yield Listed(what=f"In the {mark['place'].strip().lower()}{light}, {told[:1].lower()}{told[1:]}", start=start)


def _numbered(text: str) -> Iterator[Listed]:
    marks = list(_NUMBERED.finditer(text))
    if [int(mark["number"]) for mark in marks] == list(range(1, len(marks) + 1)):
        yield from (Listed(what=what, start=start) for what, start in _between(text, marks))


def _bullets(text: str) -> Iterator[Listed]:
    yield from (Listed(what=what, start=start) for what, start in _between(text, list(_BULLET.finditer(text))))


def _between(text: str, marks: list[re.Match[str]]) -> Iterator[tuple[str, int]]:
    """What stands behind each mark, up to the next, and where the mark begins; the last of a list of lines ends with
    its paragraph."""
    lines = all("\n" in text[a.start() : b.start() + 1] for a, b in pairwise(marks))
    for place, mark in enumerate(marks):
        after = marks[place + 1] if place + 1 < len(marks) else None
        end = len(text) if after is None else after.start()
        what = text[mark.end() : end]
        if after is None and lines and len(marks) > 1:
            what = what.split("\n\n")[0]
        yield " ".join(what.split()).strip(" ,;-–—([").removesuffix("."), mark.start()


def _with_text(shot: Listed) -> Listed:
    """ "a fox walks. Text: "SALE"" has a text on it."""
    found = _TEXT.search(shot.what)
    if found is None:
        return shot
    what = _joined(shot.what[: found.start()], shot.what[found.end() :])
    place: Literal["title", "lower"] = "title" if found["kind"].lower() == "title" else "lower"
    return replace(shot, what=what or "the place", text=found["text"].strip(), place=place)


def _joined(before: str, after: str) -> str:
    return " ".join(f"{before}{after}".split()).strip(" ,;:-–—").removesuffix(".")


def _with_length(shot: Listed) -> Listed:
    """ "a fox walks (3 s)" lasts that long."""
    found = _LENGTH.search(shot.what)
    if found is None or shot.seconds is not None:
        return shot
    what = _joined(shot.what[: found.start()], shot.what[found.end() :])
    return replace(shot, what=what, seconds=float(found["seconds"] or found["told"]) or None)


def _number(mark: re.Match[str]) -> int | None:
    told = (mark["number"] or mark["ordinal"]).lower()
    row = NUMBERS if told in NUMBERS else ORDINALS
    return int(told) if told.isdecimal() else row.index(told) + 1


def _seconds(clock: str) -> float:
    minutes, _, rest = clock.rpartition(":")
    return 60 * float(minutes or 0) + float(rest)
