"""What is known of a regular family beyond its lattice: its plane group, and which pixels of its cell are alike.

A network only comes near to what the family's construction says exactly. Predictions are brought to it step by step,
so that what the network decides is decided for all such pixels at once. Which pixel of the cell a symmetric pattern
lies about is the network's choice: it is found once shapes are there, and what the pattern is there is kept to.
"""

from collections.abc import Callable
from functools import lru_cache
from itertools import product

import numpy as np
import torch
from torch import Tensor

from patterns.lattice import Grid
from patterns.symmetry import Symmetry

# The plane group that every drawing of a family has about its cell's corner; a test compares them with the corpus.
GROUPS = {
    "batik": "p4m", "girih": "p4m", "polka dot": "p4m", "quatrefoil": "p4m", "zellige": "p4m",
    "asanoha": "pmm", "hexagon": "pmm", "ikat diamond": "pmm", "trellis": "pmm",
    "fan": "pm", "ogee": "pm", "scallop": "pm", "seigaiha": "pm", "wave": "pm",
}  # fmt: skip
# Families that stand again after these shares of their cell's width and height, unless their parts alternate. Seigaiha
# and fans stand in four rows on a square cell.
SHIFTS = {
    "asanoha": (2, 2), "fan": (2, 2), "hexagon": (2, 2), "ogee": (2, 2), "scallop": (2, 2), "seigaiha": (2, 2),
}  # fmt: skip
_IN_FOUR_ROWS = ("fan", "seigaiha")
# Below this time shapes are decided well enough to say what they lie about.
_DECIDED = 0.6
# The ribs of a tartan's twill, in px each way.
_RIB = 4

# From predictions (1, planes, H, W) at a time to the nearest ones that are as the family says.
Rule = Callable[[Tensor, float], Tensor]


@lru_cache(maxsize=32)
def family_rule(
    family: str, grid: Grid, direction: str = "", *, straight: bool = False, alternating: bool = False
) -> Rule | None:
    """Return what is known of a family's cell, None for nothing.

    ``direction`` is that of its bands, "" if unsaid. ``straight`` says that all pixels are alike along its cell's
    shorter side, ``alternating`` that it is asked for in two colors by turns.
    """
    y, x = np.mgrid[: grid.height, : grid.width]
    upright = grid.width > grid.height or (grid.width == grid.height and direction == "vertical")
    if straight:
        return None if grid.width == grid.height else _mean_over(x if upright else y)
    if family == "chevron":
        # Zigzags of 45 degrees, which take pixels to pixels.
        along, across, length = (x, y, grid.width) if upright else (y, x, grid.height)
        side = grid.height if upright else grid.width
        return _mean_over((along + np.minimum(across, side - 1 - across)) % length)
    if family == "herringbone":
        return _mean_over(_leaning(y, x) if grid.width >= grid.height else _leaning(x, y))
    if family == "tartan" and grid.width == grid.height:
        return _twill(grid)
    # Bands that run down mirror top and bottom, which is no group's upright setting.
    mirrored = family in GROUPS and not (family == "wave" and upright)
    rules = [_mean_over(shifted(family, grid))] if family in SHIFTS and not alternating else []
    rules += [_symmetric(Symmetry(GROUPS[family]), grid)] if mirrored else []
    return _all_of(rules) if rules else None


def shifted(family: str, grid: Grid) -> np.ndarray:
    """Return (H, W) whole numbers, the same at all places at which a family stands again."""
    across, down = SHIFTS[family]
    down *= 2 if family in _IN_FOUR_ROWS and grid.width == grid.height else 1
    pixels = np.arange(grid.width * grid.height).reshape(grid.height, grid.width)
    step = (grid.height // down, grid.width // across)
    return np.min([np.roll(pixels, (k * step[0], k * step[1]), (0, 1)) for k in range(max(across, down))], axis=0)


def _all_of(rules: list[Rule]) -> Rule:
    def every(planes: Tensor, time: float) -> Tensor:
        for rule in rules:
            planes = rule(planes, time)
        return planes

    return every


def _mean_over(classes: np.ndarray) -> Rule:
    """Return the mean over the pixels of each class; classes are (H, W) whole numbers."""
    _, flat = np.unique(classes, return_inverse=True)
    which = torch.from_numpy(flat.ravel())
    share = 1 / torch.bincount(which).float()

    def mean(planes: Tensor, _time: float) -> Tensor:
        values = planes.flatten(-2)
        total = torch.zeros(*values.shape[:-1], len(share), dtype=values.dtype).index_add_(-1, which, values)
        return (total * share)[..., which].view_as(planes)

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
    above = torch.from_numpy(np.where(rib % _RIB == 0, 0.5, rib < _RIB).astype(np.float32))
    across, down = (above == 1).float(), (above == 0).float()
    count = across.sum(dim=0) + down.sum(dim=1)

    def woven(planes: Tensor, _time: float) -> Tensor:
        sett = ((planes * across).sum(dim=-2) + (planes * down).sum(dim=-1)) / count
        return above * sett[..., None, :] + (1 - above) * sett[..., :, None]

    return woven


def _symmetric(symmetry: Symmetry, grid: Grid) -> Rule:
    """Return the mean over a plane group about the place where the predictions are most nearly symmetric."""
    sources = torch.from_numpy(symmetry.sources(grid))
    both = symmetry.name != "pm"

    def about(planes: Tensor, x: int, y: int) -> Tensor:
        moved = planes.roll((-y, -x), (-2, -1)).flatten(-2)
        return (
            torch.stack([moved[..., source] for source in sources]).mean(dim=0).view_as(planes).roll((y, x), (-2, -1))
        )

    def mean(planes: Tensor, time: float) -> Tensor:
        if time > _DECIDED:
            return planes
        # A mirror has another one halfway to its copy, about which a square group may be less.
        columns = _mirror(planes), grid.width // 2
        rows = (_mirror(planes.transpose(-2, -1)), grid.height // 2) if both else (0, 0)
        places = product({columns[0], sum(columns) % grid.width}, {rows[0], sum(rows) % grid.height})
        # The most certain mean is the one whose parts agree.
        return max((about(planes, x, y) for x, y in places), key=lambda one: float(one.square().sum()))

    return mean


def _mirror(planes: Tensor) -> int:
    """Return the column before which an upright mirror changes planes (..., H, W) least."""
    width = planes.shape[-1]
    agree = [float((planes * planes.flip(-1).roll(2 * x, -1)).sum()) for x in range(width // 2)]
    return int(np.argmax(agree)) if width > 1 else 0
