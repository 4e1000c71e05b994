"""In a project with nothing in it a story is a film to be made, though nobody says "make"."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from talking import told

from rushes.agent.directing import Handed
from rushes.media.encode import write_video


@pytest.mark.parametrize(
    ("words", "seconds", "clips"),
    [
        ("A fox walks in the snow, then it sleeps", 20, 7),
        ("Can you make me a short clip of a penguin dancing?", 20, 9),
        ("10 seconds, a whale under the sea, please", 10, 4),
        ("Shot 1: a fox walks, 2 s. Shot 2: a boat, 3 s.", 5, 2),
    ],
)
def test_a_story_is_filmed(tmp_path: Path, words: str, seconds: float, clips: int) -> None:
    answers, cut = told(tmp_path, words)
    assert answers[0].startswith("done: planned")
    assert cut is not None and cut.seconds == seconds and len(cut.clips) == clips


@pytest.mark.parametrize(
    "words", ["hello, how are you?", "remove the fox", "How do I make a film with a fox?", "make something nice"]
)
def test_other_words_make_none(tmp_path: Path, words: str) -> None:
    answers, cut = told(tmp_path, words)
    assert cut is None and not answers[0].startswith("done")


def test_where_there_is_a_film_the_same_words_make_none(tmp_path: Path) -> None:
    answers, cut = told(tmp_path, "a fox walks in the snow", "an owl flies in the forest", seconds=6)
    assert cut is not None and cut.seconds == 6
    assert "nothing was asked for" in answers[1]


def test_nor_where_there_is_footage(tmp_path: Path) -> None:
    clip = write_video(tmp_path / "clip.mp4", np.full((8, 36, 64, 3), 90, np.uint8), 8, threads=1)
    answers, cut = told(tmp_path, "a fox walks in the snow", handed=Handed(footage=(clip,)))
    assert "nothing was asked for" in answers[0] and cut is None


@pytest.mark.parametrize(
    "words",
    [
        "Make a film of three shots, each 2 seconds: a cat, a dog, a bird",
        "make a 6 second film in 3 shots: a cat, a dog, a bird",
    ],
)
def test_shots_that_are_counted_are_equally_long(tmp_path: Path, words: str) -> None:
    _, cut = told(tmp_path, words)
    assert cut is not None and [clip.at for clip in cut.clips] == [0, 2, 4] and cut.seconds == 6
