"""How much arithmetic the denoiser takes, counted from its configuration."""

from __future__ import annotations

from rushes.model.denoiser import PLACES, SIGMA_FEATURES, DenoiserConfig

TRAINING = 3  # a training step takes about this many forward passes: one there, two back


def denoiser_flops(config: DenoiserConfig, tokens: int, text_tokens: int, *, clips: int = 1) -> int:
    """FLOPs of a forward pass over `clips` clips of `tokens` tokens (registers not counted in) and `text_tokens` words.

    Products of matrices only, a multiplication and an addition as two, as torch.utils.flop_counter counts them.
    """
    d, c = config.width, config.channels * config.patch**2
    sequence = tokens + config.registers
    outside = tokens * (2 * c + config.patch**2) * d + tokens * d * c  # in and out
    outside += (SIGMA_FEATURES + d) * d + (config.text_width + d) * d + 8 * d * d  # sigma, pooled text, modulations
    outside += text_tokens * config.text_width * d
    attention = 4 * sequence * d * d + 2 * sequence**2 * d
    cross = 2 * sequence * d * d + 2 * text_tokens * d * d + 2 * sequence * text_tokens * d
    gated = 3 * sequence * d * config.hidden
    if config.experts:
        gated = gated * config.active + sequence * d * config.experts
    return 2 * (clips * (outside + config.layers * (attention + cross + gated)) + tokens * PLACES * d)
