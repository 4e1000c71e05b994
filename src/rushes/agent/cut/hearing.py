"""What is wrong with the sound: gone for a while, over full scale, louder or quieter than what is around it, and
subtitles that come after what they say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rushes.agent.cut.document import ClipPiece, SoundPiece, TextPiece, WorkingCut
from rushes.agent.cut.finding import Finding, Looked, span
from rushes.agent.cut.listing import decibels
from rushes.agent.cut.pieces import is_card, own_span
from rushes.agent.cut.worth import is_bed
from rushes.media.audit import QUIETEST, WINDOW
from rushes.media.spans import as_one, spans

SILENT = -60.0  # dBFS
SHORTEST_SILENCE = 0.3  # seconds
EDGE_SILENCE = 1.0  # seconds at the film's begin and end that may be silent
SOUNDING = 0.85  # share of the film that sounds, from which on a silence is a fault and no pause
JUMP = 6.0  # dB
NO_GAIN = 0.8  # dB; a level this near to what was recorded is meant to be that
OVER = 0.5  # dB over full scale that a gain may bring a sound to
PAUSE = 0.3  # seconds; shorter ones stand inside a phrase
SHORTEST_PHRASE = 0.12  # seconds
UNDER_LOUD = 25.0  # dB under the loud parts of a track: there it pauses
ON_TIME = 0.2  # seconds by which a subtitle may begin before or after its sound
MOST_LATE = 2.5  # seconds
WHOLE = 0.9  # share of the film; a sound that long is no phrase


def sound_faults(looked: Looked) -> Iterator[Finding]:
    yield from _silences(looked)
    yield from _clipped(looked)
    yield from _jumps(looked)
    yield from _late(looked)


# Silence


def _silences(looked: Looked) -> Iterator[Finding]:
    told: list[tuple[float, float]] = []
    for beds in (False, True):  # what happens on the film is to sound, with or without a bed under it
        levels = _film_levels(looked, beds=beds)
        shots = _in_shots(looked.cut, len(levels))
        silent = (levels <= SILENT) & shots
        first, last = _first_and_last(shots)
        edges = np.minimum(np.arange(len(levels) + 1) * WINDOW, looked.cut.seconds)
        for start, end in as_one(spans(silent, edges, 0.0), 0.05):
            at_edge = start < first * WINDOW + 0.05 or end > min(last * WINDOW, looked.cut.seconds) - 0.05
            if end - start < (EDGE_SILENCE if at_edge else SHORTEST_SILENCE):
                continue
            outside = shots.copy()
            outside[round(start / WINDOW) : round(end / WINDOW)] = False
            others = silent[outside]
            if not len(others) or 1 - others.mean() < SOUNDING or any(a < end and b > start for a, b in told):
                continue
            told.append((start, end))
            yield _silence(looked, start, end)


def _in_shots(cut: WorkingCut, count: int) -> np.ndarray:
    """(count,) bool, every WINDOW seconds: whether a shot is on, and no card, which is silent by right."""
    at = (np.arange(count) + 0.5) * WINDOW
    shots = np.ones(count, bool)
    for clip in cut.clips:
        if is_card(clip):
            start, end = own_span(cut, clip)
            shots &= (at < start) | (at >= end)
    return shots


def _first_and_last(shots: np.ndarray) -> tuple[int, int]:
    """The first window with a shot, and the one behind the last."""
    there = np.flatnonzero(shots)
    return (int(there[0]), int(there[-1]) + 1) if len(there) else (0, len(shots))


def _silence(looked: Looked, start: float, end: float) -> Finding:
    within = [c for c in looked.cut.clips if c.at < end - 0.1 and c.end > start + 0.1]
    mute = [clip for clip in within if clip.volume == 0 and looked.audit(clip).levels]
    mend = f"volume({mute[0].id}, 0)" if len(mute) == 1 else ""
    return Finding(kind="silent", what=f"{span(start, end)} {' '.join(clip.id for clip in within)}".strip(), mend=mend)


def _film_levels(looked: Looked, *, beds: bool) -> np.ndarray:
    """dBFS of the film every WINDOW seconds: clips and sounds added up, before the mix is levelled."""
    at = np.arange(max(1, round(looked.cut.seconds / WINDOW))) * WINDOW
    power = np.zeros(len(at))
    for clip in looked.cut.clips:
        if clip.volume > 0:
            there = (at >= clip.at) & (at < clip.end)
            source = clip.start + (at[there] - clip.at) * clip.speed
            power[there] += _power(looked.audit(clip).levels, source, decibels(clip.volume))
    for sound in looked.cut.sounds:
        if beds or not is_bed(looked.cut, sound):
            there = (at >= sound.at) & (at < sound.end)
            power[there] += _power(looked.audits[sound.blob].levels, sound.start + at[there] - sound.at, sound.gain_db)
    return 10 * np.log10(np.maximum(power, 10 ** (QUIETEST / 10)))


def _power(levels: list[float], seconds: np.ndarray, gain_db: float) -> np.ndarray:
    if not levels:
        return np.zeros(len(seconds))
    index = (seconds / WINDOW + 1e-6).astype(int)
    # A file's sound may end a window before its picture does.
    heard = np.where(index < len(levels) + 3, np.array(levels)[np.clip(index, 0, len(levels) - 1)], QUIETEST)
    return 10 ** ((heard + gain_db) / 10)


# Level


def _clipped(looked: Looked) -> Iterator[Finding]:
    for clip in looked.cut.clips:
        audit = looked.audit(clip)
        if not audit.levels or not clip.volume:
            continue
        for start, end in audit.clipped:
            shown = looked.on_film(clip, start, end)
            if shown is not None:
                yield Finding(kind="clipped", what=f"{span(*shown)} {clip.id} as recorded")
        over = _over(_within(audit.peaks, clip.start, clip.source_end), decibels(clip.volume))
        if over:
            yield Finding(
                kind="clipped",
                what=f"{span(clip.at, clip.end)} {clip.id} {over:.1f} dB over full scale",
                mend=f"volume({clip.id}, 0)",
            )
    for sound in looked.cut.sounds:
        peaks = _within(looked.audits[sound.blob].peaks, sound.start, sound.start + sound.end - sound.at)
        if over := _over(peaks, sound.gain_db):
            what = f"{span(sound.at, sound.end)} {sound.id} {over:.1f} dB over full scale"
            yield Finding(kind="clipped", what=what, mend=f"mix({sound.id}, gain_db={sound.gain_db - over - 1:.1f})")


def _over(peaks: np.ndarray, gain_db: float) -> float:
    """dB that a gain brings a sound over full scale, 0 where it was as recorded."""
    if gain_db <= 0 or not len(peaks):
        return 0.0
    over = float(np.quantile(peaks, 0.98)) + gain_db
    return over if over > OVER else 0.0


def _jumps(looked: Looked) -> Iterator[Finding]:
    levels = [(clip, _clip_level(looked, clip)) for clip in looked.cut.clips]
    heard = [(clip, level) for clip, level in levels if level is not None and level > SILENT]
    for place, (clip, level) in enumerate(heard):
        neighbours = [other for _, other in heard[max(0, place - 1) : place]]
        neighbours += [other for _, other in heard[place + 1 : place + 2]]
        rest = [other for number, (_, other) in enumerate(heard) if number != place]
        if not neighbours:
            continue
        usual = float(np.median(rest))
        away = [level - other for other in (*neighbours, usual)]
        alone = len(heard) == 2 and clip.volume == 1 and any(other.volume != 1 for other, _ in heard)
        if (min(away) >= JUMP or max(away) <= -JUMP) and not alone:
            if len(heard) == 2 and level < usual and all(other.volume == 1 for other, _ in heard):
                continue  # of two, the louder one is told
            jump = level - float(np.mean(neighbours))
            gain = decibels(clip.volume) - jump
            gain = 0.0 if abs(gain) < NO_GAIN else gain
            yield Finding(
                kind="loudness",
                what=f"{clip.id} {jump:+.1f} dB against its neighbours",
                mend=f"volume({clip.id}, {gain:.1f})",
            )


def _clip_level(looked: Looked, clip: ClipPiece) -> float | None:
    """dBFS of where it sounds; None without sound."""
    levels = _within(looked.audit(clip).levels, clip.start, clip.source_end)
    if not len(levels) or clip.volume == 0:
        return None
    sounding = levels[levels > max(SILENT, levels.max() - 30)]
    if not len(sounding):
        return None
    return float(10 * np.log10((10 ** (sounding / 10)).mean())) + decibels(clip.volume)


def _within(levels: list[float], start: float, end: float) -> np.ndarray:
    return np.array(levels[round(start / WINDOW) : max(round(start / WINDOW), round(end / WINDOW))])


# Subtitles and what is said


def _late(looked: Looked) -> Iterator[Finding]:
    phrases = [*_clip_phrases(looked), *_sound_phrases(looked)]
    for text in looked.cut.texts:
        if text.place != "subtitle" or any(abs(text.start - start) <= ON_TIME for start, _ in phrases):
            continue
        found = [(start, end) for start, end in phrases if _belongs(text, start, end)]
        if not found:
            continue
        start, end = max(found)
        late = text.start - start
        until = text.end if abs(text.end - end) <= ON_TIME else max(text.end - late, start + looked.cut.frame)
        yield Finding(
            kind="late",
            what=f"{text.id} {late:.2f} s behind its sound",
            mend=f"retext({text.id}, start={start:.3f}, end={until:.3f})",
        )


def _belongs(text: TextPiece, start: float, end: float) -> bool:
    late, longer = text.start - start, (text.end - text.start) - (end - start)
    if not ON_TIME < late <= MOST_LATE:
        return False
    whole = abs(longer) <= max(0.5, 0.4 * (end - start))  # moved as it is
    return whole or abs(text.end - end) <= ON_TIME  # or only begun late


def _clip_phrases(looked: Looked) -> Iterator[tuple[float, float]]:
    for clip in looked.cut.clips:
        if clip.volume == 0:
            continue
        for start, end in _phrases(looked.audit(clip).levels, clip.start, clip.source_end):
            if start > clip.start + PAUSE:  # what sounds from the cut on has no onset there
                yield looked.film_time(clip, start), looked.film_time(clip, end)


def _sound_phrases(looked: Looked) -> Iterator[tuple[float, float]]:
    for sound in looked.cut.sounds:
        if not is_bed(looked.cut, sound) and sound.end - sound.at < WHOLE * looked.cut.seconds:
            for start, end in _phrases(looked.audits[sound.blob].levels, sound.start, sound.start + _length(sound)):
                yield sound.at + start - sound.start, sound.at + end - sound.start


def _length(sound: SoundPiece) -> float:
    return sound.end - sound.at


def _phrases(levels: Sequence[float], start: float, end: float) -> list[tuple[float, float]]:
    """Spans of a source, in its seconds, that sound between two pauses."""
    first = round(start / WINDOW)
    part = np.array(levels[first : max(first, round(end / WINDOW))])
    if not len(part):
        return []
    threshold = max(SILENT + 5, float(np.quantile(part, 0.95)) - UNDER_LOUD)
    edges = (first + np.arange(len(part) + 1)) * WINDOW
    return [(a, b) for a, b in as_one(spans(part > threshold, edges, 0.0), PAUSE) if b - a >= SHORTEST_PHRASE]
