"""Clips of the backlot as training data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from rushes.backlot.captions import (
    LIGHT_PHRASES,
    SET_PHRASES,
    dense_caption,
    describe_actor,
    facing,
    short_caption,
    side,
)
from rushes.backlot.draw.renderer import render
from rushes.backlot.motion import scene_tracks
from rushes.backlot.scene import RELATIONS, Action, Actor, Camera, Relation, Scene
from rushes.backlot.world import NANO, World, draw_scene
from rushes.training.data import Batch, Clips


@dataclass(frozen=True, kw_only=True)
class BacklotClips:
    """Scenes drawn from a world. "train" never shows a held-out combination; "test" shows nothing else."""

    world: World = field(default_factory=lambda: NANO)  # what there is to see
    height: int = 128  # rows
    width: int = 224  # columns
    frames: int = 17  # frames of a whole clip
    fps: float = 8.0  # frames a second
    seed: int = 0  # another seed, other scenes
    shorts: int = 4  # short captions kept for a clip beside the dense one
    device: str = field(default="cpu", repr=False, compare=False)  # that draws: no part of what the data is

    def clips(self, part: str) -> Clips:
        if part not in ("train", "test"):
            raise ValueError(f"there is no part {part!r} of the data; choose train or test")

        def make(step: int, batch: int, frames: int) -> Batch:
            scenes = self.scenes(part, step, batch)
            late = int(np.random.default_rng([self.seed, step, 5]).integers(self.frames - frames + 1))
            times = (late + np.arange(frames)) / self.fps
            sentences = [self.sentences(scene, at=float(times[0]) if frames == 1 else None) for scene in scenes]
            return Batch(
                video=render(
                    scenes, fps=self.fps, width=self.width, height=self.height, times=times, device=self.device
                ),
                captions=[several[0] for several in sentences],
                variants=[tuple(several[1:]) for several in sentences],
            )

        return make

    def scenes(self, part: str, step: int, batch: int) -> list[Scene]:
        """The scenes of a step."""
        first = (self.seed << 48) + (step << 12)
        return [draw_scene(self.world, first + i, held=part == "test") for i in range(batch)]

    def sentences(self, scene: Scene, *, at: float | None) -> list[str]:
        """True sentences about a clip, or about its picture at `at` seconds; the first is the dense one, none twice."""
        if at is not None:
            return list(dict.fromkeys(still_captions(scene, at)))
        shorts = [short_caption(scene, seed) for seed in range(self.shorts)]
        return list(dict.fromkeys([dense_caption(scene), *shorts]))

    def vocabulary(self) -> list[str]:
        return list(dict.fromkeys(s for scene in _every_word(self.world) for s in self._all_captions(scene)))

    def _all_captions(self, scene: Scene) -> list[str]:
        return [dense_caption(scene), *still_captions(scene), *(short_caption(scene, seed) for seed in range(8))]


def still_captions(scene: Scene, at: float = 0.0) -> list[str]:
    """Sentences true of the frame at `at` seconds: its cast and where they are then, set and light, without motion."""
    where = f"{SET_PHRASES[scene.set]} {LIGHT_PHRASES[scene.light]}"
    places = [side(float(track.x[0])) for track in scene_tracks(scene, np.array([at]))]
    seen = zip(scene.cast, places, strict=True)
    dense = " and ".join(f"{describe_actor(actor)}{facing(actor)} {place}" for actor, place in seen) or "nobody"
    short = " and ".join(describe_actor(actor, short=True) for actor in scene.cast) or "nobody"
    return [f"{dense.capitalize()} {where}.", f"{short} {where}", f"{short} {SET_PHRASES[scene.set]}"]


def _every_word(world: World) -> list[Scene]:
    """Scenes that between them use every name of a world in every phrase that has its own words."""
    kind, length = world.kinds[0], world.seconds
    scenes = []
    for name, motion, heading in product(world.kinds, world.motions, (1, -1)):
        act = Action(motion=motion, heading=heading, end=length)
        scenes.append(Scene(cast=(Actor(kind=name, actions=(act,)),), seconds=length))
    looks = [{"color": c} for c in world.colors] + [{"pattern": p} for p in world.patterns]
    looks += [{"accessory": a} for a in world.accessories]
    scenes += [Scene(cast=(Actor(kind=kind, **look),)) for look in looks]  # type: ignore[arg-type]
    scenes += [Scene(cast=(Actor(kind=kind, size=size, x=x),)) for size, x in ((0.3, -0.5), (0.4, 0.0), (0.6, 0.5))]
    empty = Scene()
    scenes += [replace(empty, set=s) for s in world.sets] + [replace(empty, light=s) for s in world.lights]
    scenes += [replace(empty, weather=s) for s in world.weathers]
    scenes += [replace(empty, camera=Camera(move=move)) for move in world.camera_moves]
    if world.max_cast > 1:
        two = (Actor(kind=kind, x=-0.5), Actor(kind=kind, x=0.5))
        scenes += [Scene(cast=two, relations=(Relation(kind=k, subject=0, object=1),)) for k in RELATIONS]
    return scenes
