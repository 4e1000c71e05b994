"""Runs one FFmpeg process: progress out, cancellation in, its complaint as one line."""

import subprocess
import threading
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import IO

import imageio_ffmpeg

from rushes.media.encode import FFMPEG_FAULTS
from rushes.media.errors import MediaError, said_short

Cancelled = Callable[[], bool]

POLL_SECONDS = 0.1  # how often cancellation is asked for
KEPT_LINES = 600  # of FFmpeg's standard error


class RenderError(MediaError):
    """A film that cannot be rendered: what was wrong, the value, the way out, on one line."""


class RenderCancelled(RenderError):
    """The caller's `cancelled` said so."""


def run(
    arguments: Sequence[str],
    *,
    folder: Path,
    progress: Callable[[float], None] | None = None,
    cancelled: Cancelled | None = None,
    level: str = "warning",
) -> list[str]:
    """Runs FFmpeg in `folder` and returns the lines of its standard error.

    progress: called with the seconds of output made so far. level: FFmpeg's log level.
    Raises RenderError when FFmpeg fails, RenderCancelled when `cancelled` answers True; the process is gone then.
    """
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-y", "-loglevel", level, "-nostats"]
    command += ["-progress", "pipe:1", "-stats_period", "0.2", *arguments]
    lines: deque[str] = deque(maxlen=KEPT_LINES)
    made = [0.0]
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    ended = threading.Event()
    readers = [
        threading.Thread(target=_follow, args=(process.stdout, made, ended), daemon=True),
        threading.Thread(target=_keep, args=(process.stderr, lines), daemon=True),
    ]
    for reader in readers:
        reader.start()
    told = 0.0
    try:
        while not ended.wait(POLL_SECONDS):
            if cancelled is not None and cancelled():
                raise RenderCancelled("rendering was cancelled; nothing was written")
            if progress is not None and made[0] > told:
                told = made[0]
                progress(told)
        code = process.wait()
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for reader in readers:
            reader.join()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()
    if code != 0:
        raise failed(list(lines), code)
    return list(lines)


def failed(lines: list[str], code: int) -> RenderError:
    for words, way_out in FFMPEG_FAULTS.items():
        if any(words in line for line in lines):
            return RenderError(f"cannot render: {words}; {way_out}")
    if code < 0:
        return RenderError(f"cannot render: FFmpeg was ended by signal {-code}; is there memory enough? try again")
    reason = said_short(lines[0], 200) if lines else f"FFmpeg ended with {code}"
    return RenderError(f"cannot render: {reason}; check the clips and sounds named there")


def _follow(pipe: IO[bytes], made: list[float], ended: threading.Event) -> None:
    try:
        for raw in pipe:
            key, _, value = raw.decode("ascii", "replace").strip().partition("=")
            if key == "out_time_us" and value.lstrip("-").isdigit():
                made[0] = max(made[0], int(value) / 1e6)
    finally:
        ended.set()


def _keep(pipe: IO[bytes], lines: deque[str]) -> None:
    for raw in pipe:
        line = raw.decode("utf-8", "replace").rstrip()
        if line:
            lines.append(line)
