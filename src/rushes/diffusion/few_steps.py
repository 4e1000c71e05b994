"""Sampling with a distilled student: a few large steps down a fixed schedule of levels."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from torch import Tensor

from rushes.diffusion.sampler import Field, Watch

Fresh = Callable[[int], Tensor]  # normal noise of the shape of a sample, for the step of a number from 0


def few_steps(
    field: Field, noise: Tensor, sigmas: Tensor, *, fresh: Fresh | None = None, watch: Watch | None = None
) -> Tensor:
    """A sample from `noise`, which is x at sigmas[0]; one call of the student's velocity field for each step.

    Each step predicts the clean sample and noises it to the next level. With `fresh` that noise is new
    (arXiv:2303.01469 alg. 1), which forgives what the step before got wrong; without, it is the noise that the
    prediction itself implies, x + (1 - sigma) v: every step is a straight one then (Euler's), and the sample a function
    of `noise` alone.
    """
    x = noise
    for step, (now, then) in enumerate(pairwise(sigmas.tolist())):
        velocity = field(x, now)
        if fresh is None:
            x = x + (then - now) * velocity
        else:
            clean = x - now * velocity
            x = (1 - then) * clean + then * fresh(step) if then > 0 else clean
        if watch is not None:
            watch(step + 1, x)
    return x
