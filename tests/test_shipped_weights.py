"""What is shipped: whole, safe, small, described, and good for what it says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

import rushes.weights
from rushes.backlot.world import NANO
from rushes.generate.native import Native, load_native
from rushes.generate.protocol import Request
from rushes.generate.reading import load_reader
from rushes.training.evaluate import evaluate

FOLDER = Path(rushes.weights.__file__).parent / "nano"


@pytest.fixture(scope="module")
def nano() -> Native:
    return load_native("nano")


def test_files_are_safe_small_and_described() -> None:
    files = {path.name for path in FOLDER.iterdir()}
    assert files == {"model.safetensors", "readout.safetensors", "config.json", "scores.json", "README.md"}
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 40_000_000
    card = (FOLDER / "README.md").read_text()
    info = json.loads((FOLDER / "config.json").read_text())["info"]
    assert info["commit"] != "unknown" and info["commit"][:7] in card
    for word in ("seed", "data", "read-out", "licence", "limits"):
        assert word in card.lower(), f"the model card says nothing of {word}"
    scores = json.loads((FOLDER / "scores.json").read_text())
    for row in scores.get("questions", scores).values():
        assert f"{row['drawn']:.1%}" in card, "the model card's scores are not those of scores.json"


def test_it_knows_the_world_that_the_planner_is_told(nano: Native) -> None:
    assert nano.capabilities.world == NANO
    assert nano.capabilities.tasks == ("text_to_image", "text_to_video", "image_to_video")


def test_every_word_of_its_world_is_known_to_it(nano: Native) -> None:
    for kind in NANO.kinds:
        for motion in ("stands still", "jumps up and down"):
            request = Request(
                prompt=f"A red {kind} {motion} in the middle in a green meadow by day.",
                seconds=2.0,
                width=224,
                height=128,
                fps=8,
                seed=0,
            )
            nano.check(request)


def test_it_draws_what_is_asked(nano: Native) -> None:
    """Far above chance on a few prompts; the figures themselves come from `rushes eval`."""
    scores = evaluate(nano.shoot, nano.redraw, load_reader("nano").module, NANO, fps=8, count=12, batch=12)
    assert scores.drawn["set"].value >= 0.75 and scores.drawn["light"].value >= 0.75
    assert scores.drawn["color"].value >= 0.5
    assert scores.true["kind"].value >= 0.9


def test_one_clip_depends_on_its_own_seed_alone(nano: Native) -> None:
    prompts = ["A red car stands still in the middle in a city street by day."] * 2
    both, second = nano.shoot(prompts, 5), nano.shoot(prompts[:1], 6)
    assert (both[0] - both[1]).abs().mean() > 0.01
    torch.testing.assert_close(both[1], second[0], atol=0.1, rtol=0.1)
