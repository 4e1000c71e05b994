"""One call from noise to latents: schedule, guidance and sampler put together over a network's velocity."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from rushes.diffusion.few_steps import Fresh, few_steps
from rushes.diffusion.guidance import Condition, Guidance, guided
from rushes.diffusion.sampler import SAMPLERS, Watch
from rushes.diffusion.timesteps import sigma_schedule

Network = Callable[[Tensor, Tensor, Condition], Tensor]  # velocity of latents (B, …) at sigma (B,) under a condition


@dataclass(frozen=True, kw_only=True)
class SampleConfig:
    steps: int = 24  # of the sampler
    shift: float = 2.0  # of the schedule towards noise
    guidance: Guidance = field(default_factory=Guidance)
    method: str = "euler"  # a name in SAMPLERS

    def __post_init__(self) -> None:
        if self.method not in SAMPLERS:
            raise ValueError(f"there is no sampler {self.method!r}; choose one of: {', '.join(SAMPLERS)}")


@torch.no_grad()
def sample_latents(
    network: Network[Condition],
    condition: Condition,
    unconditional: Condition,
    noise: Tensor,
    config: SampleConfig,
    *,
    fresh: Fresh | None = None,
    watch: Watch | None = None,
) -> Tensor:
    """Latents of the shape of `noise` (B, …). `watch(step, latents)` comes after each step and may raise to stop.

    `fresh` gives a distilled student's steps new noise (`few_steps`) in place of the configuration's sampler.
    """

    def velocity(noisy: Tensor, sigma: float, given: Condition) -> Tensor:
        return network(noisy, torch.full((len(noisy),), sigma, device=noisy.device), given)

    field = guided(velocity, condition, unconditional, config.guidance)
    sigmas = sigma_schedule(config.steps, config.shift)
    if fresh is not None:
        return few_steps(field, noise, sigmas, fresh=fresh, watch=watch)
    return SAMPLERS[config.method](field, noise, sigmas, watch=watch)


def seeded_noise(shape: tuple[int, ...], seed: int, device: torch.device | str = "cpu") -> Tensor:
    """Normal noise of a seed, drawn on the CPU: the same on every device."""
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).to(device)
