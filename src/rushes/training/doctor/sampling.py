"""Checks of sampling: exact identities on fields that are known, and what the model draws against its data."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from rushes.diffusion.guidance import Guidance
from rushes.diffusion.sample import SampleConfig, seeded_noise
from rushes.training.doctor.caches import sample_of
from rushes.training.doctor.finding import Finding, first_found, need, verdict
from rushes.training.doctor.patient import Patient

PLAIN = Guidance(scale=1.0)
ORDERS = {"euler": 1, "heun": 2}  # of convergence, of samplers whose order is known


def levels_are_right(patient: Patient) -> Finding:
    """The network is asked at 1 first, then at ever lower levels as the shift says, and the last step ends at 0."""
    cases, told = [], []
    remedy = "compare sigma_schedule and the sampler's loop with diffusion/: steps + 1 levels, each pair once"
    for steps, shift in ((patient.settings.sample.steps, patient.settings.sample.shift), (5, 3.0)):
        config = replace(patient.settings.sample, steps=steps, shift=shift, guidance=PLAIN, method="euler")
        visited: list[float] = []

        def network(noisy: Tensor, sigma: Tensor, text: Any, visited: list[float] = visited) -> Tensor:
            visited.append(float(sigma[0]))
            return torch.ones_like(noisy)  # dx / dsigma = 1: x moves by as much as sigma does

        end = 1 + float(patient.sample(network, None, None, torch.zeros(1, 1, 1, 1, 1), config))
        even = [1 - i / steps for i in range(steps)]
        expected = [shift * s / (1 + (shift - 1) * s) for s in even]  # arXiv:2403.03206 eq. 23
        worst = max((abs(a - b) for a, b in zip(visited, expected, strict=False)), default=1.0)
        measured = (
            f"{len(visited)} of {steps} levels, {visited[0]:.3f} to {visited[-1]:.3f}, then {end:.3f}; "
            f"{worst:.0e} from the schedule of shift {shift:g}"
        )
        told.append(measured)
        cases += [
            (len(visited) != steps, measured, "another number of steps was taken than asked for", remedy),
            (abs(visited[0] - 1) > 1e-4, measured, "sampling does not begin at pure noise", remedy),
            (
                abs(end) > 1e-4,
                measured,
                "sampling does not end at sigma 0: noise is left, or too much is taken away",
                remedy,
            ),
            (worst > 1e-4, measured, "levels are not those of the steps and the shift asked for", remedy),
        ]
    return first_found(cases, "; ".join(told))


def gaussian_is_reproduced(patient: Patient) -> Finding:
    """Through the exact velocity of a Gaussian each sampler ends where the flow does, with its order of convergence."""
    mean, deviation = 1.5, 0.5

    def network(x: Tensor, sigma: Tensor, text: Any) -> Tensor:
        s = sigma.view(-1, 1).double()
        total = ((1 - s) * deviation) ** 2 + s**2
        clean = mean + (1 - s) * deviation**2 / total * (x - (1 - s) * mean)
        return (x - clean) / s.clamp_min(1e-12)

    noise = torch.randn(64, 1, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    exact = mean + deviation * noise
    wrong, told = [], []
    for method in patient.samplers:
        errors, off = [], 0.0
        for steps in (32, 64):
            config = SampleConfig(steps=steps, shift=1.0, guidance=PLAIN, method=method)
            drawn = patient.sample(network, None, None, noise, config)
            errors.append(float((drawn - exact).abs().max()))
            if method in ORDERS:
                off = float((drawn - reference(network, noise, steps, second=method == "heun")).abs().max())
        order = math.log2(errors[0] / max(errors[1], 1e-12))
        told.append(f"{method} {errors[1]:.1e} after 64 steps, order {order:.2f}, {off:.0e} from the algorithm")
        if errors[1] > 0.1 or off > 1e-5 or (method in ORDERS and abs(order - ORDERS[method]) > 0.35):
            wrong.append(method)
    return verdict(
        bool(wrong),
        "; ".join(told),
        f"{', '.join(wrong)} does not follow the flow: a level is off by one, or the velocity is used at another level",
        "compare the sampler with arXiv:2206.00364 algorithm 1: the velocity at sigma now, the step to sigma then",
    )


def reference(network: Any, x: Tensor, steps: int, *, second: bool) -> Tensor:
    """Euler's steps from level 1 to 0, or, with `second`, Heun's (arXiv:2206.00364 alg. 1), written out once more."""
    for step in range(steps):
        now, then = 1 - step / steps, 1 - (step + 1) / steps
        slope = network(x, torch.full((len(x),), now), None)
        ahead = x + (then - now) * slope
        if second and step < steps - 1:
            slope = (slope + network(ahead, torch.full((len(x),), then), None)) / 2
        x = x + (then - now) * slope
    return x


def guidance_points_away(patient: Patient) -> Finding:
    """At scale g and velocities a (caption) and b (empty), x moves by -(b + g (a - b)), within the interval only."""
    a, b = 1.0, 3.0

    def network(noisy: Tensor, sigma: Tensor, text: float) -> Tensor:
        return torch.full_like(noisy, text)

    def move(scale: float, interval: tuple[float, float] = (0.0, 1.0)) -> float:
        config = SampleConfig(steps=8, shift=1.0, guidance=Guidance(scale=scale, interval=interval))
        return float(patient.sample(network, a, b, torch.zeros(1, 1), config))

    cases = {2.5: -(b + 2.5 * (a - b)), 1.0: -a, 0.0: -b}
    got = {scale: move(scale) for scale in cases}
    partly = move(2.5, (0.5, 1.0))
    # levels 1, 7/8 … 1/2 are guided, 3/8 … 1/8 are not: 5 steps of 8
    expected = -(5 * (b + 2.5 * (a - b)) + 3 * a) / 8
    worst = max(abs(got[scale] - value) for scale, value in cases.items())
    measured = (
        f"moves {got[2.5]:+.2f} at scale 2.5, expected {cases[2.5]:+.2f}; {partly:+.2f} with an interval, "
        f"expected {expected:+.2f}"
    )
    swapped = abs(got[2.5] + (a + 2.5 * (b - a))) < 1e-3
    return first_found(
        [
            (
                swapped,
                measured,
                "caption and empty text are swapped: guidance leads away from the caption",
                "empty + scale * (caption - empty)",
            ),
            (
                worst > 1e-3 or abs(partly - expected) > 1e-3,
                measured,
                "guidance does not do what its scale and interval say",
                "empty + scale * (caption - empty)",
            ),
        ],
        measured,
    )


def samples_look_like_data(patient: Patient) -> Finding:
    """Drawn latents have about the deviation of the data's, differ between prompts, and repeat for a seed."""
    model = patient.model("average")
    need(patient.steps >= 50, "too little training to tell")
    batch = patient.batch(4)
    config = replace(patient.settings.sample, steps=min(8, patient.settings.sample.steps))
    noise = seeded_noise(tuple(batch.latents.shape), 0)
    drawn, again = (patient.draw(batch.captions, config, noise) for _ in range(2))
    data = sample_of(patient.cache(), 256)
    scale = float(drawn.std() / data.std())
    spread = float(drawn.std(0).mean() / data.std(0).mean())
    measured = f"deviation {scale:.2f} times the data's, between prompts {spread:.2f} times"
    repeats = torch.equal(drawn, again)
    assert not model.training
    return first_found(
        [
            (
                not bool(torch.isfinite(drawn).all()),
                measured,
                "samples are NaN or infinite",
                "look at weights_are_finite and at the sampler",
            ),
            (
                not repeats,
                "one seed drew two different samples",
                "sampling draws noise of its own, or the model is in training mode",
                "seed every draw; call eval()",
            ),
            (
                not 0.3 < scale < 3.0,
                measured,
                "samples are far too faint or too strong",
                "compare the sampler's levels, guidance and the latents' statistics with training's",
            ),
            (
                spread < 0.15,
                measured,
                "every prompt and seed gives the same picture: the model has collapsed",
                "look at text_is_heard, and at distillation if there was one",
            ),
        ],
        measured,
    )
