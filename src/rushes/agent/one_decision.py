"""A small language model in the director's loop: a short prompt, and one decision at a time.

Models of one or two billion weights lose their way in a list of tools with schemas and in a long history. Asked for one
line of JSON, with the tools as signatures, the user's words and the last few results, they do. What they answer is
held to a schema where the backend can, repaired where it can't, and its numbers are read out of whatever they wrote.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

from rushes.agent.builtin.hands import is_words
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.json_reply import ask_json
from rushes.agent.models import BadReply, LanguageModel, Message, Reply, ToolCall, ToolSpec, Usage
from rushes.agent.session import SYSTEM
from rushes.agent.tool import check_arguments

RESULTS = 4  # last results of tools that are shown
LONGEST = 400  # characters of one of them
WISHES = 6  # last words of the user that are shown
MANNER = 1200  # characters of a system text that is not the loop's own: a version of the harness, a persona
NOTE = 300  # characters of a version's note on a tool
MOST_TOOLS = 18  # that it chooses from
# What most wishes need; others are offered where code reads them in the user's words, or the last answer names them.
CORE = (
    "timeline open lay text retext remove remove_span trim split move frame speed volume music fit_length inspect plan "
    "shoot say finish"
).split()
READING = (
    "timeline",
    "board",
    "look",
    "inspect",
    "estimate",
    "measure",
    "pages",
    "read",
    "find",
    "date",
)  # change nothing
PREPARING = ("open", "lay")  # nobody asks for these alone
HEAD = "You edit a film. Choose the ONE next tool. Answer with JSON only."


class OneDecision:
    """`model`, one that `uses_tools` not, as one that does: each answer is one tool call."""

    uses_tools = True

    def __init__(self, model: LanguageModel, *, repairs: int = 2) -> None:
        self.model = model
        self.name = model.name
        self._repairs = repairs

    def reply(
        self,
        messages: list[Message],
        *,
        tools: tuple[ToolSpec, ...] = (),
        schema: dict[str, Any] | None = None,
        max_tokens: int = 1024,
    ) -> Reply:
        """Raises ModelError where the model can't be reached."""
        if not tools:
            return self.model.reply(messages, schema=schema, max_tokens=max_tokens)
        every, tools = tools, offered(messages, tools)
        specs = {spec.name: spec for spec in tools}
        usages: list[Usage] = []

        def ask(asked: list[Message]) -> Reply:
            reply = self.model.reply(asked, schema=decision_schema(tools), max_tokens=min(max_tokens, 400))
            usages.append(reply.usage)
            return reply

        def check(answer: Any) -> tuple[str, dict[str, Any]]:
            name, arguments = read_decision(answer, specs)
            check_arguments(specs[name], arguments)
            return name, arguments

        try:
            name, arguments = ask_json(self.model, question(messages, tools), check, repairs=self._repairs, reply=ask)
        except BadReply as error:
            return Reply(text=f"({error})", usage=_sum(usages))
        if "finish" in {spec.name for spec in every} and (name, arguments) in done_now(messages):
            name, arguments = "finish", {}  # it would do again what it has done: it is done
        call = ToolCall(id="call-1", name=name, arguments=arguments)
        return Reply(tool_calls=(call,), usage=_sum(usages), stopped="tool_calls")


def question(messages: list[Message], tools: tuple[ToolSpec, ...]) -> list[Message]:
    """The short prompt: tools as signatures, what the user said, what the last tools answered."""
    said = words_of(messages)
    called = {call.id: call for message in messages for call in message.tool_calls}
    results = [message for message in messages if message.role == "tool"][-RESULTS:]
    lines = ["Tools:", *(signature(spec) for spec in tools), "", "The user said, oldest first:"]
    lines += [f"- {text[:LONGEST]}" for text in said[-WISHES:]]
    lines += [f"  (read as: {wishes})" for text in said[-1:] if (wishes := read_as(text))]
    if results:
        lines += ["", "Done so far:"]
    for result in results:
        call = called.get(result.tool_call_id)
        done = f"{call.name}({json.dumps(call.arguments, ensure_ascii=False)[:120]})" if call else "a tool"
        lines.append(f"- {done} -> {' '.join(result.content.split())[:LONGEST]}")
    lines += [
        "",
        'Answer like {"tool": "timeline", "arguments": {}}. When all is done: {"tool": "finish", "arguments": {}}',
    ]
    head = "\n\n".join(part for part in (HEAD, told_beside(messages)) if part)
    return [Message(role="system", content=head), Message(role="user", content="\n".join(lines))]


def told_beside(messages: list[Message]) -> str:
    """What the system text says beside the loop's own, which is said shorter in `HEAD`."""
    text = next((message.content for message in messages if message.role == "system"), "")
    return text.removeprefix(SYSTEM).strip()[:MANNER]


def read_as(words: str) -> str:
    """The user's words as code reads them, times in seconds: small models add up badly."""
    found = []
    for wish in read_wishes(words):
        parts = [wish.act, wish.name, f"{wish.value:g}" if wish.value else "", repr(wish.text) if wish.text else ""]
        span = wish.span
        if span is not None and span.start is not None and not span.from_end and not span.start.frames:
            parts.append(f"start {span.start.seconds:g}")
            if span.end is not None and not span.end.frames:
                parts.append(f"end {span.end.seconds:g}")
            elif span.length is not None and not span.length.frames:
                parts.append(f"end {span.start.seconds + span.length.seconds:g}")
        found.append(" ".join(part for part in parts if part))
    return "; ".join(found)


def words_of(messages: list[Message]) -> list[str]:
    """What the user said, oldest first."""
    return [message.content for message in messages if message.role == "user" and is_words(message.content)]


def offered(messages: list[Message], tools: tuple[ToolSpec, ...]) -> tuple[ToolSpec, ...]:
    """The few tools that a small model chooses from: those it was told of first, then what most wishes need.

    Small models go in circles, and give up early: what was just read, or called twice in the same words, is not offered
    again, and `finish` only once something was changed, or twice refused, since the user last spoke.
    """
    calls = [call for message in messages for call in message.tool_calls]
    results = [message.content for message in messages if message.role == "tool"]
    told = " ".join([*words_of(messages)[-1:], *results[-1:]]).lower()
    circling = len(calls) > 1 and (calls[-1].name, calls[-1].arguments) == (calls[-2].name, calls[-2].arguments)
    seen = calls[-1:] if circling or (calls and calls[-1].name in READING) else []
    early = {"finish"} if not _changed(messages) else set()
    known = [spec for spec in tools if spec.name not in early | {call.name for call in seen}]
    if results and "error:" in results[-1]:  # an error says the way out: the tools that it names are all it needs
        way_out = tuple(spec for spec in tools if f"{spec.name}(" in results[-1])
        if way_out:
            return way_out
    acts = {wish.act for words in words_of(messages)[-1:] for wish in read_wishes(words)}
    named = [spec.name for spec in known if spec.name in acts or re.search(rf"\b{re.escape(spec.name)}\b", told)]
    ranks = {name: place for place, name in enumerate(dict.fromkeys(["finish", *named, *CORE]))}
    chosen = {spec.name for spec in sorted(known, key=lambda spec: ranks.get(spec.name, len(ranks)))[:MOST_TOOLS]}
    return tuple(spec for spec in known if spec.name in chosen)


def _since_words(messages: list[Message]) -> list[tuple[ToolCall, str]]:
    """Calls that were answered since the user last spoke, with the answers."""
    spoken = [n for n, message in enumerate(messages) if message.role == "user" and is_words(message.content)]
    recent = messages[spoken[-1] :] if spoken else messages
    calls = {call.id: call for message in recent for call in message.tool_calls}
    answers = {message.tool_call_id: message.content for message in recent if message.role == "tool"}
    return [(call, answers[id]) for id, call in calls.items() if id in answers]


def done_now(messages: list[Message]) -> list[tuple[str, dict[str, Any]]]:
    """Changes that were made since the user last spoke."""
    return [
        (call.name, call.arguments)
        for call, answer in _since_words(messages)
        if call.name not in READING and "error:" not in answer
    ]


def _changed(messages: list[Message]) -> bool:
    tried = [
        "error:" not in answer for call, answer in _since_words(messages) if call.name not in (*READING, *PREPARING)
    ]
    return any(tried) or len(tried) > 1


def signature(spec: ToolSpec) -> str:
    """ "trim(clip, [start], [seconds]): …", one line; what a version of the harness notes on the tool stays whole."""
    required = spec.parameters.get("required", [])
    names = [name if name in required else f"[{name}]" for name in spec.parameters.get("properties", {})]
    about, _, note = spec.description.partition("\n")
    first = about.split(". ")[0].rstrip(".")
    return f"{spec.name}({', '.join(names)}): {first}" + (f". {' '.join(note.split())[:NOTE]}" if note else "")


def decision_schema(tools: tuple[ToolSpec, ...]) -> dict[str, Any]:
    """JSON schema of one tool with its arguments."""
    return {
        "anyOf": [
            {
                "type": "object",
                "properties": {"tool": {"const": spec.name}, "arguments": spec.parameters},
                "required": ["tool", "arguments"],
                "additionalProperties": False,
            }
            for spec in tools
        ]
    }


def read_decision(answer: Any, specs: dict[str, ToolSpec]) -> tuple[str, dict[str, Any]]:
    """Tool and arguments out of the shapes in which small models give them. Raises ValueError."""
    if isinstance(answer, list) and answer:
        answer = answer[0]
    if not isinstance(answer, dict):
        raise ValueError('answer with one object such as {"tool": "timeline", "arguments": {}}')
    name = next((answer[key] for key in ("tool", "name", "function", "action") if isinstance(answer.get(key), str)), "")
    name = name.split("(")[0].strip()
    if name not in specs:
        known = [each for each in specs if each in answer]  # {"finish": {}}
        if not known:
            raise ValueError(f"no tool is called {name!r}; choose one of {', '.join(specs)}")
        name, given = known[0], answer[known[0]]
    else:
        given = next((answer[key] for key in ("arguments", "args", "parameters", "input") if key in answer), None)
    if given is None:
        given = {key: value for key, value in answer.items() if key in specs[name].parameters["properties"]}
    if not isinstance(given, dict):
        given = {}
    types = {key: about["type"] for key, about in specs[name].parameters["properties"].items()}
    # Small models write null for what they leave out.
    return name, {key: _normal(value, types.get(key, "")) for key, value in given.items() if value is not None}


def _normal(value: Any, type: str) -> Any:
    """ "7,5 s", "00:07.5" and 7.5 are the same number."""
    if type == "number" and isinstance(value, str):
        clock = re.fullmatch(r"\s*(?:(\d+):)?(\d+):(\d+(?:[.,]\d+)?)\s*", value)
        if clock:
            hours, minutes, seconds = (float((part or "0").replace(",", ".")) for part in clock.groups())
            return hours * 3600 + minutes * 60 + seconds
        found = re.search(r"-?\d+(?:[.,]\d+)?", value)
        return float(found[0].replace(",", ".")) if found else value
    if type == "string" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value


def _sum(usages: list[Usage]) -> Usage:
    total = Usage()
    for usage in usages:
        total = replace(
            total,
            prompt_tokens=total.prompt_tokens + usage.prompt_tokens,
            completion_tokens=total.completion_tokens + usage.completion_tokens,
            cached_tokens=total.cached_tokens + usage.cached_tokens,
            seconds=total.seconds + usage.seconds,
        )
    return total
