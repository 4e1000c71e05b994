"""Rigs of people and of what is built like them. Each draws one kind in actor units: feet at (0, 0), 1 high."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from rushes.backlot.draw.brush import Brush, Pose
from rushes.backlot.draw.faces import FLAT, ORANGE, ROSE, eye, hop, marks, smile, waving

SKIN = (0.93, 0.72, 0.55)
HAIR = (0.36, 0.22, 0.15)
TAN = (0.76, 0.53, 0.38)  # skin of the man
COAL = (0.20, 0.15, 0.14)  # hair and beard of the man
TWIG = (0.42, 0.28, 0.18)
SCREEN = (0.45, 0.95, 0.98)  # lit eyes of the robot


def girl(b: Brush, pose: Pose) -> None:
    for x, phase in ((-0.06, 3.1), (0.08, 0.0)):
        leg = b.joint((x, 0.26), pose.swing(0.5, phase))
        leg.limb((0, 0), (0, -0.2), 0.042, 0.038, SKIN)
        leg.ellipse((0.03, -0.225), (0.075, 0.04), "dark")
    b = b.joint((0.0, hop(pose, 0.015)))
    head = b.joint((0.01, 0.74), pose.sway(0.04, 0.4) + pose.swing(0.03))
    for x, lean in ((-0.17, -0.35), (0.16, 0.30)):  # pigtails
        tail = head.joint((x, 0.08), lean + pose.sway(0.10, 0.7) - pose.swing(0.15))
        tail.ellipse((0.0, -0.14), (0.06, 0.135), HAIR)
        tail.circle((0.0, 0.0), 0.06, "main", patterned=False)
    head.circle((-0.01, 0.04), 0.18, HAIR)
    far = b.joint((0.08, 0.53), 0.35 + pose.swing(0.5))
    far.limb((0, 0), (0, -0.2), 0.055, 0.05, "main", patterned=False, rim=0.3)
    far.circle((0, -0.23), 0.042, SKIN)
    b.polygon([(-0.08, 0.57), (0.10, 0.57), (0.34, 0.19), (-0.32, 0.19)], "main", round=0.035)
    b.box((0.01, 0.18), (0.35, 0.024), "light", round=0.028, **FLAT)
    head.ellipse((0.015, -0.01), (0.165, 0.155), SKIN, rim=0.1)
    head.curve([(-0.14, 0.06), (-0.04, 0.155), (0.08, 0.15), (0.17, 0.07)], 0.05, fill=HAIR, shade=0.05, rim=0)
    for x in (-0.05, 0.10):
        eye(head, (x, 0.0), 0.027, pose)
    for x in (-0.09, 0.145):
        head.ellipse((x, -0.055), (0.032, 0.022), ROSE, opacity=0.7, **FLAT)
    smile(head, (0.03, -0.075), 0.05)
    near = b.joint((-0.09, 0.53), -0.35 + pose.swing(0.5, 3.1) - waving(pose, 1.6, 0.35))
    near.limb((0, 0), (0, -0.2), 0.055, 0.052, "main", patterned=False, rim=0.3)
    near.circle((0, -0.235), 0.045, SKIN)
    b.wear("head", head, (0.0, 0.20), 0.2)
    b.wear("eyes", head, (0.025, 0.0), 0.14)
    b.wear("neck", b, (0.01, 0.55), 0.16)


def robot(b: Brush, pose: Pose) -> None:
    for x, phase, fill in ((0.12, 0.0, "dark"), (-0.12, 3.1, "main")):
        leg = b.joint((x, 0.28), pose.swing(0.36, phase))
        leg.box((0.0, -0.10), (0.055, 0.12), "dark", round=0.01)
        leg.box((0.025, -0.235), (0.105, 0.048), fill, round=0.02, patterned=False)
    b = b.joint((0.0, hop(pose, 0.015)), pose.swing(0.04))
    far = b.joint((0.27, 0.52), 0.25 + pose.swing(0.5))
    far.limb((0, 0), (0, -0.22), 0.045, fill="dark")
    far.circle((0, -0.25), 0.06, "dark")
    b.box((0.0, 0.415), (0.27, 0.185), "main", round=0.04)
    b.box((0.05, 0.43), (0.12, 0.09), "light", round=0.02, patterned=False, **FLAT)
    b.circle((0.0, 0.43), 0.035, "accent")
    b.circle((0.10, 0.43), 0.035, "ink", **FLAT)
    head = b.joint((0.0, 0.62), pose.sway(0.05, 0.4))
    head.limb((0, 0.26), (0, 0.34), 0.018, fill="ink", **FLAT)
    head.circle((0, 0.345), 0.045, "accent")
    head.box((0.0, 0.135), (0.235, 0.145), "main", round=0.035, patterned=False)
    for x in (-0.25, 0.25):
        head.box((x, 0.13), (0.03, 0.06), "dark", round=0.015)
    head.box((0.03, 0.145), (0.17, 0.09), "ink", round=0.03, **FLAT)
    for x in (-0.05, 0.11):
        head.ellipse((x, 0.16), (0.038, 0.042 * pose.blink()), SCREEN, **FLAT)
    head.limb((-0.02, 0.09), (0.08, 0.09), 0.012, fill=SCREEN, **FLAT)
    near = b.joint((-0.28, 0.53), -0.22 + pose.swing(0.5, 3.1) - waving(pose, 2.3, 0.35))
    near.circle((0, 0), 0.07, "main", patterned=False)
    near.limb((0, -0.02), (0, -0.22), 0.048, fill="main", patterned=False, rim=0.3)
    near.circle((0, -0.26), 0.065, "dark")
    b.wear("head", head, (0.0, 0.28), 0.21)
    b.wear("eyes", head, (0.03, 0.16), 0.17)
    b.wear("neck", b, (0.0, 0.60), 0.22)


def man(b: Brush, pose: Pose) -> None:
    for x, phase, fill in ((0.07, 0.0, "dark"), (-0.07, 3.1, "main")):
        leg = b.joint((x, 0.36), pose.swing(0.5, phase))
        leg.limb((0, 0), (0, -0.28), 0.08, 0.065, fill, patterned=False)
        leg.ellipse((0.035, -0.325), (0.095, 0.04), "ink")
    b = b.joint((0.0, hop(pose, 0.015)))
    far = b.joint((0.17, 0.60), 0.15 + pose.swing(0.5))
    far.limb((0, 0), (0, -0.24), 0.058, 0.05, "dark")
    far.circle((0, -0.275), 0.048, TAN)
    b.polygon([(-0.13, 0.60), (0.13, 0.60), (0.18, 0.32), (-0.18, 0.32)], "main", round=0.07)
    b.polygon([(-0.01, 0.64), (0.09, 0.64), (0.05, 0.52)], "white", round=0.01, **FLAT)
    for y in (0.44, 0.35):
        b.circle((0.06, y), 0.018, "light", **FLAT)
    head = b.joint((0.02, 0.80), pose.sway(0.04, 0.4) + pose.swing(0.03))
    head.ellipse((-0.01, 0.035), (0.165, 0.165), COAL)
    face = head.ellipse((0.02, -0.005), (0.155, 0.155), TAN, rim=0.1)
    head.curve(
        [(-0.11, -0.04), (-0.06, -0.12), (0.03, -0.14), (0.11, -0.11), (0.17, -0.04)],
        0.045,
        fill=COAL,
        inside=face,
        **FLAT,
    )
    head.curve([(-0.10, 0.09), (0.0, 0.135), (0.14, 0.10)], 0.04, fill=COAL, **FLAT)
    for x in (-0.025, 0.105):
        eye(head, (x, 0.02), 0.025, pose)
    head.ellipse((0.06, -0.03), (0.03, 0.022), (0.66, 0.44, 0.31))
    head.ellipse((0.045, -0.085), (0.045, 0.016), "white", **FLAT)
    near = b.joint((-0.18, 0.60), -0.15 + pose.swing(0.5, 3.1) - waving(pose, 2.3, 0.35))
    near.limb((0, 0), (0, -0.25), 0.062, 0.055, "main", patterned=False, rim=0.3)
    near.circle((0, -0.285), 0.05, TAN)
    b.wear("head", head, (0.0, 0.16), 0.17)
    b.wear("eyes", head, (0.04, 0.02), 0.13)
    b.wear("neck", b, (0.01, 0.64), 0.17)


def ghost(b: Brush, pose: Pose) -> None:
    b = b.joint((0.0, 0.04 + pose.sway(0.03, 0.5)), pose.swing(0.10))
    far = b.joint((0.26, 0.46), 1.0 + pose.sway(0.12, 0.6) + pose.swing(0.2))
    far.limb((0, 0), (0, -0.17), 0.09, 0.055, "main", patterned=False)

    def sheet(x: Tensor, y: Tensor) -> Tensor:  # round above, wider below, its hem blowing about
        above = torch.sqrt(x * x + (y - 0.60).clamp(min=0) ** 2 + 1e-12) - 0.31 - 0.14 * (0.60 - y).clamp(min=0)
        folds = torch.sin(2 * math.pi * (x / 0.23 + 0.6 * pose.time[:, None, None]))
        return torch.maximum(above, (0.08 + 0.045 * folds - y) * 0.7)

    b.paint(sheet, (0.0, 0.47), (0.40, 0.46), "main", rim=0.12)
    for x in (-0.05, 0.17):
        b.ellipse((x, 0.66), (0.072, 0.098 * pose.blink()), "white", **FLAT)
        b.ellipse((x, 0.66), (0.058, 0.082 * pose.blink()), "ink", **FLAT)
        b.circle((x + 0.02, 0.69), 0.02, "white", opacity=pose.blink(), **FLAT)
    b.ellipse((0.06, 0.50), (0.055, 0.05 + pose.sway(0.012, 0.5)), marks(b), **FLAT)
    for x in (-0.14, 0.26):
        b.ellipse((x, 0.54), (0.045, 0.028), ROSE, opacity=0.7, **FLAT)
    near = b.joint((-0.28, 0.46), -1.0 + pose.sway(0.12, 0.6, 1.0) - pose.swing(0.2) - waving(pose, 1.3, 0.4))
    near.limb((0, 0), (0, -0.17), 0.09, 0.055, "main", patterned=False)
    b.wear("head", b, (0.0, 0.89), 0.22)
    b.wear("eyes", b, (0.06, 0.66), 0.22)
    b.wear("neck", b, (0.0, 0.40), 0.3)


def snowman(b: Brush, pose: Pose) -> None:
    b = b.joint((0.0, hop(pose, 0.03)), pose.swing(0.10))
    far = b.joint((0.17, 0.58), 0.5 + pose.sway(0.06, 0.5) + pose.swing(0.25))
    far.limb((0, 0), (0.24, 0.05), 0.02, 0.015, TWIG)
    far.limb((0.17, 0.03), (0.24, 0.12), 0.014, fill=TWIG)
    b.circle((0.0, 0.27), 0.285, "main")
    b.circle((0.0, 0.58), 0.215, "main")
    for y in (0.62, 0.54, 0.46):
        b.circle((0.05, y), 0.024, marks(b))
    head = b.joint((0.01, 0.84), pose.sway(0.06, 0.4))
    head.circle((0.0, 0.0), 0.17, "main", patterned=False)
    head.polygon([(0.04, 0.025), (0.27, -0.02), (0.04, -0.035)], ORANGE, round=0.012)
    for x in (-0.045, 0.085):
        eye(head, (x, 0.05), 0.027, pose)
    smile(head, (0.025, -0.065), 0.06, fill=marks(b))
    near = b.joint((-0.17, 0.58), -0.4 - pose.sway(0.06, 0.5) + pose.swing(0.25) - waving(pose, 0.6, 0.3))
    near.limb((0, 0), (-0.26, 0.05), 0.022, 0.016, TWIG)
    near.limb((-0.18, 0.03), (-0.24, 0.13), 0.015, fill=TWIG)
    b.wear("head", head, (0.0, 0.14), 0.17)
    b.wear("eyes", head, (0.02, 0.05), 0.14)
    b.wear("neck", b, (0.0, 0.70), 0.17)


RIGS = {"girl": girl, "man": man, "robot": robot, "ghost": ghost, "snowman": snowman}
