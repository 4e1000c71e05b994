"""Talk between the work, which asks for nothing, and talk of earlier wishes: what is dropped, what comes up again."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT, Which, shots_by_name
from rushes.agent.builtin.verbs import FIRST
from rushes.agent.builtin.wishes import Wish
from rushes.agent.lexicon import find_kind

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
    r"enjoys|watched|heard|said|says|told|remember|hope|guess|wonder|got|came|spent|made|called|(?!need)[a-z]{2,}ed"
)
_MARKED = r"\{[tqdlpxbmra]"


_FILM = (
    rf"(?:{SHOT}|{TEXT}|{SOUND}|film|movie|cut|edit|trailer|cross ?fades?|fades?|subtitles|lettering|capitals|frame)"
)
_PAUSE = (  # orders that are none
    r"(?:(?:(?:watch|listen|view)\b|(?:play|show) (?:it|this|that) (?:to|for) me|wait|hold on|hang on|"
    r"bear with|give (?:me|us)|let me|let us|let's see|one (?:moment|minute)|just a|keep (?:going|it up|"
    r"on)|"
    r"remind me|excuse|look forward|take care|take your time|have (?:a|an) (?:nice|good|great|look)|say "
    r"hello|tell (?:your|my|him|"
    r"her|them)|go on like|carry on|relax|enjoy|come on|never fear|trust me)\b|\{t1\+0\}$|\{t[^}]*\} "
    r"(?:please|and i|break))"
)
_ORDERLY = (
    r"should|must|shall|ought|(?:has|have|needs?) to|may (?:not|only|never)|too (?:long|short|loud|quiet|"
    r"soft|fast|slow|early|"
    r"late)|stays?|remains?|belongs?|needs?|wrong|missing|mis-?spel\w+|instead|rather|no longer|any ?more|"
    r"better|don't|do not|"
    r"no (?:text|title|music)s?|from (?:now|here) on|every time|each time|whenever|changed my mind|was "
    r"wrong|take (?:it|that) "
    r"back|approve|prefer(?:red)?|meant|before|last|lasts"
)
_SUBJECT = (
    r"(?:the|that|this|these|those|our|my|your|his|her|their|its|a|an) [^,]*?|[a-z]+(?= (?:is|was|are|"
    r"were) )|i|we|he|she|"
    r"they|it|there|somebody|someone|everybody|everyone|nobody|people|time|lunch|coffee|life|work"
)
_VERB = (
    r"(?:broke|is|are|was|were|am|has|have|had|does|did|do|will|won't|would|can't|could|might|makes?|made|"
    r"takes?|took|looks?|sounds?|"
    r"feels?|seems?|tastes?|smells?|reminds?|sends?|sleeps?|rings?|barks?|works?|thinks?|knows?|likes?|"
    r"loves?|says?|said|told|"
    r"tells|wants|went|goes|came|comes|saw|sees|ate|drove|drives|fell|fle[ws]|flies|forgot|forgets|got|"
    r"gets|gave|gives|grew|heard|"
    r"hears|hurts?|kept|knew|laughs?|laughed|left|lost|met|paid|ran|runs|rains|rained|rose|sang|sat|sits|"
    r"shot|slept|smiled|snows|"
    r"spent|stood|taught|thought|threw|understood|woke|won|wore|wrote|writes|(?!need)[a-z]{2,}ed|isn't|"
    r"wasn't|aren't|weren't|hasn't|"
    r"haven't|doesn't|didn't|wonder|hope|guess|suppose|remember|admit|promise|wish|miss|drop|cut|keep|never get)"
)


def read_talk(clause: Clause) -> list[Wish] | None:
    """What somebody tells or does by the way, so that no other reader takes it for an order. What it spoke of is kept:
    the order behind it may mean that.
    """
    text = clause.text
    talk = [Wish(act="talk", pieces=spoken_of(clause), span=clause.span())]
    if re.match(_PAUSE, text) and not re.search(r"\{[qmidlraxb]|\b(?:shot|clip|title|text|music)\b", text):
        return talk
    if clause.asked or re.search(r"\{[qmdlraxb]|[$€£]|\b(?:cents?|dollars?|bucks|euros?|budget)\b", text):
        return None
    if re.match(
        r"(?:i am|i'm|i was|we were|we are|we're|(?:he|she|everyone|everybody|nobody) [a-z]+)\b", text
    ) and not (clause.has("should|must|shall|ought|wants?|needs?|have to|has to")):
        return talk
    if re.search(r"\{q", text):
        return None
    told = re.match(
        rf"(?:{_SOMEBODY})(?: (?:really|also|just|still|all|never|always|both|even|often|only|once))*(?: |"
        rf"(?='))(?:{_TOLD}|{_VERB})\b",
        text,
    )
    first = re.match(r"[a-z'-]+", text)
    if re.match(
        r"(?:i|we)(?: (?:really|also|just|still|always|never|both|quite|do|could|can))* (?:like|love|enjoy|"
        r"adore|hate|watch|think|keep|"
        r"hope|wonder|remember|know|feel|get)\b",
        text,
    ) and not clause.has("better|instead|rather|before|more than it was|don't"):
        return talk
    if told is not None and (told[0].split()[0] in _PERSONS or (first and first[0] not in FIRST)):
        wishes = clause.has(rf"{_ORDERLY}|please|want(?: to)?|wish") and (
            clause.has(_FILM) or clause.has("it|that|them")
        )
        return None if wishes else talk
    if first is None or (first[0] in FIRST and first[0] not in ("time", "film", "title")):
        return None
    states = re.match(
        rf"(?:{_SUBJECT}) (?:(?:really|also|just|still|always|never|often|already|almost|only) )*{_VERB}\b", text
    )
    if clause.has("goes|comes|belongs") and clause.has(_FILM):
        return None
    if (
        states is not None
        and clause.has("me|us|than|my|i|we")
        and not clause.has(rf"should|must|has to|(?:{TEXT})s?|don't|better|before")
    ):
        return talk
    if states is None or (
        clause.has(rf"{_ORDERLY}|always|never|goes|comes|stands|(?:is|are) (?:written|set|out|off)")
        and clause.has(_FILM)
    ):
        return None
    return (
        None
        if (clause.has(_ORDERLY) or "{t" in text) and (re.match(r"(?:it|they|that)\b", text) or clause.has(_FILM))
        else talk
    )


_PERSONS = frozenset(
    "i we he she they my our his her their your everybody everyone somebody someone nobody people".split()
)


def declares(clause: Clause) -> bool:
    """Whether it only tells how something is."""
    first = re.match(r"[a-z'-]+", clause.text)
    order = (first is not None and first[0] in FIRST) or not re.search(
        rf"^(?:{_SUBJECT})(?:\b|(?='))|\b(?:{_STATES})\b|^(?:from|between|at|in) |^\{{", clause.text
    )
    return (
        not (
            order
            or clause.asked
            or (
                re.search(r"\{[qmdlra]", clause.text)
                and not re.match(r"\{q\d+\} (?:is|was|isn't|wasn't|comes?|looks|are)\b", clause.text)
            )
        )
        and not clause.has(r"should|must|shall|ought|(?:has|have|needs?) to|no longer")
        and not re.match(r"(?:do not|don't|never)\b", clause.text)
    )


def spoken_of(clause: Clause) -> tuple[Which, ...]:
    """What a remark is about, so that "it" behind it can be found."""
    found = [
        which
        for which in clause.pieces(re.sub(r"^that ", "the ", clause.text))
        if (which.pointed or which.kind in ("text", "sound")) and not which.it and not which.every
    ]
    found = found or [which for which in clause.pieces(shots_by_name(clause.text)) if which.thing]
    return tuple(found)


def is_talk(clause: Clause) -> bool:
    """Whether a clause that no reader understands asks for nothing: a greeting, a statement, a question by the way."""
    text = clause.text
    first = re.match(r"[a-z'-]+", text)
    if re.match(r"(?:believe|imagine|hear|guess) (?:it|that|this|how|what)\b", text):
        return True
    about_film = re.search(rf"\{{[qmidlraxbt]|\b(?:{_FILM}|it|that|them|they|this)\b", text)
    by_duty = clause.has("should|must|shall|ought|(?:has|have|needs?) to")
    if (
        (clause.asked or by_duty or (first and (first[0] in FIRST or first[0] in ("i", "we"))))
        and not about_film
        and not any(find_kind(word) for word in re.findall(r"[a-z]+", text))
    ):
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
        pieces = tuple(which for which in _about(clause, taken_up[1]))
        return [Wish(act="topic", pieces=pieces)] if pieces else None
    return None


def _about(clause: Clause, text: str) -> tuple[Which, ...]:
    """What is spoken of; also by a bare word: "the greeting"."""
    text = re.sub(r"^that ", "the ", text)
    pieces = tuple(p for p in clause.pieces(text) if (p.pointed and not p.it) or p.kind in ("text", "sound"))
    if not pieces and (bare := re.search(r"\b(?:the|my|that) ([a-z-]{3,})\b", text)):
        pieces = (Which(kind="any", thing=bare[1]),)
    return tuple(replace(p, every=False) for p in pieces[:1])
