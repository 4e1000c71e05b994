"""Answers about the film as it stands: how long it is, what shows when, its texts, sounds, shape and transitions."""

from __future__ import annotations

import re

from rushes.agent.builtin.answers import FilmSeen, Seen, find
from rushes.agent.builtin.ask_film import ASPECTS, aspect_of
from rushes.agent.builtin.fault_words import reasons_told
from rushes.agent.builtin.hands import Trouble
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.known import Known
from rushes.agent.builtin.marks import mark
from rushes.agent.builtin.telling import (
    MUSIC,
    PLACES,
    counted,
    fades_told,
    film_told,
    first_up,
    in_seconds,
    joined,
    named,
    quoted,
    shown,
    sound_told,
    span_told,
    text_told,
)

_HIGH = {"4k": 2160, "full hd": 1080, "hd": 720}  # pixels of the shorter side
MOST_NAMED = 6  # pieces that are told of where only some were asked for


def contents(job: Job, known: Known) -> str:
    pieces = _named(job, known, "clip")
    return _each(known, pieces) if pieces else film_told(known.film)


def piece(job: Job, known: Known) -> str:
    """What is known of the pieces that are named."""
    return _each(known, _named(job, known)) or film_told(known.film)


def _named(job: Job, known: Known, kind: str = "") -> list[Seen]:
    """The pieces that the question names, each once. Raises Trouble for one that is not there."""
    found: list[Seen] = []
    told = {clip.id: known.words(clip) for clip in known.film.clips}
    for which in job.wish.pieces:
        if kind and which.kind not in (kind, "any"):
            continue
        pieces = find(which, known.film, told)
        if not pieces and (which.number or which.quote or which.name or which.place):
            what = {"clip": "shot", "text": PLACES.get(which.place, "text"), "sound": "sound"}.get(which.kind, "piece")
            there = counted(len(known.film.of(which.kind)), what)
            raise Trouble(f"there is no such {what}: the film has {there}")
        found += pieces
    return list({each.id: each for each in found}.values())


def _each(known: Known, pieces: list[Seen]) -> str:
    return ". ".join(_told(known, each) for each in pieces[:MOST_NAMED])


def _told(known: Known, each: Seen) -> str:
    film = known.film
    if each.kind == "text":
        return first_up(text_told(each, film))
    if each.kind == "sound":
        return first_up(sound_told(each))
    place = f"{named(each, film)} ({in_seconds(each.seconds)}, from {span_told(each.start, each.end)}): {shown(each)}"
    return first_up(place) + short_fall(known, [each])


def short_fall(known: Known, clips: list[Seen]) -> str:
    """What the critic measured against the takes that are shown, to stand behind what was planned."""
    takes = [(clip, take) for clip in clips if (take := known.take(clip)) is not None and take.verdict == "rejected"]
    if not takes:
        return ""
    told = [f"{named(clip, known.film)}: {reasons_told(take.reasons)}" for clip, take in takes[:MOST_NAMED]]
    which = "its take falls" if len(takes) == 1 else "their takes fall"
    why = reasons_told(takes[0][1].reasons) if len(takes) == 1 else "; ".join(told)
    return f". So it was planned; {which} short ({why})"


def length(job: Job, known: Known) -> str:
    film, pieces = known.film, _named(job, known)
    thing = next((which.thing for which in job.wish.pieces if which.thing), "")
    clips = [each for each in pieces if each.kind == "clip"]
    if thing and len(clips) > 1:
        seconds, said = sum(clip.seconds for clip in clips), f"{counted(len(clips), 'shot')} with the {thing}"
        return f"{first_up(said)}: {joined([in_seconds(clip.seconds) for clip in clips])}, {in_seconds(seconds)} in all"
    if pieces:
        return ". ".join(_length_of(each, film) for each in pieces[:MOST_NAMED])
    if thing:
        return f"Nothing is known of {thing!r} in the film; {film_told(film)}"
    frames = f", {round(film.seconds * film.fps)} frames" if "frame" in job.wish.words.casefold() else ""
    lasts = f"It lasts {in_seconds(film.seconds)}{frames}"
    return f"{_compared(job, film.seconds)}{lasts} ({counted(len(film.clips), 'shot')})"


def _length_of(each: Seen, film: FilmSeen) -> str:
    verb = {"clip": "lasts", "text": "stands for", "sound": "plays for"}[each.kind]
    return f"{first_up(named(each, film))} {verb} {in_seconds(each.seconds)} (from {span_told(each.start, each.end)})"


def _compared(job: Job, seconds: float) -> str:
    """Yes or no, where a length is asked about: "is it longer than 10 s"."""
    asked = re.search(r"\b(longer|over|more|shorter|under|less)\b(?: than)? \{t([\d.]+)", mark(job.wish.words).text)
    if asked is None:
        return ""
    limit = float(asked[2])
    holds = seconds > limit if asked[1] in ("longer", "over", "more") else seconds < limit
    return "Yes. " if holds else "No. "


def moment(job: Job, known: Known) -> str:
    """What shows at a second, or between two: by the timeline, and what is measured in the picture."""
    film, span = known.film, job.wish.span
    start, end = span.on(film.fps, 0.0, film.seconds, 0.0) if span is not None else (0.0, 0.0)
    if start >= film.seconds:
        return f"Nothing: the film is over by then, it lasts {in_seconds(film.seconds)}"
    end = end if end > start + 1.5 / film.fps else start
    clips = [clip for clip in film.clips if clip.start <= max(start, end - 1e-6) and clip.end > start]
    over = [text_told(text, film) for text in film.of("text") if text.start <= end and text.end > start]
    over += [sound_told(sound) for sound in film.of("sound") if sound.start <= end and sound.end > start]
    each = [f"{named(clip, film)}, {shown(clip)} ({span_told(clip.start, clip.end)})" for clip in clips]
    told = ", crossfading into ".join(each) if end == start else joined(each)
    when = f"At {in_seconds(start)}" if end == start else f"From {span_told(start, end)}"
    seen = picture(job, start) if end == start and not film.planned else ""
    return f"{when}: {'; '.join([told, *over])}{f'. The picture is {seen}' if seen else ''}"


def picture(job: Job, at: float) -> str:
    """What is measured in the picture at a second of the film; empty where nobody can look."""
    if not job.hands.has("look"):
        return ""
    answer = job.hands.ask("look", at=at)
    job.hands.errors.clear()
    return "" if answer.startswith("error:") else seen_in(answer)


def seen_in(answer: str) -> str:
    """Of what `look` answers, what a person can use: "mostly blue, bright, it moves"."""
    caption = answer.partition("\n")[0].partition(": ")[2]
    caption = re.sub(r" \(\d+ of 255\)|, sharpness [\d.]+|(?<=moves) \(\d+\)", "", caption)
    return caption.strip(" .")


def extremes(job: Job, known: Known) -> str:
    film, longest = known.film, "longest" in job.wish.words.casefold()
    kind = "text" if any(which.kind == "text" for which in job.wish.pieces) else "clip"
    pieces = film.of(kind)  # type: ignore[arg-type]
    if not pieces:
        return f"There is no {'text' if kind == 'text' else 'shot'} in the film"
    limit = (max if longest else min)(each.seconds for each in pieces)
    best = [each for each in pieces if abs(each.seconds - limit) < 0.5 / film.fps]
    if len(best) == len(pieces) > 1:
        return f"All {len(pieces)} are equally long: {in_seconds(limit)}"
    which = "longest" if longest else "shortest"
    who = joined([f"{named(each, film)}{'' if kind == 'text' else f' ({shown(each)})'}" for each in best])
    return f"{first_up(who)}: {in_seconds(limit)}, the {which} of {len(pieces)}"


def beside(job: Job, known: Known) -> str:
    """The shot before or behind the one that is named."""
    film = known.film
    named_ones = [each for each in _named(job, known) if each.kind == "clip"]
    if not named_ones:
        return film_told(film)
    forward = re.search(r"\bbefore\b", job.wish.words.casefold()) is None
    here = named_ones[-1 if forward else 0]
    place = film.clips.index(here) + (1 if forward else -1)
    if not 0 <= place < len(film.clips):
        return f"Nothing: {named(here, film)} is the {'last' if forward else 'first'} one"
    return _told(known, film.clips[place])


def ends(job: Job, known: Known) -> str:
    """How the film begins, or ends."""
    film, asked = known.film, job.wish.words.casefold()
    parts = []
    if re.search(r"\b(?:beg[ia]n\w*|start\w*|open\w*|first)\b", asked):
        black = f"out of black ({in_seconds(film.from_black)}) " if film.from_black else ""
        texts = [text_told(text, film) for text in film.of("text") if text.start < 0.75]
        parts.append(f"It begins {black}with {_joined_to(known, film.clips[0], texts)}")
    if re.search(r"\b(?:end\w*|finish\w*|clos\w+|last)\b", asked) or not parts:
        texts = [text_told(text, film) for text in film.of("text") if text.end > film.seconds - 0.25]
        black = f", and fades to black ({in_seconds(film.to_black)})" if film.to_black else ""
        parts.append(f"It ends with {_joined_to(known, film.clips[-1], texts, black)}")
    return ". ".join(parts)


def _joined_to(known: Known, clip: Seen, texts: list[str], black: str = "") -> str:
    told = f"{named(clip, known.film)}: {shown(clip)} ({span_told(clip.start, clip.end)})"
    return "; ".join([told, *texts]) + black + short_fall(known, [clip])


def texts(job: Job, known: Known) -> str:
    film, asked = known.film, job.wish.words.casefold()
    place = next((place for place, name in PLACES.items() if re.search(rf"\b{name}s?\b", asked)), "")
    quotes = [which for which in job.wish.pieces if which.quote]
    found = _named(job, known, "text") if quotes else [t for t in film.of("text") if place in ("", t.place)]
    numbers = [which for which in job.wish.pieces if which.kind == "text" and which.number]
    found = find(numbers[0], film, {}) or found if numbers and not quotes else found
    if not found:
        others = f"; there is {joined([text_told(text, film) for text in film.of('text')])}" if film.of("text") else ""
        name = PLACES.get(place, "text")
        return f'There is no {name} in the film{others}. Say: put the {name} "HELLO" on from 0 to 2 s'
    if re.search(r"\bhow many\b", asked):
        noun = PLACES.get(place, "text")
        return (
            f"{first_up(counted(len(found), noun))}: {joined([text_told(text, film) for text in found[:MOST_NAMED]])}"
        )
    told = [_says(text, film) for text in found[:MOST_NAMED]]
    more = f". {first_up(counted(len(found) - MOST_NAMED, 'more text'))}" if len(found) > MOST_NAMED else ""
    return ". ".join(told) + more


def _says(text: Seen, film: FilmSeen) -> str:
    size = f", {text.size:g} times the usual size" if text.size != 1 else ""
    told = text_told(text, film).partition(quoted(text))[2]
    return f"The {PLACES[text.place]} says {quoted(text)},{told}{size}"


def sounds(job: Job, known: Known) -> str:
    film, asked = known.film, job.wish.words.casefold()
    clips = [each for each in _named(job, known, "clip") if each.kind == "clip"]
    if clips:
        return _heard_in(job, known, clips[0])
    every = film.of("sound")
    music = [sound for sound in every if sound.words.startswith(MUSIC)]
    voices = [sound for sound in every if sound.words.startswith("voice")]
    if re.search(r"\b(?:narrat\w+|voice\w*|speak\w*|spoken|talk\w*|says?)\b", asked):
        if not voices:
            return 'Nobody speaks in it. Say: narrate "Once upon a time" at 1 s'
        return first_up(joined([sound_told(sound) for sound in voices]))
    if re.search(r"\b(?:music|song|track|soundtrack|tune|melody|bed|mood)\b", asked):
        if not music:
            return "There is no music in it. Say: add calm music"
        level = f", at {music[0].gain:+g} dB" if music[0].gain else ""
        return f"There is {joined([sound_told(sound) for sound in music])}{level}"
    if not every:
        return "No music and no voice were put under it; only what the shots themselves sound like is heard"
    return first_up(joined([sound_told(sound) for sound in every]))


def _heard_in(job: Job, known: Known, clip: Seen) -> str:
    """What plays over a shot, by the timeline, and whether anything is heard, measured in the rendered film."""
    film = known.film
    over = [sound_told(sound) for sound in film.of("sound") if sound.start < clip.end and sound.end > clip.start]
    own = (
        "its own sound is mute" if clip.mute else f"its own sound is on{f' at {clip.gain:+g} dB' if clip.gain else ''}"
    )
    told = f"Over {named(clip, film)}: {joined(over) or 'neither music nor voice'}; {own}"
    if film.planned or not job.hands.has("measure"):
        return told
    silent = re.search(r"^silent: (.+)$", job.hands.call("measure").answer, re.MULTILINE)
    spans = [(float(a), float(b)) for a, b in re.findall(r"([\d.]+)-([\d.]+)", silent[1])] if silent else []
    within = [
        (max(span[0], clip.start), min(span[1], clip.end))
        for span in spans
        if span[0] < clip.end - 0.1 and span[1] > clip.start + 0.1
    ]
    heard = (
        f"silent from {joined([span_told(*span) for span in within])}" if within else "something is heard all the time"
    )
    return f"{told}. Measured: {heard}"


def count(job: Job, known: Known) -> str:
    film, asked = known.film, job.wish.words.casefold()
    if any(which.kind == "text" for which in job.wish.pieces):
        return texts(job, known)
    if any(which.kind == "sound" for which in job.wish.pieces):
        return sounds(job, known)
    if re.search(r"\bcuts\b", asked):
        return transitions(job, known)
    lengths = joined([in_seconds(clip.seconds) for clip in film.clips[:MOST_NAMED]])
    more = " ..." if len(film.clips) > MOST_NAMED else ""
    return f"{first_up(counted(len(film.clips), 'shot'))} ({lengths}{more}), {in_seconds(film.seconds)} in all"


def form(job: Job, known: Known) -> str:
    """Size, shape and frames a second."""
    film, asked = known.film, mark(job.wish.words).text
    width, height = film.size
    if not height:
        return "I can't see the size of the film here"
    shape = _shape(width, height)
    way = "wider than high" if width > height else "higher than wide" if height > width else "as wide as high"
    told = f"{width}x{height} pixels ({shape}{way}), {film.fps:g} frames a second"
    wanted = aspect_of(asked)
    least = next((size for name, size in _HIGH.items() if re.search(rf"\b{name}\b", asked)), 0)
    rate = re.search(r"\{n([\d.]+)\} (?:fps|frames)", asked)
    if rate:
        return f"{'Yes' if abs(float(rate[1]) - film.fps) < 0.1 else 'No'}: it is {told}"
    if least:
        return f"{'Yes' if min(width, height) >= least else 'No'}: it is {told}"
    if wanted and re.match(r"(?:is|are|isn't|aren't|do|does|will)\b", asked):
        across, down = (float(part) for part in wanted.split(":"))
        by_name = "{a" not in asked  # "vertical" is any shape that is higher than wide
        wide = across > down
        yes = abs(width / height / (across / down) - 1) < 0.02 or (by_name and across != down
            and (width > height) == wide and width != height)  # fmt: skip
        return f"{'Yes' if yes else 'No'}: it is {told}"
    return f"It is {told}"


def _shape(width: int, height: int) -> str:
    """Such as "16:9, " where it is one that has a name."""
    for name in ASPECTS:
        across, down = (float(part) for part in name.split(":"))
        if abs(width / height / (across / down) - 1) < 0.01:
            return f"{name}, "
    return ""


def transitions(job: Job, known: Known) -> str:
    film = known.film
    fades = [
        f"{named(one, film)} crossfades into {named(two, film)} for {in_seconds(one.fade)}"
        for one, two in zip(film.clips, film.clips[1:], strict=False)
        if one.fade
    ]
    hard = len(film.clips) - 1 - len(fades)
    if re.search(r"\bhow many\b", job.wish.words.casefold()):
        return first_up(f"{counted(hard, 'hard cut')} and {counted(len(fades), 'crossfade')}")
    parts = [joined(fades) if len(fades) <= MOST_NAMED else fades_told(film)]
    if hard > 0:
        parts.append(f"{counted(hard, 'hard cut')}{' besides' if fades else ', no crossfades'}")
    parts.append(f"it fades in from black for {in_seconds(film.from_black)}" if film.from_black else "")
    parts.append(f"it fades to black for {in_seconds(film.to_black)}" if film.to_black else "")
    told = "; ".join(part for part in parts if part)
    return first_up(told) or "There is one shot, with no fade at its beginning or end"
