"""Rigs of the animals that swim. Each draws one kind in actor units: lowest point at (0, 0), 1 high, looking right."""

from __future__ import annotations

from rushes.backlot.draw.brush import Brush, Pose
from rushes.backlot.draw.faces import FLAT, eye, smile, waving


def fish(b: Brush, pose: Pose) -> None:
    b = b.joint((0.02, 0.5 + pose.sway(0.02, 0.6)), pose.swing(0.08))
    tail = b.joint((-0.40, 0.0), pose.sway(0.18, 1.0) + pose.swing(0.35, 0.8))
    tail.polygon(
        [(0.06, 0.0), (-0.30, 0.30), (-0.20, 0.0), (-0.30, -0.30)], "main", round=0.05, patterned=False, rim=0.3
    )
    b.polygon([(-0.22, 0.22), (-0.16, 0.44), (0.10, 0.42), (0.20, 0.24)], "dark", round=0.03)
    b.polygon([(-0.10, -0.24), (-0.18, -0.42), (0.04, -0.30)], "dark", round=0.03)
    body = b.ellipse((0.05, 0.0), (0.52, 0.335), "main")
    b.ellipse((0.10, -0.27), (0.42, 0.16), "light", inside=body, **FLAT)
    b.curve([(0.20, 0.20), (0.14, 0.0), (0.20, -0.20)], 0.013, fill="dark", **FLAT)
    fin = b.joint((0.10, -0.04), -0.25 + pose.sway(0.25, 1.2) + pose.swing(0.25) - waving(pose, 1.0, 0.6))
    fin.ellipse((-0.13, -0.02), (0.16, 0.085), "dark")
    smile(b, (0.46, -0.09), 0.06)
    eye(b, (0.36, 0.10), 0.072, pose)
    b.wear("head", b, (0.16, 0.30), 0.2, -0.25)
    b.wear("eyes", b, (0.36, 0.10), 0.2)
    b.wear("neck", b, (0.17, -0.16), 0.2)


RIGS = {"fish": fish}
