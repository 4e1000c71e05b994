"""Checks of the trained denoiser: paired comparisons on the same clips, noise and levels, and invariances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from rushes.diffusion.flow import flow_loss, interpolate
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.denoiser import linear_guess
from rushes.training.doctor.finding import Finding, first_found, need, ok, verdict
from rushes.training.doctor.patient import Patient, parameters
from rushes.training.doctor.statistics import SIGMAS, paired
from rushes.training.latents import LatentBatch

CLIPS = 64  # compared in pairs
TELLING = 20  # clips seen for each word of the vocabulary, below which words can't be expected to be bound


@dataclass(frozen=True, kw_only=True)
class Trial:
    """Clips with their noise and levels, on which treatments are compared."""

    batch: LatentBatch
    noise: Tensor  # like batch.latents
    sigma: Tensor  # (B,) spread over the levels

    @property
    def noisy(self) -> Tensor:
        return interpolate(self.batch.latents, self.noise, self.sigma)


def trial(patient: Patient, low: float = 0.02, high: float = 0.98, count: int = CLIPS) -> Trial:
    batch = patient.batch(count)
    generator = torch.Generator().manual_seed(0)
    sigma = torch.linspace(low, high, count)[torch.randperm(count, generator=generator)]
    return Trial(batch=batch, noise=torch.randn(batch.latents.shape, generator=generator), sigma=sigma)


@torch.no_grad()
def losses(
    patient: Patient, module: ConditionedDenoiser, trial: Trial, captions: list[str], first: Tensor | None = None
) -> Tensor:
    """Loss of each clip (B,)."""
    several = []
    for rows in torch.arange(len(captions)).split(16):
        predicted = module(
            trial.noisy[rows],
            trial.sigma[rows],
            module.encode([captions[i] for i in rows.tolist()]),
            seconds=patient.seconds(),
            first=None if first is None else first[rows],
        )
        several.append(flow_loss(predicted, trial.batch.latents[rows], trial.noise[rows]))
    return torch.cat(several)


def linear_loss(trial: Trial) -> Tensor:
    """Loss (B,) of the best linear guess of the velocity, channel by channel: what knows nothing of pictures."""
    clean, s = trial.batch.latents, trial.sigma.view(-1, 1, 1, 1, 1)
    variance = clean.square().mean((0, 1, 3, 4)).view(1, 1, -1, 1, 1)
    guess = (s - (1 - s) * variance) / ((1 - s).square() * variance + s.square())
    return flow_loss(guess * trial.noisy, clean, trial.noise)


def others(captions: list[str]) -> list[str]:
    """For each caption one of another clip that says something else."""
    given = []
    for i, caption in enumerate(captions):
        turned = captions[i + 1 :] + captions[:i]
        given.append(next((other for other in turned[len(turned) // 3 :] + turned if other != caption), caption))
    return given


def weights_are_finite(patient: Patient) -> Finding:
    """No weight is NaN or infinite, in the model, its average, or what ships."""
    patient.model("raw")
    bad = {
        which: sum(not torch.isfinite(p).all() for p in m.state_dict().values()) for which, m in patient.models.items()
    }
    return verdict(
        any(bad.values()),
        ", ".join(f"{which} {count}" for which, count in bad.items()) + " tensors with NaN or infinity",
        "the run has diverged",
        "go back to an earlier checkpoint and lower the learning rate",
    )


def weights_have_digits(patient: Patient) -> Finding:
    """Trained weights and their average use the digits of float32."""
    short = {}
    for which in ("raw", "average"):
        some = [p for p in patient.model(which).parameters() if p.any()]
        short[which] = sum(p.numel() for p in some if torch.equal(p, p.bfloat16().to(p.dtype)))
    whole = sum(p.numel() for p in patient.model("raw").parameters())
    return verdict(
        max(short.values()) > whole // 2,
        ", ".join(f"{which} {count / whole:.0%}" for which, count in short.items()) + " of weights fit into bfloat16",
        "weights are kept in bfloat16: steps, and the average's, of less than 1 in 256 of a weight are lost",
        "keep weights, moments and average in float32; compute in bfloat16 under autocast",
    )


def it_learned(patient: Patient) -> Finding:
    """The averaged model knows more than the best linear guess, and than random weights: it was trained, and loaded."""
    average, case = patient.model("average"), trial(patient)
    captions = case.batch.captions
    mine, raw = (losses(patient, m, case, captions) for m in (average, patient.model("raw")))
    fresh, linear = losses(patient, patient.model("fresh"), case, captions), linear_loss(case)
    sigmas = min(paired(fresh, mine), paired(linear, mine))
    measured = (
        f"loss {mine.mean():.3f}; random weights {fresh.mean():.3f}, best linear guess {linear.mean():.3f} "
        f"({sigmas:+.1f} deviations)"
    )
    if sigmas > SIGMAS:
        return ok(measured)
    also = min(paired(fresh, raw), paired(linear, raw)) > SIGMAS
    if also:
        return verdict(
            True,
            f"{measured}; the model that is not averaged {raw.mean():.3f}",
            "the average is not of the weights that were trained",
            "update the average after each step, and load `ema.` where it was saved",
        )
    need(patient.steps * CLIPS >= 4_000, f"{measured}: too little training to tell")
    return verdict(
        True,
        measured,
        "the weights know nothing: not trained, or not loaded",
        "see whether load_state_dict was called, with names that match, on the module that is used",
    )


def text_is_heard(patient: Patient) -> Finding:
    """True captions give a lower loss than those of other clips, on the same noise."""
    average, case = patient.model("average"), trial(patient, 0.3, 0.98, 2 * CLIPS)
    captions = case.batch.captions
    need(len(set(captions)) > 8, "captions hardly differ")
    true = losses(patient, average, case, captions)
    swapped = losses(patient, average, case, others(captions))
    reacts = float((true - swapped).abs().max())
    sigmas = paired(swapped, true)
    gain = float((swapped.mean() - true.mean()) / true.mean())
    measured = f"captions of other clips raise the loss by {gain:.2%} ({sigmas:+.1f} deviations over {len(true)} clips)"
    seen = patient.steps * max(count for _, count in patient.settings.shapes)
    enough = seen >= TELLING * len(average.encoder.config.vocabulary)
    remedy = (
        "see the mean picture at full noise for prompts that differ in one word; check captions against "
        "clips, caption dropout, and the text encoder's gradient"
    )
    if reacts == 0 and patient.steps > 20:
        return verdict(True, f"{measured}; outputs are equal to the bit", "text does not reach the output", remedy)
    if sigmas < -4:
        return verdict(True, measured, "the model was taught other captions than these", remedy)
    need(sigmas > 4 or enough, f"{measured}: too little training to tell")
    return verdict(
        sigmas < 4,
        measured,
        "captions tell the model nothing: it never had the right ones, or cannot hear them",
        remedy,
    )


@torch.no_grad()
def level_and_clock_are_heard(patient: Patient) -> Finding:
    """The network answers otherwise when it is told another level of noise, or other seconds between frames."""
    average, case = patient.model("average"), trial(patient, count=8)
    need(patient.steps > 20, "too little training to tell")
    text, clean = average.encode(case.batch.captions), case.batch.latents

    def corrected(level: float, seconds: float) -> Tensor:
        """What the network adds to the best linear guess of velocities, for the same noisy latents."""
        sigma = torch.full((len(clean),), level)
        guess, doubt = linear_guess(sigma, average.denoiser.deviations)
        velocity: Tensor = average(case.noisy, sigma, text, seconds=seconds)
        return (velocity - guess * case.noisy) / doubt

    one = corrected(0.3, patient.seconds())
    apart = float((corrected(0.7, patient.seconds()) - one).std() / one.std())
    late = float((corrected(0.3, 2 * patient.seconds()) - one).std() / one.std())
    measured = (
        f"another level changes what is added to the linear guess by {apart:.1%}, twice the seconds by {late:.1%}"
    )
    return first_found(
        [
            (
                not apart > 1e-4,
                measured,
                "the level of noise does not reach the network: it takes all noise for the same",
                "follow sigma into sigma_features and the modulation of the blocks",
            ),
            (
                clean.shape[1] > 1 and not late > 1e-6,
                measured,
                "the time between frames does not reach the network: it can't tell their order or their speed",
                "follow seconds into the coordinates of tokens, and these into places and rotations",
            ),
        ],
        measured,
    )


def first_frame_is_used(patient: Patient) -> Finding:
    """Given the first frame of a clip, the loss is lower than given that of another clip."""
    need(patient.settings.first > 0, "the stage gives no first frame")
    average, case = patient.model("average"), trial(patient, 0.3, 0.98)
    clean, captions = case.batch.latents, case.batch.captions
    need(clean.shape[1] > 1, "the cached clips are single pictures")
    right = losses(patient, average, case, captions, clean[:, :1])
    wrong = losses(patient, average, case, captions, clean[:, :1].roll(1, 0))
    sigmas = paired(wrong, right)
    measured = (
        "another clip's first frame raises the loss by "
        f"{float((wrong.mean() - right.mean()) / right.mean()):.2%} ({sigmas:+.1f} deviations)"
    )
    if torch.equal(right, wrong) and patient.steps > 20:
        return verdict(
            True,
            f"{measured}; losses are equal to the bit",
            "the picture does not reach the output",
            "follow `first` and `has_first` into with_first",
        )
    seen = patient.steps * patient.settings.first * max(count for _, count in patient.settings.shapes)
    need(sigmas > 4 or seen >= 2_000, f"{measured}: too little training to tell")
    return verdict(
        sigmas < 4,
        measured,
        "the model ignores the picture that it is given",
        "check `first` and `has_first` from the batch to the patch embedding",
    )


def clips_stay_apart(patient: Patient) -> Finding:
    """What is said of a clip depends neither on the other clips of the batch, nor on the length of their captions."""
    average, case = patient.model("average"), trial(patient, count=8)
    captions = [*case.batch.captions[:7], max(case.batch.captions, key=len) + " " + case.batch.captions[0]]
    together = _velocity(patient, average, case, captions, torch.arange(8))
    alone = torch.cat([_velocity(patient, average, case, captions, torch.tensor([i])) for i in range(3)])
    apart = float((together[:3] - alone).abs().max() / together.abs().max())
    return verdict(
        apart > 1e-3,
        f"a clip alone and among seven others: outputs differ by {apart:.1e}",
        "clips of a batch leak into each other, or padding of captions is read as text",
        "look at masks of attention, and at anything that mixes over the first axis",
    )


def frames_have_an_order(patient: Patient) -> Finding:
    """The model knows which latent frame comes when: clips in order cost less than the same clips reversed."""
    average, case = patient.model("average"), trial(patient, 0.1, 0.7)
    clean = case.batch.latents
    need(clean.shape[1] > 1, "the cached clips are single pictures")
    turned = Trial(
        batch=LatentBatch(latents=clean.flip(1), captions=case.batch.captions),
        noise=case.noise.flip(1),
        sigma=case.sigma,
    )
    sigmas = paired(
        losses(patient, average, turned, case.batch.captions), losses(patient, average, case, case.batch.captions)
    )
    need(abs(sigmas) > 4, f"{sigmas:+.1f} deviations: too little training to tell")
    return verdict(
        sigmas < -4,
        f"reversed clips cost more by {sigmas:+.1f} deviations",
        "the model was taught clips that run backwards",
        "compare frames of the data with the cached latents; train again",
    )


@torch.no_grad()
def start_is_inherited(patient: Patient) -> Finding:
    """The video stage began with what images taught: its first loss, or else its weights, show it."""
    need(patient.stage == "video" and "image" in patient.states, "there is no video stage that follows an image stage")
    raw, begun, fresh = (parameters(patient.model(which)) for which in ("raw", "begun", "fresh"))
    travelled = float((begun - fresh).norm())
    need(travelled > 1e-3 * float(fresh.norm()), "the image stage hardly moved the weights")
    along = float(((raw - fresh) @ (begun - fresh)) / travelled**2)
    measured = f"{along:.0%} of the image stage's way is in the weights of the video stage"
    lost, log = along < 0.2, patient.logs.get("video", [])
    if log and int(log[0]["step"]) <= 20:
        images, nothing = (_mean_loss(patient, patient.model(which)) for which in ("begun", "fresh"))
        need(
            images < 0.9 * nothing,
            f"images' weights ({images:.2f}) are no better on clips than random ones ({nothing:.2f})",
        )
        first = float(log[0]["loss"])
        lost = first > (images + nothing) / 2
        measured += f"; its first loss is {first:.2f}, images' weights have {images:.2f}, random ones {nothing:.2f}"
    return verdict(
        lost,
        measured,
        "the video stage was started from random weights: what the image stage learned is lost",
        "load the image stage's averaged weights before the optimiser is made, and train the stage again",
    )


def _mean_loss(patient: Patient, module: ConditionedDenoiser, batches: int = 4) -> float:
    """Loss of the stage's own objective."""
    several = []
    for step in range(batches):
        values = patient.objective(module, patient.batch(16, step), torch.Generator().manual_seed(step))
        several.append(float(values["loss"]))
    return sum(several) / len(several)


def average_is_alive(patient: Patient) -> Finding:
    """The averaged weights lie near the trained ones: they neither stayed at the start nor are they a plain copy."""
    raw, average, begun = (parameters(patient.model(which)) for which in ("raw", "average", "begun"))
    way = float((raw - begun).norm())
    need(way > 1e-6 * float(begun.norm()), "the stage has not moved its weights")
    behind = float((raw - average).norm()) / way
    measured = (
        f"the average lies {behind:.0%} of the stage's way behind the trained weights; decay {patient.loop.ema:g}"
    )
    remedy = "call Ema.update after each step with the module that is trained; lower LoopConfig.ema if it lags"
    buffers = [
        name
        for (name, a), (_, b) in zip(
            patient.model("raw").named_buffers(), patient.model("average").named_buffers(), strict=True
        )
        if not torch.equal(a, b)
    ]
    return first_found(
        [
            (
                bool(buffers),
                f"buffers differ: {buffers[:3]}",
                "the average samples with other statistics than it was trained with",
                "copy buffers in Ema.update",
            ),
            (behind > 0.8, measured, "the average was not updated, or lags so far that it is the start", remedy),
            (
                behind == 0 and patient.loop.ema > 0 and patient.steps > 2,
                measured,
                "the average is a copy of the weights: nothing is averaged",
                remedy,
            ),
        ],
        measured,
    )


def average_draws_no_worse(patient: Patient) -> Finding:
    """On the same clips the averaged weights cost no more than the last ones, by more than a tenth."""
    case = trial(patient)
    raw, average = (losses(patient, patient.model(w), case, case.batch.captions) for w in ("raw", "average"))
    sigmas = paired(average, raw)
    return verdict(
        sigmas > SIGMAS and bool(average.mean() > 1.1 * raw.mean()),
        f"average {average.mean():.3f}, last weights {raw.mean():.3f} ({sigmas:+.1f} deviations)",
        "the average lags behind training",
        "lower LoopConfig.ema: its memory is 1 / (1 - decay) steps",
    )


def every_weight_moved(patient: Patient) -> Finding:
    """Training moved every parameter of the model away from where the stage began."""
    raw, begun = patient.model("raw"), patient.model("begun")
    need(patient.steps >= 2, "one step is too little to tell")
    start = dict(begun.named_parameters())
    still = [name for name, p in raw.named_parameters() if torch.equal(p, start[name])]
    share = sum(dict(raw.named_parameters())[name].numel() for name in still) / sum(p.numel() for p in raw.parameters())
    return verdict(
        bool(still),
        f"{len(still)} parameters ({share:.1%} of all weights) are bit for bit where the stage began"
        + (f": {', '.join(still[:3])}" if still else ""),
        "they are frozen, get no gradient, or are not in the optimiser",
        "check requires_grad, detach and no_grad on their path, and the groups of the optimiser",
    )


def _velocity(
    patient: Patient, module: Callable[..., Tensor], case: Trial, captions: list[str], rows: Tensor
) -> Tensor:
    """Velocities of some of a trial's clips."""
    with torch.no_grad():
        text = module.encode([captions[i] for i in rows.tolist()])  # type: ignore[attr-defined]
        return module(case.noisy[rows], case.sigma[rows], text, seconds=patient.seconds())
