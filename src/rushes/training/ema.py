"""Exponential moving average of a module's weights: what is sampled from and shipped."""

from __future__ import annotations

import copy

import torch
import torch.nn as nn
from torch import Tensor

from rushes.training.distributed import local, whole


class Ema:
    """`average` follows `module`; over the first steps the decay is lower, so that the start is forgotten.

    Of several processes each averages its own rows (`shards`), and `average` is what it was at the last `gather`.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self.average = copy.deepcopy(module).eval().requires_grad_(False)
        self.shards: list[Tensor] = list(self.average.parameters())
        self.decay = decay

    def shard(self, module: nn.Module) -> None:
        """Follow `module`, whose weights were just spread over the processes."""
        self.shards = [p.detach().clone() for p in module.parameters()]
        self.stow()

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        """Take up the weights of `module` after `step` steps (from 1)."""
        keep = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_([local(p) for p in self.shards], [local(p) for p in module.parameters()], 1 - keep)
        for kept, new in zip(self.average.buffers(), module.buffers(), strict=True):
            kept.copy_(new)

    @torch.no_grad()
    def gather(self) -> None:
        """Bring `average` up to date, on the device that trains; every process must call it."""
        for kept, shard in zip(self.average.parameters(), self.shards, strict=True):
            if kept is not shard:
                kept.data = kept.data.to(shard.device).copy_(whole(shard))
        self.average.to(self.shards[0].device)

    def stow(self) -> None:
        """Give the device's memory back, where `average` is only a copy."""
        if any(kept is not shard for kept, shard in zip(self.average.parameters(), self.shards, strict=True)):
            self.average.to("cpu")

    def state_dict(self) -> dict[str, Tensor]:
        """The average by name, with the rows that this process has; filling these tensors sets it."""
        shards = dict(zip((name for name, _ in self.average.named_parameters()), self.shards, strict=True))
        return {name: shards.get(name, value) for name, value in self.average.state_dict().items()}
