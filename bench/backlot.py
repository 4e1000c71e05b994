"""How fast the backlot draws: `python bench/backlot.py`. Film frames at 1280x720 and training clips, in one run."""

from __future__ import annotations

import argparse
import json
import statistics
import time

import torch
from rich.console import Console
from rich.table import Table

from rushes.backlot.draw.renderer import render
from rushes.backlot.world import FULL, NANO, World, draw_scene

CASES: tuple[tuple[str, World, int, int, int, float], ...] = (
    ("film 1280x720, 24 fps, up to 3 actors, camera moves", FULL, 1280, 720, 1, 24.0),
    ("clips 224x128, 8 fps, world of nano", NANO, 224, 128, 16, 8.0),
    ("clips 112x64, 8 fps, world of nano", NANO, 112, 64, 64, 8.0),
    ("clips 64x64, 8 fps, world of nano", NANO, 64, 64, 64, 8.0),
    ("pictures 64x64, world of nano", NANO, 64, 64, 512, 0.0),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    rows = []
    for name, world, width, height, batch, fps in CASES:
        seconds = []
        frames = 0
        for repeat in range(given.repeats):
            scenes = [draw_scene(world, 1000 * repeat + i) for i in range(batch)]
            times = None if fps else [0.7]
            began = time.perf_counter()
            video = render(scenes, fps=fps or 1, width=width, height=height, device=given.device, times=times)
            if given.device != "cpu":
                torch.cuda.synchronize()
            seconds.append(time.perf_counter() - began)
            frames = video.shape[0] * video.shape[1]
        middle = statistics.median(seconds)
        clip_seconds = frames / fps if fps else 0.0
        rows.append(
            {
                "case": name,
                "frames_per_second": round(frames / middle, 1),
                "clips_per_second": round(batch / middle, 2),
                "seconds_of_clip_per_second": round(clip_seconds / middle, 2),
            }
        )
    if given.json:
        print(json.dumps({"threads": torch.get_num_threads(), "device": given.device, "rows": rows}, indent=1))
        return
    table = Table(title=f"The backlot on {given.device}, {torch.get_num_threads()} threads")
    for column in rows[0]:
        table.add_column(column.replace("_", " "), justify="left" if column == "case" else "right")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
