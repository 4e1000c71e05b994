"""Which noise levels are trained, and which are visited when sampling."""

from __future__ import annotations

import torch
from torch import Tensor


def shifted(sigma: Tensor, shift: float) -> Tensor:
    """Move levels in [0, 1] towards noise: shift sigma / (1 + (shift - 1) sigma), arXiv:2403.03206 eq. 23."""
    return shift * sigma / (1 + (shift - 1) * sigma)


def draw_sigmas(
    count: int,
    generator: torch.Generator,
    *,
    mean: float = 0.0,
    deviation: float = 1.0,
    shift: float = 1.0,
    uniform: float = 0.1,
) -> Tensor:
    """Training levels (count,) in (0, 1): logit-normal, a share `uniform` of them uniform, all shifted."""
    device = generator.device
    normal = torch.sigmoid(mean + deviation * torch.randn(count, generator=generator, device=device))
    flat = torch.rand(count, generator=generator, device=device)
    pick = torch.rand(count, generator=generator, device=device) < uniform
    return shifted(torch.where(pick, flat, normal), shift)


def sigma_schedule(steps: int, shift: float = 1.0) -> Tensor:
    """Levels (steps + 1,) from 1 down to 0 for a sampler of `steps` steps; ValueError if there is no step."""
    if steps < 1:
        raise ValueError(f"a schedule of {steps} steps has none to take; give 1 or more")
    return shifted(torch.linspace(1, 0, steps + 1, dtype=torch.float64), shift)
