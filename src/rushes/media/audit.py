"""What may be wrong with a source, second by second: one pass over its picture, one over its sound."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rushes.media.decode import scaled_size, timed_frames, to_rgb
from rushes.media.measure import SMALL_WIDTH
from rushes.media.picture_signal import BLACK_LEVEL, BLACK_SHARE, LUMA, PictureSignal, black_spans, frozen_spans
from rushes.media.probe import Probe, probe
from rushes.media.sound import RATE, Windows, sound_blocks
from rushes.media.spans import Span, as_one, spans

VERSION = 1  # of these measurements; part of their key where they are kept
SHORTEST_FREEZE = 0.4  # seconds
WINDOW = 0.02  # seconds between two levels of sound
QUIETEST = -120.0  # dBFS, instead of minus infinity
NEAR_FULL = 0.9  # of full scale: the peak of sound that was cut off there, after a lossy codec too
TOP = 0.85  # of a window's peak
FLAT = 0.45  # of a window's samples in its top, from which on its waves are cut off; of a sine it is 35%
SHORTEST_CLIP = 0.04  # seconds of sound
SIGNED_EVERY = 0.5  # seconds
SIGN = (4, 6)  # rows and columns
LEAST_BAR = 0.04  # share of the picture's height or width
UNEVEN_BARS = 0.03  # share by which two bars may differ


@dataclass(frozen=True, kw_only=True)
class Audit:
    """JSON-able, so that a file is looked through once. Times are seconds into the source."""

    seconds: float  # of the picture; of the sound where there is no picture
    fps: float  # 0 without a moving picture
    black: list[Span]
    frozen: list[Span]  # the frame that begins the stillness included
    bars: tuple[float, float]  # black at each side, and above and below: shares of the width and the height
    signs: list[list[int]]  # a few colours of the picture, every SIGNED_EVERY seconds
    levels: list[float]  # dBFS of the louder side, every WINDOW seconds; empty without sound
    peaks: list[float]  # dBFS of the largest sample, likewise
    clipped: list[Span]

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def audit_from_dict(data: dict[str, Any]) -> Audit:
    """Inverse of `Audit.to_dict`."""
    timed = {name: [(float(a), float(b)) for a, b in data[name]] for name in ("black", "frozen", "clipped")}
    return Audit(**{**data, **timed, "bars": tuple(data["bars"])})


def audit(path: str | os.PathLike[str]) -> Audit:
    """Raises MediaError as `probe`."""
    found = probe(path)
    seen = _picture(found) if found.kind == "video" else {"black": [], "frozen": [], "bars": (0.0, 0.0), "signs": []}
    heard = _sound(found) if found.has_sound else {"levels": [], "peaks": [], "clipped": []}
    return Audit(seconds=found.seconds, fps=found.fps, **seen, **heard)


def _picture(found: Probe) -> dict[str, Any]:
    signal, bars = PictureSignal(), _Bars()
    signs: list[list[int]] = []
    size = scaled_size(found, min(SMALL_WIDTH, found.width), None)
    for at, frame in timed_frames(found):
        small = to_rgb(found, frame, size)
        signal.add(at, small)
        if signal.black[-1] < BLACK_SHARE:
            bars.add(small)
        if at >= len(signs) * SIGNED_EVERY - 1e-6:
            signs.append(_sign(small))
    end = max(found.seconds, signal.times[-1] + 0.5 / found.fps)
    return {
        "black": list(black_spans(signal, end)),
        "frozen": list(frozen_spans(signal, end, SHORTEST_FREEZE)),
        "bars": bars.shares(),
        "signs": signs,
    }


def _sign(small: np.ndarray) -> list[int]:
    """Mean colours of a coarse grid."""
    rows, columns = SIGN
    height, width = small.shape[:2]
    if height < rows or width < columns:
        return [int(value) for value in small.reshape(-1, 3).mean(axis=0)]
    part = small[: height // rows * rows, : width // columns * columns].astype(np.float32)
    cells = part.reshape(rows, height // rows, columns, width // columns, 3).mean(axis=(1, 3))
    return [round(float(value)) for value in cells.ravel()]


class _Bars:
    """Which rows and columns are black in every frame that is not black itself."""

    def __init__(self) -> None:
        self.rows: np.ndarray | None = None  # (H,) brightest value so far
        self.columns: np.ndarray | None = None

    def add(self, small: np.ndarray) -> None:
        gray = small @ LUMA  # (H, W)
        rows, columns = gray.max(axis=1), gray.max(axis=0)
        self.rows = rows if self.rows is None else np.maximum(self.rows, rows)
        self.columns = columns if self.columns is None else np.maximum(self.columns, columns)

    def shares(self) -> tuple[float, float]:
        return _bar(self.columns), _bar(self.rows)


def _bar(brightest: np.ndarray | None) -> float:
    """Share of each of two even bars, 0 where there are none."""
    if brightest is None:
        return 0.0
    lit = np.flatnonzero(brightest > BLACK_LEVEL)
    if not len(lit):
        return 0.0
    before, after = lit[0] / len(brightest), (len(brightest) - 1 - lit[-1]) / len(brightest)
    even = min(before, after) >= LEAST_BAR and abs(before - after) <= UNEVEN_BARS
    return round(float(min(before, after)), 3) if even else 0.0


def _sound(found: Probe) -> dict[str, Any]:
    windows = Windows(round(WINDOW * RATE))
    powers, peaks, flat = [np.zeros(0)], [np.zeros(0)], [np.zeros(0, bool)]
    for block in sound_blocks(found.path):
        amplitudes = np.abs(windows.cut(block))  # (N, size, 2)
        powers.append((amplitudes**2).mean(axis=1).max(axis=1))
        peaks.append(amplitudes.max(axis=(1, 2)))
        flat.append(_cut_off(amplitudes))
    cut_off = np.concatenate(flat)
    edges = np.arange(len(cut_off) + 1) * WINDOW
    return {
        "levels": _decibels(np.sqrt(np.concatenate(powers))),
        "peaks": _decibels(np.concatenate(peaks)),
        "clipped": as_one(spans(cut_off, edges, SHORTEST_CLIP), 0.2),
    }


def _cut_off(amplitudes: np.ndarray) -> np.ndarray:
    """(N, size, 2) amplitudes -> (N,): whether a side's waves have flat tops near full scale."""
    peaks = amplitudes.max(axis=1)  # (N, 2)
    in_top = (amplitudes >= TOP * peaks[:, None]).mean(axis=1)
    return ((peaks >= NEAR_FULL) & (in_top >= FLAT)).any(axis=1)


def _decibels(amplitudes: np.ndarray) -> list[float]:
    return [round(float(level), 1) for level in 20 * np.log10(np.maximum(amplitudes, 10 ** (QUIETEST / 20)))]
