"""A slow source, for measuring what a slow source costs: so many bytes a second, so long to open a file."""

from __future__ import annotations

import io
import threading
import time
from typing import BinaryIO

from rushes.data.shards import Open

CHUNK = 1 << 16  # bytes asked for at once
CREDIT = 0.01  # seconds that the line catches up after it was asked late


def throttled(source: Open, *, rate: float, latency: float = 0.0) -> Open:
    """`source` behind one line of `rate` bytes a second for all its files; each takes `latency` seconds to open."""
    line = _Line(rate)

    def open_slowly(name: str) -> BinaryIO:
        time.sleep(latency)
        return io.BufferedReader(_Slow(source(name), line), CHUNK)

    return open_slowly


class _Line:
    """A line that carries one chunk after another, whoever asks."""

    def __init__(self, rate: float) -> None:
        self.rate, self.free, self.lock = rate, 0.0, threading.Lock()

    def carry(self, count: int) -> None:
        with self.lock:
            self.free = max(self.free, time.monotonic() - CREDIT) + count / self.rate
            arrives = self.free
        time.sleep(max(arrives - time.monotonic(), 0.0))


class _Slow(io.RawIOBase):
    def __init__(self, file: BinaryIO, line: _Line) -> None:
        self.file, self.line = file, line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), CHUNK)
        content = self.file.read(count)
        self.line.carry(len(content))
        buffer[: len(content)] = content
        return len(content)

    def close(self) -> None:
        self.file.close()
        super().close()
