"""Classifier-free guidance, arXiv:2207.12598, within an interval of noise levels, arXiv:2404.07724."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from torch import Tensor

Condition = TypeVar("Condition")


@dataclass(frozen=True, kw_only=True)
class Guidance:
    scale: float = 3.0  # 1 follows the condition, more exaggerates what it changes
    interval: tuple[float, float] = (0.0, 1.0)  # levels of noise at which to guide; elsewhere the scale is 1


def guide(conditional: Tensor, unconditional: Tensor, scale: float) -> Tensor:
    """The prediction that lies `scale` times as far from the unconditional one."""
    return unconditional + scale * (conditional - unconditional)


def guided(
    velocity: Callable[[Tensor, float, Condition], Tensor],
    condition: Condition,
    unconditional: Condition,
    guidance: Guidance,
) -> Callable[[Tensor, float], Tensor]:
    """The velocity field under guidance, for a sampler: calls `velocity` twice where guidance acts, else once."""

    def field(noisy: Tensor, sigma: float) -> Tensor:
        towards = velocity(noisy, sigma, condition)
        low, high = guidance.interval
        if guidance.scale == 1.0 or not low <= sigma <= high:
            return towards
        return guide(towards, velocity(noisy, sigma, unconditional), guidance.scale)

    return field
