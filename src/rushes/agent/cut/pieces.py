"""The pieces of a working cut as they were read from the board: clips, texts and sounds, each with its place on the
film's clock.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from rushes.media.grade import AS_SHOT, Grade
from rushes.media.push import AT_REST, Push, goes_on, stretch
from rushes.media.timeline import exact_rate

LOUDNESS = -14.0  # LUFS, where the cut says nothing else
CARD, AGAIN = " card", " again"  # how the labels of plain pictures, and of shots shown once more, end


@dataclass(frozen=True, kw_only=True)
class ClipPiece:
    """A clip, and where it stands on the film."""

    id: str  # board id
    blob: str  # hash of its source
    label: str = ""  # for people
    start: float = 0.0  # seconds into the source
    seconds: float  # on the film, the crossfade into the next clip included
    fade: float = 0.0  # seconds of crossfade into the next clip
    fit: Literal["cover", "contain"] = "cover"
    volume: float = 1.0  # factor on its own sound
    smooth: bool = False
    speed: float = 1.0  # seconds of the source for a second of the film
    fill: Literal["blur", "black"] = "blur"
    zoom: float = 0.06  # slow push-in over a still, share of the frame
    focus: tuple[float, float] = (0.5, 0.5)  # what a crop keeps: shares of width and height
    grade: Grade = AS_SHOT  # what is done to its colours
    push: Push = AT_REST  # what of the frame it shows when it begins, and when it ends
    take: str = ""  # board id of the take that it shows
    shot: str = ""  # board id of the shot that it films
    at: float = 0.0  # seconds on the film's clock where it begins to show

    @property
    def end(self) -> float:
        """Seconds on the film's clock where it is gone."""
        return self.at + self.seconds

    @property
    def source_end(self) -> float:
        """Seconds into the source where it stops."""
        return self.start + self.seconds * self.speed

    def push_of(self, offset: float, seconds: float) -> dict[str, Push]:
        """Its push where only so many seconds of it are shown, from `offset` on: a field, or none without a push."""
        if self.push == AT_REST:
            return {}
        return {"push": stretch(self.push, offset / self.seconds, (offset + seconds) / self.seconds)}


@dataclass(frozen=True, kw_only=True)
class TextPiece:
    id: str
    text: str
    start: float  # seconds on the film's clock
    end: float  # exclusive
    place: Literal["title", "lower", "subtitle"] = "title"
    middle: float = 0.0  # of a title: share of the frame's height, as somebody asked; 0: where it covers nobody
    size: float = 1.0  # of the type, times the usual
    colour: str = ""  # #rrggbb; empty: the usual
    clip: str = ""  # board id of the clip that it belongs to: it goes where that goes
    tells: str = ""  # of a label: what of its clip it tells, such as "name"


@dataclass(frozen=True, kw_only=True)
class SoundPiece:
    id: str
    blob: str
    label: str = ""
    at: float = 0.0  # seconds on the film's clock
    start: float = 0.0  # seconds into the source
    seconds: float | None = None  # None: as much as the source and the film have
    gain_db: float = 0.0
    fade_in: float = 0.0
    fade_out: float = 0.0
    duck: bool = False  # gets quieter while others sound: a bed
    end: float = 0.0  # seconds on the film's clock where it ends


Piece = ClipPiece | TextPiece | SoundPiece


@dataclass(frozen=True, kw_only=True)
class WorkingCut:
    id: str  # board id of the cut
    width: int  # pixels
    height: int
    fps: float
    clips: tuple[ClipPiece, ...]  # in order
    texts: tuple[TextPiece, ...] = ()  # by start
    sounds: tuple[SoundPiece, ...] = ()
    loudness: float = LOUDNESS  # LUFS of the film
    fade_in: float = 0.0  # seconds from black
    fade_out: float = 0.0  # seconds to black

    @property
    def rate(self) -> Fraction:
        return exact_rate(self.fps)

    @property
    def frames(self) -> int:
        return max((self.frame_at(clip.at) + self.frame_at(clip.seconds) for clip in self.clips[-1:]), default=0)

    @property
    def seconds(self) -> float:
        return self.seconds_at(self.frames)

    @property
    def frame(self) -> float:
        """Seconds that one frame lasts."""
        return float(1 / self.rate)

    def frame_at(self, seconds: float) -> int:
        """The nearest frame boundary, halves up."""
        return math.floor(Fraction(seconds) * self.rate + Fraction(1, 2))

    def seconds_at(self, frame: int) -> float:
        return float(frame / self.rate)

    def on_grid(self, seconds: float) -> float:
        """The same time on the nearest frame."""
        return self.seconds_at(self.frame_at(seconds))

    @property
    def pieces(self) -> dict[str, Piece]:
        pieces: list[Piece] = [*self.clips, *self.texts, *self.sounds]
        return {piece.id: piece for piece in pieces}

    def piece(self, id: str) -> Piece:
        """Raises ValueError naming the nearest ids."""
        pieces = self.pieces
        if id not in pieces:
            near = difflib.get_close_matches(id, pieces, n=2, cutoff=0.4) or list(pieces)[:6]
            there = f"did you mean {' or '.join(near)}" if near else "it is empty"
            raise ValueError(f"the cut has no piece {id!r}; {there}? timeline() lists them")
        return pieces[id]

    def clip(self, id: str) -> ClipPiece:
        """Raises ValueError where there is no such clip."""
        found = self.piece(id)
        if not isinstance(found, ClipPiece):
            clips = ", ".join(clip.id for clip in self.clips[:8]) or "none"
            raise ValueError(f"{id} is no clip; the clips are {clips}")
        return found

    def place(self, clip: ClipPiece) -> int:
        """Its number in order, from 0."""
        return next(number for number, other in enumerate(self.clips) if other.id == clip.id)


def placed(cut: WorkingCut, clips: Iterable[ClipPiece]) -> tuple[ClipPiece, ...]:
    """The clips in this order, each with its place on the film's clock."""
    found, at = [], 0
    for clip in clips:
        found.append(replace(clip, at=cut.seconds_at(at)))
        at += max(0, cut.frame_at(clip.seconds) - cut.frame_at(clip.fade))
    return tuple(found)


def clip_at(cut: WorkingCut, seconds: float) -> ClipPiece:
    """The clip that shows at this time; within a crossfade the later one. Raises ValueError beyond the film."""
    frame = cut.frame_at(seconds)
    showing = [c for c in cut.clips if 0 <= frame - cut.frame_at(c.at) < cut.frame_at(c.seconds)]
    if not showing:
        raise ValueError(f"{seconds:g} s is outside of the film; give 0 to {cut.seconds:.3f}")
    return showing[-1]


def joined(clips: tuple[ClipPiece, ...]) -> tuple[ClipPiece, ...]:
    """Neighbours that continue one another, as one."""
    found: list[ClipPiece] = []
    for clip in clips:
        last = found[-1] if found else None
        if last is not None and continues(last, clip):
            both = (last.push[0], clip.push[1])
            found[-1] = replace(last, seconds=last.seconds + clip.seconds, fade=clip.fade, push=both)
        else:
            found.append(clip)
    return tuple(found)


def common_tone(clips: Iterable[ClipPiece]) -> Grade:
    """In black and white, or sepia, where all clips are shown so: what comes to them is shown so too."""
    tones = {(clip.grade.saturation, clip.grade.sepia) for clip in clips if not is_card(clip)}
    saturation, sepia = tones.pop() if len(tones) == 1 else (1.0, 0.0)
    return Grade(saturation=saturation, sepia=sepia) if saturation == 0 or sepia == 1 else AS_SHOT


def is_card(clip: ClipPiece) -> bool:
    """Whether it is a plain picture that was asked for, which is black and silent by right."""
    return clip.label.endswith(CARD) and not clip.take


def comes_again(clip: ClipPiece) -> bool:
    """Whether it shows on purpose what another clip shows."""
    return clip.label.endswith(AGAIN)


def own_span(cut: WorkingCut, clip: ClipPiece) -> tuple[float, float]:
    """Seconds of the film from which, and up to which, the clip is seen without its neighbours."""
    place = cut.place(clip)
    start = clip.at + (cut.clips[place - 1].fade if place else 0.0)
    end = clip.end - (clip.fade if place + 1 < len(cut.clips) else 0.0)
    return cut.on_grid(start), cut.on_grid(end)


def continues(one: ClipPiece, two: ClipPiece) -> bool:
    """Whether the second goes on in the same source, the same way, where the first stops."""
    same = ("blob", "fit", "volume", "smooth", "speed", "fill", "zoom", "focus", "grade")
    follows = one.fade == 0 and abs(one.source_end - two.start) < 1e-4
    return (
        follows
        and all(getattr(one, name) == getattr(two, name) for name in same)
        and goes_on(one.push, one.seconds, two.push, two.seconds)
    )


def shown(text: str) -> str:
    """A text as it stands in an answer."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= 40 else line[:39] + "…"}"'
