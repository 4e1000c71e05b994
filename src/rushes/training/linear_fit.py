"""The linear part of the tokenizer, solved before training instead of learned.

The encoder's map takes the principal components of 4 x 8 x 8 pixels, the decoder's is the least-squares map from 3 x 3
latents back. Convolutions then only learn what is not linear: without this start, 640 steps stayed under the
components alone (25.1 against 27.6 dB).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from rushes.model.tokenizer import SPACE, TIME, Tokenizer, grouped
from rushes.training.data import ClipSource

FITTED = 1 << 25  # first step of the data used here
RIDGE = 1e-3  # share of the mean variance that is added to every direction: keeps the solution small


@torch.no_grad()
def fit_linear(tokenizer: Tokenizer, source: ClipSource, count: int, batch: int = 4) -> None:
    """Set the tokenizer's linear maps from `count` training clips."""
    clips = source.clips("train")
    videos = [clips(FITTED + step, batch, source.frames).video for step in range(max(1, count // batch))]
    _fit_encoder(tokenizer, [_cells(tokenizer.shrink(video), SPACE) for video in videos])
    _fit_decoder(tokenizer, videos)


def _cells(video: Tensor, cell: int) -> Tensor:
    """Groups of four frames in cells: (B, T, 3, H, W) to (B*T', 4*3*cell*cell, h, w), channels as in the tokenizer."""
    return F.pixel_unshuffle(grouped(video).flatten(0, 1).flatten(1, 2), cell)


def _fit_encoder(tokenizer: Tokenizer, cells: list[Tensor]) -> None:
    size, total = cells[0].shape[1], sum(c.shape[0] * c.shape[2] * c.shape[3] for c in cells)
    mean = sum((c.sum((0, 2, 3)) for c in cells), torch.zeros(size)) / total
    covariance = torch.zeros(size, size)
    for c in cells:
        rows = c.permute(0, 2, 3, 1).reshape(-1, size) - mean
        covariance += rows.T @ rows / total
    values, axes = torch.linalg.eigh(covariance)
    count = tokenizer.config.latent_channels
    values, axes = values[-count:].flip(0).clamp_min(1e-8), axes[:, -count:].flip(1)
    # Deviations become the square roots of what they were, then 1 on average: strong components stay stronger, so that
    # noise on the latents costs them little, and weak ones aren't drowned.
    scale = values**-0.25
    scale = scale / (values * scale**2).mean().sqrt()
    weight = (axes * scale).T  # (C, size)
    tokenizer.encoder.linear.weight.copy_(weight[:, :, None, None])
    assert tokenizer.encoder.linear.bias is not None
    tokenizer.encoder.linear.bias.copy_(-weight @ mean)


def _fit_decoder(tokenizer: Tokenizer, videos: list[Tensor]) -> None:
    layer, cell = tokenizer.decoder.linear, tokenizer.decoder.cell
    inputs = 9 * tokenizer.config.latent_channels + 1
    gram, target = torch.zeros(inputs, inputs), torch.zeros(inputs, 3 * TIME * cell**2)
    for video in videos:
        small = tokenizer.shrink(video)
        latents = tokenizer.encoder.linear(_cells(small, SPACE))
        x = F.unfold(latents, 3, padding=1).transpose(1, 2).flatten(0, 1)  # (cells, 9C) as a kernel sees them
        x = torch.cat([x, torch.ones(len(x), 1)], 1)
        y = _cells(video, cell).permute(0, 2, 3, 1).flatten(0, 2)
        gram += x.T @ x
        target += x.T @ y
    ridge = RIDGE * gram.diagonal().mean() * torch.eye(inputs)
    solved = torch.linalg.solve(gram + ridge, target)  # (9C + 1, outputs)
    layer.weight.copy_(solved[:-1].T.unflatten(1, layer.weight.shape[1:]))
    assert layer.bias is not None
    layer.bias.copy_(solved[-1])
