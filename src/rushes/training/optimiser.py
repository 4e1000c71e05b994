"""AdamW, and its learning rate over a run."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn as nn


@dataclass(frozen=True, kw_only=True)
class OptimiserConfig:
    lr: float = 1e-3  # highest learning rate
    betas: tuple[float, float] = (0.9, 0.98)  # decay of the two moments
    weight_decay: float = 0.01  # on matrices and kernels, not on biases, norms and tables
    warmup: int = 50  # steps over which the rate rises from 0
    decay: float = 0.35  # last share of the run, over which the rate falls to `floor`
    floor: float = 0.01  # share of `lr` left at the end
    clip: float = 1.0  # largest norm of the gradient


def make_optimiser(module: nn.Module, config: OptimiserConfig) -> torch.optim.AdamW:
    """AdamW over `module`, in two groups: what decays (two dimensions and more) and what doesn't."""
    trained = [p for p in module.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": config.weight_decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, lr=config.lr, betas=config.betas, foreach=True)


def learning_rate(config: OptimiserConfig, step: int, progress: float) -> float:
    """Rate of `step` (from 0): warm-up by step, constant, then straight down to the floor by `progress` in [0, 1]."""
    rise = min(1.0, (step + 1) / max(1, config.warmup))
    left = min(1.0, max(0.0, (1.0 - progress) / config.decay)) if config.decay > 0 else 1.0
    return config.lr * rise * (config.floor + (1.0 - config.floor) * left)


def set_learning_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
