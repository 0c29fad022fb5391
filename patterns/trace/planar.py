"""Whether curves on the torus cross: what tolerance allows one curve may bring it across its neighbor."""

import numpy as np

from patterns.lattice import Grid
from patterns.trace.bezier import flattened, straight
from patterns.trace.graph import UNIT

# Chords that stand for a curve: at the tolerances of tracing they are within a hundredth of a pixel of it.
_PIECES = 8
# DE-9IM: the interiors have a point in common. Curves that only meet at their ends have not.
_CROSS = "T********"


def crossing(curves: np.ndarray, grid: Grid) -> np.ndarray:
    """Return which curves (N, 4, 2) int64 in UNITs cross another, a copy of themselves, or themselves, (N,) bool."""
    import shapely

    if not len(curves):
        return np.zeros(0, bool)
    start = curves[:, 0]
    y, x = grid.wrap(start[:, 1] // UNIT, start[:, 0] // UNIT)
    home = np.stack([x, y], axis=1) * UNIT - start // UNIT * UNIT
    lines = _lines(curves + home[:, None])
    found = ~shapely.is_simple(lines)
    boxes = shapely.bounds(lines)
    tree = shapely.STRtree(lines)
    around = (*boxes[:, :2].min(axis=0).tolist(), *boxes[:, 2:].max(axis=0).tolist())
    for shift in _shifts(grid, around):
        moved = boxes + np.array([*shift, *shift])
        near = np.flatnonzero(
            (moved[:, 0] <= around[2]) & (moved[:, 2] >= around[0])
            & (moved[:, 1] <= around[3]) & (moved[:, 3] >= around[1])
        )  # fmt: skip
        copies = shapely.transform(lines[near], lambda xy, by=shift: xy + by) if any(shift) else lines[near]
        copy, other = tree.query(copies)
        pair = (near[copy] < other) if not any(shift) else np.ones(len(copy), bool)
        copy, other = copy[pair], other[pair]
        cross = shapely.relate_pattern(copies[copy], lines[other], _CROSS)
        found[near[copy[cross]]] = True
        found[other[cross]] = True
    return found


def _shifts(grid: Grid, box: tuple[float, float, float, float]) -> list[tuple[int, int]]:
    """Return the lattice vectors in UNITs by which something in a box may still meet it; one of each pair +v, -v."""
    width, height = (box[2] - box[0]) / UNIT, (box[3] - box[1]) / UNIT
    vectors = grid.translations(-width, -height, width + 1, height + 1)
    return [(x * UNIT, y * UNIT) for x, y in vectors if (y, x) >= (0, 0)]


def _lines(curves: np.ndarray) -> np.ndarray:
    import shapely

    points = flattened(curves.astype(np.float64), _PIECES)
    kept = np.ones(points.shape[:2], bool)
    kept[straight(curves), 1:-1] = False
    owner = np.repeat(np.arange(len(curves)), kept.sum(axis=1))
    return np.asarray(shapely.linestrings(points[kept], indices=owner), dtype=object)
