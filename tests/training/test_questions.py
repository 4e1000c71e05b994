"""What is asked of clips, and what is not."""

from dataclasses import replace

from rushes.backlot.scene import Action, Actor, Camera, Relation, Scene
from rushes.backlot.world import FULL, NANO, draw_scene
from rushes.model.readout import ReadOutConfig
from rushes.training.questions import UNASKED, answer_indices, cast_indices, questions, truth

TWO = Scene(
    cast=(
        Actor(kind="cat", color="blue", x=0.5, actions=(Action(motion="walk", heading=-1, distance=0.1),)),
        Actor(kind="fox", color="red", x=-0.5, actions=(Action(motion="jump"),)),
    ),
    weather="rain",
)


def test_a_world_of_one_is_asked_what_it_was() -> None:
    assert [name for name, _ in questions(NANO)] == ["kind", "color", "motion", "heading", "set", "light"]


def test_every_scene_of_the_full_world_has_its_answers() -> None:
    config = ReadOutConfig(answers=questions(FULL), places=FULL.max_cast)
    scenes = [draw_scene(FULL, seed) for seed in range(300)]
    right = answer_indices(scenes, config)
    for column, (name, answers) in enumerate(config.answers):
        assert set(right[:, column].tolist()) - {UNASKED} <= set(range(len(answers))), name
        assert (right[:, column] != UNASKED).any(), name
    count = [name for name, _ in config.answers].index("count")
    assert (right[:, count] + 1).tolist() == [len(scene.cast) for scene in scenes]
    assert ((cast_indices(scenes, config)[..., 0] != UNASKED).sum(1) == right[:, count] + 1).all()


def test_the_first_place_is_the_leftmost_actor_not_the_first_named() -> None:
    right = truth(TWO)
    assert (right["kind"], right["kind 2"]) == ("fox", "cat")
    assert (right["motion"], right["motion 2"]) == ("jump", "walk")
    assert right["heading 2"] == "left" and "heading" not in right
    assert (right["count"], right["weather"]) == ("2", "rain")


def test_what_cannot_be_seen_is_not_asked() -> None:
    assert "relation" not in truth(TWO)
    carried = replace(TWO, relations=(Relation(kind="carries", subject=0, object=1),))
    assert truth(carried)["relation"] == "carries" and sum(name.startswith("motion") for name in truth(carried)) == 1
    follows = Camera(move="follow")
    assert truth(replace(TWO, camera=follows))["camera"] == "follow"
    assert "camera" not in truth(replace(TWO, camera=follows, cast=TWO.cast[1:]))
    assert truth(replace(TWO, cast=()))["count"] == "0"
