"""What is known of a regular family beyond its lattice: its plane group, and which pixels of its cell are alike.

A network only comes near to what the family's construction says exactly. Predictions are brought to it at every step,
as they are for a symmetry that was asked for, so that what the network decides is decided for all such pixels at once.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import torch
from torch import Tensor

from patterns.lattice import Grid

# The plane group that every drawing of a family has about its cell's corner; a test compares them with the corpus.
_GROUPS = {
    "batik": "p4m", "girih": "p4m", "polka dot": "p4m", "quatrefoil": "p4m", "zellige": "p4m",
    "asanoha": "pmm", "hexagon": "pmm", "ikat diamond": "pmm", "trellis": "pmm",
    "chevron": "pm", "fan": "pm", "ogee": "pm", "scallop": "pm", "seigaiha": "pm", "wave": "pm",
}  # fmt: skip
# Families whose bands may run down, which then mirror top and bottom: no group's upright setting.
_BANDED = ("chevron", "wave")
# The ribs of a tartan's twill, in px each way.
_RIB = 4

# From predictions (..., H, W) to the nearest ones that are as the family says.
Rule = Callable[[Tensor], Tensor]


def family_group(family: str, grid: Grid, direction: str = "") -> str:
    """Return the plane group that a family's cell has about its corner, p1 if none beside the lattice."""
    return "p1" if family in _BANDED and _upright(grid, direction) else _GROUPS.get(family, "p1")


@lru_cache(maxsize=32)
def family_rule(family: str, grid: Grid, direction: str = "") -> Rule | None:
    """Return what makes pixels alike on a family's cell, None if nothing does beside its plane group.

    ``direction`` is that of the bands, as said; "" leaves it to the cell.
    """
    y, x = np.mgrid[: grid.height, : grid.width]
    upright = _upright(grid, direction)
    if family in ("stripe", "ticking", "pinstripe"):
        return None if grid.width == grid.height else _mean_over(x if upright else y)
    if family == "chevron":
        # Zigzags of 45 degrees, which take pixels to pixels.
        along, across, length = (x, y, grid.width) if upright else (y, x, grid.height)
        side = grid.height if upright else grid.width
        return _mean_over((along + np.minimum(across, side - 1 - across)) % length)
    if family == "herringbone":
        return _mean_over(_leaning(y, x) if grid.width >= grid.height else _leaning(x, y))
    if family == "asanoha":
        # Every star stands again in the middle of four.
        middle = (y + grid.height // 2) % grid.height * grid.width + (x + grid.width // 2) % grid.width
        return _mean_over(np.minimum(y * grid.width + x, middle))
    return _twill(grid) if family == "tartan" and grid.width == grid.height else None


def _upright(grid: Grid, direction: str) -> bool:
    """Return whether bands run down a cell: a band's cell is as long as its period across it."""
    return grid.width > grid.height or (grid.width == grid.height and direction == "vertical")


def _mean_over(classes: np.ndarray) -> Rule:
    """Return the mean over the pixels of each class; classes are (H, W) whole numbers."""
    _, flat = np.unique(classes, return_inverse=True)
    which = torch.from_numpy(flat.ravel())
    share = 1 / torch.bincount(which).float()

    def mean(planes: Tensor) -> Tensor:
        values = planes.flatten(-2)
        total = torch.zeros(*values.shape[:-1], len(share), dtype=values.dtype).index_add_(-1, which, values)
        return (total * share.to(values.dtype))[..., which].view_as(planes)

    return mean


def _leaning(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the classes of two columns of bars that lean by 45 degrees to either side, with one seam between them."""
    leaf, tall = (x.max() + 1) // 2, y.max() + 1
    column, off = x // leaf, x % leaf
    bars = np.where(column == 0, y + x, y - x) % tall + column * tall
    return np.where((off == 0) | (off == leaf - 1), 2 * tall, bars)


def _twill(grid: Grid) -> Rule:
    """Return the weave of one sett with itself: warp and weft are alike, and take turns in ribs."""
    y, x = np.mgrid[: grid.height, : grid.width]
    # Where the pixel's middle lies on the edge of a rib, half of it is warp.
    rib = (x + y + 1) % (2 * _RIB)
    warp = np.where(rib % _RIB == 0, 0.5, rib < _RIB)
    above = torch.from_numpy(warp.astype(np.float32))
    across, down = (above == 1).float(), (above == 0).float()
    count = across.sum(dim=0) + down.sum(dim=1)

    def woven(planes: Tensor) -> Tensor:
        sett = ((planes * across).sum(dim=-2) + (planes * down).sum(dim=-1)) / count
        return above * sett[..., None, :] + (1 - above) * sett[..., :, None]

    return woven
