"""Checkpoints: one safetensors file with weights, average, optimiser and, as JSON in its header, everything else.

Randomness is no part of it: each step seeds its own generators from the run's seed and the step's number.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import torch
import torch.nn as nn
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

FORMAT = 1


class CheckpointError(ValueError):
    """A checkpoint cannot be used; the message says why and what to do."""


def save_checkpoint(
    path: Path, *, module: nn.Module, average: nn.Module, optimiser: torch.optim.Optimizer, state: dict[str, Any]
) -> None:
    """Write atomically: whoever reads `path` finds the old file or the new one, whole."""
    tensors = {f"model.{name}": value for name, value in module.state_dict().items()}
    tensors |= {f"ema.{name}": value for name, value in average.state_dict().items()}
    packed = optimiser.state_dict()
    for index, values in packed["state"].items():
        tensors |= {f"optimiser.{index}.{name}": value for name, value in values.items()}
    header = {"format": FORMAT, "state": state, "groups": packed["param_groups"]}
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    whole = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
    save_file(whole, partial, metadata={"rushes": json.dumps(header)})
    os.replace(partial, path)


def read_header(path: Path) -> dict[str, Any]:
    """The JSON part of a checkpoint; CheckpointError if it is not one of this format."""
    try:
        with safe_open(path, framework="pt") as file:
            text = (file.metadata() or {}).get("rushes")
    except (SafetensorError, OSError) as error:
        raise CheckpointError(f"{path} can't be read ({error}); delete it to start this stage again") from error
    if text is None:
        raise CheckpointError(f"{path} is not a checkpoint of Rushes; give the folder of a run")
    header: dict[str, Any] = json.loads(text)
    if header["format"] != FORMAT:
        raise CheckpointError(f"{path} has format {header['format']}, this version reads {FORMAT}; train it again")
    return header


def load_tensors(path: Path, prefix: str) -> dict[str, torch.Tensor]:
    """Tensors of a checkpoint whose names begin with `prefix`, without it ("model.", "ema.", "optimiser.")."""
    with safe_open(path, framework="pt") as file:
        return {k.removeprefix(prefix): file.get_tensor(k) for k in file.keys() if k.startswith(prefix)}


def load_checkpoint(
    path: Path, *, module: nn.Module, average: nn.Module, optimiser: torch.optim.Optimizer
) -> dict[str, Any]:
    """Fill all three from `path` and return the state that was saved; CheckpointError where shapes or names differ."""
    header = read_header(path)
    try:
        module.load_state_dict(load_tensors(path, "model."))
        average.load_state_dict(load_tensors(path, "ema."))
    except RuntimeError as error:
        reason = str(error).splitlines()[-1].strip()
        raise CheckpointError(f"{path} holds another model ({reason}); choose another folder with --out") from error
    asked = [{**group, "params": len(group["params"])} for group in optimiser.param_groups]
    kept = [(group.get("muon"), len(group["params"])) for group in header["groups"]]
    if kept != [(group.get("muon"), group["params"]) for group in asked]:
        raise CheckpointError(f"{path} was trained with another optimiser; choose another folder with --out")
    moments: dict[int, dict[str, torch.Tensor]] = {}
    for name, value in load_tensors(path, "optimiser.").items():
        index, key = name.split(".", 1)
        moments.setdefault(int(index), {})[key] = value
    optimiser.load_state_dict({"state": moments, "param_groups": header["groups"]})
    for group, settings in zip(optimiser.param_groups, asked, strict=True):  # rates are what the recipe says now
        group.update({key: settings[key] for key in settings if key not in ("params", "t")})
    state: dict[str, Any] = header["state"]
    return state
