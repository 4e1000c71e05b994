"""The seam behind which every video model stands: ours, the animatic, and those of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from rushes.backlot.scene import Scene
from rushes.backlot.world import World

TASKS = ("text_to_image", "text_to_video", "image_to_video")


class Unsupported(ValueError):
    """A model was asked for what it cannot do; the message says what it can."""


class Cancelled(Exception):
    """The work was cancelled by whoever asked for it; nothing of it is left."""


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a model can do; `check` of a model refuses anything else."""

    name: str  # of the model, with its version: part of every take's provenance
    tasks: tuple[str, ...]  # of TASKS
    sizes: tuple[tuple[int, int], ...] | None  # (width, height) that it makes; None for any
    seconds: tuple[float, float]  # shortest and longest clip
    fps: tuple[float, ...] | None  # frame rates that it makes; None for any
    world: World | None = None  # the part of the backlot that it knows; None for a model that takes free text
    needs_scene: bool = False  # whether a request must carry the scene, not only the prompt
    steps: tuple[int, int] = (1, 100)  # fewest and most sampling steps


@dataclass(frozen=True, kw_only=True)
class Request:
    """One clip or picture to be made."""

    prompt: str  # what is to be seen
    seconds: float  # length; 0 for a picture
    width: int  # pixels
    height: int  # pixels
    fps: float  # frames a second
    seed: int = 0  # the same seed gives the same clip
    scene: Scene | None = None  # the planned scene, where there is one
    image: np.ndarray | None = None  # (H, W, 3) uint8: the first frame
    steps: int | None = None  # sampling steps; None for the model's own
    guidance: float | None = None  # strength of guidance; None for the model's own

    @property
    def task(self) -> str:
        if self.image is not None:
            return "image_to_video"
        return "text_to_image" if self.seconds == 0 else "text_to_video"


@dataclass(frozen=True, kw_only=True)
class Take:
    """What a model made."""

    frames: np.ndarray  # (T, H, W, 3) uint8
    fps: float  # frames a second
    model: str  # Capabilities.name of its maker
    seed: int
    work_seconds: float  # spent making it
    parameters: dict[str, Any] = field(default_factory=dict)  # what else decided it: steps, guidance, weights' hash


Progress = Callable[[float], None]  # told the share that is done, 0 to 1
Stopped = Callable[[], bool]  # asked whether to stop


class VideoModel(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    def check(self, request: Request) -> None:
        """Raises Unsupported, in words, for a request that `generate` would not carry out exactly as asked."""
        ...

    def generate(self, request: Request, *, progress: Progress | None = None, cancelled: Stopped | None = None) -> Take:
        """Makes the clip. Raises Unsupported as `check`, Cancelled when `cancelled` says so."""
        ...


def check_request(capabilities: Capabilities, request: Request) -> None:
    """What every model checks the same way. Raises Unsupported."""
    name = capabilities.name
    if request.task not in capabilities.tasks:
        raise Unsupported(f"{name} does not make {request.task}; it makes {', '.join(capabilities.tasks)}")
    size = (request.width, request.height)
    if min(size) < 16 or max(size) > 8192:
        raise Unsupported(f"{name} does not make pictures of {size[0]}x{size[1]}; choose 16 to 8192 pixels a side")
    if capabilities.sizes is not None and size not in capabilities.sizes:
        known = ", ".join(f"{w}x{h}" for w, h in capabilities.sizes)
        raise Unsupported(f"{name} does not make {size[0]}x{size[1]}; it makes {known}, and the edit scales it")
    shortest, longest = capabilities.seconds
    if request.task != "text_to_image" and not shortest <= request.seconds <= longest + 1e-6:
        raise Unsupported(f"{name} does not make {request.seconds:g} s; it makes {shortest:g} to {longest:g} s a clip")
    if capabilities.fps is not None and request.fps not in capabilities.fps:
        known = ", ".join(f"{fps:g}" for fps in capabilities.fps)
        raise Unsupported(f"{name} does not make {request.fps:g} frames a second; it makes {known}")
    fewest, most = capabilities.steps
    if request.steps is not None and not fewest <= request.steps <= most:
        raise Unsupported(f"{name} does not take {request.steps} steps; choose {fewest} to {most}")
    if capabilities.needs_scene and request.scene is None:
        raise Unsupported(f"{name} draws a planned scene and the request has none; plan it first, or use another model")
    if capabilities.world is not None and request.scene is not None:
        missing = capabilities.world.lacks(request.scene)
        if missing:
            raise Unsupported(f"{name} does not know the {missing[0]}; plan within what it knows, or use another model")
