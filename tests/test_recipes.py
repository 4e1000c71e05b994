"""The recipes that need a GPU, as far as one can go without: built, described, planned."""

from importlib import import_module

import pytest

from rushes.model.conditioned import ConditionedDenoiser
from rushes.model.tokenizer import latent_frames
from rushes.training.dry_run import dry_run
from rushes.training.prices import Assumptions
from rushes.training.run import stages_of


@pytest.mark.parametrize("name", ["tiny", "nano", "rehearsal", "mini", "base"])
def test_a_recipe_fits_together(name: str) -> None:
    recipe = import_module(f"rushes.recipes.{name}").recipe()
    assert recipe.name == name and stages_of(recipe)[-1] == "export"
    source, tokenizer = recipe.source, recipe.tokenizer
    assert latent_frames(source.frames, tokenizer.time) > 1
    assert source.height % (tokenizer.cell * recipe.denoiser.patch) == 0
    assert source.width % (tokenizer.cell * recipe.denoiser.patch) == 0
    assert recipe.denoiser.channels == tokenizer.latent_channels
    shown = {frames for stage in (recipe.image_stage, recipe.video_stage) for frames, _ in stage.shapes}
    assert shown <= {frames for frames, _ in recipe.cached}, "a stage asks for clips that are not cached"


def test_mini_ships_in_40_megabytes() -> None:
    recipe = import_module("rushes.recipes.mini").recipe()
    module = ConditionedDenoiser(recipe.denoiser, recipe.full_text())
    assert 2 * sum(p.numel() for p in module.parameters()) < 33e6  # bytes in float16; the decoder takes 7 MB


def test_base_is_about_a_billion() -> None:
    recipe = import_module("rushes.recipes.base").recipe()
    described = dry_run(recipe, 8, Assumptions(())).as_dict()
    assert 0.8e9 < described["parameters"]["denoiser"] < 1.4e9
