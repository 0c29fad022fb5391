"""Keeping tone: each ink with a range of tints, or the same range in blue-noise dots.

A tint is an ink thinned toward the lightest ink, the cloth as a rule. Where no tint comes near a color, a mixture of
two other inks may: shadows from one color into another. A halftone is the tints put to a threshold, dot by dot, by a
mask without structure or direction whose period divides the tile, so that no joint shows in it.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from patterns.color.spaces import linear_to_srgb, srgb_to_linear
from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.separate.bands import each_band
from patterns.separate.evidence import BINS, Evidence, codes
from patterns.separate.mixture import Mixture
from patterns.separate.nearest import bin_places
from patterns.separate.space import place

_TINTS = 33
# A mixture of two inks is taken instead of a tint if it is nearer by so much (DIN99o with textile weights).
_PREFERRED = 2.0
# Sides of a mask in dots: shorter shows its own repeat, longer takes long to make.
_LEAST_SIDE, _MOST_SIDE = 8, 64
_MASK_SIGMA = 1.5
_FIRST_DOTS = 0.1


def tinted(evidence: Evidence, shown: np.ndarray) -> Mixture:
    """Return each pixel as the tint or mixture of two of the inks' colors (K, 3) that comes nearest to it."""
    grid = evidence.grid
    pair, pairs = _pairs(evidence, shown)
    linear = srgb_to_linear(shown).astype(np.float32)
    light = srgb_to_linear(np.arange(256) / 255).astype(np.float32)
    parts = np.empty((3, grid.height, grid.width), np.uint8)

    def work(top: int, bottom: int) -> None:
        colors = evidence.judged[:, top:bottom]
        first, second = pairs[pair[codes(colors)]].transpose(2, 0, 1)
        from_second = np.moveaxis(light[colors], 0, -1) - linear[second]
        way = linear[first] - linear[second]
        share = (from_second * way).sum(axis=-1) / np.maximum((way**2).sum(axis=-1), 1e-9)
        parts[:, top:bottom] = first, second, np.rint(255 * np.clip(share, 0, 1))

    each_band(grid.height, grid.width, work)
    return Mixture(parts[0], parts[1], parts[2], grid)


def halftoned(tints: Mixture, *, dot_px: float) -> Mixture:
    """Return the tints as dots at least ``dot_px`` wide, each pixel one ink's, by a mask whose period divides the tile.

    Raises InputError if no period does. Commutes with rolls by the period.
    """
    grid, screen = tints.grid, Screen.on(tints.grid, dot_px)
    mask = np.tile(screen.mask(), (grid.height // screen.height, grid.width // screen.width))
    first = np.where(tints.share > mask, tints.first, tints.second)
    return Mixture(first, first, np.full_like(first, 255), grid)


def mixed_planes(mixture: Mixture, count: int) -> np.ndarray:
    """Return a mixture as coverage planes (K, H, W) float32."""
    share = mixture.share.astype(np.float32) / 255
    planes = np.zeros((count, *share.shape), np.float32)
    for k in range(count):
        planes[k] = np.where(mixture.first == k, share, 0) + np.where(mixture.second == k, 1 - share, 0)
    return planes


@dataclass(frozen=True, slots=True)
class Screen:
    """A blue-noise mask's period: ``across`` by ``down`` dots of ``dot`` px each."""

    across: int
    down: int
    dot: int

    @classmethod
    def on(cls, grid: Grid, dot_px: float) -> "Screen":
        """Return a screen that fits a grid, offset and all, with the smallest dots from ``dot_px`` to twice that."""
        width, height = math.gcd(grid.width, grid.slide), math.gcd(grid.height, grid.drop)
        least = max(1, math.ceil(dot_px))
        for dot in range(least, 2 * least + 1):
            across, down = _side(width, dot), _side(height, dot)
            if across and down:
                return cls(across, down, dot)
        step = least * _LEAST_SIDE
        raise InputError(
            f"no halftone of {least} px dots fits a tile of {grid.width} x {grid.height} px without a joint; make its "
            f"sides multiples of {step} px, or keep tone as tints."
        )

    @property
    def width(self) -> int:
        """The period across, in px."""
        return self.across * self.dot

    @property
    def height(self) -> int:
        """The period down, in px."""
        return self.down * self.dot

    def mask(self) -> np.ndarray:
        """Return the thresholds of one period, (height, width) uint8, 0 to 254."""
        ranks = void_and_cluster(self.across, self.down)
        return (ranks * 255 // ranks.size).astype(np.uint8).repeat(self.dot, axis=0).repeat(self.dot, axis=1)


@lru_cache(maxsize=8)
def void_and_cluster(width: int, height: int) -> np.ndarray:
    """Return the order in which dots of a torus are set, (height, width) int64 from 0: blue noise at every count.

    Ulichney (1993), "The void-and-cluster method for dither array generation". The Gaussian's energy of what is unset
    is a constant less that of what is set, so that his second and third phase are one.
    """
    rng = np.random.default_rng(0)
    kernel = _torus_gaussian(width, height)
    count = max(1, round(_FIRST_DOTS * width * height))
    dots = np.zeros(width * height, bool)
    dots[rng.permutation(width * height)[:count]] = True
    energy = _Energy(kernel)
    for place_ in np.flatnonzero(dots):
        energy.change(int(place_), 1)
    while True:
        tight = int(np.where(dots, energy.flat, -np.inf).argmax())
        dots[tight] = False
        energy.change(tight, -1)
        void = int(np.where(dots, np.inf, energy.flat).argmin())
        dots[void] = True
        energy.change(void, 1)
        if void == tight:
            break
    return _ranked(dots, energy, count).reshape(height, width)


def _ranked(dots: np.ndarray, energy: "_Energy", count: int) -> np.ndarray:
    ranks = np.zeros(dots.size, np.int64)
    start, set_ = energy.copy(), dots.copy()
    for rank in range(count - 1, -1, -1):
        tight = int(np.where(set_, energy.flat, -np.inf).argmax())
        set_[tight] = False
        energy.change(tight, -1)
        ranks[tight] = rank
    for rank in range(count, dots.size):
        void = int(np.where(dots, np.inf, start.flat).argmin())
        dots[void] = True
        start.change(void, 1)
        ranks[void] = rank
    return ranks


class _Energy:
    """The sum of a Gaussian about every dot of a torus."""

    def __init__(self, kernel: np.ndarray, field: np.ndarray | None = None) -> None:
        self.paved = np.tile(kernel, (2, 2))
        self.height, self.width = kernel.shape
        self.field = np.zeros(kernel.shape) if field is None else field

    @property
    def flat(self) -> np.ndarray:
        return self.field.ravel()

    def change(self, place: int, sign: int) -> None:
        y, x = divmod(place, self.width)
        top, left = self.height - y, self.width - x
        self.field += sign * self.paved[top : top + self.height, left : left + self.width]

    def copy(self) -> "_Energy":
        return _Energy(self.paved[: self.height, : self.width], self.field.copy())


def _torus_gaussian(width: int, height: int) -> np.ndarray:
    y, x = np.arange(height), np.arange(width)
    y, x = np.minimum(y, height - y), np.minimum(x, width - x)
    return np.exp(-(y[:, None] ** 2 + x**2) / (2 * _MASK_SIGMA**2))


def _side(length: int, dot: int) -> int:
    """Return the most dots, up to 64 and from 8 on, whose length divides ``length``; 0 if none does."""
    sides = [n for n in range(_LEAST_SIDE, _MOST_SIDE + 1) if length % (n * dot) == 0]
    return max(sides, default=0)


def _pairs(evidence: Evidence, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the number of the best pair for each bin (64**3,) uint16, and the pairs (P, 2) uint8 of inks."""
    from scipy.spatial import KDTree

    linear = srgb_to_linear(shown)
    cloth = int(linear.sum(axis=1).argmax())
    both = np.array([(j, i) if i == cloth else (i, j) for i, j in combinations(range(len(shown)), 2)])
    steps = np.linspace(0, 1, _TINTS)[:, None, None]
    mixed = linear[both[:, 0]] * steps + linear[both[:, 1]] * (1 - steps)
    places = place(linear_to_srgb(mixed), textile=True)
    tints = both[:, 1] == cloth
    pair, nearest = np.zeros(BINS**3, np.uint16), np.full(BINS**3, np.inf)
    for chosen, handicap in ((tints, 0.0), (~tints, _PREFERRED)):
        if chosen.any():
            distance, at = KDTree(places[:, chosen].reshape(-1, 3)).query(bin_places(True))
            better = distance + handicap < nearest
            pair[better] = np.flatnonzero(chosen)[np.asarray(at)[better] % chosen.sum()]
            nearest[better] = distance[better] + handicap
    return pair, both.astype(np.uint8)
