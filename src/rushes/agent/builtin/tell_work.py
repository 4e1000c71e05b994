"""Answers about the work: takes and why there are several, faults, loudness, what is finished, money, time, files."""

from __future__ import annotations

import re
from pathlib import PurePath

from rushes.agent.builtin.abilities import ME
from rushes.agent.builtin.answers import FilmSeen, Seen, find, read_estimate, read_findings
from rushes.agent.builtin.fault_words import faults_told, reasons_told
from rushes.agent.builtin.hands import Done
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.known import Known, ShotKnown, TakeKnown, read_films, shot_of, take_of
from rushes.agent.builtin.telling import MUSIC, counted, first_up, in_seconds, joined, named, span_told

SILENT = -70.0  # LUFS; a film under this is not heard
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


def faults(job: Job, known: Known) -> str:
    """What an audit finds, in all of the film or in what is named."""
    film, asked = known.film, job.wish.words.casefold()
    if film.planned:
        short = _measured_film(job).partition("falls short: ")[2]
        rendered = (
            f"The rendered film falls short: {short}"
            if short
            else "The rendered film was measured, and nothing fell short"
        )
        return rendered if film.rendered else "Nothing is cut yet, so nothing can be checked"
    findings = read_findings(job.hands.call("inspect").answer, job.hands.tools)
    about = _pieces_meant(job, known)
    if about:
        ids = {piece.id for piece in about}
        findings = [f for f in findings if f.id in ids or any(re.search(rf"\b{id}\b", f.line) for id in ids)]
    where = f" with {joined([named(piece, film) for piece in about])}" if about else ""
    taste = re.search(r"\b(?:good|like|think|quality|nice)\b", asked)
    judge = ". Whether it is good only you can tell" if taste else ""
    if not findings:
        return f"I find nothing wrong{where}: pictures, sound, texts and order were checked{judge}"
    mends = any(finding.mend is not None for finding in findings)
    more = ". Say 'fix it', and I mend what can be mended" if mends else ""
    return f"{first_up(counted(len(findings), 'thing'))} {'is' if len(findings) == 1 else 'are'} wrong{where}. " + (
        faults_told(findings, film) + more + judge
    )


def _pieces_meant(job: Job, known: Known) -> list[Seen]:
    told = {clip.id: known.words(clip) for clip in known.film.clips}
    pointed = [which for which in job.wish.pieces if which.pointed or which.kind in ("text", "sound")]
    return [piece for which in pointed for piece in find(which, known.film, told)]


def loudness(job: Job, known: Known) -> str:
    if known.film.planned and not known.film.rendered:
        return "Nothing is cut yet, so nothing can be measured"
    answer = _measured_film(job) if known.film.planned else job.hands.call("measure").answer
    level = re.search(r"(-?[\d.]+) LUFS, peak (-?[\d.]+) dBTP", answer)
    if level is None or float(level[1]) < SILENT:
        return "Measured of the whole film: it is silent"
    beds = [sound for sound in known.film.of("sound") if sound.words.startswith(MUSIC)]
    asked = beds and re.search(r"\b(?:music|song|track)\b", job.wish.words.casefold())
    bed = f"The music is set to {beds[0].gain:+g} dB. " if asked else ""
    wanted = known.film.lufs
    target = f"; it is brought to {wanted:g} LUFS" if wanted is not None else ""
    figures = f"{float(level[1]):g} LUFS, with peaks of {float(level[2]):g} dBTP"
    return f"{bed}Measured of the whole film: {figures}{target} (-14 is usual on the web, -23 in broadcasting)"


def _measured_film(job: Job) -> str:
    """What was measured of the newest rendered film; empty where there is none."""
    films, _ = read_films(job.hands.call("board", of="films").answer)
    return films[-1].measured if films else ""


def measured(film: FilmSeen, answer: str) -> str:
    """All that `measure` answers, in words."""
    spans = {name: re.findall(r"([\d.]+)-([\d.]+)", line)
             for name, line in re.findall(r"^(black|frozen|silent): (.+)$", answer, re.MULTILINE)}  # fmt: skip
    level = re.search(r"(-?[\d.]+) LUFS, peak (-?[\d.]+) dBTP", answer)
    heard = level is not None and float(level[1]) > SILENT
    loud = f"{float(level[1]):g} LUFS, peaks of {float(level[2]):g} dBTP" if level and heard else "silent"
    told = [
        f"{name} from {joined([span_told(float(a), float(b)) for a, b in found])}"
        for name, found in spans.items()
        if found
    ]
    whole = "" if told else "; nothing is black, frozen or silent"
    return "; ".join([f"Measured: {in_seconds(film.seconds)}, {loud}", *told]) + whole


def finished(job: Job, known: Known) -> str:
    """Whether all is shot and cut, and what is found wrong."""
    film = known.film
    unshot = [shot for shot in known.shots if not shot.given and not shot.takes]
    if film.planned and not film.rendered:
        missing = f", {counted(len(unshot), 'shot')} of it not shot yet" if unshot else ", and shot"
        return (
            f"Not yet: a film of {counted(len(film.clips), 'shot')} and {in_seconds(film.seconds)} is planned{missing}"
        )
    if unshot:
        told = joined([shot.text for shot in unshot[:3]])
        return f"Not yet: {counted(len(unshot), 'shot')} {'is' if len(unshot) == 1 else 'are'} not shot ({told})"
    made = "made and rendered" if film.rendered else "all shot and cut"
    said = f"{counted(len(film.clips), 'shot')}, {in_seconds(film.seconds)}, {made}"
    found = faults(job, known) if job.hands.has("inspect") else ""
    return f"{'As far as it goes' if ' wrong. ' in found or 'falls short' in found else 'Yes'}: {said}. {found}".rstrip(
        ". "
    )


def money(job: Job) -> str:
    """What was spent, what may be, and what the rest would cost."""
    answer = job.hands.call("estimate").answer
    return money_told(answer, job.rules.cap, asked=job.wish.words.casefold())


def money_told(answer: str, cap: float | None, asked: str = "") -> str:
    spent = re.search(r"spent so far: \$([\d.]+)(?:, (\d+) s of work)?", answer)
    price, gone = read_estimate(answer, cap), float(spent[1]) if spent else 0.0
    told = f"${gone:.2f} was spent so far" if gone else "Nothing was spent so far"
    told += f" ({spent[2]} s of work)" if spent and spent[2] else ""
    if cap is not None:
        kept = gone <= cap
        left = f"${cap - gone:.2f} are left" if kept else f"${gone - cap:.2f} too much"
        told += f"; you allow ${cap:.2f}, {left}"
        if re.search(r"\b(?:keep|kept|within|over|under|exceed\w*|stay\w*)\b", asked):
            told = f"{'No' if kept == bool(re.search(r'over|exceed', asked)) else 'Yes'}: {told[:1].lower()}{told[1:]}"
    elif re.search(r"\b(?:budget|left)\b", asked):
        told += "; no budget was set: say 'spend at most 5 dollars' to set one"
    if price.takes:
        cost = f"${price.usd:.2f}" if price.usd else "nothing"
        enough = "" if price.enough else f", more than may be spent: it pays for {price.affordable}"
        told += f"; what is not shot yet, {counted(price.takes, 'take')}, costs {cost}{enough}"
    return told


def work(job: Job) -> str:
    """How long the work took. Nobody knows how long more of it will take."""
    ahead = re.search(r"\b(?:will|would|does|do)\b", job.wish.words.casefold())
    spent = re.search(r"(\d+) s of work$", job.hands.call("estimate").answer, re.MULTILINE)
    first = "How long more will take I can't tell. " if ahead else ""
    past = f"It took {spent[1]} s of work so far: shooting, cutting and measuring" if spent else ""
    return f"{first}{past}" or "I can't see how long the work took"


def file(job: Job) -> str:
    """Where the rendered film lies."""
    if not job.hands.takes("board", "of"):
        return "I can't see files here; say 'export mp4' and I write one"
    films, folder = read_films(job.hands.call("board", of="films").answer)
    usual = str(PurePath(folder).with_suffix(".mp4")) if folder else "the project"
    written = f"rushes direct writes it when the command ends: {usual}, unless --out names another place"
    last = next((film for film in reversed(films) if film.path), None)
    if last is None:
        return f"No file was written yet; {written}"
    state = "it is as the film is now" if last.newest else f"the film was changed since; {written}"
    return f"The file is {last.path} ({in_seconds(last.seconds)}); {state}"


def shots_that_fall_short(calls: list[Done], film: FilmSeen) -> str:
    """Of takes that were made just now, those that the critic does not accept; empty where all are good enough."""
    told = []
    for done in calls:
        found = re.search(r"(take-\d+)(?: of (shot-\d+))?: ([\d.]+), falls short[.,]? ?(.*)", done.answer)
        if found is None or not done.ok:
            continue
        clip = next((c for c in film.clips if found[2] and shot_of(c) == found[2]), None)
        name = named(clip, film) if clip is not None else "the new shot"
        told.append(f"{name} ({reasons_told(found[4].partition('; clip')[0])})")
    return "" if not told else f"{'this take falls' if len(told) == 1 else 'these takes fall'} short: {'; '.join(told)}"
