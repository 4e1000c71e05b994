"""The animatic as a video model: the planned scene itself, as long as asked, and what it can't do in words."""

from dataclasses import replace

import numpy as np
import pytest

from rushes.backlot.scene import Action, Actor, Scene
from rushes.generate.animatic import CHUNK, Animatic
from rushes.generate.protocol import Cancelled, Request, Unsupported

SCENE = Scene(cast=(Actor(kind="fox", actions=(Action(motion="walk", end=2.0),)),), seconds=2.0)
ASKED = Request(prompt="", seconds=2.0, width=48, height=32, fps=8.0, scene=SCENE)


def test_a_take_is_as_long_as_asked_whatever_its_scene_lasts() -> None:
    take = Animatic().generate(ASKED)
    assert take.frames.shape == (16, 32, 48, 3) and take.frames.dtype == np.uint8
    assert np.array_equal(Animatic().generate(replace(ASKED, seconds=1.0)).frames, take.frames[:8])
    longer = Animatic().generate(replace(ASKED, seconds=2.5)).frames
    assert len(longer) == 20 and np.array_equal(longer[:16], take.frames)
    assert len(Animatic().generate(replace(ASKED, seconds=0)).frames) == 1


def test_progress_rises_to_one_and_cancelling_stops_between_chunks() -> None:
    shares: list[float] = []
    Animatic().generate(ASKED, progress=shares.append)
    assert shares == [CHUNK / 16, 1.0]
    shares.clear()
    with pytest.raises(Cancelled):
        Animatic().generate(ASKED, progress=shares.append, cancelled=lambda: bool(shares))
    assert shares == [CHUNK / 16]


def test_without_a_scene_it_says_what_it_needs() -> None:
    with pytest.raises(Unsupported, match="draws a planned scene and the request has none; plan it first"):
        Animatic().generate(replace(ASKED, scene=None))
    stranger = replace(SCENE, cast=(Actor(kind="dragon"),))
    with pytest.raises(Unsupported, match="does not know the kind 'dragon'"):
        Animatic().generate(replace(ASKED, scene=stranger))
