"""How close a clip is to the one it was made from: PSNR, SSIM and VMAF of frames (T, H, W, 3) uint8 RGB."""

from __future__ import annotations

import json
import math
import tempfile
from pathlib import Path

import numpy as np

from rushes.media.ffmpeg import run

LUMA = np.array([0.299, 0.587, 0.114])  # BT.601
WINDOW = 11  # pixels to a side of what SSIM compares at once
DEVIATION = 1.5  # pixels, of the window's weights
K1, K2 = 0.01, 0.03  # of 255: keep SSIM calm where it is dark or flat


def psnr(clip: np.ndarray, true: np.ndarray) -> float:
    """Decibels over all values of a clip; infinite for equal clips."""
    _check(clip, true)
    error = np.square(clip.astype(np.float64) - true.astype(np.float64)).mean()
    return math.inf if error == 0 else float(10 * np.log10(255**2 / error))


def ssim(clip: np.ndarray, true: np.ndarray) -> float:
    """Mean structural similarity of luma, at most 1 (doi:10.1109/TIP.2003.819861)."""
    _check(clip, true)
    if min(clip.shape[1:3]) < WINDOW:
        raise ValueError(
            f"SSIM needs pictures of {WINDOW} x {WINDOW} pixels, these are {clip.shape[2]} x {clip.shape[1]}"
        )
    x, y = clip @ LUMA, true @ LUMA  # (T, H, W)
    mx, my = _blur(x), _blur(y)
    vx, vy, cov = _blur(x * x) - mx * mx, _blur(y * y) - my * my, _blur(x * y) - mx * my
    c1, c2 = (K1 * 255) ** 2, (K2 * 255) ** 2
    return float(((2 * mx * my + c1) * (2 * cov + c2) / ((mx * mx + my * my + c1) * (vx + vy + c2))).mean())


def vmaf(clip: np.ndarray, true: np.ndarray, *, fps: float = 24.0, scale: int = 1) -> float:
    """VMAF v0.6.1 by FFmpeg's libvmaf, 0 to 100, both clips enlarged `scale` times before.

    Its scale was fitted to films of 1080 lines: on small pictures it ranks, and says little in itself.
    """
    _check(clip, true)
    t, height, width, _ = clip.shape
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        given: list[str] = []
        for file, frames in (("clip.raw", clip), ("true.raw", true)):
            (folder / file).write_bytes(np.ascontiguousarray(frames).tobytes())
            given += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{fps:g}", "-i", file]
        larger = f"scale={width * scale}:{height * scale}:flags=bicubic,format=yuv420p"
        graph = f"[0:v]{larger}[a];[1:v]{larger}[b];[a][b]libvmaf=log_fmt=json:log_path=vmaf.json:n_threads=1"
        run([*given, "-lavfi", graph, "-f", "null", "-"], folder=folder)
        found = json.loads((folder / "vmaf.json").read_text())
    assert len(found["frames"]) == t
    return float(found["pooled_metrics"]["vmaf"]["mean"])


def _blur(frames: np.ndarray) -> np.ndarray:
    """Weighted means over the window, (T, H, W) to (T, H - 10, W - 10)."""
    at = np.arange(WINDOW) - WINDOW // 2
    weights = np.exp(-0.5 * np.square(at / DEVIATION))
    weights /= weights.sum()
    for axis in (1, 2):
        frames = np.lib.stride_tricks.sliding_window_view(frames, WINDOW, axis=axis) @ weights
    return frames


def _check(clip: np.ndarray, true: np.ndarray) -> None:
    if clip.shape != true.shape or clip.ndim != 4 or clip.shape[-1] != 3 or not len(clip):
        raise ValueError(f"clips of {clip.shape} and {true.shape} can't be compared; give two of (T, H, W, 3)")
    if clip.dtype != np.uint8 or true.dtype != np.uint8:
        raise ValueError(f"clips of {clip.dtype} and {true.dtype} can't be compared; give uint8, 0 to 255")
