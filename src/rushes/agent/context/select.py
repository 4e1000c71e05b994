"""What stays in a bounded memory: one protocol for the history of an agent and for that of a video model.

A slot is whatever may stay: an entry of a log, a frame of a film. It can stay whole, or at a cheaper level (an entry
shrunk to its caption, a frame packed into fewer tokens), or be left out. A policy chooses levels under a budget.

How the history of a video model maps on it:
- a slot is a latent frame (or a chunk of frames) that was drawn; its id is its place on the film's clock;
- `costs` are its tokens at each packing: (1536, 192, 24) for patches of 2x2, 4x4 and 8x8 over one frame, so FramePack's
  fixed rule (older is smaller) is one policy among others, as masking is for a log;
- `pinned` are references and the first frame of an image-to-video request: what the user gave is never dropped;
- `group` holds what only makes sense together, such as the frames of one latent chunk;
- `query` is what is to be drawn next: the embedded prompt and the noisy latents' features in place of words;
- a name's first appearance is the frame in which a character was first seen: it comes back for its identity;
- what a later frame shows anew (the same place after a change) supersedes, as a correction does in a log;
- `packing.pack` spends the budget for both; only the worth of a slot is found in different ways.
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

    @property
    def stays(self) -> bool:
        """It is never left out and never shrunk."""
        return self.pinned


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
