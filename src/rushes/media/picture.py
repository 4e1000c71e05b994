"""Encodes a timeline's picture, without sound, as H.264 whose pieces can be joined with others of the same settings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from rushes.media.ffmpeg import Cancelled, run
from rushes.media.footage import Footage
from rushes.media.graph import picture_graph
from rushes.media.timeline import Timeline
from rushes.media.titles import missing_glyphs, write_ass


@dataclass(frozen=True, kw_only=True)
class Quality:
    preset: str = "veryfast"  # x264's
    crf: float = 20.0  # x264's constant rate factor, 0 to 51, lower is better
    threads: int = 4  # of the encoder; the bytes depend on it, so it is not taken from the machine


def encoder_arguments(rate: Fraction, quality: Quality) -> list[str]:
    """FFmpeg's arguments for H.264 high, 4:2:0, closed GOPs of a second, BT.709.

    With `stitchable` x264 writes parameter sets that depend on size, rate and preset only: streams made with these
    arguments can be joined packet by packet, whatever their crf.
    """
    return [
        "-c:v", "libx264", "-preset", quality.preset, "-crf", f"{quality.crf:g}", "-profile:v", "high",
        "-pix_fmt", "yuv420p", "-g", str(max(1, round(rate))), "-flags:v", "+cgop+bitexact", "-forced-idr", "1",
        "-x264-params", "stitchable=1",
        "-threads:v", str(quality.threads), "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709",
        "-color_range", "tv", "-fps_mode", "passthrough", "-enc_time_base", f"{rate.denominator}:{rate.numerator}",
    ]  # fmt: skip


def encode_picture(
    timeline: Timeline,
    footage: Sequence[Footage],
    folder: Path,
    *,
    quality: Quality,
    keyframes: Sequence[int] = (),
    progress: Callable[[float], None] | None = None,
    cancelled: Cancelled | None = None,
) -> tuple[Path, tuple[str, ...]]:
    """Renders the picture in one pass; returns the file in `folder` and notes for people.

    keyframes: frames that must begin a GOP. Raises MediaError.
    """
    ass = write_ass(timeline, folder) if timeline.texts else None
    graph = picture_graph(timeline, footage, folder, ass=ass)
    (folder / "picture.txt").write_text(graph.text, encoding="utf-8")
    # The first frame at or after a time is forced: a little before the frame's own time is sure to mean it.
    forced = [f"{max(0.0, (k - 0.25) / float(timeline.rate)):.6f}" for k in keyframes]
    path = folder / "picture.mp4"
    lines = run(
        [
            *_with_one_thread(graph.inputs), "-/filter_complex", "picture.txt", "-map", "[film]",
            *encoder_arguments(timeline.rate, quality), *(["-force_key_frames", ",".join(forced)] if forced else []),
            "-frames:v", str(timeline.frames), "-map_metadata", "-1", "-fflags", "+bitexact", path.name,
        ],
        folder=folder, progress=progress, cancelled=cancelled,
    )  # fmt: skip
    notes = list(graph.notes)
    if missing := missing_glyphs(lines):
        named = ", ".join(f"{c} (U+{ord(c):04X})" for c in missing)
        notes.append(f"no font on this machine has {named}; install one that has, or write it without")
    return path, tuple(notes)


def _with_one_thread(inputs: Sequence[str]) -> list[str]:
    """One decoder thread for each input: only one of them works at a time, and many are open."""
    arguments: list[str] = []
    begin = True
    for argument in inputs:
        if begin:
            arguments += ["-threads", "1"]
        arguments.append(argument)
        begin = len(arguments) > 1 and arguments[-2] == "-i"
    return arguments
