"""Pictures in history: a caption, the hash of what was shown and a thumbnail, by which it can be looked at again."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from rushes.agent.context.entry import Picture
from rushes.board.board import Board
from rushes.media.decode import frames

THUMBNAIL = 160  # pixels of the longer side
PIXELS_A_TOKEN = 750  # of a shown picture, as vision models bill them


def remember(board: Board, source: Path | np.ndarray, caption: str, *, at: float = 0.0) -> Picture:
    """Stores a picture file, a frame (H, W, 3) uint8, or the frame at second `at` of a clip, with its thumbnail.

    Raises ValueError for an empty caption: later it stands for the picture.
    """
    if not caption.strip():
        raise ValueError("a picture in history needs a caption; say in a sentence what it shows")
    if isinstance(source, np.ndarray):
        image = Image.fromarray(source)
    elif source.suffix.lower() in (".png", ".jpg", ".jpeg", ".webp"):
        image = Image.open(source).convert("RGB")
    else:
        image = Image.fromarray(next(iter(frames(source, start=at))))
    blob = board.put(_encoded(image, "PNG"), ".png") if isinstance(source, np.ndarray) else board.put(source)
    small = image.copy()
    small.thumbnail((THUMBNAIL, THUMBNAIL))
    return Picture(
        blob=blob,
        caption=caption.strip(),
        thumbnail=board.put(_encoded(small, "JPEG"), ".jpg"),
        tokens=-(-image.width * image.height // PIXELS_A_TOKEN),
    )


def _encoded(image: Image.Image, form: str) -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()
