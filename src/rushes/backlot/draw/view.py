"""What the camera sees of one scene: the one argument of everything that paints sets, weather and light."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from rushes.backlot.motion import CameraTrack
from rushes.backlot.scene import Scene


@dataclass(frozen=True, kw_only=True)
class View:
    """What the camera sees of one scene at T times, for T pictures of height x width pixels."""

    scene: Scene
    times: Tensor  # (T,) seconds
    camera: CameraTrack  # where it looks
    height: int  # pixels
    width: int  # pixels
