"""Bugs to be planted in objective, optimiser, average and loop. Each function changes a patient as its bug would."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
import torch.nn as nn
from torch import Tensor

from rushes.diffusion.flow import flow_loss, interpolate
from rushes.diffusion.timesteps import draw_sigmas
from rushes.training.denoiser_stage import DenoiserStage, denoiser_objective
from rushes.training.doctor.patient import Patient
from rushes.training.ema import Ema
from rushes.training.latents import LatentBatch
from rushes.training.loop import Objective, Run, open_run, train
from rushes.training.optimiser import OptimiserConfig, learning_rate, make_optimiser

# Objective


def settings(patient: Patient, **changes: Any) -> None:
    patient.recipe = replace(
        patient.recipe,
        image_stage=replace(patient.recipe.image_stage, **changes),
        video_stage=replace(patient.recipe.video_stage, **changes),
    )


class Between(nn.Module):
    """Stands between the objective and the network, and changes what passes."""

    def __init__(self, inner: nn.Module, *, encode: Any = None, call: Any = None) -> None:
        super().__init__()
        self.inner, self._encode, self._call = inner, encode, call

    def encode(self, texts: list[str]) -> Any:
        return self._encode(self.inner, texts) if self._encode else self.inner.encode(texts)  # type: ignore[operator]

    def forward(self, noisy: Tensor, sigma: Tensor, text: Any, **given: Any) -> Tensor:
        if self._call is not None:
            noisy, sigma, given = self._call(noisy, sigma, given)
        answer: Tensor = self.inner(noisy, sigma, text, **given)
        return answer


def _between(patient: Patient, **changes: Any) -> None:
    def make(stage: DenoiserStage, seconds: float) -> Objective:
        honest = denoiser_objective(stage, seconds)
        return lambda module, batch, generator: honest(Between(module, **changes), batch, generator)

    patient.make_objective = make


def shift_not_wired(patient: Patient) -> None:
    """The recipe asks for a shift of 3, the objective draws levels without one."""
    sample = replace(patient.settings.sample, shift=3.0)
    settings(patient, shift=3.0, sample=sample)
    patient.make_objective = lambda stage, seconds: denoiser_objective(replace(stage, shift=1.0), seconds)


def sampled_elsewhere(patient: Patient) -> None:
    """Levels are sampled with a shift of 6, trained on without one."""
    settings(patient, shift=1.0, sample=replace(patient.settings.sample, shift=6.0))


def captions_all_dropped(patient: Patient) -> None:
    """Every caption is left out."""
    patient.make_objective = lambda stage, seconds: denoiser_objective(replace(stage, dropout=1.0), seconds)


def captions_never_dropped(patient: Patient) -> None:
    """No caption is left out, though guidance needs the empty text."""
    settings(patient, dropout=0.0)


def captions_turned_in_objective(patient: Patient) -> None:
    """Texts reach the network in another order than clips."""
    _between(patient, encode=lambda inner, texts: inner.encode(texts[1:] + texts[:1]))


def target_reversed(patient: Patient) -> None:
    """The network is taught clean - noise."""

    def make(stage: DenoiserStage, seconds: float) -> Objective:
        def objective(module: Any, batch: LatentBatch, generator: torch.Generator) -> dict[str, Tensor]:
            clean = batch.latents
            sigma = torch.sigmoid(torch.randn(len(clean), generator=generator))
            noise = torch.randn(clean.shape, generator=generator)
            s = sigma.view(-1, 1, 1, 1, 1)
            predicted = module((1 - s) * clean + s * noise, sigma, module.encode(batch.captions), seconds=seconds)
            return {"loss": (predicted - (clean - noise)).square().mean()}

        return objective

    patient.make_objective = make


def level_of_another_clip(patient: Patient) -> None:
    """The network is told the level of noise of the next clip."""
    _between(patient, call=lambda noisy, sigma, given: (noisy, sigma.roll(1), given))


def noise_too_weak(patient: Patient) -> None:
    """Noise is mixed in at 90% of its deviation."""
    _between(patient, call=lambda noisy, sigma, given: (0.9 * noisy, sigma, given))


def one_noise_for_all(patient: Patient) -> None:
    """Every clip of every step gets the same noise."""

    def make(stage: DenoiserStage, seconds: float) -> Objective:
        honest = denoiser_objective(stage, seconds)
        return lambda module, batch, generator: honest(module, batch, generator.manual_seed(0))

    patient.make_objective = make


def _mixing(patient: Patient, *, noise: Any = None, texts: Any = None, counts: Any = None) -> None:
    """Puts an objective of our own in the place of the honest one, with a part of it replaced.

    noise: clean, generator -> noise, both (B, T, C, h, w); texts: captions, sigma (B,), share to leave out -> captions;
    counts: sigma (B,) -> what each clip's loss is multiplied by.
    """

    def make(stage: DenoiserStage, seconds: float) -> Objective:
        def objective(module: Any, batch: LatentBatch, generator: torch.Generator) -> dict[str, Tensor]:
            clean = batch.latents
            sigma = draw_sigmas(len(clean), generator, shift=stage.shift)
            drawn = noise(clean, generator) if noise else torch.randn(clean.shape, generator=generator)
            told = texts(batch.captions, sigma, stage.dropout) if texts else batch.captions
            predicted = module(interpolate(clean, drawn, sigma), sigma, module.encode(told), seconds=seconds)
            losses = flow_loss(predicted, clean, drawn)
            return {"loss": (losses * counts(sigma) if counts else losses).mean()}

        return objective

    patient.make_objective = make


def noise_shared_by_frames(patient: Patient) -> None:
    """Every frame of a clip gets the noise of its first."""
    _mixing(patient, noise=lambda clean, draws: torch.randn(clean[:, :1].shape, generator=draws).expand_as(clean))


def words_only_at_high_noise(patient: Patient) -> None:
    """Captions are left out of the clips that got the least noise, not of any."""

    def told(captions: list[str], sigma: Tensor, dropout: float) -> list[str]:
        left_out = sigma.argsort().argsort() < dropout * len(sigma)
        return ["" if out else caption for out, caption in zip(left_out.tolist(), captions, strict=True)]

    _mixing(patient, texts=told)


def high_noise_left_out(patient: Patient) -> None:
    """The loss does not count clips with more than 70% of noise."""
    _mixing(patient, counts=lambda sigma: sigma < 0.7)


def level_in_bfloat16(patient: Patient) -> None:
    """The network is told the level of noise rounded to bfloat16."""
    _between(patient, call=lambda noisy, sigma, given: (noisy, sigma.bfloat16().float(), given))


def first_of_another_clip(patient: Patient) -> None:
    """The first frame that is given belongs to another clip."""
    _between(
        patient,
        call=lambda x, s, given: (
            x,
            s,
            given | {"first": given["first"].roll(1, 0)} if given.get("first") is not None else given,
        ),
    )


def moment_off_by_one(patient: Patient) -> None:
    """A moment of a clip is said to be one latent frame later than it is."""
    _between(patient, call=lambda x, s, given: (x, s, given | {"start": given["start"] + given["seconds"]}))


def seconds_as_frames(patient: Patient) -> None:
    """The network is told seconds between frames, not between latent frames."""
    _between(patient, call=lambda x, s, given: (x, s, given | {"seconds": given["seconds"] / 4}))


# Optimiser, average and loop


def text_detached(patient: Patient) -> None:
    """The text encoder gets no gradient."""
    _between(patient, encode=lambda inner, texts: tuple(part.detach() for part in inner.encode(texts)))


def _groups(patient: Patient, change: Callable[[torch.optim.Optimizer], None]) -> None:
    def make(module: nn.Module, config: OptimiserConfig) -> torch.optim.Optimizer:
        optimiser = make_optimiser(module, config)
        change(optimiser)
        return optimiser

    patient.make_optimiser = make


def optimiser_lacks_some(patient: Patient) -> None:
    """Two parameters are in no group of the optimiser."""
    _groups(patient, lambda optimiser: optimiser.param_groups[-1]["params"].__delitem__(slice(0, 2)))


def norms_decayed(patient: Patient) -> None:
    """Weight decay acts on norms and biases."""

    def decay(optimiser: torch.optim.Optimizer) -> None:
        for group in optimiser.param_groups:
            group["weight_decay"] = 0.1

    _groups(patient, decay)


class DeadEma(Ema):
    """Never follows."""

    def update(self, module: nn.Module, step: int) -> None:
        return


class StiffEma(Ema):
    """Follows ten times too slowly."""

    def __init__(self, module: nn.Module, decay: float) -> None:
        super().__init__(module, 1 - (1 - decay) / 10)


def average_never_updated(patient: Patient) -> None:
    """The loop's average is never updated."""
    patient.make_average = DeadEma


def average_too_slow(patient: Patient) -> None:
    """The average follows at a tenth of the configured rate."""
    patient.make_average = StiffEma


class CoarseEma(Ema):
    """Kept in bfloat16."""

    @torch.no_grad()
    def update(self, module: nn.Module, step: int) -> None:
        super().update(module, step)
        for kept in self.shards:
            kept.copy_(kept.bfloat16())


def average_in_bfloat16(patient: Patient) -> None:
    """The average is kept in bfloat16, where small steps are rounded away."""
    patient.make_average = CoarseEma


def average_of_the_start(patient: Patient) -> None:
    """The run's averaged weights are those that its stage began with."""
    patient.models["average"] = copy.deepcopy(patient.model("begun"))


def average_is_a_copy(patient: Patient) -> None:
    """The run's averaged weights are the last ones."""
    patient.models["average"] = copy.deepcopy(patient.model("raw"))


def moments_lost(patient: Patient) -> None:
    """The optimiser's moments are not restored when a run is resumed."""

    def opened(*arguments: Any) -> Run:
        run = open_run(*arguments)
        run.optimiser.state.clear()
        return run

    patient.open_run = opened


def gradients_pile_up(patient: Patient) -> None:
    """Gradients are not set to zero between steps."""

    def opened(*arguments: Any) -> Run:
        run = open_run(*arguments)
        run.optimiser.zero_grad = lambda set_to_none=True: None  # type: ignore[method-assign]
        return run

    patient.open_run = opened


def climbs(patient: Patient) -> None:
    """The gradient of the loss is followed upwards."""

    def trained(run: Run, objective: Objective, *others: Any) -> bool:
        def reversed_(module: Any, batch: Any, generator: torch.Generator) -> dict[str, Tensor]:
            values = objective(module, batch, generator)
            return values | {"loss": -values["loss"]}

        return train(run, reversed_, *others)

    patient.train = trained


def rate_never_set(patient: Patient) -> None:
    """The learning rate of the schedule is logged, but the optimiser keeps its highest."""

    def opened(*arguments: Any) -> Run:
        run = open_run(*arguments)
        step, rates = run.optimiser.step, [group["lr"] for group in run.optimiser.param_groups]

        def at_full_rate() -> None:
            for group, rate in zip(run.optimiser.param_groups, rates, strict=True):
                group["lr"] = rate
            step()

        run.optimiser.step = at_full_rate  # type: ignore[method-assign, assignment]
        return run

    patient.open_run = opened


def breaks_at_zero(patient: Patient) -> None:
    """Somewhere the network divides by the level of noise."""

    def divide(module: nn.Module, given: Any, out: Tensor) -> Tensor:
        sigma = given[1].view(-1, 1, 1, 1, 1)
        return out * (sigma / sigma)

    patient.model("raw").register_forward_hook(divide)


def rate_rises_again(patient: Patient) -> None:
    """The schedule warms up anew half way."""
    patient.learning_rate = lambda config, step, progress: learning_rate(config, step % 500, progress)


def count_of_steps_restarted(patient: Patient) -> None:
    """The optimiser's count of steps began anew when the run was resumed."""
    assert patient.stage is not None
    for group in patient.states[patient.stage]["groups"]:
        group["t"] = int(group["t"]) // 2


PLANTED: dict[str, list[Callable[[Patient], None]]] = {
    "shift is wired in": [shift_not_wired],
    "training meets sampling": [sampled_elsewhere],
    "captions are dropped": [
        captions_all_dropped,
        captions_never_dropped,
        captions_turned_in_objective,
        words_only_at_high_noise,
    ],
    "target is the velocity": [
        target_reversed,
        level_of_another_clip,
        level_in_bfloat16,
        high_noise_left_out,
    ],
    "noise is normal": [noise_too_weak, one_noise_for_all, noise_shared_by_frames],
    "first frame is given": [first_of_another_clip],
    "clock is right": [moment_off_by_one, seconds_as_frames],
    "gradients reach all": [text_detached],
    "optimiser holds all": [optimiser_lacks_some, norms_decayed],
    "average follows": [average_never_updated, average_too_slow, average_in_bfloat16],
    "average is alive": [average_of_the_start, average_is_a_copy],
    "resume is exact": [moments_lost],
    "steps do their work": [gradients_pile_up, climbs, rate_never_set],
    "bf16 is finite": [breaks_at_zero],
    "schedule is sane": [rate_rises_again],
    "checkpoint fits": [count_of_steps_restarted],
}
