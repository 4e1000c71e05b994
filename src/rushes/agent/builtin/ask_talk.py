"""Talk between the work, which asks for nothing, and talk of earlier wishes: what is dropped, what comes up again."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT, Which
from rushes.agent.builtin.verbs import FIRST
from rushes.agent.builtin.wishes import Wish

_WISHES = (
    r"please|must|should|shall|ought|needs?|have to|has to|want|wants|wish|would like|i'd like|i'd rather|can you|"
    r"could you|will you|would you|don't|do not|never|always|from now on|instead|let's|make sure|too (?:long|short|"
    r"loud|quiet|soft|fast|slow)|(?:is|are) (?:wrong|missing|misspelled|broken|gone|loud|quiet)|a bit (?:loud|"
    r"quiet|long|short)"
)
_GREETING = (
    r"(?:good )?(?:morning|afternoon|evening|night|day)|hello|hi|hey|welcome|cheers|bye|see you|moin|greetings|howdy|"
    r"happy \w+|ha(?:ha)+|phew|wow|oh dear|good luck|congratulations|enjoy|sleep well|not bad|no (?:problem|worries|"
    r"hurry|rush)|never mind me|just (?:thinking|wondering|saying|chatting)|by the way|fun fact|funny|anyway"
)
_STATES = (
    r"was|were|is|are|am|been|had|has|did|does|'s|'re|'m|isn't|wasn't|aren't|weren't|'ve|'ll|went|came|saw|said|says|"
    r"told|tells|ate|slept|felt|feels|feel|thought|think|thinks|hope|hopes|guess|wonder|remember|know|knows|like|"
    r"likes|love|loves|enjoy|hear|heard|got|gets|sent|took|takes|met|seems?|looks|sounds|smells|tastes|will|might|"
    r"could|would|can't|won't|made|makes|gave|brought|found|ran|sat|won|lost|rained|rains|snows|[a-z]{2,}ed"
)
_ASKS = (
    r"how|what|why|who|whose|where|when|which|did|do|does|are|is|was|were|have|has|had|isn't|aren't|don't you|any|have "
    r"you|guess"
)
_SOMEBODY = (
    r"(?:my|our|his|her|their|your) (?!(?:film|video|movie|edit|cut)\b)[a-z]+(?: [a-z]+){0,2}|i|we|he|she|they|"
    r"everybody|everyone|somebody|someone|nobody|people|(?:my|our|the) (?:client|boss|colleagues?|customer|team|"
    r"neighbours?|neighbors?|kids|children|dog|cat|weather|sun|rain|coffee|tea|lunch|dinner|breakfast)"
)
_TOLD = (
    r"was|were|went|had|saw|met|ate|slept|felt|am|'m|think|thinks|thought|like|likes|liked|love|loves|loved|enjoy|"
    r"enjoys|watched|heard|said|says|told|remember|hope|guess|wonder|got|came|spent|made|called|[a-z]{2,}ed"
)
_MARKED = r"\{[tqdlpxbmra]"


def read_talk(clause: Clause) -> list[Wish] | None:
    """What somebody tells of somebody, so that no other reader takes it for an order."""
    told = re.match(
        rf"(?:{_SOMEBODY})(?: (?:really|also|just|still|all|never|always|both|even))*(?: |(?='))(?:{_TOLD})\b",
        clause.text,
    )
    if told is None or clause.asked or re.search(_MARKED, clause.text):
        return None
    if clause.has(
        rf"{_WISHES.replace('|never|always', '')}|better|before|meant|changed|prefer(?:red)?|instead|approve"
    ):
        return None
    return [Wish(act="talk")]


def is_talk(clause: Clause) -> bool:
    """Whether a clause that no reader understands asks for nothing: a greeting, a statement, a question by the way."""
    text = clause.text
    first = re.match(r"[a-z'-]+", text)
    if re.match(r"(?:believe|imagine|hear|guess) (?:it|that|this|how|what)\b", text):
        return True
    if clause.asked or clause.has(_WISHES) or (first and first[0] in FIRST and first[0] != "look"):
        return False
    if re.search(_MARKED, text) and not clause.has("was|were|had|did|ago|yesterday|today|tomorrow|o'clock"):
        return False
    return bool(
        re.match(rf"(?:{_GREETING})\b", text)
        or re.search(r"(?<=[a-z] )(?:has|have)\b", text)
        or re.match(rf"(?:{_ASKS})\b", text)
        or re.search(rf"(?:\b|(?='))(?:{_STATES})\b", text)
        or (
            re.fullmatch(r"(?:(?:so|very|what an?|such an?|really|quite|how|too|all) )?[a-z]+", text)
            and not re.match(rf"(?:{SHOT}|{TEXT}|{SOUND}|freeze|go)$", text)
            and clause.marked.text.count(" ") > text.count(" ")
        )
        or re.match(
            r"(?:what an?|such an?|how|so much for|nothing (?:else|more)|no (?:more )?(?:wishes|changes))\b", text
        )
    )


_SPOKEN_OF = (
    r"(?:(?:that )?i (?:asked|told you|said|mentioned|wanted|ordered|wished|gave|had you)[^,:{]*|from (?:before|"
    r"earlier|"
    r"the beginning|the start|then)|(?:earlier|before|at the (?:beginning|start|outset))|we (?:talked|spoke|"
    r"had)[^,:{]*)"
)


def read_about(clause: Clause) -> list[Wish] | None:
    """What an earlier wish was about: taken up again ("about the title ..."), or dropped ("forget the thing about")."""
    text = clause.text
    dropped = re.match(
        r"(?:forget|scrap|drop|cancel|ignore|disregard|strike|skip|never mind|nevermind|take back|i take back|withdraw|"
        r"lift|end|stop)\b (?:about |all )?(?:the |my |that |this |what )?(?:(?:thing|idea|wish|request|bit|part|rule|"
        r"order|instruction|remark|point|one|business|stuff|limit|ban)\b ?)?(?:with |about |on |of |for |concerning |"
        r"that )?(?P<said>i (?:said|told you|asked(?: you)?(?: for)?|wanted|wished|ordered|mentioned)\b ?)?"
        r"(?:about |on |concerning |for |with |of |earlier |before )*(?P<what>.*)$",
        text,
    )
    named = dropped and (
        dropped["said"]
        or re.match(
            r"(?:\w+ ){1,3}?(?:the |my |that |this )?(?:thing|idea|wish|request|bit|part|rule|instruction|remark|point|"
            r"business|stuff|limit|ban)\b",
            text,
        )
    )
    named = named or re.match(r"(?:forget about|never ?mind|i take back) (?:the|what|my)\b", text)
    if dropped and named and dropped["what"].strip():
        what = dropped["what"]
        return [Wish(act="forget", pieces=_about(clause, what), text=clause.spoken(what))]
    taken_up = re.fullmatch(
        rf"(?:about|as for|as to|regarding|concerning|on|back to|coming back to|one more thing about|with) (.+?)"
        rf"(?:,? {_SPOKEN_OF})*",
        text,
    )
    if taken_up and not re.search(r"\{t", text):
        pieces = _about(clause, taken_up[1])
        return [Wish(act="topic", pieces=pieces)] if pieces else None
    return None


def _about(clause: Clause, text: str) -> tuple[Which, ...]:
    """What is spoken of; also by a bare word: "the greeting"."""
    pieces = tuple(p for p in clause.pieces(text) if p.pointed or p.kind in ("text", "sound"))
    if not pieces and (bare := re.search(r"\b(?:the|my|that) ([a-z-]{3,})\b", text)):
        pieces = (Which(kind="any", thing=bare[1]),)
    return tuple(replace(p, every=False) for p in pieces[:1])
