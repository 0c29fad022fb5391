"""Regular families: which smallest cell is drawn, and how many copies of it make the tile.

The network only draws cells and scales that it saw in training; the number of pixels per mm gives way instead, within
limits, so that whole cells fill the tile and the lattice carries them.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

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


def paving(
    entry: FamilyEntry, lattice: Lattice, *, scale_mm: float, px_per_mm: float, direction: str = ""
) -> Paving | None:
    """Return the cell of a regular family whose copies fill the tile with motifs nearest to ``scale_mm`` in radius.

    Upright stripes have a cell as wide as their period, lying ones as high: a ``direction`` that is said chooses.
    None if no whole number of any cell is nearly the tile (3 % off square pixels, as everywhere).
    """
    shapes = [c for c in entry.cells if _runs(c, direction)] or entry.cells
    found = [
        (abs(math.log(shape[0] / density / scale_mm)) + cost, *shape, columns, rows)
        for shape in shapes
        for cost, density, columns, rows in _fillings(shape, lattice, px_per_mm)
    ]
    if not found:
        return None
    _, scale, width, height, columns, rows = min(found)
    return Paving(Grid(width, height), lattice.grid(columns * width, rows * height), scale)


def _fillings(shape: tuple[float, int, int], lattice: Lattice, usual: float) -> Iterator[tuple[float, float, int, int]]:
    """Yield (cost, px per mm, columns, rows) of every number of cells that fills the tile on its lattice."""
    _, width, height = shape
    step_x, step_y = lattice.slide.denominator, lattice.drop.denominator
    most = int(lattice.width * usual * _MOST_STRETCH / width)
    for columns in range(step_x, most + 1, step_x):
        density = columns * width / lattice.width
        rows = step_y * round(lattice.height * density / height / step_y)
        if rows < 1 or density < usual / _MOST_STRETCH or columns * width * rows * height > _MOST_PX:
            continue
        off_square = abs((lattice.width / (columns * width)) / (lattice.height / (rows * height)) - 1)
        if off_square <= SQUARENESS:
            yield 0.5 * abs(math.log(density / usual)) + 4 * off_square, density, columns, rows


def _runs(cell: tuple[float, int, int], direction: str) -> bool:
    _, width, height = cell
    fits = {"vertical": width > height, "horizontal": height > width, "diagonal": width == height}
    return fits.get(direction, True)
