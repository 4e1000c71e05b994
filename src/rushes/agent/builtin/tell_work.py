"""Answers about the work: faults, loudness, what is finished, money, time, files."""

from __future__ import annotations

import re
from pathlib import PurePath

from rushes.agent.builtin.answers import FilmSeen, Finding, Seen, find, read_estimate, read_findings
from rushes.agent.builtin.fault_words import faults_told
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.known import Known, read_films
from rushes.agent.builtin.telling import MUSIC, counted, first_up, in_seconds, joined, named, span_told

SILENT = -70.0  # LUFS; a film under this is not heard


def faults(job: Job, known: Known) -> str:
    """What an audit finds, in all of the film or in what is named; of a rendered plan, what was measured."""
    film, asked = known.film, job.wish.words.casefold()
    if film.planned and not film.rendered:
        return "Nothing is cut yet, so nothing can be checked"
    if film.planned:
        short = _measured_film(job).partition("falls short: ")[2]
        return (
            f"The rendered film falls short: {short}" if short else "It was measured when it was rendered: all is right"
        )
    about = _pieces_meant(job, known)
    findings = _findings(job, {piece.id for piece in about})
    where = f" with {joined([named(piece, film) for piece in about])}" if about else ""
    taste = re.search(r"\b(?:good|like|think|quality|nice)\b", asked)
    judge = ". Whether it is good only you can tell" if taste else ""
    if not findings:
        return f"I find nothing wrong{where}: pictures, sound, texts and order were checked{judge}"
    mends = any(finding.mend is not None for finding in findings)
    more = ". Say 'fix it', and I mend what can be mended" if mends else ""
    head = f"{counted(len(findings), 'thing')} {'is' if len(findings) == 1 else 'are'} wrong{where}"
    return f"{first_up(head)}. {faults_told(findings, film)}{more}{judge}"


def _findings(job: Job, ids: set[str]) -> list[Finding]:
    """Those of the audit that name one of these pieces; all where none is meant."""
    found = read_findings(job.hands.call("inspect").answer, job.hands.tools)
    return [each for each in found if not ids or any(re.search(rf"\b{id}\b", each.line) for id in ids)]


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
    film, shots = known.film, counted(len(known.film.clips), "shot")
    unshot = [shot for shot in known.shots if not shot.given and not shot.takes]
    if film.planned and not film.rendered:
        missing = f", {counted(len(unshot), 'shot')} of it not shot yet" if unshot else ", and shot"
        return f"Not yet: a film of {shots} and {in_seconds(film.seconds)} is planned{missing}"
    if unshot:
        told = joined([shot.text for shot in unshot[:3]])
        return f"Not yet: {counted(len(unshot), 'shot')} {'is' if len(unshot) == 1 else 'are'} not shot ({told})"
    made = f"{shots}, {in_seconds(film.seconds)}, {'made and rendered' if film.rendered else 'all shot and cut'}"
    right = not _measured_film(job).count("falls short") if film.planned else not _findings(job, set())
    return f"{'Yes' if right else 'As far as it goes'}: {made}. {faults(job, known)}"


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


def given(job: Job) -> str:
    """What the user handed in."""
    names = job.materials() if job.hands.has("open") else []
    job.hands.errors.clear()
    return f"You handed in {joined(names)}" if names else "You handed in nothing; --footage FILE and --image FILE do it"
