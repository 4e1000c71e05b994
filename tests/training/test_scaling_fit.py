"""Scaling fits find laws that are known, are not led astray, and say how sure they are; charts put things in place."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from rushes.training.chart import Axes, Series, draw_chart, ticks
from rushes.training.scaling_fit import (
    Point,
    draw_fit,
    fit_compute,
    fit_size_and_data,
    interval,
    predict,
    read_points,
)

FLOOR, SCALE, EXPONENT = 0.4, 8e3, 0.38


def points(noise: float = 0.0, seed: int = 0, each: int = 2) -> list[Point]:
    """Runs of five sizes on a known law."""
    rng = np.random.default_rng(seed)
    amounts = np.repeat(np.geomspace(1e11, 1e13, 5), each)
    return [Point(flops=c, loss=truth(c) * (1 + noise * rng.standard_normal())) for c in amounts]


def truth(flops: float) -> float:
    return FLOOR + SCALE * float(flops) ** -EXPONENT


def test_a_known_law_is_found() -> None:
    law = fit_compute(points())
    assert law.floor == pytest.approx(FLOOR, abs=1e-3)
    assert law.exponents[0] == pytest.approx(EXPONENT, rel=1e-2)
    assert law.noise < 1e-4
    assert law(flops=1e15) == pytest.approx(truth(1e15), rel=1e-3)


def test_one_run_that_went_wrong_does_not_lead_astray() -> None:
    some = points(noise=0.001, each=3)
    some[4] = replace(some[4], loss=some[4].loss * 1.5)
    assert fit_compute(some).at(Point(loss=0, flops=5e13)) == pytest.approx(truth(5e13), rel=0.02)


def test_size_and_data_are_told_apart() -> None:
    rows = [(n, d) for n in np.geomspace(1e5, 1e7, 4) for d in np.geomspace(1e6, 1e8, 3)]
    some = [Point(parameters=n, tokens=d, loss=0.4 + 300 * n**-0.5 + 100 * d**-0.3) for n, d in rows]
    law = fit_size_and_data(some)
    assert law.exponents == (pytest.approx(0.5, rel=0.03), pytest.approx(0.3, rel=0.03))
    assert law(parameters=1e8, tokens=1e9) == pytest.approx(0.4 + 300e-4 + 100 * 1e9**-0.3, rel=1e-3)
    with pytest.raises(ValueError, match="grow together"):
        fit_size_and_data([Point(parameters=n, tokens=20 * n, loss=1 + 1 / n) for n in range(10, 20)])


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    held = 0
    for seed in range(12):
        some = points(noise=0.005, seed=seed)
        said = predict(fit_compute(some), some, Point(loss=0, flops=5e13), draws=40)
        held += said.low <= truth(5e13) <= said.high
        assert said.low < said.loss < said.high
    assert held >= 8


def test_more_noise_widens_what_is_said() -> None:
    widths = []
    for noise in (0.002, 0.02):
        some = points(noise=noise)
        said = predict(fit_compute(some), some, Point(loss=0, flops=5e13), draws=40)
        widths.append(said.high - said.low)
        low, high = interval([law.floor for law in said.draws])
        assert low <= high
    assert widths[1] > 2 * widths[0]


def test_the_same_points_give_the_same_prediction() -> None:
    some = points(noise=0.005)
    law, target = fit_compute(some), Point(loss=0, flops=5e13)
    assert predict(law, some, target, draws=20) == predict(law, some, target, draws=20)


@pytest.mark.parametrize(
    ("some", "said"),
    [
        (points(each=1)[:3], "too few"),
        (points()[:2] * 5, "too few"),
        ([replace(p, loss=1 / p.loss) for p in points()], "does not fall"),
        ([replace(points()[0], loss=float("nan")), *points()[1:]], "finite"),
    ],
)
def test_what_no_law_fits_is_said(some: list[Point], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        fit_compute(some)


def test_points_are_read_and_drawn(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"result\.json"):
        read_points(tmp_path)
    for index, point in enumerate(points(noise=0.005)):
        (tmp_path / str(index)).mkdir()
        result = {"width": 64, "flops": point.flops, "loss": point.loss}
        (tmp_path / str(index) / "result.json").write_text(json.dumps(result))
    found = read_points(tmp_path)
    assert len(found) == 10 and found[3].flops == points()[3].flops
    law = fit_compute(found)
    said = predict(law, found, Point(loss=0, flops=5e13), draws=20)
    draw_fit(found, law, said, tmp_path / "fit.png", measured=[Point(flops=5e13, loss=truth(5e13))])
    assert Image.open(tmp_path / "fit.png").size == (640, 400)


def test_a_chart_puts_points_where_they_belong() -> None:
    axes = Axes(size=(200, 100), margin=(0, 0, 0, 0), log_x=True)
    dots = [Series(points=[(x, y)], dots=True, width=6, colour="#ff0000") for x, y in ((1, 0), (10, 5), (100, 10))]
    picture = draw_chart(dots, axes)
    assert picture.getpixel((100, 50)) == (255, 0, 0)  # the middle of both axes
    assert picture.getpixel((100, 75)) != (255, 0, 0)
    with pytest.raises(ValueError, match="nothing"):
        draw_chart([Series(points=[(0.0, 1.0)])], axes)


def test_ticks_are_round_and_within() -> None:
    assert ticks(0.0, 1.0, False) == pytest.approx([0, 0.2, 0.4, 0.6, 0.8, 1.0])
    assert ticks(0.9e3, 1.1e6, True) == [1e3, 1e4, 1e5, 1e6]
    assert all(0.37 <= tick <= 0.44 for tick in ticks(0.37, 0.44, True)) and len(ticks(0.37, 0.44, True)) > 2
