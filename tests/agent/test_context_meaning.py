"""Lines and entries found by what they mean: sentence vectors, what is counted off, who is called by what."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from rushes.agent.context.lines import Lines
from rushes.agent.context.meaning import Meanings, meanings
from rushes.agent.context.messages import make_entry
from rushes.agent.context.terms import counted


@pytest.fixture
def model() -> Meanings:
    found = meanings()
    if found is None:
        pytest.skip("the package with the weights is not installed")
    return found


@pytest.fixture
def asked_anew() -> Iterator[None]:
    meanings.cache_clear()
    yield
    meanings.cache_clear()


def lines(*texts: str) -> Lines:
    return Lines.of([make_entry(number=n, turn=1, kind="tool", text=text) for n, text in enumerate(texts, 1)])


def test_sentences_that_mean_the_same_are_near_each_other(model: Meanings) -> None:
    rain, downpour, cap, music = model.of(
        ["Where is the rain sound kept?", "Which file has the downpour?", "The budget is 300 euros.", "A quick tune."]
    )
    assert rain @ downpour > 0.4
    assert max(rain @ cap, rain @ music, cap @ music) < 0.3
    assert np.allclose(np.linalg.norm([rain, cap], axis=1), 1, atol=1e-3)


def test_a_sentence_means_the_same_alone_and_among_others(model: Meanings) -> None:
    texts = ["one", "The second shot, please!", "Ein Café.", "", "the third " * 60]
    together = model.of(texts)
    folder = Path(model.folder)
    for text, vector in zip(texts, together, strict=True):
        assert np.allclose(Meanings(folder).of([text])[0], vector, atol=2e-3)


def test_case_and_accents_tell_nothing(model: Meanings) -> None:
    assert model.tokens("CAFÉ, please!") == model.tokens("cafe , please !")
    assert len(model.tokens("word " * 500)) == 48


def test_the_nearest_line_is_found_without_a_common_word(model: Meanings) -> None:
    found = lines("order sheet: the tempo is 104 bpm", "shot-3 moved to the pier", "the logo: c978.png, checked")
    assert found.scores("How fast does the song go?").argmax() == 0


def test_without_the_package_words_alone_are_searched(monkeypatch: pytest.MonkeyPatch, asked_anew: None) -> None:
    monkeypatch.setenv("RUSHES_MEANING", "off")
    found = lines("the tempo is 104 bpm", "shot-3 moved to the pier")
    assert meanings() is None
    assert not found.meant("How fast does the song go?").any()
    assert found.scores("Which shot is at the pier?").argmax() == 1


def test_a_folder_without_the_model_is_named_once(
    monkeypatch: pytest.MonkeyPatch, asked_anew: None, tmp_path: Path
) -> None:
    monkeypatch.setenv("RUSHES_MEANING", str(tmp_path))
    with pytest.warns(UserWarning, match=r"has no model\.safetensors.*by words alone"):
        assert meanings() is None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert not lines("the tempo is 104 bpm").meant("How fast is it?").any()


def test_what_is_counted_off_is_found_by_its_id() -> None:
    assert counted("Which volume has the third one?") == {"shot-3", "clip-3"}
    assert counted("the 2nd take of the Twelfth shot") == {"take-2", "shot-12"}
    assert counted("third-party files") == {"shot-3", "clip-3"}  # a guess costs nothing: no line needs to hold it
    found = lines("shot-3 integrated -14.0 LUFS", "shot-4 integrated -20.0 LUFS")
    assert found.index.query("the third one") == {"shot-3": 1.0}


def test_somebody_is_called_by_what_stands_beside_the_name() -> None:
    found = lines("cast: Juno · owl · front", "cast: Juno · owl · back", "cast: Rafe · snail", "enter Juno, wet")
    assert found.named("How did the owl look when it came in?") == {"How did Juno look when it came in?": 1.0}
    assert found.named("How did Juno look?") == {}
