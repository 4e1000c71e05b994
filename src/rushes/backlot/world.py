"""Worlds: the part of the backlot that a model was trained on, and how scenes are drawn from it.

A `World` is a vocabulary. `draw_scene` draws a scene from it by a seed, the same on every machine. One combination in
HELD_OUT_ONE_IN of (kind, colour, set, motion) is never trained on, chosen by a hash of the names, so that training and
evaluation agree without a list.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace

import numpy as np

from rushes.backlot import scene as vocabulary
from rushes.backlot.cast import BY_NAME, KINDS
from rushes.backlot.scene import Action, Actor, Camera, Relation, Scene

HELD_OUT_ONE_IN = 12
TRAVELS = ("walk", "run", "fly", "roll")


@dataclass(frozen=True, kw_only=True)
class World:
    """What a model knows of the backlot, as tuples of the names in `scene` and `cast`."""

    kinds: tuple[str, ...] = tuple(kind.name for kind in KINDS)
    colors: tuple[str, ...] = vocabulary.COLORS
    patterns: tuple[str, ...] = vocabulary.PATTERNS
    accessories: tuple[str, ...] = vocabulary.ACCESSORIES
    sets: tuple[str, ...] = vocabulary.SETS
    weathers: tuple[str, ...] = vocabulary.WEATHERS
    lights: tuple[str, ...] = vocabulary.LIGHTS
    motions: tuple[str, ...] = vocabulary.MOTIONS
    camera_moves: tuple[str, ...] = vocabulary.CAMERA_MOVES
    max_cast: int = vocabulary.MAX_CAST  # actors in one scene
    sizes: tuple[float, float] = (0.25, 0.6)  # smallest and largest actor, frame heights
    places: tuple[float, ...] = ()  # where one who is alone and does not travel stands; empty: within 0.3 of the middle
    strides: tuple[float, float] = (0.7, 1.0)  # least and most that one travels in a scene, frame heights
    seconds: float = 2.125  # length of a drawn scene

    def lacks(self, scene: Scene) -> list[str]:
        """What a scene asks for that this world does not have, in words; empty when it has everything."""
        missing = []

        def need(what: str, value: str, known: tuple[str, ...]) -> None:
            if value not in known:
                missing.append(f"{what} {value!r} (known: {', '.join(known)})")

        need("set", scene.set, self.sets)
        need("weather", scene.weather, self.weathers)
        need("light", scene.light, self.lights)
        need("camera move", scene.camera.move, self.camera_moves)
        if len(scene.cast) > self.max_cast:
            missing.append(f"{len(scene.cast)} actors in one scene (at most {self.max_cast})")
        for actor in scene.cast:
            need("kind", actor.kind, self.kinds)
            need("colour", actor.color, self.colors)
            need("pattern", actor.pattern, self.patterns)
            need("accessory", actor.accessory, self.accessories)
            for action in actor.actions:
                need("motion", action.motion, self.motions)
        return missing


FULL = World()

NANO = World(
    kinds=(
        "fox",
        "cat",
        "rabbit",
        "elephant",
        "turtle",
        "penguin",
        "owl",
        "fish",
        "robot",
        "girl",
        "boat",
        "car",
        "rocket",
        "balloon",
        "mushroom",
        "apple",
        "lantern",
        "umbrella",
        "tree",
        "flower",
    ),
    colors=("red", "orange", "yellow", "green", "blue", "purple", "pink", "white"),
    patterns=("plain",),
    accessories=("none",),
    sets=("meadow", "forest", "desert", "snowfield", "sea", "city"),
    weathers=("clear",),
    lights=("day", "night"),
    motions=("stand", "walk", "jump", "spin", "grow", "fall"),
    camera_moves=("still",),
    max_cast=1,
    sizes=(0.52, 0.52),
    places=(-0.25, 0.0, 0.25),  # a token apart: each kind is learned on one grid of tokens, not on every shift of it
    strides=(0.75, 0.75),
)

MINI = World(
    kinds=(*NANO.kinds, "dog", "horse", "frog", "duck", "bus", "plane", "cake", "ball", "cactus", "ghost"),
    patterns=("plain", "striped"),
    accessories=("none", "hat"),
    sets=(*NANO.sets, "beach", "mountains", "room", "space"),
    weathers=("clear", "rain", "snow"),
    lights=("day", "sunset", "night"),
    motions=(*NANO.motions, "run", "fly", "roll"),
    camera_moves=("still", "pan_left", "pan_right", "zoom_in"),
    max_cast=2,
    sizes=(0.4, 0.5),
    seconds=49 / 12,
)


def held_out(kind: str, color: str, set: str, motion: str) -> bool:
    """Whether this combination is kept from training, by a hash of the names."""
    digest = hashlib.sha256("|".join((kind, color, set, motion)).encode()).digest()
    return int.from_bytes(digest[:8], "big") % HELD_OUT_ONE_IN == 0


def is_held_out(scene: Scene) -> bool:
    """Whether any actor of the scene forms a held-out combination with the set and one of its motions."""
    return any(
        held_out(actor.kind, actor.color, scene.set, action.motion)
        for actor in scene.cast
        for action in actor.actions or (Action(motion="stand"),)
    )


def draw_scene(world: World, seed: int, *, held: bool = False) -> Scene:
    """Draws a scene by `seed`: one that may be trained on, or with `held` one that is kept for evaluation."""
    rng = np.random.default_rng([seed, 1 if held else 0])
    for _ in range(10_000):
        scene = _draw(world, rng)
        if is_held_out(scene) == held:
            return scene
    raise ValueError("this world has no scene of that kind: it is too small for the hash to hold any combination out")


def _pick(rng: np.random.Generator, names: tuple[str, ...], first: float = 0.0) -> str:
    """One of `names`; the first with at least the probability `first`."""
    return names[0] if rng.random() < first else names[int(rng.integers(len(names)))]


def _draw(world: World, rng: np.random.Generator) -> Scene:
    count = 1 if world.max_cast == 1 else int(rng.choice([1, 2, 3], p=[0.5, 0.35, 0.15]))
    count = min(count, world.max_cast)
    cast = [_draw_actor(world, rng, place, count) for place in range(count)]
    relations: tuple[Relation, ...] = ()
    if count > 1 and rng.random() < 0.5:
        relations = (Relation(kind=_pick(rng, vocabulary.RELATIONS), subject=0, object=1),)
        cast = _related(cast, relations[0])
    return Scene(
        set=_pick(rng, world.sets),
        weather=_pick(rng, world.weathers, 0.5),
        light=_pick(rng, world.lights),
        camera=Camera(move=_pick(rng, world.camera_moves, 0.5)),
        cast=tuple(cast),
        relations=relations,
        seconds=world.seconds,
        seed=int(rng.integers(1 << 30)),
    )


def _draw_actor(world: World, rng: np.random.Generator, place: int, count: int) -> Actor:
    kind = _pick(rng, world.kinds)
    motion = _pick(rng, world.motions)
    heading = 1 if rng.random() < 0.5 else -1
    size = float(rng.uniform(*world.sizes)) * (1.0 if count == 1 else 0.75)
    lane = 0.0 if count == 1 else (-0.5, 0.5, 0.0)[place]
    if count > 1:
        x = lane + float(rng.uniform(-0.12, 0.12))
    elif world.places:
        x = world.places[int(rng.integers(len(world.places)))]
    else:
        x = float(rng.uniform(-0.3, 0.3))
    distance = float(rng.uniform(*world.strides))
    if motion in TRAVELS:
        x = lane * 0.6 - heading * distance / 2 + (0.0 if world.places else float(rng.uniform(-0.1, 0.1)))
    airborne = BY_NAME[kind].habitat == "air" and motion in ("stand", "walk", "fly") and world.max_cast > 1
    return Actor(
        kind=kind,
        color=_pick(rng, world.colors),
        pattern=_pick(rng, world.patterns, 0.5),
        accessory=_pick(rng, world.accessories, 0.6) if BY_NAME[kind].alive else "none",
        size=round(size, 3),
        x=round(x, 3),
        y=round(float(rng.uniform(0.08, 0.2)), 3) if airborne else 0.0,
        depth=0.0 if count == 1 else (0.0, 0.25, 0.6)[place],
        facing=heading,
        actions=(Action(motion=motion, start=0.0, end=world.seconds, heading=heading, distance=round(distance, 3)),),
    )


def _related(cast: list[Actor], relation: Relation) -> list[Actor]:
    """Moves the second and first actor so that the relation can be seen."""
    subject, other, *rest = cast
    if relation.kind == "left_of":
        subject, other = replace(subject, x=min(subject.x, -0.35)), replace(other, x=max(other.x, 0.35))
    elif relation.kind == "behind":
        subject = replace(subject, x=other.x + 0.12, depth=0.8, size=max(subject.size, other.size))
        other = replace(other, depth=0.0)
    elif relation.kind == "carries":
        other = replace(other, size=round(subject.size * 0.45, 3), actions=())
    else:
        subject = replace(subject, actions=other.actions)
    return [subject, other, *rest]
