"""Sets, light and weather: that they are what their names say, alike at any size, and the same every time."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
import torch
from torch import Tensor

from rushes.backlot.draw import stages
from rushes.backlot.draw.light import light_of
from rushes.backlot.draw.palette import RGB
from rushes.backlot.draw.renderer import render
from rushes.backlot.draw.stages import View
from rushes.backlot.motion import camera_track
from rushes.backlot.scene import CAMERA_MOVES, LIGHTS, SETS, WEATHERS, Action, Actor, Camera, Scene
from rushes.backlot.where import GROUND

TIMES = np.array([0.0, 0.5])


def view(scene: Scene, times: np.ndarray = TIMES, width: int = 64, height: int = 36) -> View:
    return View(
        scene=scene,
        times=torch.as_tensor(times, dtype=torch.float32),
        camera=camera_track(scene, times),
        height=height,
        width=width,
    )


def picture(scene: Scene, times: np.ndarray = TIMES, width: int = 64, height: int = 36) -> Tensor:
    """(T, 3, H, W): the set without a cast, graded."""
    seen = view(scene, times, width, height)
    return stages.foreground(stages.background(seen).contiguous(), seen)


def shift_of(before: Tensor, after: Tensor, most: int) -> int:
    """Columns by which the picture (3, h, w) moved to the left."""
    width = before.shape[-1]
    costs = [(before[..., s:] - after[..., : width - s]).abs().mean().item() for s in range(most + 1)]
    return int(np.argmin(costs))


@pytest.mark.parametrize("name", SETS)
def test_every_set_light_and_weather_is_a_picture(name: str) -> None:
    for light in LIGHTS:
        for weather in WEATHERS:
            frames = picture(Scene(set=name, light=light, weather=weather, seed=3))
            assert frames.shape == (2, 3, 36, 64)
            assert torch.isfinite(frames).all()
            assert frames.min() >= 0 and frames.max() <= 1
            assert frames.std() > 0.02, (name, light, weather)  # something is to be seen


def test_every_camera_move_paints_the_whole_frame() -> None:
    for name in SETS:
        for move in CAMERA_MOVES[1:]:
            zoom = 1.8 if move.endswith("in") else 0.6
            scene = Scene(set=name, camera=Camera(move=move, amount=0.8, zoom=zoom), cast=(Actor(kind="fox"),))
            frames = picture(scene, np.array([0.0, 2.0]))
            assert torch.isfinite(frames).all() and (frames.sum(1) > 0.02).float().mean() > 0.99, (name, move)


@pytest.mark.parametrize("light", ["day", "night"])
def test_sets_are_told_apart_by_nearest_mean(light: str) -> None:
    def features(seed: int) -> Tensor:
        scenes = [Scene(set=name, light=light, seed=seed) for name in SETS]
        return torch.stack([picture(scene, np.array([0.3]), 32, 18)[0].flatten() for scene in scenes])

    means = torch.stack([features(seed) for seed in range(6)]).mean(0)
    found = [torch.cdist(features(seed), means).argmin(1) for seed in range(20, 23)]
    right = (torch.stack(found) == torch.arange(len(SETS))).float().mean().item()
    assert right >= 0.95, f"{right:.2f} of the sets at {light} are nearest to their own mean"


@pytest.mark.parametrize("name", SETS)
def test_same_composition_at_two_sizes(name: str) -> None:
    for weather in ("clear", "snow"):
        scene = Scene(set=name, weather=weather, seed=5)
        large = picture(scene, np.array([0.4]), 512, 288)
        small = picture(scene, np.array([0.4]), 128, 72)
        apart = (torch.nn.functional.avg_pool2d(large, 4) - small).abs()
        assert apart.mean() < 0.012, (weather, apart.mean())
        assert (apart.amax(1) > 0.25).float().mean() < 0.02


def test_seed_decides_everything() -> None:
    for name in SETS:
        scene = Scene(set=name, weather="rain", seed=8)
        assert torch.equal(picture(scene), picture(scene))
        other = picture(Scene(set=name, weather="rain", seed=9))
        assert (picture(scene) - other).abs().mean() > 0.002, name


def test_a_frame_alone_is_the_frame_of_its_clip() -> None:
    """Stretches of frames reuse what stands still: the last stretch must not differ from a frame painted alone."""
    times = np.arange(9) / 8
    for name, move, weather in (
        ("sea", "still", "clear"),
        ("meadow", "still", "leaves"),
        ("city", "pan_left", "storm"),
    ):
        scene = Scene(set=name, weather=weather, camera=Camera(move=move), seed=2)
        clip = picture(scene, times, 640, 360)
        for t in (0, 5, 8):
            alone = picture(scene, times[t : t + 1], 640, 360)[0]
            assert (clip[t] - alone).abs().max() < 1e-4, (name, t)


def test_pan_moves_near_layers_more_than_far_ones() -> None:
    frames = [
        picture(Scene(set="mountains", seed=1, camera=Camera(x=x)), np.array([0.0]), 448, 252)[0] for x in (0.0, 0.2)
    ]
    rows = {"peaks": (0.55, 0.70), "ground": (0.03, 0.30)}
    moved = {
        name: shift_of(*(f[:, int((1 - high) * 252) : int((1 - low) * 252)] for f in frames), 60)
        for name, (low, high) in rows.items()
    }
    assert moved["ground"] == pytest.approx(0.2 * 448 / 2, abs=2)  # with the cast
    assert 0 < moved["peaks"] < 0.3 * moved["ground"]


def test_still_camera_keeps_the_ground_still() -> None:
    for name in ("meadow", "forest", "desert", "snowfield", "city"):
        frames = picture(Scene(set=name), np.array([0.0, 2.0]), 128, 72)
        assert torch.equal(frames[0, :, 48:], frames[1, :, 48:]), name


def test_weather_moves_and_is_seen() -> None:
    for name in ("meadow", "room"):
        clear = picture(Scene(set=name), np.array([0.5]), 128, 72)
        for weather in WEATHERS[1:]:
            frames = picture(Scene(set=name, weather=weather), np.array([0.5, 0.7]), 128, 72)
            assert (frames[0] - clear[0]).abs().mean() > 5e-4, (name, weather)
            assert not torch.equal(frames[0], frames[1]), (name, weather)


def test_storm_is_dark_and_flashes() -> None:
    times = np.arange(60) / 12
    storm = picture(Scene(set="meadow", weather="storm"), times).mean((1, 2, 3))
    clear = picture(Scene(set="meadow"), TIMES).mean()
    assert storm.median() < clear - 0.08
    assert storm.max() > storm.median() + 0.08  # lightning


def test_rain_greys_the_sky_and_a_storm_darkens_it() -> None:
    clear, rain, storm = (light_of(Scene(weather=weather)).sky for weather in ("clear", "rain", "storm"))
    for blue, grey, dark in zip(clear, rain, storm, strict=True):
        assert max(grey) - min(grey) < max(blue) - min(blue)
        assert max(dark) < min(grey)


def test_a_shadow_pales_as_who_casts_it_rises() -> None:
    def ground(*cast: Actor) -> float:
        return float(
            render([Scene(cast=cast)], fps=1, width=128, height=72)[0, 0, :, int(72 * (1 - GROUND)), 64].mean()
        )

    low, high = (ground() - ground(Actor(kind="ball", size=0.3, y=y)) for y in (0.15, 0.4))
    assert low > 2 * high > 0.02


def test_lights_order_brightness_and_keep_colours_apart() -> None:
    for name in SETS:
        day, night = (picture(Scene(set=name, light=light)).mean() for light in ("day", "night"))
        assert night < day, name
    swatches = torch.tensor(list(RGB.values()))[:, :, None, None].expand(-1, -1, 8, 8)
    for light in LIGHTS:
        scene = Scene(set="city", light=light)
        graded = stages.foreground(swatches.clone(), view(scene, np.arange(len(RGB)) / 8, 8, 8))[:, :, 0, 0]
        for (a, one), (b, other) in combinations(zip(RGB, graded, strict=True), 2):
            assert (one - other).norm() > 0.15, (light, a, b)


def test_sea_stands_before_what_floats() -> None:
    scene = Scene(set="sea")
    white = torch.ones(2, 3, 72, 128)
    wet = stages.foreground(white.clone(), view(scene, TIMES, 128, 72))
    assert torch.equal(wet[:, :, :48], white[:, :, :48])  # dry above a third of the height
    under = wet[:, :, 58:].mean((0, 2, 3))
    assert under[2] > under[0] + 0.1 and under[0] > 0.1  # blue, and what is in it still shows


@pytest.mark.parametrize("name", ["meadow", "forest", "desert", "snowfield", "mountains", "city", "beach", "room"])
def test_ground_reaches_behind_the_deepest_actor(name: str) -> None:
    frame = picture(Scene(set=name, seed=4), np.array([0.0]), 320, 180)[0]

    def row(height: float) -> Tensor:
        return frame[:, int((1 - height) * 180)].mean(-1)

    floor = torch.stack([row(h) for h in (0.16, 0.24, 0.30)])
    assert torch.cdist(row(0.33)[None], floor).min() < (row(0.33) - row(0.62)).norm()


def test_batch_equals_single_scenes() -> None:
    fox = Actor(kind="fox", color="orange", actions=(Action(motion="walk"),))
    scenes = [
        Scene(set="sea", weather="rain", cast=(fox,), seed=1),
        Scene(set="forest", light="night", cast=(fox,), camera=Camera(move="pan_left"), seed=2),
        Scene(set="city", weather="storm", seed=3),
    ]
    together = render(scenes, fps=4, width=96, height=54)
    for scene, clip in zip(scenes, together, strict=True):
        assert (render([scene], fps=4, width=96, height=54)[0] - clip).abs().max() < 1e-5
