"""Where titles stand: not over faces, nor over other texts.

A title stands in the middle unless it would cover what is to be seen there; then it goes to the upper or the lower
third, whichever covers less, within the frame's safe area. Who was drawn from a scene is exactly where the scene says;
in any other picture it is measured what stands out or moves. Whoever has said where a title shall stand has it there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from rushes.agent.cut.cropping import Part, part_shown
from rushes.agent.cut.standing_out import looked_at, standing_out
from rushes.agent.production import take_scene
from rushes.backlot.scene import Scene
from rushes.backlot.where import on_screen
from rushes.board.board import Board
from rushes.media.probe import probe
from rushes.media.push import AT_REST, view_at
from rushes.media.timeline import Clip, Text, Timeline
from rushes.media.titles import MIDDLE, text_box

LOOKS = 5  # moments of a title at which it is looked where everybody is
GRID = 48  # rows and columns of a scene's picture
MOVED = 48  # sum over the three colours by which a pixel changes that moves
WIDER = 0.02  # share of the frame that stays free around a title
WORTH = 0.08  # share of the title's own area that must be won for it to leave the middle
UPPER, LOWER = 0.2, 0.84  # middles of the other bands, shares of the height
# Edges that titles keep: SMPTE ST 2046-1 has 5% for safe titles; in upright films apps lay their own signs over more.
SAFE, SAFE_UPRIGHT = (0.05, 0.95), (0.12, 0.8)

Box = tuple[float, float, float, float]  # left, top, right, bottom: shares of the frame


def clear_titles(board: Board, timeline: Timeline) -> Timeline:
    """The timeline whose titles stand where they cover nobody. Their words and frames stay as they are."""
    free = [text for text in timeline.texts if text.place == "title" and not text.middle]
    if not free:
        return timeline
    scenes = _scenes(board)
    texts = list(timeline.texts)
    for number, text in enumerate(texts):
        if text.place == "title" and not text.middle:
            # Titles that have not been placed yet give way to this one.
            fixed = [each for n, each in enumerate(texts) if n < number or each.place != "title" or each.middle]
            beside = [text_box(timeline, each) for each in fixed if each.start < text.end and text.start < each.end]
            texts[number] = replace(text, middle=_middle(timeline, text, scenes, beside))
    return replace(timeline, texts=tuple(texts))


def _middle(timeline: Timeline, text: Text, scenes: Mapping[Path, Scene], beside: Sequence[Box]) -> float:
    upright = timeline.height > timeline.width
    low, high = SAFE_UPRIGHT if upright else SAFE
    box = text_box(timeline, text)
    half = (box[3] - box[1]) / 2
    if 2 * half > high - low:
        return MIDDLE
    # Below a title apps and subtitles may stand in an upright film, above it in none: that band is asked first.
    bands = [MIDDLE, *((UPPER, LOWER) if upright else (LOWER, UPPER))]
    middles = [min(max(band, low + half), high - half) for band in bands]
    behind = _behind(timeline, text, scenes)
    costs = []
    for middle in middles:
        at = text_box(timeline, replace(text, middle=middle))
        shares = [np.mean([_share(*seen, at) for seen in zip(each.busy, each.parts, strict=True)]) for each in behind]
        covered = float(np.average(shares, weights=[each.frames for each in behind])) if behind else 0.0
        costs.append(covered + sum(_meet(at, other) for other in beside))
    best = int(np.argmin(costs))
    return middles[best] if costs[0] - costs[best] > WORTH else middles[0]


@dataclass(frozen=True, kw_only=True)
class _Behind:
    """A clip behind a text."""

    frames: int  # of the film, in which both are seen
    busy: list[np.ndarray]  # (H, W) of 0 and 1 at moments: where somebody is, or something stands out or moves
    parts: list[Part]  # of the picture, that are seen then


def _behind(timeline: Timeline, text: Text, scenes: Mapping[Path, Scene]) -> list[_Behind]:
    first, last = timeline.text_frames(text)
    found = []
    for clip, start, length in zip(timeline.clips, timeline.clip_starts, timeline.clip_frames, strict=True):
        begin, end = max(first, start), min(last, start + length)
        if begin < end:
            at, until = (clip.start + timeline.seconds_at(frame - start) * clip.speed for frame in (begin, end))
            busy = _busy(clip, at, until, scenes.get(clip.source))
            busy = busy * LOOKS if len(busy) == 1 and clip.push != AT_REST else busy
            parts = _parts(timeline, clip, np.linspace((begin - start) / length, (end - start) / length, len(busy)))
            found.append(_Behind(frames=end - begin, busy=busy, parts=parts))
    return found


def _busy(clip: Clip, at: float, until: float, scene: Scene | None) -> list[np.ndarray]:
    """From `at` to `until`, seconds of the clip's source."""
    if scene is not None:
        about = probe(clip.source)
        return _cast(scene, at, until, about.width / about.height)
    frames = looked_at(clip.source, at, until - at, LOOKS)
    busy = [standing_out(frame) > 0 for frame in frames]
    for number in range(1, len(frames)):
        moved = np.abs(frames[number].astype(np.float32) - frames[number - 1]).sum(axis=2) > MOVED
        busy[number] = busy[number] | moved
    return busy or [np.zeros((GRID, GRID), bool)]  # the source ends before it


def _cast(scene: Scene, at: float, until: float, aspect: float) -> list[np.ndarray]:
    """(GRID, GRID) at LOOKS moments: where the cast is, each as wide as tall."""
    times = np.clip(np.linspace(at, until, LOOKS), 0.0, scene.seconds)
    places = (np.arange(GRID) + 0.5) / GRID
    pictures = np.zeros((LOOKS, GRID, GRID), bool)
    for actor in on_screen(scene, times, aspect):
        for n in range(LOOKS):
            rows = np.abs(places - actor.y[n]) <= actor.height[n] / 2
            columns = np.abs(places - actor.x[n]) <= actor.height[n] / aspect / 2
            pictures[n] |= rows[:, None] & columns[None] & bool(actor.visible[n] > 0.05)
    return list(pictures)


def _parts(timeline: Timeline, clip: Clip, shares: np.ndarray) -> list[Part]:
    """The parts of the clip's picture that are seen when so much of it is over."""
    found = probe(clip.source)
    part = part_shown(clip.fit, clip.focus, found.width / found.height, timeline.width / timeline.height)
    return [part.seen_in(view_at(clip.push, float(share))) for share in shares]


def _share(picture: np.ndarray, part: Part, box: Box) -> float:
    """Share of a box of the frame that lies over what is busy in the part of the picture that is seen in it."""
    left, top, right, bottom = box[0] - WIDER, box[1] - WIDER, box[2] + WIDER, box[3] + WIDER
    sides = [part.left + left * part.width, part.left + right * part.width]
    sides += [part.top + top * part.height, part.top + bottom * part.height]
    rows, columns = picture.shape
    # Sampled at points of the box, so that what lies outside the picture counts as free.
    y = np.floor(np.linspace(sides[2], sides[3], 24) * rows).astype(int)
    x = np.floor(np.linspace(sides[0], sides[1], 48) * columns).astype(int)
    inside = ((y >= 0) & (y < rows))[:, None] & ((x >= 0) & (x < columns))[None]
    seen = picture[np.clip(y, 0, rows - 1)][:, np.clip(x, 0, columns - 1)]
    return float((seen & inside).mean())


def _meet(one: Box, other: Box) -> float:
    """How much two texts lie over each other; nothing else weighs as much."""
    across, down = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return 2.0 if across > 0 and down > 0 else 0.0


def _scenes(board: Board) -> dict[Path, Scene]:
    """File of a take -> the scene that it shows: the critic has found in it what the scene says."""
    accepted = [take for take in board.nodes("take", verdict="accepted") if "video" in take.blobs]
    scenes = {board.blob_path(take.blobs["video"]): take_scene(take) for take in accepted}
    return {path: scene for path, scene in scenes.items() if scene is not None}
