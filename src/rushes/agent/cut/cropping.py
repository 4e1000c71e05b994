"""Which part of its picture a clip shows in the film's frame, by how it fits and by where it is moved in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from rushes.media.push import View

Place = TypeVar("Place", float, np.ndarray)


@dataclass(frozen=True, kw_only=True)
class Part:
    """A rectangle in shares of the picture; it goes beyond 0 and 1 where the picture has borders."""

    left: float
    top: float
    width: float
    height: float

    def seen_in(self, view: View) -> Part:
        """What is left of it where only this view of the frame is shown."""
        width, height = self.width / view.scale, self.height / view.scale
        left, top = self.left + view.x * self.width - width / 2, self.top + view.y * self.height - height / 2
        return Part(left=left, top=top, width=width, height=height)

    def point(self, x: Place, y: Place) -> tuple[Place, Place]:
        """A point of the picture in shares of this part."""
        return (x - self.left) / self.width, (y - self.top) / self.height


def part_shown(fit: str, focus: tuple[float, float], own: float, wanted: float) -> Part:
    """All that a frame of the shape `wanted` shows of a picture of the shape `own`, both width over height."""
    if fit == "cover":
        width, height = min(1.0, wanted / own), min(1.0, own / wanted)
        return Part(left=(1 - width) * focus[0], top=(1 - height) * focus[1], width=width, height=height)
    width, height = 1 / min(1.0, own / wanted), 1 / min(1.0, wanted / own)
    return Part(left=(1 - width) / 2, top=(1 - height) / 2, width=width, height=height)
