"""What one clause adds to those before it: what "it" is, when it goes, where it comes from, how it is framed."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.ask_lookup import TELLS, asked_thing
from rushes.agent.builtin.ask_new import part_of_file
from rushes.agent.builtin.clauses import Clause
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.spans import Span
from rushes.agent.builtin.wishes import Wish

_NEW = (
    "text",
    "insert",
    "generate",
    "split",
    "replace",
    "card",
    "repeat",
    "label",
)  # "it" behind these is what they bring in
_SAID = ("talk", "unknown", "topic")


def meaning(wish: Wish, before: list[Wish], clause: Clause) -> Wish:
    """The wish with "it" put for what the same message spoke of last: "the second shot is too long, trim it"."""
    if not before or before[-1].act in _NEW:
        return wish
    spoken = next((w for w in reversed(before) if w.act != "rule" and (_named(w) is not None or _stretch(w))), None)
    if spoken is None:
        return wish
    if wish.act == "grade":
        told = spoken.act not in ("remove", "remove_span", "keep") and wish.pieces and wish.pieces[0].it
        return replace(wish, pieces=spoken.pieces or wish.pieces) if told else wish
    topic, stretch = _named(spoken), _stretch(spoken)
    it = wish.pieces and wish.pieces[0].it
    if stretch is not None and wish.act == "remove" and it:  # "somebody coughs from 2 to 3 s, that part must go"
        return replace(wish, act="remove_span", pieces=(), span=stretch)
    if topic is None:
        return wish
    if topic.kind == "text" and spoken.act in (*_SAID, "forget", "remove"):
        found = _of_text(wish, topic, clause)
        if found is not None:
            return found
    if spoken.name == "given" and spoken.act == "topic" and it and wish.act in ("move", "insert"):
        return replace(wish, act="insert", pieces=(topic,), name="given")
    if wish.act == "fit" and wish.name == "it" and topic.kind == "clip" and not topic.every:
        return replace(wish, act="trim", name="", pieces=(topic,))
    if wish.act in ("remove_span", "trim") and wish.span is not None and wish.span.inside is not None:
        inside = replace(wish.span, inside=topic) if wish.span.inside.it else wish.span
        wish = replace(wish, span=inside)
    if it:
        return replace(wish, pieces=(topic, *wish.pieces[1:]))
    bare = wish.act == "volume" and not wish.pieces and not wish.name and re.search(r"\bmore\b|\bless\b", wish.words)
    return replace(wish, pieces=(topic,)) if bare else wish


def _named(wish: Wish) -> Which | None:
    first = wish.pieces[0] if wish.pieces else None
    told = wish.act in (*_SAID, "forget")
    return first if first is not None and not first.it and (first.pointed or told) else None


def _of_text(wish: Wish, topic: Which, clause: Clause) -> Wish | None:
    """What is said of a text that was named before: its new words, its new times."""
    it = not wish.pieces or wish.pieces[0].it or wish.pieces[0] == topic
    if wish.act == "text" and (wish.span is None or wish.span == Span()):
        return replace(wish, act="retext", pieces=(topic,), place="")
    span = wish.span or clause.span()
    timed = span is not None and span.inside is None and not wish.text
    if timed and it and wish.act in ("trim", "unknown", "talk", "instead", "fit", "retext"):
        return Wish(act="retext", words=wish.words, pieces=(topic,), span=span)
    if wish.act in ("unknown", "talk", "instead") and it and (wish.text or wish.name == "said"):
        return Wish(act="retext", words=wish.words, pieces=(topic,), text=wish.text)
    return None


def _stretch(wish: Wish) -> Span | None:
    """The part of the film that a remark was about."""
    span = wish.span
    return span if wish.act in _SAID and span is not None and span.start is not None and span.end is not None else None


def joined_to(found: list[Wish], wishes: list[Wish], clause: Clause) -> list[Wish] | None:
    """The wishes so far with what a further clause only adds to the last of them; None where it is one of its own."""
    last, wish = found[-1], wishes[0]
    if len(wishes) > 1 or (wish.instead and wish.act != "replace"):
        return None
    joined = _joined(last, wish, clause)
    return None if joined is None else [*found[:-1], joined]


def _joined(last: Wish, wish: Wish, clause: Clause) -> Wish | None:
    it = bool(wish.pieces) and wish.pieces[0].it
    if last.act in ("forget", "remove") and wish.act == "retext" and wish.pieces[:1] == last.pieces[:1]:
        return wish  # "forget what I said of the title: it has to be ..."
    if last.act == "forget" and wish.act == "remove" and (it or wish.pieces[:1] == last.pieces[:1]):
        return replace(wish, pieces=last.pieces or wish.pieces)
    if last.act == wish.act == "frame" and wish.place and not wish.name and wish.size is None:
        return replace(last, place=wish.place)
    if wish == replace(last, words=wish.words) and last.act not in ("undo", *_SAID):
        return last  # said twice
    if last.act in ("remove_span", "remove") and wish.act == "remove" and it:
        return last
    if last.act == "remove" and wish.act == "replace" and (it or wish.pieces == last.pieces):
        return replace(wish, pieces=last.pieces)  # "take it out and put b.mp4 in its place"
    if last.act == "swap" and len(last.pieces) == 1 and wish.act == "replace" and (it or wish.pieces == last.pieces):
        return replace(wish, pieces=last.pieces)
    if last.act in _SAID and last.pieces and wish.act == "replace" and it:
        return replace(wish, pieces=last.pieces[:1])
    if last.act == "insert":
        return _more_of_insert(last, wish, clause)
    if last.act == "lookup":
        return _more_of_lookup(last, wish)
    asks = re.search(rf"\b(?:{TELLS})\b", last.words) if last.act == "talk" else None  # "what's the weather? Show it"
    if asks and wish.act in ("text", "retext") and not wish.text and wish.span is not None:
        return Wish(act="lookup", words=last.words, topic=asks[0], span=wish.span, place=wish.place)
    if last.act == "text" or (last.act == "retext" and last.span is not None and last.span.end is None):
        return _more_of_text(last, wish, clause)
    return None


def _more_of_insert(last: Wish, wish: Wish, clause: Clause) -> Wish | None:
    """Where it goes, or which part of the file it is, said behind it."""
    if wish.act == "move" and wish.pieces and wish.pieces[0].it:
        return replace(last, where=wish.where, beside=wish.beside)
    part = part_of_file(clause.text)
    says = re.match(
        r"(?:it|that|the (?:piece|part|bit|clip)|from|start|begin|only|take|use|for|i want|we want|i need|\{t)",
        clause.text,
    )
    if part is None or says is None or wish.act not in ("trim", "unknown", "retext", "talk", "fit", "insert", "rule"):
        return None
    before = last.span or Span()
    return replace(
        last,
        span=replace(
            before, start=part.start or before.start, end=part.end or before.end, length=part.length or before.length
        ),
    )


def _more_of_lookup(last: Wish, wish: Wish) -> Wish | None:
    if wish.act not in ("text", "retext", "lookup", "unknown") or (last.span and wish.span):
        return None
    if wish.act == "lookup" and wish.name != last.name and wish.name:
        return None
    return replace(
        last,
        text=wish.text or last.text,
        span=wish.span or last.span,
        place=wish.place or last.place,
        topic=last.topic or wish.topic or asked_thing(wish.words),
    )


def _more_of_text(last: Wish, wish: Wish, clause: Clause) -> Wish | None:
    """When it comes and goes, in a sentence of its own: "It comes at 2 s and is gone at 5 s"."""
    if wish.text or not re.match(
        r"(?:it|that|this|they|(?:the|that) (?:text|title|subtitle)|take|from|at|until|for|show|in|on|out|off)\b|\{t",
        clause.text,
    ):
        return None
    span = wish.span if wish.act == "retext" else clause.span()
    if span is None or wish.act not in ("retext", "trim", "unknown", "talk", "fit", "remove", "move"):
        return None
    if last.span is None:
        return replace(last, span=span)
    if span.start is None and (span.end is not None or span.length is not None):
        return replace(last, span=replace(last.span, end=span.end, length=span.length, at_end=False))
    return None
