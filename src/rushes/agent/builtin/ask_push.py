"""Wishes to zoom into, out of, or nearer in shots that are there: "zoom in on the fox in the second shot".

A push wish: `name` is the way (in, out, hold: nearer all along, none; nearer, wider: than it is), `text` whom or what
it goes to, `place` a side of the picture, `value` the scale where one is said, of nearer and wider the factor on what
there is. `topic` says what can't be: "part" of a shot only, "both" ways in one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.ask_film import aspect_of
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SAYS_NOTHING, SHOT, SOUND, TEXT, Which
from rushes.agent.builtin.wishes import Wish
from rushes.agent.lexicon import find_kind

BIT, MUCH = 1.15, 1.8  # scales
STEP = 1.2  # factor of "even closer"
SIDES = {"left": "left", "right": "right", "top": "top", "upper": "top", "bottom": "bottom", "lower": "bottom"}
SIDES |= dict.fromkeys(("middle", "centre", "center"), "middle")
PARTS = {"half": 2.0, "third": 3.0, "quarter": 4.0}  # of the picture -> the scale at which it fills the frame

# Shots are found first, and stand as § in the text that the other patterns read.
_NUMBER, _AND = r"\{[on]-?\d+\}", r"(?:,|,? and)"
_WHICH = (
    rf"(?:the |my |our |this |that |these )?(?:(?:{SHOT})(?: number)? {_NUMBER}(?:{_AND} (?:(?:{SHOT}) )?{_NUMBER})*|"
    rf"\{{o-?\d+\}}(?:{_AND} (?:the )?\{{o-?\d+\}})*(?: (?:{SHOT}|ones?)\b)?|\{{i:clip-\d+\}}|\{{m\d+\}}|"
    rf"(?:all|every|each)(?: of)?(?: the)? (?:{SHOT})\b|(?:shortest|longest|middle) (?:{SHOT})\b|"
    rf"\b(?:{SHOT}) (?:with|of|showing|where|in which)(?: the| an?| my)? [a-z-]+|"
    r"\b(?!(?:an?|on|of|in|to|at|for|from|crop|zoom|re-?frame|make|show|have|let|give|new|another) )[a-z-]+ "
    rf"(?:{SHOT})\b(?! (?:number )?\{{))"
)
_A_BIT = (
    r"a (?:(?:tiny|little) )?(?:bit|little|touch|tad)|slight(?:ly)?|somewhat|subtle|subtly|gentle|gently|soft(?:ly)?"
)
_A_LOT = r"a lot|much|way|far|right|all the way|strong(?:ly)?|hard|dramatic(?:ally)?|tight(?:ly)?"
_PACE = (
    r"(?:(?:very|really|quite|nice and) )?(?:slow|smooth|gradual|quick|rapid|sudden|calm|steady|steadily|fast)(?:ly)?"
)
_HOW = rf"just|even|still|some|up|close|{_A_BIT}|{_A_LOT}|{_PACE}"
_SO, _SUCH = rf"(?: (?:{_HOW}))*", rf"(?:(?:{_HOW}) )*"  # behind a verb, and before a noun
_CLOSER = r"(?:closer|tighter|nearer)"
_TOWARDS = r"(?=(?:in )?(?:on|onto|to|towards?) )"
_MUST = r"(?:should|must|may|can|could|shall|has to|needs to|to)"
_CAMERA = rf"\bcamera(?: {_MUST})?{_SO} (?:zoom|push|move|go|come|get|dolly|glide|pull)(?:e?s|ing)?{_SO}"
_ZOOM = (
    r"(?:ken[ -]burns(?: effect| zoom| move)?|zoom(?:s|ing)?(?:[ -](?:in|out)(?= (?:on|of|in|from|for|at)\b|$))?|"
    r"push(?:ing)?[ -]?ins?)"
)
_NO = (
    r"\b(?:no(?: more| longer)?|without|remove|drop|delete|lose|cancel|stop|end|kill|undo|reset|get rid of|leave out|"
    r"skip|(?:turn|switch) off|take (?:out|off|away|back)|(?:don't|do not|doesn't|does not)(?: want| like| need| use)?)"
    rf"(?: (?:the|any|that|this|all|its|an?|of))* {_SUCH}"
)
_NONE = (
    rf"{_NO}(?:{_ZOOM}|punch[ -]?ins?|crop(?:ping)?\b(?=.*§))|\bun-?zoom\b|"
    rf"\btake (?:the |that )?{_ZOOM} (?:off|out|away)|\bbefore (?:the|that|you) (?:zoom|crop|push)\w*|"
    rf"\b{_ZOOM}\b.*\b{_MUST} (?:go|stop|disappear|be (?:removed|gone|off|taken \w+))\b"
)
_WIDER = (
    rf"\bless (?:of an? )?(?:{_ZOOM}|crop\w*)|\btoo much (?:of an? )?zoom|"
    r"§ (?:is|looks|feels|was) (?:\w+ )?too (?:close|tight|near)$|"
    r"\b(?:zoom|crop|push)\w*(?:[ -]in)?(?: is| it)? (?:less|too (?:much|close|far|tight))\b|"
    rf"\b(?:make|have|show)\b.*§{_SO} wider$"
)
_NEARER = (
    r"\b(?:zoom|push|crop|punch)(?:[ -]in)? (?:even |still )?(?:more|further)\b|\bmore (?:of an? )?zoom\b|"
    r"\beven (?:closer|nearer|tighter)\b"
)
_OUT = (
    rf"\bzoom(?:ing)?{_SO}[ -](?:back )?(?:out|back)\b|\bpush(?:ing)?[ -]out\b|\bdolly{_SO} (?:out|back)\b|"
    rf"{_CAMERA} (?:out|back|away)\b|\bpull{_SO} (?:back|out|away)\b(?={_SO}(?:$|,| "
    r"(?:of|on|in|at|from|and|until|over|for|to (?:show|reveal|see))\b))"
)
_IN = (
    rf"\bzoom(?:ing)?{_SO} (?:back )?in(?:to)?\b|\bzoom{_SO} {_CLOSER}\b|\bzoom{_SO} {_TOWARDS}|^zoom(?: (?=§)|$)|"
    rf"\bpush(?:ing)?{_SO}[ -]in(?:to)?\b|\b(?:dolly|creep|ease|inch){_SO} (?:in|forward|{_CLOSER})\b|"
    rf"{_CAMERA} (?:in|forward|{_CLOSER})\b|\b(?:get|go|come|move|draw){_SO}(?: in)?{_SO} (?:closer|nearer)\b|"
    rf"\b(?:go|move|close){_SO} in {_TOWARDS}|^{_SUCH}(?:closer|nearer) {_TOWARDS}|"
    rf"(?:^|\b(?:add|give|make|do|put|use|apply|want|have|with|need|try)\b.*? )(?:(?:a|some) )?{_SUCH}{_ZOOM}"
    r"(?=$|,| (?:on|in|into|to|of|for|over|towards?|at)\b)"
)
_HOLD = (
    rf"\b(?:crop|punch)(?:ing)?{_SO} (?:in|{_CLOSER})\b|\b(?:crop|re-?frame){_SO} (?=§)|"
    rf"\b(?:crop|re-?frame)(?:ing)?{_SO} (?=(?:on|around|to|in on) )|\ba{_SO} {_CLOSER} (?:crop|framing|view|frame)\b|"
    rf"§(?: {_MUST})?(?: be| look)?{_SO} {_CLOSER}\b(?! to)|"
    rf"\b(?:make|have|show|frame|let|want|see) (?:the [a-z-]+|it|him|her|them)(?: in §)?(?: be| look)?{_SO} {_CLOSER}\b"
    r"(?! to)"
)
# The first that is there is meant.
_WAYS = {"none": _NONE, "wider": _WIDER, "nearer": _NEARER, "out": _OUT, "in": _IN, "hold": _HOLD}
_ELSEWHERE = (  # what speaks of something else, or only of a zoom, though it says so
    rf"\{{[qa]|\b(?:{TEXT}|{SOUND})\b|\bzoom(?:ing)? (?:past|by|through|along|across|lens|call)|\bbut\b|"
    r"\b(?:re-?shoot|shoot|retake|re-?do|generate|replace|swap|always|never|from now on|how|when|while)\b|"
    rf"\b(?:an?|one|another|new)(?: (?:new|more|[a-z-]+))? (?:{SHOT})\b"
)
_PRAISE = (
    r"^(?:(?:i|we) (?:do |really )*(?:love|like|see|saw|noticed) )?(?:the|that|this|your|my) "
    rf"{_SUCH}(?:zoom|push|crop)"
)
_ARTICLE = r"(?:(?:the|an?|my|our|its|his|her|this|that|both) )"
_NAME = (
    r"(?!(?:in|on|of|at|for|during|over|throughout|while|from|by|and|until|with|as|so|then|be|look|show|see|reveal|the|"
    r"an?)\b)[a-z'-]+"
)
_TO = re.compile(
    r"\b(?:on|onto|to|towards?|into|around|at|of|from|make|show|see|have) "
    rf"(?P<who>{_ARTICLE}?(?:\{{n\d+\}} )?{_NAME}(?: {_NAME}){{0,3}}(?: and {_ARTICLE}?{_NAME})?)"
)
_AT_END = re.compile(
    r",? ?\bat (?:the )?(?:very )?(?P<end>end|start|beginning|close)\b(?: of (?:the |my )?(?:film|video|cut))?|"
    r"^(?:and |then )?(?P<with>end|finish|close|start|begin|open)(?: (?:the |my )?(?:film|video|cut))? (?:with|on)\b"
)
_SIDE = re.compile(
    rf"\b(?:the|its)(?: very)? (?P<side>{'|'.join(SIDES)})\b(?:[- ](?P<more>left|right)\b)?"
    rf"(?: (?P<part>{'|'.join(PARTS)})\b)?"
)
_NOBODY = SAYS_NOTHING | set(
    "him her they subject action scene picture frame view face thing things more bigger larger".split()
)


def read_push(clause: Clause) -> list[Wish] | None:
    """None where a clause asks for no zoom of a shot that is there."""
    said = re.sub(rf"\b({'|'.join(SIDES)}) \{{o3\}}", r"\1 third", clause.text)
    if clause.corrects and (other := re.fullmatch(r"(?:on|to|towards|into) (?:the )?(?P<who>[a-z-]+)", said)):
        if find_kind(other["who"]):  # "no, on the owl"
            return [Wish(act="instead", pieces=(Which(thing=other["who"]),), words=clause.spoken(), instead=True)]
    if re.search(_ELSEWHERE, said):
        return None
    shots, text = _shots(clause, said)
    way, rest = _way(text)
    if not way or (way in ("in", "out", "hold") and re.search(_PRAISE, said)) or (way == "hold" and aspect_of(said)):
        return None
    if re.search(r"\bcamera (?:[a-z]+ )?[a-z]+s\b", text) and not shots:
        return None  # "the camera zooms in" tells of a shot that is to be made
    wish = Wish(act="push", name=way, pieces=shots, words=clause.spoken(), value=_scale(said, way))
    if way == "none":
        return [wish]
    if re.search(r"\bin and out\b|\bout and in\b", text):
        return [replace(wish, topic="both")]
    end = _AT_END.search(text)
    if "{t" in rest or (end is not None and end["end"] and shots):
        return [replace(wish, topic="part")]
    if end is not None and not shots:
        rest = _AT_END.sub(" ", rest)
        last = (end["end"] or end["with"]) in ("end", "close", "finish")
        wish = replace(wish, pieces=(Which(number=-1 if last else 1),))
    wish = _aimed(wish, rest if way != "hold" else text)
    vague = not wish.pieces and not re.search(rf"\b(?:in|{_CLOSER})\b", text)  # "crop to the subject": all of the film
    return None if way == "hold" and vague else [wish]


def with_push(clause: Clause) -> list[Clause] | None:
    """A clause with "and" in which a zoom stands beside another order, or another zoom, as two."""
    found = re.match(r"(?P<one>.+?),? and (?:then )?(?P<other>(?:out|in) (?:of|on) .+)$", clause.text)
    before = read_push(replace(clause, text=found["one"])) if found is not None else None
    if found is not None and before is not None and before[0].pieces:
        return [replace(clause, text=found["one"]), replace(clause, text=f"zoom {found['other']}")]
    for joint in re.finditer(r",? and (?:then )?(?=zoom|push|pull|crop|punch|get closer|go closer|dolly)", clause.text):
        one, other = (replace(clause, text=text) for text in (clause.text[: joint.start()], clause.text[joint.end() :]))
        as_one = re.match(r"(?:start|begin|open)\b", one.text)  # "start close on the fox and pull back"
        of_film = re.match(r"crop|punch", other.text) and aspect_of(one.text)  # "make it square and crop in"
        if " " in one.text and not as_one and not of_film and read_push(other) is not None:
            return [one, other]
    return None


def _way(text: str) -> tuple[str, str]:
    """What is asked for, and the text without what says so; empty where nothing is."""
    for name, pattern in _WAYS.items():
        if found := re.search(pattern, text):
            return name, f"{text[: found.start()]}, {text[found.end() :]}"
    return "", text


def _shots(clause: Clause, text: str) -> tuple[tuple[Which, ...], str]:
    """The shots that are meant, and the text with a sign for each."""
    found: list[Which] = []

    def named(match: re.Match[str]) -> str:
        if re.fullmatch(rf"(?:this|that|the|my|our|same) (?:{SHOT})", match[0]):
            found.append(Which(it=True))
            return "§"
        whiches = [which for which in clause.pieces(match[0]) if which.pointed]
        found.extend(whiches)
        return "§" if whiches else match[0]

    text = re.sub(_WHICH, named, text)
    return tuple(dict.fromkeys(found)), " ".join(text.split())


def _scale(text: str, way: str) -> float | None:
    """How near, where it is said; of nearer and wider the factor on what there is."""
    if way in ("nearer", "wider"):
        return STEP if way == "nearer" else 1 / STEP
    if times := re.search(r"\{x([\d.]+)\}", text):
        return float(times[1])
    if share := re.search(r"\{p([\d.]+)\}", text):
        percent = float(share[1]) / 100
        return percent if percent > 1 else 1 + percent
    text = _SIDE.sub(" ", text)
    if re.search(r"\b(?:twice|double)\b", text):
        return 2.0
    if re.search(rf"\b(?:{_A_BIT})\b", text):
        return BIT
    return MUCH if re.search(rf"\b(?:{_A_LOT})\b", text) else None


def _aimed(wish: Wish, rest: str) -> Wish:
    """With whom it goes to, or with the side of the picture; where nobody says in which shot, it is theirs."""
    if side := _SIDE.search(rest):
        place = " ".join(dict.fromkeys(SIDES[word] for word in (side["side"], side["more"]) if word))
        fills = PARTS[side["part"]] if side["part"] and wish.name == "hold" else None
        return replace(wish, place=place, value=wish.value or fills)
    rest = " ".join(re.sub(rf"\b(?:{_A_BIT}|{_A_LOT}|{_PACE}|{_CLOSER})\b|\{{[xp][^}}]*\}}", " ", rest).split())
    target = _TO.search(rest)
    who = re.sub(r"'s(?: [a-z]+)?$", "", target["who"]) if target is not None else ""
    words = [word for word in re.findall(r"(?<!\{)[a-z'-]+", who) if word not in _NOBODY]
    if not words:
        return wish
    thing = next((word for word in words if find_kind(word)), words[-1])
    told = who if " and " in who else " ".join(words)
    return replace(wish, text=told, pieces=wish.pieces or (Which(thing=thing),))
