"""A conversation as the interpreter sees it: what the user said, how that was read, and what the film looked like.

A reading stands in the log behind "read as:", at the end of the reply that was made by it. So a session that is opened
again finds it there, and nobody is asked twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rushes.agent.builtin.answers import FilmSeen, Seen, read_timeline
from rushes.agent.builtin.hands import READING, is_words
from rushes.agent.models import Message

READ_AS = "\nread as: "  # behind it, as a line of JSON, the words that the built-in director reads instead
LOOKS = "to see what is spoken of"  # what is said with the look at the film that comes before a question
_PLANNED = re.compile(r"^(shot-\d+) \w+ [\d.]+s: (.+)$", re.M)  # in what `plan` answers


@dataclass(kw_only=True)
class ReadTurn:
    """One message of the user's, with what came of it."""

    words: str
    messages: list[Message] = field(default_factory=list)  # behind it, since it was read as it is now
    read_as: str | None = None  # words to read instead; empty: as they are; None: the model was not asked

    def answers(self) -> Iterator[tuple[str, str]]:
        """(tool, answer) of its calls."""
        names = {call.id: call.name for message in self.messages for call in message.tool_calls}
        for message in self.messages:
            if message.role == "tool" and message.tool_call_id in names:
                yield names[message.tool_call_id], re.sub(r"^\[\w+\] ", "", message.content)

    @property
    def changed(self) -> bool:
        """Whether something was done to the film."""
        return any(not answer.startswith("error:") for name, answer in self.answers() if name not in READING)


def read_turns(messages: list[Message]) -> tuple[list[Message], list[ReadTurn]]:
    """What stands before the user's first words, and the turns. Only what the user said is a turn's words."""
    head: list[Message] = []
    turns: list[ReadTurn] = []
    for message in messages:
        if message.role == "user" and is_words(message.content):
            turns.append(ReadTurn(words=message.content))
        elif not turns:
            head.append(message)
        else:
            reading = _reading_in(message)
            if reading is not None:
                turns[-1].read_as = reading
                if reading:
                    turns[-1].messages = []  # what was tried before was of another reading
            turns[-1].messages.append(message)
    return head, turns


def _reading_in(message: Message) -> str | None:
    """The reading that a reply bears. Only what the model of this session said itself is looked at."""
    _, mark, noted = message.content.rpartition(READ_AS)
    if message.role != "assistant" or not mark:
        return None
    try:
        return str(json.loads(noted))
    except ValueError:
        return None


def note_of(reading: str) -> str:
    """What a reply is given to bear its reading."""
    return READ_AS + json.dumps(reading, ensure_ascii=False)


def reworded(head: list[Message], turns: list[ReadTurn]) -> list[Message]:
    """The conversation as the built-in director is to read it."""
    found = list(head)
    for turn in turns:
        looks = {call.id for each in turn.messages if each.content.startswith(LOOKS) for call in each.tool_calls}
        found.append(Message(role="user", content=turn.read_as or turn.words))
        found += [
            message
            for message in turn.messages
            if message.tool_call_id not in looks and looks.isdisjoint(call.id for call in message.tool_calls)
        ]
    return found


def film_in(turns: list[ReadTurn]) -> FilmSeen | None:
    """The film as it was last seen, without pieces where there was none; None where nobody looked.

    Shots of a plan are called by what was planned for them: "shot-1" says nothing to a language model.
    """
    answers = [each for turn in turns for each in turn.answers()]
    seen = [answer for name, answer in answers if name == "timeline"]
    if not seen:
        return None
    planned = dict(_PLANNED.findall("\n".join(answer for name, answer in answers if name == "plan")))
    film = FilmSeen() if seen[-1].startswith("error:") else read_timeline(seen[-1])
    return replace(film, pieces=tuple(_told(piece, planned) for piece in film.pieces))


def _told(piece: Seen, planned: dict[str, str]) -> Seen:
    shot = re.search(r"\bof (shot-\d+)", piece.words)
    return replace(piece, words=planned[shot[1]]) if shot and shot[1] in planned else piece
