"""Spans of time, and sound cut into windows: the same whatever the blocks that it comes in."""

import numpy as np
import pytest

from rushes.media.sound import Windows
from rushes.media.spans import as_one, spans


def test_runs_of_flags_between_edges() -> None:
    flags, edges = np.array([1, 1, 0, 1, 0, 0, 1], bool), np.array([0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.2])
    assert spans(flags, edges, 0.0) == ((0.0, 1.0), (1.5, 2.0), (3.0, 3.2))
    assert spans(flags, edges, 0.5) == ((0.0, 1.0), (1.5, 2.0))
    assert spans(np.zeros(0, bool), np.zeros(1), 0.0) == ()


def test_spans_that_are_closer_than_a_gap_are_one() -> None:
    assert as_one([(0.0, 1.0), (1.2, 2.0), (2.1, 3.0), (4.0, 5.0)], 0.3) == [(0.0, 3.0), (4.0, 5.0)]
    assert as_one([(0.0, 1.0), (1.5, 2.0)], 0.5) == [(0.0, 1.0), (1.5, 2.0)]  # as far apart as the gap
    assert as_one([], 1.0) == []


@pytest.mark.parametrize("lengths", [(100,), (1,) * 100, (7, 0, 40, 53), (99, 1)])
def test_windows_do_not_hang_on_the_blocks(lengths: tuple[int, ...]) -> None:
    samples = np.arange(200, dtype=np.float32).reshape(100, 2)
    windows = Windows(30)
    cut = np.concatenate([windows.cut(block) for block in np.split(samples, np.cumsum(lengths)[:-1])])
    assert np.array_equal(cut, samples[:90].reshape(3, 30, 2))
    assert np.array_equal(windows.rest, samples[90:])
