"""The optimiser of a module, and its learning rate over a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
import torch.nn as nn

from rushes.training.muon import MuonAdamW


@dataclass(frozen=True, kw_only=True)
class OptimiserConfig:
    lr: float = 2e-3  # highest rate of AdamW: biases, norms, tables, first and last layers
    muon: float = 0.02  # highest rate of Muon: hidden matrices and kernels; 0 gives them to AdamW
    betas: tuple[float, float] = (0.9, 0.98)  # decay of AdamW's two moments
    weight_decay: float = 0.01  # on whatever has two dimensions or more
    warmup: int = 50  # steps over which the rate rises from 0
    decay: float = 0.35  # last share of the run, over which the rate falls to `floor`
    floor: float = 0.01  # share of the rate left at the end
    clip: float = 1.0  # largest norm of the gradient


def make_optimiser(module: nn.Module, config: OptimiserConfig) -> MuonAdamW:
    """Muon for hidden matrices and kernels; AdamW for the rest and for layers named in the module's `outer_layers`."""
    outer: tuple[str, ...] = getattr(module, "outer_layers", ())
    hidden, wide, narrow = [], [], []
    for name, p in module.named_parameters():
        if not p.requires_grad:
            continue
        if p.ndim < 2:
            narrow.append(p)
        elif config.muon > 0 and not name.startswith(outer) and name.endswith("weight"):
            hidden.append(p)
        else:
            wide.append(p)
    groups: list[dict[str, Any]] = [
        {"params": hidden, "muon": True, "scale": config.muon / config.lr, "weight_decay": config.weight_decay},
        {"params": wide, "weight_decay": config.weight_decay},
        {"params": narrow},
    ]
    return MuonAdamW([group for group in groups if group["params"]], lr=config.lr, betas=config.betas)


def learning_rate(config: OptimiserConfig, step: int, progress: float) -> float:
    """Rate of `step` (from 0): warm-up by step, constant, then straight down to the floor by `progress` in [0, 1]."""
    rise = min(1.0, (step + 1) / max(1, config.warmup))
    left = min(1.0, max(0.0, (1.0 - progress) / config.decay)) if config.decay > 0 else 1.0
    return config.lr * rise * (config.floor + (1.0 - config.floor) * left)


def set_learning_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    for group in optimiser.param_groups:
        group["lr"] = rate
