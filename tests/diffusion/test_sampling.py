"""Samplers, guidance and flow matching against denoisers that are known exactly."""

import math

import pytest
import torch
from torch import Tensor

from rushes.diffusion.flow import denoised, flow_loss, interpolate, velocity, velocity_of
from rushes.diffusion.guidance import Guidance, guide, guided
from rushes.diffusion.sample import SampleConfig, sample_latents, seeded_noise
from rushes.diffusion.sampler import SAMPLERS, euler, heun
from rushes.diffusion.timesteps import draw_sigmas, shifted, sigma_schedule

MEAN = torch.tensor([1.0, -2.0], dtype=torch.float64)
SCALE = torch.tensor([[0.8, 0.0], [0.5, 0.3]], dtype=torch.float64)
COVARIANCE = SCALE @ SCALE.T


def gaussian(x: Tensor, sigma: float) -> Tensor:
    """Exact velocity of N(MEAN, COVARIANCE)."""
    total = (1 - sigma) ** 2 * COVARIANCE + sigma**2 * torch.eye(2, dtype=torch.float64)
    clean = MEAN + (1 - sigma) * (x - (1 - sigma) * MEAN) @ torch.linalg.solve(total, COVARIANCE)
    return velocity_of(x, clean, torch.full((len(x),), sigma, dtype=torch.float64))


def exact(noise: Tensor) -> Tensor:
    """Where the flow carries noise: along each axis of the covariance by its deviation."""
    values, axes = torch.linalg.eigh(COVARIANCE)
    return MEAN + (noise @ axes * values.sqrt()) @ axes.T


def start(count: int) -> Tensor:
    return torch.randn(count, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("method", SAMPLERS)
def test_samples_have_the_mean_and_covariance(method: str) -> None:
    noise = start(20_000)
    samples = SAMPLERS[method](gaussian, noise, sigma_schedule(200))
    assert torch.allclose(samples.mean(0), MEAN, atol=0.03)
    assert torch.allclose(torch.cov(samples.T), COVARIANCE, atol=0.03)


@pytest.mark.parametrize(("method", "order"), [("euler", 1), ("heun", 2)])
def test_order_of_convergence(method: str, order: int) -> None:
    noise = start(100)
    errors = [(SAMPLERS[method](gaussian, noise, sigma_schedule(n)) - exact(noise)).abs().max() for n in (64, 128)]
    assert math.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.2)


def test_a_mixture_keeps_its_shares() -> None:
    means, shares = torch.tensor([-2.0, 2.0], dtype=torch.float64), torch.tensor([0.3, 0.7], dtype=torch.float64)

    def field(x: Tensor, sigma: float) -> Tensor:
        variance = (1 - sigma) ** 2 * 0.2**2 + sigma**2
        away = x - (1 - sigma) * means  # (N, 2)
        weight = torch.softmax(-(away**2) / (2 * variance) + shares.log(), -1)
        clean = (weight * (means + (1 - sigma) * 0.2**2 / variance * away)).sum(-1, keepdim=True)
        return (x - clean) / sigma

    samples = heun(field, start(5_000).reshape(-1, 1), sigma_schedule(100))
    right = samples[samples > 0]
    assert len(right) / len(samples) == pytest.approx(0.7, abs=0.02)
    assert float(right.mean()) == pytest.approx(2.0, abs=0.03)
    assert float(right.std()) == pytest.approx(0.2, abs=0.03)


def test_watching_and_stopping() -> None:
    seen: list[int] = []

    def watch(step: int, x: Tensor) -> None:
        seen.append(step)
        if step == 3:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        euler(gaussian, start(2), sigma_schedule(10), watch=watch)
    assert seen == [1, 2, 3]


def test_flow_goes_between_clean_and_noise() -> None:
    clean, noise = start(4), torch.ones(4, 2, dtype=torch.float64)
    sigma = torch.tensor([0.0, 0.25, 0.5, 1.0], dtype=torch.float64)
    noisy = interpolate(clean, noise, sigma)
    assert torch.equal(noisy[0], clean[0])
    assert torch.equal(noisy[3], noise[3])
    right = velocity(clean, noise)
    torch.testing.assert_close(denoised(noisy, right, sigma), clean)
    torch.testing.assert_close(velocity_of(noisy[1:], clean[1:], sigma[1:]), right[1:])
    assert flow_loss(right, clean, noise).abs().max() < 1e-10
    torch.testing.assert_close(flow_loss(right + 2, clean, noise), torch.full((4,), 4.0), check_dtype=False)


def test_schedule() -> None:
    levels = sigma_schedule(10, shift=3.0)
    assert levels[0] == 1 and levels[-1] == 0
    assert (levels.diff() < 0).all()
    assert levels[5] == pytest.approx(0.75)  # 3 * 0.5 / (1 + 2 * 0.5)
    with pytest.raises(ValueError, match="0 steps"):
        sigma_schedule(0)


def test_drawn_sigmas() -> None:
    plain = draw_sigmas(50_000, torch.Generator().manual_seed(0), uniform=0.0)
    again = draw_sigmas(50_000, torch.Generator().manual_seed(0), uniform=0.0, shift=3.0)
    assert 0 < plain.min() and plain.max() < 1
    assert float(torch.logit(plain.double()).std()) == pytest.approx(1.0, abs=0.02)
    torch.testing.assert_close(shifted(plain, 3.0), again)


def test_guidance_extrapolates_inside_its_interval_only() -> None:
    calls: list[str] = []

    def network(x: Tensor, sigma: float, condition: str) -> Tensor:
        calls.append(condition)
        return torch.full_like(x, 3.0 if condition == "fox" else 1.0)

    field = guided(network, "fox", "", Guidance(scale=4.0, interval=(0.2, 0.8)))
    x = torch.zeros(1)
    assert field(x, 0.5).item() == 9.0  # 1 + 4 * (3 - 1)
    assert field(x, 0.9).item() == 3.0
    assert calls == ["fox", "", "fox"]
    assert guide(x + 3, x + 1, 1.0).item() == 3.0


def test_sample_is_the_same_for_a_seed() -> None:
    def network(x: Tensor, sigma: Tensor, condition: float) -> Tensor:
        assert sigma.shape == (len(x),)
        return x - condition

    def sample(seed: int) -> Tensor:
        return sample_latents(network, 1.0, 0.0, seeded_noise((2, 3), seed), SampleConfig(steps=4))

    assert torch.equal(sample(5), sample(5))
    assert not torch.equal(sample(5), sample(6))
    with pytest.raises(ValueError, match="'ddim'"):
        SampleConfig(method="ddim")
