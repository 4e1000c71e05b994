"""What a film's frames tell when they pass by once: small signals of every frame, and from them black, frozen, flicker
and cuts.
"""

from dataclasses import dataclass, field

import numpy as np

from rushes.media.spans import Span, spans

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)  # ITU-R BT.709

BLACK_LEVEL = 26  # of 255: a pixel at or below is black
BLACK_SHARE = 0.98  # of a frame's pixels; FFmpeg's blackdetect has the same
FROZEN_CHANGE = 2.0  # of 255: no block of the frame changed by more on average; encoding noise of a still stays below
KEYFRAME_CHANGE = 5.0  # of 255: a still may change by this much where the encoder begins a new group of pictures,
KEYFRAME_APART = 6  # which it does after at least so many frames of stillness
FLICKER_JUMP = 5.0  # of 255: mean luminance that jumps this much and returns within RETURN_FRAMES
RETURN_FRAMES = 3
CUT_LEAST = 0.16  # score of a change of frame below which nothing is a cut
CUT_TIMES = 2.5  # a cut stands out this much from the changes around it
CUT_WINDOW = 6  # frames on each side
GRID = (9, 16)  # rows and columns of blocks


@dataclass(kw_only=True)
class PictureSignal:
    """Numbers of every frame, gathered one by one from small (H, W, 3) uint8 frames."""

    times: list[float] = field(default_factory=list)  # seconds at which each frame begins
    luma: list[float] = field(default_factory=list)  # 0..255, mean
    black: list[float] = field(default_factory=list)  # share of black pixels
    change: list[float] = field(default_factory=list)  # 0..255, largest change of a block since the frame before
    score: list[float] = field(default_factory=list)  # 0..1, how different from the frame before
    older: list[list[float]] = field(default_factory=list)  # 0..1, likewise from those two, three, four before
    _before: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)  # newest first

    def add(self, at: float, small: np.ndarray) -> None:
        """small: the frame at 160 pixels wide or so, the same size each time."""
        gray = small @ LUMA  # (H, W) float32
        blocks = _blocks(small)  # (rows, columns, 3)
        histogram = np.bincount((gray / 8).astype(np.int64).ravel(), minlength=32)[:32] / gray.size
        smoothed = np.convolve(histogram, (0.25, 0.5, 0.25), mode="same")
        self.times.append(at)
        self.luma.append(float(gray.mean()))
        self.black.append(float((gray <= BLACK_LEVEL).mean()))
        now = (gray, blocks, smoothed)
        self.change.append(float(_blocks(np.abs(gray - self._before[0][0])[..., None]).max()) if self._before else 0.0)
        differences = [_difference(now, then) for then in self._before]
        self.score.append(differences[0] if differences else 0.0)
        self.older.append(differences[1:])
        self._before = [now, *self._before[:RETURN_FRAMES]]


def _blocks(picture: np.ndarray) -> np.ndarray:
    """Mean of each block of a grid: (H, W, C) -> (rows, columns, C)."""
    rows, columns = min(GRID[0], picture.shape[0]), min(GRID[1], picture.shape[1])
    y = np.linspace(0, picture.shape[0], rows + 1).astype(int)[:-1]
    x = np.linspace(0, picture.shape[1], columns + 1).astype(int)[:-1]
    sums = np.add.reduceat(np.add.reduceat(picture.astype(np.float32), y, axis=0), x, axis=1)
    areas = np.outer(np.diff([*y, picture.shape[0]]), np.diff([*x, picture.shape[1]]))
    return sums / areas[..., None]


def _difference(now: tuple[np.ndarray, ...], before: tuple[np.ndarray, ...]) -> float:
    """0..1: half from the distribution of light, half from the colours in place."""
    light = 0.5 * float(np.abs(now[2] - before[2]).sum())
    place = float(np.abs(now[1] - before[1]).mean()) / 255
    return 0.5 * light + 0.5 * min(1.0, 3 * place)


def black_spans(signal: PictureSignal, end: float, shortest: float = 0.0) -> tuple[Span, ...]:
    return spans(np.array(signal.black) >= BLACK_SHARE, _edges(signal, end), shortest)


def frozen_spans(signal: PictureSignal, end: float, shortest: float = 0.5) -> tuple[Span, ...]:
    """Spans in which no block changes, the frame that begins the stillness included."""
    change = np.array(signal.change)
    still = change < FROZEN_CHANGE  # of the step from frame i - 1 to frame i
    still[:1] = False
    for i in np.flatnonzero(~still & (change < KEYFRAME_CHANGE)):
        before, after = still[max(1, i - KEYFRAME_APART) : i], still[i + 1 : i + 1 + KEYFRAME_APART]
        if i > KEYFRAME_APART and len(before) and len(after) and before.all() and after.all():
            still[i] = True
    edges = _edges(signal, end)
    # Steps a to b of stillness hold the frames a - 1 to b.
    steps = spans(still, np.arange(len(still) + 1, dtype=float), 1.0)
    found = [(float(edges[int(a) - 1]), float(edges[int(b)])) for a, b in steps]
    return tuple((a, b) for a, b in found if b - a >= shortest - 1e-9)


def flicker_times(signal: PictureSignal) -> tuple[float, ...]:
    """Seconds at which the picture's light jumps and, within three frames, jumps back to where it was."""
    luma = np.array(signal.luma)
    found = []
    for i in range(1, len(luma)):
        jump = luma[i] - luma[i - 1]
        if abs(jump) < FLICKER_JUMP:
            continue
        for later in range(i + 1, min(i + 1 + RETURN_FRAMES, len(luma))):
            back = luma[later] - luma[later - 1]
            returned = abs(luma[later] - luma[i - 1]) < 0.4 * abs(jump)
            if back * jump < 0 and abs(back) >= FLICKER_JUMP and returned:
                found.append(signal.times[i])
                break
    return tuple(found)


def cut_times(signal: PictureSignal) -> tuple[float, ...]:
    """Seconds of the first frame of each new shot, hard cuts only.

    A cut is a change of frame that stands out from those around it and does not return: a flash does.
    """
    score = np.array(signal.score)
    found: list[int] = []
    for i in range(1, len(score)):
        if score[i] < CUT_LEAST:
            continue
        around = np.concatenate([score[max(1, i - CUT_WINDOW) : i], score[i + 1 : i + 1 + CUT_WINDOW]])
        # The median forgives one neighbouring cut or flash, the largest would not.
        usual = float(np.median(around)) if len(around) else 0.0
        if score[i] < CUT_TIMES * usual + 0.04:
            continue
        if _flashes(signal, i):
            continue
        if found and i - found[-1] <= 1:
            if score[i] > score[found[-1]]:
                found[-1] = i
            continue
        found.append(i)
    return tuple(signal.times[i] for i in found)


def _flashes(signal: PictureSignal, i: int) -> bool:
    """Whether the change at frame i begins or ends a picture of one to three frames, after which the one before
    returns.
    """
    limit = 0.5 * signal.score[i]
    ends = any(difference < limit for difference in signal.older[i])
    begins = any(
        i + k < len(signal.score) and len(signal.older[i + k]) >= k and signal.older[i + k][k - 1] < limit
        for k in range(1, RETURN_FRAMES + 1)
    )
    return begins or ends


def sharpness(frame: np.ndarray) -> float:
    """Variance of the Laplacian of a (H, W, 3) uint8 frame's luminance, 0..255: low where nothing is in focus.

    Depends on the frame's size; compare frames of one size. Pech-Pacheco et al. 2000.
    """
    gray = frame @ LUMA
    if min(gray.shape) < 3:
        return 0.0
    centre = gray[1:-1, 1:-1]
    return float((gray[:-2, 1:-1] + gray[2:, 1:-1] + gray[1:-1, :-2] + gray[1:-1, 2:] - 4 * centre).var())


def _edges(signal: PictureSignal, end: float) -> np.ndarray:
    return np.array([*signal.times, end])
