"""Rigs of the animals that walk. Each draws one kind in actor units: feet at (0, 0), 1 high, looking right."""

from __future__ import annotations

from rushes.backlot.draw.brush import Brush, Pose


def eye(b: Brush, at: tuple[float, float], radius: float, pose: Pose) -> None:
    """A bright eye that blinks."""
    b.ellipse(at, (radius, radius * pose.blink()), "ink", shade=0, rim=0)
    b.circle((at[0] + 0.35 * radius, at[1] + 0.4 * radius), 0.34 * radius, "white", shade=0, rim=0)


def fox(b: Brush, pose: Pose) -> None:
    tail = b.joint((-0.34, 0.36), pose.sway(0.22, 0.7) + pose.swing(0.1))
    tail.curve([(0.0, 0.0), (-0.18, 0.10), (-0.36, 0.16)], 0.06, 0.14, "main")
    tail.ellipse((-0.44, 0.19), (0.13, 0.10), "white", angle=-0.4)
    for x, phase in ((-0.20, 3.1), (0.24, 0.0)):  # far legs
        b.joint((x, 0.30), pose.swing(0.55, phase)).limb((0, 0), (0, -0.25), 0.055, 0.045, "dark")
    b.ellipse((0.0, 0.38), (0.38, 0.185), "main")
    b.ellipse((0.10, 0.29), (0.24, 0.085), "light", shade=0, rim=0)
    for x, phase in ((-0.28, 0.0), (0.17, 3.1)):  # near legs
        leg = b.joint((x, 0.30), pose.swing(0.55, phase))
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


RIGS = {"fox": fox}
