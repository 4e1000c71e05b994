"""Stage 1: the tokenizer learns to draw what it was shown, at up to twice the size."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from rushes.model.perceptual import Perceptual
from rushes.model.readout import ReadOut
from rushes.model.readout_weights import READOUT, load_readout_file
from rushes.model.tokenizer import Tokenizer, TokenizerConfig
from rushes.training.adversary import Contest, tokenizer_of
from rushes.training.checkpoint import Tensors, checkpoint_of, fill, finished, read_header
from rushes.training.data import Batch, ClipSource
from rushes.training.linear_fit import fit_linear
from rushes.training.loop import LoopConfig, Objective, Run, commit, open_run, progress_of, train
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
    perceptual: float = 0.0  # weight of the distance between features of a read-out
    eyes: Path | None = None  # file of that read-out; None: the one that ships with `nano`
    adversary: float = 0.0  # weight of the loss against a discriminator of patches; there is none at 0
    adversary_from: float = 0.6  # share of the run after which the discriminator trains and counts
    fitted: int = 96  # clips to which the linear maps are fitted before training
    solved: bool = False  # the decoder's linear map stays as fitted: quick with many channels, whose map is large
    statistics: int = 64  # clips over which mean and deviation of the latents are measured


def reconstruction(drawn: Tensor, video: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean absolute error of pixels, of gradients at full and half size, and mean square error; on (B, T, 3, H, W)."""
    error = (drawn - video).flatten(0, 1)
    pixels = error.abs().mean()
    edges = _gradient(error) + _gradient(F.avg_pool2d(error, 2))
    return pixels, edges, error.square().mean()


def _gradient(x: Tensor) -> Tensor:
    return (x[..., 1:] - x[..., :-1]).abs().mean() + (x[..., 1:, :] - x[..., :-1, :]).abs().mean()


def tokenizer_objective(stage: TokenizerStage, run: Run) -> Objective:
    """Draw again what was seen, through latents with a little noise."""
    felt = Perceptual(_eyes(stage)).to(run.device) if stage.perceptual > 0 else None

    def objective(whole: Any, batch: Batch, generator: torch.Generator) -> dict[str, Tensor]:
        module, video = tokenizer_of(whole), batch.video.to(generator.device)
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
        values = {"pixels": pixels, "edges": edges, "prior": prior, "psnr": psnr}
        if felt is not None:
            values["felt"] = felt(drawn, video)
            loss = loss + stage.perceptual * values["felt"]
        if isinstance(whole, Contest) and progress_of(run, stage.loop) >= stage.adversary_from:
            values["fooled"], values["told"] = whole.losses(drawn, video)
            loss = loss + stage.adversary * values["fooled"] + values["told"]
        return {"loss": loss, **values}

    return objective


def _eyes(stage: TokenizerStage) -> ReadOut:
    path = Path(str(files("rushes.weights") / "nano" / READOUT)) if stage.eyes is None else stage.eyes
    return load_readout_file(path)[0]


def train_tokenizer(stage: TokenizerStage, config: TokenizerConfig, source: ClipSource, folder: Path) -> bool:
    """Run or resume the stage in `folder`; True when it is finished, its latent statistics measured and saved."""
    torch.manual_seed(stage.loop.seed)
    module = Tokenizer(config)
    if not (folder / "checkpoint.safetensors").exists():
        fit_linear(module, source, stage.fitted)
    module.encoder.requires_grad_(not config.linear_encoder)
    # Solved, so not learned: one step of AdamW moves all of its inputs, up to 24,576, and that is too far at once.
    module.encoder.linear.requires_grad_(False)
    module.decoder.linear.requires_grad_(not stage.solved)
    run = _open(stage, module, folder)
    measured = read_header(run.checkpoint)["state"].get("measured") if run.checkpoint.exists() else None
    run.notes["measured"] = measured or 0  # the step at which it was done
    if not _train(stage, run, source):
        return False
    if measured != run.step:
        measure_statistics(tokenizer_of(run.ema.average), source, stage.statistics)
        run.notes["measured"] = run.step
        run.save()
    return True


def train_decoder(
    stage: TokenizerStage, config: TokenizerConfig, source: ClipSource, start: Path, folder: Path
) -> bool:
    """Train the decoder of the tokenizer in `start` further; its latents, and all that learned from them, stay true."""
    module = load_tokenizer(config, finished(start).parent)
    module.decoder.requires_grad_(True)
    return _train(stage, _open(stage, module, folder), source)


def _open(stage: TokenizerStage, tokenizer: Tokenizer, folder: Path) -> Run:
    module = Contest(tokenizer) if stage.adversary > 0 else tokenizer
    return open_run(folder, module, stage.loop, {"commit": commit()})


def _train(stage: TokenizerStage, run: Run, source: ClipSource) -> bool:
    clips = source.clips("train")

    def data(step: int) -> Batch:
        frames, count = stage.shapes[step % len(stage.shapes)]
        return clips(step, count, min(frames, source.frames))

    shown = source.clips("test")(0, 4, source.frames)

    def callback(run: Run) -> None:
        drawn = reconstruct(tokenizer_of(run.ema.average), shown.video).cpu()
        rows = []
        for index, caption in enumerate(shown.captions):
            rows += [(caption, shown.video[index]), (f"step {run.step}", drawn[index])]
        draw_sheet(rows, run.folder / "samples.png", columns=4)

    return train(run, tokenizer_objective(stage, run), data, stage.loop, callback=callback)


@torch.no_grad()
def reconstruct(tokenizer: Tokenizer, video: Tensor) -> Tensor:
    """`video` (B, T, 3, H, W) through the tokenizer and back, same shape, on the tokenizer's device."""
    video = video.to(tokenizer.mean.device)
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
        video = clips(10_000_000 + step, batch, source.frames).video.to(tokenizer.mean.device)
        with torch.autocast(video.device.type, torch.bfloat16):
            latents.append(tokenizer.raw(tokenizer.shrink(video)))
    whole = torch.cat(latents)
    tokenizer.mean.copy_(whole.mean((0, 1, 3, 4)))
    spread = whole.std((0, 1, 3, 4)).clamp_min(1e-4)
    tokenizer.std.copy_(spread.square().mean().sqrt() if tokenizer.config.linear_encoder else spread)
    tokenizer.deviations.copy_(spread / tokenizer.std)


def load_tokenizer(config: TokenizerConfig, folder: Path) -> Tokenizer:
    """The averaged tokenizer that `train_tokenizer` left in `folder`; CheckpointError if it was not trained."""
    tokenizer = Tokenizer(config)
    path = checkpoint_of(folder)
    contested = Tensors(path).names("ema.tokenizer.")  # trained against a discriminator
    fill(tokenizer, path, "ema.tokenizer." if contested else "ema.")
    return tokenizer.eval().requires_grad_(False)
