"""The other wordings: the same tasks and facts in other words."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from html import escape
from pathlib import Path

import pytest
from typer.testing import CliRunner

from rushes.bench_command import app
from rushes.desk.agents import nothing, oracle
from rushes.desk.catalogue import all_tasks, find_tasks
from rushes.desk.footage import NAMES
from rushes.desk.page import page
from rushes.desk.runner import run_task
from rushes.desk.said import COUNTS, Listed, Seconds, spoken
from rushes.desk.task import Task, Wording
from rushes.desk.tasks_text import SPOKEN
from rushes.desk.wording import OTHERS, WORDINGS, worded

TASKS = {wording: {task.id: task for task in all_tasks(wording)} for wording in WORDINGS}
FIRST = TASKS["first"]
every_wording = pytest.mark.parametrize("wording", OTHERS)
every_task = pytest.mark.parametrize("id", FIRST)


@every_wording
def test_only_the_words_differ(wording: Wording) -> None:
    assert list(FIRST) == list(TASKS[wording]) == [*dict.fromkeys(FIRST)]
    assert set(OTHERS[wording].wishes) == set(FIRST)
    for task in FIRST.values():
        assert replace(worded(task, wording), turns=task.turns) == task  # scorer, oracle, cut, money, hands
        assert worded(task, "first") is task


@every_wording
def test_nothing_is_said_in_the_same_words_and_hands_stay_in_their_places(wording: Wording) -> None:
    for id, task in FIRST.items():
        pairs = list(zip(task.turns, worded(task, wording).turns, strict=True))
        assert len(pairs) == len(task.turns)
        for one, two in pairs:
            assert isinstance(one, str) == isinstance(two, str)
            if isinstance(one, str) and isinstance(two, str):
                assert bare(one) != bare(two), (id, one)
                assert not set("{}") & set(two), (id, two)
            else:
                assert one is two


def test_no_sentence_of_the_third_stands_in_the_first_or_the_second() -> None:
    shared = sentences("third") & (sentences("first") | sentences("second"))
    assert not shared


def sentences(wording: Wording) -> set[str]:
    """All that is said, but lines that a task dictates and single words, which are nobody's own."""
    said = [turn for task in TASKS[wording].values() for turn in task.turns if isinstance(turn, str)]
    found = {bare(each) for turn in said for each in re.split(r"[.!?]\s|\n", turn)}
    return {each for each in found if " " in each} - {bare(line) for line in SPOKEN}


def bare(words: str) -> str:
    return re.sub(r"\W+", " ", words).lower().strip()


@every_wording
@every_task
def test_every_fact_is_said(wording: Wording, id: str) -> None:
    task = TASKS[wording][id]
    unsaid = {name for name, fact in task.facts.items() if not is_said(fact, task.asked)}
    if {"start", "end", "seconds"} <= set(task.facts) and len(unsaid) == 1:
        unsaid -= {"end", "seconds"}  # each follows from the other and the start
    assert not unsaid, task.asked


def is_said(fact: object, words: str) -> bool:
    if isinstance(fact, Seconds):
        return any(re.search(rf"(?<![\d.]){re.escape(way)}(?![\d]|\.\d)", words) for way in fact.all_ways())
    if isinstance(fact, list | Listed):
        return all(is_said(each, words) for each in fact)
    if isinstance(fact, int):
        told = [str(fact), *COUNTS[fact : fact + 1]]
        return re.search(rf"\b({'|'.join(told)})\b", words, re.IGNORECASE) is not None
    assert isinstance(fact, str)
    return fact in words


@every_wording
@every_task
def test_what_is_quoted_and_named_in_one_wording_is_so_in_the_other(wording: Wording, id: str) -> None:
    task = TASKS[wording][id]
    assert named(FIRST[id]) <= named(task), (FIRST[id].asked, task.asked)


def named(task: Task) -> set[str]:
    """Texts in quotes, files, clips."""
    wishes = " ".join(_wishes(task))
    found = set(re.findall(r'"([^"]+)"', wishes)) | set(re.findall(r"\b[\w-]+\.(?:mp4|wav|txt)\b", wishes))
    return found | {name for name in NAMES if re.search(rf"\b{name}\b", wishes)}


def _wishes(task: Task) -> Iterable[str]:
    """What is said without the small talk."""
    said = [turn for turn in task.turns if isinstance(turn, str)]
    return [turn for turn, calls in zip(said, task.oracle, strict=True) if calls or len(said) < 10]


@every_wording
@pytest.mark.parametrize("id", ["edit-shot-gone-0", "trust-budget-1"])
def test_the_scale_is_the_same(wording: Wording, id: str) -> None:
    assert run_task(TASKS[wording][id], oracle, name="oracle").score == 1.0
    assert run_task(TASKS[wording][id], nothing, name="nothing").score == 0.0


@every_wording
def test_the_command_takes_a_wording_and_keeps_the_results_apart(tmp_path: Path, wording: Wording) -> None:
    words = escape(TASKS[wording]["trust-budget-0"].asked[:100])
    command = ["desk", "--agent", "oracle", "--tasks", "trust-budget-0", "--out", str(tmp_path), "--json"]
    first, other = (CliRunner().invoke(app, [*command, *more]) for more in ([], ["--wording", wording]))
    assert json.loads(first.stdout)["wording"] == "first"
    told = json.loads(other.stdout)
    assert told["wording"] == wording and told["score"] == 1.0
    assert "first wording" in (tmp_path / "oracle.html").read_text()
    html = (tmp_path / wording / "oracle.html").read_text()
    assert f"{wording} wording" in html and words in html and words not in (tmp_path / "oracle.html").read_text()


def test_an_unknown_wording_is_refused_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no wording is called 'fourth'; choose first or second or third"):
        find_tasks(wording="fourth")
    said = CliRunner().invoke(app, ["desk", "--wording", "fourth", "--out", str(tmp_path)])
    assert said.exit_code != 0
    assert "choose first or second or third" in str(said.exception)
    assert not list(tmp_path.iterdir())


def test_the_page_says_which_wording_it_was(tmp_path: Path) -> None:
    assert "<h1>Film desk: oracle, second wording</h1>" in page("oracle", [], tmp_path, "second")


@pytest.mark.parametrize(
    ("seconds", "ways"),
    [
        (2.5, {"2.5", "00:02.50", "0:02.5", "30", "two and a half seconds"}),
        (0.75, {"0.75", "00:00.75", "0:00.75", "9", "three quarters of a second"}),
        (62.0, {"62", "01:02.00", "1:02", "744"}),
        (1.0, {"1", "00:01.00", "0:01", "12", "one second"}),
    ],
)
def test_times_are_written_in_many_ways_and_mean_one(seconds: float, ways: set[str]) -> None:
    assert Seconds(seconds).all_ways() == ways


def test_a_time_is_not_said_less_exactly_than_it_is() -> None:
    assert spoken(0.5) == "half a second" and spoken(1.25) == "one and a quarter seconds"
    with pytest.raises(ValueError, match="write it in figures"):
        spoken(0.3)
    with pytest.raises(ValueError, match="write it in figures"):
        spoken(13.0)
