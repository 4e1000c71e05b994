"""A plan: the shots of a film in order, whose frames add up exactly, the texts over them and the bed under them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from rushes.backlot.scene import Scene, SceneError, scene_from_dict

Source = Literal["generated", "image", "footage"]


class PlanError(ValueError):
    """No plan can be made as asked."""


@dataclass(frozen=True, kw_only=True)
class Material:
    """Something of the user's that has to be in the film."""

    blob: str  # hash on the board
    name: str  # file name, for people
    kind: Literal["image", "footage"]
    seconds: float = 0.0  # length of footage
    logo: bool = False  # an image that closes the film, shown whole


@dataclass(frozen=True, kw_only=True)
class PlannedShot:
    id: str  # "s01", "s02", ... in order of the plan
    source: Source
    frames: int  # length on the timeline, the crossfade into the next shot included
    fade_frames: int = 0  # crossfade into the next shot
    beat: int = -1  # index of the beat that it films, -1 for materials
    text: str = ""  # the words of the brief that it films
    size: str = "medium"  # wide, medium, close, detail, reaction
    reason: str = ""  # why this shot is here
    scene: Scene | None = None  # of a generated shot; it lasts `take_seconds`
    prompt: str = ""  # of a generated shot
    take_seconds: float = 0.0  # length of the clip to be shot, at least the length on the timeline
    blob: str = ""  # of a material
    start: float = 0.0  # seconds into footage
    fit: Literal["cover", "contain"] = "cover"


@dataclass(frozen=True, kw_only=True)
class PlannedText:
    text: str
    start: float  # seconds on the film's clock
    end: float  # seconds, exclusive
    place: Literal["title", "lower", "subtitle"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    title: str
    fps: float
    frames: int  # of the whole film
    shots: tuple[PlannedShot, ...]
    texts: tuple[PlannedText, ...] = ()
    mood: str = "gentle"  # a key of rhythm.PACES
    bpm: float = 92.0
    bed: str = "bright"  # mood of the bed
    sections: tuple[tuple[float, float, str], ...] = ()  # (start, end, mood of the bed) in seconds
    notes: tuple[str, ...] = ()  # what was understood otherwise, or left out
    look: str = ""  # of all that is seen: a key of media's LOOKS, or empty

    def __post_init__(self) -> None:
        shown = sum(shot.frames for shot in self.shots) - sum(shot.fade_frames for shot in self.shots[:-1])
        assert shown == self.frames, f"shots of {shown} frames for a film of {self.frames}"

    @property
    def seconds(self) -> float:
        return self.frames / self.fps

    def starts(self) -> list[int]:
        """The film's frame at which each shot begins to show."""
        found, at = [], 0
        for shot in self.shots:
            found.append(at)
            at += shot.frames - shot.fade_frames
        return found

    def to_dict(self) -> dict[str, Any]:
        """JSON-able; `plan_from_dict` gives it back equal."""
        return asdict(self)


def plan_from_dict(data: dict[str, Any]) -> Plan:
    """Inverse of `Plan.to_dict`. Raises PlanError."""
    try:
        shots = tuple(
            PlannedShot(**{**shot, "scene": None if shot["scene"] is None else scene_from_dict(shot["scene"])})
            for shot in data["shots"]
        )
        texts = tuple(PlannedText(**text) for text in data["texts"])
        sections = tuple((start, end, mood) for start, end, mood in data["sections"])
        return Plan(**{**data, "shots": shots, "texts": texts, "sections": sections, "notes": tuple(data["notes"])})
    except (KeyError, TypeError, SceneError) as error:
        raise PlanError(f"not a plan: {error}") from error
