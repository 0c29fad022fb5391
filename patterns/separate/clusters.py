"""Weighted k-means: the centers that leave the least squared error, the same for the same points.

Seeds are chosen greedily (Arthur and Vassilvitskii, "k-means++: the advantages of careful seeding", 2007, section 7,
with the candidates taken by rank), and if asked several times as first published; Lloyd's steps follow, and then
centers are moved from where they help least to where they are missed most, as long as that lowers the error.
"""

from collections.abc import Iterator

import numpy as np

_CANDIDATES = 24
_STEPS = 60
_SWAPS, _SPARES = 24, 4
# A step that lowers the error by less than this share ends the search.
_SETTLED = 1e-5
# More points than this are searched on coarser ones, and settled on all of them.
_MANY = 12_000


def k_means(
    points: np.ndarray, weights: np.ndarray, count: int, *, kept: np.ndarray | None = None, starts: int = 0
) -> np.ndarray:
    """Return up to ``count`` centers (K, 3) of points (N, 3) with weights (N,); fewer only if there are fewer points.

    ``kept`` (M, 3) are centers to start with, beside those that are found. So many more ``starts`` are tried, which
    takes as many times as long. The same input gives the same centers.
    """
    few, few_weights = _coarser(points, weights) if len(points) > _MANY else (points, weights)
    centers = np.empty((0, 3)) if kept is None else kept
    while len(centers) < min(count, len(few)):
        centers = np.vstack([centers, _next_seed(few, few_weights, centers)])
    centers, error = _lloyd(few, few_weights, centers, _STEPS)
    for start in _starts(few, few_weights, len(centers), starts):
        trial, found = _lloyd(few, few_weights, start, _STEPS)
        if found < error:
            centers, error = trial, found
    centers = _swapped(few, few_weights, centers, error, _SPARES + starts)
    return centers if few is points else _lloyd(points, weights, centers, _STEPS // 4)[0]


def _starts(points: np.ndarray, weights: np.ndarray, count: int, starts: int) -> Iterator[np.ndarray]:
    """Yield other seeds (K, 3): k-means++ as published, always with the same numbers."""
    rng = np.random.default_rng(0)
    for _ in range(starts):
        chosen = [int(rng.choice(len(points), p=weights / weights.sum()))]
        nearest = ((points - points[chosen[0]]) ** 2).sum(axis=1)
        while len(chosen) < count:
            missed = nearest * weights
            chosen.append(int(rng.choice(len(points), p=missed / missed.sum())))
            nearest = np.minimum(nearest, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
        yield points[chosen]


def _swapped(points: np.ndarray, weights: np.ndarray, centers: np.ndarray, error: float, spares: int) -> np.ndarray:
    """Return the centers with those that help least moved to where they are missed, while that lowers the error."""
    for _ in range(_SWAPS if len(centers) > 1 else 0):
        for spare in _least_missed(points, weights, centers)[:spares]:
            trial = np.delete(centers, spare, axis=0)
            trial = np.vstack([trial, _next_seed(points, weights, trial)])
            trial, found = _lloyd(points, weights, trial, _STEPS)
            if found < error * (1 - _SETTLED):
                centers, error = trial, found
                break
        else:
            return centers
    return centers


def squared_distances(points: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """Return squared distances (N, K) of points (N, 3) to centers (K, 3)."""
    return np.stack([((points - center) ** 2).sum(axis=1) for center in centers], axis=1)


def _lloyd(points: np.ndarray, weights: np.ndarray, centers: np.ndarray, steps: int) -> tuple[np.ndarray, float]:
    error = np.inf
    for _ in range(steps):
        squared = squared_distances(points, centers)
        own = squared.argmin(axis=1)
        found = float((squared[np.arange(len(points)), own] * weights).sum())
        mass = np.bincount(own, weights, len(centers))
        sums = np.stack([np.bincount(own, weights * axis, len(centers)) for axis in points.T], axis=1)
        centers = np.where(mass[:, None] > 0, sums / np.maximum(mass, 1e-300)[:, None], centers)
        if found >= error * (1 - _SETTLED):
            return centers, found
        error = found
    return centers, error


def _next_seed(points: np.ndarray, weights: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """Return the point that, as one more center, leaves the least error; (3,)."""
    nearest = squared_distances(points, centers).min(axis=1) if len(centers) else np.full(len(points), np.inf)
    missed = nearest * weights if len(centers) else weights
    tried = points[np.argsort(-missed, kind="stable")[:_CANDIDATES]]
    left = [(np.minimum(nearest, ((points - seed) ** 2).sum(axis=1)) * weights).sum() for seed in tried]
    return tried[int(np.argmin(left))]


def _least_missed(points: np.ndarray, weights: np.ndarray, centers: np.ndarray) -> np.ndarray:
    """Return the numbers of the centers (K,), the one first whose points would be least worse off without it."""
    squared = squared_distances(points, centers)
    own = squared.argmin(axis=1)
    best = squared[np.arange(len(points)), own]
    squared[np.arange(len(points)), own] = np.inf
    return np.bincount(own, (squared.min(axis=1) - best) * weights, len(centers)).argsort(kind="stable")


def _coarser(points: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the means of points that share a cell of space, with cells so large that few are left."""
    size = 1.0
    while True:
        cells = np.floor(points / size).astype(np.int64)
        _, own = np.unique(cells @ np.array([1, 1 << 16, 1 << 32]), return_inverse=True)
        count = int(own.max()) + 1
        if count <= _MANY:
            mass = np.bincount(own, weights, count)
            return np.stack([np.bincount(own, weights * axis, count) / mass for axis in points.T], axis=1), mass
        size *= 1.4
