"""Rigs of the animals that swim. Each draws one kind in actor units: lowest point at (0, 0), 1 high, looking right."""

from __future__ import annotations

from rushes.backlot.draw.brush import Brush, Point, Pose
from rushes.backlot.draw.faces import FLAT, ORANGE, ROSE, eye, hop, marks, smile, waving

WATER = (0.72, 0.90, 1.0)  # the whale's spout


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
    smile(b, (0.46, -0.09), 0.06, fill=marks(b))
    eye(b, (0.36, 0.10), 0.072, pose)
    b.wear("head", b, (0.16, 0.30), 0.2, -0.25)
    b.wear("eyes", b, (0.36, 0.10), 0.2)
    b.wear("neck", b, (0.17, -0.16), 0.2)


def whale(b: Brush, pose: Pose) -> None:
    b = b.joint((0.02, pose.sway(0.015, 0.5)), pose.swing(0.05), 0.92)
    spray = 0.9 + pose.sway(0.1, 1.2)
    for lean, length in ((0.5, 0.24), (-0.5, 0.24), (0.0, 0.22)):
        jet = b.joint((0.16, 0.78), lean, spray)
        jet.limb((0, 0), (0, length), 0.022, 0.05, WATER, opacity=0.9, rim=0)
    tail = b.joint((-0.42, 0.42), pose.sway(0.10, 0.5) + pose.swing(0.22, 0.6))
    tail.curve([(0.10, -0.04), (-0.20, 0.02), (-0.36, 0.24)], 0.24, 0.07, "main", patterned=False)
    for lean, fill in ((-0.75, "dark"), (0.75, "main")):
        tail.joint((-0.37, 0.27), lean).ellipse((0.0, 0.13), (0.085, 0.17), fill, patterned=False)
    body = b.ellipse((0.10, 0.40), (0.66, 0.39), "main")
    b.ellipse((0.22, 0.04), (0.68, 0.20), "white", inside=body, **FLAT)
    for y in (0.10, 0.16):
        b.limb((0.02, y - 0.02), (0.60, y + 0.03), 0.010, fill="dark", inside=body, opacity=0.5, **FLAT)
    fin = b.joint((0.10, 0.28), pose.sway(0.15, 0.6) + pose.swing(0.35) - waving(pose, 1.7, 0.5))
    fin.ellipse((-0.12, -0.12), (0.10, 0.20), "dark", angle=-0.7)
    smile(b, (0.60, 0.34), 0.09, 0.014, marks(b))
    eye(b, (0.48, 0.44), 0.05, pose)
    b.wear("head", b, (0.38, 0.72), 0.2, -0.3)
    b.wear("eyes", b, (0.48, 0.44), 0.2)
    b.wear("neck", b, (0.30, 0.20), 0.22)


TENTACLES = (  # of the octopus, from back to front: x of root and tip, fill, phase of its sway in radians
    (0.10, 0.22, "dark", 1.4),
    (-0.10, -0.22, "dark", 2.1),
    (0.27, 0.58, "main", 0.0),
    (-0.27, -0.58, "main", 2.6),
    (0.17, 0.38, "main", 0.7),
    (-0.17, -0.38, "main", 3.4),
    (0.0, 0.03, "main", 4.0),
)


def octopus(b: Brush, pose: Pose) -> None:
    b = b.joint((0.0, pose.sway(0.02, 0.5)), pose.swing(0.06))
    for root, tip, fill, phase in TENTACLES:
        bend = pose.sway(0.05, 0.7, phase) + pose.swing(0.06, phase)
        lift = 0.0 if root < 0.25 else waving(pose, 0.85, 0.12)  # the arm in front waves
        points: list[Point] = [
            (root * 0.6, 0.42),
            (root, 0.22 + 0.08 * lift),
            (tip * 0.72 + bend, 0.11 + 0.16 * lift),
            (tip * 0.95 + bend * 0.8, 0.05 + 0.38 * lift),
            (tip * 1.12, 0.06 + 0.62 * lift),
            (tip * 1.22 - bend, 0.14 + 0.80 * lift),
        ]
        b.curve(points, 0.10, 0.035, fill, patterned=False, rim=0.3)
    head = b.joint((0.0, 0.62), pose.sway(0.04, 0.4))
    head.ellipse((0.0, 0.0), (0.33, 0.36), "main")
    for x, y, radius in ((-0.20, 0.16, 0.045), (-0.12, 0.25, 0.03), (-0.24, 0.04, 0.028)):
        head.circle((x, y), radius, "light", opacity=0.8, **FLAT)
    for x in (-0.05, 0.17):
        eye(head, (x, 0.0), 0.066, pose)
    smile(head, (0.06, -0.13), 0.07, fill=marks(b))
    for x in (-0.13, 0.25):
        head.ellipse((x, -0.105), (0.045, 0.03), ROSE, opacity=0.65, **FLAT)
    b.wear("head", head, (0.0, 0.31), 0.22)
    b.wear("eyes", head, (0.06, 0.0), 0.24)
    b.wear("neck", b, (0.0, 0.38), 0.24)


def duck(b: Brush, pose: Pose) -> None:
    for x, phase in ((-0.02, 3.1), (-0.14, 0.0)):
        foot = b.joint((x, 0.14), pose.swing(0.5, phase))
        foot.limb((0, 0), (0, -0.09), 0.025, fill=ORANGE, **FLAT)
        foot.ellipse((0.04, -0.11), (0.10, 0.032), ORANGE)
    b = b.joint((0.0, hop(pose, 0.012)), pose.sway(0.02, 0.5) + pose.swing(0.06))
    tail = b.joint((-0.40, 0.40), pose.sway(0.10, 1.0) + pose.swing(0.1))
    tail.polygon([(0.10, 0.10), (-0.20, 0.22), (-0.02, -0.14)], "main", round=0.04, patterned=False)
    b.ellipse((-0.05, 0.33), (0.46, 0.265), "main")
    b.limb((0.24, 0.40), (0.27, 0.70), 0.15, 0.12, "main", patterned=False)
    head = b.joint((0.28, 0.76), pose.sway(0.05, 0.45) + pose.swing(0.05))
    head.ellipse((0.26, -0.065), (0.15, 0.045), (0.86, 0.45, 0.08))
    head.ellipse((0.26, -0.02), (0.17, 0.055), ORANGE, angle=0.08)
    head.circle((0.0, 0.0), 0.215, "main", patterned=False)
    eye(head, (0.09, 0.06), 0.046, pose)
    wing = b.joint((0.10, 0.40), pose.sway(0.04, 0.6) + pose.swing(0.12) - pose.flap * 0.7 - pose.wings(0.6))
    wing = wing.joint(angle=-waving(pose, 0.8, 0.5))
    wing.ellipse((-0.22, -0.03), (0.27, 0.15), "light", rim=0.3)
    b.wear("head", head, (0.0, 0.19), 0.18)
    b.wear("eyes", head, (0.09, 0.06), 0.17)
    b.wear("neck", b, (0.26, 0.54), 0.17)


RIGS = {"fish": fish, "whale": whale, "octopus": octopus, "duck": duck}
