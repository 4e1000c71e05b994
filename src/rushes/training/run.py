"""Run or resume stages of a recipe: `python -m rushes.training.run nano --stage tokenizer --out runs/nano`.

Stages in order: tokenizer, latents, image, video, distil, export. The folder says what is done; the same command goes
on. `decoder`, at any time after tokenizer, trains the decoder further for the same latents. `readout` trains the
network that scores the model and is the critic's eyes; it needs none of the others.
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import torch

from rushes.training import distributed
from rushes.training.checkpoint import finished
from rushes.training.denoiser_stage import train_denoiser
from rushes.training.distil_stage import train_distil
from rushes.training.lanes import end_with_parent, run_lanes
from rushes.training.latents import fill_cache, write_latents
from rushes.training.ledger import record
from rushes.training.readout_stage import train_readout
from rushes.training.recipe import Recipe, export
from rushes.training.tokenizer_stage import load_tokenizer, train_decoder, train_tokenizer

RECIPES = "rushes.recipes"  # the package of ours; the only thing that training names of it
STAGES = ("tokenizer", "latents", "image", "video", "distil", "decoder", "readout", "export")
LANES = (("image", "video", "distil"), ("readout", "decoder"))  # what may train side by side


def find_recipe(name: str) -> Recipe:
    """The recipe of a module of ours ("nano") or of anyone's ("mine.recipe"): what its function `recipe()` returns.

    Modules of others are looked for in the folder where the command is given, too, as `python -m` does.
    """
    module = name if "." in name else f"{RECIPES}.{name}"
    if os.getcwd() not in sys.path:
        sys.path.append(os.getcwd())
    ours = ", ".join(sorted(one.name for one in pkgutil.iter_modules(importlib.import_module(RECIPES).__path__)))
    way_out = f"name one of {ours}, or a module of your own as in `mine.recipe`, which is the file mine/recipe.py"
    if not all(part.isidentifier() for part in module.split(".")):
        raise ValueError(f"{name!r} can't be the name of a recipe; {way_out}")
    try:
        described = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise  # it is there, but what it imports is not
        raise ValueError(f"there is no recipe {name!r}; {way_out}") from error
    if not hasattr(described, "recipe"):
        raise ValueError(f"the module {module!r} has no function `recipe`; let it return a Recipe")
    found: Recipe = described.recipe()
    return found


def check_lengths(minutes: float | None, steps: int | None, clips: int | None) -> None:
    """ValueError for lengths that train nothing, or two that say the same."""
    for option, value in (("--minutes", minutes), ("--steps", steps), ("--clips", clips)):
        if value is not None and not value > 0:
            raise ValueError(f"{option} {value} leaves nothing to do; give more than 0")
    if minutes is not None and steps is not None:
        raise ValueError(f"--minutes {minutes} and --steps {steps} both say how long a stage is; give one of them")


def stages_of(recipe: Recipe) -> list[str]:
    """The stages that a recipe has, in order."""
    absent = {"readout": recipe.readout_stage is None, "distil": recipe.distil_stage is None}
    return [stage for stage in STAGES if not absent.get(stage)]


def run_recipe(
    name: str,
    folder: Path,
    *,
    threads: int,
    minutes: float | None = None,
    steps: int | None = None,
    clips: int | None = None,
) -> bool:
    """Run or resume all stages of a recipe, side by side where LANES allows it; True when all are finished.

    Stages have processes of their own: OpenMP's threads spin while they wait and would take a core from the others.
    """
    check_lengths(minutes, steps, clips)
    if int(os.environ.get("WORLD_SIZE", "1")) > 1:
        raise ValueError("torchrun trains one stage at a time; name it with --stage")
    stages = stages_of(find_recipe(name))
    lanes = [[stage for stage in lane if stage in stages] for lane in LANES]
    apart = {stage for lane in lanes for stage in lane}
    before = [stage for stage in stages[:-1] if stage not in apart]
    lengths = (("--minutes", minutes), ("--steps", steps), ("--clips", clips))
    options = [text for key, value in lengths if value is not None for text in (key, str(value))]
    return (
        run_lanes(name, [before], folder, [*options, "--threads", str(threads)])
        and run_lanes(name, lanes, folder, [*options, "--threads", str(max(1, threads // len(lanes)))])
        and run_lanes(name, [stages[-1:]], folder)
    )


def run_stage(
    recipe: Recipe,
    stage: str,
    folder: Path,
    minutes: float | None = None,
    steps: int | None = None,
    clips: int | None = None,
) -> bool:
    """Run or resume one stage of `recipe` in `folder`; True when it is finished. ValueError for an unknown stage.

    `minutes` or `steps` replace the length of a training, `clips` the size of each cache of latents.
    """
    if stage not in STAGES:
        raise ValueError(f"there is no stage {stage!r}; choose one of: {', '.join(STAGES)}")
    check_lengths(minutes, steps, clips)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder} is a file; name a folder for the run with --out")
    with record(recipe, stage, folder, minutes=minutes, steps=steps) as entry:
        entry.finished = _run(recipe, stage, folder, partial(timed, minutes=minutes, steps=steps), clips)
    return entry.finished


def _run(recipe: Recipe, stage: str, folder: Path, as_long: Callable[[Any], Any], clips: int | None) -> bool:
    distributed.join(distributed.choose_device())
    source, first = recipe.source, folder / "tokenizer"
    if hasattr(source, "device"):
        source = replace(source, device=str(distributed.choose_device()))  # type: ignore[type-var]
    if stage == "latents":
        cache_latents(recipe, folder, clips=clips)
        return True
    if stage == "export":
        if distributed.rank() == 0:
            export(recipe, folder, folder / "weights")
        distributed.wait()
        return True
    if stage == "readout":
        if recipe.readout_stage is None or recipe.world is None:
            raise ValueError(f"the recipe {recipe.name!r} has no read-out; its data is not of a world of the backlot")
        return train_readout(as_long(recipe.readout_stage), recipe.world, folder / "readout")
    if stage == "tokenizer":
        return train_tokenizer(as_long(recipe.tokenizer_stage), recipe.tokenizer, source, first)
    if stage == "decoder":
        return train_decoder(as_long(recipe.decoder_stage), recipe.tokenizer, source, first, folder / "decoder")
    tokenizer = load_tokenizer(recipe.tokenizer, finished(first).parent)
    network = (recipe.denoiser, recipe.full_text(), tokenizer, source)
    latents = folder / "latents" if recipe.cached else None
    if stage == "image":
        return train_denoiser(as_long(recipe.image_stage), *network, latents, folder / "image")
    if stage == "video":
        return train_denoiser(as_long(recipe.video_stage), *network, latents, folder / "video", start=folder / "image")
    if recipe.distil_stage is None:
        raise ValueError(f"the recipe {recipe.name!r} has no stage `distil`; give it a DistilStage")
    if latents is None:
        raise ValueError(f"the recipe {recipe.name!r} caches no latents, which the stage `distil` needs; name some")
    return train_distil(as_long(recipe.distil_stage), *network, latents, folder / "video", folder / "distil")


def timed(stage: Any, minutes: float | None, steps: int | None) -> Any:
    """A stage with another length, where one is given."""
    if minutes is None and steps is None:
        return stage
    return replace(stage, loop=replace(stage.loop, minutes=minutes, steps=steps))


def cache_latents(recipe: Recipe, folder: Path, *, clips: int | None = None) -> None:
    """Fill the caches of a recipe, each up to `clips` clips where that is given.

    One process does it with as many workers as torch has threads, on a GPU alone; those of torchrun share the shards.
    """
    tokenizer = load_tokenizer(recipe.tokenizer, finished(folder / "tokenizer").parent)
    device, rank, size = distributed.choose_device(), distributed.rank(), distributed.size()
    for frames, count in recipe.cached:
        what = (tokenizer, recipe.source, folder / "latents" / str(frames))
        if size > 1:
            write_latents(*what, frames=frames, clips=clips or count, worker=rank, workers=size, device=str(device))
            distributed.wait()
        else:
            workers = torch.get_num_threads() if device.type == "cpu" else 1
            fill_cache(*what, frames=frames, clips=clips or count, workers=workers, device=str(device))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rushes.training.run", description=__doc__)
    parser.add_argument("recipe", help="tiny, nano, mini, or the module of a recipe of your own")
    parser.add_argument("--stage", choices=STAGES, required=True, nargs="+", help="one, or several in order")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; what is in it is taken up")
    parser.add_argument("--minutes", type=float, help="length of the stage by the clock")
    parser.add_argument("--steps", type=int, help="length of a training stage in steps (repeatable to the bit)")
    parser.add_argument("--clips", type=int, help="latents: clips in each cache")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of torch")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    end_with_parent()
    try:
        recipe = find_recipe(given.recipe)
        for stage in given.stage:
            if not run_stage(recipe, stage, given.out, given.minutes, given.steps, given.clips):
                return 130
        return 0
    except (ValueError, OSError, FloatingPointError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
