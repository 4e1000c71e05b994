"""`python -m rushes.training.run nano --stage tokenizer --minutes 25 --out runs/nano`: run or resume a stage."""

from __future__ import annotations

import argparse
import importlib
import sys
from dataclasses import replace
from pathlib import Path

import torch

from rushes.training.loop import LoopConfig
from rushes.training.recipe import Recipe
from rushes.training.tokenizer_stage import train_tokenizer

STAGES = ("tokenizer",)


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
    """Run or resume one stage of `recipe` in `folder`; True when it is finished."""
    if stage == "tokenizer":
        settings = recipe.tokenizer_stage
        settings = replace(settings, loop=timed(settings.loop, minutes, steps))
        return train_tokenizer(settings, recipe.tokenizer, recipe.source, folder / "tokenizer")
    raise ValueError(f"there is no stage {stage!r}; choose one of: {', '.join(STAGES)}")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m rushes.training.run", description=__doc__)
    parser.add_argument("recipe", help="tiny, nano, or the module of a recipe of your own")
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--minutes", type=float, help="length of the stage by the clock")
    parser.add_argument("--steps", type=int, help="length of the stage in steps (repeatable to the bit)")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run; what is in it is taken up")
    parser.add_argument("--threads", type=int, default=1, help="CPU threads of torch")
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    try:
        return 0 if run_stage(find_recipe(given.recipe), given.stage, given.out, given.minutes, given.steps) else 130
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
