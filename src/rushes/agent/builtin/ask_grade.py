"""Wishes for the colours of the film or of its shots: black and white, sepia, warmer, brighter, more contrast.

Only words that speak of nothing else are read so. What is to be seen in the picture ("make the fox red", "at night"),
and texts and sounds, which may be bright and warm too, are other readers' wishes.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.looks_said import TONED, said_looks, spans_of_looks
from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT, Which, read_whiches
from rushes.agent.builtin.verbs import FIRST
from rushes.agent.builtin.wishes import Wish
from rushes.media.looks import FACTORS, MOST_AMOUNT, SET, STEPS

# Words by which something is said to be so, is wished, or is not to be; and those that are no thing in the picture.
_IS = r"\b(?:is|are|looks|(?:they|shots|clips|scenes|ones|colou?rs) look|feels?|seems?|appears?)\b|'s\b|'re\b"
_WISHED = r"should|must|shall|could|can|would|may|might|(?:has|have|needs?|wants?|ought) to|to be"
_NO = r"not|never|don't|doesn't|isn't|aren't|no|without|always|whenever|if|unless|when|almost|was|were|like|love|hate"
_FILM = r"(?:(?:the|this|my|our) (?:(?:whole|entire|complete) )?(?:film|movie|video|thing|cut|edit)|everything|film)"
_OTHERS = r"(?:all )?(?:of )?the (?:others?|rest|other (?:shots|ones|clips|scenes)|remaining (?:shots|ones|clips))\b"
_ALL = rf"(?:{_FILM}|all(?: of)?(?: the)?(?: shots| clips)?|every (?:shot|clip))"
_ALL_BUT = rf"{_ALL}(?: in)?,? (?:but|except(?: for)?|apart from|other than)"
_STAYS = rf",? (?:and|but) (?:leave|keep|let) {_OTHERS}(?: .*)?$"
_FILLER = frozenset(
    "a an the all of in into to as with it its that this them they and also too just only now here again please make "
    "makes turn have put set get show give gives want need let leave keep convert change render grade apply use switch "
    "go be is are look looks feel feels seem seems should must could can would shall may might needs has i we you "
    "bit little touch tad slightly somewhat much lot lots way far really very quite rather so up down still even more "
    "by for from my our film movie video whole entire complete everything effect filter style mode version look tone "
    "tones overall nicer better nice good done shown then s re d colour colours color colors".split()
)
_WHEN = frozenset(  # of a part of a shot
    "cut first last opening closing until till between at after before on half end beginning fade".split()
)
_A_BIT = r"\b(?:a (?:little )?(?:bit|touch|tad)|a little|slightly|somewhat|a shade|a notch|a hint)\b"
_MUCH = r"\b(?:much|a lot|lots|way|far|considerably|strongly|significantly|very)\b"
WHOLE_SHOTS = (
    "colours are changed for whole shots, from their first frame to the last; say 'split the film at 3 s', with the "
    "time that you mean, and then which shot it is"
)


def read_grade(clause: Clause) -> list[Wish] | None:
    """A wish for each look that the clause names, with the shots that it is for; none named: those spoken of."""
    if clause.corrects and re.search(rf"\bno (?:more )?{TONED}", clause.marked.text):
        return [Wish(act="grade", name="colour")]
    text = re.sub(r"^(?:i|we) (?:think|find|feel|guess|believe)(?: that)? ", "", clause.text)
    states = re.search(_IS, text) is not None and not re.search(rf"\b(?:{_WISHED})\b", text)
    text, looks = said_looks(text, states=states)
    if not looks:
        return _unknown_look(text)
    if re.search(rf"\b(?:{TEXT}|{SOUND}|letters|words?|font|type)\b", text) or _tells_a_shot(text):
        return None
    wishes: list[Wish] = []
    for part in _parts(text):
        read = _of_part(clause, part, looks, wishes[-1] if wishes else None)
        if read is None:
            return None
        wishes += read
    return [replace(wish, remark=states) for wish in wishes]


def looks_apart(clause: Clause) -> list[Clause]:
    """A clause that wishes for a look and for something besides, as two: "make it vertical and black and white"."""
    looks = spans_of_looks(clause.text)
    if not looks or read_grade(clause) is not None:
        return [clause]
    it = "it is" if re.search(_IS, clause.text) else "make it"
    for joint in re.finditer(r",? and ", clause.text):
        if any(start < joint.start() < end for start, end in looks):
            continue
        parts = [clause.text[: joint.start()], f"{it} {clause.text[joint.end() :]}"]
        clauses = [replace(clause, text=text) for text in parts]
        graded = [(read_grade(part) or [Wish(act="unknown")])[0].act == "grade" for part in clauses]
        if graded in ([True, False], [False, True]) and not spans_of_looks(parts[graded.index(False)]):
            return clauses
    return [clause]


def _unknown_look(text: str) -> list[Wish] | None:
    """A look that nobody knows is answered with those that there are."""
    named = re.match(
        r"(?:give|apply|use|add|put)\b.*\b(?:an?|the) ([a-z][a-z-]+) (?:look|filter|grade)(?: on| to)?\b", text
    )
    if named is None or named[1] in _FILLER | {"new", "different"}:
        return None
    known = ", ".join(name.replace("_", " ") for name in SET)
    return [Wish(act="ask", text=f"there is no look {named[1]!r}; there are {known}, and as it was shot")]


def _tells_a_shot(text: str) -> bool:
    """Whether one of several looks says which shot is meant: "make the black and white shot sepia"."""
    return len(re.findall(r"\{g", text)) > 1 and re.search(rf"\{{g\d+\}}  ?(?:{SHOT})\b", text) is not None


def _parts(text: str) -> list[str]:
    """A part for each look, with the shots named beside it: "the first shot sepia and the last black and white"."""
    parts = [""]
    for piece in re.split(r"(?=,? (?:and|but|while|then) |[,;:] )", text):
        if "{g" in parts[-1] and ("{g" in piece or re.match(_STAYS, piece)):
            parts.append("")
        parts[-1] += piece
    return [part for part in parts if "{g" in part]


def _of_part(clause: Clause, part: str, looks: list[tuple[str, str]], before: Wish | None) -> list[Wish] | None:
    told = re.sub(r"\s+", " ", re.sub(r"\{[gp][\d.]+\}", " ", part)).strip()
    if re.search(rf"\b(?:{_NO})\b", told):
        return None
    but = re.sub(rf"\b(?:{_ALL_BUT}|{_OTHERS}|{_FILM}\b)|{_A_BIT}", " ", told)
    found, rest = read_whiches(but)
    pieces = tuple(clause.settled(which) for which in found if which.pointed and which.kind in ("clip", "any"))
    whole = re.search(rf"\b{_FILM}\b", told) is not None
    strange = [word for word in re.findall(r"[a-z][a-z'-]*|\{[^}]*\}", rest) if word not in _FILLER]
    strange += [which.thing for which in pieces if which.thing and not _is_shot(which.thing, but)]
    if strange:
        return _asked(clause, strange, told)
    others = re.search(rf"\b(?:{_ALL_BUT}|{_OTHERS})", told) is not None
    if whole and not others and all(which.it for which in pieces):
        pieces = (Which(every=True),)
    elif not pieces and re.search(r"\b(?:still|even)\b", told):  # more so than it was just made
        pieces = (Which(it=True),)
    elif not pieces and before is not None:
        pieces, others = before.pieces, others or before.place == "others"
    elif not pieces and others:  # than those spoken of
        pieces = (Which(it=True),)
    place = "others" if others else ""
    named = [looks[int(number)] for number in re.findall(r"\{g(\d+)\}", part)]
    return [
        Wish(act="grade", name=look, value=_amount(look, f"{part} {said}"), pieces=pieces, place=place)
        for look, said in named
    ]


def _is_shot(thing: str, text: str) -> bool:
    """Whether it is a shot that is called so, and not what is seen in it: "the fox shot", "the shot with the fox"."""
    thing = rf"\b{re.escape(thing)}\b"
    return re.search(rf"{thing}(?:'s)?(?: [\w-]+)?? (?:{SHOT})\b|\b(?:{SHOT}) .*{thing}", text) is not None


def _asked(clause: Clause, strange: list[str], told: str) -> list[Wish] | None:
    """One thing in the picture, or a stretch of time, can't have colours of its own: the user is asked which shot."""
    times = [word for word in strange if word.startswith(("{t", "{o")) or word in _WHEN]
    if len(times) == len(strange):
        return [Wish(act="ask", text=WHOLE_SHOTS)]
    ordered = not told or told.split()[0] in FIRST or re.search(rf"^the\b|\b(?:{_WISHED})\b", told)
    if len(strange) != 1 or not ordered or not re.search(rf"\b(?:the|our) {re.escape(strange[0])}\b", told):
        return None
    said = clause.spoken()
    example = said.replace(strange[0], "second shot")
    which = f"which shot do you mean in {said!r}? Colours are changed for whole shots; say for example {example!r}"
    return [Wish(act="ask", text=which)]


def _amount(look: str, text: str) -> float | None:
    """How much of a look, where it is said: a bit of it, much more, by 20 percent, twice as bright."""
    percent = re.search(r"\{p([\d.]+)\}", text)
    half = look in FACTORS and FACTORS[look][1] < 1
    share = (
        float(percent[1]) / 100 if percent else (0.5 if half else 1.0) * bool(re.search(r"\b(?:twice|half)\b", text))
    )
    if share:
        amount = share / abs(STEPS[look][1]) if look in STEPS else share
        if look in FACTORS:
            amount = math.log(max(0.05, 1 - share) if half else 1 + share) / math.log(FACTORS[look][1])
        return round(min(amount, MOST_AMOUNT), 3)
    if re.search(_A_BIT, text):
        return 0.5
    return 2.0 if re.search(_MUCH, text) else None
