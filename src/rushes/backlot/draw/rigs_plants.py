"""Rigs of the plants: rooted, swaying in the wind; the crown, petals, body or cap is in the main colour."""

from __future__ import annotations

from rushes.backlot.draw.brush import Brush, Point, Pose
from rushes.backlot.draw.solids import CREAM, GOLD, LEAF, WOOD, dome, lively, merged, petals, tilted, unlike


def tree(b: Brush, pose: Pose) -> None:
    b = lively(b, pose, lean=0.06)
    b.limb((-0.12, 0.03), (0.0, 0.16), 0.03, 0.07, WOOD)
    b.limb((0.13, 0.03), (0.0, 0.16), 0.03, 0.07, WOOD)
    b.limb((0.0, 0.06), (0.0, 0.50), 0.085, 0.06, WOOD)
    crown = tilted(b, (0.0, 0.35), pose.sway(0.035, 0.35) + pose.swing(0.05))
    circles = [(-0.30, 0.52, 0.20), (0.30, 0.52, 0.20), (-0.22, 0.74, 0.22), (0.23, 0.74, 0.22), (0.0, 0.86, 0.21)]
    leaves = merged(crown, [*circles, (0.0, 0.58, 0.24)], "main", blend=0.05)
    for x, y, r in ((-0.20, 0.80, 0.11), (0.16, 0.92, 0.08), (0.24, 0.66, 0.10), (-0.26, 0.55, 0.07)):
        crown.ellipse((x, y), (r, r * 0.75), "light", inside=leaves, shade=0, rim=0, opacity=0.45)
    crown.ellipse((0.03, 0.40), (0.36, 0.09), "dark", inside=leaves, shade=0, rim=0, opacity=0.55)


def flower(b: Brush, pose: Pose) -> None:
    b = lively(b, pose)
    bend = pose.sway(0.06, 0.4) + pose.swing(0.06)
    stem = tilted(b, (0.0, 0.0), bend)
    stem.curve([(0.0, 0.025), (-0.03, 0.25), (0.0, 0.66)], 0.033, 0.028, LEAF)
    for side, y in ((-1, 0.16), (1, 0.22)):
        leaf = stem.joint((-0.02, y), side * (-0.55 + pose.sway(0.12, 0.6, 1.0)))
        leaf.ellipse((side * 0.15, 0.0), (0.16, 0.065), LEAF)
    head = stem.joint((0.0, 0.68), bend * 1.5)
    petals(head.joint(angle=0.39), 8, 0.24, (0.14, 0.12), "dark")
    petals(head, 8, 0.24, (0.155, 0.105), "main")
    heart = unlike(b, GOLD, (0.55, 0.30, 0.16))
    head.circle((0.0, 0.0), 0.13, heart)
    petals(head, 6, 0.065, (0.018, 0.018), (0.45, 0.24, 0.12), shade=0, rim=0)


def mushroom(b: Brush, pose: Pose) -> None:
    b = lively(b, pose)
    b.limb((0.0, 0.16), (0.0, 0.48), 0.17, 0.12, CREAM)
    b.ellipse((0.0, 0.40), (0.20, 0.045), (0.90, 0.80, 0.66), shade=0)
    top = tilted(b, (0.0, 0.2), pose.sway(0.03, 0.4) + pose.swing(0.05))
    top.ellipse((0.0, 0.465), (0.50, 0.085), (0.86, 0.74, 0.60), rim=0.3)
    cap = dome(top, (0.0, 0.44), (0.56, 0.54), "main", round=0.07)
    spot = unlike(b, (0.98, 0.97, 0.94), (0.86, 0.42, 0.36))
    for x, y, rx, ry in ((-0.06, 0.76, 0.11, 0.10), (0.27, 0.64, 0.08, 0.085), (-0.34, 0.60, 0.075, 0.085)):
        top.ellipse((x, y), (rx, ry), spot, inside=cap, shade=0.05, rim=0.06)
    for x, y, r in ((0.08, 0.53, 0.055), (0.17, 0.88, 0.05), (-0.20, 0.92, 0.04)):
        top.circle((x, y), r, spot, inside=cap, shade=0.05, rim=0.06)


def cactus(b: Brush, pose: Pose) -> None:
    b = lively(b, pose)
    for side, y, up in ((-1, 0.40, 0.24), (1, 0.30, 0.30)):
        arm = tilted(b, (side * 0.1, y), pose.sway(0.03, 0.5, side) + pose.swing(0.08) + side * pose.wave * 0.3)
        bend: list[Point] = [(0.0, y), (side * 0.27, y + 0.01), (side * 0.35, y + 0.09), (side * 0.36, y + up)]
        arm.curve(bend, 0.115, 0.105, "main")
        arm.limb((side * 0.36, y + 0.12), (side * 0.36, y + up), 0.012, fill="light", shade=0, rim=0, opacity=0.6)
    body = b.limb((0.0, 0.14), (0.0, 0.80), 0.20, 0.19, "main")
    b.box((0.0, 0.0), (0.3, 0.05), "dark", inside=body, soft=0.04, shade=0, rim=0, opacity=0.6)
    for x in (-0.10, 0.0, 0.10):
        b.limb((x, 0.08), (x * 0.9, 0.90 - abs(x) * 0.5), 0.012, fill="dark", shade=0, rim=0, opacity=0.7)
    for x, y in ((-0.05, 0.74), (0.06, 0.62), (-0.06, 0.46), (0.05, 0.32), (-0.13, 0.60), (0.14, 0.48), (-0.13, 0.26)):
        b.circle((x, y), 0.017, "light", shade=0, rim=0)
    bloom = b.joint((0.03, 0.99), pose.sway(0.15, 0.4))
    petals(bloom, 5, 0.05, (0.055, 0.045), unlike(b, (0.96, 0.45, 0.62), GOLD), rim=0.3)
    bloom.circle((0.0, 0.0), 0.03, unlike(b, GOLD, (0.98, 0.97, 0.94)), shade=0, rim=0)


RIGS = {"tree": tree, "flower": flower, "cactus": cactus, "mushroom": mushroom}
