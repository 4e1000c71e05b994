"""Encoding and decoding as frames come, without end and in constant memory; exactly what the whole clip would give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import torch
from torch import Tensor

from rushes.model.causal import Past
from rushes.model.tokenizer import SizeError, Tokenizer


class StreamEncoder:
    """Frames in, latents out. The first frame makes a latent frame alone, then every `config.time` frames one more."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.past = Past()
        self.waiting: Tensor | None = None  # frames of a latent frame that is not complete yet

    @torch.no_grad()
    def push(self, frames: Tensor) -> Tensor:
        """Normalised latents (B, T', C, h, w) that frames (B, T, 3, H, W) complete; T' may be 0, T any number."""
        if self.waiting is not None:
            frames = torch.cat([self.waiting, frames], 1)
        config = self.tokenizer.config
        first = 0 if self.past.begun or not frames.shape[1] else 1
        whole = first + (frames.shape[1] - first) // config.time * config.time
        self.waiting = frames[:, whole:].clone()  # a view would keep all frames alive
        if whole == 0:
            size = (frames.shape[-2] // config.space, frames.shape[-1] // config.space)
            return frames.new_empty(len(frames), 0, config.latent_channels, *size)
        return self.tokenizer.encode(frames[:, :whole], self.past)

    @property
    def left(self) -> int:
        """Frames that wait for more, and are in no latent frame yet."""
        return 0 if self.waiting is None else self.waiting.shape[1]


class StreamDecoder:
    """Latents in, frames out: one for the first latent frame, `config.time` for each after it."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.past = Past()

    @torch.no_grad()
    def push(self, latents: Tensor) -> Tensor:
        """Frames (B, T, 3, H, W), about [-1, 1], of normalised latents (B, T', C, h, w)."""
        return self.tokenizer.decode(latents, self.past)


def stream_encode(tokenizer: Tokenizer, frames: Iterable[Tensor]) -> Iterator[Tensor]:
    """Latents of pieces (B, T, 3, H, W) of a clip; SizeError when it ends within a latent frame."""
    encoder = StreamEncoder(tokenizer)
    for piece in frames:
        latents = encoder.push(piece)
        if latents.shape[1]:
            yield latents
    if encoder.left:
        time = tokenizer.config.time
        raise SizeError(f"a clip ended {encoder.left} frames into a latent frame; give it {time}k + 1 frames in all")


def stream_decode(tokenizer: Tokenizer, latents: Iterable[Tensor]) -> Iterator[Tensor]:
    """Frames of pieces (B, T', C, h, w) of a clip's latents."""
    decoder = StreamDecoder(tokenizer)
    for piece in latents:
        yield decoder.push(piece)
