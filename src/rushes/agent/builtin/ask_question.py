"""Questions: what is asked, and of which pieces. A question orders nothing; an order beside it still does."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import Marked
from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT, Which, shots_by_name
from rushes.agent.builtin.question_kinds import is_chat, kind_of_question, things_in
from rushes.agent.builtin.wishes import SMALL_TALK, Wish
from rushes.agent.lexicon import find_kind

Grammar = Callable[[str], tuple[Wish, ...]]
_TELL_ME = r"(?:just |please )?(?:tell|remind|show) (?:me|us) (?:again |something |more |all )?"
_NOUNS = r"(?:length|duration|order|size|shots|timeline|titles?|texts?|music|cost|price|budget|loudness)"
_LEADS = (
    r"(?:(?:so|and|but|well|hey|hi|hello|ok|okay|oh|now|also|just|please|quick question|by the way|sorry|thanks|hm+|"
    r"first|btw|wait|then|one question|question),?:? |(?:can|could|would|will) you (?:please |kindly )?(?:tell|say|"
    r"explain|remind|show) (?:to )?(?:me |us )?(?:again )?(?:,? )?|"
    rf"{_TELL_ME}(?=what|which|who|where|when|why|how|if|whether|about|the {_NOUNS})|"
    r"do you (?:know|remember) |(?:i|we)(?:'d| would) (?:like|love) to know |(?:i|we) (?:want|need) to know |"
    r"(?:(?:can|could|would|will) you )?(?:please )?give (?:me|us) "
    r"(?=the (?:length|duration|cost|price|size|loudness)\b)|"
    r"(?:can|could|would|will) you (?:please )?(?=(?:describe|summari[sz]e|recap|list|explain)\b)|"
    r"let me know (?=what|which|who|where|how)|(?:i |just |i'm |i was )?wonder(?:ing)? )*"
)
_IS = r"(?:is|are|was|were|does|do|did|has|have|'s|'re|'ve)"
_WHAT = r"(?:what|which|who|whose|whom|where|when|why|how)"
_NO_STATEMENT = r"(?!.* (?:is|are|isn't|aren't|has|should|must|goes|belongs|needs)\b)"  # "what is left is to do this"
_ASKS = re.compile(
    rf"^{_LEADS}(?:(?:in|on|at|by|from|for|with|after|before|until|since|of|to|under|over) )?"
    rf"(?:{_WHAT}\b(?! (?:about|if|not|don't|a|an|come)\b)(?=.*\?$)|"
    rf"(?:(?:what|which|who|where|when|why|how)|(?:which|what|how) (?:all )?"
    rf"(?!(?:i|you|we|they|it|should|must|has|comes|can|could|may|would)\b)"
    rf"[a-z]+(?: [a-z]+)?) ?{_IS}\b"
    rf"{_NO_STATEMENT}|how (?:long|many|much|loud|big|often|fast)\b(?! (?:it|they|the \w+) \w+ (?:is|are|was)\b)|"
    rf"(?:what|who|where|how)'?s\b(?:(?=.*\?$)|{_NO_STATEMENT})|"
    r"(?:is|are|was|were|isn't|aren't|does|doesn't|did|didn't|has|hasn't|am) (?:the|this|that|there|it|my|our|any|all|"
    r"each|every|shots?|clips?|we|you|i|he|she|they|anyone|anybody|everything|anything|something|an?|\{)|"
    r"(?:do|have|should|shall|must) (?:we|you|i|they|the)\b.*\?$|(?:whether|if) (?=.*\?$)|any (?:.*)\?$)"
)
_ASKS_OTHERWISE = re.compile(  # without a question word
    rf"^{_LEADS}(?:(?:please )?(?:describe|summari[sz]e|recap|list|explain)\b(?! .*\{{q)|"
    r"(?:give me |show me )?(?:an? |the )?(?:short |quick )?(?:summary|overview|description|status|recap|synopsis|"
    r"rundown)(?: of .*| please)?$|what (?:can|could|do|should) (?:you|i|we)\b|(?:help|help me|manual|commands)$|"
    r"(?:would|do|don't) you (?:say|think|find|feel|agree|believe)\b.*\?$|"
    r"(?!.*\b(?:that|if|so)\b).* (?:is|are|lasts?|says?|costs?) (?:how (?:long|many|loud|big)|what|when|where)\?$|"
    r"(?:can|could) (?:people|anyone|anybody|everyone|viewers|the audience)\b.*\?$|"
    r"who (?:are|is) you|(?:can|could|may|might) (?:that|this|it) (?:still )?be (?:undone|taken back|reverted)|"
    rf"(?:can|could|may) i\b(?! (?:have|get|see|please|ask|suggest))|(?:the )?{_NOUNS}(?: of .*)?\?$|"
    rf"(?:what|how) about (?:the|my|our|that|this) (?:[a-z{{}}\d-]+ )?(?:{SHOT}|{TEXT}|{SOUND}|length|budget)\?$)"
    r"|^.*\bgive (?:me|us) the (?:length|duration|cost|price|size|loudness)\b"
    rf"|^.*\b(?:tell|remind) (?:me|us) (?:again |something |more |all )?(?:about|the {_NOUNS})\b(?!.*:)"
)
_REQUESTS = re.compile(
    r"\b(?:possible|able to|a way|any chance|ok(?:ay)? (?:if|to)|all right (?:if|to)|too much (?:trouble|to ask)|"
    r"why don't|would you|can you|could you|will you|please)\b"
)
_JOINT = re.compile(r",? (?:and|but)(?: then| also| please)? |,? then |[,;] ")
_ORDER = re.compile(
    r"(?:please |then |also |now )*(?:make|put|add|remove|delete|drop|cut|trim|shorten|lengthen|set|move|swap|replace|"
    r"change|mute|turn|take|render|export|undo|fit|speed|slow|split|shoot)\b (?:the|it|that|this|them|all|an?|my|every|"
    r"each|shot|clip|title|music|calm|\{)"
)
_OF_THE_FILM = re.compile(
    rf"\{{[oiqmt]|\b(?:{SHOT}|{TEXT}|{SOUND}|screens?|cards?|film|movie|cut|edit|timeline|budget|money|cost\w*|price|spen[dt]|loud\w*|"
    r"i (?:say|said|tell|told|ask|asked|want|wanted)|you (?:just )?(?:do|did|change\w*|remove\w*|cut))\b"
)
_NO_NAMES = ("which", "what", "there", "any", "some", "many", "other")
_IT = re.compile(r"\b(?:it|that|this)\b(?! (?:is|was|has|shot|clip|title|text|film|one))")
_IF_SO = re.compile(
    r"(?:if|in case|when) (?:so|yes|not|no|it (?:is|does|has|isn't|doesn't)|they (?:are|do)|true)\b,? ?"
)


def read_question(part: str, said: str, marked: Marked, read: Grammar, *, alone: bool) -> list[Wish] | None:
    """The wish to be told something; None for a sentence that orders, or that only speaks of other things.

    part: one sentence, marked; `said`: the same as it was written. `alone`: the message has no other.
    """
    text = _bare(part)
    if text is None or (_REQUESTS.search(text) and not re.match(r"(?:what|how|which)\b", text)):
        return _able(part, said, read) if text is None and alone else None
    found = read(said)
    if any(wish.act == "audit" for wish in found) and not alone:
        return None  # what the other sentences tell is what the film is held against
    kind, things = kind_of_question(text), things_in(text)
    pieces = _pieces(text, marked)
    if not kind:
        of_the_film = _OF_THE_FILM.search(part) or any(find_kind(thing) for thing in things)
        if not of_the_film or is_chat(text):
            return None if all(wish.act in SMALL_TALK for wish in found) else [Wish(act="talk", words=said)]
        kind = "piece" if any(piece.kind != "sound" for piece in pieces) else "other"
    span = Clause(text=text, marked=marked).span()
    return [Wish(act="tell", name=kind, words=said, pieces=pieces, span=span, topic=",".join(things))]


def _pieces(text: str, marked: Marked) -> tuple[Which, ...]:
    named = Clause(text=shots_by_name(text), marked=marked).pieces()
    named = tuple(replace(which, thing="") if which.thing in _NO_NAMES else which for which in named)
    return tuple(which for which in named if (which.pointed and not which.it) or which.kind in ("text", "sound"))


def _able(part: str, said: str, read: Grammar) -> list[Wish] | None:
    """Whether something can be done, where it is nothing that could be ordered like that: "can you do voices?"."""
    if not re.match(rf"{_LEADS}(?:can|could|do|would|will|are|is it possible)\b.*\?$", part):
        return None
    if any(wish.act != "unknown" for wish in read(said)):
        return None
    kind = kind_of_question(re.sub(rf"^{_LEADS}", "", part).rstrip(" ?"))
    return [Wish(act="tell", name="money" if kind == "money" else "abilities", words=said)]


def _bare(part: str) -> str | None:
    """The question itself, without what leads up to it and without politeness; None where the sentence asks nothing."""
    part = re.sub(r",? (?:please|pls|thanks|thank you)(?=[ ?.!]*$)", "", part.strip())
    if not (_ASKS.match(part) or _ASKS_OTHERWISE.match(part.rstrip(" .!"))):
        return None
    text = re.sub(rf"^{_LEADS}", "", part).rstrip(" ?.!,")
    text = re.sub(rf"^({_WHAT})'?s ", r"\1 is ", text)
    return re.sub(r",? (?:now|right now|currently|at the moment|exactly|actually|then)$", "", text)


# What stands beside a question


def apart(part: str) -> list[str]:
    """A question and an order in one sentence, or two questions, as two: "how long is it and make it 10 s"."""
    for joint in _JOINT.finditer(part):
        one, two = part[: joint.start()], part[joint.end() :]
        if _asks_surely(one) and (_ORDER.match(two) or _asks_surely(two)):
            return [f"{one}?", two]
        if _ORDER.match(one) and _asks_surely(two):
            return [one, two]
    return [part]


def _asks_surely(part: str) -> bool:
    text = _bare(part)
    return text is not None and not _REQUESTS.search(text) and kind_of_question(text) not in ("", "things")


def with_referent(part: str, question: Wish, marked: Marked) -> str:
    """An order whose "it" is what the question before it was about: "how long is the second shot? make it 2 s"."""
    own = [which for which in Clause(text=part, marked=marked).pieces() if which.pointed and not which.it]
    name = _name_of(question, marked)
    return _IT.sub(name, part, count=1) if name and not own else part


def _name_of(question: Wish, marked: Marked) -> str:
    """The one piece that a question was about, in marked words; "the film" where it was about that; else empty."""
    if question.name == "extremes":
        return "the longest shot" if "longest" in question.words.casefold() else "the shortest shot"
    if len(question.pieces) > 1:
        return ""
    if not question.pieces:
        return "the film" if question.name in ("length", "format", "contents", "finished", "count") else ""
    (which,) = question.pieces
    if which.quote:
        return f"the text {{q{marked.quotes.index(which.quote)}}}" if which.quote in marked.quotes else ""
    if which.kind == "text":
        return {"": "the title", "lower": "the lowerthird"}.get(which.place, f"the {which.place}")
    if which.kind == "sound":
        return "the music"
    if which.id:
        return f"{{i:{which.id}}}"
    if which.number:
        return f"the {{o{which.number}}} shot"
    return f"the {which.thing} shot" if which.thing else ""


def if_so(part: str, marked: Marked) -> Wish | None:
    """An order that hangs on the answer to the question before it, which only the user can weigh."""
    match = _IF_SO.match(part)
    order = part[match.end() :].strip(" .!") if match is not None else ""
    if not re.search(r"\w", order):
        return None
    order = Clause(text="", marked=marked).spoken(order)
    text = f"whether that is so I leave to you, so nothing was done; say {order!r} and I do it"
    return Wish(act="ask", words=order, text=text)
