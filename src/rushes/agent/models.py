"""The seam to language models: messages and tools in, text and tool calls out."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

Role = Literal["system", "user", "assistant", "tool"]
CUT_OFF = "the answer was cut off in the middle of them; ask for less in one call"  # why arguments can't be read


class ModelError(ValueError):
    """A language model could not be reached or refused; one line with the way out."""


class BadReply(ModelError):
    """A language model answered, and after bounded repair the answer was still unusable."""


@dataclass(frozen=True, kw_only=True)
class ToolCall:
    id: str  # pairs the call with its result
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)
    problem: str = ""  # why the arguments could not be read; empty where they could


@dataclass(frozen=True, kw_only=True)
class Message:
    role: Role
    content: str = ""
    tool_calls: tuple[ToolCall, ...] = ()  # of an assistant
    tool_call_id: str = ""  # of a tool's result
    images: tuple[Path, ...] = ()  # pictures shown with it, for models that see; PNG, JPEG or WebP files


@dataclass(frozen=True, kw_only=True)
class ToolSpec:
    """A tool as a language model sees it."""

    name: str
    description: str  # one or two sentences
    parameters: dict[str, Any]  # JSON schema of an object


@dataclass(frozen=True, kw_only=True)
class Usage:
    prompt_tokens: int = 0
    completion_tokens: int = 0
    seconds: float = 0.0  # from question to answer
    cached_tokens: int = 0  # of the prompt's, that the endpoint had in its prefix cache


@dataclass(frozen=True, kw_only=True)
class Reply:
    text: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    usage: Usage = Usage()
    stopped: str = "stop"  # "stop", "length" where the answer was cut off, "tool_calls"


class LanguageModel(Protocol):
    """Anything that answers. `uses_tools` False: it is asked for one small JSON decision at a time."""

    name: str
    uses_tools: bool

    def reply(
        self,
        messages: list[Message],
        *,
        tools: tuple[ToolSpec, ...] = (),
        schema: dict[str, Any] | None = None,
        max_tokens: int = 1024,
    ) -> Reply:
        """`schema`: JSON schema that the text should meet, held to where the model can. Raises ModelError."""
        ...


def message_to_dict(message: Message) -> dict[str, Any]:
    """In the shape of OpenAI's chat completions API."""
    import json

    data: dict[str, Any] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        data["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {"name": call.name, "arguments": json.dumps(call.arguments, ensure_ascii=False)},
            }
            for call in message.tool_calls
        ]
    if message.role == "tool":
        data["tool_call_id"] = message.tool_call_id
    return data


def reply_to_dict(reply: Reply) -> dict[str, Any]:
    """For the board; `reply_from_dict` gives it back equal."""
    from dataclasses import asdict

    return asdict(reply) | {"tool_calls": [asdict(call) for call in reply.tool_calls]}


def reply_from_dict(data: dict[str, Any]) -> Reply:
    return Reply(
        text=data["text"],
        tool_calls=tuple(ToolCall(**call) for call in data["tool_calls"]),
        usage=Usage(**data["usage"]),
        stopped=data["stopped"],
    )
