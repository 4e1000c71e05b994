"""How people say looks: what they order, and what they say is wrong, each with the look that is meant."""

from __future__ import annotations

import re

from rushes.agent.film_look import BLACK_AND_WHITE, SEPIA

HUES = r"colou?rs?"
TONED = rf"(?:{BLACK_AND_WHITE}|{SEPIA})"
_MORE, _LESS = r"(?:raise|increase|boost|turn up|up|add)", r"(?:lower|reduce|decrease|turn down|soften|drop)"
_THE = r"(?: some| the| its| all| a bit of)*"
_GONE = r"(?:remove|undo|stop|reset|drop|lose|no more|without|take off)"
_TOO = r"(?:too|a (?:bit|little)(?: too)?|rather|somewhat)"
_LIGHT = rf"(?: (?:{HUES}|tones?|light|look))?"
WRONG = (  # a look that would put it right, and how it is wrong
    ("brighter", rf"{_TOO} (?:dark|dim|gloomy|murky)|not bright enough|under-?exposed"),
    ("darker", rf"{_TOO} (?:bright|light)|not dark enough|over-?exposed"),
    ("more_contrast", rf"{_TOO} flat|(?:too little|not enough) contrast"),
    ("less_contrast", rf"{_TOO} (?:contrasty|harsh)|too much contrast"),
    ("less_colour", rf"{_TOO} (?:colou?rful|saturated|vivid|garish|gaudy)|too much (?:colou?r|saturation)|"
     rf"{HUES} (?:are|look) {_TOO} (?:strong|intense)"),
    ("more_colour", rf"{_TOO} (?:pale|faded|desaturated)|washed[ -]out|not (?:colou?rful|saturated|vivid) enough|"
     rf"{HUES} (?:are|look) {_TOO} (?:weak|dull)"),
    ("warmer", rf"{_TOO} (?:cold|cool|blue|bluish)|not warm enough"),
    ("cooler", rf"{_TOO} (?:warm|orange|yellow|yellowish)|not (?:cold|cool) enough"),
)  # fmt: skip
ORDERED = (  # the surest first: what one has taken, the next ones don't see
    ("as_shot", rf"(?:its |their |the )?(?:original|natural|normal|real) (?:{HUES}|look)|as (?:it|they) (?:was|were) "
     rf"(?:shot|filmed)|(?:{_GONE}|no){_THE} (?:colou?r )?(?:grad(?:es?|ing)|filters?)"),
    ("colour", rf"(?:no longer|not) (?:in )?{TONED}(?: any ?more| any longer)?|{_GONE}{_THE} {TONED}|"
     rf"(?:(?:get|bring|give|put|have)(?: it| them| back)*{_THE} )?{HUES} back|bring back{_THE} {HUES}|"
     rf"(?:back )?(?:to|in|into|with) (?:full |its |their |the |normal )*{HUES}(?: again)?|"
     r"(?:colou?rful|coloured|colored|colou?r) again|full colou?r"),
    ("black_and_white", rf"{BLACK_AND_WHITE}|(?:shades|tones) of gr[ae]y|(?:without|remove|drain|strip|no){_THE} "
     rf"{HUES}|take{_THE} {HUES} (?:out|away)|(?:fully|completely|entirely) desaturated?|desaturated? "
     r"(?:fully|completely|entirely)|colou?rless"),
    ("sepia", SEPIA),
    ("more_colour", rf"more (?:{HUES}|colou?rful|saturat(?:ed|ion)|vivid|vibrant|intense(?: {HUES})?)|saturate|"
     rf"(?:stronger|richer|bolder|brighter|livelier) {HUES}|{HUES} (?:stronger|richer|bolder|brighter|livelier)|"
     rf"{_MORE}{_THE} (?:saturation|{HUES})|bring out{_THE} {HUES}"),
    ("less_colour", rf"less (?:{HUES}|colou?rful|saturat(?:ed|ion)|vivid|vibrant)|desaturate|tone down{_THE} {HUES}|"
     rf"(?:paler|softer|weaker|duller) {HUES}|{HUES} (?:paler|softer|weaker|duller)|"
     rf"{_LESS}{_THE} (?:saturation|{HUES})"),
    ("vivid", rf"(?:vivid|vibrant)(?: {HUES})?"),
    ("muted", rf"muted(?: {HUES})?"),
    ("colourful", r"colou?rful"),
    ("more_contrast", rf"(?:more|higher|stronger) contrast|more contrasty|contrast (?:up|higher|stronger)|punchier|"
     rf"{_MORE}{_THE} contrast"),
    ("less_contrast", rf"(?:less|lower|softer) contrast|less contrasty|contrast (?:down|lower|softer)|flatter|"
     rf"{_LESS}{_THE} contrast"),
    ("warmer", rf"warmer{_LIGHT}|less (?:cold|cool|blue)|more warmth|warm(?= .*up\b| up)"),
    ("cooler", rf"(?:cooler|colder){_LIGHT}|less (?:warm|orange|yellow)|cool(?= .*down\b)"),
    ("warm", rf"warm{_LIGHT}"),
    ("cool", rf"(?:cool|cold) (?:{HUES}|tones?|light|look)"),
    ("darker", rf"darker|darken(?:ed|s)?|dimmer|dim|less (?:bright|light)|half as bright|not (?:so|as|that) bright|"
     rf"{_LESS}{_THE} (?:brightness|exposure)|(?:brightness|exposure) (?:down|lower)"),
    ("brighter", rf"brighter|brighten(?:ed|s)?|lighter|lighten(?:ed|s)?|less dark|more (?:light|brightness)|"
     rf"twice as bright|not (?:so|as|that) dark|{_MORE}{_THE} (?:brightness|exposure)|"
     r"(?:brightness|exposure) (?:up|higher)|(?<!as )bright(?! as\b)"),
)  # fmt: skip
_ANY = re.compile(rf"(?<![\w-])(?:{'|'.join(words for _, words in (*WRONG, *ORDERED))})(?![\w-])")


def said_looks(text: str, *, states: bool) -> tuple[str, list[tuple[str, str]]]:
    """The text with {g0}, {g1} for looks, and each of these with the words for it.

    states: it says how something is, so that only what is wrong with it is a wish.
    """
    found: list[tuple[str, str]] = []
    for look, words in WRONG if states else (*WRONG, *ORDERED):

        def taken(said: re.Match[str], look: str = look) -> str:
            found.append((look, said[0]))
            return f" {{g{len(found) - 1}}} "

        text = re.sub(rf"(?<![\w-])(?:{words})(?![\w-])", taken, text)
    return text, found


def spans_of_looks(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in _ANY.finditer(text)]
