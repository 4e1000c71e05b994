from fractions import Fraction

import numpy as np
import pytest
from film_making import FAST, HEIGHT, WIDTH, changed_frames, lumas_of, plain

from rushes.media.render import render
from rushes.media.timeline import Clip, Text, Timeline
from rushes.media.titles import STYLES, break_lines, clock, covers, escape, line_ems, set_lines


def with_text(
    tmp_path, *texts: Text, fps: float = 24, seconds: float = 2.0, colour: str = "gray", name: str = "texts", **size
):
    source = plain(tmp_path / "plain.mp4", colour, seconds=seconds, fps=str(fps))
    size = size or {"width": WIDTH, "height": HEIGHT}
    clip = Clip(source=source, seconds=seconds)
    bare = Timeline(clips=[clip], fps=fps, **size)
    titled = Timeline(clips=[clip], texts=texts, fps=fps, **size)
    plainly = render(bare, tmp_path / "bare.mp4", quality=FAST, copy=False).path
    return plainly, render(titled, tmp_path / f"{name}.mp4", quality=FAST, copy=False)


@pytest.mark.parametrize("fps", [24, 25, 30])
@pytest.mark.parametrize("place", ["title", "lower", "subtitle"])
def test_text_shows_on_exactly_its_frames(tmp_path, fps, place):
    # Lengths that fall off the grid, and one of a single frame.
    spans = [(0.0, 0.13), (0.53, 0.97), (1.31, 1.31 + 1 / fps), (1.7, 5)]
    texts = [Text(text="Now here", start=a, end=b, place=place) for a, b in spans]
    bare, rendered = with_text(tmp_path, *texts, fps=fps)
    timeline = Timeline(clips=[Clip(source=bare, seconds=2)], fps=fps)
    expected = [n for text in texts for n in range(*timeline.text_frames(text))]
    assert changed_frames(bare, rendered.path) == expected
    assert len(expected) == sum(round(b * fps) - round(a * fps) for a, b in [*spans[:3], (1.7, 2)])


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(25), Fraction(30), Fraction(24000, 1001), Fraction(60)])
def test_clock_parts_every_frame_from_the_one_before(rate):
    for frame in range(1, 20000):
        shown_at = int(1000 * frame / rate)
        before = int(1000 * (frame - 1) / rate)
        assert before < 10 * clock(frame, rate) <= shown_at


def area(path, frame: int = 24) -> np.ndarray:
    shown = lumas_of(path)[frame]
    return np.abs(shown - np.median(shown)) > 40


@pytest.mark.parametrize(
    "text",
    [
        "{\\an8\\c&H0000FF&}x{\\p1}",
        "100% 'quoted' \"double\"",
        "a:b,c;d[e]=f",
        "back\\slash\\Nand\\n\\h",
        "%{pts} $PATH `ls`",
    ],
)
def test_metacharacters_are_drawn(tmp_path, text):
    """Each sign adds ink: a text that was read as a command would leave its width out."""
    _, rendered = with_text(tmp_path, Text(text=text, start=0, end=2, place="subtitle"), name="odd")
    _, letters = with_text(tmp_path, Text(text="x", start=0, end=2, place="subtitle"), name="x")
    inked, one = np.where(area(rendered.path).any(axis=0))[0], np.where(area(letters.path).any(axis=0))[0]
    em = (one[-1] - one[0] + 1) / line_ems("x")
    lines = np.where(area(rendered.path).any(axis=1))[0]
    assert inked[-1] - inked[0] == pytest.approx(line_ems(text) * em, rel=0.2)
    assert lines[-1] - lines[0] < 0.12 * HEIGHT  # one line: no break was read out of it


def test_escape_keeps_every_sign_and_breaks_lines():
    assert escape("a{b}\\c\nd\te") == "a\\{b\\}\\\u2060c\\Nd e"


def test_lines_are_even_and_within_their_measure():
    text = "A fox finds a red paper lantern in the snow and carries it a long way home before the night"
    lines = break_lines(text, 22)
    assert " ".join(lines) == text
    assert max(map(line_ems, lines)) <= 22
    assert min(map(line_ems, lines)) > 0.6 * max(map(line_ems, lines))


@pytest.mark.parametrize(
    "text", ["Donaudampfschifffahrtsgesellschaftskapitän", "狐が雪の中で赤い紙の灯籠を見つけて" * 3, "W" * 300]
)
def test_long_text_gets_smaller(text):
    lines, size = set_lines(text, STYLES["title"], 1280, 720)
    assert 0.28 * STYLES["title"].size * 720 <= size <= STYLES["title"].size * 720
    if len(text) < 60:
        assert max(line_ems(line) for line, _ in lines) * size < 1280


@pytest.mark.parametrize("place", ["title", "lower", "subtitle"])
@pytest.mark.parametrize("size", [(320, 180), (180, 320), (240, 240)])
def test_text_stays_within_the_frame(tmp_path, place, size):
    text = Text(text="A rather long title for a small film\nand a second line of it", start=0, end=2, place=place)
    _, rendered = with_text(tmp_path, text, width=size[0], height=size[1])
    inked = area(rendered.path)
    assert inked.sum() > 100
    margin = round(0.025 * min(size))
    assert not inked[:margin].any() and not inked[-margin:].any()
    assert not inked[:, :margin].any() and not inked[:, -margin:].any()


def test_text_is_legible_on_white_and_black(tmp_path):
    for colour in ("white", "black"):
        _, rendered = with_text(tmp_path, Text(text="Legible", start=0, end=2), colour=colour, name=colour)
        shown = lumas_of(rendered.path)[24]
        inked = shown[60:120, 80:240]
        assert inked.max() > 215 and inked.max() - inked.min() > 130


def test_missing_glyphs_are_reported(tmp_path):
    """A code point of the private use area: no font of any machine has it."""
    _, rendered = with_text(tmp_path, Text(text="Fox \U0010f8a7!", start=0, end=2))
    assert not covers("\U0010f8a7")
    assert any("U+10F8A7" in note for note in rendered.notes)


def test_right_to_left_text_is_shown_or_reported(tmp_path):
    bare, rendered = with_text(tmp_path, Text(text="שלום (abc)", start=0, end=1))
    assert rendered.notes or len(changed_frames(bare, rendered.path)) == 24
