"""Shapes and joints that the rigs of things share: unions, domes, petals, wheels, light that comes on at night.

Coordinates of these helpers are plain floats; what moves is moved by a joint.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from rushes.backlot.draw.brush import Brush, Mask, Number, Pose
from rushes.backlot.draw.light import LIGHTS

Spot = tuple[float, float]
Fill = str | tuple[float, float, float] | Tensor

WOOD = (0.52, 0.34, 0.20)
LEAF = (0.30, 0.60, 0.28)
CREAM = (0.98, 0.92, 0.80)
GLASS = (0.74, 0.90, 0.98)
GOLD = (0.97, 0.76, 0.22)
STEEL = (0.72, 0.74, 0.79)
WARM = (1.0, 0.86, 0.45)
LAMPLIGHT = LIGHTS["night"].glow(WARM)  # brighter than white: the night's grade, which darkens all else, makes it WARM
FLAME = (1.0, 0.55, 0.12)


def _ellipse(x: Tensor, y: Tensor, radii: Spot) -> Tensor:
    k0 = torch.sqrt((x / radii[0]) ** 2 + (y / radii[1]) ** 2 + 1e-12)
    k1 = torch.sqrt((x / radii[0] ** 2) ** 2 + (y / radii[1] ** 2) ** 2 + 1e-12)
    return k0 * (k0 - 1) / k1


def _smooth_min(a: Tensor, b: Tensor, blend: float) -> Tensor:
    if blend <= 0:
        return torch.minimum(a, b)
    h = (blend - (a - b).abs()).clamp(min=0) / blend
    return torch.minimum(a, b) - h * h * blend * 0.25  # iquilezles.org/articles/smin, quadratic


def merged(
    b: Brush, circles: list[tuple[float, float, float]], fill: Fill = "main", *, blend: float = 0.06, **how
) -> Mask:
    """One shape out of circles (x, y, radius) whose joins are rounded by `blend`: crowns, scoops, fruit."""

    def distance(x: Tensor, y: Tensor) -> Tensor:
        d: Tensor | None = None
        for cx, cy, r in circles:
            one = torch.sqrt((x - cx) ** 2 + (y - cy) ** 2 + 1e-12) - r
            d = one if d is None else _smooth_min(d, one, blend)
        assert d is not None
        return d

    left, right = min(x - r for x, _, r in circles), max(x + r for x, _, r in circles)
    low, high = min(y - r for _, y, r in circles), max(y + r for _, y, r in circles)
    half = ((right - left) / 2 + blend / 4, (high - low) / 2 + blend / 4)
    return b.paint(distance, ((left + right) / 2, (low + high) / 2), half, fill, **how)


def dome(
    b: Brush, at: Spot, radii: Spot, fill: Fill = "main", *, round: float = 0.03, scallops: int = 0, **how
) -> Mask:
    """The upper half of an ellipse around `at`, its corners rounded; `scallops` arches are cut into its lower edge."""
    inner = (radii[0] - round, radii[1] - round)

    def distance(x: Tensor, y: Tensor) -> Tensor:
        x, y = x - at[0], y - at[1]
        a, c = _ellipse(x, y, inner), round - y
        both = torch.sqrt(a.clamp(min=0) ** 2 + c.clamp(min=0) ** 2 + 1e-12) + torch.maximum(a, c).clamp(max=0) - round
        if scallops:
            width = 2 * radii[0] / scallops
            folded = torch.remainder(x + radii[0], width) - width / 2
            both = torch.maximum(both, -_ellipse(folded, y, (width * 0.5, width * 0.30)))
        return both

    return b.paint(distance, (at[0], at[1] + radii[1] / 2), (radii[0], radii[1] / 2), fill, **how)


def petals(b: Brush, count: int, reach: float, radii: Spot, fill: Fill = "main", **how) -> Mask:
    """`count` ellipses around the origin at distance `reach`, `radii` along and across: petals, spokes, cogs."""
    sector = 2 * math.pi / count

    def distance(x: Tensor, y: Tensor) -> Tensor:
        angle = torch.remainder(torch.atan2(y, x) + sector / 2, sector) - sector / 2
        r = torch.sqrt(x * x + y * y + 1e-12)
        return _ellipse(r * torch.cos(angle) - reach, r * torch.sin(angle), radii)

    outer = reach + radii[0]
    return b.paint(distance, (0.0, 0.0), (outer, outer), fill, **how)


def ring(b: Brush, at: Spot, radius: float, width: float, fill: Fill = "main", **how) -> Mask:
    """A circle's line of half-width `width`."""

    def distance(x: Tensor, y: Tensor) -> Tensor:
        return (torch.sqrt((x - at[0]) ** 2 + (y - at[1]) ** 2 + 1e-12) - radius).abs() - width

    return b.paint(distance, at, (radius + width, radius + width), fill, **how)


def pointed(b: Brush, at: Spot, radii: Spot, fill: Fill = "main", *, floor: float = -9.0, **how) -> Mask:
    """Two arcs that meet in points above and below `at`, cut off below y = `floor`: rockets, leaves, flames."""
    a = (radii[1] ** 2 / radii[0] - radii[0]) / 2  # the arcs' centres lie at -a and a, their radius is a + radii[0]

    def distance(x: Tensor, y: Tensor) -> Tensor:
        d = torch.sqrt(((x - at[0]).abs() + a) ** 2 + (y - at[1]) ** 2 + 1e-12) - (a + radii[0])
        return torch.maximum(d, floor - y) if floor > -9 else d

    low = max(at[1] - radii[1], floor)
    return b.paint(
        distance, (at[0], (low + at[1] + radii[1]) / 2), (radii[0], (at[1] + radii[1] - low) / 2), fill, **how
    )


def drop(b: Brush, at: Spot, radius: float, low: Spot, low_radius: float, fill: Fill = "main", **how) -> Mask:
    """A circle around `at` and a smaller one straight below it, wrapped together: balloons, bulbs, cones."""
    height = at[1] - low[1]
    slope = (radius - low_radius) / height
    cos = math.sqrt(1 - slope * slope)

    def distance(x: Tensor, y: Tensor) -> Tensor:  # iquilezles.org/articles/distfunctions2d, uneven capsule
        x, y = (x - at[0]).abs(), at[1] - y
        k = y * cos - x * slope
        upper = torch.sqrt(x * x + y * y + 1e-12) - radius
        lower = torch.sqrt(x * x + (y - height) ** 2 + 1e-12) - low_radius
        return torch.where(k < 0, upper, torch.where(k > height * cos, lower, x * cos + y * slope - radius))

    top, bottom = at[1] + radius, low[1] - low_radius
    return b.paint(distance, (at[0], (top + bottom) / 2), (radius, (top - bottom) / 2), fill, **how)


def wheel(b: Brush, at: Spot, radius: float, pose: Pose) -> None:
    """A tyre whose cap turns with the distance rolled; it holds still when the gait does."""
    turning = b.joint(at, -pose.stride * (pose.gait > 0))
    turning.circle((0.0, 0.0), radius, "ink", rim=0.3)
    turning.circle((0.0, 0.0), radius * 0.60, (0.88, 0.88, 0.90), shade=0, rim=0.1)
    petals(turning, 5, radius * 0.36, (radius * 0.17, radius * 0.10), "ink", shade=0, rim=0)


def tilted(b: Brush, pivot: Spot, angle: Number) -> Brush:
    """The same coordinates turned by `angle` about `pivot`."""
    return b.joint(pivot, angle).joint((-pivot[0], -pivot[1]))


def lively(b: Brush, pose: Pose, hop: float = 0.05, lean: float = 0.10) -> Brush:
    """How a thing without legs gets about: it hops from side to side, and sways when it waves."""
    up = hop * pose.gait * torch.sin(pose.stride).abs()
    angle = pose.swing(lean) + waving(pose, 0.05, 0.16)
    return b.joint((0.0, up), angle)


def waving(pose: Pose, lean: float, swing: float) -> Tensor:
    """Angle of a thing that waves: it leans by `lean` and swings by `swing`; 0 when it does not."""
    return pose.wave * (lean + swing * torch.sin(2 * math.pi * 2 * pose.time))


def shine(b: Brush, pane: Mask, pose: Pose, color: tuple[float, float, float] | None = LAMPLIGHT) -> None:
    """Light that comes on at night in a shape that was just painted: windows, lamps; nothing by day.

    `color` None lights up what is painted there, pattern and all, as a lamp behind paper does.
    """
    if bool((pose.glow > 0).any()):
        share = pane.alpha * pose.glow[:, None, None, None]  # (N, 1, h, w)
        there = b.canvas.color[:, :, pane.rows, pane.columns]  # (N, 3, h, w), premultiplied
        if color is None:
            there.mul_(1 + 0.35 * share)
        else:
            light = torch.tensor(color, dtype=there.dtype, device=there.device)[:, None, None]
            there.add_((light * b.canvas.alpha[:, :, pane.rows, pane.columns] - there) * share * 0.95)


def halo(b: Brush, at: Spot, radius: float, pose: Pose, strength: float = 0.5) -> None:
    """Lamplight around `at` that reaches as far as `radius`; nothing by day."""
    if bool((pose.glow > 0).any()):
        half = radius * 0.5
        b.circle(at, half, LAMPLIGHT, soft=half, opacity=pose.glow * strength, shade=0.0, rim=0.0)


def unlike(b: Brush, first: tuple[float, float, float], second: tuple[float, float, float]) -> Tensor:
    """(N, 3): the colour `first`, or `second` where the main colour is too like it to be seen on it."""
    main = b.palette.main
    one, other = (torch.tensor(c, dtype=main.dtype, device=main.device) for c in (first, second))
    near = (main - one).norm(dim=-1, keepdim=True) < 0.42
    return torch.where(near, other, one)


def trim(b: Brush) -> Tensor:
    """(N, 3): a lighter tint for stripes and icing on the main colour; on white, a tint of the accent."""
    white = b.palette.main.amin(dim=-1, keepdim=True) > 0.85
    return torch.where(white, torch.lerp(b.palette.main, b.palette.accent, 0.35), b.palette.light)


def crescent(
    b: Brush, at: Spot, radius: float, shift: float, fill: Fill = "main", *, round: float = 0.04, **how
) -> Mask:
    """What is left of a circle around `at` when one `shift` higher is cut out of it; its tips are rounded."""
    hole = radius * 1.02

    def distance(x: Tensor, y: Tensor) -> Tensor:
        x, y = x - at[0], y - at[1]
        a = torch.sqrt(x * x + y * y + 1e-12) - radius + round
        c = hole + round - torch.sqrt(x * x + (y - shift) ** 2 + 1e-12)
        return torch.sqrt(a.clamp(min=0) ** 2 + c.clamp(min=0) ** 2 + 1e-12) + torch.maximum(a, c).clamp(max=0) - round

    return b.paint(distance, (at[0], at[1] - radius / 2), (radius, radius / 2 + 0.2), fill, **how)


def icing(b: Brush, at: Spot, half: Spot, drips: int, fill: Fill, inside: Mask, **how) -> Mask:
    """A layer around `at` whose lower edge hangs down in `drips` rounded drops of its own half-height."""

    def distance(x: Tensor, y: Tensor) -> Tensor:
        x, y = x - at[0], y - at[1]
        edge = -half[1] * 0.4 - half[1] * 0.6 * torch.cos(x * (math.pi * drips / half[0]))
        return torch.maximum((edge - y) * 0.7, y - half[1])

    return b.paint(distance, at, half, fill, inside=inside, **how)
