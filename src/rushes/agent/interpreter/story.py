"""What a language model decides of a new film, where the user gave no more than an idea: its title, and its shots.

One decision at a time. Whatever the answer is, the number of shots, their seconds and who can be filmed are put right
in code, and where no answer can be used the built-in director's own plan stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rushes.agent.brief import BriefError, read_brief
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.wishes import Wish
from rushes.agent.interpreter.checks import NOTHING
from rushes.agent.json_reply import ask_json
from rushes.agent.models import BadReply, LanguageModel, Message, Reply
from rushes.agent.storyboard import ask_storyboard

Ask = Callable[[list[Message], dict[str, Any], int], Reply]  # (messages, schema, tokens of the answer)
SECONDS_A_SHOT = 3.0
SECONDS = 12.0  # of a film whose length nobody said
MOST_SHOTS = 8
LONGEST_TITLE = 40  # characters
TITLE = r"\b(?<!no )(?<!without )(?<!without a )title\b"  # said where one is wanted
TITLE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"title": {"type": "string"}},
    "required": ["title"],
    "additionalProperties": False,
}


def make_of(words: str) -> Wish | None:
    """The new film that a message asks for, if it does."""
    return next((wish for wish in read_wishes(words) if wish.act == "make"), None)


def is_idea(words: str) -> bool:
    """Whether words that ask for nothing tell a film: somebody who can be filmed, and not the user's own doings."""
    if re.search(r"\b(?:i|i'm|me|my|we|our|us|you|your)\b", words.lower()):
        return False
    try:
        return bool(read_brief(words).cast) and all(wish.act in NOTHING for wish in read_wishes(words))
    except BriefError:
        return False


def leaves_open(words: str) -> bool:
    """Whether a new film lacks what the built-in director can't make up: a title that is wanted, anything to see."""
    make = make_of(words)
    return make is not None and (_wants_title(make, words) or (bool(make.words) and not _can_be_seen(make)))


def completed(model: LanguageModel, words: str, ask: Ask) -> str:
    """The message with what it leaves open, as far as the model has it; empty where it has nothing."""
    make = make_of(words)
    assert make is not None
    found = words.strip()
    try:
        if not _can_be_seen(make):
            shots = ". ".join(what.strip(" .") for what in _shots(model, make, make.value or SECONDS, ask))
            found = f"{found.rstrip('.')}.\n{shots}."
        if _wants_title(make, words):
            title = _title(model, words, ask)
            found = f"{found.rstrip('.')}.\nTitle: '{title}'."
    except BadReply:
        pass
    return "" if found == words.strip() else found


def _wants_title(make: Wish, words: str) -> bool:
    return not make.text and re.search(TITLE, words, re.I) is not None


def _can_be_seen(make: Wish) -> bool:
    try:
        return bool(read_brief(make.words).beats)
    except BriefError:
        return False


def _title(model: LanguageModel, words: str, ask: Ask) -> str:
    asked = [
        Message(role="system", content='You name films in one to four words. Answer with JSON: {"title": "..."}'),
        Message(role="user", content=f"Film idea: {words[:600]}"),
    ]
    return ask_json(model, asked, _read_title, repairs=1, reply=lambda messages: ask(messages, TITLE_SCHEMA, 40))


def _shots(model: LanguageModel, make: Wish, seconds: float, ask: Ask) -> list[str]:
    """What happens, shot by shot; raises BadReply."""
    count = make.shots or max(1, min(MOST_SHOTS, round(seconds / SECONDS_A_SHOT)))
    lines = ask_storyboard(
        model,
        make.words,
        seconds=count * 2.5,  # it asks for a shot in 2.5 seconds
        world=None,
        reply=lambda messages, schema: ask(messages, schema, 600),
    )
    return [what for what, _ in lines[:count]]


def _read_title(answer: Any) -> str:
    title = answer.get("title") if isinstance(answer, dict) else None
    title = re.sub(r"[\"'`.:{}]", "", " ".join(str(title or "").split())).strip()
    if not title or title.lower() in ("null", "none", "title") or len(title) > LONGEST_TITLE:
        raise ValueError(f"give a title of one to four words, at most {LONGEST_TITLE} characters")
    return title


def only_an_idea(make: Wish) -> bool:
    """Whether the user told no more than what the film is about: nothing that follows anything."""
    if re.search(r"\bthen\b|[.;\n]\s*\w", make.words):
        return False
    try:
        return len(read_brief(make.words).beats) <= 2
    except BriefError:
        return True


def with_shots(model: LanguageModel, make: Wish, reply: Reply, ask: Ask) -> Reply:
    """A reply that plans, with the model's shots in it; as it is where it plans nothing or the model has none."""
    place = next((n for n, call in enumerate(reply.tool_calls) if call.name == "plan"), None)
    if place is None or not only_an_idea(make):
        return reply
    call = reply.tool_calls[place]
    seconds = make.value or sum(float(shot["seconds"]) for shot in call.arguments["shots"])
    try:
        shots = _shots(model, make, seconds, ask)
    except BadReply:
        return reply
    if make.shots and len(shots) < make.shots:
        return reply
    each = round(seconds / len(shots), 3)
    told = {**call.arguments, "shots": [{"what": what, "seconds": each} for what in shots]}
    calls = (*reply.tool_calls[:place], replace(call, arguments=told), *reply.tool_calls[place + 1 :])
    return replace(reply, tool_calls=calls, text=f"{reply.text}; the shots are {model.name}'s")
