"""Causal tokenizer (VAE) of images and video: 4x less time, 8x less height and width, drawn at up to twice the size.

Everything is made of 2D convolutions over frames and of 1x1 convolutions over the current and earlier frames, both of
which are fast on a CPU; a latent frame depends on no later frame, so a prefix of a clip has a prefix of its latents.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

TIME = 4  # frames in a latent frame; the first latent frame holds the first frame alone
SPACE = 8  # rows and columns of the encoder's picture in a latent row and column


class SizeError(ValueError):
    """A clip's shape does not fit the tokenizer."""


@dataclass(frozen=True, kw_only=True)
class TokenizerConfig:
    latent_channels: int = 24  # channels of a latent
    linear_encoder: bool = False  # latents are the linear map alone: fitted at once, nothing to train
    encoder_widths: tuple[int, int, int] = (96, 160, 224)  # channels at 1/4 size, at 1/8 size, at 1/8 size and 1/4 time
    decoder_widths: tuple[int, int, int, int] = (224, 160, 128, 64)  # channels at latent, 1/8 size, 1/4 size, 1/2 size
    encoder_blocks: tuple[int, int, int] = (1, 1, 2)  # residual blocks at each width
    decoder_blocks: tuple[int, int, int, int] = (2, 1, 1, 1)  # residual blocks at each width
    upscale: int = 2  # rows drawn by the decoder for a row seen by the encoder: 1 or 2
    groups: int = 1  # groups of a group norm, taken over one frame

    def __post_init__(self) -> None:
        if self.upscale not in (1, 2):
            raise ValueError(f"upscale {self.upscale} of the tokenizer is not known; choose 1 or 2")


def latent_frames(frames: int) -> int:
    """Number of latent frames of `frames` frames; SizeError unless frames = 4k + 1."""
    if frames < 1 or (frames - 1) % TIME:
        raise SizeError(
            f"a clip of {frames} frames does not fit; take 4k + 1 frames, e.g. {(frames // TIME) * TIME + 1}"
        )
    return (frames - 1) // TIME + 1


def _conv(channels_in: int, channels_out: int, kernel: int = 3) -> nn.Conv2d:
    return nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2)


class CausalMix(nn.Module):
    """A convolution over time of three taps, this frame and two before; the first stands for what was earlier."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.taps = nn.Conv2d(3 * width, width, 1)

    def forward(self, x: Tensor, frames: int) -> Tensor:
        clip = x.unflatten(0, (-1, frames))  # (B, T, C, H, W)
        first = clip[:, :1]
        one = torch.cat([first, clip[:, :-1]], 1)  # the frame before
        two = torch.cat([first, one[:, :-1]], 1)
        stacked = torch.cat([two, one, clip], 2).flatten(0, 1)  # (B*T, 3C, H, W)
        return self.taps(stacked.contiguous(memory_format=torch.channels_last))


class ResBlock(nn.Module):
    """Norm, SiLU, 3x3 over the frame; norm, SiLU, three taps over time (or 3x3 again); added to the input."""

    def __init__(self, width: int, groups: int, temporal: bool) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, width)
        self.conv1 = _conv(width, width)
        self.norm2 = nn.GroupNorm(groups, width)
        self.conv2 = None if temporal else _conv(width, width)
        self.time = CausalMix(width) if temporal else None
        last = self.time.taps if self.time is not None else self.conv2
        assert last is not None
        nn.init.zeros_(last.weight)
        if last.bias is not None:
            nn.init.zeros_(last.bias)

    def forward(self, x: Tensor, frames: int) -> Tensor:
        h = self.conv1(F.silu(self.norm1(x)))
        h = F.silu(self.norm2(h))
        if self.time is not None:
            return x + self.time(h, frames)
        assert self.conv2 is not None
        return x + self.conv2(h)


def _stack(width: int, count: int, groups: int, temporal: bool) -> nn.ModuleList:
    return nn.ModuleList(ResBlock(width, groups, temporal) for _ in range(count))


def grouped(video: Tensor) -> Tensor:
    """Frames (B, 4k + 1, …) in groups of four (B, k + 1, 4, …); the first frame fills the first group."""
    whole = torch.cat([video[:, :1].expand(-1, TIME - 1, *[-1] * (video.ndim - 2)), video], 1)
    return whole.unflatten(1, (-1, TIME))


class Encoder(nn.Module):
    """Latents as a linear map of 4 x 8 x 8 pixels, corrected by convolutions unless the configuration wants none."""

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.linear = nn.Conv2d(3 * TIME * SPACE**2, config.latent_channels, 1)
        self.convolutions = None if config.linear_encoder else EncoderConvolutions(config)

    def forward(self, video: Tensor) -> Tensor:
        x = self.linear(F.pixel_unshuffle(grouped(video).flatten(0, 1).flatten(1, 2), SPACE))  # (B*T', C, h, w)
        if self.convolutions is not None:
            x = x + self.convolutions(video)
        return x.unflatten(0, (-1, latent_frames(video.shape[1])))  # (B, T', C, h, w)


class EncoderConvolutions(nn.Module):
    """What the encoder sees beyond its linear map; zero to begin with."""

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        near, mid, far = config.encoder_widths
        blocks, groups = config.encoder_blocks, config.groups
        self.stem = _conv(3 * 16, near)
        self.near = _stack(near, blocks[0], groups, temporal=False)
        self.down = nn.Conv2d(4 * near, mid, 1)
        self.mid = _stack(mid, blocks[1], groups, temporal=False)
        self.fold = nn.Conv2d(TIME * mid, far, 1)
        self.far = _stack(far, blocks[2], groups, temporal=True)
        self.norm = nn.GroupNorm(groups, far)
        self.out = _conv(far, config.latent_channels)
        nn.init.zeros_(self.out.weight)

    def forward(self, video: Tensor) -> Tensor:
        frames = video.shape[1]
        x = F.pixel_unshuffle(video.flatten(0, 1), 4).contiguous(memory_format=torch.channels_last)
        x = self.stem(x)  # (B*T, C, H/4, W/4)
        for block in self.near:
            x = block(x, frames)
        x = self.down(F.pixel_unshuffle(x, 2).contiguous(memory_format=torch.channels_last))  # (B*T, C, H/8, W/8)
        for block in self.mid:
            x = block(x, frames)
        x = grouped(x.unflatten(0, (-1, frames))).flatten(0, 1).flatten(1, 2)  # (B*T', 4C, h, w)
        x = self.fold(x.contiguous(memory_format=torch.channels_last))  # (B*T', C, h, w)
        for block in self.far:
            x = block(x, frames=latent_frames(frames))
        x = self.out(F.silu(self.norm(x)))  # (B*T', C, h, w)
        return x


class Decoder(nn.Module):
    """Frames as a linear map of 3 x 3 latents, corrected by convolutions."""

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        far, mid, near, fine = config.decoder_widths
        blocks, groups = config.decoder_blocks, config.groups
        self.stem = _conv(config.latent_channels, far)
        self.far = _stack(far, blocks[0], groups, temporal=True)
        self.unfold = nn.Conv2d(far, TIME * mid, 1)
        self.mid = _stack(mid, blocks[1], groups, temporal=True)
        self.up1 = nn.Conv2d(mid, 4 * near, 1)
        self.near = _stack(near, blocks[2], groups, temporal=False)
        self.up2 = nn.Conv2d(near, 4 * fine, 1)
        self.fine = _stack(fine, blocks[3], groups, temporal=False)
        self.norm = nn.GroupNorm(groups, fine)
        self.patch = 2 * config.upscale  # output pixels to a side of a pixel of the finest maps
        self.out = _conv(fine, 3 * self.patch**2)
        self.cell = SPACE * config.upscale  # output pixels to a side of a latent
        self.linear = _conv(config.latent_channels, 3 * TIME * self.cell**2)
        nn.init.zeros_(self.out.weight)

    def forward(self, latents: Tensor) -> Tensor:
        count = latents.shape[1]
        frames = TIME * (count - 1) + 1
        flat = latents.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        direct = F.pixel_shuffle(self.linear(flat), self.cell)  # (B*T', 4*3, H, W)
        direct = direct.unflatten(1, (TIME, 3)).unflatten(0, (-1, count)).flatten(1, 2)[:, TIME - 1 :]
        x = self.stem(flat)
        for block in self.far:
            x = block(x, count)
        x = self.unfold(x).unflatten(0, (-1, count))  # (B, T', 4C, h, w)
        x = rearrange(x, "b t (f c) h w -> b (t f) c h w", f=TIME)[:, TIME - 1 :].flatten(0, 1)  # (B*T, C, h, w)
        x = x.contiguous(memory_format=torch.channels_last)
        for block in self.mid:
            x = block(x, frames)
        x = F.pixel_shuffle(self.up1(x), 2).contiguous(memory_format=torch.channels_last)  # (B*T, C, 2h, 2w)
        for block in self.near:
            x = block(x, frames)
        x = F.pixel_shuffle(self.up2(x), 2).contiguous(memory_format=torch.channels_last)  # (B*T, C, 4h, 4w)
        for block in self.fine:
            x = block(x, frames)
        x = self.out(F.silu(self.norm(x)))
        x = F.pixel_shuffle(x, self.patch).unflatten(0, (-1, frames))
        return direct + x  # (B, T, 3, 8h * upscale, 8w * upscale)


class Tokenizer(nn.Module):
    """Video (B, 4k + 1, 3, H, W) in [-1, 1] to latents (B, k + 1, C, H/8, W/8) of mean 0 and deviation 1, and back.

    The decoder draws `config.upscale` times the encoder's size. `mean` and `std` (per channel, measured after training,
    see `training.stages`) normalise the latents wherever they leave or enter.
    """

    # between pixels and channels: an optimiser treats them apart
    outer_layers = ("encoder.convolutions.stem.", "encoder.linear.", "decoder.out.", "decoder.linear.")
    mean: Tensor
    std: Tensor
    deviations: Tensor

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.config = config
        self.encoder = Encoder(config)
        self.decoder = Decoder(config)
        self.register_buffer("mean", torch.zeros(config.latent_channels))
        self.register_buffer("std", torch.ones(config.latent_channels))
        self.register_buffer("deviations", torch.ones(config.latent_channels))  # what is left of them when normalised
        self.to(memory_format=torch.channels_last)  # type: ignore[call-overload]

    def raw(self, video: Tensor) -> Tensor:
        """Latents (B, T', C, h, w) before they are normalised, as in training; SizeError for a wrong shape."""
        latent_frames(video.shape[1])
        if video.shape[-2] % SPACE or video.shape[-1] % SPACE:
            size = f"{video.shape[-2]} rows x {video.shape[-1]} columns"
            raise SizeError(f"a picture of {size} does not fit; both must be multiples of {SPACE}")
        latents: Tensor = self.encoder(video).float()
        return latents

    def encode(self, video: Tensor) -> Tensor:
        """Normalised latents (B, T', C, h, w) of `video` (B, T, 3, H, W) at the encoder's size."""
        return (self.raw(video) - self._channels(self.mean)) / self._channels(self.std)

    def decode(self, latents: Tensor) -> Tensor:
        """Video (B, T, 3, H, W) of normalised latents, about [-1, 1], not clamped."""
        return self.draw(latents * self._channels(self.std) + self._channels(self.mean))

    def draw(self, raw: Tensor) -> Tensor:
        """Video of raw latents (as in training, before statistics are known)."""
        video: Tensor = self.decoder(raw).float()
        return video

    def shrink(self, video: Tensor) -> Tensor:
        """A clip at the decoder's size brought to the encoder's by averaging, (B, T, 3, H, W)."""
        if self.config.upscale == 1:
            return video
        return F.avg_pool2d(video.flatten(0, 1), self.config.upscale).unflatten(0, video.shape[:2])

    @staticmethod
    def _channels(values: Tensor) -> Tensor:
        return values.view(1, 1, -1, 1, 1)
