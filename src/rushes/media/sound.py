"""Sound out of a file as stereo float, whatever its channels, rate and sample format; and a sound file written."""

import os
import wave
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np

from rushes.media.container import damaged, decoded_frames, open_container
from rushes.media.errors import MediaError, said_short
from rushes.media.files import replacing
from rushes.media.probe import Limits, probe

RATE = 48000  # samples per second

# A jump in the sound's own times of more than this is filled with silence; less is rounding.
GAP_SECONDS = 0.05


def sound(
    path: str | os.PathLike[str],
    *,
    rate: int = RATE,
    start: float = 0.0,
    seconds: float | None = None,
    limits: Limits | None = None,
) -> np.ndarray:
    """(N, 2) float32, full scale at 1, on the file's clock, which begins with its picture: late sound has silence
    before it.

    Raises MediaError for a file without sound, or one that `probe` refuses.
    """
    if start < 0 or (seconds is not None and seconds <= 0):
        raise MediaError(f"start {start} and seconds {seconds} are no span of time; give start >= 0 and seconds > 0")
    first = round(start * rate)
    last = None if seconds is None else first + round(seconds * rate)
    kept: list[np.ndarray] = []
    at = 0
    for block in sound_blocks(path, rate=rate, limits=limits):
        kept.append(block[max(0, first - at) : None if last is None else max(0, last - at)])
        at += len(block)
        if last is not None and at >= last:
            break
    return np.concatenate(kept) if kept else np.zeros((0, 2), np.float32)


def sound_blocks(
    path: str | os.PathLike[str], *, rate: int = RATE, limits: Limits | None = None
) -> Iterator[np.ndarray]:
    """Yields (n, 2) float32 blocks of the whole sound, so that hours need no memory. Raises MediaError as `sound`."""
    found = probe(path, limits)
    if not found.has_sound:
        raise MediaError(f"{said_short(found.path)} has no sound; give a file with an audio stream")
    if not 8000 <= rate <= 384000:
        raise MediaError(f"rate is {rate} samples per second; give 8000 to 384000")
    with open_container(found) as container:
        stream = next(s for s in container.streams.audio if s.codec_context.sample_rate)
        origin = (container.start_time or 0) / av.time_base + found.begins
        resampler: av.AudioResampler | None = None
        given, source_rate = 0, 0  # stereo samples before resampling, for the file's clock
        for frame in decoded_frames(found, container, stream):
            if resampler is None:
                source_rate = frame.sample_rate
                resampler = av.AudioResampler(format="flt", layout="stereo", rate=rate)
            elif frame.sample_rate != source_rate:
                continue  # a stream that changes its rate midway is damaged
            samples = to_stereo(frame)  # (n, 2)
            at = round(((frame.time or 0.0) - origin) * source_rate) if frame.pts is not None else given
            if at < 0:  # sound from before the clock's zero is left out
                samples, at = samples[-at:], 0
                if not len(samples):
                    continue
            missing = at - given
            if missing > GAP_SECONDS * source_rate:
                if (given + missing) / source_rate > found.seconds + 3600:
                    raise damaged(found, "its sound jumps in time")
                yield from _resampled(resampler, np.zeros((missing, 2), np.float32), source_rate)
                given += missing
            given += len(samples)
            yield from _resampled(resampler, samples, source_rate)
        if resampler is not None:
            for last in resampler.resample(None):
                yield _interleaved(last)


class Windows:
    """Cuts blocks of stereo sound into windows of one size, whatever the blocks' own lengths."""

    def __init__(self, size: int) -> None:
        """size: samples."""
        self.size = size
        self.rest = np.zeros((0, 2), np.float32)  # (r, 2), what waits for the next block to fill a window

    def cut(self, block: np.ndarray) -> np.ndarray:
        """(n, size, 2): the windows that (m, 2) more samples fill."""
        joined = np.concatenate([self.rest, block])
        whole = len(joined) // self.size * self.size
        self.rest = joined[whole:]
        return joined[:whole].reshape(-1, self.size, 2)


def to_stereo(frame: av.AudioFrame) -> np.ndarray:
    """(n, 2) float32 from a frame of any layout and sample format."""
    channels = frame.layout.nb_channels
    raw = frame.to_ndarray()
    planes = raw if frame.format.is_planar else raw.reshape(-1, channels).T  # (channels, n)
    if planes.dtype.kind == "u":
        full = np.float32(128)
        planes = planes.astype(np.float32) - full
    elif planes.dtype.kind == "i":
        full = np.float32(2.0 ** (8 * planes.dtype.itemsize - 1))
    else:
        full = np.float32(1)
    mixed = downmix_matrix([c.name for c in frame.layout.channels], channels) @ planes.astype(np.float32)
    mixed = np.nan_to_num(mixed / full, nan=0.0, posinf=0.0, neginf=0.0)
    return np.ascontiguousarray(mixed.T, dtype=np.float32)


def downmix_matrix(names: list[str], channels: int) -> np.ndarray:
    """(2, channels) weights: mono to both sides, left to left, centre at -3 dB to both, bass effects left out (ITU-R
    BS.775).

    Channels without a known place alternate left and right. Each side's weights sum to at most 1, so nothing clips that
    did not before.
    """
    if channels == 1:
        return np.ones((2, 1), np.float32)
    weights = np.zeros((2, channels), np.float32)
    known = len(names) == channels and {"FL", "FR"} <= set(names)
    for index in range(channels):
        name = names[index] if known else ""
        if name in ("LFE", "LFE2"):
            continue
        if name.endswith("C") and name not in ("FLC", "FRC"):
            weights[:, index] = 0.5**0.5
        elif name:
            side = 1 if "R" in name else 0
            weights[side, index] = 1.0 if name in ("FL", "FR") else 0.5**0.5
        else:
            weights[index % 2, index] = 1.0
    return weights / max(1.0, float(weights.sum(axis=1).max()))


def _resampled(resampler: av.AudioResampler, samples: np.ndarray, rate: int) -> Iterator[np.ndarray]:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="flt", layout="stereo")
    frame.sample_rate = rate
    for made in resampler.resample(frame):
        yield _interleaved(made)


def _interleaved(frame: av.AudioFrame) -> np.ndarray:
    return frame.to_ndarray().reshape(-1, 2)


def write_sound(path: str | os.PathLike[str], samples: np.ndarray, rate: int = RATE) -> Path:
    """Writes (N, 2) or (N,) float samples as 16-bit WAV, whole or not at all; beyond full scale is clipped. Raises
    MediaError.
    """
    samples = np.asarray(samples)
    if samples.ndim not in (1, 2) or (samples.ndim == 2 and not 1 <= samples.shape[1] <= 8):
        raise MediaError(f"sound of shape {samples.shape} cannot be written; give (N, 2) or (N,)")
    whole = np.round(np.clip(np.nan_to_num(samples), -1, 1) * 32767).astype("<i2")
    with replacing(path) as temporary, wave.open(str(temporary), "wb") as file:
        file.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(whole.tobytes())
    return Path(path)
