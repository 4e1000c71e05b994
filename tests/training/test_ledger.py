"""The ledger and the history: nothing is lost by several processes or a kill, and runs from before it appear."""

import json
import multiprocessing
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
import torch.nn as nn

from rushes import cli
from rushes.recipes.tiny import recipe as tiny
from rushes.training.curves import append_log, read_log, truncate_log
from rushes.training.evaluate import Scores
from rushes.training.figures import Share
from rushes.training.history import days, differences, find_run, previous, read_history
from rushes.training.ledger import LEDGER, append, plain, read_ledger, record
from rushes.training.loop import LoopConfig, open_run, train
from rushes.training.optimiser import OptimiserConfig

RECIPE = tiny()


def objective(module: Any, batch: torch.Tensor, generator: torch.Generator) -> dict[str, torch.Tensor]:
    return {"loss": (module(batch) - batch.sum(1, keepdim=True)).square().mean()}


def trained(folder: Path, steps: int) -> bool:
    """A true, small training in `folder`, with a look at samples now and then."""
    config = LoopConfig(steps=steps, bf16=False, log_every=2, sample_every=4, optimiser=OptimiserConfig(warmup=2))
    run = open_run(folder, nn.Linear(4, 1), config, {"commit": "abc", "recipe": "tiny"})
    return train(run, objective, lambda step: torch.randn(8, 4), config, callback=lambda _: None)


def recorded(run: Path, stage: str, steps: int, recipe: Any = RECIPE) -> None:
    with record(recipe, stage, run, steps=steps, price=36.0) as entry:
        entry.finished = trained(run / stage, steps)


def rows_of(folder: Path, first: int, last: int) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for step in range(first, last + 1):
        row = {"step": step, "seconds": step * 2.0, "loss": 1 / step, "waited": 0.5, "looked": 0.25}
        append_log(folder / "log.jsonl", row)


def in_another_process(work: Any, *arguments: Any) -> int | None:
    child = multiprocessing.get_context("fork").Process(target=work, args=arguments)
    child.start()
    child.join()
    return child.exitcode


def test_a_stage_leaves_all_that_could_explain_it(tmp_path: Path) -> None:
    recorded(tmp_path / "a", "video", 6)
    recorded(tmp_path / "a", "video", 10)  # longer: goes on where it was
    recorded(tmp_path / "a", "video", 10)  # nothing to do
    (run,) = read_history(tmp_path)
    first, second = run.sittings
    assert (run.name, run.recipe, run.stages) == ("a", "tiny", ["video"])
    assert [(s.status, s.steps, s.step) for s in run.sittings] == [("finished", 6, 6), ("finished", 4, 10)]
    assert first.config == json.loads(json.dumps(plain(RECIPE))) and first.config["source"]["class"] == "Squares"
    assert first.data == first.config["source"] and first.seed == 0 and first.length == {"minutes": None, "steps": 6}
    assert first.commit and first.device and first.threads == torch.get_num_threads() and first.config_hash
    rows = read_log(tmp_path / "a" / "video" / "log.jsonl")
    assert second.seconds["compute"] == pytest.approx(rows[-1]["seconds"] - rows[2]["seconds"], abs=0.02)
    assert second.seconds["data"] == pytest.approx(sum(row["waited"] for row in rows[3:]))
    assert second.seconds["evaluation"] == pytest.approx(sum(row["looked"] for row in rows[3:]))
    assert second.loss == pytest.approx(sum(row["loss"] for row in rows[3:]) / 2)
    assert first.seconds["other"] > 0 and first.cost == pytest.approx(first.wall / 100)
    (day,) = days([run])
    assert (day.iterations, day.runs, day.date) == (2, 1, second.ended[:10])


def test_a_kill_loses_nothing(tmp_path: Path) -> None:
    stage = tmp_path / "a" / "image"

    def killed() -> None:
        with record(RECIPE, "image", tmp_path / "a"):
            rows_of(stage, 1, 7)
            os.kill(os.getpid(), signal.SIGKILL)

    assert in_another_process(killed) == -signal.SIGKILL
    (sitting,) = read_history(tmp_path)[0].sittings
    assert (sitting.status, sitting.steps, sitting.recipe) == ("killed", 7, "tiny")
    assert sitting.seconds["compute"] == 14 and sitting.seconds["data"] == 3.5 and not sitting.is_iteration
    with record(RECIPE, "image", tmp_path / "a"):
        truncate_log(stage / "log.jsonl", 0)  # there was no checkpoint: training begins again, and its log does
        rows_of(stage, 1, 2)
        running = read_history(tmp_path)[0].sittings[1]
    assert (running.status, running.steps) == ("running", 2)
    both = read_history(tmp_path)[0].sittings
    assert [(s.status, s.steps) for s in both] == [("killed", 7), ("finished", 2)]
    assert both[0].seconds["compute"] == 14


def test_workers_of_one_stage_do_not_end_each_other(tmp_path: Path) -> None:
    with record(RECIPE, "latents", tmp_path / "a"), record(RECIPE, "latents", tmp_path / "a"):
        pass
    ended = [one["status"] for one in read_ledger(tmp_path / LEDGER) if one["event"] == "ended"]
    assert ended == ["finished", "finished"]


def test_processes_write_at_once(tmp_path: Path) -> None:
    def write(number: int) -> None:
        for index in range(25):
            append(tmp_path / LEDGER, {"event": "began", "id": f"{number}.{index}", "text": "x" * 20_000})

    children = [multiprocessing.get_context("fork").Process(target=write, args=(n,)) for n in range(4)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    assert {one["id"] for one in read_ledger(tmp_path / LEDGER)} == {f"{n}.{i}" for n in range(4) for i in range(25)}


def test_a_line_cut_short_harms_no_other(tmp_path: Path) -> None:
    append(tmp_path / LEDGER, {"event": "began", "id": "1"})
    with (tmp_path / LEDGER).open("a") as file:
        file.write('{"event": "began", "i')
    append(tmp_path / LEDGER, {"event": "began", "id": "2"})
    assert [one["id"] for one in read_ledger(tmp_path / LEDGER)] == ["1", "2"]


def test_how_a_sitting_ended(tmp_path: Path) -> None:
    with pytest.raises(FloatingPointError), record(RECIPE, "video", tmp_path / "bad"):
        rows_of(tmp_path / "bad" / "video", 1, 3)
        raise FloatingPointError("the loss of step 3 is nan")
    with record(RECIPE, "video", tmp_path / "early") as entry:
        rows_of(tmp_path / "early" / "video", 1, 3)
        entry.finished = False
    bad, early = (run.sittings[0] for run in read_history(tmp_path))
    assert bad.status == "failed" and bad.error == "FloatingPointError: the loss of step 3 is nan"
    assert early.status == "stopped" and not days(read_history(tmp_path))[0].iterations


def test_a_price_that_is_none_is_said(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not the price of an hour"), record(RECIPE, "video", tmp_path / "a", price=-1):
        raise AssertionError("training began")
    assert not (tmp_path / LEDGER).exists()


def test_runs_from_before_the_ledger_appear(tmp_path: Path) -> None:
    trained(tmp_path / "old" / "image", 8)
    rows_of(tmp_path / "alone", 1, 4)  # a run of one stage, without a checkpoint, whose last row was cut short
    with (tmp_path / "alone" / "log.jsonl").open("a") as file:
        file.write('{"step": 5, "se')
    (tmp_path / "not_a_run").mkdir()
    runs = read_history(tmp_path)
    old, alone = find_run(runs, "old"), find_run(runs, "alone")
    assert [(s.stage, s.status, s.steps, s.commit, s.recipe) for s in old.sittings] == [
        ("image", "found", 8, "abc", "tiny")
    ]
    assert alone.sittings[0].seconds == {"compute": 8.0, "data": 2.0, "evaluation": 1.0, "other": 0.0}
    with pytest.raises(ValueError, match=r"there are: .*old"):
        find_run(runs, "new")
    recorded(tmp_path / "old", "image", 12)  # what was done before the ledger began stays a sitting of its own
    old = find_run(read_history(tmp_path), "old")
    assert [(s.status, s.steps, s.step) for s in old.sittings] == [("stopped", 8, 8), ("finished", 4, 12)]


def test_a_score_is_the_mean_of_what_was_drawn_right(tmp_path: Path) -> None:
    trained(tmp_path / "a" / "image", 2)
    (tmp_path / "a" / "eval").mkdir()
    answers = {"kind": Share(right=1, of=2), "set": Share(right=2, of=2)}
    scores = Scores(drawn=answers, true=answers, redrawn=answers, frechet={"drawn": 2.1})
    (tmp_path / "a" / "eval" / "scores.json").write_text(scores.to_json())
    (run,) = read_history(tmp_path)
    assert run.score == 0.75 and days([run])[0].score == 0.75


def test_differences_name_their_path() -> None:
    wider = replace(RECIPE, denoiser=replace(RECIPE.denoiser, width=96))
    assert differences(plain(RECIPE), plain(wider)) == [("denoiser.width", 64, 96)]
    assert differences({"a": 1}, {"b": 2}) == [("a", 1, None), ("b", None, 2)]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recorded(tmp_path / "first", "image", 4)
    recorded(tmp_path / "second", "image", 6, replace(RECIPE, denoiser=replace(RECIPE.denoiser, width=96)))
    runs = read_history(tmp_path)
    before = previous(runs, find_run(runs, "second"))
    assert before is not None and before.name == "first" and previous(runs, before) is None

    def said(*arguments: object) -> str:
        capsys.readouterr()
        given, sys.argv = sys.argv, ["rushes", "runs", *map(str, arguments), "--root", str(tmp_path)]
        try:
            cli.main()
        except SystemExit as end:
            assert not end.code
        finally:
            sys.argv = given
        return capsys.readouterr().out

    listed = json.loads(said("--json"))
    assert [run["name"] for run in listed["runs"]] == ["first", "second"] and listed["days"][0]["iterations"] == 2
    assert "first" in said() and "second" in said()
    assert json.loads(said("show", "second", "--json"))["changed"] == [["denoiser.width", 64, 96]]
    assert "denoiser.width" in said("show", "second")
    assert ["image step", 4, 6] in json.loads(said("compare", "first", "second", "--json"))["results"]
    assert "denoiser.width" in said("compare", "first", "second")
    said("page", "--out", tmp_path / "runs.html")
    page = (tmp_path / "runs.html").read_text()
    assert "data:image/png;base64" in page and "second" in page and "http" not in page
    with pytest.raises(ValueError, match="no folder"):
        read_history(tmp_path / "nowhere")
