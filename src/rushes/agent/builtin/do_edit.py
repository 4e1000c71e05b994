"""Carries out wishes for shots."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rushes.agent.brief import BriefError, read_brief
from rushes.agent.builtin.answers import Seen, find, names_there
from rushes.agent.builtin.fault_words import reasons_told
from rushes.agent.builtin.hands import Asked, Trouble
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.pieces import Which

MOST_NEW = 8  # rounds of new shots for a film that is too short
_NEW_SHOT = r"^generate\('(.+)', ([\d.]+), after='(clip-\d+)', size='(\w+)'\)$"


def remove(job: Job) -> None:
    job.see()
    pieces = job.pieces(*job.wish.pieces)
    if job.wish.pieces[0].every:
        pieces = unprotected(job, pieces)
    if len([p for p in pieces if p.kind == "clip"]) == len(job.film.clips) > 0:
        raise Trouble("that would leave no shot in the film; nothing was removed")
    job.hands.all([("remove", {"id": piece.id}) for piece in pieces])


def remove_span(job: Job) -> None:
    job.see()
    start, end = job.times(job.wish.span)
    job.hands.call("remove_span", start=start, end=end)


def keep(job: Job) -> None:
    """Everything else goes."""
    film = job.see()
    if job.wish.span is not None:
        start, end = job.times(job.wish.span)
        after = [("remove_span", {"start": end, "end": film.seconds})] if end < film.seconds - 1e-6 else []
        before = [("remove_span", {"start": 0.0, "end": start})] if start > 1e-6 else []
        job.hands.all([*after, *before])
        return
    kept = {piece.id for piece in job.pieces(*job.wish.pieces)}
    others = unprotected(job, [clip for clip in film.clips if clip.id not in kept])
    job.hands.all([("remove", {"id": clip.id}) for clip in others])


def trim(job: Job) -> None:
    film, wish = job.see(), job.wish
    clips = [piece for piece in job.pieces(*wish.pieces) if piece.kind == "clip"]
    if not clips:
        raise Trouble("no shot is meant that could be trimmed")
    if any(which.every for which in wish.pieces):
        clips = unprotected(job, clips)
    else:
        clips = clips[: len(wish.pieces)]
    longer: list[tuple[Seen, float]] = []
    calls: list[Asked] = []
    for clip in clips:
        if wish.name == "source" and wish.span is not None:
            start = wish.span.start.at(film.fps) if wish.span.start is not None else 0.0
            calls.append(("trim", {"clip": clip.id, "start": start}))
            continue
        value = wish.value or 0.0
        if wish.size is not None:
            value += wish.size[0] / film.fps
        seconds = clip.seconds * value if wish.name == "share" else clip.seconds + value if wish.change else value
        if wish.name == "most" and clip.seconds <= seconds + 1e-6:
            continue
        if seconds <= 0:
            raise Trouble(f"{clip.id} lasts {clip.seconds:g} s; nothing would be left of it")
        if seconds > clip.seconds + 1e-6:
            longer.append((clip, seconds))
        elif wish.where == "first" and wish.change:
            start = clip.source + (clip.seconds - seconds) * clip.speed
            calls.append(("trim", {"clip": clip.id, "start": start, "seconds": seconds}))
        else:
            calls.append(("trim", {"clip": clip.id, "seconds": seconds}))
    job.hands.all(calls)
    for clip, seconds in longer:  # with more of its source where that has it
        if job.hands.has("extend"):
            job.hands.call("extend", id=clip.id, seconds=seconds)
        else:
            job.hands.call("trim", clip=clip.id, seconds=seconds)


def split(job: Job) -> None:
    film, wish = job.see(), job.wish
    clip = job.clip(wish.pieces[0]) if wish.pieces else None
    if wish.span is None or wish.span.middle:
        at = (clip.start + clip.end) / 2 if clip else film.seconds / 2
    else:
        at = job.times(wish.span)[0]
        named = wish.span.inside is not None
        if clip is not None and not named and not clip.start < at < clip.end and at < clip.seconds:
            at += clip.start  # "split the second shot at 1 s": within it
    job.hands.call("split", at=at)


def move(job: Job) -> None:
    film, wish = job.see(), job.wish
    try:
        clip = job.clip(wish.pieces[0])
    except Trouble:  # it may be a file that is not in the film yet
        thing = wish.pieces[0].thing
        if not thing or not any(thing in name.casefold() for name in job.materials()):
            raise
        job.hands.errors.clear()
        insert(job)
        return
    order = [other.id for other in film.clips if other.id != clip.id]
    now = [other.id for other in film.clips].index(clip.id)
    if wish.where == "first":
        place = 0
    elif wish.where == "last":
        place = len(order)
    elif wish.beside is not None:
        place = (
            order.index(job.clip(wish.beside).id) + (wish.where == "after")
            if job.clip(wish.beside).id in order
            else now
        )
    elif wish.change:
        place = now + int(wish.value or 0)
    else:
        number = int(wish.value or 1)
        place = number - 1 if number > 0 else len(order) + 1 + number
    place = min(max(place, 0), len(order))
    if place == now:
        job.tell(f"{clip.id} stands there already")
        return
    job.hands.call("move", clip=clip.id, after=order[place - 1] if place else "first")


def swap(job: Job) -> None:
    film, wish = job.see(), job.wish
    pieces = job.pieces(*wish.pieces, many=False)
    if (len(pieces) == 1 and len(film.clips) == 2) or not pieces:
        pieces = film.clips
    if len(pieces) != 2:
        raise Trouble("say which two shots should change places")
    order = [clip.id for clip in film.clips]
    a, b = (order.index(piece.id) for piece in pieces)
    order[a], order[b] = order[b], order[a]
    arrange(job, order)


def reorder(job: Job) -> None:
    film, wish = job.see(), job.wish
    order = [clip.id for clip in film.clips]
    if wish.name == "reverse":
        arrange(job, order[::-1])
        return
    missing = [which.name for which in wish.pieces if which.name and not find(which, film, {})]
    if missing:
        job.hands.all([("open", {"material": name}) for name in missing])
        order = [clip.id for clip in job.see().clips]
    first = [clip.id for clip in job.pieces(*wish.pieces, many=False)]
    arrange(job, first + [id for id in order if id not in first])


def arrange(job: Job, wanted: list[str], *, quiet: bool = False) -> None:
    """The fewest moves from the front that make this order."""
    order = [clip.id for clip in job.film.clips]
    calls: list[Asked] = []
    for place, id in enumerate(wanted):
        if order[place] != id:
            order.remove(id)
            order.insert(place, id)
            calls.append(("move", {"clip": id, "after": order[place - 1] if place else "first"}))
    if not calls and not quiet:
        job.tell("the shots stand in that order already")
    job.hands.all(calls)


def replace_clip(job: Job) -> None:
    job.see()
    wish = job.wish
    clip = job.clip(wish.pieces[0])
    if wish.name == "new":
        restage_clip(job, clip, wish.text)
        return
    by = wish.beside
    assert by is not None
    if by.name or by.id.startswith(("take-", "shot-")):
        _replace_by(job, clip, by.name or by.id)
        return
    names = [name for name in job.materials() if by.thing and by.thing in name.lower()]
    job.hands.errors.clear()
    if names:
        _replace_by(job, clip, names[0])
        return
    restage_clip(job, clip, wish.text)


def _replace_by(job: Job, clip: Seen, by: str) -> None:
    answer = job.hands.ask("replace", clip=clip.id, by=by)
    if not answer.startswith("error:"):
        return
    job.hands.errors.clear()
    why = answer.removeprefix("error:").strip()
    if by.casefold() not in (name.casefold() for name in names_there(answer) or [by]):
        why = f"{by} was not handed in"
    raise Trouble(f"{why}, so {clip.id} can't be replaced and stays as it is")


def restage(job: Job) -> None:
    job.see()
    restage_clip(job, job.clip(job.wish.pieces[0]), job.wish.text)


def restage_clip(job: Job, clip: Seen, what: str) -> None:
    """Another take of a planned shot, staged otherwise where words say how; a new shot in its place for other clips."""
    shot = re.search(r"\bof (shot-\d+)", clip.words)
    if shot and job.hands.has("shoot"):
        if what:
            job.hands.call("edit_shot", shot=shot[1], what=what)
        answer = job.hands.call("shoot", shot=shot[1]).answer
        take = re.search(r"\btake-\d+", answer)
        job.hands.call("replace", clip=clip.id, by=take[0] if take else shot[1])
        return
    if not what:
        raise Trouble(f"{clip.id} was not shot here; say what is to be seen in its place")
    job.hands.call("generate", what=what, seconds=clip.seconds, after=clip.id)
    job.hands.call("remove", id=clip.id)


def insert(job: Job) -> None:
    wish = job.wish
    names = _given(job)
    if wish.where in ("", "last") and wish.span is None:
        job.hands.all([("open", {"material": name}) for name in names])
        return
    film = job.see()
    if wish.span is None and len(names) == 1 and find(Which(kind="clip", name=names[0]), film, {}):
        job.wish = replace(wish, act="move", pieces=(Which(kind="clip", name=names[0]),))
        move(job)  # it is in the film already
        return
    after: str | None = None
    if wish.where == "first":
        after = "first"
    elif wish.beside is not None:
        after = _behind(job, wish.beside, wish.where)
    span: dict[str, Any] = {}
    if wish.span is not None:
        start, end, length = wish.span.start, wish.span.end, wish.span.length
        span["start"] = start.at(film.fps) if start is not None else None
        span["seconds"] = length.at(film.fps) if length is not None else None
        if end is not None:
            span["seconds"] = end.at(film.fps) - (span["start"] or 0.0)
    for name in names:
        done = job.hands.call("insert", material=name, after=after, **span)
        made = re.search(r"\bclip-\d+\b", done.answer)
        after = made[0] if made else after


def _given(job: Job) -> list[str]:
    """The names of the files meant. Raises Trouble for one that was not handed in."""
    names: list[str] = []
    for which in job.wish.pieces:
        if which.name:
            if which != job.wish.beside:
                names.append(which.name)
            continue
        found = [name for name in job.materials() if which.thing in name.casefold()]
        job.hands.errors.clear()
        if not found:
            raise Trouble(f"no file of {which.thing!r} was handed in, so it can't be put into the film")
        names.append(found[0])
    return names


def generate(job: Job) -> None:
    film, wish = job.see(), job.wish
    after = (
        _behind(job, wish.beside, wish.where) if wish.beside is not None else "first" if wish.where == "first" else None
    )
    usual = sum(clip.seconds for clip in film.clips) / len(film.clips) if film.clips else 3.0
    seconds = wish.value or min(6.0, max(1.5, usual))
    job.hands.call("generate", what=wish.text, seconds=round(seconds, 3), after=after)


def _behind(job: Job, which: Which, where: str) -> str:
    """The id of the clip that something new follows, "first" for the front."""
    clip, clips = job.clip(which), [other.id for other in job.film.clips]
    if where == "after":
        return clip.id
    place = clips.index(clip.id)
    return clips[place - 1] if place else "first"


_FASTER = r"\b(?:faster|slower|quicker|twice as|half as|speed (?:\w+ ){0,4}?up|slow (?:\w+ ){0,4}?down)\b"  # than now
_TO_A_SPEED = (
    r"\b(?:normal|original|usual|regular|real time|(?:at|to) (?:half|double|full|twice)|slow ?-?motion|speed of)\b"
)


def speed(job: Job) -> None:
    """Comparatives are of the speed that it has: what was slowed down and is made twice as fast is as it was."""
    film, wish = job.see(), job.wish
    if any(w.it for w in wish.pieces) and not job.spoken_of(wish.pieces[0]):
        clips = film.clips  # "make it faster", before anything was spoken of: the film
    else:
        clips = [piece for piece in job.pieces(*wish.pieces, many=False) if piece.kind == "clip"]
    more = re.search(_FASTER, wish.words.casefold()) and not re.search(_TO_A_SPEED, wish.words.casefold())
    factors = [round((clip.speed if more else 1.0) * (wish.value or 1.0), 4) for clip in clips]
    job.hands.all([("speed", {"clip": clip.id, "factor": f}) for clip, f in zip(clips, factors, strict=True)])


def fade(job: Job) -> None:
    film, wish = job.see(), job.wish
    if wish.name:
        if wish.name in ("out", "both") and film.clips:  # the last one fades to black
            job.hands.call("fade", clip=film.clips[-1].id, seconds=wish.value)
        if wish.name in ("in", "both"):
            raise Trouble("fading in from black can't be done with these tools; fading out to black can")
        return
    clips = film.clips[:-1]
    if not wish.pieces[0].every:
        clips = [job.clip(wish.pieces[0])]
        if clips[0].id == film.clips[-1].id and len(film.clips) > 1:
            clips = [film.clips[-2]]  # into the last shot
    job.hands.all([("fade", {"clip": clip.id, "seconds": wish.value}) for clip in clips if clip.fade != wish.value])


def frame(job: Job) -> None:
    job.see()
    wish = job.wish
    size: dict[str, Any] = {"aspect": wish.name or None}
    if not wish.name and wish.size is None:  # only how it is to be framed
        size = {"width": job.film.size[0], "height": job.film.size[1]}
    if wish.size is not None:
        size = {"width": wish.size[0], "height": wish.size[1]}
    said = job.hands.call("frame", **size, fit=wish.place or None).answer
    for part in said.split("; "):
        if "anew" in part or " loses " in part or "cropped" in part:
            job.tell(reasons_told(part))


def fit(job: Job) -> None:
    film, wish = job.see(), job.wish
    seen = film.piece(job.spoken_of(Which(kind="any", it=True))) if wish.name == "it" else None
    if seen is not None and (wish.value or 0.0) < film.seconds / 2:  # "make it 2 s long": the shot, or text, spoken of
        if seen.kind == "clip":
            job.hands.call("trim", clip=seen.id, seconds=wish.value)
            return
        if seen.kind == "text":
            job.hands.call("retext", id=seen.id, end=min(film.seconds, seen.start + (wish.value or 0.0)))
            return
    seconds = wish.value or film.seconds
    keep: dict[str, Any] = {}
    if job.hands.takes("fit_length", "keep"):
        kept = job.pieces(*wish.pieces, many=False) if wish.pieces else []
        kept += [piece for piece in film.pieces if job.protected(piece) and piece not in kept]
        keep = {"keep": [piece.id for piece in kept]} if kept else {}
    done = job.hands.call("fit_length", seconds=seconds, **keep)
    for _ in range(MOST_NEW):  # new shots that the answer spells out
        spelled = re.findall(_NEW_SHOT, done.answer, re.M)
        if not spelled or job.rules.ask_first or not job.hands.has("generate"):
            break
        for what, length, after, size in spelled:
            sized = {"size": size} if job.hands.takes("generate", "size") else {}
            job.hands.call("generate", what=what, seconds=float(length), after=after, **sized)
        done = job.hands.call("fit_length", seconds=seconds, **keep)
    missing = re.search(r"about (\d+) new shots? of ([\d.]+) s", done.answer)
    if missing is None:
        return
    if job.rules.ask_first or not job.hands.has("generate"):
        raise Trouble(
            f"the film is too short for {seconds:g} s: {missing[0]} would have to be shot; nothing was changed"
        )
    what = next((clip.words for clip in reversed(film.clips)), "")
    subject = _subject(what) or _subject(job.turns[0].words)
    if not subject:
        raise Trouble(
            f"the film is too short for {seconds:g} s and I don't know what more to shoot ({missing[0]}); say "
            "what it should show"
        )
    for _ in range(int(missing[1])):
        job.hands.call("generate", what=subject, seconds=float(missing[2]))
    job.hands.call("fit_length", seconds=seconds, **keep)


def _subject(words: str) -> str:
    try:
        return read_brief(words).beats[0].text
    except BriefError:
        return ""


def unprotected(job: Job, pieces: list[Seen]) -> list[Seen]:
    kept = [piece for piece in pieces if job.protected(piece)]
    if kept:
        job.tell(f"{', '.join(p.id for p in kept)} stayed, as you had said")
    return [piece for piece in pieces if piece not in kept]
