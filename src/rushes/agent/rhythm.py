"""How long shots are: the pace of a mood, and whole frames shared out so that they add up exactly."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Pace:
    shot_seconds: float  # usual length of a shot
    bpm: float  # beats a minute of the bed
    bed: str  # mood of the bed, a name in media.moods
    fade_seconds: float  # crossfade where place or time change


PACES = {
    "joyful": Pace(shot_seconds=2.3, bpm=118.0, bed="playful", fade_seconds=0.3),
    "tense": Pace(shot_seconds=1.9, bpm=128.0, bed="tense", fade_seconds=0.2),
    "mysterious": Pace(shot_seconds=2.6, bpm=84.0, bed="night", fade_seconds=0.6),
    "sad": Pace(shot_seconds=2.9, bpm=66.0, bed="sad", fade_seconds=0.6),
    "epic": Pace(shot_seconds=2.6, bpm=104.0, bed="bright", fade_seconds=0.4),
    "calm": Pace(shot_seconds=2.9, bpm=76.0, bed="calm", fade_seconds=0.6),
    "gentle": Pace(shot_seconds=2.7, bpm=92.0, bed="bright", fade_seconds=0.5),
}


class NoShare(ValueError):
    """The frames can't be shared out within the bounds."""


def share_frames(total: int, weights: list[float], least: list[int], most: list[int]) -> list[int]:
    """Whole numbers that add up to `total`, each within its bounds, as near to the proportions of `weights` as can be.

    Raises NoShare where the bounds don't allow it.
    """
    if not sum(least) <= total <= sum(most):
        raise NoShare(f"{total} frames can't be shared: the shots take {sum(least)} to {sum(most)}")

    def filled(level: float) -> list[float]:
        return [min(max(level * weight, low), high) for weight, low, high in zip(weights, least, most, strict=True)]

    low, high = 0.0, max((top + 1) / weight for top, weight in zip(most, weights, strict=True))
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(filled(middle)) < total else (low, middle)
    wanted = filled(high)
    shares = [math.floor(value + 1e-6) for value in wanted]
    shares = [max(share, floor) for share, floor in zip(shares, least, strict=True)]
    by_remainder = sorted(range(len(shares)), key=lambda i: (shares[i] - wanted[i], i))
    while (left := total - sum(shares)) != 0:
        step = 1 if left > 0 else -1
        for i in by_remainder if step > 0 else reversed(by_remainder):
            if left == 0:
                break
            if least[i] <= shares[i] + step <= most[i]:
                shares[i] += step
                left -= step
    return shares
