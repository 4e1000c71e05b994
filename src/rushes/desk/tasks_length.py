"""Tasks of length and pace: cuts on beats, shorter and longer to the frame, and what has to stay whole in it."""

from __future__ import annotations

import random
from itertools import pairwise

from rushes.desk.footage import CLICK, CLICK_SECONDS, click_track
from rushes.desk.laid import Laid, Piece, Words, whole
from rushes.desk.said import Listed, at_frame
from rushes.desk.scorers import NO_FILM, cut_frames, exact_length, shot_order, watched
from rushes.desk.task import Call, Part, Result, Score, Task
from rushes.desk.tasks_edit import FPS, clips


def length_tasks() -> list[Task]:
    return [on_beats(0), on_beats(1), on_beats(2), shorten(0), shorten(1), lengthen(0), lengthen(1)]


def on_beats(seed: int) -> Task:
    """Shots that change on the beat of the music handed in."""
    draws = random.Random(f"on beats {seed}")
    bpm, beats = ((120, 2), (90, 2), (100, 3))[seed]
    footage = clips(draws, seed, (60, 60, 60, 60)[: 4 if seed else 3])
    music = click_track(bpm, 12.0, name=f"clicks-{bpm}.wav")
    apart = 60 / bpm * beats  # seconds
    length = round(apart * len(footage), 3)
    due = [apart * number * FPS for number in range(1, len(footage))]
    asked = (
        f"Cut {', '.join(clip.file_name for clip in footage)} to clicks-{bpm}.wav ({bpm} beats a minute): each shot "
        f"lasts {beats} beats, in this order, and the music runs under all of it. The film ends after the last shot."
    )

    def score(result: Result) -> Score:
        film = watched(result, footage)
        if film is None:
            return NO_FILM
        shown = film.located()
        cuts = cut_frames(shown)
        near = [min((abs(cut - at) for cut in cuts), default=99.0) <= 1.0 for at in due]
        order = shot_order(shown) == [clip.name for clip in footage]
        end = abs(film.count - apart * len(footage) * FPS) <= 1.0
        beats_there = [number * 60 / bpm for number in range(1, round(apart * len(footage) * bpm / 60))]
        on = [film.tone(CLICK, at, at + CLICK_SECONDS) for at in beats_there]
        off = [film.tone(CLICK, at + 0.2, at + 0.2 + CLICK_SECONDS) for at in beats_there]
        heard = sum(a > b + 6 for a, b in zip(on, off, strict=True)) >= 0.6 * len(on)  # its end may fade
        parts = (
            Part(
                name="cuts on beats",
                value=sum(near) / len(due) * min(1.0, len(due) / max(1, len(cuts))),
                reason=f"cuts at frames {cuts}, beats at {[round(at, 1) for at in due]}",
            ),
            Part(name="order", value=float(order), reason=f"it shows {', '.join(shot_order(shown))}"),
            Part(name="length", value=float(end), reason=f"{film.count} frames"),
            Part(name="music", value=float(heard), reason="the clicks are not heard on the beats"),
        )
        return Score(parts=parts)

    calls: list[Call] = []
    for number, clip in enumerate(footage):
        calls.append(("open", {"material": clip.file_name}))
        calls.append(("trim", {"clip": f"clip-{number + 1}", "seconds": _on_grid(apart, number)}))
    return Task(
        id=f"edit-beats-{seed}",
        kind="edit",
        seed=seed,
        turns=(asked,),
        given=(*footage, music),
        seconds=length,
        score=score,
        oracle=((*calls, ("music", {"material": music.name, "bpm": float(bpm)})),),
        facts={"files": Listed(clip.file_name for clip in footage), "music": music.name, "bpm": bpm, "beats": beats},
    )


def _on_grid(apart: float, number: int) -> float:
    """Seconds of shot `number` such that every cut is on the frame nearest to its beat."""
    return (round(apart * (number + 1) * FPS) - round(apart * number * FPS)) / FPS


def shorten(seed: int) -> Task:
    """To a length, with one shot that has to stay whole and a title that has to stay readable."""
    draws = random.Random(f"shorten {seed}")
    footage = clips(draws, seed, (36, 36, 36, 36))
    precious = draws.randrange(1, 4)
    title = Words(text="LAST FERRY", start=6, end=24)
    before = Laid(pieces=whole(*footage), texts=(title,))
    frames = (96, 84)[seed]
    asked = (
        f"Edit this to exactly {frames / FPS:g} seconds. The {footage[precious].name} shot is the heart of it and "
        f"stays whole, and the title has to stay. Keep something of every shot, in the same order."
    )

    def score(result: Result) -> Score:
        film = watched(result, footage)
        if film is None:
            return NO_FILM
        shown = film.located()
        own = [frame[1] for frame in shown if frame is not None and frame[0] == footage[precious].name]
        whole_shot = len(set(own)) / 36
        cut = result.production.board.nodes("title")
        kept_title = any(node.fields["text"] == title.text for node in cut)
        names = [clip.name for clip in footage]
        length = exact_length(film, frames)
        seen = sum(frame is not None for frame in shown) / max(1, film.count)
        return Score(
            parts=(
                length,
                Part(name="the shot that stays", value=whole_shot, kept=True, reason=f"{whole_shot:.0%} of it is left"),
                Part(name="title", value=float(kept_title), kept=True, reason="it is gone"),
                Part(name="order", value=float(shot_order(shown) == names), kept=True, reason=f"{shot_order(shown)}"),
                Part(name="only what was there", value=seen, kept=True, reason="frames that nobody handed in"),
            )
        )

    others = [number for number in range(4) if number != precious]
    cuts = [(36 * 4 - frames) // 3] * 3
    cuts[-1] += 36 * 4 - frames - sum(cuts)
    return Task(
        id=f"edit-shorten-{seed}",
        kind="edit",
        seed=seed,
        turns=(asked,),
        cut=before,
        score=score,
        oracle=(
            tuple(
                ("trim", {"clip": f"clip-{number + 1}", "seconds": (36 - less) / FPS})
                for number, less in zip(others, cuts, strict=True)
            ),
        ),
        facts={"seconds": at_frame(frames), "name": footage[precious].name},
    )


def lengthen(seed: int) -> Task:
    """To a length that the cut has not, out of files that hold more than is shown."""
    draws = random.Random(f"lengthen {seed}")
    footage = clips(draws, seed, (60, 60))
    before = Laid(pieces=tuple(Piece(footage=clip, frames=24) for clip in footage))
    frames = (72, 84)[seed]
    more = (frames - 48) // 2
    asked = (
        f"This has to run exactly {frames / FPS:g} seconds. The files hold more than we use: show more of them, at "
        "their own speed, in the same order."
    )

    def score(result: Result) -> Score:
        film = watched(result, footage)
        if film is None:
            return NO_FILM
        shown = film.located()
        runs = sum(a is not None and b is not None and a[0] == b[0] and b[1] - a[1] == 1 for a, b in pairwise(shown))
        steady = min(1.0, runs / max(1, film.count - 2))
        names = [clip.name for clip in footage]
        parts = (
            exact_length(film, frames),
            Part(name="own speed", value=steady, kept=True, reason=f"{steady:.0%} of the frames follow one another"),
            Part(name="order", value=float(shot_order(shown) == names), kept=True, reason=f"{shot_order(shown)}"),
        )
        return Score(parts=parts)

    return Task(
        id=f"edit-lengthen-{seed}",
        kind="edit",
        seed=seed,
        turns=(asked,),
        cut=before,
        score=score,
        oracle=(tuple(("trim", {"clip": f"clip-{number}", "seconds": (24 + more) / FPS}) for number in (1, 2)),),
        facts={"seconds": at_frame(frames)},
    )
