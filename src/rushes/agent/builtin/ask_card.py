"""Wishes for cards: "a black screen between the first two shots", "start with two seconds of black", "end with a white
card saying 'Thanks'"; and for cards that are there: longer, elsewhere, in another colour, gone.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Literal

from rushes.agent.builtin.ask_order import read_exchange, read_order
from rushes.agent.builtin.ask_place import place_of_clip
from rushes.agent.builtin.ask_repeat import read_repeat
from rushes.agent.builtin.ask_shots import read_going, read_shots
from rushes.agent.builtin.ask_sound import read_sound
from rushes.agent.builtin.ask_text import read_text
from rushes.agent.builtin.ask_type import COLOURS
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import Time
from rushes.agent.builtin.pieces import SHOT, Which, shots_by_name
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import Wish

T = r"\{t([\d.]+)\+(\d+)\}"
CARD = r"(?:screen|card|slate|slide|intertitle|inter-title)"
_LIKE = rf"(?:{CARD}|frame|flash|still|picture|image|title|leader|panel|page|background|gap|pause|moment|break)"
_KIND = r"(?:title|text|end|opening|closing|chapter|blank|empty|plain|colou?red) "
_EVEN = (
    r"(?:(?:plain|pure|solid|full|simple|complete|total|all|just|nothing but|only|short|brief|quick|long|little|small|"
    r"tiny|extra) )*"
)
_GROUND = rf"{_EVEN}(?P<colour>(?:(?:dark|light|deep|pale) )?(?:{COLOURS})|blank|empty|dark(?:ness)?|blackness)\b"
_ENDS = (  # behind a colour that is no other thing's: "black", and not "black cat"
    r"(?! and white)(?=$|,| \{| (?:for|at|in|on|before|after|behind|between|as|to|with|that|and|please|now|first)\b)"
)
_CARDS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\bon )(?<!\bin )(?<!over )(?<!against )(?<!behind )\b(?:an?|one|another|some|\{{n1\}}|\{{t[^}}]*\}}|of) "
        rf"(?:{_KIND})?{_GROUND} (?:{_KIND})*{_LIKE}\b",
        r"^(?P<colour>black|white|blank|empty) (?:screen|card|frame|picture)\b",
        rf"{T} (?:long )?of (?:an? )?{_GROUND}(?: {_LIKE})?{_ENDS}",
        rf"^(?!.*\{{q).*{T} (?P<colour>black|white)(?: {_LIKE})?{_ENDS}",
        rf"^(?:start|begin|open|end|close|finish|go|cut|stay|hold|pause|wait|rest|linger|insert|add|put|show|have)s? "
        rf"(?:on |with |in |to |over |off on )?(?:an? )?{_GROUND}(?: {_LIKE})?{_ENDS}",
        rf"\b(?:screen|picture)(?: to)? (?:go|goes|be|stay|stays|turn|turns)? ?{_GROUND} (?:for )?{T}",
    )
)
_ON_GROUND = re.compile(rf"\b(?:on|over|against|in front of) (?:an? )?{_GROUND}(?: {_LIKE}| ground)?{_ENDS}")
_BARE = re.compile(rf"\b(?:an?|one|another|\{{n1\}}) (?:{_KIND})?(?:card|slate|intertitle|inter-title)\b")
_ASKS = re.compile(
    r"(?:(?:put|place|set|add|insert|show|give|have|let|make|use|start|begin|open|end|close|finish|go|cut to|stay|hold|"
    r"pause|wait|rest|linger|leave|keep|cut in|include|append|slip|drop|create|bring in|flash|turn|separate|write|"
    r"display|i want|we want|i need|we need|i'd like|there (?:should|must)|(?:it|the film|the video) (?:should|must|"
    r"has to)|an?|one|another|between|before|after|behind|at|in|the screen|the picture|(?:just |some |plain )*(?:black|"
    r"white|blank|empty))\b|\{[tqn]\d)"
)
_STATES = re.compile(
    r"\b(?:is|are|was|were|isn't|aren't|has(?! to)|had|there's|looks?|seems?|why|because|fad(?:e|es|ed|ing)|"
    r"dissolve\w*|crossfad\w*|flash(?:es|ed)|flicker\w*|appears?|pops?|comes?|bars?|borders?|black and white|"
    r"white balance|wrong|fault\w*|mistake\w*|from (?:black|white))\b"
)
_COMPLAINS = re.compile(r"\b(?:wrong|fault\w*|mistake\w*|errors?|problems?|mend|repair|fix|check|inspect|audit)\b")
_THERE_IS = re.compile(
    r"(?:the (?:film|video|movie|cut|\{o)|it|there|we|i|shot|clip)\b.*\b(?:has|is|are|see|have|was)\b"
)
_NONE = re.compile(r"^(?:no(?: more)?|don't|do not|never|without|not|i don't want|we don't want)\b")
_OF_FILM = re.compile(  # "let it end in black", "the film should start with white"
    r"(?:let |have |make |i want |we want )?(?:it|this|the (?:film|video|movie))(?: to| should| must| shall| has to)? "
    r"(?=(?:start|begin|open|end|close|finish)\b)"
)
_THE = re.compile(
    rf"\b(?:the|that|this|my|our)(?P<number> \{{o-?\d+\}})? (?:{_KIND})?(?:(?P<colour>{COLOURS}) (?:{_KIND})?{CARD}|"
    r"(?:blank|empty|dark) screen|card|slate|inter-?title)s?\b(?! (?:shot|clip))"
)
_CARD_ID = "{i:clip-0}"  # stands for the card that is spoken of, where other readers read
_PAINTED = re.compile(
    rf"(?:make|turn|change|paint|colou?r|set|switch|let) {re.escape(_CARD_ID)} (?:be |to |into |in )?(?:an? )?"
    rf"(?P<colour>{COLOURS})(?: one| {CARD})?$|replace {re.escape(_CARD_ID)} (?:with|by) an? (?P<other>{COLOURS})"
    rf"(?: one| {CARD})$"
)
_GOES_THERE = re.compile(r"(?:move|put|bring|shift|place|show|play|insert|set)\b")  # what is said behind it is where
_OF_SHOTS = (read_repeat, read_going, read_exchange, read_sound, read_shots, read_order)
_AS_LONG = re.compile(r"\b(?P<share>twice|double|half)\b.*\b(?:long|length)\b")
_WHICH = re.compile(  # which of several cards is meant
    r",? (?:at|in) the (?:very )?(?P<end>end|start|beginning)\b|"
    r",? (?:right |just )?(?P<how>before|after|behind|in front of) (?P<what>(?:the |my |our )?(?:\{o-?\d+\}|[a-z]+|"
    rf"\{{i:clip-\d+\}})(?: (?:{SHOT}|one))?(?: \{{o\d+\}})?)"
)


def read_card(clause: Clause) -> list[Wish] | None:
    """None where no card is spoken of."""
    if _THE.search(clause.text) and (found := _of_card(clause)) is not None:
        return [found]
    if (film := _OF_FILM.match(clause.text)) is not None:
        clause = replace(clause, text=clause.text[film.end() :])
    none = _NONE.match(clause.text)
    text = clause.text[none.end() :].strip() if none is not None else clause.text
    card = _card_in(f"a {text}" if none is not None and not re.match(r"an?\b", text) else text) or _card_in(text)
    if card is None or re.search(r"\bthen\b", text):
        return None
    if _THERE_IS.match(text) and not re.search(r"\b(?:should|must|want|need)\b", text):
        told = f"should the {card} in {clause.spoken()!r} go? Say 'find and fix what is wrong', or when it shows"
        return [Wish(act="ask", text=told)]
    if _STATES.search(text):
        return None
    where, pieces = place_of_clip(replace(clause, text=text))
    if none is not None and re.match(r"(?:put|add|insert|use|make|show|place|set)\b", text):
        return [Wish(act="talk")]
    if none is not None or re.match(r"remove (?:an?|any)\b", text):
        return [Wish(act="card", name="none", where=where, topic=card)]
    if not _ASKS.match(text) or (text.startswith(("{t", "a ", "one ")) and _COMPLAINS.search(clause.marked.text)):
        return None
    at, length = _times(text)
    middle = not where and clause.has("in the middle")
    wish = Wish(act="card", name=card, where=where, pieces=pieces, span=Span(start=at, length=length, middle=middle))
    quotes = clause.quotes()
    return [replace(wish, text=quotes[0] if quotes else "")] if len(quotes) < 2 else None


def _card_in(text: str) -> str | None:
    """The colour of the card that is spoken of; None where none is."""
    if "{q" in text:  # "for 2 seconds in red": so are the letters
        text = re.sub(rf"(?<=\}}) in (?={_GROUND})", ", in ", text)
    found = next((match for pattern in _CARDS if (match := pattern.search(text))), None)
    if found is None and "{q" in text:
        found = _ON_GROUND.search(text)
        if found is None and _BARE.search(text) and _between_shots(text):
            return "black"
    if found is None:
        return None
    named = found["colour"].replace("golden", "gold").replace("deep ", "dark ").replace("pale ", "light ")
    return "black" if re.match(r"blank|empty|dark(?:ness)?$|black", named) else named.replace(" ", "")


def _between_shots(text: str) -> bool:
    """Whether it has a place beside shots or, but for a title card, which may stand over one, at an end of the film."""
    if re.search(rf"\b(?:at|from) {T}", text):
        return False
    if re.search(r"\b(?:before|after|behind|between|in front of|ahead of)\b(?! \{t)", text):
        return True
    ends = r"(?:start|begin|open|end|close|finish)\b|.*\b(?:at|in) the (?:very )?(?:end|start|beginning)\b"
    return re.match(ends, text) is not None and "title card" not in text


def _times(text: str) -> tuple[Time | None, Time | None]:
    """When it comes, on the film's clock, and how long it stays."""
    both = re.search(rf"\b(?:from|between) {T} (?:to|until|till|and) {T}", text)
    if both is not None:
        begin, end = _time(both[1], both[2]), _time(both[3], both[4])
        return begin, Time(seconds=end.seconds - begin.seconds, frames=end.frames - begin.frames)
    at = re.search(rf"\b(?:at|after|starting at)(?: second| the)? {T}(?! (?:of|long|black|white))", text)
    length = re.search(T, text if at is None else text[: at.start()] + text[at.end() :])
    return (
        None if at is None else _time(at[1], at[2]),
        None if length is None else _time(length[1], length[2]),
    )


def _time(seconds: str, frames: str) -> Time:
    return Time(seconds=float(seconds), frames=int(frames))


def _which_card(clause: Clause, meant: Which, which: re.Match[str]) -> Which:
    if which["end"]:
        return replace(meant, number=-1 if which["end"] == "end" else 1)
    named = clause.pieces(which["what"]) or clause.pieces(shots_by_name(f"{which['how']} {which['what']}"))
    side: Literal["before", "after"] = "after" if which["how"] in ("after", "behind") else "before"
    return replace(named[0], kind="clip", beside=side) if named and named[0].pointed else meant


def _of_card(clause: Clause) -> Wish | None:
    """What is to become of a card that is there; where the film has none, what the words mean without one."""
    said = _THE.search(clause.text)
    assert said is not None
    colour = (said["colour"] or "").replace("golden", "gold")
    number = int(re.sub(r"[^\d-]", "", said["number"])) if said["number"] else 0
    kind = "title " if re.search(r"title|text|inter", said[0]) else "plain " if "screen" in said[0] else ""
    meant = Which(thing=" ".join(f"{colour} {kind}card".split()), number=number)
    behind = clause.text[said.end() :]
    if (which := _WHICH.match(behind)) and not _GOES_THERE.match(clause.text):
        meant, behind = _which_card(clause, meant, which), behind[which.end() :]
    plain = replace(clause, text=f"{clause.text[: said.start()]}{_CARD_ID}{behind}")
    quotes = clause.quotes()
    if quotes and re.search(rf"\{{q\d+\}}.*\b(?:on|over|onto) {re.escape(_CARD_ID)}$", plain.text):
        return Wish(act="text", text=quotes[0], place="title", span=Span(whole=True, inside=meant))
    if quotes:
        return None  # its text is a text like others
    if painted := _PAINTED.match(plain.text):
        name = (painted["colour"] or painted["other"]).replace("golden", "gold")
        return Wish(act="card", name=name, pieces=(meant,), change=True, otherwise=_without_card(clause))
    if (share := _AS_LONG.search(plain.text)) is not None:
        return Wish(act="trim", pieces=(meant,), name="share", value=0.5 if share["share"] == "half" else 2.0)
    if re.match(rf"(?:forget|scrap|cancel|skip)(?: about)? {re.escape(_CARD_ID)}$", plain.text):
        return Wish(act="remove", pieces=(meant,))
    if _NONE.match(plain.text) and not re.search(r"\b(?:touch|change|move|cut|remove)\b", plain.text):
        return Wish(act="card", name="none", where=place_of_clip(plain)[0], topic=colour)
    return _as_a_shot(clause, plain, meant)


def _as_a_shot(clause: Clause, plain: Clause, meant: Which) -> Wish | None:
    """What is said of it as of any shot. `plain`: the clause with the card's mark in it."""
    found = next((wishes[0] for read in _OF_SHOTS if (wishes := read(plain))), None)
    if found is None:
        return None
    pieces = tuple(meant if which.id == "clip-0" else which for which in found.pieces)
    return replace(found, pieces=pieces, otherwise=_without_card(clause))


def _without_card(clause: Clause) -> Wish | None:
    """What the words mean where the film has no card: a title card may be a text over a shot."""
    return next((wishes[0] for read in (read_going, read_text) if (wishes := read(clause))), None)
