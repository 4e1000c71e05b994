"""How fast the shipped model shoots: `python bench/sampling.py`. Seconds of clip for a second of work, in one run."""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from rich.console import Console
from rich.table import Table

from rushes.backlot.captions import dense_caption
from rushes.backlot.draw.renderer import render
from rushes.backlot.scene import Scene
from rushes.backlot.world import draw_scene
from rushes.generate.native import Native, draw, load_native
from rushes.generate.protocol import Request
from rushes.media.encode import write_video

BATCHES = (1, 4)  # clips at once


def cases(native: Native, batch: int) -> dict[str, Callable[[list[str], list[Scene]], object]]:
    """What is timed, by name: each takes the prompts and the scenes of `batch` clips."""
    info, model = native.model.info, native.model
    seeds = list(range(batch))

    def decode(prompts: list[str], scenes: list[Scene]) -> object:
        device = next(model.parameters()).device
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16):
            return model.tokenizer.decode(torch.randn(model.noise_shape(info.frames, batch), device=device))

    def to_mp4(prompts: list[str], scenes: list[Scene]) -> object:
        with tempfile.TemporaryDirectory() as folder:
            for seed, prompt in enumerate(prompts):
                asked = Request(
                    prompt=prompt,
                    seconds=info.frames / info.fps,
                    width=info.width,
                    height=info.height,
                    fps=info.fps,
                    seed=seed,
                )
                write_video(Path(folder) / f"{seed}.mp4", native.generate(asked).frames, fps=info.fps)
        return None

    def shot(steps: int, guidance: float) -> Callable[[list[str], list[Scene]], object]:
        return lambda prompts, _: draw(model, prompts, seeds, native.config(steps, guidance), frames=info.frames)

    return {
        f"sampled, {info.steps} steps, as shipped": shot(info.steps, info.guidance),
        "prompt to mp4, everything included": to_mp4,
        f"sampled, {info.steps // 2} steps": shot(info.steps // 2, info.guidance),
        "sampled, 24 steps, guided": shot(24, 3.0),
        "the decoder alone": decode,
        "the backlot draws the same scene": lambda _, scenes: render(
            scenes, fps=info.fps, width=info.width, height=info.height, device=next(model.parameters()).device
        ),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="nano")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    given = parser.parse_args()
    native = load_native(given.model, device=given.device)
    world = native.capabilities.world
    assert world is not None, "this benchmark needs a model of the backlot"
    seconds_of_clip = native.model.info.frames / native.model.info.fps
    rows = []
    for batch in BATCHES:
        scenes = [draw_scene(world, number) for number in range(batch)]
        prompts = [dense_caption(scene) for scene in scenes]
        timed = cases(native, batch)
        took: dict[str, list[float]] = {name: [] for name in timed}
        for repeat in range(given.repeats + 1):  # the first round warms up
            for name, run in timed.items():
                began = time.perf_counter()
                run(prompts, scenes)
                if given.device != "cpu":
                    torch.cuda.synchronize()
                if repeat:
                    took[name].append(time.perf_counter() - began)
        shipped = statistics.median(next(iter(took.values())))
        for name, several in took.items():
            middle = statistics.median(several)
            rows.append(
                {
                    "case": name,
                    "clips at once": batch,
                    "seconds of clip per second": round(batch * seconds_of_clip / middle, 3),
                    "share of a shipped sample": round(middle / shipped, 3),
                }
            )
    if given.json:
        print(json.dumps({"threads": torch.get_num_threads(), "device": given.device, "rows": rows}, indent=1))
        return
    table = Table(title=f"{native.capabilities.name} on {given.device}, {torch.get_num_threads()} threads")
    for column in rows[0]:
        table.add_column(column, justify="left" if column == "case" else "right")
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
