"""An entry of the log as the context sees it: a slot with text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from rushes.agent.context.select import Slot

if TYPE_CHECKING:  # messages may show pictures, so models.py may import this file
    from rushes.agent.models import ToolCall

# board: what a person changed; note: the agent's own; loop: what the loop said, such as "go on"; reminder: quotes of
# the log that a new question made a policy add
EntryKind = Literal["user", "assistant", "tool", "board", "note", "loop", "reminder"]


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture or clip in the history: what is kept of it is its caption and where it can be found again."""

    blob: str  # content hash on the board
    caption: str
    thumbnail: str = ""  # content hash of a small picture; empty: none was made
    tokens: int = 0  # that it takes where it is shown


@dataclass(frozen=True, kw_only=True)
class Entry(Slot):
    """`costs` are tokens of `text` (level 0) and of `short` (level 1), as `messages.make_entry` counts them."""

    number: int  # of the event in the log
    turn: int  # 1, 2, 3, ...: asked for in this turn of the conversation
    kind: EntryKind
    text: str  # whole
    short: str = ""  # shrunk: its first line, its caption, or what the agent wrote in its place
    at: float = 0.0  # seconds since 1970
    tool: str = ""  # name, of a tool's result
    call: str = ""  # id of the call that a result answers
    calls: tuple[str, ...] = ()  # ids of the calls of an answer of the assistant
    asked: tuple[ToolCall, ...] = ()  # those calls themselves
    pictures: tuple[Picture, ...] = field(default=())
    recalls: int = 0  # times that it was called back into the context

    @property
    def stays(self) -> bool:
        """The user's words are never dropped and never shrunk."""
        return self.pinned or self.kind == "user"


def count_tokens(text: str) -> int:
    """About as many tokens as a language model's tokenizer makes: four bytes each, as in English prose, rounded up."""
    return (len(text.encode()) + 3) // 4
