"""What a message says and does not order: what it takes back in the same breath, asks, or makes depend on something.

Such sentences are taken out before anybody reads orders in them: "drop the boat? nah, leave it", "is the loudness legal
for broadcast?", "if it gets too long, drop the second".
"""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.ask_question import Grammar, apart, if_so, read_question, with_referent
from rushes.agent.builtin.ask_type import read_type
from rushes.agent.builtin.clauses import Clause, read_clauses
from rushes.agent.builtin.marks import BRACES, Marked, Time, mark
from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT, shots_by_name
from rushes.agent.builtin.wishes import SMALL_TALK, Condition, Wish
from rushes.agent.lexicon import find_kind

CHANGELESS = SMALL_TALK | {"look", "measure", "estimate", "lookup", "tell", "ask"}
_HESITATES = (
    r"(?:(?:oh|h+m+|uh+|um+|er+|well|but|and|or|so|wait|sorry|ok|okay|actually|no|nah|nope|on second thoughts?|"
    r"thinking about it|you know what|please|just|then|haha|hold on|come to think of it),? )*"
)
_AS_IT_IS = (
    r"(?: (?:be|in|there|alone|now|please|after all|like (?:that|this)|"
    r"(?:just )?(?:as|the way|where|how) \w+ (?:is|are|was|were)))*"
)
_TAKEN_BACK = re.compile(
    rf"{_HESITATES}(?:(?:forget|scrap|cancel|ignore|skip|strike) (?:it|that|this|about (?:it|that)|(?:what )?i "
    rf"(?:just )?said"
    rf"(?: that)?)|never ?mind(?: (?:that|it|about (?:that|it)))?|nvm|better not|rather not|(?:i(?:'ve)? )?changed "
    rf"my mind|"
    rf"(?:let's |rather |i'd (?:rather )?|we )*(?:leave|keep|let) (?P<kept>it|that|him|her|them|this|(?:the|my|"
    rf"our) [a-z]+)"
    rf"{_AS_IT_IS}|(?:it|that|he|she|they)(?:'s| is|'re| are) (?:fine|ok|okay|good|all right|alright){_AS_IT_IS}|"
    rf"don't(?: bother| do (?:it|that))?|no|nah|nope)(?= ?$|, | (?:and|but) )"
)
_RECONSIDERS = re.compile(
    r"\b(?:no|nah|nope|actually|wait|forget|never ?mind|nvm|scrap|cancel|ignore|skip|strike|on second thoughts?|"
    r"better not|rather not|changed my mind|don't|hold on|come to think of it)\b"
)
_POLITE = re.compile(
    r"(?:(?:you|we|i) (?:can|could|like|want|don't mind|wouldn't mind|have time|get a chance|may|please|are able to|"
    r"would|must|think)\b.*|(?:it|that)(?:'s| is) (?:ok|okay|possible|all right|alright|fine|not too|no trouble)\b.*|"
    r"possible|necessary|needed|need be|so|not|any\w*|at all possible)$"
)
_CHANGES = (
    r"(?:(?:remov|delet|chang|mov|eras|replac|alter|edit|touch|kill|los|cut|cutt|drop|dropp|trim|trimm|shorten|discard)"
    r"(?:e|ed|ing)?|taken? (?:\w+ ){0,3}(?:out|away|off)|taking|g[eo]t rid of|gone)"
)
_FORBIDS = re.compile(
    r"\b(?:don't|do not|never|not|mustn't|shouldn't|nobody|no one|refrain from|avoid|no need to)\b"
    rf"(?! (?:forget|hesitate|mind|wait|only|sure|fail|just)\b)(?: [a-z']+){{0,4}}? {_CHANGES}\b"
)
_URGES = re.compile(
    r"\b(?:why (?:not|don't)|(?:can't|couldn't|won't|wouldn't) (?:you|we|i)|might as well|not (?:yet )?gone)\b"
)
_DOUBTS = re.compile(
    r"\bdon't (?:really|much|particularly|quite|especially|exactly) (?:like|love|care)|\bdon't (?:like|"
    r"love)\b.*\b(?:very|that|"
    r"so|too) much|\bnot (?:my|a big|much of a|really a) (?:favou?rite|fan)|\bnot (?:so |too |really |entirely "
    r")?(?:sure|"
    r"convinced|happy|certain)|\b(?:have|got) (?:my |some )?doubts"
)
_OTHERWISE = re.compile(r"(?:or )?(?:else|otherwise),? (?:just |please )?(?:leave|keep|let|don't|do nothing|forget)\b")
_LENGTH = re.compile(
    r"(?P<who>.+?)(?:'s| is| are| gets?| runs?| turns out| goes| lasts?| takes?)(?: to be| still| now| on)* "
    r"(?:(?P<over>over|more than|longer than|above|beyond|past)|(?:under|less than|shorter than|below)) "
    r"\{t([\d.]+)\+(\d+)\}(?: (?:long|now|in total|altogether))*$"
)
_WHOLE = re.compile(
    r"(?:it|this|that|we|(?:the|my|our|this) (?:whole )?(?:film|video|movie|cut|edit|thing|total))(?: length)?$"
)
_REFRAINS = re.compile(  # what somebody nearly wanted, or only others want
    r"\b(?:i|we) (?:was|were) (?:going|about|tempted|thinking of|ready) (?:to )?.*\bbut\b|"
    r"\bbut (?:we|i) (?:won't|don't|didn't|do not|will not|disagree|refused?|said no)\b(?: (?:want|agree|think "
    r"so).*)?[ .!]*$"
)
_OVER = re.compile(r"\b(?:was|were|had|did|used to)\b")  # somebody tells of what is over
SUGGESTED = "say for example 'make the third shot 1 second shorter' or 'remove the third shot'"
_COMPLAINS = re.compile(
    r"\b(?:drags?|dragging|boring|dull|sleepy|sluggish|rushed|hectic|choppy|jarring|jumpy|abrupt|confusing|messy|"
    r"not sure about|(?:too|so|very|a (?:bit|little)|kind of|rather|all) (?:slow|fast|quick|quickly|long|short|"
    r"dark|bright|flat|"
    r"weak|empty|small|big|much|low|loud|quiet)|goes by)\b"
)


def sentences(marked: Marked) -> list[str]:
    return [
        part
        for part in re.split(r"(?<=[.!?;…])\s+|\s\.\s|\s*(?:\.\.+|…)\s*|\s[-–—]\s", marked.text)
        if re.search(r"\w", part)
    ]


def as_said(marked: Marked, part: str) -> str:
    """A marked sentence with its quoted words in quotes again, for whoever reads words."""
    for number, quote in enumerate(marked.quotes):
        part = part.replace(f"{{q{number}}}", f'"{quote.translate(BRACES)}"')
    return Clause(text="", marked=marked).spoken(part)


def read_asides(words: str, read: Grammar) -> tuple[Wish, ...] | None:
    """The wishes of a message that has such sentences, by `read` for the others; None where it has none."""
    marked = mark(words)
    parts = [part for sentence in sentences(marked) for part in apart(sentence)]
    left, back = _without_taken_back(parts, marked, read)
    orders: list[str] = []
    before: list[Wish] = []  # what is asked before anything is ordered is answered before
    asides: list[Wish] = []
    asked: Wish | None = None  # in the sentence before
    for part in left:
        if _OTHERWISE.match(part):
            continue
        said = as_said(marked, part)
        question = read_question(part, said, marked, read, alone=len(left) == 1)
        if question is not None and (len(left) == 1 or all(wish.act != "lookup" for wish in read(words))):
            (asides if orders else before).extend(question)
            asked = question[0] if question[0].act == "tell" else None
            continue
        part = with_referent(part, asked, marked) if asked is not None else part
        hangs = if_so(part, marked) if asked is not None else None
        aside = [hangs] if hangs is not None else _careful(part, marked, read) or _conditional(part, marked, read)
        if aside is None:
            orders.append(part)
        asides += aside or []
        asked = None
    if not asides and not before and not back and orders == parts:
        return None
    rest = (
        read(as_said(marked, " ".join(f"{part.rstrip(' .')}." if part[-1] not in "!?;" else part for part in orders)))
        if orders
        else ()
    )
    return (*before, *rest, *asides) or (Wish(act="talk", words=words),)


def _without_taken_back(parts: list[str], marked: Marked, read: Grammar) -> tuple[list[str], bool]:
    """The sentences without those that the one behind them takes back; whether there were any."""
    left: list[str] = []
    for part in parts:
        match = _TAKEN_BACK.match(part.rstrip(" .!?;,"))
        named = match["kept"].split()[-1] if match and match["kept"] else "it"
        before = left[-1] if left else ""
        about_it = named in ("it", "that", "him", "her", "them", "this") or re.search(rf"\b{named}\b", before)
        named_only = before.endswith("?") and before.count(" ") < 4  # "the boat? keep it"
        orders = named_only or (
            match and _RECONSIDERS.search(match[0]) and before and not _only_talk(read(as_said(marked, before)))
        )
        if match and about_it and orders and not _another_look(read(as_said(marked, part))):
            left.pop()
            rest = re.sub(r"^[ ,.!?;]*(?:and |but |rather |instead |then )*", "", part[match.end() :])
            left += [rest] if re.search(r"\w", rest) else []
        else:
            left.append(part)
    return left, left != parts


def _another_look(read: tuple[Wish, ...]) -> bool:
    """Whether it only says another look for what was named before: "no, sepia"."""
    return bool(read) and all(wish.act == "grade" and wish.instead and not wish.pieces for wish in read)


def _only_talk(read: tuple[Wish, ...]) -> bool:
    return all(wish.act in SMALL_TALK for wish in read)


def _careful(part: str, marked: Marked, read: Grammar) -> list[Wish] | None:
    """What forbids a change, or only doubts, where an order to change something would be read in it."""
    alone = not re.search(r", | but | and |: ", part)
    forbids = alone and _FORBIDS.search(part) and not _URGES.search(part)
    if _REFRAINS.search(part) and not _only_talk(read(as_said(marked, part))):
        return [Wish(act="talk", words=as_said(marked, part))]
    if not forbids and not (alone and _DOUBTS.search(part)):
        return None
    said = as_said(marked, part).rstrip(" .!")
    if all(wish.act in CHANGELESS | {"rule", "unknown", "forget", "audit", "make"} for wish in read(said)):
        return None
    if not forbids:
        return [
            Wish(act="ask", words=said, text=f"what should I do about it: {said!r}? Nothing was changed; {SUGGESTED}")
        ]
    pieces = Clause(text=shots_by_name(part), marked=marked).pieces()
    named = tuple(which for which in pieces if which.pointed or which.kind in ("text", "sound"))
    return [Wish(act="rule", name="protect", pieces=named, words=said) if named else Wish(act="talk", words=said)]


def _conditional(part: str, marked: Marked, read: Grammar) -> list[Wish] | None:
    """An order that depends on something: on a length, which the film tells, or on what only the user can judge."""
    text = part.rstrip(" .!;")
    match = re.match(
        r"(?:(?:and|but|so|then|ok|also|only|just),? )*(?P<if>if|unless|in case) (?P<when>[^,:]+?)"
        r"(?:[,:] (?:then )?| then )(?P<order>.+)$",
        text,
    )
    match = match or re.match(
        r"(?P<order>[^,]+?),? (?:but )?(?:only )?(?P<if>if|unless|in case) (?P<when>[^,]+)$", text
    )
    if match is None or _POLITE.match(match["when"]):
        return None
    order = as_said(marked, match["order"])
    if all(wish.act in CHANGELESS | {"rule", "audit", "make", "forget", "unknown"} for wish in read(order)):
        return None
    if any(wish.act in ("rule", "audit") for wish in read(as_said(marked, part))):
        return None  # a standing wish: "if a text is short, ..."
    length = _LENGTH.match(match["when"]) if match["if"] == "if" else None
    if length is None:
        when = as_said(marked, match["when"])
        return [
            Wish(
                act="ask",
                words=part,
                text=f"I can't tell whether {when!r} holds, so nothing was done about it; say {order!r} and I do it",
            )
        ]
    who = None
    if not _WHOLE.match(length["who"]):
        named = Clause(text=shots_by_name(length["who"]), marked=marked).pieces()
        who = next((which for which in named if which.pointed), None)
        if who is None:
            return [Wish(act="ask", words=part, text=f"which shot do you mean in {as_said(marked, part)!r}?")]
        order = re.sub(r"\b(?:it|that|this)\b", as_said(marked, length["who"]), order, count=1)
    condition = Condition(
        piece=who, over=bool(length["over"]), length=Time(seconds=float(length[3]), frames=int(length[4]))
    )
    return [wish if wish.act in CHANGELESS else replace(wish, condition=condition) for wish in read(order)]


def complaint(words: str, found: tuple[Wish, ...]) -> tuple[Wish, ...]:
    """A remark that something of the film is not right, with no order beside it, is asked about."""
    if not found or any(wish.act not in ("talk", "topic") for wish in found):
        return found
    if typed := [wish for clause in read_clauses(words) for wish in read_type(clause)]:
        return tuple(typed)  # "the title is too small" says what to do
    marked = mark(words)
    for part in sentences(marked):
        about = re.search(
            rf"\b(?:{SHOT}|{TEXT}|{SOUND}|film|movie|cut|edit|middle|beginning|start|ending|end|it all|everything)\b"
            r"|\{[oi]",
            part,
        )
        if (
            _COMPLAINS.search(part)
            and not _OVER.search(part)
            and (about or any(find_kind(word) for word in re.findall(r"[a-z]+", part)))
        ):
            said = as_said(marked, part).rstrip(" .!")
            return (
                Wish(
                    act="ask",
                    words=words,
                    text=f"what should I do about it: {said!r}? Nothing was changed; {SUGGESTED}",
                ),
            )
    return found
