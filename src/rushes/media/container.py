"""An opened media file: local, held to the one demuxer that its first bytes named; its picture, and what decodes."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import av

from rushes.media.errors import MediaError, said_short


class Named(Protocol):
    """A file and FFmpeg's demuxer for it: a Sniffed or a Probe."""

    @property
    def path(self) -> Path: ...
    @property
    def format(self) -> str: ...


@contextmanager
def open_container(found: Named) -> Iterator[Any]:
    """The opened PyAV container, which reads no other file. Raises MediaError for a damaged one."""
    rules = {"format_whitelist": found.format, "protocol_whitelist": "file"}
    try:
        container = av.open(f"file:{found.path}", format=found.format, container_options=rules)
    except (av.error.FFmpegError, ValueError, OSError) as error:
        raise damaged(found, error) from error
    try:
        yield container
    finally:
        container.close()


def damaged(found: Named, error: object) -> MediaError:
    reason = getattr(error, "strerror", None) or said_short(error)
    return MediaError(
        f"{said_short(found.path)} cannot be decoded ({found.format}: {reason}); "
        "it is damaged or cut off, export or download it again"
    )


def picture_stream(container: Any) -> Any | None:
    """The first video stream that is not a cover picture."""
    for stream in container.streams.video:
        if not stream.disposition & av.stream.Disposition.attached_pic:
            return stream
    return None


def decoded_frames(
    found: Named, container: Any, stream: Any, *, needed: bool = True, patience: float = float("inf")
) -> Iterator[Any]:
    """PyAV frames of a stream in order; undecodable packets are passed over, `patience` of them in a row at most.

    needed: raises MediaError where not one frame decodes.
    """
    bad, good = 0, 0
    reason: object = "nothing in it decodes"
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                break
            for frame in packet.decode():
                good, bad = good + 1, 0
                yield frame
        except av.error.InvalidDataError as error:
            bad, reason = bad + 1, error
            if bad > patience:
                break
        except av.error.FFmpegError as error:
            reason = error
            break
    if needed and not good:
        raise damaged(found, reason)
