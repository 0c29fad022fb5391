"""Neighbors on the lattice around a tensor."""

from torch import Tensor

from patterns.lattice import Grid

# Left, right, top, bottom: pixels beyond the edge that a layer looks at.
Sides = tuple[int, int, int, int]


def padded(x: Tensor, grid: Grid, sides: Sides) -> Tensor:
    """Return (..., H + top + bottom, W + left + right): x (..., H, W) on ``grid`` with its neighbors around it."""
    return grid.pad_sides(x, sides)
