"""Rigs of the animals that fly. Each draws one kind in actor units: lowest point at (0, 0), 1 high, looking right."""

from __future__ import annotations

from rushes.backlot.draw.brush import Brush, Pose
from rushes.backlot.draw.faces import FLAT, ORANGE, eye, waving


def owl(b: Brush, pose: Pose) -> None:
    beat = pose.flap * 1.15 + pose.wings(0.55, 2.5)
    for side, lift in ((-1, 0.0), (1, 1.0)):  # wings: hang along the body, spread in flight
        angle = side * (-1.25 + beat + lift * (1 - pose.flap) * waving(pose, 1.5, 0.4))
        wing = b.joint((side * 0.24, 0.52), angle)
        wing.ellipse((side * 0.28, -0.02), (0.33, 0.14), "main", patterned=False, rim=0.3)
        wing.ellipse((side * 0.40, -0.06), (0.19, 0.07), "dark", **FLAT)
    for x in (-0.10, 0.10):
        b.ellipse((x, 0.05), (0.08, 0.05), ORANGE)
    b.ellipse((0.0, 0.40), (0.32, 0.36), "main")
    belly = b.ellipse((0.03, 0.31), (0.21, 0.23), "light", rim=0.08)
    for x, y in ((-0.06, 0.34), (0.12, 0.34), (0.03, 0.25)):
        b.ellipse((x, y), (0.045, 0.03), "main", inside=belly, patterned=False, **FLAT)
    head = b.joint((0.0, 0.70), pose.sway(0.08, 0.35))
    for side in (-1, 1):
        tuft = [(side * 0.08, 0.13), (side * 0.31, 0.30), (side * 0.30, 0.02)]
        head.polygon(tuft, "main", round=0.015, patterned=False)  # type: ignore[arg-type]
    head.ellipse((0.0, 0.0), (0.335, 0.225), "main", patterned=False)
    for x in (-0.11, 0.17):
        head.circle((x, 0.0), 0.135, "light", **FLAT)
    for x in (-0.10, 0.17):
        eye(head, (x, 0.0), 0.075, pose)
    head.polygon([(-0.02, -0.03), (0.09, -0.03), (0.05, -0.14)], ORANGE, round=0.015)
    b.wear("head", head, (0.0, 0.19), 0.22)
    b.wear("eyes", head, (0.035, 0.0), 0.28)
    b.wear("neck", b, (0.0, 0.47), 0.28)


RIGS = {"owl": owl}
