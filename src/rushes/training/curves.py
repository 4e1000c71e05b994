"""What a run leaves to look at: metrics as JSON lines, and the curve of the loss as a picture."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from rushes.training.chart import Axes, Series, draw_chart, save_picture


def read_log(path: Path) -> list[dict[str, Any]]:
    """The rows of a log; a last line cut short by a kill is left out."""
    rows: list[dict[str, Any]] = []
    if path.exists():
        for line in path.read_text().splitlines():
            try:
                rows.append(json.loads(line))
            except json.JSONDecodeError:
                continue
    return rows


def append_log(path: Path, row: dict[str, Any]) -> None:
    with path.open("a") as file:
        file.write(json.dumps(row) + "\n")


def truncate_log(path: Path, step: int) -> None:
    """Drop rows after `step`: a resumed run writes them again."""
    if path.exists():
        kept = [row for row in read_log(path) if row["step"] <= step]
        path.write_text("".join(json.dumps(row) + "\n" for row in kept))


def draw_curve(rows: list[dict[str, Any]], key: str, path: Path) -> None:
    """Draw `key` over steps, logarithmic where all values are above 0: single values faint, their running mean dark."""
    points = values_of(rows, key)
    if len(points) < 2:
        return
    smooth = running_mean(points)
    ys = sorted(y for _, y in points)
    axes = Axes(
        title=f"{key}: {smooth[-1][1]:.4g} at step {points[-1][0]:.0f}",
        x="step",
        log_y=ys[0] > 0,
        top=max(ys[int(len(ys) * 0.98)], ys[0] + 1e-6),  # the first few steps would flatten the rest
    )
    save_picture(draw_chart([Series(points=points, colour="#b8cdea", width=1), Series(points=smooth)], axes), path)


def values_of(rows: list[dict[str, Any]], key: str) -> list[tuple[float, float]]:
    """(step, value) of every row that has a finite `key`."""
    return [(float(row["step"]), float(row[key])) for row in rows if math.isfinite(row.get(key, math.nan))]


def running_mean(points: list[tuple[float, float]], share: float = 0.1) -> list[tuple[float, float]]:
    """Each value replaced by the mean of those up to it, in which each newer one has `share`."""
    mean, smooth = points[0][1], []
    for x, y in points:
        mean += share * (y - mean)
        smooth.append((x, mean))
    return smooth
