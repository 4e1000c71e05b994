"""Carries out wishes for what is heard."""

from __future__ import annotations

from typing import Any

from rushes.agent.builtin.answers import Seen
from rushes.agent.builtin.hands import Asked, Trouble
from rushes.agent.builtin.job import Job

BEDS = ("music", "bed")


def volume(job: Job) -> None:
    film, wish = job.see(), job.wish
    value = wish.value or 0.0
    if wish.pieces and any(w.pointed or w.kind == "sound" for w in wish.pieces):
        pieces: list[Seen] = job.pieces(*wish.pieces)
        if wish.pieces[0].kind == "clip" and not wish.pieces[0].every:
            pieces = pieces[: len(wish.pieces)]
        if wish.pieces[0].kind == "sound" and "voice" not in wish.words and "narrat" not in wish.words:
            pieces = [piece for piece in pieces if piece.words.startswith(BEDS)] or pieces
    elif wish.name:
        pieces = [piece for piece in film.of("sound") if piece.words.startswith(BEDS)]
    else:
        pieces = [*film.clips, *film.of("sound")]
    if not pieces:
        raise Trouble("there is no sound that could be meant")
    calls: list[Asked] = []
    for piece in pieces:
        if wish.name in ("fade_in", "fade_out", "duck"):
            calls.append(("mix", {"id": piece.id, wish.name: True if wish.name == "duck" else value}))
            continue
        gain = piece.gain + value if wish.change else value
        name, key = ("volume", "clip") if piece.kind == "clip" else ("mix", "id")
        calls.append((name, {key: piece.id, "gain_db": float(gain)}))
    job.hands.all([call for call in calls if call[0] != "mix" or call[1]["id"].startswith("sound")])


def music(job: Job) -> None:
    wish = job.wish
    if wish.name == "none":
        film = job.see()
        beds = [piece for piece in film.of("sound") if piece.words.startswith(BEDS)]
        if not beds:
            job.tell("there is no music in the film")
        job.hands.all([("remove", {"id": piece.id}) for piece in beds])
        return
    film = job.see()
    playing = next((piece for piece in film.of("sound") if piece.words.startswith(BEDS)), None)
    given: dict[str, Any] = {"mood": wish.name or None, "bpm": wish.value, "material": wish.text or None}
    given["gain_db"] = float(wish.place) if wish.place else playing.gain if playing is not None else None
    if playing is not None and not (wish.text or wish.name):
        given["mood"] = _last_mood(job)
    job.hands.call("music", **given)


def beat(job: Job) -> None:
    """Cuts onto the beat of new music, or of what plays already."""
    film, wish = job.see(), job.wish
    given: dict[str, Any] = {"mood": wish.name or None, "bpm": wish.value}
    playing = next((piece for piece in film.of("sound") if piece.words.startswith(BEDS)), None)
    if playing is not None:
        given["gain_db"] = playing.gain
        given["mood"] = wish.name or _last_mood(job)
        given["bpm"] = wish.value or _last_bpm(job)
    job.hands.call("music", **given, follow=True)


def _last_mood(job: Job) -> str | None:
    return next(
        (
            d.arguments["mood"]
            for t in reversed(job.turns)
            for d in reversed(t.done)
            if d.name == "music" and d.arguments.get("mood")
        ),
        None,
    )


def _last_bpm(job: Job) -> float | None:
    return next(
        (
            d.arguments["bpm"]
            for t in reversed(job.turns)
            for d in reversed(t.done)
            if d.name == "music" and d.arguments.get("bpm")
        ),
        None,
    )


def loudness(job: Job) -> None:
    job.see()
    job.hands.call("loudness", lufs=job.wish.value)


def narrate(job: Job) -> None:
    job.see()
    at = job.times(job.wish.span)[0] if job.wish.span is not None else 0.0
    job.hands.call("narrate", text=job.wish.text, at=at)
