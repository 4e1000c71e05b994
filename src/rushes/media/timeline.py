"""A film as plain data: clips in order, texts and sounds on the film's clock. Seconds outside, whole frames inside."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Literal, get_args

from rushes.media.errors import said_short
from rushes.media.grade import AS_SHOT, Grade, grade_of
from rushes.media.push import AT_REST, Push, checked_push

Fit = Literal["cover", "contain"]
Fill = Literal["blur", "black"]
Place = Literal["title", "lower", "subtitle"]

# Above this a frame is shorter than two ASS clock ticks (centiseconds), and a text's frames could not be told apart.
MOST_FPS = 60
MOST_FRAMES = 24 * 3600 * MOST_FPS
MOST_TEXT = 2000  # characters
TEXT_SIZES = 0.4, 2.5  # smallest and largest, times the usual


@dataclass(frozen=True, kw_only=True)
class Clip:
    source: Path  # video or still image
    start: float = 0.0  # seconds into the source; of no meaning for a still
    seconds: float  # on the timeline, the crossfade into the next clip included
    fade: float = 0.0  # seconds of crossfade into the next clip; without effect on the last one
    fit: Fit = "cover"  # fill the frame and crop, or show all of it
    volume: float = 1.0  # factor on the clip's own sound, 0 to 16
    smooth: bool = False  # motion-interpolate a lower frame rate up to the timeline's, instead of repeating frames
    label: str = ""  # for people
    fill: Fill = "blur"  # what surrounds a contained picture
    zoom: float = 0.06  # slow push-in over a covering still, share of the frame, 0 to 0.5; videos are left alone
    speed: float = 1.0  # seconds of the source for a second of the film, 0.1 to 10; its sound keeps its pitch
    focus: tuple[float, float] = (0.5, 0.5)  # what a covering picture's crop keeps, shares of its width and height
    grade: Grade = AS_SHOT  # what is done to its colours; its fields that change anything do as well
    push: Push = AT_REST  # what of the frame is shown at its begin and at its end; with one a still has no zoom

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", Path(self.source))
        object.__setattr__(self, "focus", tuple(self.focus))
        object.__setattr__(self, "grade", grade_of(self.grade))
        where = f"clip {said_short(self.label or self.source.name)!r}"
        _between(f"start of {where}", self.start, 0, 1e6, "seconds")
        _between(f"length of {where}", self.seconds, 0.001, 86400, "seconds")
        _between(f"fade of {where}", self.fade, 0, self.seconds, "seconds, its own length at most")
        _between(f"volume of {where}", self.volume, 0, 16, "as a factor")
        _between(f"zoom of {where}", self.zoom, 0, 0.5, "as a share of the frame")
        _between(f"speed of {where}", self.speed, 0.1, 10, "as a factor")
        for way, share in zip(("across", "down"), self.focus, strict=True):
            _between(f"focus {way} of {where}", share, 0, 1, "as a share of the picture")
        object.__setattr__(self, "push", checked_push(self.push, where))
        _one_of(f"fit of {where}", self.fit, get_args(Fit))
        _one_of(f"fill of {where}", self.fill, get_args(Fill))


@dataclass(frozen=True, kw_only=True)
class Text:
    text: str  # shown literally; a newline breaks the line
    start: float  # seconds on the film's clock
    end: float  # exclusive: the frame at this time is free of the text
    place: Place = "title"  # centred and large | lower third | subtitle
    middle: float = 0.0  # of a title: where its middle stands, share of the height from the top; 0: as titles do
    size: float = 1.0  # of the type, as a share of what is usual at its place; too wide for the frame, it is less
    colour: str = ""  # #rrggbb; empty: warm white

    def __post_init__(self) -> None:
        shown = f"text {said_short(self.text, 40)!r}"
        if not self.text.strip() or len(self.text) > MOST_TEXT:
            raise ValueError(f"{shown} has {len(self.text)} characters; give 1 to {MOST_TEXT}, not only spaces")
        _between(f"start of {shown}", self.start, 0, 86400, "seconds")
        _between(f"end of {shown}", self.end, 0, 86400, "seconds")
        if self.end <= self.start:
            raise ValueError(
                f"{shown} ends at {self.end:g} s, not after its start at {self.start:g} s; let it end later"
            )
        _one_of(f"place of {shown}", self.place, get_args(Place))
        _between(f"middle of {shown}", self.middle, 0, 1, "as a share of the frame's height")
        _between(f"size of {shown}", self.size, *TEXT_SIZES, "times the usual")
        if self.colour and not re.fullmatch(r"#[0-9a-f]{6}", self.colour):
            raise ValueError(f"colour of {shown} is {said_short(self.colour, 20)!r}; give #rrggbb, such as #ffcc00")


@dataclass(frozen=True, kw_only=True)
class Sound:
    source: Path  # any file with sound
    at: float = 0.0  # seconds on the film's clock where it begins
    start: float = 0.0  # seconds into the source
    seconds: float | None = None  # length; None: as much as the source and the film have
    gain_db: float = 0.0  # -60 to 30
    fade_in: float = 0.0  # seconds
    fade_out: float = 0.0  # seconds, ending where the sound ends
    duck: bool = False  # gets quieter while the clips' own sound or another, not ducking sound plays

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", Path(self.source))
        where = f"sound {said_short(self.source.name)!r}"
        _between(f"begin of {where}", self.at, 0, 86400, "seconds on the film's clock")
        _between(f"start of {where}", self.start, 0, 1e6, "seconds into the source")
        if self.seconds is not None:
            _between(f"length of {where}", self.seconds, 0.001, 86400, "seconds")
        _between(f"gain of {where}", self.gain_db, -60, 30, "dB")
        _between(f"fade in of {where}", self.fade_in, 0, 600, "seconds")
        _between(f"fade out of {where}", self.fade_out, 0, 600, "seconds")


@dataclass(frozen=True, kw_only=True)
class Timeline:
    clips: Sequence[Clip]  # in order; kept as a tuple
    texts: Sequence[Text] = ()  # in any order; where several overlap in time they are drawn in this order
    sounds: Sequence[Sound] = ()
    width: int = 1280  # pixels, even
    height: int = 720  # pixels, even
    fps: float = 24  # frames per second; 23.976, 29.97 and 59.94 stand for the exact fractions
    fade_in: float = 0.0  # seconds from black at the film's begin, sound too
    fade_out: float = 0.0  # seconds to black at its end, sound too

    def __post_init__(self) -> None:
        for name in ("clips", "texts", "sounds"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if not self.clips:
            raise ValueError("the timeline has no clips; give at least one")
        _between("frame rate", self.fps, 1, MOST_FPS, "frames per second")
        for name, size in (("width", self.width), ("height", self.height)):
            if not isinstance(size, int) or size % 2 or not 32 <= size <= 8192:
                raise ValueError(f"{name} of the film is {size}; give an even whole number from 32 to 8192")
        self._check_fades()
        if self.frames > MOST_FRAMES:
            raise ValueError(f"the film would last {self.seconds:.0f} seconds; keep it within 24 hours")
        for text in self.texts:
            first, last = self.text_frames(text)
            if first >= last:
                raise ValueError(
                    f"text {said_short(text.text, 40)!r} from {text.start:g} to {text.end:g} s covers no frame of the "
                    f"film of {self.seconds:g} s at {self.fps:g} fps; move it into the film or make it longer"
                )
        for name, seconds in (("fade in", self.fade_in), ("fade out", self.fade_out)):
            _between(f"{name} of the film", seconds, 0, self.seconds, "seconds, the film's length at most")
        for sound in self.sounds:
            if self.frame_at(sound.at) >= self.frames:
                raise ValueError(
                    f"sound {said_short(sound.source.name)!r} begins at {sound.at:g} s, after the film's "
                    f"{self.seconds:g} s; begin it earlier"
                )

    def _check_fades(self) -> None:
        lengths, fades = self.clip_frames, self.fade_frames
        for i, (clip, length) in enumerate(zip(self.clips, lengths, strict=True)):
            name = f"clip {i + 1} ({said_short(clip.label or clip.source.name)})"
            if length < 1:
                raise ValueError(
                    f"{name} lasts {clip.seconds:g} s, under one frame at {self.fps:g} fps; make it longer"
                )
            before = fades[i - 1] if i else 0
            if before + fades[i] > length:
                raise ValueError(
                    f"{name} has {length} frames, fewer than the {before} + {fades[i]} of the crossfades around it; "
                    "make it longer or shorten the fades"
                )

    @property
    def rate(self) -> Fraction:
        """Frames per second, exactly."""
        return exact_rate(self.fps)

    @property
    def clip_frames(self) -> tuple[int, ...]:
        return tuple(self.frame_at(clip.seconds) for clip in self.clips)

    @property
    def fade_frames(self) -> tuple[int, ...]:
        """Frames of crossfade out of each clip; 0 for the last."""
        return (*(self.frame_at(clip.fade) for clip in self.clips[:-1]), 0)

    @property
    def clip_starts(self) -> tuple[int, ...]:
        """The film's frame at which each clip begins to show."""
        starts, at = [], 0
        for length, fade in zip(self.clip_frames, self.fade_frames, strict=True):
            starts.append(at)
            at += length - fade
        return tuple(starts)

    @property
    def frames(self) -> int:
        return sum(self.clip_frames) - sum(self.fade_frames)

    @property
    def seconds(self) -> float:
        """Exact length of the film: frames over rate."""
        return float(self.frames / self.rate)

    def frame_at(self, seconds: float) -> int:
        """The nearest frame boundary, halves up."""
        return math.floor(Fraction(seconds) * self.rate + Fraction(1, 2))

    def seconds_at(self, frame: int) -> float:
        return float(frame / self.rate)

    def text_frames(self, text: Text) -> tuple[int, int]:
        """First frame with the text, and first frame without it again, held within the film."""
        return min(self.frame_at(text.start), self.frames), min(self.frame_at(text.end), self.frames)

    def sample_at(self, frame: int, sample_rate: int) -> int:
        """The sample that sounds when the frame appears."""
        return math.floor(frame / self.rate * sample_rate + Fraction(1, 2))


def exact_rate(fps: float) -> Fraction:
    """24 -> 24/1, 23.976 -> 24000/1001, 29.97 -> 30000/1001, else the nearest small fraction."""
    for top in (24, 30, 48, 60):
        if abs(fps - top / 1.001) < 5e-3 * top / 24:
            return Fraction(top * 1000, 1001)
    return Fraction(fps).limit_denominator(1001)


def _between(what: str, value: float, low: float, high: float, unit: str) -> None:
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not math.isfinite(value)
        or not low <= value <= high
    ):
        raise ValueError(f"{what} is {said_short(value, 40)}; give a number from {low:g} to {high:g} ({unit})")


def _one_of(what: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise ValueError(f"{what} is {said_short(value, 40)!r}; give one of {', '.join(allowed)}")
