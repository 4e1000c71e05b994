"""Rotary position embedding over seconds, rows and columns (arXiv:2104.09864, split over three axes as in Wan)."""

from __future__ import annotations

import torch
from torch import Tensor

THETA = 100.0  # ratio of the fastest to the slowest turn; our grids have tens of places, not thousands
SECOND = 2.0  # radians that one second turns the fastest pair: neighbouring latents at 8 frames/s turn it by one
PATCH = 1.0  # radians that one patch turns the fastest pair


def coordinates(frames: int, rows: int, columns: int, seconds: float, device: torch.device) -> Tensor:
    """Places (frames * rows * columns, 3) of tokens: seconds, row, column; `seconds` between latent frames."""
    t = torch.arange(frames, device=device) * seconds
    y, x = torch.arange(rows, device=device).float(), torch.arange(columns, device=device).float()
    return torch.stack(torch.meshgrid(t, y, x, indexing="ij"), -1).flatten(0, 2)


def rotations(places: Tensor, head: int) -> tuple[Tensor, Tensor]:
    """Cosines and signed sines (L, head) of `places` (L, 3) for heads of `head` channels, as `rotate` takes them."""
    space = 2 * (head // 6)  # channels of rows, and of columns; time takes the rest
    angles = []
    for axis, (channels, unit) in enumerate(((head - 2 * space, SECOND), (space, PATCH), (space, PATCH))):
        pairs = torch.arange(channels // 2, device=places.device)
        angles.append(places[:, axis, None] * unit * THETA ** (-2 * pairs / channels))
    angle = torch.cat(angles, -1)  # (L, head / 2)
    return angle.cos().repeat(1, 2), torch.cat([-angle.sin(), angle.sin()], -1)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn pairs of channels (i, i + head / 2) of x (B, heads, L, head) by their angles; three passes over memory."""
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    return torch.addcmul(x * cos, x.roll(x.shape[-1] // 2, -1), sin)
