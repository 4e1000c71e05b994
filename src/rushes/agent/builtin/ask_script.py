"""What an audit is told of the film as it should be: a script to check against, which orders nothing by itself."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.ask_text import place_of
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SHOT, TEXT, Which
from rushes.agent.builtin.rest import rest_is
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.verbs import FIRST
from rushes.agent.builtin.wishes import Script, ToldText

_NOUNS_TOO = frozenset(
    "title subtitle caption order sound film look start end cut text shot clip music voice play".split()
)
_MEANT = (
    r"on purpose|intended|intentional(?:ly)?|deliberate(?:ly)?|meant (?:to be|so|that way|like that|as)|supposed to|"
    r"wanted "
    r"(?:so|that way|like that)|is fine(?: as it is)?|are fine|no mistake|not a (?:mistake|fault|bug)|that's how|as it "
    r"should be|by design|is right|don't mend|leave it so"
)
_FAULTS = {
    "loudness silent clipped": r"quiet|loud|silent|silence|softer?|mute|sound|low|whisper\w*",
    "black": r"black|dark|blank|darkness",
    "frozen": r"still|frozen|freez\w+|stands|motionless|standing",
    "spelling": r"spelled|spelling|spelt|written|writes?|typo|letters|word|reads",
    "late": r"late|early|behind|ahead|delay\w*",
    "order": r"order|sequence|first|last|place",
}


def is_rest(clause: Clause) -> bool:
    """ "Touch nothing else": an audit does so anyway."""
    return rest_is(clause.text)


def commands(clause: Clause) -> bool:
    """Whether it begins as an order, and does not state how things are."""
    first = re.match(r"[a-z'-]+", clause.text)
    verb = first is not None and first[0] in FIRST and first[0] not in _NOUNS_TOO
    return (verb and not re.match(r"\w+ (?:is|are|comes|reads|says|stands|belongs)\b", clause.text)) or clause.asked


def quoted_texts(words: str) -> str:
    """Told words of a text put in quotes: "
    ""the title reads Harbour Days, from 1 s" -> "the title reads 'Harbour Days'"."""
    return re.sub(
        rf"\b((?:{TEXT}|lower third)s?(?: \d+| number \w+)?(?: (?:should|must|has to))? (?:reads?|says?|is "
        rf"called|is|are|"
        r"called)?:? ?)"
        r"(?![\"'“„‘«]|\b(?:is|are|reads|says|at|from|in|on|under|belongs|should|must)\b)([A-ZÄÖÜ][^,;:.!?\n\"“”]*?)"
        r"(?=\s*[,;.!?\n]|\s+(?:from|at|between|belongs|under|stands|in the|on the|is|shows|appears|runs|goes|"
        r"until|has|"
        r"comes|as|with|for|and (?:stands|is|it|the|runs|shows|appears|from|at|goes|comes))\b|$)",
        r'\1"\2"',
        words,
    )


def read_script(clause: Clause) -> Script:
    """What a statement tells; empty where it tells nothing that can be checked."""
    text = clause.text
    if re.search(r"\b(?:nothing|anything|what|all|whatever|everything)(?: that| which| else)* (?:is|was|are) ", text):
        return Script()  # "touch nothing that is fine" speaks of no fault
    if clause.has(_MEANT):
        kinds = " ".join(names for names, words in _FAULTS.items() if clause.has(words))
        pieces = tuple(p for p in clause.pieces() if p.pointed and not p.it) or tuple(clause.pieces())[:1]
        return Script(meant=tuple((which, kinds) for which in pieces) or ((None, kinds),))
    if order := _order(clause):
        return Script(order=order)
    if "{q" in text:
        return Script(texts=tuple(_texts(clause)))
    if lufs := re.search(r"\{l(-?[\d.]+)\}", text):
        return Script(lufs=float(lufs[1]))
    names = [p.name for p in clause.pieces() if p.name]
    shots = [p for p in clause.pieces() if (p.number or p.id or p.thing) and p.kind == "clip" and not p.name]
    if len(names) == 1 and len(shots) >= 1 and clause.has("is|shows|belongs|should|must|comes|goes|from|holds|uses|of"):
        return Script(files=((shots[0], names[0]),))
    return Script()


def _texts(clause: Clause) -> list[ToldText]:
    """Each quoted text with the times and the place said beside it."""
    found = []
    several = clause.text.count("{q") > 1
    for part in (
        [clause.text]
        if not several
        else re.split(r"(?:[,;] ?(?:and )?| and )(?=(?:the |a |an |then )*(?:[\w{}-]+ )?(?:[\w-]+ )?\{q)", clause.text)
    ):
        mine = replace(clause, text=part)
        quotes = mine.quotes()
        if quotes:
            spoken = re.search(r"\b(?:spoken|said|heard|starts?|begins?|comes?|sounds?|sings?)\b.{0,20}? at \{t", part)
            span = mine.span()
            if spoken and span is not None and span.start is not None:
                span = Span(start=span.start)
            found.append(ToldText(text=quotes[0], span=span, place=place_of(part)))
    return found


def _order(clause: Clause) -> tuple[Which, ...]:
    """ "in this order: 1 harbour, 2 bridge", "first the owl, then the fox and last the boat"."""
    text = clause.text
    listed = re.search(r"\b(?:order|sequence|one after (?:the other|another)|like this|as follows)\b(.*)$", text)
    numbered = re.findall(r"\{[no](\d+)\}[.):]? ?(?:is |shows |= ?)?(?:the )?(\{m\d+\}|[a-z][\w-]*)", text)
    chain = re.match(
        r"(?:it (?:starts|begins|opens) with |(?:the )?\{o1\}(?: comes| is)? )(.+?(?:,| then |->|→).+)$", text
    )
    inner = re.search(
        r"\b(?:goes|go|runs?|is|are|comes?|plays?|shots:?) ((?:(?!\b(?:goes|runs?|is|are)\b).)+?),? in (?:this|that|"
        r"exactly "
        r"this) order$",
        text,
    )
    listed = None if inner else listed
    body = inner[1] if inner else listed[1] if listed else chain[1] if chain else text if len(numbered) > 1 else ""
    body = re.sub(r"^[ :,]*(?:is|are|should be|must be|this|goes|of the shots|:)*[ :,]*", "", body)
    if not body:
        return ()
    found: list[Which] = []
    for part in re.split(r",|;| then | and |->|→|>| - |/|\bbefore\b|\bfollowed by\b", body):
        part = re.sub(
            rf"\{{[no]-?\d+\}}[.):]?|\b(?:the|then|and|finally|at last|with|shows?|is|{SHOT})\b|[.:()]", " ", part
        )
        words = part.split()
        if name := re.search(r"\{m(\d+)\}", part):
            found.append(clause.settled(Which(kind="clip", name=name[1])))
        elif words and "{" not in part and len(words) <= 3:
            found.append(Which(kind="clip", thing=words[-1] if len(words) < 3 else words[0]))
    return tuple(found) if len(found) > 1 else ()
