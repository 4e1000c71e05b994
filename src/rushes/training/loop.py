"""The training loop: a function of an objective, data and callbacks, for one process or for those of torchrun."""

from __future__ import annotations

import math
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
import torch.nn as nn
from rich.console import Console
from torch import Tensor

from rushes.training import distributed
from rushes.training.checkpoint import load_checkpoint, save_checkpoint
from rushes.training.curves import append_log, draw_curve, read_log, truncate_log
from rushes.training.data import ahead
from rushes.training.ema import Ema
from rushes.training.optimiser import OptimiserConfig, learning_rate, make_optimiser, set_learning_rate

Objective = Callable[[nn.Module, Any, torch.Generator], dict[str, Tensor]]  # one entry is "loss"; no gradient to others
DataOf = Callable[[int], Any]  # the batch of a step; the same step gives the same batch
Callback = Callable[["Run"], None]
QUIET = ("step", "seconds", "waited", "looked")  # of a row of the log: not printed


@dataclass(frozen=True, kw_only=True)
class LoopConfig:
    steps: int | None = None  # length in steps; a resumed run is bit for bit the uninterrupted one
    minutes: float | None = None  # length in minutes of training; the learning rate follows the clock
    seed: int = 0  # of initial weights and of each step's noise
    bf16: bool = True  # autocast to bfloat16
    device: str = "auto"  # that trains: auto (an accelerator if there is one), cpu, cuda
    compile: bool = False  # torch.compile for blocks of networks that have `compile_blocks`, where it works
    accumulate: int = 1  # parts of a step's batch that a process computes one after the other, for less memory
    ema: float = 0.999  # decay of the average of the weights
    log_every: int = 10  # steps
    save_every: float = 120.0  # seconds between checkpoints
    sample_every: int = 250  # steps between callbacks
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)

    def __post_init__(self) -> None:
        if (self.steps is None) == (self.minutes is None):
            raise ValueError(f"steps {self.steps} and minutes {self.minutes}: give exactly one of them")
        if (self.steps or self.minutes or 0) <= 0:
            length = self.minutes if self.steps is None else self.steps
            raise ValueError(f"a length of {length} is not above 0; give more")
        if self.accumulate < 1:
            raise ValueError(f"a step can't be computed in {self.accumulate} parts; give 1 or more")


@dataclass
class Run:
    """A training run in a folder: what changes while it goes on."""

    folder: Path
    module: nn.Module
    ema: Ema
    optimiser: torch.optim.Optimizer
    call: distributed.Call  # computes with `module`: call(function, *arguments) is function(module, *arguments)
    device: torch.device
    step: int = 0  # steps done
    seconds: float = 0.0  # of training, over all sittings
    finished: bool = False  # the length that was asked for is reached
    notes: dict[str, Any] = field(default_factory=dict)  # configuration, commit, data: kept in each checkpoint

    @property
    def checkpoint(self) -> Path:
        return self.folder / "checkpoint.safetensors"

    def save(self) -> None:
        """Write the checkpoint; every process must call it."""
        state = {"step": self.step, "seconds": self.seconds, "finished": self.finished, **self.notes}
        save_checkpoint(self.checkpoint, module=self.module, ema=self.ema, optimiser=self.optimiser, state=state)


def open_run(folder: Path, module: nn.Module, config: LoopConfig, notes: dict[str, Any]) -> Run:
    """A run in `folder`, taken up where its checkpoint left it if there is one; `module` moves to its device.

    Under torchrun the weights are spread over its processes, each of which must call this with equal weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    device = distributed.choose_device(config.device)
    distributed.join(device)
    module.to(device)
    ema, call = Ema(module, config.ema), distributed.Call(module)
    if config.compile:
        for part in module.modules():
            compile_blocks = getattr(part, "compile_blocks", None)
            if compile_blocks is not None:
                compile_blocks()
    if distributed.size() > 1:
        distributed.shard(call, device)
        ema.shard(module)
    optimiser = make_optimiser(module, config.optimiser)
    run = Run(folder=folder, module=module, ema=ema, optimiser=optimiser, call=call, device=device, notes=notes)
    if run.checkpoint.exists():
        state = load_checkpoint(run.checkpoint, module=module, ema=ema, optimiser=optimiser)
        run.step, run.seconds, run.finished = state["step"], state["seconds"], state.get("finished", True)
    distributed.wait()
    if distributed.rank() == 0:
        truncate_log(folder / "log.jsonl", run.step)
    return run


def train(
    run: Run, objective: Objective, data: DataOf, config: LoopConfig, *, callback: Callback | None = None
) -> bool:
    """Train until the configured length; True when it is reached, False when interrupted (SIGINT saves and stops).

    The first process writes and calls back. Raises FloatingPointError when the loss is not finite; the last checkpoint
    stays.
    """
    console = Console(quiet=distributed.rank() > 0)
    log = run.folder / "log.jsonl"
    losses: list[float] = []
    waited = looked = 0.0  # seconds for data, and for samples and checkpoints, since the last row of the log
    saved = drawn = ended = time.perf_counter()
    if progress_of(run, config) >= 1:
        if not run.finished:  # it was left here, and this is its end now
            run.finished = True
            run.save()
        run.ema.gather()
        return True
    with _interruptible() as stopped:
        for batch in ahead(data, run.step):
            begin = time.perf_counter()
            waited += begin - ended
            rate = learning_rate(config.optimiser, run.step, progress_of(run, config))
            set_learning_rate(run.optimiser, rate)
            values = _step(run, objective, batch, config)
            now = time.perf_counter()
            # Whatever processes decide by, they must have in common: the clock, a signal that only one of them got.
            run.seconds, stop, save, *means = distributed.mean(
                [run.seconds + now - begin, stopped.is_set(), now - saved > config.save_every, *values.values()]
            )
            values = dict(zip(values, means, strict=True))
            losses.append(values["loss"])
            if not math.isfinite(losses[-1]):
                where = f"the loss of step {run.step} is {losses[-1]}"
                raise FloatingPointError(f"{where}; lower the learning rate and resume from {run.checkpoint}")
            progress = progress_of(run, config)
            done = progress >= 1
            if run.step % config.log_every == 0 or done:
                row = {"step": run.step, "seconds": round(run.seconds, 2), "lr": rate, **values}
                row |= {"loss": sum(losses) / len(losses), "waited": round(waited, 3), "looked": round(looked, 3)}
                waited = looked = 0.0
                losses.clear()
                if distributed.rank() == 0:
                    append_log(log, row)
                text = " ".join(f"{key} {value:.4g}" for key, value in row.items() if key not in QUIET)
                pace = run.seconds / run.step
                console.print(
                    f"{run.folder.name} {progress:4.0%} step {run.step} {pace:.2f} s/step {text}",
                    style="dim",
                    soft_wrap=True,
                )
            now = time.perf_counter()
            last = done or stop > 0
            if last or save > 0:
                run.finished = done
                run.save()
                saved = time.perf_counter()
            if distributed.rank() == 0 and (last or now - drawn > 30):
                draw_curve(read_log(log), "loss", run.folder / "curve.png")
                drawn = time.perf_counter()
            if last or (callback is not None and run.step % config.sample_every == 0):
                run.ema.gather()
                if callback is not None and distributed.rank() == 0 and (done or run.step % config.sample_every == 0):
                    callback(run)
                if not last:
                    run.ema.stow()
            ended = time.perf_counter()
            looked += ended - now
            if last:
                return done
    raise AssertionError("data ended")


def _step(run: Run, objective: Objective, batch: Any, config: LoopConfig) -> dict[str, float]:
    """One step on this process's part of `batch`; the mean over that part of what the objective gave."""
    run.module.train()
    seed = (config.seed * 2_654_435_761 + run.step) % 2**32  # torch keeps 32 bits of a seed
    count = distributed.size() * config.accumulate
    sums: dict[str, Tensor] = {}
    for index in range(distributed.rank() * config.accumulate, (distributed.rank() + 1) * config.accumulate):
        mine = distributed.part(batch, index, count, run.device)
        generator = torch.Generator(run.device).manual_seed(seed)
        torch.manual_seed(seed)  # what draws without a generator repeats too
        draws = distributed.PartOfDraws(index, count, distributed.rows_of(mine)) if count > 1 else nullcontext()
        with draws, torch.autocast(run.device.type, torch.bfloat16, enabled=config.bf16):
            values = run.call(objective, mine, generator)
        (values["loss"] / config.accumulate).backward()
        for key, value in values.items():
            sums[key] = sums.get(key, 0) + value.detach() / config.accumulate
    norm = nn.utils.clip_grad_norm_(run.module.parameters(), config.optimiser.clip)
    run.optimiser.step()
    run.optimiser.zero_grad(set_to_none=True)
    run.step += 1
    run.ema.update(run.module, run.step)
    return {key: float(value) for key, value in sums.items()} | {"grad": float(distributed.whole(norm))}


def progress_of(run: Run, config: LoopConfig) -> float:
    if config.steps is not None:
        return run.step / config.steps
    assert config.minutes is not None
    return run.seconds / (60 * config.minutes)


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """An event that SIGINT and SIGTERM set (in the main thread; elsewhere nothing sets it)."""
    event = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        for number in before:
            signal.signal(number, lambda *_: event.set())
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def commit() -> str:
    """The commit that this code is at, or "unknown" outside a checkout."""
    here = Path(__file__).parent
    done = subprocess.run(["git", "rev-parse", "HEAD"], cwd=here, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else "unknown"
