"""Corners: where a boundary turns at once, between sides that run on as they came.

Sampled at pixels a corner is cut off, by up to half a pixel. It is found by how much of the turning around a place
happens within a pixel of it (of a circle's, however small, less than two thirds), and put where its sides meet.
"""

from dataclasses import dataclass, replace

import numpy as np

from patterns.trace.graph import Arcs

# Arc lengths in px: nothing between the sides and the corner, then the sides, then how the sides go on.
_NEAR, _FAR, _FURTHER = 1.5, 3.5, 6.0
# A turn of this many degrees is a corner, if the sides turn less than this share of it.
_SHARP, _CALM = 38.0, 0.4
# A corner lies at most this far from the polyline that cut it off, in px.
_REACH = 1.25


@dataclass(frozen=True, slots=True)
class Outline:
    """Arcs with their corners: loops that have any begin at one, and points that cut a corner off are gone.

    ``corner`` (N,) says which of ``arcs.points`` are corners; ``along`` (N,) is the length of arc from its begin, px.
    """

    arcs: Arcs
    corner: np.ndarray
    along: np.ndarray


def walked(points: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """Return the length of polyline before each point, from the begin of its arc, (N,) px."""
    if not len(points):
        return np.zeros(0)
    step = np.zeros(len(points))
    step[1:] = steps(points)
    step[starts[:-1]] = 0
    total = np.cumsum(step)
    return total - np.repeat(total[starts[:-1]], np.diff(starts))


def steps(points: np.ndarray) -> np.ndarray:
    """Return the lengths between points, (N - 1,) px, in whole 2^-24 px: their sums are exact, in whatever order."""
    return np.rint(np.hypot(*np.diff(points, axis=0).T) * 2**24) / 2**24


class Path:
    """Arcs by length: where one is after so many pixels. Loops go on; open arcs stop at their ends."""

    def __init__(self, arcs: Arcs) -> None:
        self.arcs, self.along = arcs, walked(arcs.points, arcs.starts)
        self.arc = np.repeat(np.arange(len(arcs.left)), np.diff(arcs.starts))
        self.length = self.along[arcs.starts[1:] - 1] if len(arcs.left) else np.zeros(0)
        # One length for all arcs one after the other, with a gap of 1 between them.
        self.base = np.concatenate([[0.0], np.cumsum(np.ceil(self.length) + 1)])[:-1]
        self.total = self.base[self.arc] + self.along if len(self.arc) else np.zeros(0)

    def at(self, arc: np.ndarray, length: np.ndarray) -> np.ndarray:
        """Return the points (N, 2) at lengths (N,) of arcs (N,)."""
        whole = self.length[arc]
        turns = np.where(self.arcs.closed[arc], np.floor_divide(length, np.maximum(whole, 1e-9)), 0)
        inside = np.clip(length - turns * whole, 0, whole)
        place = self.base[arc] + inside
        x, y = (np.interp(place, self.total, axis) for axis in self.arcs.points.T)
        return np.stack([x, y], axis=1) + turns[:, None] * self.arcs.shift[arc]


def outline(arcs: Arcs) -> Outline:
    """Return the arcs with their corners found, sharpened, and loops begun at one."""
    path = Path(arcs)
    where, sharp = _sharpened(path, *_candidates(path))
    points, corner = arcs.points.copy(), np.zeros(len(arcs.points), bool)
    points[where], corner[where] = sharp, True
    ends = arcs.starts[1:] - 1
    # A loop's last point is its first again.
    points[ends] = np.where(arcs.closed[:, None], points[arcs.starts[:-1]] + arcs.shift, points[ends])
    cut = _cut_off(path, where, corner)
    return _begun_at_corners(replace(arcs, points=points), corner, ~cut)


def _angle(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the unsigned angle between directions (N, 2), degrees."""
    cross = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    return np.degrees(np.abs(np.arctan2(cross, (first * second).sum(axis=1))))


def _candidates(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Return (the points (M,) that are corners, their sides (M, 4, 2): far, near, near, far)."""
    arcs, arc = path.arcs, path.arc
    last = np.zeros(len(arc), bool)
    last[arcs.starts[1:] - 1] = True
    room = np.minimum(path.along, path.length[arc] - path.along) if len(arc) else path.along
    # Loops have room all around, if they are long enough to have sides; open arcs none beyond their nodes.
    fits = np.where(arcs.closed[arc], path.length[arc] >= 2 * _FAR, room >= (_NEAR + _FAR) / 2)
    index = np.flatnonzero(fits & ~last)
    own = arc[index]
    offsets = (-_FURTHER, -_FAR, -_NEAR, _NEAR, _FAR, _FURTHER)
    far0, side0, near0, near1, side1, far1 = (path.at(own, path.along[index] + offset) for offset in offsets)
    turn = _angle(near0 - side0, side1 - near1)
    enough = np.where(arcs.closed[own], path.length[own], 2 * room[index]) >= 2 * _FURTHER
    sway = np.maximum(_angle(side0 - far0, near0 - side0), _angle(side1 - near1, far1 - side1))
    corner = (turn >= _SHARP) & (~enough | (sway <= _CALM * turn))
    score = np.zeros(len(arc))
    score[index] = np.where(corner, turn, 0)
    kept = corner & _highest(path, index, score)
    return index[kept], np.stack([side0, near0, near1, side1], axis=1)[kept]


def _highest(path: Path, index: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Return whether each point scores most among its arc's points near it; of equals the first."""
    starts, arcs = path.arcs.starts, path.arcs
    own = path.arc[index]
    begin, count = starts[own], np.diff(starts)[own] - arcs.closed[own]
    highest = np.ones(len(index), bool)
    for step in range(1, 5):
        for sign in (-1, 1):
            rank = index - begin + sign * step
            inside = arcs.closed[own] | ((rank >= 0) & (rank < count))
            other = begin + np.mod(rank, np.maximum(count, 1))
            beats = (score[other] >= score[index]) if sign < 0 else (score[other] > score[index])
            highest &= ~(inside & beats & (other != index))
    return highest


def _sharpened(path: Path, index: np.ndarray, sides: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (the corners whose sides meet near them, where they meet (M, 2))."""
    if not len(index):
        return index, np.zeros((0, 2))
    along0, along1 = sides[:, 1] - sides[:, 0], sides[:, 2] - sides[:, 3]
    cross = along0[:, 0] * along1[:, 1] - along0[:, 1] * along1[:, 0]
    gap = sides[:, 2] - sides[:, 1]
    share = (gap[:, 0] * along1[:, 1] - gap[:, 1] * along1[:, 0]) / np.where(np.abs(cross) < 1e-9, np.inf, cross)
    meet = sides[:, 1] + share[:, None] * along0
    near = np.hypot(*(meet - path.arcs.points[index]).T) <= _REACH
    return index, np.where(near[:, None], meet, path.arcs.points[index])


def _cut_off(path: Path, where: np.ndarray, corner: np.ndarray) -> np.ndarray:
    """Return which points lie within a pixel of a corner on their arc, and are no corner or end themselves."""
    cut = np.zeros(len(corner), bool)
    arcs, begin = path.arcs, path.arcs.starts[path.arc[where]]
    count = np.diff(arcs.starts)[path.arc[where]] - arcs.closed[path.arc[where]]
    for step in (-3, -2, -1, 1, 2, 3):
        rank = where - begin + step
        closed = arcs.closed[path.arc[where]]
        other = begin + np.where(closed, np.mod(rank, np.maximum(count, 1)), np.clip(rank, 0, count - 1))
        gap = np.abs(path.along[other] - path.along[where])
        gap = np.where(closed, np.minimum(gap, path.length[path.arc[where]] - gap), gap)
        cut[other[gap < _NEAR]] = True
    cut[corner] = False
    fixed = np.concatenate([arcs.starts[:-1][~arcs.closed], arcs.starts[1:][~arcs.closed] - 1])
    cut[fixed] = False
    return cut


def _begun_at_corners(arcs: Arcs, corner: np.ndarray, kept: np.ndarray) -> Outline:
    """Return the outline with loops turned to begin at their first corner, and only the points kept."""
    starts, arc = arcs.starts, np.repeat(np.arange(len(arcs.left)), np.diff(arcs.starts))
    place = np.arange(len(arc))
    kept, corner = kept.copy(), corner.copy()
    last = starts[1:] - 1
    closed = arcs.closed
    kept[last[closed]] = False  # put back below, as the first again
    first = np.where(closed, starts[:-1], len(arc))
    has = np.full(len(closed), len(arc))
    np.minimum.at(has, arc[corner], place[corner])
    lead = np.full(len(closed), len(arc))
    np.minimum.at(lead, arc[kept], place[kept])
    first = np.where(closed, np.where(has < len(arc), has, lead), starts[:-1])
    moved = place < first[arc]
    order = np.lexsort((place, moved, arc))
    order = order[kept[order]]
    points = arcs.points[order] + np.where(moved[order], 1, 0)[:, None] * arcs.shift[arc[order]]
    lengths = np.bincount(arc[order], minlength=len(closed))
    grown = np.concatenate([[0], np.cumsum(lengths + closed)])
    target = np.arange(len(order)) + np.cumsum(np.concatenate([[0], closed]))[:-1][arc[order]]
    all_points, all_corner = np.empty((grown[-1], 2)), np.zeros(grown[-1], bool)
    all_points[target], all_corner[target] = points, corner[order]
    loop_begin, loop_end = grown[:-1][closed], grown[1:][closed] - 1
    all_points[loop_end] = all_points[loop_begin] + arcs.shift[closed]
    all_corner[loop_end] = all_corner[loop_begin]
    made = replace(arcs, points=all_points, starts=grown)
    return Outline(made, all_corner, walked(all_points, grown))
