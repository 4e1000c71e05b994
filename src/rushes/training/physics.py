"""When things happen and how they fall, read off paths: the same estimator for the clip and for its scene.

Whatever an estimator does to a path of few frames it does to the true path too, so a right clip scores 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rushes.backlot.scene import Actor
from rushes.backlot.where import flights

LEAST = 4  # frames of a flight from which an acceleration is fitted


@dataclass(frozen=True, kw_only=True)
class Event:
    name: str  # "crossing", "apex" or "landing"
    seconds: float | None  # None: it does not happen in this path


def crossing(times: np.ndarray, x: np.ndarray) -> float | None:
    """The first moment at which x passes 0.5, the middle of the picture."""
    side = x - 0.5
    turns = np.flatnonzero((side[:-1] >= 0) != (side[1:] >= 0))
    if not len(turns):
        return None
    i = turns[0]
    return float(times[i] + (times[i + 1] - times[i]) * side[i] / (side[i] - side[i + 1]))


def parabola(times: np.ndarray, y: np.ndarray, start: float, end: float) -> np.ndarray | None:
    """Coefficients of the parabola through the frames of a flight, highest power first; None for too few frames."""
    inside = (times >= start - 1e-6) & (times <= end + 1e-6)
    return np.polyfit(times[inside], y[inside], 2) if inside.sum() >= LEAST else None


def events(actor: Actor, times: np.ndarray, x: np.ndarray, y: np.ndarray, travels: bool) -> list[Event]:
    """What happens to an actor on the path x, y (down) at `times`: once each, in the order of the first flight."""
    found = [Event(name="crossing", seconds=crossing(times, x))] if travels else []
    for name, start, end in flights(actor)[:1]:
        curve = parabola(times, y, start, end)
        if curve is None:
            continue
        a, b, c = curve
        if name == "jump":
            apex = -b / (2 * a) if a > 0 else None
            found.append(Event(name="apex", seconds=_within(apex, times)))
        if name == "fall":
            rest = float(np.median(y[-3:]))  # bounces are over by then
            below = b * b - 4 * a * (c - rest)
            landing = (-b + np.sqrt(below)) / (2 * a) if a > 0 and below >= 0 else None
            found.append(Event(name="landing", seconds=_within(landing, times)))
    return found


def _within(moment: float | None, times: np.ndarray) -> float | None:
    return float(moment) if moment is not None and times[0] <= moment <= times[-1] else None


def accelerations(actor: Actor, times: np.ndarray, y: np.ndarray) -> dict[str, float]:
    """Downward acceleration in frame heights per second squared of each kind of free flight that can be fitted."""
    found: dict[str, list[float]] = {}
    for name, start, end in flights(actor):
        curve = parabola(times, y, start, end)
        if curve is not None:
            found.setdefault(name, []).append(2 * float(curve[0]))
    return {name: float(np.mean(values)) for name, values in found.items()}
