"""Very many small ellipses at once, as the share that they cover of every pixel: stars, flowers, drops, flakes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, kw_only=True)
class Ellipses:
    """k ellipses on each of n pictures; tensors are (n, k), in pixels."""

    column: Tensor  # of the middles, 0 at the middle of the first
    row: Tensor
    radius: Tensor  # half of the width
    largest: float  # radius of all of them
    tall: float = 1.0  # height over width
    slant: float = 0.0  # columns a row by which they lean
    angle: Tensor | None = None  # radians of turn

    def coverage(self, height: int, width: int, *, opacity: Tensor | None = None, soft: float = 0.0) -> Tensor:
        """(n, height, width), 0 to 1. opacity: (n, k). soft: share of the radius that is blurred."""
        n = len(self.column)
        down, across = self._reach(soft, self.row.device)
        column0, row0 = self.column.round(), self.row.round()
        u = (across - (self.column - column0)[..., None])[..., None, :]  # (n, k, 1, w) from the middle
        v = (down - (self.row - row0)[..., None])[..., :, None]  # (n, k, h, 1)
        alpha = self._alpha(u, v, soft)  # (n, k, h, w)
        area = (2 * self.radius).clamp(max=1.0) * (2 * self.radius * self.tall).clamp(max=1.0)
        # What is smaller than a pixel pales instead.
        alpha = alpha * (area if opacity is None else area * opacity)[..., None, None]
        rows, columns = row0[..., None].long() + down, column0[..., None].long() + across
        seen = ((rows >= 0) & (rows < height))[..., :, None] & ((columns >= 0) & (columns < width))[..., None, :]
        index = rows.clamp(0, height - 1)[..., :, None] * width + columns.clamp(0, width - 1)[..., None, :]
        mask = torch.zeros(n, height * width, device=alpha.device)
        mask.scatter_add_(1, index.reshape(n, -1), (alpha * seen).reshape(n, -1))
        return mask.clamp_(0, 1).view(n, height, width)

    def _reach(self, soft: float, device: torch.device) -> tuple[Tensor, Tensor]:
        """(h,) rows and (w,) columns from a middle that the largest ellipse may touch."""
        turned = max(1.0, self.tall)
        high = self.tall if self.angle is None else turned
        wide = 1 + abs(self.slant) * self.tall if self.angle is None else turned
        rows, columns = (math.ceil(self.largest * each * (1 + soft / 2) + 0.5) for each in (high, wide))
        return torch.arange(-rows, rows + 1, device=device), torch.arange(-columns, columns + 1, device=device)

    def _alpha(self, u: Tensor, v: Tensor, soft: float) -> Tensor:
        """(n, k, h, w), antialiased, at u columns to the right of the middle and v rows below it."""
        u = u + self.slant * v if self.slant else u
        if self.angle is not None:
            cos, sin = torch.cos(self.angle)[..., None, None], torch.sin(self.angle)[..., None, None]
            u, v = u * cos - v * sin, u * sin + v * cos
        d = (u * u + (v / self.tall) ** 2).sqrt_()
        r = self.radius[..., None, None]
        return ((r.clamp(min=0.5) - d) / (1 + soft * r) + 0.5).clamp_(0, 1)
