"""The model card that a run writes of itself."""

import json
import shutil
from dataclasses import asdict
from importlib.resources import files
from pathlib import Path

from rushes.recipes.nano import recipe
from rushes.training.card import write_card
from rushes.training.curves import append_log

SHIPPED = Path(str(files("rushes.weights") / "nano"))


def test_a_card_says_what_the_folders_hold(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    shutil.copytree(SHIPPED, weights)
    (tmp_path / "video").mkdir()
    append_log(tmp_path / "video" / "log.jsonl", {"step": 1234, "seconds": 90.0, "loss": 0.4321})
    path = write_card(recipe(), tmp_path, weights)
    card, config = path.read_text(), json.loads((weights / "config.json").read_text())
    assert path == weights / "README.md"
    assert "| video | 1,234 | 1.5 | 0.4321 |" in card and config["info"]["commit"] in card
    for names in ("kinds", "colors", "sets", "motions"):
        assert ", ".join(asdict(recipe().source)["world"][names]) in card  # type: ignore[call-overload]
    for row in json.loads((weights / "scores.json").read_text())["questions"].values():
        assert f"{row['drawn']:.1%}" in card


def test_a_card_without_scores_claims_none(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    shutil.copytree(SHIPPED, weights, ignore=shutil.ignore_patterns("scores.json"))
    assert "## Scores" not in write_card(recipe(), tmp_path, weights).read_text()


def test_figures_that_too_few_clips_leave_open(tmp_path: Path) -> None:
    weights = tmp_path / "weights"
    shutil.copytree(SHIPPED, weights)
    scores = json.loads((weights / "scores.json").read_text())
    row = next(iter(scores["measures"].values()))
    row |= {"drawn": None, "interval_95": [None, None], "read_out_on_true_clips": None}
    (weights / "scores.json").write_text(json.dumps(scores))
    assert "| - | - to - |" in write_card(recipe(), tmp_path, weights).read_text()
