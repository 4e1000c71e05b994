"""`nano`: the first model of our own, small enough for one or two CPU cores.

It knows `rushes.backlot.world.NANO`: one actor at a time, two seconds at 8 frames a second. It sees 64 x 112 and draws
128 x 224; 17 frames are 5 x 8 x 14 latents of 16 channels.
"""

from __future__ import annotations

from rushes.training.backlot_data import BacklotClips
from rushes.training.recipe import Recipe


def recipe() -> Recipe:
    return Recipe(name="nano", source=BacklotClips())
