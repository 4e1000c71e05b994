"""Sets that people built: city, room, stage."""

from __future__ import annotations

import numpy as np
import torch

from rushes.backlot.draw.easel import Easel
from rushes.backlot.draw.layers import Layer
from rushes.backlot.draw.light import RGB, mix
from rushes.backlot.draw.sky import clouds, sky

FLOOR = 0.022  # height of one row of windows in the nearest layer of houses, frame heights


def city(e: Easel) -> None:
    rng = e.random("land")
    sky(e, horizon=0.45)
    clouds(e, low=0.74, high=0.94, count=3, size=0.85)
    for near, low, high, width, distance, color in (
        (0.12, 0.56, 0.74, 0.10, 0.58, (0.55, 0.62, 0.74)),
        (0.28, 0.50, 0.66, 0.12, 0.28, (0.56, 0.56, 0.68)),
        (0.50, 0.44, 0.58, 0.16, 0.06, (0.66, 0.56, 0.56)),
    ):
        _houses(e, rng, near, low, high, width, distance, color)
    _street(e, rng)


def _houses(
    e: Easel, rng: np.random.Generator, near: float, low: float, high: float, width: float, distance: float, color: RGB
) -> None:
    light = e.light
    edges = np.cumsum(rng.uniform(0.7, 1.35, 40) * width) - 2.6
    edges = edges[edges < 2.6]
    tops = rng.uniform(low, high, len(edges) - 1)
    boxes = np.stack([edges[:-1], edges[1:] + 1e-3, np.full(len(tops), 0.30), tops], 1)
    layer = e.layer(near)
    tones = ((0.0, color), (1.0, mix(color, (0.95, 0.80, 0.62), 0.45)), (2.0, mix(color, (0.40, 0.46, 0.66), 0.5)))
    for i, (_, tone) in enumerate(tones):
        layer.boxes(boxes[i::3], light.far(tone, distance))
        roof = boxes[i::3].copy()
        roof[:, 2] = roof[:, 3] - 0.012
        layer.boxes(roof, light.far(mix(tone, (0.15, 0.12, 0.2), 0.35), distance))
    step = FLOOR * (0.75 + 0.7 * near)
    cells = [
        (x, x + step * 0.62, y, y + step * 0.85)
        for x0, x1, _, top in boxes.tolist()
        for x in np.arange(x0 + step * 0.7, x1 - step * 1.1, step * 1.45)
        for y in np.arange(0.39, top - step * 1.7, step * 1.9)
    ]
    grid = np.array(cells)
    grid = grid[np.abs(grid[:, 0]) < 2.2]
    awake = rng.uniform(0, 1, len(grid)) < (0.55 if light.dark else 0.0)
    glass = (
        light.lit(mix((0.35, 0.45, 0.58), color, 0.25)) if light.dark else light.far((0.70, 0.84, 0.94), distance * 0.6)
    )
    _panes(layer, grid[~awake], glass, 0.7)
    _panes(layer, grid[awake], light.glow(mix((1.0, 0.84, 0.45), light.sky[2], distance * 0.5)), 1.0)


def _panes(layer: Layer, grid: np.ndarray, color: RGB, strength: float) -> None:
    if len(grid):
        layer.boxes(grid, color, np.full(len(grid), strength))


def _street(e: Easel, rng: np.random.Generator) -> None:
    light = e.light
    layer = e.layer(1.0)
    flat = torch.full_like
    pave, road = (0.80, 0.77, 0.74), (0.42, 0.42, 0.47)
    layer.band(
        lambda x: flat(x, 0.40),
        (0.40, 0.40),
        [(0.40, light.lit(mix(pave, (0.5, 0.45, 0.5), 0.35))), (0.34, light.lit(pave))],
    )
    layer.band(
        lambda x: flat(x, 0.345),
        (0.345, 0.345),
        [(0.345, light.lit((0.60, 0.58, 0.58))), (0.33, light.lit((0.52, 0.51, 0.54)))],
    )
    layer.band(
        lambda x: flat(x, 0.330),
        (0.330, 0.330),
        [(0.33, light.lit(mix(road, (0.6, 0.6, 0.62), 0.4))), (0.0, light.lit(road))],
    )
    dashes = np.arange(-2.2, 2.2, 0.34)
    layer.boxes(
        np.stack([dashes, dashes + 0.17, np.full_like(dashes, 0.105), np.full_like(dashes, 0.120)], 1),
        light.lit((0.92, 0.90, 0.80)),
    )
    posts = e.layer(0.9)
    for x in (-1.75, -0.72, 0.72, 1.75):
        x += float(rng.uniform(-0.08, 0.08))
        iron = light.lit((0.22, 0.24, 0.30))
        posts.lathe(x, 0.35, 0.66, lambda v: 0.0065 + 0.008 * torch.exp(-v * 14), 0.016, iron, iron)
        posts.disc(x, 0.675, 0.024, light.glow((1.0, 0.90, 0.62)) if light.dark else light.lit((0.96, 0.95, 0.90)))
        if light.dark:
            posts.halo(x, 0.675, 0.16, light.glow((1.0, 0.82, 0.48)), 0.55, core=0.01)
