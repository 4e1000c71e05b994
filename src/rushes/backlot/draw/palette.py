"""The colours of the backlot: what each colour word looks like, and what goes with it."""

from __future__ import annotations

import torch
from torch import Tensor

from rushes.backlot.draw.brush import Palette

RGB: dict[str, tuple[float, float, float]] = {
    "red": (0.88, 0.20, 0.18),
    "orange": (0.97, 0.52, 0.13),
    "yellow": (0.98, 0.82, 0.20),
    "green": (0.25, 0.66, 0.32),
    "blue": (0.20, 0.46, 0.88),
    "purple": (0.55, 0.32, 0.78),
    "pink": (0.96, 0.52, 0.70),
    "brown": (0.55, 0.34, 0.20),
    "white": (0.95, 0.94, 0.91),
    "black": (0.20, 0.19, 0.24),
}
GOES_WITH = {
    "red": "yellow",
    "orange": "blue",
    "yellow": "red",
    "green": "yellow",
    "blue": "orange",
    "purple": "yellow",
    "pink": "purple",
    "brown": "orange",
    "white": "red",
    "black": "red",
}


def palette(colors: list[str], *, dtype: torch.dtype | None = None, device: torch.device | None = None) -> Palette:
    """The palettes of N actors from their colour names; every field (N, 3)."""

    def rows(values: list[tuple[float, float, float]]) -> Tensor:
        return torch.tensor(values, dtype=dtype, device=device)

    main = rows([RGB[name] for name in colors])
    luma = main.mean(-1, keepdim=True)
    light = torch.where(luma > 0.85, torch.full_like(main, 1.0), main + (1 - main) * 0.55)
    return Palette(main=main, light=light, dark=main * 0.68, accent=rows([RGB[GOES_WITH[name]] for name in colors]))


def pattern_color(colors: list[str], *, dtype: torch.dtype | None = None, device: torch.device | None = None) -> Tensor:
    """(N, 3): stripes and spots: dark on light coats, light on dark ones."""
    main = palette(colors, dtype=dtype, device=device).main
    dark = main.mean(-1, keepdim=True) > 0.55
    return torch.where(dark, main * 0.45, main + (1 - main) * 0.75)
