"""Where the beats of music are: on a grid for composed music, found by ear in a given track."""

import os

import numpy as np

from rushes.media.errors import MediaError, said_short
from rushes.media.sound import RATE, sound

VERSION = 1  # of the tracker; part of the key of what it found
HOP = 0.01  # seconds between two values of the onset curve
WINDOW = 2048  # samples of a spectrum
LONGEST = 1200.0  # seconds of a track that are listened to
SLOWEST, USUAL, FASTEST = 60.0, 120.0, 180.0  # beats a minute that are looked for


def whole_beats(seconds: float, bpm: float) -> list[float]:
    """Seconds of the beats of a composed bed: bent a little, so that whole beats fill its length."""
    count = max(1, round(seconds * bpm / 60))
    return [number * seconds / count for number in range(count)]


def find_beats(path: str | os.PathLike[str], *, bpm: float | None = None) -> list[float]:
    """Seconds of the beats of a track with a steady tempo. `bpm`: its tempo, where it is known; it is refined.

    Raises MediaError for a file without sound, or in which nothing begins.
    """
    onsets = onset_curve(sound(path, seconds=LONGEST))
    if not len(onsets) or onsets.max() <= 0:
        raise MediaError(f"{said_short(path)} has no beats to follow; give its bpm with composed music instead")
    slowest, fastest = (bpm * 0.97, bpm * 1.03) if bpm else (SLOWEST, FASTEST)
    best = (-1.0, 0.5, 0.0)  # strength, period and phase in seconds
    # Halves and doubles of a tempo explain the onsets about as well: among them the usual one is meant.
    for tempo in np.geomspace(slowest, fastest, 240):
        period = 60 / tempo
        strength, phase = _comb(onsets, period / HOP)
        usual = 1.0 if bpm else float(np.exp(-0.5 * (np.log2(tempo / USUAL) / 0.7) ** 2))
        if strength * usual > best[0]:
            best = (strength * usual, period, phase * HOP)
    _, period, phase = best
    end = len(onsets) * HOP
    return [round(float(at), 4) for at in np.arange(phase, end, period)]


def onset_curve(samples: np.ndarray) -> np.ndarray:
    """(N,) how much begins, every HOP seconds: the growth of the spectrum's logarithm. samples: (n, 2)."""
    mono = samples.mean(axis=1)
    hop = round(HOP * RATE)
    count = max(0, (len(mono) - WINDOW) // hop + 1)
    window = np.hanning(WINDOW).astype(np.float32)
    onsets = np.zeros(count)
    before = np.zeros(WINDOW // 8)
    for number in range(count):
        spectrum = np.abs(np.fft.rfft(mono[number * hop : number * hop + WINDOW] * window))[1 : WINDOW // 8 + 1]
        now = np.log1p(100 * spectrum / WINDOW)
        onsets[number] = np.maximum(0, now - before).sum() if number else 0.0
        before = now
    # A window is heard at its middle.
    return np.concatenate([np.zeros(round(WINDOW / 2 / hop)), onsets])


def _comb(onsets: np.ndarray, period: float) -> tuple[float, float]:
    """How strong the onsets are on the best grid of this period over the mean, and the grid's first value."""
    steps = max(1, int(period))
    count = int((len(onsets) - 1 - steps) / period)
    if count < 2:
        return 0.0, 0.0
    places = np.arange(steps)[:, None] + np.arange(count)[None, :] * period
    strengths = onsets[np.round(places).astype(int)].mean(axis=1)
    best = int(strengths.argmax())
    return float(strengths[best]), float(best)
