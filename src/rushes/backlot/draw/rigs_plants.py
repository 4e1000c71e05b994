"""Rigs of the plants: rooted, swaying in the wind; the crown, petals, body or cap is in the main colour."""

from __future__ import annotations

from rushes.backlot.draw.brush import Brush, Pose
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


RIGS = {"tree": tree, "flower": flower, "mushroom": mushroom}
