"""Paths read off clips against true ones: a perfect reading scores 0, a known fault scores that fault."""

import numpy as np
import pytest
import torch

from rushes.backlot.motion import frame_times
from rushes.backlot.scene import Action, Actor, Scene
from rushes.backlot.where import on_screen
from rushes.backlot.world import FULL, NANO, draw_scene
from rushes.model.localiser import Located, attention_target
from rushes.model.readout import ReadOutConfig
from rushes.training.paths import UNITS, measure, named
from rushes.training.questions import answer_indices, cast_indices, questions
from rushes.training.readout_stage import answer_loss, ruined, true_places

FPS, WIDTH, HEIGHT = 12.0, 224, 128
ONE = ReadOutConfig(answers=questions(NANO), places=1)
THREE = ReadOutConfig(answers=questions(FULL), places=3)


def perfect(scene: Scene, config: ReadOutConfig) -> Located:
    """What a localiser without error would find."""
    places, who = true_places([scene], config, frame_times(scene, FPS))
    kinds, colors = len(config.names("kind")), len(config.names("color"))
    named = [
        torch.nn.functional.one_hot(w.clamp(min=0), n) * 20.0
        for w, n in zip(who.unbind(-1), (kinds, colors), strict=True)
    ]
    return Located(
        attention=torch.zeros(*places.shape[:3], 1),
        box=places[..., :3].clone(),
        present=torch.where(places[..., 3] > 0.3, 5.0, -5.0),
        kind=named[0],
        color=named[1],
        features=torch.zeros(*places.shape[:3], 1),
    )


def does(motion: str, x: float = 0.0) -> Scene:
    action = Action(motion=motion, end=2.125, distance=0.75)
    return Scene(cast=(Actor(kind="fox", color="red", size=0.4, x=x, actions=(action,)),), seconds=2.125)


@pytest.mark.parametrize(("world", "config"), [(NANO, ONE), (FULL, THREE)])
def test_a_perfect_reading_has_no_error(world, config: ReadOutConfig) -> None:
    for seed in range(60):
        scene = draw_scene(world, seed)
        aspect = config.width / config.height
        found = measure(perfect(scene, config), 0, scene, config, FPS, round(HEIGHT * aspect), HEIGHT)
        for name, values in found.items():
            right = 100 if UNITS[name].startswith("% of ") and name != "position" else 0
            np.testing.assert_allclose(values, right, atol=1e-3, err_msg=f"{name} of scene {seed}")


def test_the_names_are_kept_when_actors_pass_each_other() -> None:
    cast = tuple(
        Actor(
            kind=kind, color="red", size=0.3, x=-0.5 * way, actions=(Action(motion="walk", heading=way, distance=1.0),)
        )
        for kind, way in (("fox", 1), ("cat", -1))
    )
    scene = Scene(cast=cast, seconds=2.0)
    found = measure(perfect(scene, THREE), 0, scene, THREE, FPS, WIDTH, HEIGHT)
    np.testing.assert_allclose(found["position"], [0, 0], atol=1e-4)
    np.testing.assert_allclose(found["kind never lost"], [100, 100])
    np.testing.assert_allclose(found["crossing"], [0, 0], atol=1e-4)


def test_a_known_shift_is_measured() -> None:
    located = perfect(does("stand"), ONE)
    located.box[..., 0] += 0.05
    found = measure(located, 0, does("stand"), ONE, FPS, WIDTH, HEIGHT)
    assert found["position"] == pytest.approx([5.0], abs=1e-3)
    assert found["position in pixels"] == pytest.approx([11.2], abs=1e-2)


def test_a_later_walk_is_late() -> None:
    asked, drawn = does("walk", x=-0.4), does("walk", x=-0.5)
    found = measure(perfect(drawn, ONE), 0, asked, ONE, FPS, WIDTH, HEIGHT)
    assert found["event happens"] == [100.0]
    assert found["crossing"] == pytest.approx([0.1 * 2.125 / 0.75], abs=0.01)


def test_an_event_that_is_not_drawn_is_counted() -> None:
    found = measure(perfect(does("stand", x=-0.4), ONE), 0, does("walk", x=-0.4), ONE, FPS, WIDTH, HEIGHT)
    assert found["event happens"] == [0.0] and "crossing" not in found


@pytest.mark.parametrize("motion", ["fall", "jump"])
def test_half_the_gravity_is_measured(motion: str) -> None:
    scene = does(motion)
    located = perfect(scene, ONE)
    y = located.box[..., 1]
    located.box[..., 1] = y[:, -1:] + (y - y[:, -1:]) / 2
    found = measure(located, 0, scene, ONE, FPS, WIDTH, HEIGHT)
    assert found[f"{motion} acceleration"] == pytest.approx([50.0], abs=0.5)


def test_a_kind_that_drifts_is_lost() -> None:
    located = perfect(does("stand"), ONE)
    frames = located.kind.shape[1]
    located.kind[:, frames // 2 :] = 0
    located.kind[:, frames // 2 :, :, ONE.names("kind").index("cat")] = 9
    found = measure(located, 0, does("stand"), ONE, FPS, WIDTH, HEIGHT)
    assert found["kind never lost"] == [0.0]
    assert found["kind in each frame"] == pytest.approx([100 * (frames // 2) / frames])
    assert found["color in each frame"] == [100.0]


def test_attention_is_asked_where_the_actor_is() -> None:
    target = attention_target(torch.tensor([[0.5, 0.5, 0.4], [0.31, 0.77, 0.4], [-3.0, 9.0, 0.4]]), 8, 14).view(
        3, 8, 14
    )
    torch.testing.assert_close(target.sum((1, 2)), torch.ones(3))
    rows, columns = (torch.arange(8) + 0.5) / 8, (torch.arange(14) + 0.5) / 14
    assert float((target[1].sum(1) * rows).sum()) == pytest.approx(0.77, abs=1e-5)
    assert float((target[1].sum(0) * columns).sum()) == pytest.approx(0.31, abs=1e-5)
    assert target[2, 7, 0] == 1  # outside: the nearest cell of the edge


def test_who_is_where_is_sorted_from_the_left_in_each_frame() -> None:
    scene = Scene(cast=(Actor(kind="cat", x=0.5), Actor(kind="fox", x=-0.5)))
    places, who = true_places([scene], THREE, np.zeros(1))
    fox, cat = (THREE.names("kind").index(name) for name in ("fox", "cat"))
    assert who[0, 0, :, 0].tolist() == [fox, cat, -1] and places[0, 0, 2].sum() == 0
    assert cast_indices([scene], THREE)[0, :, 0].tolist() == [cat, fox, -1]
    assert places[0, 0, 0, 0] == pytest.approx(on_screen(scene, np.zeros(1))[1].x[0])


def test_who_cannot_tell_names_nothing() -> None:
    chances = np.log(np.array([[0.9, 0.1], [0.45, 0.55], [0.5, 0.5]]))
    assert named(chances, 0.6).tolist() == [0, -1, -1]
    assert named(chances, 0.0).tolist() == [0, 1, 0]


def test_of_ruined_clips_no_kind_is_learned() -> None:
    video = torch.rand(2, 3, 3, 64, 112)
    cloudy = torch.tensor([True, False])
    left = ruined(video, cloudy)
    assert torch.equal(left[1], video[1])
    assert left[0].diff(dim=-1).abs().mean() < video[0].diff(dim=-1).abs().mean() / 4

    right = answer_indices([does("stand")] * 2, ONE)
    logits = {name: torch.zeros(2, len(answers), requires_grad=True) for name, answers in ONE.answers}
    confident = {
        **logits,
        "kind": logits["kind"] + 9 * torch.nn.functional.one_hot(right[:, 0], len(ONE.names("kind"))),
    }
    unsure = answer_loss(logits, right, cloudy, ONE)["kind"], answer_loss(confident, right, cloudy, ONE)["kind"]
    assert unsure[1] > unsure[0]  # certainty about the ruined one costs more than it gains on the other
    sure = answer_loss(confident, right, torch.tensor([False, False]), ONE)["kind"]
    assert sure < 0.01
