"""Rigs of the animals that fly. Each draws one kind in actor units: lowest point at (0, 0), 1 high, looking right."""

from __future__ import annotations

import math

import torch

from rushes.backlot.draw.brush import Brush, Point, Pose
from rushes.backlot.draw.faces import FLAT, ORANGE, eye, marks, smile, waving


def owl(b: Brush, pose: Pose) -> None:
    beat = pose.flap * 1.15 + pose.wings(0.55, 2.5)
    for x, phase in ((-0.10, 0.0), (0.10, 3.1)):
        b.ellipse((x + pose.swing(0.05, phase), 0.05), (0.08, 0.05), ORANGE)
    b = b.joint((0.0, 0.0), pose.swing(0.07))
    for side, lift in ((-1, 0.0), (1, 1.0)):  # wings: hang along the body, spread in flight
        angle = side * (-1.25 + beat + lift * waving(pose, 1.5 - 0.7 * pose.flap, 0.4))
        wing = b.joint((side * 0.24, 0.55), angle)
        wing.ellipse((side * 0.27, -0.02), (0.32, 0.14), "main", patterned=False, rim=0.3)
        wing.ellipse((side * 0.40, -0.06), (0.19, 0.07), "dark", **FLAT)
    b.ellipse((0.0, 0.40), (0.32, 0.36), "main")
    belly = b.ellipse((0.03, 0.31), (0.21, 0.23), "light", rim=0.08)
    for x, y in ((-0.06, 0.34), (0.12, 0.34), (0.03, 0.25)):
        b.ellipse((x, y), (0.045, 0.03), "main", inside=belly, patterned=False, **FLAT)
    head = b.joint((0.0, 0.70), pose.sway(0.08, 0.35))
    for side in (-1, 1):
        tuft: list[Point] = [(side * 0.08, 0.13), (side * 0.31, 0.30), (side * 0.30, 0.02)]
        head.polygon(tuft, "main", round=0.015, patterned=False)
    head.ellipse((0.0, 0.0), (0.335, 0.225), "main", patterned=False)
    for x in (-0.11, 0.17):
        head.circle((x, 0.0), 0.135, "light", **FLAT)
    for x in (-0.10, 0.17):
        eye(head, (x, 0.0), 0.075, pose)
    head.polygon([(-0.02, -0.03), (0.09, -0.03), (0.05, -0.14)], ORANGE, round=0.015)
    b.wear("head", head, (0.0, 0.19), 0.22)
    b.wear("eyes", head, (0.035, 0.0), 0.28)
    b.wear("neck", b, (0.0, 0.47), 0.28)


def bird(b: Brush, pose: Pose) -> None:
    raised = -0.45 * pose.flap - 0.10 - waving(pose, 0.4, 0.3)
    far = b.joint((0.12, 0.52), raised - 0.3 * pose.flap - pose.wings(0.6, 2.5))
    far.limb((-0.06, 0.0), (-0.56, 0.03), 0.12, 0.03, "dark")
    tail = b.joint((-0.28, 0.40), pose.sway(0.08, 0.7) + pose.swing(0.08))
    tail.polygon([(0.06, 0.07), (-0.36, 0.10), (-0.30, 0.0), (-0.36, -0.08), (0.06, -0.07)], "dark", round=0.02)
    for x, phase in ((-0.02, 0.0), (0.10, 3.1)):
        leg = b.joint((x, 0.20), pose.swing(0.5, phase) - 0.35 * pose.flap)
        leg.curve([(0, 0), (0, -0.17), (0.09, -0.175)], 0.02, fill=ORANGE, **FLAT)
    b.ellipse((0.0, 0.40), (0.34, 0.235), "main", angle=0.2)
    b.ellipse((0.12, 0.32), (0.20, 0.12), "light", angle=0.35, **FLAT)
    head = b.joint((0.27, 0.64), pose.sway(0.06, 0.5) + pose.swing(0.08))
    head.polygon([(0.12, 0.05), (0.36, -0.03), (0.12, -0.09)], ORANGE, round=0.02)
    head.polygon([(-0.10, 0.14), (-0.22, 0.30), (0.02, 0.18)], "main", round=0.02, patterned=False)
    head.circle((0.0, 0.0), 0.205, "main", patterned=False)
    eye(head, (0.08, 0.05), 0.05, pose)
    near = b.joint((0.10, 0.48), raised - pose.wings(0.6, 2.5))
    for lean, length in ((0.34, 0.36), (0.16, 0.48)):  # feathers below the wing's front edge
        near.joint((-0.04, -0.02), lean).limb((0, 0), (-length, 0.0), 0.10, 0.035, "dark")
    near.limb((-0.04, 0.0), (-0.60, 0.02), 0.125, 0.03, "main", patterned=False, rim=0.3)
    b.wear("head", head, (0.0, 0.18), 0.17)
    b.wear("eyes", head, (0.08, 0.05), 0.17)
    b.wear("neck", b, (0.20, 0.49), 0.19)


def butterfly(b: Brush, pose: Pose) -> None:
    b = b.joint((0.0, 0.02 + pose.sway(0.02, 0.8)), pose.swing(0.12) - 0.12)
    beat = 0.78 + 0.22 * torch.cos(2 * math.pi * 2.5 * pose.time) * pose.flap + pose.sway(0.03, 0.5) * (1 - pose.flap)
    beat = beat * (1 - 0.25 * waving(pose, 0.5, 0.5))
    for side in (-1, 1):  # a pair of wings turns about the body: it narrows
        wing = b.joint((side * 0.02, 0.45), max(side, 0) * waving(pose, 0.12, 0.25), beat, 1 / beat)
        wing.ellipse((side * 0.26, -0.20), (0.24, 0.19), "main", angle=side * 0.5, rim=0.28)
        wing.circle((side * 0.28, -0.22), 0.085, "light", **FLAT)
        wing.ellipse((side * 0.34, 0.22), (0.38, 0.27), "main", angle=side * 0.6, rim=0.28)
        wing.circle((side * 0.43, 0.29), 0.115, "light", **FLAT)
        wing.circle((side * 0.43, 0.29), 0.055, "accent", **FLAT)
    for side in (-1, 1):
        feeler = b.joint((side * 0.03, 0.74), pose.sway(0.10, 0.9))
        feeler.curve([(0, 0), (side * 0.05, 0.13), (side * 0.13, 0.19)], 0.014, fill="ink", **FLAT)
        feeler.circle((side * 0.13, 0.19), 0.03, "ink", **FLAT)
    b.limb((0.0, 0.58), (0.0, 0.16), 0.07, 0.035, "ink")
    b.circle((0.0, 0.66), 0.115, "dark")
    for x in (-0.035, 0.065):
        eye(b, (x, 0.68), 0.028, pose)
    smile(b, (0.015, 0.625), 0.03)
    b.wear("head", b, (0.0, 0.76), 0.12)
    b.wear("eyes", b, (0.015, 0.68), 0.11)
    b.wear("neck", b, (0.0, 0.54), 0.13)


def bee(b: Brush, pose: Pose) -> None:
    b = b.joint((-0.02, 0.04 + pose.sway(0.025, 1.1)), 0.06 + pose.swing(0.06))
    glass = (0.90, 0.96, 1.0)
    for x, lean, rate in ((0.06, -0.55, 5.0), (-0.12, 0.15, 5.0)):
        wing = b.joint((x, 0.56), lean + pose.wings(0.35, rate) + 0.5 * (1 - pose.flap))
        wing.ellipse((0.0, 0.20), (0.135, 0.23), glass, opacity=0.85, rim=0.25)
    b.polygon([(-0.38, 0.42), (-0.60, 0.34), (-0.38, 0.28)], "ink", round=0.02)
    body = b.ellipse((-0.06, 0.36), (0.40, 0.28), "main")
    for x, tall in ((-0.30, 0.24), (-0.08, 0.3)):
        b.box((x, 0.36), (0.048, tall), marks(b), round=0.05, inside=body, **FLAT)
    for x, phase in ((-0.08, 0.0), (0.10, 1.5)):
        b.joint((x, 0.10), pose.sway(0.15, 1.5, phase) + pose.swing(0.4, phase)).limb(
            (0, 0), (0.03, -0.10), 0.02, fill="ink", **FLAT
        )
    head = b.joint((0.30, 0.42), pose.sway(0.05, 0.5))
    for x, lean in ((0.12, -0.55), (0.0, -0.1)):
        feeler = head.joint((x, 0.17), lean + pose.sway(0.12, 0.9, lean))
        feeler.limb((0, 0), (0, 0.15), 0.016, fill="ink", **FLAT)
        feeler.circle((0, 0.17), 0.035, "ink", **FLAT)
    head.circle((0.0, 0.0), 0.235, "main", patterned=False)
    for x in (0.0, 0.155):
        eye(head, (x, 0.05), 0.046, pose)
    smile(head, (0.08, -0.07), 0.055, fill=marks(b))
    arm = b.joint((0.14, 0.26), 0.6 + waving(pose, 1.5, 0.4))
    arm.limb((0, 0), (0, -0.14), 0.028, fill="ink", **FLAT)
    b.wear("head", head, (0.0, 0.20), 0.18)
    b.wear("eyes", head, (0.08, 0.05), 0.16)
    b.wear("neck", b, (0.20, 0.26), 0.17, 0.4)


RIGS = {"owl": owl, "bird": bird, "butterfly": butterfly, "bee": bee}
