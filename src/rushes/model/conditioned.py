"""The denoiser with its text encoder: what is trained, sampled from and shipped as one."""

from __future__ import annotations

from collections.abc import Sequence

import torch.nn as nn
from torch import Tensor

from rushes.model.denoiser import Denoiser, DenoiserConfig
from rushes.model.text import TextConfig, WordEncoder


class ConditionedDenoiser(nn.Module):
    """Velocity of noisy latents under a text; `encode` once, then `forward` for each step of a sampler."""

    # Between the outside and channels: an optimiser treats them apart.
    outer_layers = ("encoder.words.", "encoder.places.", "denoiser.patch.", "denoiser.out.")

    def __init__(self, denoiser: DenoiserConfig, text: TextConfig) -> None:
        super().__init__()
        if denoiser.text_width != text.width:
            raise ValueError(f"the denoiser takes text of width {denoiser.text_width}, the encoder gives {text.width}")
        self.encoder = WordEncoder(text)
        self.denoiser = Denoiser(denoiser)

    def encode(self, texts: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Text vectors (B, L, D) and mask (B, L); the empty text is the unconditional one."""
        vectors, mask = self.encoder(texts)
        return vectors, mask

    def forward(
        self,
        latents: Tensor,
        sigma: Tensor,
        text: tuple[Tensor, Tensor],
        *,
        seconds: float = 0.5,
        start: float = 0.0,
        first: Tensor | None = None,
        has_first: Tensor | None = None,
    ) -> Tensor:
        """See `Denoiser`; `text` is what `encode` gave."""
        vectors, mask = text
        velocity: Tensor = self.denoiser(
            latents, sigma, vectors, mask, seconds=seconds, start=start, first=first, has_first=has_first
        )
        return velocity
