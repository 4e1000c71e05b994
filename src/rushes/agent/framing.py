"""How a picture's shape decides how large people are in it, how far apart they stand, and how far they go.

Stage x runs over the width of any picture, sizes are shares of its height: who fits twice into a wide picture
fills an upright one. In units of x somebody is about size / aspect to each side of where they stand.
"""

from __future__ import annotations

from dataclasses import dataclass

from rushes.agent.shape import WIDE
from rushes.backlot.scene import Actor

__all__ = ["WIDE", "Frame"]

NARROW = 1.5  # width over height; from here on there is room beside people
ALONE = {"wide": 0.55, "medium": 0.7, "close": 0.8, "detail": 0.8, "reaction": 0.8}  # share of the width for one
TOGETHER = 0.88  # share of the width for all who stand side by side
SIDE = 0.46  # stage x of each of two, to the left and the right
FILLED = 0.95  # share of the width that the closest shot fills


@dataclass(frozen=True, kw_only=True)
class Frame:
    aspect: float = WIDE  # width over height

    @property
    def narrow(self) -> bool:
        return self.aspect < NARROW

    def farthest(self, together: bool) -> float:
        """Stage units of x travelled in one shot, by one or by two who go the same way."""
        return (0.5 if together else 0.8) if self.narrow else 1.1

    def push(self, usual: float, cast: int) -> float:
        """How far a zoom goes: of several who fill the picture, those at the sides would be cut off."""
        return usual / 3 if self.narrow and cast > 1 else usual

    @property
    def off_middle(self) -> float:
        """How far from the middle somebody stands who looks across the picture."""
        return 0.0 if self.narrow else 0.1

    def half(self, actor: Actor) -> float:
        """Stage units from somebody's middle to their side."""
        return actor.size / self.aspect

    def shrink(self, sizes: list[float], framing: str) -> float:
        """The factor on the sizes of those who stand side by side, so that all fit in."""
        if not self.narrow:
            return 1.0
        share = ALONE.get(framing, 0.7) if len(sizes) == 1 else TOGETHER
        return min(1.0, share * self.aspect / sum(sizes))

    def apart(self, usual: float) -> float:
        """Stage x at which one of two stands."""
        return SIDE if self.narrow else usual

    def step(self, actor: Actor) -> float:
        """Stage units from one of several who are alike to the next."""
        return 1.7 * self.half(actor) if self.narrow else 0.42

    def first(self, actor: Actor, count: int) -> float:
        """Stage x of the first of several who are alike, the others behind it."""
        return (self.step(actor) / 2 if self.narrow else 0.2) * (count - 1) - self.off_middle

    def before(self, one: Actor, other: Actor) -> float:
        """Stage x at which one stops who goes up to the other at `apart`."""
        return SIDE - 1.05 * (self.half(one) + self.half(other)) if self.narrow else 0.02

    def closest(self, actor: Actor) -> float:
        """The largest magnification that keeps somebody within the picture's sides."""
        return FILLED * self.aspect / actor.size if self.narrow else 2.0
