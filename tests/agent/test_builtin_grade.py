"""Colours as people ask for them, told from what else may be bright, warm, or black and white."""

from __future__ import annotations

from pathlib import Path

import pytest
from talking import told

from rushes.agent.builtin.answers import read_timeline
from rushes.agent.builtin.requests import read_wishes

FILM = (
    "Make a 9 second film: a fox walks in the snow, then a boat sails at night, then an owl flies over the forest. "
    "Call it Lantern Bay."
)


def read(words: str) -> list[tuple[str, float | None, list[object], str]]:
    """(look, amount, shots, "others") of each wish. Raises AssertionError where one is no wish for colours."""
    wishes = read_wishes(words)
    assert all(wish.act == "grade" for wish in wishes), wishes
    shots = [
        [which.number or which.thing or which.id or ("every" if which.every else "it") for which in wish.pieces]
        for wish in wishes
    ]
    return [(wish.name, wish.value, named, wish.place) for wish, named in zip(wishes, shots, strict=True)]


@pytest.mark.parametrize(
    ("words", "look", "amount", "shots"),
    [
        ("make it black and white", "black_and_white", None, ["it"]),
        ("can we have it in b&w", "black_and_white", None, ["it"]),
        ("B&W please", "black_and_white", None, []),
        ("take the colour out", "black_and_white", None, []),
        ("the second shot should be warmer", "warmer", None, [2]),
        ("could the second shot be warmer?", "warmer", None, [2]),
        ("brighten up the last shot a bit", "brighter", 0.5, [-1]),
        ("make the fox shot sepia", "sepia", None, ["fox"]),
        ("make the shot with the fox sepia", "sepia", None, ["fox"]),
        ("turn the first shot black and white and leave the rest", "black_and_white", None, [1]),
        ("make the first and the last shot sepia", "sepia", None, [1, -1]),
        ("make it colourful again", "colour", None, ["it"]),
        ("back to colour", "colour", None, []),
        ("not black and white any more", "colour", None, []),
        ("no sepia", "colour", None, []),
        ("use the original colours", "as_shot", None, []),
        ("a little less contrast", "less_contrast", 0.5, []),
        ("much more contrast please", "more_contrast", 2.0, []),
        ("less saturated", "less_colour", None, []),
        ("desaturate the second shot a little", "less_colour", 0.5, [2]),
        ("turn the whole film sepia", "sepia", None, ["every"]),
        ("make it a black and white film", "black_and_white", None, ["every"]),
        ("make that shot sepia", "sepia", None, ["it"]),
        ("a bit warmer still", "warmer", 0.5, ["it"]),
        ("make clip-2 darker", "darker", None, ["clip-2"]),
        ("make the night shot brighter", "brighter", None, ["night"]),
    ],
)
def test_one_look(words: str, look: str, amount: float | None, shots: list[object]) -> None:
    assert read(words) == [(look, amount, shots, "")]


@pytest.mark.parametrize(
    ("words", "look", "shots"),
    [
        ("it looks too dark", "brighter", ["it"]),
        ("I think the last shot is a bit too dark", "brighter", [-1]),
        ("it's overexposed", "darker", ["it"]),
        ("the colours are too strong", "less_colour", []),
        ("the shots look washed out", "more_colour", []),
        ("the second shot is too dark, make it brighter", "brighter", [2]),
        ("The first and the last shot are too dark. Make them brighter.", "brighter", [1, -1]),
    ],
)
def test_what_is_wrong_is_put_right_once(words: str, look: str, shots: list[object]) -> None:
    ((found, _, named, _),) = read(words)
    assert (found, named) == (look, shots)


@pytest.mark.parametrize(
    ("words", "factor"),
    [("make it 20% brighter", 1.2), ("make it twice as bright", 2.0), ("darken it by 50%", 0.5)],
)
def test_amounts_in_numbers(words: str, factor: float) -> None:
    ((look, amount, _, _),) = read(words)
    assert amount is not None
    assert (1.5 if look == "brighter" else 1 / 1.5) ** amount == pytest.approx(factor, abs=0.002)


def test_several_looks_and_shots_in_a_breath() -> None:
    several = "make the first shot sepia, the second black and white and the third a bit warmer"
    assert read(several) == [("sepia", None, [1], ""), ("black_and_white", None, [2], ""), ("warmer", 0.5, [3], "")]
    assert read("make the last shot brighter and warmer") == [("brighter", None, [-1], ""), ("warmer", None, [-1], "")]
    for words in ("make everything black and white except the fox shot", "all shots black and white but the fox shot"):
        assert read(words) == [("black_and_white", None, ["fox"], "others")]
    kept = "Make the whole film black and white, but keep the last shot in colour."
    assert read(kept) == [("black_and_white", None, ["every"], ""), ("colour", None, [-1], "")]


@pytest.mark.parametrize(
    ("words", "acts"),
    [
        ("make it vertical and black and white", ["frame", "grade"]),
        ("make the second shot darker and 2 seconds long", ["grade", "trim"]),
        ("make the film warmer and 10 seconds long", ["grade", "fit"]),
        ("put the fox shot first and make it sepia", ["move", "grade"]),
        ("it's too dark, shoot it again", ["restage"]),
    ],
)
def test_other_wishes_beside_it(words: str, acts: list[str]) -> None:
    assert [wish.act for wish in read_wishes(words)] == acts


@pytest.mark.parametrize(
    "words",
    [
        "make the title white", "brighter title", "make the title black and white", "the text is too bright",
        "make the music warmer", "make the fox red", "make the fox brighter", "make the fox black and white",
        "brighten the sky", "the forest is too dark", "make the second shot at night", "make it darker at night",
        "make the second shot as bright as the first", "don't make it black and white", "I like it in black and white",
        "it is black and white", "it looks better in sepia", "is it too dark?", "if it's too dark, make it brighter",
        "from now on everything in black and white", "it was too dark outside yesterday", "my coffee is too cold",
        "make the first 3 seconds black and white", "make the first half black and white", "fade to black and white",
        'put "Brighter days" at 3 s', "make the black and white shot sepia", "give it a vintage look",
        "a black and white cat walks through the snow", "fade the last shot to black",
    ],
)  # fmt: skip
def test_what_is_no_wish_for_colours(words: str) -> None:
    assert all(wish.act != "grade" for wish in read_wishes(words))


def test_a_conversation(tmp_path: Path) -> None:
    words = [
        FILM,
        "make it black and white",
        "make the second shot colourful again",
        "make it a bit warmer",
        "no, cooler",
        "even cooler",
        "make the title white",
        "brighten up the last shot a bit",
        "make the owl shot 20% darker",
        "make it darker at night",
        "undo",
        "make the first shot cooler. Actually, warmer.",
    ]
    answers, cut = told(tmp_path, *words)
    assert cut is not None and len(cut.clips) == 3
    fox, boat, owl = (clip.grade.changes() for clip in cut.clips)
    assert fox == {"saturation": 0.0, "warmth": 0.4}
    assert boat == pytest.approx({"warmth": -0.8})
    assert owl == pytest.approx({"saturation": 0.0, "brightness": 1.5**0.5}, abs=1e-3)
    assert [text.colour for text in cut.texts] == ["#ffffff"]
    assert answers[1] == "done: all 3 shots are shown in black and white."
    assert answers[3] == "done: the second shot is shown warmer (0.2)."
    assert answers[4].startswith("done: took back") and answers[4].endswith("the second shot is shown cooler (-0.4).")
    assert answers[9].startswith("not done: I did not understand")


def test_what_it_may_be_is_asked(tmp_path: Path) -> None:
    words = [
        FILM,
        "make the first shot 1 second shorter",
        "make it sepia",
        "make the fox brighter",
        "give it a vintage look",
        "make the first 2 seconds black and white",
        "make everything but the first shot sepia",
        "make the others black and white",
    ]
    answers, cut = told(tmp_path, *words)
    assert "do you mean the first shot or the whole film in 'make it sepia'?" in answers[2]
    assert "which shot do you mean in 'make the fox brighter'?" in answers[3]
    assert "there is no look 'vintage'; there are black and white, sepia, warm, cool" in answers[4]
    assert "colours are changed for whole shots" in answers[5]
    assert cut is not None
    assert [clip.grade.changes() for clip in cut.clips] == [{"saturation": 0.0}, {"sepia": 1.0}, {"sepia": 1.0}]


def test_a_film_that_is_told_in_black_and_white(tmp_path: Path) -> None:
    words = ["Make a 6 second black and white film about a fox in the snow", "add a shot of a rabbit in the meadow"]
    answers, cut = told(tmp_path, *words)
    assert all(answer.startswith("done: ") for answer in answers) and cut is not None
    assert {tuple(clip.grade.changes().items()) for clip in cut.clips} == {(("saturation", 0.0),)}
    told_again, cut = told(tmp_path / "again", "a fox in the snow, in sepia, 4 seconds", "make it colourful again")
    assert told_again[1].startswith("done: the shot is shown as shot") and cut is not None
    assert cut.seconds == 4 and all(clip.grade.changes() == {} for clip in cut.clips)


def test_a_graded_shot_is_not_called_by_its_look() -> None:
    seen = read_timeline("clip-1 0.000-2.000 fox.mp4 of shot-1, graded in black and white, with more contrast (1.2)")
    assert (seen.pieces[0].words, seen.pieces[0].grade[:18]) == ("fox.mp4 of shot-1", "in black and white")
