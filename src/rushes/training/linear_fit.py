"""The linear part of the tokenizer, solved before training instead of learned.

The encoder's map takes the principal components of time x space x space pixels, the decoder's is the least-squares map
from 3 x 3 latents back. Convolutions then only learn what is not linear: without this start, 640 steps stayed under
the components alone (25.1 against 27.6 dB).
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from rushes.model.tokenizer import Tokenizer, grouped
from rushes.training.data import ClipSource

FITTED = 1 << 25  # first step of the data used here
RIDGE = 1e-3  # share of the mean variance that is added to every direction: keeps the solution small
EXACT = 2048  # values of a cell up to which its covariance is decomposed whole
SPARE = 16  # directions beside those wanted, in the approximation for larger cells


@torch.no_grad()
def fit_linear(tokenizer: Tokenizer, source: ClipSource, count: int, batch: int = 4) -> None:
    """Set the tokenizer's linear maps from `count` training clips; ValueError when they have too few cells."""
    clips, device = source.clips("train"), tokenizer.mean.device
    steps = range(max(1, count // batch))
    videos = [clips(FITTED + step, batch, source.frames).video.to(device) for step in steps]
    _fit_encoder(tokenizer, [_seen(tokenizer, video) for video in videos])
    _fit_decoder(tokenizer, videos)


def _cells(video: Tensor, time: int, cell: int) -> Tensor:
    """Groups of frames in cells: (B, T, 3, H, W) to (B*T', time*3*cell*cell, h, w), channels as in the tokenizer."""
    return F.pixel_unshuffle(grouped(video, time).flatten(0, 1).flatten(1, 2), cell)


def _seen(tokenizer: Tokenizer, video: Tensor) -> Tensor:
    """The cells that the encoder's linear map sees of a clip at the decoder's size."""
    return _cells(tokenizer.shrink(video), tokenizer.config.time, tokenizer.config.space)


def _fit_encoder(tokenizer: Tokenizer, cells: list[Tensor]) -> None:
    count = tokenizer.config.latent_channels
    total = sum(c.shape[0] * c.shape[2] * c.shape[3] for c in cells)
    if total < count:
        raise ValueError(
            f"{total} cells of the clips fitted can't give {count} components; raise `fitted` of the stage"
        )
    mean = torch.stack([c.sum((0, 2, 3)) for c in cells]).sum(0) / total
    rows = [c.permute(0, 2, 3, 1).flatten(0, 2) - mean for c in cells]  # (cells, size) each
    values, axes = principal(rows, count)
    # Deviations become the square roots of what they were, then 1 on average: strong components stay stronger, so that
    # noise on the latents costs them little, and weak ones aren't drowned.
    scale = values**-0.25
    scale = scale / (values * scale**2).mean().sqrt()
    weight = (axes * scale).T  # (C, size)
    tokenizer.encoder.linear.weight.copy_(weight[:, :, None, None])
    assert tokenizer.encoder.linear.bias is not None
    tokenizer.encoder.linear.bias.copy_(-weight @ mean)


def principal(rows: list[Tensor], count: int) -> tuple[Tensor, Tensor]:
    """The `count` largest variances of rows (…, size) of mean 0, and their axes (size, count)."""
    total, size = sum(len(r) for r in rows), rows[0].shape[1]
    if size <= EXACT:
        covariance = torch.zeros(size, size, device=rows[0].device)
        for r in rows:
            covariance += r.T @ r / total
        values, axes = torch.linalg.eigh(covariance)
        return values[-count:].flip(0).clamp_min(1e-8), axes[:, -count:].flip(1)
    whole = torch.cat(rows)
    _, spread, axes = torch.svd_lowrank(whole, q=min(count + SPARE, *whole.shape), niter=4)  # arXiv:0909.4061
    return (spread[:count].square() / total).clamp_min(1e-8), axes[:, :count]


def _fit_decoder(tokenizer: Tokenizer, videos: list[Tensor]) -> None:
    layer, config = tokenizer.decoder.linear, tokenizer.config
    inputs, device = 9 * config.latent_channels + 1, layer.weight.device
    gram = torch.zeros(inputs, inputs, device=device)
    target = torch.zeros(inputs, 3 * config.time * config.cell**2, device=device)
    for video in videos:
        latents = tokenizer.encoder.linear(_seen(tokenizer, video))
        x = F.unfold(latents, 3, padding=1).transpose(1, 2).flatten(0, 1)  # (cells, 9C) as a kernel sees them
        x = torch.cat([x, torch.ones(len(x), 1, device=device)], 1)
        y = _cells(video, config.time, config.cell).permute(0, 2, 3, 1).flatten(0, 2)
        gram += x.T @ x
        target += x.T @ y
    ridge = RIDGE * gram.diagonal().mean() * torch.eye(inputs, device=device)
    solved = torch.linalg.solve(gram + ridge, target)  # (9C + 1, outputs)
    layer.weight.copy_(solved[:-1].T.unflatten(1, layer.weight.shape[1:]))
    assert layer.bias is not None
    layer.bias.copy_(solved[-1])
