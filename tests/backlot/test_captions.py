"""What captions say of who stands where."""

import pytest

from rushes.backlot.captions import dense_caption, short_caption
from rushes.backlot.scene import Action, Actor, Scene


def scene(kind: str, motion: str, heading: int) -> Scene:
    act = Action(motion=motion, heading=heading, end=2.0)
    return Scene(cast=(Actor(kind=kind, facing=heading, actions=(act,)),), seconds=2.0)


@pytest.mark.parametrize("motion", ["stand", "jump", "fall", "spin", "grow"])
def test_who_stays_faces_a_side(motion: str) -> None:
    left, right = (dense_caption(scene("fox", motion, heading)) for heading in (-1, 1))
    assert "facing left" in left and "facing right" in right


def test_who_has_no_front_or_goes_somewhere_faces_nothing() -> None:
    for kind, motion in (("apple", "stand"), ("tree", "grow"), ("lantern", "jump"), ("fox", "walk"), ("car", "run")):
        assert "facing" not in dense_caption(scene(kind, motion, -1))


def test_users_are_not_expected_to_say_it() -> None:
    assert not any("facing" in short_caption(scene("fox", "stand", 1), seed) for seed in range(8))
