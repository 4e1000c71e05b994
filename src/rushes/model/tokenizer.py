"""Causal tokenizers (VAE) of images and video, a family over one code: 8x8x4, 8x8x1, 16x16x4, 32x32x8.

Everything is made of 2D convolutions over frames and of 1x1 convolutions over the current and earlier frames, both of
which are fast on a CPU; a latent frame depends on no later frame, so a prefix of a clip has a prefix of its latents,
and a clip may come in pieces (`rushes.model.streaming`). Pictures are drawn at up to twice the size that was seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
import torch.nn as nn
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

from rushes.model.causal import CausalMix, Past

TIME = 4  # frames in a latent frame unless the configuration says otherwise
SPACE = 8  # rows and columns of the encoder's picture in a latent row and column, likewise
FINE = 8  # rows and columns in one of the coarsest maps on which frames are still apart


class SizeError(ValueError):
    """A clip's shape does not fit the tokenizer."""


@dataclass(frozen=True, kw_only=True)
class TokenizerConfig:
    # Left out of `repr`, which names caches of latents: those made before there was a choice stay valid. The
    # encoder's weights, which differ between any two members of the family, are in such a name too.
    time: int = field(default=TIME, repr=False)  # frames in a latent frame: 1, 4 or 8; the first one holds one alone
    space: int = field(default=SPACE, repr=False)  # rows and columns of the encoder's picture in a latent: 8, 16 or 32
    latent_channels: int = 24  # channels of a latent
    linear_encoder: bool = False  # latents are the linear map alone: fitted at once, nothing to train
    encoder_widths: tuple[int, int, int] = (96, 160, 224)  # channels at 1/4 size, at 1/8 size, at 1/8 size and 1/4 time
    decoder_widths: tuple[int, int, int, int] = (224, 160, 128, 64)  # channels at latent, 1/8 size, 1/4 size, 1/2 size
    encoder_blocks: tuple[int, int, int] = (1, 1, 2)  # residual blocks at each width
    decoder_blocks: tuple[int, int, int, int] = (2, 1, 1, 1)  # residual blocks at each width
    upscale: int = 2  # rows drawn by the decoder for a row seen by the encoder: 1 or 2
    groups: int = 1  # groups of a group norm, taken over one frame

    def __post_init__(self) -> None:
        for name, value, known in (
            ("time", self.time, (1, 4, 8)),
            ("space", self.space, (8, 16, 32)),
            ("upscale", self.upscale, (1, 2)),
        ):
            if value not in known:
                choice = f"{', '.join(map(str, known[:-1]))} or {known[-1]}"
                raise ValueError(f"{name} {value} of the tokenizer is not known; choose {choice}")

    @property
    def cell(self) -> int:
        """Drawn pixels to a side of a latent."""
        return self.space * self.upscale

    @property
    def name(self) -> str:
        """As the field names it: rows x columns x frames."""
        return f"{self.space}x{self.space}x{self.time}"


def latent_frames(frames: int, time: int = TIME) -> int:
    """Number of latent frames of `frames` frames; SizeError unless frames = time * k + 1."""
    if frames < 1 or (frames - 1) % time:
        fits = (max(0, frames - 1) // time) * time + 1
        raise SizeError(f"a clip of {frames} frames does not fit; take {time}k + 1 frames, e.g. {fits}")
    return (frames - 1) // time + 1


def _conv(channels_in: int, channels_out: int, kernel: int = 3) -> nn.Conv2d:
    return nn.Conv2d(channels_in, channels_out, kernel, padding=kernel // 2)


def _silence(layer: nn.Conv2d) -> None:
    """Begin as nothing: a bias left as drawn would lay a pattern over every picture."""
    nn.init.zeros_(layer.weight)
    if layer.bias is not None:
        nn.init.zeros_(layer.bias)


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
        _silence(last)

    def forward(self, x: Tensor, frames: int, past: Past) -> Tensor:
        h = self.conv1(F.silu(self.norm1(x)))
        h = F.silu(self.norm2(h))
        if self.time is not None:
            return x + self.time(h, frames, past)
        assert self.conv2 is not None
        return x + self.conv2(h)


def _stack(width: int, count: int, groups: int, temporal: bool) -> nn.ModuleList:
    return nn.ModuleList(ResBlock(width, groups, temporal) for _ in range(count))


def grouped(video: Tensor, time: int = TIME, *, begun: bool = False) -> Tensor:
    """Frames (B, time * k + 1, …) in groups (B, k + 1, time, …); the first frame fills the first group.

    Of a clip that has `begun`, any whole number of groups.
    """
    if not begun:
        video = torch.cat([video[:, :1].expand(-1, time - 1, *[-1] * (video.ndim - 2)), video], 1)
    return video.unflatten(1, (-1, time))


class Encoder(nn.Module):
    """Latents as a linear map of time x space x space pixels, corrected by convolutions unless none are wanted."""

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        self.time, self.space = config.time, config.space
        self.linear = nn.Conv2d(3 * config.time * config.space**2, config.latent_channels, 1)
        self.convolutions = None if config.linear_encoder else EncoderConvolutions(config)

    def forward(self, video: Tensor, past: Past) -> Tensor:
        groups = grouped(video, self.time, begun=past.begun)  # (B, T', time, 3, H, W)
        x = self.linear(F.pixel_unshuffle(groups.flatten(0, 1).flatten(1, 2), self.space))  # (B*T', C, h, w)
        if self.convolutions is not None:
            x = x + self.convolutions(video, past)
        past.begun = True
        return x.unflatten(0, groups.shape[:2])  # (B, T', C, h, w)


class EncoderConvolutions(nn.Module):
    """What the encoder sees beyond its linear map; zero to begin with."""

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        near, mid, far = config.encoder_widths
        blocks, groups = config.encoder_blocks, config.groups
        self.time, self.rest = config.time, config.space // FINE
        self.stem = _conv(3 * 16, near)
        self.near = _stack(near, blocks[0], groups, temporal=False)
        self.down = nn.Conv2d(4 * near, mid, 1)
        self.mid = _stack(mid, blocks[1], groups, temporal=False)
        self.fold = nn.Conv2d(config.time * self.rest**2 * mid, far, 1)
        self.far = _stack(far, blocks[2], groups, temporal=True)
        self.norm = nn.GroupNorm(groups, far)
        self.out = _conv(far, config.latent_channels)
        _silence(self.out)

    def forward(self, video: Tensor, past: Past) -> Tensor:
        frames = video.shape[1]
        x = F.pixel_unshuffle(video.flatten(0, 1), 4).contiguous(memory_format=torch.channels_last)
        x = self.stem(x)  # (B*T, C, H/4, W/4)
        for block in self.near:
            x = block(x, frames, past)
        x = self.down(F.pixel_unshuffle(x, 2).contiguous(memory_format=torch.channels_last))  # (B*T, C, H/8, W/8)
        for block in self.mid:
            x = block(x, frames, past)
        clip = grouped(x.unflatten(0, (-1, frames)), self.time, begun=past.begun)  # (B, T', time, C, H/8, W/8)
        x = F.pixel_unshuffle(clip.flatten(0, 1).flatten(1, 2), self.rest)  # (B*T', time * rest² * C, h, w)
        x = self.fold(x.contiguous(memory_format=torch.channels_last))  # (B*T', C, h, w)
        for block in self.far:
            x = block(x, clip.shape[1], past)
        x = self.out(F.silu(self.norm(x)))  # (B*T', C, h, w)
        return x


class Decoder(nn.Module):
    """Frames as a linear map of 3 x 3 latents, corrected by convolutions."""

    def __init__(self, config: TokenizerConfig) -> None:
        super().__init__()
        far, mid, near, fine = config.decoder_widths
        blocks, groups = config.decoder_blocks, config.groups
        self.time, self.rest, self.cell = config.time, config.space // FINE, config.cell
        self.stem = _conv(config.latent_channels, far)
        self.far = _stack(far, blocks[0], groups, temporal=True)
        self.unfold = nn.Conv2d(far, config.time * mid * self.rest**2, 1)
        self.mid = _stack(mid, blocks[1], groups, temporal=True)
        self.up1 = nn.Conv2d(mid, 4 * near, 1)
        self.near = _stack(near, blocks[2], groups, temporal=False)
        self.up2 = nn.Conv2d(near, 4 * fine, 1)
        self.fine = _stack(fine, blocks[3], groups, temporal=False)
        self.norm = nn.GroupNorm(groups, fine)
        self.patch = 2 * config.upscale  # output pixels to a side of a pixel of the finest maps
        self.out = _conv(fine, 3 * self.patch**2)
        self.linear = _conv(config.latent_channels, 3 * config.time * self.cell**2)
        _silence(self.out)

    def forward(self, latents: Tensor, past: Past) -> Tensor:
        count = latents.shape[1]
        skip = 0 if past.begun else self.time - 1  # the first latent frame holds one frame
        flat = latents.flatten(0, 1).contiguous(memory_format=torch.channels_last)
        direct = F.pixel_shuffle(self.linear(flat), self.cell)  # (B*T', time * 3, H, W)
        direct = direct.unflatten(1, (self.time, 3)).unflatten(0, (-1, count)).flatten(1, 2)[:, skip:]
        frames = direct.shape[1]
        x = self.stem(flat)
        for block in self.far:
            x = block(x, count, past)
        x = F.pixel_shuffle(self.unfold(x), self.rest).unflatten(0, (-1, count))  # (B, T', time * C, H/8, W/8)
        x = rearrange(x, "b t (f c) h w -> b (t f) c h w", f=self.time)[:, skip:].flatten(0, 1)  # (B*T, C, H/8, W/8)
        x = x.contiguous(memory_format=torch.channels_last)
        for block in self.mid:
            x = block(x, frames, past)
        x = F.pixel_shuffle(self.up1(x), 2).contiguous(memory_format=torch.channels_last)  # (B*T, C, H/4, W/4)
        for block in self.near:
            x = block(x, frames, past)
        x = F.pixel_shuffle(self.up2(x), 2).contiguous(memory_format=torch.channels_last)  # (B*T, C, H/2, W/2)
        for block in self.fine:
            x = block(x, frames, past)
        x = self.out(F.silu(self.norm(x)))
        x = F.pixel_shuffle(x, self.patch).unflatten(0, (-1, frames))
        past.begun = True
        return direct + x  # (B, T, 3, H * upscale, W * upscale)


class Tokenizer(nn.Module):
    """Video (B, time * k + 1, 3, H, W) in [-1, 1] to latents (B, k + 1, C, H / space, W / space), and back.

    Latents have mean 0 and deviation 1. The decoder draws `config.upscale` times the encoder's size. `mean` and `std`
    (per channel, measured after training, see `training.tokenizer_stage`) normalise the latents wherever they leave or
    enter. A clip may come in pieces, with one `Past` through all of them.

    Without gradients a clip goes through one latent frame after the other: in memory that does not grow with its
    length, and through the same kernels as a stream, whose result is then the same to the bit.
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

    def raw(self, video: Tensor, past: Past | None = None) -> Tensor:
        """Latents (B, T', C, h, w) before they are normalised, as in training; SizeError for a wrong shape."""
        time, space = self.config.time, self.config.space
        if past is not None and past.begun:
            latent_frames(video.shape[1] + 1, time)
        else:
            latent_frames(video.shape[1], time)
        if video.shape[-2] % space or video.shape[-1] % space:
            size = f"{video.shape[-2]} rows x {video.shape[-1]} columns"
            raise SizeError(f"a picture of {size} does not fit; both must be multiples of {space}")
        past, pieces = _pieces(video, time, past)
        return torch.cat([self.encoder(piece, past).float() for piece in pieces], 1)

    def latent_shape(self, frames: int, height: int, width: int) -> tuple[int, int, int, int]:
        """Shape (T', C, h, w) of the latents of a clip of so many drawn frames, rows and columns; SizeError."""
        cell = self.config.cell
        if height % cell or width % cell:
            raise SizeError(
                f"a picture of {height} rows x {width} columns does not fit; both must be multiples of {cell}"
            )
        return latent_frames(frames, self.config.time), self.config.latent_channels, height // cell, width // cell

    def encode(self, video: Tensor, past: Past | None = None) -> Tensor:
        """Normalised latents (B, T', C, h, w) of `video` (B, T, 3, H, W) at the encoder's size."""
        return (self.raw(video, past) - self._channels(self.mean)) / self._channels(self.std)

    def decode(self, latents: Tensor, past: Past | None = None) -> Tensor:
        """Video (B, T, 3, H, W) of normalised latents, about [-1, 1], not clamped."""
        return self.draw(latents * self._channels(self.std) + self._channels(self.mean), past)

    def draw(self, raw: Tensor, past: Past | None = None) -> Tensor:
        """Video of raw latents (as in training, before statistics are known)."""
        past, pieces = _pieces(raw, 1, past)
        return torch.cat([self.decoder(piece, past).float() for piece in pieces], 1)

    def shrink(self, video: Tensor) -> Tensor:
        """A clip at the decoder's size brought to the encoder's by averaging, (B, T, 3, H, W)."""
        if self.config.upscale == 1:
            return video
        return F.avg_pool2d(video.flatten(0, 1), self.config.upscale).unflatten(0, video.shape[:2])

    @staticmethod
    def _channels(values: Tensor) -> Tensor:
        return values.view(1, 1, -1, 1, 1)


def _pieces(clip: Tensor, time: int, past: Past | None) -> tuple[Past, list[Tensor]]:
    """What goes through the network at once: all of a clip for gradients, else what makes one latent frame."""
    past = past or Past()
    if torch.is_grad_enabled():
        return past, [clip]
    first = 0 if past.begun else 1  # frames, or latent frames, that stand alone
    sizes = [1] * first + [time] * ((clip.shape[1] - first) // time)
    return past, list(clip.split(sizes, 1))
