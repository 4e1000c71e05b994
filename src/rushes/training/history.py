"""What was trained, when, and what the machine waited for: read off the ledger and off the runs' folders.

A *sitting* is one time that a stage was trained, until it was finished, stopped or killed. Stages that no ledger knows
(trained before there was one, or copied from elsewhere) are found by their logs. An *iteration* is a sitting that
finished its stage.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from rushes.training.checkpoint import CheckpointError, read_header
from rushes.training.curves import read_log
from rushes.training.ledger import LEDGER, alive, hourly, now, progress, read_ledger, stamp

KINDS = ("compute", "data", "evaluation", "other")  # of seconds; other: starting, loading, the last checkpoint
SILENT = 600  # seconds without a row in the log, after which a sitting on another machine counts as killed


@dataclass(frozen=True, kw_only=True)
class Sitting:
    run: str  # name of the run's folder
    stage: str
    status: str  # finished, stopped (to be resumed), failed, killed, running; found: only its log tells of it
    began: str  # ISO 8601, UTC
    ended: str
    steps: int  # done in it
    step: int  # reached
    seconds: dict[str, float]  # by KINDS
    timed: bool = True  # False: an old log, that does not say what was waited for
    loss: float | None = None  # at the end
    recipe: str | None = None
    config: dict[str, Any] | None = None
    config_hash: str | None = None
    length: dict[str, Any] = field(default_factory=dict)  # where it was not the recipe's
    data: dict[str, Any] | None = None
    seed: int | None = None
    commit: str | None = None
    dirty: bool | None = None
    device: str | None = None
    threads: int | None = None
    processes: int = 1
    machines: int = 1
    price: float = 0.0  # of an hour of a machine
    error: str | None = None

    @property
    def wall(self) -> float:
        """Seconds from beginning to end."""
        return sum(self.seconds.values())

    @property
    def cost(self) -> float:
        return self.wall / 3600 * self.price * self.machines

    @property
    def is_iteration(self) -> bool:
        return self.status in ("finished", "found") and self.steps > 0


@dataclass(frozen=True, kw_only=True)
class RunHistory:
    name: str
    folder: Path
    sittings: list[Sitting]  # in the order of beginning
    score: float | None = None  # mean share of right answers of `rushes eval`

    @property
    def recipe(self) -> str | None:
        return next((s.recipe for s in reversed(self.sittings) if s.recipe), None)

    @property
    def config(self) -> dict[str, Any] | None:
        return next((s.config for s in reversed(self.sittings) if s.config), None)

    @property
    def began(self) -> str:
        return self.sittings[0].began

    @property
    def ended(self) -> str:
        return max(s.ended for s in self.sittings)

    @property
    def seconds(self) -> dict[str, float]:
        return total(self.sittings)

    @property
    def timed(self) -> dict[str, float]:
        return total([s for s in self.sittings if s.timed])

    @property
    def cost(self) -> float:
        return sum(s.cost for s in self.sittings)

    @property
    def stages(self) -> list[str]:
        """Names, in the order of their first beginning."""
        return list(dict.fromkeys(s.stage for s in self.sittings))

    def result(self, stage: str) -> Sitting | None:
        """The last sitting of a stage that did any steps; of a stage without steps the last one."""
        return next((s for s in reversed(self.sittings) if s.stage == stage and s.steps), self.last(stage))

    def last(self, stage: str) -> Sitting | None:
        return next((s for s in reversed(self.sittings) if s.stage == stage), None)


@dataclass(frozen=True, kw_only=True)
class Day:
    date: str  # UTC
    iterations: int
    runs: int  # that had one
    seconds: dict[str, float]  # of sittings that ended on it
    timed: dict[str, float]  # of those whose logs say what was waited for
    score: float | None  # best of all runs so far


def total(sittings: Sequence[Sitting]) -> dict[str, float]:
    """Seconds by kind."""
    return {kind: sum(s.seconds[kind] for s in sittings) for kind in KINDS}


def read_history(root: Path, price: float = 0.0) -> list[RunHistory]:
    """All runs in the folder `root`, oldest first. `price` of an hour is for sittings that recorded none."""
    if not root.is_dir():
        raise ValueError(f"there is no folder {root} of runs; train something, or name another with --root")
    price = hourly(price)
    ledgers = sorted(path for depth in ("", "*/", "*/*/") for path in root.glob(f"{depth}{LEDGER}"))
    sittings = [sitting for ledger in ledgers for sitting in _recorded(ledger, root, price)]
    sittings += _found(root, sittings, price)
    by_run: dict[str, list[Sitting]] = {}
    for sitting in sorted(sittings, key=lambda s: (s.began, s.ended)):
        if sitting.status == "finished" and sitting.step and not sitting.steps:
            continue  # the stage had been finished before: there was nothing to do
        by_run.setdefault(sitting.run, []).append(sitting)
    runs = [
        RunHistory(name=name, folder=root / name, sittings=some, score=score(root / name))
        for name, some in by_run.items()
    ]
    return sorted(runs, key=lambda run: run.began)


def find_run(runs: Sequence[RunHistory], name: str) -> RunHistory:
    """The run of a name. ValueError says which there are."""
    for run in runs:
        if run.name == name.rstrip("/"):
            return run
    raise ValueError(f"there is no run {name!r}; there are: {', '.join(run.name for run in runs) or 'none'}")


def _recorded(ledger: Path, root: Path, price: float) -> list[Sitting]:
    records = read_ledger(ledger)
    ends = {one["id"]: one for one in records if one["event"] == "ended"}
    known = Sitting.__dataclass_fields__.keys()
    found = []
    for begun in records:
        if begun["event"] != "began":
            continue
        folder = ledger.parent / begun["run"]
        end = ends.get(begun["id"]) or _unfinished(begun, folder / begun["stage"])
        wall = max(0.0, _clock(end["at"]) - _clock(begun["at"]))
        seconds = {kind: float(end[kind]) for kind in KINDS[:3]}
        if begun["stage"] == "latents":  # no steps: making the data is all it does
            seconds["data"] = wall
        kept = {key: value for key, value in begun.items() if key in known and key not in ("seconds", "step")}
        found.append(
            Sitting(
                **kept
                | {"price": begun["price"] or price, "error": end.get("error"), "status": end["status"]}
                | {"began": begun["at"], "ended": end["at"], "step": end["step"], "loss": end["loss"]}
                | {"run": str(folder.relative_to(root))},
                steps=max(0, end["step"] - begun["step"]),
                seconds=seconds | {"other": max(0.0, wall - sum(seconds.values()))},
            )
        )
    return found


def _unfinished(begun: dict[str, Any], stage: Path) -> dict[str, Any]:
    """The end, as far as it can be told, of a sitting that has not said how it ended."""
    log = stage / "log.jsonl"
    written = log.stat().st_mtime if log.exists() else 0.0
    recent = time.time() - max(written, _clock(begun["at"])) < SILENT
    running = alive(begun) or (begun["host"] != socket.gethostname() and recent)
    at = now() if running else max(begun["at"], stamp(written))
    return {"at": at, "status": "running" if running else "killed", **progress(begun, read_log(log))}


def _found(root: Path, recorded: Sequence[Sitting], price: float) -> list[Sitting]:
    """Sittings that only logs tell of; of a stage that the ledger knows, what came before its first record."""
    found = []
    for log in sorted(path for depth in ("*", "*/*", "*/*/*") for path in root.glob(f"{depth}/log.jsonl")):
        stage = log.parent
        direct = stage.parent == root  # a run of one stage, in a folder of its own
        run, name = (stage.name, "train") if direct else (str(stage.parent.relative_to(root)), stage.name)
        later = [s for s in recorded if (s.run, s.stage) == (run, name)]
        until = min((s.step - s.steps for s in later), default=None)
        rows = [row for row in read_log(log) if until is None or row["step"] <= until]
        if not rows:
            continue
        done = progress({"step": 0, "seconds": 0.0}, rows)
        seconds = {kind: float(done[kind]) for kind in KINDS[:3]} | {"other": 0.0}
        ended = min([stamp(log.stat().st_mtime), *(s.began for s in later)])
        state = _state(stage / "checkpoint.safetensors")
        found.append(
            Sitting(
                run=run,
                stage=name,
                status="stopped" if any(s.steps for s in later) else "found",
                began=stamp(_clock(ended) - sum(seconds.values())),
                ended=ended,
                steps=done["step"],
                step=done["step"],
                seconds=seconds,
                timed="waited" in rows[-1],
                loss=done["loss"],
                commit=state.get("commit") if state.get("commit") != "unknown" else None,
                recipe=state.get("recipe"),
                price=price,
            )
        )
    return found


def _state(checkpoint: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = read_header(checkpoint)["state"]
        return state
    except (CheckpointError, KeyError):
        return {}


def score(folder: Path) -> float | None:
    """The best mean share of right answers in any scores.json of a run, as `rushes eval` writes it."""
    means = []
    for path in (*folder.glob("scores.json"), *folder.glob("*/scores.json")):
        try:
            answers = json.loads(path.read_text())
        except (json.JSONDecodeError, OSError):
            continue
        questions = answers.get("questions", {}) if isinstance(answers, dict) else {}
        shares = [one["drawn"] for one in questions.values() if one["drawn"] is not None]
        means += [fmean(shares)] if shares else []
    return max(means, default=None)


def days(runs: Sequence[RunHistory]) -> list[Day]:
    """Each day on which a sitting ended."""
    sittings = [s for run in runs for s in run.sittings if s.status != "running"]
    best: float | None = None
    found = []
    for date in sorted({s.ended[:10] for s in sittings}):
        today = [s for s in sittings if s.ended[:10] == date]
        scored = [run.score for run in runs if run.score is not None and run.ended[:10] == date]
        best = max([*scored, *([best] if best is not None else [])], default=None)
        done = [s for s in today if s.is_iteration]
        seconds, timed = total(today), total([s for s in today if s.timed])
        runs_done = len({s.run for s in done})
        found.append(Day(date=date, iterations=len(done), runs=runs_done, seconds=seconds, timed=timed, score=best))
    return found


def previous(runs: Sequence[RunHistory], run: RunHistory) -> RunHistory | None:
    """The run of the same recipe that began last before `run`."""
    before = [r for r in runs if r.recipe is not None and r.recipe == run.recipe and r.began < run.began]
    return before[-1] if before else None


def differences(before: Any, after: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """Where two configurations differ: (path, value before, value after); None where there is no value."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = list(dict.fromkeys((*before, *after)))
        return [
            row
            for key in keys
            for row in differences(before.get(key), after.get(key), f"{path}.{key}" if path else key)
        ]
    return [] if before == after else [(path, before, after)]


def _clock(at: str) -> float:
    return datetime.fromisoformat(at).timestamp()
