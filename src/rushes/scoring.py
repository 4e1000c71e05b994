"""Scores of weights, wired: model and read-out from `generate`, the evaluation from `training`, files written."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from rushes.generate.native import Native, load_native
from rushes.generate.reading import load_reader
from rushes.training.card import SCORES
from rushes.training.eval_page import write_page
from rushes.training.evaluate import Scores, evaluate


def score(
    model: str,
    weights: Path | None,
    out: Path,
    *,
    count: int,
    seed: int = 0,
    steps: int | None = None,
    page: Path | None = None,
    console: Console,
) -> tuple[Native, Scores]:
    """Score a shipped model, or the one in the folder `weights`; writes scores.json, sheet.png and page.html to `out`.

    `console` gets a bar. ValueError for a count or steps that make no sense, and for a model not of the backlot.
    """
    if count < 1:
        raise ValueError(f"{count} prompts score nothing; give 1 or more")
    if steps is not None and not 1 <= steps <= 100:
        raise ValueError(f"{steps} steps can't be taken; give 1 to 100")
    native, reader = load_native(model, weights), load_reader(model, weights)
    name, info, world = native.capabilities.name, native.model.info, native.capabilities.world
    if world is None:
        raise ValueError(f"{name} does not name its world; only models of the backlot can be scored")
    out.mkdir(parents=True, exist_ok=True)
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("clips", total=count)
        scores = evaluate(
            native.shoot if steps is None else partial(native.shoot, steps=steps),
            native.redraw,
            reader.module,
            world,
            fps=info.fps,
            count=count,
            seed=seed,
            sheet=out / "sheet.png",
            progress=lambda done: bar.update(task, completed=done),
        )
    (out / SCORES).write_text(scores.to_json())
    sampling = f"{steps or info.steps} steps of sampling, seeds from {seed}."
    write_page(page or out / "page.html", name, scores, fps=info.fps, sampling=sampling)
    return native, scores
