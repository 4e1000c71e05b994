"""A mixture of experts in place of the gated MLP: each token goes to the few that its router likes best.

Token-choice, softmax then top-k, no token is dropped. At least two are active: the weight of one alone is always 1,
and would teach the router nothing. The load is kept even by a loss (arXiv:2101.03961 eq. 4) and not by the bias of
DeepSeek-V3 (arXiv:2408.15664): a bias changes in the forward pass, so that recomputation, a JVP or a second process
would each change it again, while with a loss the output is a function of weights and input.
"""

from __future__ import annotations

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor


class Expert(nn.Module):
    """A gated MLP (SwiGLU, arXiv:2002.05202) without biases."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.up = nn.Linear(width, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        up, gate = self.up(x).chunk(2, -1)
        out: Tensor = self.down(up * F.silu(gate))
        return out


class Experts(nn.Module):
    """(..., D) to (..., D): for each token the mean of `active` of `experts`, by the router's chances among those."""

    def __init__(self, width: int, hidden: int, *, experts: int, active: int) -> None:
        super().__init__()
        self.active = active
        self.router = nn.Parameter(torch.randn(experts, width) / width**0.5)  # no "weight" in its name: AdamW trains it
        self.each = nn.ModuleList(Expert(width, hidden) for _ in range(experts))
        self.bias = nn.Parameter(torch.zeros(width))
        self.load: Tensor | None = None  # (experts,) of the last forward pass: shares of its choices, 1 in sum
        self._imbalance: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        tokens = x.flatten(0, -2)  # (N, D)
        with torch.autocast(x.device.type, enabled=False):
            chances = torch.softmax(F.linear(tokens.float(), self.router.float()), -1)  # (N, experts)
        weights, chosen = chances.topk(self.active, -1)  # (N, active)
        weights = weights / weights.sum(-1, keepdim=True)
        if torch.is_autocast_enabled(x.device.type):
            tokens = tokens.to(torch.get_autocast_dtype(x.device.type))
        order = chosen.flatten().argsort(stable=True)  # of (token, choice), by expert
        counts = chosen.flatten().bincount(minlength=len(self.each))
        parts = tokens[order // self.active].split(counts.tolist())
        done = torch.cat([expert(part) for expert, part in zip(self.each, parts, strict=True)])  # (N * active, D)
        done = done[order.argsort()].unflatten(0, (-1, self.active))  # (N, active, D), by token again
        self.load = counts / counts.sum()
        self._imbalance = len(self.each) * (self.load * chances.mean(0)).sum()
        return ((weights.unsqueeze(-1) * done).sum(1) + self.bias).view_as(x)

    def take_imbalance(self) -> Tensor:
        """Of the last forward pass, with gradient to the router: 1 when all are used alike. It can be taken once."""
        assert self._imbalance is not None, "take_imbalance comes after forward, and once"
        taken, self._imbalance = self._imbalance, None
        return taken
