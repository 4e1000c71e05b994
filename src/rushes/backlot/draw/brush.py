"""Paints signed-distance shapes onto N small canvases at once, back to front, on CPU or GPU.

A rig (see `rigs_*.py`) draws one kind of actor with a Brush in *actor units*: the standing point is (0, 0), y is up,
the actor is 1 high and looks to the right. The same calls draw one frame at 1280x720 or thousands at 64x64; edges are
antialiased by the distance to them, measured in pixels. Any number may be a float or a tensor of shape (N,), one value
per canvas, which is how joints move. Distance formulas follow Inigo Quilez's published 2D list.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor

Number = float | Tensor  # a float, or (N,): one value per canvas
Point = tuple[Number, Number]
Color = tuple[float, float, float] | Tensor  # sRGB in [0, 1]; a tensor is (N, 3)


@dataclass(frozen=True, kw_only=True)
class Palette:
    """The colours of one actor on each of N canvases, each (N, 3) in [0, 1]; rigs name them by role."""

    main: Tensor
    light: Tensor  # main, lighter: bellies, highlights
    dark: Tensor  # main, darker: far legs, folds
    accent: Tensor  # a colour that goes with main: scarves, wheels' hubs, petals' hearts


@dataclass(frozen=True, kw_only=True)
class Pose:
    """How the actor holds itself on each canvas; every field (N,)."""

    stride: Tensor  # phase of the gait, radians
    gait: Tensor  # 0 standing, 1 walking, 1.6 running
    flap: Tensor  # 0 wings folded, 1 flying
    wave: Tensor  # 0 arm down, 1 waving
    time: Tensor  # seconds, for breathing, blinking, flags and flames
    glow: Tensor  # 0 by day, 1 at night: lamps and windows

    def swing(self, amount: float, phase: float = 0.0) -> Tensor:
        """Angle in radians of a limb that swings with the gait: 0 when standing."""
        return amount * self.gait * torch.sin(self.stride + phase)

    def sway(self, amount: float, rate: float = 0.5, phase: float = 0.0) -> Tensor:
        """A slow motion that never stops (tails, flags, breath): amount x sin, `rate` in cycles per second."""
        return amount * torch.sin(2 * math.pi * rate * self.time + phase)

    def wings(self, amount: float, rate: float = 3.0) -> Tensor:
        """Angle of a beating wing: 0 when folded."""
        return amount * self.flap * torch.sin(2 * math.pi * rate * self.time)

    def blink(self) -> Tensor:
        """How open the eyes are, (N,) in [0.1, 1]: shut for a moment every 2.7 s."""
        return 1 - 0.9 * ((self.time + 1.1) % 2.7 < 0.12).float()


@dataclass(frozen=True)
class Mask:
    """A painted shape, to paint inside of: `alpha` (N, 1, h, w) lies at rows and columns of the canvas."""

    alpha: Tensor
    rows: slice
    columns: slice


@dataclass(frozen=True)
class Canvas:
    """N canvases of h x w pixels: straight colour premultiplied by alpha."""

    color: Tensor  # (N, 3, h, w), premultiplied
    alpha: Tensor  # (N, 1, h, w)


@dataclass(frozen=True)
class Pattern:
    name: str  # one of scene.PATTERNS
    color: Tensor  # (N, 3)


def _cell(value: Number) -> Number:
    """(N,) -> (N, 1, 1), so that it meets (N, h, w)."""
    return value[:, None, None] if isinstance(value, Tensor) else value


def rotation(angle: Number, like: Tensor) -> tuple[Tensor, Tensor]:
    angle = angle if isinstance(angle, Tensor) else torch.full_like(like, float(angle))
    return torch.cos(angle), torch.sin(angle)


class Brush:
    """Draws in the coordinates of one joint; `joint` gives a brush for the next limb on the same canvases.

    `matrix` (N, 2, 2) and `offset` (N, 2) take a pixel (column + 0.5, row + 0.5) to local coordinates.
    """

    def __init__(
        self,
        canvas: Canvas,
        matrix: Tensor,
        offset: Tensor,
        palette: Palette,
        pattern: Pattern | None = None,
        accessory: str = "none",
        shading: float = 1.0,
    ):
        self.canvas, self.matrix, self.offset = canvas, matrix, offset
        self.palette, self.pattern, self.accessory, self.shading = palette, pattern, accessory, shading
        self._inverse = torch.linalg.inv(matrix)
        self._pixel = torch.linalg.det(matrix).abs().sqrt()[:, None, None]  # (N, 1, 1) local units per pixel

    # -- joints ------------------------------------------------------------------------------------------------------

    def joint(self, at: Point = (0.0, 0.0), angle: Number = 0.0, scale: Number = 1.0, stretch: Number = 1.0) -> Brush:
        """A brush whose origin is `at`, turned counter-clockwise by `angle` radians, magnified by `scale`, and
        `stretch` times as high as wide."""
        n = self.offset
        cos, sin = rotation(angle, n[:, 0])
        scale = torch.as_tensor(scale, dtype=n.dtype, device=n.device).expand(len(n))
        stretch = torch.as_tensor(stretch, dtype=n.dtype, device=n.device).expand(len(n))
        turn = torch.stack([torch.stack([cos, sin], -1), torch.stack([-sin, cos], -1) / stretch[:, None]], -2)
        turn = turn / scale[:, None, None]
        at_x, at_y = (v if isinstance(v, Tensor) else torch.full_like(n[:, 0], float(v)) for v in at)
        moved = n - torch.stack([at_x, at_y], -1)
        return Brush(
            self.canvas,
            turn @ self.matrix,
            (turn @ moved[:, :, None])[:, :, 0],
            self.palette,
            self.pattern,
            self.accessory,
            self.shading,
        )

    def wear(self, where: str, joint: Brush, at: Point, size: float, angle: Number = 0.0) -> None:
        """A rig calls this where an accessory would sit, at the moment of drawing when it would be on top.

        where: "head" (hat, crown, bow), "eyes" (glasses) or "neck" (scarf); `at` in the joint's coordinates; `size` the
        half-width of what wears it.
        """
        from rushes.backlot.draw.accessories import WORN  # the drawings use Brush themselves

        worn = WORN.get((where, self.accessory))
        if worn is not None:
            worn(joint.joint(at, angle, size))

    # -- shapes ------------------------------------------------------------------------------------------------------

    def ellipse(
        self, at: Point, radii: tuple[Number, Number], fill: str | Color = "main", *, angle: Number = 0.0, **how
    ) -> Mask:
        """An ellipse around `at`; `how` as for `paint`."""
        if not (isinstance(angle, float | int) and angle == 0):
            return self.joint(at, angle).ellipse((0.0, 0.0), radii, fill, **how)
        rx, ry = _cell(radii[0]), _cell(radii[1])

        def distance(x: Tensor, y: Tensor) -> Tensor:
            x, y = x - _cell(at[0]), y - _cell(at[1])
            k0 = torch.sqrt((x / rx) ** 2 + (y / ry) ** 2 + 1e-12)
            k1 = torch.sqrt((x / rx**2) ** 2 + (y / ry**2) ** 2 + 1e-12)
            return k0 * (k0 - 1) / k1

        return self.paint(distance, at, radii, fill, **how)

    def circle(self, at: Point, radius: Number, fill: str | Color = "main", **how) -> Mask:
        return self.ellipse(at, (radius, radius), fill, **how)

    def box(
        self,
        at: Point,
        half: tuple[Number, Number],
        fill: str | Color = "main",
        *,
        round: Number = 0.02,
        angle: Number = 0.0,
        **how,
    ) -> Mask:
        """A box of half-width and half-height `half` with corners rounded by `round`."""
        if not (isinstance(angle, float | int) and angle == 0):
            return self.joint(at, angle).box((0.0, 0.0), half, fill, round=round, **how)
        hx, hy, r = _cell(half[0]), _cell(half[1]), _cell(round)

        def distance(x: Tensor, y: Tensor) -> Tensor:
            qx = (x - _cell(at[0])).abs() - hx + r
            qy = (y - _cell(at[1])).abs() - hy + r
            outside = torch.sqrt(qx.clamp(min=0) ** 2 + qy.clamp(min=0) ** 2 + 1e-12)
            return outside + torch.maximum(qx, qy).clamp(max=0) - r

        return self.paint(distance, at, half, fill, **how)

    def limb(
        self,
        start: Point,
        end: Point,
        width: Number,
        end_width: Number | None = None,
        fill: str | Color = "main",
        **how,
    ) -> Mask:
        """A capsule from `start` to `end`, of half-width `width` tapering to `end_width`: legs, arms, necks, trunks."""
        return self.curve([start, end], width, end_width, fill, **how)

    def curve(
        self, points: list[Point], width: Number, end_width: Number | None = None, fill: str | Color = "main", **how
    ) -> Mask:
        """A rounded line through `points`, of half-width `width` tapering to `end_width`: tails, smiles, ropes."""
        end_width = width if end_width is None else end_width
        last = len(points) - 1

        def distance(x: Tensor, y: Tensor) -> Tensor:
            nearest: Tensor | None = None
            for i, (a, b) in enumerate(pairwise(points)):
                ax, ay, bx, by = (_cell(v) for v in (*a, *b))
                px, py, dx, dy = x - ax, y - ay, bx - ax, by - ay
                along = ((px * dx + py * dy) / (dx * dx + dy * dy + 1e-9)).clamp(0, 1)
                radius = _cell(width) + (_cell(end_width) - _cell(width)) * (along + i) / last
                d = torch.sqrt((px - dx * along) ** 2 + (py - dy * along) ** 2 + 1e-12) - radius
                nearest = d if nearest is None else torch.minimum(nearest, d)
            assert nearest is not None
            return nearest

        low, high = self._hull(points)
        reach = torch.maximum(self._full(width), self._full(end_width))
        center = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
        return self.paint(
            distance, center, ((high[0] - low[0]) / 2 + reach, (high[1] - low[1]) / 2 + reach), fill, **how
        )

    def polygon(self, points: list[Point], fill: str | Color = "main", *, round: Number = 0.0, **how) -> Mask:
        """A filled polygon, convex or not, grown outwards by `round`."""
        count = len(points)

        def distance(x: Tensor, y: Tensor) -> Tensor:
            squared: Tensor | None = None
            inside = torch.zeros_like(x + y, dtype=torch.bool)
            for i in range(count):
                ax, ay = (_cell(v) for v in points[i])
                bx, by = (_cell(v) for v in points[(i + 1) % count])
                px, py, ex, ey = x - ax, y - ay, bx - ax, by - ay
                along = ((px * ex + py * ey) / (ex * ex + ey * ey + 1e-9)).clamp(0, 1)
                d = (px - ex * along) ** 2 + (py - ey * along) ** 2
                squared = d if squared is None else torch.minimum(squared, d)
                above, below = y >= ay, y < by
                left = ex * py > ey * px
                inside = inside ^ ((above & below & left) | (~above & ~below & ~left))
            assert squared is not None
            d = torch.sqrt(squared + 1e-12)
            return torch.where(inside, -d, d) - _cell(round)

        low, high = self._hull(points)
        r = self._full(round)
        center = ((low[0] + high[0]) / 2, (low[1] + high[1]) / 2)
        return self.paint(distance, center, ((high[0] - low[0]) / 2 + r, (high[1] - low[1]) / 2 + r), fill, **how)

    # -- painting ----------------------------------------------------------------------------------------------------

    def paint(
        self,
        distance,
        center: Point,
        half: tuple[Number, Number],
        fill: str | Color,
        *,
        shade: float = 0.16,
        rim: float = 0.16,
        opacity: Number = 1.0,
        soft: float = 0.0,
        inside: Mask | None = None,
        patterned: bool | None = None,
    ) -> Mask:
        """Paints a shape given by its signed distance over what is there.

        distance: function of local x, y (N, h, w) to signed distance, negative inside. center, half: a box around it.
        shade: how much lighter the top is than the bottom; rim: darkening towards the edge. soft: blur of the edge in
        local units (glows). inside: paint only where this mask is. patterned: draw the actor's pattern (by default on
        fill "main").
        """
        rows, columns = self._window(center, half, soft)
        if rows.stop <= rows.start or columns.stop <= columns.start:
            return Mask(self.canvas.alpha[:, :, :0, :0], slice(0, 0), slice(0, 0))
        x, y = self._local(rows, columns)  # (N, h, w)
        d = distance(x, y)
        softness = self._pixel + soft * 2
        alpha = (0.5 - d / softness).clamp(0, 1)
        if soft:
            alpha = alpha * alpha * (3 - 2 * alpha)
        alpha = (alpha * _cell(opacity)).unsqueeze(1)  # (N, 1, h, w)
        if inside is not None:
            alpha = alpha * self._clip(inside, rows, columns)
        rgb = self._color(fill)[:, :, None, None]  # (N, 3, 1, 1)
        if (fill == "main") if patterned is None else patterned:
            rgb = self._patterned(rgb, x, y)
        if self.shading and (shade or rim):
            v = ((y - _cell(center[1])) / (_cell(half[1]) + 1e-6)).clamp(-1, 1)
            edge = (1 + d / (0.22 * torch.minimum(self._full(half[0]), self._full(half[1]))[:, None, None])).clamp(0, 1)
            light = 1 + self.shading * (shade * v - rim * edge * edge * (0.75 - 0.25 * v))
            rgb = (rgb * light.unsqueeze(1)).clamp(0, 1)
        color, covered = self.canvas.color[:, :, rows, columns], self.canvas.alpha[:, :, rows, columns]
        color.mul_(1 - alpha).add_(rgb * alpha)
        covered.mul_(1 - alpha).add_(alpha)
        return Mask(alpha, rows, columns)

    def _color(self, fill: str | Color) -> Tensor:
        if isinstance(fill, str):
            named = {"ink": (0.13, 0.11, 0.16), "white": (0.98, 0.97, 0.94)}
            fill = named[fill] if fill in named else getattr(self.palette, fill)
        if isinstance(fill, Tensor):
            return fill
        return torch.tensor(fill, dtype=self.offset.dtype, device=self.offset.device).expand(len(self.offset), 3)

    def _patterned(self, rgb: Tensor, x: Tensor, y: Tensor) -> Tensor:
        if self.pattern is None or self.pattern.name == "plain":
            return rgb
        scale, pixel = 17.0, self._pixel
        if self.pattern.name == "striped":
            ink = torch.sin((x * 0.9 + y * 0.45) * scale * 1.5) / (scale * 1.5)
        elif self.pattern.name == "spotted":
            cell_y = torch.floor(y * scale / 2.2)
            u = torch.remainder(x * scale / 2.2 + 0.5 * cell_y, 1) - 0.5
            w = torch.remainder(y * scale / 2.2, 1) - 0.5
            ink = (0.27 - torch.sqrt(u * u + w * w + 1e-9)) * 2.2 / scale
        else:  # checked
            ink = torch.sin(x * scale * 1.3) * torch.sin(y * scale * 1.3) / (scale * 1.3)
        share = (0.5 + ink / pixel).clamp(0, 1).unsqueeze(1)
        return rgb + (self.pattern.color[:, :, None, None] - rgb) * share * 0.85

    # -- geometry of the window --------------------------------------------------------------------------------------

    def _full(self, value: Number) -> Tensor:
        return value if isinstance(value, Tensor) else torch.full_like(self.offset[:, 0], float(value))

    def _hull(self, points: list[Point]) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
        xs = torch.stack([self._full(p[0]) for p in points])
        ys = torch.stack([self._full(p[1]) for p in points])
        return (xs.amin(0), ys.amin(0)), (xs.amax(0), ys.amax(0))

    def _window(self, center: Point, half: tuple[Number, Number], soft: float) -> tuple[slice, slice]:
        """The rows and columns of the canvas that a box in local coordinates touches on any of the N."""
        cx, cy = self._full(center[0]), self._full(center[1])
        hx, hy = self._full(half[0]) + soft, self._full(half[1]) + soft
        middle = torch.stack([cx, cy], -1) - self.offset
        middle = (self._inverse @ middle[:, :, None])[:, :, 0]  # (N, 2) pixels
        reach = (self._inverse.abs() @ torch.stack([hx, hy], -1)[:, :, None])[:, :, 0] + 1.5
        low = (middle - reach).amin(0).floor().tolist()
        high = (middle + reach).amax(0).ceil().tolist()
        height, width = self.canvas.alpha.shape[-2:]
        columns = slice(max(0, int(low[0])), min(width, int(high[0])))
        return slice(max(0, int(low[1])), min(height, int(high[1]))), columns

    def _local(self, rows: slice, columns: slice) -> tuple[Tensor, Tensor]:
        like = self.offset
        px = torch.arange(columns.start, columns.stop, dtype=like.dtype, device=like.device)[None, None, :] + 0.5
        py = torch.arange(rows.start, rows.stop, dtype=like.dtype, device=like.device)[None, :, None] + 0.5
        m, o = self.matrix[:, :, :, None, None], self.offset[:, :, None, None]
        return m[:, 0, 0] * px + m[:, 0, 1] * py + o[:, 0], m[:, 1, 0] * px + m[:, 1, 1] * py + o[:, 1]

    def _clip(self, mask: Mask, rows: slice, columns: slice) -> Tensor:
        whole = torch.zeros_like(self.canvas.alpha)
        whole[:, :, mask.rows, mask.columns] = mask.alpha
        return whole[:, :, rows, columns]
