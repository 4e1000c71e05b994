"""Sets that people built: city, room, stage."""

from __future__ import annotations

import numpy as np
import torch

from rushes.backlot.draw import weather
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


def stage(e: Easel) -> None:
    """A theatre: red curtains, boards, a pool of light."""
    rng, light = e.random("land"), e.light
    wash = {
        "day": (1.0, 0.93, 0.80),
        "sunset": (1.0, 0.62, 0.38),
        "night": (0.45, 0.52, 0.95),
        "overcast": (0.80, 0.88, 0.95),
    }
    beam = wash[e.scene.light]
    e.layer(0.25).fill([(1.0, light.lit((0.16, 0.10, 0.22))), (0.40, light.lit((0.46, 0.30, 0.48)))])
    back = e.layer(0.25)
    back.halo(0.0, 0.62, 0.80, light.glow(mix((0.50, 0.34, 0.52), beam, 0.35)), 0.75)
    boards(e, 0.38, (0.66, 0.43, 0.27), (0.48, 0.29, 0.18))
    floor = e.layer(1.0)
    floor.disc(0.0, 0.225, 0.62, light.glow(mix(beam, (1.0, 0.95, 0.85), 0.4)), squash=0.26, opacity=0.42)
    cone = e.layer(0.6)
    pale = light.glow(mix(beam, (1.0, 1.0, 1.0), 0.3))
    cone.lathe(0.0, 0.23, 1.02, lambda v: 0.60 - 0.52 * v, 0.6, pale, pale, opacity=0.13)
    _curtains(e, float(rng.uniform(0, 6.28)))


def _curtains(e: Easel, phase: float) -> None:
    """Curtains gathered at both sides and a scalloped valance above."""
    light = e.light
    layer = e.layer(0.8)
    bright, deep = light.lit((0.84, 0.16, 0.20)), light.lit((0.42, 0.05, 0.12))
    if light.dark:
        bright, deep = mix(bright, light.glow((0.62, 0.10, 0.18)), 0.5), deep
    for side in (-1, 1):
        inner = e.half_width - 0.27

        def edge(v: torch.Tensor, side: int = side) -> torch.Tensor:
            return -side * 0.09 * ((v - 0.22) / 0.78).clamp(min=0) ** 2 + side * 0.03 * torch.exp(
                -(((v - 0.2) / 0.12) ** 2)
            )

        x = side * (inner + 0.5)
        box = layer.window(x - 0.75, x + 0.75, 0.28, 1.1)
        if box is None:
            continue
        rows, columns = box
        y, dx = layer.ys(rows), side * (layer.xs(columns) - side * inner)  # dx > 0: behind the curtain's edge
        v = (y - 0.29) / 0.8
        inside = dx - side * edge(v)
        alpha = (inside / layer.pixel + 0.5).clamp(0, 1) * (
            (y - 0.29 - 0.006 * torch.sin(dx * 70)) / layer.pixel + 0.5
        ).clamp(0, 1)
        fold = 0.5 + 0.5 * torch.sin(inside * 52 * (1 + 0.25 * v) + phase)
        layer.lay(rows, columns, alpha, torch.lerp(e.color(deep), e.color(bright), fold.unsqueeze(1)))
        tie = layer.window(x - 0.75, x + 0.75, 0.43, 0.47)
        if tie is not None:
            rows, columns = tie
            inside = side * (layer.xs(columns) - side * inner) - side * edge((layer.ys(rows) - 0.29) / 0.8)
            layer.lay(rows, columns, (inside / layer.pixel + 0.5).clamp(0, 1) * 0.95, light.lit((0.93, 0.74, 0.30)))
    _valance(e, layer, bright, deep)


def _valance(e: Easel, layer: Layer, bright: RGB, deep: RGB) -> None:
    box = layer.window(-99, 99, 0.83, 1.3)
    if box is None:
        return
    rows, columns = box
    x, y = layer.xs(columns), layer.ys(rows)
    swag = torch.remainder(x / 0.36 + 0.5, 1) - 0.5
    bottom = 0.865 + 0.18 * swag * swag
    depth = y - bottom
    alpha = (depth / layer.pixel + 0.5).clamp(0, 1)
    fold = 0.5 + 0.5 * torch.sin((depth * 1.4 + 0.9 * swag * swag * 0.35) * 95)
    layer.lay(rows, columns, alpha, torch.lerp(e.color(deep), e.color(bright), (0.25 + 0.75 * fold).unsqueeze(1)))
    fringe = alpha * (1 - (depth - 0.014) / layer.pixel).clamp(0, 1)
    layer.lay(rows, columns, fringe, e.light.lit((0.93, 0.74, 0.30)))


def boards(e: Easel, top: float, color: RGB, dark: RGB) -> None:
    """A floor of boards that run towards a point at the back, from the bottom edge to `top`."""
    light = e.light
    layer = e.layer(1.0)
    layer.band(
        lambda x: torch.full_like(x, top),
        (top, top),
        [
            (top, light.lit(mix(color, dark, 0.45))),
            (top - 0.2, light.lit(color)),
            (0.0, light.lit(mix(color, dark, 0.35))),
        ],
    )
    box = layer.window(-99, 99, -9, top)
    if box is None:
        return
    rows, columns = box
    x, y = layer.xs(columns), layer.ys(rows)
    width = 0.16 * (0.78 - y) / 0.78  # boards narrow towards the back
    place = torch.remainder(x / width, 1)
    gap = (0.5 - (place - 0.5).abs()) * width
    line = (1 - (gap - 0.0012) / layer.pixel).clamp(0, 1) * ((top - y) / layer.pixel).clamp(0, 1)
    layer.lay(rows, columns, line * 0.45, light.lit(dark))


def room(e: Easel) -> None:
    rng, light = e.random("land"), e.light
    walls = ((0.96, 0.84, 0.70), (0.72, 0.84, 0.82), (0.92, 0.76, 0.72), (0.80, 0.80, 0.90))
    wall = walls[int(rng.integers(len(walls)))]
    layer = e.layer(0.6)
    layer.fill([(1.05, light.lit(mix(wall, (0.4, 0.3, 0.3), 0.12))), (0.45, light.lit(wall))])
    stripes = np.arange(-2.4, 2.4, 0.16)
    layer.boxes(
        np.stack([stripes, stripes + 0.07, np.full_like(stripes, 0.40), np.full_like(stripes, 1.6)], 1),
        light.lit(mix(wall, (1.0, 1.0, 0.95), 0.28)),
    )
    side = -1 if rng.uniform() < 0.5 else 1
    _window(e, layer, side * 0.46, 0.70)
    _picture(e, layer, rng, -side * 0.36, 0.72)
    layer.boxes(np.array([[-3.0, 3.0, 0.385, 0.425]]), light.lit((0.97, 0.95, 0.92)))
    layer.boxes(np.array([[-3.0, 3.0, 0.419, 0.425]]), light.lit((0.80, 0.77, 0.74)))
    boards(e, 0.388, (0.76, 0.55, 0.37), (0.52, 0.34, 0.22))
    rug = ((0.80, 0.36, 0.34), (0.34, 0.48, 0.66), (0.50, 0.60, 0.42))[int(rng.integers(3))]
    floor = e.layer(1.0)
    for radius, color in (
        (0.80, rug),
        (0.745, (0.95, 0.90, 0.80)),
        (0.715, rug),
        (0.40, mix(rug, (0.95, 0.90, 0.80), 0.35)),
    ):
        floor.disc(0.0, 0.20, radius, light.lit(color), squash=0.19)
    _lamp(e, -side * 0.78)
    _plant(e, side * 0.82)


def _window(e: Easel, layer: Layer, x: float, y: float) -> None:
    """A window with the sky of the hour in it, and curtains."""
    light = e.light
    half, tall = 0.20, 0.185
    layer.boxes(
        np.array([[x - half - 0.022, x + half + 0.022, y - tall - 0.022, y + tall + 0.022]]),
        light.lit((0.98, 0.96, 0.93)),
    )
    pane = np.array([[x - half, x + half, y - tall, y + tall]])
    top, mid, low = (light.glow(c) for c in light.sky)
    for i in range(10):
        v0, v1 = y - tall + 0.2 * tall * i, y - tall + 0.2 * tall * (i + 1) + 1e-3
        share = i / 9
        layer.boxes(
            np.array([[x - half, x + half, v0, v1]]),
            mix(low, mid, share * 2) if share < 0.5 else mix(mid, top, share * 2 - 1),
        )
    if light.dark:
        layer.disc(x + 0.08, y + 0.08, 0.036, light.glow((0.98, 0.96, 0.86)))
        for dx, dy in ((-0.12, 0.12), (-0.06, 0.02), (0.02, 0.13), (-0.14, -0.03), (0.13, -0.02)):
            layer.disc(x + dx, y + dy, 0.004, light.glow((0.95, 0.95, 1.0)))
    elif light.sun is not None:
        layer.disc(x + 0.08, y + (0.09 if e.scene.light == "day" else -0.05), 0.04, light.glow(light.sun))
    hill = np.array([[x - 0.10, y - tall - 0.06, 0.115], [x + 0.11, y - tall - 0.10, 0.15]])
    _clipped_puffs(layer, hill, pane[0], light.far((0.45, 0.68, 0.42), 0.2))
    if e.scene.weather != "clear":
        e.stencil = layer.box_mask(x - half, x + half, y - tall, y + tall)
        weather.behind(e)
        weather.front(e)
        e.stencil = None
    bars = np.array([[x - half, x + half, y - 0.006, y + 0.006], [x - 0.006, x + 0.006, y - tall, y + tall]])
    layer.boxes(bars, light.lit((0.98, 0.96, 0.93)))
    layer.boxes(
        np.array([[x - half - 0.05, x + half + 0.05, y - tall - 0.045, y - tall - 0.02]]), light.lit((0.90, 0.87, 0.82))
    )
    for side in (-1, 1):
        cloth, fold = light.lit((0.96, 0.93, 0.86)), light.lit((0.80, 0.74, 0.66))
        at = x + side * (half + 0.045)
        layer.lathe(
            at,
            y - tall - 0.05,
            y + tall + 0.06,
            lambda v: 0.045 + 0.035 * (2 * v - 1) ** 2,
            0.085,
            cloth,
            fold,
            side=0.12,
        )
    layer.boxes(
        np.array([[x - half - 0.13, x + half + 0.13, y + tall + 0.05, y + tall + 0.064]]), light.lit((0.55, 0.38, 0.26))
    )


def _clipped_puffs(layer: Layer, circles: np.ndarray, pane: np.ndarray, color: RGB) -> None:
    """Round hills seen through a pane (x0, x1, y0, y1)."""
    box = layer.window(*(float(v) for v in pane))
    if box is None:
        return
    rows, columns = box
    x, y = layer.xs(columns), layer.ys(rows)
    alpha = torch.zeros_like(x + y)
    for cx, cy, r in circles.tolist():
        alpha = torch.maximum(alpha, ((r - ((x - cx) ** 2 + (y - cy) ** 2).sqrt()) / layer.pixel + 0.5).clamp(0, 1))
    inside = ((x - float(pane[0])) / layer.pixel + 0.5).clamp(0, 1) * ((float(pane[1]) - x) / layer.pixel + 0.5).clamp(
        0, 1
    )
    inside = inside * ((y - float(pane[2])) / layer.pixel + 0.5).clamp(0, 1)
    layer.lay(rows, columns, alpha * inside, color)


def _picture(e: Easel, layer: Layer, rng: np.random.Generator, x: float, y: float) -> None:
    light = e.light
    layer.boxes(np.array([[x - 0.115, x + 0.115, y - 0.09, y + 0.09]]), light.lit((0.62, 0.44, 0.28)))
    layer.boxes(np.array([[x - 0.098, x + 0.098, y - 0.073, y + 0.073]]), light.lit((0.97, 0.93, 0.84)))
    hue = ((0.90, 0.52, 0.38), (0.40, 0.62, 0.74), (0.86, 0.68, 0.30))[int(rng.integers(3))]
    pane = np.array([x - 0.085, x + 0.085, y - 0.06, y + 0.06])
    _clipped_puffs(
        layer,
        np.array([[x - 0.04, y - 0.08, 0.09], [x + 0.05, y - 0.07, 0.06]]),
        pane,
        light.lit(mix(hue, (0.2, 0.4, 0.3), 0.4)),
    )
    layer.disc(x + 0.035, y + 0.03, 0.018, light.lit(hue))


def _lamp(e: Easel, x: float) -> None:
    light = e.light
    layer = e.layer(0.75)
    iron = light.lit((0.40, 0.30, 0.26))
    layer.lathe(x, 0.345, 0.72, lambda v: 0.006 + 0.05 * torch.exp(-v * 60), 0.06, iron, iron)
    shade = light.glow((1.0, 0.86, 0.56)) if light.dark else light.lit((0.97, 0.84, 0.58))
    layer.lathe(x, 0.69, 0.82, lambda v: 0.085 - 0.035 * v, 0.09, shade, mix(shade, light.lit((0.9, 0.6, 0.3)), 0.3))
    if light.dark:
        layer.halo(x, 0.74, 0.42, light.glow((1.0, 0.80, 0.48)), 0.40, core=0.03)


def _plant(e: Easel, x: float) -> None:
    light = e.light
    layer = e.layer(0.75)
    pot = light.lit((0.80, 0.48, 0.34))
    for i, angle in enumerate((0.5, 2.6, 1.0, 2.1, 1.55)):
        along = np.linspace(0, 1, 5)
        reach = 0.17 if i < 4 else 0.20
        leaf = np.stack(
            [x + reach * np.cos(angle) * along, 0.44 + reach * (np.sin(angle) * along * 1.2 - 0.25 * along**2)], 1
        )
        layer.stroke(leaf, 0.022, 0.004, light.lit((0.26, 0.52, 0.34) if i % 2 else (0.36, 0.62, 0.38)))
    layer.lathe(x, 0.345, 0.45, lambda v: 0.042 + 0.018 * v, 0.065, pot, light.lit((0.60, 0.34, 0.26)), side=0.2)
