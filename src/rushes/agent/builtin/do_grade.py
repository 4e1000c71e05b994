"""Carries out wishes for colours."""

from __future__ import annotations

from rushes.agent.builtin.answers import Seen
from rushes.agent.builtin.do_edit import unprotected
from rushes.agent.builtin.hands import Trouble
from rushes.agent.builtin.job import Job, piece_of

IN_PASSING = frozenset(("lay", "open", "undo"))  # calls that only lead to what was asked


def grade(job: Job) -> None:
    film, wish = job.see(), job.wish
    clips = _meant(job)
    if wish.place or not any(which.pointed and not (which.it or which.every) for which in wish.pieces):
        clips = unprotected(job, clips)
    if not clips:
        raise Trouble("there is no shot left whose colours could be changed")
    look = wish.name
    if look == "colourful":
        look = "colour" if any(_grey(clip) for clip in clips) else "more_colour"
    ids = None if len(clips) == len(film.clips) else [clip.id for clip in clips]
    job.hands.call("grade", clips=ids, look=look, amount=wish.value)


def _meant(job: Job) -> list[Seen]:
    """The shots that are to be changed. Raises Trouble, as a question, where it may be one as well as all."""
    film, wish = job.film, job.wish
    named = [which for which in wish.pieces if not which.it]
    found: list[Seen] = [] if named else _spoken_of(job)
    for which in named:
        clips = [piece for piece in job.pieces(which) if piece.kind == "clip"]
        if which.thing and not which.every and len(clips) == len(film.clips) > 1:
            raise Trouble(f"all shots show {which.thing!r}; which one do you mean?{job.there()}")
        found += clips
    ids = {clip.id for clip in found}
    return [clip for clip in film.clips if (clip.id in ids) != (wish.place == "others")]


def _spoken_of(job: Job) -> list[Seen]:
    """What "it" is, or what colours are wished for without a word of where: the shots graded last, else the film.

    Raises Trouble where somebody may as well mean the one piece that was changed just before.
    """
    film, it = job.film, bool(job.wish.pieces) or job.wish.instead
    for turn in reversed(job.turns):
        done = [call for call in turn.done if call.changes and call.name not in IN_PASSING]
        if not done:
            continue
        graded = done[-1].arguments.get("clips") if done[-1].name == "grade" else None
        if graded and (it or job.wish.instead or turn is job.turns[-1]):
            return [clip for clip in film.clips if clip.id in graded]
        touched = {piece_of(call) for call in done} if done[-1].name != "grade" else set(graded or ())
        seen = film.piece(touched.pop()) if len(touched) == 1 and (it or graded) else None
        if seen is not None and seen.kind != "sound" and len(film.clips) > 1:
            shot = f"'in {seen.id}' or " if seen.kind == "clip" else ""
            raise Trouble(
                f"do you mean {seen.id} or the whole film in {job.wish.words!r}? Say it again with {shot}"
                "'in the whole film'"
            )
        break
    return film.clips


def _grey(clip: Seen) -> bool:
    return clip.grade.startswith(("in black and white", "in sepia"))
