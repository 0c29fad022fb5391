"""A design as something to sample: its colors in linear light on its own lattice, halved again and again.

All levels lie side by side in one array, each with a rim of its neighbors on the lattice, so that one bilinear look-up
serves every fragment whatever its level (mipmaps: Williams 1983, "Pyramidal parametrics").
"""

from dataclasses import dataclass

import cv2
import numpy as np

from patterns.lattice import Grid, Lattice

# Pixels of rim around every level: what a bilinear look-up just outside the cell needs.
RIM = 2
# Halvings, and the smallest side of a level.
_MOST_LEVELS, _LEAST_SIDE = 7, 4
# Linear light 0-1 is stored in 16 bits.
FULL = 65_535


@dataclass(frozen=True, slots=True)
class Texture:
    """A cell in color with its smaller levels.

    ``atlas`` (h, w, 3) uint16 holds linear light in 65,535ths; level k begins at ``corners[k]`` (x, y) px, its own
    first pixel inside the rim, and is 2^k times smaller than ``grid``, which is the ``lattice``'s.
    """

    atlas: np.ndarray
    corners: np.ndarray
    grid: Grid
    lattice: Lattice

    @property
    def levels(self) -> int:
        """How many levels there are."""
        return len(self.corners)

    @property
    def px_per_mm(self) -> tuple[float, float]:
        """Resolution of level 0 across and down."""
        return self.grid.width / self.lattice.width, self.grid.height / self.lattice.height


def texture(cell: np.ndarray, lattice: Lattice) -> Texture:
    """Return the texture of a cell (H, W, 3) uint16, linear light in 65,535ths; its pixels need not be square.

    It is halved as often as the lattice's offset stays whole.
    """
    height, width = cell.shape[:2]
    grid = Grid(width, height, int(lattice.drop * height), int(lattice.slide * width))
    cells = [cell]
    for _ in range(min(_MOST_LEVELS, halvings(grid))):
        half = cv2.resize(cells[-1], (cells[-1].shape[1] // 2, cells[-1].shape[0] // 2), interpolation=cv2.INTER_AREA)
        cells.append(half)
    padded = [_rimmed(one, grid, level) for level, one in enumerate(cells)]
    return _laid_out(padded, grid, lattice)


def halvings(grid: Grid) -> int:
    """Return how often all lengths of a grid can be halved, its sides keeping some pixels."""
    count = 0
    lengths = (grid.width, grid.height, grid.drop, grid.slide)
    while all(v % 2 == 0 for v in lengths) and min(lengths[:2]) >= 2 * _LEAST_SIDE:
        lengths = tuple(v // 2 for v in lengths)
        count += 1
    return count


def _rimmed(cell: np.ndarray, grid: Grid, level: int) -> np.ndarray:
    scale = 1 << level
    small = Grid(cell.shape[1], cell.shape[0], grid.drop // scale, grid.slide // scale)
    padded = small.pad(np.moveaxis(cell, 2, 0), RIM)
    return np.ascontiguousarray(np.moveaxis(padded, 0, 2))


def _laid_out(padded: list[np.ndarray], grid: Grid, lattice: Lattice) -> Texture:
    """Return all levels in one array: the first at the left, the others one below the other beside it."""
    first = padded[0]
    beside = max((one.shape[1] for one in padded[1:]), default=0)
    below = sum(one.shape[0] for one in padded[1:])
    atlas = np.zeros((max(first.shape[0], below), first.shape[1] + beside, 3), np.uint16)
    atlas[: first.shape[0], : first.shape[1]] = first
    corners, top = [(RIM, RIM)], 0
    for one in padded[1:]:
        height, width = one.shape[:2]
        atlas[top : top + height, first.shape[1] : first.shape[1] + width] = one
        corners.append((first.shape[1] + RIM, top + RIM))
        top += height
    return Texture(atlas, np.array(corners, np.float32), grid, lattice)
