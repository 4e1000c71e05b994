"""Muon (Jordan 2024) for hidden matrices and kernels, AdamW for the rest, as one optimiser.

A matrix moves by its momentum brought to singular values of about 1, so that rare directions are learned as fast as
common ones. Kernels (out, in, h, w) are taken as matrices (out, in * h * w).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # quintic of the reference; singular values end between 0.7 and 1.2


def orthogonalise(matrix: Tensor, steps: int = 5) -> Tensor:
    """`matrix` (rows, columns) with its singular values brought near 1, by Newton-Schulz iterations in bfloat16."""
    a, b, c = NEWTON_SCHULZ
    x = matrix.bfloat16()
    tall = x.shape[0] > x.shape[1]
    if tall:
        x = x.T
    x = x / (x.norm() + 1e-7)
    for _ in range(steps):
        square = x @ x.T
        x = a * x + (b * square + c * square @ square) @ x
    return (x.T if tall else x).to(matrix.dtype)


class MuonAdamW(torch.optim.Optimizer):
    """Groups with "muon": True move by Muon, others by AdamW. A group's rate is `lr` times its "scale"."""

    def __init__(
        self,
        groups: Iterable[dict[str, Any]],
        *,
        lr: float,
        betas: tuple[float, float] = (0.9, 0.98),
        momentum: float = 0.95,
    ) -> None:
        super().__init__(
            groups,
            {"lr": lr, "betas": betas, "momentum": momentum, "weight_decay": 0.0, "muon": False, "scale": 1.0, "t": 0},
        )

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> None:  # type: ignore[override]
        assert closure is None
        for group in self.param_groups:
            group["t"] += 1
            trained = [p for p in group["params"] if p.grad is not None]
            if trained:
                (self._muon if group["muon"] else self._adam)(group, trained)

    def _muon(self, group: dict[str, Any], trained: list[Tensor]) -> None:
        rate = group["lr"] * group["scale"]
        for p in trained:
            assert p.grad is not None
            state = self.state[p]
            if not state:
                state["m"] = torch.zeros_like(p)
            state["m"].lerp_(p.grad, 1 - group["momentum"])
            update = orthogonalise(p.grad.lerp(state["m"], group["momentum"]).flatten(1))
            p.mul_(1 - rate * group["weight_decay"])
            p.add_(update.view(p.shape), alpha=-rate * max(1.0, update.shape[0] / update.shape[1]) ** 0.5)

    def _adam(self, group: dict[str, Any], trained: list[Tensor]) -> None:
        rate, t = group["lr"] * group["scale"], group["t"]
        first, second = group["betas"]
        for p in trained:
            if not self.state[p]:
                self.state[p] = {"m": torch.zeros_like(p), "v": torch.zeros_like(p)}
        grads = [p.grad for p in trained if p.grad is not None]
        means, squares = [self.state[p]["m"] for p in trained], [self.state[p]["v"] for p in trained]
        torch._foreach_lerp_(means, grads, 1 - first)
        torch._foreach_mul_(squares, second)
        torch._foreach_addcmul_(squares, grads, grads, 1 - second)
        scales = torch._foreach_sqrt(squares)
        torch._foreach_div_(scales, (1 - second**t) ** 0.5)
        torch._foreach_add_(scales, 1e-8)
        torch._foreach_mul_(trained, 1 - rate * group["weight_decay"])
        torch._foreach_addcdiv_(trained, means, scales, -rate / (1 - first**t))
