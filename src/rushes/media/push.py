"""A picture that is moved in on, or out of, while its clip lasts: which part of the frame fills the film when.

The part's size grows or shrinks by the same factor in each second, and its place goes along with it, so that the eye
sees one even motion and each stretch of a push is a push itself.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from rushes.media.errors import said_short

CLOSEST = 4.0  # largest scale
SLACK = 1e-6  # by which a view may lie outside of the frame: what rounding leaves
EVEN = 1e-9  # logarithm of a size's factor under which it counts as constant


class View(NamedTuple):
    """A part of the frame, in the frame's own shape."""

    scale: float = 1.0  # width of the frame over that of the part, 1 to CLOSEST; 1: all of the frame
    x: float = 0.5  # of the part's middle: share of the frame's width from the left
    y: float = 0.5  # likewise from the top


WHOLE = View()
Push = tuple[View, View]  # what is shown when the clip begins, and when it ends (the first frame that is not its own)
AT_REST: Push = (WHOLE, WHOLE)


def checked_push(views: Sequence[Sequence[float]], where: str) -> Push:
    """The two views. Raises ValueError for what is none, and for a view that is not within the frame."""
    try:
        first, last = (View(*(float(number) for number in view)) for view in views)
    except (TypeError, ValueError):
        raise ValueError(
            f"push of {where} is {said_short(views, 60)}; give two views, at its begin and at its end, each a scale "
            "and the place of its middle, such as ((1, 0.5, 0.5), (1.3, 0.6, 0.5))"
        ) from None
    for view in (first, last):
        if not 1 - SLACK <= view.scale <= CLOSEST + SLACK:
            raise ValueError(f"push of {where} has a scale of {view.scale:g}; give 1 (all of it) to {CLOSEST:g}")
        edge = 0.5 / view.scale
        for way, middle in (("across", view.x), ("down", view.y)):
            if not edge - SLACK <= middle <= 1 - edge + SLACK:
                raise ValueError(
                    f"push of {where} has the middle of its view at {middle:g} {way}; at a scale of {view.scale:g} "
                    f"give {edge:.3f} to {1 - edge:.3f}, so that it stays within the frame"
                )
    return first, last


def view_at(push: Push, share: float) -> View:
    """What is shown when so much of the clip is over, 0 to 1."""
    scale = push[0].scale ** (1 - share) * push[1].scale ** share
    gone, half = travelled(push, share), 0.5 / scale
    left, top = ((1 - gone) * a + gone * b for a, b in zip(corner(push[0]), corner(push[1]), strict=True))
    return View(scale, left + half, top + half)


def travelled(push: Push, share: float) -> float:
    """How much of its way the view's corner has gone then, of 1: as much as its size has changed.

    So a point of the picture stays where it is while all others move away from it, or towards it.
    """
    factor = math.log(push[0].scale / push[1].scale)  # of the view's size, from begin to end
    return share if abs(factor) < EVEN else math.expm1(share * factor) / math.expm1(factor)


def corner(view: View) -> tuple[float, float]:
    """Its left and top edges, shares of the frame."""
    return view.x - 0.5 / view.scale, view.y - 0.5 / view.scale


def stretch(push: Push, begin: float, end: float) -> Push:
    """The push of a clip that shows only this part of the clip's length, shares from 0 to 1."""
    if push[0] == push[1]:
        return push
    return (push[0] if begin <= 0 else view_at(push, begin)), (push[1] if end >= 1 else view_at(push, end))


def goes_on(one: Push, seconds: float, two: Push, more: float) -> bool:
    """Whether the two, one behind the other and so many seconds long, are one even push."""
    if one == two and one[0] == one[1]:
        return True
    both = (one[0], two[1])
    cut = seconds / (seconds + more)
    parts = (*stretch(both, 0, cut), *stretch(both, cut, 1))
    return all(
        math.isclose(a, b, abs_tol=SLACK)
        for part, view in zip(parts, (*one, *two), strict=True)
        for a, b in zip(part, view, strict=True)
    )
