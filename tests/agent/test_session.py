"""Sessions on a real board: what is said, done, limited, interrupted, and gone on with."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from drawn_model import DrawnModel

from rushes.agent import events as happened
from rushes.agent.context.entry import Picture
from rushes.agent.events import EventStream
from rushes.agent.limits import Limits
from rushes.agent.models import Message, Reply, ToolCall, ToolSpec, Usage
from rushes.agent.production import Production, Settings, project_file
from rushes.agent.session import Session
from rushes.agent.talk import talk_tools
from rushes.agent.tool import Answer, Tool, tool
from rushes.board.board import Board
from rushes.board.operations import CreateNode, SetFields
from rushes.board.spend import Estimate


class Script:
    """Says the line that comes next by what it is shown, so a run that goes on gets the rest of the script."""

    name, uses_tools = "script", True

    def __init__(self, *lines: list[tuple[str, dict[str, Any]]] | str) -> None:
        self.lines = lines
        self.asked: list[list[Message]] = []

    def reply(self, messages: list[Message], *, tools: tuple[ToolSpec, ...] = (), **_: Any) -> Reply:
        self.asked.append(messages)
        line = self.lines[sum(message.role == "assistant" for message in messages)]
        usage = Usage(prompt_tokens=100, completion_tokens=10)
        if isinstance(line, str):
            return Reply(text=line, usage=usage)
        calls = tuple(ToolCall(id="again-the-same", name=name, arguments=arguments) for name, arguments in line)
        return Reply(tool_calls=calls, usage=usage)


class Crew:
    """Tools that write on the board, and how often each really ran."""

    def __init__(self, production: Production) -> None:
        self.production = production
        self.ran: list[str] = []
        self.during: Callable[[str], None] = lambda _: None  # called between a tool's writes

    def tools(self) -> list[Tool]:
        text = {"text": {"type": "string"}}
        return [
            tool("jot", "Write a note.", text, ("text",), self.jot),
            tool("pair", "Write two notes that lean on each other.", text, ("text",), self.pair),
            tool("take_back", "Undo.", {}, (), self.take_back),
            tool("buy", "Buy a thing.", text, ("text",), self.buy),
            *talk_tools(self.production),
        ]

    def jot(self, arguments: dict[str, Any]) -> str:
        self.ran.append("jot")
        fields = {"text": arguments["text"]}
        return str(self.production.board.apply(CreateNode(kind="note", fields=fields)))

    def pair(self, arguments: dict[str, Any]) -> str:
        """Reads, writes, reads what it wrote: run again from the start by a plain board it would write other things."""
        self.ran.append("pair")
        board = self.production.board
        count = len(board.nodes("note"))
        first = board.apply(CreateNode(kind="note", fields={"text": f"{arguments['text']} {count}"})).created[0]
        self.during("one")
        board.apply(SetFields(id=first, fields={"text": f"{len(board.nodes('note'))} notes"}))
        self.during("two")
        board.apply(CreateNode(kind="note", fields={"text": "gone"}))
        board.undo(of="agent")
        self.during("three")
        return f"{first}, {len(board.nodes('note'))}"

    def take_back(self, _: dict[str, Any]) -> str:
        return str(self.production.board.undo(of="agent"))

    def buy(self, arguments: dict[str, Any]) -> str:
        def order(job: Any) -> str:
            self.ran.append("order")
            self.during("ordered")
            job.remember("order-1")
            return "bought"

        inputs = {"what": arguments["text"]}
        found = self.production.step("buy", inputs, order, paid=True, estimate=Estimate(micro_usd=40_000))
        return str(found.value)


class Desk:
    """One project: opened, a session on it, closed."""

    def __init__(self, folder: Path, model: Script, **more: Any) -> None:
        self.board = Board.open(folder)
        settings = Settings(brief="a fox", seconds=2, width=128, height=72, fps=12)
        self.production = Production(
            board=self.board,
            settings=settings,
            shooting_model=DrawnModel(),
            events=EventStream(project_file(folder)),
        )
        self.crew = Crew(self.production)
        self.session = Session(self.production, model, tools=self.crew.tools(), **more)

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: object) -> None:
        self.board.close()

    @property
    def kinds(self) -> list[str]:
        return [event.type for event in self.session.events]

    @property
    def nodes(self) -> list[tuple[str, dict[str, Any]]]:
        return [(node.id, node.fields) for node in self.board.nodes()]


def lines(path: Path) -> list[str]:
    return (path / "events.jsonl").read_text().splitlines(keepends=True)


LINES = (
    [("jot", {"text": "one"}), ("pair", {"text": "two"})],
    [("nonsense", {}), ("jot", {"wrong": 1})],
    [("say", {"text": "nearly there"}), ("jot", {"text": "three"})],
    [("finish", {"text": "three notes"})],
)


def test_words_go_in_and_a_finished_board_comes_out(tmp_path: Path):
    model = Script(*LINES)
    with Desk(tmp_path, model) as desk:
        outcome = desk.session.say("write notes")
        assert (outcome.turns, outcome.why, outcome.text) == (4, "finished", "three notes")
        one = ["tool_begun", "tool_called"]
        assert desk.kinds == ["said", *(["model_replied", *one, *one] * 3), "model_replied", *one, "stopped"]
        assert [event.number for event in desk.session.log.kept] == list(range(1, len(desk.session.log.kept) + 1))
        called = [event for event in desk.session.events if isinstance(event, happened.ToolCalled)]
        assert [event.ok for event in called] == [True, True, False, False, True, True, True]
        assert "no tool is called 'nonsense'" in called[2].result and "needs 'text'" in called[3].result
        assert len({event.call for event in called}) == len(called)  # the model gave one id to all
        notes = [event for event in desk.session.log.kept if isinstance(event, happened.Noted)]
        assert [(note.role, note.text) for note in notes] == [("said", "nearly there")]
        assert {entry.by for entry in desk.board.changes()} == {"agent"}
        results = [message.content for message in model.asked[-1] if message.role == "tool"]
        assert len(results) == 6
        assert all(event.result in heard for event, heard in zip(called[:6], results, strict=True))


def test_opened_again_nothing_is_asked_or_done_twice(tmp_path: Path):
    with Desk(tmp_path, Script(*LINES)) as desk:
        first = desk.session.say("write notes", once=True)
        nodes = desk.nodes
    before = lines(tmp_path)
    model = Script()
    with Desk(tmp_path, model) as desk:
        assert desk.session.say("write notes", once=True) == first == desk.session.go_on()
        assert desk.nodes == nodes and model.asked == desk.crew.ran == [] and lines(tmp_path) == before


def test_killed_behind_any_event_the_log_goes_on_as_it_was(tmp_path: Path):
    """Every result is on the board before its event is in the log, so none is made again."""
    with Desk(tmp_path / "whole", Script(*LINES)) as desk:
        desk.session.say("write notes")
        kinds, nodes = desk.kinds, desk.nodes
    whole = lines(tmp_path / "whole")
    for count in range(1, len(whole)):
        shutil.copytree(tmp_path / "whole", tmp_path / "cut")
        (tmp_path / "cut" / "events.jsonl").write_text("".join(whole[:count]) + whole[count][: count * 3])
        model = Script()
        with Desk(tmp_path / "cut", model) as desk:
            assert desk.session.say("write notes").text == "three notes"
            assert (desk.kinds, desk.nodes, model.asked, desk.crew.ran) == (kinds, nodes, [], [])
        shutil.rmtree(tmp_path / "cut")


@pytest.mark.parametrize("moment", ["one", "two", "three"])
def test_a_tool_that_was_cut_short_finds_what_it_wrote(tmp_path: Path, moment: str):
    with Desk(tmp_path / "whole", Script(*LINES)) as desk:
        desk.session.say("write notes")
        nodes, entries = desk.nodes, [entry.changes for entry in desk.board.changes()]

    def cut(now: str) -> None:
        if now == moment:
            raise KeyboardInterrupt

    with Desk(tmp_path / "cut", Script(*LINES)) as desk:
        desk.crew.during = cut
        with pytest.raises(KeyboardInterrupt):
            desk.session.say("write notes")
    model = Script(*LINES)
    with Desk(tmp_path / "cut", model) as desk:
        assert desk.session.say("write notes").why == "finished"
        assert len(model.asked) == 3 and desk.crew.ran == ["pair", "jot"]
        assert (desk.nodes, [entry.changes for entry in desk.board.changes()]) == (nodes, entries)


def test_the_agent_is_told_what_a_person_changed(tmp_path: Path):
    model = Script([("pair", {"text": "mine"})], [("finish", {})], [("finish", {})])
    with Desk(tmp_path, model) as desk:
        desk.board.apply(CreateNode(kind="note", fields={"text": "there before"}))
        desk.crew.during = lambda now: (
            now == "two" and desk.board.apply(CreateNode(kind="note", fields={"text": "Not that colour"}), by="user")
        )
        desk.session.say("write notes")
        changed = [event for event in desk.session.events if isinstance(event, happened.BoardChanged)]
        assert (
            len(changed) == 1 and 'note-3 "Not that colour" is new' in changed[0].text and len(changed[0].entries) == 1
        )
        assert any(changed[0].text in message.content for message in model.asked[1])
        desk.board.undo(by="user", of="user")
        desk.session.say("and now?")
        changed = [event for event in desk.session.events if isinstance(event, happened.BoardChanged)]
        assert len(changed) == 2 and 'note-3 "Not that colour" is gone' in changed[1].text


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        (Limits(turns=2), "2 answers of the model, the limit is 2"),
        (Limits(tool_calls=3), "3 tool calls, the limit is 3"),
        (Limits(tokens=200), "220 tokens, the limit is 200"),
        (Limits(seconds=0), "0.0 s of work, the limit is 0 s"),
    ],
)
def test_a_limit_ends_the_run_and_higher_ones_go_on(tmp_path: Path, limits: Limits, said: str):
    with Desk(tmp_path, Script(*LINES), limits=limits) as desk:
        outcome = desk.session.say("write notes")
        assert said in outcome.why and desk.kinds[-1] == "stopped"
        assert desk.session.go_on().why == outcome.why  # nothing is done on the way there
        ran = list(desk.crew.ran)
    model = Script(*LINES)
    with Desk(tmp_path, model) as desk:
        assert desk.session.go_on().why == "finished" and desk.kinds.count("said") == 1
        assert ran + desk.crew.ran == ["jot", "pair", "jot"]


def test_limits_are_frozen_and_checked():
    with pytest.raises(AttributeError):
        Limits().turns = 5  # type: ignore[misc]
    with pytest.raises(ValueError, match="-1 takes"):
        Limits(takes=-1)


def test_money_over_the_limit_is_never_ordered(tmp_path: Path):
    script = Script([("buy", {"text": "a"})], [("buy", {"text": "b"})], [("finish", {})])
    with Desk(tmp_path, script, limits=Limits(micro_usd=50_000)) as desk:
        outcome = desk.session.say("buy")
        assert outcome.why == "$0.0800 would be over the limit of $0.0500" and desk.crew.ran == ["order"]
        assert desk.session.spent().micro_usd == 40_000
        assert [job.state for job in desk.board.jobs.all() if job.name == "buy"] == ["done", "failed"]
    with Desk(tmp_path, script, limits=Limits(micro_usd=80_000)) as desk:
        assert desk.session.go_on().why == "finished" and desk.crew.ran == ["order"]
        assert desk.session.spent().micro_usd == 80_000


def test_an_order_that_nobody_knows_of_waits_for_a_person(tmp_path: Path):
    def cut(_: str) -> None:
        raise KeyboardInterrupt

    script = Script([("buy", {"text": "a"})], [("finish", {})])
    with Desk(tmp_path, script) as desk:
        desk.crew.during = cut
        with pytest.raises(KeyboardInterrupt):
            desk.session.say("buy")
    with Desk(tmp_path, script) as desk:
        assert "may have ordered paid work" in desk.session.say("buy").why and desk.crew.ran == []
        job = next(job for job in desk.board.jobs.all() if job.state == "ambiguous")
        desk.board.resolve_job(job.id, "retry")
        assert desk.session.go_on().why == "finished" and desk.crew.ran == ["order"]


def test_paused_it_waits_and_cancelled_it_stops(tmp_path: Path):
    script = Script(*LINES)
    with Desk(tmp_path, script) as desk:
        reached = threading.Event()

        def pause(now: str) -> None:
            if now == "one":
                desk.session.pause()
                reached.set()

        desk.crew.during = pause
        found: list[Any] = []
        thread = threading.Thread(target=lambda: found.append(desk.session.say("write notes")))
        thread.start()
        assert reached.wait(30)
        thread.join(0.5)
        assert thread.is_alive() and len(script.asked) == 1
        desk.session.cancel()
        thread.join(30)
        assert found[0].why == "cancelled" and len(script.asked) == 1
        desk.crew.during = lambda _: None
        desk.session.resume()
        assert desk.session.go_on().why == "finished"


def test_new_words_answer_what_a_cancel_left_open(tmp_path: Path):
    script = Script([("jot", {"text": "a"}), ("jot", {"text": "b"})], [("finish", {"text": "other"})])
    with Desk(tmp_path, script) as desk:
        desk.production.events._watcher = lambda event: event.type == "tool_called" and desk.session.cancel()
        assert desk.session.say("write two").why == "cancelled"
        desk.production.events._watcher = None
        assert desk.session.say("no, something else").text == "other"
        assert desk.crew.ran == ["jot"]
        results = [message.content for message in script.asked[1] if message.role == "tool"]
        assert len(results) == 2 and "stopped before it was done" in results[1]


def test_a_model_that_only_talks_is_asked_once_more(tmp_path: Path):
    script = Script("What colour?", "I still wonder.")
    with Desk(tmp_path, script) as desk:
        outcome = desk.session.say("paint")
        assert outcome.why == "2 answers without a tool call" and outcome.text == "I still wonder."
        assert desk.kinds == ["said", "model_replied", "said", "model_replied", "stopped"]
        with pytest.raises(ValueError, match="nothing was said"):
            desk.session.say(" ")


def test_two_sessions_of_one_project_are_apart(tmp_path: Path):
    with Desk(tmp_path, Script([("jot", {"text": "a"})], [("finish", {})])) as desk:
        desk.session.say("go")
        other = Script([("jot", {"text": "b"})], [("finish", {})])
        second = Session(desk.production, other, tools=desk.crew.tools(), name="second")
        assert second.say("go").turns == 2 and desk.crew.ran == ["jot", "jot"]
        assert all(event.session == "second" for event in second.events)


def test_the_model_manages_what_it_sees(tmp_path: Path):
    script = Script([("jot", {"text": "x " * 400})], [("drop", {"ids": ["e4"]})], [("finish", {})])
    with Desk(tmp_path, script, manages_context=True) as desk:
        desk.session.say("write a note")
        called = [event for event in desk.session.events if isinstance(event, happened.ToolCalled)]
        dropped = next(event for event in called if event.tool == "drop")
        assert dropped.edits == [{"kind": "drop", "ids": ["e2", "e4"], "text": ""}] and desk.session.ledger.is_dropped(
            "e4"
        )


def test_pictures_are_shown_once_and_stay_as_captions(tmp_path: Path):
    script = Script([("show", {})], [("jot", {"text": "seen"})], [("finish", {})])
    with Desk(tmp_path, script) as desk:

        def show(_: dict[str, Any]) -> Answer:
            picture = desk.board.put(b"not looked into", ".png")
            return Answer(text="a look", pictures=(Picture(blob=picture, caption="a red fox"),))

        tools = [*desk.crew.tools(), tool("show", "Show.", {}, (), show)]
        desk.session = Session(desk.production, script, tools=tools)
        desk.session.say("look")
        assert [len(messages[-1].images) for messages in script.asked] == [0, 1, 0]
        assert any("a red fox" in message.content for message in script.asked[2])


def test_two_tools_of_one_name_are_refused(tmp_path: Path):
    with Desk(tmp_path, Script()) as desk, pytest.raises(ValueError, match="two tools are called finish, say"):
        Session(desk.production, Script(), tools=[*desk.crew.tools(), *talk_tools(desk.production)])


def test_a_session_inside_a_tool_is_gone_on_with_too(tmp_path: Path):
    """A sub-run writes in its own name, spends from the same purse, and is found by the tool that is run again."""

    def run(folder: Path, cut: str) -> Desk:
        part = Script([("pair", {"text": "part"}), ("jot", {"text": "more"})], [("finish", {"text": "part done"})])
        desk = Desk(folder, Script([("part", {})], [("finish", {})]))

        def sub(_: dict[str, Any]) -> str:
            board = desk.production.board
            board.apply(CreateNode(kind="note", fields={"text": "before"}))
            inner = Session(desk.production, part, tools=desk.crew.tools(), name="part")
            text = inner.say("do a part", once=True).text
            board.apply(CreateNode(kind="note", fields={"text": f"after {len(board.nodes())}"}))
            desk.crew.during("end")
            return text

        def kill(now: str) -> None:
            if now == cut:
                raise KeyboardInterrupt

        desk.crew.during = kill
        tools = [*desk.crew.tools(), tool("part", "Do a part.", {}, (), sub)]
        desk.session = Session(desk.production, Script([("part", {})], [("finish", {})]), tools=tools)
        return desk

    with run(tmp_path / "whole", "never") as desk:
        assert desk.session.say("go").why == "finished"
        nodes = desk.nodes
    for cut in ("one", "three", "end"):
        with run(tmp_path / cut, cut) as desk, pytest.raises(KeyboardInterrupt):
            desk.session.say("go")
        with run(tmp_path / cut, "never") as desk:
            assert desk.session.say("go").why == "finished"
            assert desk.nodes == nodes
