"""The critic's eyes: the shipped read-out behind the agent's seam (numpy in, probabilities by name out)."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import torch

from rushes.model.readout import ReadOut
from rushes.model.readout_weights import READOUT, load_readout_file


class Reader:
    """Names what a clip shows, out of the answers that its read-out was taught."""

    def __init__(self, module: ReadOut, name: str):
        self.module, self.name = module, name

    @torch.no_grad()
    def read(self, frames: np.ndarray, fps: float) -> dict[str, dict[str, float]]:
        """frames (T, H, W, 3) uint8 -> for each question ("kind", "color", "set", …): name -> probability."""
        video = torch.from_numpy(np.ascontiguousarray(frames)).permute(0, 3, 1, 2)[None].float() / 127.5 - 1
        logits = self.module(self.module.prepare(video))
        return {
            question: dict(zip(answers, logits[question][0].softmax(-1).tolist(), strict=True))
            for question, answers in self.module.config.answers
        }


def load_reader(name: str = "nano", folder: Path | None = None) -> Reader:
    """The read-out of a shipped model, or the one in `folder`. WeightsError when its file is missing or damaged."""
    folder = Path(str(files("rushes.weights") / name)) if folder is None else folder
    return Reader(*load_readout_file(folder / READOUT))
