"""The film's frame: another shape or size, what a crop keeps and what is lost by it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from rushes.agent.cut.clips import receipt
from rushes.agent.cut.document import ClipPiece, WorkingCut, edit, need_cut, set_clip, source_probe
from rushes.agent.cut.pieces import is_card
from rushes.agent.cut.pushing import pushed_anew
from rushes.agent.cut.reshooting import shot_anew, shown_anew
from rushes.agent.cut.standing_out import standing_out_along
from rushes.agent.production import Production
from rushes.agent.shape import even_frame, frame_of, shape_of
from rushes.board.board import Board
from rushes.board.operations import Operation, SetFields
from rushes.media.push import AT_REST, Push

MIDDLE = (0.5, 0.5)
SUBJECT_LOST = 0.5  # of what stands out, that a crop of the middle may lose before the crop moves to it
WORTH_MOVING = 0.25  # share of what stands out that the crop wins by moving


def reframe(production: Production, aspect: str, width: int | None, height: int | None, fit: str = "") -> str:
    """A new shape ("9:16", its short side as long as before) or size.

    fit: "cover" crops, "contain" shows all; where nothing is said, shots that are drawn for nothing are composed and
    shot anew in the new shape, and only the others are cropped.
    """
    board, cut = production.board, need_cut(production.board)
    width, height = _size(cut, aspect, width, height)
    anew, said = ({}, []) if fit else shot_anew(production, cut, width, height)
    framed = replace(cut, width=width, height=height)
    operations: list[Operation] = [SetFields(id=cut.id, fields={"width": width, "height": height})]
    new = [clip.id for clip in cut.clips if clip.take in anew]
    if new:
        what = "all clips" if len(new) == len(cut.clips) else ", ".join(new)
        are = "are" if len(new) > 1 else "is"
        said.insert(0, f"{what} {are} composed and shot anew in this shape, which cost nothing")
    for clip in cut.clips:
        if clip.take in anew:
            take = anew[clip.take].take
            shown = replace(clip, blob=take.blobs["video"], fit="cover", focus=MIDDLE)
            operations += shown_anew(production, clip, anew[clip.take], **_push(production, cut, clip, framed, shown))
            continue
        if is_card(clip):
            continue
        kept, across = _kept(board, clip, width / height)
        focus = MIDDLE
        if fit != "contain" and kept < 0.99:
            focus = _focus(board, clip, kept, across)
            where = "" if focus == MIDDLE else ", kept where the subject is"
            said.append(f"{clip.id} loses {1 - kept:.0%} of its {'width' if across else 'height'}{where}")
        elif fit == "contain" and kept < 0.99:
            said.append(f"{clip.id} has {1 - kept:.0%} border {'above and below' if across else 'left and right'}")
        fields: dict[str, Any] = {"fit": fit or "cover", "focus": focus}
        fields |= _push(production, cut, clip, framed, replace(clip, **fields))
        operations.append(set_clip(board, clip, **fields))
    after = edit(board, *operations, note=f"cut: frame {width}x{height}")
    how = fit or ("composed anew" if len(new) == len(cut.clips) and new else "cover")
    return receipt(f"the frame is {width}x{height}, {how}", after, said)


def _push(
    production: Production, cut: WorkingCut, clip: ClipPiece, framed: WorkingCut, shown: ClipPiece
) -> dict[str, Push]:
    return {"push": pushed_anew(production, cut, clip, framed, shown)} if clip.push != AT_REST else {}


def _size(cut: WorkingCut, aspect: str, width: int | None, height: int | None) -> tuple[int, int]:
    if not aspect and not width and not height:
        raise ValueError('say the shape, such as aspect="9:16", or a width and height in pixels')
    shape = shape_of(aspect) if aspect else cut.width / cut.height
    if width and height:
        if aspect and abs(width / height / shape - 1) > 0.02:
            raise ValueError(f"{width}x{height} is not {aspect}; give the aspect or the size, not both")
        return even_frame(width, height)
    if width or height:
        return even_frame(width or round(height * shape), height or round(width / shape))  # type: ignore[operator]
    return frame_of(shape, min(cut.width, cut.height))


def _kept(board: Board, clip: ClipPiece, shape: float) -> tuple[float, bool]:
    """Share of the picture that a crop to this shape keeps; whether it is cut left and right."""
    found = source_probe(board, clip.blob)
    own = found.width / found.height
    return (shape / own, True) if shape < own else (own / shape, False)


def _focus(board: Board, clip: ClipPiece, kept: float, across: bool) -> tuple[float, float]:
    """The middle, unless most of what stands out would be lost there and is kept elsewhere."""
    along = standing_out_along(board.blob_path(clip.blob), clip.start, clip.seconds * clip.speed, across)
    window = max(1, round(kept * len(along)))
    sums = np.convolve(along, np.ones(window), mode="valid") / max(float(along.sum()), 1e-9)
    middle, best = sums[(len(along) - window) // 2], int(sums.argmax())
    if middle > 1 - SUBJECT_LOST or sums[best] - middle < WORTH_MOVING:
        return MIDDLE
    share = round(best / max(1, len(along) - window), 4)
    return (share, 0.5) if across else (0.5, share)
