"""Wishes for how a text is set: bigger or smaller, in another colour, high up in the picture."""

from __future__ import annotations

import re

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT, Which
from rushes.agent.builtin.wishes import Wish
from rushes.agent.lexicon import find_kind

_TYPE = rf"(?:{TEXT}|words?|wording|letters?|fonts?|type|writing)"
_BIGGER = r"bigger|larger|taller|enlarged?|more prominent|too (?:small|little|tiny)|(?:big|large) enough|scaled? up"
_SMALLER = r"smaller|tinier|shrunk|shrink|less (?:big|large|prominent)|too (?:big|large|huge)|scaled? down"
_SIZE_UP, _SIZE_DOWN = r"(?:increase|raise|up)\b.*\bsize", r"(?:reduce|decrease|lower)\b.*\bsize"
_STEPS = (  # times the size there is, of "bigger"
    (r"a (?:bit|little|touch|tad)|slightly|somewhat", 1.15),
    (r"much|a lot|way|far|considerably|lots", 1.6),
    ("", 1.3),
)
COLOURS = (
    r"white|black|red|orange|gold|golden|yellow|green|blue|navy|teal|turquoise|cyan|purple|violet|pink|magenta|brown|"
    r"beige|silver|gr[ae]y|#[0-9a-f]{6}"
)
_COLOURED = re.compile(
    rf"(?:\b(?:in|into|to|be|it|them|and|{_TYPE}|colou?r|look|bright|dark|light)|\{{q\d+\}}) (?P<colour>{COLOURS})"
    r"(?: (?:colou?r|letters|type|please|now|instead))*$"
)
_TOP = r"(?:to|at|near|in|towards?) the (?:very )?top|higher(?: up)?|further up|up a (?:bit|little)|upwards"
_OTHERWISE = (  # what speaks of something else than type, though it says "bigger"
    r"^(?:remove|delete|drop|cut|lose|kill|add|insert|write|no|without|don't|never)\b|\{[tm]|black and white|"
    r"\b(?:long|longer|short|shorter|length|time|duration|loud\w*|quiet\w*|always|from now on|every)\b"
)


def read_type(clause: Clause) -> list[Wish]:
    """ "make the title a bit smaller", "'SALE' twice as big", "the title in gold", "move the title to the top"."""
    text = clause.text
    spoken = re.search(rf"\b{_TYPE}\b|\{{q\d+\}}", text) is not None
    others = re.search(rf"\b(?:{SHOT}|{SOUND})\b", re.sub(rf"\b{_TYPE}\b", "", text)) is not None
    if not spoken or others or re.search(_OTHERWISE, text):
        return []
    found: list[tuple[str, float | None]] = []
    factor = _factor(clause)
    colour = _COLOURED.search(text)
    if factor is not None:
        found.append(("type size", factor))
    if colour is not None:
        found.append((f"type {colour['colour'].replace('golden', 'gold')}", None))
    moves = re.match(r"(?:move|put|shift|place|set|have|raise|show|bring|slide|push|the)\b", text)
    if not found and moves and clause.has(_TOP):
        found.append(("type top", None))
    return [Wish(act="retext", name=name, value=value, pieces=_which(clause)) for name, value in found]


def new_type(words: str) -> dict[str, float | str]:
    """Size and colour of a text that is put on, as told beside it: "in big red letters"; without its own words."""
    told = re.sub(r"[\"'“”„«»‘].*?[\"'“”«»’]", " {q} ", words.casefold())
    found: dict[str, float | str] = {}
    for match in re.finditer(
        rf"(?P<who>[a-z]+|\S) in (?:(?:big|small|bold|bright|large) )*(?P<colour>{COLOURS})\b", told
    ):
        if find_kind(match["who"]) is None:  # "when the fox in red comes"
            found["colour"] = match["colour"].replace("golden", "gold")
    if letters := re.search(rf"\b(?P<colour>{COLOURS}) {_TYPE}\b", told):
        found["colour"] = letters["colour"].replace("golden", "gold")
    size = re.search(
        rf"\b(?P<big>big|large|huge|bold)\b(?: [a-z]+)? {_TYPE}\b|\b(?P<small>small|tiny)\b(?: [a-z]+)? {_TYPE}\b", told
    )
    if size is not None:
        found["size"] = 1.5 if size["big"] else 0.7
    return found


def _which(clause: Clause) -> tuple[Which, ...]:
    if quotes := clause.quotes():
        return (Which(kind="text", quote=quotes[0]),)
    named = tuple(which for which in clause.pieces() if which.kind == "text")
    return named[:1] or (Which(kind="text", place="title"),)


def _factor(clause: Clause) -> float | None:
    """By how much it is to grow, times the size that it has; 0: to the usual size; None: size is not spoken of."""
    text = clause.text
    if clause.has(r"(?:the |its )?(?:usual|normal|original|default|standard) size"):
        return 0.0
    if clause.has(r"twice|double|doubled"):
        return 2.0 if clause.has(rf"big|large|size|{_BIGGER}") else None
    if clause.has(r"half|halve|halved"):
        return 0.5 if clause.has(rf"big|large|size|{_SMALLER}") else None
    up = clause.has(_BIGGER) or clause.has(_SIZE_UP)
    down = clause.has(_SMALLER) or clause.has(_SIZE_DOWN)
    if up == down:
        return None
    if times := re.search(r"\{x([\d.]+)\}", text):
        return float(times[1]) if up else 1 / max(float(times[1]), 0.1)
    if share := re.search(r"\{p([\d.]+)\}", text):
        return 1 + float(share[1]) / 100 * (1 if up else -1)
    step = next(step for words, step in _STEPS if not words or clause.has(words))
    return step if up else 1 / step
