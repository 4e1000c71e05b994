"""A world small enough for a test: one coloured square that rests or moves over a plain ground."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rushes.training.data import Batch, Clips

COLORS = {"red": (0.9, 0.1, 0.1), "green": (0.1, 0.8, 0.2), "blue": (0.15, 0.25, 0.95), "yellow": (0.95, 0.9, 0.1)}
GROUNDS = {"snow": (0.9, 0.92, 0.95), "night": (0.05, 0.05, 0.15)}
MOTIONS = {"rests": (0.0, 0.0), "goes right": (1.0, 0.0), "goes left": (-1.0, 0.0), "falls": (0.0, 1.0)}


@dataclass(frozen=True, kw_only=True)
class Squares:
    """Clips of squares, drawn from a seed."""

    height: int = 32  # rows
    width: int = 32  # columns
    frames: int = 5  # frames of a whole clip
    fps: float = 8.0  # frames a second
    seed: int = 0  # another seed, another run of clips

    def clips(self, part: str) -> Clips:
        offset = {"train": 0, "test": 1}[part]

        def make(step: int, batch: int, frames: int) -> Batch:
            # torch keeps 32 bits of a seed: a shift by more would give both parts the same clips
            seed = ((self.seed * 2 + offset) * 2_654_435_761 + step) % 2**32
            generator = torch.Generator().manual_seed(seed)
            drawn = [self._draw(generator, frames) for _ in range(batch)]
            return Batch(
                video=torch.stack([video for video, _, _ in drawn]),
                captions=[caption for _, caption, _ in drawn],
                variants=[(short,) for _, _, short in drawn],
            )

        return make

    def vocabulary(self) -> list[str]:
        return [f"a {c} square {m} over {g}, {c} square" for c in COLORS for g in GROUNDS for m in MOTIONS]

    def _draw(self, generator: torch.Generator, frames: int) -> tuple[Tensor, str, str]:
        def pick(count: int) -> int:
            return int(torch.randint(count, (), generator=generator))

        color, ground, motion = list(COLORS)[pick(4)], list(GROUNDS)[pick(2)], list(MOTIONS)[pick(4)]
        rows = torch.linspace(0, 1, self.height).view(1, -1, 1)
        columns = torch.linspace(0, 1, self.width).view(1, 1, -1)
        seconds = (torch.arange(frames) / self.fps).view(-1, 1, 1)
        place = torch.rand(2, generator=generator) * 0.4 + 0.3
        dx, dy = MOTIONS[motion]
        near = (columns - place[0] - 0.4 * dx * seconds).abs().maximum((rows - place[1] - 0.4 * dy * seconds).abs())
        inside = ((0.2 - near) * self.height).clamp(0, 1).unsqueeze(1)  # (T, 1, H, W)
        paint = torch.tensor(COLORS[color]).view(1, 3, 1, 1)
        back = torch.tensor(GROUNDS[ground]).view(1, 3, 1, 1)
        return (
            (paint * inside + back * (1 - inside)) * 2 - 1,
            f"a {color} square {motion} over {ground}",
            f"{color} square",
        )
