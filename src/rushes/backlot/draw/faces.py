"""What the rigs of the cast share: eyes, smiles, a waving limb, a dome."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor

from rushes.backlot.draw.brush import Brush, Color, Mask, Number, Point, Pose

ORANGE = (0.96, 0.58, 0.14)  # beaks and webbed feet
ROSE = (0.95, 0.52, 0.56)  # noses, cheeks, inside of ears
FLAT: dict[str, Any] = {"shade": 0.0, "rim": 0.0}  # small marks carry no shading of their own


def eye(b: Brush, at: tuple[float, float], radius: float, pose: Pose) -> None:
    """A bright eye that blinks: dark, ringed with white so that it shows on every coat."""
    open_ = pose.blink()
    b.ellipse(at, (1.34 * radius, 1.34 * radius * open_), "white", **FLAT)
    b.ellipse((at[0] + 0.1 * radius, at[1]), (radius, radius * open_), "ink", **FLAT)
    b.circle((at[0] + 0.4 * radius, at[1] + 0.4 * radius), 0.32 * radius, "white", opacity=open_, **FLAT)


def marks(b: Brush) -> Tensor:
    """Colour (N, 3) of lines drawn on the main coat: ink, or light on a dark coat."""
    dark_coat = b.palette.main.mean(-1, keepdim=True) < 0.3
    return torch.where(dark_coat, b.palette.light, torch.full_like(b.palette.main, 0.13))


def smile(b: Brush, at: tuple[float, float], width: float, line: float = 0.012, fill: str | Color = "ink") -> None:
    """A smile of half-width `width`, its lowest point 0.6 of that below `at`."""
    x, y = at
    drops = ((-1.0, 0.0), (-0.55, 0.44), (0.0, 0.6), (0.55, 0.44), (1.0, 0.0))
    points: list[Point] = [(x + u * width, y - v * width) for u, v in drops]
    b.curve(points, line, fill=fill, **FLAT)


def waving(pose: Pose, lift: Number, shake: float = 0.25) -> Tensor:
    """Angle in radians (N,) of a limb that waves twice a second: 0 when it hangs."""
    return pose.wave * (lift + shake * torch.sin(2 * math.pi * 2 * pose.time))


def hop(pose: Pose, height: float, phase: float = 0.0) -> Tensor:
    """Height (N,) by which a walker bobs off the ground, twice each gait cycle."""
    return height * pose.gait * torch.sin(pose.stride + phase).abs()


def dome(b: Brush, at: Point, radii: tuple[float, float], fill: str = "main", **how) -> Mask:
    """The upper half of an ellipse around `at`."""
    rx, ry = radii

    def distance(x: Tensor, y: Tensor) -> Tensor:
        x, y = x - at[0], y - at[1]
        k0 = torch.sqrt((x / rx) ** 2 + (y / ry) ** 2 + 1e-12)
        k1 = torch.sqrt((x / rx**2) ** 2 + (y / ry**2) ** 2 + 1e-12)
        return torch.maximum(k0 * (k0 - 1) / k1, -y)

    middle: tuple[Number, Number] = (at[0], at[1] + ry / 2)
    return b.paint(distance, middle, (rx, ry / 2), fill, **how)
