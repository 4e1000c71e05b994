"""A small language model as the interpreter of the built-in director: it rewords what that one can't read.

The built-in director carries out plain orders exactly, and reads only words that its grammar knows. A model of a
billion weights reads any words, and is bad at everything else. So the built-in director reads first, and where it is
sure nobody is asked. Where it is not, the model is asked to put the unclear sentences into plain orders
(`orders.py`); what it invents is left out (`checks.py`); the built-in director does the rest. Of a
new film the model decides what the user left open (`story.py`).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rushes.agent.builtin.answers import FilmSeen
from rushes.agent.builtin.model import BuiltIn
from rushes.agent.interpreter.checks import checked
from rushes.agent.interpreter.doubts import as_good, asks_nothing, doubtful, may_be_doubted, says_all, unread
from rushes.agent.interpreter.orders import SCHEMA, once_more, question, read_orders
from rushes.agent.interpreter.story import completed, is_idea, leaves_open, make_of, with_shots
from rushes.agent.interpreter.turns import LOOKS, ReadTurn, film_in, note_of, read_turns, reworded
from rushes.agent.models import LanguageModel, Message, Reply, ToolCall, ToolSpec, Usage

ANSWER = 160  # tokens of orders
TRIES = 2  # answers of the model to one question
CHAT = "do nothing"  # a message in which nothing is asked for, in plain words
_BACK = re.compile(r"\b(?:it|its|that|this|them|they|there|those|these|same|instead)\b", re.I)
_REFUSED = re.compile(
    r"did not understand|there (?:is|are) no (?:shot|text|sound|piece)|I don't know what|I can't tell"
)


class Interpreted:
    """The built-in director, with `model` as its interpreter."""

    uses_tools = True

    def __init__(self, model: LanguageModel) -> None:
        self.model = model
        self.name = model.name
        self._director = BuiltIn()
        self._known: dict[str, str] = {}  # readings of earlier messages, should the log's be out of view
        self._used = Usage()  # of the reply that is being made

    def reply(
        self,
        messages: list[Message],
        *,
        tools: tuple[ToolSpec, ...] = (),
        schema: dict[str, Any] | None = None,
        max_tokens: int = 1024,
    ) -> Reply:
        """Raises ModelError where the model is needed and can't be reached."""
        if not tools:
            return self.model.reply(messages, schema=schema, max_tokens=max_tokens)
        self._used = Usage()
        head, turns = read_turns(messages)
        if not turns:
            return self._director.reply(messages, tools=tools)
        for turn in turns[:-1]:
            turn.read_as = turn.read_as or self._known.get(turn.words)
        now = turns[-1]
        noted = now.read_as is not None
        if not noted and not now.changed and _is_unsure(turns, tools):
            if film_in(turns[-1:]) is None and any(spec.name == "timeline" for spec in tools):
                return Reply(text=LOOKS, tool_calls=(ToolCall(id="call-1", name="timeline"),), stopped="tool_calls")
            self._read(turns, tools)
        reply = self._director.reply(reworded(head, turns), tools=tools)
        if now.read_as is None and not now.changed and _refuses(reply):
            self._read(turns, tools)
            reply = self._director.reply(reworded(head, turns), tools=tools) if now.read_as else reply
        if make := make_of(now.read_as or now.words):
            reply = with_shots(self.model, make, reply, self._ask)
        told = "" if noted or now.read_as is None else note_of(now.read_as)
        return replace(reply, text=reply.text + told, usage=self._used)

    def _ask(self, messages: list[Message], schema: dict[str, Any], tokens: int) -> Reply:
        reply = self.model.reply(messages, schema=schema, max_tokens=tokens)
        self._used = _sum(self._used, reply.usage)
        return reply

    def _read(self, turns: list[ReadTurn], tools: tuple[ToolSpec, ...]) -> None:
        """Has the last message read; what was tried before was of another reading, and changed nothing."""
        now, said = turns[-1], turns[-1].words
        film = film_in(turns) or FilmSeen()
        if leaves_open(said):
            reading = completed(self.model, said, self._ask)
        elif is_idea(said) and _nothing_to_edit(turns, tools):
            reading = f"Make a film: {said}"  # there is nothing else that it could mean
        else:
            reading = self._orders(said, film, turns[-2].words if len(turns) > 1 else "")
        now.read_as = self._known[said] = reading
        now.messages = [] if reading else now.messages

    def _orders(self, said: str, film: FilmSeen, before: str) -> str:
        """The message with plain orders in place of what is unclear; empty where it stays as it is."""
        doubts = may_be_doubted(said)
        groups = _groups(said)
        unclear = [unread(group) or (doubts and doubtful(group, film)) for group in groups]
        if not any(unclear):
            groups, unclear = [said], [True]  # each is clear by itself, but not together
        parts: list[str] = []
        for group, is_unclear in zip(groups, unclear, strict=True):
            parts += self._rewording(group, film, before) if is_unclear else [group]
            before = group
        return "" if parts == groups else "\n".join(parts) or CHAT

    def _rewording(self, said: str, film: FilmSeen, before: str) -> list[str]:
        """Plain orders for a sentence; nothing where it asks for nothing; itself where neither can be said."""
        asked = question(said, film, before)
        orders: list[str] = []
        for _ in range(TRIES):
            answer = self._ask(asked, SCHEMA, ANSWER).text
            found, problem = _kept(answer, said, film)
            orders = found if len(found) > len(orders) else orders
            if not problem:
                break
            asked = once_more(asked, answer, problem)
        if not orders and not problem and asks_nothing(said, film):
            return []
        if not orders or not says_all(orders, said, film):
            return [said]  # better to say that a part was not understood than to leave it out
        if not unread(said) and (problem or as_good(said, ". ".join(orders))):
            return [said]  # the built-in director's own reading is as good
        return [f"{order}." for order in orders]


def _kept(answer: str, said: str, film: FilmSeen) -> tuple[list[str], str]:
    """The orders of an answer that the user can have given, and what is wrong with the others, if anything."""
    kept, problem = [], ""
    try:
        for order in read_orders(answer):
            try:
                kept.append(checked(order, said, film))
            except ValueError as error:  # it invents, or is no order: better none than a wrong one
                problem = str(error)
    except ValueError as error:
        problem = str(error)
    return list(dict.fromkeys(kept)), problem


def _is_unsure(turns: list[ReadTurn], tools: tuple[ToolSpec, ...]) -> bool:
    """Whether the model is asked before anything is done for the last message."""
    said = turns[-1].words
    if make_of(said):
        return leaves_open(said)
    if is_idea(said) and _nothing_to_edit(turns, tools):
        return True
    film = film_in(turns)
    if film is None:  # nobody has looked yet: any word may be a shot's name
        return unread(said) or may_be_doubted(said)
    return unread(said) or (may_be_doubted(said) and any(doubtful(group, film) for group in _groups(said)))


def _groups(words: str) -> list[str]:
    """The sentences of a message, each with those behind it that speak back of it."""
    found: list[str] = []
    for sentence in re.split(r"(?<=[.!?;])\s+(?=[^a-z])|\n+", words.strip()):
        if found and _BACK.search(sentence) and not re.search(r"['\"“]", sentence):
            found[-1] += f" {sentence}"
        elif sentence.strip():
            found.append(sentence)
    return found


def _nothing_to_edit(turns: list[ReadTurn], tools: tuple[ToolSpec, ...]) -> bool:
    """Whether there is no film, no plan and nothing given to make one of."""
    film = film_in(turns)
    planned = (film is not None and bool(film.pieces)) or any(
        name == "plan" and not answer.startswith("error:") for turn in turns for name, answer in turn.answers()
    )
    given = any(spec.name == "open" and "video or image (" in spec.description for spec in tools)
    return not planned and not given


def _refuses(reply: Reply) -> bool:
    """Whether the built-in director is about to say that it does not know what is meant."""
    said = [str(call.arguments.get("text", "")) for call in reply.tool_calls if call.name in ("say", "finish")]
    return len(said) == len(reply.tool_calls) and any(_REFUSED.search(text) for text in said)


def _sum(one: Usage, other: Usage) -> Usage:
    return Usage(
        prompt_tokens=one.prompt_tokens + other.prompt_tokens,
        completion_tokens=one.completion_tokens + other.completion_tokens,
        cached_tokens=one.cached_tokens + other.cached_tokens,
        seconds=one.seconds + other.seconds,
    )
