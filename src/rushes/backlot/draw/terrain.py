"""Land in layers: heights that vary with x, what grows on them, and what lies on the ground under the cast."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.draw.easel import Easel
from rushes.backlot.draw.layers import Layer, Shape
from rushes.backlot.draw.light import RGB, mix


class Waves:
    """A smooth height: a sum of sines with random phases. Callable for tensors, `at` for one place."""

    def __init__(self, rng: np.random.Generator, base: float, swing: float, length: float, octaves: int = 3):
        self.base = base
        scale = 1 / sum(0.5**i for i in range(octaves))
        self.terms = [
            (
                swing * scale * 0.5**i,
                2 * math.pi / length * 1.87**i * rng.uniform(0.85, 1.15),
                rng.uniform(0, 2 * math.pi),
            )
            for i in range(octaves)
        ]
        self.reach = (base - swing, base + swing)

    def __call__(self, x: Tensor) -> Tensor:
        height = torch.full_like(x, self.base)
        for amount, rate, phase in self.terms:
            height.add_(torch.sin(x * rate + phase), alpha=amount)
        return height

    def at(self, x: float) -> float:
        return self.base + sum(a * math.sin(x * rate + phase) for a, rate, phase in self.terms)

    def slope(self, x: Tensor) -> Tensor:
        total = torch.zeros_like(x)
        for amount, rate, phase in self.terms:
            total.add_(torch.cos(x * rate + phase), alpha=amount * rate)
        return total


class Ridges:
    """A jagged height: the highest of many peaks with straight slopes and broken flanks."""

    def __init__(self, rng: np.random.Generator, base: float, height: float, spacing: float, steep: float):
        centers = np.arange(-3.0, 3.0, spacing)
        self.x = centers + rng.uniform(-0.35, 0.35, len(centers)) * spacing
        self.top = base + height * rng.uniform(0.55, 1.0, len(centers))
        self.base, self.steep = base, steep
        self.phases = rng.uniform(0, 2 * math.pi, 3)
        self.reach = (base - 0.05, base + height + 0.03)

    def __call__(self, x: Tensor) -> Tensor:
        peaks = torch.as_tensor(self.x, dtype=x.dtype, device=x.device)
        tops = torch.as_tensor(self.top, dtype=x.dtype, device=x.device)
        height = (tops - self.steep * (x[..., None] - peaks).abs()).amax(-1)
        for i, phase in enumerate(self.phases):
            rough = 0.016 * 0.5**i
            height = height + rough * (2 / math.pi) * torch.asin(torch.sin(x * (31.0 * 2.1**i) + float(phase)) * 0.99)
        return height.clamp(min=self.base)

    def side(self, x: Tensor, y: Tensor) -> Tensor:
        """1 on flanks that face right (away from the light), else 0; the edge between runs down from each peak."""
        peaks = torch.as_tensor(self.x, dtype=x.dtype, device=x.device)
        tops = torch.as_tensor(self.top, dtype=x.dtype, device=x.device)
        nearest = (tops - self.steep * (x[..., None] - peaks).abs()).argmax(-1)
        down = tops[nearest] - y
        edge = peaks[nearest] + down * 0.22 + 0.012 * torch.sin(down * 60)
        return ((x - edge) / 0.006 + 0.5).clamp(0, 1)


def _scattered(rng: np.random.Generator, spacing: float, share: float) -> np.ndarray:
    """(k,) x of a `share` of the places about `spacing` apart, over all that a camera can come to see."""
    x = np.arange(-2.6, 2.6, spacing)
    x = x + rng.uniform(-0.4, 0.4, len(x)) * spacing
    return x[rng.uniform(0, 1, len(x)) < share]


class Firs:
    """The outline of a wood of firs standing on a height."""

    def __init__(
        self,
        rng: np.random.Generator,
        ground: Waves,
        height: float,
        spacing: float,
        *,
        share: float = 1.0,
        width: float = 0.3,
    ):
        x = _scattered(rng, spacing, share)
        self.x, self.height = x, height * rng.uniform(0.6, 1.1, len(x))
        self.foot = np.array([ground.at(v) for v in x]) - 0.01
        self.ground, self.width = ground, width
        self.reach = (ground.reach[0], ground.reach[1] + 1.1 * height)

    def __call__(self, x: Tensor) -> Tensor:
        place, height, foot = (
            torch.as_tensor(v, dtype=x.dtype, device=x.device) for v in (self.x, self.height, self.foot)
        )
        off = (x[..., None] - place).abs() / (self.width * height)  # (n, 1, w, k)
        step = off * 4
        tiers = (torch.floor(step) + (step - torch.floor(step)) ** 0.6) / 4  # ragged flanks
        tree = foot + height * (1 - tiers)
        tree = torch.where(off < 1, tree, torch.full_like(tree, -9.0)).amax(-1)
        return torch.maximum(tree, self.ground(x))


class Bumps:
    """The outline of round crowns or rocks: the highest of many half circles."""

    def __init__(
        self,
        rng: np.random.Generator,
        ground: Waves,
        radius: float,
        spacing: float,
        *,
        share: float = 1.0,
        lift: float = 0.5,
    ):
        x = _scattered(rng, spacing, share)
        self.x, self.radius = x, radius * rng.uniform(0.6, 1.15, len(x))
        self.middle = np.array([ground.at(v) for v in x]) + lift * self.radius
        self.ground = ground
        self.reach = (ground.reach[0], ground.reach[1] + 1.15 * radius * (1 + lift))

    def __call__(self, x: Tensor) -> Tensor:
        place, radius, middle = (
            torch.as_tensor(v, dtype=x.dtype, device=x.device) for v in (self.x, self.radius, self.middle)
        )
        under = radius**2 - (x[..., None] - place) ** 2
        crown = torch.where(under > 0, middle + under.clamp(min=0).sqrt(), torch.full_like(under, -9.0)).amax(-1)
        return torch.maximum(crown, self.ground(x))


def hill(
    e: Easel,
    near: float,
    shape: Shape,
    reach: tuple[float, float],
    color: RGB,
    *,
    distance: float = 0.0,
    fall: float = 0.22,
    rim: float = 0.35,
) -> Layer:
    """One layer of land: light along its edge, deeper in colour below."""
    light = e.light
    top = light.far(mix(color, (1.0, 1.0, 0.8), 0.10), distance)
    bottom = light.far(mix(color, (0.0, 0.05, 0.10), 0.22), distance * 0.85)
    layer = e.layer(near)
    edge = (light.far(mix(color, (1.0, 1.0, 0.72), 0.45), distance), 0.045, rim)
    layer.band(shape, reach, [(reach[1], top), (reach[1] - fall, bottom)], rim=edge if rim else None)
    return layer


def round_tree(
    e: Easel, layer: Layer, rng: np.random.Generator, x: float, y: float, size: float, color: RGB, distance: float = 0.0
) -> None:
    """A tree with a round crown, `size` frame heights high."""
    light = e.light
    bark = light.far((0.42, 0.29, 0.20), distance)
    layer.lathe(x, y - 0.01, y + 0.5 * size, lambda v: 0.055 * size * (1.25 - 0.7 * v), 0.08 * size, bark, bark)
    angle = rng.uniform(0, 2 * math.pi, 5)
    crown = np.stack(
        [
            x + 0.20 * size * np.cos(angle) * rng.uniform(0.6, 1.1, 5),
            y + 0.66 * size + 0.15 * size * np.sin(angle) * rng.uniform(0.6, 1.1, 5),
            size * rng.uniform(0.17, 0.23, 5),
        ],
        1,
    )
    dark, bright = (
        light.far(mix(color, (0.0, 0.10, 0.15), 0.30), distance),
        light.far(mix(color, (1.0, 1.0, 0.5), 0.22), distance),
    )
    layer.puffs(crown, mix(dark, bright, 0.55), dark)
    lit = crown * np.array([1, 1, 0.66]) + np.array([-0.045 * size, 0.055 * size, 0])
    layer.puffs(lit, bright, mix(dark, bright, 0.5), soft=0.02 * size, opacity=0.85)


def fir(
    e: Easel, layer: Layer, x: float, y: float, size: float, color: RGB, distance: float = 0.0, snow: float = 0.0
) -> None:
    """A fir tree in four tiers, `size` frame heights high; `snow`: how white its branches are."""
    light = e.light
    bark = light.far((0.35, 0.25, 0.20), distance)
    layer.lathe(x, y - 0.01, y + 0.2 * size, lambda v: 0.03 * size + 0 * v, 0.04 * size, bark, bark)

    def half(v: Tensor) -> Tensor:
        tier = torch.remainder((1 - v) * 4, 1)
        return size * 0.27 * ((1 - v) * 0.72 + 0.30 * tier * (1.1 - v)).clamp(min=0)

    dark = light.far(mix(color, (0.0, 0.06, 0.12), 0.35), distance)
    bright = light.far(mix(mix(color, (1.0, 1.0, 0.6), 0.18), (0.95, 0.98, 1.0), snow), distance)
    layer.lathe(x, y + 0.12 * size, y + size, half, 0.30 * size, bright, mix(dark, bright, snow * 0.6), side=0.12)


def ground(e: Easel, shape: Waves, color: RGB, *, front: RGB | None = None, rim: float = 0.3) -> Layer:
    """The plane that the cast stands on, from the bottom edge to `shape`."""
    light = e.light
    far = light.far(mix(color, (1.0, 1.0, 0.85), 0.16), 0.12)
    close = light.lit(front if front is not None else mix(color, (0.0, 0.05, 0.10), 0.22))
    layer = e.layer(1.0)
    edge = (light.lit(mix(color, (1.0, 1.0, 0.75), 0.5)), 0.03, rim)
    layer.band(
        shape, shape.reach, [(shape.base + 0.01, far), (shape.base - 0.13, light.lit(color)), (0.0, close)], rim=edge
    )
    return layer


def tufts(
    e: Easel, layer: Layer, color: RGB, *, count: int = 30, top: float = 0.36, size: float = 0.028, name: str = "tufts"
) -> None:
    """Small blades of grass scattered over the ground, larger towards the front."""
    rng = e.random(name)
    y = top * rng.uniform(0.0, 0.97, count)
    x = rng.uniform(-1.6, 1.6, count)
    scale = size * (1.25 - 0.9 * y / top)
    lean = np.repeat([0.5, 0.0, -0.5], count)[None]  # three blades each
    x, y, scale = np.tile(x, 3)[None], np.tile(y, 3)[None], np.tile(scale, 3)[None]
    layer.dots(
        e.number(x - 0.7 * lean * scale),
        e.number(y),
        e.number(scale * 0.16),
        e.light.lit(color),
        tall=4.5,
        angle=e.number(lean),
    )


def specks(
    e: Easel,
    layer: Layer,
    colors: list[RGB],
    *,
    count: int = 24,
    top: float = 0.36,
    size: float = 0.008,
    tall: float = 0.7,
    name: str = "specks",
    glow: bool = False,
) -> None:
    """Flowers, pebbles, shells: dots on the ground, larger towards the front."""
    rng = e.random(name)
    for color in colors:
        y = top * rng.uniform(0.02, 0.97, count)
        x = rng.uniform(-1.6, 1.6, count)
        radius = size * (1.25 - 0.9 * y / top) * rng.uniform(0.7, 1.2, count)
        paint = e.light.glow(color) if glow else e.light.lit(color)
        layer.dots(e.number(x)[None], e.number(y)[None], e.number(radius)[None], paint, tall=tall)
