"""What a message asks for: each clause goes to the readers in turn, until one understands it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from rushes.agent.builtin.ask_beats import read_beats
from rushes.agent.builtin.ask_film import aspect_of, read_film, read_make, read_settings
from rushes.agent.builtin.ask_lookup import TELLS, asked_thing, read_lookup
from rushes.agent.builtin.ask_new import read_given, read_new
from rushes.agent.builtin.ask_order import read_exchange, read_order
from rushes.agent.builtin.ask_rule import read_rule
from rushes.agent.builtin.ask_script import commands, is_rest, quoted_texts, read_script
from rushes.agent.builtin.ask_shots import read_going, read_shots
from rushes.agent.builtin.ask_sound import read_sound
from rushes.agent.builtin.ask_standing import read_standing
from rushes.agent.builtin.ask_talk import is_talk, read_about, read_talk
from rushes.agent.builtin.ask_text import place_of, read_blocks, read_lines, read_text
from rushes.agent.builtin.clauses import Clause, read_clauses
from rushes.agent.builtin.pieces import shots_by_name
from rushes.agent.builtin.wishes import Script, Wish
from rushes.agent.words import COLORS

READERS: tuple[Callable[[Clause], list[Wish] | None], ...] = (
    read_talk,
    read_lookup,
    read_about,
    read_standing,
    read_rule,
    read_film,
    read_text,
    read_sound,
    read_going,
    read_exchange,
    read_given,
    read_shots,
    read_order,
    read_new,
)

_STORY = frozenset(("unknown", "talk", "recolor", "instead", "keep", "measure", "look", "move"))  # behind "make a film"


@lru_cache(maxsize=1024)  # a conversation is read anew for every answer
def read_wishes(words: str) -> tuple[Wish, ...]:
    """The wishes of one message, in order. What nobody understands is an `unknown` wish with its words."""
    blocks, rest = read_blocks(words)
    if blocks is not None:
        others = [wish for wish in _wishes(rest) if wish.act not in ("unknown", "talk", "thanks", "subtitles", "text")]
        return (blocks, *others)
    lines = read_lines(words)
    if lines is not None:
        return (lines,)
    if (beats := read_beats(words)) is not None:
        return (beats[0], *(wish for wish in _wishes(beats[1]) if wish.act != "talk"))
    found = _wishes(words)
    return _audited(words) if any(wish.act == "audit" for wish in found) else found


def _audited(words: str) -> tuple[Wish, ...]:
    """A message that asks for an audit: what it states is the script to check against, only what it orders is done."""
    found: list[Wish] = []
    script, report = Script(), True
    numbered = re.sub(r"(?m)(^\s*|[ ,:])(\d{1,2})[.)]\s+(?=\w)", r"\1\2 ", words)
    listed = re.sub(r"\s*\n\s*(?=\d{1,2} \w)", ", ", numbered)
    for clause in read_clauses(quoted_texts(listed)):
        wishes = _read(clause)
        if wishes[0].act == "audit":
            report = report and wishes[0].name == "report"
        elif not is_rest(clause):
            if commands(clause):
                looks = wishes[0].act == "unknown" and re.match(r"(?:look|go|watch|see|have)\b", clause.text)
                found += [] if looks else wishes
            else:
                script = script.joined(read_script(clause))
    audit = Wish(act="audit", words=words[:80], name="report" if report else "", script=script)
    return (audit, *(wish for wish in found if wish.act not in ("thanks", "talk")))


def _wishes(words: str) -> tuple[Wish, ...]:
    found: list[Wish] = []
    make: Wish | None = None
    story: list[str] = []
    for clause in read_clauses(words):
        if make is None and not found and (make := read_make(clause)) is not None:
            continue
        if make is not None and (more := read_settings(clause)) is not None:
            make = replace(
                make, **{n: v for n in ("value", "shots", "name", "size", "text") if (v := getattr(more, n))}
            )
            continue
        wishes = [_with_topic(wish, found) for wish in _read(clause)]
        if make is not None and wishes[0].act in _STORY:
            story.append(clause.spoken())  # what happens in the film
            continue
        if found and (merged := _merged(found, wishes)):
            found[-len(merged) :] = merged
            continue
        if found and ((found[-1].remark and wishes[0].act != "unknown") or found[-1].act == wishes[0].act == "audit"):
            found.pop()  # the order behind the remark says it all
        found += wishes
    if make is not None:
        made = _with_settings(make, found)
        told = ". ".join(part for part in (make.words, *story) if part)
        idle = ("fit", "make", "thanks", "talk")  # said of the film that is made
        return (
            replace(made, words=told),
            *(wish for wish in found if wish.act not in idle),
        )
    if any(wish.act == "rule" and wish.name == "protect" for wish in found):  # "keep the owl whole and cut it to 8 s"
        found = [replace(wish, name="") if wish.act == "fit" else wish for wish in found]
    return tuple(found)


def _merged(found: list[Wish], wishes: list[Wish]) -> list[Wish]:
    """The last wish with what a further clause only adds to it: how it is framed, when a text goes; empty for more."""
    last, wish = found[-1], wishes[0]
    if len(wishes) > 1 or wish.instead:
        return []
    if last.act == wish.act == "frame" and wish.place and not wish.name and wish.size is None:
        return [replace(last, place=wish.place)]
    if (
        last.act == "lookup"
        and wish.act in ("text", "retext", "lookup", "unknown")
        and (not last.span or not wish.span)
    ):
        if wish.act == "lookup" and wish.name != last.name and wish.name:
            return []
        return [
            replace(
                last,
                text=wish.text or last.text,
                span=wish.span or last.span,
                place=wish.place or last.place,
                topic=last.topic or wish.topic or asked_thing(wish.words),
            )
        ]
    asks = re.search(rf"\b(?:{TELLS})\b", last.words) if last.act == "talk" else None  # "what's the weather? Show it"
    if asks and wish.act in ("text", "retext") and not wish.text and wish.span is not None:
        return [Wish(act="lookup", words=last.words, topic=asks[0], span=wish.span, place=wish.place)]
    only_end = wish.act == "retext" and wish.span is not None and wish.span.start is None and not wish.text
    if last.act == "text" and only_end and wish.pieces[0].it and last.span is not None and wish.span is not None:
        return [replace(last, span=replace(last.span, end=wish.span.end, length=wish.span.length))]
    return []


def _with_topic(wish: Wish, before: list[Wish]) -> Wish:
    """ "it" is what the same message spoke of before: "the second shot is too long, trim it"."""
    topic = next(
        (
            w.pieces[0]
            for w in reversed(before)
            if w.pieces and not w.pieces[0].it and w.act != "rule" and (w.pieces[0].pointed or w.act == "topic")
        ),
        None,
    )
    if topic is None or before[-1].act in ("text", "insert", "generate", "split", "replace"):
        return wish
    if wish.act == "fit" and wish.name == "it" and topic.kind == "clip":
        return replace(wish, act="trim", name="", pieces=(topic,))
    if wish.pieces and wish.pieces[0].it:
        return replace(wish, pieces=(topic, *wish.pieces[1:]))
    return wish


def _read(clause: Clause) -> list[Wish]:
    found = _read_as_said(clause)
    vague = (
        found[0].act in ("unknown", "talk")
        or (found[0].act == "swap" and len(found[0].pieces) == 1)
        or (
            found[0].act in ("swap", "volume", "speed", "move")
            and not any(w.pointed and not w.it for w in found[0].pieces)
        )
    )
    if vague and (named := shots_by_name(clause.text)) != clause.text:
        again = _read_as_said(replace(clause, text=named))
        if any(which.thing for which in again[0].pieces):
            return [replace(wish, words=clause.spoken()) for wish in again]
    return found


def _read_as_said(clause: Clause) -> list[Wish]:
    for reader in READERS:
        wishes = reader(clause)
        if wishes:
            return [replace(w, words=w.words or clause.spoken(), instead=w.instead or clause.corrects) for w in wishes]
    if clause.corrects:
        return [_correction(clause)]
    if is_rest(clause) or is_talk(clause):
        return [Wish(act="talk", words=clause.spoken())]
    return [Wish(act="unknown", words=clause.spoken(), span=clause.span(), place=place_of(clause.text))]


def _correction(clause: Clause) -> Wish:
    """Only what is different is said: "no, blue", "not the fox, the owl", "at 9 s instead"."""
    quotes = clause.quotes()
    color = next((COLORS[word] for word in clause.text.replace(",", " ").split()[::-1] if word in COLORS), "")
    pieces = tuple(which for which in clause.pieces() if which.kind != "any" or which.it or which.name)
    numbers = [float(n) for n in _numbers(clause.text)]
    return Wish(
        act="instead",
        words=clause.spoken(),
        text=quotes[-1] if quotes else "",
        span=clause.span(),
        pieces=pieces,
        name=color or aspect_of(clause.text),
        value=numbers[-1] if numbers else None,
        instead=True,
    )


def _numbers(text: str) -> list[str]:
    return re.findall(r"\{[dlbxp](-?[\d.]+)\}", text)


def _with_settings(make: Wish, others: list[Wish]) -> Wish:
    """The film's length, shape and number of shots may be said in sentences of their own."""
    for wish in others:
        if wish.act == "fit" and make.value is None:
            make = replace(make, value=wish.value)
    return make
