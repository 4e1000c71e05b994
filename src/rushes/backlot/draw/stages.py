"""Sets, light and weather: what is behind and in front of the cast."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from rushes.backlot.draw.easel import Easel
from rushes.backlot.draw.light import light_of
from rushes.backlot.draw.sets_built import city
from rushes.backlot.draw.sets_land import desert, forest, meadow, snowfield
from rushes.backlot.draw.sets_water import front_wave, sea
from rushes.backlot.draw.view import GROUND, View

__all__ = ["GROUND", "View", "background", "foreground"]

CHUNK_PIXELS = 1_500_000  # pixels painted at once: bounds memory and stays near the cache

SETS: dict[str, Callable[[Easel], None]] = {
    "meadow": meadow,
    "forest": forest,
    "desert": desert,
    "snowfield": snowfield,
    "sea": sea,
    "city": city,
}


def background(view: View) -> Tensor:
    """The set behind the cast: (T, 3, H, W), in [0, 1] once `foreground` has graded it."""
    easel, paint = Easel(view), SETS.get(view.scene.set, meadow)
    frames = len(view.times)
    at_once = max(1, CHUNK_PIXELS // (view.height * view.width))
    painted = []
    for start in range(0, frames, at_once):
        easel.begin(slice(start, min(frames, start + at_once)))
        paint(easel)
        painted.append(easel.finish())
    return painted[0] if len(painted) == 1 else torch.cat(painted)


def foreground(frames: Tensor, view: View) -> Tensor:
    """What is in front of the cast, weather, and the light's grade over it all; (T, 3, H, W) to the same in [0, 1]."""
    light = light_of(view.scene)
    if view.scene.set == "sea":
        easel = Easel(view, over=frames)
        easel.begin(slice(0, len(view.times)))
        front_wave(easel)
    if light.tint != (1.0, 1.0, 1.0):
        frames = frames * torch.tensor(light.tint, device=frames.device)[:, None, None]
    return frames.clamp(0, 1)
