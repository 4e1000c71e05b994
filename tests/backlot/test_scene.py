"""A scene as data: it survives JSON, and says in words what the backlot does not have."""

import json
from collections.abc import Callable

import pytest

from rushes.backlot.scene import Action, Actor, Camera, Relation, Scene, SceneError, scene_from_dict
from rushes.backlot.world import FULL, draw_scene

TWO = (Actor(kind="fox", x=-0.5), Actor(kind="cat", x=0.5))


def test_a_scene_survives_json() -> None:
    for seed in range(40):
        scene = draw_scene(FULL, seed)
        assert scene_from_dict(json.loads(json.dumps(scene.to_dict()))) == scene


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Scene(set="moon"), r"set 'moon' is not on the backlot; choose one of: meadow, forest"),
        (lambda: Camera(move="crane"), r"camera move 'crane' .* pan_left"),
        (lambda: Actor(kind="fox", color="teal"), r"colour 'teal' .* red, orange"),
        (lambda: Actor(kind="fox", size=3.0), r"size 3.0 of the fox is outside 0.02 to 2"),
        (lambda: Action(motion="walk", start=1.0, end=1.0), r"'walk' lasts from 1.0 s to 1.0 s; the end must be later"),
        (
            lambda: Actor(kind="fox", actions=(Action(motion="walk", end=1.0), Action(motion="jump", start=0.5))),
            r"actions of the fox overlap: walk ends at 1.0 s",
        ),
        (lambda: Scene(cast=TWO * 2), r"4 actors in one scene; at most 3, so split it"),
        (
            lambda: Scene(cast=TWO, relations=(Relation(kind="follows", subject=0, object=2),)),
            r"'follows' is of actors 0 and 2, but the cast has 2; count them from 0$",
        ),
        (lambda: scene_from_dict({"cast": ["fox"]}), r"not a scene: "),
        (lambda: scene_from_dict({"wheather": "rain"}), r"not a scene: .*wheather"),
    ],
)
def test_what_the_backlot_lacks_is_said(make: Callable[[], object], says: str) -> None:
    with pytest.raises(SceneError, match=says):
        make()
