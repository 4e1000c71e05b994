"""Checkpoints: safetensors with weights, average, optimiser and, as JSON in its header, everything else.

One process writes one file. Of several, each writes its rows of every tensor to a file of its own, and the first, whose
header names the others, is written last; any number of processes reads them. (torch's own distributed checkpoints keep
their index in a pickle, or, as safetensors, drop all that is no tensor.) Randomness is no part of a checkpoint: each
step seeds its own generators from the run's seed and the step's number.
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
from torch import Tensor

from rushes.training.distributed import like, local, rank, rows, size, wait
from rushes.training.ema import Ema

FORMAT = 1


class CheckpointError(ValueError):
    """A checkpoint cannot be used; the message says why and what to do."""


def save_checkpoint(
    path: Path, *, module: nn.Module, ema: Ema, optimiser: torch.optim.Optimizer, state: dict[str, Any]
) -> None:
    """Write atomically: whoever reads `path` finds the old checkpoint or the new one, whole. Every process must call.

    `state` goes into the header and needs a "step". Several machines need a file system that they share.
    """
    tensors = {f"model.{name}": value for name, value in module.state_dict().items()}
    tensors |= {f"ema.{name}": value for name, value in ema.state_dict().items()}
    packed = optimiser.state_dict()
    for index, values in packed["state"].items():
        tensors |= {f"optimiser.{index}.{name}": value for name, value in values.items()}
    parts = [f"{path.stem}.{state['step']}.{number}{path.suffix}" for number in range(1, size())]
    header = {"format": FORMAT, "state": state, "groups": packed["param_groups"], "parts": parts}
    path.parent.mkdir(parents=True, exist_ok=True)
    if rank() > 0:
        _write(path.with_name(parts[rank() - 1]), {k: v for k, v in tensors.items() if 0 < rows(v)[0] < rows(v)[1]}, {})
    wait()
    if rank() == 0:
        _write(path, tensors, {"rushes": json.dumps(header)})
        for old in path.parent.glob(f"{path.stem}.*.*{path.suffix}"):
            if old.name not in parts:
                old.unlink()
    wait()


def _write(path: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    partial = path.with_suffix(".partial")
    mine = {name: local(value.detach()).cpu().contiguous() for name, value in tensors.items()}
    save_file(mine, partial, metadata=metadata)
    os.replace(partial, path)


def checkpoint_of(folder: Path) -> Path:
    """The checkpoint of a stage, finished or not; CheckpointError if there is none."""
    path = folder / "checkpoint.safetensors"
    if not path.exists():
        raise CheckpointError(f"{path} is missing; train the stage {folder.name!r} first")
    return path


def finished(folder: Path) -> Path:
    """The checkpoint of a stage that came before; CheckpointError if there is none, or one of half the way."""
    path = checkpoint_of(folder)
    state = read_header(path)["state"]
    step = state["step"]
    if not state.get("finished", True) or state.get("measured", step) != step:
        raise CheckpointError(
            f"{path} was left at step {step}, before the end of its stage: go on with --stage {folder.name}, "
            f"or let it end where it is with --stage {folder.name} --steps {step}"
        )
    return path


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


class Tensors:
    """The tensors of a checkpoint, whole or some rows of them, wherever they lie."""

    def __init__(self, path: Path) -> None:
        names = [path.name, *read_header(path).get("parts", [])]
        try:
            self._files = [safe_open(path.with_name(name), framework="pt") for name in names]
        except (SafetensorError, OSError) as error:
            raise CheckpointError(f"a part of {path} can't be read ({error}); copy the whole folder again") from error
        self._where: dict[str, list[Any]] = {}
        for file in self._files:
            for name in file.keys():
                self._where.setdefault(name, []).append(file)

    def names(self, prefix: str) -> set[str]:
        """Names that begin with `prefix`, without it."""
        return {name.removeprefix(prefix) for name in self._where if name.startswith(prefix)}

    def shape(self, name: str) -> tuple[int, ...]:
        shapes = [file.get_slice(name).get_shape() for file in self._where[name]]
        return (sum(shape[0] for shape in shapes), *shapes[0][1:]) if shapes[0] else ()

    def read(self, name: str, start: int = 0, stop: int | None = None) -> Tensor:
        """Rows `start` to `stop` of a tensor, all by default."""
        pieces: list[Tensor] = []
        first = 0
        if not self.shape(name) or (start, stop, len(self._where[name])) == (0, None, 1):
            return self._where[name][0].get_tensor(name)
        for file in self._where[name]:
            rows = file.get_slice(name)
            length = rows.get_shape()[0]
            low, high = min(max(start - first, 0), length), length if stop is None else min(stop - first, length)
            if low < high or not pieces:
                pieces.append(rows[low : max(low, high)])
            first += length
        return torch.cat(pieces)


def load_tensors(path: Path, prefix: str) -> dict[str, Tensor]:
    """Tensors of a checkpoint whose names begin with `prefix`, without it ("model.", "ema.", "optimiser.")."""
    kept = Tensors(path)
    return {name: kept.read(prefix + name) for name in sorted(kept.names(prefix))}


def fill(module: nn.Module, path: Path, prefix: str) -> None:
    """Give a module the tensors of a checkpoint whose names begin with `prefix` ("model.", "ema.").

    CheckpointError where shapes or names differ.
    """
    _fill(module.state_dict(), Tensors(path), prefix, path)


def load_checkpoint(path: Path, *, module: nn.Module, ema: Ema, optimiser: torch.optim.Optimizer) -> dict[str, Any]:
    """Fill all three from `path` and return the state that was saved; CheckpointError where shapes or names differ."""
    header, kept = read_header(path), Tensors(path)
    _fill(module.state_dict(), kept, "model.", path)
    _fill(ema.state_dict(), kept, "ema.", path)
    asked = [{**group, "params": len(group["params"])} for group in optimiser.param_groups]
    groups = [(group.get("muon"), len(group["params"])) for group in header["groups"]]
    if groups != [(group.get("muon"), group["params"]) for group in asked]:
        raise CheckpointError(f"{path} was trained with another optimiser; choose another folder with --out")
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    moments: dict[int, dict[str, Tensor]] = {}
    for name in kept.names("optimiser."):
        index, key = name.split(".", 1)
        p = parameters[int(index)]
        moments.setdefault(int(index), {})[key] = like(p, kept.read(f"optimiser.{name}", *rows(p)))
    optimiser.load_state_dict({"state": moments, "param_groups": header["groups"]})
    for group, settings in zip(optimiser.param_groups, asked, strict=True):  # rates are what the recipe says now
        group.update({key: settings[key] for key in settings if key not in ("params", "t")})
    state: dict[str, Any] = header["state"]
    return state


@torch.no_grad()
def _fill(tensors: dict[str, Tensor], kept: Tensors, prefix: str, path: Path) -> None:
    """Copy into each of `tensors` the rows of it that this process has."""
    found = {name: kept.shape(prefix + name) for name in kept.names(prefix)}
    wanted = {name: tuple(value.shape) for name, value in tensors.items()}
    for name in sorted(found.keys() | wanted.keys()):
        if found.get(name) != wanted.get(name):
            reason = f"{name} is {found.get(name, 'nothing')} there and {wanted.get(name, 'nothing')} here"
            raise CheckpointError(
                f"{path} holds another model ({reason}); choose another recipe, or another folder with --out"
            )
    for name, tensor in tensors.items():
        mine = local(tensor)
        mine.copy_(kept.read(prefix + name, *rows(tensor)).view(mine.shape))
