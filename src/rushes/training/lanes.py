"""Stages side by side: what needs nothing of one another trains at the same time, each lane in a process of its own.

Two processes of one thread do more work on two cores than one process of two threads (1.13 s a step against 0.74 s is a
gain of 1.5, not of 2), and a run of one thread gives the same weights every time.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

POLL = 0.2  # seconds between looks at the lanes
PARENT = "RUSHES_LANE_OF"  # of a lane's environment: the process that started it


class LaneError(ValueError):
    """A lane stopped with an error; the others were stopped too, their checkpoints saved."""


def run_lanes(recipe: str, lanes: Sequence[Sequence[str]], folder: Path, options: Sequence[str] = ()) -> bool:
    """Run the stages of each lane in order, all lanes at once; True when all are finished, False when interrupted.

    `recipe` is its name, `options` go to each process (see `rushes.training.run`). An interrupt reaches every lane,
    which saves and stops. Raises LaneError when a lane fails.
    """
    command = [sys.executable, "-m", "rushes.training.run", recipe, "--out", str(folder)]
    ours = dict(os.environ, **{PARENT: str(os.getpid())})
    started = [subprocess.Popen([*command, "--stage", *lane, *options], env=ours) for lane in lanes if lane]
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))  # else the lanes would go on without us
    try:
        while any(process.poll() is None for process in started):
            if any(process.poll() for process in started):  # one failed or was interrupted: no use in going on
                stop(started)
            time.sleep(POLL)
    except BaseException:
        stop(started)
        raise
    finally:
        signal.signal(signal.SIGTERM, before)
    codes = [process.returncode for process in started]
    for code, lane in zip(codes, [lane for lane in lanes if lane], strict=True):
        if code not in (0, 130, -signal.SIGTERM):
            raise LaneError(f"training {', '.join(lane)} ended with status {code}; its message is above")
    return not any(codes)


def stop(processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Ask all to save and stop, and wait until they have."""
    for process in processes:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
    for process in processes:
        process.wait()


def end_with_parent() -> None:
    """In a lane: save and stop when the process that started it is gone, however it went."""
    parent = os.environ.get(PARENT)
    if parent is None:
        return

    def watch() -> None:
        while str(os.getppid()) == parent:
            time.sleep(1.0)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
