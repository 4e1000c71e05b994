"""Clips of the backlot as training data."""

from dataclasses import replace

import pytest
import torch

from rushes.backlot.scene import Action, Actor, Scene
from rushes.backlot.world import FULL, is_held_out
from rushes.model.text import build_vocabulary, split_words
from rushes.training.backlot_data import BacklotClips

SMALL = BacklotClips(height=32, width=56)


def test_a_step_is_always_the_same() -> None:
    clips = SMALL.clips("train")
    first, again, other = clips(7, 2, 5), clips(7, 2, 5), clips(8, 2, 5)
    assert first.video.shape == (2, 5, 3, 32, 56)
    assert -1 <= first.video.min() and first.video.max() <= 1
    assert torch.equal(first.video, again.video) and first.captions == again.captions
    assert first.captions != other.captions


def test_held_out_combinations_are_only_in_the_test() -> None:
    assert not any(is_held_out(scene) for scene in SMALL.scenes("train", 0, 200))
    assert all(is_held_out(scene) for scene in SMALL.scenes("test", 0, 20))
    with pytest.raises(ValueError, match="'dev'"):
        SMALL.clips("dev")


def test_sentences_of_pictures_say_nothing_of_motion() -> None:
    batch = SMALL.clips("train")(3, 32, 1)
    for index in range(32):
        for sentence in batch.sentences(index):
            assert not {"jumps", "spins", "falls", "grows", "stands", "walks"} & set(split_words(sentence))


@pytest.mark.parametrize("source", [SMALL, replace(SMALL, world=FULL)])
def test_the_vocabulary_has_every_word(source: BacklotClips) -> None:
    known = set(build_vocabulary(source.vocabulary()))
    for part in ("train", "test"):
        for scene in source.scenes(part, 0, 300):
            for at in (None, 0.0, 1.25):
                for sentence in source.sentences(scene, at=at):
                    assert set(split_words(sentence)) <= known, sentence


def test_pictures_say_where_their_cast_is_then() -> None:
    walk = Action(motion="walk", heading=1, end=2.0, distance=1.2)
    scene = Scene(cast=(Actor(kind="fox", x=-0.6, actions=(walk,)),), seconds=2.0)
    said = [SMALL.sentences(scene, at=at)[0] for at in (0.0, 1.0, 2.0)]
    assert ["left", "middle", "right"] == [s.split(" the ")[1].split()[0] for s in said]
