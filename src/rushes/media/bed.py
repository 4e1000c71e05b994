"""The composed sound bed: a small piece of music for a film, from its plan of moods and seconds."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from rushes.media.errors import MediaError
from rushes.media.instruments import RATE, VOICES, pad
from rushes.media.moods import MOODS
from rushes.media.score import Note, Section, write_score
from rushes.media.sound import write_sound as write_sound

LONGEST = 1800.0  # seconds: four float32 buses of it take 1.4 GB
LOUDNESS = 0.11  # root mean square of the louder parts, about -19 dBFS: under speech it still leaves room
CEILING = 0.84  # no sample is above this, about -1.5 dBFS
REVERB_SECONDS = 2.4


def compose_bed(
    seconds: float,
    *,
    mood: str = "calm",
    bpm: float | None = None,
    sections: Sequence[tuple[float, float, str]] = (),
    seed: int = 0,
) -> np.ndarray:
    """(N, 2) float32 at 48 kHz, N = round(seconds * 48000); ends on the tonic and fades. The same for the same
    arguments.

    sections: (start, end, mood) in seconds; each begins on a first beat at its start. Time outside of them has `mood`.
    bpm: beats a minute, bent a little so that whole beats fill each section; None takes each mood's own.
    Raises MediaError for an unknown mood, sections that overlap or leave the piece, and lengths outside 0 to 1800 s.
    """
    if not (math.isfinite(seconds) and 0 < seconds <= LONGEST):
        raise MediaError(f"a bed of {seconds} seconds; give more than 0 and at most {LONGEST:.0f}")
    if bpm is not None and not 20 <= bpm <= 300:
        raise MediaError(f"bpm is {bpm}; give 20 to 300 beats a minute")
    plan = plan_sections(seconds, mood, sections)
    total = round(seconds * RATE)
    dry = np.zeros((total, 2), np.float32)
    wet = np.zeros((total, 2), np.float32)
    for note in write_score(plan, bpm, seed):
        _play(note, dry, wet)
    mixed = dry + convolved(wet, room(seed))
    return _finished(mixed)


def plan_sections(seconds: float, mood: str, sections: Sequence[tuple[float, float, str]]) -> list[Section]:
    """The whole length as sections without gaps."""
    for name in (mood, *(s[2] for s in sections)):
        if name not in MOODS:
            raise MediaError(f"mood {name!r} is not known; choose from {', '.join(MOODS)}")
    plan: list[Section] = []
    at = 0.0
    for start, end, name in sorted(sections):
        if not (0 <= start < end <= seconds + 1e-6):
            raise MediaError(
                f"section {start}-{end} s does not lie within 0-{seconds} s; give 0 <= start < end <= {seconds}"
            )
        if start < at - 1e-6:
            raise MediaError(f"section {start}-{end} s begins before the one that ends at {at} s; let them not overlap")
        if start > at + 1e-3:
            plan.append(Section(start=at, end=start, mood=mood))
        plan.append(Section(start=max(at, start), end=min(end, seconds), mood=name))
        at = end
    if seconds > at + 1e-3:
        plan.append(Section(start=at, end=seconds, mood=mood))
    return plan


def _play(note: Note, dry: np.ndarray, wet: np.ndarray) -> None:
    first = round(note.start * RATE)
    if note.voice == "pad":
        # Left and right are tuned a few cents apart: that, more than panning, makes it wide.
        sweep = note.pitch * 0.37 % 1
        sides = [_pad(note.pitch, round(note.seconds, 3), cents, round(sweep, 2)) for cents in (-4.0, 4.0)]
    else:
        sides = [_voice(note.voice, note.pitch, round(note.seconds, 2))] * 2
    angle = (note.pan + 1) * math.pi / 4
    for side, (samples, gain) in enumerate(zip(sides, (math.cos(angle), math.sin(angle)), strict=True)):
        skipped = max(0, -first)
        count = min(len(samples) - skipped, len(dry) - first - skipped)
        if count <= 0:
            continue
        part = samples[skipped : skipped + count] * np.float32(note.level * gain * math.sqrt(2))
        span = slice(first + skipped, first + skipped + count)
        dry[span, side] += part
        wet[span, side] += part * np.float32(note.wet)


@lru_cache(maxsize=256)
def _voice(name: str, pitch: float, seconds: float) -> np.ndarray:
    return VOICES[name](pitch, seconds)


@lru_cache(maxsize=64)
def _pad(pitch: float, seconds: float, detune: float, sweep: float) -> np.ndarray:
    return pad(pitch, seconds, detune, sweep)


def room(seed: int) -> np.ndarray:
    """(N, 2) float32 impulse response: noise that dies away, its high notes sooner, after a short delay."""
    rng = np.random.default_rng(seed + 7919)
    count = round(REVERB_SECONDS * RATE)
    t = np.arange(count) / RATE
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    made = np.zeros((count, 2))
    for low, high, decay in ((150, 900, 2.6), (900, 3500, 3.4), (3500, 9000, 6.0)):
        band = (frequencies >= low) & (frequencies < high)
        for side in range(2):
            spectrum = np.fft.rfft(rng.standard_normal(count)) * band
            made[:, side] += np.fft.irfft(spectrum, count) * np.exp(-decay * t)
    delay = round(0.018 * RATE)
    made = np.pad(made, ((delay, 0), (0, 0)))[:count] * np.minimum(1, np.maximum(0, t - 0.018) / 0.01)[:, None]
    return (made / np.sqrt((made**2).sum(axis=0))).astype(np.float32)


def convolved(signal: np.ndarray, response: np.ndarray) -> np.ndarray:
    """(N, 2) float32 of (N, 2) and (M, 2), cut to N: overlap-add, so that half an hour needs no giant transform."""
    block = 1 << 18
    size = 1 << (block + len(response) - 1).bit_length()
    spectrum = np.fft.rfft(response, size, axis=0)
    made = np.zeros_like(signal)
    for start in range(0, len(signal), block):
        part = np.fft.irfft(np.fft.rfft(signal[start : start + block], size, axis=0) * spectrum, size, axis=0)
        stop = min(len(signal), start + block + len(response))
        made[start:stop] += part[: stop - start].astype(np.float32)
    return made


def _finished(mixed: np.ndarray) -> np.ndarray:
    """Brings the mix to its loudness, rounds its peaks, fades it in and out."""
    total = len(mixed)
    window = min(total, round(0.4 * RATE))
    power = (mixed[: total // window * window].reshape(-1, window * 2) ** 2).mean(axis=1)
    loud = math.sqrt(float(np.quantile(power, 0.9)))
    if loud > 1e-6:
        mixed = mixed * np.float32(LOUDNESS / loud)
    knee = 0.6 * CEILING
    over = np.abs(mixed) > knee
    rounded = knee + (CEILING - knee) * np.tanh((np.abs(mixed[over]) - knee) / (CEILING - knee))
    mixed[over] = np.sign(mixed[over]) * rounded
    rise, fall = min(round(0.01 * RATE), total // 4), min(round(2.2 * RATE), total * 2 // 5)
    mixed[:rise] *= np.linspace(0, 1, rise, dtype=np.float32)[:, None]
    if fall:
        mixed[-fall:] *= (0.5 + 0.5 * np.cos(np.pi * np.arange(1, fall + 1) / fall)).astype(np.float32)[:, None]
    return np.ascontiguousarray(mixed, dtype=np.float32)
