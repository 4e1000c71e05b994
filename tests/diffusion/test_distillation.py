"""Distillation losses where maths gives the answer: Gaussians on straight paths, whose flow is known in closed form."""

import math

import pytest
import torch
from torch import Tensor

from rushes.diffusion.adversarial import (
    flatness,
    hinge_discriminator,
    hinge_generator,
    relativistic_discriminator,
    relativistic_generator,
)
from rushes.diffusion.consistency import along, consistency_loss, to_trig, trig_field
from rushes.diffusion.distribution_matching import critic_loss, matching_direction, matching_loss
from rushes.diffusion.few_steps import few_steps
from rushes.diffusion.flow import denoised, interpolate, velocity_of
from rushes.diffusion.gaussian import GaussianMixture, energy_distance, gaussian_flow
from rushes.diffusion.sampler import euler, heun
from rushes.diffusion.timesteps import sigma_schedule
from rushes.diffusion.trajectory import mean_velocity

MEAN, DEVIATION = torch.tensor([1.5, -0.5], dtype=torch.float64), 0.4
GAUSSIAN = GaussianMixture(means=MEAN[None], deviation=DEVIATION, shares=torch.ones(1, dtype=torch.float64))
MIXTURE = GaussianMixture(
    means=torch.tensor([[-2.0, 0.0], [2.0, 1.0]], dtype=torch.float64),
    deviation=0.3,
    shares=torch.tensor([0.3, 0.7], dtype=torch.float64),
)


def points(count: int = 64, low: float = 0.05, high: float = 0.98) -> tuple[Tensor, Tensor]:
    """Noisy points of GAUSSIAN and their levels."""
    generator = torch.Generator().manual_seed(0)
    sigma = torch.linspace(low, high, count, dtype=torch.float64)
    noise = torch.randn(count, 2, generator=generator, dtype=torch.float64)
    return interpolate(GAUSSIAN.sample(count, generator), noise, sigma), sigma


def exact_student(x: Tensor, sigma: Tensor) -> Tensor:
    """The velocity whose clean guess is the consistency function of GAUSSIAN."""
    return velocity_of(x, gaussian_flow(x, sigma, torch.zeros_like(sigma), MEAN, DEVIATION), sigma)


# Gaussians


def test_the_velocity_of_one_gaussian_is_that_of_its_flow() -> None:
    x, sigma = points()

    def moved(then: Tensor) -> Tensor:
        return gaussian_flow(x, sigma, then, MEAN, DEVIATION)

    drift = torch.func.jvp(moved, (sigma.clone(),), (torch.ones_like(sigma),))[1]
    torch.testing.assert_close(GAUSSIAN.velocity(x, sigma), drift)


def test_the_flow_is_what_a_sampler_follows() -> None:
    noise = torch.randn(100, 2, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    sampled = heun(
        lambda x, s: GAUSSIAN.velocity(x, torch.full((len(x),), s, dtype=x.dtype)), noise, sigma_schedule(200)
    )
    one = torch.ones(100, dtype=torch.float64)
    torch.testing.assert_close(
        sampled, gaussian_flow(noise, one, torch.zeros_like(one), MEAN, DEVIATION), atol=1e-3, rtol=0
    )


def test_a_mixture_of_one_component_twice_is_that_component() -> None:
    x, sigma = points()
    twice = GaussianMixture(
        means=torch.stack([MEAN, MEAN]), deviation=DEVIATION, shares=torch.tensor([0.2, 0.8], dtype=torch.float64)
    )
    torch.testing.assert_close(twice.velocity(x, sigma), GAUSSIAN.velocity(x, sigma))


def test_the_energy_distance_of_one_distribution_is_about_zero() -> None:
    a, b = (MIXTURE.sample(2000, torch.Generator().manual_seed(seed)) for seed in (0, 1))
    assert abs(float(energy_distance(a, b))) < 0.01
    assert float(energy_distance(a, b + 1)) > 0.1


# Consistency


def test_the_trigonometric_field_is_the_derivative_of_the_trigonometric_path() -> None:
    generator = torch.Generator().manual_seed(0)
    clean, noise = torch.randn(2, 16, 3, generator=generator, dtype=torch.float64)
    sigma = torch.linspace(0, 1, 16, dtype=torch.float64)
    z, t = to_trig(interpolate(clean, noise, sigma), sigma)
    cos, sin = t.cos()[:, None], t.sin()[:, None]
    torch.testing.assert_close(z, cos * clean + sin * noise)
    torch.testing.assert_close(trig_field(lambda x, s: noise - clean)(z, t), cos * noise - sin * clean)


def test_both_paths_have_one_consistency_function() -> None:
    x, sigma = points()
    z, t = to_trig(x, sigma)
    jump = t.cos()[:, None] * z - t.sin()[:, None] * trig_field(MIXTURE.velocity)(z, t)
    torch.testing.assert_close(jump, denoised(x, MIXTURE.velocity(x, sigma), sigma))


@pytest.mark.parametrize(("difference", "most"), [(None, 1e-20), (1e-3, 1e-4)])
def test_the_exact_flow_map_has_no_consistency_loss_and_no_gradient(difference: float | None, most: float) -> None:
    x, sigma = points()
    wrong = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    losses = consistency_loss(
        lambda x, s: exact_student(x, s) + wrong, GAUSSIAN.velocity, x, sigma, difference=difference
    )
    losses.mean().backward()
    assert wrong.grad is not None
    assert float(losses.max()) < most and float(wrong.grad.abs().max()) < math.sqrt(most)


def test_another_map_has_one() -> None:
    x, sigma = points()
    losses = consistency_loss(GAUSSIAN.velocity, GAUSSIAN.velocity, x, sigma)  # the denoiser itself is no flow map
    assert float(losses.mean()) > 0.1


def test_at_ramp_zero_the_student_is_drawn_to_the_teacher() -> None:
    x, sigma = points()
    losses = consistency_loss(GAUSSIAN.velocity, GAUSSIAN.velocity, x, sigma, ramp=0.0)
    assert float(losses.max()) == 0.0
    wrong = torch.full((2,), 0.3, dtype=torch.float64, requires_grad=True)
    consistency_loss(
        lambda x, s: GAUSSIAN.velocity(x, s) + wrong, GAUSSIAN.velocity, x, sigma, ramp=0.0
    ).sum().backward()
    assert wrong.grad is not None and bool((wrong.grad > 0).all())  # going down brings `wrong` to 0


def test_the_difference_approaches_the_derivative() -> None:
    x, sigma = points()
    z, t = to_trig(x, sigma)
    path = trig_field(GAUSSIAN.velocity)(z, t)
    own = trig_field(MIXTURE.velocity)
    exact = along(own, z, t, path, torch.ones_like(t))

    def error(step: float) -> float:
        return float(((own(z, t) - own(z - step * path, t - step)) / step - exact).abs().max())

    assert math.log2(error(2e-4) / error(1e-4)) == pytest.approx(1.0, abs=0.2)


@pytest.mark.parametrize("difference", [None, 0.01])
def test_samples_that_are_not_finite_teach_nothing(difference: float | None) -> None:
    x, sigma = points(8)
    scale = torch.ones((), dtype=torch.float64, requires_grad=True)

    def teacher(x: Tensor, s: Tensor) -> Tensor:
        found = MIXTURE.velocity(x, s)
        return torch.where(torch.arange(len(x))[:, None] == 3, torch.nan, found)

    losses = consistency_loss(lambda x, s: scale * MIXTURE.velocity(x, s), teacher, x, sigma, difference=difference)
    losses.sum().backward()
    assert float(losses[3]) == 0.0 and float(losses[2]) > 0
    assert scale.grad is not None and bool(scale.grad.isfinite())


# Distribution matching


def test_matching_stands_still_where_the_student_draws_the_data() -> None:
    x, sigma = points()
    noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    assert float(matching_direction(MIXTURE.velocity, MIXTURE.velocity, x, noise, sigma).abs().max()) == 0


def test_matching_pulls_a_shifted_gaussian_back_by_the_closed_form() -> None:
    shift = torch.tensor([0.6, -0.2], dtype=torch.float64)
    shifted = GaussianMixture(means=MEAN[None] + shift, deviation=DEVIATION, shares=torch.ones(1, dtype=torch.float64))
    drawn = shifted.sample(64, torch.Generator().manual_seed(0)).requires_grad_()
    sigma = torch.linspace(0.05, 0.98, 64, dtype=torch.float64)
    noise = torch.randn(drawn.shape, generator=torch.Generator().manual_seed(3), dtype=torch.float64)
    matching_loss(GAUSSIAN.velocity, shifted.velocity, drawn, noise, sigma).sum().backward()
    assert drawn.grad is not None
    # Both denoisers are linear: their guesses differ by shift * sigma^2 / variance at sigma.
    variance = (1 - sigma).square() * DEVIATION**2 + sigma.square()
    noisy = interpolate(drawn.detach(), noise, sigma)
    size = (drawn.detach() - GAUSSIAN.denoised(noisy, sigma)).abs().mean(1, keepdim=True)
    expected = shift * (sigma.square() / variance)[:, None] / (size + 1e-4)
    torch.testing.assert_close(drawn.grad, expected / 2)  # a mean over two dimensions
    assert bool((drawn.grad * shift > 0).all())  # going down leads back to the data


def test_the_critic_learns_what_is_drawn_and_not_the_student() -> None:
    drawn = MIXTURE.sample(20_000, torch.Generator().manual_seed(0)).requires_grad_()
    sigma = torch.full((len(drawn),), 0.5, dtype=torch.float64)
    noise = torch.randn(drawn.shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    wrong = torch.zeros(2, dtype=torch.float64, requires_grad=True)
    critic_loss(lambda x, s: MIXTURE.velocity(x, s) + wrong, drawn, noise, sigma).mean().backward()
    assert drawn.grad is None
    assert wrong.grad is not None and float(wrong.grad.abs().max()) < 0.03  # the exact velocity is its minimum


# Adversarial


def test_hinge_and_relativistic_losses() -> None:
    true, drawn = torch.tensor([2.0, 0.5]), torch.tensor([-3.0, 0.5])
    assert hinge_discriminator(true, drawn).tolist() == [0.0, 2.0]
    assert hinge_generator(drawn).tolist() == [3.0, -0.5]
    assert relativistic_discriminator(true, drawn)[1].item() == pytest.approx(math.log(2))
    assert relativistic_discriminator(true, drawn)[0] < 0.01 < relativistic_generator(true, drawn)[0]


def test_flatness_is_the_squared_slope_along_noise() -> None:
    slope = torch.tensor([3.0, -4.0])
    samples, noise = torch.randn(2, 5000, 2, generator=torch.Generator().manual_seed(0))
    penalty = flatness(lambda x: x @ slope, samples, samples @ slope, noise)
    assert float(penalty.mean()) == pytest.approx(25.0, rel=0.05)


# Few steps and trajectories


def test_one_exact_step_is_the_whole_flow() -> None:
    noise = torch.randn(4000, 2, generator=torch.Generator().manual_seed(2), dtype=torch.float64)

    def field(x: Tensor, sigma: float) -> Tensor:
        return exact_student(x, torch.full((len(x),), sigma, dtype=x.dtype))

    one = torch.ones(len(noise), dtype=torch.float64)
    expected = gaussian_flow(noise, one, torch.zeros_like(one), MEAN, DEVIATION)
    torch.testing.assert_close(few_steps(field, noise, sigma_schedule(1)), expected)
    generator = torch.Generator().manual_seed(7)
    again = few_steps(
        field,
        noise,
        sigma_schedule(4, 2.0),
        fresh=lambda step: torch.randn(noise.shape, generator=generator, dtype=noise.dtype),
    )
    torch.testing.assert_close(again.mean(0), MEAN, atol=0.03, rtol=0)
    torch.testing.assert_close(again.std(0), torch.full_like(MEAN, DEVIATION), atol=0.02, rtol=0)
    assert not torch.allclose(again, expected)


def test_straight_few_steps_are_eulers() -> None:
    noise = torch.randn(10, 2, generator=torch.Generator().manual_seed(2), dtype=torch.float64)

    def field(x: Tensor, sigma: float) -> Tensor:
        return MIXTURE.velocity(x, torch.full((len(x),), sigma, dtype=x.dtype))

    seen: list[int] = []
    levels = sigma_schedule(4, 2.0)
    drawn = few_steps(field, noise, levels, watch=lambda step, _: seen.append(step))
    torch.testing.assert_close(drawn, euler(field, noise, levels))
    assert seen == [1, 2, 3, 4]


def test_the_mean_velocity_leads_where_the_teacher_ends() -> None:
    x, sigma = points(high=0.9)
    then = sigma / 3
    ends = x + (then - sigma)[:, None] * mean_velocity(GAUSSIAN.velocity, x, sigma, then, 400)
    torch.testing.assert_close(ends, gaussian_flow(x, sigma, then, MEAN, DEVIATION), atol=2e-3, rtol=0)
