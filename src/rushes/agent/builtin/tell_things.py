"""Answers about who and what is to be seen: who is in it, in which colour, when, how often.

They go by what the shots were planned to show; of the user's own material only names are known. Where the critic found
that a take shows something else, that is said.
"""

from __future__ import annotations

import re

from rushes.agent.builtin.answers import Seen, cards_of, find, shows
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.known import Known
from rushes.agent.builtin.tell_film import picture, short_fall
from rushes.agent.builtin.telling import counted, first_up, in_seconds, in_words, joined, named, shown, span_told
from rushes.agent.lexicon import find_kind
from rushes.agent.words import COLORS

MOST_SPANS = 6  # places on the film that are told of


def cards(job: Job, known: Known) -> str:
    """Which plain pictures, black or with a text on them, were put between the shots."""
    colour = next((word for word in ("black", "white") if word in job.wish.words.casefold()), "")
    found = cards_of(known.film.pieces, f"{colour} card".strip())
    if not found:
        return f"There is no {colour or 'plain'} screen or card; 'check the film' finds what is black within the shots"
    told = [f"a {card.words} from {span_told(card.start, card.end)}" for card in found[:MOST_SPANS]]
    return f"There is {joined(told)}" if len(found) == 1 else f"There are {joined(told)}"


def things(job: Job, known: Known) -> str:
    asked = job.wish.words.casefold()
    names = [name for name in job.wish.topic.split(",") if name]
    within = _within(job, known, names)
    if not names:
        return _everybody(job, known, within)
    return ". ".join(_about(job, known, name, within, asked) for name in names)


def setting(job: Job, known: Known) -> str:
    """Where, when and in what weather the shots play."""
    film, clips = known.film, _within(job, known, [])
    told: dict[str, list[str]] = {}
    for clip in clips:
        shot = known.shot(clip)
        place = shot.place if shot is not None else ""
        told.setdefault(place or "nothing is known of it", []).append(named(clip, film))
    return first_up("; ".join(f"{joined(names)}: {place}" for place, names in told.items())) + short_fall(known, clips)


def _within(job: Job, known: Known, names: list[str]) -> list[Seen]:
    """The shots that the question is about; all of them where it names none."""
    whole = [which for which in job.wish.pieces if which.kind == "clip" and which.thing not in names and not which.it]
    found = [clip for which in whole for clip in find(which, known.film, {}) if clip.kind == "clip"]
    return found or known.film.clips


def _everybody(job: Job, known: Known, clips: list[Seen]) -> str:
    """Who is in each of the shots."""
    film = known.film
    told: dict[str, list[str]] = {}
    for clip in clips:
        shot = known.shot(clip)
        for who in shot.who if shot is not None else ():
            told.setdefault(a(who), []).append(named(clip, film))
    if not told:
        names = joined([f"{named(clip, film)} is {shown(clip)}" for clip in clips[:MOST_SPANS]])
        return f"Who is in it I can't tell: {names}{_looked(job, clips)}"
    if len(clips) == 1:
        return f"In {named(clips[0], film)}: {joined(list(told))} ({shown(clips[0])}){short_fall(known, clips)}"
    parts = [f"{who} ({joined(list(dict.fromkeys(places)))})" for who, places in told.items()]
    return first_up(joined(parts)) + short_fall(known, clips)


def _about(job: Job, known: Known, name: str, within: list[Seen], asked: str) -> str:
    film = known.film
    found = [clip for clip in within if shows(name, known.words(clip))]
    texts = [text for text in film.of("text") if shows(name, text.words)]
    if not found:
        return _nowhere(known, name, within, texts)
    looks = _looks(known, name, found)
    if re.search(r"\bcolou?rs?\b", asked):
        return _colour(job, known, name, found, looks)
    places = joined([f"{named(clip, film)} ({span_told(clip.start, clip.end)})" for clip in found[:MOST_SPANS]])
    more = f" and {len(found) - MOST_SPANS} more" if len(found) > MOST_SPANS else ""
    short = short_fall(known, found)
    who = joined(list(looks)) or name
    if re.match(r".*\b(?:how often|how many times|twice|two times|three times|again|once)\b", asked):
        times = {"twice": 2, "two times": 2, "three times": 3, "once": 1}
        wanted = next((count for words, count in times.items() if words in asked), 0)
        yes = "" if not wanted else "Yes: " if wanted == len(found) else "No: "
        some = f"{in_words(len(found))} of {counted(len(film.clips), 'shot')}"
        return first_up(f"{yes}{who} is in {some}: {places}{more}{short}")
    if re.match(r".*\b(?:when|what time|which second|come|comes|appears?|turns? up)\b", asked):
        later = f", and again in {joined([named(clip, film) for clip in found[1:MOST_SPANS]])}" if found[1:] else ""
        first = f"at {in_seconds(found[0].start)}, with {named(found[0], film)}: {shown(found[0])}"
        return first_up(f"{who} comes in {first}{later}{short}")
    colours = [word for word in re.findall(r"[a-z]+", asked) if word in COLORS]
    wrong = colours and looks and not any(COLORS[colour] in look.split() for colour in colours for look in looks)
    if re.search(r"^\W*(?:\w+,? )?(?:is|are|do|does|did|was|were|has|have|can)\b", asked):
        yes = "Not so: there is" if wrong else "Yes:"
        return f"{yes} {who}, in {places}{more}{short}"
    return first_up(f"{who} is in {places}{more}{short}")


def _looks(known: Known, name: str, clips: list[Seen]) -> dict[str, list[Seen]]:
    """How those of this name look, and the shots in which they do: "a blue boat"."""
    found: dict[str, list[Seen]] = {}
    for clip in clips:
        shot = known.shot(clip)
        for who in shot.who if shot is not None else ():
            if shows(name, who):
                found.setdefault(a(who), []).append(clip)
    return found


def _colour(job: Job, known: Known, name: str, found: list[Seen], looks: dict[str, list[Seen]]) -> str:
    film = known.film
    if not looks:
        return f"No colour was planned for {name!r}, which is in {joined([named(c, film) for c in found])}" + _looked(
            job, found
        )
    told = {who: re.sub(rf" ({'|'.join(_kinds_of(who))})\b", "", who.partition(" ")[2] or who) for who in looks}
    if len(told) == 1:
        return f"The {name} is {next(iter(told.values()))}{short_fall(known, found)}"
    parts = [f"{colour} in {joined([named(c, film) for c in looks[who]])}" for who, colour in told.items()]
    return f"The {name} is {joined(parts)}{short_fall(known, found)}"


def _kinds_of(who: str) -> list[str]:
    return [word for word in who.split() if find_kind(word) is not None and word not in COLORS] or ["\0"]


def _nowhere(known: Known, name: str, within: list[Seen], texts: list[Seen]) -> str:
    film = known.film
    where = "in the film" if len(within) == len(film.clips) else f"in {joined([named(clip, film) for clip in within])}"
    told = [f"{named(text, film)} names it ({span_told(text.start, text.end)})" for text in texts]
    others = list(dict.fromkeys(a(who) for clip in within if (shot := known.shot(clip)) for who in shot.who))
    there = f"; there is {joined(others)}" if others else ""
    only = "" if all(known.shot(clip) for clip in within) else "; of your own material I know only the names"
    return f"No, I know of no {name} {where}{'; ' + joined(told) if told else ''}{there}{only}"


def _looked(job: Job, clips: list[Seen]) -> str:
    """What is measured in the middle of the first of these shots."""
    seen = picture(job, (clips[0].start + clips[0].end) / 2) if clips else ""
    return f". Measured, {named(clips[0], job.film)} is {seen}" if seen else ""


def a(who: str) -> str:
    return f"{'an' if who[:1] in 'aeiou' else 'a'} {who}"
