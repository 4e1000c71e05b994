"""What a file is by its first bytes, decided before FFmpeg sees it.

FFmpeg chooses a demuxer by content and name, and several of its demuxers (HLS, concat, DASH, SDP, image sequences) open
further files or addresses. So the content decides here, from a list of containers that hold their own data, and FFmpeg
gets that one demuxer by name.
"""

import os
import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from rushes.media.errors import MediaError, said_short

# Two characters or more, so that the drive letter of a Windows path is none.
PROTOCOL = re.compile(r"^[A-Za-z][A-Za-z0-9+.\-]+:")

SNIFFED_BYTES = 4096

WAYS_OUT = "give a video (mp4, mov, mkv, webm, avi), an image (PNG, JPEG, WebP) or a sound file (wav, mp3, opus, flac)"


@dataclass(frozen=True, kw_only=True)
class Sniffed:
    path: Path  # absolute
    family: str  # "moving" (FFmpeg reads it) | "still" (pillow reads it)
    format: str  # FFmpeg's demuxer, or pillow's format
    bytes: int  # size of the file


def sniff(path: str | os.PathLike[str]) -> Sniffed:
    """Names the container of a local file from its content. Raises MediaError for all that is not media."""
    local = local_file(path)
    try:
        size = local.stat().st_size
        with local.open("rb") as file:
            head = file.read(SNIFFED_BYTES)
    except OSError as error:
        raise MediaError(f"cannot read {said_short(local)}: {error.strerror}; check the file's permissions") from error
    if not head:
        raise MediaError(f"{said_short(local)} is empty (0 bytes); {WAYS_OUT}")
    still = still_format(head)
    if still:
        return Sniffed(path=local, family="still", format=still, bytes=size)
    moving = moving_format(head)
    if moving:
        return Sniffed(path=local, family="moving", format=moving, bytes=size)
    raise MediaError(f"{said_short(local)} is {refusal(head)}, not media; {WAYS_OUT}")


def local_file(path: str | os.PathLike[str]) -> Path:
    """An absolute path of an existing regular file. Raises MediaError for URLs, protocol names, folders, pipes and
    missing files.
    """
    name = os.fspath(path)
    shown = said_short(name)
    if not name or "\0" in name:
        raise MediaError(f"{shown!r} is no file name; give the path of a file")
    if PROTOCOL.match(name):
        raise MediaError(
            f"{shown} reads as a protocol or an address, only local files are read; "
            "download it, or rename it without the colon"
        )
    if name.startswith("-"):
        raise MediaError(f"{shown} begins with a dash and reads as an option; rename it, or write ./{shown}")
    local = Path(name).absolute()
    try:
        mode = local.stat().st_mode
    except FileNotFoundError:
        raise MediaError(f"no file at {shown}; check the path") from None
    except (OSError, ValueError) as error:
        raise MediaError(
            f"cannot look at {shown}: {getattr(error, 'strerror', None) or error}; check the path"
        ) from error
    if stat.S_ISDIR(mode):
        raise MediaError(f"{shown} is a folder; give one file in it")
    if not stat.S_ISREG(mode):
        raise MediaError(f"{shown} is a device or a pipe, not a regular file; copy its content into a file")
    return local


def still_format(head: bytes) -> str | None:
    """Pillow's name of an image format, or None."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WEBP"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0" and len(head) > 26:
        return "BMP"
    if head[:4] in (b"II*\0", b"MM\0*"):
        return "TIFF"
    if head[4:8] == b"ftyp" and head[8:12] in (b"avif", b"avis"):
        return "AVIF"
    return None


def moving_format(head: bytes) -> str | None:
    """FFmpeg's name of a demuxer that reads nothing beyond the file itself, or None."""
    if head[4:8] == b"ftyp" and head[8:12] in (b"heic", b"heix", b"heim", b"heis", b"mif1"):
        return None  # a still in HEVC: pillow doesn't read it, and as video it would be tiles
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot"):
        return "mov"
    if head[:4] == b"RIFF":
        return {b"AVI ": "avi", b"WAVE": "wav"}.get(head[8:12])
    if head[:4] == b"FORM" and head[8:12] in (b"AIFF", b"AIFC"):
        return "aiff"
    for magic, name in MAGICS:
        if head.startswith(magic):
            return name
    for name, first, packet in (("mpegts", 0, 188), ("mpegts", 4, 192)):
        syncs = head[first::packet]
        if len(syncs) >= 3 and set(syncs) == {0x47}:
            return name
    if _chained(head, _mp3_frame_bytes):
        return "mp3"
    if _chained(head, _adts_frame_bytes):
        return "aac"
    return None


MAGICS = (
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"ID3", "mp3"),
    (b"FLV\x01", "flv"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\0\0\x01\xba", "mpeg"),
    (b"\0\0\x01\xb3", "mpegvideo"),
    (b"YUV4MPEG2", "yuv4mpegpipe"),
    (b"DKIF", "ivf"),
    (b"caff\0\x01", "caf"),
    (b".snd", "au"),
    (b"RF64", "wav"),
    (b"\x06\x0e\x2b\x34\x02\x05\x01\x01\x0d\x01\x02", "mxf"),
    (b"#!AMR", "amr"),
)


def _chained(head: bytes, frame_bytes: Callable[[bytes], int]) -> bool:
    """Two frame headers where the first says that the second is: a lone sync word occurs in noise too."""
    first = frame_bytes(head)
    return first > 0 and (len(head) <= first or frame_bytes(head[first:]) > 0)


def _mp3_frame_bytes(head: bytes) -> int:
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE6 != 0xE2:  # sync, layer III
        return 0
    version, rate_index, bitrate_index = head[1] >> 3 & 3, head[2] >> 2 & 3, head[2] >> 4
    if version == 1 or rate_index == 3 or bitrate_index in (0, 15):
        return 0
    rate = (44100, 48000, 32000)[rate_index] >> {3: 0, 2: 1, 0: 2}[version]
    first = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
    second = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
    kilobits = (first if version == 3 else second)[bitrate_index]
    return (144 if version == 3 else 72) * kilobits * 1000 // rate + (head[2] >> 1 & 1)


def _adts_frame_bytes(head: bytes) -> int:
    if len(head) < 7 or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return 0
    return (head[3] & 3) << 11 | head[4] << 3 | head[5] >> 5


def refusal(head: bytes) -> str:
    """What a refused file seems to be, for the message."""
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    lowered = text[:512].lower()
    if text.startswith(b"#EXTM3U") or lowered.startswith((b"ffconcat", b"[playlist]", b"v=0")) or b"<mpd" in lowered:
        return "a playlist"
    if b"<svg" in lowered:
        return "an SVG drawing"
    if (
        head.startswith((b"PK\x03\x04", b"7z\xbc\xaf", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"Rar!"))
        or head[257:262] == b"ustar"
    ):
        return "an archive"
    if head.startswith(b"%PDF"):
        return "a PDF document"
    if head[4:8] == b"ftyp":
        return "a HEIC image"
    try:
        head[: len(head) // 4 * 4 - 4 if len(head) == SNIFFED_BYTES else None].decode("utf-8")
        if b"\0" not in head:
            return "text"
    except UnicodeDecodeError:
        pass
    return "of a kind that its first bytes do not tell"
