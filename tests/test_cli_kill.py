"""kill -9 at random moments, then the same command: the same film, and no finished take made twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from rushes.agent.events import replay_events
from rushes.board import Board

BRIEF = "a fox finds a red paper lantern in the snow, then a ship sails at night"
KILLS = 10


def command(folder: Path) -> list[str]:
    options = ["--seconds", "20", "--size", "144", "--title", "The Lantern", "--model", "animatic"]
    return [sys.executable, "-m", "rushes.cli", "make", BRIEF, *options, "--out", str(folder / "film.mp4")]


@pytest.mark.slow
def test_killed_ten_times_the_film_is_the_same(tmp_path: Path) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    began = time.monotonic()
    subprocess.run(command(whole), check=True, capture_output=True)
    length = time.monotonic() - began
    rng = random.Random(7)
    killed = []
    for _ in range(KILLS):
        moment = rng.uniform(0.12, 0.34) * length  # what is finished is found again, so that each run gets further
        process = subprocess.Popen(command(broken), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed.append(round(moment, 2))
    done = subprocess.run(command(broken), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert len(killed) >= KILLS // 2, f"only {killed} of {KILLS} runs were killed before their end"
    assert (broken / "film.mp4").read_bytes() == (whole / "film.mp4").read_bytes()
    with Board.open(broken / "film.rushes", create=False, writer=False) as board:
        assert board.problems() == []
        takes = board.nodes("take")
        assert len({(take.fields["seed"], take.fields["prompt"]) for take in takes}) == len(takes)
        jobs = [job for job in board.jobs.all() if job.name == "take" and job.state == "done"]
        assert len(jobs) == len(takes)
    finished = [event for event in replay_events(broken / "film.rushes" / "events.jsonl") if event.type == "finished"]
    assert finished[-1].takes == len(takes)
    print(f"killed after {killed} s of {length:.1f} s; {len(takes)} takes, each made once")
