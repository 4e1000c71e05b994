"""Several processes as one: who computes which part of a step, and where the weights lie.

torchrun starts the processes; each has a part of every weight (FSDP2) and of every batch. Without torchrun there is one
process, which has everything, and no process group. Objectives are written for one process and never know.
"""

from __future__ import annotations

import atexit
import os
import time
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

import torch
import torch.distributed as dist
import torch.nn as nn
from torch import Tensor
from torch.overrides import TorchFunctionMode

T = TypeVar("T")
LET_GO = 0.3  # seconds at the end of a process
UNIT = 1 << 18  # weights from which on a block is gathered on its own; smaller ones travel with the rest


def choose_device(name: str = "auto") -> torch.device:
    """The device of this process: "auto" is an accelerator if there is one. ValueError if there is none such."""
    local = int(os.environ.get("LOCAL_RANK", "0"))
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError as error:
        raise ValueError(f"there is no device {name!r}; give auto, cpu or cuda") from error
    if device.type != "cuda":
        return device
    found = torch.cuda.device_count()
    device = torch.device("cuda", local if device.index is None else device.index)
    if (device.index or 0) >= found:
        raise ValueError(f"{device} is not there, {found} were found; give --device cpu or fewer processes")
    return device


def join(device: torch.device) -> None:
    """Take part in the run that torchrun started; nothing without it, or if this process has joined already."""
    if device.type == "cuda":
        torch.cuda.set_device(device)
    if int(os.environ.get("WORLD_SIZE", "1")) > 1 and not dist.is_initialized():
        dist.init_process_group("cpu:gloo,cuda:nccl" if device.type == "cuda" else "gloo")
        atexit.register(_leave)


def _leave() -> None:
    """A thread of gloo that has yet to let go of its last tensor waits for the interpreter; if that has ended
    meanwhile, its exit aborts the process (PyTorch's pull request 179291 tells of it). So they are given a moment."""
    dist.destroy_process_group()
    time.sleep(LET_GO)


def rank() -> int:
    """The number of this process; the first, 0, is the one that prints and writes."""
    return dist.get_rank() if dist.is_available() and dist.is_initialized() else 0


def size() -> int:
    """How many processes there are."""
    return dist.get_world_size() if dist.is_available() and dist.is_initialized() else 1


def wait() -> None:
    """Go on when every process is here."""
    if size() > 1:
        dist.barrier()


def mean(values: list[float]) -> list[float]:
    """The mean over all processes of each value: the same numbers in every process."""
    if size() == 1:
        return values
    every = [torch.zeros(len(values), dtype=torch.float64) for _ in range(size())]
    dist.all_gather(every, torch.tensor(values, dtype=torch.float64))
    return [float(value) for value in torch.stack(every).mean(0)]


# The parts of a batch


def rows_of(batch: Any) -> int:
    """How many clips a batch has: the length of its first tensor."""
    found: list[int] = []
    _each(batch, lambda value: found.append(len(value)) if isinstance(value, Tensor) and value.ndim else None)
    assert found, "a batch without tensors"
    return found[0]


def part(batch: T, index: int, count: int, device: torch.device) -> T:
    """Part `index` of `count` equal ones of a batch, its tensors on `device`.

    Tensors and lists as long as the batch are cut, in dataclasses, dicts and tuples too; all else is in every part.
    ValueError when the parts can't be equal.
    """
    rows = rows_of(batch) if count > 1 else 0
    if rows % count:
        raise ValueError(
            f"a batch of {rows} can't be shared by {count}; give it a multiple of {count} or fewer of them"
        )
    share = slice(index * rows // count, (index + 1) * rows // count)

    def cut(value: Any) -> Any:
        long = isinstance(value, list) or value.ndim > 0
        mine = value[share] if count > 1 and long and len(value) == rows else value
        return mine.to(device, non_blocking=True) if isinstance(mine, Tensor) else mine

    shared: T = _each(batch, cut)
    return shared


def _each(value: Any, function: Callable[[Any], Any]) -> Any:
    """`value` with `function` of each tensor and list in it."""
    if isinstance(value, Tensor | list):
        return function(value)
    if isinstance(value, dict):
        return {key: _each(item, function) for key, item in value.items()}
    if isinstance(value, tuple):
        items = [_each(item, function) for item in value]
        return type(value)(*items) if hasattr(value, "_fields") else tuple(items)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: _each(getattr(value, f.name), function) for f in fields(value) if f.init})
    return value


class PartOfDraws(TorchFunctionMode):
    """Within it, what is drawn for a part of a batch is that part of what one process would draw for all of it.

    It holds for torch.rand, randn, randint and their _like, where the first dimension is the part's; draws of another
    length are the same in every part, as the generators are seeded alike. Dropout is not covered.
    """

    def __init__(self, index: int, count: int, rows: int) -> None:
        super().__init__()
        self.index, self.count, self.rows = index, count, rows  # rows: of this part

    def __torch_function__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = dict(kwargs or {})
        if self.count == 1 or function not in (*DRAWS, *LIKE):
            return function(*args, **kwargs)
        before: tuple[Any, ...] = ()  # bounds of whole numbers
        if function in LIKE:
            like, *rest = args
            shape = tuple(like.shape)
            kwargs = {"dtype": like.dtype, "device": like.device} | kwargs
            before, function = tuple(rest), LIKE[function]
        elif "size" in kwargs:
            before, shape = args, tuple(kwargs.pop("size"))
        elif function is torch.randint:
            before, shape = args[:-1], tuple(args[-1])
        else:
            shape = tuple(args[0]) if len(args) == 1 and not isinstance(args[0], int) else tuple(args)
        if not shape or shape[0] != self.rows:
            return function(*before, shape, **kwargs)
        whole = function(*before, (self.rows * self.count, *shape[1:]), **kwargs)
        return whole[self.index * self.rows : (self.index + 1) * self.rows]


DRAWS = (torch.rand, torch.randn, torch.randint)
LIKE: dict[Any, Any] = {
    torch.rand_like: torch.rand,
    torch.randn_like: torch.randn,
    torch.randint_like: torch.randint,
}


# The parts of a module


class Call(nn.Module):
    """Any function of a module as a forward pass: the moment at which FSDP gathers weights."""

    def __init__(self, module: nn.Module) -> None:
        super().__init__()
        self.module = module

    def forward(self, function: Callable[..., Any], *arguments: Any) -> Any:
        return function(self.module, *arguments)


def blocks(module: nn.Module) -> list[nn.Module]:
    """The large blocks of a network: members of its outermost lists that have at least `UNIT` weights."""
    found: list[nn.Module] = []
    for child in module.children():
        if isinstance(child, nn.ModuleList):
            found += [block for block in child if sum(p.numel() for p in block.parameters()) >= UNIT]
        else:
            found += blocks(child)
    return found


def shard(call: Call, device: torch.device) -> None:
    """Leave in each process its rows of every weight; they are gathered block by block while they compute."""
    from torch.distributed.device_mesh import init_device_mesh
    from torch.distributed.fsdp import fully_shard

    for p in call.parameters():
        p.data = p.data.contiguous()  # kernels may lie channels last, which FSDP2 does not cut
    mesh = init_device_mesh(device.type, (size(),))
    for block in blocks(call.module):
        fully_shard(block, mesh=mesh)
    fully_shard(call, mesh=mesh)


def local(tensor: Tensor) -> Tensor:
    """The rows of a tensor that this process has, sharing its memory."""
    mine: Tensor = tensor.to_local() if hasattr(tensor, "to_local") else tensor
    return mine


def whole(tensor: Tensor) -> Tensor:
    """All rows of a tensor; every process must ask."""
    full: Tensor = tensor.full_tensor() if hasattr(tensor, "full_tensor") else tensor
    return full


def rows(tensor: Tensor) -> tuple[int, int]:
    """First row that this process has of a tensor, and the one after its last."""
    length = tensor.shape[0] if tensor.ndim else 1
    if not hasattr(tensor, "to_local"):
        return 0, length
    each = -(-length // size())  # as torch.chunk and FSDP2 divide
    return min(rank() * each, length), min((rank() + 1) * each, length)


def like(tensor: Tensor, mine: Tensor) -> Tensor:
    """`mine`, this process's rows, as a tensor that lies as `tensor` does."""
    if not hasattr(tensor, "to_local"):
        return mine
    from torch.distributed.tensor import DTensor

    return DTensor.from_local(
        mine.to(local(tensor).device),
        tensor.device_mesh,  # type: ignore[attr-defined]
        tensor.placements,  # type: ignore[attr-defined]
        shape=tensor.shape,
        stride=tensor.stride(),
    )


def on_whole_matrices(function: Callable[[Tensor], Tensor], mine: Tensor, weight: Tensor) -> Tensor:
    """`function` of N matrices, of each of which this process has the rows `mine` (N, its rows, columns).

    `weight` is one of the weights that they belong to. Each process gets some of the matrices whole, computes, and
    gives their rows back: nothing is computed twice.
    """
    if not hasattr(weight, "to_local"):
        return function(mine)
    from torch.distributed.tensor import DTensor, Shard

    shape = torch.Size((len(mine), weight.shape[0], mine.shape[2]))
    stride = (shape[1] * shape[2], shape[2], 1)
    mesh = weight.device_mesh  # type: ignore[attr-defined]
    by_rows = DTensor.from_local(mine, mesh, (Shard(1),), shape=shape, stride=stride)
    by_matrix = by_rows.redistribute(placements=(Shard(0),))
    done = function(by_matrix.to_local().contiguous())
    return (
        DTensor.from_local(done, mesh, (Shard(0),), shape=shape, stride=stride)
        .redistribute(placements=(Shard(1),))
        .to_local()
    )
