"""The figures of a run of the desk: by kind and over all, each with its interval, as JSON and as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.table import Table

from rushes.desk.catalogue import KINDS
from rushes.desk.runner import Run
from rushes.desk.task import Wording


@dataclass(frozen=True, kw_only=True)
class Figure:
    """Scores of some tasks."""

    name: str  # of the kind, or "all"
    tasks: int
    mean: float  # 0 to 1
    spread: float  # half of the 95% interval of the mean, from the spread over tasks
    perfect: int  # tasks with everything right
    seconds: float  # of all of them together


def figures(runs: Sequence[Run]) -> list[Figure]:
    """One of each kind that was run, then one of all."""
    found = [_figure(kind, [run for run in runs if run.kind == kind]) for kind in KINDS]
    return [figure for figure in found if figure.tasks] + [_figure("all", list(runs))]


def _figure(name: str, runs: list[Run]) -> Figure:
    scores = [run.score for run in runs]
    mean = sum(scores) / len(scores) if scores else 0.0
    variance = sum((score - mean) ** 2 for score in scores) / max(1, len(scores) - 1)
    return Figure(
        name=name,
        tasks=len(runs),
        mean=round(mean, 4),
        spread=round(1.96 * math.sqrt(variance / max(1, len(scores))), 4),
        perfect=sum(score >= 0.999 for score in scores),
        seconds=round(sum(run.seconds for run in runs), 1),
    )


def as_dict(agent: str, runs: Sequence[Run], wording: Wording = "first") -> dict[str, Any]:
    """For machines."""
    *kinds, over_all = figures(runs)
    tasks = [
        {"task": run.task, "kind": run.kind, "score": run.score, "lost": run.lost, "calls": run.calls}
        | {"seconds": run.seconds, "error": run.error}
        for run in runs
    ]
    return {
        "agent": agent,
        "wording": wording,
        "score": over_all.mean,
        "spread": over_all.spread,
        "perfect": over_all.perfect,
        "kinds": [asdict(figure) for figure in kinds],
        "tasks": tasks,
    }


def table(agent: str, runs: Sequence[Run], wording: Wording = "first") -> Table:
    """For people."""
    shown = Table(title=f"film desk: {agent}, {wording} wording", title_justify="left")
    shown.add_column("kind")
    for name in ("tasks", "score", "±", "perfect", "seconds"):
        shown.add_column(name, justify="right")
    for figure in figures(runs):
        shown.add_row(
            figure.name,
            str(figure.tasks),
            f"{figure.mean:.3f}",
            f"{figure.spread:.3f}",
            str(figure.perfect),
            f"{figure.seconds:.0f}",
            style="bold" if figure.name == "all" else "",
        )
    return shown
