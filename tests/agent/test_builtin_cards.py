"""Cards, shots seen once more and a text for each, as newcomers ask the built-in director for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from talking import told

from rushes.agent.builtin.marks import Time
from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.wishes import Wish
from rushes.agent.cut.pieces import WorkingCut

STORY = "Make a 9 second film: a fox called Juno walks in the snow, then an owl flies in the forest, then a boat sails."


def only(words: str) -> Wish:
    (wish,) = read_wishes(words)
    return wish


@pytest.mark.parametrize(
    ("words", "colour", "where", "seconds", "text"),
    [
        ("put a black screen for one second between the first and the second shot", "black", "after", 1, ""),
        ("start with two seconds of black", "black", "first", 2, ""),
        ("add a title card that says PART TWO before the last shot", "black", "before", None, "PART TWO"),
        ("end with a white card saying Thanks for 3 seconds", "white", "last", 3, "Thanks"),
        ("2 seconds of black at the end", "black", "last", 2, ""),
        ("could you add a second of black after the fox", "black", "after", 1, ""),
        ("cut to black for a second before the last shot", "black", "before", 1, ""),
        ("between the fox and the boat I want half a second of black", "black", "after", 0.5, ""),
        ("put a blue slate that says Hello World behind the first shot", "blue", "after", None, "Hello World"),
        ('show "THE END" on a black screen for 3 seconds at the end', "black", "last", 3, "THE END"),
        ("let it end in black for two seconds", "black", "last", 2, ""),
        ("can you put a short black pause between the fox and the owl?", "black", "after", None, ""),
        ("make the screen go black for a second after the owl", "black", "after", 1, ""),
    ],
)
def test_a_card(words: str, colour: str, where: str, seconds: float | None, text: str) -> None:
    wish = only(words)
    assert (wish.act, wish.name, wish.where, wish.text) == ("card", colour, where, text)
    assert wish.span is not None and wish.span.length == (None if seconds is None else Time(seconds=seconds))


@pytest.mark.parametrize(
    ("words", "act"),
    [
        ("is there a black screen?", "tell"),
        ("the film has 2 seconds of black at the end", "ask"),
        ("a black frame flashes at 2 s", "talk"),
        ("fade to black at the end", "fade"),
        ("make it black and white", "grade"),
        ('Title card: "BIG DAY", in at 3 s, out at 5 s.', "text"),
        ("shoot it again", "restage"),
        ("do that shot again", "restage"),
        ("play the second shot twice as fast", "speed"),
        ("move the first shot to the end again", "move"),
        ("put the first shot at the end again", "ask"),
        ("is any shot repeated?", "tell"),
        ("the names of the animals are wrong", "talk"),
        ("put a caption under every shot", "subtitles"),
        ("show the title again at the end", "retext"),
        ("undo that again", "undo"),
        ("start with the owl on a black background", "move"),
        ("put 'SALE' at 1 s in red", "text"),
        ("never put a black screen in", "talk"),
        ("repeat the first shot in reverse", "ask"),
        ("show me the first shot again", "look"),
        ("The second shot should be gone when I look again.", "remove"),
        ("number the shots from 10", "ask"),
        ("Put the tower in the river's place and the river in the tower's.", "swap"),
    ],
)
def test_what_is_none(words: str, act: str) -> None:
    assert [wish.act for wish in read_wishes(words)] == [act]


@pytest.mark.parametrize(
    ("words", "number", "where", "times"),
    [
        ("show the first shot again at the end", 1, "last", 1),
        ("repeat the second shot", 2, "", 1),
        ("use the opening shot as the ending too", 1, "last", 1),
        ("play the last shot twice", -1, "", 1),
        ("loop the second shot three times", 2, "", 2),
        ("the last shot should be shown twice", -1, "", 1),
        ("could the first shot come back at the end?", 1, "last", 1),
        ("copy shot 1 to the end", 1, "last", 1),
        ("play the first shot again after the third one", 1, "after", 1),
        ("end as we began", 1, "last", 1),
    ],
)
def test_a_shot_seen_again(words: str, number: int, where: str, times: int) -> None:
    wish = only(words)
    assert (wish.act, wish.pieces[0].number, wish.where, wish.value) == ("repeat", number, where, times)


@pytest.mark.parametrize(
    "words", ["repeat the last change", "repeat the last 2 seconds", "repeat half of the first shot", "repeat that"]
)
def test_what_is_no_shot_is_not_repeated(words: str) -> None:
    assert only(words).act == "ask"


@pytest.mark.parametrize(
    ("words", "tells", "place", "group"),
    [
        ("put a name under each animal", "name", "", "animal"),
        ("label every shot", "name", "", ""),
        ("a caption on each shot that says what it is", "name", "", ""),
        ("write the place of each shot in the lower third", "place", "", ""),
        ("number the shots", "number", "", ""),
        ("label each shot with the place at the top", "place", "top", ""),
        ("say each animal's name in the lower third", "name", "", "animal"),
        ("write 1, 2, 3 on the shots", "number", "", ""),
        ("each animal should have a name under it", "name", "", "animal"),
        ("subtitle each shot with where it is", "place", "subtitle", ""),
        ("put SALE on every shot", "text", "", ""),
        ("don't label the shots", "nothing", "", ""),
        ("remove the labels again", "nothing", "", ""),
    ],
)
def test_a_text_for_each(words: str, tells: str, place: str, group: str) -> None:
    wish = only(words)
    assert (wish.act, wish.name, wish.place, wish.topic) == ("label", tells, place, group)


def test_the_story_of_a_film_begins_behind_its_black() -> None:
    words = (
        "Make a film: start with two seconds of black, then a fox walks in the snow. End with a card saying THE END."
    )
    make, *cards = read_wishes(words)
    assert make.act == "make" and "fox walks" in make.words and "black" not in make.words
    assert [(card.act, card.where) for card in cards] == [("card", "first"), ("card", "last")]


def labels(cut: WorkingCut) -> list[str]:
    return [clip.label.partition(" take")[0] for clip in cut.clips]


def test_a_conversation_about_cards(tmp_path: Path) -> None:
    words = [
        STORY,
        "put a black screen for one second between the first and the second shot",
        "no, white",
        "no, before the last shot",
        "start with two seconds of black",
        "add a title card that says PART TWO before the last shot",
        "make the title card 4 seconds long",
        "is there a black screen?",
        "find and fix what is wrong",
        "remove the black screen",
        "add a black screen",
        "no black screen at the end please",
    ]
    answers, cut = told(tmp_path, *words)
    assert cut is not None and labels(cut) == ["s01", "s02", "white card", "black title card", "s03"]
    (text,) = cut.texts
    card = cut.clips[3]
    assert text.text == "PART TWO" and (text.start, text.end) == (card.at, card.end) and card.seconds == 4
    assert "you named no length" in answers[5]
    assert answers[7] == "There are a black card from 0.0 to 2.0 s and a black title card from 9.0 to 13.0 s."
    assert answers[8].lower().startswith("no fault was found")
    assert "where should the card come" in answers[10] and "nothing was changed" in answers[11]


def test_a_conversation_about_shots_seen_again(tmp_path: Path) -> None:
    words = [
        STORY,
        "end with 2 seconds of black",
        "show the first shot again at the end",
        "repeat the second shot",
        "don't repeat the first shot",
        "show the boat again",
        "find and fix what is wrong",
    ]
    answers, cut = told(tmp_path, *words)
    assert cut is not None and labels(cut) == ["s01", "s02", "s02 again", "s03", "black card", "s01 again"]
    assert "should it go?" in answers[4] and "where should that shot be seen again" in answers[5]


def test_a_conversation_about_labels(tmp_path: Path) -> None:
    words = [
        STORY,
        "all texts in capitals, always",
        "put a black screen between the fox and the owl",
        "put a name under each animal",
        "number the shots",
        "number the shots at the top",
        "don't label the shots",
        'put "One", "Two" and "Three" under the shots',
        'put "One" and "Two" on the shots',
    ]
    answers, cut = told(tmp_path, *words)
    assert "(s03), of which no animal is known" in answers[3]
    assert "say 'at the top'" in answers[4] and answers[5].startswith("done: set the labels")
    assert "the labels are out" in answers[6].lower() and "there are 3 shots and 2 texts" in answers[8]
    assert cut is not None
    assert [(text.text, text.clip) for text in cut.texts] == [("ONE", "clip-1"), ("TWO", "clip-2"), ("THREE", "clip-3")]


def test_nothing_is_repeated_where_nobody_asked(tmp_path: Path) -> None:
    answers, cut = told(tmp_path, STORY, "don't repeat the first shot", "number the shots, please", "what is this?")
    assert "no shot is repeated" in answers[1].lower()
    assert cut is not None and [text.text for text in cut.texts] == ["1", "2", "3"]
