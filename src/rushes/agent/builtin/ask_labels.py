"""Wishes for a text on each shot: "put a name under each animal", "number the shots", "the place of every shot"."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import Time
from rushes.agent.builtin.pieces import SHOT, Which
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import Wish
from rushes.agent.lexicon import find_kind

_GROUPS = {
    "animal": "animals?|creatures?|beasts?|pets?",
    "person": "persons?|people|humans?",
    "vehicle": "vehicles?",
    "plant": "plants?",
    "food": "foods?",
    "": rf"(?:{SHOT})|characters?|figures?|actors?|ones?|of them|cast|cast members?|subjects?",
}
_EACH = (
    rf"(?:(?:each|every|all(?: of)?(?: the| my| our| these)?|both(?: the)?|any)(?: single)?(?: shown)? (?:of the )?"
    rf"(?P<what>{'|'.join(_GROUPS.values())}|(?!the\b)[a-z]+)|"
    r"(?:the|my|our|these|those)(?: single)? (?P<those>(?:shot|clip|scene|animal|creature|character|figure|vehicle|"
    r"person)s|people)|(?P<them>everybody|everyone|everything))"
)
_TELLS = {  # what the texts tell; the first that is spoken of
    "place": r"(?:places?|locations?|settings?|venues?|where (?:it|we|this|that|they|the [a-z]+) (?:is|are|plays?|"
    r"happens?|takes? place))",
    "number": r"(?:(?:shot |clip |scene )?numbers?)",
    "story": r"(?:what (?:happens|is happening|goes on|is going on|is (?:to be )?seen|we see|it shows|is shown)|"
    r"descriptions?)",
    "name": r"(?:names?|labels?|name tags?|tags?|species|who (?:it|that|this|he|she|they|we) (?:is|are|see)|"
    r"who(?: is|'s)|who (?:we see|appears|plays)|what (?:it|that|this|they) (?:is|are)|what(?: is|'s))",
}
_ANY = "|".join(_TELLS.values())
_BESIDE = r"(?:of|on|under|underneath|below|beneath|in|over|to|for|across|above|beside|by|with|onto|into|next to)"
_DOES = {
    "label": "name",
    "name": "name",
    "tag": "name",
    "title": "name",
    "identify": "name",
    "number": "number",
    "describe": "story",
}
_PUTS = (
    r"(?:put|place|add|write|show|give|set|display|print|insert|overlay|superimpose|have|let|use|say|type|make|"
    r"i want|we want|i need|we need|i'd like|there should be|caption|introduce|describe|an?|the|its|each|every|all)"
)
_FORMS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"^{_PUTS}\b.*?\b(?P<tells>{_ANY})\b[^{{]{{0,40}}?\b{_BESIDE} {_EACH}\b",
        rf"^{_PUTS}\b.*?\b{_EACH}(?:'s?)? (?P<tells>{_ANY})\b",
        rf"^(?P<does>label|name|tag|title|identify|number|describe) {_EACH}\b(?:.*?\b(?P<tells>{_ANY})\b)?",
        rf"^(?:caption|subtitle|introduce|give|describe|show|mark|let|have|sign) {_EACH}\b.*?\b(?:an?|its|their|the|"
        rf"his|her|by|with|have|say|that) (?:\w+ ){{0,2}}?(?P<tells>{_ANY})\b",
        rf"^{_PUTS}\b.*?\b{_EACH}\b.*?\b(?:says?|saying|tells|telling|reads?|reading|with) (?:\w+ )?"
        rf"(?P<tells>{_ANY})\b",
        rf"^{_EACH} (?:should|must|needs?(?: to)?|gets?|has to)(?: have| get| carry| bear| show)? (?:an?|its|their|"
        rf"the) (?:\w+ )?(?P<tells>{_ANY})\b",
    )
)
_COUNTED = re.compile(rf"^{_PUTS} (?:the numbers? )?\{{n1\}}(?:,|,? and| to) .*\b(?:on|over|under|in|to) {_EACH}\b")
_SAME = re.compile(
    rf"^{_PUTS} .*?\{{q\d+\}} (?:on|over|under|below|beneath|in|into|to|for|across|above|beside) "
    rf"(?!the |my |our |these |those ){_EACH}\b"
)
_THEM = re.compile(r"^(?P<does>label|number)(?P<what>)(?P<those>) (?:them|these|those|all)(?: all)?\b(?! \w*s\b)")
_FROM = re.compile(r"\b(?:from|starting (?:at|with|from)) (?:number )?\{[no]")
_ONE = re.compile(
    r"^(?:label|tag)\b|^(?:put|add|write|give|show|display) (?:an?|the|its|their) (?:shot )?(?P<tells>label|name tag|"
    r"names?|place|location|number)\b(?: of (?:the |its )?[a-z]+)? (?:in|on|of|under|below|over|for|to)\b"
)
_IN_TURN = re.compile(
    rf"^{_PUTS} \{{q\d+\}}(?:(?:,| and|, and) \{{q\d+\}})+ (?:on|over|under|below|beneath|in|to|for) (?:the|my|our|"
    rf"these|each|every|all the)(?: of the)? (?:{SHOT})\b"
)
_SAID = re.compile(r"(?:what|who|where|its|their|his|her|the (?:name|place|number|location)s?)\b", re.IGNORECASE)
_GONE = re.compile(
    r"(?:remove|take|delete|drop|lose|clear|hide|kill|erase|get rid|no(?: more)?|without|don't|do not|never|stop)\b.*"
    r"\b(?:labels|numbers|names|tags|(?:label|number|name|tag)(?:ing)? (?:each|every|all|the|any) [a-z]+s?)\b"
)
_OTHER = re.compile(
    r"\b(?:always|never|from now on|whenever|new|future|music|sound|file|loud\w*|volume|film|movie|video|aloud|voice|"
    r"narrat\w+|speak)\b|\{[mdlbxap]"
)
_STATES = re.compile(r"\b(?:is|are|was|were|has|had|have|isn't|aren't|looks?|too)\b(?! to\b)")


def read_labels(clause: Clause) -> list[Wish] | None:
    """None where no text for each of several shots, nor a label of one, is asked for."""
    clause = _unquoted(clause)
    text = clause.text
    if _GONE.match(text) and "{" not in text:
        return [Wish(act="label", name="nothing")]
    if _OTHER.search(text):
        return None
    found = _found(clause)
    if found is None:
        return None
    match, tells, words = found
    if match is not None and tells == "text" and not words:
        lines = tuple((quote, Span()) for quote in clause.quotes())
        return [Wish(act="label", name="text", lines=lines, place=_place(text))]
    states = _STATES.search(re.sub(_ANY, "", text)) and not re.search(r"\b(?:should|must|needs?)\b", text)
    if re.match(r"(?:the|its|each|every|all|an?)\b", text) and states:
        return None
    if tells == "story" and re.search(r"\bsubtitles?\b", text):
        return None
    if tells == "number" and _FROM.search(text):
        return [Wish(act="ask", text="shots are numbered from 1, in the film's order; shall I do that?")]
    group, pieces = _who(match) if match is not None else ("", _named(clause))
    if match is None and not pieces:
        return None
    length = re.search(r"\bfor \{t([\d.]+)\+(\d+)\}", text)
    span = Span(length=Time(seconds=float(length[1]), frames=int(length[2]))) if length is not None else None
    return [Wish(act="label", name=tells, pieces=pieces, place=_place(text), topic=group, text=words, span=span)]


def _found(clause: Clause) -> tuple[re.Match[str] | None, str, str] | None:
    """Where it says for each of whom (None: for a shot that is named), what is to be told, and the words themselves."""
    text, quotes = clause.text, clause.quotes()
    if quotes:
        timed = re.search(r"\b(?:at|from) \{t", text) is not None
        if len(quotes) == 1 and re.match(r"(?:label|tag) (?:the|my|our|shot|clip|\{)[^{]*(?:\{o[^{]*)?\{q\d+\}$", text):
            return None, "text", quotes[0]
        if len(quotes) > 1:
            turns = _IN_TURN.match(text)
            return (turns, "text", "") if turns is not None and not timed else None
        same = _SAME.match(text) if not timed else None
        return (same, "text", quotes[0]) if same is not None else None
    if (counted := _COUNTED.match(text)) is not None:
        return counted, "number", ""
    if (them := _THEM.match(text)) is not None:
        return them, _DOES[them["does"]], ""
    for form in _FORMS:
        if (match := form.search(text)) is None:
            continue
        told = match["tells"] or ""
        kinds = [name for name, words in _TELLS.items() if re.fullmatch(words, told)]
        place = [
            name for name, words in _TELLS.items() if re.search(rf"\b(?:name|number)s? of (?:the |its )?{words}", text)
        ]
        tells = (place or kinds or [_DOES.get(match.groupdict().get("does") or "", "")])[0]
        if tells:
            return match, tells, ""
    one = _ONE.match(text)
    if one is None or _STATES.search(text) or (one["tells"] and "{n" in text):
        return None
    return None, {"place": "place", "location": "place", "number": "number"}.get(one["tells"] or "", "name"), ""


def _unquoted(clause: Clause) -> Clause:
    """ "that says what it is" quotes nothing: it tells what the text is about."""

    def plain(match: re.Match[str]) -> str:
        quote = clause.marked.quotes[int(match[1])]
        return quote.lower() if _SAID.match(quote) else match[0]

    return replace(clause, text=re.sub(r"\{q(\d+)\}", plain, clause.text))


def _who(each: re.Match[str]) -> tuple[str, tuple[Which, ...]]:
    """Which group of the cast is meant, or what the shots that are meant show."""
    what = each["what"] or each["those"] or ""
    group = next((name for name, words in _GROUPS.items() if re.fullmatch(words, what)), None)
    if group is None and find_kind(what) is not None:
        return "", (Which(thing=what, every=True),)
    return group or "", ()


def _named(clause: Clause) -> tuple[Which, ...]:
    return tuple(w for w in clause.pieces() if w.pointed and w.kind == "clip" and not w.every and not w.it)


def _place(text: str) -> str:
    """title, subtitle, or "top"; empty: in the lower third."""
    if re.search(r"\bsubtitles?\b", text):
        return "subtitle"
    if re.search(r"\b(?:at|in|on|to|along|near) the (?:very )?(?:top|upper)\b|\babove\b|\bup high\b", text):
        return "top"
    middle = (
        r"\b(?:in|at|to) the (?:middle|cent(?:er|re))\b|\bas (?:a )?(?:big |large )?titles?\b|\btitles? (?:on|over)\b"
    )
    return "title" if re.search(middle, text) else ""
