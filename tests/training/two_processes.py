"""What each process of test_distributed does: `torchrun --nproc-per-node 2 two_processes.py FOLDER`."""

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor
from torch.distributed.device_mesh import init_device_mesh
from torch.distributed.tensor import Shard, distribute_tensor

from rushes.training import distributed
from rushes.training.loop import LoopConfig, Run, open_run, train
from rushes.training.optimiser import OptimiserConfig

WIDTH = 513  # a block of it is large enough to be gathered on its own, and two processes can't halve it


class Net(nn.Module):
    outer_layers = ("first.", "last.")

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Linear(4, WIDTH)
        self.blocks = nn.ModuleList(nn.Linear(WIDTH, WIDTH) for _ in range(2))
        self.narrow = nn.Linear(WIDTH, 1, bias=False)  # one row: the second process has none of it
        self.last = nn.Linear(1, 1)
        self.register_buffer("seen", torch.zeros(()))

    def draw(self, x: Tensor) -> Tensor:  # not called forward: objectives call what they like
        self.seen += 1
        x = self.first(x)
        for block in self.blocks:
            x = x + F.silu(block(x))
        return self.last(self.narrow(x))


def objective(module: Any, batch: dict[str, Any], generator: torch.Generator) -> dict[str, Tensor]:
    x = batch["x"]
    assert len(batch["names"]) == len(x)
    noisy = x + 0.1 * torch.randn(x.shape, generator=generator, device=x.device) + 0.01 * torch.rand_like(x)
    return {"loss": (module.draw(noisy) - x.sum(1, keepdim=True)).square().mean(), "size": noisy.abs().mean()}


def data(step: int) -> dict[str, Any]:
    return {"x": torch.randn(8, 4, generator=torch.Generator().manual_seed(step)), "names": list("abcdefgh")}


def config(steps: int, muon: float = 0.005, accumulate: int = 1) -> LoopConfig:
    optimiser = OptimiserConfig(lr=1e-3, muon=muon, warmup=2, decay=0, weight_decay=0.1)
    return LoopConfig(
        steps=steps, bf16=False, device="cpu", log_every=1, ema=0.9, accumulate=accumulate, optimiser=optimiser
    )


def begin(folder: Path, settings: LoopConfig) -> Run:
    torch.manual_seed(0)
    return open_run(folder, Net(), settings, {})


def run(folder: Path, steps: int, muon: float = 0.005, accumulate: int = 1) -> Run:
    settings = config(steps, muon, accumulate)
    opened = begin(folder, settings)
    assert train(opened, objective, data, settings)
    return opened


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    distributed.join(torch.device("cpu"))
    assert distributed.size() == 2

    # Matrices are shared out: three of them, so that one process has two.
    mesh = init_device_mesh("cpu", (2,))
    full = torch.randn(3, 5, 4, generator=torch.Generator().manual_seed(1))
    mine = torch.stack([distribute_tensor(matrix, mesh, [Shard(0)]).to_local() for matrix in full])
    like = distribute_tensor(full[0], mesh, [Shard(0)])
    cubed = distributed.on_whole_matrices(lambda m: m @ m.mT @ m, mine, like)
    first, last = distributed.rows(like)
    torch.testing.assert_close(cubed, (full @ full.mT @ full)[:, first:last])

    done = run(folder / "adamw", 6, muon=0.0)
    assert [type(block).__name__ for block in done.module.blocks] == ["FSDPLinear"] * 2  # type: ignore[union-attr]
    assert distributed.local(done.module.first.weight).shape[0] == (257, 256)[distributed.rank()]  # type: ignore
    run(folder / "whole", 6)
    run(folder / "parts", 3)
    run(folder / "parts", 6)
    run(folder / "from_two", 3)
    run(folder / "from_one", 6)

    # A signal that one process gets stops both, after the same step.
    def interrupting(step: int) -> dict[str, Any]:
        if step == 3 and distributed.rank() == 1:  # made ahead, while step 2 is trained
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(0.2)
        return data(step)

    stopped = begin(folder / "stopped", config(50))
    assert not train(stopped, objective, interrupting, config(50))
    assert 2 <= stopped.step < 50
    assert distributed.mean([float(stopped.step)]) == [stopped.step]

    # A loss that is not finite in one process is an error in both.
    def broken(step: int) -> dict[str, Any]:
        batch = data(step)
        batch["x"][7] = torch.inf
        return batch

    try:
        train(begin(folder / "broken", config(2)), objective, broken, config(2))
    except FloatingPointError as error:
        (folder / f"error.{distributed.rank()}").write_text(str(error))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
