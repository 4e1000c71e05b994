"""Words to tokens to vectors."""

import pytest
import torch

from rushes.model.text import PAD, START, UNKNOWN, TextConfig, WordEncoder, build_vocabulary, split_words


@pytest.fixture(scope="module")
def encoder() -> WordEncoder:
    torch.manual_seed(0)
    words = build_vocabulary(["A red fox runs.", "the fox's hat, in snow"])
    return WordEncoder(TextConfig(vocabulary=words, width=16, layers=1, heads=2, max_tokens=8)).eval()


def test_words_are_lower_case_and_punctuation_stands_alone() -> None:
    assert split_words("A Fox's hat, in snow... 雪!") == ["a", "fox's", "hat", ",", "in", "snow", *"...", "雪", "!"]


def test_tokens(encoder: WordEncoder) -> None:
    ids = encoder.tokens(["A FOX!", "red"])
    assert ids.tolist() == [
        [START, encoder.ids["a"], encoder.ids["fox"], UNKNOWN],
        [START, encoder.ids["red"], PAD, PAD],
    ]
    assert encoder.unknown("a purple fox") == ["purple"]


def test_empty_and_long_texts(encoder: WordEncoder) -> None:
    vectors, mask = encoder(["", "fox " * 50_000])
    assert vectors.shape == (2, 8, 16)
    assert mask.sum(1).tolist() == [1, 8]


def test_a_text_means_the_same_beside_a_longer_one(encoder: WordEncoder) -> None:
    with torch.no_grad():
        alone, beside = encoder(["red fox"])[0], encoder(["red fox", "a red fox runs in the snow"])[0]
    torch.testing.assert_close(alone[0], beside[0, :3])


def test_order_matters(encoder: WordEncoder) -> None:
    assert not torch.allclose(encoder(["red fox"])[0][:, 1], encoder(["fox red"])[0][:, 2])


def test_a_vocabulary_needs_the_special_tokens() -> None:
    with pytest.raises(ValueError, match="build_vocabulary"):
        WordEncoder(TextConfig(vocabulary=("red", "fox")))


def test_phrases_tell_the_same_words_in_another_order_apart() -> None:
    vocabulary = build_vocabulary(["to the left on the right"])
    torch.manual_seed(0)
    encoder = WordEncoder(TextConfig(vocabulary=vocabulary, width=16, heads=2, layers=0))
    torch.nn.init.normal_(encoder.phrase.weight, std=0.1)
    encoder.places.weight.data.zero_()
    one, _ = encoder(["to the left on the right"])
    other, _ = encoder(["to the right on the left"])
    assert (one.mean(1) - other.mean(1)).abs().max() > 1e-3
