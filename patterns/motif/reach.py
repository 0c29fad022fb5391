"""How far motifs reach in every direction, and so how near they may stand: a tulip is narrower than it is high."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import product

import numpy as np

from patterns.lattice import Grid

# Directions that are looked at, from the right and downward around.
_AROUND = 64


@dataclass(frozen=True, slots=True)
class Reach:
    """How far motifs of radius 1 reach from their middle, (_AROUND,) values in 0-1."""

    values: np.ndarray

    @classmethod
    def of(cls, points: np.ndarray) -> "Reach":
        """Return how far points (N, 2) as (x, y) reach from the origin, by their convex hull."""
        turns = 2 * np.pi * np.arange(_AROUND) / _AROUND
        return cls((points @ np.stack([np.cos(turns), np.sin(turns)])).max(axis=0))

    def joined(self, *others: "Reach") -> "Reach":
        """Return the reach of whichever reaches furthest."""
        return Reach(np.max([self.values, *(other.values for other in others)], axis=0))

    def mirrored(self) -> "Reach":
        """Return the reach of the motif or of its mirror image, whichever is further."""
        return self.joined(Reach(self.values[(_AROUND // 2 - np.arange(_AROUND)) % _AROUND]))

    def turned(self, *turns: float) -> "Reach":
        """Return the reach of the motif at all of these turns in radians."""
        rolled = [np.roll(self.values, round(turn * _AROUND / (2 * np.pi))) for turn in turns]
        return Reach(np.max(rolled, axis=0))

    @property
    def box(self) -> tuple[float, float]:
        """Half the width and half the height of the motif."""
        right, down, left, up = self.values[:: _AROUND // 4]
        return float(right + left) / 2, float(down + up) / 2

    def stretched(self, grid: Grid) -> Grid:
        """Return the grid on which these motifs would be round, in about its own px."""
        wide, tall = self.box
        width, height = (max(1, round(v / share)) for v, share in ((grid.width, wide), (grid.height, tall)))
        # The joint's offset stays the same share of a side.
        drop, slide = Fraction(grid.drop, grid.height), Fraction(grid.slide, grid.width)
        width, height = (max(1, v // f.denominator) * f.denominator for v, f in ((width, slide), (height, drop)))
        return Grid(width, height, int(height * drop), int(width * slide))

    def spacing(self, grid: Grid, points: np.ndarray) -> float:
        """Return how far in px the two of points (N, 2) stand apart that are nearest, as if motifs were round.

        Motifs of this distance's half in radius touch, or all but.
        """
        copies = np.array([
            (i * grid.width + j * grid.slide, j * grid.height + i * grid.drop)
            for i, j in product(range(-2, 3), range(-2 - bool(grid.drop), 3 + bool(grid.drop)))
        ])  # fmt: skip
        apart = (points[None, :, None] - points[:, None, None] + copies).reshape(-1, 2)
        far = np.hypot(apart[:, 0], apart[:, 1])
        apart, far = apart[far > 1e-6], far[far > 1e-6]
        way = np.rint(np.arctan2(apart[:, 1], apart[:, 0]) * _AROUND / (2 * np.pi)).astype(int)
        # A line between two of them keeps them apart if their reaches along it fit.
        reach = self.values[way % _AROUND] + self.values[(way + _AROUND // 2) % _AROUND]
        return float((2 * far / reach).min())


ROUND = Reach(np.ones(_AROUND))
