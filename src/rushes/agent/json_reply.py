"""JSON out of what a language model wrote: read leniently, checked strictly, asked again a bounded number of times."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, TypeVar

from rushes.agent.models import BadReply, LanguageModel, Message, Reply

T = TypeVar("T")

MOST_TEXT = 200_000  # characters of one reply that are read


def read_json(text: str) -> Any:
    """The first JSON array or object in a text, with the faults mended that small models make.

    Mended: code fences and words around it, trailing commas, single quotes, Python's True and None, an end that was cut
    off. Raises ValueError.
    """
    text = re.sub(r"<think>.*?</think>", "", text[:MOST_TEXT], flags=re.DOTALL)
    begins = [at for at in (text.find("["), text.find("{")) if at >= 0]
    if not begins:
        raise ValueError("there is no JSON in it; answer with JSON only")
    body = text[min(begins) :]
    decoder = json.JSONDecoder()
    for candidate in (body, _mended(body)):
        try:
            return decoder.raw_decode(candidate)[0]
        except json.JSONDecodeError as error:
            problem = f"{error.msg} at character {error.pos}"
    raise ValueError(f"the JSON can't be read ({problem}); answer with valid JSON only")


def _mended(body: str) -> str:
    body = body.split("```")[0]
    if '"' not in body:
        body = body.replace("'", '"')
    body = re.sub(r"\bTrue\b", "true", body)
    body = re.sub(r"\bFalse\b", "false", body)
    body = re.sub(r"\bNone\b", "null", body)
    body = re.sub(r"//[^\n\"]*$", "", body, flags=re.MULTILINE)
    body = re.sub(r"}\s*{", "}, {", body)
    return re.sub(r",\s*([\]}])", r"\1", _closed(body))


def _closed(body: str) -> str:
    """With the brackets that a cut-off answer left open; a half member at the end goes."""
    open_, in_string, escaped = [], False, False
    whole_until, whole_open = 0, ""  # where the last complete member ended, and what was open there
    for place, letter in enumerate(body):
        if in_string:
            in_string = escaped or letter != '"'
            escaped = letter == "\\" and not escaped
            continue
        if letter == '"':
            in_string = True
        elif letter in "[{":
            open_.append("]" if letter == "[" else "}")
        elif letter in "]}":
            if not open_:
                return body[:place]
            open_.pop()
            whole_until, whole_open = place + 1, "".join(reversed(open_))
            if not open_:
                return body[: place + 1]
    return (
        body[:whole_until] + whole_open if whole_until else body + ('"' if in_string else "") + "".join(reversed(open_))
    )


def ask_json(
    model: LanguageModel,
    messages: list[Message],
    check: Callable[[Any], T],
    *,
    schema: dict[str, Any] | None = None,
    repairs: int = 2,
    max_tokens: int = 1024,
    reply: Callable[[list[Message]], Reply] | None = None,
) -> T:
    """Asks until `check` (which raises ValueError) takes the answer, at most 1 + `repairs` times.

    `reply`: how to ask instead of `model.reply` (the director asks through a durable step). Raises BadReply with the
    last fault; ModelError comes through.
    """

    def plainly(asked: list[Message]) -> Reply:
        return model.reply(asked, schema=schema, max_tokens=max_tokens)

    ask = reply or plainly
    problem = ""
    asked = list(messages)
    for _ in range(1 + repairs):
        answer = ask(asked)
        try:
            return check(read_json(answer.text))
        except ValueError as error:
            problem = str(error) if answer.stopped != "length" else f"it was cut off; answer in fewer words ({error})"
        # Only the last wrong answer is shown again: a small model's context is short.
        asked = [
            *messages,
            Message(role="assistant", content=answer.text[:1500] or "(nothing)"),
            Message(role="user", content=f"That can't be used: {problem}. Answer again, with JSON only."),
        ]
    raise BadReply(f"{model.name} gave no usable JSON in {1 + repairs} answers: {problem}")
