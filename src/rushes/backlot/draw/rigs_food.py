"""Rigs of what can be eaten: round, plump, and always on the move when asked to be."""

from __future__ import annotations

from rushes.backlot.draw.brush import Brush, Pose
from rushes.backlot.draw.solids import (
    CREAM,
    FLAME,
    LEAF,
    WARM,
    WOOD,
    crescent,
    drop,
    halo,
    icing,
    lively,
    merged,
    shine,
    tilted,
    trim,
    unlike,
)

CHERRY = (0.85, 0.16, 0.24)
WAFFLE = (0.88, 0.64, 0.36)


def apple(b: Brush, pose: Pose) -> None:
    b = lively(b, pose, hop=0.08, lean=0.14)
    b.curve([(0.0, 0.66), (0.02, 0.82), (0.09, 0.93)], 0.03, 0.04, WOOD)
    body = merged(b, [(-0.19, 0.46, 0.30), (0.19, 0.46, 0.30), (-0.13, 0.28, 0.25), (0.13, 0.28, 0.25)], blend=0.12)
    b.ellipse((0.01, 0.75), (0.13, 0.045), "dark", inside=body, shade=0, rim=0, opacity=0.8)
    b.limb((0.0, 0.72), (0.02, 0.82), 0.03, 0.033, WOOD, shade=0)
    b.ellipse((-0.26, 0.56), (0.075, 0.13), "light", angle=-0.45, shade=0, rim=0, opacity=0.75)
    leaf = tilted(b, (0.03, 0.84), pose.sway(0.12, 0.6))
    leaf.ellipse((0.20, 0.90), (0.18, 0.085), LEAF, angle=0.35)
    leaf.limb((0.06, 0.85), (0.32, 0.945), 0.01, 0.006, (0.20, 0.44, 0.20), shade=0, rim=0)


def banana(b: Brush, pose: Pose) -> None:
    b = lively(b, pose, lean=0.16)
    b = tilted(b, (0.0, 0.66), -0.30 + pose.sway(0.03, 0.4))
    b.limb((0.56, 0.74), (0.64, 0.97), 0.085, 0.05, "main", patterned=False)
    b.limb((0.638, 0.965), (0.645, 0.985), 0.052, 0.05, (0.42, 0.32, 0.16), shade=0)
    peel = crescent(b, (0.0, 0.66), 0.66, 0.40, "main", round=0.09)
    crescent(b, (0.0, 0.80), 0.62, 0.12, "dark", round=0.02, inside=peel, shade=0, rim=0, opacity=0.22)
    b.circle((-0.64, 0.86), 0.085, (0.42, 0.32, 0.16), inside=peel, shade=0, rim=0)
    b.curve([(-0.42, 0.29), (-0.26, 0.18), (-0.06, 0.12)], 0.03, 0.018, "light", shade=0, rim=0, opacity=0.7)


def cake(b: Brush, pose: Pose) -> None:
    b = lively(b, pose)
    b.ellipse((0.0, 0.05), (0.62, 0.05), (0.90, 0.90, 0.93), shade=0.05)
    frosting = trim(b)
    for y, w, h in ((0.245, 0.52, 0.19), (0.57, 0.35, 0.16)):
        tier = b.box((0.0, y), (w, h), "main", round=0.05)
        icing(b, (0.0, y + h - 0.07), (w, 0.085), 5 if w > 0.4 else 3, frosting, tier, shade=0.05, rim=0)
        b.box((0.0, y - h + 0.025), (w, 0.025), "dark", inside=tier, round=0, shade=0, rim=0, opacity=0.7)
    halo(b, (0.0, 0.98), 0.5, pose, 0.7)
    stick = unlike(b, (0.98, 0.97, 0.94), (0.90, 0.30, 0.40))
    for x, phase in ((-0.19, 0.0), (0.0, 2.0), (0.19, 4.0)):
        b.limb((x, 0.74), (x, 0.86), 0.026, fill=stick, shade=0)
        flame = b.joint((x, 0.90), pose.sway(0.22, 2.3, phase) + pose.swing(0.4))
        flame.limb((0.0, 0.025), (0.0, 0.105), 0.040, 0.008, FLAME, shade=0, rim=0)
        shine(flame, flame.limb((0.0, 0.015), (0.0, 0.06), 0.022, 0.006, WARM, shade=0, rim=0), pose)


def ice_cream(b: Brush, pose: Pose) -> None:
    b = lively(b, pose)
    b.joint((0.20, 0.76), -0.5).limb((0.0, 0.0), (0.0, 0.30), 0.045, fill=(0.80, 0.55, 0.30))
    cone = b.polygon([(-0.23, 0.44), (0.23, 0.44), (0.02, 0.03), (-0.02, 0.03)], WAFFLE, round=0.025)
    for x in (-0.26, -0.10, 0.06):
        for side in (-1, 1):
            line = ((side * x, 0.46), (side * (x + 0.22), 0.02))
            b.limb(*line, 0.010, fill=(0.70, 0.45, 0.22), inside=cone, shade=0, rim=0)
    scoops = tilted(b, (0.0, 0.45), pose.sway(0.03, 0.5) + pose.swing(0.06))
    lower = [(-0.17, 0.46, 0.105), (0.0, 0.44, 0.10), (0.17, 0.46, 0.105), (0.0, 0.60, 0.29), (0.08, 0.38, 0.055)]
    ball = merged(scoops, lower, "main", blend=0.07)
    scoops.ellipse((0.0, 0.72), (0.24, 0.06), "dark", inside=ball, soft=0.03, shade=0, rim=0, opacity=0.6)
    scoops.circle((0.0, 0.86), 0.225, "main")
    for x, y, r in ((-0.10, 0.94, 0.05), (-0.15, 0.64, 0.055)):
        scoops.ellipse((x, y), (r, r * 1.5), "light", angle=-0.5, shade=0, rim=0, opacity=0.7)
    scoops.circle((0.02, 1.09), 0.06, unlike(b, CHERRY, CREAM))


def carrot(b: Brush, pose: Pose) -> None:
    b = lively(b, pose, lean=0.14)
    b = tilted(b, (0.0, 0.05), 0.12)
    for angle, length in ((0.55, 0.26), (-0.55, 0.26), (0.0, 0.33)):
        leaf = b.joint((0.0, 0.72), angle + pose.sway(0.10, 0.6, angle) + pose.swing(0.1))
        leaf.ellipse((0.0, length * 0.62), (0.085, length * 0.62), LEAF)
        leaf.limb((0.0, 0.02), (0.0, length), 0.010, fill=(0.20, 0.44, 0.20), shade=0, rim=0)
    root = drop(b, (0.0, 0.56), 0.25, (0.0, 0.055), 0.05, "main")
    for x, y in ((-0.20, 0.60), (0.20, 0.46), (-0.15, 0.34), (0.10, 0.22)):
        b.limb((x, y), (x * 0.25, y - 0.02), 0.014, 0.008, "dark", inside=root, shade=0, rim=0)
    b.ellipse((-0.09, 0.68), (0.05, 0.08), "light", angle=-0.5, inside=root, shade=0, rim=0, opacity=0.6)


RIGS = {"apple": apple, "banana": banana, "cake": cake, "ice cream": ice_cream, "carrot": carrot}
