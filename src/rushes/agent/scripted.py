"""A language model that follows a script: for tests, demonstrations and recorded sessions, without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rushes.agent.models import Message, ModelError, Reply, ToolCall, ToolSpec, Usage

Line = Reply | str | Callable[[list[Message]], "Reply | str"]


class ScriptedModel:
    """Answers with the lines of its script, in order; a function among them is called with the messages.

    `asked` keeps every question. Raises ModelError when the script is over.
    """

    def __init__(self, lines: Iterable[Line], *, name: str = "scripted", uses_tools: bool = True) -> None:
        self.name = name
        self.uses_tools = uses_tools
        self.asked: list[list[Message]] = []
        self._lines = list(lines)

    def reply(
        self,
        messages: list[Message],
        *,
        tools: tuple[ToolSpec, ...] = (),
        schema: dict[str, Any] | None = None,
        max_tokens: int = 1024,
    ) -> Reply:
        number = len(self.asked)
        self.asked.append(list(messages))
        if number >= len(self._lines):
            raise ModelError(f"the script of {self.name!r} is over after {number} lines; give it more lines")
        line = self._lines[number]
        said = line if isinstance(line, (Reply, str)) else line(messages)
        words = sum(len(message.content.split()) for message in messages)
        if isinstance(said, str):
            return Reply(text=said, usage=Usage(prompt_tokens=words, completion_tokens=len(said.split())))
        return said


def calls(*named: tuple[str, dict[str, Any]], text: str = "") -> Reply:
    """A reply that calls tools: `calls(("plan", {...}), ("shoot", {...}))`."""
    made = tuple(
        ToolCall(id=f"call-{place}", name=name, arguments=arguments) for place, (name, arguments) in enumerate(named, 1)
    )
    return Reply(text=text, tool_calls=made, stopped="tool_calls")
