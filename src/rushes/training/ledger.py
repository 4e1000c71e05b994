"""The iteration ledger: each time a stage of a run is trained leaves two lines in `ledger.jsonl` beside the runs.

`with record(recipe, stage, folder) as entry:` writes one when it begins, with everything that could explain the result,
and one when it ends. Lines are only ever appended, under a lock, and reach the disk before training goes on; a process
that was killed leaves its first line, and what it had done is read off its log. `history.py` reads all of this.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import platform
import socket
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import torch

from rushes.training.checkpoint import CheckpointError, read_header
from rushes.training.curves import read_log
from rushes.training.loop import commit

LEDGER = "ledger.jsonl"  # in the folder that holds the runs' folders
PRICE = "RUSHES_PRICE_PER_HOUR"  # of the environment: what an hour of a machine costs, in any currency
LAST = 5  # rows of the log whose mean is the final loss


@dataclass
class Entry:
    """What the body of `record` may say."""

    finished: bool = True  # False: interrupted, will be resumed


@contextmanager
def record(
    recipe: Any,
    stage: str,
    folder: Path,
    *,
    minutes: float | None = None,
    steps: int | None = None,
    price: float | None = None,
) -> Iterator[Entry]:
    """Keep a record of the body, which runs or resumes `stage` of `recipe` in `folder`, in the ledger beside `folder`.

    `minutes` or `steps` are the length, where it is not the recipe's; `price` is for an hour of the machine, by default
    that of the environment variable RUSHES_PRICE_PER_HOUR, else 0. Only the first process of torchrun writes.
    """
    if int(os.environ.get("RANK", "0")) > 0:
        yield Entry()
        return
    ledger = folder.absolute().parent / LEDGER
    _close_killed(ledger, folder, stage)
    begun = _begun(recipe, stage, folder, minutes, steps, hourly(price))
    append(ledger, begun)
    entry, end = Entry(), {}
    try:
        yield entry
        end = {"status": "finished" if entry.finished else "stopped"}
    except KeyboardInterrupt:
        end = {"status": "stopped"}
        raise
    except BaseException as error:
        end = {"status": "failed", "error": f"{type(error).__name__}: {error}"[:500]}
        raise
    finally:
        done = progress(begun, read_log(folder / stage / "log.jsonl"))
        append(ledger, {"event": "ended", "id": begun["id"], "at": now(), **end, **done})


def hourly(price: float | None) -> float:
    """The price of an hour: the one given, else the environment's, else 0. ValueError if that is not a price."""
    said = os.environ.get(PRICE, "0") if price is None else str(price)
    try:
        value = float(said)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise ValueError(f"{said!r} is not the price of an hour; set {PRICE} to a number such as 2.5, or unset it")
    return value


def _begun(
    recipe: Any, stage: str, folder: Path, minutes: float | None, steps: int | None, price: float
) -> dict[str, Any]:
    config = plain(recipe)
    settings = getattr(recipe, f"{stage}_stage", None)
    processes = int(os.environ.get("WORLD_SIZE", "1"))
    length = {"minutes": minutes, "steps": steps} if minutes is not None or steps is not None else {}
    return {
        "event": "began",
        "id": uuid.uuid4().hex,
        "at": now(),
        "run": folder.absolute().name,
        "stage": stage,
        "recipe": recipe.name,
        "config": config,
        "config_hash": config_hash(config),
        "length": length,  # where it is not the recipe's
        "data": plain(recipe.source),
        "seed": settings.loop.seed if settings is not None else None,
        "commit": commit(),
        "dirty": dirty(),
        "device": device_name(),
        "threads": torch.get_num_threads(),
        "processes": processes,
        "machines": max(1, processes // int(os.environ.get("LOCAL_WORLD_SIZE", processes))),
        "price": price,
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "born": _born(os.getpid()),
        **_reached(folder / stage),
    }


def _reached(stage: Path) -> dict[str, Any]:
    """The step and the seconds of training that a stage's checkpoint has: where a sitting goes on."""
    try:
        state = read_header(stage / "checkpoint.safetensors")["state"] if stage.is_dir() else {}
    except CheckpointError:  # none yet, or one that training itself will refuse
        state = {}
    return {"step": state.get("step", 0), "seconds": state.get("seconds", 0.0)}


def progress(begun: dict[str, Any], rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What a stage's log says was done since a sitting began: steps, loss, and seconds of each kind."""
    rows = [row for row in rows if row["step"] > begun["step"]]
    if not rows:
        return {"step": begun["step"], "loss": None, "compute": 0.0, "data": 0.0, "evaluation": 0.0}
    last = [row["loss"] for row in rows[-LAST:] if "loss" in row]
    return {
        "step": rows[-1]["step"],
        "loss": sum(last) / len(last) if last else None,
        "compute": max(0.0, rows[-1].get("seconds", 0.0) - begun["seconds"]),
        "data": sum(row.get("waited", 0.0) for row in rows),  # waiting for it
        "evaluation": sum(row.get("looked", 0.0) for row in rows),  # and checkpoints
    }


def _close_killed(ledger: Path, folder: Path, stage: str) -> None:
    """Write the end of sittings of this stage that were killed, while the log still holds what they had done."""
    records = read_ledger(ledger)
    ended = {one["id"] for one in records if one["event"] == "ended"}
    log = folder / stage / "log.jsonl"
    for begun in records:
        mine = begun["event"] == "began" and (begun["run"], begun["stage"]) == (folder.absolute().name, stage)
        if mine and begun["id"] not in ended and not alive(begun):
            at = max(begun["at"], stamp(log.stat().st_mtime)) if log.exists() else begun["at"]
            end = {"event": "ended", "id": begun["id"], "at": at, "status": "killed"}
            append(ledger, end | progress(begun, read_log(log)))


def alive(begun: dict[str, Any]) -> bool:
    """Whether the process that wrote a record still runs on this machine."""
    if begun["host"] != socket.gethostname():
        return False
    try:
        os.kill(begun["pid"], 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return _born(begun["pid"]) == begun["born"]


def _born(pid: int) -> str | None:
    """When a process began, in the system's own count: numbers of processes are used again. None where it can't say."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.read_text().rpartition(")")[2].split()[19] if stat.exists() else None


def append(ledger: Path, line: dict[str, Any]) -> None:
    """Add a line to a ledger that other processes write to as well; it is on the disk on return."""
    ledger.parent.mkdir(parents=True, exist_ok=True)
    with ledger.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        size = file.seek(0, os.SEEK_END)
        whole = size == 0 or os.pread(file.fileno(), 1, size - 1) == b"\n"  # else a write was cut short
        file.write((b"" if whole else b"\n") + json.dumps(line).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_ledger(ledger: Path) -> list[dict[str, Any]]:
    """The records of a ledger in the order of writing; lines cut short by a kill are left out."""
    return [record for record in read_log(ledger) if isinstance(record, dict) and "event" in record]


def plain(value: Any) -> Any:
    """A configuration as JSON: dataclasses become objects that begin with the name of their class."""
    if is_dataclass(value) and not isinstance(value, type):
        return {"class": type(value).__name__} | {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value)]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def config_hash(config: Any) -> str:
    return hashlib.sha256(json.dumps(config, sort_keys=True).encode()).hexdigest()[:12]


def dirty() -> bool:
    """Whether the code differs from its commit (files that git does not know are not looked at)."""
    command = ["git", "status", "--porcelain", "--untracked-files=no", "--", "."]
    done = subprocess.run(command, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=False)
    return bool(done.stdout.strip())


def device_name() -> str:
    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    cpuinfo = Path("/proc/cpuinfo")  # platform.processor() is empty on most Linux
    for line in cpuinfo.read_text().splitlines() if cpuinfo.exists() else ():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or "cpu"


def now() -> str:
    return stamp(datetime.now(UTC).timestamp())


def stamp(seconds: float) -> str:
    """A time of the system's clock as ISO 8601 in UTC: their order as text is their order in time."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
