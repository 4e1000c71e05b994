"""Stages side by side, as processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rushes.training.checkpoint import read_header
from rushes.training.lanes import LaneError, run_lanes
from rushes.training.run import run_recipe

TRAIN = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # shells start background jobs without it
from rushes.training.lanes import run_lanes
run_lanes("tiny", [["image"], ["decoder"]], Path(sys.argv[1]), ["--steps", "100000"])
"""


def descendants(pid: int) -> list[int]:
    """Processes started by `pid` that are alive."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children]


def test_all_stages_and_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    assert run_recipe("tiny", tmp_path, threads=2, steps=3)
    made = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("checkpoint.safetensors")}
    assert {path.parent.name for path in made} == {"tokenizer", "image", "video", "decoder"}
    assert (tmp_path / "weights" / "model.safetensors").exists()
    assert run_recipe("tiny", tmp_path, threads=2, steps=3)
    assert {path: path.stat().st_mtime_ns for path in made} == made


def test_a_lane_that_fails_stops_the_others(tmp_path: Path) -> None:
    assert run_lanes("tiny", [["tokenizer", "latents"]], tmp_path, ["--steps", "2"])
    with pytest.raises(LaneError, match="video"):  # there is no stage image to begin with
        run_lanes("tiny", [["video"], ["decoder"]], tmp_path, ["--steps", "100000"])
    assert not descendants(os.getpid())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_whatever_ends_the_parent_saves_every_lane(tmp_path: Path, number: signal.Signals) -> None:
    assert run_lanes("tiny", [["tokenizer", "latents"]], tmp_path, ["--steps", "2"])
    training = subprocess.Popen([sys.executable, "-c", TRAIN, str(tmp_path)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if all((tmp_path / stage / "log.jsonl").exists() for stage in ("image", "decoder")):
                break
            time.sleep(0.1)
        lanes = descendants(training.pid)
        training.send_signal(number)
        training.wait(120)
        for _ in range(1200):
            if not any(os.path.exists(f"/proc/{pid}") for pid in lanes):
                break
            time.sleep(0.1)
    finally:
        training.kill()
    assert len(lanes) == 2 and not [pid for pid in lanes if os.path.exists(f"/proc/{pid}")]
    assert all(
        read_header(tmp_path / stage / "checkpoint.safetensors")["state"]["step"] for stage in ("image", "decoder")
    )
