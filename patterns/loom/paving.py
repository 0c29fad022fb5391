"""What is drawn on its smallest cell, and how many copies of that cell make the tile.

Regular families are drawn once and paved: the lattice guarantees the regularity. The
network only draws cells and scales that it saw in training; the number of pixels per mm gives way instead, within
limits, so that whole cells fill the tile and the lattice carries them.
"""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from patterns.lattice import SQUARENESS, Grid, Lattice
from patterns.loom.vocabulary import FamilyEntry

# How far the pixels per mm may be from the usual, either way, for whole cells to fit.
_MOST_STRETCH = 1.6
# A paved tile has at most this many pixels, which is a matter of memory alone: only its cell is drawn.
_MOST_PX = 2048 * 2048


@dataclass(frozen=True, slots=True)
class Paving:
    """A cell to draw, the grid of the tile that it paves (the same if it is drawn whole), and the motif's radius."""

    cell: Grid
    grid: Grid
    scale_px: float


class Cell(NamedTuple):
    """A cell that may be drawn: the motif's radius (px) on it, and its sides, drop and slide as a ``Grid`` has them."""

    scale_px: float
    width: int
    height: int
    drop: int = 0
    slide: int = 0


def family_cells(entry: FamilyEntry, direction: str = "") -> tuple[Cell, ...]:
    """Return the cells of a regular family, none of any other.

    Upright stripes have a cell as wide as their period, lying ones as high: a ``direction`` that is said chooses.
    """
    cells = tuple(Cell(*cell) for cell in entry.cells)
    return tuple(c for c in cells if _runs(c, direction)) or cells


def paving(cells: Iterable[Cell], lattice: Lattice, *, scale_mm: float, px_per_mm: float) -> Paving | None:
    """Return the cell whose copies fill the tile with motifs nearest to ``scale_mm`` in radius.

    None if no whole number of any cell is nearly the tile (3 % off square pixels, as everywhere).
    """
    found = [
        (abs(math.log(cell.scale_px / density / scale_mm)) + cost, cell, columns, rows)
        for cell in cells
        for cost, density, columns, rows in _fillings(cell, lattice, px_per_mm)
    ]
    if not found:
        return None
    _, cell, columns, rows = min(found)
    tile = lattice.grid(columns * cell.width, rows * cell.height)
    return Paving(Grid(*cell[1:]), tile, cell.scale_px)


def _fillings(cell: Cell, lattice: Lattice, usual: float) -> Iterator[tuple[float, float, int, int]]:
    """Yield (cost, px per mm, columns, rows) of every number of cells that fills the tile on its lattice."""
    most = int(lattice.width * usual * _MOST_STRETCH / cell.width)
    for columns in range(1, most + 1):
        density = columns * cell.width / lattice.width
        rows = _rows(cell, lattice, columns, lattice.height * density / cell.height)
        if rows is None or density < usual / _MOST_STRETCH or columns * cell.width * rows * cell.height > _MOST_PX:
            continue
        off_square = abs((lattice.width / (columns * cell.width)) / (lattice.height / (rows * cell.height)) - 1)
        if off_square <= SQUARENESS:
            yield 0.5 * abs(math.log(density / usual)) + 4 * off_square, density, columns, rows


def _rows(cell: Cell, lattice: Lattice, columns: int, ideal: float) -> int | None:
    """Return the number of rows nearest to ``ideal`` with which the lattice's own vectors are whole cells."""
    near = range(max(1, math.floor(ideal) - 3), math.ceil(ideal) + 4)
    whole = [rows for rows in near if _carries(cell, lattice, columns, rows)]
    return min(whole, key=lambda rows: abs(rows - ideal), default=None)


def _carries(cell: Cell, lattice: Lattice, columns: int, rows: int) -> bool:
    """Return whether both of a tile's vectors lead from a cell to a copy of it."""
    drop, slide = Fraction(cell.drop, cell.height), Fraction(cell.slide, cell.width)
    steps = ((Fraction(columns), lattice.drop * rows), (lattice.slide * columns, Fraction(rows)))
    if slide:
        return all(_whole(down) and _whole(across - down * slide) for across, down in steps)
    return all(_whole(across) and _whole(down - across * drop) for across, down in steps)


def _whole(value: Fraction) -> bool:
    return value.denominator == 1


def _runs(cell: Cell, direction: str) -> bool:
    fits = {
        "vertical": cell.width > cell.height,
        "horizontal": cell.height > cell.width,
        "diagonal": cell.width == cell.height,
    }
    return fits.get(direction, True)
