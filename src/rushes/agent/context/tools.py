"""The tools by which a model manages its own context."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from rushes.agent.context import edits
from rushes.agent.context.edits import Edit
from rushes.agent.context.ledger import Ledger
from rushes.agent.context.recall import recall
from rushes.agent.tool import Answer, Tool, tool

IDS = {"type": "array", "items": {"type": "string"}, "description": "ids of entries, such as e12"}
WORDS = {"type": "string"}


def tools_of_session(ledger: Ledger) -> list[Tool]:
    """The same tools, whose edits take effect with their answer: a call that a kill cuts short has edited nothing."""

    def apart(name: str, arguments: dict[str, Any]) -> Answer:
        made: list[Edit] = []
        tried = ledger.fork(made)
        answer = next(each for each in context_tools(tried) if each.spec.name == name).run(arguments)
        answer = answer if isinstance(answer, Answer) else Answer(text=answer)
        return replace(answer, edits=tuple(made))

    return [replace(each, run=partial(apart, each.spec.name)) for each in context_tools(ledger)]


def context_tools(ledger: Ledger) -> list[Tool]:
    """On a ledger that nothing else writes; edits take effect at once."""

    def ids_of(arguments: dict[str, Any]) -> list[str]:
        return [str(id).strip("[] ") for id in arguments.get("ids", [])]

    def drop(arguments: dict[str, Any]) -> str:
        return edits.drop(ledger, ids_of(arguments))

    def shrink(arguments: dict[str, Any]) -> str:
        return edits.shrink(ledger, ids_of(arguments), arguments.get("text", "").strip())

    def pin(arguments: dict[str, Any]) -> str:
        return edits.pin(ledger, ids_of(arguments), off=arguments.get("off", False))

    def call_back(arguments: dict[str, Any]) -> Answer:
        words, first, standing = (arguments.get(name) for name in ("words", "first", "standing"))
        return recall(ledger, ids=ids_of(arguments), words=words or "", first=first or "", standing=bool(standing))

    def note(arguments: dict[str, Any]) -> str:
        return edits.note(ledger, arguments["text"])

    return [
        tool(
            "drop",
            "Leave entries out of your context that are of no more use. recall brings them back.",
            {"ids": IDS},
            ("ids",),
            drop,
        ),
        tool(
            "shrink",
            "Keep only the first line of entries, or your own text in their place.",
            {"ids": IDS, "text": WORDS},
            ("ids",),
            shrink,
        ),
        tool(
            "pin",
            "Keep entries whole for good; with off, no longer.",
            {"ids": IDS, "off": {"type": "boolean"}},
            ("ids",),
            pin,
        ),
        tool(
            "recall",
            "Bring entries back whole by ids, by words to search for, or by the first appearance of a name; or, with "
            "standing, lines that say what no other does, such as settings and decisions.",
            {"ids": IDS, "words": WORDS, "first": WORDS, "standing": {"type": "boolean"}},
            (),
            call_back,
        ),
        tool("note", "Write a note to yourself that stays in your context.", {"text": WORDS}, ("text",), note),
    ]
