"""The voices of the composed bed: each turns a pitch and a length into mono samples, in numpy alone.

All are additive: partials with their own decay, which cost little, alias nowhere and need no samples on disk.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

RATE = 48000  # samples per second

Voice = Callable[[float, float], np.ndarray]  # MIDI pitch (drums ignore it), seconds -> (N,) float32 samples


def hertz(pitch: float) -> float:
    """Frequency of a MIDI pitch, A4 = 69 = 440 Hz."""
    return 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)


def partials(pitch: float, seconds: float, table: tuple[tuple[float, float, float], ...], attack: float) -> np.ndarray:
    """(N,) float32: a sum of decaying sines. table: (ratio to the fundamental, level, decay rate in 1/s)."""
    t = np.arange(round(seconds * RATE)) / RATE
    made = np.zeros(len(t), np.float32)
    for ratio, level, decay in table:
        frequency = hertz(pitch) * ratio
        if frequency < 16000:
            made += (level * np.exp(-decay * t) * np.sin(2 * np.pi * frequency * t)).astype(np.float32)
    return _enveloped(made, attack, min(0.08, seconds / 3))


def _enveloped(samples: np.ndarray, attack: float, release: float) -> np.ndarray:
    """Fades in and out as a raised cosine, so that no note begins or ends with a click."""
    for count, side in ((round(attack * RATE), samples), (round(release * RATE), samples[::-1])):
        count = min(count, len(samples))
        if count:
            side[:count] *= (0.5 - 0.5 * np.cos(np.pi * np.arange(count) / count)).astype(np.float32)
    return samples


def pad(pitch: float, seconds: float, detune: float, sweep: float) -> np.ndarray:
    """(N,) float32: a soft string-like tone whose filter opens and closes slowly.

    detune: cents; sweep: phase of the slow filter, 0 to 1.
    """
    count = round(seconds * RATE)
    t = np.arange(count) / RATE
    frequency = hertz(pitch + detune / 100)
    drift = 0.6 * np.sin(2 * np.pi * (0.11 * t + sweep))  # radians: a slow, shallow vibrato keeps it alive
    phase = (2 * np.pi * frequency * t + drift).astype(np.float64)
    first, twice = np.sin(phase).astype(np.float32), (2 * np.cos(phase)).astype(np.float32)
    dark, bright = first.copy(), first.copy()
    before, now = np.zeros(count, np.float32), first
    for k in range(2, 9):
        if frequency * k > 9000:
            break
        before, now = now, twice * now - before  # sin((k + 1) x) = 2 cos(x) sin(k x) - sin((k - 1) x)
        dark += now * np.float32(k**-2.8)
        bright += now * np.float32(k**-1.25)
    opened = (0.5 - 0.5 * np.cos(2 * np.pi * (t / max(seconds, 4.0) * 0.9 + 0.1 * sweep))).astype(np.float32)
    made = dark + opened * 0.75 * (bright - dark)
    return _enveloped(made, min(1.1, seconds * 0.4), min(1.6, seconds * 0.45))


def _plucked_table(position: float, base: float, step: float) -> tuple[tuple[float, float, float], ...]:
    """Harmonics of a string plucked at a share of its length; higher ones die sooner."""
    return tuple((k, abs(np.sin(np.pi * k * position)) / k**1.3, base + step * k) for k in range(1, 11))


PLUCK = _plucked_table(0.22, 1.6, 1.3)
HARP = _plucked_table(0.42, 1.1, 0.7)
FELT = tuple((k * (1 + 0.00035 * k * k) ** 0.5, 1.0 / k**2.0, 0.9 + 0.55 * k) for k in range(1, 9))
MALLET = ((1.0, 1.0, 4.2), (3.93, 0.30, 14.0), (9.4, 0.12, 40.0))  # marimba bar: tuned to two octaves above
KALIMBA = ((1.0, 1.0, 3.0), (2.0, 0.12, 6.0), (5.8, 0.10, 22.0))
BELL = ((1.0, 1.0, 1.3), (2.0, 0.45, 1.9), (3.01, 0.32, 2.8), (4.23, 0.18, 4.4), (5.43, 0.12, 6.5))
BASS = ((1.0, 1.0, 0.5), (2.0, 0.32, 1.1), (3.0, 0.10, 2.2))
SHORT_BASS = ((1.0, 1.0, 3.2), (2.0, 0.38, 5.0), (3.0, 0.16, 8.0))


def pluck(pitch: float, seconds: float) -> np.ndarray:
    return partials(pitch, max(seconds, 0.9), PLUCK, 0.003)


def harp(pitch: float, seconds: float) -> np.ndarray:
    return partials(pitch, max(seconds, 1.8), HARP, 0.005)


def felt(pitch: float, seconds: float) -> np.ndarray:
    return partials(pitch, max(seconds, 1.6), FELT, 0.012)


def mallet(pitch: float, seconds: float) -> np.ndarray:
    return partials(pitch, max(seconds, 0.8), MALLET, 0.002)


def kalimba(pitch: float, seconds: float) -> np.ndarray:
    return partials(pitch, max(seconds, 1.2), KALIMBA, 0.003)


def bell(pitch: float, seconds: float) -> np.ndarray:
    return partials(pitch, max(seconds, 1.7), BELL, 0.004)


def bass(pitch: float, seconds: float) -> np.ndarray:
    return partials(pitch, seconds, BASS, 0.03)


def short_bass(pitch: float, seconds: float) -> np.ndarray:
    return partials(pitch, max(seconds, 0.3), SHORT_BASS, 0.008)


def kick(pitch: float, seconds: float) -> np.ndarray:
    """A soft drum: a sine that falls from 110 to 46 Hz."""
    t = np.arange(round(0.42 * RATE)) / RATE
    phase = 2 * np.pi * (46 * t + 64 * 0.045 * (1 - np.exp(-t / 0.045)))
    return _enveloped((np.sin(phase) * np.exp(-8.5 * t)).astype(np.float32), 0.003, 0.05)


def shaker(pitch: float, seconds: float) -> np.ndarray:
    return _enveloped(_noise(0.09, 5200, 14000, 38.0, 11), 0.012, 0.02)


def snap(pitch: float, seconds: float) -> np.ndarray:
    return _enveloped(_noise(0.14, 1300, 3800, 34.0, 12), 0.001, 0.03)


def wood(pitch: float, seconds: float) -> np.ndarray:
    return partials(pitch, 0.16, ((1.0, 1.0, 38.0), (1.51, 0.4, 55.0)), 0.001)


def swell(pitch: float, seconds: float) -> np.ndarray:
    """Noise that grows towards its end: it leads into a new section."""
    made = _noise(seconds, 900, 7000, 0.0, 13)
    grown = made * (np.linspace(0, 1, len(made), dtype=np.float32) ** 3)
    return _enveloped(grown, 0.01, 0.03)


@lru_cache(maxsize=32)
def _shaped_noise(count: int, low: float, high: float, seed: int) -> np.ndarray:
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(count))
    frequencies = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= 1 / (1 + (low / np.maximum(frequencies, 1)) ** 4) / (1 + (frequencies / high) ** 4)
    made = np.fft.irfft(spectrum, count).astype(np.float32)
    return made / max(float(np.abs(made).max()), 1e-9)


def _noise(seconds: float, low: float, high: float, decay: float, seed: int) -> np.ndarray:
    """(N,) float32 noise between two frequencies in Hz that dies at `decay` per second."""
    count = max(64, round(seconds * RATE))
    t = np.arange(count) / RATE
    return _shaped_noise(count, low, high, seed) * np.exp(-decay * t).astype(np.float32)


VOICES: dict[str, Voice] = {
    "pluck": pluck,
    "harp": harp,
    "felt": felt,
    "mallet": mallet,
    "kalimba": kalimba,
    "bell": bell,
    "bass": bass,
    "short_bass": short_bass,
    "kick": kick,
    "shaker": shaker,
    "snap": snap,
    "wood": wood,
    "swell": swell,
}
