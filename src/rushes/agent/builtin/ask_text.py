"""Wishes for texts on the picture: what they say, when, and where."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.ask_type import read_type
from rushes.agent.builtin.at_shot import at_shot
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.marks import Time
from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT, Which
from rushes.agent.builtin.spans import Span, read_span
from rushes.agent.builtin.wishes import Wish

SECONDS = r"\{t([\d.]+)\+(\d+)\}"
_SHOWS = (
    r"put|place|set|add|insert|show|write|display|superimpose|overlay|print|type|stick|burn|have|let|bring up|flash|"
    r"include|use|start|begin|open|end|close|finish|give|make|create|fade in|caption|subtitle|title|i "
    r"want|i need|we need|there should|lay|run|pop|throw|drop|append|say|the words|display"
)
_SPEAKS = (
    r"narrate|narrat\w+|read (?:out|aloud)|read|speak|say(?:s|ing)? aloud|voice[- ]?over|voice|a voice "
    r"says?|have (?:a|the) (?:voice|narrator)|spoken|narrator"
)


def place_of(text: str) -> str:
    """title, lower or subtitle, where the words say so."""
    if re.search(r"\b(?:as|in|a|the) (?:a )?(?:subtitles?|captions?)\b|\bsubtitles?\b|\bcaptioned?\b", text):
        return "subtitle"
    if re.search(
        r"\blowerthirds?\b|\b(?:at|on|in|along|near) (?:the )?(?:bottom|lower (?:part|edge|half)|"
        r"(?:bottom |lower )?(?:left |right )?corner)\b|\bname (?:tag|strap)\b|\bbauchbinde\b",
        text,
    ):
        return "lower"
    if re.search(
        r"\b(?:as|in|a|the|big|centered|centred) ?(?:a |the )?(?:title|headline|title card|big|large)\b|\bin "
        r"the (?:cent(?:er|re)|middle) of the (?:picture|screen|frame|image)\b|\btitle\b|\bfull[- ]?screen\b|"
        r"\bcent(?:er|re)d\b",
        text,
    ):
        return "title"
    return ""


def read_lines(words: str) -> Wish | None:
    """Subtitles given as a list, a line each: "0:01 - 0:03 Hello"."""
    found: list[tuple[str, Span]] = []
    others = 0
    for line in words.splitlines():
        match = re.match(
            r"\s*(?:\d+[.)]\s+)?[\[(]?((?:\d{1,2}:)*\d{1,2}(?:[.,]\d+)?)\s*(?:s|sec)?\s*(?:-->|-|–|—|to|"
            r"until)\s*((?:\d{1,2}:)*\d{1,2}(?:[.,]\d+)?)\s*(?:s|sec)?[\])]?\s*[:|]?\s+(\S.*)$",
            line,
        )
        if match:
            text = match[3].strip().strip("\"“”„«»'‘’").strip()
            found.append((text, Span(start=_clock(match[1]), end=_clock(match[2]))))
        elif line.strip():
            others += 1
    if not found or others > 1 or (len(found) == 1 and not re.search(r"-->|\bsubtitles?\b", words, re.I)):
        return None
    return Wish(act="subtitles", words=" ".join(words.split())[:80], lines=tuple(found))


_CLOCK = r"(?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{1,3}"


def read_blocks(words: str) -> tuple[Wish | None, str]:
    """Subtitles pasted as SubRip blocks (number, times, words), and the rest of the message."""
    found: list[tuple[str, Span]] = []

    def taken(match: re.Match[str]) -> str:
        lines = [line.strip() for line in match[3].strip().splitlines()]
        if lines:
            found.append(("\n".join(lines), Span(start=_clock(match[1]), end=_clock(match[2]))))
        return "\n"

    rest = re.sub(
        rf"(?:^|(?<=\n))[ \t]*(?:\d+[ \t]*\r?\n[ \t]*)?({_CLOCK})[ \t]*-->[ \t]*({_CLOCK})[^\n]*\n"
        rf"((?:(?![ \t]*(?:\d+[ \t]*\r?\n[ \t]*)?{_CLOCK}[ \t]*-->)[ \t]*\S[^\n]*(?:\n|$))*)",
        taken,
        words,
    )
    if not found:
        return None, words
    return Wish(act="subtitles", words=" ".join(words.split())[:80], lines=tuple(found)), rest


def _clock(text: str) -> Time:
    seconds = 0.0
    for part in text.replace(",", ".").split(":"):
        seconds = seconds * 60 + float(part)
    return Time(seconds=seconds)


_ASKED_FOR = (
    r" (?:that |which )?i (?:asked(?: you)? for|wanted|ordered|mentioned|had you set|wished for|told you)"
    r"(?: (?:at|in) the (?:very )?(?:beginning|start|outset)| earlier| before| first)?"
)


def read_text(clause: Clause) -> list[Wish] | None:
    """The first of the readers below that understands; a clause with several texts becomes several wishes."""
    if re.match(rf"(?:{_SPEAKS})\b", clause.text) or clause.has(r"narrat\w+|voice ?-?over|spoken|aloud"):
        return None
    clause = replace(clause, text=re.sub(_ASKED_FOR, "", clause.text))
    if typed := read_type(clause):
        return typed
    for reader in (_gone, _later, _renamed, _retimed, _replaced_place):
        found = reader(clause)
        if found is not None:
            return [found]
    if "{q" not in clause.text or re.match(
        r"(?:remove|delete|drop|take|get rid|lose|erase|kill|scrap|cut|eliminate|undo|move|no|without|the \w+ "
        r"must go)\b",
        clause.text,
    ):
        return None
    if re.search(
        r"\{q\d+\} (?:must|has to|should|can) (?:go|disappear|vanish|be (?:removed|deleted|gone))|don't "
        r"(?:show|want|need)",
        clause.text,
    ):
        return None
    if not (
        re.match(rf"(?:{_SHOWS})\b", clause.text)
        or read_span(clause.text)[0] is not None
        or re.search(rf"\b(?:{TEXT})\b", clause.text)
    ) and not re.match(r"\{q\d+\}$", clause.text):
        return None
    if clause.corrects and re.match(r"(?:a |the )?\{q\d+\}$", clause.text):
        return None
    shown = [_shown(replace(clause, text=part), clause) for part in _each(clause.text)]
    if len(shown) > 1 and shown[-1].span is not None and shown[-1].span.end is not None:
        shown = _in_turn(shown)
    each = re.search(rf"\beach (?:for |lasting )?{SECONDS}|\bfor {SECONDS} each\b", clause.text)
    if each is not None:
        length = Time(seconds=float(each[1] or each[3]), frames=int(each[2] or each[4]))
        shown = [replace(w, span=replace(w.span, length=length)) if w.span is not None else w for w in shown]
    return shown


def _in_turn(shown: list[Wish]) -> list[Wish]:
    """ "A from 1, B from 3 and C from 5 until 7": each stands until the next one comes."""
    starts = [wish.span.start if wish.span is not None else None for wish in shown]
    return [
        replace(wish, span=replace(wish.span, end=after))
        if wish.span is not None
        and after is not None
        and wish.span.start is not None
        and wish.span.end is None
        and wish.span.length is None
        else wish
        for wish, after in zip(shown, [*starts[1:], None], strict=True)
    ]


def _gone(clause: Clause) -> Wish | None:
    """When it goes, in a sentence of its own: "take it away at 4 s", "it is gone at 4 s"."""
    if "{q" in clause.text or not re.match(
        r"(?:take|remove|hide|clear) (?:it|that|them|the text) (?:away |off |down |again )+(?:at|by|from|after) \{t|"
        r"(?:it|that|the text|they) (?:is |must be |should be |has to be |goes |disappears |vanishes |ends |stays |"
        r"shall "
        r"be )(?:(?:gone |away |off |out |over )?(?:again )?(?:at|by|from|after|until)|there until) "
        r"\{t(?![^}]*\} (?:to|until|and) \{t)|"
        r"(?:at |from |by )?\{t[^}]*\}(?: on)? (?:(?:it|that|the text) )?(?:is|it's|must be|should be|it is|has to be) "
        r"(?:free|clear|gone|off|away)",
        clause.text,
    ):
        return None
    ends = re.search(r"\{t([\d.]+)\+(\d+)\}", clause.text)
    assert ends is not None
    end = Span(end=Time(seconds=float(ends[1]), frames=int(ends[2])))
    return Wish(act="retext", pieces=(Which(kind="text", it=True),), span=end)


def _later(clause: Clause) -> Wish | None:
    """Something once asked for comes at another time: "the name should come later after all, at 1.75 s"."""
    found = re.match(
        r"(?:the|that|my|our) (?P<what>[a-z][\w-]*) (?:should|must|shall|has to|needs to|ought to|can|may|had better|"
        r"better)(?: only| rather| now| better)* (?:come|appear|show|start|begin|stand|be shown|be there|be set|go "
        r"up|be "
        r"seen|be|pop up)\b",
        clause.text,
    )
    if (
        found is None
        or re.fullmatch(rf"{SHOT}|{SOUND}|film|video|movie|cut|edit", found["what"])
        or "{q" in clause.text
    ):
        return None
    span = clause.span()
    if span is None or (span.start is None and span.end is None and not span.at_end) or span.inside is not None:
        return None
    if re.fullmatch(TEXT, found["what"]):
        return None
    return Wish(act="retext", pieces=(Which(kind="text", thing=found["what"]),), span=span)


def _each(text: str) -> list[str]:
    """A part for each text: "show A at 3 s and B at 5 s"."""
    if text.count("{q") < 2:
        return [text]
    when = r"(?:(?:at|from|between|in|during|over|for|on|after)\b[^{}]*(?:\{[tno][^}]*\}[^{}]*)*)?"
    named = r"(?:(?:the|an?|another|finally|also) )?(?:[a-z]+ ){0,2}?"
    parts = re.split(rf"(?:,| and| then|;)+ (?={when}{named}\{{q\d+\}})", text)
    found: list[str] = []
    for part in parts:
        if found and ("{q" not in part or "{q" not in found[-1]):
            found[-1] += f", {part}"
        else:
            found.append(part)
    return found


def _shown(part: Clause, whole: Clause) -> Wish:
    span = part.span()
    place = place_of(re.sub(r"\b(?:until|when|while) the title\b", "", part.text))
    place = place or (
        "" if part.text.count("{q") < whole.text.count("{q") and _own_places(whole) else place_of(whole.text)
    )
    if span is None and re.match(r"(?:start|begin|open)\b", whole.text):
        span = Span(start=Time())
    if span is None and re.match(r"(?:end|close|finish)\b", whole.text):
        span = Span(at_end=True)
    if span is None and re.search(r"\b(?:when|once|as soon as|while|until|till)\b", part.text):
        span = at_shot(part)
    return Wish(act="text", text=part.quotes()[0], span=span, place=place, words=part.spoken())


def _own_places(whole: Clause) -> bool:
    return len([part for part in _each(whole.text) if place_of(part)]) > 0 and place_of(_each(whole.text)[-1]) != ""


def _texts(clause: Clause, text: str | None = None) -> tuple[Which, ...]:
    """Pieces of text, or "it"."""
    return tuple(w for w in clause.pieces(text) if w.kind == "text" or w.it or w.quote)


def _renamed(clause: Clause) -> Wish | None:
    """What it says is changed: "change 'A' to 'B'", "the title should read 'B'"."""
    text, quotes = clause.text, clause.quotes()
    if (
        (
            match := re.search(
                r"\{q(\d+)\}.{0,24}?\b(?:to|into|with|by|becomes?|->|→|should (?:be|read|say)|must (?:be|read|"
                r"say))\b[^{]{0,24}\{q(\d+)\}",
                text,
            )
        )
        and len(quotes) == 2
        and not read_span(text)[0]
    ):
        old, new = clause.marked.quotes[int(match[1])], clause.marked.quotes[int(match[2])]
    elif match := re.search(
        r"\{q(\d+)\},?(?: and)? (?:instead of|not|rather than|in place of)[^{]{0,16} ?\{q(\d+)\}", text
    ):
        old, new = clause.marked.quotes[int(match[2])], clause.marked.quotes[int(match[1])]
    elif match := re.search(
        r"\bnot \{q(\d+)\}(?: any ?more| any longer)?,?(?: [-–—])? (?:but |it's |it is )?\{q(\d+)\}", text
    ):
        old, new = clause.marked.quotes[int(match[1])], clause.marked.quotes[int(match[2])]
    else:
        old = new = ""
    if new:
        return Wish(act="retext", pieces=(Which(kind="text", quote=old),), text=new, place="")
    if len(quotes) != 1:
        return None
    says = re.match(
        rf"(?:let |have |make )?(?:the |my |our )?(?P<what>(?:\{{o-?\d+\}} )?(?:[\w-]+ )?(?:{TEXT})(?: "
        r"\{o-?\d+\})?|it|that)(?: text)? (?:(?:now )?(?:should|must|shall|has to|needs to|ought to) (?:now )?(?:say|"
        r"read|be|state|show)|says?|reads?|to (?:say|read)) (?:just |only )?\{q",
        text,
    )
    changes = re.match(
        r"(?:change|rename|rewrite|correct|update|alter|turn|set|make|edit|replace|reword|fix|retitle)\b "
        rf"(?P<what>.*?(?:{TEXT}|it|that)(?:'s)?(?: text| words| wording| \{{o-?\d+\}})?)(?: at {SECONDS})? "
        r"(?:to|into|say|read|so that it (?:says|reads)|with|by|as) (?:say |read |be )?\{q",
        text,
    )
    if says is None and changes is None:  # "the greeting should read 'Hi'": by what it was asked for as
        named = re.match(
            r"(?:the|that|my|our) (?P<what>[a-z][\w-]*) (?:should|must|shall|has to|needs to|ought to)(?: now| "
            r"rather)* "
            r"(?:say|read|be|state)(?: now)? \{q\d+\}$",
            text,
        )
        if named is not None and not re.fullmatch(rf"{SHOT}|{SOUND}|film|video|movie|voice|narrator", named["what"]):
            return Wish(act="retext", pieces=(Which(kind="text", thing=named["what"]),), text=quotes[0])
    found = says or changes
    if found is None or (read_span(text[found.end() :])[0] is not None and not changes):
        return None
    pieces = _texts(clause, found["what"])
    return Wish(act="retext", pieces=pieces[:1] or (Which(kind="any", it=True),), text=quotes[0])


def _retimed(clause: Clause) -> Wish | None:
    """When it shows is changed: "move the title to 5 s", "make it half a second later", "show the title until 6 s"."""
    text = clause.text
    pieces = _texts(clause)
    shift = re.search(
        rf"(?:by )?{SECONDS} (later|earlier|sooner|forward|back(?:wards?)?)|(later|earlier) by {SECONDS}", text
    )
    if shift and (pieces or clause.corrects or re.match(SECONDS, text)):
        amount = float(shift[1] or shift[5])
        if shift[2] and int(shift[2]) and not amount:
            return None
        earlier = (shift[3] or shift[4]) in ("earlier", "sooner", "back", "backward", "backwards")
        return Wish(
            act="retext",
            pieces=pieces[:1] or (Which(kind="any", it=True),),
            value=-amount if earlier else amount,
            change=True,
            name="shift",
        )
    named = [w for w in pieces if w.kind == "text" or w.quote]
    if not named and re.match(
        r"(?:move|shift|push|put|show|display|bring|keep|hold|leave|let|have) (?:it|that)\b|(?:it|that) "
        r"(?:should|must|has to|needs to) "
        r"(?:be|stand|show|come|go|be shown)\b(?=.*\{t[^}]*\}.*\{t)",
        text,
    ):
        named = [w for w in pieces if w.it]  # a time is nothing that a shot can be moved to
    if not named:
        return None
    if longer := re.search(rf"{SECONDS} (longer|shorter)|(longer|shorter) by {SECONDS}", text):
        amount = float(longer[1] or longer[5])
        sign = -1 if "shorter" in longer[0] else 1
        return Wish(act="retext", pieces=tuple(named[:1]), value=sign * amount, change=True, name="length")
    moves = re.match(
        rf"(?:move|shift|push|bring|reposition|slide|keep|hold|leave|make|let|start|end|the (?:{TEXT})\b|"
        r"\{q\d+\} (?:should|must|has|needs|stays?|appears?|is)\b)",
        text,
    )
    if "{q" in text and not moves:  # putting a text there may be a new one; doing looks whether it is there already
        return None
    span = clause.span()
    if (
        span is None
        and (to := re.search(rf"\bto (?:second )?{SECONDS}$|\bto (?:second )?\{{n([\d.]+)\}}$", text))
        and re.match(r"(?:move|shift|push|bring|put|reposition|slide|set)\b", text)
    ):
        span = Span(start=Time(seconds=float(to[1] or to[3]), frames=int(to[2] or 0)))
    if span is None or re.match(r"(?:remove|delete|drop|take|get rid|lose|erase|kill|trim|cut|no)\b", text):
        return None
    if re.match(
        r"(?:move|shift|push|bring|put|place|reposition|slide|set|show|display|keep|hold|leave|make|let|have|"
        rf"start|end|{TEXT}|the|it|that|\{{q)",
        text,
    ):
        return Wish(
            act="retext",
            pieces=tuple(named[:1]),
            span=span,
            place=place_of(text) if re.search(r"\bas an? |lowerthird|bottom", text) else "",
        )
    return None


def _replaced_place(clause: Clause) -> Wish | None:
    """Where it stands is changed: "put the title at the bottom", "make it a subtitle"."""
    text = clause.text
    if "{q" in text and not re.match(r"(?:move|make|turn|change)\b", text):
        return None
    place = re.search(
        r"\b(?:to|at|into|in|as|a|on) (?:a |the )?(bottom|lowerthird|subtitles?|captions?|title(?: card)?|"
        r"cent(?:er|re)|middle of the (?:picture|screen|frame)|lower part)\b",
        text,
    )
    pieces = _texts(clause)
    if place is None or not pieces or not re.match(r"(?:put|move|make|turn|show|place|set|change|bring|use)\b", text):
        return None
    if pieces[0].place and re.match(r"make (?:a|the) ", text) and len(pieces) == 1:
        return None
    where = (
        place_of(f"as a {place[1]}")
        or place_of(f"at the {place[1]}")
        or ("title" if place[1].startswith(("cent", "middle")) else "")
    )
    return Wish(act="retext", pieces=pieces[:1], place=where)
