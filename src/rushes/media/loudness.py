"""How loud a film is: EBU R128 loudness and true peak through FFmpeg's ebur128 filter, silence, clipping."""

import math
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import imageio_ffmpeg
import numpy as np

from rushes.media.errors import MediaError, said_short
from rushes.media.sound import RATE, Windows, sound_blocks
from rushes.media.spans import Span, spans

SILENCE_DB = -60.0  # dBFS, root mean square of a window
WINDOW_SECONDS = 0.01
FULL_SCALE = 0.9995  # a 16-bit sample at its limit, less rounding


@dataclass(frozen=True, kw_only=True)
class Loudness:
    integrated: float  # LUFS over the whole, gated (EBU R128); -inf for silence
    true_peak: float  # dBTP, of four times oversampled sound; -inf for silence
    range: float  # LU, loudness range (EBU Tech 3342)
    seconds: float  # of sound
    silences: tuple[Span, ...]  # seconds, spans of at least `silence_seconds` under -60 dBFS
    clipped: int  # samples at or beyond full scale, both sides counted


def loudness(
    source: str | os.PathLike[str] | np.ndarray, *, rate: int = RATE, silence_seconds: float = 0.5
) -> Loudness:
    """Measures a file, or (N, 2) or (N,) float samples at `rate`, as heard in stereo; mono counts as on both speakers.

    Raises MediaError for a file without sound and for what `probe` refuses. ITU-R BS.1770, EBU R128.
    """
    blocks = _array_blocks(source) if isinstance(source, np.ndarray) else sound_blocks(source, rate=rate)
    meter = _Meter(rate)
    said = _ebur128(meter.watching(blocks), rate)
    if not meter.samples:
        what = "the sound" if isinstance(source, np.ndarray) else said_short(source)
        raise MediaError(f"{what} has no samples; give some")
    return Loudness(
        integrated=_silent_below(_last(said, r"\bI:\s+(-?[\d.]+|-?inf|nan) LUFS"), -69.9),
        true_peak=_silent_below(_last(said, r"\bPeak:\s+(-?[\d.]+|-?inf|nan) dBFS"), -120.0),
        range=_last(said, r"\bLRA:\s+(-?[\d.]+|nan) LU"),
        seconds=meter.samples / rate,
        silences=meter.silences(silence_seconds),
        clipped=meter.clipped,
    )


class _Meter:
    """Counts while the blocks pass by: power of 10 ms windows, and samples at full scale."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.samples, self.clipped = 0, 0
        self._windows = Windows(max(1, round(WINDOW_SECONDS * rate)))
        self._powers: list[np.ndarray] = []

    def watching(self, blocks: Iterable[np.ndarray]) -> Iterator[np.ndarray]:
        for block in blocks:
            self.samples += len(block)
            self.clipped += int((np.abs(block) >= FULL_SCALE).sum())
            self._keep(self._windows.cut(block))
            yield block
        if len(self._windows.rest):
            self._keep(self._windows.rest[None])

    def _keep(self, windows: np.ndarray) -> None:
        """windows: (n, size, 2)."""
        # The louder side decides: sound on one speaker is no silence.
        self._powers.append((windows**2).mean(axis=1).max(axis=1))

    def silences(self, shortest: float) -> tuple[Span, ...]:
        powers = np.concatenate(self._powers)
        edges = np.arange(len(powers) + 1) * self._windows.size / self.rate
        return spans(powers < 10 ** (SILENCE_DB / 10), np.minimum(edges, self.samples / self.rate), shortest)


def _array_blocks(samples: np.ndarray) -> Iterator[np.ndarray]:
    if samples.ndim == 1:
        samples = np.stack([samples, samples], axis=1)
    if samples.ndim != 2 or samples.shape[1] != 2:
        raise MediaError(f"sound is {samples.shape}; give (N, 2) or (N,) float samples")
    for start in range(0, len(samples), RATE):
        yield np.ascontiguousarray(samples[start : start + RATE], dtype=np.float32)


def _ebur128(blocks: Iterable[np.ndarray], rate: int) -> str:
    """What the filter says of the sound. It gets raw samples, so no file of a user's reaches this process."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), *"-nostdin -hide_banner -nostats -threads 1".split()]
    command += f"-f f32le -ac 2 -ar {rate} -i pipe:0 -af ebur128=peak=true:framelog=quiet -f null -".split()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said)
        assert process.stdin is not None
        try:
            for block in blocks:
                process.stdin.write(block.astype("<f4", copy=False).tobytes())
            process.stdin.close()
            code = process.wait()
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    assert code == 0, text
    return text


def _last(text: str, pattern: str) -> float:
    found = re.findall(pattern, text)
    return float(found[-1]) if found else -math.inf


def _silent_below(value: float, floor: float) -> float:
    return value if value > floor else -math.inf
