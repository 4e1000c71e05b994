"""Checks of the tokenizer: exact identities of encoder and decoder, and what it must be no worse than."""

from __future__ import annotations

import math

import torch

from rushes.model.tokenizer import Tokenizer
from rushes.training.data import ClipSource
from rushes.training.doctor.finding import Finding, first_found, need, verdict
from rushes.training.doctor.patient import Patient
from rushes.training.linear_fit import fit_linear

FITTED = 24  # clips that the linear map is fitted on for comparison
WORSE = 1.5  # dB under the linear map that are let pass: it is fitted on other clips, and training adds noise


@torch.no_grad()
def statistics_are_undone(patient: Patient) -> Finding:
    """Normalising and back is nothing: decode(encode(x)) = draw(raw(x))."""
    tokenizer = patient.tokenizer
    small = tokenizer.shrink(_two(patient))
    raw = tokenizer.raw(small)
    straight, around = tokenizer.draw(raw), tokenizer.decode(tokenizer.encode(small))
    apart = float((straight - around).abs().max())
    std = tokenizer.std
    measured = f"differ by at most {apart:.1e}; std of latents {float(std.min()):.3g} to {float(std.max()):.3g}"
    remedy = "measure the statistics again and use the same ones in `encode` and `decode`"
    return first_found(
        [
            (not bool(torch.isfinite(std).all() and (std > 0).all()), measured, "statistics are not above 0", remedy),
            (apart > 1e-2, measured, "latents leave by other statistics than they enter", remedy),
        ],
        measured,
    )


@torch.no_grad()
def latents_are_causal(patient: Patient) -> Finding:
    """A prefix of a clip has a prefix of its latents, and a picture those of a clip's first frame."""
    tokenizer, frames, time = patient.tokenizer, patient.source.frames, patient.tokenizer.config.time
    need(frames > time, "clips are single pictures")
    small = tokenizer.shrink(_two(patient))
    whole = tokenizer.encode(small)
    gaps = [float((tokenizer.encode(small[:, : time * k + 1]) - whole[:, : k + 1]).abs().max()) for k in range(2)]
    changed = small.clone()
    changed[:, -time:] = changed[:, -time:].flip(1) * 0.5
    late = float((tokenizer.encode(changed)[:, -1] - whole[:, -1]).abs().max())
    measured = (
        f"prefixes differ by at most {max(gaps):.1e}; changing the last frames moves the last latents by {late:.2f}"
    )
    return first_found(
        [
            (
                max(gaps) > 1e-2,
                measured,
                "a latent depends on later frames",
                "look for padding or norms over time in the encoder",
            ),
            (
                late < 1e-3,
                measured,
                "the last latents do not see the last frames",
                "look at how frames are grouped in fours",
            ),
        ],
        measured,
    )


@torch.no_grad()
def tokenizer_redraws(patient: Patient) -> Finding:
    """Clips come back no worse than through a linear map of as many channels; the decoder belongs to this encoder."""
    fitted = Tokenizer(patient.recipe.tokenizer).eval()
    fit_linear(fitted, patient.source, FITTED)
    linear = psnr(fitted, patient.source)
    values = {name: psnr(tokenizer, patient.source) for name, tokenizer in patient.tokenizers.items()}
    need(values, "no tokenizer is trained yet")
    measured = ", ".join(f"{name} {value:.1f} dB" for name, value in values.items()) + f"; linear map {linear:.1f} dB"
    return verdict(
        not min(values.values()) > linear - WORSE,
        measured,
        (
            "the decoder draws worse than a linear map would: it is not this encoder's, not loaded, or was "
            "harmed in training"
        ),
        "compare the checkpoints of encoder and decoder; train the decoder from the tokenizer's checkpoint",
    )


@torch.no_grad()
def decoders_share_latents(patient: Patient) -> Finding:
    """Every tokenizer of the run (trained on, shipped) encodes to the same latents."""
    need(len(patient.tokenizers) > 1, "there is one tokenizer in this run")
    video = _two(patient)
    whole = patient.tokenizer.encode(patient.tokenizer.shrink(video))
    gaps = {n: float((t.encode(t.shrink(video)) - whole).square().mean().sqrt()) for n, t in patient.tokenizers.items()}
    worst = max(gaps, key=lambda name: gaps[name])
    return verdict(
        gaps[worst] > 0.02,
        f"latents of {worst!r} differ by {gaps[worst]:.1e} (root mean square) from the tokenizer's",
        "a decoder was trained, or shipped, for other latents than the denoiser draws",
        "train and export the decoder from the tokenizer that the latents were cached with",
    )


def _two(patient: Patient) -> torch.Tensor:
    return patient.source.clips("train")(0, 2, patient.source.frames).video


def psnr(tokenizer: Tokenizer, source: ClipSource, count: int = 8) -> float:
    """Peak signal to noise ratio of `count` training clips that nothing was fitted to, dB over a range of 2."""
    video = source.clips("train")((1 << 23) + 7, count, source.frames).video
    error = (tokenizer.decode(tokenizer.encode(tokenizer.shrink(video))) - video).square().mean()
    return 10 * math.log10(4 / max(float(error), 1e-12))
