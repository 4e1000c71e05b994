"""Carries out wishes for texts."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rushes.agent.builtin.answers import FilmSeen, Seen, same_words
from rushes.agent.builtin.ask_type import new_type
from rushes.agent.builtin.hands import Asked, Trouble
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.marks import Time
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.spans import USUAL
from rushes.agent.builtin.wishes import Rules
from rushes.media.timeline import TEXT_SIZES

_NEW = re.compile(r"\b(?:put|add|set|insert|write|another|again|also|new|second|once more|place|type|print)\b")
_THE = re.compile(r"\bthe (?:first |last )?(?:title|subtitle|lower ?third|caption|headline)\b")
LEAST = 0.2  # seconds of a text


def put(job: Job) -> None:
    """A text at its time; one that says the same at the same time is there already."""
    film, wish = job.see(), job.wish
    text = in_case(wish.text, job.rules)
    start, end = job.times(wish.span)
    if wish.span is None and wish.place == "title":
        start, end = 0.0, min(film.seconds, max(job.rules.text_seconds or USUAL, min(3.0, film.seconds * 0.4)))
    most = job.rules.most_text_seconds
    if most is not None and end - start > most and (wish.span is None or wish.span.length is None):
        end = start + most
    start, end = ruled(job, start, end)
    place = job.rules.place or wish.place or "title"
    for piece in film.of("text"):
        same = abs(piece.start - start) < 0.5 / film.fps and abs(piece.end - end) < 0.5 / film.fps
        if same_words(piece.words, text) and same and (piece.place == place or not wish.place):
            job.tell(f"{text!r} stands there already")
            return
    there = [piece for piece in film.of("text") if same_words(piece.words, text)]
    if len(there) == 1 and wish.span is None and not _NEW.search(wish.words):
        job.tell(f"{text!r} stands there already")
        return
    if len(there) == 1 and wish.span is not None and not _NEW.search(wish.words):  # it is to show at another time
        job.wish = replace(wish, act="retext", text="", pieces=(Which(kind="text", id=there[0].id),))
        change(job)
        return
    named = [piece for piece in film.of("text") if piece.place == (wish.place or "title")]
    if wish.span is None and len(named) == 1 and _THE.search(wish.words):  # "the title is 'B'"
        job.hands.call("retext", id=named[0].id, text=text)
        return
    look = new_type(wish.words) if job.hands.takes("text", "colour") else {}
    job.hands.call("text", text=text, start=start, end=end, place=place, **look)
    if wish.span is not None and wish.span.length is not None and wish.span.end is None:
        asked = wish.span.length.at(film.fps)
        if asked > end - start + 1 / film.fps:
            job.tell(f"{text!r} stands for {end - start:g} s only, since the film ends then")


def change(job: Job) -> None:
    """Other words, times or place of a text that is there; a text that is not is set."""
    film, wish = job.see(), job.wish
    if wish.name.startswith("case "):
        _recase(job, wish.name.removeprefix("case "))
        return
    piece = _meant(job)
    if wish.name.startswith("type "):
        _set_type(job, piece, wish.name.removeprefix("type "))
        return
    if piece is None:
        if not (wish.text or (wish.span and wish.pieces and wish.pieces[0].quote)):
            raise Trouble("there is no text in the film that could be meant")
        text = in_case(wish.text or wish.pieces[0].quote, job.rules)
        start, end = ruled(job, *job.times(wish.span))
        place = job.rules.place or wish.place or (wish.pieces[0].place if wish.pieces else "") or "title"
        job.hands.call("text", text=text, start=start, end=end, place=place)
        return
    changes: dict[str, Any] = {}
    if wish.text:
        changes["text"] = in_case(wish.text, job.rules)
    if wish.place:
        changes["place"] = wish.place
    by = (wish.value or 0.0) + (wish.size[0] / film.fps if wish.size else 0.0)
    if wish.name == "shift":
        by = max(-piece.start, min(by, film.seconds - piece.end))
        changes |= {"start": piece.start + by, "end": piece.end + by}
    elif wish.name == "length":
        changes["end"] = max(piece.start + LEAST, min(piece.end + by, film.seconds))
    elif wish.span is not None:
        changes |= _new_times(job, piece)
    if {"start", "end"} & set(changes):
        start, end = ruled(job, changes.get("start", piece.start), changes.get("end", piece.end))
        changes |= {"start": start, "end": end} if "start" in changes or start != piece.start else {"end": end}
    job.hands.call("retext", id=piece.id, **changes)


def _set_type(job: Job, piece: Seen | None, look: str) -> None:
    if piece is None:
        raise Trouble("there is no text in the film that could be meant")
    if look == "top":
        job.hands.call("retext", id=piece.id, height="top")
        return
    if look != "size":
        job.hands.call("retext", id=piece.id, colour=look)
        return
    least, most = TEXT_SIZES
    asked = round(piece.size * job.wish.value, 2) if job.wish.value else 1.0  # 0 asks for the usual size
    size = min(max(asked, least), most)
    if size == piece.size:
        job.tell(f"{piece.words!r} is {size:g} times the usual size already; {least:g} to {most:g} can be had")
        return
    job.hands.call("retext", id=piece.id, size=size)


def ruled(job: Job, start: float, end: float) -> tuple[float, float]:
    """The times as the standing wishes have them. Raises Trouble where no time is left."""
    rules, film = job.rules, job.film
    least = rules.least_text_seconds
    if least is not None and end - start < least:
        end = min(start + least, film.seconds)
    if rules.text_free_end is not None:
        last = film.seconds - rules.text_free_end
        if start >= last:
            raise Trouble(
                f"a text can't be set at {start:g} s, since the last {rules.text_free_end:g} s stay free of text"
            )
        end = min(end, last)
    return start, end


def _meant(job: Job) -> Seen | None:
    wish = job.wish
    which = wish.pieces[0] if wish.pieces else Which(kind="text", it=True)
    if which.it:
        which = Which(kind="text", it=True)
    try:
        return job.piece(which)
    except Trouble:
        texts = job.film.of("text")
        if which.quote or which.number or not texts:
            return None
        return (
            texts[-1]
            if which.it
            else next((t for t in texts if t.place == which.place), texts[0] if len(texts) == 1 else None)
        )


def _new_times(job: Job, piece: Seen) -> dict[str, float]:
    """What is not said stays: a new start keeps the length, a new length the start."""
    span, film = job.wish.span, job.film
    assert span is not None
    length = piece.end - piece.start
    if span.inside is not None and span.end == Time() and span.start is None:  # until that shot comes
        return {"start": piece.start, "end": max(piece.start + LEAST, job.clip(span.inside).start)}
    if span.inside is None and not span.whole and not span.middle:
        if span.length is not None and span.start is None and span.end is None and not span.at_end:
            return {"start": piece.start, "end": min(piece.start + span.length.at(film.fps), film.seconds)}
        if span.end is not None and span.start is None:
            return {"start": piece.start, "end": min(span.end.at(film.fps), film.seconds)}
        if span.at_end and span.start is None and span.length is None:
            return {"start": max(0.0, film.seconds - length), "end": film.seconds}
    start, end = job.times(span, usual=length)
    return {"start": start, "end": end}


def _recase(job: Job, case: str) -> None:
    rules = Rules(case={"title case": "title", "any case": ""}.get(case, case))  # type: ignore[arg-type]
    calls: list[Asked] = []
    for piece in job.film.of("text"):
        text = in_case(piece.words, rules)
        if text != piece.words:
            calls.append(("retext", {"id": piece.id, "text": text}))
    job.hands.all(calls)


def subtitles(job: Job) -> None:
    film, wish = job.see(), job.wish
    told = [(text, *span.on(film.fps, 0.0, film.seconds)) for text, span in wish.lines] or _story(film)
    if not told:
        raise Trouble("say what the subtitles should read, a line each with its times, such as 0:01 - 0:03 Hello")
    lines = []
    for text, *span in told:
        start, end = ruled(job, *span)
        lines.append({"text": in_case(text, job.rules), "start": start, "end": end})
    job.hands.call("subtitles", lines=lines)


def _story(film: FilmSeen) -> list[tuple[str, float, float]]:
    """What was planned to happen, from the first shot that shows it to the last; of footage nobody has told it."""
    told: list[tuple[str, float, float]] = []
    for clip in film.clips:
        what = re.search(r"\bof shot-\d+.*?: (.+)$", clip.words)
        if what is None:
            continue
        if told and told[-1][0] == what[1]:
            told[-1] = (what[1], told[-1][1], clip.end)
        else:
            told.append((what[1], max(clip.start, told[-1][2] if told else 0.0), clip.end))
    return told


def in_case(text: str, rules: Rules) -> str:
    """As the standing wishes have texts written."""
    match rules.case:
        case "upper":
            return text.upper()
        case "lower":
            return text.lower()
        case "title":
            return text.title()
    return text
