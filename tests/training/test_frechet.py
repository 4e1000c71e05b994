"""The Fréchet distance where its value is known."""

import numpy as np
import pytest

from rushes.training.frechet import components, distances, frechet_distance


def gaussian(mean: float, deviation: float, count: int = 40_000) -> np.ndarray:
    return mean + deviation * np.random.default_rng(0).standard_normal((count, 3))


def test_between_gaussians_it_is_the_closed_form() -> None:
    assert frechet_distance(gaussian(0, 1), gaussian(0, 1)) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(gaussian(0, 1), gaussian(2, 1)) == pytest.approx(3 * 4, rel=1e-6)
    assert frechet_distance(gaussian(0, 1), gaussian(0, 3)) == pytest.approx(3 * (3 - 1) ** 2, rel=0.03)


def test_it_sees_what_is_correlated() -> None:
    straight = gaussian(0, 1)
    tilted = straight @ np.array([[1, 0.9, 0], [0, 0.44, 0], [0, 0, 1.0]])  # the same deviations, nearly
    assert 0.1 < frechet_distance(straight, tilted) < 2


def test_components_have_deviation_one() -> None:
    data = np.random.default_rng(1).standard_normal((200, 8)) * np.array([9, 5, 3, 2, 1, 1, 1, 1])
    mean, basis = components(data, 3)
    np.testing.assert_allclose(((data - mean) @ basis).std(0), 1, rtol=1e-6)


def test_clips_of_another_kind_are_farther_than_the_floor() -> None:
    rng = np.random.default_rng(2)
    reference, true, drawn = (rng.standard_normal((100, 20)) for _ in range(3))
    found = distances({"true": true, "drawn": drawn + 1}, reference)
    assert found["drawn"] > 3 * found["true"] > 0
    assert distances({"true": true[:8]}, reference[:8]) == {}
