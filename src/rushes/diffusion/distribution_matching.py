"""Distribution matching, DMD2 (arXiv:2405.14867): what a student draws moves to where the teacher finds it likelier.

Two denoisers look at a sample with noise on it: the teacher, which knows the data, and a critic that is trained all
along on what the student draws. The difference of what they see there is the gradient of the Kullback-Leibler
divergence between both distributions, up to a factor.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from rushes.diffusion.flow import denoised, flow_loss, interpolate

Velocity = Callable[[Tensor, Tensor], Tensor]  # of x (B, …) at sigma (B,)


@torch.no_grad()
def matching_direction(real: Velocity, fake: Velocity, drawn: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
    """The gradient for each sample of `drawn` (B, …), noised to sigma (B,): fake - real clean guess, made comparable.

    Its size is divided by how far the teacher is from the sample (arXiv:2311.18828 eq. 8): alike at all levels then.
    """
    noisy = interpolate(drawn, noise, sigma)
    towards, present = denoised(noisy, real(noisy, sigma), sigma), denoised(noisy, fake(noisy, sigma), sigma)
    size = (drawn - towards).abs().flatten(1).mean(1).view(-1, *[1] * (drawn.ndim - 1))
    return (present - towards) / (size + 1e-4)


def matching_loss(real: Velocity, fake: Velocity, drawn: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
    """(B,) losses whose gradient with respect to `drawn` is `matching_direction` over the size of a sample.

    `real` is the teacher, under guidance where that is to be distilled too; `fake` the critic; neither gets a gradient.
    """
    direction = matching_direction(real, fake, drawn.detach(), noise, sigma)
    direction = torch.where(direction.isfinite(), direction, 0.0)
    return 0.5 * (drawn - (drawn - direction).detach()).square().flatten(1).mean(1)


def critic_loss(fake: Velocity, drawn: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
    """(B,) losses of the critic: flow matching on what the student drew, which gets no gradient."""
    drawn = drawn.detach()
    return flow_loss(fake(interpolate(drawn, noise, sigma), sigma), drawn, noise)
