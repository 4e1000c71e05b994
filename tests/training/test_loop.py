"""The loop: resumed equals uninterrupted, interrupted is saved, faults are said."""

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn as nn
from safetensors.torch import save_file

from rushes.training.checkpoint import CheckpointError, finished, load_tensors, read_header
from rushes.training.curves import append_log, draw_curve, read_log
from rushes.training.loop import LoopConfig, Run, open_run, train
from rushes.training.optimiser import OptimiserConfig, learning_rate

LOOP = LoopConfig(
    steps=10, bf16=False, device="cpu", log_every=1, optimiser=OptimiserConfig(lr=0.01, muon=0.02, warmup=2)
)


class Net(nn.Module):
    outer_layers = ("body.0.", "body.4.")

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(nn.Linear(4, 8), nn.SiLU(), nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 1))


def objective(module: Any, batch: torch.Tensor, generator: torch.Generator) -> dict[str, torch.Tensor]:
    noisy = batch + 0.1 * torch.randn(batch.shape, generator=generator) + 0.01 * torch.rand(batch.shape)
    return {"loss": (module.body(noisy) - batch.sum(1, keepdim=True)).square().mean()}


def data(step: int) -> torch.Tensor:
    return torch.randn(16, 4, generator=torch.Generator().manual_seed(step))


def begin(folder: Path, config: LoopConfig = LOOP) -> Run:
    torch.manual_seed(0)
    return open_run(folder, Net(), config, {"commit": "none"})


def test_resumed_is_bit_for_bit_the_uninterrupted_run(tmp_path: Path) -> None:
    assert train(begin(tmp_path / "whole"), objective, data, LOOP)

    def interrupting(step: int) -> torch.Tensor:
        if step == 6:  # made ahead, while step 5 is trained
            os.kill(os.getpid(), signal.SIGINT)
        return data(step)

    assert not train(begin(tmp_path / "parts"), objective, interrupting, LOOP)
    stopped = read_header(tmp_path / "parts" / "checkpoint.safetensors")["state"]["step"]
    assert 5 <= stopped < 10
    with pytest.raises(CheckpointError, match=f"--stage parts --steps {stopped}"):
        finished(tmp_path / "parts")  # no later stage begins with half of this one
    assert train(begin(tmp_path / "parts"), objective, data, LOOP)
    assert finished(tmp_path / "parts").exists()
    whole, parts = (load_tensors(tmp_path / name / "checkpoint.safetensors", "") for name in ("whole", "parts"))
    assert whole.keys() == parts.keys()
    assert {name.split(".")[0] for name in whole} == {"model", "ema", "optimiser"}
    for name, value in whole.items():
        assert torch.equal(value, parts[name]), name
    rows = [[row["loss"] for row in read_log(tmp_path / name / "log.jsonl")] for name in ("whole", "parts")]
    assert rows[0] == rows[1] and len(rows[0]) == 10


def test_it_learns_and_the_average_follows(tmp_path: Path) -> None:
    config = replace(LOOP, steps=200, ema=0.9)
    run = begin(tmp_path, config)
    assert train(run, objective, data, config)
    losses = [row["loss"] for row in read_log(tmp_path / "log.jsonl")]
    assert sum(losses[-10:]) < 0.1 * sum(losses[:10])
    with torch.no_grad():
        average = objective(run.ema.average, data(999), torch.Generator().manual_seed(0))["loss"]
    assert average < 0.2 * losses[0]
    assert (tmp_path / "curve.png").stat().st_size > 1000


def test_a_run_that_was_left_can_end_where_it_is(tmp_path: Path) -> None:
    begin(tmp_path).save()  # as a kill leaves it between two checkpoints
    with pytest.raises(CheckpointError, match="left at step 0"):
        finished(tmp_path)
    short, long = replace(LOOP, steps=2), replace(LOOP, steps=4)
    assert train(begin(tmp_path, short), objective, data, short)
    kept = finished(tmp_path).read_bytes()
    assert train(begin(tmp_path, short), objective, data, short)
    assert finished(tmp_path).read_bytes() == kept

    def breaking(step: int) -> torch.Tensor:
        if step == 3:
            raise OSError("the disk is gone")
        return data(step)

    with pytest.raises(OSError, match="gone"):
        train(begin(tmp_path, long), objective, breaking, replace(long, save_every=0.0))
    with pytest.raises(CheckpointError, match="left at step 3"):
        finished(tmp_path)
    half = replace(LOOP, steps=3)
    assert train(begin(tmp_path, half), objective, data, half)
    assert finished(tmp_path).exists()


def test_a_finished_run_stays_finished(tmp_path: Path) -> None:
    assert train(begin(tmp_path), objective, data, LOOP)
    before = (tmp_path / "checkpoint.safetensors").read_bytes()
    assert train(begin(tmp_path), objective, data, LOOP)
    assert (tmp_path / "checkpoint.safetensors").read_bytes() == before


def test_the_clock_ends_a_run_of_minutes(tmp_path: Path) -> None:
    config = replace(LOOP, steps=None, minutes=0.002, log_every=1000)
    run = begin(tmp_path, config)
    assert train(run, objective, data, config)
    assert run.seconds >= 0.12
    assert read_log(tmp_path / "log.jsonl")[-1]["lr"] < 0.01  # the rate has fallen by the clock


def test_a_loss_that_is_not_finite_stops_the_run(tmp_path: Path) -> None:
    def broken(step: int) -> torch.Tensor:
        return data(step) if step < 3 else torch.full((16, 4), torch.inf)

    with pytest.raises(FloatingPointError, match="step 4"):
        train(begin(tmp_path), objective, broken, LOOP)


@pytest.mark.parametrize("length", [{}, {"steps": 3, "minutes": 1.0}, {"steps": 0}, {"minutes": -3.0}])
def test_lengths_that_are_none(length: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        LoopConfig(**length)


def test_learning_rate_rises_stays_and_falls() -> None:
    config = OptimiserConfig(lr=1.0, warmup=10, decay=0.4, floor=0.1)
    assert learning_rate(config, 4, 0.01) == pytest.approx(0.5)
    assert learning_rate(config, 50, 0.5) == 1.0
    assert learning_rate(config, 80, 0.8) == pytest.approx(0.55)
    assert learning_rate(config, 100, 1.0) == pytest.approx(0.1)


def test_checkpoints_that_cannot_be_used(tmp_path: Path) -> None:
    train(begin(tmp_path), objective, data, LOOP)
    path = tmp_path / "checkpoint.safetensors"
    whole = path.read_bytes()
    with pytest.raises(CheckpointError, match="another model"):
        net = Net()
        net.body[2] = nn.Linear(8, 9)
        net.body[4] = nn.Linear(9, 1)
        open_run(tmp_path, net, LOOP, {})
    with pytest.raises(CheckpointError, match="another optimiser"):
        begin(tmp_path, replace(LOOP, optimiser=OptimiserConfig(muon=0.0)))
    slower = replace(LOOP, optimiser=replace(LOOP.optimiser, muon=0.01))
    assert begin(tmp_path, slower).optimiser.param_groups[0]["scale"] == pytest.approx(1.0)
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(CheckpointError, match="delete it"):
        begin(tmp_path)
    save_file({"model.x": torch.zeros(1)}, path)
    with pytest.raises(CheckpointError, match="not a checkpoint of Rushes"):
        begin(tmp_path)


def test_a_log_cut_short_by_a_kill_is_read(tmp_path: Path) -> None:
    log = tmp_path / "log.jsonl"
    for step in range(1, 4):
        append_log(log, {"step": step, "loss": 1.0 / step})
    with log.open("a") as file:
        file.write('{"step": 4, "lo')
    assert [row["step"] for row in read_log(log)] == [1, 2, 3]
    draw_curve(read_log(log), "loss", tmp_path / "curve.png")
    assert (tmp_path / "curve.png").exists()
