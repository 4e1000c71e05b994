"""Sets of water: sea, beach, underwater."""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.draw.easel import Easel
from rushes.backlot.draw.light import RGB, mix
from rushes.backlot.draw.sky import clouds, sky
from rushes.backlot.draw.terrain import Waves, hill

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
        layer = e.layer(near, moves=e.count > 1)
        amount, rate, phase = 0.007 + 0.006 * near, 2 * math.pi / (0.26 + 0.30 * near), rng.uniform(0, 6.28)
        thick = 0.0035 + 0.008 * near
        box = layer.window(-99, 99, height - amount - 3 * thick, height + amount + thick)
        if box is None:
            continue
        rows, columns = box
        x, y = layer.xs(columns), layer.ys(rows)
        t = layer.time if e.count > 1 else 0.0
        top = height + swell(x, t, amount, rate, phase)
        depth = top - y
        lit = (depth / layer.pixel + 0.5).clamp(0, 1) * (1 - depth / (3 * thick)).clamp(0, 1)
        broken = (0.5 + 0.9 * torch.sin(x * rate * 0.43 + phase * 2)).clamp(0.12, 1)
        layer.lay(
            rows, columns, lit * broken * 0.62, mix(light.lit((0.86, 0.95, 0.97)), light.glow(light.sky[2]), 0.25)
        )


def swell(x: Tensor, t: Tensor | float, amount: float, rate: float, phase: float) -> Tensor:
    """Height of a wave that travels to the left, pointed at its crests."""
    angle = x * rate + phase + (t * 1.6 if isinstance(t, Tensor) else 1.6 * t)
    return amount * (2 * (1 - (torch.sin(angle * 0.5)).abs()) - 0.7)


def front_wave(e: Easel, level: float = WATERLINE) -> None:
    """Translucent water in front of what floats: painted over the cast."""
    light = e.light
    layer = e.layer(1.0, moves=e.count > 1)
    amount, rate, phase = 0.010, 2 * math.pi / 0.52, e.random("front").uniform(0, 6.28)

    def shape(x: Tensor) -> Tensor:
        return level - 0.008 + swell(x, layer.time if layer.moves else 0.0, amount, rate, phase)

    top, bottom = light.lit((0.30, 0.66, 0.80)), light.lit((0.05, 0.30, 0.50))
    foam = (light.lit((0.92, 0.98, 0.99)), 0.018, 0.75)
    layer.band(shape, (level - 0.02, level + 0.012), [(level, top), (0.0, bottom)], rim=foam, opacity=0.80)
