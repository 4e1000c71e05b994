"""Carries out an audit: mends findings, holds the film against what the user told of it, touches nothing else."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from rushes.agent.builtin import do_edit
from rushes.agent.builtin.answers import Finding, Seen, find, read_findings
from rushes.agent.builtin.fault_words import faults_told
from rushes.agent.builtin.hands import Asked
from rushes.agent.builtin.job import Job
from rushes.agent.builtin.pieces import Which
from rushes.agent.builtin.telling import counted
from rushes.agent.builtin.wishes import Script, ToldText

ROUNDS = 8  # of mending and looking again
MOVES_TIME = frozenset(("remove", "remove_span", "trim", "speed", "extend", "split", "insert"))
ALIKE = 0.7  # of 1: how much alike a told text and one on the film are, at least, to be the same one misspelled
EARLY = 0.05  # seconds that a text may be off its told time


def audit(job: Job) -> None:
    """Inspects, mends each finding by the call that mends it, and inspects again; nothing else is touched."""
    job.see()
    script = job.wish.script or Script()
    report = job.hands.call("inspect").answer
    if job.wish.name == "report":
        found = read_findings(report, job.hands.tools)
        job.tell(faults_told(found, job.film) if found else "I find nothing wrong")
        return
    tried: set[str] = set()
    mended = 0
    for _ in range(ROUNDS):
        findings = [f for f in read_findings(report, job.hands.tools) if not _meant(job, script, f)]
        calls = _mending(job, findings, tried)
        if not calls:
            break
        tried |= {_name(call) for call in calls}
        done = job.hands.all(calls)
        mended += sum(one.ok for one in done)
        for call, one in zip(calls, done, strict=True):  # a character shot anew goes into its clip
            take = re.search(r"\btake-\d+", one.answer) if call[0] == "shoot" and one.ok else None
            clip = next((f.id for f in findings if f.mend == call), "")
            if take and clip:
                job.hands.call("replace", clip=clip, by=take[0])
        report = job.hands.call("inspect").answer
    mended += _hold_against(job, script)
    left = [f for f in read_findings(report, job.hands.tools) if not _meant(job, script, f)]
    said = f"{counted(mended, 'fault')} {'was' if mended == 1 else 'were'} mended"
    job.tell(said if mended else "no fault was found that could be mended")
    if left:
        job.see()
        job.tell(f"left, since it can't be mended with these tools: {faults_told(left, job.film)}")
    job.hands.errors.clear()


def _mending(job: Job, findings: list[Finding], tried: set[str]) -> list[Asked]:
    """Calls that don't get into each other's way: what leaves times alone, or else cuts from the end to the front."""
    touched = " ".join(job.turns[-1].meanwhile)
    still: list[Asked] = []
    ripples: list[tuple[float, float, Asked]] = []
    for finding in findings:
        call = finding.mend or _own_mend(job, finding)
        if call is None or _name(call) in tried:
            continue
        if (finding.id and re.search(rf"\b{finding.id}\b", touched)) or _stays(job, finding.id):
            continue  # a person is making it so, or wants it kept
        if call[0] in MOVES_TIME:
            seen = job.film.piece(finding.id)
            span = finding.span or ((seen.start, seen.end) if seen else (0.0, 0.0))
            ripples.append((*span, call))
        elif not any(_about(call) == _about(other) for other in still):
            still.append(call)
    if still:
        moves = [call for call in still if call[0] == "move"]
        return [call for call in still if call[0] != "move"] or moves[:1]
    calls: list[Asked] = []
    reached = float("inf")
    for start, end, call in sorted(ripples, key=lambda item: (item[0], item[1]), reverse=True):
        if end <= reached + 1e-6:
            calls.append(call)
            reached = start
    return calls


def _own_mend(job: Job, finding: Finding) -> Asked | None:
    """What is plain to do where the audit proposes nothing."""
    late = re.search(r"\b(title-\d+) ([\d.]+) s (?:behind|after)", finding.line)
    if finding.kind == "late" and late and (piece := job.film.piece(late[1])):
        by = float(late[2])
        return "retext", {"id": piece.id, "start": round(piece.start - by, 6), "end": round(piece.end - by, 6)}
    spelled = re.search(r'(title-\d+) "(.+?)" -> "(.+?)"', finding.line)
    if finding.kind == "spelling" and spelled and (piece := job.film.piece(spelled[1])):
        return "retext", {"id": piece.id, "text": piece.words.replace(spelled[2], spelled[3])}
    level = re.search(r"(clip-\d+) ([+-][\d.]+) dB", finding.line)
    if finding.kind == "loudness" and level and (piece := job.film.piece(level[1])):
        return "volume", {"clip": piece.id, "gain_db": round(piece.gain - float(level[2]), 2)}
    if (
        finding.kind in ("black", "frozen")
        and finding.span
        and finding.span[1] - finding.span[0] < job.film.seconds * 0.9
    ):
        return "remove_span", {"start": finding.span[0], "end": finding.span[1]}
    return None


def _stays(job: Job, id: str) -> bool:
    piece = job.film.piece(id)
    return piece is not None and job.protected(piece)


def _about(call: Asked) -> tuple[str, str]:
    return call[0], str(call[1].get("id") or call[1].get("clip") or call[1])


def _name(call: Asked) -> str:
    return f"{call[0]} {sorted(call[1].items())}"


def _meant(job: Job, script: Script, finding: Finding) -> bool:
    """Whether the user said that it is meant so."""
    for which, kinds in script.meant:
        if kinds and finding.kind not in kinds.split():
            continue
        if which is None:
            return True
        pieces = find(which, job.film, {})
        over = finding.span if kinds else None  # what else is wrong while it shows was not meant
        if any(p.id == finding.id or (over and p.start <= over[0] < p.end) for p in pieces):
            return True
    return False


def _hold_against(job: Job, script: Script) -> int:
    """What is not as it was told is made so. The number of changes."""
    if script == Script(meant=script.meant):
        return 0
    job.see()
    script = _in_film(job, script)
    changes = _put_files(job, script)
    if changes:
        job.see()
    changes += _put_in_order(job, script)
    if changes:
        job.see()
    changes += sum([_put_text(job, told) for told in script.texts])
    if script.lufs is not None and job.film.lufs is not None and abs(script.lufs - job.film.lufs) > 0.05:
        job.hands.call("loudness", lufs=script.lufs)
        changes += 1
    return changes


def _in_film(job: Job, script: Script) -> Script:
    """The order that is told, of the row that names most of what is in the film or was handed in."""
    if script.order and all(find(which, job.film, {}) for which in script.order):
        return script
    files = [PurePath(name).stem.casefold() for name in job.materials()] if script.rows else []
    job.hands.errors.clear()

    def there(row: tuple[Which, ...]) -> tuple[Which, ...]:
        named: dict[str, Which] = {}
        for which in row:
            clips = [] if which.number else find(which, job.film, {})
            word = which.thing or PurePath(which.name).stem.casefold()
            name = clips[0].id if len(clips) == 1 else word if word in files else ""
            named.setdefault(name, replace(which, kind="clip"))
        return tuple(which for name, which in named.items() if name)

    order = max((there(row) for row in (script.order, *script.rows)), key=len)
    return replace(script, order=order if len(order) > 2 else script.order, rows=())


def _put_files(job: Job, script: Script) -> int:
    """Told files, and told shots that no clip shows though there is a file of them, in the place told."""
    clips = job.film.clips
    calls: list[Asked] = []
    for which, name in script.files:
        for clip in find(which, job.film, {})[:1]:
            shown_anywhere = find(Which(kind="clip", name=name), job.film, {})
            if not shown_anywhere:
                calls.append(("replace", {"clip": clip.id, "by": name}))
    shown = [find(which, job.film, {})[:1] for which in script.order]
    taken = {piece.id for pieces in shown for piece in pieces}
    if len(shown) == len(clips) and len(taken) == len(clips) - 1 and not all(shown):
        place = next(n for n, pieces in enumerate(shown) if not pieces)
        wanted = script.order[place]
        files = [f for f in job.materials() if (wanted.name or wanted.thing).casefold() in f.casefold()]
        odd = next(clip for clip in clips if clip.id not in taken)
        if len(files) == 1 and not job.protected(odd):
            calls.append(("replace", {"clip": odd.id, "by": files[0]}))
    job.hands.all(calls)
    return len(calls)


def _put_in_order(job: Job, script: Script) -> int:
    """The told shots in their order, where each of them is on the film; others keep behind them."""
    told: list[str] = []
    for which in script.order:
        told += [piece.id for piece in find(which, job.film, {}) if piece.id not in told][:1]
    if len(told) < 2:
        return 0
    places = sorted(n for n, clip in enumerate(job.film.clips) if clip.id in told)
    wanted = [clip.id for clip in job.film.clips]
    for place, id in zip(places, told, strict=True):
        wanted[place] = id
    if wanted == [clip.id for clip in job.film.clips]:
        return 0
    do_edit.arrange(job, wanted)
    return 1


def _put_text(job: Job, told: ToldText) -> int:
    """Told words, times and place, for the text that is nearest to them; one that is missing is set."""
    film = job.film
    piece = _nearest(told, film.of("text"))
    span = told.span
    if piece is None:
        if span is not None and (span.start is not None or span.inside is not None or span.at_end):
            start, end = job.times(span)
            job.hands.call("text", text=told.text, start=start, end=end, place=told.place or "title")
            return 1
        return 0
    changes: dict[str, Any] = {}
    if piece.words != told.text:
        changes["text"] = told.text
    if span is not None:
        start, end = job.times(span, usual=piece.seconds)
        open_end = span.end is None and span.length is None and not span.whole and span.inside is None
        if span.inside is not None and span.start is None:
            start, end = (piece.start, piece.end) if start <= piece.start < end else (start, start + piece.seconds)
        if abs(start - piece.start) > EARLY or (not open_end and abs(end - piece.end) > EARLY):
            changes |= {"start": start, "end": end}
    if told.place and told.place != piece.place and piece.words.casefold() == told.text.casefold():
        changes["place"] = told.place
    if changes:
        job.hands.call("retext", id=piece.id, **changes)
    return int(bool(changes))


def _nearest(told: ToldText, texts: list[Seen]) -> Seen | None:
    def alike(piece: Seen) -> float:
        return difflib.SequenceMatcher(None, piece.words.casefold(), told.text.casefold()).ratio()

    best = max(texts, key=alike, default=None)
    return best if best is not None and alike(best) >= ALIKE else None
