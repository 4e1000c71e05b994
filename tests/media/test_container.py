"""Streams with damage in them: what still decodes comes out, and where nothing does one clear line says so."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
import pytest
from making_clips import ffmpeg

from rushes.media.container import decoded_frames, open_container, picture_stream
from rushes.media.decode import frames
from rushes.media.errors import MediaError
from rushes.media.probe import probe
from rushes.media.sniff import sniff
from rushes.media.sound import sound

COUNT = 20  # frames of the picture, each a key frame


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("whole") / "whole.mov"
    tone = ("-f", "lavfi", "-i", "sine=r=48000:d=2", "-c:a", "aac")
    ffmpeg("-f", "lavfi", "-i", "testsrc2=s=64x48:r=10:d=2", *tone, "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", str(path))
    return path


def spoilt(whole: Path, folder: Path, kind: str, numbers: Sequence[int] | None = None) -> Path:
    """A copy in which these packets of a kind, "video" or "audio", or all of them, are rubbish."""
    with av.open(str(whole)) as container:
        (stream,) = container.streams.get(**{kind: 0})
        packets = [(packet.pos, packet.size) for packet in container.demux(stream) if packet.size]
    content = bytearray(whole.read_bytes())
    for pos, size in packets if numbers is None else [packets[number] for number in numbers]:
        assert pos is not None
        content[pos : pos + size] = b"U" * size
    path = folder / f"spoilt {kind}.mov"
    path.write_bytes(content)
    return path


def came(path: Path, **how: float) -> int:
    """Frames of the picture that decode."""
    found = sniff(path)
    with open_container(found) as container:
        stream = picture_stream(container)
        return sum(1 for _ in decoded_frames(found, container, stream, **how))  # type: ignore[arg-type]


def test_what_is_whole_comes_out_around_what_is_not(whole: Path, tmp_path: Path) -> None:
    path = spoilt(whole, tmp_path, "video", range(4, 10))
    assert came(whole) == COUNT and came(path) == COUNT - 6
    shown, true = np.stack(list(frames(path))), np.stack(list(frames(whole)))
    assert shown.shape == true.shape  # the last whole one stands for those that are lost
    assert np.array_equal(shown[10:], true[10:]) and np.array_equal(shown[9], true[3])


def test_patience_with_damage_ends(whole: Path, tmp_path: Path) -> None:
    path = spoilt(whole, tmp_path, "video", [1, *range(4, 10)])
    assert came(path, patience=6) == COUNT - 7
    assert came(path, patience=5) == 3  # frames 0, 2 and 3: each good one gives new patience


def test_a_picture_of_which_nothing_decodes(whole: Path, tmp_path: Path) -> None:
    path = spoilt(whole, tmp_path, "video")
    with pytest.raises(MediaError, match=r"cannot be decoded \(mov: .*\); it is damaged or cut off, export"):
        probe(path)
    assert came(path, needed=False) == 0


def test_a_sound_of_which_nothing_decodes(whole: Path, tmp_path: Path) -> None:
    path = spoilt(whole, tmp_path, "audio")
    with pytest.raises(MediaError, match="cannot be decoded"):
        sound(path)
