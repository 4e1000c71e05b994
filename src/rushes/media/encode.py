"""Frames and sound into an H.264 file: whole or not at all, the same bytes for the same input."""

import os
import subprocess
import tempfile
from collections.abc import Iterable
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import IO

import imageio_ffmpeg
import numpy as np

from rushes.media.errors import MediaError, said_short
from rushes.media.files import replacing

# FFmpeg's words for what errno says, as they stand on its standard error, and the way out.
FFMPEG_FAULTS = {
    "No space left on device": "free some space, or write to another disk",
    "Disk quota exceeded": "free some space, or write to another disk",
    "File too large": "raise the limit on file sizes, or write less",
    "Permission denied": "choose a folder that you may write to",
    "Read-only file system": "choose a folder that you may write to",
    "No such file or directory": "make its folder first",
}


def write_video(
    path: str | os.PathLike[str],
    frames: Iterable[np.ndarray],
    fps: float,
    sound: np.ndarray | None = None,
    *,
    rate: int = 48000,
    crf: int = 16,
    threads: int = 2,
) -> Path:
    """Writes (T, H, W, 3) uint8 RGB frames, given one by one or as an array, as H.264 yuv420p mp4 that browsers play.

    sound: (N, 2) float, `rate` samples per second, AAC; the file ends with its picture. Odd sizes gain one row or
    column, a copy of the last.
    crf: x264's quality, 0 lossless to 51. Raises MediaError for frames that differ in shape, for no frame, and when the
    disk refuses.
    """
    if not 0 < fps <= 1000:
        raise MediaError(f"fps is {fps}; give more than 0 and at most 1000 frames per second")
    feed = iter(frames)
    first = next(feed, None)
    if first is None:
        raise MediaError(f"no frames for {said_short(path)}; give at least one")
    shape = _checked(first, None).shape
    exact = Fraction(fps).limit_denominator(1001)
    with replacing(path) as temporary, tempfile.TemporaryDirectory(prefix="rushes-") as folder:
        # The folder is tried here, so that its fault is an errno and not a line of FFmpeg's.
        temporary.touch()
        silent = temporary if sound is None else Path(folder) / "picture.mp4"
        count = _write_picture(silent, chain([first], feed), shape, exact, crf, threads, path)
        if sound is not None:
            raw = Path(folder) / "sound.f32"
            raw.write_bytes(fitted(_stereo(sound), round(count / exact * rate)).tobytes())
            command = [*f"-f f32le -ar {rate} -ac 2 -i".split(), f"file:{raw}", "-i", f"file:{silent}"]
            command += "-map 1:v -map 0:a -c:v copy -c:a aac -b:a 192k".split()
            with tempfile.TemporaryFile() as said:
                code = subprocess.call(_ffmpeg(command, temporary), stdin=subprocess.DEVNULL, stderr=said)
                if code != 0:
                    raise _failed(path, code, said)
    return Path(path)


def fitted(sound: np.ndarray, samples: int) -> np.ndarray:
    """(samples, 2): cut, or filled up with silence."""
    return np.pad(sound[:samples], ((0, max(0, samples - len(sound))), (0, 0)))


def _ffmpeg(arguments: list[str], out: Path) -> list[str]:
    """FFmpeg's command line; the muxer's flags keep versions and dates out of the file, and its index at the front."""
    ends = "-movflags +faststart -fflags +bitexact -map_metadata -1 -f mp4".split()
    start = [imageio_ffmpeg.get_ffmpeg_exe(), *"-nostdin -loglevel error -y -filter_threads 1".split()]
    return [*start, *arguments, *ends, f"file:{out.absolute()}"]


def _write_picture(
    out: Path,
    frames: Iterable[np.ndarray],
    shape: tuple[int, ...],
    fps: Fraction,
    crf: int,
    threads: int,
    named: str | os.PathLike[str],
) -> int:
    """Encodes the picture alone and returns the number of frames. named: the path that an error tells."""
    height, width = shape[0] + shape[0] % 2, shape[1] + shape[1] % 2
    command = f"-f rawvideo -pixel_format rgb24 -video_size {width}x{height} -framerate {fps} -i pipe:0".split()
    command += "-vf scale=out_color_matrix=bt709:out_range=tv:flags=accurate_rnd,format=yuv420p".split()
    command += f"-c:v libx264 -preset veryfast -crf {crf} -g {max(1, min(48, round(fps)))} -threads {threads}".split()
    command += "-colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv -flags:v +bitexact".split()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(_ffmpeg(command, out), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        assert process.stdin is not None
        count = 0
        try:
            for frame in frames:
                process.stdin.write(_even(_checked(frame, shape)).tobytes())
                count += 1
            process.stdin.close()
            code = process.wait()
        except BrokenPipeError:
            code = process.wait() or 1  # FFmpeg gave up and has said why
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        if code != 0:
            raise _failed(named, code, said)
    return count


def _failed(path: str | os.PathLike[str], code: int, said: IO[bytes]) -> MediaError:
    said.seek(0)
    lines = [line for line in said.read().decode("utf-8", "replace").splitlines() if line.strip()]
    for words, way_out in FFMPEG_FAULTS.items():
        if any(words in line for line in lines):
            return MediaError(f"cannot write {said_short(path)}: {words}; {way_out}")
    reason = said_short(lines[0]) if lines else f"FFmpeg ended with {code}"
    return MediaError(f"cannot write {said_short(path)}: {reason}; check the frames, the disk and its limits")


def _checked(frame: np.ndarray, shape: tuple[int, ...] | None) -> np.ndarray:
    if not isinstance(frame, np.ndarray) or frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
        given = f"{getattr(frame, 'shape', type(frame).__name__)} {getattr(frame, 'dtype', '')}".strip()
        raise MediaError(f"a frame is {given}; give (H, W, 3) uint8 RGB")
    if shape is not None and frame.shape != shape:
        raise MediaError(f"a frame is {frame.shape} after ones of {shape}; give all in one size")
    return frame


def _even(frame: np.ndarray) -> np.ndarray:
    height, width = frame.shape[:2]
    if height % 2 or width % 2:
        frame = np.pad(frame, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
    return frame


def _stereo(sound: np.ndarray) -> np.ndarray:
    sound = np.asarray(sound, dtype="<f4")
    if sound.ndim == 1:
        sound = np.stack([sound, sound], axis=1)
    if sound.ndim != 2 or sound.shape[1] != 2:
        raise MediaError(f"sound is {sound.shape}; give (N, 2) float samples")
    return np.ascontiguousarray(np.nan_to_num(sound))
