"""The title of a film, said without an option and without quotes, is no part of its story."""

import pytest

from rushes.agent.asked import read_asked
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.titled import read_title


@pytest.mark.parametrize(
    ("brief", "story", "title"),
    [
        (
            "a fox in the snow, then a boat at night. Call it Night.",
            "a fox in the snow, then a boat at night.",
            "Night",
        ),
        ('A 4 second film: a fox walks. Call it "Night Walk".', "a fox walks.", "Night Walk"),
        ("a fox walks in the snow, call it winter walk", "a fox walks in the snow", "winter walk"),
        ("Make a film called The Lamp of the North about a fox", "a fox", "The Lamp of the North"),
        ("Make a film of 10 seconds titled Winter: a fox walks.", "a fox walks.", "Winter"),
        ("A fox in the snow. The title is Winter Walk.", "A fox in the snow.", "Winter Walk"),
        ("A fox in the snow. Title: Winter Walk", "A fox in the snow.", "Winter Walk"),
        ('A fox in the snow, titled "winter"', "A fox in the snow", "winter"),
        ("Make a film of a boat and name it Harbour Lights", "a boat", "Harbour Lights"),
        ('Create "Up and Up", a 6 second film of a balloon', "a balloon", "Up and Up"),
        ("Make a film of a fox in rain, and call it Night Owl, in 3 shots", "a fox in rain, in 3 shots", "Night Owl"),
        ("a dog named Rex runs on the beach", "a dog named Rex runs on the beach", ""),
        ("Make a film about a man who is called Home", "a man who is called Home", ""),
        ("Make a film for my dog called Rex", "Make a film for my dog called Rex", ""),
        ("a fox rests. Let's call it a day.", "a fox rests. Let's call it a day.", ""),
        ("a fox calls the boat off", "a fox calls the boat off", ""),
    ],
)
def test_title_and_story_are_told_apart(brief: str, story: str, title: str) -> None:
    asked = read_asked(brief)
    assert (asked.story, asked.title) == (story, title)


@pytest.mark.parametrize(
    "words",
    ["Call the film Harbour Lights.", "Rename the film to Harbour Lights", "The film should be called Harbour Lights"],
)
def test_a_film_that_is_there_is_named(words: str) -> None:
    (wish,) = read_wishes(words)
    assert wish.act == "retext" and wish.text == "Harbour Lights"


def test_what_is_named_is_the_film_that_is_made() -> None:
    (wish,) = read_wishes("Make a 6 second film called Night Owl: a fox walks in the snow. 2 shots.")
    assert (wish.act, wish.text, wish.value, wish.shots) == ("make", "Night Owl", 6.0, 2)
    assert wish.words == "a fox walks in the snow"


@pytest.mark.parametrize(
    "words", ["The title is too small.", "call the second shot Harbour", "make the title gold", "call it off"]
)
def test_other_words_name_nothing(words: str) -> None:
    assert read_title(words, orders=True) == (words, "")
