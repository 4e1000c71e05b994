"""The animals and people of the backlot: drawn, inside their canvases, in their colours, and moving."""

import math
from typing import Any

import pytest
import torch

from rushes.backlot.cast import BY_NAME, KINDS
from rushes.backlot.draw.brush import Brush, Canvas, Pattern, Pose
from rushes.backlot.draw.palette import RGB, palette, pattern_color
from rushes.backlot.draw.renderer import REACH, render
from rushes.backlot.draw.rigs import RIGS
from rushes.backlot.scene import ACCESSORIES, COLORS, Actor, Scene

ALIVE = [kind.name for kind in KINDS if kind.group in ("animal", "person")]


def poses(**fields: list[float]) -> Pose:
    """A pose with one canvas for each value; what is not named is 0."""
    count = len(next(iter(fields.values())))
    names = ("stride", "gait", "flap", "wave", "time", "glow")
    return Pose(**{name: torch.tensor(fields.get(name, [0.0] * count), dtype=torch.float32) for name in names})


def draw(kind: str, pose: Pose, colors: list[str], accessory: str = "none", pixels: int = 40) -> Canvas:
    """The kind, `pixels` high, on canvases that reach 1.3 units around its middle."""
    n = len(colors)
    side = math.ceil(2.6 * pixels)
    canvas = Canvas(color=torch.zeros(n, 3, side, side), alpha=torch.zeros(n, 1, side, side))
    matrix = torch.tensor([[1 / pixels, 0.0], [0.0, -1 / pixels]]).expand(n, 2, 2)
    offset = torch.tensor([-1.3, 1.75]).expand(n, 2)
    like: dict[str, Any] = {"dtype": torch.float32, "device": torch.device("cpu")}
    pattern = Pattern("plain", pattern_color(colors, **like))
    RIGS[kind](Brush(canvas, matrix, offset, palette(colors, **like), pattern, accessory), pose)
    return canvas


def moving(steps: int = 12) -> Pose:
    """Walking, running, flapping and waving at different times and phases of the gait."""
    i = range(steps)
    return poses(
        stride=[2 * math.pi * k / 7 for k in i],
        gait=[(0.0, 1.0, 1.6)[k % 3] for k in i],
        flap=[(k // 2) % 2 for k in i],
        wave=[(0.0, 1.0)[(k // 3) % 2] for k in i],
        time=[0.173 * k for k in i],
    )


def test_every_animal_and_person_has_a_rig():
    assert [name for name in ALIVE if name not in RIGS] == []


@pytest.mark.parametrize("kind", ALIVE)
def test_draws_in_a_small_picture(kind):
    empty = render([Scene(seconds=0.5)], fps=2, width=112, height=64)
    actor = Actor(kind=kind, color="purple", size=BY_NAME[kind].size)
    shown = render([Scene(cast=(actor,), seconds=0.5)], fps=2, width=112, height=64)
    changed = ((shown - empty).abs().amax(2) > 0.1).sum()
    assert changed > 0.25 * (64 * actor.size) ** 2


@pytest.mark.parametrize("kind", ALIVE)
def test_stays_within_the_circle_that_no_spin_cuts(kind):
    pose = moving()
    for accessory in ACCESSORIES:
        alpha = draw(kind, pose, ["red"] * len(pose.time), accessory, 28).alpha
        at = (torch.arange(alpha.shape[-1]) + 0.5) / 28 - 1.3
        outside = torch.sqrt(at[None, :] ** 2 + at[:, None] ** 2) > REACH
        assert alpha[:, :, outside].max() == 0, accessory


@pytest.mark.parametrize("kind", ALIVE)
def test_stands_on_the_ground_and_fills_its_height(kind):
    alpha = draw(kind, poses(time=[0.4]), ["red"]).alpha[0, 0]
    rows = torch.nonzero(alpha.amax(1) > 0.5)[:, 0]
    top, bottom = 1.75 - float(rows[0]) / 40, 1.75 - float(rows[-1] + 1) / 40
    assert -0.06 < bottom < 0.16
    assert 0.72 < top - bottom < 1.15


@pytest.mark.parametrize("kind", ALIVE)
def test_its_colour_is_the_one_asked_for(kind):
    canvas = draw(kind, poses(time=[0.4] * len(COLORS)), list(COLORS))
    names = list(RGB)
    known = torch.tensor([RGB[name] for name in names])
    for n, color in enumerate(COLORS):
        covered = canvas.alpha[n, 0] > 0.99
        pixels = canvas.color[n][:, covered].T  # (pixels, 3)
        nearest = torch.cdist(pixels, known).argmin(1)
        counts = torch.bincount(nearest, minlength=len(names))
        assert names[int(counts.argmax())] == color, dict(zip(names, counts.tolist(), strict=True))


@pytest.mark.parametrize("kind", ALIVE)
def test_moves_when_it_walks_and_when_it_waves(kind):
    walking = draw(kind, poses(stride=[0.3, 1.9], gait=[1.0, 1.0]), ["blue"] * 2).color
    waving = draw(kind, poses(wave=[0.0, 1.0], time=[0.5, 0.5]), ["blue"] * 2).color
    for pair in (walking, waving):
        assert ((pair[0] - pair[1]).abs().amax(0) > 0.1).sum() > 12


@pytest.mark.parametrize("kind", [name for name in ALIVE if BY_NAME[name].habitat == "air"])
def test_wings_beat(kind):
    beating = draw(kind, poses(flap=[1.0, 1.0], time=[0.08, 0.22]), ["blue"] * 2).color
    assert ((beating[0] - beating[1]).abs().amax(0) > 0.1).sum() > 40


@pytest.mark.parametrize("kind", ALIVE)
def test_wears_what_it_is_given(kind):
    pose = poses(time=[0.4])
    bare = draw(kind, pose, ["green"]).color
    for accessory in ACCESSORIES[1:]:
        worn = draw(kind, pose, ["green"], accessory).color
        assert ((worn - bare).abs().amax(1) > 0.2).sum() > 6, accessory


@pytest.mark.parametrize("kind", ALIVE)
def test_faces_left_as_a_mirror_image(kind):
    actor = Actor(kind=kind, color="orange", size=0.5)
    turned = Actor(kind=kind, color="orange", size=0.5, facing=-1)
    empty, right, left = (
        render([Scene(set="stage", cast=cast, seconds=0.5)], fps=2, width=96, height=64)[0, 0]
        for cast in ((), (actor,), (turned,))
    )
    right, left = (right - empty).abs().amax(0) > 0.15, (left - empty).abs().amax(0) > 0.15
    mirrored = left.flip(-1)
    assert (right & mirrored).sum() > 0.8 * (right | mirrored).sum()
