"""Frames, images and sound out of files, and takes written back."""

import math
import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from making_clips import clip, ffmpeg
from PIL import Image

from rushes.media.decode import frames, load_image, sound, write_video
from rushes.media.errors import MediaError
from rushes.media.probe import probe
from rushes.media.sound import downmix_matrix, write_sound

CORNERS = {"red": (255, 0, 0), "green": (0, 255, 0), "blue": (0, 0, 255), "white": (255, 255, 255)}


def counted(count: int, size: tuple[int, int] = (64, 48)) -> np.ndarray:
    """(T, H, W, 3) uint8 whose brightness tells the frame's number: 8 levels a frame."""
    return np.stack([np.full((size[1], size[0], 3), 8 * i + 4, np.uint8) for i in range(count)])


def numbers(path: Path, **options: float) -> list[int]:
    return [round((float(frame.mean()) - 4) / 8) for frame in frames(path, **options)]  # type: ignore[arg-type]


def corners(frame: np.ndarray) -> list[str]:
    """Names of the colours at top left, top right, bottom left, bottom right."""
    h, w = frame.shape[0] // 4, frame.shape[1] // 4
    spots = [frame[h, w], frame[h, -w], frame[-h, w], frame[-h, -w]]
    return [min(CORNERS, key=lambda n: np.abs(np.array(CORNERS[n]) - spot.astype(int)).sum()) for spot in spots]


@pytest.fixture
def cornered(tmp_path: Path) -> Path:
    picture = np.zeros((48, 64, 3), np.uint8)
    picture[:24, :32], picture[:24, 32:], picture[24:, :32], picture[24:, 32:] = CORNERS.values()
    return write_video(tmp_path / "corners.mp4", [picture] * 4, 8)


def test_frames_as_they_are(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", counted(24), 12)
    made = list(frames(path))
    assert {frame.shape for frame in made} == {(48, 64, 3)} and made[0].dtype == np.uint8
    assert numbers(path) == list(range(24))


@pytest.mark.parametrize(
    "start,seconds,expected",
    [
        (0.5, 0.5, range(6, 12)),
        (1.0, None, range(12, 24)),
        (0.0, 0.25, range(3)),
        (1.9, 5.0, [22]),
        (0.54, 0.25, range(6, 9)),
    ],
)
def test_a_span(tmp_path: Path, start: float, seconds: float | None, expected: list[int]) -> None:
    path = write_video(tmp_path / "a.mp4", counted(24), 12)
    options = {"start": start} if seconds is None else {"start": start, "seconds": seconds}
    assert numbers(path, **options) == list(expected)


@pytest.mark.parametrize("suffix", ["ts", "mkv", "avi", "mpg"])
def test_a_span_of_one_long_group_of_pictures(tmp_path: Path, suffix: str) -> None:
    """The only keyframe is the first; containers without an index seek past it."""
    even = write_video(tmp_path / "even.mp4", np.repeat(counted(24), 2, axis=0), 24)
    codec = ("mpeg2video", "-q:v", "2") if suffix == "mpg" else ("libx264", "-crf", "10", "-bf", "0")
    path = tmp_path / f"a.{suffix}"
    ffmpeg("-i", str(even), "-c:v", *codec, "-g", "250", str(path))
    assert numbers(path, start=1.0, seconds=0.5, fps=12) == list(range(12, 18))


def test_another_rate(tmp_path: Path) -> None:
    path = write_video(tmp_path / "a.mp4", counted(8), 8)
    assert numbers(path, fps=24) == [i // 3 for i in range(24)]
    assert numbers(path, fps=4) == [0, 2, 4, 6]
    assert len(numbers(path, fps=29.97)) == 30


def test_variable_rate_keeps_its_clock(tmp_path: Path) -> None:
    even = write_video(tmp_path / "even.mp4", counted(24), 12)
    path = tmp_path / "varying.mp4"
    ffmpeg("-i", str(even), "-vf", "select='lt(n,12)+not(mod(n,4))'", "-fps_mode", "vfr", "-c:v", "libx264", str(path))
    assert probe(path).variable_rate
    seen = numbers(path, fps=12)
    assert seen[:12] == list(range(12))
    assert seen[12:21] == [12] * 4 + [16] * 4 + [20]  # what is missing, the frame before it stands for


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_rotation_as_ffmpeg_turns(cornered: Path, tmp_path: Path, turn: int) -> None:
    turned, baked = tmp_path / "turned.mp4", tmp_path / "baked.png"
    ffmpeg("-display_rotation", str(turn), "-i", str(cornered), "-c", "copy", str(turned))
    ffmpeg("-i", str(turned), "-frames:v", "1", str(baked))
    first = next(frames(turned))
    assert corners(first) == corners(load_image(baked))
    assert first.shape == load_image(baked).shape


def test_mirrored(cornered: Path, tmp_path: Path) -> None:
    ffmpeg("-display_hflip", "-i", str(cornered), "-c", "copy", str(tmp_path / "m.mp4"))
    assert corners(next(frames(tmp_path / "m.mp4"))) == ["green", "red", "white", "blue"]


def test_sizes(cornered: Path) -> None:
    assert next(frames(cornered, width=32)).shape == (24, 32, 3)
    assert next(frames(cornered, height=96)).shape == (96, 128, 3)
    assert next(frames(cornered, width=33, height=77)).shape == (77, 33, 3)
    for wrong in ({"width": 0}, {"start": -1.0}, {"seconds": 0.0}, {"fps": math.nan}, {"start": 99.0}):
        with pytest.raises(MediaError, match=";"):
            frames(cornered, **wrong)  # type: ignore[arg-type]


def test_square_pixels(tmp_path: Path) -> None:
    path = clip(tmp_path / "wide.mp4", extra=("-vf", "setsar=2"))
    assert next(frames(path)).shape == (90, 320, 3)


def test_a_cut_off_file_gives_what_it_has(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4", extra=("-movflags", "+faststart"))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = probe(path)
    assert found.partial and 0 < len(list(frames(path))) <= 24


def test_images(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = np.zeros((20, 40, 3), np.uint8)
    picture[:, :20] = 255, 0, 0
    Image.fromarray(picture).save(tmp_path / "turned.png", exif=exif)
    upright = load_image(tmp_path / "turned.png")
    assert upright.shape == (40, 20, 3) and tuple(upright[0, 0]) == (255, 0, 0) and tuple(upright[-1, 0]) == (0, 0, 0)
    Image.new("RGBA", (8, 6), (1, 2, 3, 4)).save(tmp_path / "a.webp", lossless=True, exact=True)
    assert load_image(tmp_path / "a.webp")[0, 0].tolist() == [1, 2, 3, 4]
    reel = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    reel[0].save(tmp_path / "a.gif", save_all=True, append_images=reel[1:])
    assert load_image(tmp_path / "a.gif")[0, 0, :3].tolist() == [255, 0, 0]
    Image.fromarray(np.full((4, 4), 32768, np.uint16)).save(tmp_path / "deep.png")
    assert load_image(tmp_path / "deep.png")[0, 0].tolist() == [128, 128, 128]


def test_a_cut_off_image(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)).save(path)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(MediaError, match="damaged or cut off"):
        load_image(path)


def tone(samples: np.ndarray, rate: int = 48000) -> float:
    """Hz of the strongest frequency of (N,) samples."""
    return float(np.abs(np.fft.rfft(samples * np.hanning(len(samples)))).argmax() * rate / len(samples))


@pytest.mark.parametrize("codec", ["pcm_u8", "pcm_s16le", "pcm_s24le", "pcm_f32le", "pcm_f64le"])
def test_sound_of_any_format(tmp_path: Path, codec: str) -> None:
    path = tmp_path / "a.wav"
    ffmpeg(
        "-f", "lavfi", "-i", "aevalsrc='0.5*sin(2*PI*440*t)|0.25*sin(2*PI*880*t)':s=44100:d=1", "-c:a", codec, str(path)
    )
    heard = sound(path)
    assert heard.dtype == np.float32 and heard.shape == (48000, 2)
    assert tone(heard[:, 0]) == pytest.approx(440, abs=2) and tone(heard[:, 1]) == pytest.approx(880, abs=2)
    assert np.abs(heard[:, 0]).max() == pytest.approx(0.5, abs=0.02)
    assert np.abs(heard[:, 1]).max() == pytest.approx(0.25, abs=0.02)


def test_mono_and_sixteen_channels(tmp_path: Path) -> None:
    mono = write_sound(tmp_path / "mono.wav", 0.5 * np.sin(np.arange(48000) / 10).astype(np.float32))
    heard = sound(mono)
    assert np.array_equal(heard[:, 0], heard[:, 1]) and np.abs(heard).max() == pytest.approx(0.5, abs=0.01)
    many = tmp_path / "many.mkv"
    source = "|".join("0.5*sin(2*PI*440*t)" if i % 2 == 0 else "0" for i in range(16))
    clip(many, sound=f"aevalsrc='{source}':s=48000:d=1", extra=("-c:a", "pcm_s16le"))
    heard = sound(many)
    assert heard.shape[1] == 2 and 0.2 < np.abs(heard).max() <= 0.51


def test_downmix() -> None:
    five_one = downmix_matrix(["FL", "FR", "FC", "LFE", "BL", "BR"], 6)
    assert five_one[0].tolist() == pytest.approx((np.array([1, 0, 0.7071, 0, 0.7071, 0]) / 2.41421).tolist(), rel=1e-4)
    for channels in (2, 3, 7, 16):
        mixed = downmix_matrix([""] * channels, channels)
        assert mixed.shape == (2, channels) and mixed.sum(axis=1).max() <= 1.0 + 1e-6 and (mixed.sum(axis=0) > 0).all()


def test_late_sound_stays_late(tmp_path: Path) -> None:
    path = clip(tmp_path / "late.mkv", sound="sine=f=440:r=48000:d=1,adelay=0", extra=("-c:a", "pcm_s16le"))
    late = tmp_path / "later.mkv"
    ffmpeg("-i", str(path), "-itsoffset", "0.7", "-i", str(path), "-map", "0:v", "-map", "1:a", "-c", "copy", str(late))
    heard = sound(late)
    begins = int(np.flatnonzero(np.abs(heard[:, 0]) > 0.01)[0])
    assert begins / 48000 == pytest.approx(0.7, abs=0.005)
    part = sound(late, start=0.5, seconds=0.4)
    assert np.array_equal(part, heard[24000:43200])


def test_late_picture(tmp_path: Path) -> None:
    """The picture begins 0.7 s after the sound: the clock is the picture's, what was heard with it stays with it."""
    beep = np.zeros((96000, 2), np.float32)
    beep[48000:52800] = 0.5 * np.sin(np.arange(4800) * 0.3)[:, None]
    one = write_video(tmp_path / "a.mp4", counted(24), 12, beep)
    for suffix in ("mkv", "mp4"):
        late = tmp_path / f"late.{suffix}"
        ffmpeg(
            "-itsoffset", "0.7", "-i", str(one), "-i", str(one), "-map", "0:v", "-map", "1:a", "-c", "copy", str(late)
        )
        assert numbers(late) == list(range(24))
        assert numbers(late, start=0.5, seconds=0.5) == list(range(6, 12))
        begins = np.flatnonzero(np.abs(sound(late)[:, 0]) > 0.1)[0] / 48000
        assert begins == pytest.approx(0.3, abs=0.005)


def test_no_sound(cornered: Path) -> None:
    with pytest.raises(MediaError, match="no sound"):
        sound(cornered)


def test_write_video_round_trip(tmp_path: Path) -> None:
    tone_in = np.tile(0.3 * np.sin(np.arange(24000) * 2 * np.pi * 500 / 48000)[:, None], (1, 2)).astype(np.float32)
    path = write_video(tmp_path / "a.mp4", iter(counted(24)), 12, tone_in)  # half a second of sound, two of picture
    found = probe(path)
    assert (found.frames, found.fps, found.pixel_format, found.video_codec) == (24, 12.0, "yuv420p", "h264")
    assert found.seconds == 2.0 and found.has_sound
    heard = sound(path)
    assert len(heard) / 48000 == pytest.approx(2.0, abs=0.05)
    assert tone(heard[2400:21600, 0]) == pytest.approx(500, abs=5)
    assert np.abs(heard[30000:]).max() < 0.01
    assert path.read_bytes().find(b"moov") < path.read_bytes().find(b"mdat")  # playable before it has all arrived
    again = write_video(tmp_path / "b.mp4", counted(24), 12, tone_in)
    assert again.read_bytes() == path.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.mp4", "b.mp4"]


def test_colours_and_odd_sizes_survive(tmp_path: Path) -> None:
    for colour in ((230, 30, 40), (30, 200, 60), (20, 40, 220), (250, 250, 250), (3, 3, 3)):
        path = write_video(tmp_path / "c.mp4", [np.full((49, 65, 3), colour, np.uint8)] * 2, 24, crf=4)
        back = next(frames(path))
        assert back.shape == (50, 66, 3)
        assert np.abs(back.astype(int) - np.array(colour)).max() <= 4
    with av.open(str(path)) as container:
        assert next(container.decode(video=0)).colorspace == 1  # ITU-R BT.709


def test_wrong_frames(tmp_path: Path) -> None:
    good = np.zeros((8, 8, 3), np.uint8)
    for wrong in ([], [good.astype(float)], [good, good[:6]], [good[..., 0]]):
        with pytest.raises(MediaError, match=";"):
            write_video(tmp_path / "a.mp4", wrong, 24)
    with pytest.raises(MediaError, match="fps"):
        write_video(tmp_path / "a.mp4", [good], 0)
    with pytest.raises(MediaError, match="shape"):
        write_sound(tmp_path / "a.wav", np.zeros((2, 2, 2)))
    assert list(tmp_path.iterdir()) == []


def test_a_failing_source_leaves_nothing(tmp_path: Path) -> None:
    def failing():  # type: ignore[no-untyped-def]
        yield from counted(3)
        raise RuntimeError("the model stopped")

    (tmp_path / "a.mp4").write_bytes(b"an earlier take")
    with pytest.raises(RuntimeError, match="stopped"):
        write_video(tmp_path / "a.mp4", failing(), 24)
    assert [p.read_bytes() for p in tmp_path.iterdir()] == [b"an earlier take"]


WRITE = """
import resource, sys, numpy as np
from rushes.media.decode import write_video
from rushes.media.sound import write_sound
from rushes.media.sheet import contact_sheet
noise = np.random.default_rng(0).integers(0, 255, (12, 240, 320, 3), dtype=np.uint8)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
for write in (lambda: write_video(sys.argv[1] + "/a.mp4", noise, 24), lambda: write_sound(sys.argv[1] + "/a.wav",
np.zeros(99999)),
              lambda: contact_sheet(noise, sys.argv[1] + "/a.png")):
    try:
        write()
    except ValueError as error:
        print(type(error).__name__, error)
"""


def test_a_disk_that_takes_no_more(tmp_path: Path) -> None:
    """A limit on the size of files stands for the full disk: both reach the writer as an errno in the middle of a
    write.
    """
    done = subprocess.run([sys.executable, "-c", WRITE, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) == 3 and all(line.startswith("MediaError cannot write ") and ";" in line for line in lines), lines
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk(tmp_path: Path) -> None:
    from rushes.media.files import replacing

    with pytest.raises(MediaError, match="No space left on device; free some space"):
        with replacing(tmp_path / "a.bin"), open("/dev/full", "wb", buffering=0) as full:
            full.write(b"x")


def test_places_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place, word in (
        (tmp_path / "none" / "a.mp4", "folder"),
        (tmp_path / "file" / "a.mp4", "folder"),
        (tmp_path, "folder"),
    ):
        with pytest.raises(MediaError, match=word):
            write_video(place, counted(2), 24)
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    if not os.access(locked, os.W_OK):
        with pytest.raises(MediaError, match="you may write to"):
            write_video(locked / "a.mp4", counted(2), 24)
