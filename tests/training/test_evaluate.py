"""Scores of models whose faults are known, with a read-out trained for seconds."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from rushes.backlot.captions import dense_caption
from rushes.backlot.draw.renderer import render
from rushes.backlot.world import NANO
from rushes.model.readout import ReadOut, ReadOutConfig
from rushes.model.readout_weights import READOUT, load_readout_file, save_readout
from rushes.terminal import scores_table
from rushes.training.eval_page import write_page
from rushes.training.evaluate import Scores, evaluate, held_out_scenes
from rushes.training.figures import Mean, Share
from rushes.training.loop import LoopConfig
from rushes.training.optimiser import OptimiserConfig
from rushes.training.questions import UNASKED, answer_indices
from rushes.training.readout_stage import ReadOutStage, accuracy, load_readout, train_readout

WORLD = replace(NANO, kinds=("balloon", "apple", "tree"), sets=("snowfield", "city"), motions=("stand", "walk", "fall"))
SMALL = ReadOutConfig(answers=(), height=32, width=64, frames=5, channels=(16, 24, 32), features=48, look=32)
LOOP = LoopConfig(steps=100, bf16=False, ema=0.9, optimiser=OptimiserConfig(lr=3e-3, warmup=5, decay=0.8))
STAGE = ReadOutStage(loop=LOOP, network=SMALL, clips=128, batch=16)
SIZE = {"fps": 8.0, "width": 64, "height": 32}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.set_num_threads(1)
    path = tmp_path_factory.mktemp("readout")
    assert train_readout(STAGE, WORLD, path)
    return path


@pytest.fixture(scope="module")
def readout(folder: Path) -> ReadOut:
    return load_readout(WORLD, folder)


def shoot_truth(prompts: list[str], seed: int) -> torch.Tensor:
    """A model without fault: it draws the scenes that were captioned so, which begin at `seed`."""
    scenes = held_out_scenes(WORLD, len(prompts), first=seed)
    assert [dense_caption(scene) for scene in scenes] == prompts
    return render(scenes, **SIZE)


def shoot_first(prompts: list[str], seed: int) -> torch.Tensor:
    """A model that draws the same clip whatever is asked."""
    return render(held_out_scenes(WORLD, 1), **SIZE).expand(len(prompts), -1, -1, -1, -1)


def judge(shoot, readout: ReadOut) -> Scores:
    return evaluate(shoot, lambda video: video.flip(-1), readout, WORLD, fps=8, count=20, batch=10)


@pytest.fixture(scope="module")
def perfect(readout: ReadOut) -> Scores:
    return judge(shoot_truth, readout)


def test_seconds_teach_where_and_what(readout: ReadOut, perfect: Scores) -> None:
    own = perfect.measures["true"]
    assert own["position"].value < 6 and own["in sight"].value > 80
    assert own["kind in each frame"].value > 60
    assert accuracy(readout, WORLD, 8.0, count=40)["set"] > 0.8


def test_who_draws_the_truth_scores_as_the_truth(perfect: Scores) -> None:
    assert perfect.drawn == perfect.true
    assert perfect.measures["drawn"] == perfect.measures["true"]
    assert perfect.frechet["drawn"] == perfect.frechet["true"]
    assert perfect.frechet["redrawn"] != perfect.frechet["true"]


def test_who_ignores_the_prompt_is_found_out(readout: ReadOut, perfect: Scores) -> None:
    scores = judge(shoot_first, readout)
    assert scores.drawn["kind"].value < perfect.drawn["kind"].value - 0.2
    assert scores.measures["drawn"]["position"].value > 2 * perfect.measures["drawn"]["position"].value
    assert scores.frechet["drawn"] > 2 * scores.frechet["true"]
    assert scores.worst[0].score < scores.best[0].score and scores.worst[0].wrong


def test_a_blurred_model_is_found_out(readout: ReadOut, perfect: Scores) -> None:
    """Its clips may be named right: a cloud is named after what it resembles."""

    def shoot(prompts: list[str], seed: int) -> torch.Tensor:
        clips = shoot_truth(prompts, seed)
        return torch.nn.functional.avg_pool2d(clips.flatten(0, 1), 7, 1, 3).view_as(clips)

    assert perfect.measures["drawn"]["detail"].value == pytest.approx(100)
    assert judge(shoot, readout).measures["drawn"]["detail"].value < 50


def test_the_redrawn_are_measured_beside(perfect: Scores) -> None:
    """The "tokenizer" of this test mirrors clips: places are wrong, sets are not."""
    assert perfect.measures["redrawn"]["position"].value > perfect.measures["true"]["position"].value
    assert perfect.redrawn["set"].value == pytest.approx(perfect.true["set"].value, abs=0.2)


def test_machines_can_read_the_scores(perfect: Scores) -> None:
    read = json.loads(perfect.to_json())
    assert read["prompts"] == 20
    kind = read["questions"]["kind"]
    assert kind["interval_95"][0] <= kind["drawn"] <= kind["interval_95"][1] and kind["of"] == 20
    assert read["measures"]["position"]["unit"] == "% of the width"
    assert set(read["frechet_in_read_out_features"]) == {"drawn", "true", "redrawn"}


def test_the_page_needs_nothing_else(perfect: Scores, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    write_page(page, "perfect <model>", perfect, fps=8)
    text = page.read_text()
    assert page.stat().st_size < 5_000_000 and "perfect &lt;model&gt;" in text
    assert not re.search(r"(?:src|href)=\"(?!data:)", text) and "http" not in text and "@import" not in text
    assert text.count("data:image/webp;base64,") == 2 * 12
    assert scores_table("perfect", perfect).row_count >= 10


def test_a_resumed_training_keeps_its_clips(folder: Path) -> None:
    before = (folder / "clips.npy").stat().st_mtime_ns
    assert train_readout(STAGE, WORLD, folder)
    assert (folder / "clips.npy").stat().st_mtime_ns == before


def test_it_is_shipped_with_its_places(readout: ReadOut, tmp_path: Path) -> None:
    save_readout(tmp_path / READOUT, readout, name="eyes", notes={})
    loaded, name = load_readout_file(tmp_path / READOUT)
    assert (loaded.config, name) == (readout.config, "eyes")
    video = shoot_truth([dense_caption(held_out_scenes(WORLD, 1)[0])], 0)
    with torch.no_grad():
        torch.testing.assert_close(
            loaded.locate(loaded.shrink(video)).box, readout.locate(readout.shrink(video)).box, atol=0.01, rtol=0.01
        )


def test_a_read_out_without_places_scores_what_it_can() -> None:
    torch.manual_seed(0)
    answers = (("kind", WORLD.kinds), ("set", WORLD.sets))
    scores = judge(shoot_truth, ReadOut(replace(SMALL, answers=answers, places=0)).eval())
    assert set(scores.drawn) == {"kind", "set"} and set(scores.measures["drawn"]) == {"detail"}
    assert [name for name, _, _ in scores.rows()] == ["kind", "set", "detail"]


def test_answers_that_a_scene_does_not_decide_are_not_scored(perfect: Scores, readout: ReadOut) -> None:
    scenes = held_out_scenes(WORLD, 20)
    column = [name for name, _ in readout.config.answers].index("heading")
    assert perfect.drawn["heading"].of == int((answer_indices(scenes, readout.config)[:, column] != UNASKED).sum()) < 20


def test_intervals() -> None:
    low, high = Share(right=90, of=100).interval()
    assert (low, high) == pytest.approx((0.8256, 0.9448), abs=1e-3)
    values = np.random.default_rng(0).normal(5, 1, 400)
    low, high = Mean(tuple(values)).interval()
    assert low < values.mean() < high and high - low == pytest.approx(2 * 1.96 / 20, rel=0.15)
    assert np.isnan(Mean((1.0,)).interval()).all()


def test_with_two_actors_each_place_is_asked(tmp_path: Path) -> None:
    two = replace(
        WORLD, max_cast=2, sizes=(0.3, 0.5), places=(), weathers=("clear", "rain"), camera_moves=("still", "zoom_in")
    )
    stage = replace(STAGE, loop=replace(LOOP, steps=2), clips=16)
    assert train_readout(stage, two, tmp_path)
    readout = load_readout(two, tmp_path)
    assert readout.config.places == 2
    scenes = held_out_scenes(two, 16)
    scores = evaluate(lambda *_: render(scenes, **SIZE), lambda v: v, readout, two, fps=8, count=16, batch=16)
    asked = {name for name, _, _ in scores.rows()}
    assert {"kind", "kind 2", "motion 2", "weather", "camera", "count", "relation", "position"} <= asked
    assert scores.drawn["kind 2"].of == sum(len(scene.cast) == 2 for scene in scenes)
