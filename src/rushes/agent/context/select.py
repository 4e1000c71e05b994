"""What stays in a bounded memory: one protocol for the history of an agent and, later, for that of a video model.

A slot is whatever may stay: an entry of a log, a frame of a film. It can stay whole, or at a cheaper level (an entry
shrunk to its caption, a frame packed into fewer tokens), or be left out. A policy chooses levels under a budget.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar


@dataclass(frozen=True, kw_only=True)
class Slot:
    """One thing that may stay."""

    id: str
    costs: tuple[int, ...]  # in units of the budget (tokens) at each level, falling; level 0 is whole, left out costs 0
    pinned: bool = False  # it stays whole, whatever the policy thinks
    group: str = ""  # slots of one group stay or go together, such as a call and its result


S = TypeVar("S", bound=Slot, contravariant=True)


class Policy(Protocol[S]):
    """Chooses what stays."""

    name: str

    def select(self, slots: Sequence[S], budget: int, *, query: Any) -> Mapping[str, int]:
        """Levels of the slots that stay, by id; who is not named is left out.

        `slots` are in order of time, `query` is what the memory is needed for now: words for a log, features of what
        is to be drawn for a film. Costs add up to at most `budget`, unless the pinned alone are more.
        """
        ...
