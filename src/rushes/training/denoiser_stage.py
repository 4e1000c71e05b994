"""Stages 2 and 3: the denoiser with its text encoder learns images, then video from the weights of images."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
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
from rushes.model.tokenizer import Tokenizer
from rushes.training.checkpoint import fill, finished, read_header
from rushes.training.data import ClipSource
from rushes.training.distributed import choose_device
from rushes.training.latents import LatentBatch, Latents, cache_key
from rushes.training.loop import Callback, LoopConfig, Objective, Run, commit, open_run, train
from rushes.training.on_the_fly import OnTheFly, on_the_fly
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
    moments: int = 0  # clips of which one latent frame is shown, in every other step: what is where when, of many clips
    dropout: float = 0.1  # share of captions left out, for guidance
    first: float = 0.0  # share of clips whose first latent frame is given, for image to video
    balance: float = 0.0  # weight of the loss that spreads tokens over experts: 0.01 where there are any
    shift: float = 1.0  # of the noise levels trained on and sampled at, towards noise
    sample: SampleConfig = field(default_factory=lambda: SampleConfig(steps=16, guidance=Guidance(scale=3.0)))
    shown: int = 6  # held-out prompts on the sheet of samples


def denoiser_objective(stage: DenoiserStage, seconds: float) -> Objective:
    """Flow matching on latents, `seconds` between latent frames; the network predicts noise - clean."""

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
            seconds=seconds,
            start=batch.start * seconds,
            first=clean[:, :1] if given else None,
            has_first=has_first if given else None,
        )
        loss = flow_loss(predicted, clean, noise).mean()
        if not stage.balance:
            return {"loss": loss}
        balance = module.denoiser.balance()
        return {"loss": loss + stage.balance * balance, "flow": loss, "balance": balance}

    return objective


def train_denoiser(
    stage: DenoiserStage,
    denoiser: DenoiserConfig,
    text: TextConfig,
    tokenizer: Tokenizer,
    source: ClipSource,
    latents: Path | None,
    folder: Path,
    *,
    start: Path | None = None,
) -> bool:
    """Run or resume a stage in `folder` on the caches `latents`/<frames>; True when it is finished.

    Without `latents` they are made as training goes on. `start`: the folder of the stage whose averaged weights this
    one begins with.
    """
    if bool(denoiser.experts) != (stage.balance > 0):
        raise ValueError(f"{denoiser.experts} experts with a balance of {stage.balance}; experts need 0.01, others 0")
    torch.manual_seed(stage.loop.seed)
    module = ConditionedDenoiser(denoiser, text)
    module.denoiser.deviations.copy_(tokenizer.deviations)
    if start is not None and not (folder / "checkpoint.safetensors").exists():
        fill(module, finished(start), "ema.")
    caches = open_latents(stage, tokenizer, source, latents, folder)
    shards = {str(frames): cache.shards for frames, cache in caches.items() if isinstance(cache, Latents)}
    run = open_run(folder, module, stage.loop, {"commit": commit(), "shards": shards})

    def data(step: int) -> LatentBatch:
        frames, count = asked(stage, step)
        clips = caches[frames].batch(step, count)
        if not shows_moments(stage, step):
            return clips
        return clips.moment(int(np.random.default_rng([stage.loop.seed, step, 13]).integers(clips.latents.shape[1])))

    longest = max(frames for frames, _ in stage.shapes)

    def draw(average: Any, captions: list[str]) -> Tensor:
        return sample_video(average, tokenizer, captions, source, longest, stage.sample)

    callback = sheet(source, stage.shown, longest, draw)
    with ExitStack() as makers:
        for cache in caches.values():
            if isinstance(cache, OnTheFly):
                makers.enter_context(cache)
        return train(
            run, denoiser_objective(stage, tokenizer.config.time / source.fps), data, stage.loop, callback=callback
        )


def shows_moments(stage: DenoiserStage, step: int) -> bool:
    """Whether a step shows one latent frame of each of many clips."""
    return bool(stage.moments and step % 2)


def asked(stage: DenoiserStage, step: int) -> tuple[int, int]:
    """Frames and number of the clips of a step."""
    if shows_moments(stage, step):
        return max(frames for frames, _ in stage.shapes), stage.moments
    turn = step // 2 if stage.moments else step
    return stage.shapes[turn % len(stage.shapes)]


def open_latents(
    stage: DenoiserStage, tokenizer: Tokenizer, source: ClipSource, latents: Path | None, folder: Path
) -> dict[int, Latents | OnTheFly]:
    """The latents of a stage by frames: caches, of which a run that is resumed takes the shards that it began with."""
    lengths = sorted({frames for frames, _ in stage.shapes})
    if latents is None:
        device = choose_device(stage.loop.device)

        def count(frames: int, step: int) -> int:
            length, clips = asked(stage, step)
            return clips if length == frames else 0

        return {
            frames: on_the_fly(
                tokenizer,
                source,
                frames=frames,
                workers=1 if device.type == "cpu" else 0,
                device=str(device),
                seed=stage.loop.seed,
                count_of=partial(count, frames),
            )
            for frames in lengths
        }
    checkpoint = folder / "checkpoint.safetensors"
    kept = read_header(checkpoint)["state"].get("shards", {}) if checkpoint.exists() else {}
    return {
        frames: Latents(
            latents / str(frames),
            cache_key(tokenizer, source, frames),
            shards=kept.get(str(frames)),
            seed=stage.loop.seed,
        )
        for frames in lengths
    }


def sheet(source: ClipSource, shown: int, frames: int, draw: Callable[[Any, list[str]], Tensor]) -> Callback:
    """A callback that draws `shown` held-out prompts onto samples.png: draw(averaged module, captions) -> clips."""
    truth = source.clips("test")(0, shown, frames)

    def callback(run: Run) -> None:
        video = draw(run.ema.average, truth.captions)
        draw_sheet(list(zip(truth.captions, video, strict=True)), run.folder / "samples.png", columns=5)

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
    *,
    fresh: bool = False,
) -> Tensor:
    """Clips (B, T, 3, H, W) of captions, on the device of `model`; `fresh`: a student's steps with new noise each."""
    device = next(model.parameters()).device
    shape = (len(captions), *tokenizer.latent_shape(frames, source.height, source.width))

    def network(noisy: Tensor, sigma: Tensor, text: tuple[Tensor, Tensor]) -> Tensor:
        velocity: Tensor = model(noisy, sigma, text, seconds=tokenizer.config.time / source.fps)
        return velocity

    def again(step: int) -> Tensor:
        return seeded_noise(shape, seed + step + 1, device)

    with torch.autocast(device.type, torch.bfloat16):
        texts, none = model.encode(captions), model.encode([""] * len(captions))
        noise = seeded_noise(shape, seed, device)
        drawn = sample_latents(network, texts, none, noise, config, fresh=again if fresh else None)
        return tokenizer.to(device).decode(drawn)
