"""The film's frame: another shape or size, what a crop keeps and what is lost by it."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rushes.agent.cut.clips import receipt
from rushes.agent.cut.document import ClipPiece, WorkingCut, edit, need_cut, set_clip, source_probe
from rushes.agent.shape import even_frame, frame_of, shape_of
from rushes.board.board import Board
from rushes.board.operations import Operation, SetFields
from rushes.media.decode import frames
from rushes.media.probe import probe
from rushes.media.still import load_image

MIDDLE = (0.5, 0.5)
LOOKED_AT = 6  # frames of a clip
LOOK_WIDTH = 96  # pixels
SUBJECT_LOST = 0.5  # of what stands out, that a crop of the middle may lose before the crop moves to it
WORTH_MOVING = 0.25  # share of what stands out that the crop wins by moving


def reframe(board: Board, aspect: str, width: int | None, height: int | None, fit: str) -> str:
    """A new shape ("9:16", its short side as long as before) or size. fit: "cover" crops, "contain" shows all."""
    cut = need_cut(board)
    width, height = _size(cut, aspect, width, height)
    operations: list[Operation] = [SetFields(id=cut.id, fields={"width": width, "height": height})]
    said = []
    for clip in cut.clips:
        kept, across = _kept(board, clip, width / height)
        focus = MIDDLE
        if fit == "cover" and kept < 0.99:
            focus = _focus(board, clip, kept, across)
            where = "" if focus == MIDDLE else ", kept where the subject is"
            said.append(f"{clip.id} loses {1 - kept:.0%} of its {'width' if across else 'height'}{where}")
        elif fit == "contain" and kept < 0.99:
            said.append(f"{clip.id} has {1 - kept:.0%} border {'above and below' if across else 'left and right'}")
        operations.append(set_clip(board, clip, fit=fit, focus=list(focus)))
    after = edit(board, *operations, note=f"cut: frame {width}x{height}")
    return receipt(f"the frame is {width}x{height}, {fit}", after, said)


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


def standing_out_along(path: Path, start: float, seconds: float, across: bool) -> np.ndarray:
    """(N,) how much stands out in each column (`across`) or row of a video's span, or of an image."""
    found = probe(path)
    if found.kind == "image":
        shown = [load_image(path)[..., :3]]
        step = max(1, shown[0].shape[1] // LOOK_WIDTH)
        shown = [np.ascontiguousarray(shown[0][::step, ::step])]
    else:
        every = LOOKED_AT / max(seconds, 1e-3)
        shown = list(frames(path, start=start, seconds=seconds, fps=min(every, found.fps), width=LOOK_WIDTH))
    stands_out = np.mean([_standing_out(frame) for frame in shown], axis=0)  # (H, W)
    return np.asarray(stands_out.sum(axis=0 if across else 1))


def _standing_out(frame: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 -> (H, W): how far each pixel is from what its row and its column mostly show."""
    picture = frame.astype(np.float32)
    far = [np.abs(picture - np.median(picture, axis=axis, keepdims=True)).sum(axis=2) for axis in (0, 1)]
    least = np.minimum(*far)
    return np.where(least > 40, least, 0.0)  # shading and grain are no subject
