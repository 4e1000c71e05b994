"""What a message asks for: each clause goes to the readers in turn, until one understands it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from rushes.agent.builtin.ask_film import aspect_of, read_film, read_make, read_settings
from rushes.agent.builtin.ask_new import read_new
from rushes.agent.builtin.ask_order import read_exchange, read_order
from rushes.agent.builtin.ask_rule import read_rule
from rushes.agent.builtin.ask_shots import read_going, read_shots
from rushes.agent.builtin.ask_sound import read_sound
from rushes.agent.builtin.ask_text import read_lines, read_text
from rushes.agent.builtin.clauses import Clause, read_clauses
from rushes.agent.builtin.wishes import Wish
from rushes.agent.words import COLORS

READERS: tuple[Callable[[Clause], list[Wish] | None], ...] = (
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


@lru_cache(maxsize=1024)  # a conversation is read anew for every answer
def read_wishes(words: str) -> tuple[Wish, ...]:
    """The wishes of one message, in order. What nobody understands is an `unknown` wish with its words."""
    lines = read_lines(words)
    if lines is not None:
        return (lines,)
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
        if make is not None and wishes[0].act in ("unknown", "recolor", "instead", "keep", "measure", "look", "move"):
            story.append(clause.spoken())  # what happens in the film
            continue
        if found and ((found[-1].remark and wishes[0].act != "unknown") or found[-1].act == wishes[0].act == "audit"):
            found.pop()  # the order behind the remark says it all
        found += wishes
    if make is not None:
        made = _with_settings(make, found)
        told = ". ".join(part for part in (make.words, *story) if part)
        return (replace(made, words=told), *(wish for wish in found if wish.act not in ("fit", "make", "thanks")))
    return tuple(found)


def _with_topic(wish: Wish, before: list[Wish]) -> Wish:
    """ "it" is what the same message spoke of before: "the second shot is too long, trim it"."""
    topic = next(
        (w.pieces[0] for w in reversed(before) if w.pieces and w.pieces[0].pointed and not w.pieces[0].it), None
    )
    if topic is None or before[-1].act in ("text", "insert", "generate", "split", "replace"):
        return wish
    if wish.act == "fit" and wish.name == "it" and topic.kind == "clip":
        return replace(wish, act="trim", name="", pieces=(topic,))
    if wish.pieces and wish.pieces[0].it:
        return replace(wish, pieces=(topic, *wish.pieces[1:]))
    return wish


def _read(clause: Clause) -> list[Wish]:
    for reader in READERS:
        wishes = reader(clause)
        if wishes:
            return [replace(w, words=w.words or clause.spoken(), instead=w.instead or clause.corrects) for w in wishes]
    if clause.corrects:
        return [_correction(clause)]
    return [Wish(act="unknown", words=clause.spoken())]


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
