"""Checks of the objective: called with a network that writes down what it is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
import torch.nn as nn
from torch import Tensor

from rushes.diffusion.timesteps import draw_sigmas, shifted
from rushes.training.doctor.finding import Finding, Skip, first_found, need, verdict
from rushes.training.doctor.patient import Patient
from rushes.training.doctor.statistics import SIGMAS, kolmogorov, leaning, share
from rushes.training.latents import LatentBatch

CALLS, CLIPS = 64, 32  # of the objective, and of small made-up latents in each
AXES = ("frames", "channels", "rows", "columns")  # of latents (B, T, C, h, w), after the first
PROBE = 3.0  # times the configured shift, to see whether it has an effect


class Spy(nn.Module):
    """Stands in for the denoiser: answers with `answer(noisy, sigma)` and keeps what it was called with."""

    def __init__(self, answer: Callable[[Tensor, Tensor], Tensor]) -> None:
        super().__init__()
        self.answer = answer
        self.texts: list[list[str]] = []
        self.calls: list[tuple[Tensor, Tensor, dict[str, Any]]] = []
        self.weight = nn.Parameter(torch.zeros(()))

    def encode(self, texts: list[str]) -> tuple[Tensor, Tensor]:
        self.texts.append(list(texts))
        return torch.zeros(len(texts), 1, 1), torch.ones(len(texts), 1, dtype=torch.bool)

    def forward(self, noisy: Tensor, sigma: Tensor, text: Any, **given: Any) -> Tensor:
        self.calls.append((noisy.detach(), sigma.detach(), given))
        answer: Tensor = self.answer(noisy, sigma) + 0 * self.weight
        return answer


@dataclass(frozen=True, kw_only=True)
class Observed:
    """What the network was given over many calls of the objective, and what came out."""

    clean: Tensor  # (N, T, C, h, w)
    noise: Tensor  # (N, T, C, h, w), read off the noisy latents
    sigma: Tensor  # (N,)
    dropped: Tensor  # (N,) whether the text was empty
    changed: int  # texts that are neither empty nor the clip's caption
    first: list[Tensor | None]  # what was given as first frame, by call
    has_first: Tensor | None  # (N,)
    given: list[dict[str, Any]]  # other arguments, by call
    losses: list[float]  # with a network that knows the answer


def observe(patient: Patient, off: float = 0.0, **changes: Any) -> Observed:
    """Call the objective on made-up latents of two frames, with the stage's settings or some `changes` of them.

    The network answers with the true velocity, `off` by so much.
    """
    need(patient.stage is not None, "no denoiser is trained yet")
    cleans, noises, sigmas, losses, firsts, flags, given = [], [], [], [], [], [], []
    dropped: list[bool] = []
    changed = 0
    channels = patient.recipe.denoiser.channels
    objective = patient.make_objective(replace(patient.settings, **changes), patient.seconds())
    for step in range(CALLS):
        own = torch.Generator().manual_seed(1_000 + step)
        clean = torch.randn(CLIPS, 2, channels, 2, 2, generator=own)
        captions = [f"clip {step} {i}" for i in range(CLIPS)]

        def answer(noisy: Tensor, sigma: Tensor, clean: Tensor = clean) -> Tensor:
            s = sigma.view(-1, 1, 1, 1, 1)
            return (noisy - clean) / s.clamp_min(1e-6) + off  # noise - clean, if sigma is the level of `noisy`

        spy = Spy(answer)
        generator = torch.Generator().manual_seed(step)
        torch.manual_seed(step)
        values = objective(spy, LatentBatch(latents=clean, captions=captions), generator)
        if len(spy.calls) != 1 or len(spy.texts) != 1:
            raise Skip(f"the objective calls the network {len(spy.calls)} times a step: another kind of objective")
        noisy, sigma, more = spy.calls[0]
        s = sigma.view(-1, 1, 1, 1, 1)
        cleans.append(clean)
        noises.append((noisy - (1 - s) * clean) / s.clamp_min(1e-6))
        sigmas.append(sigma)
        losses.append(float(values["loss"].detach()))
        for text, caption in zip(spy.texts[0], captions, strict=True):
            dropped.append(text == "")
            changed += text not in ("", caption)
        firsts.append(more.get("first"))
        if more.get("has_first") is not None:
            flags.append(more["has_first"].float())
        given.append(more)
    return Observed(
        clean=torch.cat(cleans),
        noise=torch.cat(noises),
        sigma=torch.cat(sigmas),
        dropped=torch.tensor(dropped),
        changed=changed,
        first=firsts,
        has_first=torch.cat(flags) if flags else None,
        given=given,
        losses=losses,
    )


def shift_is_wired_in(patient: Patient) -> Finding:
    """Noise levels are drawn as the configured shift says, and follow when it is changed (Kolmogorov-Smirnov)."""
    cases, told = [], []
    for shift in (patient.settings.shift, patient.settings.shift * PROBE):
        drawn = observe(patient, shift=shift).sigma
        expected = draw_sigmas(20 * len(drawn), torch.Generator().manual_seed(1), shift=shift)
        gap, middle = kolmogorov(drawn, expected), float(drawn.median())
        looks = middle / max(1 - middle, 1e-6)  # the shift that would give this median
        measured = (
            f"asked for a shift of {shift:g}, median level {middle:.3f} as of {looks:.2f} (gap {gap:.1f}, 3 is certain)"
        )
        outside = float(drawn.min()) < 0 or float(drawn.max()) > 1
        cases += [
            (outside, measured, "levels of noise leave [0, 1]", "look at draw_sigmas"),
            (
                gap > 3.0,
                measured,
                "the levels trained on are not those that the recipe says",
                "hand stage.shift on to draw_sigmas",
            ),
        ]
        told.append(measured)
    return first_found(cases, "; ".join(told))


def training_meets_sampling(patient: Patient) -> Finding:
    """The sampler visits levels that training drew: its shift is within a factor of three of theirs."""
    drawn = observe(patient).sigma
    middle = float(drawn.median())
    trained, sampled = middle / (1 - middle), patient.settings.sample.shift
    levels = shifted(torch.linspace(1, 0, 9)[1:-1], sampled)
    rare = float(
        torch.stack(
            [(drawn > level).float().mean().clamp_max((drawn < level).float().mean()) for level in levels]
        ).min()
    )
    return verdict(
        not 1 / 3 <= sampled / trained <= 3.0,  # words want more noise in training than pictures in sampling
        (
            f"levels trained on as of a shift of {trained:.2f}, sampled at {sampled:g}; {rare:.1%} of draws lie "
            "beyond the outermost inner level"
        ),
        "the sampler spends its steps where training spent little",
        "bring stage.shift and stage.sample.shift nearer to each other",
    )


def captions_are_dropped(patient: Patient) -> Finding:
    """As many captions reach the network empty as the recipe says, at any level; the others unchanged at their clip."""
    seen = observe(patient)
    total, asked, empty = CALLS * CLIPS, patient.settings.dropout, int(seen.dropped.sum())
    off = share(empty, total, asked)
    measured = f"{empty / total:.1%} of {total} captions left out, configured {asked:.1%} ({off:+.1f} deviations)"
    remedy = "follow stage.dropout to where texts are emptied"
    guided = patient.settings.sample.guidance.scale != 1
    probed = observe(patient, dropout=0.5)
    there = int(probed.dropped.sum())
    deaf, tied = share(there, total, 0.5), leaning(probed.dropped, probed.sigma)
    return first_found(
        [
            (
                seen.changed > 0,
                f"{seen.changed} of {total} texts are neither empty nor their clip's caption",
                "captions reach the network changed or at another clip",
                remedy,
            ),
            (empty == total, measured, "the model never reads a caption", remedy),
            (
                empty == 0 and guided,
                measured,
                "the model never sees the empty text that guidance leads away from",
                "set DenoiserStage.dropout to about 0.1",
            ),
            (abs(off) > SIGMAS, measured, "captions are left out at another rate", remedy),
            (
                abs(deaf) > SIGMAS,
                f"at a dropout of 50% {there / total:.1%} are left out",
                "the rate that captions are left out at does not follow the recipe",
                remedy,
            ),
            (
                abs(tied) > SIGMAS,
                f"captions are left out at {'higher' if tied > 0 else 'lower'} levels of noise than others, by "
                f"{abs(tied):.1f} deviations",
                "with and without words the model learns other levels; guidance compares the two at each level",
                "draw whose caption is left out apart from the levels of noise",
            ),
        ],
        measured,
    )


def target_is_the_velocity(patient: Patient) -> Finding:
    """A network that knows noise - clean has a loss of 0, and off by 1 everywhere one of 1, whatever the levels."""
    worst = max(abs(loss) for loss in observe(patient).losses)
    beside = torch.tensor(observe(patient, off=1.0).losses)
    measured = (
        f"loss of the true velocity: {worst:.1e} at most; of one that is off by 1: {float(beside.min()):.3f} to "
        f"{float(beside.max()):.3f}"
    )
    return first_found(
        [
            (
                worst > 1e-2,
                measured,
                (
                    "the loss asks for something else than noise - clean of these latents at this level (sign, level, "
                    "or clip mixed up)"
                ),
                (
                    "compare interpolate, velocity and flow_loss with diffusion/flow.py, and the sigma that the "
                    "network is given with the one mixed at"
                ),
            ),
            (
                worst > 1e-6,
                measured,
                "the level that the network is told is a rounded one of the level mixed at",
                "keep levels in float32 from where they are drawn to the network: no bfloat16, no whole timesteps",
            ),
            (
                bool((beside - 1).abs().max() > 0.05),
                measured,
                "the loss is no mean square of the error: some levels, frames or channels count more, or not at all",
                "take the mean of (predicted - (noise - clean))^2 over everything, with no weight and no mask",
            ),
        ],
        measured,
    )


def noise_is_normal(patient: Patient) -> Finding:
    """The noise in noisy latents is normal of deviation 1, independent between clips, within one, and of the clean."""
    seen = observe(patient)
    sharp = seen.sigma > 0.2  # below, it can't be read off exactly
    noise, clean = seen.noise[sharp].flatten(1), seen.clean[sharp].flatten(1)
    count = noise.numel()
    mean, power = float(noise.mean()) * count**0.5, (float(noise.square().mean()) - 1) * (count / 2) ** 0.5
    shape = kolmogorov(noise.flatten()[:20_000], torch.randn(50_000, generator=torch.Generator().manual_seed(2)))
    copies = len(noise) - len({row.numpy().tobytes() for row in (noise[:, :4] * 1e3).round()})
    tied = float((noise * clean).mean()) * count**0.5
    repeated = float((noise[1:] * noise[:-1]).mean()) * (count - noise.shape[1]) ** 0.5
    shared = {name: _shared(seen.noise[sharp], axis) for axis, name in enumerate(AXES, 1)}
    most = max(shared, key=lambda name: abs(shared[name]))
    measured = (
        f"deviation {float(noise.std()):.4f}, mean {mean:+.1f}, power {power:+.1f}, with clean {tied:+.1f}, "
        f"between clips {repeated:+.1f} deviations off"
    )
    remedy = "draw torch.randn of the latents' shape from the step's generator, and mix by `interpolate`"
    return first_found(
        [
            (
                max(abs(mean), abs(power), abs(tied), abs(repeated)) > SIGMAS + 1 or shape > 3.0,
                measured,
                (
                    "what is mixed into latents is not independent normal noise of deviation 1 at the level that the "
                    "network is told"
                ),
                remedy,
            ),
            (
                copies > 8,
                f"{copies} of {len(noise)} clips share their noise",
                "noise repeats over clips or steps",
                "seed the generator by the step, and draw for the whole batch",
            ),
            (
                abs(shared[most]) > SIGMAS + 1,
                f"{most} of a clip share their noise, by {shared[most]:+.1f} deviations",
                "the model learns to see through noise that sampling does not begin with",
                remedy,
            ),
        ],
        measured,
    )


def _shared(noise: Tensor, axis: int) -> float:
    """Deviations by which the mean over an axis of independent normal noise is too large (or too small) a number."""
    length = noise.shape[axis]
    if length < 2:
        return 0.0
    means = noise.mean(axis) * length**0.5
    return (float(means.square().mean()) - 1) * (means.numel() / 2) ** 0.5


def first_frame_is_given(patient: Patient) -> Finding:
    """The first latent frame is given, clean and of the same clip, to as many clips as the recipe says."""
    asked = patient.settings.first
    need(asked > 0, "the stage gives no first frame")
    seen = observe(patient)
    if seen.has_first is None or any(first is None for first in seen.first):
        return verdict(
            True, "no first frame reaches the network", "image to video is not trained", "hand first and has_first on"
        )
    firsts = torch.cat([first for first in seen.first if first is not None])
    apart = float((firsts[seen.has_first > 0] - seen.clean[seen.has_first > 0][:, :1]).abs().max())
    off = share(int(seen.has_first.sum()), len(seen.has_first), asked)
    tied = {
        "level of noise": leaning(seen.has_first > 0, seen.sigma),
        "caption": leaning(seen.has_first > 0, seen.dropped.float()),
    }
    most = max(tied, key=lambda name: abs(tied[name]))
    measured = (
        f"{float(seen.has_first.mean()):.1%} of clips, configured {asked:.1%} ({off:+.1f} deviations); "
        f"differs from the clip's by {apart:.1e}"
    )
    return first_found(
        [
            (
                apart > 1e-3,
                measured,
                "the frame given is not the clean first frame of its clip",
                "give latents[:, :1] of the batch",
            ),
            (abs(off) > SIGMAS, measured, "it is given at another rate", "follow stage.first"),
            (
                abs(tied[most]) > SIGMAS,
                f"whether it is given goes with the {most}, by {tied[most]:+.1f} deviations",
                "the model never learns the picture and the other of the two apart",
                "draw each of level, dropped caption and first frame on its own",
            ),
        ],
        measured,
    )


def clock_is_right(patient: Patient) -> Finding:
    """The network is told the seconds between latent frames, and when a moment of a clip is."""
    need(patient.stage is not None, "no denoiser is trained yet")
    channels = patient.recipe.denoiser.channels
    clip = torch.arange(5.0).view(1, 5, 1, 1, 1).expand(2, 5, channels, 2, 2).contiguous()
    batch = LatentBatch(latents=clip, captions=["a", "b"])
    wrong, told = [], []
    for index in (0, 1, 3):
        moment = batch.moment(index)
        spy = Spy(lambda noisy, sigma: noisy)
        patient.objective(spy, moment, torch.Generator().manual_seed(index))
        given = spy.calls[0][2]
        expected = (patient.seconds(), index * patient.seconds())
        told.append((given.get("seconds", 0.5), given.get("start", 0.0)))  # as the denoiser's own defaults
        shown = float(moment.latents.float().mean())
        if max(abs(a - b) for a, b in zip(told[-1], expected, strict=True)) > 1e-6:
            wrong.append(f"frame {index}: told {told[-1]}, is {expected}")
        elif shown != index or moment.latents.shape[1] != 1:
            wrong.append(f"moment {index} shows frame {shown:g}")
    return verdict(
        bool(wrong),
        wrong[0] if wrong else f"{patient.seconds():g} s between latent frames, moments start where they are",
        "the model learns motion at another speed, or at another second, than it is sampled at",
        "seconds = frames in a latent frame / fps; start = latent frames before x seconds",
    )
