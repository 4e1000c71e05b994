"""Sets on dry land, far from towns: meadow, forest, desert, snowfield, mountains."""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.draw.easel import Easel
from rushes.backlot.draw.light import mix
from rushes.backlot.draw.sky import clouds, sky
from rushes.backlot.draw.terrain import Bumps, Firs, Ridges, Waves, fir, ground, hill, round_tree, specks, tufts


def meadow(e: Easel) -> None:
    rng = e.random("land")
    sky(e, horizon=0.42)
    clouds(e, low=0.64)
    far = Waves(rng, 0.47, 0.045, 1.9)
    hill(e, 0.15, far, far.reach, (0.45, 0.66, 0.58), distance=0.62)
    middle = Waves(rng, 0.42, 0.045, 1.5)
    hill(
        e,
        0.3,
        Bumps(rng, middle, 0.028, 0.05, share=0.5),
        (middle.reach[0], middle.reach[1] + 0.05),
        (0.30, 0.60, 0.36),
        distance=0.38,
    )
    close = Waves(rng, 0.385, 0.035, 1.3)
    layer = hill(e, 0.55, close, close.reach, (0.44, 0.72, 0.32), distance=0.12)
    for side in (-1, 1):
        x = side * rng.uniform(0.45, 0.95)
        round_tree(e, layer, rng, x, close.at(x) - 0.01, rng.uniform(0.20, 0.28), (0.28, 0.60, 0.28), 0.08)
    land = ground(e, Waves(rng, 0.35, 0.012, 1.1), (0.50, 0.77, 0.33), front=(0.33, 0.62, 0.26))
    tufts(e, land, (0.30, 0.58, 0.24), top=0.33, count=34)
    specks(e, land, [(0.99, 0.97, 0.90), (0.99, 0.84, 0.36), (0.96, 0.62, 0.70)], top=0.33, count=9, size=0.0085)


def forest(e: Easel) -> None:
    rng, light = e.random("land"), e.light
    dim = 0.55 if light.dark else 1.0
    high, mid, low = (
        mix((0.0, 0.02, 0.06), c, dim) for c in ((0.23, 0.45, 0.38), (0.50, 0.70, 0.54), (0.74, 0.86, 0.66))
    )
    if light.dark:
        high, mid, low = (0.03, 0.08, 0.14), (0.07, 0.17, 0.23), (0.14, 0.28, 0.33)
    paint = light.glow if light.dark else light.lit
    e.layer(0.0).fill([(1.05, paint(high)), (0.68, paint(mid)), (0.36, paint(low))])
    for depth, near in ((0.80, 0.12), (0.55, 0.28)):
        base = Waves(rng, 0.38, 0.02, 1.2)
        wood = Firs(rng, base, 0.46 - 0.12 * (0.8 - depth), 0.13, width=0.24)
        color = mix(mix((0.14, 0.36, 0.28), low, depth * 0.72), (0.05, 0.10, 0.14), 0.0)
        top = paint(color) if light.dark else light.lit(color)
        e.layer(near).band(wood, wood.reach, [(0.85, top), (0.42, mix(top, paint(low), 0.55))])
    if not light.dark and light.sun is not None:
        _shafts(e)
    land = ground(e, Waves(rng, 0.365, 0.012, 1.0), (0.36, 0.50, 0.25), front=(0.20, 0.32, 0.17))
    layer = e.layer(0.75)
    slots = np.array([-1.5, -1.08, -0.74, -0.42, 0.40, 0.76, 1.10, 1.5]) + rng.uniform(-0.09, 0.09, 8)
    for i, x in enumerate(slots):
        half, lean = rng.uniform(0.028, 0.050), rng.uniform(-0.05, 0.05)
        bark = (0.36, 0.26, 0.20) if i % 2 else (0.30, 0.24, 0.20)
        layer.lathe(
            float(x),
            rng.uniform(0.335, 0.36),
            1.25,
            partial(_trunk, half),
            half * 2.4 + abs(lean),
            light.lit(mix(bark, (0.1, 0.2, 0.15), 0.4)),
            light.lit(bark),
            lean=partial(_bent, lean),
            side=0.55,
        )
    canopy = Waves(rng, 0.90, 0.035, 0.8)
    leaves = light.lit((0.13, 0.34, 0.20))
    _hanging(e, 0.5, canopy, leaves, light.lit((0.24, 0.50, 0.26)), rng)
    tufts(e, land, (0.20, 0.42, 0.18), top=0.345, count=40, size=0.036)
    specks(e, land, [(0.80, 0.33, 0.22)], top=0.32, count=5, size=0.008)
    if light.dark:
        _fireflies(e, rng)


def _trunk(half: float, v: Tensor) -> Tensor:
    return half * (1 + 1.4 * torch.exp(-v * 26) - 0.25 * v)


def _bent(lean: float, v: Tensor) -> Tensor:
    return lean * v


def _hanging(e: Easel, near: float, edge: Waves, color: tuple, tip: tuple, rng: np.random.Generator) -> None:
    """Leaves along the upper edge of the frame: round clumps below a wavy line."""
    x = np.arange(-1.9, 1.9, 0.15) + rng.uniform(-0.04, 0.04, 26)[: len(np.arange(-1.9, 1.9, 0.15))]
    radius = rng.uniform(0.075, 0.12, len(x))
    y = np.array([edge.at(v) for v in x]) + radius * 0.6
    layer = e.layer(near)
    place, r, middle = (e.number(v) for v in (x, radius, y))

    def below(columns: Tensor) -> Tensor:
        under = r**2 - (columns[..., None] - place) ** 2
        clump = torch.where(under > 0, middle - under.clamp(min=0).sqrt(), torch.full_like(under, 9.0)).amin(-1)
        return torch.minimum(clump, edge(columns) + 0.05)

    box = layer.window(-99, 99, edge.reach[0] - 0.12, 2.0)
    if box is None:
        return
    rows, columns = box
    y_rows = layer.ys(rows)
    depth = y_rows - below(layer.xs(columns))
    alpha = (depth / layer.pixel + 0.5).clamp_(0, 1)
    share = (depth / 0.09).clamp_(0, 1).unsqueeze(1)
    layer.lay(rows, columns, alpha, torch.lerp(e.color(tip), e.color(color), share))


def _shafts(e: Easel) -> None:
    """Slanting light between the trunks."""
    rng = e.random("shafts")
    layer = e.layer(0.2)
    for x in (-0.55, 0.1, 0.6):
        x = x + rng.uniform(-0.1, 0.1)
        layer.lathe(
            x,
            0.36,
            1.05,
            lambda v: 0.055 + 0.05 * (1 - v),
            0.42,
            e.light.glow((1.0, 0.97, 0.78)),
            e.light.glow((0.98, 0.97, 0.80)),
            lean=lambda v: 0.30 * (v - 0.5),
            opacity=0.22,
        )


def _fireflies(e: Easel, rng: np.random.Generator) -> None:
    k = 14
    layer = e.layer(0.8)
    x, y = e.number(rng.uniform(-1.3, 1.3, k))[None], e.number(rng.uniform(0.3, 0.8, k))[None]
    layer.dots(
        x,
        y,
        e.number(np.full(k, 0.012))[None],
        e.light.glow((0.75, 0.95, 0.45)),
        opacity=e.number(np.full(k, 0.3))[None],
        soft=1.2,
    )
    layer.dots(x, y, e.number(np.full(k, 0.0045))[None], e.light.glow((0.97, 1.0, 0.70)))


def desert(e: Easel) -> None:
    rng, light = e.random("land"), e.light
    sky(e, horizon=0.40, toward=(0.99, 0.88, 0.66), share=0.45)
    clouds(e, low=0.76, high=0.9, count=2, size=0.6, opacity=0.55)
    mesas = e.layer(0.12)
    for x in (-0.8, 0.15, 0.9):
        x, half, top = x + rng.uniform(-0.15, 0.15), rng.uniform(0.08, 0.17), rng.uniform(0.50, 0.57)
        rock = light.far((0.80, 0.46, 0.34), 0.52)
        mesas.lathe(
            x,
            0.38,
            top,
            partial(_butte, half),
            half * 1.4,
            rock,
            mix(rock, light.glow(light.sky[2]), 0.3),
            side=0.14,
        )
    for near, base, swing, length, distance, color in (
        (0.25, 0.425, 0.035, 1.4, 0.34, (0.96, 0.72, 0.44)),
        (0.5, 0.385, 0.045, 1.2, 0.14, (0.95, 0.66, 0.36)),
    ):
        _dune(e, rng, near, base, swing, length, distance, color)
    land = ground(e, Waves(rng, 0.35, 0.014, 1.5, 2), (0.95, 0.72, 0.42), front=(0.84, 0.56, 0.30), rim=0.4)
    _ripples(e, land, rng, light.lit((0.80, 0.54, 0.30)))
    cacti = e.layer(0.6)
    for side in (-1, 1):
        _cactus(
            e,
            cacti,
            side * rng.uniform(0.55, 0.85),
            rng.uniform(0.345, 0.36),
            rng.uniform(0.10, 0.15),
            1 if side < 0 else -1,
        )


def _butte(half: float, v: Tensor) -> Tensor:
    return half * (1.0 + 0.35 * (1 - v) ** 2)


def _dune(
    e: Easel,
    rng: np.random.Generator,
    near: float,
    base: float,
    swing: float,
    length: float,
    distance: float,
    color: tuple,
) -> None:
    shape = Waves(rng, base, swing, length, 2)
    light = e.light
    top, bottom = (
        light.far(mix(color, (1.0, 0.95, 0.7), 0.25), distance),
        light.far(mix(color, (0.6, 0.25, 0.2), 0.3), distance),
    )
    e.layer(near).band(
        shape,
        shape.reach,
        [(shape.reach[1], top), (shape.reach[1] - 0.18, bottom)],
        shade=lambda x, y: 1 - 0.22 * (1 - distance) * torch.sigmoid(-shape.slope(x) * 40),
    )


def _ripples(e: Easel, layer, rng: np.random.Generator, color: tuple) -> None:
    """Wind marks on sand: thin dark dashes."""
    k = 26
    y = 0.33 * rng.uniform(0, 1, k)
    layer.dots(
        e.number(rng.uniform(-1.6, 1.6, k))[None],
        e.number(y)[None],
        e.number(0.10 * (1.2 - 2.2 * y))[None],
        color,
        tall=0.03,
        opacity=e.number(np.full(k, 0.5))[None],
        soft=0.02,
    )


def _cactus(e: Easel, layer, x: float, y: float, size: float, side: int) -> None:
    green = e.light.lit((0.34, 0.58, 0.36))
    dark = e.light.lit((0.24, 0.44, 0.32))

    def post(at: float, low: float, high: float, half: float) -> None:
        ratio = half / (high - low)
        layer.lathe(
            at,
            low,
            high,
            lambda v: half * (1 - ((v - 1 + ratio) / ratio).clamp(0, 1) ** 2).sqrt(),
            half,
            green,
            dark,
            side=0.25,
        )

    post(x, y, y + size, size * 0.11)
    for s, low, high in ((side, 0.30, 0.70), (-side, 0.42, 0.82)):
        at = x + s * size * 0.28
        layer.boxes(np.array([[min(x, at), max(x, at), y + low * size, y + (low + 0.13) * size]]), dark)
        post(at, y + low * size, y + high * size, size * 0.075)


def snowfield(e: Easel) -> None:
    rng, light = e.random("land"), e.light
    sky(e, horizon=0.42, toward=(0.80, 0.86, 0.94), share=0.5)
    if light.dark:
        _aurora(e, rng)
    clouds(e, low=0.70, count=3, opacity=0.6)
    peaks = Ridges(rng, 0.40, 0.20, 0.42, 0.62)
    top, bottom = light.far((0.80, 0.86, 0.95), 0.45), light.far((0.90, 0.94, 0.99), 0.6)
    e.layer(0.12).band(peaks, peaks.reach, [(0.6, top), (0.42, bottom)], shade=lambda x, y: 1 - 0.13 * peaks.side(x, y))
    base = Waves(rng, 0.40, 0.02, 1.5)
    wood = Firs(rng, base, 0.12, 0.06, share=0.65)
    e.layer(0.28).band(
        wood, wood.reach, [(0.55, light.far((0.42, 0.56, 0.62), 0.35)), (0.40, light.far((0.62, 0.74, 0.80), 0.4))]
    )
    cool = 1.28 if e.scene.light == "sunset" else 1.0  # snow keeps the blue of the sky above it when the sun is low
    drift = Waves(rng, 0.385, 0.03, 1.2)
    layer = hill(e, 0.5, drift, drift.reach, (0.84, 0.90 * cool**0.3, 0.98 * cool), distance=0.08, fall=0.12, rim=0.8)
    for side in (-1, 1):
        x = side * rng.uniform(0.5, 0.95)
        for dx, size in ((0.0, rng.uniform(0.24, 0.32)), (side * 0.15, rng.uniform(0.16, 0.22))):
            fir(e, layer, x + dx, drift.at(x + dx) - 0.02, size, (0.20, 0.42, 0.40), 0.10, snow=0.55)
    land = ground(
        e, Waves(rng, 0.35, 0.014, 1.2), (0.90, 0.94 * cool**0.3, 0.99 * cool), front=(0.74, 0.82, 0.94 * cool), rim=0.8
    )
    k = 14
    y = 0.32 * rng.uniform(0, 1, k)
    land.dots(
        e.number(rng.uniform(-1.5, 1.5, k))[None],
        e.number(y)[None],
        e.number(0.15 * (1.2 - 2.0 * y))[None],
        light.lit((0.76, 0.84, 0.95 * cool)),
        tall=0.10,
        opacity=e.number(np.full(k, 0.45))[None],
        soft=0.15,
    )


def _aurora(e: Easel, rng: np.random.Generator) -> None:
    """Curtains of green light at night."""
    if e.scene.weather != "clear":
        return
    for base, color, strength in ((0.66, (0.25, 0.85, 0.62), 0.45), (0.74, (0.45, 0.50, 0.90), 0.30)):
        edge = Waves(rng, base, 0.06, 1.3)
        layer = e.layer(0.04)
        box = layer.window(-99, 99, base - 0.10, base + 0.32)
        if box is None:
            continue
        rows, columns = box
        x, y = layer.xs(columns), layer.ys(rows)
        up = y - edge(x)
        ray = 0.75 + 0.25 * torch.sin(x * 23 + 3 * torch.sin(x * 5))
        alpha = (up / 0.02 + 0.5).clamp(0, 1) * (1 - up / 0.22).clamp(0, 1) ** 2 * ray * strength
        layer.lay(rows, columns, alpha, e.light.glow(color))


def mountains(e: Easel) -> None:
    rng, light = e.random("land"), e.light
    sky(e, horizon=0.42, toward=(0.78, 0.80, 0.96), share=0.25)
    clouds(e, low=0.80, high=0.92, count=3, size=0.8)
    for near, base, height, spacing, distance in ((0.06, 0.42, 0.30, 0.50, 0.62), (0.14, 0.40, 0.44, 0.66, 0.24)):
        peaks = Ridges(rng, base, height, spacing, 0.95)
        line, phase = base + 0.50 * height, float(rng.uniform(0, 6.28))
        snow, rock = (0.95, 0.97, 1.0), (0.47, 0.47, 0.60)
        layer = e.layer(near)

        def side(x: Tensor, y: Tensor, peaks: Ridges = peaks, far: float = distance) -> Tensor:
            return 1 - (0.26 - 0.2 * far) * peaks.side(x, y)

        def bare(x: Tensor, peaks: Ridges = peaks, line: float = line, phase: float = phase) -> Tensor:
            jag = torch.asin(torch.sin(x * 26 + phase) * 0.98) * 0.022 + torch.asin(torch.sin(x * 61 + phase)) * 0.008
            return torch.minimum(peaks(x), line + jag)

        layer.band(peaks, peaks.reach, [(1.0, light.far(snow, distance))], shade=side)
        foot = light.far(mix(rock, (0.55, 0.66, 0.66), 0.5), min(1.0, distance + 0.15))
        layer.band(bare, (base - 0.05, line + 0.06), [(line, light.far(rock, distance)), (base, foot)], shade=side)
    rise = Waves(rng, 0.41, 0.025, 1.3)
    wood = Firs(rng, rise, 0.10, 0.045, share=0.9)
    e.layer(0.3).band(
        wood, wood.reach, [(0.52, light.far((0.22, 0.42, 0.40), 0.22)), (0.39, light.far((0.42, 0.60, 0.54), 0.30))]
    )
    slope = Waves(rng, 0.38, 0.022, 1.1)
    layer = hill(e, 0.55, slope, slope.reach, (0.46, 0.64, 0.42), distance=0.08)
    for side_of in (-1, 1):
        x = side_of * rng.uniform(0.55, 0.95)
        for dx, size in ((0.0, rng.uniform(0.20, 0.27)), (side_of * 0.12, rng.uniform(0.14, 0.20))):
            fir(e, layer, x + dx, slope.at(x + dx) - 0.02, size, (0.16, 0.38, 0.32), 0.05)
    land = ground(e, Waves(rng, 0.35, 0.012, 1.0), (0.52, 0.64, 0.42), front=(0.38, 0.48, 0.36))
    for _ in range(7):
        x, y, r = rng.uniform(-1.5, 1.5), rng.uniform(0.02, 0.32), rng.uniform(0.018, 0.035)
        r *= 1.3 - 1.6 * y
        stone = np.array([[x, y, r], [x + 0.9 * r, y - 0.1 * r, 0.7 * r]])
        land.puffs(stone, light.lit((0.74, 0.74, 0.78)), light.lit((0.44, 0.45, 0.52)), base=y - 0.45 * r)
    tufts(e, land, (0.36, 0.50, 0.32), top=0.33, count=22, size=0.024)
