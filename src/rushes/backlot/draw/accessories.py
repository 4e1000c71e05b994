"""What actors wear: hats, scarves, glasses, bows and crowns, drawn where a rig says."""

from __future__ import annotations

from collections.abc import Callable

from rushes.backlot.draw.brush import Brush
from rushes.backlot.draw.solids import ring, unlike

# Each draws in units of the half-width of the wearer's head, the origin on top of it (hat, crown, bow), between the
# eyes (glasses) or at the throat (scarf).

GOLD = (0.98, 0.78, 0.22)
RUBY = (0.85, 0.20, 0.30)


def hat(b: Brush) -> None:
    felt = unlike(b, (0.13, 0.11, 0.16), (0.55, 0.20, 0.26))  # a black hat would vanish on a black coat
    b.polygon([(-0.48, 0.05), (-0.56, 0.92), (0.56, 0.92), (0.48, 0.05)], felt, round=0.05)
    b.box((0.0, 0.20), (0.53, 0.13), "accent", round=0.02)
    b.ellipse((0.0, 0.94), (0.58, 0.07), felt, shade=0.3, rim=0)
    b.box((0.0, 0.02), (1.0, 0.10), felt, round=0.09)
    b.ellipse((-0.30, 0.62), (0.07, 0.2), "white", shade=0, rim=0, opacity=0.25)


def crown(b: Brush) -> None:
    b.polygon(
        [(-0.68, 0.0), (-0.82, 0.72), (-0.36, 0.40), (0.0, 0.86), (0.36, 0.40), (0.82, 0.72), (0.68, 0.0)],
        GOLD,
        round=0.04,
        rim=0.3,
    )
    b.box((0.0, 0.06), (0.74, 0.10), (0.88, 0.62, 0.14), round=0.08)
    for x, y in ((-0.80, 0.76), (0.0, 0.92), (0.80, 0.76)):
        b.circle((x, y), 0.11, GOLD)
    for x in (-0.40, 0.0, 0.40):
        b.circle((x, 0.24 if x else 0.28), 0.11, RUBY)


def bow(b: Brush) -> None:
    for side in (-1, 1):
        b.polygon([(0.0, 0.12), (side * 0.60, 0.50), (side * 0.66, -0.20)], "accent", round=0.10)
        b.limb((side * 0.16, 0.14), (side * 0.46, 0.20), 0.04, 0.02, "ink", shade=0, rim=0, opacity=0.3)
    b.ellipse((0.0, 0.13), (0.17, 0.21), "accent", rim=0.35)


def glasses(b: Brush) -> None:
    for x in (-0.5, 0.5):
        b.circle((x, 0.0), 0.42, (0.80, 0.93, 1.0), shade=0.1, rim=0, opacity=0.40)  # the eyes stay to be seen
        ring(b, (x, 0.0), 0.42, 0.075, "ink", shade=0, rim=0)
        b.limb((x - 0.18, 0.10), (x - 0.06, 0.24), 0.045, fill="white", shade=0, rim=0, opacity=0.8)
    b.limb((-0.12, 0.06), (0.12, 0.06), 0.07, fill="ink", shade=0, rim=0)


def scarf(b: Brush) -> None:
    tail = b.joint((-0.42, -0.05), -0.15)
    end = tail.box((0.0, -0.48), (0.25, 0.55), "accent", round=0.08)
    for y in (-0.62, -0.84):
        tail.box((0.0, y), (0.3, 0.06), "white", round=0.0, inside=end, shade=0, rim=0, opacity=0.85)
    b.curve([(-0.74, 0.06), (0.0, -0.06), (0.74, 0.10)], 0.25, fill="accent")
    b.ellipse((-0.42, -0.02), (0.24, 0.26), "accent", rim=0.3)


WORN: dict[tuple[str, str], Callable[[Brush], None]] = {
    ("head", "hat"): hat,
    ("head", "crown"): crown,
    ("head", "bow"): bow,
    ("eyes", "glasses"): glasses,
    ("neck", "scarf"): scarf,
}
