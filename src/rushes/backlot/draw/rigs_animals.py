"""Rigs of the animals that walk. Each draws one kind in actor units: feet at (0, 0), 1 high, looking right."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from rushes.backlot.draw.brush import Brush, Point, Pose
from rushes.backlot.draw.faces import FLAT, ORANGE, ROSE, dome, eye, hop, marks, smile, waving


def fox(b: Brush, pose: Pose) -> None:
    tail = b.joint((-0.34, 0.36), pose.sway(0.22, 0.7) + pose.swing(0.1))
    tail.curve([(0.0, 0.0), (-0.18, 0.10), (-0.36, 0.16)], 0.06, 0.14, "main")
    tail.ellipse((-0.44, 0.19), (0.13, 0.10), "white", angle=-0.4)
    for x, phase in ((-0.20, 3.1), (0.24, 0.0)):  # far legs
        b.joint((x, 0.30), pose.swing(0.55, phase)).limb((0, 0), (0, -0.25), 0.055, 0.045, "dark")
    b.ellipse((0.0, 0.38), (0.38, 0.185), "main")
    b.ellipse((0.10, 0.29), (0.24, 0.085), "light", shade=0, rim=0)
    for x, phase, reach in ((-0.28, 0.0, 0.0), (0.17, 3.1, 0.16)):  # near legs
        leg = b.joint((x + reach * pose.wave, 0.30), pose.swing(0.55, phase) + waving(pose, 9.5 * reach, 2.2 * reach))
        leg.limb((0, 0), (0, -0.25), 0.06, 0.05, "main", patterned=False)
        leg.ellipse((0.015, -0.255), (0.06, 0.04), "ink")
    head = b.joint((0.36, 0.60), pose.sway(0.05, 0.4) + pose.swing(0.06))
    head.polygon([(-0.17, 0.10), (-0.13, 0.40), (0.02, 0.20)], "main", round=0.02, patterned=False)
    head.polygon([(-0.14, 0.16), (-0.115, 0.33), (-0.03, 0.20)], "ink", round=0.01)
    head.polygon([(0.03, 0.20), (0.16, 0.40), (0.18, 0.10)], "main", round=0.02, patterned=False)
    head.ellipse((0.0, 0.07), (0.22, 0.18), "main", patterned=False)
    head.polygon([(0.02, -0.06), (0.30, -0.035), (0.10, 0.10)], "light", round=0.035, shade=0.05)
    head.circle((0.32, -0.025), 0.045, "ink")
    eye(head, (0.08, 0.10), 0.042, pose)
    b.wear("head", head, (0.0, 0.22), 0.2)
    b.wear("eyes", head, (0.09, 0.10), 0.16)
    b.wear("neck", b, (0.26, 0.50), 0.16)


def cat(b: Brush, pose: Pose) -> None:
    tail = b.joint((-0.31, 0.34), pose.sway(0.16, 0.5) + pose.swing(0.08))
    points: list[Point] = [
        (0.0, 0.0),
        (-0.10, 0.03),
        (-0.17, 0.10),
        (-0.21, 0.22),
        (-0.20, 0.33),
        (-0.14, 0.42),
        (-0.06, 0.45),
    ]
    tail.curve(points, 0.055, 0.045, "main", patterned=False)
    tail.circle((-0.06, 0.45), 0.055, "light", shade=0, rim=0)
    for x, phase in ((-0.17, 3.1), (0.20, 0.0)):  # far legs
        b.joint((x, 0.26), pose.swing(0.5, phase)).limb((0, 0), (0, -0.21), 0.05, 0.045, "dark")
    b.ellipse((-0.02, 0.34), (0.33, 0.165), "main")
    for x, phase, reach in ((-0.26, 0.0, 0.0), (0.12, 3.1, 0.16)):  # near legs
        leg = b.joint((x + reach * pose.wave, 0.27), pose.swing(0.5, phase) + waving(pose, 9.5 * reach, 2.2 * reach))
        leg.limb((0, 0), (0, -0.21), 0.06, 0.05, "main", patterned=False)
        leg.ellipse((0.02, -0.225), (0.065, 0.042), "light")
    head = b.joint((0.26, 0.60), pose.sway(0.06, 0.4) + pose.swing(0.05))
    for left, tip, right in ((-0.25, -0.22, -0.05), (0.07, 0.23, 0.25)):
        head.polygon([(left, 0.06), (tip, 0.33), (right, 0.18)], "main", round=0.02, patterned=False)
        head.polygon([(left + 0.04, 0.12), (tip, 0.27), (right - 0.03, 0.18)], ROSE, round=0.005, **FLAT)
    head.ellipse((0.0, 0.04), (0.28, 0.225), "main", patterned=False)
    head.ellipse((0.06, -0.07), (0.13, 0.085), "light", **FLAT)
    head.polygon([(0.025, -0.015), (0.095, -0.015), (0.06, -0.055)], ROSE, round=0.008, **FLAT)
    smile(head, (0.06, -0.085), 0.055)
    for y in (-0.03, -0.085):
        head.limb((0.20, y), (0.36, y + 0.6 * (y + 0.055)), 0.008, fill="ink", **FLAT)
        head.limb((-0.09, y), (-0.25, y + 0.6 * (y + 0.055)), 0.008, fill="ink", **FLAT)
    for x in (-0.07, 0.17):
        eye(head, (x, 0.07), 0.044, pose)
    b.wear("head", head, (0.0, 0.23), 0.2)
    b.wear("eyes", head, (0.06, 0.07), 0.2)
    b.wear("neck", b, (0.20, 0.40), 0.17)


def rabbit(b: Brush, pose: Pose) -> None:
    b = b.joint((-0.02, hop(pose, 0.07)), pose.swing(0.06))
    b.circle((-0.28, 0.19), 0.10, "white")
    b.joint((0.04, 0.10), pose.swing(0.4, 3.1)).ellipse((0.09, -0.05), (0.17, 0.05), "dark")
    b.ellipse((-0.03, 0.29), (0.25, 0.265), "main")
    b.ellipse((0.09, 0.28), (0.13, 0.19), "light", **FLAT)
    leg = b.joint((-0.06, 0.14), pose.swing(0.4))
    leg.ellipse((0.0, 0.02), (0.17, 0.145), "main", patterned=False)
    leg.ellipse((0.12, -0.09), (0.20, 0.055), "main", patterned=False)
    head = b.joint((0.06, 0.56), pose.sway(0.05, 0.4))
    for x, lean, fill in ((-0.06, 0.22, "dark"), (0.06, -0.06, "main")):
        ear = head.joint((x, 0.10), lean + pose.sway(0.05, 0.6, lean) - pose.swing(0.12))
        ear.ellipse((0.0, 0.19), (0.075, 0.24), fill, patterned=False)
        ear.ellipse((0.01, 0.18), (0.035, 0.17), ROSE, **FLAT)
    head.ellipse((0.0, 0.0), (0.22, 0.19), "main", patterned=False)
    head.ellipse((0.11, -0.07), (0.125, 0.09), "light", **FLAT)
    head.ellipse((0.18, -0.015), (0.035, 0.026), ROSE, **FLAT)
    head.box((0.15, -0.125), (0.026, 0.034), "white", round=0.008, **FLAT)
    smile(head, (0.15, -0.075), 0.055)
    eye(head, (0.08, 0.055), 0.048, pose)
    arm = b.joint((0.08 + 0.10 * pose.wave, 0.38), 0.7 + pose.swing(0.35, 3.1) + waving(pose, 0.9, 0.4))
    arm.limb((0, 0), (0, -0.17), 0.05, 0.055, "main", patterned=False)
    b.wear("head", head, (0.02, 0.16), 0.19)
    b.wear("eyes", head, (0.08, 0.055), 0.19)
    b.wear("neck", b, (0.02, 0.40), 0.2)


def elephant(b: Brush, pose: Pose) -> None:
    tail = b.joint((-0.50, 0.58), pose.sway(0.25, 0.6))
    tail.limb((0, 0), (-0.10, -0.26), 0.022, 0.016, "dark")
    tail.ellipse((-0.11, -0.29), (0.035, 0.055), "ink")
    for x, phase in ((-0.22, 3.1), (0.26, 0.0)):  # far legs
        b.joint((x, 0.36), pose.swing(0.35, phase)).limb((0, 0), (0, -0.27), 0.09, 0.085, "dark")
    b.ellipse((-0.08, 0.55), (0.46, 0.32), "main")
    for x, phase in ((-0.36, 0.0), (0.12, 3.1)):  # near legs
        leg = b.joint((x, 0.36), pose.swing(0.35, phase))
        leg.limb((0, 0), (0, -0.255), 0.105, 0.10, "main", patterned=False)
        for toe in (-0.05, 0.02, 0.085):
            leg.ellipse((toe, -0.325), (0.028, 0.022), "white", **FLAT)
    head = b.joint((0.34, 0.68), pose.sway(0.04, 0.35) + pose.swing(0.04))
    trunk = head.joint((0.20, -0.06), pose.sway(0.1, 0.45) + waving(pose, 2.2, 0.3))
    points: list[Point] = [(0.0, 0.0), (0.11, -0.14), (0.14, -0.30), (0.17, -0.43), (0.26, -0.47)]
    trunk.curve(points, 0.105, 0.05, "main", patterned=False)
    head.circle((0.02, 0.0), 0.26, "main", patterned=False)
    head.curve([(0.12, -0.16), (0.20, -0.25), (0.30, -0.25)], 0.035, 0.014, "white")
    ear = head.joint((-0.06, 0.10), pose.sway(0.10, 0.5) + pose.swing(0.08, 1.0))
    ear.ellipse((-0.13, -0.11), (0.215, 0.27), "main", angle=-0.25, patterned=False, rim=0.34)
    ear.ellipse((-0.12, -0.11), (0.135, 0.185), "light", angle=-0.25)
    eye(head, (0.15, 0.05), 0.04, pose)
    b.wear("head", head, (0.0, 0.24), 0.2)
    b.wear("eyes", head, (0.15, 0.05), 0.16)
    b.wear("neck", b, (0.22, 0.40), 0.2)


def turtle(b: Brush, pose: Pose) -> None:
    b = b.joint((-0.04, 0.0), scale=0.88)
    b.limb((-0.55, 0.22), (-0.78, 0.13), 0.06, 0.015, "light", patterned=False)
    for x, phase in ((-0.30, 3.1), (0.44, 0.0)):  # far legs
        b.joint((x, 0.22), pose.swing(0.5, phase)).limb((0, 0), (0.02, -0.14), 0.085, 0.075, "dark")
    head = b.joint((0.50, 0.30), pose.sway(0.06, 0.4) + pose.swing(0.08) + pose.wave * 0.25)
    head.limb((-0.08, -0.02), (0.20, 0.20), 0.10, 0.10, "light")
    head.ellipse((0.26, 0.26), (0.20, 0.175), "light")
    smile(head, (0.35, 0.20), 0.07)
    eye(head, (0.31, 0.32), 0.046, pose)
    b.box((-0.06, 0.225), (0.56, 0.085), "light", round=0.08)
    shell = dome(b, (-0.06, 0.25), (0.62, 0.60))
    for x, y, rx, ry in ((-0.06, 0.58, 0.17, 0.13), (-0.40, 0.42, 0.12, 0.11), (0.28, 0.42, 0.12, 0.11)):
        b.ellipse((x, y), (rx, ry), "dark", inside=shell, opacity=0.45, **FLAT)
    b.box((-0.06, 0.265), (0.64, 0.05), "dark", round=0.05)
    for x, phase, lift in ((-0.42, 0.0, 0.0), (0.32, 3.1, 1.5)):  # near legs
        leg = b.joint((x, 0.22), pose.swing(0.5, phase) + waving(pose, lift, 0.25 * lift))
        leg.limb((0, 0), (0.03, -0.13), 0.10, 0.09, "light", patterned=False)
    b.wear("head", head, (0.24, 0.41), 0.17)
    b.wear("eyes", head, (0.30, 0.32), 0.17)
    b.wear("neck", head, (0.10, 0.08), 0.17)


def penguin(b: Brush, pose: Pose) -> None:
    for x, phase in ((-0.11, 0.0), (0.13, 3.1)):
        foot = b.joint((x, 0.09), pose.swing(0.45, phase))
        foot.ellipse((0.04, -0.04), (0.13, 0.05), ORANGE)
    b = b.joint((0.0, 0.05), pose.swing(0.10))  # waddles from side to side
    far = b.joint((-0.24, 0.52), -0.35 + pose.sway(0.05, 0.6) - pose.swing(0.15))
    far.ellipse((-0.02, -0.17), (0.075, 0.21), "dark")
    b.polygon([(-0.20, 0.16), (-0.36, 0.0), (-0.10, 0.04)], "dark", round=0.02)
    b.ellipse((0.0, 0.38), (0.30, 0.37), "main")
    b.ellipse((0.0, 0.72), (0.215, 0.205), "main", patterned=False)
    b.ellipse((0.12, 0.32), (0.145, 0.25), "white", rim=0.08)
    b.ellipse((0.09, 0.70), (0.12, 0.11), "white", **FLAT)
    b.polygon([(0.11, 0.73), (0.33, 0.675), (0.11, 0.63)], ORANGE, round=0.015)
    for x in (0.02, 0.15):
        eye(b, (x, 0.755), 0.034, pose)
    near = b.joint((-0.11, 0.54), -0.30 + pose.sway(0.06, 0.6) + pose.swing(0.2) - waving(pose, 1.9, 0.4))
    near.ellipse((-0.02, -0.19), (0.085, 0.24), "main", patterned=False, rim=0.34)
    b.wear("head", b, (0.0, 0.88), 0.18)
    b.wear("eyes", b, (0.09, 0.755), 0.15)
    b.wear("neck", b, (0.02, 0.54), 0.24)


def dog(b: Brush, pose: Pose) -> None:
    tail = b.joint((-0.36, 0.44), pose.sway(0.35, 1.7) + pose.swing(0.1))
    tail.limb((0, 0), (-0.15, 0.22), 0.055, 0.035, "main", patterned=False)
    for x, phase in ((-0.18, 3.1), (0.24, 0.0)):  # far legs
        b.joint((x, 0.30), pose.swing(0.55, phase)).limb((0, 0), (0, -0.245), 0.06, 0.055, "dark")
    b.ellipse((-0.04, 0.40), (0.36, 0.19), "main")
    for x, phase, reach in ((-0.28, 0.0, 0.0), (0.15, 3.1, 0.16)):  # near legs
        leg = b.joint((x + reach * pose.wave, 0.30), pose.swing(0.55, phase) + waving(pose, 9.5 * reach, 2.2 * reach))
        leg.limb((0, 0), (0, -0.24), 0.07, 0.06, "main", patterned=False)
        leg.ellipse((0.025, -0.255), (0.075, 0.045), "light")
    b.limb((0.20, 0.44), (0.30, 0.60), 0.12, 0.11, "main", patterned=False)
    head = b.joint((0.30, 0.70), pose.sway(0.06, 0.4) + pose.swing(0.06))
    head.ellipse((0.22, -0.155), (0.055, 0.075), ROSE)
    head.ellipse((0.0, 0.03), (0.22, 0.20), "main", patterned=False)
    head.box((0.20, -0.06), (0.17, 0.095), "light", round=0.09)
    head.ellipse((0.34, 0.0), (0.055, 0.045), "ink")
    smile(head, (0.25, -0.09), 0.07)
    eye(head, (0.10, 0.10), 0.044, pose)
    ear = head.joint((-0.10, 0.17), -0.12 + pose.sway(0.06, 0.6) + pose.swing(0.16, 1.0))
    ear.ellipse((-0.04, -0.16), (0.09, 0.20), "dark", rim=0.3)
    b.wear("head", head, (0.0, 0.21), 0.2)
    b.wear("eyes", head, (0.10, 0.10), 0.18)
    b.wear("neck", b, (0.24, 0.50), 0.17)


def bear(b: Brush, pose: Pose) -> None:
    for x, phase, fill in ((0.15, 0.0, "dark"), (-0.13, 3.1, "main")):
        leg = b.joint((x, 0.22), pose.swing(0.45, phase))
        leg.limb((0, 0), (0, -0.11), 0.125, 0.105, fill, patterned=False)
        leg.ellipse((0.05, -0.16), (0.14, 0.06), fill, patterned=False)
    b = b.joint((0.0, hop(pose, 0.015)), pose.swing(0.05))
    far = b.joint((0.24, 0.55), 0.45 + pose.swing(0.4))
    far.limb((0, 0), (0, -0.20), 0.085, 0.08, "dark")
    b.ellipse((0.0, 0.41), (0.31, 0.30), "main")
    b.ellipse((0.05, 0.37), (0.19, 0.20), "light", rim=0.06)
    head = b.joint((0.02, 0.75), pose.sway(0.05, 0.35) + pose.swing(0.04))
    for x in (-0.19, 0.19):
        head.circle((x, 0.16), 0.09, "main", patterned=False)
        head.circle((x, 0.16), 0.05, "light", **FLAT)
    head.ellipse((0.0, 0.0), (0.26, 0.215), "main", patterned=False)
    head.ellipse((0.05, -0.07), (0.13, 0.10), "light", **FLAT)
    head.ellipse((0.06, -0.015), (0.05, 0.036), "ink")
    smile(head, (0.06, -0.085), 0.05)
    for x in (-0.07, 0.16):
        eye(head, (x, 0.06), 0.034, pose)
    near = b.joint((-0.24, 0.55), -0.30 + pose.swing(0.4, 3.1) - waving(pose, 2.2, 0.35))
    near.limb((0, 0), (0, -0.21), 0.09, 0.085, "main", patterned=False, rim=0.3)
    b.wear("head", head, (0.0, 0.19), 0.2)
    b.wear("eyes", head, (0.045, 0.06), 0.2)
    b.wear("neck", b, (0.01, 0.57), 0.22)


def horse(b: Brush, pose: Pose) -> None:
    tail = b.joint((-0.40, 0.56), pose.sway(0.18, 0.6) + pose.swing(0.12))
    tail.curve([(0.03, 0.03), (-0.09, 0.02), (-0.14, -0.10), (-0.13, -0.26)], 0.035, 0.06, "dark")
    for x, phase in ((-0.22, 2.4), (0.23, 0.5)):  # far legs
        b.joint((x, 0.44), pose.swing(0.5, phase)).limb((0, 0), (0, -0.40), 0.055, 0.035, "dark")
    b.ellipse((-0.06, 0.51), (0.37, 0.165), "main")
    b.limb((0.20, 0.54), (0.38, 0.84), 0.125, 0.085, "main", patterned=False)
    for x, phase, lift in ((-0.32, 0.0, 0.0), (0.14, 3.1, 1.3)):  # near legs
        leg = b.joint((x, 0.44), pose.swing(0.5, phase) + waving(pose, lift, 0.25 * lift))
        leg.limb((0, 0), (0, -0.38), 0.065, 0.038, "main", patterned=False)
        leg.box((0.01, -0.405), (0.052, 0.035), "ink", round=0.01)
    head = b.joint((0.38, 0.84), pose.sway(0.06, 0.4) + pose.swing(0.08, 0.8))
    mane: list[Point] = [(0.03, 0.12), (-0.07, 0.06), (-0.14, -0.06), (-0.20, -0.20)]
    head.curve(mane, 0.05, 0.075, "dark")
    head.polygon([(-0.05, 0.06), (0.0, 0.20), (0.06, 0.06)], "main", round=0.012, patterned=False)
    head.limb((0.02, 0.02), (0.20, -0.12), 0.10, 0.07, "main", patterned=False)
    head.ellipse((0.215, -0.135), (0.085, 0.07), "light", angle=-0.6)
    head.ellipse((0.245, -0.12), (0.014, 0.018), "ink", **FLAT)
    head.ellipse((0.04, 0.12), (0.06, 0.035), "dark", angle=-0.6)
    eye(head, (0.07, 0.025), 0.032, pose)
    b.wear("head", head, (0.0, 0.10), 0.15, -0.1)
    b.wear("eyes", head, (0.07, 0.025), 0.14, -0.3)
    b.wear("neck", b, (0.27, 0.62), 0.17)


def mouse(b: Brush, pose: Pose) -> None:
    tail = b.joint((-0.40, 0.16), pose.sway(0.12, 0.7) + pose.swing(0.12))
    points: list[Point] = [
        (0.04, 0.0),
        (-0.12, -0.05),
        (-0.24, -0.03),
        (-0.32, 0.05),
        (-0.35, 0.17),
        (-0.32, 0.28),
        (-0.25, 0.34),
    ]
    tail.curve(points, 0.035, 0.018, ROSE)
    for x, phase in ((-0.16, 3.1), (0.22, 0.0)):  # far feet
        b.joint((x, 0.16), pose.swing(0.7, phase)).ellipse((0.03, -0.12), (0.10, 0.04), "dark")
    b.ellipse((-0.10, 0.34), (0.36, 0.30), "main")
    b.ellipse((0.06, 0.22), (0.20, 0.13), "light", **FLAT)
    for x, phase in ((-0.24, 0.0), (0.10, 3.1)):  # near feet
        b.joint((x, 0.16), pose.swing(0.7, phase)).ellipse((0.04, -0.12), (0.11, 0.045), ROSE)
    head = b.joint((0.24, 0.52), pose.sway(0.06, 0.5) + pose.swing(0.05))
    far = head.joint((0.10, 0.16), -0.25 + pose.sway(0.06, 0.8))
    far.circle((0.06, 0.13), 0.17, "dark")
    head.limb((-0.02, 0.02), (0.30, -0.07), 0.24, 0.06, "main", patterned=False)
    head.circle((0.36, -0.07), 0.05, ROSE)
    for tip in ((0.17, -0.16), (0.22, -0.21)):
        head.limb((0.31, -0.10), tip, 0.008, fill="ink", **FLAT)
    eye(head, (0.14, 0.06), 0.05, pose)
    near = head.joint((-0.12, 0.16), 0.25 + pose.sway(0.06, 0.8, 1.0))
    near.circle((-0.04, 0.13), 0.20, "main", patterned=False, rim=0.3)
    near.circle((-0.03, 0.12), 0.13, ROSE, **FLAT)
    arm = b.joint((0.14 + 0.18 * pose.wave, 0.32), 0.9 + pose.swing(0.3) + waving(pose, 0.3, 0.4))
    arm.limb((0, 0), (0, -0.17), 0.05, 0.045, "main", patterned=False)
    b.wear("head", head, (0.02, 0.23), 0.2)
    b.wear("eyes", head, (0.14, 0.06), 0.2)
    b.wear("neck", b, (0.16, 0.34), 0.2)


def _spiral(x: Tensor, y: Tensor) -> Tensor:
    """Distance to the line on the snail's shell: radius grows by `gap` with every turn, for two turns and a half."""
    x, y, gap = x - 0.02, y - 0.36, 0.125
    radius, turn = torch.sqrt(x * x + y * y + 1e-12), torch.atan2(y, x) / (2 * math.pi) + 0.5
    nearest = (torch.round(radius / gap - turn).clamp(0, 1) + turn) * gap
    return (radius - nearest).abs() - 0.026


def snail(b: Brush, pose: Pose) -> None:
    creep = pose.swing(0.05)  # the foot stretches and shortens
    b.curve([(-0.66 - creep, 0.06), (-0.2, 0.085), (0.30 + creep, 0.10)], 0.03, 0.10, "light")
    head = b.joint((0.34 + creep, 0.14), pose.sway(0.06, 0.4) - pose.swing(0.06))
    head.limb((-0.02, -0.02), (0.14, 0.28), 0.12, 0.125, "light")
    for x, lean in ((0.22, -0.3), (0.10, 0.05)):  # eyes on stalks
        stalk = head.joint((x, 0.34), lean + pose.sway(0.10, 0.6, lean) + waving(pose, lean + 0.1, 0.5))
        stalk.limb((0, 0), (0, 0.22), 0.028, fill="light", rim=0.3)
        eye(stalk, (0.0, 0.25), 0.055, pose)
    smile(head, (0.17, 0.24), 0.06)
    b = b.joint((-0.14, 0.10), pose.sway(0.02, 0.4) + pose.swing(0.03))
    b.circle((0.0, 0.36), 0.40, "main")
    b.paint(_spiral, (0.02, 0.36), (0.32, 0.32), "dark", opacity=0.75, **FLAT)
    b.wear("head", head, (0.12, 0.42), 0.14)
    b.wear("eyes", head, (0.16, 0.61), 0.17)
    b.wear("neck", head, (0.06, 0.12), 0.17)


def frog(b: Brush, pose: Pose) -> None:
    leap = hop(pose, 1.0)
    for side, fill in ((1, "dark"), (-1, "main")):  # hind legs: folded, stretched in the leap
        leg = b.joint((side * 0.30, 0.20 + 0.2 * leap), -0.5 * leap)
        leg.ellipse((0.0, 0.0), (0.20, 0.20), fill, patterned=False)
        leg.ellipse((side * 0.10 + 0.04, -0.145 - 0.08 * leap), (0.20, 0.052), fill, patterned=False)
    b = b.joint((0.0, 0.22 * leap), pose.swing(0.05))
    b.ellipse((0.0, 0.34), (0.34, 0.29), "main")
    b.ellipse((0.04, 0.28), (0.22, 0.21), "light", rim=0.06)
    for x, lift in ((0.20, 1.0), (-0.14, 0.0)):  # arms
        arm = b.joint((x + 0.12 * lift * pose.wave, 0.32), 0.12 * x + 0.5 * leap + lift * waving(pose, 2.1, 0.4))
        arm.limb((0, 0), (0.01, -0.25), 0.055, 0.05, "main", patterned=False, rim=0.3)
        arm.ellipse((0.03, -0.275), (0.085, 0.042), "light")
    head = b.joint((0.03, 0.62), pose.sway(0.04, 0.4))
    for x in (-0.19, 0.23):
        head.circle((x, 0.19), 0.145, "main", patterned=False)
    head.ellipse((0.0, 0.0), (0.40, 0.225), "main", patterned=False)
    for x in (-0.17, 0.24):
        eye(head, (x, 0.21), 0.075, pose)
    mouth: list[Point] = [(-0.20, -0.02), (-0.08, -0.095), (0.05, -0.115), (0.18, -0.095), (0.30, -0.02)]
    head.curve(mouth, 0.014, fill=marks(b), **FLAT)
    for x in (-0.26, 0.33):
        head.ellipse((x, -0.045), (0.05, 0.032), ROSE, opacity=0.6, **FLAT)
    b.wear("head", head, (0.02, 0.22), 0.17)
    b.wear("eyes", head, (0.035, 0.21), 0.36)
    b.wear("neck", b, (0.02, 0.42), 0.26)


RIGS = {
    "fox": fox,
    "cat": cat,
    "dog": dog,
    "rabbit": rabbit,
    "bear": bear,
    "elephant": elephant,
    "horse": horse,
    "mouse": mouse,
    "turtle": turtle,
    "snail": snail,
    "penguin": penguin,
    "frog": frog,
}
