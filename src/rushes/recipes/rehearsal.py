"""`rehearsal`: `mini` to the letter but for the clips in a step, so that a CPU goes through all of its stages.

Before a GPU is rented: `rushes train rehearsal --steps 2 --clips 128 --count 4` takes minutes and leaves weights,
scores and a model card that mean nothing.
"""

from __future__ import annotations

from dataclasses import replace

from rushes.recipes import mini
from rushes.recipes.mini import FRAMES
from rushes.training.recipe import Recipe


def recipe() -> Recipe:
    full = mini.recipe()
    assert full.distil_stage is not None and full.readout_stage is not None
    return replace(
        full,
        name="rehearsal",
        decoder_stage=replace(full.decoder_stage, shapes=((5, 2), (17, 1))),
        image_stage=replace(full.image_stage, shapes=((1, 8),), shown=1),
        video_stage=replace(full.video_stage, shapes=((FRAMES, 2),), moments=8, shown=1),
        distil_stage=replace(full.distil_stage, shapes=((FRAMES, 2),), shown=1),
        readout_stage=replace(full.readout_stage, clips=64, batch=4),
    )
