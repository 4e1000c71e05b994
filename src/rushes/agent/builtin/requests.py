"""What a message asks for: each clause goes to the readers in turn, until one understands it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from rushes.agent.builtin.ask_aside import complaint, read_asides
from rushes.agent.builtin.ask_beats import read_beats, read_row
from rushes.agent.builtin.ask_card import read_card
from rushes.agent.builtin.ask_film import aspect_of, read_film, read_make, read_settings
from rushes.agent.builtin.ask_foreign import read_foreign
from rushes.agent.builtin.ask_gist import read_gist
from rushes.agent.builtin.ask_grade import looks_apart, read_grade
from rushes.agent.builtin.ask_labels import read_labels
from rushes.agent.builtin.ask_lookup import read_lookup
from rushes.agent.builtin.ask_new import read_given, read_new
from rushes.agent.builtin.ask_order import read_exchange, read_order
from rushes.agent.builtin.ask_push import read_push, with_push
from rushes.agent.builtin.ask_repeat import read_repeat
from rushes.agent.builtin.ask_rule import read_rule
from rushes.agent.builtin.ask_script import commands, is_rest, quoted_texts, read_script
from rushes.agent.builtin.ask_sense import by_sense
from rushes.agent.builtin.ask_shots import read_going, read_shots
from rushes.agent.builtin.ask_sound import read_sound
from rushes.agent.builtin.ask_standing import read_standing
from rushes.agent.builtin.ask_talk import declares, is_talk, read_about, read_talk, spoken_of
from rushes.agent.builtin.ask_text import place_of, read_blocks, read_lines, read_text
from rushes.agent.builtin.clauses import Clause, read_clauses
from rushes.agent.builtin.joining import joined_to, meaning
from rushes.agent.builtin.pieces import SHOT, SOUND, TEXT, shots_by_name
from rushes.agent.builtin.wishes import SMALL_TALK, Script, Wish
from rushes.agent.film_look import read_look
from rushes.agent.shot_list import read_shot_list, story_of
from rushes.agent.titled import read_title
from rushes.agent.words import COLORS

READERS: tuple[Callable[[Clause], list[Wish] | None], ...] = (
    read_push,
    read_grade,
    read_card,
    read_repeat,
    read_labels,
    read_given,
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
    read_shots,
    read_order,
    read_new,
)

_ALWAYS = re.compile(r"\b(?:always|never|ever|from now on|whatever|at all times)\b")
_ABOUT_US = re.compile(r"\b(?:i|me|you|we|us|budget|buy|spend|cents?|money|please|tell|warn|say so|enough)\b")
_MORE = r"(?:shorter|longer|faster|slower|louder|quieter|bigger|smaller)"
_TWO_MORE = re.compile(rf"\b({_MORE}),? and (?=the [^,.;]*\b{_MORE}\b)", re.IGNORECASE)  # "... and the last one longer"
_BEFORE_STORY = frozenset(("talk", "thanks", "rule", "unknown"))
_STORY = frozenset(
    ("unknown", "talk", "recolor", "instead", "keep", "measure", "look", "move", "push")
)  # behind "make a film"
_SEEN_AGAIN = frozenset(("repeat", "ask"))  # of the story, where no shot is named: "then the fox is back again"


@lru_cache(maxsize=1024)  # a conversation is read anew for every answer
def read_wishes(words: str) -> tuple[Wish, ...]:
    """The wishes of one message, in order. What nobody understands is an `unknown` wish with its words."""
    words = _TWO_MORE.sub(r"\1. Make ", words)
    if (foreign := read_foreign(words)) is not None:
        return (foreign,)
    if (titled := _with_title(words)) is not None:
        return titled
    if (listed := _with_shots(words)) is not None:
        return listed
    if (toned := _with_look(words)) is not None:
        return toned
    blocks, rest = read_blocks(words)
    if blocks is not None:
        others = [wish for wish in _wishes(rest) if wish.act not in ("unknown", "talk", "thanks", "subtitles", "text")]
        return (blocks, *others)
    lines = read_lines(words)
    if lines is not None:
        return (lines,)
    if (beats := read_beats(words)) is not None:
        return (beats[0], *(wish for wish in _wishes(beats[1]) if wish.act != "talk"))
    if (row := read_row(words)) is not None:
        return (row,)
    if (asides := read_asides(words, _orders)) is not None:
        return asides
    return complaint(words, _orders(words))


def _with_title(words: str) -> tuple[Wish, ...] | None:
    """A message that says what the film is to be called, beside what it asks for."""
    rest, title = read_title(words)
    wishes = read_wishes(rest) if title and rest else ()
    if any(wish.act == "make" for wish in wishes):
        return tuple(replace(wish, text=title) if wish.act == "make" else wish for wish in wishes)
    rest, title = read_title(words, orders=True)
    if not title:
        return None
    others = [wish for wish in (read_wishes(rest) if rest else ()) if wish.act not in SMALL_TALK]
    return (*others, *_orders(f'The title should be "{title}"'))


def _with_shots(words: str) -> tuple[Wish, ...] | None:
    """A film whose shots are listed behind the order to make it."""
    shots = read_shot_list(words)
    wishes = read_wishes(words[: shots[0].start]) if shots and words[: shots[0].start].strip() else ()
    if not any(wish.act == "make" for wish in wishes):
        return None  # a numbered list may well be one of orders
    return tuple(replace(w, words=story_of(shots), shots=0, listed=shots) if w.act == "make" else w for w in wishes)


def _with_look(words: str) -> tuple[Wish, ...] | None:
    """A film to be made that is to be in black and white, or sepia, all of it."""
    rest, look = read_look(words)
    wishes = read_wishes(rest) if look and rest else ()
    if not any(wish.act == "make" for wish in wishes):
        return None  # of a film that is there
    return tuple(replace(wish, look=look) if wish.act == "make" else wish for wish in wishes)


@lru_cache(maxsize=1024)
def _orders(words: str) -> tuple[Wish, ...]:
    return by_sense(words, _by_grammar(words), _by_grammar)


def _by_grammar(words: str) -> tuple[Wish, ...]:
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
    for clause in (part for told in read_clauses(words) for part in looks_apart(told)):
        if (
            make is None
            and all(wish.act in _BEFORE_STORY for wish in found)
            and (make := read_make(clause)) is not None
        ):
            continue
        if make is not None and (more := read_settings(clause)) is not None:
            make = replace(
                make, **{n: v for n in ("value", "shots", "name", "size", "text") if (v := getattr(more, n))}
            )
            continue
        wishes = [meaning(wish, found, clause) for wish in _read(clause)]
        if make is not None and (wishes[0].act in _STORY or (wishes[0].act in _SEEN_AGAIN and not clause.has(SHOT))):
            if not _ABOUT_US.search(clause.text):
                story.append(clause.spoken())  # what happens in the film
            continue
        if found and (joined := joined_to(found, wishes, clause)) is not None:
            found = joined
            continue
        if found and (
            (
                found[-1].remark
                and found[-1].act not in ("unknown", "talk")
                and wishes[0].act not in ("unknown", "talk")
                and not (wishes[0].remark and "grade" in (found[-1].act, wishes[0].act))
            )
            or found[-1].act == wishes[0].act == "audit"
        ):
            found.pop()  # the order behind the remark says it all
        found += wishes
    if make is not None:
        made = _with_settings(make, found)
        told = ". ".join(part for part in (make.words, *story) if part)
        told = re.sub(r"(?:the|it) [^:.]*\b(?:same|throughout|every shot|each shot)\b[^:.]*: ", "", told)
        idle = ("fit", "make", "thanks", "talk")  # said of the film that is made
        return (
            replace(made, words=told),
            *(wish for wish in found if wish.act not in idle),
        )
    return tuple(_tidied(_not_removed(_kept_whole(found))))


def _kept_whole(found: list[Wish]) -> list[Wish]:
    """What has to stay, said along with a length, is what that length must not touch: it is no rule for ever."""
    fit = next((wish for wish in found if wish.act == "fit"), None)
    kept = [wish for wish in found if wish.act == "rule" and wish.name == "protect" and not _ALWAYS.search(wish.words)]
    if fit is None or not kept:
        return found
    pieces = tuple(which for wish in kept for which in wish.pieces if not which.every or which.kind != "clip")
    whole = replace(fit, name="", pieces=(*fit.pieces, *pieces))
    return [whole if wish is fit else wish for wish in found if wish not in kept]


def _not_removed(found: list[Wish]) -> list[Wish]:
    """What is to be shot again, or otherwise, does not go: "I don't like the second shot, shoot it again"."""
    kept = [
        wish.pieces for wish in found if wish.act in ("restage", "trim", "speed", "recolor", "frame", "volume", "push")
    ]
    return [wish for wish in found if wish.act != "remove" or not wish.pieces or wish.pieces not in kept]


def _tidied(found: list[Wish]) -> list[Wish]:
    """Remarks beside an order only explain it; and what they spoke of has been found by now."""
    orders = any(wish.act not in ("talk", "thanks", "unknown", "topic") for wish in found)
    return [
        Wish(act="talk", words=wish.words)
        if wish.act == "talk" or (wish.act == "unknown" and wish.remark and orders)
        else replace(wish, pieces=(), text="", remark=False)
        if wish.act == "unknown"
        else wish
        for wish in found
    ]


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
        named_now = [*again[0].pieces, *([again[0].beside] if again[0].beside else [])]
        if again[0].act not in ("unknown", "talk", "grade", "ask") and any(which.thing for which in named_now):
            return [replace(wish, words=clause.spoken()) for wish in again]
    return found


def _read_as_said(clause: Clause) -> list[Wish]:
    if (parts := with_push(clause)) is not None:
        return [wish for part in parts for wish in _read(part)]
    for reader in READERS:
        wishes = reader(clause)
        if wishes:
            return [replace(w, words=w.words or clause.spoken(), instead=w.instead or clause.corrects) for w in wishes]
    pieces = spoken_of(clause)
    if not clause.corrects and not is_rest(clause) and not is_talk(clause) and (gist := read_gist(clause)) is not None:
        return [replace(wish, words=clause.spoken()) for wish in gist]
    if clause.corrects:
        correction = _correction(clause)
        empty = correction == Wish(act="instead", words=correction.words, instead=True)
        return [Wish(act="talk", words=clause.spoken()) if empty and declares(clause) else correction]
    if is_rest(clause) or is_talk(clause):
        return [Wish(act="talk", words=clause.spoken(), pieces=pieces, span=clause.span())]
    told = declares(clause)
    if told and not re.search(rf"\{{[qmoi]|\b(?:{SHOT}|{TEXT}|{SOUND})\b", clause.text):
        return [Wish(act="talk", words=clause.spoken(), pieces=pieces, span=clause.span())]
    quotes = clause.quotes()
    return [
        Wish(
            act="unknown",
            words=clause.spoken(),
            span=clause.span(),
            place=place_of(clause.text),
            pieces=tuple(which for which in pieces if told or not which.quote),
            text=quotes[0] if len(quotes) == 1 else "",
            remark=told,
        )
    ]


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
        where="before" if re.match(r"(?:before|in front of|ahead of)\b", clause.text) else "",
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
