"""A film in numbers, from one decoding pass over its picture and one over its sound."""

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rushes.media.colour import colour_identity as colour_identity
from rushes.media.colour import colour_presence as colour_presence
from rushes.media.decode import scaled_size, timed_frames, to_rgb
from rushes.media.loudness import Loudness
from rushes.media.loudness import loudness as loudness
from rushes.media.picture_signal import (
    BLACK_SHARE,
    PictureSignal,
    black_spans,
    cut_times,
    flicker_times,
    frozen_spans,
)
from rushes.media.picture_signal import sharpness as sharpness
from rushes.media.probe import Limits, Probe, probe
from rushes.media.spans import Span

SMALL_WIDTH = 160  # pixels at which frames are compared with each other
SHARP_HEIGHT = 360  # pixels at which sharpness is measured, so that films of all sizes compare
SHARP_EVERY = 0.5  # seconds between frames whose sharpness is measured


@dataclass(frozen=True, kw_only=True)
class FilmReport:
    path: Path
    seconds: float  # of the picture
    frames: int  # that decode
    fps: float  # average
    width: int  # pixels as displayed
    height: int
    black_share: float  # of the frames
    black: tuple[Span, ...]  # seconds
    frozen: tuple[Span, ...]  # seconds, of at least half a second
    flicker: float  # jumps of light that return, a second
    flickers: tuple[float, ...]  # seconds at which they stand
    sharpness: float  # median variance of the Laplacian at 360 lines
    sharpness_least: float  # of the softest frame that is not black
    cuts: tuple[float, ...]  # seconds at which new shots begin
    luma: float  # 0..255, mean
    sound: Loudness | None  # None without sound
    partial: bool  # the file is cut off


def measure_film(path: str | os.PathLike[str], *, limits: Limits | None = None) -> FilmReport:
    """Measures everything that needs no reference. Raises MediaError for a file that is no film, as `probe`."""
    found = probe(path, limits, want="video")
    signal, sharp = picture_signal(found)
    if found.variable_rate:
        end = max(found.seconds, signal.times[-1] + 0.5 / found.fps)
    else:
        end = signal.times[0] + len(signal.times) / found.fps
    flickers = flicker_times(signal)
    return FilmReport(
        path=found.path,
        seconds=found.seconds,
        frames=len(signal.times),
        fps=found.fps,
        width=found.width,
        height=found.height,
        black_share=float((np.array(signal.black) >= BLACK_SHARE).mean()),
        black=black_spans(signal, end),
        frozen=frozen_spans(signal, end),
        flicker=len(flickers) / max(found.seconds, 1e-9),
        flickers=flickers,
        sharpness=float(np.median(sharp)) if sharp else 0.0,
        sharpness_least=min(sharp, default=0.0),
        cuts=cut_times(signal),
        luma=float(np.mean(signal.luma)),
        sound=loudness(found.path) if found.has_sound else None,
        partial=found.partial,
    )


def picture_signal(found: Probe) -> tuple[PictureSignal, list[float]]:
    """One pass: the signals of every frame, and the sharpness of those that are not black, twice a second."""
    signal, sharp, due = PictureSignal(), [], 0.0
    small = scaled_size(found, min(SMALL_WIDTH, found.width), None)
    large = scaled_size(found, None, SHARP_HEIGHT)
    for at, frame in timed_frames(found):
        signal.add(at, to_rgb(found, frame, small))
        if at >= due - 1e-6:
            due = at + SHARP_EVERY
            if signal.black[-1] < BLACK_SHARE:
                sharp.append(sharpness(to_rgb(found, frame, large)))
    return signal, sharp
