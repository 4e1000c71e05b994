"""Weather: fog and far drops behind the cast, near drops, flakes and leaves before it, and lightning.

Every drop is a function of time and the scene's seed, so that any frame can be drawn alone.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.draw.easel import Easel
from rushes.backlot.draw.layers import Layer
from rushes.backlot.draw.light import RGB, mix

SPAN = 1.12  # frame heights from where a particle enters above to where it leaves below
LEAVES: tuple[RGB, ...] = ((0.93, 0.55, 0.16), (0.86, 0.27, 0.15), (0.97, 0.78, 0.26), (0.62, 0.40, 0.20))
FLASHES = (0.0, 0.14)  # seconds at which one stroke of lightning lights up, after it begins
FLASH_SECONDS = 0.10  # time in which a flash fades to a third


def behind(e: Easel) -> None:
    """Weather between the set and the cast."""
    weather = e.scene.weather
    if weather == "fog":
        _fog(e, 0.30, 0.62, "far fog")
    elif weather in ("rain", "storm"):
        _rain(e, "far", count=90 if weather == "rain" else 120, size=0.75, opacity=0.34)
        if weather == "storm":
            _bolt(e)
    elif weather == "snow":
        _snow(e, "far", count=100, size=0.0052, opacity=0.75)
    elif weather == "leaves":
        _leaves(e, "far", count=4, size=0.010)


def front(e: Easel) -> None:
    """Weather before the cast."""
    weather = e.scene.weather
    if weather == "fog":
        _fog(e, 0.20, 0.12, "near fog")
    elif weather in ("rain", "storm"):
        _rain(e, "near", count=46 if weather == "rain" else 70, size=1.25, opacity=0.50)
        _splashes(e, 22)
    elif weather == "snow":
        _snow(e, "near", count=36, size=0.0105, opacity=0.92)
    elif weather == "leaves":
        _leaves(e, "near", count=5, size=0.0165)


def flash(e: Easel) -> Tensor | None:
    """(n, 1, 1, 1) brightness of lightning from 0 to 1; None in other weather."""
    return _flash(e, e.times)[:, None, None, None] if e.scene.weather == "storm" else None


# -- particles ---------------------------------------------------------------------------------------------------------


def _air(e: Easel) -> tuple[Layer, Tensor]:
    """A layer that stays with the frame, and time (n, 1)."""
    return e.layer(0.0, moves=True), e.times[:, None]


def _wrapped(e: Easel, x: Tensor, near: float) -> Tensor:
    """Particles that leave at one side come in at the other; the camera's travel passes them by."""
    frames = e.view.camera.x[e.frames] * e.half_width * near
    wide = 2 * e.half_width + 0.4
    return torch.remainder(x - e.number(frames)[:, None], wide) - wide / 2


def _scattered(e: Easel, name: str, count: int) -> tuple[Tensor, ...]:
    """Four rows of `count` random numbers from 0 to 1, each (1, k)."""
    return tuple(e.number(v)[None] for v in e.random(name).uniform(0, 1, (4, count)))


def _count(e: Easel, per_wide_frame: int) -> int:
    """As many as fill this frame as densely as a frame of 16:9; more where only a window shows them."""
    per_wide_frame *= 1 if e.stencil is None else 3
    return max(3, round(per_wide_frame * (2 * e.half_width + 0.4) / 2.18))


def _rain(e: Easel, name: str, *, count: int, size: float, opacity: float) -> None:
    layer, t = _air(e)
    storm = e.scene.weather == "storm"
    x, y, speed, phase = _scattered(e, f"rain {name}", _count(e, count))
    fall, slant = 1.5 * size * (1.25 if storm else 1.0), 0.30 if storm else 0.10
    drop = torch.remainder(y + (0.85 + 0.3 * speed) * fall * t, 1.0) * SPAN
    lane = x * 9.7 + slant * drop + 0.37 * torch.floor(y + (0.85 + 0.3 * speed) * fall * t)
    color = mix(e.light.glow((0.86, 0.92, 0.98)), e.light.glow(e.light.sky[2]), 0.25)
    layer.dots(
        _wrapped(e, lane, size),
        1.06 - drop,
        torch.full_like(x, 0.0023 * size),
        color,
        tall=15.0,
        slant=-slant,
        opacity=(0.6 + 0.4 * phase) * opacity * 2.0,
        soft=0.6,
    )


def _splashes(e: Easel, count: int) -> None:
    """Rings where drops hit the ground."""
    layer, t = _air(e)
    x, y, rate, phase = _scattered(e, "splashes", _count(e, count))
    turn = (1.6 + rate) * t + phase
    age, number = torch.remainder(turn, 1.0), torch.floor(turn)
    place = torch.remainder(y + number * 0.618, 1.0)
    layer.dots(
        _wrapped(e, x * 7.3 + number * 0.731, 1.0),
        0.33 * place,
        0.004 + 0.020 * age * (1.2 - place * 0.7),
        e.light.glow((0.88, 0.94, 0.98)),
        tall=0.28,
        opacity=0.55 * (1 - age) ** 2,
        soft=0.5,
    )


def _snow(e: Easel, name: str, *, count: int, size: float, opacity: float) -> None:
    layer, t = _air(e)
    x, y, speed, phase = _scattered(e, f"snow {name}", _count(e, count))
    rate = 0.16 * (0.7 + 0.6 * speed) * (size / 0.006) ** 0.5
    drop = torch.remainder(y + rate * t, 1.0) * SPAN
    sway = 0.022 * torch.sin(t * (1.0 + speed) + phase * 6.28) + 0.05 * t
    layer.dots(
        _wrapped(e, x * 9.7 + sway, 0.6 + size * 40),
        1.06 - drop,
        size * (0.6 + 0.7 * phase),
        e.light.glow((0.97, 0.98, 1.0)) if not e.light.dark else e.light.glow((0.84, 0.88, 0.98)),
        opacity=torch.full_like(x, opacity),
        soft=0.7,
    )


def _leaves(e: Easel, name: str, *, count: int, size: float) -> None:
    layer, t = _air(e)
    for i, color in enumerate(LEAVES):
        x, y, speed, phase = _scattered(e, f"leaves {name} {i}", _count(e, count))
        drop = torch.remainder(y + 0.15 * (0.75 + 0.5 * speed) * t, 1.0) * SPAN
        swing = torch.sin(t * (1.5 + speed) + phase * 6.28)
        layer.dots(
            _wrapped(e, x * 9.7 + 0.055 * swing + 0.16 * t, 0.7 + size * 20),
            1.06 - drop + 0.012 * swing * swing,
            size * (0.8 + 0.4 * phase),
            mix(e.light.lit(color), color, 0.5),
            tall=0.46,
            angle=0.9 * swing + phase * 6.28 + t * (speed - 0.5) * 2,
        )


def _fog(e: Easel, low: float, strength: float, name: str) -> None:
    """A veil, thickest at the horizon, with banks that drift."""
    light = e.light
    veil = mix(light.glow(light.sky[2]), light.lit((0.90, 0.92, 0.94)), 0.5)
    layer = e.layer(0.0)
    rows, columns = slice(0, e.height), slice(0, e.width)
    y = layer.ys(rows)
    thick = (
        strength
        * (0.55 + 0.45 * torch.exp(-(((y - 0.42) / 0.22) ** 2)))
        * (0.45 + 0.55 * ((y - 0.05) / low).clamp(0, 1))
    )
    layer.lay(rows, columns, thick, veil)
    rng = e.random(name)
    banks, t = _air(e)
    for _ in range(4):
        x, at, wide, tall = rng.uniform(0, 9), rng.uniform(0.28, 0.56), rng.uniform(0.40, 0.65), rng.uniform(0.05, 0.09)
        drift = _wrapped(e, x + 0.05 * t * rng.uniform(0.6, 1.4), 0.5)[:, :, None] * (1 + wide)
        box = banks.window(-99, 99, at - tall, at + tall)
        if box is None:
            continue
        rows, columns = box
        d = ((banks.xs(columns) - drift) / wide) ** 2 + ((banks.ys(rows) - at) / tall) ** 2
        banks.lay(rows, columns, (1 - d).clamp(0, 1) * (0.25 + 0.4 * strength), veil)


# -- lightning ---------------------------------------------------------------------------------------------------------


def _strokes(e: Easel) -> list[float]:
    """Seconds at which lightning strikes: the first soon, then every few seconds."""
    rng = e.random("lightning")
    last, end = float(rng.uniform(0.25, 0.9)), float(e.view.times.max()) if len(e.view.times) else 0.0
    strokes = [last]
    while last < end:
        last += float(rng.uniform(1.4, 3.2))
        strokes.append(last)
    return strokes


def _flash(e: Easel, times: Tensor) -> Tensor:
    light = torch.zeros_like(times)
    for stroke in _strokes(e):
        for delay in FLASHES:
            since = times - (stroke + delay)
            light = torch.maximum(
                light, torch.where(since >= 0, torch.exp(-since / FLASH_SECONDS), torch.zeros_like(since))
            )
    return light


def _bolt(e: Easel) -> None:
    """A branching line from the clouds to the horizon while a flash lasts."""
    times = e.times.tolist()
    for number, stroke in enumerate(_strokes(e)):
        lit = [1.0 if 0 <= t - stroke < 0.28 else 0.0 for t in times]
        if not any(lit):
            continue
        rng = e.random(f"bolt {number}")
        layer = e.layer(0.06, moves=True)
        k = 9
        y = np.linspace(1.05, 0.47, k)
        x = rng.uniform(-0.6, 0.6) * e.half_width + np.concatenate([[0.0], np.cumsum(rng.uniform(-0.06, 0.06, k - 1))])
        shown = e.number(lit)[:, None, None]
        fork = np.array([[x[4], y[4]], [x[4] + 0.06, y[5]], [x[4] + 0.05, y[6]], [x[4] + 0.11, y[7]]])
        for glow, width, opacity in ((0.05, 0.004, 0.35), (0.0, 0.0048, 1.0)):
            color = e.light.glow((0.97, 0.96, 1.0))
            layer.stroke(np.stack([x, y], 1), width, width * 0.5, color, glow=glow, opacity=shown * opacity)
            layer.stroke(fork, width * 0.6, width * 0.3, color, glow=glow, opacity=shown * opacity)
