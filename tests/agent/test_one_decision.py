"""A small model in the loop: what it is shown, and what is made of what it writes."""

import json

import pytest

from rushes.agent.harness.new_tool import with_version
from rushes.agent.harness.version import HarnessVersion
from rushes.agent.models import Message, ToolCall, ToolSpec
from rushes.agent.one_decision import MOST_TOOLS, OneDecision, decision_schema, offered, question
from rushes.agent.scripted import ScriptedModel
from rushes.agent.session import SYSTEM
from rushes.agent.tool import Answer, Tool


def spec(name: str, required: tuple[str, ...] = (), **types: str) -> ToolSpec:
    properties = {key: {"type": type} for key, type in types.items()}
    parameters = {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}
    return ToolSpec(name=name, description=f"Does {name}. And more.", parameters=parameters)


TOOLS = (spec("text", ("text", "start"), text="string", start="number", end="number"), spec("timeline"), spec("finish"))
ASK = [Message(role="system", content=SYSTEM), Message(role="user", content="put SALE at 7.5")]


def decide(*lines: str) -> list[ToolCall]:
    model = OneDecision(ScriptedModel(lines, uses_tools=False))
    return list(model.reply(ASK, tools=TOOLS).tool_calls)


@pytest.mark.parametrize(
    "line",
    [
        '{"tool": "text", "arguments": {"text": "SALE", "start": 7.5}}',
        '{"name": "text", "args": {"text": "SALE", "start": "7,5 s", "end": null}}',
        '```json\n{"tool": "text", "text": "SALE", "start": "00:07.5"}\n```',
        '{"text": {"text": "SALE", "start": 7.5}}',
        '[{"function": "text(...)", "parameters": {"text": "SALE", "start": "7.5"}}]',
    ],
)
def test_the_shapes_in_which_small_models_answer(line: str) -> None:
    (call,) = decide(line)
    assert (call.name, call.arguments) == ("text", {"text": "SALE", "start": 7.5})


def test_a_wrong_answer_is_mended_with_what_was_wrong() -> None:
    scripted = ScriptedModel(['{"tool": "dance"}', '{"tool": "text", "arguments": {}}', '{"tool": "timeline"}'])
    (call,) = OneDecision(scripted).reply(ASK, tools=TOOLS).tool_calls
    assert call.name == "timeline"
    assert "no tool is called 'dance'" in scripted.asked[1][-1].content
    assert "needs 'text'" in scripted.asked[2][-1].content


def test_answers_that_can_not_be_used_are_no_call() -> None:
    reply = OneDecision(ScriptedModel(["I would", "rather", "not"])).reply(ASK, tools=TOOLS)
    assert reply.tool_calls == () and "no usable JSON" in reply.text


def test_the_prompt_is_short_and_says_what_was_done() -> None:
    call = ToolCall(id="c", name="timeline", arguments={})
    talk = [
        *ASK,
        Message(role="assistant", tool_calls=(call,)),
        Message(role="tool", content="x " * 900, tool_call_id="c"),
    ]
    words = "\n".join(message.content for message in question(talk, TOOLS))
    assert len(words) < 1500
    for piece in ("text(text, start, [end]): Does text", "put SALE at 7.5", "timeline({}) -> x x"):
        assert piece in words


def test_a_version_of_the_harness_and_a_persona_reach_it() -> None:
    version = HarnessVersion(system="SECONDS ARE FRAMES OVER THE RATE.", notes={"text": "Never in red."})
    run = Tool(spec=TOOLS[0], run=lambda arguments: Answer(text="ok"))
    specs = tuple(each.spec for each in with_version(version, [run])) + TOOLS[1:]
    head, body = question([Message(role="system", content=version.system), *ASK[1:]], specs)
    assert "SECONDS ARE FRAMES" in head.content and "text(text, start, [end]): Does text. Never in red." in body.content
    plain, _ = question(ASK, TOOLS)
    persona, _ = question([Message(role="system", content=f"{SYSTEM}\n\nThink as a founder."), *ASK[1:]], TOOLS)
    assert persona.content == f"{plain.content}\n\nThink as a founder."
    long, _ = question([Message(role="system", content="word " * 5000), *ASK[1:]], TOOLS)
    assert len(long.content) < 1500


def test_the_schema_allows_one_of_the_tools() -> None:
    names = [each["properties"]["tool"]["const"] for each in decision_schema(TOOLS)["anyOf"]]
    assert names == ["text", "timeline", "finish"] and json.dumps(decision_schema(TOOLS))


def test_it_is_shown_the_users_words_and_few_tools() -> None:
    many = (*TOOLS, *(spec(f"other{n}") for n in range(60)), spec("narrate", text="string"), spec("grade"))
    tail = Message(role="user", content="[context] 9 of 24000 tokens used, 23991 left.")
    words = question([*ASK, tail], many)[1].content
    assert "SALE" in words and "24000" not in words
    asked = [Message(role="user", content="narrate the story")]
    names = [each.name for each in offered(asked, many)]
    assert len(names) == MOST_TOOLS and {"narrate", "timeline", "text"} <= set(names)
    asked = [Message(role="user", content="the second shot should be warmer")]  # which says no tool's name
    assert "grade" in [each.name for each in offered(asked, many)]


def made(number: int, name: str, answer: str = "done") -> list[Message]:
    call = ToolCall(id=f"c{number}", name=name, arguments={})
    return [Message(role="assistant", tool_calls=(call,)), Message(role="tool", content=answer, tool_call_id=call.id)]


def test_no_circles_and_no_early_end() -> None:
    def names(*done: Message) -> set[str]:
        return {each.name for each in offered([*ASK, *done], TOOLS)}

    assert names() == {"text", "timeline"}
    assert names(*made(1, "timeline")) == {"text"}
    assert names(*made(1, "text")) == {"text", "timeline", "finish"}
    assert names(*made(1, "text"), *made(2, "text")) == {"timeline", "finish"}
    again = ScriptedModel(['{"tool": "timeline", "arguments": {}}'])
    (call,) = OneDecision(again).reply([*ASK, *made(1, "text"), *made(2, "open")], tools=TOOLS).tool_calls
    assert call.name == "timeline"
    assert names(*made(1, "text", "error: no"), *made(2, "text", "error: no")) == {"timeline", "finish"}


def test_an_error_that_names_the_way_out_leaves_only_that() -> None:
    call = ToolCall(id="c", name="timeline", arguments={})
    failed = Message(role="tool", content="[e3] error: no cut yet; finish() or lay() it", tool_call_id="c")
    names = [each.name for each in offered([*ASK, Message(role="assistant", tool_calls=(call,)), failed], TOOLS)]
    assert names == ["finish"]


def test_times_are_added_up_in_code() -> None:
    words = question([Message(role="user", content="put SALE at 00:07.5 for 2 seconds")], TOOLS)[1].content
    assert "start 7.5 end 9.5" in words


def test_what_is_done_already_is_the_end() -> None:
    model = ScriptedModel(['{"tool": "text", "arguments": {"text": "SALE", "start": 7.5}}'])
    call = ToolCall(id="c", name="text", arguments={"text": "SALE", "start": 7.5})
    before = [Message(role="assistant", tool_calls=(call,)), Message(role="tool", content="title-1", tool_call_id="c")]
    (next_call,) = OneDecision(model).reply([*ASK, *before], tools=TOOLS).tool_calls
    assert next_call.name == "finish"
