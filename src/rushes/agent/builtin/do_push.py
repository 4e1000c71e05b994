"""Carries out wishes to zoom: the shots that are there are moved in on, none is shot anew."""

from __future__ import annotations

import re
from typing import Any

from rushes.agent.builtin.answers import Seen
from rushes.agent.builtin.hands import Trouble
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.pieces import Which
from rushes.agent.cut.aiming import LEAST
from rushes.media.push import CLOSEST

SIDES = {"left": {"x": 0.0}, "right": {"x": 1.0}, "top": {"y": 0.0}, "bottom": {"y": 1.0}, "middle": {"x": 0.5}}
_TOLD = re.compile(  # what users are told of an answer
    r"was asked for|leave the frame|looks soft|nobody knows|nothing stands out|has no zoom of"
)
_QUICKLY = re.compile(r"\b(?:quick|fast|rapid|sudden)(?:ly)?\b")
_OF_ALL = re.compile(r"\b(?:no|without|any|all|stop|don't)\b")


def push(job: Job) -> None:
    job.see()
    wish = job.wish
    if wish.topic == "both":
        raise Trouble(
            "a shot is zoomed into or out of, not both; split it where it should turn, then say which is what"
        )
    if wish.topic:
        raise Trouble(
            f"a zoom goes evenly over the whole of a shot, so nothing was done about {wish.words!r}; split the shot "
            "where it should begin or end, then say which of them is meant"
        )
    refused: list[str] = []
    for clip in _zoomed(job) if wish.name == "none" else _meant(job):
        said = job.hands.ask("push", clip=clip.id, **_asked(job, clip))
        if said.startswith("error:"):
            why = said.removeprefix("error:").strip()
            refused.append(why.rpartition("; ")[0] or why)  # behind it is how to call the tool
            continue
        for part in said.split("; "):
            if _TOLD.search(part):
                job.tell(part if clip.id in part else f"{clip.id}: {part}")
    job.hands.errors.clear()
    if refused:
        way_out = "say otherwise where to, for example 'zoom in on the left of the second shot'"
        raise Trouble(f"{'; '.join(refused)}; {way_out}")
    if _QUICKLY.search(wish.words):
        job.tell("a zoom goes evenly over the whole shot: in a shorter shot it is faster")


def _meant(job: Job) -> list[Seen]:
    """The shots. Raises Trouble, as a question, where several could be."""
    film, pieces = job.film, job.wish.pieces
    if not pieces and len(film.clips) > 1 and not job.spoken_of(Which(it=True)):
        raise Trouble(f"in which shot should it zoom?{job.there(Which())}")
    if not pieces:
        return film.clips if len(film.clips) == 1 else [job.clip(None)]
    found: list[Seen] = []
    for which in pieces:
        clips = [piece for piece in job.pieces(which) if piece.kind == "clip"]
        if which.every:
            found += [clip for clip in clips if not job.protected(clip)]
            continue
        if not clips:
            raise Trouble(f"there is no shot with {which.thing!r} in the film{job.there(Which())}")
        if which.thing and len(clips) > 1:
            where = " and ".join(clip.id for clip in clips)
            raise Trouble(f"{which.thing!r} is in {where}; in which of them should it zoom?")
        found += clips[:1]
    return found


def _zoomed(job: Job) -> list[Seen]:
    """The shots that are to lose their zoom. Raises Trouble where none has one."""
    if job.wish.pieces:
        return _meant(job)
    found = [clip for clip in job.film.clips if clip.near != (1.0, 1.0)]
    if not found:
        raise Trouble("no shot of the cut has a zoom; what moves in them was planned and shot so")
    spoken = job.spoken_of(Which(it=True))
    return found if _OF_ALL.search(job.wish.words) else [clip for clip in found if clip.id == spoken] or found


def _asked(job: Job, clip: Seen) -> dict[str, Any]:
    """The tool's arguments beside the clip."""
    wish = job.wish
    aim: dict[str, Any] = {"on": wish.text} if wish.text else {}
    for side in wish.place.split():
        aim |= SIDES[side]
    if wish.name in ("nearer", "wider"):
        return _as_before(job, clip, wish.value or 1.0, aim)
    scale = None if wish.value is None else min(max(wish.value, LEAST), CLOSEST)
    return {"way": wish.name, "scale": scale} | aim


def _as_before(job: Job, clip: Seen, factor: float, aim: dict[str, Any]) -> dict[str, Any]:
    """Nearer, or less near, than it is, and towards whom it went. Raises Trouble where nothing more can be seen."""
    begins, ends = clip.near
    nearest = max(begins, ends)
    if nearest <= 1:
        if factor < 1:
            raise Trouble(
                f"{clip.id} shows all of its picture; to show more of the place it would have to be shot anew"
            )
        return {"way": "in"} | aim
    scale = round(min(nearest * factor, CLOSEST), 3)
    if scale < LEAST:
        return {"way": "none"}
    calls = [done for turn in job.turns[:-1] for done in turn.done if done.ok and done.name == "push"]
    last = next((done.arguments for done in reversed(calls) if done.arguments.get("clip") == clip.id), {})
    way = "hold" if begins == ends else "out" if begins > ends else "in"
    return {"way": way, "scale": scale} | (aim or {name: last[name] for name in ("on", "x", "y") if name in last})
