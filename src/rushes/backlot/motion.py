"""Where every actor and the camera are at a time: the exact ground truth that pictures and evaluations share.

numpy only. Falls and jumps follow one gravity, so physics can be read off the frames.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np

from rushes.backlot.cast import BY_NAME
from rushes.backlot.scene import Action, Actor, Scene

GRAVITY = 2.4  # frame heights per second squared
STRIDE_RATE = {"walk": 1.6, "run": 2.6, "fly": 2.2, "roll": 0.0}  # gait cycles per second
JUMP_SECONDS = 0.85  # one hop, from leaving the ground to landing
DROP_HEIGHT = 0.62  # frame heights from which a fall begins
BOUNCE = 0.45  # share of the speed kept at a bounce
FLY_HEIGHT = 0.22  # frame heights gained by `fly`
SMALL = 0.4  # size at which `grow` begins and `shrink` ends, as a share of the actor's own


@dataclass(frozen=True, kw_only=True)
class Track:
    """One actor over T times; every field is an array of shape (T,)."""

    x: np.ndarray  # stage x of the standing point
    y: np.ndarray  # height above the standing line, frame heights
    angle: np.ndarray  # radians, counter-clockwise, about the actor's middle
    scale: np.ndarray  # magnification of the actor's own size
    stretch: np.ndarray  # height over rest height (width changes inversely)
    facing: np.ndarray  # 1 right, -1 left
    stride: np.ndarray  # phase of the gait, radians
    gait: np.ndarray  # 0 standing, 1 walking, 1.6 running
    flap: np.ndarray  # 0 wings folded, 1 flying
    wave: np.ndarray  # 0 arm down, 1 waving
    sink: np.ndarray  # share of the height hidden below the standing line


def _ease(u: np.ndarray) -> np.ndarray:
    return u * u * (3 - 2 * u)


def fall_height(t: np.ndarray, drop: float) -> np.ndarray:
    """Height in frame heights at t seconds after release from `drop`, bouncing with BOUNCE."""
    height = drop - 0.5 * GRAVITY * t**2
    landing = np.sqrt(2 * drop / GRAVITY)
    speed = GRAVITY * landing
    for _ in range(4):
        speed *= BOUNCE
        since = t - landing
        flight = 2 * speed / GRAVITY
        height = np.where(since >= 0, speed * since - 0.5 * GRAVITY * since**2, height)
        landing = landing + flight
    return np.where(t >= landing, 0.0, np.maximum(height, 0.0))


def _blank(actor: Actor, n: int) -> dict[str, np.ndarray]:
    zero, one = np.zeros(n), np.ones(n)
    state = {field.name: zero.copy() for field in fields(Track)}
    state.update(scale=one.copy(), stretch=one.copy(), facing=one * actor.facing, x=one * actor.x, y=one * actor.y)
    if actor.kind in BY_NAME and BY_NAME[actor.kind].habitat == "air":
        state["flap"] += 1.0
    return state


def _act(state: dict[str, np.ndarray], actor: Actor, action: Action, times: np.ndarray) -> None:
    """Adds one action to the state: during it, and what it leaves behind afterwards."""
    during = (times >= action.start) & (times < action.end)
    since = np.clip(times - action.start, 0.0, action.end - action.start)
    length = action.end - action.start
    u = since / length
    motion = action.motion
    if motion in ("walk", "run", "fly", "roll"):
        travelled = action.heading * action.distance * u
        state["x"] += travelled
        state["facing"] = np.where(times >= action.start, float(action.heading), state["facing"])
        state["stride"] += 2 * np.pi * STRIDE_RATE[motion] * since
        state["gait"] += during * {"walk": 1.0, "run": 1.6, "fly": 0.3, "roll": 0.0}[motion]
        if motion == "run":
            state["angle"] -= during * action.heading * 0.10
    if motion == "fly":
        state["flap"] = np.where(during, 1.0, state["flap"])
        state["y"] += FLY_HEIGHT * _ease(np.clip(u * 2, 0, 1)) + during * 0.02 * np.sin(2 * np.pi * 1.3 * since)
    elif motion == "roll":  # without slipping: arc = angle x radius; x spans two units over the frame's width
        state["angle"] -= action.heading * action.distance * u * 1.75 / actor.size
    elif motion == "jump":
        hops = max(1, int(length / JUMP_SECONDS))
        in_hop = np.mod(since, length / hops) / (length / hops)
        flight = np.clip((in_hop - 0.12) / 0.76, 0, 1)
        rise = 0.5 * GRAVITY * (JUMP_SECONDS / 2) ** 2
        state["y"] += during * rise * 4 * flight * (1 - flight)
        crouch = np.exp(-(((in_hop - 0.06) / 0.05) ** 2)) + np.exp(-(((in_hop - 0.94) / 0.05) ** 2))
        state["stretch"] *= 1 + during * (0.12 * (flight * (1 - flight) * 4) - 0.22 * crouch)
        state["wave"] += during * 0.4
    elif motion == "fall":
        before_or_during = times < action.end
        state["y"] += before_or_during * fall_height(since, DROP_HEIGHT)
    elif motion == "spin":
        turns = max(1.0, round(length * 0.5))
        state["angle"] -= action.heading * 2 * np.pi * turns * u
    elif motion == "grow":
        state["scale"] *= SMALL + (1 - SMALL) * _ease(u)
    elif motion == "shrink":
        state["scale"] *= 1 - (1 - SMALL) * _ease(u)
    elif motion == "hide":
        state["sink"] = np.maximum(state["sink"], _ease(u) * 0.94)
    elif motion == "wave":
        state["wave"] += during * 1.0
        state["angle"] += during * 0.05 * np.sin(2 * np.pi * 1.5 * since)
    state["stride"] += during * (0.0 if motion in STRIDE_RATE else 1.0) * since * 2 * np.pi * 0.5


def actor_track(actor: Actor, times: np.ndarray) -> Track:
    """One actor on its own, relations left aside. `times` (T,) in seconds."""
    times = np.asarray(times, dtype=np.float64)
    state = _blank(actor, len(times))
    for action in actor.actions:
        _act(state, actor, action, times)
    return Track(**state)


def scene_tracks(scene: Scene, times: np.ndarray) -> list[Track]:
    """All actors, relations included: who follows walks the same path later, who is carried goes with its carrier."""
    times = np.asarray(times, dtype=np.float64)
    tracks = [actor_track(actor, times) for actor in scene.cast]
    for relation in scene.relations:
        subject, other = scene.cast[relation.subject], scene.cast[relation.object]
        if relation.kind == "carries":
            carrier = tracks[relation.subject]
            reach = 0.34 * subject.size * carrier.scale
            tracks[relation.object] = replace(
                tracks[relation.object],
                x=carrier.x + carrier.facing * reach / 0.89,
                y=carrier.y + 0.42 * subject.size * carrier.scale,
                facing=carrier.facing,
                sink=carrier.sink,
            )
        elif relation.kind == "follows":
            leader = tracks[relation.object]
            gap = 0.62 * (subject.size + other.size)
            tracks[relation.subject] = replace(
                tracks[relation.subject],
                x=leader.x - leader.facing * gap,
                facing=leader.facing,
                gait=leader.gait,
                stride=leader.stride + 1.3,
            )
    return tracks


@dataclass(frozen=True, kw_only=True)
class CameraTrack:
    x: np.ndarray  # (T,) stage x at the centre of the frame
    y: np.ndarray  # (T,) frame heights by which the view is raised
    zoom: np.ndarray  # (T,) magnification


def camera_track(scene: Scene, times: np.ndarray) -> CameraTrack:
    times = np.asarray(times, dtype=np.float64)
    camera = scene.camera
    u = np.clip(times / max(scene.seconds, 1e-6), 0, 1)
    x = np.full(len(times), camera.x)
    zoom = np.full(len(times), camera.zoom)
    if camera.move in ("pan_left", "pan_right"):
        sign = 1 if camera.move == "pan_right" else -1
        x = x + sign * camera.amount * (u - 0.5)
    elif camera.move == "zoom_in":
        zoom = zoom * (1 + camera.amount * _ease(u))
    elif camera.move == "zoom_out":
        zoom = zoom * (1 + camera.amount * (1 - _ease(u)))
    elif camera.move == "follow" and scene.cast:
        x = x + 0.7 * (scene_tracks(scene, times)[0].x - scene.cast[0].x * 0.3)
    return CameraTrack(x=x, y=np.full(len(times), camera.y), zoom=zoom)


def frame_times(scene: Scene, fps: float) -> np.ndarray:
    """Times of the frames of a scene: round(seconds x fps) of them, the first at 0."""
    return np.arange(max(1, round(scene.seconds * fps))) / fps
