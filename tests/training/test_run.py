"""What `rushes train` says to what can't be trained, and where it finds recipes."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from rushes.recipes import nano, tiny
from rushes.training.checkpoint import CheckpointError, read_header
from rushes.training.run import find_recipe, run_recipe, run_stage

OWN = """
from dataclasses import replace
from rushes.recipes import tiny

def recipe():
    return replace(tiny.recipe(), name="mine")
"""


def test_a_recipe_of_ones_own_lies_where_the_command_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own_recipes").mkdir()
    (tmp_path / "own_recipes" / "small.py").write_text(OWN)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.chdir(tmp_path)
    assert find_recipe("own_recipes.small").name == "mine"
    (tmp_path / "own_recipes" / "broken.py").write_text("import not_installed_at_all")
    with pytest.raises(ModuleNotFoundError, match="not_installed_at_all"):
        find_recipe("own_recipes.broken")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("nosuch", "one of base, mini, nano, rehearsal, tiny"),
        ("nosuch.recipe", "no recipe"),
        ("../x", "can't be the name"),
        ("nano.py", "no recipe"),
        ("", "can't be the name"),
        ("os.path", "no function `recipe`"),
    ],
)
def test_what_is_no_recipe(name: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        find_recipe(name)


@pytest.mark.parametrize(
    ("lengths", "said"),
    [
        ({"steps": 0}, "--steps 0"),
        ({"minutes": -1.0}, "--minutes -1"),
        ({"minutes": float("nan")}, "--minutes nan"),
        ({"clips": 0}, "--clips 0"),
        ({"steps": 2, "minutes": 1.0}, "one of them"),
    ],
)
def test_lengths_that_train_nothing(tmp_path: Path, lengths: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        run_recipe("tiny", tmp_path, threads=1, **lengths)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=said):
        run_stage(tiny.recipe(), "tokenizer", tmp_path, **lengths)  # type: ignore[arg-type]
    assert not any(tmp_path.iterdir())


def test_what_a_stage_needs_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="train the stage 'tokenizer' first"):
        run_stage(tiny.recipe(), "video", tmp_path / "run")
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="is a file"):
        run_stage(tiny.recipe(), "tokenizer", tmp_path / "file")


def test_no_stage_begins_with_half_of_the_one_before(tmp_path: Path) -> None:
    run_stage(tiny.recipe(), "tokenizer", tmp_path, steps=2)
    log = tmp_path / "tokenizer" / "log.jsonl"
    short = log.stat().st_size

    def interrupt() -> None:
        while log.stat().st_size <= short:
            time.sleep(0.01)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=interrupt).start()
    assert not run_stage(tiny.recipe(), "tokenizer", tmp_path, steps=100_000)
    for stage in ("latents", "image", "decoder"):
        with pytest.raises(CheckpointError, match="go on with --stage tokenizer"):
            run_stage(tiny.recipe(), stage, tmp_path, clips=128)
    step = read_header(tmp_path / "tokenizer" / "checkpoint.safetensors")["state"]["step"]
    assert run_stage(tiny.recipe(), "tokenizer", tmp_path, steps=step)
    assert run_stage(tiny.recipe(), "decoder", tmp_path, steps=1)


def test_the_folder_of_another_recipe(tmp_path: Path) -> None:
    run_stage(tiny.recipe(), "tokenizer", tmp_path, steps=1)
    with pytest.raises(CheckpointError, match="another model"):
        run_stage(nano.recipe(), "latents", tmp_path, clips=128)
