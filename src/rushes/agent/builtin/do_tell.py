"""Answers what is asked, by the kind of the question; changes nothing, not even where nothing was cut together yet."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from rushes.agent.builtin import tell_film, tell_takes, tell_talk, tell_things, tell_work
from rushes.agent.builtin.abilities import QUESTIONS, abilities_told
from rushes.agent.builtin.answers import FilmSeen, read_timeline
from rushes.agent.builtin.hands import Trouble
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.known import Known, read_shots, read_sounds, with_known
from rushes.agent.builtin.telling import NO_FILM, film_told, first_up, joined

OF_THE_FILM: dict[str, Callable[[Job, Known], str]] = {
    "contents": tell_film.contents,
    "piece": tell_film.piece,
    "length": tell_film.length,
    "moment": tell_film.moment,
    "extremes": tell_film.extremes,
    "beside": tell_film.beside,
    "ends": tell_film.ends,
    "texts": tell_film.texts,
    "sounds": tell_film.sounds,
    "count": tell_film.count,
    "format": tell_film.form,
    "transitions": tell_film.transitions,
    "things": tell_things.things,
    "cards": tell_things.cards,
    "setting": tell_things.setting,
    "takes": tell_takes.takes,
    "model": tell_takes.model,
    "faults": tell_work.faults,
    "finished": tell_work.finished,
    "loudness": tell_work.loudness,
}
OF_THE_WORK: dict[str, Callable[[Job], str]] = {
    "said": tell_talk.said,
    "changes": tell_talk.changes,
    "why": tell_talk.why,
    "undoable": tell_talk.undoable,
    "open": tell_talk.left_undone,
    "money": tell_work.money,
    "work": tell_work.work,
    "file": tell_work.file,
    "given": tell_work.given,
    "abilities": lambda job: abilities_told(job.wish.words.casefold()),
}

_JUDGED = re.compile(r"\b(?:too|should|boring|enough|better|dull|nice|beautiful)\b")


def tell(job: Job) -> None:
    """What can't be told is an answer too."""
    try:
        job.tell(_answer(job))
    except Trouble as trouble:
        job.hands.errors.clear()
        job.tell(first_up(str(trouble)))


def _answer(job: Job) -> str:
    kind = job.wish.name
    if kind in OF_THE_WORK:
        return OF_THE_WORK[kind](job)
    known = look_at(job)
    if not known.film.clips:
        return _no_film(job)
    if kind not in OF_THE_FILM:
        return f"That I can't tell. {film_told(known.film)}. Ask me for example {QUESTIONS}"
    judge = kind in ("piece", "length", "texts", "sounds", "contents") and _JUDGED.search(job.wish.words.casefold())
    return OF_THE_FILM[kind](job, known) + (". Whether that is as it should be only you can tell" if judge else "")


def timeline(job: Job) -> None:
    """The film, or the pieces of it that are named."""
    known = look_at(job)
    job.tell(tell_film.piece(job, known) if known.film.clips else _no_film(job))


def look_at(job: Job) -> Known:
    """The film as it stands, planned or cut, and what is known of its shots; without clips where there is none."""
    hands = job.hands
    answer = hands.ask("timeline") if hands.has("timeline") else "error: no timeline"
    planned = answer.startswith("error:")
    known = Known(film=FilmSeen() if planned else read_timeline(answer))
    if hands.takes("board", "of"):
        of = ["shots", "sounds", *(["plan"] if planned else [])]
        asked: list[tuple[str, dict[str, Any]]] = [("board", {"of": each}) for each in of]
        shots, sounds, *plan = (done.answer for done in hands.all(asked))
        film = read_timeline(plan[0]) if plan else known.film
        known = Known(film=with_known(film, read_shots(shots), read_sounds(sounds)), shots=read_shots(shots))
    hands.errors.clear()
    job.film = known.film
    return known


def _no_film(job: Job) -> str:
    names = job.materials() if job.hands.has("open") else []
    job.hands.errors.clear()
    return first_up(NO_FILM) if not names else (
        f"Nothing is cut yet. You handed in {joined(names[:6])}: say what should become of it, such as "
        f"'open {names[0]}' or 'edit it to 10 seconds'"
    )  # fmt: skip


def ask(job: Job) -> None:
    """What only the user can decide. Raises Trouble, which is said."""
    raise Trouble(job.wish.text)
