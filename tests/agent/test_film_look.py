"""A film in black and white, or sepia: said in the brief, it is no story, and all of the film is shown so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_model import DrawnModel

from rushes.agent.asked import read_asked
from rushes.agent.builtin.model import BuiltIn
from rushes.agent.cut.document import read_cut
from rushes.agent.directing import open_session
from rushes.agent.film import FilmResult, make_film
from rushes.agent.film_look import read_look
from rushes.agent.scripted import ScriptedModel
from rushes.board.board import Board
from rushes.media.decode import frames


@pytest.mark.parametrize(
    ("brief", "story", "look"),
    [
        ("a black and white film about a fox in the snow", "a fox in the snow", "black_and_white"),
        ("A black-and-white film: a fox in the snow", "a fox in the snow", "black_and_white"),
        ("make a 10 second B/W film about a fox", "a fox", "black_and_white"),
        ("a short silent black & white film about a robot", "a robot", "black_and_white"),
        ("I want a monochrome film of an owl", "an owl", "black_and_white"),
        ("a sepia movie of a boat at sea", "a boat at sea", "sepia"),
        ("A film, shot in sepia, about a fox", "a fox", "sepia"),
        ("A film in black and white about a fox", "a fox", "black_and_white"),
        ("a fox in the snow, in black and white", "a fox in the snow", "black_and_white"),
        ("a fox in the snow, in black and white, 10 seconds", "a fox in the snow", "black_and_white"),
        ("a fox walks in the snow in sepia", "a fox walks in the snow", "sepia"),
        ("A fox walks. Make it 15 seconds, vertical, black and white.", "A fox walks.", "black_and_white"),
        ("A fox walks. It should be in b&w and 12 seconds long.", "A fox walks.", "black_and_white"),
        ("a fox runs. Everything in sepia", "a fox runs.", "sepia"),
        ("Black and white, 8 seconds: a fox runs", "a fox runs", "black_and_white"),
        ('A black and white film. Call it "Snow". A fox runs.', "A film. A fox runs.", "black_and_white"),
        ("a black and white cat walks in the snow", "a black and white cat walks in the snow", ""),
        ("a film about a black and white cat", "a black and white cat", ""),
        ("a zebra, black and white, runs in the meadow", "a zebra, black and white, runs in the meadow", ""),
        ("a dog in black and white", "a dog in black and white", ""),
        ("a man dressed in black and white", "a man dressed in black and white", ""),
        ("a robot watches a black and white film", "a robot watches a black and white film", ""),
        ("a fox finds a sepia photo", "a fox finds a sepia photo", ""),
        ("not a black and white film, a fox in the snow", "not a black and white film, a fox in the snow", ""),
        ("a fox walks. The second shot should be in black and white.",
         "a fox walks. The second shot should be in black and white.", ""),
        ("a black and white film that turns to colour at the end",
         "a black and white film that turns to colour at the end", ""),
        ('a fox in the snow. Text: "in black and white"', 'a fox in the snow. Text: "in black and white"', ""),
    ],
)  # fmt: skip
def test_the_look_and_the_story_are_told_apart(brief: str, story: str, look: str) -> None:
    asked = read_asked(brief)
    assert (asked.story, asked.look) == (story, look)


def test_a_look_of_a_listed_shot_is_none_of_the_film() -> None:
    assert read_look("Shot 1: a forest in black and white. Shot 2: a boat.")[1] == ""
    asked = read_asked("A black and white film. Shot 1: a fox in the forest. Shot 2: a boat.")
    assert asked.look == "black_and_white" and [shot.what for shot in asked.shots] == ["a fox in the forest", "a boat"]


def film(tmp_path: Path, brief: str, **more: Any) -> tuple[FilmResult, np.ndarray]:
    """The film, and how far each of its frames is from grey."""
    given: dict[str, Any] = {"seconds": 4, "width": 160, "height": 90, "fps": 12, "title": ""} | more
    project = tmp_path / "project"
    made = make_film(brief, project_folder=project, out=tmp_path / "film.mp4", shooting_model=DrawnModel(), **given)
    return made, np.array([np.ptp(frame.astype(int), axis=-1).mean() for frame in frames(made.path)])


def test_a_brief_for_a_film_in_black_and_white_gives_one(tmp_path: Path) -> None:
    made, colour = film(tmp_path, "a black and white film about a red fox in the snow")
    assert colour.max() < 1 and made.frames == 48
    with Board.open(tmp_path / "project") as board:
        shots = board.nodes("shot")
        assert shots and not any("white" in shot.fields["text"].lower() for shot in shots)
        assert {actor["color"] for shot in shots for actor in shot.fields["scene"]["cast"]} == {"red"}
    with open_session(tmp_path / "project", BuiltIn(), DrawnModel(), words="make it colourful again") as session:
        session.say("make it colourful again")
        cut = read_cut(session.production.board)
        assert cut is not None and all(clip.grade.changes() == {} for clip in cut.clips)


def test_the_same_brief_without_a_look_is_in_colour(tmp_path: Path) -> None:
    _, colour = film(tmp_path, "a film about a red fox in the snow")
    assert colour[8:-8].min() > 5


def test_a_language_model_plans_the_film_without_its_look(tmp_path: Path) -> None:
    reply = '{"shots": [{"what": "a red fox walks in the snow", "seconds": 4}]}'
    model = ScriptedModel([reply], uses_tools=False)
    _, colour = film(tmp_path, "a sepia film about a red fox in the snow", language_model=model)
    red, _, blue = np.mean([frame.mean(axis=(0, 1)) for frame in frames(tmp_path / "film.mp4")], axis=0)
    assert red > 1.3 * blue and colour.max() < 80
    assert not any("sepia" in message.content for asked in model.asked for message in asked)
