"""What `where` says without drawing is what the renderer draws."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from rushes.backlot.draw.renderer import place, render
from rushes.backlot.motion import GRAVITY, actor_track, scene_tracks
from rushes.backlot.scene import Action, Actor, Camera, Relation, Scene
from rushes.backlot.where import MIDDLE, flights, from_left, on_screen
from rushes.backlot.world import FULL, draw_scene


def test_it_agrees_with_the_renderer_in_the_whole_world() -> None:
    times = np.arange(17) / 8
    for seed in range(150):
        scene = draw_scene(FULL, seed)
        seen = on_screen(scene, times, 1.75)
        for placed in place(0, scene, times, 100, 175):
            there = seen[placed.order[1]]
            foot = there.y + MIDDLE * there.height * (1 - placed.track.sink)
            np.testing.assert_allclose(there.x * 175, placed.x, atol=1e-9)
            np.testing.assert_allclose(foot * 100, placed.y, atol=1e-9)
            np.testing.assert_allclose(there.height * 100, placed.height * placed.track.stretch, atol=1e-9)


@pytest.mark.parametrize("move", ["still", "pan_left", "zoom_in"])
@pytest.mark.parametrize("motion", ["walk", "fall", "hide", "grow"])
def test_pixels_change_where_the_actor_is(move: str, motion: str) -> None:
    actor = Actor(kind="ball", size=0.3, x=-0.3, actions=(Action(motion=motion, end=2.0),))
    scene = Scene(set="room", camera=Camera(move=move), cast=(actor,), seconds=2.0)
    times = np.array([0.4, 0.8, 1.2])
    size = {"fps": 8, "width": 192, "height": 108, "times": times}
    with_it, without = render([scene], **size), render([replace(scene, cast=())], **size)
    changed = (with_it - without).abs().sum(2)[0] > 0.35  # (T, H, W); its shadow is fainter
    there = on_screen(scene, times, 192 / 108)[0]
    for t in range(len(times)):
        rows, columns = torch.nonzero(changed[t], as_tuple=True)
        assert abs(float(columns.float().mean() + 0.5) / 192 - there.x[t]) < 0.02
        assert abs(float(rows.float().mean() + 0.5) / 108 - there.y[t]) < 0.06


def test_what_leaves_the_picture_is_less_visible() -> None:
    out = Actor(kind="cat", size=0.4, x=0.9, actions=(Action(motion="walk", end=2.0, distance=1.0),))
    there = on_screen(Scene(cast=(out,), seconds=2.0), np.linspace(0, 2, 9))[0]
    assert there.visible[0] > 0.5 and there.visible[-1] == 0 and (np.diff(there.visible) <= 0).all()
    hides = Actor(kind="cat", size=0.4, actions=(Action(motion="hide", end=2.0),))
    assert on_screen(Scene(cast=(hides,), seconds=2.0), np.array([2.0]))[0].visible[0] == pytest.approx(0.06)


def test_left_to_right_is_as_seen_not_as_named() -> None:
    cast = (Actor(kind="cat", x=0.5), Actor(kind="fox", x=-0.5), Actor(kind="owl", x=0.0))
    assert from_left(Scene(cast=cast)) == [1, 2, 0]


@pytest.mark.parametrize("heading", [-1, 1])
def test_what_is_carried_goes_before_who_carries_it_and_who_follows_goes_behind(heading: int) -> None:
    walk = Action(motion="walk", heading=heading, end=2.0)
    cast = (Actor(kind="girl", actions=(walk,)), Actor(kind="lantern", size=0.2, facing=-heading), Actor(kind="dog"))
    relations = (Relation(kind="carries", subject=0, object=1), Relation(kind="follows", subject=2, object=0))
    girl, lantern, dog = scene_tracks(Scene(cast=cast, relations=relations, seconds=2.0), np.linspace(0, 2, 9))
    assert ((lantern.x - girl.x) * heading > 0).all() and (lantern.y > girl.y).all()
    assert ((dog.x - girl.x) * heading < 0).all()
    for other in (lantern, dog):
        assert (other.facing == heading).all() and np.ptp(other.x - girl.x) < 1e-9


@pytest.mark.parametrize("motion", ["jump", "fall"])
def test_a_flight_follows_one_acceleration(motion: str) -> None:
    actor = Actor(kind="cat", actions=(Action(motion=motion, end=2.125),))
    found = flights(actor)
    assert [name for name, _, _ in found] == (["jump", "jump"] if motion == "jump" else ["fall", "bounce"])
    for _, start, end in found:
        times = np.linspace(start + 1e-3, end - 1e-3, 9)
        y = actor_track(actor, times).y
        curve = np.polyfit(times, y, 2)
        assert np.abs(np.polyval(curve, times) - y).max() < 1e-6
        assert -2 * curve[0] == pytest.approx(GRAVITY, rel=0.12)  # a hop is a little shorter than free flight would be
        just_before, just_after = actor_track(actor, np.array([start - 0.02, end + 0.02])).y
        assert just_after > y[-1] - 0.005 or just_after >= 0  # it has landed, or flies up again
        assert start == 0 or just_before < 0.05
