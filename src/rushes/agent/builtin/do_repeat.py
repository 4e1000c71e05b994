"""Carries out wishes to see a shot once more."""

from __future__ import annotations

import re

from rushes.agent.builtin.answers import Seen
from rushes.agent.builtin.do_card import behind
from rushes.agent.builtin.hands import Trouble
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.pieces import Which

MOST = 20  # times that a shot is repeated


def repeat(job: Job) -> None:
    """The same part of the same source, at its speed and with its looks, behind itself where no place was named."""
    wish, film = job.wish, job.see()
    if wish.name == "none":
        _none(job)
        return
    times = int(wish.value or 1)
    if not 1 <= times <= MOST:
        raise Trouble(f"a shot can be repeated 1 to {MOST} times, not {times}")
    if wish.pieces[0].every:
        job.hands.all([("insert", {"material": clip.id}) for _ in range(times) for clip in film.clips])
        return
    clips = [_meant(job, which) for which in wish.pieces]
    beside = (wish.beside,) if wish.beside is not None else ()
    after = behind(job, beside, wish.where) if wish.where else max(clips, key=lambda clip: clip.start).id
    for _ in range(times):
        for clip in clips:
            made = re.search(r"\bclip-\d+\b", job.hands.call("insert", material=clip.id, after=after).answer)
            after = made[0] if made is not None and after is not None else after
    if times > 1:
        job.tell(
            f"{', '.join(clip.id for clip in clips)} {'is' if len(clips) == 1 else 'are'} now seen {times + 1} times"
        )


def _meant(job: Job, which: Which) -> Seen:
    """The clip itself, and not one that shows it again. Raises Trouble where several can be meant."""
    meant = [piece for piece in job.pieces(which) if piece.kind == "clip"]
    first = [clip for clip in meant if " again" not in clip.words]
    if not meant:
        raise Trouble("that is no shot; say which shot should be seen again")
    if len(first) > 1:
        named = ", ".join(f"{clip.id} ({clip.words[:30]})" for clip in first)
        raise Trouble(f"several shots can be meant ({named}); which one should be seen again?")
    return (first or meant)[0]


def _none(job: Job) -> None:
    """Nothing is repeated unless somebody asked for it: what was, is named."""
    again = [clip for clip in job.film.clips if re.search(r" again\b", clip.words)]
    if again:
        named = ", ".join(f"{clip.id} at {clip.start:g} s" for clip in again)
        raise Trouble(f"{named} shows a shot again that you had asked for; should it go? Say 'remove {again[0].id}'")
    job.tell("no shot is repeated, so nothing was changed")
