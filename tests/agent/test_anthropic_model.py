"""The Anthropic adapter against a real HTTP server on the loopback interface that streams as the API does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from loopback import Loopback, loopback

from rushes.agent.models import Message, ModelError, ToolCall, ToolSpec

pytest.importorskip("anthropic", reason="install the extra `anthropic`")
from rushes.agent.anthropic_model import AnthropicConfig, AnthropicModel, to_turns

TOOL = ToolSpec(name="trim", description="Trim.", parameters={"type": "object", "properties": {}, "required": []})
TALK = [
    Message(role="system", content="You edit."),
    Message(role="user", content="shorter"),
    Message(
        role="assistant", content="yes", tool_calls=(ToolCall(id="c1", name="trim", arguments={"clip": "clip-1"}),)
    ),
    Message(role="tool", content="trimmed", tool_call_id="c1"),
    Message(role="user", content="tail: 10% used"),
]


def streamed(blocks: list[dict[str, Any]], stop: str = "end_turn", usage: dict[str, int] | None = None) -> bytes:
    """An answer as the API's server-sent events."""
    used = {"input_tokens": 5, "output_tokens": 1, "cache_read_input_tokens": 40, "cache_creation_input_tokens": 2}
    events: list[dict[str, Any]] = [
        {
            "type": "message_start",
            "message": {
                "id": "m1",
                "type": "message",
                "role": "assistant",
                "model": "claude",
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "usage": used | (usage or {}),
            },
        }
    ]
    for index, block in enumerate(blocks):
        if block["type"] == "text":
            start: dict[str, Any] = {"type": "text", "text": ""}
            deltas = [{"type": "text_delta", "text": part} for part in block["text"].split("|")]
        else:
            start = {"type": "tool_use", "id": block["id"], "name": block["name"], "input": {}}
            raw = json.dumps(block["input"])
            deltas = [{"type": "input_json_delta", "partial_json": part} for part in (raw[:4], raw[4:])]
        events.append({"type": "content_block_start", "index": index, "content_block": start})
        events += [{"type": "content_block_delta", "index": index, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": index})
    delta = {"stop_reason": stop, "stop_sequence": None}
    events += [{"type": "message_delta", "delta": delta, "usage": {"output_tokens": 7}}, {"type": "message_stop"}]
    return "".join(f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in events).encode()


class Api(Loopback):
    def model(self, **more: Any) -> AnthropicModel:
        return AnthropicModel(AnthropicConfig(model="claude", api_key="k", base_url=self.url, retries=0, **more))


@pytest.fixture
def api() -> Iterator[Api]:
    with loopback(Api) as made:
        yield made


def test_text_tools_usage_and_streaming(api: Api) -> None:
    call = {"type": "tool_use", "id": "t9", "name": "trim", "input": {"clip": "clip-2", "seconds": 1.5}}
    api.answers = [(200, streamed([{"type": "text", "text": "I |cut"}, call], "tool_use"))]
    heard: list[str] = []
    reply = api.model(on_piece=heard.append).reply(TALK, tools=(TOOL,))
    assert (reply.text, reply.stopped, heard[:2]) == ("I cut", "tool_calls", ["I ", "cut"])
    assert json.loads("".join(heard[2:])) == {"clip": "clip-2", "seconds": 1.5}  # a call is heard as it is written
    assert reply.tool_calls == (ToolCall(id="t9", name="trim", arguments={"clip": "clip-2", "seconds": 1.5}),)
    usage = reply.usage
    assert (usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens) == (47, 40, 7)
    sent = api.requests[0]
    assert (sent["path"], sent["key"], sent["stream"]) == ("/v1/messages", "k", True)
    assert sent["system"] == [{"type": "text", "text": "You edit.", "cache_control": {"type": "ephemeral"}}]
    assert sent["tools"][0]["input_schema"] == TOOL.parameters


def test_turns_alternate_and_the_tail_is_not_cached() -> None:
    turns = to_turns(TALK)
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    result, tail = turns[2]["content"]
    assert result["tool_use_id"] == "c1" and "cache_control" in result
    assert tail["text"].startswith("tail") and "cache_control" not in tail
    marks = sum("cache_control" in block for turn in turns for block in turn["content"])
    assert marks <= 3  # with the system's one, the API takes four


def test_an_answer_to_a_schema(api: Api) -> None:
    api.answers = [(200, streamed([{"type": "tool_use", "id": "t", "name": "answer", "input": {"n": 3}}], "tool_use"))]
    reply = api.model().reply(TALK[:2], schema={"type": "object", "properties": {"n": {"type": "integer"}}})
    assert (json.loads(reply.text), reply.tool_calls, reply.stopped) == ({"n": 3}, (), "stop")
    assert api.requests[0]["tool_choice"] == {"type": "tool", "name": "answer"}


def test_pictures_are_shown(api: Api, tmp_path: Path) -> None:
    picture = tmp_path / "frame.png"
    picture.write_bytes(b"\x89PNG")
    api.answers = [(200, streamed([{"type": "text", "text": "a fox"}]))] * 2
    shown = [Message(role="user", content="what is it?", images=(picture,))]
    api.model().reply(shown)
    assert api.requests[0]["messages"][0]["content"][1]["source"]["media_type"] == "image/png"
    api.model(sees=False).reply(shown)
    assert len(api.requests[1]["messages"][0]["content"]) == 1
    with pytest.raises(ModelError, match=r"notes.txt can't be shown"):
        api.model().reply([Message(role="user", content="x", images=(tmp_path / "notes.txt",))])


@pytest.mark.parametrize(
    ("status", "said"), [(401, "ANTHROPIC_API_KEY"), (404, "knows no model"), (429, "limits requests"), (400, "failed")]
)
def test_refusals_say_the_way_out(api: Api, status: int, said: str) -> None:
    api.answers = [(status, json.dumps({"type": "error", "error": {"type": "x", "message": "no"}}).encode())]
    with pytest.raises(ModelError, match=said):
        api.model().reply(TALK)


def test_no_server_and_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = AnthropicConfig(model="claude", api_key="k", base_url="http://127.0.0.1:9", retries=0)
    with pytest.raises(ModelError, match="can't reach"):
        AnthropicModel(nobody).reply(TALK)
    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    with pytest.raises(ModelError, match="set ANTHROPIC_API_KEY"):
        AnthropicModel(AnthropicConfig(model="claude"))


def test_a_call_that_was_cut_off_is_not_run(api: Api) -> None:
    whole = {"type": "tool_use", "id": "t1", "name": "trim", "input": {"clip": "clip-1"}}
    half = {"type": "tool_use", "id": "t2", "name": "plan", "input": {"shots": [{"what": "a fox"}]}}
    api.answers = [(200, streamed([whole, half], "max_tokens"))]
    first, second = api.model().reply(TALK, tools=(TOOL,)).tool_calls
    assert first.arguments == {"clip": "clip-1"} and not first.problem
    assert second.arguments == {} and "cut off" in second.problem


def test_a_stream_that_breaks_off_is_no_answer(api: Api) -> None:
    events = streamed([{"type": "text", "text": "I |cut"}]).split(b"event: message_delta")[0]
    api.answers = [(200, events)]
    with pytest.raises(ModelError, match="broke off in the middle of an answer of claude; run it again"):
        api.model().reply(TALK)
