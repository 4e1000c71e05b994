"""Regression on the teacher's own paths (progressive distillation, arXiv:2202.00512, on straight segments)."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from rushes.diffusion.flow import spread

Velocity = Callable[[Tensor, Tensor], Tensor]  # of x (B, …) at sigma (B,)


@torch.no_grad()
def mean_velocity(teacher: Velocity, noisy: Tensor, sigma: Tensor, then: Tensor, steps: int) -> Tensor:
    """The velocity that goes in one straight step where the teacher goes in `steps`, from sigma (B,) to `then` (B,)."""
    x, each = noisy, (then - sigma) / steps
    for step in range(steps):
        x = x + spread(each, x) * teacher(x, sigma + step * each)
    return (x - noisy) / spread(then - sigma, x)


def trajectory_loss(predicted: Tensor, wanted: Tensor) -> Tensor:
    """(B,) mean square errors of the student's velocity against `mean_velocity`."""
    return (predicted.float() - wanted).square().flatten(1).mean(1)
