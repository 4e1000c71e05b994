"""The read-out: a small network that says what a clip shows, trained on ground truth.

It scores the models that we train and it is the critic's eyes; its own error on true clips stands beside every score.
With `places` it also says of every frame where the cast is and what it looks like there (`localiser.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor, nn

from rushes.model.localiser import Localiser, Located


@dataclass(frozen=True, kw_only=True)
class ReadOutConfig:
    answers: tuple[tuple[str, tuple[str, ...]], ...]  # (question, possible answers), e.g. ("kind", ("fox", ...))
    height: int = 64  # rows that clips are brought to
    width: int = 112  # columns that clips are brought to
    frames: int = 9  # frames picked evenly over the clip
    channels: tuple[int, int, int] = (40, 80, 144)  # of the maps at 1/4, 1/8 and 1/16 of the size
    features: int = 192  # of one frame
    places: int = 0  # actors located in each frame, from left to right; 0 (as weights of old have): none
    look: int = 96  # features of a located actor
    sure: float = 0.0  # least probability of a kind that counts as seen; weights of old were not taught to doubt

    def names(self, question: str) -> tuple[str, ...]:
        """The possible answers to `question`; none when it is not asked."""
        return dict(self.answers).get(question, ())


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

    outer_layers = ("frame.0", "heads", "localiser.look", "localiser.present", "localiser.kind", "localiser.color")
    # first and last, which AdamW trains

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
        self.width = 2 * config.features + 2 * c  # of the features of a clip
        if config.places:
            kinds, colors = len(config.names("kind")), len(config.names("color"))
            self.localiser = Localiser(b, c, config.look, config.places, kinds, colors)
            self.follow = nn.Linear(config.places * (config.look + 4), config.features)
            self.width += 2 * config.places * config.look
        self.heads = nn.ModuleDict({name: nn.Linear(self.width, len(answers)) for name, answers in config.answers})

    def prepare(self, video: Tensor) -> Tensor:
        """(B, T, 3, H, W) in [-1, 1], any T, H and W -> (B, frames, 3, height, width)."""
        picked = torch.linspace(0, video.shape[1] - 1, self.config.frames).round().long()
        return self.shrink(video[:, picked])

    def shrink(self, video: Tensor) -> Tensor:
        """(B, T, 3, H, W) -> (B, T, 3, height, width)."""
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

    def maps(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 3, H, W) -> maps at 1/8 and at 1/16 of the size."""
        fine = self.frame[:4](frames)
        return fine, self.frame[4:](fine)

    def read(self, video: Tensor) -> tuple[Tensor, Located | None]:
        """Clips as `prepare` gives them to features (B, width), and where the cast is, (B, T, places, …)."""
        b = len(video)
        fine, maps = self.maps(rearrange(video, "b t c h w -> (b t) c h w"))
        pooled = rearrange(maps, "(b t) c h w -> b t c (h w)", b=b)
        pooled = torch.cat([pooled.mean((1, 3)), pooled.amax((1, 3))], -1)  # (B, 2C): what, wherever it is
        x = self.gather(maps.flatten(1))
        located, looks = None, []
        if self.config.places:
            located = self.localiser(fine, maps)
            seen = torch.cat([located.features, located.box, located.present[..., None].sigmoid()], -1)
            x = x + self.follow(seen.flatten(1))  # who is where in this frame: time sees paths
            located = located.unflatten(b)
            looks = [located.features.mean(1).flatten(1), located.features.amax(1).flatten(1)]
        x = rearrange(F.gelu(x), "(b t) d -> b d t", b=b)
        for layer in self.time:
            x = x + F.gelu(layer(x))
        return torch.cat([x.mean(-1), x.amax(-1), pooled, *looks], -1), located

    def answer(self, features: Tensor) -> dict[str, Tensor]:
        """Features of clips to {question: (B, answers) logits}."""
        return {name: head(features) for name, head in self.heads.items()}

    def forward(self, video: Tensor) -> dict[str, Tensor]:
        """Clips as `prepare` gives them to {question: (B, answers) logits}."""
        return self.answer(self.read(video)[0])

    def locate(self, video: Tensor) -> Located:
        """Where the cast is in every frame of clips as `shrink` gives them: (B, T, places, …)."""
        assert self.config.places, "this read-out was trained without a localiser"
        return self.localiser(*self.maps(rearrange(video, "b t c h w -> (b t) c h w"))).unflatten(len(video))
