"""Carries out wishes for what is heard."""

from __future__ import annotations

from typing import Any

from rushes.agent.builtin import do_edit
from rushes.agent.builtin.answers import Seen, find, read_timeline
from rushes.agent.builtin.hands import Asked, Trouble
from rushes.agent.builtin.job import BEDS, Job


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
        if wish.name == "heard":
            start, end = job.times(wish.span)
            calls.append(("mix", {"id": piece.id, "start": max(start, piece.start), "end": min(end, piece.end)}))
            continue
        if wish.name in ("fade_in", "fade_out", "duck"):
            calls.append(("mix", {"id": piece.id, wish.name: True if wish.name == "duck" else value}))
            continue
        gain = piece.gain + value if wish.change else value
        if job.rules.most_gain is not None:
            gain = min(gain, max(job.rules.most_gain, 0.0) if piece.kind == "clip" else job.rules.most_gain)
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
    if job.rules.most_gain is not None and given["gain_db"] is not None:
        given["gain_db"] = min(given["gain_db"], job.rules.most_gain)
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


def beats(job: Job) -> None:
    """Given files one after the other, each for its beats: cuts fall on the frames nearest to the beats."""
    wish, hands = job.wish, job.hands
    bpm = wish.value or 120.0
    names = [which.name for which in wish.pieces]
    there = read_timeline(hands.ask("timeline"))
    hands.errors.clear()
    missing = [which.name for which in wish.pieces if not find(which, there, {})]
    opened = hands.all([("open", {"material": name}) for name in missing])
    refused = [done.answer.removeprefix("error:").strip() for done in opened if not done.ok]
    if refused:
        raise Trouble(f"that can't be cut: {refused[0]}")
    film = job.see()
    clips = [find(which, film, {})[0] for which in wish.pieces if find(which, film, {})]
    if len(clips) < len(names):
        raise Trouble("not every one of these files is in the film, so it can't be cut to the beat")
    do_edit.arrange(job, [clip.id for clip in clips] + [c.id for c in film.clips if c not in clips], quiet=True)
    calls: list[Asked] = []
    done_beats, cut = 0.0, 0
    for clip, share in zip(clips, wish.shares, strict=True):
        done_beats += share
        end = round(done_beats * 60 / bpm * film.fps)
        seconds, cut = (end - cut) / film.fps, end
        if seconds > clip.seconds + 0.5 / film.fps:
            job.tell(f"{clip.words or clip.id} has only {clip.seconds:g} s, not the {seconds:g} s of its beats")
        elif abs(seconds - clip.seconds) > 0.5 / film.fps:
            calls.append(("trim", {"clip": clip.id, "seconds": seconds}))
    hands.all(calls)
    if wish.name:
        hands.call("music", material=wish.name, bpm=bpm)


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
    wanted = job.wish.value or -14.0
    most = job.rules.most_lufs
    job.hands.call("loudness", lufs=wanted if most is None else min(wanted, most))


def narrate(job: Job) -> None:
    job.see()
    at = job.times(job.wish.span)[0] if job.wish.span is not None else 0.0
    job.hands.call("narrate", text=job.wish.text, at=at)
