"""`tiny`: all stages in seconds, on coloured squares. What the tests train."""

from __future__ import annotations

from rushes.diffusion.guidance import Guidance
from rushes.diffusion.sample import SampleConfig
from rushes.model.denoiser import DenoiserConfig
from rushes.model.text import TextConfig
from rushes.model.tokenizer import TokenizerConfig
from rushes.training.denoiser_stage import DenoiserStage
from rushes.training.loop import LoopConfig
from rushes.training.optimiser import OptimiserConfig
from rushes.training.recipe import Recipe
from rushes.training.squares import Squares
from rushes.training.tokenizer_stage import TokenizerStage


def recipe() -> Recipe:
    optimiser = OptimiserConfig(lr=3e-3, muon=0.02, warmup=10)
    sample = SampleConfig(steps=8, shift=1.0, guidance=Guidance(scale=2.0))
    return Recipe(
        name="tiny",
        source=Squares(),
        tokenizer=TokenizerConfig(
            latent_channels=8,
            encoder_widths=(16, 24, 32),
            encoder_blocks=(1, 1, 1),
            decoder_widths=(32, 32, 24, 16),
            decoder_blocks=(1, 1, 1, 1),
            upscale=1,
        ),
        denoiser=DenoiserConfig(channels=8, width=64, layers=3, heads=2, hidden=128, text_width=32),
        text=TextConfig(width=32, layers=1, heads=2, max_tokens=16),
        tokenizer_stage=TokenizerStage(
            loop=LoopConfig(steps=200, ema=0.98, bf16=False, optimiser=optimiser, sample_every=100),
            shapes=((5, 8),),
            statistics=128,
        ),
        image_stage=DenoiserStage(
            loop=LoopConfig(steps=100, ema=0.98, bf16=False, optimiser=optimiser, sample_every=100),
            shapes=((1, 32),),
            sample=sample,
        ),
        video_stage=DenoiserStage(
            loop=LoopConfig(steps=100, ema=0.98, bf16=False, optimiser=optimiser, sample_every=100),
            shapes=((5, 32), (1, 32)),
            first=0.2,
            sample=sample,
        ),
        cached=((1, 256), (5, 512)),
    )
