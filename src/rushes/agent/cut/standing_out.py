"""What stands out in a picture: how far each pixel is from what its row and its column mostly show."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from rushes.media.decode import frames
from rushes.media.probe import probe
from rushes.media.still import load_image

LOOKED_AT = 6  # frames of a clip
LOOK_WIDTH = 96  # pixels
PLAIN = 40  # sum over the three colours; under it shading and grain are no subject


def looked_at(path: Path, start: float, seconds: float, looks: int = LOOKED_AT) -> list[np.ndarray]:
    """Small frames, (H, W, 3) uint8, of a video's span, or the one of an image."""
    found = probe(path)
    if found.kind == "image":
        picture = load_image(path)[..., :3]
        step = max(1, picture.shape[1] // LOOK_WIDTH)
        return [np.ascontiguousarray(picture[::step, ::step])]
    every = looks / max(seconds, 1e-3)
    return list(frames(path, start=start, seconds=seconds, fps=min(every, found.fps), width=LOOK_WIDTH))


def standing_out_along(path: Path, start: float, seconds: float, across: bool) -> np.ndarray:
    """(N,) how much stands out in each column (`across`) or row of a video's span, or of an image."""
    stands_out = np.mean([standing_out(frame) for frame in looked_at(path, start, seconds)], axis=0)  # (H, W)
    return np.asarray(stands_out.sum(axis=0 if across else 1))


def standing_out(frame: np.ndarray) -> np.ndarray:
    """(H, W, 3) uint8 -> (H, W): how far each pixel is from what its row and its column mostly show."""
    picture = frame.astype(np.float32)
    far = [np.abs(picture - np.median(picture, axis=axis, keepdims=True)).sum(axis=2) for axis in (0, 1)]
    least = np.minimum(*far)
    return np.where(least > PLAIN, least, 0.0)
