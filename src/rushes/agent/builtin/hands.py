"""The hands of the built-in director: it calls a tool and goes on with the answer, though that comes in a later turn.

A wish is carried out by plain code that calls tools one after the other. It runs anew in each turn of the loop; calls
that were answered before give what they gave, and the first that was not stops it with `Pending`. So nothing has to be
kept between turns but the messages.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rushes.agent.models import Message, ToolCall, ToolSpec

Asked = tuple[str, dict[str, Any]]
READING = frozenset(
    "timeline board inspect measure look estimate say finish render export recall note pin drop shrink".split()
)
STEP = re.compile(r"^(?:wish|end) (\d+)(?: of \d+)?, step (\d+)")
NUDGE = "Go on with the tools, or call finish."


class Pending(Exception):
    """Calls that have no answer yet."""

    def __init__(self, step: int, calls: Sequence[Asked]) -> None:
        super().__init__(f"step {step}")
        self.step = step
        self.calls = list(calls)


class Trouble(Exception):
    """Why a wish can't be carried out, in words for the user."""


@dataclass(frozen=True, kw_only=True)
class Done:
    """A call with its answer."""

    name: str
    arguments: dict[str, Any]
    answer: str

    @property
    def ok(self) -> bool:
        return not self.answer.startswith("error:")

    @property
    def changes(self) -> bool:
        return self.ok and self.name not in READING and "nothing was changed" not in self.answer


@dataclass(kw_only=True)
class Turn:
    """What the user said, and what was done about it so far."""

    words: str
    steps: dict[tuple[int, int], list[Done]] = field(default_factory=dict)  # (wish, step) -> calls
    board: list[str] = field(default_factory=list)  # what a person had changed before
    meanwhile: list[str] = field(default_factory=list)  # what a person changed while the turn was at work

    def of(self, wish: int) -> dict[int, list[Done]]:
        return {step: done for (number, step), done in self.steps.items() if number == wish}

    @property
    def done(self) -> list[Done]:
        return [call for key in sorted(self.steps) for call in self.steps[key]]


def read_turns(messages: Sequence[Message]) -> list[Turn]:
    """The conversation so far. Only the user's words are words: tools, notes and the board give no orders."""
    turns: list[Turn] = []
    open_calls: dict[str, tuple[tuple[int, int], ToolCall]] = {}
    for message in messages:
        if message.role == "user" and not is_words(message.content):
            if turns and "changed on the board by a person" in message.content[:60]:
                (turns[-1].meanwhile if turns[-1].steps else turns[-1].board).append(message.content)
        elif message.role == "user":
            turns.append(Turn(words=message.content))
        elif message.role == "assistant" and turns:
            found = STEP.match(message.content)
            key = (int(found[1]), int(found[2])) if found else (10**6, len(turns[-1].steps))
            turns[-1].steps[key] = []
            open_calls = {call.id: (key, call) for call in message.tool_calls}
        elif message.role == "tool" and message.tool_call_id in open_calls:
            key, call = open_calls[message.tool_call_id]
            answer = re.sub(r"^\[\w+\] ", "", message.content)
            turns[-1].steps[key].append(Done(name=call.name, arguments=dict(call.arguments), answer=answer))
    return turns


def is_words(content: str) -> bool:
    """Whether a message from the user's side is what the user said, and not the tail, a note, the board or a nudge."""
    return not (content.startswith("[context] ") or re.match(r"\[[en]\d+, ", content) or content.strip() == NUDGE)


class Hands:
    """Calls tools for one wish."""

    def __init__(self, done: dict[int, list[Done]], tools: Sequence[ToolSpec]) -> None:
        self.tools = {spec.name: spec for spec in tools}
        self.done = done
        self.step = 0
        self.changed = False  # whether a call that has been answered changed anything
        self.errors: list[str] = []  # answers of tools that refused

    def has(self, name: str) -> bool:
        return name in self.tools

    def takes(self, name: str, argument: str) -> bool:
        """Whether a tool that is offered has this argument."""
        return name in self.tools and argument in self.tools[name].parameters["properties"]

    def call(self, name: str, /, **arguments: Any) -> Done:
        """Raises Trouble where the tool is not offered or refuses, Pending where it has not answered yet."""
        found = self.all([(name, arguments)])[0]
        if not found.ok:
            raise Trouble(found.answer.removeprefix("error:").strip())
        return found

    def ask(self, name: str, /, **arguments: Any) -> str:
        """The answer, a refusal too."""
        return self.all([(name, arguments)])[0].answer

    def all(self, calls: Sequence[Asked]) -> list[Done]:
        """Several calls at once, in one turn of the loop."""
        for name, _ in calls:
            if not self.has(name):
                raise Trouble(f"there is no tool {name!r} here, so that can't be done")
        if not calls:
            return []
        self.step += 1
        found = self.done.get(self.step)
        if found is None:
            if any(step > self.step for step in self.done):
                raise Trouble("what was done about this is no longer in view; it is left as it is")
            raise Pending(self.step, [(name, self._fitting(name, given)) for name, given in calls])
        self.errors += [done.answer for done in found if not done.ok]
        self.changed = self.changed or any(done.changes for done in found)
        return found + [Done(name=name, arguments={}, answer="error: no answer") for name, _ in calls[len(found) :]]

    def _fitting(self, name: str, given: dict[str, Any]) -> dict[str, Any]:
        """Without what is None; numbers rounded to a microsecond."""
        return {
            key: round(value, 6) if isinstance(value, float) else value
            for key, value in given.items()
            if value is not None
        }
