"""How the judges of a harness make their jobs and scripts, and the commands that show what came of it."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from small_jobs import RULE, Attentive, judge, propose
from typer.testing import CliRunner

from rushes.agent.builtin.model import BuiltIn
from rushes.agent.harness.archive import Archive
from rushes.agent.harness.gate import GateSettings, HarnessGate
from rushes.agent.harness.log_questions import RecallEvaluator
from rushes.agent.harness.scores import Scores
from rushes.agent.harness.script_questions import ReadingJudge, make_script
from rushes.agent.harness.version import HarnessVersion, read_version
from rushes.agent.models import Message, Reply
from rushes.desk.agents import nothing, oracle
from rushes.desk.catalogue import all_tasks
from rushes.desk.harness_judge import FilmJudge, JobLimits, film_job, play_job, tool_names
from rushes.harness_command import app
from rushes.trial import is_paid, needs_cap


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


# Reading


class Nearsighted:
    """Of what it is shown it reads the first 3,000 letters, and says what it is told to look for."""

    name, uses_tools = "nearsighted", False

    def reply(self, messages: list[Message], **_: Any) -> Reply:
        head, _, part = messages[0].content.partition("---\n")
        part = part[:3000]
        if "Name all boxes" in head:
            return Reply(text=" ".join(re.findall(r"in the (\w+) box", part)))
        asked = re.search(r"does (\w+) hide the (\w+)\?", head)
        assert asked
        found = re.search(rf"{asked[1]} hides the {asked[2]} in the (\w+) box", part)
        return Reply(text=found[1] if found else "NOTHING")


def test_a_way_of_reading_is_judged_by_what_it_gets_out_of_a_script(tmp_path):
    archive = Archive(tmp_path, read_version({"reading": {"chunk": 6000}}))
    evaluators = [judge(Attentive()), RecallEvaluator(), ReadingJudge(Nearsighted(), scores=Scores(archive.path))]
    strict = HarnessGate(archive, evaluators, settings=GateSettings(canary=(0, 1, 2), held_out=10))
    smaller = strict.propose({"reading": {"chunk": 600, "overlap": 60}}, by="test", why="it sees the beginnings only")
    assert smaller.adopted and smaller.held_out.new == 1.0, smaller.text
    all_of_them = strict.propose({"reading": {"extract": "Name all boxes."}}, by="test", why="more is better")
    assert "not better" in all_of_them.text and all_of_them.canary.new < 0.2
    assert archive.history()[-1].judges == ("scripts read by nearsighted",)  # the others have no say in reading


def test_answers_stand_once_in_a_script():
    for seed in range(20):
        task = make_script(seed)
        assert all(task.script.count(answer) == 1 for _, answer in task.questions)
        assert make_script(seed) == task and 3000 < len(task.script) / 4 < 6000


# The jobs


def test_jobs_are_of_many_kinds_and_none_is_a_task_of_the_desk():
    jobs = [film_job(seed) for seed in range(40)]
    shipped = {(task.id, task.asked) for task in all_tasks()}
    assert len({job.id.rsplit("-", 1)[0] for job in jobs}) >= 8
    assert not {(job.id, job.asked) for job in jobs} & shipped
    assert film_job(5).asked == film_job(5).asked


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_a_job_can_be_done_and_is_not_done_by_itself(seed):
    for model, worth in ((oracle, 1.0), (nothing, 0.0)):
        job = film_job(seed)
        played = play_job(job, seed, HarnessVersion(), model(job), limits=JobLimits(), budget=24_000)
        assert abs(played.score - worth) <= 0.05, played.lost


class Careless(BuiltIn):
    """The built-in director, who rounds all times to whole seconds unless the system text says not to."""

    def reply(self, messages: list[Message], **about: Any) -> Reply:
        reply = super().reply(messages, **about)
        if "exact to the frame" in messages[0].content:
            return reply
        rounded = tuple(replace(call, arguments=self._rounded(call.arguments)) for call in reply.tool_calls)
        return replace(reply, tool_calls=rounded)

    def _rounded(self, given: dict[str, Any]) -> dict[str, Any]:
        times = {name: float(round(given[name])) for name in ("start", "end", "seconds") if name in given}
        lines = {"lines": [self._rounded(line) for line in given["lines"]]} if "lines" in given else {}
        return given | times | lines


@pytest.mark.slow
def test_a_system_text_is_adopted_for_what_it_does_to_films(archive):
    """Rendered films, read back: the gain is in the jobs that have times in them."""
    film = FilmJudge(Careless(), scores=Scores(archive.path))
    settings = GateSettings(canary=(0, 1, 2, 13), held_out=16)
    strict = HarnessGate(archive, film, settings=settings, draw=partial(random.Random(1).getrandbits, 31))
    verdict = strict.propose({"system": "Times are exact to the frame."}, by="test", why="rounding loses frames")
    assert verdict.adopted and verdict.held_out.new > 0.95 and verdict.held_out.low > 0.1, verdict.text


# The command


def test_a_paid_model_needs_prices_and_a_cap(monkeypatch):
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    assert is_paid("claude-x", None) and is_paid("gpt", None) and is_paid("gpt", "https://example.com/v1")
    assert not any((is_paid(None, None), is_paid("/models/a.GGUF", None), is_paid("m", "http://127.0.0.1:1/v1")))
    with pytest.raises(ValueError, match="give --prices"):
        needs_cap("claude-x", None, None, None)
    needs_cap("claude-x", None, "3,15", 2.0)


def test_the_command_says_what_a_trial_would_take_and_shows_verdicts(archive, tmp_path):
    def run(*words: str) -> Any:
        return CliRunner().invoke(app, [*words, "--archive", str(archive.path.parent)], env={"COLUMNS": "200"})

    changes = tmp_path / "changes.json"
    changes.write_text(json.dumps({"notes": {"text": RULE}}))
    told = run("propose", str(changes), "--why", "exact", "--estimate", "--canary", "4", "--held-out", "8")
    assert told.exit_code == 0 and "24 film jobs by built-in" in told.output and len(archive.history()) == 1
    refused = run("propose", str(changes), "--why", "exact", "--planner", "claude-x")
    assert refused.exit_code and "--cap" in str(refused.exception)
    changes.write_text(json.dumps({"tools": {"glance": {"description": "d", "steps": [{"tool": "peek"}]}}}))
    assert "can't use 'peek'" in run("propose", str(changes), "--why", "x").output

    assert "is the first version" in run("audit").output

    assert propose(archive, {"notes": {"text": RULE}}).adopted
    listed, shown = run("list").output, run("verdict").output
    assert "+1.000 to +1.000" in listed and "a try" in listed
    assert "notes.text: none -> " in shown and "film jobs by attentive 1" in shown and "held out" in shown
    assert "text" in tool_names() and "finish" in tool_names()
