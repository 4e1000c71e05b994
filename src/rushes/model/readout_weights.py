"""The shipped read-out: one safetensors file that carries its own configuration, checked when it is loaded."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from rushes.model.readout import ReadOut, ReadOutConfig
from rushes.model.weights import WeightsError

FORMAT = "readout-1"
READOUT = "readout.safetensors"  # its file, beside those of the model


def save_readout(path: Path, module: ReadOut, *, name: str, notes: dict[str, object]) -> None:
    """Writes `path` anew in float16; `notes` (seed, commit, data, scores) are kept in its header."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {key: value.detach().cpu().half().contiguous() for key, value in module.state_dict().items()}
    header = {"format": FORMAT, "name": name, "config": json.dumps(asdict(module.config)), "notes": json.dumps(notes)}
    partial = path.with_name(path.name + ".partial")
    save_file(tensors, partial, metadata=header)
    os.replace(partial, path)


def readout_config(kept: dict[str, Any]) -> ReadOutConfig:
    """A configuration back from JSON; what older files do not name has its default."""
    answers = tuple((name, tuple(names)) for name, names in kept["answers"])
    return ReadOutConfig(**{**kept, "answers": answers, "channels": tuple(kept["channels"])})


def load_readout_file(path: Path) -> tuple[ReadOut, str]:
    """The read-out of a file, ready to read, and its name. WeightsError says in one line what is wrong."""
    if not path.exists():
        raise WeightsError(f"{path} is missing; install the package whole or train the read-out again")
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {key: file.get_tensor(key) for key in file.keys()}
    except (SafetensorError, OSError, ValueError) as error:
        raise WeightsError(f"{path} is damaged or no safetensors file ({error}); copy it again") from error
    if header.get("format") != FORMAT:
        raise WeightsError(
            f"{path} has format {header.get('format')}, this version reads {FORMAT}; install its version"
        )
    try:
        module = ReadOut(readout_config(json.loads(header["config"])))
        module.load_state_dict({key: value.float() for key, value in tensors.items()})
    except (KeyError, TypeError, ValueError, RuntimeError) as error:
        raise WeightsError(f"{path} does not hold the read-out it describes ({error}); copy it again") from error
    if not all(torch.isfinite(value).all() for value in module.state_dict().values()):
        raise WeightsError(f"{path} holds NaN or infinity; train the read-out again")
    return module.eval().requires_grad_(False), header["name"]
