"""Wishes in words that no grammar knows: read by their meaning, carried out by what is in the film."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from test_builtin_wordings import Cutting, told

from rushes.agent.builtin.requests import read_wishes
from rushes.agent.builtin.sense import HELD_OUT, masked, read_exemplars, senses_of
from rushes.agent.builtin.sense_training import held_out
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
def test_sentences_in_other_voices_are_named_right() -> None:
    exemplars = {text.casefold() for _, _, texts in read_exemplars() for text in texts}
    assert not exemplars & {text.casefold() for _, _, texts in read_exemplars(HELD_OUT) for text in texts}
    share, wrong = held_out()
    assert share > 0.8, "\n".join(wrong)


def test_a_wrong_folder_of_meaning_is_said_once_and_words_are_read() -> None:
    code = (
        "from rushes.agent.builtin.requests import read_wishes as r; print(r('drop shot 2')[0].act, r('undo')[0].act)"
    )
    env = {**os.environ, "RUSHES_MEANING": "/nowhere"}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["remove", "undo"]
    assert run.stderr.count("/nowhere has no model.safetensors") == 1


@needs_meaning
@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (  # its times are said behind it
            'We need her name, "Ada Berg", in the lower third. It comes when 4 s have passed and leaves at 6 s.',
            "text(text=Ada Berg, start=4.0, end=6.0, place=lower)",
        ),
        (  # several wishes, each with its own words and times
            'Some texts, please:\n- 0.5-2 s, title, "OPEN"\n- 4-6 s, lower third, "Ada Berg"',
            "text(text=OPEN, start=0.5, end=2.0, place=title) text(text=Ada Berg, start=4.0, end=6.0, place=lower)",
        ),
        (  # a reason before the wish
            "Our solicitor rang: we may not show 'LAST FERRY'. Take that title off and leave all others.",
            "remove(id=title-1)",
        ),
        ("Do the titles still say what I typed?", ""),  # a question is no order
        ("Shot three is a beauty, by the way.", ""),
        (  # what a person did is told, not ordered
            "The market is up front because I moved it there, so it stays. What should leave is the bridge.",
            "remove(id=clip-3)",
        ),
        ("Bridge: -6 dB.", "volume(clip=clip-3, gain_db=-6.0)"),  # opposites are told apart by their words
        ("The bridge is far too quiet, 6 dB.", "volume(clip=clip-3, gain_db=6.0)"),
        ("Let the garden take twice as long by playing slowly.", "speed(clip=clip-2, factor=0.5)"),
        ("Old name 'LAST FERRY', new name 'SALE'. Please adapt the title.", "retext(id=title-1, text=SALE)"),
    ],
)
def test_sentences_that_belong_together(words: str, wanted: str) -> None:
    assert called(words) == wanted


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
    rows = [[which.thing for which in row] for row in (wish.script.order, *wish.script.rows)]
    assert any([thing for thing in row if thing in ("harbour", "garden", "bridge")] == ["harbour", "garden", "bridge"]
               for row in rows)  # fmt: skip
    assert any(text.text == "SALE" for text in wish.script.texts)


@needs_meaning
def test_the_grammar_is_sure_of_what_it_knows() -> None:
    assert senses_of("remove the second shot")[0].name == "remove"
    assert [wish.act for wish in read_wishes("remove the second shot")] == ["remove"]
