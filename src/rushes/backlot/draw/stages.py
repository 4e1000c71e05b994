"""Sets, light and weather: what is behind and in front of the cast."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from rushes.backlot.draw import weather
from rushes.backlot.draw.easel import Easel
from rushes.backlot.draw.light import light_of
from rushes.backlot.draw.sets_built import city, room, stage
from rushes.backlot.draw.sets_land import desert, forest, meadow, mountains, snowfield
from rushes.backlot.draw.sets_space import space
from rushes.backlot.draw.sets_water import beach, front_bubbles, front_wave, sea, underwater
from rushes.backlot.draw.view import View
from rushes.backlot.where import GROUND

__all__ = ["GROUND", "View", "background", "foreground"]

CHUNK_PIXELS = 1_500_000  # pixels painted at once: bounds memory and stays near the cache

SETS: dict[str, Callable[[Easel], None]] = {
    "meadow": meadow,
    "forest": forest,
    "desert": desert,
    "snowfield": snowfield,
    "sea": sea,
    "city": city,
    "beach": beach,
    "mountains": mountains,
    "underwater": underwater,
    "space": space,
    "room": room,
    "stage": stage,
}


BEFORE: dict[str, Callable[[Easel], None]] = {"sea": front_wave, "underwater": front_bubbles}
INDOORS = ("room",)  # sets that show the weather through a window


def background(view: View) -> Tensor:
    """The set behind the cast, with its weather: (T, 3, H, W), in [0, 1] once `foreground` has graded it."""
    easel, paint = Easel(view), SETS[view.scene.set]
    painted = []
    for frames in _stretches(view):
        easel.begin(frames)
        paint(easel)
        if view.scene.set not in INDOORS:
            weather.behind(easel)
        painted.append(easel.finish())
    return painted[0] if len(painted) == 1 else torch.cat(painted)


def foreground(frames: Tensor, view: View) -> Tensor:
    """What is before the cast, near weather, and the light's grade over it all: (T, 3, H, W) to the same in [0, 1].

    May write into `frames`.
    """
    scene, light = view.scene, light_of(view.scene)
    outdoors = scene.set not in INDOORS
    if scene.set in BEFORE or (outdoors and scene.weather != "clear"):
        easel = Easel(view, over=frames)
        for stretch in _stretches(view):
            easel.begin(stretch)
            if scene.set in BEFORE:
                BEFORE[scene.set](easel)
            if outdoors:
                weather.front(easel)
                flash = weather.flash(easel)
                if flash is not None:
                    frames[stretch] *= 1 + 0.55 * flash
                    frames[stretch] += 0.06 * flash
    if light.tint != (1.0, 1.0, 1.0):
        frames = frames * torch.tensor(light.tint, device=frames.device)[:, None, None]
    return frames.clamp(0, 1)


def _stretches(view: View) -> list[slice]:
    """The frames of a view, a bounded number of pixels at a time."""
    at_once = max(1, CHUNK_PIXELS // (view.height * view.width))
    count = len(view.times)
    return [slice(start, min(count, start + at_once)) for start in range(0, count, at_once)]
