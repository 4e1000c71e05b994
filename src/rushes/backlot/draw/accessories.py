"""What actors wear: hats, scarves, glasses, bows and crowns, drawn where a rig says."""

from __future__ import annotations

from collections.abc import Callable

from rushes.backlot.draw.brush import Brush

# Each draws in units of the half-width of the wearer's head, the origin on top of it (hat, crown, bow), between the eyes
# (glasses) or at the throat (scarf).


def hat(b: Brush) -> None:
    b.box((0.0, 0.45), (0.55, 0.5), "ink", round=0.1)
    b.box((0.0, 0.12), (0.56, 0.12), "accent", round=0.02)
    b.box((0.0, 0.0), (1.0, 0.09), "ink", round=0.08)


def crown(b: Brush) -> None:
    gold = (0.98, 0.78, 0.22)
    points = [(-0.7, 0.0), (-0.8, 0.75), (-0.35, 0.4), (0.0, 0.9), (0.35, 0.4), (0.8, 0.75), (0.7, 0.0)]
    b.polygon(points, gold, round=0.03)  # type: ignore[arg-type]
    for x in (-0.4, 0.0, 0.4):
        b.circle((x, 0.16), 0.1, (0.85, 0.2, 0.3))


def bow(b: Brush) -> None:
    b.polygon([(0.0, 0.1), (-0.6, 0.5), (-0.6, -0.2)], "accent", round=0.06)
    b.polygon([(0.0, 0.1), (0.6, 0.5), (0.6, -0.2)], "accent", round=0.06)
    b.circle((0.0, 0.12), 0.18, "accent")


def glasses(b: Brush) -> None:
    for x in (-0.5, 0.5):
        b.circle((x, 0.0), 0.48, "ink", shade=0, rim=0)
        b.circle((x, 0.0), 0.36, (0.75, 0.9, 1.0), shade=0.1, rim=0, opacity=0.75)
    b.limb((-0.12, 0.05), (0.12, 0.05), 0.07, fill="ink", shade=0, rim=0)


def scarf(b: Brush) -> None:
    b.box((0.0, 0.0), (0.95, 0.26), "accent", round=0.25, angle=0.12)
    b.box((-0.45, -0.55), (0.24, 0.5), "accent", round=0.1, angle=-0.15)


WORN: dict[tuple[str, str], Callable[[Brush], None]] = {
    ("head", "hat"): hat,
    ("head", "crown"): crown,
    ("head", "bow"): bow,
    ("eyes", "glasses"): glasses,
    ("neck", "scarf"): scarf,
}
