"""Diffusion transformer over latents of images and video: adaLN-single, QK-norm, 3D RoPE, cross-attention to text.

One definition for the dense model and for a mixture of experts, with or without register tokens (arXiv:2309.16588).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from einops import rearrange
from torch import Tensor

from rushes.model.attention import attention
from rushes.model.compiling import can_compile
from rushes.model.experts import Experts
from rushes.model.norm import RMSNorm
from rushes.model.rope import coordinates, rotate, rotations

PATCH = 2  # latent rows and columns to a side of a token, unless the configuration says otherwise
PLACES = 48  # features of where and when a token is
SIGMA_FEATURES = 256  # features of a noise level
WORDS = 16  # compiled blocks see texts padded to a multiple of so many words


@dataclass(frozen=True, kw_only=True)
class DenoiserConfig:
    channels: int = 16  # of a latent
    width: int = 256  # channels of a token
    layers: int = 8  # transformer blocks
    heads: int = 4  # attention heads
    hidden: int = 640  # channels inside the gated MLP, or inside each expert
    text_width: int = 192  # channels of a text vector
    patch: int = PATCH  # latent rows and columns to a side of a token
    registers: int = 0  # learned tokens that join the others and are dropped at the end
    experts: int = 0  # gated MLPs in each block to choose from; 0: one, that all tokens take
    active: int = 2  # experts that a token takes, if there are any

    def __post_init__(self) -> None:
        if self.experts and not 2 <= self.active <= self.experts:
            raise ValueError(f"active {self.active} of {self.experts} experts; give 2 or more, up to all of them")


class Denoiser(nn.Module):
    """The velocity (noise - clean) of noisy latents, as a network's correction of the best linear guess.

    Latents (B, T, C, H, W) with H and W multiples of the patch; sigma (B,) in [0, 1]; text (B, L, text_width) with its
    mask (B, L). `seconds` lie between latent frames, the first of which is at `start`. `first`, if given, is the clean
    first latent frame (B, 1, C, H, W), and `has_first` (B,) says whose counts.
    """

    deviations: Tensor

    def __init__(self, config: DenoiserConfig) -> None:
        super().__init__()
        self.config = config
        d = config.width
        self.words_multiple = 1  # texts are padded to a multiple of so many words
        self.register_buffer("deviations", torch.ones(config.channels))  # of each channel of clean latents
        given = 2 * config.channels + 1  # noisy, clean first, and where there is one
        self.patch = nn.Linear(given * config.patch**2, d)
        self.place = nn.Linear(PLACES, d)  # RoPE tells only how far apart tokens are; this, which one is on the left
        self.time = nn.Sequential(nn.Linear(SIGMA_FEATURES, d), nn.SiLU(), nn.Linear(d, d))
        self.text = nn.Linear(config.text_width, d)
        self.pooled = nn.Sequential(nn.Linear(config.text_width, d), nn.SiLU(), nn.Linear(d, d))
        self.modulation = nn.Linear(d, 6 * d)
        if config.registers:
            self.registers = nn.Parameter(0.02 * torch.randn(config.registers, d))
        self.blocks = nn.ModuleList(DenoiserBlock(config) for _ in range(config.layers))
        self.norm = RMSNorm(d, elementwise_affine=False)
        self.out_modulation = nn.Linear(d, 2 * d)
        self.out = nn.Linear(d, config.channels * config.patch**2)
        for layer in (self.place, self.modulation, self.out_modulation, self.out):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(
        self,
        latents: Tensor,
        sigma: Tensor,
        text: Tensor,
        mask: Tensor,
        *,
        seconds: float = 0.5,
        start: float = 0.0,
        first: Tensor | None = None,
        has_first: Tensor | None = None,
    ) -> Tensor:
        frames, _, rows, columns = latents.shape[1:]
        patch, registers = self.config.patch, self.config.registers
        if rows % patch or columns % patch:
            raise ValueError(f"latents of {rows} rows x {columns} do not fit; both must be multiples of {patch}")
        places = coordinates(frames, rows // patch, columns // patch, seconds, latents.device)
        places[:, 0] += start
        x = self.patch(patchify(with_first(latents, first, has_first), patch))  # (B, L, D)
        x = (x + self.place(place_features(places))).float()  # the residual stream
        cos, sin = rotations(places, self.config.width // self.config.heads)
        if registers:  # they are nowhere: not turned
            x = torch.cat([self.registers.to(x.dtype).expand(len(x), -1, -1), x], 1)  # (B, registers + L, D)
            cos, sin = F.pad(cos, (0, 0, registers, 0), value=1.0), F.pad(sin, (0, 0, registers, 0))
        share = mask.unsqueeze(-1) / mask.sum(1).view(-1, 1, 1)
        condition = F.silu(self.time(sigma_features(sigma)) + self.pooled((text * share).sum(1)))  # (B, D)
        shared = self.modulation(condition).unflatten(-1, (6, -1))  # (B, 6, D)
        spare = -mask.shape[1] % self.words_multiple
        words, mask = self.text(F.pad(text, (0, 0, 0, spare))), F.pad(mask, (0, spare))
        for block in self.blocks:
            x = block(x, shared, words, mask, cos, sin)
        shift, scale = self.out_modulation(condition).unsqueeze(1).chunk(2, -1)
        x = self.out(torch.addcmul(shift, self.norm(x[:, registers:]), 1 + scale))
        guess, doubt = linear_guess(sigma.float(), self.deviations.float())
        return guess * latents + doubt * unpatchify(x, frames, rows, columns, patch).float()

    def balance(self) -> Tensor:
        """How unevenly the last forward pass used its experts: a loss, 1 at its best, 0 without experts; taken once."""
        parts = [experts.take_imbalance() for experts in self._mixtures()]
        return torch.stack(parts).mean() if parts else self.deviations.new_zeros(())

    def load(self) -> Tensor:
        """Shares (layers, experts) of the choices of the last forward pass; (0, 0) without experts."""
        loads = [experts.load for experts in self._mixtures() if experts.load is not None]
        return torch.stack(loads) if loads else self.deviations.new_zeros(0, 0)

    def _mixtures(self) -> list[Experts]:
        return [module for module in self.blocks.modules() if isinstance(module, Experts)]

    def compile_blocks(self) -> bool:
        """Have torch compile the blocks at their first use, one program for all of them; False where it can't.

        Each shape of input gets its own; texts are padded from now on, so that their lengths are few. Which program
        runs never depends on what ran before: a resumed run equals the uninterrupted one. Copies stay as they are.
        """
        if not can_compile(self.deviations.device):
            return False
        self.words_multiple = WORDS
        for block in self.blocks:
            block.compile(dynamic=False)
        return True


class DenoiserBlock(nn.Module):
    def __init__(self, config: DenoiserConfig) -> None:
        super().__init__()
        d, self.heads = config.width, config.heads
        self.bias = nn.Parameter(torch.zeros(6, d))  # this block's own part of the modulation
        self.norm1 = RMSNorm(d, elementwise_affine=False)
        self.qkv = nn.Linear(d, 3 * d, bias=False)
        self.out = nn.Linear(d, d)
        self.norm_cross = RMSNorm(d)
        self.q_cross = nn.Linear(d, d, bias=False)
        self.kv_cross = nn.Linear(d, 2 * d, bias=False)
        self.out_cross = nn.Linear(d, d)
        self.q_norm, self.k_norm = RMSNorm(d // self.heads), RMSNorm(d // self.heads)
        self.q_norm_cross, self.k_norm_cross = RMSNorm(d // self.heads), RMSNorm(d // self.heads)
        self.norm2 = RMSNorm(d, elementwise_affine=False)
        self.experts: Experts | None = None
        if config.experts:
            self.experts = Experts(d, config.hidden, experts=config.experts, active=config.active)
        else:
            self.up = nn.Linear(d, 2 * config.hidden, bias=False)
            self.down = nn.Linear(config.hidden, d)
        nn.init.zeros_(self.out_cross.weight)
        nn.init.zeros_(self.out_cross.bias)

    def forward(self, x: Tensor, shared: Tensor, words: Tensor, mask: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        shift1, scale1, gate1, shift2, scale2, gate2 = (shared + self.bias).unsqueeze(2).unbind(1)  # (B, 1, D) each
        h = self.qkv(torch.addcmul(shift1, self.norm1(x), 1 + scale1))
        q, k, v = h.unflatten(-1, (3, self.heads, -1)).permute(2, 0, 3, 1, 4).contiguous()  # (B, heads, L, d) each
        q, k = rotate(self.q_norm(q), cos, sin), rotate(self.k_norm(k), cos, sin)
        h = attention(q, k, v)
        x = x + gate1 * self.out(h.transpose(1, 2).flatten(2))
        q = self.q_cross(self.norm_cross(x)).unflatten(-1, (self.heads, -1)).transpose(1, 2).contiguous()
        k, v = self.kv_cross(words).unflatten(-1, (2, self.heads, -1)).permute(2, 0, 3, 1, 4).contiguous()
        h = attention(self.q_norm_cross(q), self.k_norm_cross(k), v, mask)
        x = x + self.out_cross(h.transpose(1, 2).flatten(2))
        h = torch.addcmul(shift2, self.norm2(x), 1 + scale2)
        if self.experts is not None:
            return x + gate2 * self.experts(h)
        up, gate = self.up(h).chunk(2, -1)
        return x + gate2 * self.down(up * F.silu(gate))


def linear_guess(sigma: Tensor, deviations: Tensor) -> tuple[Tensor, Tensor]:
    """What of noisy latents is the best linear guess of their velocity, and the deviation of its error.

    sigma (B,), deviations (C,) of clean latents; both results (B, 1, C, 1, 1). A channel that is faint beside the noise
    costs the network nothing then: preconditioning as in arXiv:2206.00364 section 5, for straight lines and by channel.
    """
    s = sigma.view(-1, 1, 1, 1, 1)
    variance = deviations.square().view(1, 1, -1, 1, 1)  # of clean latents
    total = (1 - s).square() * variance + s.square()  # of noisy latents
    return (s - (1 - s) * variance) / total, (variance / total).sqrt()


def sigma_features(sigma: Tensor, channels: int = SIGMA_FEATURES) -> Tensor:
    """Sines and cosines (B, channels) of 1000 sigma over falling frequencies."""
    steps = torch.arange(channels // 2, device=sigma.device) / (channels // 2)
    angles = 1000.0 * sigma.float()[:, None] * torch.exp(-math.log(10_000.0) * steps)
    return torch.cat([angles.cos(), angles.sin()], -1)


def place_features(places: Tensor) -> Tensor:
    """Sines and cosines (L, PLACES) of places (L, 3) in seconds, rows and columns, from fine to the whole picture."""
    waves = math.pi / 2 ** torch.arange(PLACES // 6, device=places.device)  # radians for a second, or for a token
    angles = (places[:, :, None] * waves).flatten(1)  # (L, PLACES / 2)
    return torch.cat([angles.cos(), angles.sin()], -1)


def with_first(latents: Tensor, first: Tensor | None, has_first: Tensor | None) -> Tensor:
    """Latents (B, T, C, H, W) with the clean first frame and its mask as channels: (B, T, 2C + 1, H, W)."""
    clean, known = torch.zeros_like(latents), torch.zeros_like(latents[:, :, :1])
    if first is not None:
        use = torch.ones_like(latents[:, 0, 0, 0, 0]) if has_first is None else has_first.to(latents.dtype)
        clean[:, :1] = first * use.view(-1, 1, 1, 1, 1)
        known[:, :1] = use.view(-1, 1, 1, 1, 1)
    return torch.cat([latents, clean, known], 2)


def patchify(latents: Tensor, patch: int = PATCH) -> Tensor:
    """(B, T, C, H, W) to tokens (B, T * H/patch * W/patch, C * patch**2); twice as fast as one rearrangement."""
    return F.pixel_unshuffle(latents, patch).permute(0, 1, 3, 4, 2).flatten(1, 3)


def unpatchify(tokens: Tensor, frames: int, rows: int, columns: int, patch: int = PATCH) -> Tensor:
    """Inverse of `patchify`."""
    h, w = rows // patch, columns // patch
    return rearrange(tokens, "b (t h w) (c p q) -> b t c (h p) (w q)", t=frames, h=h, w=w, p=patch, q=patch)
