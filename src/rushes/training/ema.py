"""Exponential moving average of a module's weights: what is sampled from and shipped."""

from __future__ import annotations

import copy

import torch
import torch.nn as nn


class Ema:
    """`average` follows `module`; over the first steps the decay is lower, so that the start is forgotten."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.average = copy.deepcopy(module).eval().requires_grad_(False)
        self.decay = decay

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Take up the weights of `module` after `step` steps (from 1)."""
        keep = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(list(self.average.parameters()), list(module.parameters()), 1 - keep)
        for kept, new in zip(self.average.buffers(), module.buffers(), strict=True):
            kept.copy_(new)
