"""What a render has to know of a source before it writes a filter graph."""

import math
from dataclasses import dataclass
from pathlib import Path

import av

from rushes.media.container import open_container, picture_stream
from rushes.media.ffmpeg import RenderError
from rushes.media.probe import Probe, probe

# A seek point this much before a frame's time keeps the frame whatever its container rounds, and is less than the half
# of a frame at any rate that we read.
SEEK_SLACK = 0.002


@dataclass(frozen=True, kw_only=True)
class Footage:
    probe: Probe
    offset: float = 0.0  # seconds from the container's begin to the first frame of the picture
    matrix: str = ""  # FFmpeg's name of the colour matrix to convert from; "" where it is bt709 already
    slack: float = SEEK_SLACK  # seconds by which the container may have rounded the frames' times
    stored: tuple[int, int] = (0, 0)  # width and height after rotation, before the pixel aspect is applied

    @property
    def is_still(self) -> bool:
        return self.probe.kind == "image"

    @property
    def has_sound(self) -> bool:
        return self.probe.has_sound

    def seek(self, start: float) -> tuple[float, float]:
        """Where FFmpeg should seek to show what is on screen at `start`, and how far that lies before `start`."""
        fps = self.probe.fps
        if self.probe.variable_rate or fps <= 0:
            point = max(0.0, start - 1.0)  # some frame of the last second is still on screen
        else:
            frame = max(0, math.floor((start - self.offset) * fps + 0.02))
            # Without slack where times are exact: a clip that begins at a key frame then needs none before it.
            point = max(0.0, self.offset + frame / fps - self.slack)
        # Cut to the microsecond that the command line carries.
        point = math.floor(min(point, start) * 1e6 + 1e-3) / 1e6
        return point, max(0.0, start - point)

    def input(self, *, start: float, seconds: float) -> list[str]:
        """FFmpeg's input arguments: this one demuxer, this one local file, from `start` on."""
        return [
            *("-protocol_whitelist", "file", "-f", self.probe.format),
            *("-ss", f"{start:.6f}", "-t", f"{seconds:.6f}", "-i", f"file:{self.probe.path}"),
        ]


def load_footage(path: Path, *, need: str = "picture") -> Footage:
    """Probes a source. need: "picture" or "sound". Raises MediaError for what cannot be read or lacks it."""
    found = probe(path)
    if need == "picture" and found.kind == "sound":
        raise RenderError(f"{found.path.name} holds sound only; give a video or an image as a clip")
    if need == "sound" and not found.has_sound:
        raise RenderError(f"{found.path.name} has no sound; give a file with an audio stream as a sound")
    if found.kind != "video":
        return Footage(probe=found)
    with open_container(found) as container:
        stream = picture_stream(container)
        assert stream is not None
        begin = (container.start_time or 0) / av.time_base
        offset = float((stream.start_time or 0) * stream.time_base) - begin
        context = stream.codec_context
        space, full = int(context.colorspace), int(context.color_range) == 2
        size = (context.width, context.height)
        if found.orientation.transpose:
            size = size[::-1]
        matrix = matrix_name(space, found.pixel_format, full, context.height)
        ticks = float(1 / stream.time_base) / found.fps if found.fps else 0.0  # in a frame
        slack = 0.0 if ticks > 1 and abs(ticks - round(ticks)) < 1e-6 * ticks else SEEK_SLACK
        return Footage(probe=found, offset=max(0.0, offset), matrix=matrix, slack=slack, stored=size)


def matrix_name(space: int, pixel_format: str, full: bool, height: int) -> str:
    """The matrix to convert from, "" for none. space: AVColorSpace; what is not tagged is taken by its height."""
    if pixel_format.startswith(("rgb", "bgr", "gbr", "argb", "abgr", "pal8", "0rgb", "0bgr")):
        return "auto"
    if space == 2:  # unspecified: the habit is BT.601 for small pictures and BT.709 for high definition
        space = 1 if height >= 720 else 6
    name = {1: "bt709", 4: "fcc", 5: "bt470bg", 6: "smpte170m", 7: "smpte240m", 9: "bt2020", 10: "bt2020"}.get(space)
    if name == "bt709" and not full and not pixel_format.startswith("yuvj"):
        return ""
    return name or "auto"
