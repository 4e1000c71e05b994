"""The model card of exported weights, written from what lies in the folders: configuration, logs of the run, scores."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from safetensors import safe_open

from rushes.model.weights import CONFIG, TENSORS
from rushes.training.curves import read_log
from rushes.training.recipe import Recipe
from rushes.training.run import stages_of

CARD, SCORES = "README.md", "scores.json"


def write_card(recipe: Recipe, folder: Path, weights: Path) -> Path:
    """Write README.md into `weights`, what the stage `export` made of the run in `folder`, and return its path.

    Scores are those of scores.json beside the weights, if they were taken (`rushes eval`).
    """
    config = json.loads((weights / CONFIG).read_text())
    scores = json.loads((weights / SCORES).read_text()) if (weights / SCORES).exists() else None
    parts = [_head(recipe, config, weights), _data(recipe, config), _training(recipe, folder)]
    if scores:
        parts.insert(2, _scores(scores))
    path = weights / CARD
    path.write_text("\n".join(parts))
    return path


def _head(recipe: Recipe, config: dict[str, Any], weights: Path) -> str:
    info, text = config["info"], config["text"]
    with safe_open(weights / TENSORS, framework="pt") as file:
        sizes = {name: math.prod(file.get_slice(name).get_shape()) for name in file.keys()}
    decoder = sum(n for name, n in sizes.items() if name.startswith("tokenizer.decoder."))
    denoiser = sum(n for name, n in sizes.items() if name.startswith("denoiser."))
    files = sorted(path for path in weights.iterdir() if path.name != CARD)
    size = sum(path.stat().st_size for path in files) / 1e6
    guided = f", guidance {info['guidance']:g}" if info["guidance"] != 1 else ", no guidance"
    shape = f"{info['frames'] / info['fps']:.1f} seconds at {info['fps']:g} frames a second"
    also = "; it also makes pictures, and takes a first frame" if info["image_to_video"] else ""
    width, layers, words = recipe.denoiser.width, recipe.denoiser.layers, len(text["vocabulary"])
    return f"""# {info["name"]}

A text-to-video model trained from nothing on pictures that this project draws itself.
It makes {shape}, {info["width"]}x{info["height"]} pixels{also}.

| | |
|---|---|
| files | {", ".join(f"`{path.name}`" for path in files)}; tensors in float16, {size:.1f} MB in all |
| tokenizer | {recipe.tokenizer.latent_channels} channels; decoder of {decoder / 1e6:.1f}M parameters |
| denoiser | transformer, width {width}, {layers} layers; {denoiser / 1e6:.1f}M parameters with its {words} words |
| sampling | {info["steps"]} steps, shift {info["shift"]:g}{guided} |
| seed | {info["seed"]} |
| commit of the code | {info["commit"]} |
| licence | Apache-2.0, as the code; there is no third-party data or weight in it |
"""


def _data(recipe: Recipe, config: dict[str, Any]) -> str:
    cached = ", ".join(f"{count:,} {'pictures' if n == 1 else f'clips of {n} frames'}" for n, count in recipe.cached)
    text = f"\n## Data\nIn the caches of latents: {cached}. The decoder saw clips drawn as it went.\n"
    world = config["info"]["world"]
    if not world:
        return text
    lists = "\n".join(
        f"- {what}: {', '.join(world[key])}"
        for what, key in (
            ("kinds", "kinds"),
            ("colours", "colors"),
            ("sets", "sets"),
            ("lights", "lights"),
            ("weathers", "weathers"),
            ("motions", "motions"),
            ("camera", "camera_moves"),
        )
    )
    return f"""{text}Scenes of `rushes.backlot.world` with the captions of `rushes.backlot.captions`.
Up to {world["max_cast"]} in a scene. One combination of kind, colour, set and motion in twelve is held out by hash
and never trained on.

{lists}
"""


def _scores(scores: dict[str, Any]) -> str:
    rows = [_row(name, row, "{:.1%}") for name, row in scores["questions"].items()]
    rows += [_row(f"{name}, {row['unit']}", row, "{:.3g}") for name, row in scores.get("measures", {}).items()]
    table = "\n".join(rows)
    return f"""
## Scores
{scores["prompts"]} held-out prompts: what a read-out sees in the drawn clips against what was asked. Beside it what the
same read-out says of the true clips, and of those through the tokenizer and back. It is kinder than the eye.

| question | drawn | 95% interval | of | on true clips | through the tokenizer |
|---|---|---|---|---|---|
{table}
"""


def _row(name: str, row: dict[str, Any], shape: str) -> str:
    """A line of the table; what too few clips leave open is a dash."""

    def said(value: float | None) -> str:
        return "-" if value is None else shape.format(value)

    low, high = row["interval_95"]
    figures = (
        said(row["drawn"]),
        f"{said(low)} to {said(high)}",
        row["of"],
        said(row["read_out_on_true_clips"]),
        said(row["read_out_through_the_tokenizer"]),
    )
    return "| " + " | ".join([name, *map(str, figures)]) + " |"


def _training(recipe: Recipe, folder: Path) -> str:
    rows = []
    for stage in stages_of(recipe):
        log = read_log(folder / stage / "log.jsonl")
        if log:
            last = log[-1]
            rows.append(f"| {stage} | {last['step']:,} | {last['seconds'] / 60:.1f} | {last['loss']:.4g} |")
    return "\n".join(
        [
            f"\n## Training\nThe recipe `{recipe.name}` from random weights, stage by stage:\n",
            "| stage | steps | minutes | loss at the end |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )
