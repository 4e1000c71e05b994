"""The events of a session as entries and edits: the one place where the context knows of events."""

from __future__ import annotations

from rushes.agent import events as happened
from rushes.agent.context.edits import Edit
from rushes.agent.context.entry import Entry, Picture
from rushes.agent.context.messages import make_entry
from rushes.agent.models import ToolCall


class LogReader:
    """Reads one session's events in order; it remembers the turn and which calls are open."""

    def __init__(self, session: str = "") -> None:
        self.session = session
        self._turn = 0
        self._asked_in: dict[str, str] = {}  # call -> group

    def read(self, event: happened.Event) -> Entry | Edit | None:
        """None: no part of what the model sees, or another session's."""
        if getattr(event, "session", None) != self.session:
            return None
        number, at = event.number, event.at
        match event:
            case happened.Said(by="user"):
                self._turn += 1
                return make_entry(number=number, turn=self._turn, kind="user", text=event.text, at=at)
            case happened.Said():
                return make_entry(number=number, turn=max(self._turn, 1), kind="loop", text=event.text, at=at)
            case happened.ModelReplied():
                asked = tuple(ToolCall(**call) for call in event.calls)
                group = f"e{number}" if asked else ""
                self._asked_in |= {call.id: group for call in asked}
                return make_entry(
                    number=number,
                    turn=max(self._turn, 1),
                    kind="assistant",
                    text=event.text,
                    at=at,
                    asked=asked,
                    group=group,
                )
            case happened.ToolCalled():
                return make_entry(
                    number=number,
                    turn=max(self._turn, 1),
                    kind="tool",
                    text=event.result,
                    at=at,
                    tool=event.tool,
                    call=event.call,
                    pictures=tuple(Picture(**picture) for picture in event.pictures),
                    group=self._asked_in.get(event.call, ""),
                )
            case happened.BoardChanged():
                return make_entry(number=number, turn=max(self._turn, 1), kind="board", text=event.text, at=at)
            case happened.ContextEdited():
                return Edit(kind=event.kind, ids=tuple(event.ids), text=event.text, number=number, at=at)  # type: ignore[arg-type]
        return None


def edits_of(event: happened.Event) -> list[Edit]:
    """What the model edited with this call."""
    made = event.edits if isinstance(event, happened.ToolCalled) else []
    return [Edit(kind=e["kind"], ids=tuple(e["ids"]), text=e["text"], number=event.number, at=event.at) for e in made]


def event_of(edit: Edit, session: str = "") -> happened.ContextEdited:
    """The edit as an event, to be sent."""
    return happened.ContextEdited(kind=edit.kind, ids=list(edit.ids), text=edit.text, session=session)
