"""The read-out: a small network that says what a clip shows, trained on ground truth.

It scores the models that we train and it is the critic's eyes; its own error on true clips stands beside every score.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn


@dataclass(frozen=True, kw_only=True)
class ReadOutConfig:
    answers: tuple[tuple[str, tuple[str, ...]], ...]  # (question, possible answers), e.g. ("kind", ("fox", ...))
    height: int = 64  # rows that clips are brought to
    width: int = 112  # columns that clips are brought to
    frames: int = 9  # frames picked evenly over the clip
    channels: tuple[int, int, int] = (40, 80, 144)  # of the maps at 1/4, 1/8 and 1/16 of the size
    features: int = 192  # of one frame


class _Residual(nn.Module):
    def __init__(self, channels: int):
        super().__init__()
        self.norm = nn.GroupNorm(8, channels)
        self.first = nn.Conv2d(channels, channels, 3, padding=1)
        self.second = nn.Conv2d(channels, channels, 3, padding=1)
        nn.init.zeros_(self.second.weight)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.gelu(self.first(F.gelu(self.norm(x)))))


class ReadOut(nn.Module):
    """Clips to logits, one set for each question."""

    outer_layers = ("frame.0", "heads")  # first and last, which AdamW trains

    def __init__(self, config: ReadOutConfig):
        super().__init__()
        self.config = config
        a, b, c = config.channels
        self.frame = nn.Sequential(
            nn.Conv2d(3, a, 4, stride=4),
            _Residual(a),
            nn.Conv2d(a, b, 2, stride=2),
            _Residual(b),
            nn.Conv2d(b, c, 2, stride=2),
            _Residual(c),
            _Residual(c),
            nn.GroupNorm(8, c),
        )
        cells = (config.height // 16) * (config.width // 16)
        self.gather = nn.Linear(c * cells, config.features)  # keeps where things are: motion is read from it
        self.time = nn.ModuleList(nn.Conv1d(config.features, config.features, 3, padding=1) for _ in range(3))
        width = 2 * config.features + 2 * c
        self.heads = nn.ModuleDict({name: nn.Linear(width, len(answers)) for name, answers in config.answers})

    def prepare(self, video: Tensor) -> Tensor:
        """(B, T, 3, H, W) in [-1, 1], any T, H and W -> (B, frames, 3, height, width)."""
        picked = torch.linspace(0, video.shape[1] - 1, self.config.frames).round().long()
        video = video[:, picked]
        size = (self.config.height, self.config.width)
        if video.shape[-2:] == size:
            return video
        flat = rearrange(video, "b t c h w -> (b t) c h w").float()
        small = (
            F.interpolate(flat, size=size, mode="area")
            if flat.shape[-2] >= size[0]
            else F.interpolate(flat, size=size, mode="bilinear")
        )
        return rearrange(small, "(b t) c h w -> b t c h w", b=len(video))

    def forward(self, video: Tensor) -> dict[str, Tensor]:
        """Clips as `prepare` gives them to {question: (B, answers) logits}."""
        b = len(video)
        maps = self.frame(rearrange(video, "b t c h w -> (b t) c h w"))
        pooled = rearrange(maps, "(b t) c h w -> b t c (h w)", b=b)
        pooled = torch.cat([pooled.mean((1, 3)), pooled.amax((1, 3))], -1)  # (B, 2C): what, wherever it is
        x = F.gelu(self.gather(maps.flatten(1)))
        x = rearrange(x, "(b t) d -> b d t", b=b)
        for layer in self.time:
            x = x + F.gelu(layer(x))
        features = torch.cat([x.mean(-1), x.amax(-1), pooled], -1)
        return {name: head(features) for name, head in self.heads.items()}
