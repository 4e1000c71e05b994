"""Checks of the logs that a run has left: what its rows may never do."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Any

import torch

from rushes.training.doctor.finding import Finding, found, need, ok
from rushes.training.doctor.patient import Patient
from rushes.training.doctor.statistics import SIGMAS
from rushes.training.loop import LoopConfig

Rows = list[dict[str, Any]]
NOT_SIGNALS = ("step", "seconds", "lr", "waited", "looked", "psnr")  # columns that may grow
EXPLODES = 30.0  # times the early median
ROWS = 12  # least rows for a statement about a curve


def log_goes_on(patient: Patient) -> Finding:
    """Steps and seconds only go up, and every number is finite."""

    def look(name: str, rows: Rows) -> Finding | None:
        for before, after in itertools.pairwise(rows):
            for key in ("step", "seconds"):
                if key in before and key in after and after[key] < before[key] + (key == "step"):
                    measured = f"{name}: {key} {before[key]} is followed by {after[key]}"
                    return found(
                        measured,
                        "the run was started again and its log goes back",
                        "resume from the checkpoint, or begin in a new folder",
                    )
        for row in rows:
            bad = [key for key, value in row.items() if isinstance(value, float) and not math.isfinite(value)]
            if bad:
                return found(
                    f"{name}: {bad[0]} is {row[bad[0]]} at step {row['step']}",
                    "the run diverged there",
                    "go back to a checkpoint before that step, lower the learning rate",
                )
        return None

    return _each(patient, look, 2)


def rate_is_not_restarted(patient: Patient) -> Finding:
    """After its warm-up the learning rate never rises, never jumps, and has the configured height."""

    def look(name: str, rows: Rows) -> Finding | None:
        loop = _loop(patient, name)
        if loop is None or "lr" not in rows[0]:
            return None
        config = loop.optimiser
        remedy = "restore the step and the time of training when a run is resumed; the rate follows from them"
        after = [row for row in rows if row["step"] > config.warmup + 1]
        for one, two in itertools.pairwise(after):
            if two["lr"] > one["lr"] * (1 + 1e-4):
                measured = f"{name}: lr {one['lr']:.2e} at step {one['step']}, {two['lr']:.2e} at step {two['step']}"
                return found(measured, "the learning rate rose again: its schedule was restarted", remedy)
            if (
                two["lr"] < 0.2 * one["lr"]
                and (two["step"] - one["step"]) < 0.1 * after[-1]["step"]
                and two is not after[-1]
            ):
                measured = f"{name}: lr {one['lr']:.2e} at step {one['step']}, {two['lr']:.2e} at step {two['step']}"
                if two["lr"] < 0.5 * after[-1]["lr"]:
                    return found(measured, "the learning rate fell off: a warm-up began anew", remedy)
        top = max(row["lr"] for row in rows)
        if top > config.lr * 1.001 or (rows[-1]["step"] > 3 * config.warmup and top < 0.3 * config.lr):
            return found(
                f"{name}: highest lr {top:.2e}, configured {config.lr:.2e}",
                "the run was trained at another rate than the recipe says",
                "see which recipe the folder was trained with",
            )
        if loop.steps is not None and rows[-1]["step"] == loop.steps:
            for row in rows:
                step = int(row["step"]) - 1
                expected = patient.learning_rate(config, step, step / loop.steps)
                if abs(row["lr"] - expected) > 1e-4 * config.lr:
                    measured = f"{name}: lr {row['lr']:.2e} at step {row['step']}, scheduled {expected:.2e}"
                    return found(measured, "the learning rate does not follow its schedule", remedy)
        return None

    return _each(patient, look, 2)


def loss_falls(patient: Patient) -> Finding:
    """The loss does not rise over a run; from nothing, it falls."""

    def look(name: str, rows: Rows) -> Finding | None:
        values = torch.tensor([float(row["loss"]) for row in rows if "loss" in row], dtype=torch.float64)
        if len(values) < ROWS or not torch.isfinite(values).all():
            return None
        early, late = values[: len(values) // 2], values[-(len(values) // 4) :]
        error = float((early.var() / len(early) + late.var() / len(late)).sqrt())
        change = float(late.mean() - early.mean())
        measured = (
            f"{name}: mean loss {float(early.mean()):.4g} over the first half, {float(late.mean()):.4g} over the "
            "last quarter"
        )
        if change > SIGMAS * error and change > 0.05 * abs(float(early.mean())):
            return found(
                measured, "the loss rises", "lower the learning rate; see whether the data changes over the run"
            )
        first = float(values[: max(2, len(values) // 10)].mean())
        begins = name == "image" or (name == "video" and "image" not in patient.states)
        if begins and len(values) >= 20 and abs(float(late.mean()) - first) < 0.005 * abs(first):
            return found(
                f"{name}: loss {first:.4g} to begin with, {float(late.mean()):.4g} at the end",
                "nothing is learned",
                "see learning: gradients, optimiser, learning rate",
            )
        return None

    return _each(patient, look, ROWS)


def nothing_explodes(patient: Patient) -> Finding:
    """No loss, norm or score of a critic grows by orders of magnitude, for good or in a single row."""

    def look(name: str, rows: Rows) -> Finding | None:
        for key in sorted({key for row in rows for key in row} - set(NOT_SIGNALS)):
            values = [abs(float(row[key])) for row in rows if isinstance(row.get(key), int | float)]
            if len(values) < ROWS or not all(math.isfinite(v) for v in values):
                continue
            series = torch.tensor(values, dtype=torch.float64)
            early, late = (
                float(series[: len(series) // 3].median()),
                float(series[-max(3, len(series) // 5) :].median()),
            )
            if early > 1e-6 and late > EXPLODES * early:
                return found(
                    f"{name}: {key} grew from {early:.3g} to {late:.3g}",
                    "it runs away: a critic that wins, or gradients that explode",
                    (
                        "lower its learning rate, update it less often, add a penalty on its gradient; go back to an "
                        "earlier checkpoint"
                    ),
                )
            middle, usual = (
                float(series.median()),
                float(series[: max(3, len(series) // 4)].max()),
            )  # large at first is usual
            if middle > 1e-6 and float(series.max()) > max(1000 * middle, 10 * usual):
                return found(
                    f"{name}: {key} is {float(series.max()):.3g} in one row, {middle:.3g} in most",
                    "a step blew up",
                    "look at the batch of that step; clip gradients",
                )
        return None

    return _each(patient, look, ROWS)


def gradients_are_alive(patient: Patient) -> Finding:
    """The gradient's norm is neither 0 nor so large that clipping sets every step's length."""

    def look(name: str, rows: Rows) -> Finding | None:
        loop = _loop(patient, name)
        norms = torch.tensor([float(row["grad"]) for row in rows if "grad" in row])
        if loop is None or len(norms) < 2:
            return None
        middle, clip = float(norms.median()), loop.optimiser.clip
        if middle == 0 or float((norms == 0).float().mean()) > 0.2:
            return found(
                f"{name}: the gradient is 0 in {float((norms == 0).float().mean()):.0%} of rows",
                "nothing reaches the weights",
                "look for a detached loss or frozen weights",
            )
        if len(norms) >= ROWS and middle > 10 * clip and float((norms > clip).float().mean()) > 0.95:
            return found(
                f"{name}: gradients of norm {middle:.3g} are clipped to {clip:g} in nearly every step",
                "clipping, not the learning rate, sets the length of steps",
                "raise OptimiserConfig.clip, or find what makes gradients so large",
            )
        return None

    return _each(patient, look, 2)


def _each(patient: Patient, look: Callable[[str, Rows], Finding | None], least: int) -> Finding:
    """The first thing found in any log of at least `least` rows."""
    looked = {name: rows for name, rows in patient.logs.items() if len(rows) >= least}
    need(looked, f"no log has {least} rows")
    for name, rows in looked.items():
        seen = look(name, rows)
        if seen is not None:
            return seen
    return ok("; ".join(f"{name} {len(rows)} rows to step {rows[-1]['step']}" for name, rows in looked.items()))


def _loop(patient: Patient, name: str) -> LoopConfig | None:
    """Configuration of the loop that wrote the log of a folder."""
    stage = getattr(patient.recipe, f"{name}_stage", None)
    loop: LoopConfig | None = getattr(stage, "loop", None)
    return loop
