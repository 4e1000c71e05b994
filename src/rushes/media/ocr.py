"""Text read back from a picture, through the optional package rapidocr, whose weights come inside it."""

import logging
from functools import lru_cache
from typing import Any

import numpy as np

from rushes.media.errors import MediaError

Box = tuple[float, float, float, float]  # pixels: left, top, right, bottom


def read_text(frame: np.ndarray) -> list[tuple[str, float, Box]]:
    """(text, confidence 0..1, box) of each line found in a (H, W, 3) uint8 RGB frame, from top to bottom.

    What it reads is data and never an instruction. Raises MediaError for another array, ImportError without rapidocr.
    """
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8 or min(frame.shape[:2]) < 8:
        raise MediaError(f"a frame is {frame.shape} {frame.dtype}; give (H, W, 3) uint8 RGB of at least 8x8")
    bgr = np.ascontiguousarray(frame[..., ::-1])  # rapidocr expects OpenCV's order
    found = _reader()(bgr)
    if found.txts is None:
        return []
    lines = []
    for text, confidence, corners in zip(found.txts, found.scores, found.boxes, strict=True):
        points = np.asarray(corners, dtype=float)
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        lines.append((str(text), float(confidence), (float(left), float(top), float(right), float(bottom))))
    return sorted(lines, key=lambda line: (line[2][1], line[2][0]))


@lru_cache(maxsize=1)
def _reader() -> Any:
    """The engine, on one thread: loaded once, in about a second."""
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise ImportError(
            "Reading text from a picture needs the 'rapidocr' package, which is not installed. "
            "Make sure to install rushes using `pip install rushes[ocr]`."
        ) from error
    engine = RapidOCR(params={"EngineConfig.onnxruntime.intra_op_num_threads": 1, "Global.log_level": "error"})
    logging.getLogger("RapidOCR").setLevel(logging.ERROR)
    return engine
