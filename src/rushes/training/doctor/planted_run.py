"""Bugs to be planted in model, sampler and log. Each function changes a patient as its bug would."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import torch
import torch.nn as nn
from torch import Tensor

from rushes.diffusion.guidance import guided
from rushes.diffusion.sample import SampleConfig
from rushes.diffusion.sampler import SAMPLERS
from rushes.diffusion.timesteps import sigma_schedule
from rushes.training.doctor.patient import Patient
from rushes.training.doctor.planted_learning import settings

# Model


def never_loaded(patient: Patient) -> None:
    """The checkpoint was not loaded: weights are random."""
    for which in ("raw", "average"):
        patient.models[which] = copy.deepcopy(patient.model("fresh"))


def video_from_nothing(patient: Patient) -> None:
    """The video stage began with random weights instead of those of images."""
    for row, first in zip(patient.logs["video"], patient.logs["image"], strict=False):
        row["loss"] = first["loss"]
    raw, begun, fresh = (dict(patient.model(w).named_parameters()) for w in ("raw", "begun", "fresh"))
    with torch.no_grad():
        for name, p in raw.items():
            p.add_(fresh[name] - begun[name])


def deaf(patient: Patient) -> None:
    """The network hears no word."""
    for model in patient.models.values():
        model.encoder.register_forward_hook(lambda module, given, out: (torch.zeros_like(out[0]), out[1]))


def blind_to_first(patient: Patient) -> None:
    """The picture that a clip should begin with does not reach the network."""

    def drop(module: nn.Module, given: Any, named: dict[str, Any]) -> Any:
        return given, named | {"first": None, "has_first": None}

    for model in patient.models.values():
        model.denoiser.register_forward_pre_hook(drop, with_kwargs=True)


def block_frozen(patient: Patient) -> None:
    """A block never trained."""
    start = dict(patient.model("begun").named_parameters())
    with torch.no_grad():
        for name, p in patient.model("raw").named_parameters():
            if ".blocks.1." in name and "encoder." not in name:
                p.copy_(start[name])


def padding_is_read(patient: Patient) -> None:
    """The mask of padding is lost: how long other captions are changes a clip."""
    for model in patient.models.values():
        model.encoder.register_forward_hook(lambda module, given, out: (out[0], torch.ones_like(out[1])))


def old_export(patient: Patient) -> None:
    """The weights that ship are of an earlier state."""
    patient.models["shipped"] = copy.deepcopy(patient.model("begun"))


def old_decoder_ships(patient: Patient) -> None:
    """The decoder that ships is of an earlier state."""
    with torch.no_grad():
        for p in patient.tokenizers["shipped"].decoder.parameters():
            p.mul_(0.98)


def other_words_ship(patient: Patient) -> None:
    """The exported vocabulary has its words in another order."""
    shipped = patient.model("shipped")
    told = shipped.encoder.config
    shipped.encoder.config = replace(told, vocabulary=(*told.vocabulary[:3], *told.vocabulary[:2:-1]))


def ships_at_another_speed(patient: Patient) -> None:
    """The exported model says twice the frames a second, and another shift of its sampler."""
    assert patient.info is not None
    patient.info = replace(patient.info, fps=2 * patient.info.fps, shift=6.0)


def weights_in_bfloat16(patient: Patient) -> None:
    """Weights are kept in bfloat16 while they are trained."""
    with torch.no_grad():
        for p in patient.model("raw").parameters():
            p.copy_(p.bfloat16())


def deaf_to_level(patient: Patient) -> None:
    """The level of noise reaches the linear guess, but not the network."""
    for model in patient.models.values():
        model.denoiser.time.register_forward_hook(lambda module, given, out: torch.zeros_like(out))


def nan_weights(patient: Patient) -> None:
    """A weight of the average is NaN."""
    next(patient.model("average").parameters()).data.view(-1)[0] = float("nan")


# Sampling


def _sampled(
    patient: Patient, levels: Callable[[SampleConfig], Tensor], method: Any = None, swap: bool = False
) -> None:
    def sample(network: Any, text: Any, none: Any, noise: Tensor, config: SampleConfig, **watch: Any) -> Tensor:
        def velocity(noisy: Tensor, sigma: float, given: Any) -> Tensor:
            return network(noisy, torch.full((len(noisy),), sigma), given)

        field = guided(velocity, none if swap else text, text if swap else none, config.guidance)
        return (method or SAMPLERS[config.method])(field, noise, levels(config))

    patient.sample = sample


def _honest(config: SampleConfig) -> Tensor:
    return sigma_schedule(config.steps, config.shift)


def ends_before_zero(patient: Patient) -> None:
    """The last step does not reach sigma 0."""
    _sampled(patient, lambda config: sigma_schedule(config.steps + 1, config.shift)[:-1])


def begins_after_one(patient: Patient) -> None:
    """The first level is not 1."""
    _sampled(patient, lambda config: sigma_schedule(config.steps + 1, config.shift)[1:])


def level_repeated(patient: Patient) -> None:
    """A level is visited twice, the next one is left out."""

    def levels(config: SampleConfig) -> Tensor:
        sigmas = _honest(config)
        sigmas[2] = sigmas[1]
        return sigmas

    _sampled(patient, levels)


def sampler_unshifted(patient: Patient) -> None:
    """The sampler forgets the shift."""
    settings(patient, shift=3.0, sample=replace(patient.settings.sample, shift=3.0))
    _sampled(patient, lambda config: sigma_schedule(config.steps, 1.0))


def velocity_of_the_next_level(patient: Patient) -> None:
    """The sampler asks the network at the level that it steps to, with what lies at the level before."""

    def euler(field: Any, noise: Tensor, sigmas: Tensor) -> Tensor:
        x, levels = noise, sigmas.tolist()
        for now, then in pairwise(levels):
            x = x + (then - now) * field(x, max(then, 1e-3))
        return x

    _sampled(patient, _honest, euler)


def guidance_swapped(patient: Patient) -> None:
    """Caption and empty text are swapped under guidance."""
    _sampled(patient, _honest, swap=True)


def collapsed(patient: Patient) -> None:
    """Whatever is asked for, one picture is drawn."""
    honest = patient.sample

    def sample(*given: Any, **named: Any) -> Tensor:
        drawn = honest(*given, **named)
        return drawn[:1] + 0.01 * (drawn - drawn[:1])

    patient.sample = sample


# Log


@dataclass(frozen=True)
class Rows:
    """Changes rows of the examined stage's log, repeated to at least 40 so that a curve can be seen."""

    change: Callable[[int, int, dict[str, Any]], dict[str, Any]]  # row number, rows, row

    def __call__(self, patient: Patient) -> None:
        assert patient.stage is not None
        rows = [dict(row) for row in patient.logs[patient.stage]]
        last, each = rows[-1], max(1, int(rows[0]["step"]))
        while len(rows) < 40:
            rows.append(last | {"step": rows[-1]["step"] + each, "seconds": rows[-1]["seconds"] + 1})
        patient.logs[patient.stage] = [row | self.change(i, len(rows), row) for i, row in enumerate(rows)]


def rate_restarted(patient: Patient) -> None:
    """After a resume the learning rate warmed up anew."""
    top = patient.loop.optimiser.lr
    Rows(lambda i, n, row: {"lr": top * (1 - i / n) if i < n // 2 else top * min(1, (i - n // 2 + 1) / 5)})(patient)


def log_goes_back(patient: Patient) -> None:
    """The step began at 0 again."""
    Rows(lambda i, n, row: {"step": row["step"] if i < n // 2 else (i - n // 2 + 1)})(patient)


def loss_became_nan(patient: Patient) -> None:
    """The loss is NaN from the middle on."""
    Rows(lambda i, n, row: {"loss": row["loss"] if i < n // 2 else float("nan")})(patient)


def critic_explodes(patient: Patient) -> None:
    """The loss of a critic grows a thousandfold."""
    Rows(lambda i, n, row: {"critic": 0.7 * 1000 ** (i / n)})(patient)


def gradient_blows_up(patient: Patient) -> None:
    """One step has a gradient of a million."""
    Rows(lambda i, n, row: {"grad": 1e6 if i == n // 2 else row["grad"]})(patient)


def loss_rises(patient: Patient) -> None:
    """The loss climbs through the second half."""
    Rows(lambda i, n, row: {"loss": 1.0 + 0.01 * (i % 3) + max(0, i / n - 0.5)})(patient)


def always_clipped(patient: Patient) -> None:
    """Each step's gradient is a hundred times longer than is let through."""
    Rows(lambda i, n, row: {"grad": 100 * patient.loop.optimiser.clip * (1 + 0.1 * (i % 5))})(patient)


def gradient_is_zero(patient: Patient) -> None:
    """No gradient reaches the weights."""
    Rows(lambda i, n, row: {"grad": 0.0})(patient)


def trained_at_another_rate(patient: Patient) -> None:
    """The learning rate was a tenth of the recipe's."""
    Rows(lambda i, n, row: {"lr": 0.1 * row["lr"]})(patient)


PLANTED: dict[str, list[Callable[[Patient], None]]] = {
    "it learned": [never_loaded],
    "start is inherited": [video_from_nothing],
    "text is heard": [deaf],
    "first frame is used": [blind_to_first],
    "every weight moved": [block_frozen],
    "clips stay apart": [padding_is_read],
    "level and clock are heard": [deaf_to_level],
    "what ships is what was trained": [old_export, old_decoder_ships],
    "what ships says how it draws": [other_words_ship, ships_at_another_speed],
    "weights have digits": [weights_in_bfloat16],
    "weights are finite": [nan_weights],
    "levels are right": [ends_before_zero, begins_after_one, level_repeated, sampler_unshifted],
    "gaussian is reproduced": [velocity_of_the_next_level],
    "guidance points away": [guidance_swapped],
    "samples look like data": [collapsed],
    "rate is not restarted": [rate_restarted, trained_at_another_rate],
    "log goes on": [log_goes_back, loss_became_nan],
    "nothing explodes": [critic_explodes, gradient_blows_up],
    "loss falls": [loss_rises],
    "gradients are alive": [always_clipped, gradient_is_zero],
}
