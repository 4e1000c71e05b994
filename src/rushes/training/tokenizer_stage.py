"""Stage 1: the tokenizer learns to draw what it was shown, at twice the size."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from rushes.model.tokenizer import Tokenizer, TokenizerConfig
from rushes.training.checkpoint import load_tensors
from rushes.training.data import Batch, ClipSource
from rushes.training.linear_fit import fit_linear
from rushes.training.loop import LoopConfig, Objective, Run, commit, open_run, train
from rushes.training.optimiser import OptimiserConfig
from rushes.training.samples import draw_sheet


@dataclass(frozen=True, kw_only=True)
class TokenizerStage:
    loop: LoopConfig = field(
        default_factory=lambda: LoopConfig(
            minutes=25.0, ema=0.995, optimiser=OptimiserConfig(lr=1.5e-3, muon=0.02), sample_every=150
        )
    )
    shapes: tuple[tuple[int, int], ...] = ((5, 8), (9, 4), (5, 8), (17, 2))  # (frames, clips) of the steps, in turn
    noise: float = 0.05  # deviation of the noise on raw latents: the decoder learns to bear a denoiser's errors
    prior: float = 1e-4  # weight of the latents' mean square, without which they would outgrow the noise
    square: float = 1.0  # weight of the squared difference: on two extremes |x| alone has no slope to begin with
    edge: float = 1.0  # weight of the difference between gradients, at full and at half size
    fitted: int = 96  # clips to which the linear maps are fitted before training
    statistics: int = 64  # clips over which mean and deviation of the latents are measured


def reconstruction(drawn: Tensor, video: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean absolute error of pixels, of gradients at full and half size, and mean square error; on (B, T, 3, H, W)."""
    error = (drawn - video).flatten(0, 1)
    pixels = error.abs().mean()
    edges = _gradient(error) + _gradient(F.avg_pool2d(error, 2))
    return pixels, edges, error.square().mean()


def _gradient(x: Tensor) -> Tensor:
    return (x[..., 1:] - x[..., :-1]).abs().mean() + (x[..., 1:, :] - x[..., :-1, :]).abs().mean()


def tokenizer_objective(stage: TokenizerStage) -> Objective:
    """Draw again what was seen, through latents with a little noise."""

    def objective(module: Any, batch: Batch, generator: torch.Generator) -> dict[str, Tensor]:
        video = batch.video
        seen = any(p.requires_grad for p in module.encoder.parameters())
        with torch.set_grad_enabled(seen):  # a frozen encoder needs no graph
            raw = module.raw(module.shrink(video))
        noise = torch.randn(raw.shape, generator=generator, device=raw.device)
        drawn = module.draw(raw + stage.noise * noise)
        pixels, edges, square = reconstruction(drawn, video)
        prior = raw.square().mean()
        # A Gaussian posterior of fixed deviation: its divergence from N(0, 1) is the latents' mean square. A learned
        # deviation ran away to 1 before the decoder had found any use for the latents (Adam ignores small weights).
        loss = pixels + stage.edge * edges + stage.square * square + stage.prior * prior
        psnr = 10 * torch.log10(4 / square)
        return {"loss": loss, "pixels": pixels, "edges": edges, "prior": prior, "psnr": psnr}

    return objective


def train_tokenizer(stage: TokenizerStage, config: TokenizerConfig, source: ClipSource, folder: Path) -> bool:
    """Run or resume the stage in `folder`; True when it is finished, its latent statistics measured and saved."""
    torch.manual_seed(stage.loop.seed)
    module = Tokenizer(config)
    if not (folder / "checkpoint.safetensors").exists():
        fit_linear(module, source, stage.fitted)
    module.encoder.requires_grad_(not config.linear_encoder)
    run = open_run(folder, module, stage.loop, {"commit": commit()})
    if not _train(stage, run, source):
        return False
    average = run.ema.average
    assert isinstance(average, Tokenizer)
    measure_statistics(average, source, stage.statistics)
    run.save()
    return True


def train_decoder(
    stage: TokenizerStage, config: TokenizerConfig, source: ClipSource, start: Path, folder: Path
) -> bool:
    """Train the decoder of the tokenizer in `start` further; its latents, and all that learned from them, stay true."""
    module = load_tokenizer(config, start)
    module.decoder.requires_grad_(True)
    return _train(stage, open_run(folder, module, stage.loop, {"commit": commit()}), source)


def _train(stage: TokenizerStage, run: Run, source: ClipSource) -> bool:
    clips = source.clips("train")

    def data(step: int) -> Batch:
        frames, count = stage.shapes[step % len(stage.shapes)]
        return clips(step, count, min(frames, source.frames))

    shown = source.clips("test")(0, 4, source.frames)

    def callback(run: Run) -> None:
        average = run.ema.average
        assert isinstance(average, Tokenizer)
        drawn = reconstruct(average, shown.video)
        rows = []
        for index, caption in enumerate(shown.captions):
            rows += [(caption, shown.video[index]), (f"step {run.step}", drawn[index])]
        draw_sheet(rows, run.folder / "samples.png", columns=4)

    return train(run, tokenizer_objective(stage), data, stage.loop, callback=callback)


@torch.no_grad()
def reconstruct(tokenizer: Tokenizer, video: Tensor) -> Tensor:
    """`video` (B, T, 3, H, W) through the tokenizer and back, same shape."""
    with torch.autocast(video.device.type, torch.bfloat16):
        return tokenizer.decode(tokenizer.encode(tokenizer.shrink(video)))


@torch.no_grad()
def measure_statistics(tokenizer: Tokenizer, source: ClipSource, count: int, batch: int = 4) -> None:
    """Set the tokenizer's `mean` and `std` to those of the latents of `count` training clips.

    Per channel, but for a linear encoder: its components keep their proportions, so that as the noise falls a denoiser
    decides the coarse ones first.
    """
    clips = source.clips("train")
    latents = []
    for step in range(max(1, count // batch)):
        video = clips(10_000_000 + step, batch, source.frames).video
        with torch.autocast(video.device.type, torch.bfloat16):
            latents.append(tokenizer.raw(tokenizer.shrink(video)))
    whole = torch.cat(latents)
    tokenizer.mean.copy_(whole.mean((0, 1, 3, 4)))
    spread = whole.std((0, 1, 3, 4)).clamp_min(1e-4)
    tokenizer.std.copy_(spread.square().mean().sqrt() if tokenizer.config.linear_encoder else spread)
    tokenizer.deviations.copy_(spread / tokenizer.std)


def load_tokenizer(config: TokenizerConfig, folder: Path) -> Tokenizer:
    """The averaged tokenizer that `train_tokenizer` left in `folder`."""
    tokenizer = Tokenizer(config)
    tokenizer.load_state_dict(load_tensors(folder / "checkpoint.safetensors", "ema."))
    return tokenizer.eval().requires_grad_(False)
