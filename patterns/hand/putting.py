"""Putting a hand on: a clean separation enlarged as level sets, cut in a manner, and reduced to finer planes."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from patterns.errors import InputError
from patterns.hand.chance import Chance
from patterns.hand.cloth import Cloth
from patterns.hand.cutting import block_print, cut_paper, linocut, wants_block_print, wants_cut_paper, wants_linocut
from patterns.hand.drawing import brush, pen, stipple, wants_brush, wants_pen, wants_stipple
from patterns.hand.threads import ikat, wants_ikat, wants_woven, woven
from patterns.lattice import Grid
from patterns.separation import Separation

# Takes planes (K, H, W) float32 from one grid to another, as the strongest ink at every pixel (H', W') uint8.
Enlarge = Callable[[np.ndarray, Grid, Grid], np.ndarray]
# Marks are cut at this many px per mm, which gives the finest line three, and are kept at half of it.
CUT_PX_PER_MM = 6.4
# Fine pixels at most: a tile of 480 mm at full fineness; larger ones are cut coarser.
_MOST_PX = 10_000_000
# Below this fineness, on tiles of more than 640 mm, marks grow with the pixels instead of falling between them.
_LEAST_PX_PER_MM = 4.8
# Roles too fine to be hatched, dotted or to run dry.
_LINES = ("line", "detail")


@dataclass(frozen=True, slots=True)
class Manner:
    """What a hand leaves to chance on a cloth for so many inks, and how it cuts ink indices (H, W) uint8."""

    wants: Callable[[np.random.Generator, Cloth, int], Chance]
    cut: Callable[[np.ndarray, Cloth, Chance], np.ndarray]


MANNERS = {
    "cut paper": Manner(wants_cut_paper, cut_paper),
    "linocut": Manner(wants_linocut, linocut),
    "block print": Manner(wants_block_print, block_print),
    "brush": Manner(wants_brush, brush),
    "pen": Manner(wants_pen, pen),
    "stipple": Manner(wants_stipple, stipple),
    "ikat": Manner(wants_ikat, ikat),
    "woven": Manner(wants_woven, woven),
}
HANDS = ("clean", *MANNERS)


def put_on(separation: Separation, hand: str, rng: np.random.Generator, *, enlarge: Enlarge) -> Separation:
    """Return the separation in the manner of ``hand``, on the same lattice; "clean" leaves it as it is.

    Its planes have about 3.2 px per mm, or its own if those are more, and are in whole 255ths. Raises InputError on a
    hand that nobody knows.
    """
    refuse_unknown(hand)
    if hand == "clean":
        return separation
    grid, lattice = separation.grid, separation.lattice
    factor = _factor(grid, grid.width / lattice.width)
    fine = grid.scaled(factor)
    lines = frozenset(k for k, role in enumerate(separation.roles) if role in _LINES)
    cloth = Cloth(fine, max(fine.width / lattice.width, _LEAST_PX_PER_MM), lines)
    indices = enlarge(separation.planes, grid, fine)
    inks = len(separation.roles)
    cut = worked(indices, cloth, hand, MANNERS[hand].wants(rng, cloth, inks))
    return Separation(_reduced(cut, inks), lattice, separation.roles)


def worked(indices: np.ndarray, cloth: Cloth, hand: str, chance: Chance) -> np.ndarray:
    """Return indices (H, W) uint8 cut in the manner of ``hand`` with all its chance, and fit to be printed."""
    return cloth.printable(MANNERS[hand].cut(indices, cloth, chance))


def refuse_unknown(hand: str) -> None:
    """Raise InputError unless there is such a hand."""
    if hand not in HANDS:
        raise InputError(f"no hand is called {hand!r}; there are {', '.join(HANDS)}.")


def _factor(grid: Grid, px_per_mm: float) -> int:
    """Return how many times finer the cut is than the planes: an even number of 2 or more."""
    asked = CUT_PX_PER_MM / px_per_mm
    most = math.sqrt(_MOST_PX / (grid.width * grid.height))
    return max(2, 2 * int(min(asked, most) / 2 + 0.25))


def _reduced(indices: np.ndarray, inks: int) -> np.ndarray:
    """Return planes (K, H / 2, W / 2) float32 in whole 255ths, as they are stored, that sum to 1."""
    planes = np.empty((inks, indices.shape[0] // 2, indices.shape[1] // 2), np.uint8)
    for ink in range(inks):
        mask = (indices == ink).view(np.uint8)
        rows = mask[::2] + mask[1::2]
        planes[ink] = np.array([0, 63, 127, 191, 255], np.uint8)[rows[:, ::2] + rows[:, 1::2]]
    # What the fourths lack of 255 goes to the strongest ink.
    missing = 255 - planes.sum(axis=0, dtype=np.uint8)
    first = planes.argmax(axis=0)[None]
    np.put_along_axis(planes, first, np.take_along_axis(planes, first, axis=0) + missing[None], axis=0)
    return planes / np.float32(255)
