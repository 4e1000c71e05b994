"""What an order needs, found anywhere in a message whose sense is known: times, texts, files, the shots spoken of."""

from __future__ import annotations

import re
from collections.abc import Callable

from rushes.agent.builtin.ask_film import aspect_of, fit_of
from rushes.agent.builtin.ask_lookup import PAGES, TELLS, asked_thing
from rushes.agent.builtin.ask_new import part_of_file
from rushes.agent.builtin.ask_text import place_of
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import SHOT_NOUNS, SOUND_NOUNS, TEXT_NOUNS, Marked, Time
from rushes.agent.builtin.pieces import NO_NAMES, SHOT, Which
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import Where, Wish

Reader = Callable[[Clause], Wish | None]
_T = r"\{t([\d.]+)\+(\d+)\}"
_NOUNS = frozenset(f"{noun}{s}" for noun in f"{SHOT_NOUNS}|{SOUND_NOUNS}".split("|") for s in ("", "s"))
_TEXT = rf"(?:{TEXT_NOUNS}|name|word)s?"
_LENGTH_BEFORE = (
    r"(?:for|lasting|lasts?|stays?(?: there| up| on)?(?: for)?|another|of|use|take|grab|show)"
    r"(?: just| exactly| only)? $"
)
_LENGTH_AFTER = r"^ (?:long|in length|in duration|out of|of (?=\{m)|worth)"
_START_BEFORE = r"(?:from|at|starting|starts|start at|begins?(?: at)?|beginning(?: at)?|as of|mark|after|with second) $"
_START_AFTER = r"^ (?:mark|on\b|onwards?|in\b|into)"
_PICTURE = (
    r"pictures?|images?|crop\w*|cut\w*|bars?|borders?|edges?|corners?|sides?|whole|entire|full|everything|nothing|"
    r"losing|lose"
)
_LATER = r"later|delay\w*|postpone\w*|wait|longer|back", r"earlier|sooner|forwards?|less"
_EARLY = (  # what comes too early is wanted later
    r"(?:too|is|are|\{t[^}]*\}) early|soon|prematurely|ahead|before",
    r"late|behind|lags?|after",
)
_LOUDER = (
    r"louder|more|up|raise|boost|add|plus|increase|lift|higher|on top|(?:too|so) (?:quiet|soft|low)|hardly|barely",
    r"quieter|softer|less|down|lower|off|away|minus|reduce|drop|decrease|too (?:loud|noisy|high)|deafening|\{d-[^}]*\}",
)
_FASTER = (
    r"faster|twice as (?:fast|quick\w*)|(?:double|twice) (?:the |its )?(?:speed|pace|tempo|time)|speed up|too slow|"
    r"(?:in|by) half the time|quick(?:er|en)|accelerate",
    r"slower|slow(?:ly|ed|ing| down| motion|-mo)|half (?:the |its |of its )?(?:speed|pace|tempo)|half[- ]speed|"
    r"half as (?:fast|quick)|twice as (?:long|slow)|too (?:fast|quick)",
)
_LONGER = (
    r"longer|more|extra|another|beyond|extend|lengthen|hold",
    r"shorter|less|sooner|earlier|off|drop|cut|lose|shave",
)
_AT_LEAST = r"least|less|under|below|shorter|minimum|min|brief\w*|short|fewer|readable"
_BACK = r"end|ends|ending|tail|back|close|sooner|earlier"
_FRONT = r"start|starts|beginning|head|front|begin|begins|later|opening|into|enter"
_SIDES = (
    (r"\b(?:first|opening|initial|\{o1\}) \{t", r"\b(?:last|final|closing|\{o-1\}) \{t"),
    (
        r"\b(?:off|from|at|of) (?:the |its )?(?:very )?(?:start|beginning|head|front)\b|"
        r"\{t[^}]*\} (?:later|further|into)",
        r"\b(?:off|from|at|of) (?:the |its )?(?:very )?(?:end|ending|tail|back)\b|\{t[^}]*\} (?:earlier|sooner)",
    ),
    (rf"\b(?:{_FRONT})\b", rf"\b(?:{_BACK})\b"),
)


def filled(sense: str, marked: Marked) -> Wish | None:
    """The wish of a message with this sense; None where something that it needs is not said."""
    reader = _READERS.get(sense)
    wish = reader(Clause(text=marked.text, marked=marked)) if reader is not None else None
    alone = wish is not None and not (wish.among or wish.pieces)
    return None if alone and sense in _OF_A_SHOT else wish


def mentioned(clause: Clause) -> tuple[Which, ...]:
    """All that may name a shot, in order: numbers of shots, and every word that may be what one shows."""
    text = re.sub(rf"(?:the |my )?\{{o-?\d+\}} (?=\{{t)|\{{o-?\d+\}} (?=(?:of the )?{_TEXT}\b)", " ", clause.text)
    found: list[Which] = []
    for match in re.finditer(
        r"\{i:(clip-\d+)\}|\{m(\d+)\}|\{o(-?\d+)\}|(?:number |no |#)\{n(\d+)\}|\{n(\d+)\}(?! [a-z])|[a-z][a-z'-]+", text
    ):
        if match[1]:
            found.append(Which(id=match[1]))
        elif match[2]:
            found.append(Which(name=clause.marked.names[int(match[2])]))
        elif match[3] or match[4] or match[5]:
            found.append(Which(number=int(match[3] or match[4] or match[5])))
        elif (word := match[0].removesuffix("'s")) not in NO_NAMES | {
            "its",
            "their",
            "first",
            "last",
        } and word not in _NOUNS:
            found.append(Which(thing=word, maybe=True))
    return tuple(dict.fromkeys(found))


def times(clause: Clause, text: str | None = None) -> Span | None:
    """From the two times that are said, or the one: a moment and an end, or a moment and a length."""
    text = clause.text if text is None else text
    if not re.search(_T, text):
        text = re.sub(r"\{n([\d.]+)\}", r"{t\1+0}", text)  # "from 2 to 4"
    found = list(re.finditer(_T, text))
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
    if len(said) == 1:
        return Span(length=said[0]) if long[0] else Span(start=said[0])
    if long[0] != long[1]:
        return Span(start=said[long[0]], length=said[long[1]])
    if said[1].at(24) <= said[0].at(24):
        return Span(start=said[0], length=said[1])
    return Span(start=said[0], end=said[1])


def _one_time(clause: Clause) -> tuple[float, tuple[int, int] | None] | None:
    found = list(dict.fromkeys(re.findall(_T, clause.text)))
    return (float(found[0][0]), (int(found[0][1]), 0) if int(found[0][1]) else None) if len(found) == 1 else None


def _way(clause: Clause, up: str, down: str) -> int:
    """1 or -1, where the words say which of two opposites is meant; 0 where they say neither, or both."""
    return int(clause.has(up)) - int(clause.has(down))


def _remove(clause: Clause) -> Wish | None:
    if clause.has(f"{_TEXT}|straps?") and not clause.has(SHOT) and "{t" not in clause.text:
        return _text_gone(clause)
    if re.search(r"\{[qt]", clause.text):
        return _span_gone(clause) if "{q" not in clause.text else None
    return Wish(act="remove", among=mentioned(clause))


def _span_gone(clause: Clause) -> Wish | None:
    span = times(clause) if "{q" not in clause.text else None
    whole = span is not None and span.start is not None and (span.end or span.length)
    return Wish(act="remove_span", span=span) if whole else None


def _texts(clause: Clause) -> tuple[Which, ...]:
    """The text that is spoken of by its words, its place or its number; the title where nothing is said."""
    if clause.quotes():
        return tuple(Which(kind="text", quote=quote) for quote in clause.quotes())
    number = re.search(rf"\{{o(-?\d+)\}} (?:of the )?{_TEXT}\b", clause.text)
    place = "" if number else place_of(clause.text) or ("title" if clause.has("title") else "")
    return (Which(kind="text", number=int(number[1]) if number else 0, place=place),)


def _text_gone(clause: Clause) -> Wish | None:
    return Wish(act="remove", pieces=_texts(clause)[:1]) if not re.search(_T, clause.text) else None


def _text(clause: Clause) -> Wish | None:
    if len(clause.quotes()) != 1 or not re.search(_T, clause.text):
        return None
    sentence = next(part for part in re.split(r"[.!?;]\s|\bthen\b", clause.text) if "{q" in part)
    place = place_of(sentence) or place_of(clause.text)
    if not place:
        words = (("lower", r"bottom|name|strap|lower"), ("subtitle", r"subtitle\w*|caption\w*|said|says|spoken"))
        place = next((name for name, told in words if clause.has(told)), "")
    return Wish(act="text", text=clause.quotes()[0], span=times(clause), place=place)


def _reworded(clause: Clause) -> Wish | None:
    quotes = clause.quotes()
    if len(quotes) == 2:  # which of them stands there now is seen in the film
        return Wish(act="retext", among=tuple(Which(kind="text", quote=quote) for quote in quotes), text=quotes[1])
    if len(quotes) != 1 or re.search(_T, clause.text):
        return None
    number = re.search(rf"\{{o(-?\d+)\}} (?:of the )?{_TEXT}\b", clause.text)
    which = Which(kind="text", number=int(number[1])) if number else Which(kind="text", place="title")
    return Wish(act="retext", pieces=(which,), text=quotes[0])


def _retimed(clause: Clause) -> Wish | None:
    if re.search(r"\{t[^}]*\} (?:later|earlier|sooner)", clause.text):
        return _shifted(1)(clause)
    span = times(clause)
    if len(clause.quotes()) > 1 or span is None or span.start is None or not (span.end or span.length):
        return None
    return Wish(act="retext", pieces=_texts(clause)[:1], span=span)


def _shifted(sign: int) -> Reader:
    def read(clause: Clause) -> Wish | None:
        by = _one_time(clause)
        if by is None or by[1] is not None:
            return None
        way = _way(clause, *_LATER) or _way(clause, *_EARLY) or sign
        return Wish(act="retext", pieces=_texts(clause)[:1], value=way * by[0], change=True, name="shift")

    return read


def _moved(where: Where) -> Reader:
    def read(clause: Clause) -> Wish | None:
        end = 1 if where == "first" else -1
        among = tuple(which for which in mentioned(clause) if which.number != end)
        return Wish(act="move", among=among, where=where) if among and not re.search(r"\{[qmt]", clause.text) else None

    return read


def _beside(clause: Clause) -> Wish | None:
    before = clause.has("before|ahead of|in front of|precedes?") and not clause.has("after|behind|follows?")
    if re.search(r"\{[qmt]", clause.text):
        return None
    return Wish(act="move", among=mentioned(clause), where="before" if before else "after")


def _swapped(clause: Clause) -> Wish | None:
    counted = re.search(r"\{o(1|-1)\} \{n2\}", clause.text)  # "the first two shots"
    pair = {"1": (1, 2), "-1": (-2, -1)}[counted[1]] if counted else ()
    among = tuple(Which(number=number) for number in pair) or mentioned(clause)
    return Wish(act="swap", among=among) if not re.search(r"\{[qmt]", clause.text) else None


def _reversed(clause: Clause) -> Wish | None:
    return Wish(act="reorder", name="reverse")


def _framed(fit: str) -> Reader:
    def read(clause: Clause) -> Wish | None:
        same = clause.has("square|equal\\w*|same (?:width|height|length)|as wide as|all (?:\\w+ )?sides")
        tall = clause.has("tall|phones?|upright|vertical\\w*|portrait")
        aspect = aspect_of(clause.text) or ("1:1" if same else "9:16" if tall else "")
        return (
            Wish(act="frame", name=aspect, place=fit_of(clause) or (fit if clause.has(_PICTURE) else ""))
            if aspect
            else None
        )

    return read


def _trimmed(where: Where) -> Reader:
    def read(clause: Clause) -> Wish | None:
        by = _one_time(clause)
        if by is None or "{q" in clause.text:
            return None
        if _way(clause, *_LONGER) > 0 and not re.search(r"\b(?:first|last|\{o-?1\}) \{t", clause.text):
            return _longer(clause)
        side: Where = where
        for front, back in _SIDES:  # the surest words first
            begins, ends = re.search(front, clause.text), re.search(back, clause.text)
            if bool(begins) != bool(ends):
                side = "first" if begins else "last"
                break
        return Wish(act="trim", among=mentioned(clause), value=-by[0] or 0.0, change=True, where=side,
                    size=(-by[1][0], 0) if by[1] else None)  # fmt: skip

    return read


def _length(clause: Clause) -> Wish | None:
    by = _one_time(clause)
    if by is None or "{q" in clause.text:
        return None
    return Wish(act="trim", among=mentioned(clause), value=by[0], size=by[1])


def _longer(clause: Clause) -> Wish | None:
    by = _one_time(clause)
    if by is None or "{q" in clause.text:
        return None
    return Wish(act="trim", among=mentioned(clause), value=by[0], change=True, where="last", size=by[1])


def _files(clause: Clause) -> list[Which]:
    return [which for which in mentioned(clause) if which.name]


def _inserted(clause: Clause) -> Wish | None:
    files = _files(clause)
    if len(files) > 1 or "{q" in clause.text:
        return None
    among = tuple(which for which in mentioned(clause) if not which.name)
    span = part_of_file(clause.text) if len(re.findall(_T, clause.text)) != 2 else times(clause)
    before = clause.has("before|ahead of|in front of") and not clause.has("after|behind|between|following")
    return Wish(act="insert", pieces=tuple(files), among=among, where="before" if before else "after", span=span,
                name=files[0].name if files else "")  # fmt: skip


def _replaced(clause: Clause) -> Wish | None:
    files = _files(clause)
    if not files or "{q" in clause.text:
        return None
    return Wish(act="replace", among=mentioned(clause), beside=files[-1])


def _speed(usual: float) -> Reader:
    def read(clause: Clause) -> Wish | None:
        times_said = re.search(r"\{[xn]([\d.]+)\}", clause.text)
        factor = float(times_said[1]) if times_said and float(times_said[1]) > 1 else 2.0
        factor = 3.0 if clause.has("triple|thrice") else factor
        way = _way(clause, *_FASTER) or (1 if usual > 1 else -1)
        factor = factor if way > 0 else round(1 / factor, 4)
        share = re.search(r"\{p([\d.]+)\}|\{[xn](0\.\d+)\}", clause.text)  # of the speed that it has
        if share:
            factor = float(share[1]) / 100 if share[1] else float(share[2])
        return Wish(act="speed", among=mentioned(clause), value=factor)

    return read


def _fit(clause: Clause) -> Wish | None:
    by = _one_time(clause)
    if by is None or by[1] is not None or "{q" in clause.text:
        return None
    named = clause.has("title|caption|lettering|text|name")  # who speaks of it wants it kept
    return Wish(act="fit", value=by[0], among=mentioned(clause), pieces=(Which(kind="text", place="title"),) * named)


def _gain(sign: int) -> Reader:
    def read(clause: Clause) -> Wish | None:
        by = re.search(r"\{d(-?[\d.]+)\}", clause.text)
        way = _way(clause, *_LOUDER) or sign
        return Wish(act="volume", among=mentioned(clause), value=way * abs(float(by[1]) if by else 6.0), change=True)

    return read


def _looked_up(clause: Clause) -> Wish | None:
    pages = [name for name in clause.marked.names if name.lower().endswith(PAGES)]
    asked = re.search(rf"\b(?:{TELLS})\b", clause.text)
    span = times(clause)
    if span is None or not (pages or asked):
        return None
    topic = asked_thing(clause.text) if pages else asked[0] if asked else ""
    like = clause.quotes()[0] if clause.quotes() else ""  # how it should be written
    name = pages[0] if pages else ""
    return Wish(act="lookup", name=name, topic=topic, text=like, span=span, place=place_of(clause.text))


def _assembled(clause: Clause) -> Wish | None:
    files = tuple(_files(clause))
    return Wish(act="reorder", pieces=files) if len(files) > 1 and "{q" not in clause.text else None


def _ordered(clause: Clause) -> Wish | None:
    return Wish(act="reorder", among=mentioned(clause)) if not re.search(r"\{[qt]", clause.text) else None


def _rule(name: str) -> Reader:
    def read(clause: Clause) -> Wish | None:
        by = _one_time(clause)
        least = name == "least_text_seconds"
        if least != bool(re.search(_T, clause.text)) or (least and not clause.has(_AT_LEAST)):
            return None
        if name == "least_text_seconds":
            said = re.findall(_T, clause.text)
            return Wish(act="rule", name=name, value=by[0] if by else float(said[0][0]))
        return Wish(act="rule", name=name, place="lower" if name == "place" else "")

    return read


_OF_A_SHOT = frozenset(
    "remove first last beside swap trim_start trim_end length longer insert replace faster slower louder "
    "quieter".split()
)
_READERS: dict[str, Reader] = {
    "remove": _remove,
    "remove_text": _text_gone,
    "remove_span": _span_gone,
    "first": _moved("first"),
    "last": _moved("last"),
    "beside": _beside,
    "swap": _swapped,
    "reverse": _reversed,
    "order": _ordered,
    "assemble": _assembled,
    "lookup": _looked_up,
    "frame": _framed(""),
    "frame_whole": _framed("contain"),
    "trim_start": _trimmed("first"),
    "trim_end": _trimmed("last"),
    "length": _length,
    "longer": _longer,
    "insert": _inserted,
    "replace": _replaced,
    "faster": _speed(2.0),
    "slower": _speed(0.5),
    "fit": _fit,
    "text": _text,
    "reword": _reworded,
    "retime": _retimed,
    "text_later": _shifted(1),
    "text_earlier": _shifted(-1),
    "louder": _gain(1),
    "quieter": _gain(-1),
    "rule_caps": _rule("upper"),
    "rule_lower": _rule("place"),
    "rule_least": _rule("least_text_seconds"),
}
