"""How far a cut can be seen: against the same curve laid anywhere else in the tile.

A cut bends, so ``patterns.seam``, which measures straight lines, does not see it. Here the curve itself is the measure:
moved along the lattice to other places it parts nothing, and what changes across it there is what changes anyway. The
figures are those of ``patterns.seam``: the mean CIEDE2000 across; the jump, which the pixels on either side do not
account for; and the share of the curve along which change can be seen that is on neither side.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from patterns.color.difference import ciede2000
from patterns.color.spaces import srgb_to_lab
from patterns.lattice import Grid

# Other places that the curve is laid at, and at most so many points of it.
_PLACES, _POINTS = 160, 1500
# Of moves, in pixels: nearer the curve would measure itself.
_NEAR = 6
# CIEDE2000 that is seen side by side.
_SEEN = 3.0
_ORDINARY = 95.0


@dataclass(frozen=True, slots=True)
class Quality:
    """What was measured across the cuts of a tile.

    ``change`` is the mean CIEDE2000 and ``jump`` the part of it that stands out; ``broken`` the share of the cuts that
    can be seen. The percentiles, by mid-rank, are those among the same curve elsewhere in the tile: 50 is ordinary.
    """

    change: float
    change_percentile: float
    jump: float
    jump_percentile: float
    broken: float
    broken_percentile: float

    @property
    def worst(self) -> float:
        """The highest of the percentiles of what stands out."""
        return max(self.jump_percentile, self.broken_percentile)

    @property
    def ordinary(self) -> bool:
        """Whether nothing across the cuts is rarer than one in twenty among other places."""
        return max(self.worst, self.change_percentile) <= _ORDINARY


def quality(pixels: np.ndarray, cut: tuple[np.ndarray, np.ndarray], grid: Grid) -> Quality:
    """Return what changes across the cuts of a tile (H, W, 3) sRGB 0-1.

    ``cut`` says which pixels (H, W) are parted from their neighbor to the right, and which from the one below. The
    other places are always the same ones: the measure of a tile is the same every day.
    """
    lab = srgb_to_lab(pixels)
    points = [(np.argwhere(parted), step) for parted, step in zip(cut, ((0, 1), (1, 0)), strict=True)]
    share = max(1, -(-sum(len(at) for at, _ in points) // _POINTS))
    points = [(at[::share], step) for at, step in points]
    here = _figures(lab, points, (0, 0), grid)
    rng = np.random.default_rng(0)
    moves = [(int(rng.integers(grid.height)), int(rng.integers(grid.width))) for _ in range(_PLACES)]
    far = [move for move in moves if min(*move, grid.height - move[0], grid.width - move[1]) > _NEAR] or moves
    others = np.array([_figures(lab, points, move, grid) for move in far])
    ranks = 100 * ((others < here).mean(axis=0) + (others == here).mean(axis=0) / 2)
    return Quality(*(float(v) for pair in zip(here, ranks, strict=True) for v in pair))


def jumps(lab: np.ndarray, at: np.ndarray, step: tuple[int, int], grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Return (change, jump), each (n,), from pixels ``at`` (n, 2) of a tile in Lab to their neighbors one step on."""
    line = [lab[grid.wrap(at[:, 0] + k * step[0], at[:, 1] + k * step[1])] for k in (-1, 0, 1, 2)]
    before, change, after = (ciede2000(a, b) for a, b in pairwise(line))
    return change, np.maximum(0, change - before - after)


def _figures(
    lab: np.ndarray, points: list[tuple[np.ndarray, tuple[int, int]]], move: tuple[int, int], grid: Grid
) -> np.ndarray:
    """Return the mean change, the mean jump and the share that is broken along the curve moved by (rows, columns)."""
    found = [jumps(lab, at + move, step, grid) for at, step in points if len(at)]
    if not found:
        return np.zeros(3)
    change, jump = (np.concatenate(part) for part in zip(*found, strict=True))
    return np.array([change.mean(), jump.mean(), (jump > _SEEN).mean()])
