"""Where the cast is on the screen, and when what it does happens: exact truth for scores, without drawing anything.

`motion.py` moves actors on the stage; here the camera looks at them. numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rushes.backlot.motion import BOUNCE, DROP_HEIGHT, GRAVITY, JUMP_SECONDS, camera_track, scene_tracks
from rushes.backlot.scene import Actor, Scene

GROUND = 0.24  # height of the standing line in frame heights above the bottom edge
PIVOT = 0.42  # height of the point that a zoom leaves in place, frame heights
DEPTH_RISE = 0.10  # frame heights by which depth 1 stands higher in the picture
DEPTH_SHRINK = 0.25  # share of its size that an actor loses at depth 1
MIDDLE = 0.45  # height of an actor's middle, about which it turns, as a share of its own


@dataclass(frozen=True, kw_only=True)
class OnScreen:
    """One actor at T times; every field is an array of shape (T,)."""

    x: np.ndarray  # of its middle, 0 at the left edge of the picture to 1 at the right
    y: np.ndarray  # of the middle of what stands above the ground, 0 at the top edge to 1 at the bottom
    height: np.ndarray  # frame heights
    visible: np.ndarray  # share of it above the ground and inside the picture; who stands before it is left aside


def on_screen(scene: Scene, times: np.ndarray, aspect: float = 16 / 9) -> list[OnScreen]:
    """The cast, in its order, at `times` (T,) in seconds; `aspect` is the picture's width over its height."""
    camera = camera_track(scene, times)
    seen = []
    for actor, track in zip(scene.cast, scene_tracks(scene, times), strict=True):
        size = actor.size * (1 - DEPTH_SHRINK * actor.depth)
        stand = GROUND + DEPTH_RISE * actor.depth + track.y - camera.y
        foot = 1 - ((stand - PIVOT) * camera.zoom + PIVOT)
        height = size * camera.zoom * track.scale
        above = height * track.stretch * (1 - track.sink)
        x = (track.x - camera.x) * camera.zoom * 0.5 + 0.5
        seen.append(
            OnScreen(
                x=x,
                y=foot - MIDDLE * above,
                height=height * track.stretch,
                visible=(1 - track.sink)
                * _inside(foot - above, foot)
                * _inside(x - height / aspect / 2, x + height / aspect / 2),
            )
        )
    return seen


def _inside(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Share of [low, high] that lies in [0, 1]."""
    return np.clip(np.minimum(high, 1) - np.maximum(low, 0), 0, None) / np.maximum(high - low, 1e-6)


def from_left(scene: Scene, aspect: float = 16 / 9) -> list[int]:
    """Indices of the cast, ordered from left to right by where each is on the average while it can be seen."""
    times = np.linspace(0, scene.seconds, 17)
    places = []
    for number, actor in enumerate(on_screen(scene, times, aspect)):
        weight = actor.visible + 1e-3
        places.append((round(float((actor.x * weight).sum() / weight.sum()), 3), number))
    return [number for _, number in sorted(places)]


def flights(actor: Actor) -> list[tuple[str, float, float]]:
    """(name, start, end) in seconds of each free flight: "jump", "fall", or the "bounce" after a fall."""
    found = []
    for action in actor.actions:
        if action.motion == "jump":
            hops = max(1, int((action.end - action.start) / JUMP_SECONDS))
            hop = (action.end - action.start) / hops
            found += [("jump", action.start + hop * (n + 0.12), action.start + hop * (n + 0.88)) for n in range(hops)]
        elif action.motion == "fall":
            landing = action.start + float(np.sqrt(2 * DROP_HEIGHT / GRAVITY))
            rebound = 2 * BOUNCE * float(np.sqrt(2 * DROP_HEIGHT / GRAVITY))
            found += [("fall", action.start, landing), ("bounce", landing, landing + rebound)]
    return found
