"""Ranks: lanes and nets that stay regular across the joints of a lattice, for layouts, frames and grounds."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from patterns.lattice import Grid


@dataclass(frozen=True, slots=True)
class Lanes:
    """Parallel lanes, upright or level, with stations along them; px.

    There are ``count`` lanes ``pitch`` apart in the cell, of ``per`` stations each, ``step`` apart; each lane's
    stations lie ``shift`` further along than the last one's.
    """

    upright: bool
    count: int
    per: int
    pitch: float
    step: float
    shift: float

    def at(self, lane: float, along: float) -> tuple[float, float]:
        """Return (x, y) of a place ``along`` px after a lane's first station."""
        # Within a step: across the lattice's offset, going round the cell once leads to another lane.
        across, along = lane * self.pitch, along + lane * self.shift % self.step
        return (across, along) if self.upright else (along, across)

    def stations(self) -> Iterator[tuple[int, int]]:
        """Yield (lane, station) of the cell."""
        yield from ((i, j) for i in range(self.count) for j in range(self.per))


def lanes(grid: Grid, pitch: float, step: float, *, upright: bool, staggered: bool = True) -> Lanes | None:
    """Return lanes about ``pitch`` apart with stations about ``step`` apart that the lattice carries on; None if none.

    Lanes along the axis on which the cell repeats straight always fit: their shift makes up for the lattice's own.
    Across it, whole lanes have to add up to the lattice's offset.
    """
    wide, long = (grid.width, grid.height) if upright else (grid.height, grid.width)
    along, across = (grid.drop, grid.slide) if upright else (grid.slide, grid.drop)
    per = max(1, round(long / step))
    step = long / per
    wish = 0.5 if staggered else 0.0
    if not across:
        count = max(1, round(wide / pitch))
        turns = round((wish * step * count - along) / step)
        return Lanes(upright, count, per, wide / count, step, (along + turns * step) / count)
    fits = [n for n in range(1, math.ceil(2 * wide / pitch) + 1) if (across * n) % wide == 0]
    if not fits:
        return None
    count = min(fits, key=lambda n: abs(math.log(wide / n / pitch)))
    if abs(math.log(wide / count / pitch)) > 0.35:
        return None
    even = count % 2 == 0 and (across * count // wide) % 2 == 0
    return Lanes(upright, count, per, wide / count, step, wish * step if even else 0.0)


@dataclass(frozen=True, slots=True)
class Net:
    """Nodes at every second crossing of ``columns`` by ``rows`` half meshes in the cell, of ``w`` by ``h`` px."""

    columns: int
    rows: int
    w: float
    h: float

    def nodes(self, *, faces: bool = False) -> list[tuple[float, float]]:
        """Return (x, y) px of the nodes in the cell, or of the middles of the meshes between them."""
        odd = int(faces)
        return [
            (i * self.w / 2, j * self.h / 2)
            for i in range(self.columns)
            for j in range(self.rows)
            if (i + j) % 2 == odd
        ]

    def turns(self, grid: Grid) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
        """Return the middles of the meshes in two sets that take turns by column or row; else all in the first."""
        middles = self.nodes(faces=True)
        if self.columns % 2 == 0 and grid.slide * self.columns // grid.width % 2 == 0:
            turn = [round(2 * x / self.w) % 2 for x, _ in middles]
        elif self.rows % 2 == 0 and grid.drop * self.rows // grid.height % 2 == 0:
            turn = [round(2 * y / self.h) % 2 for _, y in middles]
        else:
            turn = [0 for _ in middles]
        first, last = ([p for p, t in zip(middles, turn, strict=True) if t == side] for side in (0, 1))
        return (first, last) if first else (last, first)


def net(grid: Grid, w: float, h: float, *, most: float = 0.3) -> Net | None:
    """Return the net of meshes about ``w`` by ``h`` px that the lattice carries on; None if the best is too far off.

    ``most`` bounds the natural logarithms of width and height off, together.
    """
    found = []
    for columns in _near(2 * grid.width / w):
        for rows in _near(2 * grid.height / h):
            down, over = grid.drop * rows / grid.height, grid.slide * columns / grid.width
            # Going a cell to the right and one down must both lead from a node to a node.
            if down % 1 or over % 1 or (columns + down) % 2 or (rows + over) % 2:
                continue
            one = Net(columns, rows, 2 * grid.width / columns, 2 * grid.height / rows)
            found.append((abs(math.log(one.w / w)) + abs(math.log(one.h / h)), columns, one))
    if not found or min(found, key=lambda f: f[:2])[0] > most:
        return None
    return min(found, key=lambda f: f[:2])[2]


def _near(ideal: float) -> range:
    return range(max(1, int(ideal * 0.6)), max(2, math.ceil(ideal * 1.6)) + 1)


def cell_of(grid: Grid, wide: float, tall: float, *, offset: str = "") -> Grid:
    """Return a cell about ``wide`` by ``tall`` px, sides in whole 16 px and no larger than ``grid``.

    ``offset`` may be "drop" or "slide", of a half.
    """
    width = _side(wide, grid.width, 32 if offset == "slide" else 16)
    height = _side(tall, grid.height, 32 if offset == "drop" else 16)
    return Grid(width, height, height // 2 if offset == "drop" else 0, width // 2 if offset == "slide" else 0)


# The sides of the cell of one motif, in px.
_SIDES = (48, 128)


def _side(length: float, most: int, step: int) -> int:
    low, high = _SIDES
    return int(np.clip(round(length / step) * step, -(-low // step) * step, max(step, min(high, most) // step * step)))
