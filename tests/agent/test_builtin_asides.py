"""What the built-in director must not take for an order: what is taken back, asked, forbidden or conditional."""

from __future__ import annotations

import pytest
from test_builtin import Shop

from rushes.agent.builtin.requests import read_wishes

IDLE = {"talk", "thanks", "topic", "tell", "ask", "rule", "measure", "look"}


@pytest.mark.parametrize(
    "words",
    [
        "Remove the fox? No, leave it.",
        "maybe take the boat out... hmm no",
        "Can you mute the music? Never mind.",
        "dont remove the boat",
        "Can you not remove the boat?",
        "I don't like the boat very much.",
        "Is the loudness legal for broadcast?",
        "Does the film have music?",
        "Should the title be longer?",
        "If it gets too long, drop the second shot.",
        "The owl is lovely, please leave him just as he is.",
        "Mach den Titel bitte größer, und nimm das Boot raus.",
        "Peux-tu enlever le titre, s'il te plaît ? Il est trop long pour moi.",
    ],
)
def test_nothing_is_ordered(words: str) -> None:
    assert {wish.act for wish in read_wishes(words)} <= IDLE


def test_what_stands_beside_them_is_still_done() -> None:
    assert [w.act for w in read_wishes("Remove the boat. Actually no, keep it, remove the fox.")] == ["remove"]
    assert [w.pieces[0].thing for w in read_wishes("Remove the boat. Actually no, keep it, remove the fox.")] == ["fox"]
    both = read_wishes("Is the title spelled right? Remove the second shot.")
    assert [wish.act for wish in both] == ["tell", "remove"]  # what is asked first is answered as it was then
    assert [wish.act for wish in read_wishes("What I want gone is the second shot.")] == ["remove"]  # no question


@pytest.mark.parametrize(("limit", "done"), [(20, []), (9, ["remove"])])
def test_a_length_decides(limit: int, done: list[str]) -> None:
    shop = Shop()  # a film of 12 s
    calls = shop.say(f"If the film is over {limit} seconds, remove the last shot.")
    assert [name for name, _ in calls if name not in ("timeline", "finish", "say")] == done


def test_words_typed_in_haste() -> None:
    assert read_wishes("tittle shoud say 'HELLO'")[0].text == "HELLO"
    assert [which.number for which in read_wishes("drop shots 2 thru 3")[0].pieces] == [2, 3]
    assert read_wishes("spend less on the trailer")[0].act != "remove"


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        ("make the title smaller maybe", "type size", 1 / 1.3),
        ("could the title be a bit bigger?", "type size", 1.15),
        ("title much larger pls", "type size", 1.6),
        ("make 'SALE' twice as big", "type size", 2.0),
        ("make the title 20% bigger", "type size", 1.2),
        ("the caption should be blue", "type blue", None),
        ("title in gold please", "type gold", None),
        ("move the title to the top", "type top", None),
    ],
)
def test_type_is_set(words: str, name: str, value: float | None) -> None:
    (wish,) = read_wishes(words)
    assert (wish.act, wish.name) == ("retext", name)
    assert wish.value == (value if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    "words",
    ["give the title a shadow", "don't make the title bigger", "make the title blurry", "Don't you dare cut the fox."],
)
def test_what_is_not_known_takes_nothing_away(words: str) -> None:
    assert "remove" not in {wish.act for wish in read_wishes(words)}


def test_two_looks_in_a_breath() -> None:
    assert [w.name for w in read_wishes("make the title smaller, in gold")] == ["type size", "type gold"]
    assert [w.act for w in read_wishes("make the title bigger and remove the second shot")] == ["retext", "remove"]
