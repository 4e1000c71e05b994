"""`mini`: all of a film's grammar in one small model, for one H100 in under an hour over all stages.

It knows `rushes.backlot.world.MINI`: up to two actors and how they stand to each other, weather, a moving camera, four
seconds at 12 frames a second. It sees 128 x 224 and draws 256 x 448; 49 frames are 13 x 16 x 28 latents, 1,456 tokens.
The weights take less than 40 MB. Where a stage has minutes, they are those of one H100: 50 in all with the caches.
"""

from __future__ import annotations

from dataclasses import replace

from rushes.backlot.world import MINI
from rushes.diffusion.guidance import Guidance
from rushes.diffusion.sample import SampleConfig
from rushes.model.denoiser import DenoiserConfig
from rushes.model.readout import ReadOutConfig
from rushes.model.text import TextConfig
from rushes.model.tokenizer import TokenizerConfig
from rushes.recipes import nano
from rushes.training.backlot_data import BacklotClips
from rushes.training.loop import LoopConfig
from rushes.training.optimiser import OptimiserConfig
from rushes.training.recipe import Recipe

FRAMES, FPS = 49, 12.0


def recipe() -> Recipe:
    small = nano.recipe()
    loop = LoopConfig(
        minutes=8.0,
        ema=0.999,
        compile=True,
        optimiser=OptimiserConfig(lr=1e-3, muon=0.02, weight_decay=0.1, decay=0.8, warmup=200),
        sample_every=500,
    )
    sample = SampleConfig(steps=50, shift=3.0, guidance=Guidance(scale=3.0))
    image = replace(small.image_stage, loop=loop, shapes=((1, 1024),), sample=replace(sample, shift=1.5))
    video = replace(
        small.video_stage,
        loop=replace(loop, minutes=22.0),
        shapes=((FRAMES, 128),),
        moments=1024,
        shift=3.0,
        sample=sample,
    )
    decoder = replace(small.decoder_stage, shapes=((5, 32), (17, 8)))
    assert small.readout_stage is not None and small.distil_stage is not None
    return replace(
        small,
        name="mini",
        source=BacklotClips(world=MINI, height=256, width=448, frames=FRAMES, fps=FPS),
        tokenizer=TokenizerConfig(latent_channels=nano.CHANNELS, linear_encoder=True),
        denoiser=DenoiserConfig(channels=nano.CHANNELS, width=320, layers=7, heads=5, hidden=896, text_width=256),
        text=TextConfig(width=256, layers=2, heads=4, max_tokens=80),  # "the fox is behind the car" needs a sentence
        decoder_stage=replace(decoder, loop=replace(decoder.loop, steps=None, minutes=6.0)),
        image_stage=image,
        video_stage=video,
        distil_stage=replace(
            small.distil_stage,
            loop=replace(small.distil_stage.loop, steps=None, minutes=6.0),
            shapes=((FRAMES, 48),),
            shift=3.0,
        ),
        readout_stage=replace(
            small.readout_stage,
            loop=replace(small.readout_stage.loop, steps=None, minutes=6.0),
            network=ReadOutConfig(answers=(), frames=17, channels=(64, 128, 192), sure=0.5),
            clips=30_000,
            batch=96,
            fps=FPS,
        ),
        cached=((1, 65_536), (FRAMES, 24_576)),
    )
