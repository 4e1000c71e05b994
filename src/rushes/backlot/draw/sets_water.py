"""Sets of water: sea, beach, underwater."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.draw.easel import Easel
from rushes.backlot.draw.layers import Layer
from rushes.backlot.draw.light import RGB, mix
from rushes.backlot.draw.sky import clouds, sky
from rushes.backlot.draw.terrain import Waves, hill, specks

HORIZON = 0.47  # of the open sea, frame heights
SEA: tuple[RGB, RGB] = ((0.35, 0.68, 0.80), (0.07, 0.36, 0.58))  # at the horizon, at the front
WATERLINE = 0.272  # height at which water meets what floats at the standing line


def sea(e: Easel) -> None:
    rng = e.random("land")
    sky(e, horizon=HORIZON)
    clouds(e, low=0.64)
    island = Waves(rng, HORIZON - 0.01, 0.045, 1.7)
    hill(e, 0.06, island, island.reach, (0.42, 0.58, 0.62), distance=0.66, rim=0.1)
    water(e, HORIZON, 0.12)
    crests(e, [(0.43, 0.15), (0.385, 0.3), (0.335, 0.5), (0.285, 0.8)], rng)


def water(e: Easel, horizon: float, near: float) -> None:
    """Water from the horizon to the bottom edge, with the sky's light on its far part."""
    light = e.light
    far = mix(light.lit(SEA[0]), light.glow(light.sky[2]), 0.45)
    layer = e.layer(near)
    layer.band(
        lambda x: torch.full_like(x, horizon),
        (horizon, horizon),
        [(horizon, far), (horizon - 0.14, light.lit(mix(*SEA, 0.45))), (0.0, light.lit(SEA[1]))],
    )
    body = (e.random("moon") if light.dark else e.random("sun")).uniform(-0.7, 0.7) * e.half_width
    if light.sun is not None or (light.dark and e.scene.weather == "clear"):
        _glitter(e, body * (0.75 / 0.7 if light.dark else 1), horizon)


def _glitter(e: Easel, x: float, horizon: float) -> None:
    """A path of light under the sun or the moon."""
    light, rng = e.light, e.random("glitter")
    k = 26
    share = rng.uniform(0, 1, k)
    y = horizon - 0.005 - share * 0.16
    spread = 0.03 + 0.10 * share
    layer = e.layer(0.1)
    color = light.sun or (0.80, 0.86, 1.0)
    layer.dots(
        e.number(x + rng.uniform(-1, 1, k) * spread)[None],
        e.number(y)[None],
        e.number(0.02 + 0.035 * share)[None],
        light.glow(color),
        tall=0.09,
        opacity=e.number(np.full(k, 0.55))[None],
    )


def crests(e: Easel, lines: list[tuple[float, float]], rng: np.random.Generator) -> None:
    """Lines of light that run along the waves, each (height, nearness)."""
    light = e.light
    for height, near in lines:
        layer = e.layer(near, moves=True)
        amount, rate, phase = 0.007 + 0.006 * near, 2 * math.pi / (0.26 + 0.30 * near), rng.uniform(0, 6.28)
        thick = 0.0035 + 0.008 * near
        box = layer.window(-99, 99, height - amount - 3 * thick, height + amount + thick)
        if box is None:
            continue
        rows, columns = box
        x, y = layer.xs(columns), layer.ys(rows)
        t = layer.time
        top = height + swell(x, t, amount, rate, phase)
        depth = top - y
        lit = (depth / layer.pixel + 0.5).clamp(0, 1) * (1 - depth / (3 * thick)).clamp(0, 1)
        broken = (0.5 + 0.9 * torch.sin(x * rate * 0.43 + phase * 2)).clamp(0.12, 1)
        layer.lay(
            rows, columns, lit * broken * 0.62, mix(light.lit((0.86, 0.95, 0.97)), light.glow(light.sky[2]), 0.25)
        )


def swell(x: Tensor, t: Tensor, amount: float, rate: float, phase: float) -> Tensor:
    """Height of a wave that travels to the left, pointed at its crests."""
    angle = x * rate + phase + 1.6 * t
    return amount * (2 * (1 - (torch.sin(angle * 0.5)).abs()) - 0.7)


def front_wave(e: Easel, level: float = WATERLINE) -> None:
    """Translucent water in front of what floats: painted over the cast."""
    light = e.light
    layer = e.layer(1.0, moves=True)
    amount, rate, phase = 0.010, 2 * math.pi / 0.52, e.random("front").uniform(0, 6.28)

    def shape(x: Tensor) -> Tensor:
        return level - 0.008 + swell(x, layer.time, amount, rate, phase)

    top, bottom = light.lit((0.30, 0.66, 0.80)), light.lit((0.05, 0.30, 0.50))
    foam = (light.lit((0.92, 0.98, 0.99)), 0.018, 0.75)
    layer.band(shape, (level - 0.02, level + 0.012), [(level, top), (0.0, bottom)], rim=foam, opacity=0.80)


def beach(e: Easel) -> None:
    rng, light = e.random("land"), e.light
    sky(e, horizon=0.50)
    clouds(e, low=0.70, count=3, size=0.8)
    layer = e.layer(0.15)
    far, close = mix(light.lit((0.30, 0.70, 0.82)), light.glow(light.sky[2]), 0.35), light.lit((0.42, 0.84, 0.84))
    layer.band(
        lambda x: torch.full_like(x, 0.50),
        (0.50, 0.50),
        [(0.50, far), (0.46, light.lit((0.16, 0.58, 0.76))), (0.36, close)],
    )
    crests(e, [(0.475, 0.12), (0.44, 0.3), (0.405, 0.5)], rng)
    _shore(e, rng)
    land = e.layer(1.0)
    k = 30
    y = 0.31 * rng.uniform(0, 1, k)
    land.dots(
        e.number(rng.uniform(-1.6, 1.6, k))[None],
        e.number(y)[None],
        e.number(0.06 * (1.2 - 2.4 * y))[None],
        light.lit((0.90, 0.78, 0.56)),
        tall=0.10,
        opacity=e.number(np.full(k, 0.5))[None],
        soft=0.1,
    )
    specks(e, land, [(0.98, 0.94, 0.88), (0.96, 0.62, 0.52)], top=0.30, count=5, size=0.011, tall=0.8)
    side = -1 if rng.uniform() < 0.5 else 1
    palm(e, e.layer(0.85), rng, side * rng.uniform(0.66, 0.80), 0.31, rng.uniform(0.50, 0.60), -side)


def _shore(e: Easel, rng: np.random.Generator) -> None:
    """Sand with a wet edge that a line of foam runs up and down."""
    light = e.light
    edge = Waves(rng, 0.372, 0.008, 1.1, 2)
    dry, wet = (0.97, 0.87, 0.65), (0.80, 0.68, 0.50)
    land = e.layer(1.0)
    land.band(
        edge,
        edge.reach,
        [(0.37, light.lit(wet)), (0.345, light.lit(wet)), (0.32, light.lit(dry)), (0.0, light.lit((0.90, 0.75, 0.52)))],
    )
    layer = e.layer(1.0, moves=True)
    box = layer.window(-99, 99, edge.reach[0] - 0.03, edge.reach[1] + 0.02)
    if box is None:
        return
    rows, columns = box
    x, y = layer.xs(columns), layer.ys(rows)
    t = layer.time
    reach = edge(x) - 0.008 - 0.010 * torch.sin(t * 1.5) + 0.004 * torch.sin(x * 17 + t)
    depth = y - reach
    foam = (depth / layer.pixel + 0.5).clamp(0, 1) * (1 - depth / 0.016).clamp(0, 1)
    layer.lay(rows, columns, (depth / layer.pixel + 0.5).clamp(0, 1) * 0.75, light.lit((0.46, 0.85, 0.85)))
    layer.lay(rows, columns, foam * 0.95, light.lit((0.99, 1.0, 1.0)))


def palm(e: Easel, layer: Layer, rng: np.random.Generator, x: float, y: float, size: float, lean: int) -> None:
    """A palm, `size` frame heights high, that leans to one side."""
    light = e.light
    up = np.linspace(0, 1, 7)
    trunk = np.stack([x + lean * 0.16 * size * up**1.7, y + size * up], 1)
    layer.stroke(trunk, 0.028 * size / 0.5, 0.015 * size / 0.5, light.lit((0.60, 0.44, 0.30)))
    top_x, top_y = trunk[-1]
    for i, angle in enumerate((0.15, 2.95, 0.75, 2.4, 1.25, 1.9, -0.35, 3.5)):
        angle = angle + rng.uniform(-0.1, 0.1)
        reach, along = size * rng.uniform(0.36, 0.46), np.linspace(0, 1, 6)
        frond = np.stack(
            [
                top_x + reach * np.cos(angle) * along,
                top_y + reach * (np.sin(angle) * 0.55 * along + 0.16 * along - 0.58 * along**2),
            ],
            1,
        )
        layer.stroke(frond, 0.026 * size / 0.5, 0.003, light.lit((0.22, 0.56, 0.34) if i % 2 else (0.32, 0.68, 0.38)))
    for dx in (-0.02, 0.018):
        layer.disc(top_x + dx, top_y - 0.018, 0.018, light.lit((0.46, 0.30, 0.20)))


def underwater(e: Easel) -> None:
    rng, light = e.random("land"), e.light
    high, mid, low = (0.52, 0.90, 0.92), (0.12, 0.58, 0.74), (0.05, 0.33, 0.55)
    if light.dark:
        high, mid, low = (0.12, 0.34, 0.52), (0.05, 0.20, 0.38), (0.03, 0.11, 0.26)
    elif e.scene.light == "sunset":
        high, mid = (0.98, 0.80, 0.66), (0.42, 0.54, 0.70)
    e.layer(0.0).fill([(1.05, light.glow(high)), (0.66, light.glow(mid)), (0.30, light.glow(low))])
    _rays(e, rng)
    for near, base, color in ((0.15, 0.42, mix(mid, low, 0.7)), (0.35, 0.38, mix(low, (0.05, 0.30, 0.42), 0.6))):
        shape = Waves(rng, base, 0.05, 0.9, 3)
        rock = light.glow(color)
        e.layer(near).band(shape, shape.reach, [(shape.reach[1], rock), (0.30, mix(rock, light.glow(low), 0.4))])
    sand = Waves(rng, 0.345, 0.014, 1.1)
    pale, deep = (0.80, 0.80, 0.62), (0.36, 0.56, 0.60)
    e.layer(1.0).band(
        sand,
        sand.reach,
        [(0.35, light.lit(mix(deep, mid, 0.3))), (0.20, light.lit(pale)), (0.0, light.lit(mix(pale, deep, 0.5)))],
    )
    _reef(e, rng, sand)
    _bubbles(e, "bubbles", 16)


def _beam(half: float, v: Tensor) -> Tensor:
    return half * (1.6 - v)


def _slant(lean: float, v: Tensor) -> Tensor:
    return lean * (v - 0.5)


def _rays(e: Easel, rng: np.random.Generator) -> None:
    light = e.light
    layer = e.layer(0.1)
    for _ in range(5):
        x, half, lean = rng.uniform(-1.0, 1.0), rng.uniform(0.03, 0.07), rng.uniform(0.12, 0.30)
        ray = light.glow((0.85, 1.0, 0.98) if not light.dark else (0.35, 0.55, 0.75))
        layer.lathe(
            x,
            0.33,
            1.06,
            partial(_beam, half),
            half * 1.6 + lean,
            ray,
            ray,
            lean=partial(_slant, lean),
            opacity=0.11,
        )


def _reef(e: Easel, rng: np.random.Generator, sand: Waves) -> None:
    """Corals and weeds at both sides; the middle stays free for the cast."""
    light = e.light
    layer = e.layer(0.8)
    corals = ((0.95, 0.45, 0.48), (0.98, 0.66, 0.36), (0.80, 0.45, 0.78))
    for i in range(4):
        x = (-1 if i % 2 else 1) * rng.uniform(0.48, 1.1)
        color, y, size = light.lit(corals[int(rng.integers(3))]), sand.at(x) - 0.02, rng.uniform(0.10, 0.16)
        if i < 2:
            for angle in (0.5, 1.1, 1.6, 2.1, 2.7):
                end = (x + size * np.cos(angle) * 0.75, y + size * np.sin(angle) * rng.uniform(0.8, 1.15))
                bend = (x + 0.35 * size * np.cos(angle), y + 0.55 * size * np.sin(angle))
                layer.stroke([(x, y), bend, end], 0.015, 0.009, color)
        else:
            dome = np.stack(
                [
                    x + size * rng.uniform(-0.5, 0.5, 4),
                    y + size * rng.uniform(0.0, 0.3, 4),
                    size * rng.uniform(0.25, 0.4, 4),
                ],
                1,
            )
            layer.puffs(
                dome,
                mix(color, light.lit((1.0, 1.0, 1.0)), 0.25),
                mix(color, light.lit((0.1, 0.2, 0.4)), 0.3),
                base=y - 0.02,
            )
    weeds = e.layer(0.8, moves=True)
    for side in (-1, 1):
        root = side * rng.uniform(0.62, 0.95)
        for k in range(4):
            x, height, phase = root + 0.045 * k, rng.uniform(0.16, 0.34), rng.uniform(0, 6.28)
            sway = 0.035 * torch.sin(weeds.time * 1.7 + phase)
            green = light.lit((0.16, 0.52, 0.36) if k % 2 else (0.26, 0.64, 0.40))
            v = np.linspace(0, 1, 5)
            path = np.stack([x + 0.018 * np.sin(v * 7 + phase), sand.at(x) - 0.02 + height * v], 1)
            weeds.stroke(path, 0.014, 0.004, green, sway=sway)


def _bubbles(e: Easel, name: str, count: int) -> None:
    rng = e.random(name)
    layer = e.layer(0.0, moves=True)
    t = layer.time[:, :, 0]
    x, y, size, speed, phase = (
        e.number(v)[None]
        for v in (
            rng.uniform(-1.2, 1.2, count),
            rng.uniform(0, 1, count),
            rng.uniform(0.004, 0.012, count),
            rng.uniform(0.08, 0.16, count),
            rng.uniform(0, 6.28, count),
        )
    )
    rise = 0.25 + (y + speed * t) % 0.9
    x = x + 0.012 * torch.sin(t * 2.2 + phase)
    layer.dots(x, rise, size, e.light.glow((0.80, 0.97, 1.0)), opacity=torch.full_like(size, 0.45))
    layer.dots(
        x - 0.3 * size,
        rise + 0.3 * size,
        size * 0.35,
        e.light.glow((1.0, 1.0, 1.0)),
        opacity=torch.full_like(size, 0.9),
    )


def front_bubbles(e: Easel) -> None:
    """A few bubbles before the cast."""
    _bubbles(e, "front bubbles", 7)
