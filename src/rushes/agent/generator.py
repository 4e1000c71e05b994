"""What the agent knows of a video model: a structural seam, so that it is run and tested without torch.

The models behind it live in another room; they fit because they have these attributes and methods.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from rushes.backlot.scene import Scene
from rushes.backlot.world import World


class GeneratorCapabilities(Protocol):
    """Read only: what `check` of the model goes by."""

    @property
    def name(self) -> str: ...  # with its version: part of every take's key

    @property
    def sizes(self) -> tuple[tuple[int, int], ...] | None: ...  # (width, height); None for any

    @property
    def seconds(self) -> tuple[float, float]: ...  # shortest and longest clip

    @property
    def fps(self) -> tuple[float, ...] | None: ...  # None for any

    @property
    def world(self) -> World | None: ...  # None for free text

    @property
    def needs_scene(self) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class ShotRequest:
    """One clip to be made."""

    prompt: str
    scene: Scene | None
    seconds: float
    width: int  # pixels
    height: int  # pixels
    fps: float
    seed: int
    image: np.ndarray | None = None  # (H, W, 3) uint8, the first frame
    steps: int | None = None
    guidance: float | None = None

    @property
    def task(self) -> str:
        if self.image is not None:
            return "image_to_video"
        return "text_to_image" if self.seconds == 0 else "text_to_video"


class GeneratedTake(Protocol):
    """Read only."""

    @property
    def frames(self) -> np.ndarray: ...  # (T, H, W, 3) uint8

    @property
    def fps(self) -> float: ...

    @property
    def model(self) -> str: ...

    @property
    def work_seconds(self) -> float: ...

    @property
    def parameters(self) -> dict[str, Any]: ...


class Generator(Protocol):
    @property
    def capabilities(self) -> Any: ...  # GeneratorCapabilities

    def check(self, request: Any) -> None:
        """Raises a ValueError, in words, for what it can't do."""
        ...

    def generate(
        self,
        request: Any,
        *,
        progress: Callable[[float], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Any: ...  # GeneratedTake


def take_size(capabilities: GeneratorCapabilities, width: int, height: int) -> tuple[int, int]:
    """The size to shoot for a film of this size: the film's own, else the nearest shape, then the nearest area."""
    if capabilities.sizes is None:
        return width, height

    def distance(size: tuple[int, int]) -> tuple[float, float]:
        shape = abs(math.log(size[0] / size[1]) - math.log(width / height))
        return round(shape, 2), abs(math.log(size[0] * size[1]) - math.log(width * height))

    return min(capabilities.sizes, key=distance)


def take_fps(capabilities: GeneratorCapabilities, fps: float) -> float:
    """The frame rate to shoot at: the film's own, else the fastest below it, else the slowest."""
    if capabilities.fps is None or fps in capabilities.fps:
        return fps
    below = [rate for rate in capabilities.fps if rate <= fps]
    return max(below) if below else min(capabilities.fps)
