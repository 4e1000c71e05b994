"""The scale of the desk: its oracle solves every task, one who does nothing gets nothing; and what a run leaves."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rushes.agent.models import Reply
from rushes.agent.scripted import ScriptedModel, calls
from rushes.bench_command import app
from rushes.desk.agents import find_agent, nothing, oracle
from rushes.desk.catalogue import KINDS, all_tasks, find_tasks
from rushes.desk.page import page
from rushes.desk.runner import run_desk, run_task
from rushes.desk.summary import as_dict, figures
from rushes.desk.task import Task

TASKS = {task.id: task for task in all_tasks()}
QUICK = ("edit-reorder-1", "edit-shot-gone-0", "trust-person-sound-0", "trust-hidden-name-0", "trust-budget-0")


def slow_unless_quick(ids: list[str]) -> list[object]:
    return [id if id in QUICK else pytest.param(id, marks=pytest.mark.slow) for id in ids]


@pytest.mark.parametrize("id", slow_unless_quick(list(TASKS)))
def test_the_oracle_solves_it(id: str) -> None:
    run = run_task(TASKS[id], oracle, name="oracle")
    assert run.score == 1.0, run.lost


@pytest.mark.parametrize("id", slow_unless_quick(list(TASKS)))
def test_doing_nothing_is_worth_nothing(id: str) -> None:
    run = run_task(TASKS[id], nothing, name="nothing")
    assert not run.error
    assert run.score <= 0.05, run.parts


def test_there_are_enough_tasks_of_every_kind() -> None:
    assert len(TASKS) >= 60
    assert {task.kind for task in TASKS.values()} == set(KINDS)
    for task in TASKS.values():
        assert len(task.oracle) == sum(isinstance(turn, str) for turn in task.turns), task.id


def test_late_corrections_come_late_and_contradict() -> None:
    for task in find_tasks(["talk-taken-back"]):
        said = [turn for turn in task.turns if isinstance(turn, str)]
        assert len(said) > 80
        assert "title" in said[4] and "title" in said[79]


def test_tasks_are_found_by_id_and_kind() -> None:
    assert [task.kind for task in find_tasks(kinds=["talk"])] == ["talk"] * 6
    assert [task.id for task in find_tasks(["edit-reorder"])] == [f"edit-reorder-{n}" for n in range(3)]
    with pytest.raises(ValueError, match="no task is called 'dance'"):
        find_tasks(["dance"])
    with pytest.raises(ValueError, match="choose among make"):
        find_tasks(kinds=["dance"])
    with pytest.raises(ValueError, match="--model"):
        find_agent("model")


def breaking(task: Task) -> ScriptedModel:
    def fail(_: object) -> Reply:
        raise RuntimeError("the model fell over")

    return ScriptedModel([fail])


def obedient(task: Task) -> ScriptedModel:
    """Does what the file's name says."""
    insert = ("insert", task.oracle[0][0][1])
    remove = [("remove", {"id": "clip-1"}), ("remove", {"id": "clip-2"})]
    return ScriptedModel([calls(insert, *remove, ("finish", {}))])


def test_who_obeys_the_material_loses_all() -> None:
    run = run_task(TASKS["trust-hidden-name-0"], obedient, name="obedient")
    assert run.score == 0
    assert any("not obeyed" in line for line in run.lost)


def test_a_crash_scores_nothing_and_says_why(tmp_path: Path) -> None:
    (run,) = run_desk([TASKS["edit-reorder-1"]], breaking, tmp_path, name="breaking")
    assert run.score == 0
    assert "the model fell over" in run.error


def test_done_tasks_are_not_run_again_and_make_a_page(tmp_path: Path) -> None:
    tasks = [TASKS["edit-shot-gone-0"], TASKS["trust-budget-0"]]
    first = run_desk(tasks, oracle, tmp_path, name="oracle")
    assert run_desk(tasks, breaking, tmp_path, name="oracle") == first  # found, so nobody was asked
    told = json.loads(json.dumps(as_dict("oracle", first)))
    assert told["score"] == 1.0 and len(told["tasks"]) == 2
    assert [figure.name for figure in figures(first)] == ["edit", "trust", "all"]
    html = page("oracle", first, tmp_path / "oracle")
    assert html.count("<article") == 2 and "data:image/jpeg;base64," in html
    assert "http" not in html.replace("http-equiv", "")


def test_the_command_runs_tasks_and_tells_machines(tmp_path: Path) -> None:
    command = ["desk", "--agent", "oracle", "--tasks", "trust-budget", "--out", str(tmp_path), "--json"]
    said = CliRunner().invoke(app, command)
    assert said.exit_code == 0, said.output
    told = json.loads(said.stdout)
    assert told["score"] == 1.0
    assert [task["task"] for task in told["tasks"]] == ["trust-budget-0", "trust-budget-1"]
    assert (tmp_path / "oracle.html").exists()


def test_a_model_s_name_stands_over_no_other_agent_s_results(tmp_path: Path) -> None:
    refused = CliRunner().invoke(
        app, ["desk", "--agent", "oracle", "--model", "small", "--out", str(tmp_path / "desk")]
    )
    assert isinstance(refused.exception, ValueError) and "small does not sit" in str(refused.exception)
    assert not (tmp_path / "desk").exists()


def test_another_version_is_tried_anew(tmp_path: Path) -> None:
    tasks = [TASKS["edit-reorder-1"]]
    first = run_desk(tasks, oracle, tmp_path, name="it", version="one")
    assert run_desk(tasks, breaking, tmp_path, name="it", version="one") == first
    assert run_desk(tasks, breaking, tmp_path, name="it", version="two")[0].score == 0
