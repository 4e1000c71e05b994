"""Spans of time, as (start, end) in seconds: where something holds."""

from collections.abc import Sequence

import numpy as np

Span = tuple[float, float]  # seconds: start, end


def spans(flags: np.ndarray, edges: np.ndarray, shortest: float) -> tuple[Span, ...]:
    """Runs of true flags as (start, end). edges: (N + 1,) seconds, where flag i holds from edges[i] to edges[i + 1]."""
    padded = np.concatenate([[False], flags, [False]])
    starts, ends = np.flatnonzero(padded[1:] & ~padded[:-1]), np.flatnonzero(padded[:-1] & ~padded[1:])
    found = [(float(edges[a]), float(edges[b])) for a, b in zip(starts, ends, strict=True)]
    return tuple((a, b) for a, b in found if b - a >= shortest - 1e-9)


def as_one(found: Sequence[Span], apart: float) -> list[Span]:
    """Spans with less than `apart` seconds between them, as one."""
    joined: list[Span] = []
    for start, end in found:
        if joined and start - joined[-1][1] < apart:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
