"""Wishes for what is new: a given file, a shot to be made, a shot made otherwise."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import Time
from rushes.agent.builtin.pieces import SHOT, Which, shots_by_name
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import Where, Wish
from rushes.agent.words import COLORS

SECONDS = r"\{t([\d.]+)\+(\d+)\}"


def read_new(clause: Clause) -> list[Wish] | None:
    """The first of the readers below that understands."""
    for reader in (_bring_in, _again, _look, _color, _subtitles):
        found = reader(clause)
        if found is not None:
            return [found]
    return None


_GAVE = r"(?:handed(?: in)?|gave|given|sent|uploaded|attached|provided|added|enclosed|supplied|brought)"
_HANDED = (
    r"(?:from (?:my|the|our) (?:materials?|files|uploads|clips|folder)|"
    r"(?:that |which )?(?:i|we|you) (?:have |had |'ve |also |just |once )*(?:handed(?: in)?|gave|given|got from "
    r"me|sent|"
    r"uploaded|attached|provided|added|enclosed|supplied)(?: in| you| to you| along| over| with it)*)"
)


_WHAT = r"(?P<what>(?!(?:the|an?|my|all|of|these|those)\b)[a-z][\w-]+)"


def read_given(clause: Clause) -> list[Wish] | None:
    """A file that was handed in, spoken of by what it shows: "the beach clip that I handed in goes last"."""
    named = re.search(
        rf"\b(?:the |my )?(?:whole |entire |complete |full )*{_WHAT} (?:{SHOT}|file|recording)s?,? "
        rf"{_HANDED}",
        clause.text,
    ) or re.search(
        rf"\b(?:the |my )?(?:whole |entire |complete |full )*(?:given|handed-in|uploaded|attached|supplied|enclosed) "
        rf"{_WHAT}(?: (?:{SHOT}|file|recording)s?)?",
        clause.text,
    )
    named = named or re.match(
        r"(?:insert|add|put|place|use|open|include|append|show|take|bring in) (?:the |my )?(?:whole |entire |"
        rf"complete |full )?{_WHAT} "
        r"(?:file|recording|"
        r"footage)\b",
        clause.text,
    )
    told = re.fullmatch(
        rf"(?:i|we)(?: have|'ve)? {_GAVE}(?: you| in)* (?:an?|the|my|this) {_WHAT} (?:{SHOT}|file|recording)",
        clause.text,
    )
    told = told or re.match(
        rf"there (?:is|was) (?:an?|one|the) {_WHAT} (?:{SHOT}|file|recording) (?:among|in|with|between) (?:my|"
        r"the|our|what)\b",
        clause.text,
    )
    if told is not None:  # what to do with it comes behind
        return [Wish(act="topic", pieces=(Which(thing=told["what"]),), name="given")]
    if named is None or "{q" in clause.text or re.match(r"(?:remove|delete|replace|use .* instead)\b", clause.text):
        return None
    rest = clause.text[: named.start()] + clause.text[named.end() :]
    where, beside = place_of_new(replace(clause, text=rest))
    return [Wish(act="insert", pieces=(Which(thing=named["what"]),), where=where, beside=beside, name="given")]


def _bring_in(clause: Clause) -> Wish | None:
    """What is new: a given file, or a shot to be made."""
    if "{m" in clause.text and (
        turned := re.match(
            r"((?:between .+? and|after|behind|before|in front of) .+?),? ((?:put|insert|add|show|place|play|use|"
            r"set|comes?|goes|i want|we want|i'd like|there should be|have|take)\b.*)$",
            clause.text,
        )
    ):
        clause = replace(clause, text=f"{turned[2]} {turned[1]}")
    text = clause.text
    names = [w for w in clause.pieces() if w.name]
    where, beside = place_of_new(clause)
    if names and re.match(
        r"(?:add|insert|put|use|open|append|include|take|place|load|import|show|start|begin|end|close|edit|"
        r"cut|attach|work|here|bring|drop|comes?|goes|i want|we want|i'd like|there should be|have|slip|"
        r"squeeze|slot|stick|paste|"
        r"(?:an?|the|only|just) |\{t|\{m)",
        text,
    ):
        span = part_of_file(re.sub(r"\b(?:before|after|behind|between) (?:the )?(?:shot |clip )?\{t[^}]*\}", "", text))
        return Wish(act="insert", pieces=tuple(names), where=where, beside=beside, span=span, name=names[0].name)
    verb = re.match(
        r"(?:add|insert|generate|shoot|make|film|create|include|produce|put in|append|show|i want|we need|i "
        r"need|give me|put|have|draw)\b (?:me |in |us )?",
        text,
    )
    if verb is None or not re.search(rf"\b(?:an?|another|new|one more|\{{n\d+\}}|{SECONDS})\b", text):
        return None
    shot = re.search(
        rf"\b(?:(?:an?|another|new|one more|\{{n1\}}|\{{t[^}}]*\}})[ -]?)+(?:[\w-]+ )?{'?'}(?:{SHOT})\b", text
    )
    if shot is None:
        return None
    what = re.search(r"\b(?:of|with|showing|in which|where|that shows|which shows|featuring|:) (.+)$", text)
    told = what[1] if what else re.sub(rf"\b(?:{SHOT})\b.*$", "", text[verb.end() :])
    told = re.sub(
        r",? ?\b(?:before|after|behind|in front of) (?:the |shot |clip |scene |\{).*$|,? ?\b(?:at|to) the "
        r"(?:very )?(?:end|start|beginning|front)\b.*$",
        "",
        told,
    )
    told = re.sub(rf",? ?(?:for|of|lasting|that lasts)? ?{SECONDS}(?: long)?", "", told)
    told = re.sub(r"\b(?:an?|another|new|one more|\{n1\}) (?=$)", "", told).strip(" ,")
    seconds = re.search(SECONDS, text)
    if not told:
        return None
    return Wish(
        act="generate",
        text=clause.spoken(told),
        value=float(seconds[1]) if seconds else None,
        where=where,
        beside=beside,
    )


def part_of_file(text: str) -> Span | None:
    """The part of a file that is meant: "from second 1 of that file, 1.5 seconds long"; None where all of it is."""
    both = re.search(
        rf"{SECONDS}\s*(?:to|until|till|-|–|and|through|up to)\s*{SECONDS}|from {SECONDS}.{{0,20}}? (?:to|"
        rf"until|till) {SECONDS}",
        text,
    )
    if both:
        a, b, c, d = (group for group in both.groups() if group is not None)
        return Span(start=Time(seconds=float(a), frames=int(b)), end=Time(seconds=float(c), frames=int(d)))
    start: Time | None = None
    length: Time | None = None
    for match in re.finditer(SECONDS, text):
        time = Time(seconds=float(match[1]), frames=int(match[2]))
        before, behind = text[: match.start()], text[match.end() :]
        begins = re.search(
            r"(?:\b(?:from|at|start\w*|begin\w*|its)|@)(?: (?:at|from|with|its|the|second|exactly))*$", before.rstrip()
        )
        into = re.match(
            r",? ?(?:in(?:to)?(?: it| the (?:file|clip|footage))?|of (?:that|the|its) (?:file|clip|footage))\b(?! "
            r"length)",
            behind,
        )
        if (begins or into) and start is None and not re.match(r" ?(?:long|of (?:it|\{m))", behind):
            start = time
        elif length is None:
            length = time
    if re.search(r"\b(?:first|opening|beginning of)\b|\{o1\}", text) and start is None and length is not None:
        start = Time()
    return Span(start=start, length=length) if start is not None or length is not None else None


def place_of_new(clause: Clause) -> tuple[Where, Which | None]:
    text = clause.text
    near = re.search(r"\b(before|in front of|ahead of|after|behind|following|follows?|between)\b ([^,:]+)", text)
    if near:
        target = [p for p in clause.pieces(near[2]) if p.pointed and not p.it and not p.name]
        target = target or [p for p in clause.pieces(shots_by_name(f"{near[1]} {near[2]}")) if p.pointed]
        if target:
            return ("before" if near[1] in ("before", "in front of", "ahead of") else "after"), target[0]
    if re.search(r"\b(?:at|to|in) the (?:very )?(?:start|beginning|front)\b|^(?:start|begin|open) with", text):
        return "first", None
    if re.search(r"\b(?:at|to) the (?:very )?(?:end|back)\b|^(?:end|close|finish) with", text):
        return "last", None
    return "", None


def _again(clause: Clause) -> Wish | None:
    """A shot to be shot anew, as it was or otherwise."""
    text = clause.text
    if re.match(
        r"(?:re-?shoot|shoot again|re-?do|retake|re-?make|try again|re-?generate|shoot|"
        rf"(?:do|make|film|record) (?:the |that |this )?(?:\{{o-?\d+\}} )?(?:[a-z]+ )?(?:{SHOT})(?: \{{o\d+\}})? "
        r"again)\b",
        text,
    ) and clause.has("re-?shoot|again|re-?do|retake|re-?make|re-?generate|anew|new take|another take"):
        pieces = tuple(p for p in clause.pieces() if p.pointed)
        so = re.search(r"\b(?:with|so that|but|as|showing|in which|where)\b (.+)$", text)
        return Wish(act="restage", pieces=pieces[:1] or (Which(it=True),), text=clause.spoken(so[1]) if so else "")
    if within := re.match(
        rf"(?:in|for) ((?:the )?(?:\{{[on]-?\d+\}} )?(?:[\w-]+ )?(?:{SHOT})(?: \{{[on]\d+\}})?|"
        r"\{i:[^}]+\}),? (?:the |a |let |make |have |show )(.+)$",
        text,
    ):
        pieces = tuple(p for p in clause.pieces(within[1]) if p.pointed)
        told = text[within.start(2) :]
        if pieces and not re.search(r"\{[tq]", told):
            return Wish(
                act="restage", pieces=pieces[:1], text=clause.spoken(re.sub(r"\bshould |\bmust |\bto ", "", told))
            )
    return None


def _look(clause: Clause) -> Wish | None:
    if re.match(r"(?:look at|show me|let me see|what is in|what do we see)\b", clause.text):
        return Wish(act="look", pieces=tuple(p for p in clause.pieces() if p.pointed)[:1], span=clause.span())
    return None


def color_of(text: str) -> str:
    return next((COLORS[word] for word in re.findall(r"[a-z]+", text)[::-1] if word in COLORS), "")


def _color(clause: Clause) -> Wish | None:
    text = clause.text
    if "{" in text:
        return None
    color = re.search(rf"\b({'|'.join(sorted(COLORS, key=len, reverse=True))})$", text)
    if color is None:
        return None
    if not (re.match(r"(?:make|paint|colou?r|turn|let|change|keep|dye|the|i want)\b", text)):
        return None
    head = text[: color.start()]
    pieces = tuple(
        p for p in clause.pieces(re.sub(r"\bcolou?r of\b", "", head)) if (p.thing and p.thing not in COLORS) or p.it
    )
    return Wish(act="recolor", pieces=pieces[:1], name=COLORS[color[1]]) if pieces else None


def _subtitles(clause: Clause) -> Wish | None:
    if clause.has("subtitles?|captions?") and re.match(
        r"(?:add|put|make|create|give|with|show|use|write|we need|subtitle|caption|i want|have)\b", clause.text
    ):
        return Wish(act="subtitles")
    return None
