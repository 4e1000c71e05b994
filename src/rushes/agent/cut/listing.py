"""The working cut as an agent reads it: a line each piece."""

from __future__ import annotations

import math

from rushes.agent.cut.document import WorkingCut, need_cut
from rushes.agent.cut.words_on_film import looked
from rushes.board.board import Board
from rushes.media.looks import in_words
from rushes.media.push import AT_REST, Push


def listing(board: Board, start: float | None = None, end: float | None = None) -> str:
    """The cut's pieces, a line each; only those that stand between start and end where these are given."""
    cut = need_cut(board)
    low, high = start or 0.0, cut.seconds if end is None else end
    fades = f", from black {cut.fade_in:g} s" if cut.fade_in else ""
    fades += f", to black {cut.fade_out:g} s" if cut.fade_out else ""
    lines = [
        f"{cut.id} {cut.width}x{cut.height} {cut.fps:g} fps, {cut.seconds:.3f} s, {cut.frames} frames, "
        f"{cut.loudness:g} LUFS{fades}"
    ]
    lines += [_clip_line(cut, number) for number, c in enumerate(cut.clips) if c.at <= high and c.end >= low]
    for text in cut.texts:
        if text.start <= high and text.end >= low:
            words = " / ".join(text.text.splitlines())
            lines.append(f'{text.id} {text.start:.3f}-{text.end:.3f} {text.place} "{words}"{looked(text)}')
    for sound in cut.sounds:
        if sound.at <= high and sound.end >= low:
            duck = ", ducks" if sound.duck else ""
            lines.append(
                f"{sound.id} {sound.at:.3f}-{sound.end:.3f} {sound.label or 'sound'} {sound.gain_db:+g} dB{duck}"
            )
    return "\n".join(lines)


def _clip_line(cut: WorkingCut, number: int) -> str:
    clip = cut.clips[number]
    words = [f"{clip.id} {clip.at:.3f}-{clip.end:.3f}", clip.label or "clip"]
    words += [f"{clip.take}"] if clip.take and clip.take != clip.label else []
    words += [f"of {clip.shot}"] if clip.shot else []
    words += [f"from {clip.start:.3f}"] if clip.start else []
    words += [f"speed {clip.speed:g}"] if clip.speed != 1 else []
    words += [f"fade {clip.fade:.3f}"] if clip.fade and number + 1 < len(cut.clips) else []
    words += ["contain"] if clip.fit == "contain" else []
    words += [f"push {pushed(clip.push)}"] if clip.push != AT_REST else []
    words += ["mute"] if clip.volume == 0 else []
    if clip.volume not in (0, 1):
        words.append(f"{decibels(clip.volume):+.1f} dB")
    graded = f", graded {in_words(clip.grade)}" if clip.grade.changes() else ""
    return " ".join(words) + graded


def pushed(push: Push) -> str:
    """How near it begins and ends, and around which point of the frame: "1 to 1.4 at 0.31,0.55"."""
    views = [f"{v.scale:.3g}" + (f" at {v.x:.2f},{v.y:.2f}" if v.scale > 1 else "") for v in push]
    return views[0] if push[0] == push[1] else " to ".join(views)


def decibels(factor: float) -> float:
    """A factor on the amplitude; of 0 minus infinity."""
    return 20 * math.log10(factor) if factor > 0 else -math.inf
