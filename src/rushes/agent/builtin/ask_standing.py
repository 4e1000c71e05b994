"""Standing wishes for how long and where texts stand, how new shots come in, how loud things get; and their end."""

from __future__ import annotations

import re

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SHOT, TEXT
from rushes.agent.builtin.wishes import Wish

SECONDS = r"\{t([\d.]+)\+\d+\}"
_TEXTS = (
    rf"(?:{TEXT}|lettering|words|writing|(?:nothing|anything|whatever|what) (?:you|we|i) (?:write|set|put|show)\w*)"
)
_SHORT = (
    rf"(?:shortest|minimum|least)\b[^{{]{{0,30}}?{SECONDS}|{SECONDS}(?: \w+){{0,4}} (?:minimum|least|shortest)|"
    rf"(?:shorter|less|briefer|under|below|for less)(?: time)?(?: than)? {SECONDS}|at least {SECONDS}|{SECONDS} (?:or "
    rf"(?:more|longer)|at (?:the )?(?:least|minimum))|(?:minimum|least)(?: \w+)? (?:of|is|for)? ?{SECONDS}|(?:not|"
    rf"never) "
    rf"(?:\w+ )?(?:shorter|less) than {SECONDS}"
)
_NEW = (
    rf"(?:every|each|any|all|whatever|whenever)\b.*\b(?:new|added|inserted|added later|comes? in|is added|i add|put in|"
    rf"opened)\b|new (?:{SHOT})\b.*\b(?:always|get|gets|must|should|shall|come|comes)\b"
)


def read_standing(clause: Clause) -> list[Wish] | None:
    """The first of the readers below that understands."""
    for reader in (_ended, _least, _free_end, _new_fades, _never_louder):
        found = reader(clause)
        if found is not None:
            return [found]
    return None


def _ended(clause: Clause) -> Wish | None:
    """A standing wish taken back: "texts may be short again", "new shots need no fade any more"."""
    text = clause.text
    over = clause.has(r"again|any ?more|any longer|no longer|no more|from now on no longer|is over|no rule|free again")
    allows = clause.has(
        r"may|can|needn't|need not|don't (?:need|have|want)|doesn't (?:need|have)|do not (?:need|have)|no "
        r"longer|no more|"
        r"not .* any ?more|without|stop|need no|needs no|get no|gets no|is over"
    )
    about = clause.has(rf"{_TEXTS}|{SHOT}|fades?|music|sounds?|anything|film|loud|louder|capitals|lower ?case|rule")
    if not (over and allows and about) or re.search(r"\{[qt]|\b(?:touch|change|cut|remove|move|trim|edit)\b", text):
        return None
    if any(which.pointed and not which.every and not which.it for which in clause.pieces()):
        return None  # "I no longer need the second shot" speaks of the shot
    if clause.has("capitals|caps|upper ?case|lower ?case"):
        return Wish(act="rule", name="any case")
    return Wish(act="forget", text=clause.spoken(), name="rule")


def _least(clause: Clause) -> Wish | None:
    found = re.search(_SHORT, clause.text)
    if found is None or not clause.has(_TEXTS) or "{q" in clause.text:
        return None
    if re.search(r"\b(?:shorter|less|briefer|under|below)\b", found[0]) and not clause.has(
        r"no|never|not|mustn't|don't|nothing|none|if|whenever|when"
    ):
        return None
    if not clause.has(
        rf"no|never|every|each|all|always|any|whenever|nothing|don't|least|minimum|shortest|an? (?:{TEXT})|"
        rf"(?:{TEXT})s\b|texts|titles|subtitles|captions"
    ):
        return None
    return Wish(act="rule", name="least_text_seconds", value=float(next(g for g in found.groups() if g)))


def _free_end(clause: Clause) -> Wish | None:
    """ "No text in the last 2 seconds"."""
    text = clause.text
    last = re.search(rf"\b(?:last|final|closing) {SECONDS}|{SECONDS} (?:before|from) the end|last {SECONDS}", text)
    none = clause.has(
        rf"(?:no|never (?:any |a )?|never put (?:any |a )?|don't (?:ever )?(?:put|show|set|want) (?:any |a )?)(?: "
        rf"more)? ?"
        rf"{_TEXTS}|free of (?:any )?{_TEXTS}|without (?:any )?{_TEXTS}|{_TEXTS} (?:must|may|should|shall)? "
        rf"?(?:never|not)|"
        r"(?:stays?|keep|remains?) (?:free|clear|empty)"
    )
    if last is None or not none or "{q" in text or re.match(r"(?:remove|delete|drop|cut|trim|lose)\b", text):
        return None
    return Wish(act="rule", name="text_free_end", value=float(next(g for g in last.groups() if g)))


def _new_fades(clause: Clause) -> Wish | None:
    if not (clause.has(_NEW) and clause.has(r"(?:cross ?-?)?fad\w+|dissolves?|crossfad\w+")):
        return None
    if "{q" in clause.text:
        return None
    seconds = re.search(SECONDS, clause.text)
    none = clause.has("no|never|without|not")
    into_next = clause.has("into the next(?: one| shot)?|out|at (?:its|the) end|to the next(?: one| shot)?")
    return Wish(
        act="rule",
        name="new_fades",
        value=None if none else float(seconds[1]) if seconds else 0.5,
        place="out" if into_next else "in",
    )


def _never_louder(clause: Clause) -> Wish | None:
    text = clause.text
    most = re.search(
        r"(?:louder|higher|more|above|over|beyond|past|exceeds?)(?: up)?(?: than)? \{([dl])(-?[\d.]+)\}|(?:at most|"
        r"no more "
        r"than|maximum(?: of)?|max|up to) \{([dl])(-?[\d.]+)\}",
        text,
    )
    if most is None or not clause.has("never|always|from now on|at any time|not|no|nothing|at most|maximum|must|may"):
        return None
    unit, value = most[1] or most[3], float(most[2] or most[4])
    return Wish(act="rule", name="most_gain" if unit == "d" else "most_lufs", value=value)
