"""`tiny`: all stages in seconds, on coloured squares. What the tests train."""

from __future__ import annotations

from rushes.model.tokenizer import TokenizerConfig
from rushes.training.loop import LoopConfig
from rushes.training.optimiser import OptimiserConfig
from rushes.training.recipe import Recipe
from rushes.training.squares import Squares
from rushes.training.tokenizer_stage import TokenizerStage


def recipe() -> Recipe:
    return Recipe(
        name="tiny",
        source=Squares(),
        tokenizer=TokenizerConfig(
            latent_channels=8,
            encoder_widths=(16, 24, 32),
            encoder_blocks=(1, 1, 1),
            decoder_widths=(32, 32, 24, 16),
            decoder_blocks=(1, 1, 1, 1),
        ),
        tokenizer_stage=TokenizerStage(
            loop=LoopConfig(steps=120, ema=0.98, bf16=False, optimiser=OptimiserConfig(lr=3e-3, warmup=10)),
            shapes=((5, 8),),
            statistics=16,
        ),
    )
