"""What a run leaves to look at: metrics as JSON lines, and the curve of the loss as a picture."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

SIZE = (720, 360)  # columns and rows of the picture
MARGIN = (64, 16, 16, 28)  # pixels left, top, right, bottom


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
    points = [(float(row["step"]), float(row[key])) for row in rows if math.isfinite(row.get(key, math.nan))]
    if len(points) < 2:
        return
    logarithmic = min(y for _, y in points) > 0
    scale = math.log10 if logarithmic else float
    left, top, right, bottom = MARGIN
    image = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(image)
    ys = sorted(scale(y) for _, y in points)
    low, high = ys[0], max(ys[int(len(ys) * 0.98)], ys[0] + 1e-6)  # the first few steps would flatten the rest
    last = points[-1][0]

    def place(x: float, y: float) -> tuple[float, float]:
        height = (min(scale(y), high) - low) / (high - low)
        return left + x / last * (SIZE[0] - left - right), SIZE[1] - bottom - height * (SIZE[1] - top - bottom)

    for share in (0, 0.25, 0.5, 0.75, 1):
        value = low + share * (high - low)
        y = SIZE[1] - bottom - share * (SIZE[1] - top - bottom)
        draw.line([(left, y), (SIZE[0] - right, y)], fill="#dddddd")
        draw.text((6, y - 6), f"{10**value if logarithmic else value:.4g}", fill="#444444")
        draw.text((left + share * (SIZE[0] - left - right) - 12, SIZE[1] - 20), f"{share * last:.0f}", fill="#444444")
    draw.line([place(x, y) for x, y in points], fill="#b8cdea")
    mean, smooth = points[0][1], []
    for x, y in points:
        mean += 0.1 * (y - mean)
        smooth.append(place(x, mean))
    draw.line(smooth, fill="#1a4f9c", width=2)
    draw.text((left + 8, top), f"{key}: {mean:.4g} at step {last:.0f}", fill="black")
    partial = path.with_name(path.name + ".partial")
    image.save(partial, format="PNG")
    partial.replace(path)
