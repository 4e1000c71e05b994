"""The limits of a session and the gate that keeps them: held by who started it, out of reach of model and tools."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Literal

from rushes.agent.production import FilmCancelled
from rushes.agent.steps import Steps
from rushes.board.jobs import Job, NotSubmitted, StepResult
from rushes.board.spend import usd


class LimitReached(NotSubmitted):
    """The next piece of work would pass a limit; it was not begun."""


@dataclass(frozen=True, kw_only=True)
class Spent:
    """Where a session stands."""

    turns: int = 0  # answers of the model
    tool_calls: int = 0
    tokens: int = 0  # into and out of the model
    seconds: float = 0.0  # of work by model and tools; waiting for a person is none
    takes: int = 0  # on the board, animatic left aside
    micro_usd: int = 0  # spent and reserved by the project


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that a session may take from its beginning, over all its runs; None: no limit."""

    turns: int | None = 200  # answers of the model
    tool_calls: int | None = 600
    tokens: int | None = 2_000_000  # into and out of the model
    seconds: float | None = 3600.0  # of work by model and tools
    takes: int | None = None  # on the board, animatic left aside
    micro_usd: int | None = None  # spent and reserved by the project
    silent: int = 2  # answers in a row without a tool call

    def __post_init__(self) -> None:
        for each in fields(self):
            limit = getattr(self, each.name)
            if limit is not None and (isinstance(limit, bool) or not (math.isfinite(limit) and limit >= 0)):
                raise ValueError(f"a limit of {limit} {each.name} is impossible; give 0 or more, or None for no limit")

    def reached(self, spent: Spent, before: Literal["model", "tool", "order"]) -> str:
        """Why the next call must not be made, or an empty text. `order`: of work that is counted in `spent` already."""
        if before == "model" and self.turns is not None and spent.turns >= self.turns:
            return f"{spent.turns} answers of the model, the limit is {self.turns} turns"
        if before == "tool" and self.tool_calls is not None and spent.tool_calls >= self.tool_calls:
            return f"{spent.tool_calls} tool calls, the limit is {self.tool_calls}"
        if self.tokens is not None and spent.tokens >= self.tokens:
            return f"{spent.tokens} tokens, the limit is {self.tokens}"
        if self.seconds is not None and spent.seconds >= self.seconds:
            return f"{spent.seconds:.1f} s of work, the limit is {self.seconds:g} s"
        if self.takes is not None and spent.takes > self.takes:
            return f"{spent.takes} takes would be over the limit of {self.takes} takes"
        if self.micro_usd is not None and spent.micro_usd > self.micro_usd:
            return f"{usd(spent.micro_usd)} would be over the limit of {usd(self.micro_usd)}"
        return ""


class Gate:
    """What every call and every durable step passes: here it waits while paused, and stops at a limit or a cancel."""

    def __init__(self, steps: Steps, limits: Limits, spent: Callable[[], Spent]) -> None:
        self._steps = steps
        self._limits = limits
        self._spent = spent
        self._asked: Callable[[], bool] | None = None
        self._open = threading.Event()
        self._open.set()
        self._cancelled = False

    @property
    def silent(self) -> int:
        return self._limits.silent

    def pause(self) -> None:
        self._open.clear()

    def resume(self) -> None:
        self._open.set()

    def cancel(self) -> None:
        self._cancelled = True
        self._open.set()

    def cancelled(self) -> bool:
        return self._cancelled or (self._asked is not None and self._asked())

    def begin(self, cancelled: Callable[[], bool] | None) -> None:
        """A new run: a cancel of the last one is over. `cancelled`: whoever else may call it off."""
        self._cancelled, self._asked = False, cancelled

    def check(self, before: Literal["model", "tool"]) -> None:
        """Waits while paused. Raises FilmCancelled, LimitReached."""
        self._wait()
        self._stop(self._limits.reached(self._spent(), before))

    def step(self, name: str, inputs: dict[str, Any], fn: Callable[[Job], Any], **about: Any) -> StepResult:
        """A durable step, if it is done already or may be begun. Raises FilmCancelled, LimitReached."""
        self._wait()

        def allowed(job: Job) -> Any:
            if job.provider_id is None:  # else it is ordered: to fetch what was bought costs nothing
                spent = self._spent()  # what this step costs is reserved, and counted, by now
                self._stop(self._limits.reached(replace(spent, takes=spent.takes + (name == "take")), "order"))
            return fn(job)

        return self._steps.step(name, inputs, allowed, **about)

    def _wait(self) -> None:
        while not self._open.wait(0.2) and not self.cancelled():
            pass
        if self.cancelled():
            raise FilmCancelled("the session was called off; what is finished stays on the board")

    def _stop(self, why: str) -> None:
        if why:
            raise LimitReached(why)
