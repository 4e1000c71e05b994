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
    tick = 1 / rate
    options = {"movflags": "+faststart", "fflags": "+bitexact", "video_track_timescale": str(timescale(rate))}
    with open_mp4(runs[0].path) as first, open_mp4(sound) as heard:
        with av.open(str(out), "w", format="mp4", options=options) as made:
            picture = made.add_stream_from_template(first.streams.video[0])
            voice = made.add_stream_from_template(heard.streams.audio[0])
            picture.time_base = tick
            delay = max(_delay(run, rate) for run in _each_file(runs))
            feeds = merge(
                _picture_packets(runs, picture, tick, delay),
                _sound_packets(heard, voice),
                key=lambda packet: packet.dts * packet.time_base,
            )
            for packet in feeds:
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


def frame_number(packet: Any, origin: int, rate: Fraction) -> int:
    """Which frame of its file a packet shows. origin: the first frame's pts, in the packet's time base."""
    return round((packet.pts - origin) * packet.time_base * rate)


def _each_file(runs: Sequence[Run]) -> list[Run]:
    return list({run.path: run for run in runs}.values())


def _delay(run: Run, rate: Fraction) -> int:
    """Frames by which decoding runs ahead of showing in the run's file."""
    packets = list(video_packets(run.path))
    origin = min(packet.pts for packet in packets)
    return max(i - frame_number(packet, origin, rate) for i, packet in enumerate(packets))


def _picture_packets(runs: Sequence[Run], stream: Any, tick: Fraction, delay: int) -> Iterator[Any]:
    """Packets on the film's clock: decoding times evenly spaced, showing times as far behind as reordering needs."""
    at = 0
    for run in runs:
        packets = list(video_packets(run.path, first=run.first, count=run.count))
        if len(packets) != run.count:
            raise RenderError(f"{run.path.name} ends early; render it again")
        begin = min(packet.pts for packet in packets)
        for i, packet in enumerate(packets):
            shown = frame_number(packet, begin, 1 / tick)
            packet.stream = stream
            packet.time_base = tick
            packet.pts, packet.dts, packet.duration = at + shown, at + i - delay, 1
            yield packet
        at += run.count


def _sound_packets(container: Any, stream: Any) -> Iterator[Any]:
    for packet in container.demux(container.streams.audio[0]):
        if packet.size:
            packet.stream = stream
            yield packet


def check_film(path: Path, frames: int, rate: Fraction) -> str:
    """"" where the file has exactly these frames, evenly spaced from 0 on; else what is wrong."""
    times = []
    with open_mp4(path) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            if packet.size:
                if packet.dts is not None and packet.dts > packet.pts:
                    return f"frame at {packet.pts} would be shown before it is decoded"
                times.append(packet.pts * packet.time_base * rate)
    if len(times) != frames:
        return f"{len(times)} frames instead of {frames}"
    if sorted(times) != list(range(frames)):
        return "frames are not evenly spaced"
    return ""
