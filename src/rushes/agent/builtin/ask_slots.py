"""What an order needs, found anywhere in a message whose sense is known: times, texts, files, the shots spoken of."""

from __future__ import annotations

import re

from rushes.agent.builtin.ask_film import aspect_of, fit_of
from rushes.agent.builtin.ask_lookup import PAGES, TELLS, asked_thing
from rushes.agent.builtin.ask_new import part_of_file
from rushes.agent.builtin.ask_text import place_of
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import SHOT_NOUNS, SOUND_NOUNS, Marked, Time
from rushes.agent.builtin.pieces import NO_NAMES, SHOT, SOUND, Which
from rushes.agent.builtin.slots_text import (
    TEXT,
    Reader,
    T,
    one_time,
    retimed,
    reworded,
    shifted,
    text_gone,
    text_put,
    texts_meant,
    times,
    way_of,
)
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import Where, Wish

_NOUNS = frozenset(f"{noun}{s}" for noun in f"{SHOT_NOUNS}|{SOUND_NOUNS}".split("|") for s in ("", "s"))
_PICTURE = (
    r"pictures?|images?|crop\w*|cut\w*|bars?|borders?|edges?|corners?|sides?|whole|entire|full|everything|nothing|"
    r"losing|lose"
)
_LOUDER = (
    r"louder|more(?! low| soft| quiet)|up|raise|boost|add|plus|increase|lift|higher|on top|(?:too|so) (?:quiet|"
    r"soft|low)|hardly|barely",
    r"quieter|softer|softly|more (?:low|soft|quiet)\w*|less|down|lower|off|away|minus|reduce|drop|decrease|too "
    r"(?:loud|noisy|high)|deafening|\{d-[^}]*\}",
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
_OF_LENGTH = (
    r"long|length|duration|lasts?|longer|shorter|half (?:of it|the time)|"
    r"(?:want|need|make|cut) (?:it|that) (?:in |by |to )?half"
)
_PARTS = (
    ("twice|double|two times", 2.0),
    ("three times|triple", 3.0),
    ("half|halve|halved|halves", 0.5),
    ("a third|one third", 1 / 3),
    ("two thirds", 2 / 3),
    ("a quarter", 0.25),
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
    text = re.sub(rf"(?:the |my )?\{{o-?\d+\}} (?=\{{t)|\{{o-?\d+\}} (?=(?:of the )?{TEXT}\b)", " ", clause.text)
    text = re.sub(r"\{o(\d+)\} ?(?:to|through|till|until|-) ?\{o(\d+)\}", _all_between, text)
    found: list[Which] = []
    if middle := re.search(r"\bmiddle (?:\{n(\d)\} )?shots?\b", text):
        found.append(Which(extreme="middle", number=int(middle[1] or 1)))
        text = text.replace(middle[0], " ")
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


def _all_between(match: re.Match[str]) -> str:
    """ "2 to 4" -> 2 3 4."""
    return " ".join(f"{{o{number}}}" for number in range(int(match[1]), int(match[2]) + 1))


def _all_shots(clause: Clause) -> tuple[Which, ...]:
    every = clause.has(rf"(?:all|every|each)(?: of)?(?: the| my| our| these| single)*(?: {SHOT}| one|(?= \{{t))")
    return (Which(every=True),) if every else ()


def _share(clause: Clause) -> float | None:
    """How much of its length a shot keeps: "half as long", "reduce the duration by a third", "twice the length"."""
    if re.search(T, clause.text) or not clause.has(_OF_LENGTH):
        return None
    said = re.search(r"\{p([\d.]+)\}", clause.text)
    part = float(said[1]) / 100 if said else next((s for words, s in _PARTS if clause.has(words)), None)
    off = clause.has("shorter|shorten|reduce|cut|trim|less|off") and clause.has(r"by|off|less|shorter")
    return None if part is None else 1 - part if off and part < 1 else part


def _shared(clause: Clause) -> Wish | None:
    share = _share(clause)
    every = _all_shots(clause)
    if share is None or "{q" in clause.text:
        return None
    return Wish(act="trim", pieces=every, among=() if every else mentioned(clause), value=share, name="share")


def _kept(clause: Clause) -> Wish | None:
    """ "Everything but the fox and the train" goes."""
    but = re.search(
        r"\b(?:everything|all|anything|every \w+|the rest|(?:all )?the others?|any \w+|all the \w+)\b(?: \w+)??,? "
        r"(?:except|but|apart from|other than|besides|save|bar|that is not|that isn't)(?: for)?\b(.+)",
        clause.text,
    )
    return Wish(act="keep", among=mentioned(Clause(text=but[1], marked=clause.marked))) if but else None


def _remove(clause: Clause) -> Wish | None:
    if clause.has(f"{TEXT}|straps?") and not clause.has(SHOT) and "{t" not in clause.text:
        return text_gone(clause)
    if (kept := _kept(clause)) is not None:
        return kept
    if re.search(r"\{[qt]", clause.text):
        return _span_gone(clause) if "{q" not in clause.text else None
    return Wish(act="remove", among=mentioned(clause))


def _span_gone(clause: Clause) -> Wish | None:
    span = times(clause) if "{q" not in clause.text else None
    whole = span is not None and span.start is not None and (span.end or span.length)
    return Wish(act="remove_span", span=span) if whole else None


def _moved(where: Where) -> Reader:
    def read(clause: Clause) -> Wish | None:
        if clause.has(TEXT) and not clause.has(SHOT):
            span = Span(at_end=True) if where == "last" else Span(start=Time())
            return Wish(act="retext", pieces=texts_meant(clause)[:1], span=span)
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
        by = one_time(clause)
        if by is None or "{q" in clause.text:
            return _shared(clause)
        if way_of(clause, *_LONGER) > 0 and not re.search(r"\b(?:first|last|\{o-?1\}) \{t", clause.text):
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
    by = one_time(clause)
    if by is None or "{q" in clause.text:
        return _shared(clause)
    every = _all_shots(clause)
    return Wish(act="trim", pieces=every, among=() if every else mentioned(clause), value=by[0], size=by[1])


def _longer(clause: Clause) -> Wish | None:
    by = one_time(clause)
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
    span = part_of_file(clause.text) if len(re.findall(T, clause.text)) != 2 else times(clause)
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
        if not clause.has(r"speed|pace|tempo|slow\w*|fast\w*|quick\w*|play\w*|motion") and (shared := _shared(clause)):
            return shared
        times_said = re.search(r"\{[xn]([\d.]+)\}", clause.text)
        factor = float(times_said[1]) if times_said and float(times_said[1]) > 1 else 2.0
        factor = 3.0 if clause.has("triple|thrice") else factor
        way = way_of(clause, *_FASTER) or (1 if usual > 1 else -1)
        factor = factor if way > 0 else round(1 / factor, 4)
        share = re.search(r"\{p([\d.]+)\}|\{[xn](0\.\d+)\}", clause.text)  # of the speed that it has
        if share:
            factor = float(share[1]) / 100 if share[1] else float(share[2])
        return Wish(act="speed", among=mentioned(clause), value=factor)

    return read


def _fit(clause: Clause) -> Wish | None:
    by = one_time(clause)
    if by is None or by[1] is not None or "{q" in clause.text:
        return None
    named = clause.has("title|caption|lettering|text|name")  # who speaks of it wants it kept
    return Wish(act="fit", value=by[0], among=mentioned(clause), pieces=(Which(kind="text", place="title"),) * named)


def _gain(sign: int) -> Reader:
    def read(clause: Clause) -> Wish | None:
        by = re.search(r"\{d(-?[\d.]+)\}", clause.text)
        way = way_of(clause, *_LOUDER) or sign
        heard = (Which(kind="sound"),) if clause.has(SOUND) else ()
        value = way * abs(float(by[1]) if by else 6.0)
        return Wish(act="volume", pieces=heard, among=() if heard else mentioned(clause), value=value, change=True)

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
        by = one_time(clause)
        least = name == "least_text_seconds"
        if least != bool(re.search(T, clause.text)) or (least and not clause.has(_AT_LEAST)):
            return None
        if name == "least_text_seconds":
            said = re.findall(T, clause.text)
            return Wish(act="rule", name=name, value=by[0] if by else float(said[0][0]))
        return Wish(act="rule", name=name, place="lower" if name == "place" else "")

    return read


_OF_A_SHOT = frozenset(
    "remove first last beside swap trim_start trim_end length longer insert replace faster slower louder "
    "quieter".split()
)
_READERS: dict[str, Reader] = {
    "remove": _remove,
    "remove_text": text_gone,
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
    "text": text_put,
    "reword": reworded,
    "retime": retimed,
    "text_later": shifted(1),
    "text_earlier": shifted(-1),
    "louder": _gain(1),
    "quieter": _gain(-1),
    "undo": lambda clause: Wish(act="undo"),
    "rule_caps": _rule("upper"),
    "rule_lower": _rule("place"),
    "rule_least": _rule("least_text_seconds"),
}
