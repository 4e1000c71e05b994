"""Exact velocities and flows of Gaussians on straight paths: what samplers and losses are tested against."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rushes.diffusion.flow import spread


def spread_at(sigma: Tensor, deviation: Tensor | float) -> Tensor:
    """The deviation of x_sigma = (1 - sigma) x + sigma eps where x has `deviation`."""
    return ((1 - sigma).square() * deviation**2 + sigma.square()).sqrt()


def gaussian_flow(x: Tensor, sigma: Tensor, then: Tensor, mean: Tensor, deviation: Tensor | float) -> Tensor:
    """Where the flow of N(mean, deviation^2) carries x (B, D) from sigma (B,) to `then` (B,).

    The velocity is -mean + (d log std / d sigma) (x - (1 - sigma) mean): along it (x - (1 - sigma) mean) / std stays.
    At `then` = 0 this is the consistency function, at sigma = 1 as well the distilled map from noise to sample.
    """
    s, t = spread(sigma, x), spread(then, x)
    return (1 - t) * mean + spread_at(t, deviation) / spread_at(s, deviation) * (x - (1 - s) * mean)


@dataclass(frozen=True, kw_only=True)
class GaussianMixture:
    """A mixture of round Gaussians in D dimensions with everything that a perfect network would know of it."""

    means: Tensor  # (K, D)
    deviation: float  # of each component
    shares: Tensor  # (K,), sum 1

    def sample(self, count: int, generator: torch.Generator) -> Tensor:
        """(count, D) exact samples."""
        chosen = torch.multinomial(self.shares, count, replacement=True, generator=generator)
        noise = torch.randn(count, self.means.shape[1], generator=generator, dtype=self.means.dtype)
        return self.means[chosen] + self.deviation * noise

    def denoised(self, x: Tensor, sigma: Tensor) -> Tensor:
        """E[clean | x at sigma], for x (B, D) and sigma (B,): each component's own guess, by how likely it is."""
        s = sigma.view(-1, 1, 1)
        variance = (1 - s).square() * self.deviation**2 + s.square()  # (B, 1, 1)
        away = x.unsqueeze(1) - (1 - s) * self.means  # (B, K, D)
        likely = torch.softmax(self.shares.log() - away.square().sum(-1) / (2 * variance.squeeze(-1)), 1)  # (B, K)
        guesses = self.means + (1 - s) * self.deviation**2 / variance * away
        return (likely.unsqueeze(-1) * guesses).sum(1)

    def velocity(self, x: Tensor, sigma: Tensor) -> Tensor:
        """E[noise - clean | x at sigma]; sigma (B,) above 0."""
        return (x - self.denoised(x, sigma)) / spread(sigma, x)


def energy_distance(a: Tensor, b: Tensor) -> Tensor:
    """How far two sets of samples (N, D), (M, D) are apart: 2 E|a - b| - E|a - a'| - E|b - b'|, 0 for one distribution.

    It is the squared MMD of the kernel -|a - b| (doi:10.1214/13-AOS1140).
    """

    def within(x: Tensor) -> Tensor:
        return torch.cdist(x, x).sum() / (len(x) * (len(x) - 1))

    return 2 * torch.cdist(a, b).mean() - within(a) - within(b)
