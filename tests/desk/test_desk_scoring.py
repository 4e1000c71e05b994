"""What the desk's scorers see in films that are rendered for real."""

from dataclasses import replace
from pathlib import Path

import pytest

from rushes.desk.footage import draw_footage, footage_file, shown_frames
from rushes.desk.laid import BLACK, Laid, Piece, Words, whole
from rushes.desk.scorers import changed_picture, no_text, shot_order, sound_faults
from rushes.desk.task import Part, Score
from rushes.desk.watched import Watched
from rushes.media.render import render
from rushes.media.timeline import Clip, Text, Timeline


def rendered(laid: Laid, out: Path) -> Path:
    """The film of a cut, straight from media."""
    clips = [
        Clip(
            source=footage_file(piece.footage),
            start=piece.start / laid.fps,
            seconds=piece.frames / laid.fps,
            volume=10 ** (piece.gain_db / 20),
        )
        for piece in laid.pieces
    ]
    texts = [Text(text=w.text, start=w.start / laid.fps, end=w.end / laid.fps, place=w.place) for w in laid.texts]
    render(Timeline(clips=clips, texts=texts, width=laid.width, height=laid.height, fps=laid.fps), out)
    return out


@pytest.fixture(scope="module")
def clean() -> Laid:
    return Laid(pieces=whole(*draw_footage(("harbour", "market", "tower"), (18, 24, 18), 3)))


def test_every_frame_of_a_film_is_found_in_the_footage(clean: Laid, tmp_path: Path) -> None:
    a, b, c = clean.pieces
    cut = clean.with_pieces(Piece(footage=b.footage, start=5, frames=11), a, replace(c, start=2, frames=9))
    film = Watched(rendered(cut, tmp_path / "film.mp4"), clean.footage())
    assert film.located() == cut.shown()
    assert shot_order(film.located()) == ["market", "harbour", "tower"]


def test_a_picture_is_worth_what_it_gained_over_the_untouched_cut(clean: Laid, tmp_path: Path) -> None:
    a, b, c = clean.pieces
    wanted = clean.with_pieces(a, c, b)
    untouched = Watched(rendered(clean, tmp_path / "untouched.mp4"), clean.footage())
    assert changed_picture(untouched, wanted, clean).value == 0
    done = Watched(rendered(wanted, tmp_path / "done.mp4"), clean.footage())
    assert changed_picture(done, wanted, clean).value == 1


def test_black_frames_and_loud_clips_are_seen_and_heard(clean: Laid, tmp_path: Path) -> None:
    a, b, c = clean.pieces
    dark = replace(b.footage, shown=(*range(10), -1, -1, -1, *range(10, 21)))
    cut = clean.with_pieces(a, replace(b, footage=dark), replace(c, gain_db=8.0))
    film = Watched(rendered(cut, tmp_path / "film.mp4"), clean.footage())
    assert [i for i, shown in enumerate(film.located()) if shown == BLACK] == [28, 29, 30]
    assert sound_faults(film, clean) == ["tower at 3.50 s is +8 dB off"]
    assert sound_faults(film, cut) == []


def test_a_text_that_nobody_asked_for_is_seen(clean: Laid, tmp_path: Path) -> None:
    sign = Words(text="HELLO", start=12, end=30)
    film = Watched(rendered(clean.with_texts(sign), tmp_path / "film.mp4"), clean.footage())
    assert no_text(film, clean.shown(), [sign]).value == 1
    assert no_text(film, clean.shown(), []).value < 0.5


def test_keeping_is_no_merit_and_breaking_is_a_fault() -> None:
    kept, broken = (Part(name="rest", value=value, kept=True) for value in (1.0, 0.25))
    done, undone = Part(name="title", value=1.0), Part(name="order", value=0.0)
    assert Score(parts=(undone, kept)).value == 0
    assert Score(parts=(done, undone, kept)).value == 0.5
    assert Score(parts=(done, broken, kept)).value == 0.25


def test_footage_is_the_same_wherever_it_is_drawn() -> None:
    first, other = draw_footage(("beach", "beach"), (4, 4), 1)[0], draw_footage(("beach",), (4,), 2)[0]
    assert all((a == b).all() for a, b in zip(shown_frames(first), shown_frames(first), strict=True))
    assert (first.picture(0) != other.picture(0)).any()
    assert (first.picture(0) != first.picture(1)).any()
