"""Rigs of everyday things: no faces, but each has a joint that lives when it moves, and lamps light up at night."""

from __future__ import annotations

from rushes.backlot.draw.brush import Brush, Pose
from rushes.backlot.draw.solids import GOLD, WARM, WOOD, dome, halo, lively, ring, tilted, unlike


def lantern(b: Brush, pose: Pose) -> None:
    b = lively(b, pose)
    b = tilted(b, (0.0, 1.0), pose.sway(0.05, 0.45) + pose.swing(0.08))
    halo(b, (0.0, 0.52), 0.95, pose, 0.7)
    ring(b, (0.0, 0.96), 0.075, 0.022, "ink")
    tassel = tilted(b, (0.0, 0.16), pose.sway(0.10, 0.7, 1.0) + pose.swing(0.2))
    tassel.limb((0.0, 0.20), (0.0, 0.05), 0.035, 0.05, unlike(b, (0.90, 0.28, 0.22), GOLD))
    paper = b.box((0.0, 0.53), (0.40, 0.32), "main", round=0.24)
    for x in (0.0, 0.24):  # the bamboo's ribs
        for side in (-1, 1) if x else (1,):
            b.ellipse((side * x, 0.53), (0.018, 0.33), "dark", inside=paper, shade=0, rim=0, opacity=0.6)
    b.ellipse((0.0, 0.53), (0.24, 0.20), WARM, inside=paper, soft=0.16, shade=0, rim=0, opacity=pose.glow * 0.8)
    for y, w in ((0.21, 0.20), (0.86, 0.20)):
        b.box((0.0, y), (w, 0.045), "ink", round=0.02)
        b.box((0.0, y), (w, 0.014), GOLD, round=0.01, shade=0, rim=0)


def umbrella(b: Brush, pose: Pose) -> None:
    b = lively(b, pose, hop=0.08)
    b = tilted(b, (0.0, 0.1), pose.sway(0.03, 0.4))
    b.curve([(0.0, 0.62), (0.0, 0.10), (0.04, 0.04), (0.12, 0.04), (0.16, 0.11)], 0.026, 0.03, WOOD)
    b.limb((0.0, 0.95), (0.0, 1.05), 0.02, 0.014, WOOD)
    top = tilted(b, (0.0, 0.9), pose.swing(0.05))
    canopy = dome(top, (0.0, 0.46), (0.68, 0.54), "main", round=0.01, scallops=4)
    for x in (-0.34, 0.34):
        side = 1 if x > 0 else -1
        top.curve([(0.0, 0.99), (side * 0.20, 0.80), (side * 0.33, 0.46)], 0.012, 0.01, "dark", inside=canopy, shade=0)
    top.limb((0.0, 0.99), (0.0, 0.46), 0.012, 0.01, "dark", inside=canopy, shade=0)
    top.ellipse((-0.30, 0.78), (0.06, 0.13), "light", angle=-0.75, inside=canopy, shade=0, rim=0, opacity=0.6)


RIGS = {"lantern": lantern, "umbrella": umbrella}
