"""Cuts on the beat: the boundaries of the working cut's clips move to the nearest beats, the film's length stays."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rushes.agent.cut.document import ClipPiece, WorkingCut, set_clip, source_probe
from rushes.agent.cut.worth import own_frames
from rushes.board.board import Board
from rushes.board.operations import Operation

SHORTEST = 0.4  # seconds that a clip keeps
OFF_BEAT = 1000.0  # frames of moving that a cut off the beat counts as


def follow_beats(board: Board, cut: WorkingCut, beats: Sequence[float]) -> tuple[list[Operation], str]:
    """Moves each cut to a beat, to the frame, where the clips beside it have the material. beats: seconds of the film.

    Returns the operations and, in words, how many cuts are on a beat then. Crossfades begin on the beat.
    """
    if len(cut.clips) < 2:
        return [], "there is no cut to move"
    on_beat = sorted({cut.frame_at(beat) for beat in beats if cut.frame < beat < cut.seconds - cut.frame})
    if not on_beat:
        raise ValueError("no beat lies within the film; give a bpm, or other music")
    starts = _best_starts(board, cut, on_beat)
    operations: list[Operation] = []
    ends = [*starts[1:], cut.frames]
    for (clip, begin, _), start, end in zip(own_frames(cut), starts, ends, strict=True):
        fields = _fields(board, cut, clip, start - begin, end - start)
        if fields:
            operations.append(set_clip(board, clip, **fields))
    hit = sum(start in set(on_beat) for start in starts[1:])
    return operations, f"{hit} of {len(starts) - 1} cuts are on a beat"


def _best_starts(board: Board, cut: WorkingCut, on_beat: Sequence[int]) -> list[int]:
    """First frames of the clips: the nearest beats that leave no clip shorter or longer than it can be."""
    clips = own_frames(cut)
    least = [min(end - begin, round(SHORTEST * float(cut.rate)) + _fade(cut, clip)) for clip, begin, end in clips]
    most = [_most(board, cut, clip) for clip in cut.clips]
    options = [[0]]
    for _, begin, _ in clips[1:]:
        near = sorted(on_beat, key=lambda beat: (abs(beat - begin), beat))[:6]
        options.append(sorted({begin, *near}))
    # The cheapest way to each option of each cut, from the first on.
    ways: list[dict[int, tuple[float, int]]] = [{0: (0.0, 0)}]  # start -> (cost, start of the clip before)
    beats = set(on_beat)
    for place in range(1, len(clips)):
        reached: dict[int, tuple[float, int]] = {}
        for start in options[place]:
            move = abs(start - clips[place][1]) + (0.0 if start in beats else OFF_BEAT)
            before = [
                (cost + move, other)
                for other, (cost, _) in ways[-1].items()
                if least[place - 1] <= start - other <= most[place - 1]
            ]
            if before:
                reached[start] = min(before)
        ways.append(reached)
    last = [(cost, start) for start, (cost, _) in ways[-1].items() if least[-1] <= cut.frames - start <= most[-1]]
    at = min(last)[1]  # the cut as it stands is always one way
    starts = [at]
    for reached in reversed(ways[1:]):
        at = reached[at][1]
        starts.insert(0, at)
    return starts


def _fade(cut: WorkingCut, clip: ClipPiece) -> int:
    return cut.frame_at(clip.fade)


def _most(board: Board, cut: WorkingCut, clip: ClipPiece) -> int:
    """Frames of its own that a clip can fill from its source; never fewer than it has."""
    source = source_probe(board, clip.blob)
    now = cut.frame_at(clip.seconds) - _fade(cut, clip)
    if source.kind == "image":
        return cut.frames
    return max(now, int(np.floor(source.seconds / clip.speed * float(cut.rate) + 1e-6)) - _fade(cut, clip))


def _fields(board: Board, cut: WorkingCut, clip: ClipPiece, moved: int, own: int) -> dict[str, float]:
    """What of a clip changes when it begins `moved` frames later and shows `own` frames before the next begins."""
    seconds = cut.seconds_at(own + _fade(cut, clip))
    if moved == 0 and abs(seconds - clip.seconds) < cut.frame / 4:
        return {}
    source = source_probe(board, clip.blob)
    if source.kind == "image":
        return {"seconds": seconds}
    # The picture stays where it was on the film's clock, as far as the source has it.
    wanted = clip.start + moved / float(cut.rate) * clip.speed
    latest = max(0.0, source.seconds - seconds * clip.speed)
    start = min(max(0.0, wanted), max(latest, min(wanted, clip.start)))
    return {"seconds": seconds, "start": start}
