"""How an entry looks to the model, and what it weighs there."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from rushes.agent.context.entry import Entry, EntryKind, Picture, count_tokens
from rushes.agent.models import Message, ToolCall

MESSAGE = 4  # tokens that a message takes beside its words
SHORT = 100  # characters that an entry is shrunk to
SHORT_ARGUMENT = 40  # characters of a shrunk call's argument
SAYS = {"note": "your note", "board": "changed on the board by a person", "reminder": "from your log"}


def make_entry(
    *,
    number: int,
    turn: int,
    kind: EntryKind,
    text: str,
    at: float = 0.0,
    tool: str = "",
    call: str = "",
    asked: tuple[ToolCall, ...] = (),
    pictures: tuple[Picture, ...] = (),
    group: str = "",
    pinned: bool = False,
    id: str = "",
) -> Entry:
    """An entry with its id ("e" and the number, if none is given), its short form and what both weigh.

    `group`: shared by a call and its results.
    """
    entry = Entry(
        id=id or f"e{number}",
        costs=(0, 0),
        number=number,
        turn=turn,
        kind=kind,
        text=text,
        short=shortened(text, pictures),
        at=at,
        tool=tool,
        call=call,
        calls=tuple(one.id for one in asked),
        asked=asked,
        pictures=pictures,
        group=group,
        pinned=pinned,
    )
    return weighed(entry)


def weighed(entry: Entry) -> Entry:
    """The entry with what it weighs at each level; a short form that saves nothing is no level."""
    whole, short = (message_tokens(message_of(entry, level)) for level in (0, 1))
    return replace(entry, costs=(whole, short) if short < whole else (whole,))


def shrunk(entry: Entry, text: str = "") -> Entry:
    """The entry as its short form, or as `text`, from now on: there is no whole level to come back to."""
    text = text or entry.short
    short = replace(entry, text=text, short=text, asked=_short_calls(entry.asked), pictures=())
    return replace(short, costs=(message_tokens(message_of(short, 0)),))


def shortened(text: str, pictures: tuple[Picture, ...] = ()) -> str:
    """The caption of the first picture, or the first line that says something, cut at a word."""
    first = next((line.strip() for line in text.splitlines() if line.strip()), "")
    if pictures:
        first = f"[picture {pictures[0].blob[:8]}: {pictures[0].caption}]"
    if len(first) <= SHORT and first == text.strip():
        return first
    cut = first if len(first) <= SHORT else first[:SHORT].rsplit(" ", 1)[0]
    return f"{cut} ... (shrunk)"


def message_of(entry: Entry, level: int = 0) -> Message:
    """The user's words stand as they were said; what tools and the board say bears the id to name it by."""
    text = whole_text(entry) if level == 0 else entry.short
    if entry.kind in ("user", "loop"):
        return Message(role="user", content=text)
    if entry.kind == "assistant":
        return Message(
            role="assistant", content=text, tool_calls=entry.asked if level == 0 else _short_calls(entry.asked)
        )
    if entry.kind == "tool":
        return Message(role="tool", content=f"[{entry.id}] {text}", tool_call_id=entry.call)
    return Message(role="user", content=f"[{entry.id}, {SAYS[entry.kind]}] {text}")


def whole_text(entry: Entry) -> str:
    """The text with a line for every picture."""
    return "\n".join([entry.text, *(f"[picture {one.blob[:8]}: {one.caption}]" for one in entry.pictures)])


def quoted(entry: Entry, lines: str = "") -> str:
    """The entry, or lines of it, as it is told in a later place: with its id, and who said it when."""
    who = f"tool {entry.tool}" if entry.kind == "tool" else entry.kind
    if lines:
        return f"{entry.id} ({who}, turn {entry.turn}, lines): {lines.removeprefix('(shrunk)').strip()}"
    return f"{entry.id} ({who}, turn {entry.turn}): {whole_text(entry)}"


def message_tokens(message: Message) -> int:
    """What a message weighs, its calls included."""
    calls = sum(count_tokens(call.name + json.dumps(call.arguments, ensure_ascii=False)) for call in message.tool_calls)
    return MESSAGE + count_tokens(message.content) + calls


def _short_calls(calls: tuple[ToolCall, ...]) -> tuple[ToolCall, ...]:
    return tuple(replace(call, arguments={k: _short_value(v) for k, v in call.arguments.items()}) for call in calls)


def _short_value(value: Any) -> Any:
    if isinstance(value, str) and len(value) > SHORT_ARGUMENT:
        return value[:SHORT_ARGUMENT] + "..."
    if isinstance(value, (list, dict)) and len(json.dumps(value)) > SHORT_ARGUMENT:
        return f"({len(value)} left out)"
    return value
