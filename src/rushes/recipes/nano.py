"""`nano`: the first model of our own, small enough for one or two CPU cores.

It knows `rushes.backlot.world.NANO`: one actor at a time, two seconds at 8 frames a second. It sees 64 x 112 and draws
128 x 224; 17 frames are 5 x 8 x 14 latents of 48 channels, 140 tokens. On two cores all of it takes less than an hour:
7 minutes for the caches, then image, video and distil on one core while readout and decoder have the other.
Lengths are in steps, so that one seed gives one set of weights.
"""

from __future__ import annotations

from dataclasses import replace

from rushes.diffusion.guidance import Guidance
from rushes.diffusion.sample import SampleConfig
from rushes.model.denoiser import DenoiserConfig
from rushes.model.text import TextConfig
from rushes.model.tokenizer import TokenizerConfig
from rushes.training.backlot_data import BacklotClips
from rushes.training.denoiser_stage import DenoiserStage
from rushes.training.distil_stage import DistilStage
from rushes.training.loop import LoopConfig
from rushes.training.optimiser import OptimiserConfig
from rushes.training.readout_stage import ReadOutStage
from rushes.training.recipe import Recipe
from rushes.training.tokenizer_stage import TokenizerStage

CHANNELS = 48  # of a latent


def recipe() -> Recipe:
    drawing = OptimiserConfig(lr=1.5e-3, muon=0.02)
    tokenizer = TokenizerStage(loop=LoopConfig(steps=30, ema=0.9, optimiser=drawing))  # its linear map is all it needs
    loop = LoopConfig(
        steps=500,
        ema=0.998,
        compile=True,
        optimiser=OptimiserConfig(lr=1e-3, muon=0.02, weight_decay=0.1, decay=0.9),
        sample_every=250,
    )
    image = DenoiserStage(
        loop=loop,
        shapes=((1, 96),),
        shift=8.0,  # words decide at high noise: three times as much of the cast is bound in the same steps as at 1
        sample=SampleConfig(steps=20, shift=1.0, guidance=Guidance(scale=3.0)),
    )
    video = replace(
        image,
        loop=replace(loop, steps=1900, sample_every=475),
        shapes=((17, 24),),
        moments=96,
        first=0.2,
        shift=4.0,
        sample=SampleConfig(steps=24, shift=2.0, guidance=Guidance(scale=3.0)),
    )
    distil = DistilStage(
        loop=LoopConfig(
            steps=170,
            ema=0.97,
            optimiser=OptimiserConfig(lr=3e-4, muon=0.005, weight_decay=0.0, warmup=5, decay=0.9),
            sample_every=85,
        ),
        shapes=((17, 6),),
        steps=4,
        shift=2.0,
        guidance=3.0,
        first=0.2,
        trajectory=1.0,  # clean where the other three losses, in so few steps, leave noise in every latent
        teacher_steps=2,
    )
    return Recipe(
        name="nano",
        source=BacklotClips(),
        tokenizer=TokenizerConfig(latent_channels=CHANNELS, linear_encoder=True),
        denoiser=DenoiserConfig(channels=CHANNELS, width=192, layers=8, heads=3, hidden=512),
        text=TextConfig(layers=0),  # words and their places: enough for captions of one actor
        tokenizer_stage=tokenizer,
        decoder_stage=TokenizerStage(loop=LoopConfig(steps=1900, ema=0.995, optimiser=drawing, sample_every=425)),
        image_stage=image,
        video_stage=video,
        distil_stage=distil,
        readout_stage=ReadOutStage(
            loop=LoopConfig(
                steps=900,
                ema=0.99,
                optimiser=OptimiserConfig(lr=1.5e-3, muon=0.02, weight_decay=0.05, decay=0.8),
            )
        ),
        cached=((1, 16_384), (17, 12_288)),
    )
