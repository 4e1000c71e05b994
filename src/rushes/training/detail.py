"""How much detail there is where the cast should be, against the true clip.

A read-out names a coloured cloud after whatever it resembles most: its answers alone would flatter a model that draws
nothing else. Clouds have no edges.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.motion import frame_times
from rushes.backlot.scene import Scene
from rushes.backlot.where import on_screen


def detail(video: Tensor, scene: Scene, fps: float) -> list[float]:
    """Mean slope of the brightness, per pixel, in each actor's true box over a clip (T, 3, H, W); NaN where unseen."""
    light = video.float().mean(1)  # (T, H, W)
    slope = torch.zeros_like(light)
    slope[:, :, :-1] += light.diff(dim=2).abs()
    slope[:, :-1] += light.diff(dim=1).abs()
    frames, height, width = slope.shape
    values = []
    for actor in on_screen(scene, frame_times(scene, fps)[:frames], width / height):
        found = []
        for t in np.flatnonzero(actor.visible > 0.3):
            half = float(actor.height[t]) / 2
            rows = slice(max(0, round((actor.y[t] - half) * height)), max(0, round((actor.y[t] + half) * height)))
            half *= height / width
            columns = slice(max(0, round((actor.x[t] - half) * width)), max(0, round((actor.x[t] + half) * width)))
            box = slope[t, rows, columns]
            if box.numel():
                found.append(float(box.mean()))
        values.append(float(np.mean(found)) if found else float("nan"))
    return values
