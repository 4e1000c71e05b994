"""Rigs of everyday things: no faces, but each has a joint that lives when it moves, and lamps light up at night."""

from __future__ import annotations

import torch

from rushes.backlot.draw.brush import Brush, Point, Pose
from rushes.backlot.draw.solids import (
    CREAM,
    GOLD,
    LAMPLIGHT,
    WOOD,
    dome,
    halo,
    lively,
    petals,
    ring,
    shine,
    tilted,
    trim,
    unlike,
    waving,
)


def lantern(b: Brush, pose: Pose) -> None:
    b = lively(b, pose)
    b = tilted(b, (0.0, 1.0), pose.sway(0.05, 0.45) + pose.swing(0.08))
    halo(b, (0.0, 0.52), 0.95, pose, 0.7)
    ring(b, (0.0, 0.96), 0.075, 0.022, "ink")
    tassel = tilted(b, (0.0, 0.16), pose.sway(0.10, 0.7, 1.0) + pose.swing(0.2))
    tassel.limb((0.0, 0.20), (0.0, 0.05), 0.035, 0.05, unlike(b, (0.90, 0.28, 0.22), GOLD))
    paper = b.box((0.0, 0.53), (0.40, 0.32), "main", round=0.24)
    shine(b, paper, pose, None)
    for x in (0.0, 0.24):  # the bamboo's ribs
        for side in (-1, 1) if x else (1,):
            b.ellipse((side * x, 0.53), (0.018, 0.33), "dark", inside=paper, shade=0, rim=0, opacity=0.6)
    b.ellipse((0.0, 0.53), (0.24, 0.20), LAMPLIGHT, inside=paper, soft=0.16, shade=0, rim=0, opacity=pose.glow * 0.65)
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


def ball(b: Brush, pose: Pose) -> None:
    up = 0.06 * pose.gait * torch.sin(pose.stride).abs()
    roll = -0.3 * pose.stride * (pose.gait > 0) + waving(pose, 0.1, 0.5)
    b = b.joint((0.0, 0.45 + up), roll)  # light does not turn with the ball: no shade from the top
    skin = b.circle((0.0, 0.0), 0.45, "main", shade=0)
    stripe = trim(b)
    ring(b, (0.74, 0.0), 0.54, 0.05, stripe, inside=skin, shade=0, rim=0)
    ring(b, (-0.74, 0.0), 0.54, 0.05, stripe, inside=skin, shade=0, rim=0)
    petals(b, 5, 0.075, (0.10, 0.048), "accent", inside=skin, shade=0, rim=0)


def book(b: Brush, pose: Pose) -> None:
    b = lively(b.joint((0.0, 0.06)), pose)
    ribbon = tilted(b, (0.12, 0.14), pose.sway(0.15, 0.6) + pose.swing(0.3))
    ribbon.polygon([(0.06, 0.14), (0.06, -0.06), (0.12, -0.01), (0.18, -0.06), (0.18, 0.14)], "accent")
    b.box((0.0, 0.50), (0.40, 0.46), "dark", round=0.06)
    b.box((0.03, 0.49), (0.365, 0.42), CREAM, round=0.03, shade=0)
    for x in (0.335, 0.365):
        b.box((x, 0.49), (0.005, 0.40), (0.80, 0.72, 0.58), round=0.0, shade=0, rim=0)
    cover = tilted(b, (-0.4, 0.5), pose.swing(0.02))
    front = cover.box((-0.05, 0.53), (0.36, 0.45), "main", round=0.05)
    cover.box((-0.37, 0.53), (0.055, 0.5), "dark", round=0, inside=front, shade=0, rim=0)
    label = unlike(b, GOLD, (0.86, 0.24, 0.24))
    cover.box((0.0, 0.70), (0.20, 0.10), label, round=0.03, rim=0.05)
    petals(cover.joint((0.0, 0.36), 0.3), 5, 0.05, (0.065, 0.034), label, shade=0, rim=0)


def cup(b: Brush, pose: Pose) -> None:
    b = lively(b, pose)
    for x, phase in ((-0.12, 0.0), (0.10, 2.2)):
        d = pose.sway(0.04, 0.7, phase)
        steam: list[Point] = [(x, 0.74), (x + d, 0.84), (x - d, 0.94), (x + 0.5 * d, 1.03)]
        b.curve(steam, 0.028, 0.01, "white", soft=0.018, shade=0, rim=0, opacity=0.6)
    ring(b, (0.40, 0.40), 0.165, 0.055, "main", patterned=False)
    b.ellipse((0.0, 0.06), (0.30, 0.06), "dark")
    b.polygon([(-0.40, 0.70), (0.40, 0.70), (0.28, 0.06), (-0.28, 0.06)], "main", round=0.035)
    b.ellipse((-0.25, 0.38), (0.035, 0.18), "light", angle=0.15, shade=0, rim=0, opacity=0.6)
    b.ellipse((0.0, 0.70), (0.435, 0.085), "light", shade=0)
    b.ellipse((0.0, 0.695), (0.375, 0.06), (0.40, 0.24, 0.15), shade=0, rim=0.1)


def clock(b: Brush, pose: Pose) -> None:
    b = lively(b, pose)
    ringing = pose.wave * torch.sin(pose.time * 40) * 0.25
    for side in (-1, 1):
        b.limb((side * 0.20, 0.20), (side * 0.30, 0.04), 0.045, 0.035, "dark")
        bell = b.joint((side * 0.24, 0.83), -side * 0.6 + ringing)
        dome(bell, (0.0, 0.0), (0.19, 0.17), "main", patterned=False)
    b.limb((0.0, 0.86), (0.0, 0.98), 0.02, 0.035, "ink")
    b.circle((0.0, 0.46), 0.42, "main")
    b.circle((0.0, 0.46), 0.29, (0.99, 0.97, 0.91), rim=0.08)
    face = b.joint((0.0, 0.46))
    petals(face, 4, 0.235, (0.028, 0.016), "ink", shade=0, rim=0)
    face.joint(angle=-0.7 - pose.time * 0.35).limb((0.0, 0.0), (0.0, 0.12), 0.022, fill="ink", shade=0, rim=0)
    face.joint(angle=0.9 - pose.time * 2.1).limb((0.0, 0.0), (0.0, 0.20), 0.016, fill="ink", shade=0, rim=0)
    face.circle((0.0, 0.0), 0.035, (0.86, 0.24, 0.24), shade=0, rim=0)


def kite(b: Brush, pose: Pose) -> None:
    b = tilted(lively(b, pose, hop=0.08), (0.0, 0.65), -0.15 + pose.sway(0.08, 0.45) + pose.swing(0.1))
    points: list[Point] = []
    for i in range(5):
        wave = pose.sway(0.07, 0.9, -1.3 * i) * (i / 4)
        points.append((-0.05 * i + wave, 0.27 - 0.07 * i))
    b.curve(points, 0.014, fill=WOOD, shade=0, rim=0)
    for point, angle in ((points[2], 0.5), (points[4], -0.2)):
        knot = b.joint(point, angle + pose.sway(0.3, 0.9))
        petals(knot, 2, 0.06, (0.06, 0.045), "accent")
    sail = b.polygon([(0.0, 1.04), (0.46, 0.70), (0.0, 0.24), (-0.46, 0.70)], "main", round=0.015, rim=0.05)
    b.polygon([(0.0, 1.04), (0.46, 0.70), (0.0, 0.70)], trim(b), inside=sail, shade=0, rim=0, opacity=0.75)
    b.polygon([(0.0, 0.70), (-0.46, 0.70), (0.0, 0.24)], "dark", inside=sail, shade=0, rim=0, opacity=0.35)
    b.limb((0.0, 1.04), (0.0, 0.24), 0.014, fill=WOOD, shade=0, rim=0)
    b.limb((-0.46, 0.70), (0.46, 0.70), 0.014, fill=WOOD, shade=0, rim=0)


def key(b: Brush, pose: Pose) -> None:
    b = tilted(lively(b, pose, lean=0.16), (0.0, 0.03), -0.12 + pose.sway(0.03, 0.4))
    for y, w in ((0.10, 0.14), (0.25, 0.11)):
        b.box((0.13, y), (w, 0.055), "main", round=0.02, patterned=False)
    b.limb((0.0, 0.09), (0.0, 0.55), 0.085, fill="main")
    ring(b, (0.0, 0.76), 0.20, 0.095, "main")
    b.box((0.0, 0.52), (0.135, 0.042), "dark", round=0.04)
    b.circle((-0.14, 0.90), 0.03, "light", shade=0, rim=0, opacity=0.8)


def gift(b: Brush, pose: Pose) -> None:
    b = lively(b, pose)
    ribbon = "accent"
    box = b.box((0.0, 0.31), (0.42, 0.31), "main", round=0.05)
    b.box((0.0, 0.31), (0.075, 0.32), ribbon, round=0.0, inside=box, shade=0, rim=0.05)
    b.box((0.0, 0.575), (0.42, 0.05), "dark", round=0.0, inside=box, soft=0.02, shade=0, rim=0, opacity=0.7)
    lid = tilted(b.joint((0.0, 0.05 * pose.gait * torch.sin(pose.stride * 2).abs())), (0.0, 0.6), pose.wave * 0.08)
    for side in (-1, 1):
        loop = lid.joint((0.0, 0.78), side * (pose.sway(0.08, 0.7) - 0.25))
        loop.ellipse((side * 0.16, 0.06), (0.17, 0.105), ribbon, angle=side * 0.5)
        loop.ellipse((side * 0.16, 0.06), (0.085, 0.045), (0.25, 0.12, 0.14), angle=side * 0.5, rim=0, opacity=0.35)
    top = lid.box((0.0, 0.67), (0.48, 0.105), "main", round=0.04)
    lid.box((0.0, 0.67), (0.085, 0.11), ribbon, round=0.0, inside=top, shade=0, rim=0.05)
    lid.ellipse((0.0, 0.80), (0.075, 0.065), ribbon)


RIGS = {
    "lantern": lantern,
    "umbrella": umbrella,
    "ball": ball,
    "book": book,
    "cup": cup,
    "clock": clock,
    "kite": kite,
    "key": key,
    "gift": gift,
}
