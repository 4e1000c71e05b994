"""Shots that are there are moved in on, or out of: no take is made, nothing is lost, and nobody leaves the frame."""

from __future__ import annotations

import numpy as np

from rushes.agent.cut.aiming import LEAST, Way, aimed, cast_subject, point, scene_of, subject_of
from rushes.agent.cut.clips import receipt
from rushes.agent.cut.cropping import Part, part_shown
from rushes.agent.cut.document import ClipPiece, WorkingCut, edit, need_cut, set_clip, source_probe
from rushes.agent.production import Production
from rushes.backlot.scene import Scene
from rushes.media.push import AT_REST, CLOSEST, WHOLE, Push, View

USUAL = 1.3  # scale where nobody says another
SOFT = 1.6  # pixels of the film that show one of the source, in a row, from which on a picture looks soft


def push(
    production: Production,
    id: str,
    way: str = "in",
    scale: float | None = None,
    on: str = "",
    x: float | None = None,
    y: float | None = None,
) -> str:
    """Raises ValueError, with the way out, for whom or what it can't go to."""
    cut = need_cut(production.board)
    clip = cut.clip(id)
    if way == "none":
        return _at_rest(production, clip)
    if scale is not None and not LEAST <= scale <= CLOSEST:
        raise ValueError(f"a scale of {scale:g} is no push; give {LEAST:g} to {CLOSEST:g}, 1 is all of the frame")
    if (x is not None or y is not None) and on:
        raise ValueError(f"say either whom to go to (on={on!r}) or a point (x, y), not both")
    if x is None and y is None:
        subject = subject_of(production, cut, clip, on)
    else:
        subject = point(0.5 if x is None else x, 0.5 if y is None else y)
    made = aimed(subject, _way(way), scale or USUAL)
    said = [] if made.whole else [f"the edges of {subject.name} leave the frame"]
    if scale and made.scale < scale:
        said.append(f"{scale:g} was asked for, but {subject.name} stays in the frame no nearer than {made.scale:.3g}")
    said += _soft(production, cut, clip, made.scale)
    after = edit(production.board, set_clip(production.board, clip, push=made.push), note=f"cut: push {id}")
    done = {
        "in": f"{id} moves in, from all of its frame to {made.scale:.3g} times as close on {subject.name}",
        "out": f"{id} moves out, from {made.scale:.3g} times as close on {subject.name} to all of its frame",
        "hold": f"{id} is shown {made.scale:.3g} times as close, around {subject.name}",
    }[way]
    return receipt(done, after, said)


def _way(way: str) -> Way:
    if way not in ("in", "out", "hold"):
        raise ValueError(f"way is {way!r}; give in, out, hold (as close all the time) or none (as it was shot)")
    return way  # type: ignore[return-value]


def _at_rest(production: Production, clip: ClipPiece) -> str:
    board = production.board
    still = source_probe(board, clip.blob).kind == "image" and clip.fit == "cover" and clip.zoom
    if clip.push == AT_REST and not still:
        scene = scene_of(production, clip)
        planned = scene is not None and scene.camera.move.startswith("zoom")
        why = ": what zooms is its camera, as it was planned and shot" if planned else ""
        return f"{clip.id} has no zoom of the cut's{why}; nothing was changed"
    looks = {"push": AT_REST, **({"zoom": 0.0} if still else {})}
    after = edit(board, set_clip(board, clip, **looks), note=f"cut: no push {clip.id}")
    return receipt(f"{clip.id} has no zoom", after)


def _soft(production: Production, cut: WorkingCut, clip: ClipPiece, scale: float) -> list[str]:
    """What is to be told of a picture that has too few pixels."""
    about = source_probe(production.board, clip.blob)
    sides = cut.width / about.width, cut.height / about.height
    enlarged = scale * (min(sides) if clip.fit == "contain" else max(sides))
    if enlarged < SOFT:
        return []
    return [
        f"it looks soft: at its nearest a pixel of its {about.width}x{about.height} is {enlarged:.1f} of the film's"
    ]


def pushed_anew(
    production: Production, before: WorkingCut, clip: ClipPiece, after: WorkingCut, shown: ClipPiece
) -> Push:
    """The clip's push in a frame of another shape, or over another take: towards whom, or what, it went."""
    parts = _part(production, before, clip), _part(production, after, shown)
    if parts[0] == parts[1] and clip.blob == shown.blob:
        return clip.push
    way, was, now = _way_of(clip.push), scene_of(production, clip), scene_of(production, shown)
    if way and was is not None and now is not None and len(was.cast) == len(now.cast):
        near = max(clip.push, key=lambda view: view.scale)
        places = _within(production, before, clip, was, near)
        try:
            if places:
                return aimed(cast_subject(production, after, shown, now, places), way, near.scale).push
        except ValueError:  # they have no room for it in this shape: it goes to the same point
            pass
    first, last = (_moved(view, *parts) for view in clip.push)
    return first, last


def _way_of(push: Push) -> Way | None:
    if push[0] == push[1]:
        return "hold"
    return "in" if push[0] == WHOLE else "out" if push[1] == WHOLE else None


def _within(production: Production, cut: WorkingCut, clip: ClipPiece, scene: Scene, near: View) -> list[int]:
    """Places in the cast of those whose middle is in the nearest view."""
    found = []
    for place in range(len(scene.cast)):
        boxes = cast_subject(production, cut, clip, scene, [place]).boxes
        boxes = boxes[~np.isnan(boxes[:, 0])]
        middle = (boxes[:, :2] + boxes[:, 2:]).mean(axis=0) / 2 if len(boxes) else np.full(2, np.inf)
        if (np.abs(middle - (near.x, near.y)) < 0.5 / near.scale).all():
            found.append(place)
    return found


def _part(production: Production, cut: WorkingCut, clip: ClipPiece) -> Part:
    about = source_probe(production.board, clip.blob)
    return part_shown(clip.fit, clip.focus, about.width / about.height, cut.width / cut.height)


def _moved(view: View, was: Part, now: Part) -> View:
    """The view of another part of the picture around the same point of it, held within the frame."""
    x, y = now.point(was.left + view.x * was.width, was.top + view.y * was.height)
    half = 0.5 / view.scale
    return View(view.scale, min(max(x, half), 1 - half), min(max(y, half), 1 - half))
