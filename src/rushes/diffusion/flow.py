"""Flow matching along straight lines from clean (sigma 0) to noise (sigma 1), arXiv:2209.03003."""

from __future__ import annotations

from torch import Tensor


def spread(sigma: Tensor, like: Tensor) -> Tensor:
    """sigma (B,) shaped to multiply `like` (B, …)."""
    return sigma.view(-1, *[1] * (like.ndim - 1))


def interpolate(clean: Tensor, noise: Tensor, sigma: Tensor) -> Tensor:
    """x_sigma = (1 - sigma) clean + sigma noise; sigma (B,)."""
    s = spread(sigma, clean)
    return (1 - s) * clean + s * noise


def velocity(clean: Tensor, noise: Tensor) -> Tensor:
    """dx / dsigma along the line: what the network learns."""
    return noise - clean


def denoised(noisy: Tensor, velocity: Tensor, sigma: Tensor) -> Tensor:
    """The clean signal that a velocity at sigma (B,) points to."""
    return noisy - spread(sigma, noisy) * velocity


def velocity_of(noisy: Tensor, clean: Tensor, sigma: Tensor) -> Tensor:
    """The velocity at sigma (B,) > 0 of a denoiser that says `clean`: the inverse of `denoised`."""
    return (noisy - clean) / spread(sigma, noisy)


def flow_loss(predicted: Tensor, clean: Tensor, noise: Tensor) -> Tensor:
    """Mean square error of the velocity, for each sample: (B,)."""
    return (predicted.float() - velocity(clean, noise)).square().flatten(1).mean(1)
