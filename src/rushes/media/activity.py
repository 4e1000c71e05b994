"""What a source has to show and to say at which second: the measurements that an editor cuts by."""

import os
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from rushes.media.decode import scaled_size, timed_frames, to_rgb
from rushes.media.picture_signal import BLACK_SHARE, PictureSignal, cut_times, sharpness
from rushes.media.probe import probe
from rushes.media.sound import RATE, Windows, sound_blocks
from rushes.media.spans import as_one, spans

VERSION = 1  # of these measurements; part of their key
SMALL_WIDTH = 160  # pixels at which frames are compared
SHARP_EVERY = 0.5  # seconds between two values of sharpness

STEP = 0.05  # seconds between two values of loudness
QUIET_BELOW = 20.0  # dB under the loud parts of a source: there it pauses
QUIET_FLOOR = -55.0  # dBFS: always a pause
SHORTEST_PAUSE = 0.25  # seconds; shorter ones stand inside words
SHORTEST_WORD = 0.12  # seconds; shorter ones are clicks
LONGEST_SENTENCE = 12.0  # seconds; sound without a pause for longer is music or noise, which can be cut anywhere
UNEVEN = 2.0  # dB, standard deviation; what is steadier is a tone or noise


@dataclass(frozen=True, kw_only=True)
class Activity:
    """JSON-able, so that it is measured once and kept."""

    fps: float
    motion: list[float]  # 0 to 255, of each frame: the largest change of a part of it since the frame before
    black: list[int]  # numbers of the frames that are black
    sharp: list[float]  # variance of the Laplacian at SMALL_WIDTH, every SHARP_EVERY seconds
    cuts: list[int]  # numbers of the frames that begin a new shot
    speech: list[tuple[float, float]]  # seconds: sentences, and other sounds that a cut would hurt
    loud: list[float]  # dBFS every STEP seconds; empty without sound

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def activity_from_dict(data: dict[str, Any]) -> Activity:
    return Activity(**{**data, "speech": [(float(start), float(end)) for start, end in data["speech"]]})


def measure_activity(path: str | os.PathLike[str]) -> Activity:
    """One pass over the picture of a video and one over its sound. Raises MediaError, as `probe`."""
    found = probe(path, want="video")
    signal, sharp = PictureSignal(), list[float]()
    size = scaled_size(found, min(SMALL_WIDTH, found.width), None)
    for at, frame in timed_frames(found):
        small = to_rgb(found, frame, size)
        signal.add(at, small)
        if at >= len(sharp) * SHARP_EVERY - 1e-6:
            sharp.append(sharpness(small))
    black = np.array(signal.black) >= BLACK_SHARE
    times = np.array(signal.times)
    loud = loudness_curve(path) if found.has_sound else np.zeros(0)
    return Activity(
        fps=found.fps,
        motion=[round(value, 2) for value in signal.change],
        black=np.flatnonzero(black).tolist(),
        sharp=[round(value, 2) for value in sharp],
        cuts=[int(np.searchsorted(times, at - 1e-6)) for at in cut_times(signal)],
        speech=sentences(loud),
        loud=[round(float(value), 1) for value in loud],
    )


def loudness_curve(path: str | os.PathLike[str]) -> np.ndarray:
    """(N,) dBFS of a file's sound, STEP seconds each; -120 is silence."""
    windows = Windows(round(STEP * RATE))
    powers = [(windows.cut(block).reshape(-1, windows.size * 2) ** 2).mean(axis=1) for block in sound_blocks(path)]
    if len(windows.rest):
        powers.append((windows.rest.reshape(1, -1) ** 2).mean(axis=1))
    return 10 * np.log10(np.maximum(np.concatenate(powers), 1e-12)) if powers else np.zeros(0)


def sentences(loud: np.ndarray) -> list[tuple[float, float]]:
    """(start, end) seconds of sounds between pauses. Sound that never pauses, or never changes, is none: music, tones
    and noise can be cut anywhere.
    """
    if not len(loud):
        return []
    limit = max(QUIET_FLOOR, float(np.quantile(loud, 0.9)) - QUIET_BELOW)
    edges = np.arange(len(loud) + 1) * STEP
    sounds = as_one(spans(loud > limit, edges, SHORTEST_WORD), SHORTEST_PAUSE)
    return [(round(start, 3), round(end, 3)) for start, end in sounds if _is_sentence(loud, start, end)]


def _is_sentence(loud: np.ndarray, start: float, end: float) -> bool:
    inside = loud[round(start / STEP) : round(end / STEP)]
    inside = inside[1:-1] if len(inside) > 4 else inside  # its edges are uneven in any case
    return end - start <= LONGEST_SENTENCE and float(inside.std()) >= UNEVEN
