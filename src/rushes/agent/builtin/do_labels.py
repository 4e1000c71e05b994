"""Carries out wishes for a text on each shot."""

from __future__ import annotations

from typing import Any

from rushes.agent.builtin.answers import Seen, cards_of
from rushes.agent.builtin.do_text import in_case, ruled
from rushes.agent.builtin.hands import Asked, Trouble
from rushes.agent.builtin.job import Job


def label(job: Job) -> None:
    """What nobody knows is said and not invented."""
    wish, there = job.wish, [piece.id for piece in job.see().of("text")]
    if wish.name == "nothing":
        job.hands.call("label", tells="nothing")
        job.tell("the labels are out")
        return
    for given in _in_turn(job) if wish.lines else [_all_at_once(job)]:
        answer = job.hands.ask("label", tells=wish.name, **given, **_where(job))
        if answer.startswith("error:"):
            job.hands.errors.clear()
            why, taken, _ = answer.removeprefix("error:").strip().partition(" in that place already")
            raise Trouble(f"{why} there already; say 'at the top', or 'remove the labels' first" if taken else why)
        job.told += [part for part in answer.split("; ") if part.startswith("without one: ")]
    _keep_to_rules(job, [piece for piece in job.see().of("text") if piece.id not in there])


def _all_at_once(job: Job) -> dict[str, Any]:
    wish = job.wish
    clips = [piece.id for piece in job.pieces(*wish.pieces) if piece.kind == "clip"] if wish.pieces else None
    return {"clips": clips, "group": wish.topic or None, "text": wish.text or None}


def _in_turn(job: Job) -> list[dict[str, Any]]:
    """A text of its own for each shot, in order."""
    cards = cards_of(job.film.clips)
    shots = [clip for clip in job.film.clips if clip not in cards]
    texts = [text for text, _ in job.wish.lines]
    if len(texts) != len(shots):
        raise Trouble(f"there are {len(shots)} shots and {len(texts)} texts; which text belongs to which shot?")
    return [{"clips": [clip.id], "text": text} for clip, text in zip(shots, texts, strict=True)]


def _where(job: Job) -> dict[str, str]:
    place = job.wish.place or job.rules.place or "lower"
    return {"place": "title", "height": "top"} if place == "top" else {"place": place}


def _keep_to_rules(job: Job, made: list[Seen]) -> None:
    """The new texts as the standing wishes, and a length that was named, have them."""
    calls: list[Asked] = []
    for piece in made:
        try:
            start, end = ruled(job, piece.start, _end(job, piece))
        except Trouble as trouble:
            job.tell(str(trouble))
            calls.append(("remove", {"id": piece.id}))
            continue
        text, end = in_case(piece.words, job.rules), min(end, piece.end)
        changes = {"text": text} if text != piece.words else {}
        times = {"start": start, "end": end} if (start, end) != (piece.start, piece.end) else {}
        if changes or times:
            calls.append(("retext", {"id": piece.id, **changes, **times}))
    job.hands.all(calls)


def _end(job: Job, piece: Seen) -> float:
    span = job.wish.span
    asked = span.length.at(job.film.fps) if span is not None and span.length is not None else piece.seconds
    most = job.rules.most_text_seconds or asked
    return min(piece.end, piece.start + min(asked, most))
