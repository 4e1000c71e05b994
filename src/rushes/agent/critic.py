"""The critic: how well a take shows the planned scene, from measurements and from what a read-out sees in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from rushes.backlot.scene import Actor, Scene
from rushes.backlot.where import from_left
from rushes.media.colour import lab
from rushes.media.picture_signal import BLACK_SHARE, PictureSignal, flicker_times, frozen_spans, sharpness

VERSION = 1  # of the judgement; part of its key on the board
THRESHOLD = 0.6  # score from which a take is accepted
MEASURED_WIDTH = 320  # pixels at which takes are measured

# Weights of the parts. What a read-out names counts most: a sharp picture of the wrong animal is no good take.
WEIGHTS = {
    "length": 1.0,
    "black": 1.0,
    "moving": 1.0,
    "steady": 0.5,
    "sharp": 0.5,
    "color": 1.0,
    "kind seen": 3.0,
    "color seen": 1.5,
    "set seen": 1.5,
    "motion seen": 2.0,
    "light seen": 0.5,
}
FATAL = {"length": 0.5, "black": 0.5}  # below this the take can't be used, whatever else it shows

# Hue in degrees of CIE Lab, and a range of lightness, by which a colour word is recognised under any light.
HUES = {
    "red": (30, 8, 75),
    "orange": (60, 35, 90),
    "yellow": (88, 45, 100),
    "green": (145, 12, 90),
    "blue": (275, 8, 85),
    "purple": (312, 8, 80),
    "pink": (0, 40, 95),
    "brown": (55, 8, 55),
}


class ReadOut(Protocol):
    """Names what is in a clip."""

    name: str  # with its version

    def read(self, frames: np.ndarray, fps: float) -> Mapping[str, Mapping[str, float]]:
        """frames (T, H, W, 3) uint8 -> for "kind", "color", "set", "motion", "light": name -> probability."""
        ...


@dataclass(frozen=True, kw_only=True)
class Verdict:
    score: float  # 0 to 1
    accepted: bool
    parts: dict[str, float]  # each 0 to 1, by the names in WEIGHTS
    reasons: tuple[str, ...]  # in words, what falls short first


def judge(
    frames: Sequence[np.ndarray],
    fps: float,
    scene: Scene | None,
    *,
    seconds: float,
    read_out: ReadOut | None = None,
    threshold: float = THRESHOLD,
) -> Verdict:
    """Judges (H, W, 3) uint8 frames that should show `scene` for `seconds`. The same frames give the same verdict."""
    parts: dict[str, float] = {}
    reasons: list[str] = []
    _measure(list(frames), fps, scene, seconds, parts, reasons)
    if scene is not None and scene.cast and len(frames):
        _see_color(list(frames), scene.cast[0], parts, reasons)
    if read_out is not None and scene is not None and len(frames):
        _read(np.stack(list(frames)), fps, scene, read_out, parts, reasons)
    total = sum(WEIGHTS[name] for name in parts)
    score = sum(WEIGHTS[name] * value for name, value in parts.items()) / total if total else 0.0
    for name, least in FATAL.items():
        if parts.get(name, 1.0) < least:
            score = min(score, 0.2)
    score = round(min(1.0, max(0.0, score)), 4)
    accepted = score >= threshold
    if not reasons:
        reasons.append("all measurements are as planned")
    return Verdict(
        score=score, accepted=accepted, parts={n: round(v, 4) for n, v in parts.items()}, reasons=tuple(reasons)
    )


def _measure(
    frames: list[np.ndarray],
    fps: float,
    scene: Scene | None,
    seconds: float,
    parts: dict[str, float],
    reasons: list[str],
) -> None:
    wanted = max(1, round(seconds * fps))
    parts["length"] = 1.0 if abs(len(frames) - wanted) <= 1 else min(1.0, len(frames) / wanted) * 0.9
    if abs(len(frames) - wanted) > 1:
        reasons.append(f"it has {len(frames)} frames at {fps:g} fps, {wanted} were asked for")
    if not frames:
        parts["black"] = 0.0
        return
    signal = PictureSignal()
    step = max(1, frames[0].shape[1] // 160)
    for number, frame in enumerate(frames):
        signal.add(number / fps, np.ascontiguousarray(frame[::step, ::step]))
    black = float((np.array(signal.black) >= BLACK_SHARE).mean())
    parts["black"] = 1 - black
    if black > 0.05:
        reasons.append(f"{black:.0%} of the frames are black")
    if scene is None or _moves(scene):
        length = len(frames) / fps
        frozen = sum(end - start for start, end in frozen_spans(signal, length)) / length
        parts["moving"] = 1 - min(1.0, frozen)
        if frozen > 0.4:
            reasons.append(f"nothing moves for {frozen:.0%} of the time")
    flicker = len(flicker_times(signal)) * fps / len(frames)
    parts["steady"] = 1 / (1 + flicker)
    if flicker > 0.5:
        reasons.append(f"the light flickers {flicker:.1f} times a second")
    sharp = float(np.median([sharpness(frame) for frame in frames[:: max(1, len(frames) // 6)]]))
    parts["sharp"] = min(1.0, sharp / 30)
    if parts["sharp"] < 0.4:
        reasons.append(f"the picture is soft (sharpness {sharp:.0f}, 30 is good)")


def _moves(scene: Scene) -> bool:
    if scene.camera.move not in ("still", "follow"):
        return True
    return any(action.motion not in ("stand", "hide") for actor in scene.cast for action in actor.actions)


def _see_color(frames: list[np.ndarray], actor: Actor, parts: dict[str, float], reasons: list[str]) -> None:
    """Whether the middle of the picture has enough of the lead's colour."""
    if actor.pattern != "plain" and actor.color not in HUES:
        return
    wanted = max(0.004, 0.18 * actor.size**2 * 0.4)  # a rough share of the picture that the lead's main colour covers
    shares = []
    for frame in frames[:: max(1, len(frames) // 5)]:
        height, width = frame.shape[:2]
        middle = frame[height // 12 : height - height // 12, width // 12 : width - width // 12]
        step = max(1, middle.shape[1] // 120)
        shares.append(color_share(middle[::step, ::step], actor.color))
    share = float(np.median(shares))
    parts["color"] = min(1.0, share / wanted)
    if parts["color"] < 0.5:
        reasons.append(f"there is little {actor.color} in the picture ({share:.1%}) for a {actor.color} {actor.kind}")


def color_share(picture: np.ndarray, color: str) -> float:
    """Share of the (H, W, 3) uint8 pixels that a person would call `color`, a name in backlot's COLORS."""
    pixels = lab(np.ascontiguousarray(picture)).reshape(-1, 3)
    light, chroma = pixels[:, 0], np.hypot(pixels[:, 1], pixels[:, 2])
    if color == "white":
        return float(((light > 68) & (chroma < 20)).mean())
    if color == "black":
        return float(((light < 30) & (chroma < 20)).mean())
    hue, darkest, lightest = HUES[color]
    degrees = np.degrees(np.arctan2(pixels[:, 2], pixels[:, 1]))
    away = np.abs((degrees - hue + 180) % 360 - 180)
    return float(((away < 24) & (chroma > 14) & (light > darkest) & (light < lightest)).mean())


def _read(
    frames: np.ndarray, fps: float, scene: Scene, read_out: ReadOut, parts: dict[str, float], reasons: list[str]
) -> None:
    expected = {"set": scene.set, "light": scene.light}
    if scene.cast:
        lead = scene.cast[from_left(scene)[0]]  # of several, a read-out says who is furthest to the left
        motion = lead.actions[0].motion if lead.actions else "stand"
        expected |= {"kind": lead.kind, "color": lead.color, "motion": motion}
    seen = read_out.read(frames, fps)
    for what in ("kind", "color", "set", "motion", "light"):
        chances = seen.get(what)
        # A name that the read-out was never taught can't be held against the take.
        if what not in expected or not chances or expected[what] not in chances:
            continue
        likeliest = max(chances, key=lambda name: chances[name])
        chance = float(chances[expected[what]])
        right = likeliest == expected[what]
        parts[f"{what} seen"] = max(chance, 0.5) if right else chance * 0.5
        if not right:
            sure = f"{float(chances[likeliest]):.0%}"
            reasons.append(f"the {what} looks like {likeliest} ({sure}), planned was {expected[what]} ({chance:.0%})")
