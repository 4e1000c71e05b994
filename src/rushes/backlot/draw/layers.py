"""One distance from the camera and the shapes that are painted there: bands of land, puffs, posts, discs, boxes, dots.

What a layer paints has antialiased edges, by coverage, at any size of picture.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from rushes.backlot.draw.ellipses import Ellipses
from rushes.backlot.draw.light import RGB
from rushes.backlot.where import PIVOT

if TYPE_CHECKING:
    from rushes.backlot.draw.easel import Easel

Color = RGB | Tensor  # a tensor broadcasts to (n, 3, h, w)
Shape = Callable[[Tensor], Tensor]  # x (n, 1, w) -> height of something there, broadcastable to (n, 1, w)


@dataclass
class Plane:
    """Painted layers that move together: all of them, or none."""

    moves: bool  # one picture a frame, or one for all frames
    pixels: Tensor  # (n, 3 or 4, H, W): opaque, or colour premultiplied by the fourth channel
    rows: list[int] = field(default_factory=list)  # [first, last) row touched


@dataclass(frozen=True, kw_only=True)
class Layer:
    """One distance from the camera; arrays (n,) over frames, n = 1 where nothing moves."""

    easel: Easel
    near: float  # share of the camera's travel that it shows
    moves: bool
    zoom: np.ndarray  # magnification
    x: np.ndarray  # frame heights at the middle of the frame
    y: np.ndarray  # frame heights by which the view is raised
    idle: bool  # painted already, in an earlier stretch of frames
    grid: dict[str | int, Tensor] = field(default_factory=dict)  # coordinates of all columns and rows, once made

    # -- coordinates -------------------------------------------------------------------------------------------------

    def window(self, x0: float, x1: float, y0: float, y1: float) -> tuple[slice, slice] | None:
        """Rows and columns that a box touches in any frame; None when outside of the picture or painted already."""
        e = self.easel
        if self.idle:
            e.plane(False)
            return None
        left = ((x0 - self.x) * self.zoom / e.half_width * 0.5 + 0.5).min() * e.width - 1
        right = ((x1 - self.x) * self.zoom / e.half_width * 0.5 + 0.5).max() * e.width + 1
        top = (1 - ((y1 - self.y - PIVOT) * self.zoom + PIVOT)).min() * e.height - 1
        bottom = (1 - ((y0 - self.y - PIVOT) * self.zoom + PIVOT)).max() * e.height + 1
        columns = slice(max(0, math.floor(max(left, -9))), min(e.width, math.ceil(min(right, e.width))))
        rows = slice(max(0, math.floor(max(top, -9))), min(e.height, math.ceil(min(bottom, e.height))))
        return (rows, columns) if rows.stop > rows.start and columns.stop > columns.start else None

    def _per_frame(self, values: np.ndarray) -> Tensor | float:
        return float(values[0]) if len(values) == 1 else self.easel.number(values)[:, None, None]

    def xs(self, columns: slice) -> Tensor:
        """(n, 1, w) x of pixels' middles."""
        if "x" not in self.grid:
            e = self.easel
            pixel = torch.arange(e.width, dtype=torch.float32, device=e.device)[None, None] + 0.5
            x = (pixel * (2 / e.width) - 1) * e.half_width
            self.grid["x"] = x / self._per_frame(self.zoom) + self._per_frame(self.x)
        return self.grid["x"][:, :, columns]

    def ys(self, rows: slice, sub: int = 1) -> Tensor:
        """(n, h * sub, 1) y of pixels' middles, or of `sub` places in each."""
        if sub not in self.grid:
            e = self.easel
            pixel = torch.arange(e.height * sub, dtype=torch.float32, device=e.device)[None, :, None]
            y = 1 - (pixel + 0.5) / (e.height * sub)
            self.grid[sub] = (y - PIVOT) / self._per_frame(self.zoom) + (PIVOT + self._per_frame(self.y))
        return self.grid[sub][:, rows.start * sub : rows.stop * sub]

    @property
    def pixel(self) -> Tensor | float:
        """Frame heights that one pixel spans."""
        return self._per_frame(1 / (self.zoom * self.easel.height))

    @property
    def time(self) -> Tensor:
        """(n, 1, 1) seconds; only for layers that move."""
        return self.easel.times[:, None, None]

    # -- painting ----------------------------------------------------------------------------------------------------

    def lay(self, rows: slice, columns: slice, alpha: Tensor | float, color: Color) -> None:
        """Paints `color` with `alpha` (n, h, w) over rows and columns."""
        e = self.easel
        plane = e.plane(self.moves)
        plane.rows = (
            [min(plane.rows[0], rows.start), max(plane.rows[1], rows.stop)] if plane.rows else [rows.start, rows.stop]
        )
        n = e.count if self.moves else len(plane.pixels)
        target = plane.pixels[:n, :, rows, columns]
        color = color if isinstance(color, Tensor) else e.color(color)
        if e.stencil is not None:
            alpha = alpha * e.stencil[:, rows, columns]
        if isinstance(alpha, float):
            if alpha == 1.0:
                target[:, :3] = color
                target[:, 3:] = 1
                return
            alpha = torch.full((1, 1, 1), alpha, device=e.device)
        alpha = alpha.unsqueeze(1)
        target[:, :3].lerp_(color, alpha)
        if target.shape[1] == 4:
            target[:, 3:].lerp_(torch.ones((), device=e.device), alpha)

    def gradient(self, rows: slice, stops: list[tuple[float, RGB]]) -> Tensor:
        """(n, 3, h, 1): colours at heights y, in order from the highest, smoothly between."""
        y = self.ys(rows)[:, None]
        color: Tensor = self.easel.color(stops[0][1]).expand(y.shape[0], 3, y.shape[2], 1)
        for (y0, _), (y1, rgb) in pairwise(stops):
            share = ((y0 - y) / max(y0 - y1, 1e-6)).clamp(0, 1)
            color = torch.lerp(color, self.easel.color(rgb), share * share * (3 - 2 * share))
        return color

    def fill(self, stops: list[tuple[float, RGB]]) -> None:
        """The whole frame in a vertical gradient."""
        e = self.easel
        if self.idle:
            e.plane(False)
            return
        rows = slice(0, e.height)
        self.lay(rows, slice(0, e.width), 1.0, self.gradient(rows, stops))

    def band(
        self,
        shape: Shape,
        reach: tuple[float, float],
        stops: list[tuple[float, RGB]],
        *,
        rim: tuple[RGB, float, float] | None = None,
        shade: Callable[[Tensor, Tensor], Tensor] | None = None,
        floor: float = -9.0,
        opacity: float = 1.0,
    ) -> None:
        """Everything below a height that varies with x.

        reach: lowest and highest value of `shape`. stops: colours by height. rim: (colour, depth, strength) of the
        light along the edge, fading over `depth` below it. shade: factor of the colour by x, y. floor: it ends there.
        """
        box = self.window(-99, 99, floor, reach[1])
        if box is None:
            return
        rows, columns = box
        solid = self.window(-99, 99, floor, reach[0] - (rim[1] if rim else 0))
        if shade is None and opacity == 1 and solid is not None and len(self.zoom) == 1:
            middle = min(rows.stop, solid[0].start + 3)
            self.lay(slice(middle, rows.stop), columns, 1.0, self.gradient(slice(middle, rows.stop), stops))
            rows = slice(rows.start, max(rows.start + 1, middle))
        x, y = self.xs(columns), self.ys(rows)
        depth = shape(x) - y  # (n, h, w)
        alpha = (depth / self.pixel + 0.5).clamp_(0, 1)
        if floor > -9:
            alpha = alpha * ((y - floor) / self.pixel + 0.5).clamp(0, 1)
        color = self.gradient(rows, stops)
        if shade is not None:
            color = color * shade(x, y).unsqueeze(1)
        if rim is not None:
            edge = (1 - depth / rim[1]).clamp_(0, 1)
            color = torch.lerp(color, self.easel.color(rim[0]), (edge * edge * rim[2]).unsqueeze(1))
        self.lay(rows, columns, alpha * opacity if opacity != 1 else alpha, color)

    def puffs(
        self,
        circles: np.ndarray,
        top: RGB,
        bottom: RGB,
        *,
        base: float = -9.0,
        soft: float = 0.0,
        opacity: float = 1.0,
        drift: Tensor | None = None,
    ) -> None:
        """A union of circles (k, 3: x, y, radius): clouds, crowns of trees, bushes. `base`: cut off flat below.

        drift: (n, 1, 1) frame heights by which it has moved to the right.
        """
        cx, cy, r = circles.T
        low, high = max(float((cy - r).min()), base - soft), float((cy + r).max())
        left, right = float((cx - r).min()) - soft, float((cx + r).max()) + soft
        if drift is not None:
            left, right = left + float(drift.min()), right + float(drift.max())
        box = self.window(left, right, low - soft, high + soft)
        if box is None:
            return
        rows, columns = box
        x, y = self.xs(columns), self.ys(rows)
        x = x if drift is None else x - drift
        inside: Tensor | None = None
        for ax, ay, ar in circles.tolist():
            d = ar - ((x - ax) ** 2 + (y - ay) ** 2).sqrt_()
            inside = d if inside is None else torch.maximum(inside, d)
        assert inside is not None
        alpha = (inside / (self.pixel + soft) + 0.5).clamp_(0, 1)
        if base > -9:
            alpha = alpha * ((y - base) / (self.pixel + soft * 1.5) + 0.5).clamp(0, 1)
        if soft:
            alpha = alpha * alpha * (3 - 2 * alpha)
        self.lay(
            rows, columns, alpha * opacity if opacity != 1 else alpha, self.gradient(rows, [(high, top), (low, bottom)])
        )

    def lathe(
        self,
        x: float,
        y0: float,
        y1: float,
        half: Callable[[Tensor], Tensor],
        reach: float,
        top: RGB,
        bottom: RGB,
        *,
        lean: Callable[[Tensor], Tensor] | None = None,
        side: float = 0.0,
        opacity: float = 1.0,
    ) -> None:
        """A shape of half-width `half(v)` at the share v of its height from y0 to y1: firs, trunks, posts, towers.

        reach: the largest half-width, lean included; lean(v): how far its middle is displaced. side: how much darker
        the right side is than the left.
        """
        box = self.window(x - reach, x + reach, y0, y1)
        if box is None:
            return
        rows, columns = box
        sub = 2
        y = self.ys(rows, sub)
        v = (y - y0) / (y1 - y0)
        dx = self.xs(columns) - x
        dx = dx if lean is None else dx - lean(v)
        alpha = ((half(v.clamp(0, 1)) - dx.abs()) / self.pixel + 0.5).clamp_(0, 1)
        alpha = alpha * (((v >= 0) & (v <= 1)).float())
        alpha = (alpha[:, 0::2] + alpha[:, 1::2]) * (0.5 * opacity)
        color = self.gradient(rows, [(y1, top), (y0, bottom)])
        if side:
            dx = dx if dx.shape[1] == 1 else dx[:, ::2]
            color = color * (1 - side * (dx / reach).clamp(-1, 1)).unsqueeze(1)
        self.lay(rows, columns, alpha, color)

    def halo(self, x: float, y: float, radius: float, color: RGB, strength: float, *, core: float = 0.0) -> None:
        """Light around a point that fades out at `radius`; inside `core` it is at full strength."""
        box = self.window(x - radius, x + radius, y - radius, y + radius)
        if box is None:
            return
        rows, columns = box
        d = ((self.xs(columns) - x) ** 2 + (self.ys(rows) - y) ** 2).sqrt_()
        fade = ((radius - d) / (radius - core)).clamp_(0, 1)
        self.lay(rows, columns, fade * fade * strength, color)

    def disc(self, x: float, y: float, radius: float, color: RGB, *, squash: float = 1.0, opacity: float = 1.0) -> None:
        """A disc, `squash` times as high as wide."""
        box = self.window(x - radius, x + radius, y - radius * squash, y + radius * squash)
        if box is None:
            return
        rows, columns = box
        d = ((self.xs(columns) - x) ** 2 + ((self.ys(rows) - y) / squash) ** 2).sqrt_()
        alpha = ((radius - d) * min(squash, 1.0) / self.pixel + 0.5).clamp_(0, 1)
        self.lay(rows, columns, alpha * opacity if opacity != 1 else alpha, color)

    def stroke(
        self,
        points: np.ndarray | list[tuple[float, float]],
        start: float,
        end: float,
        color: RGB,
        *,
        opacity: float | Tensor = 1.0,
        glow: float = 0.0,
        sway: Tensor | None = None,
    ) -> None:
        """A rounded line through points (k, 2) whose half-width goes from `start` to `end`: fronds, weeds, lightning.

        glow: frame heights over which its edge fades. sway: (n, 1, 1) frame heights that its end is bent to the right.
        opacity: a number, or (n, 1, 1).
        """
        path = np.asarray(points, dtype=np.float64)
        widest = max(start, end) + glow
        slack = float(sway.abs().max()) if sway is not None else 0.0
        low, high = path.min(0) - widest, path.max(0) + widest
        box = self.window(low[0] - slack, high[0] + slack, low[1], high[1])
        if box is None:
            return
        rows, columns = box
        x, y = self.xs(columns), self.ys(rows)
        if sway is not None:
            up = ((y - float(path[0, 1])) / float(path[-1, 1] - path[0, 1])).clamp(0, 1)
            x = x - sway * up * up
        nearest: Tensor | None = None
        last = len(path) - 1
        for i, ((ax, ay), (bx, by)) in enumerate(pairwise(path.tolist())):
            dx, dy = bx - ax, by - ay
            along = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy + 1e-9)).clamp_(0, 1)
            d = ((x - ax - dx * along) ** 2 + (y - ay - dy * along) ** 2).sqrt_()
            d = d - (start + (end - start) * (along + i) / last)
            nearest = d if nearest is None else torch.minimum(nearest, d)
        assert nearest is not None
        alpha = (0.5 - nearest / (self.pixel + glow)).clamp_(0, 1)
        self.lay(rows, columns, alpha * opacity, color)

    def box_mask(self, x0: float, x1: float, y0: float, y1: float) -> Tensor:
        """(n, H, W): coverage of a box."""
        e = self.easel
        left, right, low, high = (torch.full((1, 1, 1), v, device=e.device) for v in (x0, x1, y0, y1))
        across = _cover(self.xs(slice(0, e.width)), left, right, self.pixel)
        return _cover(self.ys(slice(0, e.height)).transpose(1, 2), low, high, self.pixel).transpose(1, 2) * across

    def boxes(self, boxes: np.ndarray, color: Color, strength: np.ndarray | None = None) -> None:
        """Boxes that do not overlap, (k, 4: x0, x1, y0, y1): coverage of rows times coverage of columns."""
        edge = (self.easel.half_width / self.zoom).max() + 0.1
        seen = (boxes[:, 1] > self.x.min() - edge) & (boxes[:, 0] < self.x.max() + edge)
        boxes = boxes[seen]
        strength = None if strength is None else strength[seen]
        if len(boxes) == 0:
            return
        box = self.window(
            *(float(v) for v in (boxes[:, 0].min(), boxes[:, 1].max(), boxes[:, 2].min(), boxes[:, 3].max()))
        )
        if box is None:
            return
        rows, columns = box
        x0, x1, y0, y1 = self.easel.number(boxes.T)[:, None, :, None]  # each (1, k, 1)
        across = _cover(self.xs(columns), x0, x1, self.pixel)  # (n, k, w)
        up = _cover(self.ys(rows).transpose(1, 2), y0, y1, self.pixel)  # (n, k, h)
        if strength is not None:
            up = up * self.easel.number(strength)[None, :, None]
        self.lay(rows, columns, (up.transpose(1, 2) @ across).clamp_(0, 1), color)

    def dots(
        self,
        x: Tensor,
        y: Tensor,
        radius: Tensor,
        color: Color,
        *,
        opacity: Tensor | None = None,
        tall: float = 1.0,
        slant: float = 0.0,
        angle: Tensor | None = None,
        soft: float = 0.0,
    ) -> None:
        """Small ellipses at x, y with half-width `radius`, each (n or 1, k) frame heights: stars, flowers, flakes.

        tall: height over width; slant: columns a row by which they lean; angle: (n, k) radians of turn;
        soft: share of the radius that is blurred.
        """
        if self.idle:
            self.easel.plane(False)
            return
        mask = self._coverage(x, y, radius, opacity=opacity, tall=tall, slant=slant, angle=angle, soft=soft)
        reach = float(radius.max()) * max(1.0, tall) * (1 + soft)
        box = self.window(-99, 99, float(y.min()) - reach, float(y.max()) + reach)
        if box is not None:
            self.lay(*box, mask[:, box[0]], color)

    def _coverage(
        self,
        x: Tensor,
        y: Tensor,
        radius: Tensor,
        *,
        opacity: Tensor | None,
        tall: float,
        slant: float,
        angle: Tensor | None,
        soft: float,
    ) -> Tensor:
        """(n, H, W): of the ellipses that `dots` paints."""
        e = self.easel
        zoom, cx, cy = (
            v if isinstance(v, float) else v[:, :, 0] for v in map(self._per_frame, (self.zoom, self.x, self.y))
        )
        column = ((x - cx) * zoom / e.half_width * 0.5 + 0.5) * e.width - 0.5  # (n, k)
        row = (1 - ((y - cy - PIVOT) * zoom + PIVOT)) * e.height - 0.5
        column, row, r = torch.broadcast_tensors(column, row, radius * zoom * e.height)
        largest = float(radius.max()) * float(self.zoom.max()) * e.height
        ellipses = Ellipses(column=column, row=row, radius=r, largest=largest, tall=tall, slant=slant, angle=angle)
        return ellipses.coverage(e.height, e.width, opacity=opacity, soft=soft)


def _cover(at: Tensor, low: Tensor, high: Tensor, pixel: Tensor | float) -> Tensor:
    """Share of a pixel at `at` (n, 1, w) that lies in [low, high] (1, k, 1): (n, k, w)."""
    return (torch.minimum(high, at + 0.5 * pixel) - torch.maximum(low, at - 0.5 * pixel)).clamp_(min=0) / pixel
