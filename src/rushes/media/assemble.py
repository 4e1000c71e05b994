"""Joins encoded pieces of picture and one sound into an mp4, packet by packet, and checks what came out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import merge
from pathlib import Path
from typing import Any

import av

from rushes.media.ffmpeg import RenderError


@dataclass(frozen=True, kw_only=True)
class Run:
    path: Path  # mp4 with H.264
    first: int  # packet, counted in decoding order; it begins a closed GOP
    count: int  # packets


def assemble(runs: Sequence[Run], sound: Path, out: Path, rate: Fraction) -> None:
    """Writes the runs one after the other, and the sound, as mp4 with its index in front."""
    options = {"movflags": "+faststart", "fflags": "+bitexact", "video_track_timescale": str(timescale(rate))}
    with open_mp4(runs[0].path) as first, open_mp4(sound) as heard:
        with av.open(str(out), "w", format="mp4", options=options) as made:
            picture = made.add_stream_from_template(first.streams.video[0])
            voice = made.add_stream_from_template(heard.streams.audio[0])
            picture.time_base = 1 / rate
            shown = _picture_packets(_runs_packets(runs), picture, rate)
            for packet in merge(shown, _sound_packets(heard, voice), key=_decoding_seconds):
                made.mux(packet)


def open_mp4(path: Path) -> Any:
    """An mp4 that was probed or made before, held to its one demuxer and to the file itself."""
    return av.open(f"file:{path}", format="mov", container_options={"protocol_whitelist": "file"})


def timescale(rate: Fraction) -> int:
    """Ticks per second of the picture's track, a whole number of them per frame."""
    return rate.numerator * (1000 if rate.denominator == 1 else 1)


def video_packets(path: Path, *, first: int = 0, count: int | None = None) -> Iterator[Any]:
    """Packets of the picture in decoding order."""
    with open_mp4(path) as container:
        number = 0
        for packet in container.demux(container.streams.video[0]):
            if packet.size == 0:
                continue
            if number >= first:
                yield packet
            number += 1
            if count is not None and number >= first + count:
                return


def frame_numbers(packets: Sequence[Any], rate: Fraction) -> tuple[int, ...]:
    """Which frame each packet shows, counted from the earliest."""
    per_tick = packets[0].time_base * rate
    top, bottom, origin = per_tick.numerator, per_tick.denominator, min(packet.pts for packet in packets)
    return tuple(((packet.pts - origin) * top * 2 + bottom) // (2 * bottom) for packet in packets)


def _runs_packets(runs: Sequence[Run]) -> list[list[Any]]:
    """The packets of each run; a file with several is read once."""
    read = {path: list(video_packets(path)) for path in {run.path for run in runs}}
    taken = [read[run.path][run.first : run.first + run.count] for run in runs]
    for run, packets in zip(runs, taken, strict=True):
        if len(packets) != run.count:
            raise RenderError(f"{run.path.name} ends early; render it again")
    return taken


def _picture_packets(taken: list[list[Any]], stream: Any, rate: Fraction) -> Iterator[Any]:
    """Packets on the film's clock: decoding times evenly spaced, showing times as far behind as reordering needs."""
    numbers = [frame_numbers(packets, rate) for packets in taken]
    delay = max(i - shown for run in numbers for i, shown in enumerate(run))
    at, tick = 0, 1 / rate
    for packets, run in zip(taken, numbers, strict=True):
        for i, (packet, shown) in enumerate(zip(packets, run, strict=True)):
            packet.stream = stream
            packet.time_base = tick
            packet.pts, packet.dts, packet.duration = at + shown, at + i - delay, 1
            yield packet
        at += len(packets)


def _sound_packets(container: Any, stream: Any) -> Iterator[Any]:
    for packet in container.demux(container.streams.audio[0]):
        if packet.size:
            packet.stream = stream
            yield packet


def _decoding_seconds(packet: Any) -> float:
    return packet.dts * packet.time_base.numerator / packet.time_base.denominator


def check_film(path: Path, frames: int, rate: Fraction) -> str:
    """ "" where the file has exactly these frames, evenly spaced from 0 on; else what is wrong."""
    times = []
    with open_mp4(path) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            if packet.size:
                if packet.dts is not None and packet.dts > packet.pts:
                    return f"frame at {packet.pts} would be shown before it is decoded"
                times.append(packet.pts)
    if len(times) != frames:
        return f"{len(times)} frames instead of {frames}"
    step = 1 / rate / stream.time_base
    if sorted(times) != [n * step for n in range(frames)]:
        return "frames are not evenly spaced"
    return ""
