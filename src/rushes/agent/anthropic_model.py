"""Claude through Anthropic's Messages API, with cache breakpoints where the prompt stops changing (extra `anthropic`).

What differs from OpenAI's shape: the system text stands apart, results of tools are blocks of a user's message, roles
alternate, and the prefix cache is asked for by marks. Three are set: behind tools and system text, behind the last
message that will stand as it is in the next turn too (all but the tail), and behind the one before that.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rushes.agent.endpoint_errors import NONSENSE, broke_off, explained, is_of_transport
from rushes.agent.images import encoded
from rushes.agent.models import CUT_OFF, Message, ModelError, Reply, ToolCall, ToolSpec, Usage

CACHED = {"type": "ephemeral"}
ANSWER = "answer"  # the tool by which an answer that must meet a schema is given


@dataclass(frozen=True, kw_only=True)
class AnthropicConfig:
    model: str  # name as the API knows it
    api_key: str | None = None  # None: ANTHROPIC_API_KEY
    base_url: str | None = None  # None: Anthropic's own, or ANTHROPIC_BASE_URL
    timeout: float = 300.0  # seconds for one answer
    retries: int = 2  # after a connection error, 408, 409, 429 or 5xx
    sees: bool = True  # whether it is shown pictures
    on_piece: Callable[[str], None] | None = None  # told each piece of an answer as it comes, its calls too


class AnthropicModel:
    """`reply` raises ModelError for an unreachable API, a refused key, an unknown model, a request it won't take."""

    uses_tools = True

    def __init__(self, config: AnthropicConfig) -> None:
        import os

        try:
            from anthropic import Anthropic
        except ImportError as error:
            raise ModelError(
                "Claude needs the package anthropic; install it with pip install rushes[anthropic]"
            ) from error
        if not config.model.strip():
            raise ModelError("no language model is named; give the name that the API knows")
        key = config.api_key or os.environ.get("ANTHROPIC_API_KEY")
        if key is None:
            raise ModelError("no API key: set ANTHROPIC_API_KEY")
        self.config = config
        self.name = config.model
        self._client = Anthropic(
            api_key=key, base_url=config.base_url, timeout=config.timeout, max_retries=max(0, config.retries)
        )

    def reply(
        self,
        messages: list[Message],
        *,
        tools: tuple[ToolSpec, ...] = (),
        schema: dict[str, Any] | None = None,
        max_tokens: int = 1024,
    ) -> Reply:
        import anthropic

        started = time.monotonic()
        request: dict[str, Any] = {
            "model": self.config.model,
            "max_tokens": max_tokens,
            "messages": to_turns(messages, sees=self.config.sees),
        }
        system = "\n\n".join(message.content for message in messages if message.role == "system" and message.content)
        if system:
            request["system"] = [{"type": "text", "text": system, "cache_control": CACHED}]
        if tools:
            request["tools"] = [_tool(spec) for spec in tools]
        if schema is not None:  # an answer by a tool is held to the tool's schema
            spec = ToolSpec(name=ANSWER, description="Give the answer.", parameters=schema)
            request |= {"tools": [_tool(spec)], "tool_choice": {"type": "tool", "name": ANSWER}}
        try:
            with self._client.messages.stream(**request) as stream:
                if (heard := self.config.on_piece) is not None:
                    for event in stream:
                        if event.type == "text":
                            heard(event.text)
                        elif event.type == "input_json":
                            heard(event.partial_json)
                answer = stream.get_final_message()
        except anthropic.AnthropicError as error:
            said = explained(anthropic, error, self.config, where=self._client.base_url, key="ANTHROPIC_API_KEY")
            raise ModelError(said) from error
        except NONSENSE as error:
            where = self._client.base_url
            raise ModelError(f"{self.name} answered nothing that can be read; is {where} a Messages API?") from error
        except Exception as error:
            if not is_of_transport(error):
                raise  # what a listener raised
            raise ModelError(broke_off(self._client.base_url, self.name)) from error
        if answer.stop_reason is None:  # half a plan looks like a whole one
            raise ModelError(broke_off(self._client.base_url, self.name))
        return read_reply(answer, time.monotonic() - started, plain=schema is not None)


def to_turns(messages: list[Message], *, sees: bool = True) -> list[dict[str, Any]]:
    """Messages as turns of user and assistant in blocks, cache breakpoints set; system messages are left aside."""
    turns: list[dict[str, Any]] = []
    for message in messages:
        if message.role == "system":
            continue
        role, blocks = ("assistant" if message.role == "assistant" else "user"), _blocks(message, sees)
        if turns and turns[-1]["role"] == role:
            turns[-1]["content"] += blocks
        elif blocks:
            turns.append({"role": role, "content": blocks})
    if turns and turns[0]["role"] == "assistant":  # the API wants the user to begin
        turns.insert(0, {"role": "user", "content": [{"type": "text", "text": "(earlier messages are left out)"}]})
    # The last block is the tail, which changes every turn; what stands before it is the same next time.
    standing = [block for turn in turns for block in turn["content"]][:-1]
    for block in standing[-1:] + standing[-4:-3]:
        block["cache_control"] = CACHED
    return turns


def _blocks(message: Message, sees: bool) -> list[dict[str, Any]]:
    if message.role == "tool":
        return [{"type": "tool_result", "tool_use_id": message.tool_call_id, "content": message.content or "(nothing)"}]
    blocks: list[dict[str, Any]] = [{"type": "text", "text": message.content}] if message.content.strip() else []
    if sees and message.role == "user":
        for kind, pixels in map(encoded, message.images):
            blocks.append({"type": "image", "source": {"type": "base64", "media_type": kind, "data": pixels}})
    for call in message.tool_calls:
        blocks.append({"type": "tool_use", "id": call.id, "name": call.name, "input": call.arguments})
    return blocks


def _tool(spec: ToolSpec) -> dict[str, Any]:
    return {"name": spec.name, "description": spec.description, "input_schema": spec.parameters}


def read_reply(answer: Any, seconds: float, *, plain: bool = False) -> Reply:
    """An answer of the API as ours. `plain`: the arguments of the tool `answer` are the text."""
    text, calls = "", []
    cut_off = answer.stop_reason == "max_tokens"
    for block in answer.content:
        if block.type == "text":
            text += block.text
        elif block.type == "tool_use" and plain:
            text = json.dumps(block.input, ensure_ascii=False)
        elif block.type == "tool_use":
            problem = "" if isinstance(block.input, dict) else "the arguments are not a JSON object"
            if cut_off and block is answer.content[-1]:
                problem = CUT_OFF
            arguments = {} if problem else block.input
            calls.append(ToolCall(id=block.id, name=block.name, arguments=arguments, problem=problem))
    usage = answer.usage
    cached = usage.cache_read_input_tokens or 0
    return Reply(
        text=text,
        tool_calls=tuple(calls),
        usage=Usage(
            prompt_tokens=usage.input_tokens + cached + (usage.cache_creation_input_tokens or 0),
            completion_tokens=usage.output_tokens,
            seconds=seconds,
            cached_tokens=cached,
        ),
        stopped={"max_tokens": "length", "tool_use": "stop" if plain else "tool_calls"}.get(answer.stop_reason, "stop"),
    )
