"""Test footage made with FFmpeg's own sources; imported by the tests of media (pytest puts this folder on the path)."""

import subprocess
from pathlib import Path

import imageio_ffmpeg


def ffmpeg(*arguments: str) -> None:
    """Runs FFmpeg with its output file last among the arguments."""
    exe = imageio_ffmpeg.get_ffmpeg_exe()
    done = subprocess.run(
        [exe, "-nostdin", "-y", "-loglevel", "error", "-threads", "1", *arguments], capture_output=True
    )
    assert done.returncode == 0, done.stderr.decode()


def clip(
    path: Path,
    *,
    source: str = "testsrc2=s=160x90:r=12:d=2",
    sound: str = "",
    extra: tuple[str, ...] = (),
    before: tuple[str, ...] = (),
) -> Path:
    """An H.264 clip of a lavfi source, with a lavfi sound where one is given."""
    inputs = ["-f", "lavfi", "-i", source] + (["-f", "lavfi", "-i", sound] if sound else [])
    ffmpeg(*before, *inputs, "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", *extra, str(path))
    return path
