"""Stages 2 and 3: the denoiser with its text encoder learns images, then video from the weights of images."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from rushes.diffusion.flow import flow_loss, interpolate
from rushes.diffusion.guidance import Guidance
from rushes.diffusion.sample import SampleConfig, sample_latents, seeded_noise
from rushes.diffusion.timesteps import draw_sigmas
from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.denoiser import DenoiserConfig
from rushes.model.text import TextConfig
from rushes.model.tokenizer import TIME, Tokenizer
from rushes.training.checkpoint import CheckpointError, load_tensors, read_header
from rushes.training.data import ClipSource
from rushes.training.latents import LatentBatch, Latents, cache_key
from rushes.training.loop import Callback, LoopConfig, Objective, Run, commit, open_run, train
from rushes.training.optimiser import OptimiserConfig
from rushes.training.samples import draw_sheet


@dataclass(frozen=True, kw_only=True)
class DenoiserStage:
    loop: LoopConfig = field(
        default_factory=lambda: LoopConfig(
            minutes=20.0, ema=0.998, optimiser=OptimiserConfig(lr=1e-3, muon=0.02, weight_decay=0.0), sample_every=200
        )
    )
    shapes: tuple[tuple[int, int], ...] = ((1, 96),)  # (frames, clips) of the steps, in turn
    moments: int = 0  # clips of which one latent frame is shown, in three of four steps: what is where when, cheaply
    dropout: float = 0.1  # share of captions left out, for guidance
    first: float = 0.0  # share of clips whose first latent frame is given, for image to video
    shift: float = 1.0  # of the noise levels trained on and sampled at, towards noise
    sample: SampleConfig = field(default_factory=lambda: SampleConfig(steps=16, guidance=Guidance(scale=3.0)))
    shown: int = 6  # held-out prompts on the sheet of samples


def denoiser_objective(stage: DenoiserStage, fps: float) -> Objective:
    """Flow matching on latents; the network predicts noise - clean."""

    def objective(module: Any, batch: LatentBatch, generator: torch.Generator) -> dict[str, Tensor]:
        clean = batch.latents.to(generator.device)
        count, device = len(clean), generator.device
        sigma = draw_sigmas(count, generator, shift=stage.shift)
        noise = torch.randn(clean.shape, generator=generator, device=device)
        dropped = torch.rand(count, generator=generator, device=device) < stage.dropout
        has_first = torch.rand(count, generator=generator, device=device) < stage.first
        texts = ["" if drop else caption for drop, caption in zip(dropped.tolist(), batch.captions, strict=True)]
        given = clean.shape[1] > 1 and stage.first > 0
        predicted = module(
            interpolate(clean, noise, sigma),
            sigma,
            module.encode(texts),
            seconds=TIME / fps,
            start=batch.start * TIME / fps,
            first=clean[:, :1] if given else None,
            has_first=has_first if given else None,
        )
        losses = flow_loss(predicted, clean, noise)
        return {"loss": losses.mean()}

    return objective


def train_denoiser(
    stage: DenoiserStage,
    denoiser: DenoiserConfig,
    text: TextConfig,
    tokenizer: Tokenizer,
    source: ClipSource,
    latents: Path,
    folder: Path,
    *,
    start: Path | None = None,
) -> bool:
    """Run or resume a stage in `folder` on the caches `latents`/<frames>; True when it is finished.

    `start`: the folder of the stage whose averaged weights this one begins with.
    """
    torch.manual_seed(stage.loop.seed)
    module = ConditionedDenoiser(denoiser, text)
    module.denoiser.deviations.copy_(tokenizer.deviations)
    if start is not None and not (folder / "checkpoint.safetensors").exists():
        module.load_state_dict(load_tensors(finished(start), "ema."))
    caches = open_caches(stage, tokenizer, source, latents, folder)
    shards = {str(frames): cache.shards for frames, cache in caches.items()}
    run = open_run(folder, module, stage.loop, {"commit": commit(), "shards": shards})

    def data(step: int) -> LatentBatch:
        frames, count = stage.shapes[step % len(stage.shapes)]
        if stage.moments and step % 4:
            clips = caches[max(caches)].batch(step, stage.moments)
            return clips.moment(
                int(np.random.default_rng([stage.loop.seed, step, 13]).integers(clips.latents.shape[1]))
            )
        return caches[frames].batch(step, count)

    callback = sheet(stage, tokenizer, source, max(frames for frames, _ in stage.shapes))
    return train(run, denoiser_objective(stage, source.fps), data, stage.loop, callback=callback)


def open_caches(
    stage: DenoiserStage, tokenizer: Tokenizer, source: ClipSource, latents: Path, folder: Path
) -> dict[int, Latents]:
    """The caches of a stage by frames; a run that is resumed takes as many shards as it began with."""
    checkpoint = folder / "checkpoint.safetensors"
    kept = read_header(checkpoint)["state"].get("shards", {}) if checkpoint.exists() else {}
    return {
        frames: Latents(
            latents / str(frames),
            cache_key(tokenizer, source, frames),
            shards=kept.get(str(frames)),
            seed=stage.loop.seed,
        )
        for frames, _ in stage.shapes
    }


def finished(folder: Path) -> Path:
    """The checkpoint of a stage that came before; CheckpointError if there is none."""
    path = folder / "checkpoint.safetensors"
    if not path.exists():
        raise CheckpointError(f"{path} is missing; train the stage {folder.name!r} first")
    return path


def sheet(stage: DenoiserStage, tokenizer: Tokenizer, source: ClipSource, frames: int) -> Callback:
    """A callback that samples held-out prompts with the averaged weights onto samples.png."""
    truth = source.clips("test")(0, stage.shown, frames)

    def callback(run: Run) -> None:
        model = run.ema.average
        assert isinstance(model, ConditionedDenoiser)
        video = sample_video(model, tokenizer, truth.captions, source, frames, stage.sample)
        rows = [(caption, clip) for caption, clip in zip(truth.captions, video, strict=True)]
        draw_sheet(rows, run.folder / "samples.png", columns=5)

    return callback


@torch.no_grad()
def sample_video(
    model: ConditionedDenoiser,
    tokenizer: Tokenizer,
    captions: list[str],
    source: ClipSource,
    frames: int,
    config: SampleConfig,
    seed: int = 0,
) -> Tensor:
    """Clips (B, T, 3, H, W) of captions."""
    upscale = tokenizer.config.upscale * 8
    height, width = source.height // upscale, source.width // upscale
    shape = (len(captions), (frames - 1) // TIME + 1, tokenizer.config.latent_channels, height, width)

    def network(noisy: Tensor, sigma: Tensor, text: tuple[Tensor, Tensor]) -> Tensor:
        velocity: Tensor = model(noisy, sigma, text, seconds=TIME / source.fps)
        return velocity

    with torch.autocast("cpu", torch.bfloat16):
        texts, none = model.encode(captions), model.encode([""] * len(captions))
        return tokenizer.decode(sample_latents(network, texts, none, seeded_noise(shape, seed), config))
