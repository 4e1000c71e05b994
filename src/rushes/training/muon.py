"""Muon (Jordan 2024) for hidden matrices and kernels, AdamW for the rest, as one optimiser.

A matrix moves by its momentum brought to singular values of about 1, so that rare directions are learned as fast as
common ones. Kernels (out, in, h, w) are taken as matrices (out, in * h * w).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import Tensor

from rushes.training.distributed import local, on_whole_matrices

NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)  # quintic of the reference; singular values end between 0.7 and 1.2


def orthogonalise(matrices: Tensor, steps: int = 5) -> Tensor:
    """`matrices` (…, rows, columns), their singular values brought near 1 by Newton-Schulz iterations in bfloat16."""
    a, b, c = NEWTON_SCHULZ
    x = matrices.bfloat16().view(-1, *matrices.shape[-2:])
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    x = x / (x.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    for _ in range(steps):
        square = x @ x.mT
        quintic = torch.baddbmm(square, square, square, beta=b, alpha=c)
        x = torch.baddbmm(x, quintic, x, beta=a)  # a x + (b square + c square²) x
    return (x.mT if tall else x).to(matrices.dtype).view(matrices.shape)


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
        alike: dict[tuple[int, int], list[Tensor]] = {}  # one call for all matrices of a shape keeps every thread busy
        for p in trained:
            alike.setdefault((p.shape[0], p.numel() // p.shape[0]), []).append(p)
        for (rows, columns), several in alike.items():
            ahead = []
            for p in several:
                assert p.grad is not None
                state = self.state[p]
                if not state:
                    state["m"] = torch.zeros_like(p)
                mean, grad = local(state["m"]), local(p.grad)
                mean.lerp_(grad, 1 - group["momentum"])
                ahead.append(grad.lerp(mean, group["momentum"]).flatten(1))
            updates = on_whole_matrices(orthogonalise, torch.stack(ahead), several[0])
            for p, update in zip(map(local, several), updates, strict=True):
                p.mul_(1 - rate * group["weight_decay"])
                p.add_(update.view(p.shape), alpha=-rate * max(1.0, rows / columns) ** 0.5)

    def _adam(self, group: dict[str, Any], trained: list[Tensor]) -> None:
        rate, t = group["lr"] * group["scale"], group["t"]
        first, second = group["betas"]
        for p in trained:
            if not self.state[p]:
                self.state[p] = {"m": torch.zeros_like(p), "v": torch.zeros_like(p)}
        grads = [local(p.grad) for p in trained if p.grad is not None]
        means, squares = ([local(self.state[p][key]) for p in trained] for key in ("m", "v"))
        weights = [local(p) for p in trained]
        torch._foreach_lerp_(means, grads, 1 - first)
        torch._foreach_mul_(squares, second)
        torch._foreach_addcmul_(squares, grads, grads, 1 - second)
        scales = torch._foreach_sqrt(squares)
        torch._foreach_div_(scales, (1 - second**t) ** 0.5)
        torch._foreach_add_(scales, 1e-8)
        torch._foreach_mul_(weights, 1 - rate * group["weight_decay"])
        torch._foreach_addcdiv_(weights, means, scales, -rate / (1 - first**t))
