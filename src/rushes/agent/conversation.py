"""A session's events and where it stands by them: the same after a kill as before it, since nothing else is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from rushes.agent import events as happened
from rushes.agent.events import Event, EventStream
from rushes.agent.models import ToolCall

E = TypeVar("E", bound=Event)


class Conversation:
    """Sends events to the log and folds each into these figures; opened again it folds those that the log has."""

    def __init__(self, session: str, log: EventStream, *, heard: Callable[[Event], None] | None = None) -> None:
        self.session = session
        self.log = log
        self._heard = heard  # whoever else lives by these events: the context ledger
        self.events: list[Event] = []  # of this session, in order
        self.words = ""  # what the user said last
        self.last_text = ""  # of the model's answers
        self.turns = 0  # answers of the model
        self.tool_calls = 0  # that were answered
        self.tokens = 0  # into and out of the model
        self.seconds = 0.0  # of work by model and tools
        self.silent = 0  # last answers in a row without a tool call
        self.nudged = False  # told so since the last of them
        self.pending: dict[str, ToolCall] = {}  # asked for, not answered yet, by id
        self.begun: dict[str, int] = {}  # of those, begun by a run that was cut short: id -> last board entry before
        self.finish: str | None = None  # what the model said when it was done with the user's last words
        self.stopped: happened.Stopped | None = None  # since the user's last words
        self.seen: int | None = None  # last entry of the board's log that the model knows of
        self.brief = ""  # board id of the film's brief
        for event in log.kept:
            if getattr(event, "session", None) == session:
                self._fold(event)

    def send(self, event: E) -> E:
        sent = self.log.send(event)
        self._fold(sent)
        return sent  # type: ignore[return-value]

    def _fold(self, event: Event) -> None:
        self.events.append(event)
        if self._heard is not None:
            self._heard(event)
        match event:
            case happened.Said(by="user"):
                self.words, self.finish, self.stopped, self.silent = event.text, None, None, 0
                self.seen = event.entry if self.seen is None else self.seen
            case happened.Said(by="loop"):
                self.nudged = True
            case happened.ModelReplied():
                self.turns, self.last_text, self.nudged = self.turns + 1, event.text, False
                self.tokens += event.prompt_tokens + event.completion_tokens
                self.seconds += event.seconds
                self.silent = 0 if event.calls else self.silent + 1
                self.pending = {call["id"]: ToolCall(**call) for call in event.calls}
            case happened.ToolBegun():
                self.begun[event.call] = event.entry
            case happened.ToolCalled():
                self.tool_calls += 1
                self.seconds += event.seconds
                self.pending.pop(event.call, None)
                self.begun.pop(event.call, None)
                self.brief = event.brief or self.brief
                if event.finished:
                    self.finish = event.result
            case happened.BoardChanged():
                self.seen = max(self.seen or 0, *event.entries)
            case happened.Stopped():
                self.stopped = event
