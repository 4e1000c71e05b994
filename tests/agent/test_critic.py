"""The critic: measurements and a read-out against the planned scene."""

from collections.abc import Mapping

import numpy as np
import pytest
from drawn_model import RGB

from rushes.agent.critic import Verdict, color_share, judge
from rushes.backlot.scene import Action, Actor, Scene

SCENE = Scene(
    set="snowfield",
    cast=(Actor(kind="fox", color="orange", size=0.5, actions=(Action(motion="walk", end=2.0),)),),
    seconds=2.0,
)


def take(color: str = "orange", *, frames: int = 24, moves: bool = True, ground: int = 215) -> np.ndarray:
    """(T, 90, 160, 3): a square of a colour on striped snow."""
    made = np.full((frames, 90, 160, 3), ground, np.uint8)
    made[:, :, ::6] = max(0, ground - 40)
    for t in range(frames):
        x = 20 + (t * 3 if moves else 30)
        made[t, 25:75, x : x + 50] = RGB[color]
    return made


def judged(frames: np.ndarray, read_out=None) -> Verdict:
    return judge(frames, 12, SCENE, seconds=2.0, read_out=read_out)


class Sees:
    """A read-out that is sure of what it is told to see."""

    name = "sees-1"

    def __init__(self, **seen: str) -> None:
        self.seen = {"kind": "fox", "color": "orange", "set": "snowfield", "motion": "walk", "light": "day"} | seen
        self.known = {
            "kind": ("fox", "cat"),
            "color": ("orange", "blue"),
            "set": ("snowfield", "sea"),
            "motion": ("walk", "jump"),
            "light": ("day", "night"),
        }

    def read(self, frames: np.ndarray, fps: float) -> Mapping[str, Mapping[str, float]]:
        assert frames.ndim == 4 and frames.dtype == np.uint8
        return {
            what: {name: 0.9 if name == self.seen[what] else 0.1 for name in names}
            for what, names in self.known.items()
        }


def test_a_take_as_planned_is_accepted():
    verdict = judged(take(), Sees())
    assert verdict.accepted and verdict.score > 0.85


@pytest.mark.parametrize(
    ("frames", "part", "said"),
    [
        (take(frames=9), "length", "9 frames"),
        (np.zeros((24, 90, 160, 3), np.uint8), "black", "black"),
        (take(moves=False), "moving", "nothing moves"),
        (take("blue"), "color", "little orange"),
    ],
)
def test_what_falls_short_is_said(frames: np.ndarray, part: str, said: str):
    good, bad = judged(take()), judged(frames)
    assert bad.parts[part] < 0.7 < good.parts[part]
    assert any(said in reason for reason in bad.reasons)
    assert bad.score < good.score


def test_black_and_half_takes_can_never_be_accepted():
    for frames in (np.zeros((24, 90, 160, 3), np.uint8), take(frames=5)):
        assert not judged(frames, Sees()).accepted


def test_flicker_and_softness_count():
    flickering = take()
    flickering[::4] //= 2
    soft = take()
    soft[:] = soft.mean(axis=(1, 2), keepdims=True).astype(np.uint8)
    assert judged(flickering).parts["steady"] < judged(take()).parts["steady"]
    assert judged(soft).parts["sharp"] < 0.4 < judged(take()).parts["sharp"]


def test_the_read_out_decides_between_a_fox_and_a_cat():
    wrong = judged(take(), Sees(kind="cat"))
    assert any("kind looks like cat (90%), planned was fox" in reason for reason in wrong.reasons)
    assert wrong.score < judged(take(), Sees()).score - 0.15
    assert not judged(take(), Sees(kind="cat", motion="jump", set="sea", color="blue")).accepted


def test_what_the_read_out_was_not_taught_is_not_held_against_a_take():
    class Narrow(Sees):
        def read(self, frames, fps):
            return {"kind": {"cat": 0.7, "owl": 0.3}}

    assert "kind seen" not in judged(take(), Narrow()).parts


def test_a_still_scene_may_stand_still():
    scene = Scene(set="snowfield", cast=(Actor(kind="lantern", actions=(Action(motion="stand", end=2.0),)),), seconds=2)
    verdict = judge(take("red", moves=False), 12, scene, seconds=2.0)
    assert verdict.accepted and "moving" not in verdict.parts


@pytest.mark.parametrize("color", sorted(RGB))
def test_each_colour_is_told_from_the_others(color: str):
    patches = {name: np.full((8, 8, 3), rgb, np.uint8) for name, rgb in RGB.items()}
    assert color_share(patches[color], color) == 1.0
    near = {
        "red": {"pink"},
        "pink": {"red"},
        "brown": {"orange", "red"},
        "orange": {"brown", "red"},
        "yellow": {"orange"},
    }
    for other, patch in patches.items():
        if other != color and other not in near.get(color, set()):
            assert color_share(patch, color) == 0.0, other
