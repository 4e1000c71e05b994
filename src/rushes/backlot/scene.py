"""A scene of the backlot: a small, frozen description from which frames, captions and answers follow.

Nothing here draws and nothing imports torch: planners write scenes, `motion.py` says where everything is at a time,
`draw/renderer.py` makes the picture.

Stage coordinates: `x` runs from -1 (left edge) to 1 (right edge) of the frame before the camera moves, `y` is a height
above the actor's standing line in frame heights, sizes are shares of the frame height. They do not depend on the
picture's shape or resolution.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

COLORS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "white", "black")
PATTERNS = ("plain", "striped", "spotted", "checked")
ACCESSORIES = ("none", "hat", "scarf", "glasses", "bow", "crown")
SETS = (
    "meadow",
    "forest",
    "desert",
    "snowfield",
    "sea",
    "city",
    "beach",
    "mountains",
    "underwater",
    "space",
    "room",
    "stage",
)
WEATHERS = ("clear", "rain", "snow", "fog", "leaves", "storm")
LIGHTS = ("day", "sunset", "night", "overcast")
MOTIONS = ("stand", "walk", "run", "jump", "fly", "fall", "roll", "spin", "grow", "shrink", "hide", "wave")
CAMERA_MOVES = ("still", "pan_left", "pan_right", "zoom_in", "zoom_out", "follow")
RELATIONS = ("left_of", "behind", "follows", "carries")
MAX_CAST = 3


class SceneError(ValueError):
    """A scene asks for something the backlot does not have."""


def _one_of(what: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise SceneError(f"{what} {value!r} is not on the backlot; choose one of: {', '.join(known)}")


@dataclass(frozen=True, kw_only=True)
class Action:
    """One motion of one actor during [start, end)."""

    motion: str  # one of MOTIONS
    start: float = 0.0  # seconds on the scene's clock
    end: float = 2.0  # seconds
    heading: int = 1  # 1 to the right, -1 to the left; for motions that travel
    distance: float = 0.8  # stage units of x travelled by walk, run, fly and roll

    def __post_init__(self) -> None:
        _one_of("motion", self.motion, MOTIONS)
        if not self.end > self.start >= 0:
            raise SceneError(f"action {self.motion!r} lasts from {self.start} s to {self.end} s; the end must be later")
        if self.heading not in (-1, 1):
            raise SceneError(f"heading {self.heading} is neither 1 (right) nor -1 (left)")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """One member of the cast, as it stands when the scene begins."""

    kind: str  # a name in cast.KINDS
    color: str = "red"  # one of COLORS: the main colour
    pattern: str = "plain"  # one of PATTERNS
    accessory: str = "none"  # one of ACCESSORIES
    size: float = 0.4  # height in frame heights
    x: float = 0.0  # stage x of the standing point
    y: float = 0.0  # height of the standing point above the standing line, frame heights
    depth: float = 0.0  # 0 in front to 1 at the back: stands higher in the picture and is drawn earlier
    facing: int = 1  # 1 looks right, -1 looks left, until an action turns it
    actions: tuple[Action, ...] = ()  # in order of time, not overlapping

    def __post_init__(self) -> None:
        _one_of("colour", self.color, COLORS)
        _one_of("pattern", self.pattern, PATTERNS)
        _one_of("accessory", self.accessory, ACCESSORIES)
        if not 0.02 <= self.size <= 2.0:
            raise SceneError(f"size {self.size} of the {self.kind} is outside 0.02 to 2 frame heights")
        for before, after in zip(self.actions, self.actions[1:], strict=False):
            if after.start < before.end - 1e-9:
                raise SceneError(f"actions of the {self.kind} overlap: {before.motion} ends at {before.end} s")


@dataclass(frozen=True, kw_only=True)
class Relation:
    """`subject` stands in a relation to `object`, both indices into the scene's cast."""

    kind: str  # one of RELATIONS
    subject: int  # index of the actor the sentence is about
    object: int  # index of the other

    def __post_init__(self) -> None:
        _one_of("relation", self.kind, RELATIONS)


@dataclass(frozen=True, kw_only=True)
class Camera:
    move: str = "still"  # one of CAMERA_MOVES
    amount: float = 0.3  # pan: stage x travelled; zoom: share of magnification gained or lost
    zoom: float = 1.0  # magnification at the start
    x: float = 0.0  # stage x at the centre of the frame at the start
    y: float = 0.0  # frame heights by which the view is raised

    def __post_init__(self) -> None:
        _one_of("camera move", self.move, CAMERA_MOVES)


@dataclass(frozen=True, kw_only=True)
class Scene:
    set: str = "meadow"  # one of SETS
    weather: str = "clear"  # one of WEATHERS
    light: str = "day"  # one of LIGHTS
    camera: Camera = Camera()
    cast: tuple[Actor, ...] = ()  # up to MAX_CAST actors
    relations: tuple[Relation, ...] = ()
    seconds: float = 2.125  # length of the scene
    seed: int = 0  # varies hills, clouds, stars and the like; never what the caption says

    def __post_init__(self) -> None:
        _one_of("set", self.set, SETS)
        _one_of("weather", self.weather, WEATHERS)
        _one_of("light", self.light, LIGHTS)
        if len(self.cast) > MAX_CAST:
            raise SceneError(f"{len(self.cast)} actors in one scene; at most {MAX_CAST}, so split it into two shots")
        for relation in self.relations:
            if not (0 <= relation.subject < len(self.cast) and 0 <= relation.object < len(self.cast)):
                raise SceneError(
                    f"relation {relation.kind!r} is of actors {relation.subject} and {relation.object}, but the cast "
                    f"has {len(self.cast)}; count them from 0"
                )

    def to_dict(self) -> dict[str, Any]:
        """The scene as JSON-able data; `scene_from_dict` gives it back equal."""
        return asdict(self)


def scene_from_dict(data: dict[str, Any]) -> Scene:
    """Inverse of `Scene.to_dict`. Raises SceneError on names or shapes that are not a scene."""
    try:
        cast = tuple(
            Actor(**{**actor, "actions": tuple(Action(**action) for action in actor.get("actions", ()))})
            for actor in data.get("cast", ())
        )
        return Scene(
            **{
                **data,
                "cast": cast,
                "camera": Camera(**data.get("camera", {})),
                "relations": tuple(Relation(**relation) for relation in data.get("relations", ())),
            }
        )
    except (TypeError, AttributeError) as error:
        raise SceneError(f"not a scene: {error}") from error
