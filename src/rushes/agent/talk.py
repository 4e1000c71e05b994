"""The tools by which a model speaks: to tell the user something, and to say that it is done."""

from __future__ import annotations

from typing import Any

from rushes.agent import events as happened
from rushes.agent.production import Production
from rushes.agent.tool import Answer, Tool, tool

TEXT = {"type": "string"}


def talk_tools(production: Production) -> list[Tool]:
    def say(arguments: dict[str, Any]) -> str:
        text = arguments["text"].strip()
        if not text:
            raise ValueError("say was given no words; give a text")
        production.events.send(happened.Noted(text=text, role="said"))
        return "the user was told; go on"

    def finish(arguments: dict[str, Any]) -> Answer:
        return Answer(text=arguments.get("text", "").strip() or "done", finished=True)

    return [
        tool(
            "say",
            "Tell the user something: a question, a warning, what can't be done. The film goes on.",
            {"text": TEXT},
            ("text",),
            say,
        ),
        tool("finish", "Say that you are done, and in a sentence what was made.", {"text": TEXT}, (), finish),
    ]
