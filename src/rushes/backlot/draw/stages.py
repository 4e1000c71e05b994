"""Sets, light and weather: what is behind and in front of the cast."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rushes.backlot.motion import CameraTrack
from rushes.backlot.scene import Scene


@dataclass(frozen=True, kw_only=True)
class View:
    """What the camera sees of one scene at T times, for T pictures of height x width pixels."""

    scene: Scene
    times: Tensor  # (T,) seconds
    camera: CameraTrack  # where it looks
    height: int
    width: int


GROUND = 0.24  # height of the standing line in frame heights above the bottom edge


def background(view: View) -> Tensor:
    """(T, 3, H, W) in [0, 1]."""
    t, h, w = len(view.times), view.height, view.width
    y = (1 - (torch.arange(h) + 0.5) / h)[None, None, :, None].expand(t, 3, h, w)
    sky = torch.tensor([0.55, 0.78, 0.95])[None, :, None, None]
    ground = torch.tensor([0.45, 0.70, 0.35])[None, :, None, None]
    return torch.where(y > GROUND + 0.12, sky, ground)


def foreground(frames: Tensor, view: View) -> Tensor:
    """Weather in front of the cast and the light's grade over it all; (T, 3, H, W) to the same."""
    return frames
