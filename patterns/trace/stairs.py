"""Stair steps: what is left of an edge in an index map, made a line again that stays within half a pixel.

Without coverages an edge is known to lie between two pixel centers and no better. Each point slides between those
two, and the outline is passed through Taubin's filter ("A signal processing approach to fair surface design", 1995),
which takes out what alternates faster than in some ten pixels and does not shrink the rest. Where two straight runs of
some length meet, the stair is a corner, and stays.
"""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from patterns.trace.graph import Arcs

# Taubin's two steps, for a pass band of about 0.1 rad per point; and how often they are made.
_SHRINK, _GROW, _TIMES = 0.5, -0.5263, 40
# Loops of fewer cracks are themselves such alternations.
_SHORTEST_LOOP = 16
# Runs of so many cracks on both sides of a turn make it a corner.
_RUN = 4
_APART = 1 / 64


def smoothed(found: "Arcs", heading: np.ndarray) -> "Arcs":
    """Return the arcs of an index map with their stair steps taken out.

    ``heading`` is the direction of each crack, one after the other as the arcs have them.
    """
    if not len(found.left):
        return found
    inner = _inner(found)
    movable = np.zeros(len(found.points), bool)
    small = found.closed & (np.diff(found.starts) <= _SHORTEST_LOOP)
    movable[inner] = ~_corners(found, heading) & ~np.repeat(small, np.diff(found.starts))[inner]
    along_row = np.zeros(len(found.points), bool)
    along_row[inner] = heading % 2 == 1
    axis = along_row.astype(np.int64)  # a crack along a row moves up and down
    index = np.flatnonzero(movable)
    before, after, gap = _neighbors(found, index, axis)
    value = found.points[index, axis[index]].copy()
    middle = value.copy()
    points = found.points.copy()
    for step in (_SHRINK, _GROW) * _TIMES:
        mean = (points[before, axis[index]] + points[after, axis[index]] + gap) / 2
        value = np.clip(value + step * (mean - value), middle - 0.5 + _APART, middle + 0.5 - _APART)
        points[index, axis[index]] = value
        _close(points, found)
    return replace(found, points=points)


def _inner(found: "Arcs") -> np.ndarray:
    """Return which points are cracks' and not nodes or loops' ends, in order."""
    kept = np.ones(len(found.points), bool)
    kept[found.starts[1:] - 1] = False
    kept[found.starts[:-1][~found.closed]] = False
    return np.flatnonzero(kept)


def _close(points: np.ndarray, found: "Arcs") -> None:
    closed = found.closed
    points[found.starts[1:][closed] - 1] = points[found.starts[:-1][closed]] + found.shift[closed]


def _neighbors(found: "Arcs", index: np.ndarray, axis: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (the points before, after, and by how much less the point before lies back than it seems)."""
    arc = np.searchsorted(found.starts, index, side="right") - 1
    first = index == found.starts[arc]  # of a loop: before it comes the last but one, less the loop's shift
    before = np.where(first, found.starts[arc + 1] - 2, index - 1)
    gap = np.where(first, -found.shift[arc, axis[index]], 0)
    return before, index + 1, gap


def _corners(found: "Arcs", heading: np.ndarray) -> np.ndarray:
    """Return which cracks lie beside a corner: where two runs of _RUN cracks or more meet, (N,) bool."""
    counts = np.diff(found.starts) - np.where(found.closed, 1, 2)
    starts = np.cumsum(counts) - counts
    arc = np.repeat(np.arange(len(counts)), counts)
    rank = np.arange(len(arc)) - starts[arc]
    begins = np.ones(len(arc), bool)
    begins[1:] = (heading[1:] != heading[:-1]) | (arc[1:] != arc[:-1])
    run = np.cumsum(begins) - 1
    length = np.bincount(run)
    # The first and last run of a loop are one if they head the same way.
    last = starts + counts - 1
    joined = found.closed & (heading[starts] == heading[last]) & (run[starts] != run[last])
    total = length[run[starts[joined]]] + length[run[last[joined]]]
    length[run[starts[joined]]] = length[run[last[joined]]] = total
    after = np.where(rank + 1 < counts[arc], np.arange(len(arc)) + 1, starts[arc])
    has_after = (rank + 1 < counts[arc]) | found.closed[arc]
    turn = has_after & (heading[after] != heading) & (length[run] >= _RUN) & (length[run[after]] >= _RUN)
    beside = turn.copy()
    beside[after[turn]] = True
    return beside
