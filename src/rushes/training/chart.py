"""A small chart: lines, dots and bands over one or two logarithmic axes, drawn with Pillow alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

COLOURS = ("#1a4f9c", "#c2452d", "#2f8f4e", "#8a5bb0", "#c98a14", "#2b8c9e", "#8c8c8c", "#b0487f")
FINE = 2  # drawn so many times as large, then shrunk: smooth edges
Point = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Series:
    points: Sequence[Point]  # (x, y); what is not finite, or not above 0 on a logarithmic axis, is left out
    label: str = ""  # in the legend; none if empty
    colour: str = COLOURS[0]
    width: float = 2.0  # pixels of a line, or the radius of a dot
    dots: bool = False  # dots instead of a line
    upper: Sequence[Point] = ()  # with it a band between `points` and these


@dataclass(frozen=True, kw_only=True)
class Axes:
    title: str = ""
    x: str = ""  # what the axis shows, and its unit
    y: str = ""
    log_x: bool = False
    log_y: bool = False
    size: tuple[int, int] = (720, 360)  # columns and rows of the picture
    margin: tuple[int, int, int, int] = (60, 30, 16, 40)  # pixels left, top, right, bottom
    top: float | None = None  # largest y shown; what is higher is drawn at the edge


def draw_chart(series: Sequence[Series], axes: Axes) -> Image.Image:
    """The picture of a chart. ValueError when nothing in it can be shown."""
    view = _View(series, axes)
    image = Image.new("RGB", (axes.size[0] * FINE, axes.size[1] * FINE), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(11 * FINE)
    left, top, right, bottom = view.box
    for value in ticks(*view.x, axes.log_x):
        x = view.place((value, None))[0]
        draw.line([(x, top), (x, bottom)], fill="#e4e4e4", width=FINE)
        draw.text((x, bottom + 4 * FINE), named(value), fill="#444444", font=font, anchor="mt")
    for value in ticks(*view.y, axes.log_y):
        y = view.place((None, value))[1]
        draw.line([(left, y), (right, y)], fill="#e4e4e4", width=FINE)
        draw.text((left - 5 * FINE, y), named(value), fill="#444444", font=font, anchor="rm")
    for one in sorted(series, key=lambda s: (not s.upper, s.dots)):  # bands, then lines, then dots
        _draw_series(draw, one, view)
    draw.text((left, 8 * FINE), axes.title, fill="black", font=ImageFont.load_default(13 * FINE))
    draw.text((right, image.height - 6 * FINE), axes.x, fill="#444444", font=font, anchor="rb")
    draw.text((left + 5 * FINE, top + 3 * FINE), axes.y, fill="#444444", font=font)
    row = top + 5 * FINE
    for one in series:
        if one.label:
            draw.text((right - 8 * FINE, row), one.label, fill=one.colour, font=font, anchor="rt")
            row += 15 * FINE
    return image.resize(axes.size, Image.Resampling.LANCZOS)


def save_picture(image: Image.Image, path: Path) -> None:
    """Write a PNG that is there whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    image.save(partial, format="PNG", optimize=True)
    partial.replace(path)


class _View:
    """From values to pixels."""

    def __init__(self, series: Sequence[Series], axes: Axes) -> None:
        self.axes = axes
        shown = [p for one in series for p in (*one.points, *one.upper) if self.can_show(p)]
        if not shown:
            raise ValueError(
                "a chart of no points shows nothing; give values that are finite (above 0 where logarithmic)"
            )
        left, top, right, bottom = axes.margin
        self.box = (left * FINE, top * FINE, (axes.size[0] - right) * FINE, (axes.size[1] - bottom) * FINE)
        self.x = _room([x for x, _ in shown], axes.log_x, 0.0 if not axes.log_x else 0.04)
        self.y = _room([min(y, axes.top) if axes.top is not None else y for _, y in shown], axes.log_y, 0.06)

    def can_show(self, point: Point) -> bool:
        x, y = point
        beyond_log = (self.axes.log_x and x <= 0) or (self.axes.log_y and y <= 0)
        return math.isfinite(x) and math.isfinite(y) and not beyond_log

    def place(self, point: tuple[float | None, float | None]) -> tuple[float, float]:
        left, top, right, bottom = self.box
        x, y = point
        across = 0.0 if x is None else _share(x, *self.x, self.axes.log_x)
        up = 0.0 if y is None else min(1.0, _share(y, *self.y, self.axes.log_y))
        return left + across * (right - left), bottom - up * (bottom - top)


def _draw_series(draw: ImageDraw.ImageDraw, one: Series, view: _View) -> None:
    places = [view.place(p) for p in one.points if view.can_show(p)]
    if one.upper:
        over = [view.place(p) for p in one.upper if view.can_show(p)]
        draw.polygon([*places, *reversed(over)], fill=one.colour)
    elif one.dots:
        r = one.width * FINE
        for x, y in places:
            draw.ellipse([(x - r, y - r), (x + r, y + r)], fill=one.colour, outline="white", width=FINE)
    elif len(places) > 1:
        draw.line(places, fill=one.colour, width=round(one.width * FINE), joint="curve")


def ticks(low: float, high: float, logarithmic: bool) -> list[float]:
    """Three to ten round values within [low, high]."""
    if logarithmic and high / low > 20:
        powers = range(math.ceil(math.log10(low)), math.floor(math.log10(high)) + 1)
        return [10.0**power for power in powers][:: 1 + len(powers) // 9]
    step = 10.0 ** math.floor(math.log10(high - low))
    step *= next(share for share in (0.1, 0.2, 0.5, 1.0, 2.0) if (high - low) / (step * share) <= 9)
    first = math.ceil(low / step)
    return [float(f"{(first + i) * step:.10g}") for i in range(int(high / step - first) + 1)]


def named(value: float) -> str:
    return f"{value:.0e}".replace("e+0", "e").replace("e+", "e") if value >= 1e5 else f"{value:.4g}"


def _room(values: list[float], logarithmic: bool, share: float) -> tuple[float, float]:
    """The lowest and the highest of `values` with a share of room around them."""
    low, high = min(values), max(values)
    if high - low <= 1e-9 * abs(high):  # all the same
        wide = 0.02 * abs(high) or 1.0
        return low - wide, high + wide
    if logarithmic:
        wide = (high / low) ** share
        return low / wide, high * wide
    return low - share * (high - low), high + share * (high - low)


def _share(value: float, low: float, high: float, logarithmic: bool) -> float:
    """Where in [low, high] a value lies, from 0 to 1."""
    if logarithmic:
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)
