"""Rigs of vehicles, food, things and plants: they show, stay on their canvas, keep their colour, and move."""

from __future__ import annotations

import pytest
import torch

from rushes.backlot.draw.brush import Brush, Canvas, Pattern, Pose
from rushes.backlot.draw.palette import RGB, palette, pattern_color
from rushes.backlot.draw.renderer import REACH, render
from rushes.backlot.draw.rigs_food import RIGS as FOOD
from rushes.backlot.draw.rigs_plants import RIGS as PLANTS
from rushes.backlot.draw.rigs_things import RIGS as THINGS
from rushes.backlot.draw.rigs_vehicles import RIGS as VEHICLES
from rushes.backlot.scene import COLORS, PATTERNS, Action, Actor, Scene

RIGS = {**VEHICLES, **FOOD, **THINGS, **PLANTS}
SIDE = 72  # pixels of a test canvas, which spans REACH units either way of the actor's middle


def drawn(
    kind: str, colors: list[str], *, angle: torch.Tensor | float = 0.0, pattern: str = "plain", **pose: torch.Tensor
) -> Canvas:
    """The kind on N canvases, one per colour; fields of the pose left out are 0."""
    n = len(colors)
    unit = SIDE / 2 / REACH
    matrix = torch.diag(torch.tensor([1 / unit, -1 / unit])).expand(n, 2, 2).contiguous()
    offset = torch.tensor([-REACH, REACH + 0.45]).expand(n, 2).contiguous()
    canvas = Canvas(color=torch.zeros(n, 3, SIDE, SIDE), alpha=torch.zeros(n, 1, SIDE, SIDE))
    brush = Brush(canvas, matrix, offset, palette(colors), Pattern(pattern, pattern_color(colors)))
    brush = brush.joint((0.0, 0.45), angle).joint((0.0, -0.45))
    names = ("stride", "gait", "flap", "wave", "time", "glow")
    RIGS[kind](brush, Pose(**{name: pose.get(name, torch.zeros(n)) for name in names}))
    return canvas


def poses(n: int) -> dict[str, torch.Tensor]:
    """N poses from a rest to a run, by day and by night."""
    ramp = torch.linspace(0, 1, n)
    return {
        "stride": ramp * 23,
        "gait": (ramp * 7 % 1) * 1.6,
        "flap": (ramp * 3 % 1).round(),
        "wave": ramp * 5 % 1,
        "time": ramp * 4,
        "glow": (ramp * 11 % 1).round(),
    }


def distance_to_middle() -> torch.Tensor:
    """(SIDE, SIDE) in actor units."""
    axis = (torch.arange(SIDE) + 0.5) / SIDE * 2 * REACH - REACH
    return torch.hypot(axis[None, :], axis[:, None])


def test_the_four_groups_hold_what_they_should():
    assert [len(group) for group in (VEHICLES, FOOD, THINGS, PLANTS)] == [7, 5, 9, 4]
    assert len(RIGS) == 25


@pytest.mark.parametrize("kind", RIGS)
def test_shows_on_a_small_frame(kind: str):
    def scene(*cast: Actor) -> Scene:
        return Scene(set="meadow", seconds=0.5, cast=cast)

    actor = Actor(kind=kind, color="pink", actions=(Action(motion="walk", distance=0.3),))
    pictures = render([scene(), scene(actor)], fps=4, width=112, height=64)  # (2, 2, 3, 64, 112)
    changed = ((pictures[1] - pictures[0]).abs().amax(1) > 0.1).float().mean((-2, -1))
    assert changed.min() > 0.015
    assert pictures.abs().max() <= 1 + 1e-5


@pytest.mark.parametrize("kind", RIGS)
def test_stays_on_its_canvas_in_every_pose_and_at_every_angle(kind: str):
    canvas = drawn(kind, ["red"] * 24, **poses(24))
    outside = (distance_to_middle() > REACH - 2.5 * REACH / SIDE).float()  # what a turn could carry over the border
    assert (canvas.alpha * outside).max() == 0
    assert canvas.alpha.isfinite().all() and canvas.color.isfinite().all()
    by_day = drawn(kind, ["red"] * 24, **{**poses(24), "glow": torch.zeros(24)})
    assert (by_day.color <= by_day.alpha + 1e-4).all()


@pytest.mark.parametrize("kind", RIGS)
def test_stands_on_its_standing_point(kind: str):
    rows = drawn(kind, ["red"]).alpha[0, 0].amax(-1) > 0.5
    lowest, highest = rows.nonzero()[-1].item(), rows.nonzero()[0].item()
    unit = SIDE / 2 / REACH
    ground = (REACH + 0.45) * unit
    assert abs(ground - (lowest + 1)) <= 0.08 * unit + 1
    assert 0.75 <= (ground - highest) / unit <= 1.25


@pytest.mark.parametrize("kind", RIGS)
def test_is_mostly_of_its_colour(kind: str):
    canvas = drawn(kind, list(COLORS))
    solid = canvas.alpha[:, 0] > 0.95
    names = torch.tensor([RGB[name] for name in COLORS])
    for n, name in enumerate(COLORS):
        pixels = canvas.color[n].permute(1, 2, 0)[solid[n]]  # (P, 3)
        nearest = torch.cdist(pixels, names).argmin(-1)
        votes = torch.bincount(nearest, minlength=len(COLORS))
        assert COLORS[int(votes.argmax())] == name, f"a {name} {kind} looks {COLORS[int(votes.argmax())]}"


@pytest.mark.parametrize("kind", RIGS)
def test_patterns_show(kind: str):
    plain = drawn(kind, ["blue"]).color
    for pattern in PATTERNS[1:]:
        changed = (drawn(kind, ["blue"], pattern=pattern).color - plain).abs().amax(1) > 0.1
        assert changed.float().sum() > 0.06 * (plain.amax(1) > 0).float().sum(), pattern


@pytest.mark.parametrize("kind", RIGS)
def test_moves_when_it_goes_and_when_it_waves(kind: str):
    n = torch.zeros(3)
    still = drawn(kind, ["red"] * 3, time=n + 0.3)
    going = drawn(kind, ["red"] * 3, time=n + 0.3, gait=n + 1, stride=torch.tensor([0.7, 1.6, 4.1]))
    waving = drawn(kind, ["red"] * 3, time=torch.tensor([0.125, 0.25, 0.375]), wave=n + 1)
    for moved in (going, waving):
        assert (moved.color - still.color).abs().max() > 0.2
        assert (moved.color[0] - moved.color[-1]).abs().max() > 0.2


@pytest.mark.parametrize("kind", ["lantern", "car", "rocket", "balloon", "cake", "train", "bus", "boat"])
def test_shines_at_night(kind: str):
    canvas = drawn(kind, ["blue"] * 2, glow=torch.tensor([0.0, 1.0]))
    warmer = (canvas.color[1, 0] - canvas.color[0, 0]).clamp(min=0).sum()
    assert warmer > 5 and canvas.alpha[1].sum() >= canvas.alpha[0].sum()


def test_wheels_turn_with_the_distance_rolled_and_hold_still_without():
    n = torch.zeros(2)
    rolled = drawn("car", ["red"] * 2, gait=n + 1, stride=torch.tensor([0.0, 0.628]))
    parked = drawn("car", ["red"] * 2, stride=torch.tensor([0.0, 0.628]))
    wheels = slice(SIDE * 5 // 8 - 4, SIDE)
    assert (rolled.color[0] - rolled.color[1])[:, wheels].abs().max() > 0.2
    assert torch.equal(parked.color[0], parked.color[1])
