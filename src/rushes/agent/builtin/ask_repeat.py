"""Wishes to see a shot once more: "show the first shot again at the end", "repeat the second shot", "play it twice"."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.ask_place import place_of_clip
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import Which, shots_by_name
from rushes.agent.builtin.wishes import Where, Wish

_AGAIN = r"(?:again|once more|one more time|once again|(?:a|for a|for the) (?:second|\{o2\}) time|another time)"
_TIMES = r"(?<!\S)(?P<times>twice|thrice|\{x\d+\}|\{[no]\d+\} times)"
_SHOWS = r"(?:show|play|run|use|have|see|let|let me see|include|i want|we want|i want to see|return to|feature|screen)"
_PUTS = r"(?:put|place|set|bring|take|insert|add|move)"  # with "again" these may mean that it only goes there
_END = (
    r"(?:as|for|at|to be|be|in) (?:the |our |my )?(?:very )?(?P<end>ending|end|close|finale|closing|last|\{o-1\}|start|"
    r"opening|opener|beginning|first|\{o1\})(?: shot| scene| one| clip| picture)?$"
)
_REPEATS = re.compile(
    r"(?:repeat|loop|duplicate|replay|reprise|copy|(?:make|put|add|insert|place) (?:a |another |one more )?(?:copy|"
    r"repeat|repetition|duplicate|reprise) of)\b"
)
_NONE = re.compile(r"(?:don't|do not|never|no need to|not|without)\b.*\b(?:repeat\w*|loop\w*|twice|again)\b")
_MADE_ANEW = re.compile(
    r"\b(?:shoot|re-?shoot|film|record|make|do|re-?do|draw|generate|render|retake|undo|remove|cut|trim)\b"
)
_PART = re.compile(  # what is no shot, or only a part of one
    r"\{o-?\d+\} (?:change|step|edit|thing|word|sentence|question|order|wish|line|\{t)|"
    r"\b(?:first|last|final|opening|closing|next) (?:few|\{)|"
    r"\b(?:half|part|bit|beginning|start|end|second|seconds|frames?) of\b"
)
_CHANGED = re.compile(
    r"\b(?:in reverse|revers\w+|backwards?|slower|faster|slow motion|slowly|mirrored|flipped|upside|black and white|"
    r"louder|quieter|silent\w*|shorter|longer)\b"
)
_WHOLE = "which shot should be seen again? Only whole shots can be; split one first, then name the part"
_BACK_TO = re.compile(r"(?:then )?(?:(?:go|come|cut|return|get) )?(?:back|return) to ")
_BACK = re.compile(r"\bback\b(?: again)? (?:at the (?:very )?end|before|after|behind|between)\b")
_NO_TIME_OVER = r"(?! (?:as|the speed|faster|slower|longer|its|times))"
_ENDS = re.compile(
    r"(?P<both>(?:start|begin|open) and )?(?:start|begin|open|end|close|finish)\b (?:it |the (?:film|video|movie) )?"
    r"(?:with|on|by showing) "
)
_RETURNS = re.compile(rf"\b(?:{_AGAIN}|(?:come|comes|be|is) back|returns?|reappears?)\b")
_SHOULD = re.compile(
    r"(?P<x>(?:the|shot|my|our|\{).+?) (?:should|must|shall|has to|needs to|is to) (?:be (?:shown|seen|played|used|"
    r"repeated)|play|run|appear|come|show up) (?P<rest>.*)"
)
_AS_BEGUN = re.compile(
    r"(?:end|finish|close)(?: the (?:film|video|movie)| it)? (?:as|like|the way|how|where|with (?:the )?(?:same )?"
    r"(?:shot|one|picture|image)(?: that| which| as)?|with what) (?:we|it|the film|i) (?:began|begins?|started|starts?|"
    r"opened|opens?)\b"
)
_TELLS = re.compile(
    r"(?:the|shot|\{).*\b(?:is|was|comes?|returns?|appears?|shows|plays|goes|looks?|reappears?|has|can|should|must)\b|"
    r".*\b(?:when|whenever|if|until|unless|because) (?:i|you|we|it|they|he|she)\b"
)
_ENDS_NAMED = (("opening|opener|intro", 1), ("ending|closing|outro|finale", -1))
_ALONE = r"(?= (?:at|after|before|behind|again|twice|once)\b|$)"  # "the opening", and not "the opening title"
_COMES = re.compile(r"(?:make|let|have) .*\b(?:appear|come|return|show up|be (?:seen|shown))\b")
_OTHERS = re.compile(r"\b(?:music|song|track|narration|voice|sound|titles?|texts?|subtitles?|captions?)\b")
_SOMEBODY_LOOKS = re.compile(r"\b(?:when|if|once|before|until|till|so that) (?:i|we|you|they)\b")  # again, not the shot
_ITSELF = re.compile(
    r"\b(?:after|behind) (?:it|itself|that|this)\b|\bback to back\b|\b(?:right|straight) (?:after(?:wards?)?|away)\b|"
    r"\b(?:directly|immediately)(?: after(?:wards?)?)?$"
)


def read_repeat(clause: Clause) -> list[Wish] | None:
    """None where nothing is to be seen once more; whatever is to be shot again is another reader's."""
    clause = _as_order(clause)
    text = clause.text
    if _AS_BEGUN.match(text):
        return [Wish(act="repeat", pieces=(Which(number=1),), where="last", value=1.0)]
    if "{q" in text or _OTHERS.search(text) or _SOMEBODY_LOOKS.search(text):
        return None
    if _PART.search(text):
        return [Wish(act="ask", text=_WHOLE)] if _REPEATS.match(text) else None
    if _NONE.match(text):
        return [Wish(act="repeat", name="none", pieces=_shots(clause, text)[:1])]
    if re.match(r"(?:repeat|replay|loop) (?:it|that|this)$|(?:play|show) (?:it|that|this) again$", text):
        return [Wish(act="ask", text="which shot should be seen again, and where: at the end, or right behind itself?")]
    found = _repeated(clause) or _once_more(clause)
    if found is not None and found.act == "repeat" and _CHANGED.search(text):
        return [
            Wish(act="ask", text="a shot is seen again as it is; say where it should be, then what to change of it")
        ]
    return _bookends(clause) if found is None else [found]


def _as_order(clause: Clause) -> Clause:
    """ "The last shot should be shown twice", "could the fox come back at the end?", as orders."""
    said, text = clause.marked.text, clause.text
    moved = re.match(r"move (?P<x>.+?)(?: again)? to the (?P<w>end|front)$", text)
    if moved is not None and _RETURNS.search(said) and not re.search(r"\bmove\b|[.;]|, | and ", said):
        text = f"show {moved['x']} again at the {'end' if moved['w'] == 'end' else 'start'}"
    told = _SHOULD.match(text)
    text = f"show {told['x']} {told['rest']}" if told is not None else text
    for words, number in _ENDS_NAMED:
        text = re.sub(rf"\bthe (?:{words}){_ALONE}", f"the {{o{number}}} shot", text, count=1)
    return replace(clause, text=text)


def _shots(clause: Clause, text: str) -> tuple[Which, ...]:
    found = tuple(w for w in clause.pieces(text) if w.pointed and w.kind not in ("text", "sound") and not w.name)
    named = found or clause.pieces(shots_by_name(text))
    return tuple(which for which in named if which.pointed and which.kind not in ("text", "sound"))


def _repeated(clause: Clause) -> Wish | None:
    """ "repeat the second shot", "play the last shot three times", "a copy of the first at the end"."""
    text = clause.text
    verb, times = _REPEATS.match(text), re.search(rf"{_TIMES}{_NO_TIME_OVER}", text)
    shows = re.match(rf"(?:{_SHOWS}|{_PUTS})\b", text)
    if verb is None and (times is None or shows is None or re.search(r"\bspeed\b", text)):
        return None
    pieces = _shots(clause, text[: times.start()] if times is not None else text)
    whole = re.search(r"\b(?:the (?:whole |entire )?(?:film|video|movie|thing)|everything|all of it)\b", text)
    if whole is not None and not any(which.number for which in pieces):
        pieces = (Which(every=True),)
    if not pieces:
        return None
    counted = _count(times["times"]) if times is not None else 2
    more = counted if verb is not None and times is not None and verb[0] != "loop" else counted - 1
    where, beside = _place(clause)
    several = pieces if re.search(r"\band\b|\{o\d+\}, ", text) and beside is None else pieces[:1]
    return Wish(act="repeat", pieces=several, where=where, beside=beside, value=float(more))


def _once_more(clause: Clause) -> Wish | None:
    """ "show the first shot again at the end", "use the opening shot as the ending too", "back to the fox"."""
    text = clause.text
    if not _says_once_more(clause) or re.search(r"\bmove\b", clause.marked.text):
        return None
    where, beside = _place(clause)
    begins = _ENDS.match(text) or _BACK_TO.match(text)
    head, at_end = text[begins.end() :] if begins is not None else text, re.search(_END, text)
    if at_end is not None:
        head = text[: at_end.start()]
        where = "first" if re.match(r"start|open|begin|first|\{o1", at_end["end"]) else "last"
    pieces = _shots(clause, head)
    if not pieces or (clause.has("back") and not where):
        return None
    if _only_puts(clause):
        what = clause.spoken()
        return Wish(act="ask", text=f"should that shot move, or be seen a second time ({what!r})? Nothing was changed")
    if not where and re.match(r"(?:show me|let me see)\b", text):
        return None  # who asks wants to look at it
    if not where and not _ITSELF.search(text):
        return Wish(act="ask", text="where should that shot be seen again: at the end, or right behind itself?")
    return Wish(act="repeat", pieces=pieces[:1], where=where, beside=beside, value=1.0)


def _says_once_more(clause: Clause) -> bool:
    """Whether it asks that something is seen again, and neither tells of it nor wants it shot again."""
    text = clause.text
    again, back, ends = re.search(rf"\b{_AGAIN}\b", text), _BACK_TO.match(text), _ENDS.match(text)
    returns = _BACK.search(text) or re.search(r"\b(?:returns?|reappears?|comes? back)\b", text)
    if not (again or clause.also or returns or back) or _TELLS.match(text) or (ends and ends["both"]):
        return False
    if (_MADE_ANEW.search(text) and not _COMES.match(text)) or (again is None and "," in text):
        return False
    shows = re.match(rf"(?:{_SHOWS}|{_PUTS}|once more|again|the|shot|make)\b|\{{[io]", text)
    return bool((shows or ends or back) and (again or returns or back or ends or re.search(_END, text)))


def _only_puts(clause: Clause) -> bool:
    """Whether "again" may only say that it goes there once more: "put the first shot at the end again"."""
    said = clause.marked.text
    puts = re.search(rf"\b{_PUTS}\b", said) and not re.search(rf"\b{_SHOWS}\b", said)
    return bool(puts and re.search(rf"\b{_AGAIN}\b", clause.text))


def _bookends(clause: Clause) -> list[Wish] | None:
    """ "begin and end with the fox"."""
    ends = _ENDS.match(clause.text)
    pieces = _shots(clause, clause.text[ends.end() :]) if ends is not None and ends["both"] else ()
    if not pieces:
        return None
    return [
        Wish(act="move", pieces=pieces[:1], where="first"),
        Wish(act="repeat", pieces=pieces[:1], where="last", value=1.0),
    ]


def _place(clause: Clause) -> tuple[Where, Which | None]:
    where, beside = place_of_clip(clause)
    if len(beside) == 1 and not beside[0].every and not beside[0].it:
        return where, beside[0]
    return (where, None) if where in ("first", "last") else ("", None)


def _count(times: str) -> int:
    found = re.search(r"\d+", times)
    return int(found[0]) if found else {"twice": 2, "thrice": 3}[times]
