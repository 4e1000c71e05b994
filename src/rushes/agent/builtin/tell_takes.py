"""Answers about takes: how many, which shots were shot again and why, which fall short, and who shot them."""

from __future__ import annotations

import re

from rushes.agent.builtin.abilities import ME
from rushes.agent.builtin.answers import find
from rushes.agent.builtin.fault_words import reasons_told
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.known import Known, ShotKnown, TakeKnown, shot_of, take_of
from rushes.agent.builtin.telling import counted, first_up, joined, named

OFTEN = {2: "twice"}


def takes(job: Job, known: Known) -> str:
    """How many there are, which shots were shot again and why, and which takes that are shown fall short."""
    film = known.film
    shots = _shots_meant(job, known)
    if not any(shot.takes for shot in shots):
        own = "every shot is your own material" if known.shots or film.clips else "there is no film yet"
        return f"Nothing was shot: {own}"
    total = sum(len(shot.takes) for shot in shots)
    parts = [f"{counted(total, 'take')} of {counted(len([shot for shot in shots if shot.takes]), 'shot')}"]
    again = [shot for shot in shots if len(shot.takes) > 1]
    parts += [_shot_again(job, known, shot) for shot in again]
    parts += [] if again else ["none was shot again"]
    scores = [
        take.score for shot in shots for take in shot.takes if take.verdict == "accepted" and take.score is not None
    ]
    if scores and not again:
        span = f"{min(scores):.2f}" if min(scores) == max(scores) else f"{min(scores):.2f} to {max(scores):.2f}"
        parts.append(f"{'it scores' if len(scores) == 1 else f'{len(scores)} are good enough, scoring'} {span} of 1")
    short = [clip for clip in film.clips if (take := known.take(clip)) and take.verdict == "rejected"]
    short = [clip for clip in short if known.shot(clip) in shots and known.shot(clip) not in again]
    parts += [f"the take of {named(clip, film)} falls short ({_why(known.take(clip))})" for clip in short]
    return first_up("; ".join(parts))


def _shots_meant(job: Job, known: Known) -> list[ShotKnown]:
    told = {clip.id: known.words(clip) for clip in known.film.clips}
    clips = [clip for which in job.wish.pieces if which.kind == "clip" and which.pointed and not which.every
             for clip in find(which, known.film, told)]  # fmt: skip
    return [shot for clip in clips if (shot := known.shot(clip))] or [shot for shot in known.shots if not shot.given]


def _shot_again(job: Job, known: Known, shot: ShotKnown) -> str:
    """Such as: the first shot was shot twice: take 1 fell short (it is black), take 2 is in the film (0.98 of 1)."""
    film = known.film
    clips = [clip for clip in film.clips if shot_of(clip) == shot.id]
    name = named(clips[0], film) if clips else f"a shot that is not in the film ({shot.text})"
    used = {take_of(clip) for clip in clips}
    told = []
    for number, take in enumerate(shot.takes, 1):
        asked = _asked_for(job, take) if number > 1 and shot.takes[number - 2].verdict != "rejected" else ""
        judged = f"fell short ({_why(take)})" if take.verdict == "rejected" else f"is good enough{_score(take)}"
        where = " and is in the film" if take.id in used else ""
        told.append(f"take {number} {judged}{where}{f', made since you said {asked!r}' if asked else ''}")
    often = OFTEN.get(len(told), f"{len(told)} times")
    return f"{name} was shot {often}: {', '.join(told)}"


def _asked_for(job: Job, take: TakeKnown) -> str:
    """The user's words for which a take was made."""
    made = [
        turn for turn in job.turns[:-1] if any(re.search(rf"\b{take.id}\b", d.answer) and d.changes for d in turn.done)
    ]
    return made[0].words.strip()[:80] if made else ""


def _why(take: TakeKnown | None) -> str:
    return reasons_told(take.reasons if take is not None else "")


def _score(take: TakeKnown) -> str:
    return "" if take.score is None else f" ({take.score:.2f} of 1)"


def model(job: Job, known: Known) -> str:
    makers: dict[str, list[str]] = {}
    for clip in known.film.clips:
        take = known.take(clip)
        makers.setdefault(take.model if take is not None else "", []).append(named(clip, known.film))
    own = makers.pop("", [])
    whose = {model: "all of it" if len(makers) == 1 and not own else joined(clips) for model, clips in makers.items()}
    told = [f"{clips} was shot by {model}" for model, clips in whose.items()]
    told += [f"{joined(own)} {'is' if len(own) == 1 else 'are'} your own material"] if own else []
    drawn = " (the animatic draws the plan itself, with no trained model)" if "animatic" in " ".join(makers) else ""
    return f"{first_up(joined(told))}{drawn}. {ME}"
