"""Run or resume one stage of a recipe: `python -m rushes.training.run nano --stage tokenizer --out runs/nano`.

Stages in order: tokenizer, latents, image, video, export. The folder says what is done; the same command goes on.
`decoder`, at any time after tokenizer, trains the decoder further for the same latents. `readout` trains the network
that scores the model and is the critic's eyes; it needs none of the others.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from dataclasses import replace
from pathlib import Path

import torch

from rushes.training.denoiser_stage import finished, train_denoiser
from rushes.training.latents import write_latents
from rushes.training.loop import LoopConfig
from rushes.training.readout_stage import train_readout
from rushes.training.recipe import Recipe, export
from rushes.training.tokenizer_stage import load_tokenizer, train_decoder, train_tokenizer

STAGES = ("tokenizer", "latents", "image", "video", "decoder", "readout", "export")


def find_recipe(name: str) -> Recipe:
    """The recipe of a module of ours ("nano") or of anyone's ("mine.recipe"): what its function `recipe()` returns."""
    module = name if "." in name else f"rushes.recipes.{name}"
    try:
        found: Recipe = importlib.import_module(module).recipe()
    except ModuleNotFoundError as error:
        if error.name != module:
            raise
        raise ValueError(f"there is no recipe {name!r}; name one of rushes.recipes, e.g. tiny or nano") from error
    return found


def timed(loop: LoopConfig, minutes: float | None, steps: int | None) -> LoopConfig:
    """`loop` with another length, where one is given."""
    if minutes is None and steps is None:
        return loop
    return replace(loop, minutes=minutes, steps=steps)


def run_stage(recipe: Recipe, stage: str, folder: Path, minutes: float | None = None, steps: int | None = None) -> bool:
    """Run or resume one stage of `recipe` in `folder`; True when it is finished. ValueError for an unknown stage."""
    if stage == "latents":
        cache_latents(recipe, folder)
        return True
    if stage == "export":
        export(recipe, folder, folder / "weights")
        return True
    if stage == "readout":
        if recipe.readout_stage is None or recipe.world is None:
            raise ValueError(f"the recipe {recipe.name!r} has no read-out; its data is not of a world of the backlot")
        eyes = recipe.readout_stage
        eyes = replace(eyes, loop=timed(eyes.loop, minutes, steps))
        return train_readout(eyes, recipe.world, folder / "readout")
    if stage == "tokenizer":
        settings = recipe.tokenizer_stage
        settings = replace(settings, loop=timed(settings.loop, minutes, steps))
        return train_tokenizer(settings, recipe.tokenizer, recipe.source, folder / "tokenizer")
    if stage == "decoder":
        settings = recipe.decoder_stage
        settings = replace(settings, loop=timed(settings.loop, minutes, steps))
        finished(folder / "tokenizer")
        return train_decoder(settings, recipe.tokenizer, recipe.source, folder / "tokenizer", folder / "decoder")
    if stage not in ("image", "video"):
        raise ValueError(f"there is no stage {stage!r}; choose one of: {', '.join(STAGES)}")
    chosen = recipe.image_stage if stage == "image" else recipe.video_stage
    return train_denoiser(
        replace(chosen, loop=timed(chosen.loop, minutes, steps)),
        recipe.denoiser,
        recipe.full_text(),
        load_tokenizer(recipe.tokenizer, folder / "tokenizer"),
        recipe.source,
        folder / "latents",
        folder / stage,
        start=folder / "image" if stage == "video" else None,
    )


def cache_latents(
    recipe: Recipe,
    folder: Path,
    *,
    frames: int | None = None,
    clips: int | None = None,
    worker: int = 0,
    workers: int = 1,
    minutes: float | None = None,
) -> None:
    """Fill the caches of a recipe, or the one of `frames`, up to `clips` clips."""
    tokenizer = load_tokenizer(recipe.tokenizer, folder / "tokenizer")
    for length, count in recipe.cached:
        if frames in (None, length):
            write_latents(
                tokenizer,
                recipe.source,
                folder / "latents" / str(length),
                frames=length,
                clips=clips or count,
                worker=worker,
                workers=workers,
                minutes=minutes,
                progress=lambda done, total, length=length: print(f"{length} frames: shard {done} of {total}"),  # type: ignore[misc]
            )


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rushes.training.run", description=__doc__)
    parser.add_argument("recipe", help="tiny, nano, or the module of a recipe of your own")
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; what is in it is taken up")
    parser.add_argument("--minutes", type=float, help="length of the stage by the clock")
    parser.add_argument("--steps", type=int, help="length of a training stage in steps (repeatable to the bit)")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of torch")
    parser.add_argument("--frames", type=int, help="latents: only the cache of clips this long")
    parser.add_argument("--clips", type=int, help="latents: clips in the cache")
    parser.add_argument("--worker", default="0/1", help="latents: i/n, this process makes every n-th shard from i")
    parser.add_argument("--weights", type=Path, help="export: folder to write (default: OUT/weights)")
    parser.add_argument("--of", choices=("image", "video"), default="video", help="export: stage to take")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    try:
        recipe = find_recipe(given.recipe)
        if given.stage == "export":
            export(recipe, given.out, given.weights or given.out / "weights", stage=given.of)
            return 0
        if given.stage == "latents":
            worker, workers = (int(part) for part in given.worker.split("/"))
            cache_latents(
                recipe,
                given.out,
                frames=given.frames,
                clips=given.clips,
                worker=worker,
                workers=workers,
                minutes=given.minutes,
            )
            return 0
        return 0 if run_stage(recipe, given.stage, given.out, given.minutes, given.steps) else 130
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
