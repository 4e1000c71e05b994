"""When something is to be: spans of time as people say them, and where they are on a film's clock."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rushes.agent.builtin.marks import Time
from rushes.agent.builtin.pieces import SHOT, TEXT, Which, read_whiches
from rushes.agent.lexicon import find_kind

USUAL = 2.0  # seconds of a text for which no length was named
T = r"\{[tn]([\d.]+)(?:\+(\d+))?\}"


@dataclass(frozen=True, kw_only=True)
class Span:
    """A moment where neither `end` nor `length` is given."""

    start: Time | None = None
    end: Time | None = None
    length: Time | None = None
    from_end: bool = False  # `start` (or, alone, `length`) is counted back from the end
    at_end: bool = False  # it ends where the film, or the piece, ends
    middle: bool = False
    whole: bool = False  # all of the film, or of the piece
    inside: Which | None = None  # the clock begins with this piece

    def on(self, fps: float, begin: float, end: float, usual: float = USUAL) -> tuple[float, float]:
        """From and to in seconds on the film's clock, where the film or the piece lasts from `begin` to `end`."""
        length = None if self.length is None else self.length.at(fps)
        if self.whole:
            return begin, end
        if self.middle:
            half = (length or usual) / 2
            return max(begin, (begin + end) / 2 - half), min(end, (begin + end) / 2 + half)
        if self.start is not None:
            offset = self.start.at(fps)
            start = end - offset if self.from_end else begin + offset
            if self.end is not None:
                return start, begin + self.end.at(fps)
            if self.at_end:
                return start, end
            return start, min(start + (length or usual), max(end, start))
        if self.end is not None:
            stop = begin + self.end.at(fps)
            return (max(begin, stop - length) if length else begin), stop
        if self.at_end or self.from_end:
            return max(begin, end - (length or usual)), end
        return begin, min(end, begin + (length or usual))

    def moment(self, fps: float, begin: float, end: float) -> float:
        return (begin + end) / 2 if self.middle else self.on(fps, begin, end)[0]


def _t(match: re.Match[str], group: int) -> Time:
    return Time(seconds=float(match[group]), frames=int(match[group + 1] or 0))


_LINK = r"\s*(?:to|until|till|up to|and|-|–|—|through)\s*(?:the )?"
_AT = (
    r"(?:exactly |right |precisely )?(?:at|from|starting at|starting with|beginning with|starting from|"
    r"beginning at|starting|beginning|"
    r"@|on|as of)(?: about| exactly| precisely| second| the)?"
)
_FOR = r"(?:for|lasting|that lasts|which lasts|of)(?: about| exactly| just| only)?"
_IN = r"(?:in|during|for|over|within|across|of|to|at)"


_OVER_SHOT = (  # a text over a shot that is called by what it shows
    r"\b(?:over|during|while|when|throughout|under|with|on|once|as soon as) (?:the |my |our )?(?P<word>[a-z]+)"
    r"(?: (?:is|comes?|appears?|shows?)(?: (?:on|up|in|there|to be seen))?)?$"
)


def read_span(text: str) -> tuple[Span | None, str]:
    """The span that a clause names, and the clause without it."""
    found, rest = _clock(text)
    rest = re.sub(r"\s+", " ", rest)
    inside = re.search(
        r"\b(?:into|in|during|over|on(?: top of)?|throughout|while|when|of|within|across|for the duration of|as "
        r"long as|"
        r"at the same time as) "
        rf"(?P<piece>(?:the |all of |whole |entire |each )*(?:\{{[on]-?\d+\}} |[\w'-]+ )?(?:{SHOT})\b(?: "
        r"\{n\d+\}| (?:with|of|showing|where) (?:the |a |an )?[\w-]+)?|\{i:clip-\d+\})",
        rest,
    )
    if inside:
        pieces, _ = read_whiches(inside["piece"])
        clips = [piece for piece in pieces if piece.kind == "clip"]
        if clips and clips[0].pointed:
            rest = (rest[: inside.start()] + " " + rest[inside.end() :]).strip()
            return _within(found, clips[0]), rest
    if shown := re.search(_OVER_SHOT, rest) if re.search(rf"\{{q|\b(?:{TEXT})\b", rest) else None:
        if find_kind(shown["word"]) is not None:
            return _within(found, Which(thing=shown["word"])), rest[: shown.start()].strip()
    return found, rest.strip()


def _within(span: Span | None, piece: Which) -> Span:
    return replace(span, inside=piece) if span is not None else Span(whole=True, inside=piece)


_GONE = (
    r"(?:gone|away|off(?: it| the (?:picture|screen))?|out|over|removed|hidden|free|disappears?|"
    r"disappearing|vanish(?:es)?|"
    r"ends?|ending|stops?|stopping|go(?:es)?(?: away| off| out)?|going|leaves?|leaving|clear(?:ed)?|"
    r"(?:take|remove|hide|drop|clear|lose|fade) (?:it|that|the text|the words))(?: away| off| out| down)?(?: of it)?"
    r"(?: again)?"
)
_UNTIL = re.compile(
    rf"(?:,| and| but| then)*(?: (?:it|is|be|must|should|has to|to|shall|gets|which|that))* {_GONE} "
    rf"(?:exactly |right |already )?(?:at|by|from|after|on|before|as of)(?: the)? {T}(?: on(?:wards?)?)?"
    rf"|(?:,| and| but| then)* (?:(?:at|from|by) )?{T}(?: on)? (?:is|must be|should be|has to be|shall be|it is)"
    r"(?: already)? (?:free|clear|empty|gone|off|away|without)(?: of it)?(?: again)?(?: already)?"
)


def _clock(text: str) -> tuple[Span | None, str]:
    gone = _UNTIL.search(text)
    if gone is not None:  # "starting at 2 s and gone again at 4 s": it says when it ends
        span, rest = _clock(text[: gone.start()] + " " + text[gone.end() :])
        end = _t(gone, 1) if gone[1] else _t(gone, 3)
        return replace(span, end=end, length=None) if span is not None else Span(end=end), rest
    for pattern, make in _GRAMMAR:
        match = re.search(pattern, text)
        if match:
            rest = text[: match.start()] + " " + text[match.end() :]
            span = make(match)
            if span.start is not None and span.end is None and span.length is None:
                length = re.search(rf"\b(?:for|lasting)(?: about| exactly)? {T}", rest)  # "at 12 s a text for 3 s"
                if length:
                    span = replace(span, length=_t(length, 1), at_end=False)
                    rest = rest[: length.start()] + " " + rest[length.end() :]
            return span, rest
    return None, text


_END = r"(?:the )?(?:very )?(?:end|close|finish)(?: of (?:the|this|my) (?:film|video|movie|clip|cut|ad|it))?\b"
_BEGIN = r"(?:the )?(?:very )?(?:start|beginning|outset)(?: of (?:the|this|my) (?:film|video|movie|clip|cut|ad))?\b"
_MIDDLE = (
    r"\b(?:in the middle(?! (?:as|of the (?:picture|screen|frame|image)))|halfway(?: through)?|half way(?: through)?|"
    r"mid ?way)\b(?: of the (?:film|video|movie))?"
)
_GRAMMAR = (
    (
        rf"{T} in(?:to (?:it|the film))?,?(?: and)? (?:last|stay|stand)s?(?: for)?(?: exactly)? {T}",
        lambda m: Span(start=_t(m, 1), length=_t(m, 3)),
    ),
    (
        rf"\bstart(?:s|ing)?:? (?:at |frame |with )?{T},? (?:and )?end(?:s|ing)?:? (?:at |frame |with )?{T}",
        lambda m: Span(start=_t(m, 1), end=_t(m, 3)),
    ),
    (
        rf"(?:\b(?:in|on|up|comes?|appears?|starts?|shows?)(?: in| on| up)? )?\bat {T},? (?:and |then )?(?:out|"
        r"off|gone|away|goes?|disappears?|"
        rf"vanish(?:es)?|leaves?|ends?)(?: away| off| out)?(?: again)? (?:at|by) {T}",
        lambda m: Span(start=_t(m, 1), end=_t(m, 3)),
    ),
    (
        rf"(?:the )?{T},? (?:that )?(?:starting|beginning|starts?|begins?|from)(?: at| from)? {T}(?! to| until)",
        lambda m: Span(start=_t(m, 3), length=_t(m, 1)),
    ),
    (
        rf"(?:\b(?:from|between) )?(?:\bsecond |\bthe )?{T}{_LINK}{T}(?! (?:fade|crossfade))",
        lambda m: Span(start=_t(m, 1), end=_t(m, 3)),
    ),
    (rf"\b(?:from|starting at|starting) {T} (?:to|until|till) {_END}", lambda m: Span(start=_t(m, 1), at_end=True)),
    (rf"\bfrom {_BEGIN} (?:to|until|till) {T}", lambda m: Span(start=Time(), end=_t(m, 1))),
    (rf"\bfrom {_BEGIN} (?:to|until|till) {_END}", lambda m: Span(whole=True)),
    (rf"{T} (?:before|from) {_END},? {_FOR} {T}", lambda m: Span(start=_t(m, 1), from_end=True, length=_t(m, 3))),
    (
        rf"\b{_FOR} {T},? (?:(?:and )?(?:starting|beginning) )?{T} (?:before|from) {_END}",
        lambda m: Span(start=_t(m, 3), from_end=True, length=_t(m, 1)),
    ),
    (rf"(?:at )?{T} (?:before|from) {_END}", lambda m: Span(start=_t(m, 1), from_end=True)),
    (
        rf"\b{_IN} (?:the|its|their) (?:last|final|closing) {T}(?: of (?:the )?(?:film|video|movie)\b)?",
        lambda m: Span(length=_t(m, 1), at_end=True),
    ),
    (
        rf"\b(?:the|its|their) (?:last|final|closing) {T}(?: of (?:the )?(?:film|video|movie)\b)?",
        lambda m: Span(length=_t(m, 1), at_end=True),
    ),
    (
        rf"\b(?:{_IN} )?(?:the|its) (?:first|opening|initial) {T}(?: of (?:the )?(?:film|video|movie)\b)?",
        lambda m: Span(start=Time(), length=_t(m, 1)),
    ),
    (rf"{_AT} {T},? (?:and )?(?:{_FOR} )?(?:for )?{T}(?: long)?", lambda m: Span(start=_t(m, 1), length=_t(m, 3))),
    (
        rf"\b{_FOR} {T},? (?:(?:and )?(?:starting|beginning) )?{_AT} {T}",
        lambda m: Span(start=_t(m, 3), length=_t(m, 1)),
    ),
    (rf"\b{_FOR} {T},? (?:after|into the (?:film|video)) {T}", lambda m: Span(start=_t(m, 3), length=_t(m, 1))),
    (rf"\b(?:at|from|to) {_BEGIN},? {_FOR} {T}", lambda m: Span(start=Time(), length=_t(m, 1))),
    (rf"\b{_FOR} {T},? (?:at|from) {_BEGIN}", lambda m: Span(start=Time(), length=_t(m, 1))),
    (rf"\b(?:at|to|near) {_END},? {_FOR} {T}", lambda m: Span(length=_t(m, 1), at_end=True)),
    (rf"\b{_FOR} {T},? (?:at|towards) {_END}", lambda m: Span(length=_t(m, 1), at_end=True)),
    (rf"{_MIDDLE},? {_FOR} {T}", lambda m: Span(middle=True, length=_t(m, 1))),
    (rf"\b{_FOR} {T},? {_MIDDLE}", lambda m: Span(middle=True, length=_t(m, 1))),
    (rf"\b(?:from|after|starting at) {T} (?:on|onwards?|on ?wards?)\b", lambda m: Span(start=_t(m, 1), at_end=True)),
    (rf"\b(?:everything |all |anything )(?:after|behind|past|from) {T}", lambda m: Span(start=_t(m, 1), at_end=True)),
    (rf"\b(?:everything |all |anything )(?:before|until|up to) {T}", lambda m: Span(start=Time(), end=_t(m, 1))),
    (r"(?:from |at )?(?:the )?\{o1\} (?:frame )?(?:is )?\{t0\+(\d+)\}", lambda m: Span(start=Time(frames=int(m[1])))),
    (rf"\b(?:until|till|up to|before) {T}", lambda m: Span(end=_t(m, 1))),
    (rf"{_AT} {T}(?: mark)?", lambda m: Span(start=_t(m, 1))),
    (rf"\b(?:after) {T}", lambda m: Span(start=_t(m, 1))),
    (rf"(?<!for ){T} (?:in|into (?:it|the (?:film|video|movie)))\b", lambda m: Span(start=_t(m, 1))),
    (rf"{T}(?= into )", lambda m: Span(start=_t(m, 1))),
    (
        r"\b(?:throughout|all the way through|the (?:whole|entire) (?:time|film|video|movie)|from start to "
        r"(?:end|finish)|all the time|permanently)\b(?: the (?:film|video|movie))?",
        lambda m: Span(whole=True),
    ),
    (rf"\b(?:at|on|to|near|towards|for) {_END}", lambda m: Span(at_end=True)),
    (rf"\b(?:at|to|right at|on) {_BEGIN}", lambda m: Span(start=Time())),
    (_MIDDLE, lambda m: Span(middle=True)),
    (rf"\b{_FOR} {T}", lambda m: Span(length=_t(m, 1))),
    (rf"{T} long\b", lambda m: Span(length=_t(m, 1))),
    (rf"(?<!to )(?<!by ){T}$", lambda m: Span(start=_t(m, 1))),
)
