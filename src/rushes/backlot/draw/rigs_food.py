"""Rigs of what can be eaten: round, plump, and always on the move when asked to be."""

from __future__ import annotations

from rushes.backlot.draw.brush import Brush, Pose
from rushes.backlot.draw.solids import LEAF, WOOD, lively, merged, tilted


def apple(b: Brush, pose: Pose) -> None:
    b = lively(b, pose, hop=0.08, lean=0.14)
    b.curve([(0.0, 0.66), (0.02, 0.82), (0.09, 0.93)], 0.03, 0.04, WOOD)
    body = merged(b, [(-0.20, 0.47, 0.29), (0.20, 0.47, 0.29), (-0.11, 0.25, 0.22), (0.11, 0.25, 0.22)], blend=0.12)
    b.ellipse((0.01, 0.75), (0.13, 0.045), "dark", inside=body, shade=0, rim=0, opacity=0.8)
    b.limb((0.0, 0.72), (0.02, 0.82), 0.03, 0.033, WOOD, shade=0)
    b.ellipse((-0.26, 0.56), (0.075, 0.13), "light", angle=-0.45, shade=0, rim=0, opacity=0.75)
    leaf = tilted(b, (0.03, 0.84), pose.sway(0.12, 0.6))
    leaf.ellipse((0.20, 0.90), (0.18, 0.085), LEAF, angle=0.35)
    leaf.limb((0.06, 0.85), (0.32, 0.945), 0.01, 0.006, (0.20, 0.44, 0.20), shade=0, rim=0)


RIGS = {"apple": apple}
