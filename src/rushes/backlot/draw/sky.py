"""What is overhead: the sky's gradient, sun, moon, stars and clouds."""

from __future__ import annotations

import math

import numpy as np

from rushes.backlot.draw.easel import Easel
from rushes.backlot.draw.light import RGB, mix

CLOUD_DRIFT = 0.012  # frame heights a second


def sky(e: Easel, *, horizon: float = 0.4, toward: RGB | None = None, share: float = 0.35, bodies: bool = True) -> None:
    """A whole sky down to `horizon`, leaning towards a colour of the place, with what shines in it."""
    light = e.light
    share = share * (0.25 if light.dark else 1.0)
    colors = [light.glow(mix(c, toward, share * (0.5 + 0.25 * i)) if toward else c) for i, c in enumerate(light.sky)]
    middle = horizon + 0.42 * (1 - horizon)
    e.layer(0.0).fill([(1.05, colors[0]), (middle, colors[1]), (horizon, colors[2])])
    if bodies:
        if light.dark:
            if e.scene.weather not in ("storm", "fog", "rain", "snow"):
                stars(e, horizon)
            moon(e)
        elif light.sun:
            sun(e, horizon)


def stars(e: Easel, horizon: float = 0.4, count: int = 90) -> None:
    rng = e.random("stars")
    x, y = rng.uniform(-1.4, 1.4, count), horizon + (1.1 - horizon) * rng.uniform(0, 1, count) ** 0.7
    size, bright = rng.uniform(0.0016, 0.0042, count), rng.uniform(0.3, 1.0, count)
    layer = e.layer(0.02)
    places = e.number(x)[None], e.number(y)[None], e.number(size)[None]
    layer.dots(*places, e.light.glow((0.95, 0.95, 1.0)), opacity=e.number(bright)[None], soft=0.5)


def moon(e: Easel) -> None:
    if e.scene.weather in ("storm", "fog", "rain", "snow"):
        return
    rng, light = e.random("moon"), e.light
    x, y = rng.uniform(-0.75, 0.75) * e.half_width, rng.uniform(0.80, 0.86)
    e.body = (x, y)
    layer = e.layer(0.03)
    layer.halo(x, y, 0.34, light.glow((0.55, 0.62, 0.90)), 0.40, core=0.04)
    layer.disc(x, y, 0.062, light.glow((0.98, 0.96, 0.86)))
    for dx, dy, r in ((-0.022, 0.016, 0.013), (0.02, -0.02, 0.017), (0.012, 0.026, 0.008)):
        layer.disc(x + dx, y + dy, r, light.glow((0.89, 0.87, 0.79)))


def sun(e: Easel, horizon: float) -> None:
    rng, light = e.random("sun"), e.light
    assert light.sun is not None
    low = e.scene.light == "sunset"
    x = rng.uniform(-0.7, 0.7) * e.half_width
    y = horizon + 0.12 if low else rng.uniform(0.82, 0.88)
    e.body = (x, y)
    layer = e.layer(0.03)
    layer.halo(x, y, 0.55 if low else 0.36, light.glow(mix(light.sun, (1.0, 0.75, 0.4), 0.5 if low else 0.0)), 0.55)
    layer.disc(x, y, 0.10 if low else 0.062, light.glow(mix(light.sun, (1.0, 1.0, 0.95), 0.4)))


def clouds(
    e: Easel, *, low: float = 0.62, high: float = 0.92, count: int = 4, size: float = 1.0, opacity: float = 0.9
) -> None:
    """Flat-bottomed clouds that drift slowly; more of them when the sky is closed."""
    rng, light = e.random("clouds"), e.light
    closed = e.scene.light == "overcast" or e.scene.weather in ("rain", "storm", "snow")
    layer = e.layer(0.08, moves=True)
    drift = layer.time * CLOUD_DRIFT
    order = rng.permutation(count)
    for i in range(count):
        x = (order[i] + rng.uniform(0.15, 0.85)) / count * 3.2 - 1.6
        y = low + (high - low) * rng.uniform(0, 1)
        if e.body is not None and abs(x - e.body[0]) < 0.34 and abs(y - e.body[1]) < 0.2:
            x = e.body[0] + math.copysign(0.36, x - e.body[0])  # beside the sun or moon, not before it
        scale = size * rng.uniform(0.75, 1.25) * (0.7 + 0.6 * (y - low) / max(high - low, 1e-3))
        puff = _cloud(rng, x, y, scale * (1.5 if closed else 1.0))
        layer.puffs(
            puff,
            light.glow(light.cloud[0]),
            light.glow(light.cloud[1]),
            base=y - 0.018 * scale,
            soft=0.012 * scale,
            opacity=opacity * (0.75 if closed or light.dark else 1.0),
            drift=drift,
        )


def _cloud(rng: np.random.Generator, x: float, y: float, scale: float) -> np.ndarray:
    k = 5
    along = np.linspace(-1, 1, k)
    radius = (0.075 - 0.045 * along**2) * rng.uniform(0.8, 1.25, k)
    return np.stack([x + along * 0.155 * scale, y + radius * 0.25 * scale, radius * scale], 1)
