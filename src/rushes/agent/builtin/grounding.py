"""Which of the things that a message speaks of are in the film: only those can be what the wish is about."""

from __future__ import annotations

import re
from dataclasses import replace

from rushes.agent.builtin.answers import Seen, find
from rushes.agent.builtin.hands import Trouble
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.wishes import Wish
from rushes.agent.lexicon import find_kind

PAIRS = ("swap",)  # acts that need two shots


def grounded(job: Job) -> Wish:
    """The job's wish with the pieces that are meant. Raises Trouble, as a question, where none can be."""
    wish, film = job.wish, job.see()
    if wish.act == "retext":  # "not A but B": the one that is there is the old one
        there = [which for which in wish.among if find(which, film, {})]
        new = [which for which in wish.among if which not in there]
        if len(there) != 1 or len(new) != 1:
            raise Trouble(f"which text should change in {wish.words!r}? Say it as: change 'old' to 'new'")
        return replace(wish, pieces=(there[0],), text=new[0].quote, among=())
    named, counted = _named(job), [which for which in wish.among if which.number or which.id or which.extreme]
    counted_clips = _clips(job, counted)
    pair = wish.act in PAIRS or (wish.act == "move" and wish.where in ("before", "after"))
    if wish.act == "fit":
        kept = tuple(Which(id=clip.id) for clip in [*named, *counted_clips])
        return replace(wish, pieces=(*kept, *wish.pieces), among=())
    if wish.act == "insert":
        return _inserted(job, [*named, *counted_clips])
    if wish.act == "reorder":
        return replace(wish, pieces=tuple(Which(id=clip.id) for clip in _in_order(job, wish)), among=())
    clips = _in_order(job, wish) if pair else list({clip.id: clip for clip in [*named, *counted_clips]}.values())
    if not clips and wish.remark:  # nothing in the film was spoken of: it was no order after all
        return Wish(act="talk", words=wish.words)
    if len(clips) < 1 + pair:
        raise Trouble(f"which shot{'s' * pair} do you mean in {wish.words[:80]!r}?{job.there()}")
    which = tuple(Which(id=clip.id) for clip in clips)
    if wish.act == "keep":
        return replace(wish, pieces=which, among=())
    if wish.act == "swap":
        return replace(wish, pieces=which[:2], among=())
    if pair:
        return replace(wish, pieces=which[:1], beside=which[1], among=())
    return replace(wish, pieces=which[:1], among=())


def _named(job: Job) -> list[Seen]:
    """Clips whose name is said, in the order in which they are."""
    film = job.film
    found: list[Seen] = []
    words = [which for which in job.wish.among if which.thing or which.name]
    for which in words:
        if which.name and which == job.wish.beside:
            continue
        if which.name:
            found += find(which, film, {})
        else:
            found += [
                clip
                for clip in film.clips
                if re.search(rf"\b{re.escape(which.thing.rstrip('s'))}s?\b", clip.words.casefold())
            ]
    if not found and (seen := [which for which in words if find_kind(which.thing)]):  # by what is to be seen in it
        for which in seen:
            try:
                found += job.pieces(replace(which, maybe=False), many=False)
            except Trouble:
                continue
    return list({piece.id: piece for piece in found if piece.kind == "clip"}.values())


def _clips(job: Job, whiches: list[Which]) -> list[Seen]:
    found = [piece for which in whiches for piece in find(which, job.film, {}) if piece.kind == "clip"]
    return list({piece.id: piece for piece in found}.values())


def _in_order(job: Job, wish: Wish) -> list[Seen]:
    """Names and numbers as they were said: for what comes before what."""
    named = {clip.id for clip in _named(job)}
    found: list[Seen] = []
    for which in wish.among:
        if which.number or which.id:
            found += [piece for piece in find(which, job.film, {}) if piece.kind == "clip"]
        else:
            found += [
                clip
                for clip in job.film.clips
                if clip.id in named and which.thing and which.thing.rstrip("s") in clip.words.casefold()
            ]
    return list({clip.id: clip for clip in found}.values())


def _inserted(job: Job, clips: list[Seen]) -> Wish:
    """The file, which may be called by what it shows, and the shot beside which it goes."""
    wish = job.wish
    pieces = wish.pieces
    if not pieces:
        names = [
            name for which in wish.among if which.thing for name in job.materials() if which.thing in name.casefold()
        ]
        job.hands.errors.clear()
        shown = " ".join(clip.words.casefold() for clip in job.film.clips)
        names = [name for name in dict.fromkeys(names) if name.casefold() not in shown] or names
        if not names:
            raise Trouble(f"which file do you mean in {wish.words[:80]!r}?")
        pieces = (Which(kind="any", name=names[0]),)
        clips = [clip for clip in clips if names[0].casefold() not in clip.words.casefold()]
    if not clips:
        return replace(wish, pieces=pieces, where="", among=())
    order = [clip.id for clip in job.film.clips]
    beside = min(clips, key=lambda clip: order.index(clip.id)) if len(clips) > 1 else clips[0]
    return replace(wish, pieces=pieces, beside=Which(id=beside.id), among=())
