"""A task of the film desk: what is there, what is said, and how what came out is scored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from rushes.agent.production import Production
from rushes.agent.tool import Tool
from rushes.desk.footage import Footage
from rushes.desk.laid import Laid

Kind = Literal["make", "text", "edit", "defects", "talk", "trust"]
Wording = Literal["first", "second", "third"]  # of what the user says
Hand = Callable[[Production], None]  # a person at the board
Call = tuple[str, dict[str, Any]]  # name of a tool, arguments


@dataclass(frozen=True, kw_only=True)
class Part:
    """One thing that is looked at."""

    name: str
    value: float  # 0 to 1
    reason: str = ""  # what was lost, in words
    kept: bool = False  # it was right before anybody touched it: no merit to keep it, but a fault to break it

    def __post_init__(self) -> None:
        assert 0 <= self.value <= 1, (self.name, self.value)


@dataclass(frozen=True, kw_only=True)
class Score:
    """Mean of what was to be done, times the worst of what was to be kept. Doing nothing is worth nothing."""

    parts: tuple[Part, ...]

    @property
    def value(self) -> float:
        done = [part.value for part in self.parts if not part.kept]
        return sum(done) / len(done) * min((part.value for part in self.parts if part.kept), default=1.0)

    @property
    def lost(self) -> list[str]:
        return [f"{part.name}: {part.reason or f'{part.value:.2f}'}" for part in self.parts if part.value < 0.999]


@dataclass(frozen=True, kw_only=True)
class Heading:
    """One thing that happened, in order: what was said by whom, what was called, what was bought."""

    kind: Literal["user", "said", "called", "bought"]
    text: str  # the words; of a call its answer
    name: str = ""  # of the tool
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Result:
    """What came out."""

    production: Production
    film: Path | None  # what the cut renders to at the end; None: there is none
    tape: list[Heading]

    def said(self) -> list[str]:
        return [each.text for each in self.tape if each.kind == "said"]

    def called(self, name: str = "") -> list[Heading]:
        return [each for each in self.tape if each.kind == "called" and name in ("", each.name)]


@dataclass(frozen=True, kw_only=True)
class Task:
    id: str
    kind: Kind
    seed: int
    turns: tuple[str | Hand, ...]  # the user's words, or a person's hand at the board between them
    score: Callable[[Result], Score]
    oracle: tuple[tuple[Call, ...], ...]  # for each of the user's words: the calls that do it
    cut: Laid | None = None  # the working cut that is there
    given: tuple[Footage | Path, ...] = ()  # files handed in beside it
    seconds: float = 6.0  # of the film, as the project is set
    width: int = 160  # pixels, likewise
    height: int = 90
    fps: float = 12.0
    before: Hand | None = None  # more that is on the board before the first word
    tools: Callable[[Production], tuple[Tool, ...]] = lambda production: ()  # beside the director's own
    price: int = 0  # millionths of a US dollar for a second of a take; 0: takes cost nothing
    cap: int | None = None  # millionths of a US dollar that the project may spend
    slow: bool = False  # its oracle takes more than a few seconds
    facts: Mapping[str, Any] = field(default_factory=dict)  # what its seed drew, for who says the same in other words

    @property
    def asked(self) -> str:
        return " / ".join(turn for turn in self.turns if isinstance(turn, str))
