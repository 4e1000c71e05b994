"""Film jobs that take no time: a text between two frames, and a scripted model that needs help to find them.

Whether it finds the right frame hangs on the tools, the notes and the system text that it is shown.
"""

from __future__ import annotations

import random
import re
from functools import partial
from typing import Any

import pytest

from rushes.agent.cut.document import read_cut
from rushes.agent.harness.archive import Archive
from rushes.agent.harness.gate import GateSettings, HarnessGate, Verdict
from rushes.agent.harness.sandbox import Sandbox, SandboxLimits, SandboxUnavailable
from rushes.agent.harness.scores import Scores
from rushes.agent.models import Message, Reply, ToolSpec
from rushes.agent.production import Production
from rushes.agent.scripted import calls
from rushes.board.operations import RemoveNode
from rushes.desk.footage import draw_footage
from rushes.desk.harness_judge import FilmJudge, JobLimits
from rushes.desk.laid import Laid, whole
from rushes.desk.task import Part, Score, Task

try:
    Sandbox("").close()
    LACKS = ""
except SandboxUnavailable as error:
    LACKS = str(error)
needs_lock = pytest.mark.skipif(bool(LACKS), reason=LACKS)

CLIPS = draw_footage(("harbour",), (30,), 0, width=64, height=36)
SETTINGS = GateSettings(canary=(0, 1), held_out=6)
LIMITS = JobLimits(turns=5, calls=12, sandbox=SandboxLimits(call_seconds=2, life=3600))
TEXT, NUMBER = {"type": "string"}, {"type": "number"}
RULE = "Seconds are the frame divided by 12."


def small_job(seed: int) -> Task:
    """A text between two frames, looked at on the cut; then the clips go, so that no film has to be rendered."""
    draws = random.Random(f"small {seed}")
    start = draws.choice([frame for frame in range(1, 20) if frame % 12])
    end = start + draws.randint(3, 9)
    stood: list[tuple[str, int, int]] = []

    def look_and_clear(production: Production) -> None:
        cut = read_cut(production.board)
        assert cut is not None
        stood[:] = [(text.text, cut.frame_at(text.start), cut.frame_at(text.end)) for text in cut.texts]
        production.board.apply(*(RemoveNode(id=clip.id) for clip in cut.clips), by="user", note="seen")

    return Task(
        id=f"small-{seed}",
        kind="text",
        seed=seed,
        turns=(f'Set "OPEN" from frame {start} to frame {end}.', look_and_clear),
        cut=Laid(pieces=whole(*CLIPS), width=64, height=36),
        score=lambda result: Score(parts=(Part(name="frames", value=float(stood == [("OPEN", start, end)])),)),
        oracle=(),
    )


class Attentive:
    """Calculates frames by whole seconds, unless a tool does it for it, or a note or the system text says how."""

    name, uses_tools = "attentive", True

    def __init__(self) -> None:
        self.asked = 0
        self.called: list[str] = []

    def reply(self, messages: list[Message], *, tools: tuple[ToolSpec, ...] = (), **_: Any) -> Reply:
        self.asked += 1
        made = self._reply(messages, {tool.name: tool.description for tool in tools})
        self.called += [call.name for call in made.tool_calls]
        return made

    def _reply(self, messages: list[Message], tools: dict[str, str]) -> Reply:
        if "go on for ever" in messages[0].content:
            return calls(("timeline", {}))
        words = [place for place, each in enumerate(messages) if each.role == "user" and "frame" in each.content]
        opened = [place for place, each in enumerate(messages) if each.content.startswith("Open ")]
        if opened and not words and messages[-2].role != "tool":
            return calls(("open", {"material": messages[opened[-1]].content.split()[1]}))
        if not words or any(each.role == "tool" for each in messages[words[-1] :]):
            return calls(("finish", {}))
        found = re.search(r'"(.+)" from frame (\d+) to frame (\d+)', messages[words[-1]].content)
        assert found
        text, start, end = found[1], int(found[2]), int(found[3])
        if "text_at_frames" in tools:
            return calls(("text_at_frames", {"text": text, "first": start, "end": end}))
        if RULE in messages[0].content or RULE in tools["text"]:
            return calls(("text", {"text": text, "start": start / 12, "end": end / 12}))
        return calls(("text", {"text": text, "start": start // 12, "end": start // 12 + 1}))


def new_tool(body: str, uses: list[str] | None = None) -> dict[str, Any]:
    """A change that brings `text_at_frames`."""
    about = {
        "description": "Sets a text from a frame up to another.",
        "properties": {"text": TEXT, "first": NUMBER, "end": NUMBER},
        "required": ["text", "first", "end"],
        "source": f"def run(arguments):\n    first, end = arguments['first'], arguments['end']\n    {body}",
        "uses": ["text"] if uses is None else uses,
    }
    return {"tools": {"text_at_frames": about}}


RIGHT = new_tool("return call('text', text=arguments['text'], start=first / 12, end=end / 12)")


def judge(model: Any, archive: Archive | None = None, **about: Any) -> FilmJudge:
    scores = Scores(archive.path) if archive is not None else None
    return FilmJudge(model, make_task=small_job, limits=LIMITS, scores=scores, **about)


def gate(archive: Archive, model: Any) -> HarnessGate:
    tools = ("text", "timeline", "render")
    draw = partial(random.Random(1).getrandbits, 31)  # the same held-out jobs in each run of this test
    return HarnessGate(archive, judge(model, archive), settings=SETTINGS, tools=tools, draw=draw)


def propose(archive: Archive, changes: Any, model: Any = None) -> Verdict:
    return gate(archive, model or Attentive()).propose(changes, by="test", why="a try")
