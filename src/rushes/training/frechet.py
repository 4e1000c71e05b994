"""Fréchet distance between two sets of clips, in features of the read-out.

Not comparable with any published FVD: other features, other clips, fewer of them, and only their first components.
Read it beside its floor, the distance between two sets of true clips of the same size.
"""

from __future__ import annotations

import numpy as np

COMPONENTS = 24  # of the features: a covariance must be fitted from a hundred clips


def frechet_distance(these: np.ndarray, those: np.ndarray) -> float:
    """|m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of two sets (N, D) and (M, D) of features, as if they were Gaussian
    (doi:10.1016/0047-259X(82)90077-X)."""
    first, second = np.cov(these, rowvar=False), np.cov(those, rowvar=False)
    # the eigenvalues of C1 C2 are those of the symmetric C1^(1/2) C2 C1^(1/2)
    values, vectors = np.linalg.eigh(first)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root @ second @ root).clip(0)).sum()
    apart = ((these.mean(0) - those.mean(0)) ** 2).sum()
    return float(apart + np.trace(first) + np.trace(second) - 2 * cross)


def components(reference: np.ndarray, count: int = COMPONENTS) -> tuple[np.ndarray, np.ndarray]:
    """Mean (D,) and map (D, k) to the first components of `reference` (N, D), each of deviation 1 on it; k is `count`,
    or fewer where N is small."""
    mean = reference.mean(0)
    _, spread, axes = np.linalg.svd(reference - mean, full_matrices=False)
    kept = min(count, len(reference) // 4, len(spread))
    return mean, axes[:kept].T * (np.sqrt(len(reference)) / spread[:kept])


def distances(named: dict[str, np.ndarray], reference: np.ndarray) -> dict[str, float]:
    """Distance of each set of features (N, D) to `reference`, in its first components. {} for less than 16 clips."""
    if len(reference) < 16:
        return {}
    mean, basis = components(reference)
    against = (reference - mean) @ basis
    return {name: frechet_distance((features - mean) @ basis, against) for name, features in named.items()}
