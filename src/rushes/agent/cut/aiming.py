"""Where in a clip's frame somebody is while it lasts, and the push to them that never loses them.

Who was drawn from a scene is where the scene says; in any other picture it is measured what stands out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np

from rushes.agent.cut.cropping import Part, part_shown
from rushes.agent.cut.document import ClipPiece, WorkingCut, source_probe
from rushes.agent.cut.standing_out import looked_at, standing_out
from rushes.agent.lexicon import find_kind, forms
from rushes.agent.making_cast import members, named_as_things
from rushes.agent.production import Production, take_scene
from rushes.agent.words import COLORS, NEAR_KINDS
from rushes.backlot.scene import Actor, Scene
from rushes.backlot.where import OnScreen, on_screen
from rushes.media.push import WHOLE, Push, View

Way = Literal["in", "out", "hold"]

LOOKS = 13  # moments of a clip, its first and its last among them
# How far drawn actors reach from their middle, as shares of their height: up, down, and to each side.
ABOVE, BELOW, BESIDE = 0.66, 0.5, 0.6
BROAD = {  # to each side, of those who are broader
    kind: half
    for half, kinds in (
        (0.95, "plane fox whale"),
        (0.88, "train elephant bus boat owl turtle car"),
        (0.8, "butterfly mouse octopus banana fish snail duck"),
        (0.7, "dog umbrella horse bird bee frog cat cake cup"),
    )
    for kind in kinds.split()
}
AIR = 0.02  # of the frame, that stays free around somebody
MOST_OF = 0.7  # share of somebody's width and height, that is kept where all of them leaves hardly any push
CORE = 0.4  # likewise on a side where the frame cuts them off already
SEEN = 0.05  # share of somebody that has to be seen
BULK = 0.9  # share of what stands out, that is the subject
COMPACT = 0.45  # share of the frame that a subject takes at most, where it is only measured what stands out
LEAST = 1.06  # a scale under it is hardly seen
WORTH = 1.12  # a scale for which nobody's edges are given up
STEPS = 28  # scales that are tried between the one that is asked for and that


@dataclass(frozen=True, kw_only=True)
class Subject:
    name: str  # for people
    boxes: np.ndarray  # (LOOKS, 4) left, top, right, bottom, shares of the frame, evenly over the clip; NaN: not seen
    most: np.ndarray  # likewise, of most of it: what has to be kept


@dataclass(frozen=True, kw_only=True)
class Aimed:
    push: Push
    scale: float  # of its nearest view
    whole: bool  # all of the subject is in the frame all the time, not only most of it


def point(x: float, y: float) -> Subject:
    """A place in the frame. Raises ValueError for one outside of it."""
    if not (0 <= x <= 1 and 0 <= y <= 1):
        raise ValueError(f"the point {x:g}, {y:g} is outside of the frame; give x and y from 0 (left, top) to 1")
    return _measured(f"the point {x:.2f},{y:.2f}", np.tile([x, y, x, y], (LOOKS, 1)))


def _measured(name: str, boxes: np.ndarray) -> Subject:
    return Subject(name=name, boxes=boxes, most=boxes)


def subject_of(production: Production, cut: WorkingCut, clip: ClipPiece, who: str = "") -> Subject:
    """Somebody by their name, or what a clip is about. Raises ValueError, with the way out, for whom nobody finds."""
    scene = scene_of(production, clip)
    if scene is not None and scene.cast:
        return cast_subject(production, cut, clip, scene, called(production, scene, who, clip.id))
    found = _standing_out(production, cut, clip)
    if not who:
        return found or _measured("the middle, since nothing stands out", np.full((LOOKS, 4), 0.5))
    if found is None:
        raise ValueError(
            f"nobody knows where {who!r} is in {clip.id}, which is footage or a take that fell short, and nothing "
            "stands out in it; give x and y"
        )
    return replace(found, name=f"what stands out in it, since nobody knows who is who in {clip.id}")


def scene_of(production: Production, clip: ClipPiece) -> Scene | None:
    """The scene that the clip's picture shows, if a take of it was found good or is only drawn to be looked at."""
    for take in production.board.nodes("take"):
        drawn = take.fields.get("extra", {}).get("animatic")
        if take.blobs.get("video") == clip.blob and (drawn or take.fields.get("verdict") == "accepted"):
            return take_scene(take)
    return None


def called(production: Production, scene: Scene, who: str, clip: str) -> list[int]:
    """Places in the scene's cast of those that the words name; of all without words. Raises ValueError."""
    everybody = list(range(len(scene.cast)))
    if not who:
        return everybody
    words = re.findall(r"[a-z]+", named_as_things(who, members(production)).casefold())
    phrases = [*(" ".join(pair) for pair in pairwise(words)), *words]
    colors = {COLORS[word] for word in words if word in COLORS}
    named = {find_kind(phrase) for phrase in phrases}
    played = {NEAR_KINDS.get(form) for word in words for form in forms(word)}  # by somebody that the cast has
    for kinds in (named, played):
        found = [place for place in everybody if scene.cast[place].kind in kinds]
        coloured = [place for place in found if scene.cast[place].color in colors]
        if found:
            return coloured or found
    planned = " and ".join(dict.fromkeys(f"the {actor.kind}" for actor in scene.cast))
    raise ValueError(f"nobody called {who!r} is planned in {clip}, only {planned}; name one of them, or give x and y")


def cast_subject(
    production: Production, cut: WorkingCut, clip: ClipPiece, scene: Scene, places: Sequence[int]
) -> Subject:
    """Those of the cast, where the film's frame shows them."""
    about = source_probe(production.board, clip.blob)
    own = about.width / about.height
    times = np.clip(np.linspace(clip.start, clip.source_end, LOOKS), 0.0, scene.seconds)
    seen = on_screen(scene, times, own)
    part = part_shown(clip.fit, clip.focus, own, cut.width / cut.height)
    whole, most = (
        _around(np.stack([_box(scene.cast[place], seen[place], own, part, share) for place in places]))
        for share in (1.0, MOST_OF)
    )
    kinds = list(dict.fromkeys(scene.cast[place].kind for place in places))
    name = f"the {kinds[0]}" if len(kinds) == 1 else "those who are in it"
    return Subject(name=name, boxes=whole, most=most)


def _box(actor: Actor, seen: OnScreen, own: float, part: Part, share: float) -> np.ndarray:
    """(LOOKS, 4) shares of the frame: so much of somebody, or all with air around, as far as it lies in the frame.

    Whom the frame cuts off has only their core kept on that side.
    """
    side = BROAD.get(actor.kind, BESIDE) * seen.height / own
    left, top = part.point(seen.x - side, seen.y - ABOVE * seen.height)
    right, bottom = part.point(seen.x + side, seen.y + BELOW * seen.height)
    near, far = [], []  # left and top, right and bottom
    for low, high in ((left, right), (top, bottom)):
        middle, half = (low + high) / 2, (high - low) / 2
        kept = share * half + (AIR if share == 1 else 0)
        near.append(middle - np.where(low < 0, CORE * half, kept))
        far.append(middle + np.where(high > 1, CORE * half, kept))
    box = np.clip(np.stack([*near, *far], axis=1), 0, 1)
    gone = (seen.visible < SEEN) | (box[:, 2] <= box[:, 0]) | (box[:, 3] <= box[:, 1])
    box[gone] = np.nan
    return box


def _around(boxes: np.ndarray) -> np.ndarray:
    """(N, LOOKS, 4) -> (LOOKS, 4): the box around all that are seen."""
    near, far = (
        np.where(np.isnan(boxes), np.inf, boxes).min(axis=0),
        np.where(np.isnan(boxes), -np.inf, boxes).max(axis=0),
    )
    around = np.concatenate([near[:, :2], far[:, 2:]], axis=1)
    return np.where(np.isfinite(around), around, np.nan)


def _standing_out(production: Production, cut: WorkingCut, clip: ClipPiece) -> Subject | None:
    """What stands out in footage; None where that is spread over the frame, or is nothing."""
    path, about = production.board.blob_path(clip.blob), source_probe(production.board, clip.blob)
    part = part_shown(clip.fit, clip.focus, about.width / about.height, cut.width / cut.height)
    pictures = looked_at(path, clip.start, clip.seconds * clip.speed, LOOKS)
    found = [_bulk(standing_out(picture), part) for picture in pictures] or [np.full(4, np.nan)]
    boxes = np.stack([found[round(n * (len(found) - 1) / (LOOKS - 1))] for n in range(LOOKS)])
    area = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    if np.isnan(area).any() or area.max() > COMPACT:
        return None
    return _measured("what stands out", boxes)


def _bulk(far: np.ndarray, part: Part) -> np.ndarray:
    """(4,) the box in the frame around most of what stands out, (H, W), in a picture."""
    if not far.any():
        return np.full(4, np.nan)
    sides = []
    for axis in (0, 1):  # across, down
        along = np.cumsum(far.sum(axis=axis))
        first, last = np.searchsorted(along, np.array([1 - BULK, 1 + BULK]) / 2 * along[-1])
        sides.append((first / len(along), (last + 1) / len(along)))
    (left, right), (top, bottom) = sides
    return np.clip([*part.point(left - AIR, top - AIR), *part.point(right + AIR, bottom + AIR)], 0, 1)


def aimed(subject: Subject, way: Way, scale: float) -> Aimed:
    """The push whose nearest view is around the subject, which stays in the frame all the time.

    Its scale is the largest up to the one that is asked for at which that can be. Raises ValueError where none can.
    """
    if np.isnan(subject.boxes).all():
        raise ValueError(f"{subject.name} can't be seen in it; name somebody else, or give x and y")
    whole = _nearest(subject.boxes, way, scale)
    near = whole
    if whole is None or whole.scale < min(scale, WORTH):
        most = _nearest(subject.most, way, scale)
        near = most if whole is None or (most is not None and most.scale > whole.scale) else whole
    if near is None:
        raise ValueError(
            f"{subject.name} takes up all of the frame, or goes through it, and would not stay in it any nearer; "
            "give x and y to go to a point whatever is lost"
        )
    push = {"in": (WHOLE, near), "out": (near, WHOLE), "hold": (near, near)}[way]
    return Aimed(push=push, scale=near.scale, whole=near is whole)


def _nearest(boxes: np.ndarray, way: Way, scale: float) -> View | None:
    """The nearest view around the boxes with which they stay in all views."""
    for tried in np.geomspace(scale, LEAST, STEPS):
        left, top = (_side(boxes[:, axis], boxes[:, axis + 2], way, float(tried)) for axis in (0, 1))
        if left is not None and top is not None:
            half = 0.5 / float(tried)
            return View(float(tried), left + half, top + half)
    return None


def _side(low: np.ndarray, high: np.ndarray, way: Way, scale: float) -> float | None:
    """Left edge, or top, of the nearest view: as near to the subject's middle as leaves [low, high] in all views.

    None where no edge does.
    """
    near, share = 1 / scale, np.linspace(0, 1, LOOKS)
    size = {"in": near**share, "out": near ** (1 - share), "hold": np.full(LOOKS, near)}[way]
    gone = (1 - size) / (1 - near)  # how much of the way from the whole frame to the nearest view
    there = ~np.isnan(low) & (gone > 1e-6)
    least = np.max((high - size)[there] / gone[there], initial=0.0)
    most = np.min(low[there] / gone[there], initial=1 - near)
    if least > most + 1e-9:
        return None
    seen = np.flatnonzero(~np.isnan(low))
    nearest = {"in": seen[-1:], "out": seen[:1], "hold": seen}[way]
    middle = float((low + high)[nearest].mean()) / 2
    return min(max(middle - near / 2, float(least)), float(most))
