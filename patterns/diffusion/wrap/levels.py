"""One lattice at every level of a network: which grid an activation is on, found from its shape.

Whole numbers only, and nothing remembered: compilers follow this, and compile anew for another lattice.
"""

from patterns.errors import LatticeError
from patterns.lattice import Grid

# (drop, slide) in pixels of a level.
Offset = tuple[int, int]


def offset(grid: Grid, height: int, width: int) -> Offset:
    """Return (drop, slide) where ``grid`` is scaled to an activation of height x width pixels.

    Raises LatticeError if the activation is no scaled copy of the grid, or if the offset is not whole there.
    """
    if width * grid.height != height * grid.width:
        raise LatticeError(
            f"the network has an activation of {width} x {height} px, which is no scaled copy of {_said(grid)}; "
            "its sides must be whole multiples of the network's total stride, and the grid must be the one it is given."
        )
    if grid.drop * height % grid.height or grid.slide * width % grid.width:
        raise LatticeError(
            f"the network has a level of {width} x {height} px, at which the offset of {_said(grid)} is not a whole "
            "pixel; sides and offset must be whole multiples of the network's total stride."
        )
    return grid.drop * height // grid.height, grid.slide * width // grid.width


def level(grid: Grid, height: int, width: int) -> Grid:
    """Return ``grid`` scaled to an activation of height x width pixels; LatticeError as above."""
    return Grid(width, height, *offset(grid, height, width))


def refuse_undivided(lengths: tuple[int, ...], stride: int) -> None:
    """Raise LatticeError if a layer of ``stride`` divides a side or an offset of a level, in pixels, into parts."""
    if any(length % stride for length in lengths):
        raise LatticeError(
            f"the network goes {stride} px at a time over a level of {lengths[0]} x {lengths[1]} px with an offset of "
            f"{max(lengths[2:])} px, and that does not divide them all; sides and offset must be whole multiples of "
            "the network's total stride."
        )


def _said(grid: Grid) -> str:
    beside = f", drop {grid.drop} px" if grid.drop else f", slide {grid.slide} px" if grid.slide else ""
    return f"the grid of {grid.width} x {grid.height} px{beside}"
