"""Facets: edges made of straight cuts, as a knife, a gouge or scissors leave them.

Scattered points go to the nearest edge, and what is near the edges is parted among them, each pixel to the nearest.
In each part an ink's edge becomes its tangent at the point, but never farther than a tolerance from where it was.
"""

import numpy as np

from patterns.hand.chance import Points
from patterns.hand.cloth import Cloth, depth, nearest


def facetted(indices: np.ndarray, cloth: Cloth, points: Points, size_mm: tuple[float, float]) -> np.ndarray:
    """Return indices (H, W) whose edges are straight cuts; ``size_mm`` is (length of a cut, tolerance)."""
    length, tolerance = (cloth.px(v) for v in size_mm)
    # A tangent's point may lie two lengths away.
    reach = int(2 * length)
    margin = 2 * reach + 2
    padded = cloth.pad(indices, margin)
    if (padded == padded[0, 0]).all():
        return indices
    near, parts, offsets = _parts(padded, points.around(cloth.grid, margin), (0.5 * length, tolerance + 2))
    best = np.full(len(near), -np.inf, np.float32)
    chosen = padded.ravel()[near]
    for ink in np.flatnonzero(np.bincount(indices.ravel())):
        distance = _signed((padded == ink).view(np.uint8), reach)
        true = distance.ravel()[near]
        straight = true + _trusted(_straight(distance, parts, offsets) - true, tolerance)
        better = straight > best
        best[better], chosen[better] = straight[better], ink
    padded.ravel()[near] = chosen
    return cloth.cell(padded, margin)


def _trusted(change: np.ndarray, tolerance: float) -> np.ndarray:
    """Return changes of the edge up to a tolerance as they are; larger ones fade, for they are of another edge."""
    size = np.abs(change)
    return change * np.clip(2 * tolerance / np.maximum(size, 1e-3) - 1, 0, 1)


def _signed(mask: np.ndarray, reach: float) -> np.ndarray:
    return np.clip(depth(mask), 0, reach) - np.clip(depth(1 - mask), 0, reach)


def _parts(
    padded: np.ndarray, points: Points, widths: tuple[float, float]
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """Return the flat pixels near an edge (N,), the points (rows, columns) with each pixel's own (N,), and offsets.

    Offsets (2, N) are from the pixel's point, down and across. ``widths`` are how far from an edge points count, and
    pixels, in px.
    """

    away, (edge_rows, edge_columns), closest = _edges(padded)
    close = np.flatnonzero(away[points.rows, points.columns] <= widths[0])
    foot = closest[points.rows[close], points.columns[close]]
    rows, columns = edge_rows[foot], edge_columns[foot]
    near = np.flatnonzero(away <= widths[1])
    free = np.ones(padded.shape, np.uint8)
    free[rows, columns] = 0
    rows, columns = np.nonzero(free == 0)
    _, labels = nearest(free)
    order = np.zeros(int(labels.max()) + 1, np.intp)
    order[labels[rows, columns]] = np.arange(len(rows))
    own = order[labels.ravel()[near]]
    y, x = np.divmod(near, padded.shape[1])
    return near, (rows, columns, own), np.stack([y - rows[own], x - columns[own]]).astype(np.float32)


def _edges(padded: np.ndarray) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Return how far in px each pixel is from an edge, the edges' rows and columns, and which of them is nearest."""

    edge = np.zeros(padded.shape, np.uint8)
    edge[:-1] |= padded[:-1] != padded[1:]
    edge[:, :-1] |= padded[:, :-1] != padded[:, 1:]
    rows, columns = np.nonzero(edge)
    away, labels = nearest(1 - edge)
    order = np.zeros(int(labels.max()) + 1, np.intp)
    order[labels[rows, columns]] = np.arange(len(rows))
    return away, (rows, columns), order[labels]


def _straight(
    distance: np.ndarray, parts: tuple[np.ndarray, np.ndarray, np.ndarray], offsets: np.ndarray
) -> np.ndarray:
    """Return the signed distance (N,) that the points foretell: their own, and its slope times the way."""
    import cv2

    rows, columns, own = parts
    soft = cv2.GaussianBlur(distance, (0, 0), 3)
    y, x = rows.clip(4, soft.shape[0] - 5), columns.clip(4, soft.shape[1] - 5)
    down = soft[y + 4, x] - soft[y - 4, x]
    across = soft[y, x + 4] - soft[y, x - 4]
    steep = np.maximum(np.hypot(down, across), np.float32(1e-3))
    down, across = down / steep, across / steep
    return soft[rows, columns][own] + down[own] * offsets[0] + across[own] * offsets[1]
