"""A finished film as a scorer sees it: which frame of which clip it shows, where words stand, which tones sound."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import numpy as np
from PIL import Image

from rushes.desk.footage import Footage
from rushes.desk.laid import BLACK
from rushes.media.decode import frames as decoded_frames
from rushes.media.picture_signal import BLACK_LEVEL, BLACK_SHARE, LUMA
from rushes.media.probe import probe
from rushes.media.sound import RATE
from rushes.media.sound import sound as decoded_sound
from rushes.media.timeline import Place

COLUMNS, ROWS = 16, 9  # cells in which pictures are compared; their median forgives words that cover less than half
SAME = 14.0  # of 255: median difference of the cells up to which it is the same picture
LIT = 48  # of 255: a pixel that differs this much from the drawing belongs to a text
LEAST_LIT = 0.003  # share of such pixels in a place from which there is a text in it
# Where the texts of a place stand: left, top, right, bottom, as shares.
PLACES: dict[Place, tuple[float, float, float, float]] = {
    "title": (0.04, 0.36, 0.96, 0.62),
    "lower": (0.04, 0.6, 0.96, 0.8),
    "subtitle": (0.04, 0.8, 0.96, 1.0),
}
Box = tuple[float, float, float, float]
WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


class Watched:
    """A film file, decoded once. `footage`: the clips that may be in it."""

    def __init__(self, path: Path, footage: Iterable[Footage]) -> None:
        self.path = path
        self.frames = np.stack(list(decoded_frames(path)))  # (T, H, W, 3)
        self.fps = probe(path).fps
        self.footage = {clip.name: clip for clip in footage}
        self._located_frames: list[tuple[str, int] | None] | None = None
        self._differences: dict[tuple[int, tuple[str, int]], np.ndarray] = {}

    @property
    def count(self) -> int:
        return len(self.frames)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.frames.shape[2], self.frames.shape[1]

    @cached_property
    def sound(self) -> np.ndarray:
        """(N, 2) float; silence where there is none."""
        found = probe(self.path)
        return decoded_sound(self.path) if found.has_sound else np.zeros((round(found.seconds * RATE), 2), np.float32)

    @cached_property
    def fit(self) -> tuple[Box, Box]:
        """The part of the film and the part of the clips that show the same: filling the frame, or all of it shown."""
        if not self.footage:
            return WHOLE, WHOLE
        clip = next(iter(self.footage.values()))
        film, source = self.size[0] / self.size[1], clip.width / clip.height
        if abs(film / source - 1) < 0.02:
            return WHOLE, WHOLE
        narrow = min(film, source) / max(film, source)
        across: Box = (0.5 - narrow / 2, 0.0, 0.5 + narrow / 2, 1.0)
        down: Box = (0.0, 0.5 - narrow / 2, 1.0, 0.5 + narrow / 2)
        cover = (WHOLE, across if film < source else down)
        contain = (down if film < source else across, WHOLE)
        sample = range(0, self.count, max(1, self.count // 8))
        return min((cover, contain), key=lambda fit: float(np.mean([self._nearest(i, fit)[0] for i in sample])))

    def located(self) -> list[tuple[str, int] | None]:
        """(name, number of the drawn frame) that each frame shows; BLACK; None: nothing that was handed in."""
        if self._located_frames is None:
            self._located_frames = [self._located(i) for i in range(self.count)]
        return self._located_frames

    def _located(self, i: int) -> tuple[str, int] | None:
        if float((self.frames[i] @ LUMA <= BLACK_LEVEL).mean()) >= BLACK_SHARE:
            return BLACK
        error, name, number = self._nearest(i, self.fit)
        return (name, number) if error <= SAME else None

    def _nearest(self, i: int, fit: tuple[Box, Box]) -> tuple[float, str, int]:
        film, source = fit
        cells = _cells(self.frames[i], film)
        best = (np.inf, "", 0)
        for name, clip in self.footage.items():
            drawn = _drawn_cells(clip, source)  # (T, cells, 3)
            errors = np.median(np.abs(drawn - cells).mean(axis=2), axis=1)
            number = int(errors.argmin())
            best = min(best, (float(errors[number]), name, number))
        return best

    def lit(self, i: int, shows: tuple[str, int], place: Place) -> float:
        """Share of the place's pixels that differ from what the clip shows there."""
        if (i, shows) not in self._differences:
            bare = self._bare(i, shows).astype(np.int16)
            self._differences[i, shows] = np.abs(self.frames[i].astype(np.int16) - bare).max(axis=2) >= LIT
        width, height = self.size
        l, t, r, b = PLACES[place]
        part = np.s_[round(t * height) : round(b * height), round(l * width) : round(r * width)]
        return float(self._differences[i, shows][part].mean())

    def _bare(self, i: int, shows: tuple[str, int]) -> np.ndarray:
        """(H, W, 3): frame i without any text. Around a contained picture nothing is compared."""
        if shows == BLACK:
            return np.zeros_like(self.frames[i])
        film, source = self.fit
        width, height = self.size
        picture = Image.fromarray(self.footage[shows[0]].picture(shows[1]))
        w, h = picture.size
        box = (source[0] * w, source[1] * h, source[2] * w, source[3] * h)
        left, top = round(film[0] * width), round(film[1] * height)
        shown = (round(film[2] * width) - left, round(film[3] * height) - top)
        bare = self.frames[i].copy()
        bare[top : top + shown[1], left : left + shown[0]] = picture.resize(shown, Image.Resampling.BICUBIC, box)
        return bare

    def read(self, i: int) -> str:
        """The words on a frame, letters and digits only, in small letters."""
        from rushes.media.ocr import read_text

        larger = max(1, round(320 / self.size[0]))
        frame = Image.fromarray(self.frames[i])
        frame = frame.resize((frame.width * larger, frame.height * larger), Image.Resampling.LANCZOS)
        return " ".join(plain(text) for text, _, _ in read_text(np.asarray(frame)))

    def level(self, hz: float, first: int, end: int) -> float:
        """dB of a tone from one frame to another, the edges left aside, where sounds are blended."""
        edge = min(0.06, (end - first) / self.fps / 4)
        return self.tone(hz, first / self.fps + edge, end / self.fps - edge)

    def tone(self, hz: float, start: float, end: float) -> float:
        """dB of a tone between two times in seconds."""
        samples = self.sound[round(start * RATE) : round(end * RATE)].mean(axis=1)
        if len(samples) < 200:
            return -120.0
        turning = np.exp(-2j * np.pi * hz * np.arange(len(samples)) / RATE) * np.hanning(len(samples))
        return float(20 * np.log10(max(1e-6, 4 * abs(np.dot(samples, turning)) / len(samples))))


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.lower()).split())


_CELLS: dict[tuple[Footage, Box], np.ndarray] = {}


def _drawn_cells(clip: Footage, box: Box) -> np.ndarray:
    """(T, cells, 3): every drawn frame of a clip."""
    key = (clip, box)
    if key not in _CELLS:
        last = max(clip.shown, default=clip.frames - 1)
        _CELLS[key] = np.stack([_cells(clip.picture(number), box) for number in range(last + 1)])
    return _CELLS[key]


def _cells(frame: np.ndarray, box: Box) -> np.ndarray:
    """(cells, 3) float32 means of the part of a frame in the box."""
    height, width = frame.shape[:2]
    part = (box[0] * width, box[1] * height, box[2] * width, box[3] * height)
    small = Image.fromarray(frame).resize((COLUMNS, ROWS), Image.Resampling.BOX, part)
    return np.asarray(small, np.float32).reshape(-1, 3)
