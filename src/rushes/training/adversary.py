"""A tokenizer against a discriminator of patches, trained as one module by one optimiser.

The loss is one sum whose two halves touch different weights: the tokenizer's half runs through the discriminator with
its weights held still, the discriminator's half sees drawings without their past. So the loop needs no second
optimiser, and a checkpoint holds both sides: a resumed run is the uninterrupted one. Gradients are clipped together,
which neither Muon nor AdamW feels: both take a gradient's direction, not its length.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
from torch.nn.utils.parametrizations import spectral_norm

from rushes.diffusion.adversarial import hinge_discriminator, hinge_generator
from rushes.model.tokenizer import Tokenizer


class PatchDiscriminator(nn.Module):
    """Pictures to scores of overlapping patches of 22 pixels, higher for true ones.

    Spectral norms (arXiv:1802.05957) bound how fast a score may change, so that it always shows the way.
    """

    def __init__(self, widths: tuple[int, int, int] = (32, 64, 128)) -> None:
        super().__init__()
        sizes = [3, *widths]
        self.layers = nn.ModuleList(
            spectral_norm(nn.Conv2d(a, b, 4, stride=2, padding=1)) for a, b in zip(sizes, widths, strict=False)
        )
        self.out = spectral_norm(nn.Conv2d(widths[-1], 1, 1))

    def forward(self, pictures: Tensor) -> Tensor:
        """(N, 3, H, W), H and W multiples of 8, to (N, H/8, W/8)."""
        for layer in self.layers:
            pictures = F.leaky_relu(layer(pictures), 0.2)
        scores: Tensor = self.out(pictures)
        return scores.squeeze(1)


class Contest(nn.Module):
    """A tokenizer and its discriminator."""

    outer_layers = (*(f"tokenizer.{name}" for name in Tokenizer.outer_layers), "discriminator.")

    def __init__(self, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.tokenizer = tokenizer
        self.discriminator = PatchDiscriminator()

    def losses(self, drawn: Tensor, video: Tensor) -> tuple[Tensor, Tensor]:
        """Hinge losses of the tokenizer and of the discriminator on clips (B, T, 3, H, W)."""
        ours, theirs = drawn.flatten(0, 1), video.flatten(0, 1)
        with _still(self.discriminator):
            fooled = hinge_generator(self.discriminator(ours).float()).mean()
        scores = self.discriminator(theirs).float(), self.discriminator(ours.detach()).float()
        return fooled, hinge_discriminator(*scores).mean()


@contextmanager
def _still(module: nn.Module) -> Iterator[None]:
    """What is computed within has no gradient to the weights of `module`, only through it."""
    weights = [p for p in module.parameters() if p.requires_grad]
    try:
        for p in weights:
            p.requires_grad_(False)
        yield
    finally:
        for p in weights:
            p.requires_grad_(True)


def tokenizer_of(module: nn.Module) -> Tokenizer:
    """The tokenizer of a module that is one or has one."""
    found = module.tokenizer if isinstance(module, Contest) else module
    assert isinstance(found, Tokenizer)
    return found
