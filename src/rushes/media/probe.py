"""What a media file holds: kind, size as displayed, frame rate, rotation, seconds, sound. Nothing but local files,
within limits.
"""

import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

import av
import numpy as np

from rushes.media.container import damaged, decoded_frames, open_container, picture_stream
from rushes.media.errors import MediaError, said_short
from rushes.media.sniff import Sniffed, sniff
from rushes.media.still import open_still

Kind = Literal["video", "image", "sound"]


@dataclass(frozen=True, kw_only=True)
class Limits:
    bytes: int = 8 << 30  # of the file
    seconds: float = 3 * 3600.0  # of the longest stream
    frame_pixels: int = 4096 * 4096  # of one video frame: 4K of any shape; the decoder holds up to 16 of them
    image_pixels: int = 80_000_000  # of a still image
    total_pixels: float = 2.5e11  # pixels x frames: over an hour of 1080p at 30 frames per second
    streams: int = 32


@dataclass(frozen=True, kw_only=True)
class Orientation:
    """How stored rows and columns become the displayed ones: transposed first, then flipped."""

    transpose: bool = False
    flip_rows: bool = False
    flip_columns: bool = False

    def apply(self, picture: np.ndarray) -> np.ndarray:
        """(H, W, C) as stored -> as displayed."""
        if self.transpose:
            picture = picture.swapaxes(0, 1)  # (W, H, C)
        down, across = -1 if self.flip_rows else 1, -1 if self.flip_columns else 1
        return np.ascontiguousarray(picture[::down, ::across])

    @property
    def degrees(self) -> int:
        """Counterclockwise turn, 0, 90, 180 or 270; a mirrored picture gives the turn after its left and right are
        swapped.
        """
        if self.transpose:
            return 90 if self.flip_rows else 270
        return 180 if self.flip_rows else 0


@dataclass(frozen=True, kw_only=True)
class Probe:
    path: Path  # absolute
    kind: Kind
    width: int  # pixels as displayed: after rotation, with square pixels; 0 for sound
    height: int
    fps: float  # frames per second, the average where the rate varies; 0 for images and sound
    variable_rate: bool  # frames are not evenly spaced in time
    rotation: int  # degrees counterclockwise that the stored picture is turned for display: 0, 90, 180, 270
    seconds: float  # of the picture; of the sound where there is no picture; 0 for an image
    frames: int | None  # of the picture; None for sound
    has_sound: bool
    channels: int  # 0 without sound
    sample_rate: int  # samples per second, 0 without sound
    video_codec: str  # "" without picture
    audio_codec: str  # "" without sound
    pixel_format: str  # FFmpeg's name, "" without picture
    pixel_aspect: float = 1.0  # width of a stored pixel over its height; width above has it applied
    begins: float = 0.0  # seconds after the container's start at which the picture does; the zero of our clock
    partial: bool = False  # the file ends before the seconds that it declares
    orientation: Orientation = Orientation()
    format: str = ""  # FFmpeg's demuxer, or pillow's format


def probe(path: str | os.PathLike[str], limits: Limits | None = None, *, want: Kind | None = None) -> Probe:
    """Reads headers, packet times and one frame.

    want: the kind that the caller can use. Raises MediaError for a missing, foreign, damaged or oversized file, and for
    another kind.
    """
    limits = limits or Limits()
    found = sniff(path)
    if found.bytes > limits.bytes:
        raise MediaError(
            f"{said_short(found.path)} has {found.bytes} bytes, over the limit of {limits.bytes}; cut or compress it"
        )
    probed = _probe_still(found, limits) if found.family == "still" else _probe_moving(found, limits)
    if want is not None and probed.kind != want:
        held = {"video": "a video", "image": "a still image", "sound": "sound without a video stream"}
        raise MediaError(
            f"{said_short(found.path)} holds {held[probed.kind]}, {want} is needed here; give a file with {want}"
        )
    return probed


def _probe_still(found: Sniffed, limits: Limits) -> Probe:
    with open_still(found, limits.image_pixels) as image:
        turned = image.getexif().get(0x0112, 1) if found.format in ("JPEG", "TIFF", "WEBP", "PNG", "AVIF") else 1
        width, height = image.size if turned < 5 else image.size[::-1]
        return Probe(
            path=found.path,
            kind="image",
            width=width,
            height=height,
            fps=0.0,
            variable_rate=False,
            rotation={3: 180, 6: 270, 8: 90}.get(turned, 0),
            seconds=0.0,
            frames=1,
            has_sound=False,
            channels=0,
            sample_rate=0,
            video_codec=found.format.lower(),
            audio_codec="",
            pixel_format=image.mode.lower(),
            format=found.format,
        )


def _probe_moving(found: Sniffed, limits: Limits) -> Probe:
    with open_container(found) as container:
        if len(container.streams) > limits.streams:
            raise MediaError(
                f"{said_short(found.path)} has {len(container.streams)} streams, over the limit of {limits.streams}; "
                "keep one of each"
            )
        declared = (container.duration or 0) / av.time_base
        _check_seconds(found, declared, limits)
        picture = picture_stream(container)
        sounding = next(
            (s for s in container.streams.audio if s.codec_context is not None and s.codec_context.sample_rate), None
        )
        if picture is None and sounding is None:
            raise MediaError(f"{said_short(found.path)} has neither a video stream nor sound; export it again")
        if picture is not None:
            _check_pixels(found, picture.codec_context.width, picture.codec_context.height, 0, limits)
        times = read_times(found, container, picture, limits)
    sound: dict[str, Any] = {
        "has_sound": sounding is not None,
        "channels": sounding.codec_context.channels if sounding else 0,
        "sample_rate": sounding.codec_context.sample_rate if sounding else 0,
        "audio_codec": sounding.codec_context.name if sounding else "",
    }
    _check_seconds(found, times.end, limits)
    if picture is None:
        if times.end <= 0 and declared <= 0:
            raise damaged(found, "it holds no sound samples")
        return Probe(
            path=found.path,
            kind="sound",
            width=0,
            height=0,
            fps=0.0,
            variable_rate=False,
            rotation=0,
            seconds=times.end or declared,
            frames=None,
            video_codec="",
            pixel_format="",
            partial=times.partial,
            format=found.format,
            **sound,
        )
    return _picture_probe(found, times, sound, limits)


@dataclass(frozen=True, kw_only=True)
class PacketTimes:
    """What a walk over the packets, without decoding, tells about time."""

    shown: np.ndarray  # (N,) seconds at which the frames of the picture begin, ascending
    last: float  # seconds that the last frame lasts
    declared_fps: float  # average rate by the header, 0 where there is none
    tick: float  # seconds, the resolution of the times above
    end: float  # seconds at which the last packet of any stream ends
    partial: bool  # packets end before the declared duration


def read_times(found: Sniffed, container: Any, picture: Any | None, limits: Limits) -> PacketTimes:
    """Walks all packets of an opened container. Raises MediaError where it holds more frames than the limits allow."""
    shown: list[float] = []
    last, end, origin = 0.0, 0.0, (container.start_time or 0) / av.time_base
    size = picture.codec_context.width * picture.codec_context.height if picture is not None else 0
    most = limits.total_pixels / max(size, 1)
    broken = False
    try:
        for packet in container.demux():
            at = packet.pts if packet.pts is not None else packet.dts
            if at is None or packet.size == 0 or packet.is_discard or packet.time_base is None:
                continue
            seconds, lasts = float(at * packet.time_base), float((packet.duration or 0) * packet.time_base)
            end = max(end, seconds + lasts - origin)
            broken = broken or packet.is_corrupt
            if picture is not None and packet.stream.index == picture.index:
                shown.append(seconds)
                last = lasts
                if len(shown) > most:
                    _check_pixels(found, picture.codec_context.width, picture.codec_context.height, len(shown), limits)
    except av.error.FFmpegError:
        broken = True
    rate = float(picture.average_rate or picture.guessed_rate or 0) if picture is not None else 0.0
    declared = (container.duration or 0) / av.time_base
    if picture is not None and picture.duration and found.format == "mov" and shown:
        # Other tracks of an mp4 may be longer than its picture, so the picture's own declaration counts.
        declared = float(picture.duration * picture.time_base) + max(
            0.0, (picture.start_time or 0) * picture.time_base - origin
        )
        measured = max(shown) + last - origin
    else:
        measured = end
    short = measured < declared - max(0.3, 0.02 * declared)
    return PacketTimes(
        shown=np.sort(np.array(shown)),
        last=last,
        declared_fps=rate,
        tick=float(picture.time_base) if picture is not None else 0.0,
        end=end,
        partial=broken or short,
    )


def _picture_probe(found: Sniffed, times: PacketTimes, sound: dict[str, Any], limits: Limits) -> Probe:
    first = first_picture(found)
    frame, aspect = first.frame, first.pixel_aspect
    _check_pixels(found, frame.width, frame.height, len(times.shown), limits)
    count = max(len(times.shown), 1)
    steps = np.diff(times.shown)
    usual = float(np.median(steps)) if len(steps) else times.last or 1 / (times.declared_fps or 25.0)
    # Containers round times to their ticks (a millisecond in Matroska), which is no change of rate.
    variable = bool(len(steps) and (steps.max() - steps.min()) > max(2.5 * times.tick, 0.1 * usual))
    seconds = float(times.shown[-1] - times.shown[0]) + (times.last or usual) if len(times.shown) else times.end
    fps = count / seconds if seconds > 0 else times.declared_fps
    if not variable and times.declared_fps and abs(fps - times.declared_fps) < 0.02 * fps:
        fps, seconds = times.declared_fps, count / times.declared_fps
    turn = orientation(frame)
    width, height = frame.width, frame.height
    width = max(1, round(width * aspect))
    if turn.transpose:
        width, height = height, width
    return Probe(
        path=found.path,
        kind="video",
        width=width,
        height=height,
        fps=fps,
        variable_rate=variable,
        rotation=turn.degrees,
        seconds=seconds,
        frames=count,
        video_codec=first.codec,
        pixel_format=frame.format.name,
        pixel_aspect=aspect,
        begins=first.begins,
        partial=times.partial,
        orientation=turn,
        format=found.format,
        **sound,
    )


@dataclass(frozen=True, kw_only=True)
class FirstPicture:
    frame: av.VideoFrame  # as stored, not turned
    codec: str  # FFmpeg's name
    pixel_aspect: float  # width over height of a stored pixel
    begins: float  # seconds after the container's start


def first_picture(found: Sniffed) -> FirstPicture:
    """The first frame that decodes. Raises MediaError when none does."""
    with open_container(found) as container:
        stream = picture_stream(container)
        assert stream is not None
        frame = next(decoded_frames(found, container, stream))
        aspect = stream.sample_aspect_ratio or Fraction(1)
        return FirstPicture(
            frame=frame,
            codec=stream.codec_context.name,
            pixel_aspect=float(aspect) if Fraction(1, 8) <= aspect <= 8 else 1.0,  # else it is nonsense in the header
            begins=(frame.time or 0.0) - (container.start_time or 0) / av.time_base,
        )


def orientation(frame: av.VideoFrame) -> Orientation:
    """Reads the display matrix: x' = a x + c y, y' = b x + d y, in 16.16 fixed point (libavutil/display.h)."""
    side_data: Any = frame.side_data  # typed as text in PyAV
    for data in side_data:
        if data.type.name == "DISPLAYMATRIX":
            a, b, _, c, d = np.frombuffer(bytes(data), dtype="<i4")[:5].tolist()
            if abs(b) > abs(a):
                return Orientation(transpose=True, flip_rows=b < 0, flip_columns=c < 0)
            return Orientation(flip_rows=d < 0, flip_columns=a < 0)
    return Orientation()


def _check_seconds(found: Sniffed, seconds: float, limits: Limits) -> None:
    if seconds > limits.seconds:
        raise MediaError(
            f"{said_short(found.path)} lasts {seconds:.0f} seconds, over the limit of {limits.seconds:.0f}; "
            "cut out the part that you need"
        )


def _check_pixels(found: Sniffed, width: int, height: int, frames: int, limits: Limits) -> None:
    if width * height > limits.frame_pixels:
        raise MediaError(
            f"{said_short(found.path)} has frames of {width}x{height}, over the limit of {limits.frame_pixels} "
            "pixels; scale it down first"
        )
    if width * height * frames > limits.total_pixels:
        raise MediaError(
            f"{said_short(found.path)} has {frames} frames or more of {width}x{height}, over the limit of "
            f"{limits.total_pixels:.3g} pixels in all; "
            "cut or scale it down first"
        )
