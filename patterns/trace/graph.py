"""The boundaries between labels on a torus: cracks between pixels, gathered into arcs that end where three meet.

A crack is the side that two pixels of unlike labels share. It is directed so that the lower label lies on its left;
so along an arc, which parts the same two labels all the way, every crack points the same way. Vertices are pixel
corners, wrapped on the lattice: each crack exists once, whatever copies of the tile it separates.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.trace.chains import ordered
from patterns.trace.crossings import positions
from patterns.trace.stairs import smoothed

# Curves are whole numbers of a pixel's 256th, so that joints are identical and areas add up exactly.
UNIT = 256
# The four cracks at a vertex, clockwise on a page whose y points down; a crack that heads one way arrives opposite.
NORTH, EAST, SOUTH, WEST = range(4)
_STEP_X, _STEP_Y = np.array([0, 1, 0, -1]), np.array([-1, 0, 1, 0])
# Two labels meet crosswise at a vertex: the pixels north-west and south-east are joined, or the other two.
_MAIN, _ANTI = 16, 17


@dataclass(frozen=True, slots=True)
class Arcs:
    """Boundaries on the torus, each once, as polylines in the plane.

    Arc a is ``points[starts[a]:starts[a + 1]]``, (n, 2) float64, (x, y) in px, y down, from the vertex in the cell
    where it begins, ``origin`` (A, 2); so the same arc has the same points wherever the cell lies. ``left`` and
    ``right`` are the labels beside it, the lower on the left. ``ends`` (A, 2) are the vertices where it begins and
    ends, and ``slots`` (A, 2) by which of their four cracks; both are -1 for a loop, which ends where it began, moved
    by the lattice vector ``shift`` (A, 2) px: none for all but loops that wrap around the torus.
    """

    grid: Grid
    points: np.ndarray
    starts: np.ndarray
    origin: np.ndarray
    left: np.ndarray
    right: np.ndarray
    ends: np.ndarray
    slots: np.ndarray
    shift: np.ndarray

    @property
    def closed(self) -> np.ndarray:
        """Which arcs are loops, (A,) bool."""
        return self.ends[:, 0] < 0


def arcs(labels: np.ndarray, grid: Grid, *, planes: np.ndarray | None = None) -> Arcs:
    """Return the boundaries of labels (H, W) int on a grid.

    With coverage ``planes`` (K, H, W), of which a label names the strongest, edges lie where the coverages put them,
    never more than half a pixel beside the crack; without, the stair steps are taken out, as far as half a pixel
    allows. Commutes with rolls.
    """
    if labels.shape != (grid.height, grid.width):
        raise InputError(
            f"labels of {labels.shape[1]} x {labels.shape[0]} px do not lie on a grid of {grid.width} x "
            f"{grid.height} px."
        )
    cracks = _Cracks.of(labels, grid)
    order, starts, closed = ordered(cracks.following(labels, planes))
    order, shift = _turned(cracks, order, starts, closed)
    found = _gathered(cracks, order, starts, (closed, shift), planes=planes)
    return found if planes is not None else smoothed(found, cracks.heading[order])


@dataclass(frozen=True, slots=True)
class _Cracks:
    """All cracks, (N,) each: where they lie, where they head, the labels before and after them as one passes over."""

    grid: Grid
    y: np.ndarray
    x: np.ndarray
    across: np.ndarray  # whether the crack lies along a row: one passes over it downward
    first: np.ndarray
    second: np.ndarray
    heading: np.ndarray
    number: np.ndarray  # (2, H, W): which crack lies along the row, down the column, from a vertex; -1 for none

    @classmethod
    def of(cls, labels: np.ndarray, grid: Grid) -> "_Cracks":
        padded = grid.pad_sides(labels.astype(np.int32), (1, 0, 1, 0))
        here, above, before = padded[1:, 1:], padded[:-1, 1:], padded[1:, :-1]
        present = np.stack([here != above, here != before])
        kind, y, x = np.nonzero(present)
        across = kind == 0
        second = here[y, x]
        first = np.where(across, above[y, x], before[y, x])
        # Heading east the pixel above is on the left; heading south the pixel after.
        heading = np.where(across, np.where(first < second, EAST, WEST), np.where(first < second, NORTH, SOUTH))
        number = np.full(present.shape, -1, np.int64)
        number[kind, y, x] = np.arange(len(y))
        return cls(grid, y, x, across, first, second, heading, number)

    @property
    def tail(self) -> tuple[np.ndarray, np.ndarray]:
        """The vertices (y, x) where the cracks begin, within one step of the cell."""
        back = (self.heading == WEST) | (self.heading == NORTH)
        return self.y + (back & ~self.across), self.x + (back & self.across)

    @property
    def head(self) -> tuple[np.ndarray, np.ndarray]:
        """The vertices (y, x) where the cracks end, within one step of the cell."""
        y, x = self.tail
        return y + _STEP_Y[self.heading], x + _STEP_X[self.heading]

    def at(self, y: np.ndarray, x: np.ndarray, slot: np.ndarray) -> np.ndarray:
        """Return which crack lies in a slot of vertices in the cell, -1 for none."""
        wrapped = self.grid.wrap(y - (slot == NORTH), x - (slot == WEST))
        return self.number[((slot == NORTH) | (slot == SOUTH)).astype(np.int64), wrapped[0], wrapped[1]]

    def kinds(self, labels: np.ndarray, planes: np.ndarray | None) -> np.ndarray:
        """Return what meets at every vertex (H, W): a bit for each slot, or how crossing labels are joined."""
        grid = self.grid
        row, column = self.number >= 0
        up = grid.pad_sides(column.view(np.uint8), (0, 0, 1, 0))[:-1]
        back = grid.pad_sides(row.view(np.uint8), (1, 0, 0, 0))[:, :-1]
        kinds = up + 2 * row.view(np.uint8) + 4 * column.view(np.uint8) + 8 * back
        y, x = np.nonzero(kinds == 15)
        if len(y):
            kinds[y, x] = _crossing(labels, planes, grid, (y, x))
        return kinds

    def following(self, labels: np.ndarray, planes: np.ndarray | None) -> np.ndarray:
        """Return the crack after each on its arc, -1 where the arc ends in a node."""
        y, x = self.grid.wrap(*self.head)
        leaving = _PARTNER[self.kinds(labels, planes)[y, x], (self.heading + 2) % 4]
        return np.where(leaving >= 0, self.at(y, x, np.maximum(leaving, 0)), -1)


def _partners() -> np.ndarray:
    """Return the slot by which a path leaves a vertex, (18 kinds, 4 slots of arrival), -1 where it ends."""
    table = np.full((18, 4), -1)
    for kind in range(16):
        present = [slot for slot in range(4) if kind >> slot & 1]
        if len(present) == 2:
            table[kind, present] = present[::-1]
    table[_MAIN] = [EAST, NORTH, WEST, SOUTH]  # around the pixels north-east and south-west
    table[_ANTI] = [WEST, SOUTH, EAST, NORTH]
    return table


_PARTNER = _partners()


def _crossing(
    labels: np.ndarray, planes: np.ndarray | None, grid: Grid, at: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    """Return how the four pixels around vertices (N,) are joined: _MAIN, _ANTI, or 15 where four labels meet.

    Of two labels that cross, the one with more coverage there is joined; if they have as much, the one that is rarer
    in the 6 x 6 pixels around, so that a line one pixel thin stays in one piece.
    """
    y, x = at

    def label(dy: int, dx: int) -> np.ndarray:
        return labels[grid.wrap(y + dy, x + dx)]

    main, anti = label(-1, -1), label(-1, 0)
    has_main, has_anti = main == label(0, 0), anti == label(0, -1)
    rarity = np.zeros(len(y), np.int64)
    for dy, dx in product(range(-3, 3), repeat=2):
        near = label(dy, dx)
        rarity += (near == anti).astype(np.int64) - (near == main)
    lead = np.zeros(len(y))
    if planes is not None:
        scale = 255.0 if planes.dtype == np.uint8 else 1.0
        for dy, dx in ((-1, -1), (-1, 0), (0, -1), (0, 0)):
            there = grid.wrap(y + dy, x + dx)
            lead += (planes[main, *there].astype(np.float64) - planes[anti, *there]) / scale
    joined = np.where(np.abs(lead) > 0.01, lead > 0, (rarity > 0) | ((rarity == 0) & (main < anti)))
    crossed = np.where(joined, _MAIN, _ANTI)
    return np.select([has_main & has_anti, has_main, has_anti], [crossed, _MAIN, _ANTI], 15)


def _turned(
    cracks: _Cracks, order: np.ndarray, starts: np.ndarray, closed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return (cracks in order with every loop begun at its own place, the lattice vectors (C, 2) by which loops close).

    A loop's place does not depend on where the cell lies: the topmost, then leftmost crack; for one that wraps around
    the torus the crack that lies farthest to one side.
    """
    step = np.stack([_STEP_X[cracks.heading], _STEP_Y[cracks.heading]], axis=1)[order]
    walked = np.concatenate([np.zeros((1, 2), np.int64), np.cumsum(step, axis=0)])
    shift = np.where(closed[:, None], walked[starts[1:]] - walked[starts[:-1]], 0)
    chain = np.repeat(np.arange(len(closed)), np.diff(starts))
    if not len(order):
        return order, shift
    x, y = (walked[:-1] - walked[starts[:-1]][chain]).T
    span = 4 * (cracks.grid.height + cracks.grid.width) * max(1, len(order))
    wraps = (np.abs(shift).sum(axis=1) > 0)[chain]
    place = np.where(wraps, shift[chain, 0] * y - shift[chain, 1] * x, (2 * y + step[:, 1]) * span + 2 * x + step[:, 0])
    lowest = place == np.minimum.reduceat(place, starts[:-1])[chain]
    rank = np.arange(len(order)) - starts[chain]
    begin = np.full(len(closed), len(order))
    np.minimum.at(begin, chain[lowest], rank[lowest])
    length = np.diff(starts)[chain]
    turned = np.where(closed[chain], (rank + begin[chain]) % length, rank) + starts[chain]
    return order[turned], shift


def _gathered(
    cracks: _Cracks,
    order: np.ndarray,
    starts: np.ndarray,
    loops: tuple[np.ndarray, np.ndarray],
    *,
    planes: np.ndarray | None,
) -> Arcs:
    """Return the arcs with the points of their cracks in order, and the nodes where they end."""
    closed, shift = loops
    grid, chains = cracks.grid, len(closed)
    chain = np.repeat(np.arange(chains), np.diff(starts))
    heading = cracks.heading[order]
    step = np.stack([_STEP_X[heading], _STEP_Y[heading]], axis=1)
    walked = np.concatenate([np.zeros((1, 2), np.int64), np.cumsum(step, axis=0)])
    first, last = order[starts[:-1]], order[starts[1:] - 1]
    begun = np.stack(grid.wrap(*(v[first] for v in cracks.tail))[::-1], axis=1)
    tails = walked[:-1] - walked[starts[:-1]][chain]
    heads = tails[starts[1:] - 1] + step[starts[1:] - 1]
    aside = _aside(cracks, planes)
    points = tails + 0.5 * step + aside[order]

    tail_at, head_at = (np.stack(grid.wrap(*(v[e] for v in way)), axis=1) for way, e in _ends(cracks, first, last))
    vertex = np.stack([tail_at[:, 0], head_at[:, 0]], axis=1) * grid.width
    vertex += np.stack([tail_at[:, 1], head_at[:, 1]], axis=1)
    slots = np.stack([cracks.heading[first], (cracks.heading[last] + 2) % 4], axis=1)
    moved = _nodes(vertex, slots, (points[starts[:-1]], points[starts[1:] - 1] - heads), closed)
    front = np.where(closed[:, None], points[starts[:-1]], moved[:, 0])
    back = np.where(closed[:, None], points[starts[:-1]] + shift, heads + moved[:, 1])
    all_points, all_starts = _with_ends(points, starts, (front, back), closed)
    open_only = ~closed[:, None]
    return Arcs(
        grid,
        all_points,
        all_starts,
        begun,
        np.minimum(cracks.first, cracks.second)[first],
        np.maximum(cracks.first, cracks.second)[first],
        np.where(open_only, vertex, -1),
        np.where(open_only, slots, -1),
        shift,
    )


def _ends(cracks: _Cracks, first: np.ndarray, last: np.ndarray) -> tuple:
    return (cracks.tail, first), (cracks.head, last)


def _aside(cracks: _Cracks, planes: np.ndarray | None) -> np.ndarray:
    """Return how far (x, y) from its crack each edge lies, (N, 2) px."""
    aside = np.zeros((len(cracks.y), 2))
    if planes is not None and len(cracks.y):
        place = (cracks.y, cracks.x, cracks.across, cracks.first, cracks.second)
        moved = positions(planes, cracks.grid, place) - 0.5
        aside[np.arange(len(moved)), cracks.across.astype(np.int64)] = moved
    return aside


def _nodes(
    vertex: np.ndarray, slots: np.ndarray, beside: tuple[np.ndarray, np.ndarray], closed: np.ndarray
) -> np.ndarray:
    """Return where the nodes lie from their vertices, for both ends of each arc (C, 2, 2): amid the edges around.

    ``beside`` are the points next to either end, from the vertex. Added up in the order of the slots, so that the sum
    is the same wherever the cell begins.
    """
    known, node = np.unique(np.where(closed[:, None], -1, vertex), return_inverse=True)
    node = node.reshape(vertex.shape)
    by_slot = np.zeros((len(known), 4, 2))
    present = np.zeros((len(known), 4))
    for side in range(2):
        by_slot[node[:, side], slots[:, side]] = beside[side]
        present[node[:, side], slots[:, side]] = 1
    middle = by_slot.sum(axis=1) / np.maximum(present.sum(axis=1), 1)[:, None]
    return np.rint(middle[node] * UNIT) / UNIT


def _with_ends(
    points: np.ndarray, starts: np.ndarray, ends: tuple[np.ndarray, np.ndarray], closed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the points with a node before and after each open arc, and a loop's first point again at its end."""
    lengths = np.diff(starts) + np.where(closed, 1, 2)
    grown = np.concatenate([[0], np.cumsum(lengths)])
    result = np.empty((grown[-1], 2))
    chain = np.repeat(np.arange(len(closed)), np.diff(starts))
    result[np.arange(len(points)) - starts[chain] + grown[chain] + ~closed[chain]] = points
    result[grown[:-1][~closed]] = ends[0][~closed]
    result[grown[1:] - 1] = ends[1]
    return result, grown
