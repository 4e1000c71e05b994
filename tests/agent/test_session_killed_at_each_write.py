"""kill -9 right behind a durable write, each in turn: the film is the one that nothing was killed in.

Between two writes to board, log of events or job table nothing is on disk that was not there before, so these are all
the states in which a killed session can be found. `python tests/agent/test_session_killed_at_each_write.py FOLDER
scripted 1 1` tries them all; the quick test some.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from test_session_killed import Provider, film, first_other, resolve

from rushes.agent.builtin.model import BuiltIn
from rushes.agent.directing import open_session
from rushes.agent.events import Event, EventStream, Progress
from rushes.agent.film import make_film
from rushes.agent.models import LanguageModel, Message, Reply, ToolCall, ToolSpec
from rushes.agent.saying import all_said, is_over, left_to_say, say_on
from rushes.board.store import Store

SHOTS = [{"what": "a fox walks in the snow", "seconds": 2}, {"what": "a boat sails on the sea", "seconds": 2}]
PART = "shoot an owl and put it in front"
SCRIPT: list[list[tuple[str, dict[str, Any]]]] = [
    [("note", {"text": "the fox comes first"}), ("plan", {"shots": SHOTS, "seconds": 4, "aspect": "1:1"})],
    [("shoot", {"shot": "shot-1"}), ("shoot", {"shot": "shot-2"}), ("title", {"text": "Night"})],
    [("edit_shot", {"shot": "shot-2", "what": "a blue owl flies in the forest"}), ("shoot", {"shot": "shot-2"})],
    [("choose_take", {"shot": "shot-1", "take": "take-1", "reason": "it is the only one"}), ("lay", {})],
    [
        ("split", {"at": 1.0}),
        ("trim", {"clip": "clip-1", "seconds": 0.5}),
        ("remove_span", {"start": 0.25, "end": 0.5}),
    ],
    [("undo", {}), ("split", {"at": 0.25}), ("move", {"clip": "clip-2"}), ("speed", {"clip": "clip-2", "factor": 2})],
    [("text", {"text": "SALE", "start": 0.5, "end": 1}), ("retext", {"id": "title-2", "text": "SOLD"})],
    [("subtitles", {"lines": [{"text": "Hoo", "start": 0, "end": 1}]}), ("fade", {"clip": "clip-2", "seconds": 0.25})],
    [("volume", {"clip": "clip-2", "gain_db": -6}), ("pin", {"ids": ["n1"]}), ("drop", {"ids": ["e3"]})],
    [("frame", {"aspect": "16:9"}), ("generate", {"what": "a cat", "seconds": 1}), ("remove", {"id": "clip-1"})],
    [("delegate", {"task": PART, "budget": {"turns": 4}}), ("recall", {"words": "fox"}), ("undo", {})],
    [("finish", {"text": "shot"})],
]
OF_PART: list[list[tuple[str, dict[str, Any]]]] = [
    [("generate", {"what": "an owl", "seconds": 1})],
    [("note", {"text": "an owl"}), ("split", {"at": 0.5})],
    [("finish", {"text": "it is there"})],
]
WORDS = [
    "Make a 4 second film: a fox walks in the snow, then a boat sails on the sea. Call it Night.",
    "Split the first shot in the middle and remove the last shot.",
    "Undo that, put SALE at 00:01 for 1 second and make the second shot twice as fast.",
]


class Scripted:
    """Says the next line of a script, by the last call that it is shown."""

    name, uses_tools = "scripted", True

    def reply(self, messages: list[Message], *, tools: tuple[ToolSpec, ...] = (), **_: Any) -> Reply:
        asked = [int(call.id.split("-")[1]) for message in messages for call in message.tool_calls]
        script = OF_PART if any(PART in message.content for message in messages if message.role == "user") else SCRIPT
        calls = script[max(asked, default=0)]
        return Reply(tool_calls=tuple(ToolCall(id="x", name=name, arguments=given) for name, given in calls))


def talk(folder: Path, model: LanguageModel, words: list[str]) -> None:
    """All that is said to a director, or what is left of it."""
    with open_session(
        folder / "project",
        model,
        Provider(folder / "orders.jsonl"),
        words=words[0],
        seconds=4,
        width=64,
        height=36,
        fps=8,
        context="self-managed",
    ) as session:
        for line in left_to_say(session, words):
            outcome = say_on(session, line)
            assert is_over(outcome.why), outcome
        all_said(session, words)


def film_of_brief(folder: Path) -> None:
    """A film without a conversation, animatic and all."""
    make_film(
        "a fox walks in the snow, then a boat sails on the sea",
        seconds=4,
        project_folder=folder / "project",
        out=folder / "film.mp4",
        shooting_model=Provider(folder / "orders.jsonl"),
        width=64,
        height=36,
        fps=8,
        title="Night",
        subtitles=True,
        max_takes=4,
    )


WORK: dict[str, Callable[[Path], None]] = {
    "scripted": lambda folder: talk(folder, Scripted(), ["make a film"]),
    "built-in": lambda folder: talk(folder, BuiltIn(), WORDS),
    "film": film_of_brief,
}


@contextmanager
def dying(after: int | None) -> Iterator[list[int]]:
    """Counts the durable writes of this process, and kills it right behind the one of that number."""
    count = [0]

    def written() -> None:
        count[0] += 1
        if count[0] == after:
            os.kill(os.getpid(), signal.SIGKILL)

    write, send = Store.write, EventStream.send

    @contextmanager
    def counted_write(self: Store) -> Iterator[Any]:
        outermost = self._depth == 0
        with write(self) as connection:
            yield connection
        if outermost:
            written()

    def counted_send(self: EventStream, event: Event) -> Event:
        sent = send(self, event)
        if not isinstance(event, Progress):
            written()
        return sent

    Store.write, EventStream.send = counted_write, counted_send
    yield count


def outlive(folder: Path, work: str, kill_after: int | None) -> bool:
    """Makes the film in a process of its own. Whether it came to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            with dying(kill_after) as count:
                WORK[work](folder)
                (folder / "writes").write_text(str(count[0]))
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, f"killed after {kill_after}, it ended with an error"
    return not os.WIFSIGNALED(status)


def made_in(folder: Path) -> dict[str, Any]:
    """What must be the same: board, money, orders and talk."""
    found = film(folder)
    # Entries of the context are named by their events' numbers; parts tell what they took, of which a kill takes some.
    varying = re.compile(r"\be\d+\b|[\d.]+ (turns|tokens|s)\b")
    return found | {"talk": [varying.sub("", json.dumps(event)) for event in found["talk"]]}


def main(folder: Path, work: str, first: int, every: int) -> None:
    (folder / "whole").mkdir()
    assert outlive(folder / "whole", work, None)
    whole, writes = made_in(folder / "whole"), int((folder / "whole" / "writes").read_text())
    tried = 0
    for number in range(first, writes, every):  # behind the last one all is done, and said anew it is done anew
        part = folder / f"killed-{number}"
        part.mkdir()
        assert not outlive(part, work, number)
        resolve(part)
        assert outlive(part, work, None)
        made = made_in(part)
        for what in whole:
            other = first_other(made, whole, what) if made[what] != whole[what] else ""
            assert not other, f"killed after write {number} of {writes}, {what} is another: {other}"
        tried += 1
    print(json.dumps({"writes": writes, "tried": tried}))


def run(folder: Path, work: str, first: int, every: int) -> dict[str, int]:
    command = [sys.executable, __file__, str(folder), work, str(first), str(every)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=3600)
    assert made.returncode == 0, made.stderr[-3000:]
    return json.loads(made.stdout)


@pytest.mark.parametrize("work", WORK)
def test_killed_behind_some_writes(tmp_path: Path, work: str):
    done = run(tmp_path, work, first=20, every=130)
    assert done["writes"] > 40 and done["tried"] >= 1


@pytest.mark.slow
@pytest.mark.parametrize("work", WORK)
def test_killed_behind_each_write(tmp_path: Path, work: str):
    done = run(tmp_path, work, first=1, every=1)
    assert done["tried"] == done["writes"] - 1 > 40


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
