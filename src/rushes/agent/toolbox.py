"""The tools of one production, and the running of one: what goes wrong is an answer that the model can mend."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from rushes.agent.models import ToolCall, ToolSpec
from rushes.agent.production import Production
from rushes.agent.tool import Answer, Tool, check_arguments
from rushes.board.jobs import AmbiguousJob
from rushes.board.rerun import RerunBoard

MOST_ANSWER = 8000  # characters of a tool's answer


class Toolbox:
    """`by`: in whose name the tools write on the board."""

    def __init__(self, production: Production, tools: Sequence[Tool], *, by: str = "agent") -> None:
        self._production = production
        self._by = by
        self._tools = {tool.spec.name: tool for tool in tools}
        if len(self._tools) < len(tools):
            names = [tool.spec.name for tool in tools]
            twice = sorted({name for name in names if names.count(name) > 1})
            raise ValueError(f"two tools are called {', '.join(twice)}; give each its own name")

    @property
    def specs(self) -> tuple[ToolSpec, ...]:
        return tuple(tool.spec for tool in self._tools.values())

    def run(self, call: ToolCall, *, step: Callable[..., Any], since: int | None = None) -> dict[str, Any]:
        """The answer as JSON: ok, text, pictures, finished, edits, and the film's brief as it is now.

        The tool sees the board as one that only the agent writes, and does its durable steps with `step`. `since`: the
        board's last entry when an earlier run of this call began, which was cut short. LimitReached, FilmCancelled,
        AmbiguousJob (only a person can say what to do) and faults of our own come through.
        """
        board, brief = self._production.board, self._production.brief_id
        self._production.board = then = RerunBoard(board, by=self._by, since=since, step=step)
        if since is not None and brief not in [node.id for node in then.nodes("brief")]:  # it was planned by this call
            self._production.brief_id = ""
        try:
            ok, answer = self._answered(call)
        except BaseException:
            self._production.brief_id = brief  # the call is not over: it runs again as it began
            raise
        finally:
            self._production.board = board
        text = answer.text if len(answer.text) <= MOST_ANSWER else answer.text[: MOST_ANSWER - 3] + "..."
        return {
            "ok": ok,
            "text": text,
            "pictures": [asdict(picture) for picture in answer.pictures],
            "finished": answer.finished,
            "edits": [{"kind": edit.kind, "ids": list(edit.ids), "text": edit.text} for edit in answer.edits],
            "brief": self._production.brief_id,
        }

    def _answered(self, call: ToolCall) -> tuple[bool, Answer]:
        """Whether it went well, and what is said."""
        try:
            answer = self._run(call)
        except AmbiguousJob:
            raise
        except ValueError as error:
            return False, Answer(text=f"error: {' '.join(str(error).split())}")
        return True, answer if isinstance(answer, Answer) else Answer(text=answer)

    def _run(self, call: ToolCall) -> str | Answer:
        tool = self._tools.get(call.name)
        if tool is None:
            raise ValueError(f"no tool is called {call.name!r}; there are {', '.join(self._tools)}")
        if call.problem:
            raise ValueError(f"the arguments of {call.name} can't be read: {call.problem}")
        check_arguments(tool.spec, call.arguments)
        return tool.run(call.arguments)
