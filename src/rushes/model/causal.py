"""Looking back in time: the one operation that does, and what it keeps between the pieces of a clip."""

from __future__ import annotations

import torch
import torch.nn as nn
from torch import Tensor


class Past:
    """What a clip that comes in pieces has been: its last two maps at each place where time is mixed.

    It holds as much after an hour as after a second. A new one stands for a clip that has not begun.
    """

    def __init__(self) -> None:
        self.begun = False  # whether the first latent frame, which holds one frame alone, has gone by
        self.kept: dict[nn.Module, Tensor] = {}  # layer -> (B, 2, C, H, W)

    def before(self, layer: nn.Module, clip: Tensor) -> Tensor:
        """The two maps (B, 2, C, H, W) before `clip` (B, T, C, H, W); its own first one stands for what never was."""
        earlier = self.kept.get(layer)
        if earlier is None:
            earlier = clip[:, :1].expand(-1, 2, -1, -1, -1)
        # Copied: a view would keep the whole piece alive.
        self.kept[layer] = torch.cat([earlier, clip[:, -2:]], 1)[:, -2:].clone()
        return earlier


class CausalMix(nn.Module):
    """A convolution over time of three taps, this frame and two before; the first stands for what was earlier."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.taps = nn.Conv2d(3 * width, width, 1)

    def forward(self, x: Tensor, frames: int, past: Past) -> Tensor:
        clip = x.unflatten(0, (-1, frames))  # (B, T, C, H, W)
        longer = torch.cat([past.before(self, clip), clip], 1)  # (B, 2 + T, C, H, W)
        stacked = torch.cat([longer[:, :-2], longer[:, 1:-1], clip], 2).flatten(0, 1)  # (B*T, 3C, H, W)
        return self.taps(stacked.contiguous(memory_format=torch.channels_last))
