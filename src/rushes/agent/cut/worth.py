"""The working cut as an editor reads it: what each frame is worth, where its shots begin, where somebody speaks."""

from __future__ import annotations

import numpy as np

from rushes.agent.cut.document import ClipPiece, SoundPiece, WorkingCut, continues, source_probe
from rushes.agent.cut.keeping import Strip
from rushes.agent.production import Production
from rushes.board.jobs import Job
from rushes.media.activity import SHARP_EVERY, STEP, VERSION, Activity, activity_from_dict, measure_activity
from rushes.media.picture_signal import FROZEN_CHANGE

BREATH = 0.08  # seconds kept before and after a sentence
WHOLE_FILM = 0.6  # share of the film from which on a sound is a bed under it, unless it is a voice
LOUD, SOFT = -15.0, -50.0  # dBFS that count as 1 and as 0
STILL_WORTH = 0.35  # of a still image
WEIGHTS = {"base": 0.1, "motion": 0.4, "sound": 0.25, "sharp": 0.15, "score": 0.1}
FROZEN_FACTOR = 0.3  # of the worth of a picture that stands still for half a second


def strip_of(production: Production, cut: WorkingCut) -> Strip:
    """Measures every source once and lays the measurements out on the film's clock. Raises MediaError."""
    worth = np.full(cut.frames, STILL_WORTH)
    cuts: list[int] = []
    speech: list[tuple[int, int]] = []
    found = {clip.blob: activity_of(production, clip.blob) for clip in cut.clips if not _is_still(production, clip)}
    usual = _usual(list(found.values()))
    for place, (clip, begin, end) in enumerate(own_frames(cut)):
        if place and not continues(cut.clips[place - 1], clip):
            cuts.append(begin)
        if clip.blob in found:
            activity = found[clip.blob]
            at = clip.start + np.arange(end - begin) / float(cut.rate) * clip.speed  # seconds into the source
            worth[begin:end] = _worth(activity, at, usual, _score(production, clip))
            cuts += _cuts(activity, at, begin)
            if clip.volume > 0:
                speech += _speech(cut, clip, activity, begin, end)
    for sound in cut.sounds:
        if not is_bed(cut, sound):
            speech.append((cut.frame_at(sound.at), cut.frame_at(sound.end)))
    return Strip(fps=float(cut.rate), worth=worth, cuts=tuple(sorted(set(cuts))), speech=tuple(_merged(speech)))


def activity_of(production: Production, blob: str) -> Activity:
    """What is on at which second of a source: a durable step, since an hour of it takes minutes."""

    def work(job: Job) -> dict[str, object]:
        return measure_activity(production.board.blob_path(blob)).to_dict()

    return activity_from_dict(production.step("activity", {"source": blob, "version": VERSION}, work).value)


def own_frames(cut: WorkingCut) -> list[tuple[ClipPiece, int, int]]:
    """Each clip with the film's frames that are its own: up to where the next begins to show."""
    starts = [cut.frame_at(clip.at) for clip in cut.clips]
    return list(zip(cut.clips, starts, [*starts[1:], cut.frames], strict=True))


def is_bed(cut: WorkingCut, sound: SoundPiece) -> bool:
    """Whether a sound is music under the film, and not something that belongs to a moment of it."""
    long = sound.end - sound.at >= WHOLE_FILM * cut.seconds
    return sound.duck or sound.label in ("music", "bed") or (long and sound.label != "voice")


def says_something(production: Production, clip: ClipPiece) -> bool:
    """Whether there is speech, or the like of it, in what a clip shows."""
    if clip.volume == 0 or _is_still(production, clip):
        return False
    return any(a < clip.source_end and b > clip.start for a, b in activity_of(production, clip.blob).speech)


def _is_still(production: Production, clip: ClipPiece) -> bool:
    return source_probe(production.board, clip.blob).kind == "image"


def _usual(found: list[Activity]) -> tuple[float, float]:
    """Motion and sharpness that count as much: those of the liveliest and sharpest tenth."""
    motion = np.concatenate([np.array(activity.motion) for activity in found] or [np.zeros(1)])
    sharp = np.concatenate([np.array(activity.sharp) for activity in found] or [np.zeros(1)])
    return max(1.0, float(np.quantile(motion, 0.9))), max(1.0, float(np.quantile(sharp, 0.9)))


def _worth(activity: Activity, at: np.ndarray, usual: tuple[float, float], score: float) -> np.ndarray:
    """(n,) 0 to 1 for the source's seconds `at`."""
    width = max(1, round(activity.fps / 2))
    motion = np.convolve(activity.motion, np.ones(width) / width, mode="same")
    frame = np.clip((at * activity.fps + 1e-6).astype(int), 0, len(motion) - 1)
    sharp = np.array(activity.sharp)[np.clip((at / SHARP_EVERY).astype(int), 0, len(activity.sharp) - 1)]
    parts = {
        "base": np.ones(len(at)),
        "motion": np.minimum(1.0, motion[frame] / usual[0]),
        "sound": _sounding(activity, at),
        "sharp": np.minimum(1.0, sharp / usual[1]),
        "score": np.full(len(at), score),
    }
    worth = sum((WEIGHTS[name] * value for name, value in parts.items()), np.zeros(len(at)))
    worth[motion[frame] < FROZEN_CHANGE / 2] *= FROZEN_FACTOR
    worth[np.isin(frame, activity.black)] = 0.0
    return worth


def _sounding(activity: Activity, at: np.ndarray) -> np.ndarray:
    if not activity.loud:
        return np.zeros(len(at))
    loud = np.array(activity.loud)[np.clip((at / STEP).astype(int), 0, len(activity.loud) - 1)]
    heard = 0.6 * np.clip((loud - SOFT) / (LOUD - SOFT), 0.0, 1.0)
    for start, end in activity.speech:
        heard[(at >= start) & (at < end)] = 1.0
    return heard


def _cuts(activity: Activity, at: np.ndarray, begin: int) -> list[int]:
    """The film's frames that begin a new shot of the source."""
    frame = (at * activity.fps + 1e-6).astype(int)
    places = np.searchsorted(frame, activity.cuts)
    return [begin + int(place) for place in places if 0 < place < len(at)]


def _speech(cut: WorkingCut, clip: ClipPiece, activity: Activity, begin: int, end: int) -> list[tuple[int, int]]:
    found = []
    for start, stop in activity.speech:
        first = begin + cut.frame_at(max(0.0, start - BREATH - clip.start) / clip.speed)
        last = begin + cut.frame_at(max(0.0, stop + BREATH - clip.start) / clip.speed)
        if stop > clip.start and first < end:
            found.append((first, min(last, end)))
    return found


def _merged(speech: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(span for span in speech if span[0] < span[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _score(production: Production, clip: ClipPiece) -> float:
    """The critic's, of the take that a clip shows; of footage that nobody judged, half."""
    return float(production.board.node(clip.take).fields.get("score", 0.5)) if clip.take else 0.5
