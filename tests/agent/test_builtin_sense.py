"""Wishes in words that no grammar knows: read by their meaning, carried out by what is in the film."""

from __future__ import annotations

import pytest
from test_builtin_wordings import Cutting, told

from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.sense import masked, read_exemplars, senses_of
from rushes.agent.context.meaning import meanings

needs_meaning = pytest.mark.skipif(meanings() is None, reason="the model of meaning is not installed")


def called(words: str) -> str:
    return told(Cutting().say(words))


def test_names_times_and_quotes_are_masked() -> None:
    text, counts = masked('Put "SALE" at 3 s over station.mp4')
    assert text == "put the words at 3 seconds over the file"
    assert counts[:3] == (1, 1, 1)


def test_every_sense_has_exemplars() -> None:
    assert all(plain and len(texts) > 1 for _, plain, texts in read_exemplars())


@needs_meaning
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("The client hates the second one. Away with it, the others just slide together.", "remove(id=clip-2)"),
        ("The section from 2 s to 4 s is spoiled, get it out.", "remove_span(start=2.0, end=4.0)"),
        ("Can we lead with the market? Order otherwise unchanged.", "move(clip=clip-4, after=first)"),
        ("Drop one second from the beginning of garden.mp4.", "trim(clip=clip-2, start=1.0, seconds=2.0)"),
        ("Make the garden run double time.", "speed(clip=clip-2, factor=2.0)"),
        ("Scrub 'LAST FERRY' from the picture, keep the remaining things.", "remove(id=title-1)"),
        ("'LAST FERRY' is the old name, make it 'SALE'.", "retext(id=title-1, text=SALE)"),
        ("There's a cat on my desk.", ""),
    ],
)
def test_free_words(words: str, wanted: str) -> None:
    assert called(words) == wanted


@needs_meaning
def test_what_is_not_in_the_film_is_asked_for() -> None:
    assert "which shot" in called("Can we lead with the volcano? Order otherwise unchanged.")


@needs_meaning
def test_a_film_is_told_by_who_does_what_and_where() -> None:
    wish = read_wishes(
        "Film wanted! 3 seconds in 2 shots, square. A pink balloon spinning on the beach, then in a room."
    )[0]
    assert (wish.act, wish.value, wish.shots, wish.name) == ("make", 3.0, 2, "1:1")
    assert wish.words == "a pink balloon is spinning on the beach. a pink balloon is spinning in a room"


@needs_meaning
def test_an_audit_is_told_the_order_and_the_words() -> None:
    wish = read_wishes(
        "Please proof the trailer and fix the one fault in it. It should go harbour, then garden, then bridge. "
        'Title: "SALE".'
    )[0]
    assert wish.act == "audit" and wish.name == "" and wish.script is not None
    assert [which.thing for which in wish.script.order] == ["harbour", "garden", "bridge"]
    assert any(text.text == "SALE" for text in wish.script.texts)


@needs_meaning
def test_the_grammar_is_sure_of_what_it_knows() -> None:
    assert senses_of("remove the second shot")[0].name == "remove"
    assert [wish.act for wish in read_wishes("remove the second shot")] == ["remove"]
