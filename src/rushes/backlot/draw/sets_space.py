"""A set off the Earth: the ground of a small moon under planets and stars."""

from __future__ import annotations

import numpy as np

from rushes.backlot.draw.easel import Easel
from rushes.backlot.draw.layers import Layer
from rushes.backlot.draw.light import RGB, mix
from rushes.backlot.draw.sky import stars
from rushes.backlot.draw.terrain import Waves, hill

DUST = {
    "day": (0.72, 0.70, 0.80),
    "sunset": (0.86, 0.62, 0.58),
    "night": (0.56, 0.56, 0.74),
    "overcast": (0.62, 0.65, 0.70),
}
NEBULA: dict[str, tuple[RGB, RGB]] = {
    "day": ((0.36, 0.20, 0.58), (0.12, 0.34, 0.62)),
    "sunset": ((0.66, 0.22, 0.44), (0.62, 0.36, 0.22)),
    "night": ((0.14, 0.14, 0.40), (0.08, 0.22, 0.40)),
    "overcast": ((0.26, 0.28, 0.38), (0.20, 0.30, 0.36)),
}


def space(e: Easel) -> None:
    rng, light = e.random("land"), e.light
    first, second = NEBULA[e.scene.light]
    e.layer(0.0).fill(
        [(1.05, light.glow((0.03, 0.03, 0.11))), (0.36, light.glow(mix((0.10, 0.08, 0.24), first, 0.35)))]
    )
    cloud = e.layer(0.02)
    for color in (first, second, mix(first, second, 0.5)):
        cloud.halo(
            float(rng.uniform(-0.9, 0.9)),
            float(rng.uniform(0.55, 0.95)),
            float(rng.uniform(0.4, 0.65)),
            light.glow(color),
            0.6,
        )
    stars(e, 0.36, 130)
    _planets(e, rng)
    dust = DUST[e.scene.light]
    far = Waves(rng, 0.40, 0.035, 0.9)
    hill(e, 0.3, far, far.reach, mix(dust, (0.35, 0.28, 0.55), 0.45), rim=0.5)
    near = Waves(rng, 0.355, 0.014, 1.2)
    land = e.layer(1.0)
    edge = (light.lit(mix(dust, (1.0, 1.0, 1.0), 0.55)), 0.03, 0.5)
    land.band(
        near, near.reach, [(0.36, light.lit(dust)), (0.0, light.lit(mix(dust, (0.22, 0.20, 0.36), 0.45)))], rim=edge
    )
    for _ in range(8):
        y = float(rng.uniform(0.01, 0.31))
        _crater(e, land, float(rng.uniform(-1.5, 1.5)), y, float(rng.uniform(0.05, 0.10)) * (1.25 - 2.2 * y), dust)


def _planets(e: Easel, rng: np.random.Generator) -> None:
    hues: tuple[RGB, ...] = ((0.93, 0.66, 0.42), (0.50, 0.76, 0.86), (0.86, 0.54, 0.66), (0.68, 0.80, 0.52))
    first, second = (int(v) for v in rng.permutation(len(hues))[:2])
    side = -1 if rng.uniform() < 0.5 else 1
    x, y = side * float(rng.uniform(0.40, 0.62)) * e.half_width / 0.89, float(rng.uniform(0.72, 0.80))
    layer = e.layer(0.06)
    _planet(e, layer, x, y, 0.115, hues[first], ring=True)
    _planet(
        e,
        layer,
        -side * float(rng.uniform(0.30, 0.70)),
        float(rng.uniform(0.80, 0.90)),
        0.045,
        hues[second],
        ring=False,
    )


def _planet(e: Easel, layer: Layer, x: float, y: float, radius: float, color: RGB, *, ring: bool) -> None:
    light = e.light
    layer.halo(x, y, radius * 1.9, light.glow(color), 0.28, core=radius * 0.8)
    bright, dark = light.glow(mix(color, (1.0, 1.0, 0.9), 0.25)), light.glow(mix(color, (0.10, 0.06, 0.25), 0.62))
    layer.disc(x, y, radius, dark)
    box = layer.window(x - radius, x + radius, y - radius, y + radius)
    if box is not None:
        rows, columns = box
        dx, dy = layer.xs(columns) - x, layer.ys(rows) - y
        inside = ((radius - (dx * dx + dy * dy).sqrt()) / layer.pixel + 0.5).clamp(0, 1)
        lit = (1.35 - ((dx + 0.45 * radius) ** 2 + (dy - 0.40 * radius) ** 2).sqrt() / radius).clamp(0, 1)
        bands = 0.80 + 0.20 * (dy / radius * 9 + dx / radius * 1.5).sin()
        layer.lay(rows, columns, inside * (lit * 1.6).clamp(0, 1) * bands, bright)
    if ring:
        box = layer.window(x - 2.0 * radius, x + 2.0 * radius, y - 0.8 * radius, y + 0.8 * radius)
        if box is None:
            return
        rows, columns = box
        dx, dy = layer.xs(columns) - x, layer.ys(rows) - y
        dy = dy - 0.18 * dx
        d = (dx * dx + (dy / 0.26) ** 2).sqrt()
        width = 0.20 * radius
        alpha = ((width - (d - 1.62 * radius).abs()) / (layer.pixel * 2.5) + 0.5).clamp(0, 1)
        behind = (dy > 0) & (dx * dx + (dy + 0.18 * dx) ** 2 < radius * radius)
        layer.lay(rows, columns, alpha * (~behind) * 0.85, light.glow(mix(color, (1.0, 0.95, 0.85), 0.6)))


def _crater(e: Easel, layer: Layer, x: float, y: float, radius: float, dust: RGB) -> None:
    light = e.light
    layer.disc(x, y + 0.010, radius * 1.10, light.lit(mix(dust, (1.0, 1.0, 1.0), 0.30)), squash=0.30, opacity=0.8)
    layer.disc(x, y, radius, light.lit(mix(dust, (0.20, 0.16, 0.35), 0.42)), squash=0.28)
