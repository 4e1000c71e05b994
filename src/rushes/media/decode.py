"""Pictures and sound out of a file: upright, evenly spaced in time, as numpy arrays."""

import math
import os
from collections.abc import Generator, Iterator
from itertools import chain

import av
import numpy as np

from rushes.media.container import decoded_frames, open_container, picture_stream
from rushes.media.encode import write_video as write_video
from rushes.media.errors import MediaError, said_short
from rushes.media.probe import Limits, Probe, probe
from rushes.media.sound import sound as sound
from rushes.media.still import load_image as load_image

DECODER_THREADS = 2

# A take that shows nothing after this many undecodable packets in a row is given up.
BAD_PACKETS = 500


def frames(
    path: str | os.PathLike[str],
    *,
    start: float = 0.0,
    seconds: float | None = None,
    fps: float | None = None,
    width: int | None = None,
    height: int | None = None,
    limits: Limits | None = None,
) -> Iterator[np.ndarray]:
    """Yields (H, W, 3) uint8 RGB frames, upright, with square pixels, `1 / fps` seconds apart from `start` seconds on.

    fps: None keeps the source's rate (its average where the rate varies). At another rate each output shows the source
    frame that stands at its time, so frames repeat or drop. Ends with the source, or after `seconds`; gives at least
    one frame. width, height: both stretch to that size; one keeps the shape; none keeps the source's.
    Raises MediaError before the first frame for a file that `probe` refuses or that has no picture.
    """
    found = probe(path, limits, want="video")
    _check_span(found, start, seconds, fps)
    size = scaled_size(found, width, height)
    return _evenly(found, start, seconds, fps or found.fps, size)


def scaled_size(found: Probe, width: int | None, height: int | None) -> tuple[int, int]:
    """(width, height) in pixels; a missing one follows from the shape of the source."""
    for name, value in (("width", width), ("height", height)):
        if value is not None and not 1 <= value <= 16384:
            raise MediaError(f"{name} is {value}; give 1 to 16384 pixels")
    if width and height:
        return width, height
    if width:
        return width, max(1, round(found.height * width / found.width))
    if height:
        return max(1, round(found.width * height / found.height)), height
    return found.width, found.height


def timed_frames(found: Probe, *, start: float = 0.0) -> Iterator[tuple[float, av.VideoFrame]]:
    """Yields (seconds on the file's clock, frame as stored) in order of display, from the one that stands at `start`.

    One clock for picture and sound: zero is where the first frame begins. Undecodable packets are passed over.
    """
    if start > 0:
        decoded = _clocked(found, start)
        first = next(decoded, None)
        if first is not None and first[0] <= start + 1e-6:
            yield from _from(start, chain([first], decoded))
            return
        # Some containers have no index, and their seek lands behind the keyframe that was needed.
        decoded.close()
    yield from _from(start, _clocked(found, 0.0))


def _from(start: float, decoded: Iterator[tuple[float, av.VideoFrame]]) -> Iterator[tuple[float, av.VideoFrame]]:
    held: tuple[float, av.VideoFrame] | None = None  # the last frame before start: it may be the one that stands there
    for at, frame in decoded:
        if at <= start + 1e-6:
            held = (at, frame)
            continue
        if held is not None:
            yield held
            held = None
        yield at, frame
    if held is not None:
        yield held


def _clocked(found: Probe, seek: float) -> Generator[tuple[float, av.VideoFrame], None, None]:
    """Decodes from the keyframe before `seek` seconds, as far as the container finds it."""
    with open_container(found) as container:
        stream = picture_stream(container)
        assert stream is not None
        stream.thread_type, stream.codec_context.thread_count = "AUTO", DECODER_THREADS
        origin = (container.start_time or 0) / av.time_base + found.begins
        tick = float(stream.time_base)
        if seek > 0:
            container.seek(max(0, int((seek + origin) / tick)), stream=stream, backward=True)
        counted = 0
        for frame in decoded_frames(found, container, stream, needed=seek == 0, patience=BAD_PACKETS):
            at = frame.pts * tick - origin if frame.pts is not None else counted / (found.fps or 25.0)
            counted += 1
            yield at, frame


def to_rgb(found: Probe, frame: av.VideoFrame, size: tuple[int, int]) -> np.ndarray:
    """(H, W, 3) uint8 of an upright (width, height) size."""
    width, height = size[::-1] if found.orientation.transpose else size
    shrinks = width * height < frame.width * frame.height
    converted = frame.reformat(
        width=width, height=height, format="rgb24", interpolation="AREA" if shrinks else "BICUBIC"
    )
    return found.orientation.apply(converted.to_ndarray())


def _evenly(
    found: Probe, start: float, seconds: float | None, fps: float, size: tuple[int, int]
) -> Iterator[np.ndarray]:
    left = max(0.0, found.seconds - start)
    wanted = max(1, math.floor(min(seconds, left) * fps + 0.5)) if seconds is not None else None
    early = min(0.1 / fps, 0.0015)  # containers round times: a frame may stand a millisecond after its true time
    shown: np.ndarray | None = None
    count = 0
    for at, frame in timed_frames(found, start=start):
        # Everything up to this frame's time shows the one before it.
        while shown is not None and start + count / fps < at - early:
            if wanted is not None and count >= wanted:
                return
            yield shown
            count += 1
        if wanted is not None and count >= wanted:
            return
        shown = to_rgb(found, frame, size)
    if shown is None:
        return
    end = wanted if wanted is not None else max(1, round(left * fps))
    while count < end:
        yield shown
        count += 1


def _check_span(found: Probe, start: float, seconds: float | None, fps: float | None) -> None:
    if not (math.isfinite(start) and start >= 0):
        raise MediaError(f"start is {start} seconds; give 0 or more")
    if seconds is not None and not (math.isfinite(seconds) and seconds > 0):
        raise MediaError(f"seconds is {seconds}; give more than 0")
    if fps is not None and not (math.isfinite(fps) and 0 < fps <= 1000):
        raise MediaError(f"fps is {fps}; give more than 0 and at most 1000 frames per second")
    if found.seconds and start >= found.seconds:
        raise MediaError(
            f"start is {start} seconds, but {said_short(found.path)} lasts {found.seconds:.3f}; start earlier"
        )
