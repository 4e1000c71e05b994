"""kill -9 while a paid provider is at work: nothing bought twice, nothing lost, the same film as without a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_model import DrawnCapabilities, DrawnModel

from rushes.agent.cut.cut_tools import cut_tools
from rushes.agent.director import direct
from rushes.agent.events import EventStream, replay_events
from rushes.agent.making import making_tools
from rushes.agent.models import Message, Reply, ToolCall, ToolSpec
from rushes.agent.production import Production, Settings, project_file
from rushes.agent.session import Session
from rushes.agent.talk import talk_tools
from rushes.board.board import Board

PRICE = 50_000  # micro-dollars a clip
SHOTS = [{"what": "a fox walks in the snow", "seconds": 2}, {"what": "a boat sails on the sea", "seconds": 2}]
SCRIPT: list[list[tuple[str, dict[str, Any]]]] = [
    [("plan", {"shots": SHOTS})],
    [("shoot", {"shot": "shot-1"}), ("shoot", {"shot": "shot-2"})],
    [("edit_shot", {"shot": "shot-2", "what": "a blue owl flies in the forest"}), ("shoot", {"shot": "shot-2"})],
    [("choose_take", {"shot": "shot-1", "take": "take-1", "reason": "it is the only one"})],
    [("title", {"text": "Night"}), ("undo", {}), ("lay", {})],
    [
        ("split", {"at": 1.0}),
        ("trim", {"clip": "clip-1", "seconds": 0.5}),
        ("generate", {"what": "a cat", "seconds": 1}),
    ],
    [("finish", {"text": "shot"})],
]


class Director:
    """Says the next line of the script, by what it is shown."""

    name, uses_tools = "director", True

    def reply(self, messages: list[Message], *, tools: tuple[ToolSpec, ...] = (), **_: Any) -> Reply:
        line = SCRIPT[sum(message.role == "assistant" for message in messages)]
        return Reply(tool_calls=tuple(ToolCall(id="x", name=name, arguments=arguments) for name, arguments in line))


class Provider(DrawnModel):
    """Sells clips. What was ordered, and for which job, stands in a file of its own, as at any provider."""

    def __init__(self, orders: Path) -> None:
        super().__init__(DrawnCapabilities(name="paid-1", sizes=((64, 36),)))
        self.orders = orders

    def price(self, request: Any) -> int:
        return PRICE

    def generate(self, request: Any, *, order: Any, progress: Any = None, cancelled: Any = None) -> Any:
        id = order.provider_id
        if id is None:
            id = f"order-{len(ordered(self.orders)) + 1}"
            with self.orders.open("a") as book:
                book.write(json.dumps({"id": id, "reference": order.key}) + "\n")
            time.sleep(0.05)  # the answer is on its way
            self._die("ordered")
            order.remember(id)
            self._die("remembered")
        time.sleep(0.05)
        order.charge(micro_usd=PRICE)
        return super().generate(request, progress=progress, cancelled=cancelled)

    def _die(self, moment: str) -> None:
        wish = self.orders.with_name(f"die-{moment}")
        if wish.exists():
            wish.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def ordered(orders: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in orders.read_text().splitlines()] if orders.is_file() else []


def make(folder: Path) -> None:
    """The whole film, or what is left of it."""
    with Board.open(folder / "project") as board:
        settings = Settings(brief="a fox and a boat", seconds=4, width=64, height=36, fps=8)
        production = Production(
            board=board,
            settings=settings,
            shooting_model=Provider(folder / "orders.jsonl"),
            events=EventStream(project_file(folder / "project")),
        )
        tools = [*making_tools(production), *cut_tools(production), *talk_tools(production)]
        session = Session(production, Director(), tools=tools)
        outcome = session.go_on() if session.events else session.say("make a film")
        assert outcome.why == "finished", outcome.why
        direct(production, folder / "film.mp4")


def resolve(folder: Path) -> int:
    """What a person does where an order's fate is unknown: looks the order up at the provider. How many there were."""
    with Board.open(folder / "project") as board:
        unknown = board.jobs.all("ambiguous")
        for job in unknown:
            found = [order["id"] for order in ordered(folder / "orders.jsonl") if order["reference"] == job.key]
            board.resolve_job(job.id, "poll", found[0]) if found else board.resolve_job(job.id, "retry")
    return len(unknown)


def outlive(folder: Path, kill_after: float | None) -> bool:
    """Makes the film in a process of its own, killed after so many seconds. Whether it came to its end."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            make(folder)
            code = 0
        finally:
            sys.stderr.flush()
            os._exit(code)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(child, signal.SIGKILL)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, "it ended with an error"
    return not os.WIFSIGNALED(status)


def film(folder: Path) -> dict[str, Any]:
    """All that must be the same, and what it cost."""
    with Board.open(folder / "project") as board:
        assert board.problems() == []
        nodes = [
            [n.id, {k: v for k, v in n.fields.items() if k not in ("work_seconds", "path")}, n.blobs, sorted(n.links)]
            for n in board.nodes()
        ]
        totals = board.spend.totals()
        takes = [job for job in board.jobs.all() if job.name == "take"]
        return {
            "nodes": nodes,
            "entries": board.last_entry,
            "spent": [totals.micro_usd, totals.reserved_micro_usd],
            "orders": sorted(order["reference"] for order in ordered(folder / "orders.jsonl")),
            "takes": sorted(take.key for take in takes),
            "talk": [
                event.to_dict() | {"number": 0, "at": 0, "seconds": 0}
                for event in replay_events(project_file(folder / "project"))
                if getattr(event, "session", "")
            ],
        }


def first_other(made: dict[str, Any], whole: dict[str, Any], what: str) -> str:
    """Where two films part, short enough to be read in a failure."""
    pairs = zip_longest(made[what], whole[what]) if isinstance(whole[what], list) else [(made[what], whole[what])]
    return next(f"{str(one)[:600]} and not {str(other)[:600]}" for one, other in pairs if one != other)


def main(folder: Path, seed: int, kills: int) -> None:
    rng = np.random.default_rng(seed)
    (folder / "whole").mkdir()
    began = time.monotonic()
    assert outlive(folder / "whole", None)
    length = time.monotonic() - began
    whole = film(folder / "whole")
    assert (
        whole["orders"] == whole["takes"]
        and len(whole["takes"]) == 5
        and whole["spent"] == [PRICE * len(whole["takes"]), 0]
    )
    done = {"kills": 0, "films": 0, "looked_up": 0}
    while done["kills"] < kills:
        part = folder / f"film-{done['films']}"
        part.mkdir()
        if done["films"] == 0:  # the two worst moments of all, each for certain
            for moment in ("ordered", "remembered"):
                (part / f"die-{moment}").touch()
                assert not outlive(part, None)
                done["kills"] += 1
                done["looked_up"] += resolve(part)
        while not outlive(part, float(rng.uniform(0, length)) if done["kills"] < kills else None):
            done["kills"] += 1
            done["looked_up"] += resolve(part)
        made = film(part)
        for what in whole:
            assert made[what] == whole[what], (
                f"{what} of film {done['films']} is another: {first_other(made, whole, what)}"
            )
        done["films"] += 1
    print(json.dumps(done))


def run(folder: Path, seed: int, kills: int) -> dict[str, int]:
    command = [sys.executable, __file__, str(folder), str(seed), str(kills)]
    made = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    assert made.returncode == 0, made.stderr[-3000:]
    return json.loads(made.stdout)


def test_killed_a_few_times(tmp_path: Path):
    done = run(tmp_path, seed=1, kills=4)
    assert done["kills"] == 4 and done["looked_up"] >= 1  # an order whose fate only the provider knew


@pytest.mark.slow
def test_killed_at_fifty_random_moments(tmp_path: Path):
    done = run(tmp_path, seed=2, kills=52)  # two of them at moments that are chosen
    assert done["kills"] == 52 and done["films"] >= 5


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
