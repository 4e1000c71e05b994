"""`base`: about a billion parameters for a node of 8 GPUs, five seconds of 480p at 24 frames a second.

It has not been trained: `rushes plan base --gpus 8 --dry-run` gives its shapes, memory and FLOPs, `rushes plan base
--gpus 64 --videos 1e9` days and money. The sizes follow what open models of its class have (docs/design.md). Its
data is the whole of the backlot at that size; footage that was curated and captioned takes the place of `source`.
"""

from __future__ import annotations

from dataclasses import replace

from rushes.backlot.world import FULL
from rushes.diffusion.guidance import Guidance
from rushes.diffusion.sample import SampleConfig
from rushes.model.denoiser import DenoiserConfig
from rushes.model.text import TextConfig
from rushes.model.tokenizer import TokenizerConfig
from rushes.recipes import mini
from rushes.training.backlot_data import BacklotClips
from rushes.training.loop import LoopConfig
from rushes.training.optimiser import OptimiserConfig
from rushes.training.recipe import Recipe

CHANNELS = 48  # as Wan2.2's 16x16x4
FRAMES, FPS = 121, 24.0


def recipe() -> Recipe:
    smaller = mini.recipe()
    loop = LoopConfig(
        steps=100_000,
        ema=0.9995,
        compile=True,
        accumulate=8,
        optimiser=OptimiserConfig(lr=3e-4, muon=0.01, weight_decay=0.1, decay=0.5, warmup=2_000),
        save_every=1_800.0,
        sample_every=5_000,
    )
    sample = SampleConfig(steps=50, shift=5.0, guidance=Guidance(scale=5.0))
    tokenizer = replace(
        smaller.tokenizer_stage,
        loop=replace(loop, steps=200_000, accumulate=1),
        shapes=((1, 64), (17, 8)),
        perceptual=0.5,
        adversary=0.05,
    )
    assert smaller.distil_stage is not None
    return replace(
        smaller,
        name="base",
        source=BacklotClips(world=replace(FULL, seconds=FRAMES / FPS), height=480, width=832, frames=FRAMES, fps=FPS),
        tokenizer=TokenizerConfig(latent_channels=CHANNELS, space=16, upscale=1),
        denoiser=DenoiserConfig(
            channels=CHANNELS, width=2048, layers=16, heads=16, hidden=5632, text_width=1024, registers=4
        ),
        text=TextConfig(width=1024, layers=6, heads=16, max_tokens=256),
        tokenizer_stage=tokenizer,
        decoder_stage=replace(tokenizer, loop=replace(tokenizer.loop, steps=50_000)),
        image_stage=replace(smaller.image_stage, loop=loop, shapes=((1, 2_048),), sample=replace(sample, shift=3.0)),
        video_stage=replace(
            smaller.video_stage,
            loop=loop,
            shapes=((FRAMES, 64), (1, 2_048)),
            moments=0,
            shift=5.0,
            sample=sample,
        ),
        distil_stage=replace(
            smaller.distil_stage, loop=replace(loop, steps=10_000), shapes=((FRAMES, 64),), shift=5.0, guidance=5.0
        ),
        cached=((1, 1_000_000), (FRAMES, 1_000_000)),
    )
