"""Looks for the cast in single frames: where each actor is, how large, and what it looks like there.

Each of `places` looks at the frame through its own map of attention over cells of 8 x 8 pixels. Where the attention
lies is the actor's position; what it covers says the actor's kind and colour, whatever else is in the picture. Places
go from left to right: who is the first of the caption cannot be seen, who is the leftmost can.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Located:
    """What a localiser finds in N frames; with a clip's frames, N is (B, T)."""

    attention: Tensor  # (N, places, cells) logits: where each is
    box: Tensor  # (N, places, 3): x and y of its middle, as shares of the width and height, and its height in frames
    present: Tensor  # (N, places) logits: whether one is there at all
    kind: Tensor  # (N, places, kinds) logits
    color: Tensor  # (N, places, colors) logits
    features: Tensor  # (N, places, width) of what is there

    def unflatten(self, batch: int) -> Located:
        """(B * T, …) to (B, T, …)."""
        return Located(*(v.unflatten(0, (batch, -1)) for v in vars(self).values()))


class Localiser(nn.Module):
    def __init__(self, fine: int, coarse: int, width: int, places: int, kinds: int, colors: int):
        """`fine` and `coarse`: channels of the maps at 1/8 and 1/16 of the size."""
        super().__init__()
        self.places = places
        self.fine = nn.Conv2d(fine, width, 1)
        self.coarse = nn.Conv2d(coarse, width, 1)
        self.mix = nn.Conv2d(width, width, 3, padding=1)
        self.look = nn.Conv2d(width, 4 * places, 1)  # attention; x and y from a cell's middle, in cells; height
        self.present = nn.Linear(width, 1)
        self.kind = nn.Linear(width, kinds)
        self.color = nn.Linear(width, colors)

    def forward(self, fine: Tensor, coarse: Tensor) -> Located:
        """Maps (N, C, h, w) and (N, C', h / 2, w / 2) of N frames."""
        x = self.fine(fine) + F.interpolate(self.coarse(coarse), size=fine.shape[-2:], mode="nearest")
        x = F.gelu(x)
        x = x + F.gelu(self.mix(x))  # (N, width, h, w)
        rows, columns = x.shape[-2:]
        look = self.look(x).float().flatten(2).unflatten(1, (4, self.places))  # (N, 4, places, h * w)
        attention, (dx, dy, height) = look[:, 0], look[:, 1:].unbind(1)
        weight = attention.softmax(-1)
        down, along = (torch.arange(n, device=x.device) + 0.5 for n in (rows, columns))
        middle_y, middle_x = torch.meshgrid(down, along, indexing="ij")
        found = [(middle_x.flatten() + dx) / columns, (middle_y.flatten() + dy) / rows, height.exp() * 0.4]
        box = torch.stack([(weight * each).sum(-1) for each in found], -1)
        features = torch.einsum("npl,ncl->npc", weight, x.float().flatten(2))
        return Located(
            attention=attention,
            box=box,
            present=self.present(features)[..., 0].float(),
            kind=self.kind(features).float(),
            color=self.color(features).float(),
            features=features,
        )


def attention_target(box: Tensor, rows: int, columns: int) -> Tensor:
    """(…, 3) true boxes to (…, rows * columns): each position shared among the four nearest cells; outside ones go to
    the cell at the edge."""

    def share(position: Tensor, count: int) -> Tensor:
        at = (position * count - 0.5).clamp(0, count - 1)
        return (1 - (at[..., None] - torch.arange(count, device=box.device)).abs()).clamp(min=0)

    return (share(box[..., 1], rows)[..., :, None] * share(box[..., 0], columns)[..., None, :]).flatten(-2)
