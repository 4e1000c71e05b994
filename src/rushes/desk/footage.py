"""Small films to work on, drawn: every frame of every clip looks different from all others, every clip has a tone of
its own. So a scorer can tell, frame by frame, what a finished film shows and which sound belongs to it.
"""

from __future__ import annotations

import colorsys
import hashlib
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from rushes.media.encode import write_video
from rushes.media.sound import RATE, write_sound

VERSION = 4  # of what is drawn; part of a cached file's name
NAMES = ("harbour", "market", "station", "garden", "tower", "bridge", "beach", "forest", "kitchen", "rooftop")
CRF = 8  # x264 quality: the scorers compare with the drawing itself
CLICK, CLICK_SECONDS = 2150.0, 0.04  # Hz and length of a beat
LEVEL = 0.1  # amplitude of a tone, of full scale
LOWEST_TONE, TONE_STEP = 330.0, 130.0  # Hz of the first name, and between names


@dataclass(frozen=True, kw_only=True)
class Footage:
    """One clip as handed in."""

    name: str  # of NAMES, without a suffix
    frames: int
    seed: int = 0  # another seed, other colours
    fps: float = 12.0
    width: int = 160  # pixels
    height: int = 90
    shown: tuple[int, ...] = ()  # number of the drawn frame at each frame; -1: black; empty: 0, 1, 2, ...
    caption: str = ""  # burnt into every frame, as a sign that stands in the picture
    sounding: bool = True
    file: str = ""  # its name as a file, where it is not the name and .mp4

    @property
    def file_name(self) -> str:
        return self.file or f"{self.name}.mp4"

    @property
    def tone(self) -> float:
        """Hz."""
        return LOWEST_TONE + TONE_STEP * NAMES.index(self.name)

    @property
    def seconds(self) -> float:
        return self.frames / self.fps

    def picture(self, number: int) -> np.ndarray:
        """(H, W, 3) uint8: drawn frame `number`, before any change of order."""
        return drawn(self.name, self.seed, self.width, self.height, number, self.caption)


@lru_cache(maxsize=4096)
def drawn(name: str, seed: int, width: int, height: int, number: int, caption: str = "") -> np.ndarray:
    """Two waves that wander at speeds without a common period, over a clip's own two colours, and a disc on its way."""
    place = NAMES.index(name)
    hue = (place / len(NAMES) + 0.037 * (seed % 13)) % 1.0
    low = np.array(colorsys.hsv_to_rgb(hue, 0.75, 0.45))
    high = np.array(colorsys.hsv_to_rgb((hue + 0.12) % 1.0, 0.6, 0.8))
    y, x = np.mgrid[:height, :width] / width
    lean = 0.3 + 0.1 * (place % 4)
    first = np.sin(2 * np.pi * (5 * (x + lean * y) - number / 7.3))
    second = np.sin(2 * np.pi * (3 * (y * 1.4 - lean * x) + number / 17.9))
    share = (0.5 + 0.28 * first + 0.22 * second)[..., None]
    picture = low * (1 - share) + high * share  # (H, W, 3), 0 to 1
    at = 0.12 + 0.76 * (0.5 + 0.5 * np.sin(number / 9.1 + place))
    disc = (x - at) ** 2 + (y - 0.12) ** 2 < 0.05**2
    picture[disc] = colorsys.hsv_to_rgb((hue + 0.5) % 1.0, 0.8, 0.9)
    frame = (picture * 255).round().astype(np.uint8)
    return _captioned(frame, caption) if caption else frame


def _captioned(frame: np.ndarray, caption: str) -> np.ndarray:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.fromarray(frame)
    font = ImageFont.load_default(size=max(8, frame.shape[0] // 12))
    ImageDraw.Draw(image).text((4, frame.shape[0] - frame.shape[0] // 7), caption, font=font, fill=(255, 255, 255))
    return np.asarray(image)


def shown_frames(footage: Footage) -> list[np.ndarray]:
    """The frames of its file, in order."""
    black = np.zeros((footage.height, footage.width, 3), np.uint8)
    order = footage.shown or range(footage.frames)
    return [black if number < 0 else footage.picture(number) for number in order]


def tone(hz: float, seconds: float, level: float = LEVEL) -> np.ndarray:
    """(N,) samples."""
    t = np.arange(round(seconds * RATE)) / RATE
    return level * np.sin(2 * np.pi * hz * t)


def footage_file(footage: Footage) -> Path:
    """Its file, drawn and encoded once on a machine."""

    def write(path: Path) -> None:
        sound = tone(footage.tone, footage.seconds) if footage.sounding else None
        write_video(path, shown_frames(footage), footage.fps, sound, crf=CRF, threads=1)

    return _cached(repr(footage), footage.file_name, write)


def click_track(bpm: float, seconds: float, name: str = "beat.wav") -> Path:
    """A sound file with a click on every beat, from 0 on."""

    def write(path: Path) -> None:
        samples = np.zeros(round(seconds * RATE))
        click = tone(CLICK, CLICK_SECONDS, 0.5) * np.hanning(round(CLICK_SECONDS * RATE))
        for at in np.arange(0, seconds - CLICK_SECONDS, 60 / bpm):
            first = round(at * RATE)
            samples[first : first + len(click)] += click
        write_sound(path, samples)

    return _cached(f"clicks {bpm} {seconds}", name, write)


def tone_file(hz: float, seconds: float, name: str, level: float = LEVEL) -> Path:
    return _cached(f"tone {hz} {seconds} {level}", name, lambda path: _write_tone(path, hz, seconds, level))


def _write_tone(path: Path, hz: float, seconds: float, level: float) -> None:
    write_sound(path, np.stack([tone(hz, seconds, level)] * 2, axis=1))


def _cached(what: str, name: str, write: Callable[[Path], None]) -> Path:
    """A file of this name in a folder of its content; written whole or not at all, so that runs can share it."""
    key = hashlib.sha256(f"{VERSION} {what}".encode()).hexdigest()[:16]
    path = Path(tempfile.gettempdir()) / "rushes-desk-footage" / key / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path)
    return path


def draw_footage(
    names: Sequence[str], frames: Sequence[int], seed: int, *, width: int = 160, height: int = 90
) -> tuple[Footage, ...]:
    """Clips of these names, lengths in frames and size in pixels."""
    return tuple(
        Footage(name=name, frames=count, seed=seed, width=width, height=height)
        for name, count in zip(names, frames, strict=True)
    )
