"""Graded clips: what a grade is as a function of colours, and that films show it, measured on their frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from film_making import FAST, HEIGHT, WIDTH, plain, shot
from PIL import Image

from rushes.media.decode import frames
from rushes.media.grade import LUMA, Grade, grade_of, write_cube
from rushes.media.picture import Quality
from rushes.media.render import render
from rushes.media.timeline import Clip, Text, Timeline

SIZE = {"width": WIDTH, "height": HEIGHT, "fps": 24}
FINE = Quality(preset="superfast", crf=10, threads=1)
GRADES = [
    Grade(brightness=2.0), Grade(brightness=0.5), Grade(contrast=1.8), Grade(contrast=0.6), Grade(saturation=0.0),
    Grade(saturation=1.5), Grade(warmth=0.8), Grade(warmth=-0.8), Grade(sepia=1.0),
    Grade(brightness=1.4, contrast=1.2, saturation=0.7, warmth=0.3, sepia=0.3),
]  # fmt: skip


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Soft colours of all kinds, from black to white, that wander."""
    waves = "r='128+127*sin((X+4*N)/50)':g='128+127*sin((Y-3*N)/30+1)':b='128+127*sin((X+Y)/60+2)'"
    picture = f"nullsrc=s={WIDTH}x{HEIGHT}:r=24,format=gbrp,geq={waves}"
    return shot(tmp_path_factory.mktemp("grade") / "waves.mp4", picture, seconds=1, quality=FINE)


def film(path: Path, *clips: Clip, quality: Quality = FINE, **more: object) -> np.ndarray:
    """(T, H, W, 3) from 0 to 1, as it was rendered."""
    rendered = render(Timeline(clips=clips, **SIZE, **more), path / "film.mp4", quality=quality)  # type: ignore[arg-type]
    return np.stack(list(frames(rendered.path))) / 255


@pytest.mark.parametrize("grade", GRADES, ids=lambda grade: str(grade.changes()))
def test_black_stays_black_and_no_tone_is_clipped(grade: Grade) -> None:
    tones = np.linspace(0, 1, 101)[:, None].repeat(3, axis=1)
    lumas = grade.graded(tones) @ LUMA
    assert lumas[0] == 0 and lumas[-1] <= 1
    assert np.diff(lumas).min() > 0  # what could be told apart still can
    if not grade.warmth and not grade.sepia:
        assert lumas[-1] == pytest.approx(1)


@pytest.mark.parametrize("name", ["brightness", "contrast"])
def test_the_inverse_takes_it_back(name: str) -> None:
    colours = np.random.default_rng(0).uniform(0.02, 0.98, (50, 3))
    there = grade_of({name: 1.6}).graded(colours)
    assert np.abs(there - colours).max() > 0.05
    assert grade_of({name: 1 / 1.6}).graded(there) == pytest.approx(colours)


def test_middle_grey_stays_as_bright_however_warm_it_is() -> None:
    grey = np.full(3, 0.5)
    for warmth in (-1.0, -0.4, 0.4, 1.0):
        red, green, blue = grade_of({"warmth": warmth}).graded(grey)
        assert np.array([red, green, blue]) @ LUMA == pytest.approx(0.5, abs=0.01)
        assert (red - blue) / warmth > 0.15


@pytest.mark.parametrize("grade", GRADES, ids=lambda grade: str(grade.changes()))
def test_a_film_shows_the_grade_as_it_is_defined(footage: Path, tmp_path: Path, grade: Grade) -> None:
    as_shot = film(tmp_path, Clip(source=footage, seconds=0.25))
    shown = film(tmp_path, Clip(source=footage, seconds=0.25, grade=grade))
    assert np.abs(shown - grade.graded(as_shot)).mean() < 0.012
    assert np.abs((shown - grade.graded(as_shot)).mean(axis=(0, 1, 2))).max() < 0.005  # no cast, nothing darker


@pytest.mark.parametrize("still", [False, True])
def test_black_and_white_is_grey_in_every_pixel(footage: Path, tmp_path: Path, still: bool) -> None:
    source = footage
    if still:
        source = tmp_path / "still.png"
        Image.fromarray(next(frames(footage))).save(source)
    as_shot = film(tmp_path, Clip(source=source, seconds=0.5))
    shown = film(tmp_path, Clip(source=source, seconds=0.5, grade=Grade(saturation=0.0)))
    assert np.ptp(as_shot, axis=-1).mean() > 0.3
    assert np.ptp(shown, axis=-1).max() <= 1 / 255
    assert np.abs(shown @ LUMA - as_shot @ LUMA).mean() < 0.01


def test_a_still_that_pushes_in_is_graded(footage: Path, tmp_path: Path) -> None:
    Image.fromarray(next(frames(footage))).save(tmp_path / "still.png")
    shown = film(tmp_path, Clip(source=tmp_path / "still.png", seconds=0.5, zoom=0.2, grade=Grade(warmth=0.5)))
    as_shot = film(tmp_path, Clip(source=tmp_path / "still.png", seconds=0.5, zoom=0.2))
    (red, _, blue), (red_before, _, blue_before) = shown[-1].mean(axis=(0, 1)), as_shot[-1].mean(axis=(0, 1))
    assert red > red_before + 0.01 and blue < blue_before - 0.03


def test_only_the_graded_clip_of_a_crossfade_is_grey(footage: Path, tmp_path: Path) -> None:
    clips = Clip(source=footage, seconds=0.5, fade=0.25, grade=Grade(saturation=0.0)), Clip(source=footage, seconds=0.5)
    colour = np.ptp(film(tmp_path, *clips), axis=-1).mean(axis=(1, 2))  # (T,)
    assert colour[:6].max() < 0.01 and colour[-6:].min() > 0.3
    assert (np.diff(colour[6:13]) > 0).all()


def test_texts_keep_their_colour(tmp_path: Path) -> None:
    source = plain(tmp_path / "blue.mp4", "blue", seconds=1)
    text = Text(text="SALE", start=0, end=1, size=2.0, colour="#ff0000")
    shown = film(tmp_path, Clip(source=source, seconds=1, grade=Grade(saturation=0.0)), texts=[text])
    red = (shown[12, ..., 0] > 0.8) & (shown[12, ..., 2] < 0.3)
    assert 0.003 < red.mean() < 0.3


def test_black_borders_stay_black(tmp_path: Path) -> None:
    source = shot(tmp_path / "tall.mp4", "color=gray:s=90x180:r=24", seconds=0.5)
    grade = Grade(brightness=3.0, contrast=0.5, warmth=1.0, sepia=0.5)
    shown = film(tmp_path, Clip(source=source, seconds=0.5, fit="contain", fill="black", grade=grade))
    assert shown[:, :, :100].max() < 0.02 and shown[:, :, 150:170].min() > 0.3


def test_a_neutral_grade_costs_nothing_and_changes_no_bit(footage: Path, tmp_path: Path) -> None:
    bare = Timeline(clips=[Clip(source=footage, seconds=1)], **SIZE)
    neutral = Timeline(clips=[Clip(source=footage, seconds=1, grade=Grade(brightness=1))], **SIZE)
    one = render(bare, tmp_path / "bare.mp4", quality=FAST, copy=False)
    other = render(neutral, tmp_path / "neutral.mp4", quality=FAST, copy=False)
    assert one.path.read_bytes() == other.path.read_bytes()
    assert render(neutral, tmp_path / "copied.mp4", quality=FINE).copied == 24


def test_clips_beside_a_graded_one_are_copied_as_they_are(tmp_path: Path) -> None:
    source = shot(tmp_path / "a.mp4", seconds=2)
    clips = [Clip(source=source, seconds=2), Clip(source=source, seconds=1, grade=Grade(saturation=0.0))]
    rendered = render(Timeline(clips=clips, **SIZE), tmp_path / "film.mp4", quality=FAST)
    assert rendered.copied == 48
    colour = np.ptp(np.stack(list(frames(rendered.path))), axis=-1).mean(axis=(1, 2))
    assert colour[:48].min() > 20 and colour[48:].max() < 1


def test_the_table_is_one_that_editing_programs_read(tmp_path: Path) -> None:
    write_cube(Grade(saturation=0.0), tmp_path / "grade.cube")
    lines = (tmp_path / "grade.cube").read_text().splitlines()
    assert lines[0] == "LUT_3D_SIZE 33" and len(lines) == 1 + 33**3
    assert lines[1] == "0.000000 0.000000 0.000000" and lines[-1] == "1.000000 1.000000 1.000000"
    assert [float(value) for value in lines[33].split()] == pytest.approx([LUMA[0]] * 3, abs=1e-6)  # red comes first


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"saturation": 3}, "saturation is 3; give a number from 0 to 2, 1 is as shot"),
        ({"brightness": 0}, "brightness is 0; give a number from 0.25 to 4"),
        ({"warmth": float("nan")}, "warmth is nan"),
        ({"sepia": True}, "sepia is True"),
        ({"hue": 1}, "a grade has no 'hue'; it has brightness, contrast, saturation, warmth, sepia"),
    ],
)
def test_grades_that_cannot_be_shown_are_refused(fields: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Clip(source=Path("a.mp4"), seconds=1, grade=fields)  # type: ignore[arg-type]


def test_only_what_changes_is_written() -> None:
    assert Grade().changes() == {} and Grade(brightness=1, sepia=0.5).changes() == {"sepia": 0.5}
    assert grade_of({"sepia": 0.5}) == Grade(sepia=0.5)
