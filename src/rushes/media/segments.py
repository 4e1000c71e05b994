"""Copies what needs no change: whole GOPs of the sources go into the film as they are, only the rest is encoded."""

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av

from rushes.media.assemble import Run, frame_numbers, open_mp4, video_packets
from rushes.media.ffmpeg import Cancelled, run
from rushes.media.footage import Footage
from rushes.media.picture import Quality, encode_picture, encoder_arguments
from rushes.media.push import AT_REST
from rushes.media.timeline import Clip, Timeline

FEWEST = 6  # frames of a run worth copying; also keeps two single IDR frames from standing side by side
LEAST_SHARE = 0.1  # of the film; less is not worth the seams

AFTER_SEAM = 3  # frames decoded behind a seam

IDR = 5  # H.264 NAL unit type (ITU-T H.264 table 7-1)


class NotCopied(Exception):
    """Why a film is encoded whole."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    frame: int  # the film's first frame of the run
    path: Path
    first: int  # the source's packet and frame that begin it, and how many of both
    source_frame: int
    count: int
    cut: bool  # its last GOP goes on in the source


@dataclass(frozen=True, kw_only=True)
class Plan:
    timeline: Timeline
    copies: tuple[Copy, ...]  # by film frame
    changed: tuple[tuple[int, int], ...]  # film frames to encode: first, end


@dataclass(frozen=True, kw_only=True)
class Spliced:
    runs: tuple[Run, ...]  # in the film's order
    copied: int  # frames
    copies: tuple[Copy, ...] = ()
    notes: tuple[str, ...] = ()
    reason: str = ""  # why nothing was copied


@dataclass(frozen=True, kw_only=True)
class Packets:
    """A source's packets in decoding order."""

    frames: tuple[int, ...]  # which frame each shows
    keys: tuple[int, ...]  # packets that begin a GOP
    extradata: bytes  # SPS and PPS


def plan_copies(timeline: Timeline, footage: Sequence[Footage], quality: Quality) -> Plan:
    """Finds the runs that can be copied. Raises NotCopied where there are none or too few."""
    wanted = reference_extradata(timeline.width, timeline.height, timeline.rate, quality.preset)
    untouched = _untouched(timeline)
    index: dict[Path, Packets | str] = {}
    copies: list[Copy] = []
    reasons = []
    for i, (clip, source) in enumerate(zip(timeline.clips, footage, strict=True)):
        path = source.probe.path
        fault = _unfit(timeline, clip, source)
        if not fault and path not in index:
            index[path] = read_packets(path, timeline.rate)
        packets = fault or index[path]
        if isinstance(packets, str) or packets.extradata != wanted:
            reasons.append(fault or (packets if isinstance(packets, str) else "it was encoded with other settings"))
            continue
        begin = timeline.clip_starts[i]
        offset = round(Fraction(clip.start) * timeline.rate) - begin  # from film frames to source frames
        for first, end in untouched:
            low, high = max(first, begin), min(end, begin + timeline.clip_frames[i])
            copies += _runs_within(packets, path, low + offset, high + offset, -offset)
    copied = sum(c.count for c in copies)
    if copied < LEAST_SHARE * timeline.frames:
        why = f"; first clip that does not fit: {reasons[0]}" if reasons else ""
        raise NotCopied(f"only {copied} of {timeline.frames} frames stay as they are{why}")
    changed, at = [], 0
    for copy in copies:
        if copy.frame > at:
            changed.append((at, copy.frame))
        at = copy.frame + copy.count
    if at < timeline.frames:
        changed.append((at, timeline.frames))
    return Plan(timeline=timeline, copies=tuple(copies), changed=tuple(changed))


def _unfit(timeline: Timeline, clip: Clip, source: Footage) -> str:
    """Why the clip's frames differ from its source's; "" where they don't."""
    found = source.probe
    on_grid = Fraction(clip.start) * timeline.rate
    first = round(on_grid)
    if found.kind != "video" or found.video_codec != "h264" or found.format != "mov":
        return "it is no H.264 in mp4"
    if clip.speed != 1:
        return "its speed is changed"
    if clip.grade.changes():
        return "its colours are changed"
    if clip.push != AT_REST:
        return "its picture is moved in on"
    if source.stored != (timeline.width, timeline.height) or found.pixel_aspect != 1 or found.rotation or source.matrix:
        return "its size, orientation or colours differ from the film's"
    if found.variable_rate or abs(found.fps - float(timeline.rate)) > 1e-3 or source.offset > 1e-4:
        return "its frame rate differs from the film's"
    if abs(on_grid - first) > Fraction(1, 20):
        return "it starts between two frames"
    if first + timeline.frame_at(clip.seconds) > (found.frames or 0):
        return "it ends before the clip does"
    return ""


def _untouched(timeline: Timeline) -> list[tuple[int, int]]:
    """Spans of film frames that each show one source frame as it is."""
    touched = [(s, s + f) for s, f in zip(timeline.clip_starts[1:], timeline.fade_frames, strict=False)]
    touched += [timeline.text_frames(text) for text in timeline.texts]
    touched.append((0, timeline.frame_at(timeline.fade_in)))
    touched.append((timeline.frames - timeline.frame_at(timeline.fade_out), timeline.frames))
    spans, at = [], 0
    for first, end in sorted(touched):
        if first > at:
            spans.append((at, first))
        at = max(at, end)
    if at < timeline.frames:
        spans.append((at, timeline.frames))
    return spans


def _runs_within(packets: Packets, path: Path, low: int, high: int, to_film: int) -> Iterator[Copy]:
    """Longest runs of source frames low..high that decode on their own: from a key frame on, GOP after GOP.

    A last GOP may be cut where the packets so far show all frames so far, since no packet needs a later one.
    """
    first = count = 0
    cut = False
    ends = [*packets.keys[1:], len(packets.frames)]
    for key, end in zip(packets.keys, ends, strict=True):
        base = packets.frames[key]
        if base < low:
            continue
        most = min(end - key, high - base)
        length, top = 0, -1
        for n in range(1, most + 1):
            top = max(top, packets.frames[key + n - 1] - base)
            if top == n - 1:
                length = n
        if length:
            first, count = (key, length) if not count else (first, count + length)
        if count and length < end - key:
            cut = length > 0
            break
        if base >= high:
            break
    if count >= FEWEST:
        source_frame = packets.frames[first]
        yield Copy(
            frame=source_frame + to_film, path=path, first=first, source_frame=source_frame, count=count, cut=cut
        )


def read_packets(path: Path, rate: Fraction) -> Packets | str:
    """The packets of a constant-rate H.264 source with closed GOPs; else what is in the way."""
    with open_mp4(path) as container:
        extradata = bytes(container.streams.video[0].codec_context.extradata or b"")
    packets = list(video_packets(path))
    if not packets or any(p.pts is None or p.is_discard or p.is_corrupt for p in packets):
        return "some of its packets are cut away or damaged"
    frames = frame_numbers(packets, rate)
    keys = tuple(i for i, p in enumerate(packets) if p.is_keyframe and is_idr(memoryview(p)))
    if not keys or keys[0] != 0 or sorted(frames) != list(range(len(frames))):
        return "its frames are not evenly spaced"
    for key, end in zip(keys, [*keys[1:], len(frames)], strict=True):
        if sorted(frames[key:end]) != list(range(frames[key], frames[key] + end - key)):
            return "its GOPs are open"
    return Packets(frames=frames, keys=keys, extradata=extradata)


def is_idr(data: memoryview) -> bool:
    """Whether an mp4 sample (4-byte lengths) holds an IDR slice, and so begins a closed GOP."""
    at = 0
    while at + 5 <= len(data):
        if data[at + 4] & 31 == IDR:
            return True
        at += 4 + int.from_bytes(data[at : at + 4], "big")
    return False


@lru_cache(maxsize=32)
def reference_extradata(width: int, height: int, rate: Fraction, preset: str) -> bytes:
    """SPS and PPS as our encoder writes them for this size, rate and preset."""
    with TemporaryDirectory(prefix="rushes-") as name:
        folder = Path(name)
        black = (
            f"color=black:s={width}x{height}:r={rate},setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709"
        )
        quality = Quality(preset=preset, threads=1)
        run(
            ["-f", "lavfi", "-i", black, "-frames:v", "1", *encoder_arguments(rate, quality), "one.mp4"], folder=folder
        )  # fmt: skip
        with open_mp4(folder / "one.mp4") as container:
            return bytes(container.streams.video[0].codec_context.extradata or b"")


def splice(
    plan: Plan,
    footage: Sequence[Footage],
    folder: Path,
    *,
    quality: Quality,
    progress: Callable[[float], None] | None = None,
    cancelled: Cancelled | None = None,
) -> Spliced:
    """Encodes the changed spans in one pass, and lists all runs. Raises NotCopied where they don't join."""
    runs = [(copy.frame, Run(path=copy.path, first=copy.first, count=copy.count)) for copy in plan.copies]
    notes: tuple[str, ...] = ()
    if plan.changed:
        shorter, sources, begins = changed_timeline(plan, footage)
        path, notes = encode_picture(
            shorter, sources, folder, quality=quality, keyframes=begins, progress=progress, cancelled=cancelled
        )
        packets = read_packets(path, plan.timeline.rate)
        if isinstance(packets, str):
            raise NotCopied(f"the encoded spans cannot be joined: {packets}")
        copied = plan.copies[0].path
        if packets.extradata != _extradata(copied):
            raise NotCopied("the encoded spans have other parameter sets")
        for (first, end), begin in zip(plan.changed, begins, strict=True):
            if begin not in packets.keys:
                raise NotCopied(f"the encoder began no GOP at frame {begin}")
            runs.append((first, Run(path=path, first=begin, count=end - first)))
    runs.sort(key=lambda item: item[0])
    return Spliced(
        runs=tuple(r for _, r in runs), copied=sum(c.count for c in plan.copies), copies=plan.copies, notes=notes
    )


def changed_timeline(plan: Plan, footage: Sequence[Footage]) -> tuple[Timeline, list[Footage], list[int]]:
    """The changed spans, cut together, as a timeline of their own; its footage; and where each span begins in it."""
    timeline = plan.timeline
    starts, lengths, fades = timeline.clip_starts, timeline.clip_frames, timeline.fade_frames
    clips: list[Clip] = []
    sources: list[Footage] = []
    texts, begins = [], []
    at = 0
    for first, end in plan.changed:
        begins.append(at)
        for i, clip in enumerate(timeline.clips):
            low, high = max(first, starts[i]), min(end, starts[i] + lengths[i])
            if low >= high:
                continue
            # A crossfade lies in one span whole: a span with this clip's last frame has all of it.
            fade = fades[i] if high == starts[i] + lengths[i] else 0
            into = clip.start if low == starts[i] else clip.start + timeline.seconds_at(low - starts[i]) * clip.speed
            seconds, fading = timeline.seconds_at(high - low), timeline.seconds_at(fade)
            clips.append(replace(clip, start=into, seconds=seconds, fade=fading))
            sources.append(footage[i])
        for text in timeline.texts:
            shown, gone = timeline.text_frames(text)
            if first <= shown < end:
                moved = [timeline.seconds_at(at + f - first) for f in (shown, gone)]
                texts.append(replace(text, start=moved[0], end=moved[1]))
        at += end - first
    shorter = replace(timeline, clips=tuple(clips), texts=tuple(texts), sounds=())
    assert shorter.frames == at
    return shorter, sources, begins


def verify_copies(film: Path, spliced: Spliced) -> str:
    """ "" where copied packets are the sources' byte for byte and all seams decode cleanly; else what is wrong.

    Equal packets after an IDR frame, under equal parameter sets, decode to equal pixels (ITU-T H.264), so the seams
    alone are decoded: the first frames of each run, and before them the copied GOP that was cut there.
    """
    made = list(video_packets(film))
    for path in {copy.path for copy in spliced.copies}:
        source = list(video_packets(path))
        for copy in (c for c in spliced.copies if c.path == path):
            for mine, theirs in zip(made[copy.frame :], source[copy.first : copy.first + copy.count], strict=False):
                if memoryview(mine) != memoryview(theirs):
                    return f"packets from frame {copy.frame} on differ from {path.name}"
    begin = 0
    cuts = {copy.frame + copy.count for copy in spliced.copies if copy.cut}
    for one, two in pairwise(spliced.runs):
        seam = begin + one.count
        gop = next(i for i in range(seam - 1, begin - 1, -1) if made[i].is_keyframe) if seam in cuts else seam
        end = seam + min(AFTER_SEAM, two.count)
        shown = decoded(made[gop:end], film)
        if shown != end - gop:
            return f"{shown} of {end - gop} frames decode around frame {seam}"
        begin = seam
    return ""


def decoded(packets: Sequence[Any], path: Path) -> int:
    """How many frames come out of these packets before the first damage."""
    context = av.CodecContext.create("h264", "r")
    context.extradata = _extradata(path)
    context.options = {"err_detect": "explode"}
    count = 0
    try:
        for packet in packets:
            count += len(context.decode(packet))
        count += len(context.decode(None))
    except av.error.FFmpegError:
        pass
    return count


def frame_checksums(path: Path) -> Iterator[int]:
    """A checksum of the decoded planes of each frame, in showing order. Raises FFmpegError for a damaged stream."""
    with open_mp4(path) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        stream.codec_context.options = {"err_detect": "explode"}
        for frame in container.decode(stream):
            yield _checksum(frame)


def _checksum(frame: Any) -> int:
    value = 1
    for plane in frame.planes:
        value = zlib.adler32(plane, value)
    return value


def _extradata(path: Path) -> bytes:
    with open_mp4(path) as container:
        return bytes(container.streams.video[0].codec_context.extradata or b"")
