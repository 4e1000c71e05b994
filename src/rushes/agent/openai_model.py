"""Any language model behind OpenAI's chat completions API: vLLM, Ollama, llama.cpp, OpenRouter, OpenAI itself."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rushes.agent.endpoint_errors import NONSENSE, broke_off, explained, is_of_transport
from rushes.agent.images import encoded
from rushes.agent.models import CUT_OFF, Message, ModelError, Reply, ToolCall, ToolSpec, Usage, message_to_dict


@dataclass(frozen=True, kw_only=True)
class OpenAIConfig:
    model: str  # name as the endpoint knows it
    base_url: str | None = None  # None: OpenAI's own, or OPENAI_BASE_URL
    api_key: str | None = None  # None: OPENAI_API_KEY; local servers take any
    uses_tools: bool = True  # False for small models: they are asked for one JSON decision at a time
    timeout: float = 120.0  # seconds for one answer
    retries: int = 2  # after a connection error, 408, 429 or 5xx
    temperature: float = 0.0
    seed: int = 0
    sees: bool = False  # whether it is shown pictures; else their captions in the text stand for them
    on_piece: Callable[[str], None] | None = (
        None  # told each piece of an answer as it comes, its calls too; None: no streaming
    )


class OpenAIModel:
    """`reply` raises ModelError for an unreachable endpoint, a refused key, an unknown model, an empty answer, one that
    broke off, and what is no chat completion at all."""

    def __init__(self, config: OpenAIConfig) -> None:
        import os

        from openai import OpenAI

        if not config.model.strip():
            raise ModelError("no language model is named; give the name that the endpoint knows, such as qwen2.5-1.5b")
        key = config.api_key or os.environ.get("OPENAI_API_KEY") or ("local" if config.base_url else None)
        if key is None:
            raise ModelError("no API key: set OPENAI_API_KEY, or give the address of a local endpoint")
        self.config = config
        self.name = config.model
        self.uses_tools = config.uses_tools
        self._schemas = True  # until the endpoint refuses response_format
        self._client = OpenAI(
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
        import openai

        started = time.monotonic()
        request: dict[str, Any] = {
            "model": self.config.model,
            "messages": [_message(message, self.config.sees) for message in messages],
            "max_tokens": max_tokens,
            "temperature": self.config.temperature,
            "seed": self.config.seed,
        }
        if tools:
            request["tools"] = [_tool(spec) for spec in tools]
        if schema is not None and self._schemas:
            request["response_format"] = {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": schema},
            }
        try:
            try:
                answer = self._create(request)
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                if "response_format" not in request:
                    raise
                # An endpoint that can't hold its answers to a schema: the reply is read leniently instead.
                self._schemas = False
                del request["response_format"]
                answer = self._create(request)
        except openai.OpenAIError as error:
            said = explained(openai, error, self.config, where=self._where(), key="OPENAI_API_KEY")
            raise ModelError(said) from error
        except ModelError:
            raise
        except NONSENSE as error:
            raise ModelError(self._no_completion()) from error
        except Exception as error:
            if not is_of_transport(error):
                raise  # what a listener raised
            raise ModelError(broke_off(self._where(), self.name)) from error
        return self._read(answer, time.monotonic() - started)

    def _create(self, request: dict[str, Any]) -> Any:
        """The whole answer; piece by piece to `on_piece` where somebody listens."""
        if self.config.on_piece is None:
            return self._client.chat.completions.create(**request)
        with self._client.chat.completions.stream(**request, stream_options={"include_usage": True}) as stream:
            for event in stream:
                if event.type == "content.delta":
                    self.config.on_piece(event.delta)
                elif event.type == "tool_calls.function.arguments.delta":
                    self.config.on_piece(event.arguments_delta)
            answer = stream.get_final_completion()
        if answer.choices and answer.choices[0].finish_reason is None:  # half a plan looks like a whole one
            raise ModelError(broke_off(self._where(), self.name))
        return answer

    def _read(self, answer: Any, seconds: float) -> Reply:
        choices = getattr(answer, "choices", None)
        if not choices or choices[0].message is None:
            raise ModelError(self._no_completion())
        message, usage = choices[0].message, answer.usage
        whole = choices[0].finish_reason != "length"
        return Reply(
            text=_text(message.content),
            tool_calls=tuple(_call(place, call, whole) for place, call in enumerate(message.tool_calls or (), 1)),
            usage=Usage(
                prompt_tokens=getattr(usage, "prompt_tokens", 0) or 0,
                completion_tokens=getattr(usage, "completion_tokens", 0) or 0,
                seconds=seconds,
                cached_tokens=getattr(getattr(usage, "prompt_tokens_details", None), "cached_tokens", 0) or 0,
            ),
            stopped=choices[0].finish_reason or "stop",
        )

    def _where(self) -> str:
        return str(self._client.base_url)

    def _no_completion(self) -> str:
        return f"{self.name} answered without a message; is {self._where()} a chat completions endpoint?"


def _message(message: Message, sees: bool) -> dict[str, Any]:
    data = message_to_dict(message)
    if sees and message.images and message.role == "user":
        shown = [
            {"type": "image_url", "image_url": {"url": f"data:{kind};base64,{pixels}"}}
            for kind, pixels in map(encoded, message.images)
        ]
        data["content"] = [{"type": "text", "text": message.content}, *shown]
    return data


def _tool(spec: ToolSpec) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {"name": spec.name, "description": spec.description, "parameters": spec.parameters},
    }


def _text(content: Any) -> str:
    """Some servers answer in parts, as they may be asked."""
    if isinstance(content, list):
        return "".join(part.get("text") or "" for part in content if isinstance(part, dict))
    return content or ""


def _call(place: int, call: Any, whole: bool = True) -> ToolCall:
    """`whole`: the answer was not cut off at its most tokens. Arguments that were are not mended: half a plan would
    pass for a whole one."""
    from rushes.agent.json_reply import read_json

    identity, function = call.id or f"call-{place}", call.function
    name, raw = getattr(function, "name", None) or "", getattr(function, "arguments", None) or "{}"
    try:
        arguments = json.loads(raw)
    except json.JSONDecodeError:
        if not whole:
            return ToolCall(id=identity, name=name, problem=CUT_OFF)
        try:
            arguments = read_json(raw)
        except ValueError as error:
            return ToolCall(id=identity, name=name, problem=str(error))
    if not isinstance(arguments, dict):
        return ToolCall(id=identity, name=name, problem="the arguments are not a JSON object")
    return ToolCall(id=identity, name=name, arguments=arguments)
