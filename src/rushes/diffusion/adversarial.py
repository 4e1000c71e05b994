"""Adversarial losses over the scores that a discriminator gives to true and to drawn samples."""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor

Discriminator = Callable[[Tensor], Tensor]  # samples (B, …) to scores (B,), higher for true ones


def hinge_discriminator(true: Tensor, drawn: Tensor) -> Tensor:
    """(B,) losses of scores (B,): true ones above 1, drawn ones below -1, no more (arXiv:1705.02894)."""
    return F.relu(1 - true) + F.relu(1 + drawn)


def hinge_generator(drawn: Tensor) -> Tensor:
    """(B,) losses of the student."""
    return -drawn


def relativistic_discriminator(true: Tensor, drawn: Tensor) -> Tensor:
    """(B,) losses of scores (B,): each true sample above the drawn one beside it (R3GAN, arXiv:2501.05441 eq. 2)."""
    return F.softplus(drawn - true)


def relativistic_generator(true: Tensor, drawn: Tensor) -> Tensor:
    """(B,) losses of the student: the other way round."""
    return F.softplus(true - drawn)


def flatness(discriminator: Discriminator, samples: Tensor, scores: Tensor, noise: Tensor, step: float = 0.1) -> Tensor:
    """(B,) penalties: how much scores (B,) of samples change under noise of deviation `step`, by `step`, squared.

    The finite form of the R1 and R2 penalties that R3GAN needs (arXiv:2501.08316): no second derivatives.
    """
    moved = discriminator(samples.detach() + step * noise)
    return ((moved - scores) / step).square()
