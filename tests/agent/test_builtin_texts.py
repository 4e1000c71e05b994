"""Texts as people ask for them: in a colour, big, in the middle, when somebody comes, and when they are too small."""

from __future__ import annotations

from pathlib import Path

import pytest
from talking import told

from rushes.agent.builtin.ask_type import new_type
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.spans import read_span


def test_a_conversation_about_texts(tmp_path: Path) -> None:
    words = [
        "Make a 12 second film: a fox walks in the snow, then a boat sails at night. Call it Lantern Bay.",
        "the title is too small",
        'Put "SALE" in the middle for 2 seconds in red',
        'write "NOW" in big golden letters at the end',
        'put "HERE" as soon as the red boat comes',
    ]
    answers, cut = told(tmp_path, *words)
    assert all(answer.startswith("done: ") for answer in answers) and cut is not None
    boat = next(clip.at for clip in cut.clips if clip.shot == "shot-4")
    texts = {text.text: (text.start, text.end, round(text.size, 2), text.colour) for text in cut.texts}
    assert texts["Lantern Bay"] == (0, 3, 1.3, "")
    assert texts["SALE"] == (5, 7, 1.0, "#ff0000")
    assert texts["NOW"] == (10, 12, 1.5, "#ffd700")
    assert texts["HERE"][:2] == (boat, boat + 2)


@pytest.mark.parametrize(
    ("words", "look"),
    [
        ("put 'SALE' at 1 s in red", {"colour": "red"}),
        ("put 'in red' at 1 s", {}),
        ("put 'SALE' when the fox in red comes", {}),
        ("add big yellow letters that say 'SALE'", {"colour": "yellow", "size": 1.5}),
        ("a small caption 'Oslo'", {"size": 0.7}),
    ],
)
def test_the_look_of_a_new_text(words: str, look: dict[str, object]) -> None:
    assert new_type(words) == look


@pytest.mark.parametrize("said", ["in the middle for {t2+0}", "for {t2+0} in the middle of the film"])
def test_the_middle_has_a_length(said: str) -> None:
    span, _ = read_span(said)
    assert span is not None and span.middle and span.on(24, 0, 10) == (4, 6)


def test_seconds_in_red_are_no_start() -> None:
    (wish,) = read_wishes('put "SALE" at 00:01 for 2 seconds in red')
    assert wish.span is not None and wish.span.on(24, 0, 10) == (1, 3)


@pytest.mark.parametrize(
    ("words", "factor"), [("the title is too small", 1.3), ("I think the title is a bit too large", 1 / 1.15)]
)
def test_what_is_too_small_grows(words: str, factor: float) -> None:
    (wish,) = read_wishes(words)
    assert (wish.act, wish.name, wish.value) == ("retext", "type size", pytest.approx(factor))
