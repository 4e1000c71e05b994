"""What happens while a film is made: typed, numbered, replayable. The only door between the agent and its watchers."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, ClassVar


class EventError(ValueError):
    """A line that is no event of this version."""


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing that happened. `number` and `at` are given by the stream that it was sent through."""

    type: ClassVar[str] = ""

    number: int = 0  # 1, 2, 3, ... within a project
    at: float = 0.0  # seconds since 1970

    def to_dict(self) -> dict[str, Any]:
        return {"type": self.type, **asdict(self)}


@dataclass(frozen=True, kw_only=True)
class Started(Event):
    type: ClassVar[str] = "started"
    brief: str  # the user's words
    seconds: float  # length of the film
    width: int  # pixels
    height: int  # pixels
    model: str  # the model that shoots


@dataclass(frozen=True, kw_only=True)
class Planned(Event):
    type: ClassVar[str] = "planned"
    title: str
    shots: list[dict[str, Any]]  # id, seconds, text and source of each
    planner: str  # "built-in", or the language model's name


@dataclass(frozen=True, kw_only=True)
class Noted(Event):
    """Something that a person should see: what was understood otherwise, left out, or decided."""

    type: ClassVar[str] = "noted"
    text: str
    role: str = "remark"  # remark, warning, decision, critique
    about: str = ""  # id of a shot, or empty


@dataclass(frozen=True, kw_only=True)
class Progress(Event):
    type: ClassVar[str] = "progress"
    stage: str  # "animatic", "shoot", "render", ...
    done: float  # 0 to 1
    what: str = ""  # id of a shot


@dataclass(frozen=True, kw_only=True)
class TakeMade(Event):
    type: ClassVar[str] = "take_made"
    shot: str  # board id
    take: str  # board id
    model: str
    seed: int
    work_seconds: float  # time that making it took
    again: bool = False  # it was made in an earlier run and found on the board


@dataclass(frozen=True, kw_only=True)
class TakeJudged(Event):
    type: ClassVar[str] = "take_judged"
    shot: str  # board id
    take: str  # board id
    score: float  # 0 to 1
    accepted: bool
    reasons: list[str]


@dataclass(frozen=True, kw_only=True)
class TakeChosen(Event):
    type: ClassVar[str] = "take_chosen"
    shot: str  # board id
    take: str  # board id
    score: float  # 0 to 1
    reason: str


@dataclass(frozen=True, kw_only=True)
class Said(Event):
    """Words to the model: the user's, or the loop's own."""

    type: ClassVar[str] = "said"
    text: str  # whole
    by: str = "user"  # "user", or "loop": a nudge that is no one's wish
    session: str = ""
    entry: int = 0  # last entry of the board's log when it was said


@dataclass(frozen=True, kw_only=True)
class Listed(Event):
    """A command says these one after the other, or is done with all of them: interrupted, it goes on between them."""

    type: ClassVar[str] = "listed"
    words: list[str]
    done: bool = False


@dataclass(frozen=True, kw_only=True)
class ModelReplied(Event):
    """A language model answered."""

    type: ClassVar[str] = "model_replied"
    model: str
    text: str  # whole
    calls: list[dict[str, Any]]  # tools that it asked for: id, name, arguments, problem
    prompt_tokens: int
    completion_tokens: int
    seconds: float = 0.0  # it took to answer
    session: str = ""  # empty: a question outside any session


@dataclass(frozen=True, kw_only=True)
class ToolBegun(Event):
    """A tool is about to run; if a kill comes between, it runs again over the board as it was at `entry`."""

    type: ClassVar[str] = "tool_begun"
    tool: str
    call: str  # id
    session: str = ""
    entry: int = 0  # last entry of the board's log


@dataclass(frozen=True, kw_only=True)
class ToolCalled(Event):
    """A tool has answered."""

    type: ClassVar[str] = "tool_called"
    tool: str
    arguments: dict[str, Any]
    ok: bool
    result: str  # as the model is told, whole
    call: str = ""  # id
    pictures: list[dict[str, Any]] = field(default_factory=list)  # fields of context.entry.Picture
    finished: bool = False  # the model has said that it is done
    brief: str = ""  # board id of the film's brief, once planned
    edits: list[dict[str, Any]] = field(default_factory=list)  # to what the model sees, as in ContextEdited
    seconds: float = 0.0  # it took
    session: str = ""


@dataclass(frozen=True, kw_only=True)
class BoardChanged(Event):
    """A person has changed the board."""

    type: ClassVar[str] = "board_changed"
    text: str  # what changed, in words
    entries: list[int]  # of the board's log
    session: str = ""


@dataclass(frozen=True, kw_only=True)
class ContextEdited(Event):
    """What the model sees of its own history was chosen anew; the history itself stays as it is.

    The model's own edits stand in the `ToolCalled` of the tool that made them.
    """

    type: ClassVar[str] = "context_edited"
    kind: str  # "boundary", "select" or "remind"; an edit of the model's in logs of old
    ids: list[str]  # of context entries
    text: str = ""  # what stands in their place, or the note
    session: str = ""


@dataclass(frozen=True, kw_only=True)
class Stopped(Event):
    """The loop has stopped; it can always go on."""

    type: ClassVar[str] = "stopped"
    why: str  # "finished", "cancelled", or the limit that was reached
    text: str = ""  # what finish said
    turns: int = 0  # answers of the model so far
    session: str = ""


@dataclass(frozen=True, kw_only=True)
class Rendered(Event):
    type: ClassVar[str] = "rendered"
    label: str  # "animatic" or "film"
    path: str
    seconds: float  # of film
    frames: int
    measurements: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Finished(Event):
    type: ClassVar[str] = "finished"
    path: str
    seconds: float  # of film
    takes: int  # takes that the film's shots have on the board
    made_now: int  # takes that this run made
    work_seconds: float  # this run


@dataclass(frozen=True, kw_only=True)
class Failed(Event):
    type: ClassVar[str] = "failed"
    error: str  # one line


KINDS: tuple[type[Event], ...] = (
    Started,
    Planned,
    Noted,
    Progress,
    TakeMade,
    TakeJudged,
    TakeChosen,
    Said,
    Listed,
    ModelReplied,
    ToolBegun,
    ToolCalled,
    BoardChanged,
    ContextEdited,
    Stopped,
    Rendered,
    Finished,
    Failed,
)
_BY_TYPE = {kind.type: kind for kind in KINDS}


def event_from_dict(data: dict[str, Any]) -> Event:
    """Inverse of `Event.to_dict`; names that a later version added are left aside. Raises EventError."""
    kind = _BY_TYPE.get(data.get("type", "")) if isinstance(data, dict) else None
    if kind is None:
        raise EventError(f"{str(data)[:80]!r} is no event; its type must be one of {', '.join(_BY_TYPE)}")
    known = {each.name for each in fields(kind)}
    try:
        return kind(**{name: value for name, value in data.items() if name in known})
    except TypeError as error:
        raise EventError(f"not a whole {kind.type} event: {error}") from error


class EventStream:
    """Numbers events, keeps them in a file, one JSON object a line, and hands them to one watcher.

    Numbers go on where an earlier run of the project stopped. Threads may share a stream. `kept`: all of the project's
    events so far, earlier runs' too.
    """

    def __init__(self, path: Path | None = None, watcher: Callable[[Event], None] | None = None) -> None:
        self._path = path
        self._watcher = watcher
        self._lock = threading.RLock()
        self.kept: list[Event] = list(replay_events(path)) if path is not None else []
        self._last = max((event.number for event in self.kept), default=0)
        if path is not None:
            _end_half_line(path)

    def send(self, event: Event) -> Event:
        """Gives the event its number and time. What the watcher raises comes through: it may stop the film."""
        with self._lock:
            # Progress is for the moment: it is shown, not kept, and bears the number of the last kept event.
            kept = not isinstance(event, Progress)
            self._last += kept
            event = type(event)(**{**_shallow(event), "number": self._last, "at": time.time()})
            if self._path is not None and kept:
                with self._path.open("a", encoding="utf-8") as log:
                    log.write(json.dumps(event.to_dict(), ensure_ascii=False) + "\n")
                    log.flush()
                    os.fsync(log.fileno())  # it survives a power cut, as the board does
            if kept:
                self.kept.append(event)
            if self._watcher is not None:
                self._watcher(event)
            return event


def replay_events(path: Path, since: int = 0) -> Iterator[Event]:
    """The kept events behind number `since`, in order. A last line that a kill cut short is left aside."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = event_from_dict(json.loads(line))
        except (json.JSONDecodeError, EventError):
            continue
        if event.number > since:
            yield event


def _end_half_line(path: Path) -> None:
    if path.is_file() and path.stat().st_size and not path.read_bytes().endswith(b"\n"):
        with path.open("ab") as log:
            log.write(b"\n")


def _shallow(event: Event) -> dict[str, Any]:
    return {each.name: getattr(event, each.name) for each in fields(event)}
