"""Rigs of the vehicles: wheels roll, sails and flags blow, engines flame, windows and headlights shine at night."""

from __future__ import annotations

import torch
from torch import Tensor

from rushes.backlot.draw.brush import Brush, Point, Pose
from rushes.backlot.draw.solids import (
    FLAME,
    GLASS,
    GOLD,
    LAMPLIGHT,
    STEEL,
    WARM,
    WOOD,
    dome,
    drop,
    halo,
    pointed,
    shine,
    tilted,
    trim,
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
    shine(body, body.box((-0.27, 0.66), (0.185, 0.155), GLASS, round=0.09, rim=0.08), pose)
    shine(body, body.box((0.13, 0.66), (0.165, 0.155), GLASS, round=0.09, rim=0.08), pose)
    body.box((0.0, 0.36), (0.78, 0.21), "main", round=0.15)
    body.box((0.0, 0.20), (0.80, 0.05), "dark", round=0.05)
    shine(body, body.circle((0.70, 0.42), 0.065, (1.0, 0.95, 0.75)), pose)
    body.circle((-0.74, 0.42), 0.04, (0.85, 0.2, 0.2))
    body.box((0.02, 0.46), (0.05, 0.014), "light", round=0.01, shade=0, rim=0)
    for x in (-0.44, 0.44):
        wheel(b, (x, 0.195), 0.195, pose)


def bus(b: Brush, pose: Pose) -> None:
    body = _jolt(b, pose)
    halo(body, (0.80, 0.34), 0.28, pose, 0.8)
    body.box((-0.06, 0.905), (0.55, 0.045), "dark", round=0.04)
    shell = body.box((0.0, 0.53), (0.84, 0.38), "main", round=0.13)
    body.box((0.0, 0.36), (0.9, 0.035), trim(b), round=0.0, inside=shell, shade=0, rim=0)
    body.box((0.0, 0.18), (0.9, 0.06), "dark", round=0.0, inside=shell, shade=0, rim=0)
    for x in (-0.61, -0.26, 0.09):
        shine(body, body.box((x, 0.65), (0.15, 0.14), GLASS, round=0.05, rim=0.08), pose)
    shine(body, body.box((0.42, 0.54), (0.13, 0.25), GLASS, round=0.04, rim=0.08), pose)  # the door
    body.box((0.42, 0.54), (0.012, 0.25), "dark", round=0.0, shade=0, rim=0)
    shine(body, body.box((0.74, 0.65), (0.12, 0.15), GLASS, round=0.05, rim=0.08, inside=shell), pose)
    shine(body, body.circle((0.79, 0.33), 0.05, (1.0, 0.95, 0.72)), pose)
    for x in (-0.48, 0.50):
        wheel(b, (x, 0.175), 0.175, pose)


def train(b: Brush, pose: Pose) -> None:
    body = _jolt(b, pose)
    for i in range(3):  # puffs of steam drift back from the chimney and thin out
        age = torch.remainder(pose.time * 0.8 + i / 3, 1.0)
        at, grown = (0.46 - 0.5 * age, 0.98 + 0.22 * age), 0.05 + 0.09 * age
        body.circle(at, grown, "white", soft=0.02, opacity=0.9 * (1 - age), shade=0.1, rim=0.1)
    halo(body, (0.78, 0.52), 0.28, pose, 0.8)
    body.polygon([(0.48, 0.86), (0.42, 0.66), (0.58, 0.66), (0.56, 0.86)], "dark", round=0.02)
    body.box((0.50, 0.90), (0.11, 0.035), "ink", round=0.03)
    dome(body, (0.12, 0.68), (0.11, 0.17), GOLD)
    body.polygon([(0.60, 0.10), (0.84, 0.06), (0.66, 0.36)], unlike(b, (0.86, 0.24, 0.22), GOLD), round=0.02)
    body.limb((-0.1, 0.50), (0.56, 0.50), 0.22, fill="main")
    body.box((0.36, 0.50), (0.022, 0.22), GOLD, round=0.0, shade=0.2)
    body.box((0.02, 0.26), (0.72, 0.06), "ink", round=0.04)
    cab = body.box((-0.45, 0.56), (0.30, 0.34), "main", round=0.06)
    body.box((-0.45, 0.25), (0.4, 0.05), "dark", round=0.0, inside=cab, shade=0, rim=0)
    body.box((-0.45, 0.93), (0.37, 0.045), "dark", round=0.04)
    shine(body, body.box((-0.43, 0.68), (0.17, 0.13), GLASS, round=0.05, rim=0.08), pose)
    shine(body, body.circle((0.76, 0.52), 0.06, (1.0, 0.95, 0.75)), pose)
    for x, r in ((-0.44, 0.20), (0.02, 0.15), (0.42, 0.15)):
        wheel(b, (x, r), r, pose)
    turn = -pose.stride * (pose.gait > 0)
    rod = b.joint((0.07 * torch.cos(turn), 0.15 + 0.07 * torch.sin(turn)))
    rod.limb((-0.44, 0.02), (0.42, 0.0), 0.025, fill=STEEL, rim=0.3)


def plane(b: Brush, pose: Pose) -> None:
    b = tilted(b, (0.0, 0.45), pose.sway(0.03, 0.4) + pose.swing(0.03) + waving(pose, 0.05, 0.16) + 0.06 * pose.gait)
    turning = pose.time * 29 * torch.maximum(pose.gait, pose.flap).clamp(0, 1)
    b.polygon([(0.10, 0.60), (-0.22, 0.86), (-0.34, 0.86), (-0.16, 0.58)], "dark", round=0.03)  # far wing
    for x in (-0.12, 0.38):
        b.limb((x, 0.30), (x, 0.12), 0.02, fill=STEEL, shade=0)
        b.circle((x, 0.09), 0.09, "ink")
        b.circle((x, 0.09), 0.035, STEEL, shade=0, rim=0)
    b.polygon([(-0.52, 0.56), (-0.84, 0.90), (-0.90, 0.88), (-0.80, 0.54)], "main", round=0.04, patterned=False)
    hull = b.limb((0.48, 0.46), (-0.76, 0.56), 0.24, 0.07, "main")
    b.box((0.0, 0.30), (0.9, 0.055), "light", round=0.0, inside=hull, angle=-0.06, shade=0, rim=0)
    shine(b, b.ellipse((0.47, 0.58), (0.15, 0.10), GLASS, angle=-0.2, inside=hull, rim=0.1), pose)
    for x in (-0.36, -0.16, 0.04, 0.24):
        shine(b, b.circle((x, 0.535), 0.048, GLASS, rim=0.1), pose)
    b.polygon([(0.20, 0.42), (-0.18, 0.40), (-0.44, 0.16), (-0.28, 0.15)], "dark", round=0.035)  # near wing
    b.limb((-0.70, 0.56), (-0.92, 0.50), 0.05, 0.035, "dark")
    b.ellipse((0.71, 0.46), (0.08, 0.10), unlike(b, (0.96, 0.94, 0.88), (0.86, 0.24, 0.22)))
    b.ellipse((0.80, 0.46), (0.022, 0.06 + 0.22 * torch.cos(turning).abs()), "ink", shade=0, rim=0)


def boat(b: Brush, pose: Pose) -> None:
    b = tilted(b, (0.0, 0.15), pose.sway(0.045, 0.4) + pose.swing(0.05) + waving(pose, 0.04, 0.08))
    full = pose.sway(0.03, 0.6) + 0.03 * pose.gait  # how far the wind fills the sails
    b.limb((0.0, 0.30), (0.0, 1.02), 0.024, 0.02, WOOD)
    flag = unlike(b, (0.90, 0.28, 0.22), GOLD)
    b.polygon([(0.0, 1.07), (0.0, 0.97), (-0.17, 1.0 + pose.sway(0.03, 1.6))], flag, round=0.01)
    mainsail: list[Point] = [
        (-0.05, 0.97),
        (-0.29 - full, 0.74),
        (-0.50 - full, 0.44),
        (-0.27 - full, 0.41),
        (-0.05, 0.43),
    ]
    b.polygon(mainsail, "main", round=0.015)
    b.polygon([(0.05, 0.90), (0.31 + full, 0.64), (0.50, 0.43), (0.05, 0.45)], "light", round=0.015)
    hull = b.polygon([(-0.62, 0.32), (0.74, 0.36), (0.48, 0.03), (-0.44, 0.03)], "main", round=0.03, patterned=False)
    b.limb((-0.66, 0.33), (0.80, 0.37), 0.035, fill="dark", shade=0)
    b.box((0.0, 0.05), (0.8, 0.06), "dark", inside=hull, shade=0, rim=0)
    for x in (-0.32, 0.0, 0.32):
        halo(b, (x, 0.21), 0.17, pose, 0.8)
        shine(b, b.circle((x, 0.21), 0.055, (0.98, 0.95, 0.86), rim=0.3), pose)


def rocket(b: Brush, pose: Pose) -> None:
    lean = -0.35 * pose.gait + pose.swing(0.04) + pose.sway(0.03, 0.5) + waving(pose, 0.05, 0.15)
    b = tilted(b, (0.0, 0.45), lean)
    burning = torch.maximum(pose.gait, pose.flap).clamp(0, 1)
    if bool((burning > 0).any()):
        length = _flicker(pose) * burning
        halo(b, (0.0, 0.10), 0.42, pose, 0.8)
        b.limb((0.0, 0.21), (0.0, 0.19 - 0.16 * length), 0.11, 0.03, FLAME, opacity=burning, shade=0, rim=0)
        core = b.limb((0.0, 0.21), (0.0, 0.19 - 0.07 * length), 0.065, 0.02, WARM, opacity=burning, shade=0, rim=0)
        shine(b, core, pose)
    for side in (-1, 1):
        fin: list[Point] = [(side * x, y) for x, y in ((0.15, 0.52), (0.40, 0.24), (0.39, 0.08), (0.15, 0.22))]
        b.polygon(fin, "dark", round=0.02)
    b.box((0.0, 0.20), (0.12, 0.05), "ink", round=0.02)
    hull = pointed(b, (0.0, 0.52), (0.28, 0.56), "main", floor=0.20)
    nose = unlike(b, (0.97, 0.94, 0.88), (0.88, 0.24, 0.22))
    b.box((0.0, 1.00), (0.3, 0.16), nose, inside=hull, shade=0, rim=0)
    b.circle((0.0, 0.62), 0.125, STEEL)
    shine(b, b.circle((0.0, 0.62), 0.088, GLASS), pose)
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
    skin = drop(b, (0.0, 0.67), 0.41, (0.0, 0.30), 0.09, "main")
    gore = trim(b)
    b.ellipse((0.0, 0.66), (0.10, 0.45), gore, inside=skin, shade=0.1, rim=0)
    for side in (-1, 1):
        b.ellipse((side * 0.32, 0.66), (0.05, 0.36), gore, angle=side * 0.1, inside=skin, shade=0.1, rim=0)
    b.box((0.0, 0.25), (0.3, 0.06), "dark", inside=skin, round=0.0, shade=0, rim=0)
    b.ellipse((0.0, 0.42), (0.26, 0.3), LAMPLIGHT, inside=skin, soft=0.2, shade=0, rim=0, opacity=pose.glow * 0.6)


RIGS = {
    "car": car,
    "bus": bus,
    "train": train,
    "boat": boat,
    "rocket": rocket,
    "balloon": balloon,
    "plane": plane,
}
