"""The cheapest cut through a band, exactly: a shortest path between the pixels.

A cut parts the pixels of a band, (R, C), into those above, the first row always among them, and those below, the last
row always among them. Its cost is the sum over the neighbors that it parts. In a plane the cheapest such cut is a
shortest path in the dual graph, whose points are the corners between the pixels: from the left side to the right one
(``open_cut``), or around, where the last column meets the first (``closed_cut``).

The way around is Reif's (SIAM J. Comput. 12, 1983): a shortest path from the upper side to the lower is crossed once by
some cheapest cut, so that the cut is a shortest path from a point of it to the same point one turn on. Which point is
found by branch and bound: from all points of an interval to all of them one turn on is a lower bound for each, and the
cut itself where the ends agree.
"""

import heapq
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Cut:
    """Which pixels (R, C) lie above the cut, and what it costs; ``paths`` were computed to prove it cheapest."""

    above: np.ndarray
    cost: float
    paths: int


def open_cut(below: np.ndarray, beside: np.ndarray) -> Cut:
    """Return the cheapest cut from the left side to the right.

    ``below`` (R - 1, C) is the cost of parting a pixel from the one below, ``beside`` (R, C - 1) from the one to its
    right; all positive.
    """
    rows, columns = below.shape
    web = _Web(below, np.pad(beside[1:-1], ((0, 0), (1, 1)), constant_values=np.inf), rows)
    starts = web.at(np.arange(rows), 0)
    walk = web.shortest(starts, web.at(np.arange(rows), columns))
    return Cut(_above(walk.points, web, columns), walk.cost, 1)


def closed_cut(below: np.ndarray, beside: np.ndarray) -> Cut:
    """Return the cheapest cut that goes once around: ``beside`` (R, C) parts also the last column from the first."""
    rows, columns = below.shape
    assert columns > 2, "two columns would meet each other on both sides"
    rung = _rung(below, beside)
    first, last = int(rung[:, 1].min()), int(rung[:, 1].max())
    # The cover: as many columns as reach from the rung to the rung one turn on.
    turns = np.arange(first, last + columns) % columns
    upright = beside[1:-1][:, (np.arange(first, last + columns + 1) - 1) % columns]
    web = _Web(below[:, turns], upright, rows)
    starts = web.at(rung[:, 0], rung[:, 1] - first)
    walk, paths = _cheapest_turn(web, starts, starts + columns * rows)
    cut = np.zeros((rows, columns), np.int64)
    row, column = web.steps(walk.points)
    np.add.at(cut, (row, (column + first) % columns), 1)
    return Cut(_parity(cut), walk.cost, paths + 1)


@dataclass(frozen=True, slots=True)
class _Walk:
    points: np.ndarray
    cost: float
    ends: tuple[int, int]


class _Web:
    """The dual graph of a band: corners in ``rows`` rows, counted down the columns.

    ``level`` (rows, C) is the cost of a step to the right, and ``upright`` (rows - 1, C + 1) of one down.
    """

    def __init__(self, level: np.ndarray, upright: np.ndarray, rows: int, *, turn: bool = False) -> None:
        from scipy.sparse import csr_matrix

        columns = upright.shape[1]
        self.rows, count = rows, rows * columns
        number = np.arange(count).reshape(columns, rows).T
        ends = np.roll(number, -1, axis=1) if turn else number[:, 1:]
        here = np.concatenate([number[:, : level.shape[1]].ravel(), number[:-1].ravel()])
        there = np.concatenate([ends.ravel(), number[1:].ravel()])
        cost = np.concatenate([level.ravel(), upright.ravel()])
        open_ = np.isfinite(cost)
        pairs = (np.concatenate([here[open_], there[open_]]), np.concatenate([there[open_], here[open_]]))
        self.graph: Any = csr_matrix((np.tile(cost[open_], 2), pairs), shape=(count, count))

    def at(self, row: np.ndarray, column: np.ndarray | int) -> np.ndarray:
        return np.asarray(column) * self.rows + row

    def shortest(self, starts: np.ndarray, goals: np.ndarray, *, most: float = np.inf) -> _Walk:
        """Return the shortest walk from any start to any goal; its cost is infinite if it exceeds ``most``."""
        from scipy.sparse.csgraph import dijkstra

        cost, before, _ = dijkstra(self.graph, indices=starts, min_only=True, return_predecessors=True, limit=most)
        goal = int(goals[np.argmin(cost[goals])])
        points = [goal]
        if not np.isfinite(cost[goal]):
            return _Walk(np.array(points), np.inf, (0, 0))
        while before[points[-1]] >= 0:
            points.append(int(before[points[-1]]))
        return _Walk(np.array(points[::-1]), float(cost[goal]), (points[-1], goal))

    def steps(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (rows, columns) of the steps to a side in a walk: the column is that of the pixels they pass."""
        column = points // self.rows
        level = column[1:] != column[:-1]
        return (points % self.rows)[1:][level], np.minimum(column[1:], column[:-1])[level]


def _rung(below: np.ndarray, beside: np.ndarray) -> np.ndarray:
    """Return a shortest path from the upper corners to the lower ones, (n, 2): rows, and columns of the cover."""
    rows, columns = below.shape
    web = _Web(below, beside[1:-1][:, (np.arange(columns) - 1) % columns], rows, turn=True)
    points = web.shortest(
        web.at(np.zeros(columns, int), np.arange(columns)), web.at(rows - 1, np.arange(columns))
    ).points
    column = points // rows
    step = (np.diff(column) + 1) % columns - 1
    return np.stack([points % rows, np.concatenate([column[:1], column[0] + np.cumsum(step)])], axis=1)


def _cheapest_turn(web: _Web, starts: np.ndarray, goals: np.ndarray) -> tuple[_Walk, int]:
    """Return the cheapest walk from a start to the goal of the same number, and how many paths proved it."""
    number = {int(point): k for k, point in enumerate(starts)} | {int(point): k for k, point in enumerate(goals)}
    walk = web.shortest(starts, goals)
    waiting = [(walk.cost, 0, (0, len(starts)), walk)]
    paths = 1
    while True:
        _, _, (first, stop), walk = heapq.heappop(waiting)
        begin, end = (number[point] for point in walk.ends)
        if begin == end:
            return walk, paths
        middle = (begin + end + 1) // 2
        for part in ((first, middle), (middle, stop)):
            walk = web.shortest(starts[slice(*part)], goals[slice(*part)])
            paths += 1
            heapq.heappush(waiting, (walk.cost, paths, part, walk))


def _above(points: np.ndarray, web: _Web, columns: int) -> np.ndarray:
    cut = np.zeros((web.rows, columns), np.int64)
    np.add.at(cut, web.steps(points), 1)
    return _parity(cut)


def _parity(cut: np.ndarray) -> np.ndarray:
    """Return which pixels (R, C) lie above, of how often each pair (R - 1, C) is parted: a walk may turn back."""
    passed = np.concatenate([np.zeros((1, cut.shape[1]), np.int64), cut.cumsum(axis=0)])
    return passed % 2 == 0
