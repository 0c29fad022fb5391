"""One lattice at every level of a network: which grid an activation is on, found from its shape."""

from fractions import Fraction
from functools import lru_cache

from patterns.errors import LatticeError
from patterns.lattice import Grid


@lru_cache(maxsize=4096)
def level(grid: Grid, height: int, width: int) -> Grid:
    """Return ``grid`` scaled to an activation of height x width pixels.

    Raises LatticeError if the activation is no scaled copy of the grid, or if the offset is not whole there.
    """
    factor = Fraction(width, grid.width)
    if factor * grid.height != height:
        raise LatticeError(
            f"the network has an activation of {width} x {height} px, which is no scaled copy of {_said(grid)}; "
            "its sides must be whole multiples of the network's total stride, and the grid must be the one it is given."
        )
    try:
        return grid.scaled(factor)
    except LatticeError:
        raise LatticeError(
            f"the network has a level of {width} x {height} px, at which the offset of {_said(grid)} is not a whole "
            "pixel; sides and offset must be whole multiples of the network's total stride."
        ) from None


def strided(grid: Grid, stride: tuple[int, int]) -> Grid:
    """Return the grid that a layer of ``stride`` (rows, columns) makes of ``grid``; LatticeError if it has none."""
    if stride[0] == stride[1] and all(v % stride[0] == 0 for v in (grid.width, grid.height, grid.drop, grid.slide)):
        return Grid(*(v // stride[0] for v in (grid.width, grid.height, grid.drop, grid.slide)))
    raise LatticeError(
        f"the network goes {stride[1]} x {stride[0]} px at a time over a level of {_said(grid)}, which does not divide "
        "its sides and its offset; they must be whole multiples of the network's total stride."
    )


def _said(grid: Grid) -> str:
    offset = f", drop {grid.drop} px" if grid.drop else f", slide {grid.slide} px" if grid.slide else ""
    return f"the grid of {grid.width} x {grid.height} px{offset}"
