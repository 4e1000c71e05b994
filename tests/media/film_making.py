"""Small sources for films, made with FFmpeg's own generators, and ways to look at a film that was made."""

import re
import subprocess
from fractions import Fraction
from pathlib import Path

import av
import imageio_ffmpeg
import numpy as np

from rushes.media.picture import Quality, encoder_arguments

WIDTH, HEIGHT = 320, 180
FAST = Quality(preset="superfast", crf=24, threads=1)
TAGS = "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv"


def ffmpeg(*arguments: str, level: str = "error") -> str:
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-y", "-loglevel", level, *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stderr


def shot(
    path: Path,
    picture: str = "testsrc2",
    *,
    seconds: float = 2.0,
    fps: str = "24",
    size: str = f"{WIDTH}x{HEIGHT}",
    tone: int | None = None,
    quality: Quality = FAST,
) -> Path:
    """A clip encoded as the films are: its GOPs can be copied. picture: a lavfi source; tone: Hz of its sound."""
    name = picture if "=" in picture else f"{picture}=s={size}:r={fps}"
    chain = f"{name},scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,{TAGS}"
    inputs = ["-f", "lavfi", "-i", chain]
    sound = []
    if tone:
        inputs += ["-f", "lavfi", "-i", f"sine={tone}:sample_rate=48000:duration={seconds},volume=6dB"]
        sound = ["-c:a", "aac", "-b:a", "128k"]
    frames = str(round(seconds * Fraction(fps)))
    ffmpeg(*inputs, "-frames:v", frames, *encoder_arguments(Fraction(fps), quality), *sound, str(path))
    return path


def plain(path: Path, colour: str, *, seconds: float = 2.0, fps: str = "24", **more) -> Path:
    return shot(path, f"color={colour}:s={WIDTH}x{HEIGHT}:r={fps}", seconds=seconds, fps=fps, **more)


def frames_of(path: Path) -> np.ndarray:
    """(T, H, W, 3) uint8 RGB."""
    with av.open(str(path)) as container:
        return np.stack([frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)])


def lumas_of(path: Path) -> np.ndarray:
    """(T, H, W) float luma."""
    with av.open(str(path)) as container:
        return np.stack([f.to_ndarray(format="gray").astype(np.float32) for f in container.decode(video=0)])


def samples_of(path: Path) -> np.ndarray:
    """(N, 2) float32 at 48 kHz."""
    with av.open(str(path)) as container:
        blocks = [frame.to_ndarray() for frame in container.decode(audio=0)]
    return np.concatenate(blocks, axis=1).T


def loudness_of(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP, by FFmpeg's ebur128 on the finished file."""
    said = ffmpeg("-i", str(path), "-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-", level="info")
    integrated = re.findall(r"I:\s+(-?[\d.]+|-inf) LUFS", said)[-1]
    peak = re.findall(r"Peak:\s+(-?[\d.]+|-inf) dBFS", said)[-1]
    return float(integrated), float(peak)


def changed_frames(one: Path, other: Path, threshold: float = 12.0) -> list[int]:
    """Frames at which two films differ visibly somewhere."""
    a, b = lumas_of(one), lumas_of(other)
    assert a.shape == b.shape
    return [i for i, d in enumerate(np.abs(a - b).reshape(len(a), -1).max(axis=1)) if d > threshold]
