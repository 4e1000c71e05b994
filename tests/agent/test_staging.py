"""Staging: what the planned scenes show, read off the backlot's own ground truth."""

import numpy as np
import pytest

from rushes.agent.generator import take_fps, take_size
from rushes.agent.planner import Shooter, plan
from rushes.agent.rewriter import rewrite_prompt, write_prompt
from rushes.agent.staging import GROUND
from rushes.backlot.captions import dense_caption
from rushes.backlot.motion import camera_track, frame_times, scene_tracks
from rushes.backlot.scene import Scene
from rushes.backlot.world import FULL, NANO


def scenes(brief: str, seconds: float = 12, **shooter) -> list[tuple[str, Scene]]:
    made = plan(brief, seconds=seconds, shooter=Shooter(**shooter))
    return [(shot.size, shot.scene) for shot in made.shots if shot.scene is not None]


def test_who_finds_something_walks_up_to_it_and_stops_before_it():
    _, master = scenes("a fox finds a lantern in the snow")[0]
    fox, lantern = scene_tracks(master, frame_times(master, 24))
    assert fox.x[0] < -0.3 and fox.x[-1] < lantern.x[-1] - 0.2
    assert np.ptp(lantern.x) < 1e-6
    assert [action.motion for action in master.cast[0].actions] == ["walk", "stand"]


def test_the_chaser_stays_behind_the_chased():
    _, master = scenes("a dog chases a cat through the forest")[0]
    dog, cat = scene_tracks(master, frame_times(master, 24))
    assert (dog.x < cat.x - 0.1).all() and cat.x[-1] > cat.x[0]
    assert np.abs(cat.x).max() < 1.0


def test_what_is_carried_moves_with_its_carrier():
    _, master = scenes("a robot carries an umbrella in the city")[0]
    robot, umbrella = scene_tracks(master, frame_times(master, 24))
    assert np.ptp(robot.x) > 0.3
    assert np.allclose(np.diff(umbrella.x), np.diff(robot.x), atol=1e-6)
    assert master.cast[1].size < master.cast[0].size


@pytest.mark.parametrize(
    "brief",
    [
        "a fox finds a lantern",
        "a fox jumps",
        "a rocket takes off",
        "an elephant dances",
        "a mouse runs",
        "a bird sings",
    ],
)
def test_everybody_stays_in_the_picture(brief: str):
    for size, scene in scenes(brief, 16):
        times = frame_times(scene, 12)
        camera = camera_track(scene, times)
        lead = scene_tracks(scene, times)[0]
        middle = GROUND + lead.y + scene.cast[0].size * 0.5
        across = (lead.x - camera.x) * camera.zoom
        up = (middle - camera.y - 0.5) * camera.zoom
        assert (np.abs(across) < 1.0).mean() > 0.7, (size, across)
        assert np.abs(up).max() < 0.5, (size, up)


def test_two_kittens_are_two():
    _, master = scenes("two kittens play in the room")[0]
    assert [actor.kind for actor in master.cast] == ["cat", "cat"]
    assert master.cast[0].x != master.cast[1].x


def test_every_scene_of_the_small_world_is_one_motion_for_its_whole_length():
    for _, scene in scenes("a fox finds a lantern, a robot jumps", world=NANO, take_seconds=2.125, longest=2.125):
        (actor,) = scene.cast
        (action,) = actor.actions
        assert (action.start, action.end, scene.seconds) == (0.0, 2.125, 2.125)
        assert NANO.sizes[0] <= actor.size <= NANO.sizes[1]
        assert scene.camera.zoom == 1.0


def test_prompts_are_literal_for_a_world_and_richer_for_free_text():
    _, scene = scenes("a fox finds a lantern in the snow")[0]
    assert write_prompt(scene, world=FULL) == dense_caption(scene)
    free = write_prompt(scene, world=None, size="wide", mood="calm", text="a fox finds a lantern")
    for words in ("Wide establishing shot", "a fox finds a lantern", "snowy field", "calm"):
        assert words in free


def test_a_prompt_is_reworded_only_after_another_seed_did_not_help():
    _, scene = scenes("a fox jumps", world=NANO)[0]
    prompt = write_prompt(scene, world=NANO)
    attempts = [rewrite_prompt(prompt, scene, world=NANO, attempt=n) for n in range(4)]
    assert attempts[0] == attempts[1] == attempts[3] == prompt != attempts[2]


class About:
    sizes = ((64, 64), (96, 56), (56, 96))
    fps = (8.0, 12.0)


def test_takes_have_the_nearest_shape_and_rate_that_the_model_makes():
    assert take_size(About, 1280, 720) == (96, 56)  # type: ignore[arg-type]
    assert take_size(About, 720, 1280) == (56, 96)  # type: ignore[arg-type]
    assert take_size(About, 512, 512) == (64, 64)  # type: ignore[arg-type]
    assert take_fps(About, 24) == 12.0 and take_fps(About, 8) == 8.0 and take_fps(About, 6) == 8.0  # type: ignore[arg-type]
