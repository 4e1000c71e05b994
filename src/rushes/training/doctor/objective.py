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
from rushes.training.doctor.statistics import SIGMAS, kolmogorov, share
from rushes.training.latents import LatentBatch

CALLS, CLIPS = 64, 32  # of the objective, and of small made-up latents in each
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
    kept: int  # captions that came through
    dropped: int  # empty texts
    changed: int  # texts that are neither
    first: list[Tensor | None]  # what was given as first frame, by call
    has_first: Tensor | None  # (N,)
    given: list[dict[str, Any]]  # other arguments, by call
    losses: list[float]  # with a network that knows the answer


def observe(patient: Patient, **changes: Any) -> Observed:
    """Call the objective on made-up latents of two frames, with the stage's settings or some `changes` of them."""
    need(patient.stage is not None, "no denoiser is trained yet")
    cleans, noises, sigmas, losses, firsts, flags, given = [], [], [], [], [], [], []
    kept = dropped = changed = 0
    channels = patient.recipe.denoiser.channels
    objective = patient.make_objective(replace(patient.settings, **changes), patient.seconds())
    for step in range(CALLS):
        own = torch.Generator().manual_seed(1_000 + step)
        clean = torch.randn(CLIPS, 2, channels, 2, 2, generator=own)
        captions = [f"clip {step} {i}" for i in range(CLIPS)]

        def answer(noisy: Tensor, sigma: Tensor, clean: Tensor = clean) -> Tensor:
            s = sigma.view(-1, 1, 1, 1, 1)
            return (noisy - clean) / s.clamp_min(1e-6)  # noise - clean, if sigma is the level of `noisy`

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
            kept, dropped = kept + (text == caption), dropped + (text == "")
            changed += text not in ("", caption)
        firsts.append(more.get("first"))
        if more.get("has_first") is not None:
            flags.append(more["has_first"].float())
        given.append(more)
    return Observed(
        clean=torch.cat(cleans),
        noise=torch.cat(noises),
        sigma=torch.cat(sigmas),
        kept=kept,
        dropped=dropped,
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
    """The sampler visits levels that training drew: its shift is within a factor of two of that of the levels drawn."""
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
        not 0.5 <= sampled / trained <= 2.0,
        (
            f"levels trained on as of a shift of {trained:.2f}, sampled at {sampled:g}; {rare:.1%} of draws lie "
            "beyond the outermost inner level"
        ),
        "the sampler spends its steps where training spent little",
        "give stage.shift and stage.sample.shift the same value",
    )


def captions_are_dropped(patient: Patient) -> Finding:
    """As many captions reach the network empty as the recipe says, and the others unchanged, each at its clip."""
    seen = observe(patient)
    total, asked = CALLS * CLIPS, patient.settings.dropout
    off = share(seen.dropped, total, asked)
    measured = (
        f"{seen.dropped / total:.1%} of {total} captions left out, configured {asked:.1%} ({off:+.1f} deviations)"
    )
    remedy = "follow stage.dropout to where texts are emptied"
    guided = patient.settings.sample.guidance.scale != 1
    probed = observe(patient, dropout=0.5)
    deaf = share(probed.dropped, total, 0.5)
    return first_found(
        [
            (
                seen.changed > 0,
                f"{seen.changed} of {total} texts are neither empty nor their clip's caption",
                "captions reach the network changed or at another clip",
                remedy,
            ),
            (seen.dropped == total, measured, "the model never reads a caption", remedy),
            (
                seen.dropped == 0 and guided,
                measured,
                "the model never sees the empty text that guidance leads away from",
                "set DenoiserStage.dropout to about 0.1",
            ),
            (abs(off) > SIGMAS, measured, "captions are left out at another rate", remedy),
            (
                abs(deaf) > SIGMAS,
                f"at a dropout of 50% {probed.dropped / total:.1%} are left out",
                "the rate that captions are left out at does not follow the recipe",
                remedy,
            ),
        ],
        measured,
    )


def target_is_the_velocity(patient: Patient) -> Finding:
    """A network that knows noise - clean has a loss of 0: levels, mixture and target fit together."""
    seen = observe(patient)
    worst = max(abs(loss) for loss in seen.losses)
    return verdict(
        worst > 1e-2,
        f"loss of the true velocity: {worst:.1e} at most",
        (
            "the loss asks for something else than noise - clean of these latents at this level (sign, level, "
            "or clip mixed up)"
        ),
        (
            "compare interpolate, velocity and flow_loss with diffusion/flow.py, and the sigma that the network "
            "is given with the one mixed at"
        ),
    )


def noise_is_normal(patient: Patient) -> Finding:
    """The noise in noisy latents is normal of deviation 1, and independent between clips and of the clean."""
    seen = observe(patient)
    sharp = seen.sigma > 0.2  # below, it can't be read off exactly
    noise, clean = seen.noise[sharp].flatten(1), seen.clean[sharp].flatten(1)
    count = noise.numel()
    mean, power = float(noise.mean()) * count**0.5, (float(noise.square().mean()) - 1) * (count / 2) ** 0.5
    shape = kolmogorov(noise.flatten()[:20_000], torch.randn(50_000, generator=torch.Generator().manual_seed(2)))
    copies = len(noise) - len({row.numpy().tobytes() for row in (noise[:, :4] * 1e3).round()})
    tied = float((noise * clean).mean()) * count**0.5
    repeated = float((noise[1:] * noise[:-1]).mean()) * (count - noise.shape[1]) ** 0.5
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
        ],
        measured,
    )


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
