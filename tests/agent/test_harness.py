"""The harness as the agent uses it: it reads and changes its own, brings tools, reads long texts, starts sub-runs."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from drawn_model import DrawnModel
from typer.testing import CliRunner

from rushes.agent.context.entry import Entry, count_tokens
from rushes.agent.context.messages import make_entry
from rushes.agent.events import EventStream
from rushes.agent.harness.archive import Archive, ArchiveError
from rushes.agent.harness.gate import GateSettings, HarnessGate
from rushes.agent.harness.in_use import HarnessInUse
from rushes.agent.harness.log_questions import RecallEvaluator, make_log
from rushes.agent.harness.new_tool import with_version
from rushes.agent.harness.proposing import propose_tools
from rushes.agent.harness.reading import chunks, read_document, reading_tools
from rushes.agent.harness.sandbox import Sandbox, SandboxUnavailable
from rushes.agent.harness.subrun import (
    Done,
    Part,
    Purse,
    Share,
    asking,
    session_start,
    subrun_tools,
    used_by_parts,
)
from rushes.agent.harness.version import HarnessVersion, PolicyChoice, Reading, VersionError, read_version
from rushes.agent.limits import Limits
from rushes.agent.models import Message
from rushes.agent.production import Production, Settings
from rushes.agent.scripted import ScriptedModel, calls
from rushes.agent.session import Session
from rushes.agent.talk import talk_tools
from rushes.agent.tool import Answer, Tool, tool
from rushes.board.board import Board
from rushes.board.operations import CreateNode
from rushes.harness_command import app

try:
    Sandbox("").close()
    LACKS = ""
except SandboxUnavailable as error:
    LACKS = str(error)
needs_lock = pytest.mark.skipif(bool(LACKS), reason=LACKS)

WINDOW = HarnessVersion(policy=PolicyChoice(name="window", numbers={"entries": 10}))
TEXT = {"text": {"type": "string"}}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive", WINDOW)


@pytest.fixture
def production(tmp_path: Path) -> Iterator[Production]:
    with Board.open(tmp_path / "film") as board:
        settings = Settings(brief="a fox", seconds=4, width=64, height=64)
        events = EventStream(tmp_path / "film" / "events.jsonl")
        yield Production(board=board, settings=settings, shooting_model=DrawnModel(), events=events)


def adopt(archive: Archive, **parts: Any) -> HarnessVersion:
    version = archive.keep(read_version(parts), by="test", why="planted")
    archive.adopt(version, why="planted")
    return version


def entries(count: int) -> list[Entry]:
    return [make_entry(number=n, turn=n, kind="tool", tool="look", text=f"take {n} is good") for n in range(1, count)]


def named(tools: list[Tool], name: str) -> Tool:
    return next(one for one in tools if one.spec.name == name)


def said(tools: list[Tool], name: str, **arguments: Any) -> str:
    answer = named(tools, name).run(arguments)
    return answer.text if isinstance(answer, Answer) else answer


# An improvement, found by a model in its loop


def test_a_model_finds_a_better_version_which_is_adopted_and_undone_by_one_command(archive, production):
    evaluator = RecallEvaluator(lambda seed: make_log(seed, results=24, questions=4))
    settings = GateSettings(canary=tuple(range(6)), held_out=40)
    gate = HarnessGate(archive, evaluator, settings=settings, draw=partial(random.Random(1).getrandbits, 31))

    better = {"name": "masking", "numbers": {"fresh": 2}}

    def second_try(messages: list[Message]) -> Any:
        assert any("refused: not better on the canary" in message.content for message in messages)
        return calls(("harness_propose", {"changes": {"policy": better}, "why": "short forms keep findings"}))

    model = ScriptedModel(
        [
            calls(("harness_read", {}), ("harness_read", {"part": "rules"}), ("harness_read", {"part": "loop"})),
            calls(
                (
                    "harness_propose",
                    {"changes": {"policy": {"name": "window", "numbers": {"entries": 4}}}, "why": "less"},
                )
            ),
            second_try,
            calls(("harness_read", {"part": "tries"}), ("finish", {"text": "I keep more now"})),
        ]
    )
    harness = HarnessInUse(archive)
    tools = [*propose_tools(gate, by=model.name), *talk_tools(production)]
    session = Session(production, model, tools=tools, policy=harness, budget=60_000)
    assert session.say("Look whether you can remember more.").why == "finished"

    read = "\n".join(message.content for message in model.asked[1])
    assert (
        '"entries": 10' in read
        and "class Loop" in read
        and "def notice" in read
        and "def select(slots, budget, query)" in read
    )
    adopted = archive.current()
    assert adopted.policy.name == "masking" and archive.proposed(adopted.hash).by == "scripted"
    assert [line.action for line in archive.history()] == ["adopt", "refuse", "adopt"]

    done = CliRunner().invoke(app, ["rollback", "--archive", str(archive.path.parent)])
    assert done.exit_code == 0 and WINDOW.short in done.stdout
    assert archive.current() == WINDOW and harness.version == WINDOW


def test_a_mistake_in_a_proposal_is_an_answer_that_the_model_can_mend(archive, production):
    gate = HarnessGate(archive, RecallEvaluator(), tools=["look"])
    tools = propose_tools(gate, by="x")
    own = {"name": "glance", "description": "d", "steps": [{"tool": "peek", "arguments": {}}]}
    assert "can't use 'peek'; it may use look" in said(
        tools, "harness_propose", changes={"tools": {"glance": own}}, why="w"
    )
    assert "refuse : refused at reading" in said(tools, "harness_read", part="tries")


# Crashes in use


@needs_lock
@pytest.mark.parametrize(
    "source",
    [
        "1 / 0\ndef select(slots, budget, query): return {}",
        "def select(slots, budget, query): return {}[0]",
        "import os\ndef select(slots, budget, query): os._exit(1)",
        "def select(slots, budget, query): return {slot['id']: 0 for slot in slots}",
    ],
)
def test_a_policy_that_crashes_in_use_brings_the_last_good_version_back_by_itself(archive, source):
    broken = adopt(archive, policy={"name": "own", "source": source})
    told: list[str] = []
    harness = HarnessInUse(archive, told=told.append)
    kept = harness.select(entries(40), 60, query="which take?")
    assert kept == HarnessInUse(Archive(archive.path.parent)).select(entries(40), 60) and len(kept) > 2
    assert archive.current() == WINDOW and archive.history()[-1].action == "restore"
    assert len(told) == 1 and broken.short in told[0] and f"{WINDOW.short} is back" in told[0]


@needs_lock
def test_a_crash_after_many_good_turns_is_one_too(archive):
    source = (
        "turns = []\ndef select(slots, budget, query):\n    turns.append(1)\n    return {} if len(turns) < 4 else 1 / 0"
    )
    adopt(archive, policy={"name": "own", "source": source})
    harness = HarnessInUse(archive)
    for _ in range(3):
        assert harness.select(entries(40), 60) == {} and archive.current() != WINDOW
    assert harness.select(entries(40), 60) and archive.current() == WINDOW


def test_two_sessions_that_meet_the_same_crash_go_back_once(archive):
    better = adopt(archive, policy={"name": "masking"})
    worse = adopt(archive, policy={"name": "gone"})
    first, second = HarnessInUse(archive), HarnessInUse(Archive(archive.path.parent))
    assert archive.restore(worse, why="one") == archive.restore(worse, why="the other") == better
    assert first.version == second.version == better


def test_a_first_version_that_crashes_is_an_error_that_says_so(tmp_path):
    archive = Archive(tmp_path, HarnessVersion(policy=PolicyChoice(name="gone")))
    with pytest.raises(ArchiveError, match="first version failed"):
        HarnessInUse(archive).select(entries(3), 60)


@needs_lock
def test_a_tool_that_crashes_in_use_brings_the_last_good_version_back(archive):
    own = {"name": "sum_up", "description": "d", "source": "def run(arguments): return 1 / 0"}
    adopt(archive, tools=[own])
    harness = HarnessInUse(archive)
    tools = harness.tools([])
    with pytest.raises(ValueError, match=f"ZeroDivisionError.*{WINDOW.short} is back"):
        named(tools, "sum_up").run({})
    assert archive.current() == WINDOW and harness.tools([]) == []


# Tools that a version brings


def base_tools(log: list[str]) -> list[Tool]:
    def jot(arguments: dict[str, Any]) -> str:
        if arguments["text"] == "bad":
            raise ValueError("jot takes no bad text")
        log.append(arguments["text"])
        return f"created note-{len(log)}, weight 2.5"

    def drop(arguments: dict[str, Any]) -> str:
        log.append(f"dropped {arguments['id']} {arguments.get('by')}")
        return "gone"

    return [
        tool("jot", "Write.", TEXT, ("text",), jot),
        tool("drop", "Drop.", {"id": {"type": "string"}, "by": {"type": "number"}}, ("id",), drop),
    ]


RECIPE = {
    "name": "jot_and_drop",
    "description": "Writes and drops.",
    "properties": TEXT | {"by": {"type": "number"}},
    "required": ["text"],
    "steps": [
        {"tool": "jot", "arguments": {"text": "$text"}},
        {"tool": "drop", "arguments": {"id": "$1:note", "by": "$1:number"}},
        {"tool": "drop", "arguments": {"id": "fixed", "by": "$by"}},
    ],
}


def test_a_recipe_calls_existing_tools_with_arguments_and_earlier_answers():
    log: list[str] = []
    version = read_version({"tools": [RECIPE], "notes": {"jot": "Shortly."}}, tools=["jot", "drop"])
    tools = with_version(version, base_tools(log))
    assert named(tools, "jot").spec.description == "Write.\nShortly."
    assert said(tools, "jot_and_drop", text="hello") == "created note-1, weight 2.5\ngone\ngone"
    assert log == ["hello", "dropped note-1 2.5", "dropped fixed None"]
    with pytest.raises(ValueError, match=r"step 1 of jot_and_drop, jot: jot takes no bad text\. Done before: nothing"):
        named(tools, "jot_and_drop").run({"text": "bad"})


@needs_lock
def test_a_tool_as_source_calls_only_the_tools_that_it_names():
    log: list[str] = []
    source = """
def run(arguments):
    if arguments["text"] == "stop":
        raise ValueError("give another text")
    said = [call("jot", text=word) for word in arguments["text"].split()]
    try:
        call("drop", id="x")
    except ValueError as error:
        said.append(str(error))
    return "; ".join(said)
"""
    own = {"name": "jot_all", "description": "d", "properties": TEXT, "required": ["text"], "source": source}
    version = read_version({"tools": [own | {"uses": ["jot"]}]}, tools=["jot", "drop"])
    tools = with_version(version, base_tools(log))
    answer = said(tools, "jot_all", text="a b")
    assert log == ["a", "b"] and answer.endswith("jot_all may not call 'drop'; its uses are jot")
    with pytest.raises(ValueError, match=r"^give another text$"):  # no crash: the version stays
        named(tools, "jot_all").run({"text": "stop"})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"steps": []}, "either steps or source"),
        ({"name": "jot"}, "there is a tool jot already"),
        ({"steps": [{"tool": "shoot", "arguments": {}}]}, "can't use 'shoot'"),
        ({"steps": [{"tool": "harness_propose", "arguments": {}}]}, "can't use 'harness_propose'"),
        ({"steps": [{"tool": "jot", "arguments": {"text": "$1"}}]}, "only earlier steps"),
        ({"steps": [{"tool": "jot", "arguments": {"text": "$words"}}]}, "its properties are"),
        ({"required": ["size"]}, "'size'"),
        ({"properties": {"text": {"type": "any"}}}, "needs a type"),
    ],
)
def test_a_tool_that_can_not_work_is_refused_at_reading(change, why):
    with pytest.raises(VersionError, match=why):
        read_version({"tools": [RECIPE | change]}, tools=["jot", "drop"])


# Reading a long document


def test_chunks_are_the_whole_text_and_no_longer_than_asked():
    text = "\n\n".join(f"Scene {n}. " + "A fox walks over the hill. " * (n % 7 + 1) for n in range(60))
    reading = Reading(chunk=200, overlap=40)
    parts = chunks(text, reading)
    assert len(parts) > 10 and all(count_tokens(part.text) <= 200 for part in parts)
    rebuilt = ""
    for part in parts:
        assert part.start <= len(rebuilt) and text[part.start :].startswith(part.text)
        rebuilt = rebuilt[: part.start] + part.text
    assert rebuilt == text
    assert [part.text for part in chunks("short", reading)] == ["short"]


def test_a_long_document_is_asked_part_by_part_and_merged():
    lines = [f"Scene {n}: nothing of note happens here, and the light is even." for n in range(200)]
    lines[13], lines[150] = "Scene 13: Mira finds the brass key.", "Scene 150: Mira loses the brass key."

    def answer(messages: list[Message]) -> str:
        found = [line for line in messages[-1].content.split("---")[1].splitlines() if "key" in line]
        return "\n".join(found) or "NOTHING"

    reading = Reading(chunk=400, overlap=100)
    model = ScriptedModel([answer] * 40)
    tools = reading_tools(
        {"script.txt": "\n".join(lines)}, reading, lambda text: model.reply([Message(role="user", content=text)]).text
    )
    found = said(tools, "read_document", document="script.txt", question="Where is the key?")
    assert [line.partition(": ")[2] for line in found.splitlines()] == [lines[13], lines[150]]
    assert len(model.asked) > 8
    with pytest.raises(ValueError, match=r"there are script\.txt"):
        named(tools, "read_document").run({"document": "other", "question": "?"})
    assert read_document("a b", "?", reading, lambda _: "NOTHING") == "nothing on it was found"


def test_what_a_reading_asks_is_taken_out_of_the_purse():
    model, purse = ScriptedModel(["the key"] * 9), Purse(Share(turns=4, tokens=9000, seconds=9.0))
    tools = reading_tools({"script": "a key. " * 1800}, Reading(chunk=500, overlap=50), asking(model, purse))
    with pytest.raises(ValueError, match="a part can't have 1 turns"):
        named(tools, "read_document").run({"document": "script", "question": "what?"})
    assert len(model.asked) == 4 and purse.left.turns == 0 and 5000 < purse.left.tokens < 8000


# Sub-runs


def test_a_share_is_taken_before_a_part_begins_and_what_is_left_comes_back():
    purse = Purse(Share(turns=20, tokens=10_000, seconds=100.0))
    seen: list[Share] = []

    def start(part: Part, inner: Purse) -> Done:
        seen.append(purse.left)
        inner.take(Share(turns=2, tokens=500, seconds=1.0))
        return Done(why="finished", text="x" * 2000, used=Share(turns=3, tokens=700, seconds=4.0), ids=("clip-1",))

    tools = subrun_tools(purse, start)
    text = said(tools, "delegate", task="cut", part="shot 3", budget={"turns": 8, "tokens": 4000})
    assert seen == [Share(turns=12, tokens=6000, seconds=75.0)]
    assert purse.left == Share(turns=17, tokens=9300, seconds=96.0)
    assert "finished" in text and "made: clip-1" in text and len(text) < 1200
    for budget, why in (({"turns": 30}, "17 turns, 9300 tokens"), ({"turns": -1}, "above 0"), ({"limit": 3}, "limit")):
        with pytest.raises(ValueError, match=why):
            named(tools, "delegate").run({"task": "cut", "budget": budget})
    assert subrun_tools(purse, start, depth=0) == []


def test_a_part_that_breaks_costs_its_share():
    def start(part: Part, inner: Purse) -> Done:
        raise ValueError("the model is away")

    purse = Purse(Share(turns=20, tokens=10_000, seconds=100.0))
    with pytest.raises(ValueError, match="away"):
        named(subrun_tools(purse, start), "delegate").run({"task": "cut"})
    assert purse.left == Share(turns=15, tokens=7500, seconds=75.0)


def test_a_session_gives_parts_to_runs_of_its_own(production):
    def jot(arguments: dict[str, Any]) -> str:
        return str(production.board.apply(CreateNode(kind="note", fields={"text": arguments["text"]})))

    own = [tool("jot", "Write a note.", TEXT, ("text",), jot), *talk_tools(production)]
    part_model = ScriptedModel(
        [
            calls(("jot", {"text": "first"})),
            calls(("delegate", {"task": "deeper", "budget": {"turns": 2}})),
            calls(("delegate", {"task": "too deep"})),  # of the part of the part: it has no such tool
            calls(("finish", {"text": "deep done"})),
            calls(("finish", {"text": "chunk one has two scenes"})),
            *[calls(("jot", {"text": "again"}))] * 2,  # never finishes; of 3 turns one is for parts of its own
        ],
        name="part",
    )
    purse = Purse(Share(turns=12, tokens=50_000, seconds=600.0))

    def tools_of(inner: Purse, part: Part) -> list[Tool]:
        depth = 1 - part.name.count(".")
        return [*own, *subrun_tools(inner, start, within=part.name, depth=depth)]

    start = session_start(production, part_model, tools_of)
    model = ScriptedModel(
        [
            calls(("delegate", {"task": "Plan it.", "part": "Scene 1. A fox.", "budget": {"turns": 6}})),
            calls(("delegate", {"task": "Plan it.", "part": "Scene 2. A boat.", "budget": {"turns": 3}})),
            calls(("finish", {"text": "both"})),
        ]
    )
    session = Session(production, model, tools=[*own, *subrun_tools(purse, start, depth=2)], limits=Limits(turns=20))
    assert session.say("Make the film of this script.").why == "finished"
    first, second = (message.content for message in model.asked[2] if message.role == "tool")
    assert "finished" in first and "chunk one has two scenes" in first and "made: note-1" in first
    assert "limit is 2 turns" in second and "made: note-2, note-3" in second
    assert "Scene 2. A boat." in part_model.asked[5][1].content and "Scene 1" not in str(part_model.asked[5])
    assert "no tool is called 'delegate'" in str(part_model.asked[3])
    used = used_by_parts(production.events)
    assert used.turns == 7 and purse.left.turns == 12 - used.turns and purse.left.tokens == 50_000 - used.tokens


# The command


def test_the_command_lists_shows_proposes_and_goes_back(tmp_path, archive):
    def run(*words: str) -> Any:
        return CliRunner().invoke(app, [*words, "--archive", str(archive.path.parent)])

    changes = tmp_path / "changes.json"
    changes.write_text(json.dumps({"limits": {"turns": 1000}}))
    refused = run("propose", str(changes), "--why", "more turns")
    assert refused.exit_code == 1 and "names a limit" in refused.stdout
    masking = adopt(archive, policy={"name": "masking"})
    assert json.loads(run("show").stdout)["hash"] == masking.hash
    assert json.loads(run("show", WINDOW.short).stdout)["version"]["policy"]["numbers"] == {"entries": 10.0}
    listed = json.loads(run("list", "--json").stdout)
    assert listed["current"] == masking.hash
    assert [line["action"] for line in listed["history"]] == ["adopt", "refuse", "adopt"]
    assert json.loads(run("adopt-status", "--json").stdout)["last_good"] == WINDOW.hash
    assert WINDOW.short in run("adopt-status").stdout and "refuse" in run("list").stdout
    assert run("rollback").exit_code == 0 and archive.current() == WINDOW
    assert isinstance(run("rollback").exception, ArchiveError)
