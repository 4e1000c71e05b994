"""How far apart two pictures look to a network that was trained here: the frame trunk of a read-out."""

from __future__ import annotations

import copy

import torch
import torch.nn as nn
from torch import Tensor

from rushes.model.readout import ReadOut

EPSILON = 1e-5  # added to a squared length: where nothing is felt, there is no direction


class Perceptual(nn.Module):
    """Squared distance of unit feature vectors after every layer of the trunk but its last norm, their mean.

    As LPIPS (arXiv:1801.03924), without learned weights. The trunk is frozen; gradients reach the pictures alone.
    """

    def __init__(self, eyes: ReadOut) -> None:
        super().__init__()
        layers = list(eyes.frame)[:-1]
        self.layers = nn.ModuleList(copy.deepcopy(layer) for layer in layers).requires_grad_(False)

    def forward(self, drawn: Tensor, video: Tensor) -> Tensor:
        """One number, from 0, of two clips (B, T, 3, H, W); H and W are 16 or more."""
        ours, theirs = drawn.flatten(0, 1), video.flatten(0, 1)
        total = drawn.new_zeros(())
        for layer in self.layers:
            ours = layer(ours)
            with torch.no_grad():
                theirs = layer(theirs)
            total = total + (_unit(ours) - _unit(theirs)).square().sum(1).mean()
        return total / len(self.layers)


def _unit(maps: Tensor) -> Tensor:
    """Feature vectors (N, C, h, w) of length 1."""
    maps = maps.float()
    return maps * torch.rsqrt(maps.square().sum(1, keepdim=True) + EPSILON)
