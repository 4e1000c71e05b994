"""The OpenAI adapter against a real HTTP server on the loopback interface."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from loopback import Loopback, loopback

from rushes.agent.models import Message, ModelError, ToolSpec
from rushes.agent.openai_model import OpenAIConfig, OpenAIModel

TOOL = ToolSpec(name="trim", description="Trim.", parameters={"type": "object", "properties": {}, "required": []})
ASK = [Message(role="system", content="be brief"), Message(role="user", content="a fox?")]


class Endpoint(Loopback):
    def model(self, **more: Any) -> OpenAIModel:
        return OpenAIModel(OpenAIConfig(model="small", base_url=f"{self.url}/v1", timeout=10, **more))


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with loopback(Endpoint) as made:
        yield made


def answer(content: str | None = "a fox", calls: list[dict[str, Any]] | None = None) -> tuple[int, dict[str, Any]]:
    message = {"role": "assistant", "content": content, "tool_calls": calls}
    return 200, {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "small",
        "choices": [{"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop"}],
        "usage": {"prompt_tokens": 11, "completion_tokens": 3, "total_tokens": 14},
    }


def error(status: int, text: str) -> tuple[int, dict[str, Any]]:
    return status, {"error": {"message": text, "type": "x", "code": None}}


def test_text_and_usage(endpoint: Endpoint):
    endpoint.answers = [answer()]
    reply = endpoint.model().reply(ASK, max_tokens=50)
    assert (reply.text, reply.usage.prompt_tokens, reply.usage.completion_tokens) == ("a fox", 11, 3)
    sent = endpoint.requests[0]
    assert sent["path"] == "/v1/chat/completions" and sent["model"] == "small" and sent["max_tokens"] == 50
    assert sent["messages"][1] == {"role": "user", "content": "a fox?"}
    assert "tools" not in sent and "response_format" not in sent


def test_tools_go_out_and_calls_come_back(endpoint: Endpoint):
    call = {"id": "c1", "type": "function", "function": {"name": "shoot", "arguments": '{"shot": "shot-1"}'}}
    broken = {"id": "c2", "type": "function", "function": {"name": "shoot", "arguments": "shot one"}}
    endpoint.answers = [answer(None, [call, broken]), answer("done")]
    model = endpoint.model()
    spec = ToolSpec(name="shoot", description="shoots", parameters={"type": "object", "properties": {}})
    reply = model.reply(ASK, tools=(spec,))
    assert endpoint.requests[0]["tools"][0]["function"]["name"] == "shoot"
    first, second = reply.tool_calls
    assert (first.name, first.arguments, first.problem) == ("shoot", {"shot": "shot-1"}, "")
    assert second.problem and second.arguments == {}
    history = [*ASK, Message(role="assistant", tool_calls=reply.tool_calls)]
    model.reply([*history, Message(role="tool", content="take-1", tool_call_id="c1")])
    sent = endpoint.requests[1]["messages"]
    assert json.loads(sent[2]["tool_calls"][0]["function"]["arguments"]) == {"shot": "shot-1"}
    assert sent[3] == {"role": "tool", "content": "take-1", "tool_call_id": "c1"}


def test_a_schema_is_asked_for_and_done_without_where_it_is_refused(endpoint: Endpoint):
    endpoint.answers = [answer("{}"), error(400, "response_format is not supported"), answer("{}"), answer("{}")]
    model = endpoint.model()
    model.reply(ASK, schema={"type": "object"})
    assert endpoint.requests[0]["response_format"]["json_schema"]["schema"] == {"type": "object"}
    model.reply(ASK, schema={"type": "object"})
    model.reply(ASK, schema={"type": "object"})
    assert ["response_format" in sent for sent in endpoint.requests] == [True, True, False, False]


def test_a_fault_that_passes_is_tried_again(endpoint: Endpoint):
    endpoint.answers = [error(503, "busy"), answer("here")]
    assert endpoint.model(retries=1).reply(ASK).text == "here"


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "key"), (404, "knows no model 'small'"), (429, "limits requests"), (400, "failed"), (500, "failed")],
)
def test_refusals_are_one_clear_line(endpoint: Endpoint, status: int, said: str):
    endpoint.answers = [error(status, "no\nway")] * 3
    with pytest.raises(ModelError, match=said) as raised:
        endpoint.model(retries=0).reply(ASK)
    assert "\n" not in str(raised.value)
    assert len(endpoint.requests) == 1


def test_an_answer_without_a_message(endpoint: Endpoint):
    endpoint.answers = [(200, {"choices": []})]
    with pytest.raises(ModelError, match="without a message"):
        endpoint.model().reply(ASK)


def test_nobody_listens():
    model = OpenAIModel(OpenAIConfig(model="small", base_url="http://127.0.0.1:9/v1", retries=0, timeout=5))
    with pytest.raises(ModelError, match="can't reach"):
        model.reply(ASK)


def test_a_model_needs_a_name():
    with pytest.raises(ModelError, match="name"):
        OpenAIModel(OpenAIConfig(model=" ", base_url="http://127.0.0.1:9/v1"))


def test_an_answer_streams_to_whoever_listens(endpoint: Endpoint):
    def chunk(delta: dict[str, Any], finish: str | None = None, usage: dict[str, Any] | None = None) -> str:
        choices = [] if usage else [{"index": 0, "delta": delta, "finish_reason": finish}]
        data = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "small", "choices": choices}
        return f"data: {json.dumps(data | ({'usage': usage} if usage else {}))}\n\n"

    call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "trim", "arguments": '{"clip":'}}
    rest = {"index": 0, "function": {"arguments": ' "clip-1"}'}}
    used = {
        "prompt_tokens": 9,
        "completion_tokens": 4,
        "total_tokens": 13,
        "prompt_tokens_details": {"cached_tokens": 6},
    }
    parts = [
        chunk({"role": "assistant", "content": "I "}),
        chunk({"content": "cut"}),
        chunk({"tool_calls": [call]}),
        chunk({"tool_calls": [rest]}, "tool_calls"),
        chunk({}, usage=used),
        "data: [DONE]\n\n",
    ]
    endpoint.answers = [(200, "".join(parts).encode())]
    heard: list[str] = []
    reply = endpoint.model(on_piece=heard.append).reply(ASK, tools=(TOOL,))
    assert (reply.text, heard) == ("I cut", ["I ", "cut", '{"clip":', ' "clip-1"}'])
    assert (reply.tool_calls[0].name, reply.tool_calls[0].arguments) == ("trim", {"clip": "clip-1"})
    assert (reply.usage.prompt_tokens, reply.usage.cached_tokens) == (9, 6)
    assert endpoint.requests[0]["stream"] is True


def test_pictures_are_shown_to_a_model_that_sees(endpoint: Endpoint, tmp_path):
    picture = tmp_path / "frame.jpg"
    picture.write_bytes(b"\xff\xd8")
    asked = [Message(role="user", content="what is it?", images=(picture,))]
    endpoint.answers = [answer(), answer()]
    endpoint.model(sees=True).reply(asked)
    endpoint.model().reply(asked)
    seen, blind = (request["messages"][0]["content"] for request in endpoint.requests)
    assert seen[1]["image_url"]["url"].startswith("data:image/jpeg;base64,") and blind == "what is it?"


def test_arguments_that_were_cut_off_are_not_mended(endpoint: Endpoint):
    half = '{"shots": [{"what": "a fox", "seconds": 2}, {"what": "a bo'
    call = {"id": "c1", "type": "function", "function": {"name": "plan", "arguments": half}}
    status, cut = answer(None, [call])
    cut["choices"][0]["finish_reason"] = "length"
    endpoint.answers = [(status, cut), answer(None, [call])]
    first, second = (endpoint.model().reply(ASK).tool_calls[0] for _ in range(2))
    assert first.arguments == {} and "cut off" in first.problem and "ask for less" in first.problem
    assert second.arguments == {"shots": [{"what": "a fox", "seconds": 2}]}  # a small model's slip, in a whole answer


@pytest.mark.parametrize("last", ["", "data: [DONE]\n\n"])
def test_a_stream_that_breaks_off_is_no_answer(endpoint: Endpoint, last: str):
    call = {"index": 0, "id": "c1", "type": "function", "function": {"name": "trim", "arguments": "{}"}}
    data = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "small"}
    data["choices"] = [{"index": 0, "delta": {"role": "assistant", "tool_calls": [call]}, "finish_reason": None}]
    endpoint.answers = [(200, f"data: {json.dumps(data)}\n\n{last}".encode())]
    with pytest.raises(ModelError, match="broke off in the middle of an answer of small; run it again"):
        endpoint.model(on_piece=lambda piece: None).reply(ASK)


@pytest.mark.parametrize("streams", [False, True])
@pytest.mark.parametrize("said", [b"{half of", b"<html>welcome</html>", b"data: {half of\n\n"])
def test_garbage_is_one_clear_line(endpoint: Endpoint, said: bytes, streams: bool):
    endpoint.answers = [(200, said)]
    with pytest.raises(ModelError, match="without a message; is http"):
        endpoint.model(retries=0, on_piece=(lambda piece: None) if streams else None).reply(ASK)


def test_odd_answers_of_odd_servers(endpoint: Endpoint):
    nameless = {"id": None, "type": "function", "function": None}
    parts = answer()
    parts[1]["choices"][0]["message"]["content"] = [{"type": "text", "text": "a "}, {"type": "text", "text": "fox"}]
    endpoint.answers = [answer(None, [nameless]), parts]
    call = endpoint.model().reply(ASK).tool_calls[0]
    assert (call.name, call.arguments) == ("", {})  # the toolbox says which tools there are
    assert endpoint.model().reply(ASK).text == "a fox"
