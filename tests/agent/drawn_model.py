"""A small real video model for tests: it draws coloured moving squares with numpy, as the scene asks."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from rushes.backlot.world import FULL, World

RGB = {
    "red": (224, 51, 46),
    "orange": (247, 132, 33),
    "yellow": (250, 209, 51),
    "green": (64, 168, 82),
    "blue": (51, 117, 224),
    "purple": (140, 82, 199),
    "pink": (245, 132, 178),
    "brown": (140, 87, 51),
    "white": (242, 240, 232),
    "black": (40, 38, 48),
}
GROUNDS = {"snowfield": (214, 228, 240), "sea": (40, 90, 150), "meadow": (120, 190, 100)}


@dataclass(frozen=True, kw_only=True)
class DrawnCapabilities:
    name: str = "drawn-1"
    tasks: tuple[str, ...] = ("text_to_video",)
    sizes: tuple[tuple[int, int], ...] | None = ((160, 90),)
    seconds: tuple[float, float] = (0.1, 20.0)
    fps: tuple[float, ...] | None = None
    world: World | None = FULL
    needs_scene: bool = True


@dataclass(frozen=True, kw_only=True)
class DrawnTake:
    frames: np.ndarray
    fps: float
    model: str
    seed: int
    work_seconds: float
    parameters: dict[str, Any] = field(default_factory=dict)


class DrawnModel:
    """`bad_attempts`: so many first takes of every scene come out black; `made` keeps the requests."""

    def __init__(self, capabilities: DrawnCapabilities | None = None, *, bad_attempts: int = 0) -> None:
        self.capabilities = capabilities or DrawnCapabilities()
        self.bad_attempts = bad_attempts
        self.made: list[Any] = []

    def check(self, request: Any) -> None:
        if request.scene is None:
            raise ValueError(f"{self.capabilities.name} needs a scene; plan it first")

    def generate(self, request: Any, *, progress: Any = None, cancelled: Any = None) -> DrawnTake:
        began = time.perf_counter()
        self.check(request)
        before = sum(1 for other in self.made if other.scene == request.scene)
        self.made.append(request)
        count = max(1, round(request.seconds * request.fps))
        frames = np.zeros((count, request.height, request.width, 3), np.uint8)
        if before >= self.bad_attempts:
            self._draw(frames, request)
        if progress is not None:
            progress(1.0)
        return DrawnTake(
            frames=frames,
            fps=request.fps,
            model=self.capabilities.name,
            seed=request.seed,
            work_seconds=time.perf_counter() - began,
            parameters={"drawn": True},
        )

    def _draw(self, frames: np.ndarray, request: Any) -> None:
        count, height, width, _ = frames.shape
        stripes = (np.arange(width) // 4 % 2 * 18).astype(np.int16)[None, :, None]
        ground = np.array(GROUNDS.get(request.scene.set, (150, 170, 190)), np.int16)
        frames[:] = np.clip(ground - stripes, 0, 255).astype(np.uint8)
        frames[:, ::9, ::7] = request.seed % 200  # another seed is another picture
        for number, actor in enumerate(request.scene.cast):
            side = max(8, round(actor.size * height))
            for t in range(count):
                x = round((0.15 + 0.3 * number + 0.5 * t / count) * width) % max(1, width - side)
                top = height - side - 6
                frames[t, top : top + side, x : x + side] = RGB[actor.color]
