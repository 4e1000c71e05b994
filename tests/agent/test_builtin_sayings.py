"""What people say that once did something else: each was found by talking, and changed a film wrongly."""

from __future__ import annotations

from pathlib import Path

import pytest
from drawn_model import DrawnCapabilities, DrawnModel
from talking import told

from rushes.agent.builtin.model import BuiltIn
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.cut.document import need_cut
from rushes.agent.directing import open_session
from rushes.agent.film import make_film


@pytest.mark.parametrize(
    "words",
    [
        "cut everything after 8 seconds",
        "cut off everything after 00:08",
        "cut the film off at 8 seconds",
        "end the film at 8 seconds",
        "delete all after 8 s",
    ],
)
def test_what_comes_after_a_time_goes(words: str) -> None:
    (wish,) = read_wishes(words)
    assert wish.act == "remove_span" and wish.span is not None and wish.span.on(24, 0, 10) == (8, 10)


@pytest.mark.parametrize(
    "words",
    [
        "I don't like the second shot, shoot it again",
        "I don't like the second shot. Shoot it again.",
        "the second shot is bad, do it again",
        "remove the second shot and shoot it again",
    ],
)
def test_what_is_shot_again_is_not_removed(words: str) -> None:
    (wish,) = read_wishes(words)
    assert wish.act == "restage" and wish.pieces[0].number == 2


@pytest.mark.parametrize(
    "words", ["put a subtitle under every shot that says what happens", "add subtitles that tell what happens"]
)
def test_the_story_is_told_in_subtitles(tmp_path: Path, words: str) -> None:
    said = ["Make a 6 second film in 2 shots: a fox walks in the snow, a boat sails at night. Call it Night.", words]
    _, cut = told(tmp_path, *said)
    assert cut is not None
    subtitles = [(text.text, text.start, text.end) for text in cut.texts if text.place == "subtitle"]
    assert subtitles == [("A fox walks in the snow", 0, 3.625), ("A boat sails at night", 3.625, 6)]
    assert [text.text for text in cut.texts if text.place == "title"] == ["Night"]


def test_the_whole_film_is_made_faster_than_it_is(tmp_path: Path) -> None:
    said = [
        "Make a 6 second film in 2 shots: a fox walks in the snow, a boat sails at night.",
        "slow down the boat part",
        "make the whole thing twice as fast",
        "play the first shot at normal speed",
    ]
    _, cut = told(tmp_path, *said)
    assert cut is not None
    assert [clip.speed for clip in cut.clips] == [1, 1]


def test_a_corner_is_the_lower_third() -> None:
    (wish,) = read_wishes('add "Anna" in the corner')
    assert (wish.act, wish.place) == ("text", "lower")


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("make the music stop at 5 seconds", 0, 5),
        ("no music after 5 seconds", 0, 5),
        ("start the music at 3 seconds", 3, 9),
        ("music from 2 to 6 seconds", 2, 6),
        ("music only in the first 4 seconds", 0, 4),
    ],
)
def test_music_is_heard_when_it_is_wanted(words: str, start: float, end: float) -> None:
    (wish,) = read_wishes(words)
    assert (wish.act, wish.name) == ("volume", "heard") and wish.span is not None
    assert wish.span.on(24, 0, 9) == (start, end)


def test_two_shots_are_changed_in_two_ways() -> None:
    first, last = read_wishes("can you make the first shot 1 second shorter and the last one 1 second longer?")
    assert [(wish.act, wish.pieces[0].number, wish.value) for wish in (first, last)] == [
        ("trim", 1, -1),
        ("trim", -1, 1),
    ]


def test_a_second_version_is_no_second() -> None:
    (wish,) = read_wishes("make a second version that is square")
    assert (wish.act, wish.name) == ("frame", "1:1")


def test_shots_are_known_by_what_they_show_in_a_film_that_was_made_before(tmp_path: Path) -> None:
    model = DrawnModel(DrawnCapabilities(name="free-1", sizes=((64, 36),)))
    made = {"project_folder": tmp_path / "p", "out": tmp_path / "up.mp4", "width": 64, "height": 36, "fps": 8}
    make_film("0-3s: a red balloon rises; 3-6s: a bird flies past", seconds=6, shooting_model=model, **made)
    words = "make the bird shot 1 second shorter"
    with open_session(tmp_path / "p", BuiltIn(), model, words=words) as session:
        assert "made the second shot 2.0 s long (3.0 s before)" in session.say(words).text
        assert [clip.seconds for clip in need_cut(session.production.board).clips] == [3, 2]
