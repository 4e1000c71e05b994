"""Samplers: from noise to a sample along a velocity field. Pure functions over callables."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from torch import Tensor

Field = Callable[[Tensor, float], Tensor]  # velocity of x at sigma
Watch = Callable[[int, Tensor], None]  # called after each step with its number from 1, and x; may raise to stop


def euler(field: Field, noise: Tensor, sigmas: Tensor, *, watch: Watch | None = None) -> Tensor:
    """Straight steps; error of first order. `noise` is x at sigmas[0]; one call of the field for each step."""
    x = noise
    levels = sigmas.tolist()
    for step, (now, then) in enumerate(pairwise(levels)):
        x = x + (then - now) * field(x, now)
        if watch is not None:
            watch(step + 1, x)
    return x


def heun(field: Field, noise: Tensor, sigmas: Tensor, *, watch: Watch | None = None) -> Tensor:
    """Trapezoid steps; error of second order (arXiv:2206.00364 alg. 1). Two calls a step, one in a last step to 0."""
    x = noise
    levels = sigmas.tolist()
    for step, (now, then) in enumerate(pairwise(levels)):
        here = field(x, now)
        straight = x + (then - now) * here
        x = straight if then == 0 else x + (then - now) * 0.5 * (here + field(straight, then))
        if watch is not None:
            watch(step + 1, x)
    return x


SAMPLERS = {"euler": euler, "heun": heun}
