"""Rigs of the vehicles: wheels roll, sails and flags blow, engines flame, windows and headlights shine at night."""

from __future__ import annotations

import torch
from torch import Tensor

from rushes.backlot.draw.brush import Brush, Pose
from rushes.backlot.draw.solids import (
    FLAME,
    GLASS,
    GOLD,
    STEEL,
    WARM,
    WOOD,
    drop,
    halo,
    lit,
    pointed,
    tilted,
    unlike,
    waving,
    wheel,
)


def _flicker(pose: Pose) -> Tensor:
    """(N,) about 1: the length of a flame."""
    return 1 + 0.16 * torch.sin(pose.time * 41) + 0.10 * torch.sin(pose.time * 67 + 1)


def _jolt(b: Brush, pose: Pose) -> Brush:
    """The body of something on wheels: it bounces and pitches a little as it goes, and rocks when it waves."""
    up = 0.018 * pose.gait * torch.sin(pose.stride * 2).abs()
    return tilted(b.joint((0.0, up)), (0.0, 0.15), pose.swing(0.02) + waving(pose, 0.04, 0.07))


def car(b: Brush, pose: Pose) -> None:
    body = _jolt(b, pose)
    halo(body, (0.76, 0.42), 0.32, pose, 0.8)
    body.box((-0.08, 0.62), (0.45, 0.28), "main", round=0.22)
    glass = lit(pose, GLASS)
    body.box((-0.27, 0.66), (0.185, 0.155), glass, round=0.09, rim=0.08)
    body.box((0.13, 0.66), (0.165, 0.155), glass, round=0.09, rim=0.08)
    body.box((0.0, 0.36), (0.78, 0.21), "main", round=0.15)
    body.box((0.0, 0.20), (0.80, 0.05), "dark", round=0.05)
    body.circle((0.70, 0.42), 0.065, lit(pose, (1.0, 0.95, 0.75), (1.0, 0.95, 0.7)))
    body.circle((-0.74, 0.42), 0.04, (0.85, 0.2, 0.2))
    body.box((0.02, 0.46), (0.05, 0.014), "light", round=0.01, shade=0, rim=0)
    for x in (-0.44, 0.44):
        wheel(b, (x, 0.195), 0.195, pose)


def boat(b: Brush, pose: Pose) -> None:
    b = tilted(b, (0.0, 0.15), pose.sway(0.045, 0.4) + pose.swing(0.05) + waving(pose, 0.04, 0.08))
    full = pose.sway(0.03, 0.6) + 0.03 * pose.gait  # how far the wind fills the sails
    b.limb((0.0, 0.30), (0.0, 1.02), 0.024, 0.02, WOOD)
    flag = unlike(b, (0.90, 0.28, 0.22), GOLD)
    b.polygon([(0.0, 1.07), (0.0, 0.97), (-0.17, 1.0 + pose.sway(0.03, 1.6))], flag, round=0.01)
    mainsail = [(-0.05, 0.97), (-0.29 - full, 0.74), (-0.50 - full, 0.44), (-0.27 - full, 0.41), (-0.05, 0.43)]
    b.polygon(mainsail, "main", round=0.015)
    b.polygon([(0.05, 0.90), (0.31 + full, 0.64), (0.50, 0.43), (0.05, 0.45)], "light", round=0.015)
    hull = b.polygon([(-0.62, 0.32), (0.74, 0.36), (0.48, 0.03), (-0.44, 0.03)], "main", round=0.03, patterned=False)
    b.limb((-0.66, 0.33), (0.80, 0.37), 0.035, fill="dark", shade=0)
    b.box((0.0, 0.05), (0.8, 0.06), "dark", inside=hull, shade=0, rim=0)
    for x in (-0.32, 0.0, 0.32):
        b.circle((x, 0.21), 0.055, lit(pose, (0.98, 0.95, 0.86)), rim=0.3)


def rocket(b: Brush, pose: Pose) -> None:
    lean = -0.35 * pose.gait + pose.sway(0.03, 0.5) + waving(pose, 0.05, 0.15)
    b = tilted(b, (0.0, 0.45), lean)
    burning = torch.maximum(pose.gait, pose.flap).clamp(0, 1)
    if bool((burning > 0).any()):
        length = _flicker(pose) * burning
        halo(b, (0.0, 0.10), 0.42, pose, 0.8)
        b.limb((0.0, 0.21), (0.0, 0.20 - 0.13 * length), 0.11, 0.03, FLAME, opacity=burning, shade=0, rim=0)
        b.limb((0.0, 0.21), (0.0, 0.20 - 0.05 * length), 0.065, 0.02, WARM, opacity=burning, shade=0, rim=0)
    for side in (-1, 1):
        fin = [(side * 0.15, 0.52), (side * 0.40, 0.24), (side * 0.39, 0.08), (side * 0.15, 0.22)]
        b.polygon(fin, "dark", round=0.02)  # type: ignore[arg-type]
    b.box((0.0, 0.20), (0.12, 0.05), "ink", round=0.02)
    hull = pointed(b, (0.0, 0.52), (0.28, 0.56), "main", floor=0.20)
    nose = unlike(b, (0.97, 0.94, 0.88), (0.88, 0.24, 0.22))
    b.box((0.0, 1.00), (0.3, 0.16), nose, inside=hull, shade=0, rim=0)
    b.circle((0.0, 0.62), 0.125, STEEL)
    b.circle((0.0, 0.62), 0.088, lit(pose, GLASS))
    b.box((0.0, 0.265), (0.3, 0.03), nose, inside=hull, round=0.0, shade=0, rim=0)


def balloon(b: Brush, pose: Pose) -> None:
    b = tilted(b, (0.0, 0.6), pose.sway(0.03, 0.3) + waving(pose, 0.04, 0.10) - 0.06 * pose.gait)
    basket = tilted(b, (0.0, 0.36), pose.sway(0.10, 0.45, 1.0) + pose.swing(0.12))
    for side in (-1, 1):
        basket.limb((side * 0.11, 0.36), (side * 0.10, 0.13), 0.011, fill=WOOD, shade=0)
    halo(basket, (0.0, 0.26), 0.34, pose, 0.9)
    basket.limb((0.0, 0.21), (0.0, 0.23 + 0.06 * _flicker(pose)), 0.035, 0.012, FLAME, shade=0, rim=0)
    basket.box((0.0, 0.09), (0.14, 0.085), (0.68, 0.46, 0.26), round=0.035)
    basket.box((0.0, 0.155), (0.155, 0.024), WOOD, round=0.02)
    skin = drop(b, (0.0, 0.66), 0.42, (0.0, 0.34), 0.12, "main")
    b.ellipse((0.0, 0.66), (0.10, 0.45), "light", inside=skin, shade=0.1, rim=0, opacity=0.85)
    for side in (-1, 1):
        b.ellipse(
            (side * 0.33, 0.66), (0.045, 0.34), "light", angle=side * 0.1, inside=skin, shade=0.1, rim=0, opacity=0.85
        )
    b.box((0.0, 0.30), (0.3, 0.05), "dark", inside=skin, round=0.0, shade=0, rim=0)
    b.ellipse((0.0, 0.42), (0.26, 0.3), WARM, inside=skin, soft=0.2, shade=0, rim=0, opacity=pose.glow * 0.6)


RIGS = {"car": car, "boat": boat, "rocket": rocket, "balloon": balloon}
