"""What is wrong with the picture: black, frozen, repeated, too short to be seen, with bars."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from rushes.agent.cut.document import ClipPiece, WorkingCut, continues, source_probe
from rushes.agent.cut.finding import Finding, Looked, span
from rushes.agent.cut.pieces import comes_again, is_card
from rushes.backlot.scene import scene_from_dict
from rushes.media.audit import SHORTEST_FREEZE, SIGNED_EVERY, Audit

EDGE = 0.5  # seconds at the film's begin and end that may be black: it opens and closes
SHORTEST_CLIP = 3  # frames; less is a flash
SAME_SIGN = 2.5  # of 255: mean difference of two pictures that are the same
REPEATED = 0.5  # share of a clip that an earlier one shows too
VISIBLE_BAR = 0.015  # share of the film's frame


def picture_faults(looked: Looked) -> Iterator[Finding]:
    for clip in looked.cut.clips:
        yield from _black(looked, clip)
        yield from _frozen(looked, clip)
        yield from _bars(looked, clip)
    yield from _flashes(looked.cut)
    yield from _repeated(looked)


def _black(looked: Looked, clip: ClipPiece) -> Iterator[Finding]:
    film = looked.cut.seconds
    for start, end in looked.audit(clip).black:
        shown = looked.on_film(clip, start, end)
        if shown is None:
            continue
        opens_or_closes = shown[0] < 0.01 or shown[1] > film - 0.01
        if opens_or_closes and shown[1] - shown[0] <= EDGE:
            continue
        yield Finding(kind="black", what=f"{span(*shown)} {clip.id}", mend=_cut_away(looked.cut, *shown))


def _frozen(looked: Looked, clip: ClipPiece) -> Iterator[Finding]:
    audit = looked.audit(clip)
    if not audit.fps or _stands_still(looked, clip):
        return
    for start, end in audit.frozen:
        black = sum(max(0.0, min(end, b) - max(start, a)) for a, b in audit.black)
        shown = looked.on_film(clip, start, end)
        if shown is None or shown[1] - shown[0] < SHORTEST_FREEZE or black > 0.5 * (end - start):
            continue
        # The frame that begins the stillness is a frame like others: it stays.
        first = shown[0] + (looked.cut.frame if start > clip.start - 1e-6 else 0.0)
        yield Finding(kind="frozen", what=f"{span(*shown)} {clip.id}", mend=_cut_away(looked.cut, first, shown[1]))
    held = looked.on_film(clip, audit.seconds, clip.source_end)
    if clip.source_end - audit.seconds > clip.speed / audit.fps and held is not None:
        mend = f"trim({clip.id}, seconds={held[0] - clip.at:.3f})"
        yield Finding(kind="frozen", what=f"{span(*held)} {clip.id} goes on after its source has ended", mend=mend)


def _stands_still(looked: Looked, clip: ClipPiece) -> bool:
    """Whether the scene that was shot holds nothing that moves."""
    if not clip.take:
        return False
    data = looked.production.board.node(clip.take).fields.get("parameters", {}).get("scene")
    if not data:
        return False
    scene = scene_from_dict(data)
    moves = any(action.motion not in ("stand", "hide") for actor in scene.cast for action in actor.actions)
    return not moves and scene.camera.move in ("still", "follow")


def _cut_away(cut: WorkingCut, start: float, end: float) -> str:
    return "" if end - start >= cut.seconds - cut.frame else f"remove_span({start:.3f}, {end:.3f})"


def _bars(looked: Looked, clip: ClipPiece) -> Iterator[Finding]:
    """Black bars that are part of the source's own picture and not cropped away."""
    beside, above = looked.audit(clip).bars
    found = source_probe(looked.production.board, clip.blob)
    shape = (looked.cut.width / looked.cut.height) / (found.width / found.height)
    if clip.fit == "cover":  # shares of the source that the crop takes from each side
        beside -= max(0.0, 1 - shape) / 2
        above -= max(0.0, 1 - 1 / shape) / 2
    for share, where in ((beside, "left and right"), (above, "above and below")):
        if share > VISIBLE_BAR:
            yield Finding(kind="letterbox", what=f"{clip.id} has black bars of {share:.0%} {where} in its own picture")


def _flashes(cut: WorkingCut) -> Iterator[Finding]:
    for place, clip in enumerate(cut.clips):
        frames = cut.frame_at(clip.seconds)
        around = [continues(a, b) for a, b in ((cut.clips[place - 1], clip),) if place]
        around += [continues(a, b) for a, b in zip((clip,), cut.clips[place + 1 : place + 2], strict=False)]
        if frames < SHORTEST_CLIP and not any(around) and not is_card(clip):
            many = f"{frames} frame{'s' if frames != 1 else ''}"
            yield Finding(kind="flash", what=f"{span(clip.at, clip.end)} {clip.id}, {many}", mend=f"remove({clip.id})")


def _repeated(looked: Looked) -> Iterator[Finding]:
    told: set[str] = set()
    for one, two in combinations(looked.cut.clips, 2):
        still = not looked.audit(one).fps or not looked.audit(two).fps
        meant = one.blob == two.blob and (comes_again(one) or comes_again(two))
        if still or meant or two.id in told:
            continue
        both = min(one.source_end, two.source_end) - max(one.start, two.start)
        if one.blob == two.blob:
            same = both > REPEATED * two.seconds * two.speed
        else:
            same = _looks_the_same(looked.audit(one), one, looked.audit(two), two)
        if same:
            told.add(two.id)
            yield Finding(kind="duplicate", what=f"{two.id} shows again what {one.id} shows", mend=f"remove({two.id})")


def _looks_the_same(first: Audit, one: ClipPiece, second: Audit, two: ClipPiece) -> bool:
    """Whether two clips of different files show the same pictures at the same times."""
    shown = [_signs(audit, clip) for audit, clip in ((first, one), (second, two))]
    count = min(len(signs) for signs in shown)
    if count < 2 or shown[0].shape[1] != shown[1].shape[1]:
        return False
    return bool(np.abs(shown[0][:count] - shown[1][:count]).mean(axis=1).max() < SAME_SIGN)


def _signs(audit: Audit, clip: ClipPiece) -> np.ndarray:
    first, last = int(np.ceil(clip.start / SIGNED_EVERY - 1e-6)), int(np.ceil(clip.source_end / SIGNED_EVERY - 1e-6))
    return np.array(audit.signs[first:last], np.float32).reshape(len(audit.signs[first:last]), -1)
