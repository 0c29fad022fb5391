"""Which inks each pixel is of: one, or two neighbors and the share of the first.

A pixel that is not on an edge goes to the nearest ink. One on an edge may only be of inks that pixels near it are of,
so that the gray between black and white is not taken for a gray ink; its share is where its color lies between the
two, and says to a fraction of a pixel where the edge runs.
"""

from dataclasses import dataclass

import numpy as np

from patterns.lattice import Grid
from patterns.separate.bands import around, each_band, each_block
from patterns.separate.evidence import BETWEEN, FLAT, Evidence
from patterns.separate.nearest import Nearest
from patterns.separate.purity import purified
from patterns.separation import MOST_INKS

# No ink: for labels that are not settled yet.
NONE = 255
# How far an edge pixel looks for its two inks, in px: a blur of one and a half pixels, or JPEG's half-size chroma.
REACH = 3
# A ridge's color settles its ink if it is this near to it (DIN99o), and so much more with each level of noise.
_SURE, _SURE_NOISE = 6.0, 1.0
# An ink's color is taken from plateaus if so many of its pixels, or this share, lie on them; else from ridges too.
_ENOUGH, _ENOUGH_SHARE = 64, 0.02
# An edge pixel farther than this from what its inks mix to, in 8-bit levels, has another ink in it.
_UNEXPLAINED = 30.0


@dataclass(frozen=True, slots=True)
class Mixture:
    """Ink indices ``first`` and ``second`` and the first's ``share`` in 255ths, each (H, W) uint8, on ``grid``.

    Where a pixel is one ink's alone, ``share`` is 255 and ``second`` the same as ``first``.
    """

    first: np.ndarray
    second: np.ndarray
    share: np.ndarray
    grid: Grid

    def areas(self, count: int) -> np.ndarray:
        """Return of how many pixels each of ``count`` inks is the first, (K,) float64."""
        import cv2

        def work(top: int, bottom: int) -> np.ndarray:
            return cv2.calcHist([self.first[top:bottom]], [0], None, [256], [0, 256]).ravel()

        return np.array(each_band(self.grid.height, self.grid.width, work), np.float64).sum(axis=0)[:count]


def mixture(evidence: Evidence, nearest: Nearest, encoded: np.ndarray) -> tuple[Mixture, np.ndarray]:
    """Return what each pixel is of, and the inks' colors as the picture shows them, (K, 3) sRGB-encoded, 0-1.

    ``nearest`` tells inks apart; ``encoded`` (K, 3) stands for inks that no settled pixel shows.
    """
    settled, shown, weak = _settle(evidence, nearest, encoded)
    grid = evidence.grid
    found = Mixture(settled.copy(), settled.copy(), np.full(settled.shape, 255, np.uint8), grid)
    padded = grid.pad(settled, REACH)
    levels = (shown * 255).astype(np.float32)

    def work(rows: slice, columns: slice) -> None:
        y, x = np.nonzero(settled[rows, columns] == NONE)
        if len(y):
            near = _near(padded[around(rows, REACH), around(columns, REACH)], len(levels))[:, y, x]
            pixels = evidence.own[:, rows, columns][:, y, x].astype(np.float32)
            parts = found.first, found.second, found.share
            for part, value in zip(parts, _divided(pixels, levels, near), strict=True):
                part[rows, columns][y, x] = value

    each_block(grid.height, grid.width, work)
    return found, purified(evidence, found.first, shown, weak)


def _settle(evidence: Evidence, nearest: Nearest, encoded: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the inks of pixels off the edges, and what those pixels show.

    That is (H, W) uint8, NONE on edges; the inks' colors (K, 3) in the picture; and which have no plateaus, (K,) bool.
    """
    grid, count = evidence.grid, len(encoded)
    settled = np.empty((grid.height, grid.width), np.uint8)
    packed = nearest.packed(_SURE + _SURE_NOISE * evidence.noise)

    def work(top: int, bottom: int) -> np.ndarray:
        colors, kinds = evidence.judged[:, top:bottom], evidence.kinds[top:bottom]
        labels, within = nearest.near(colors, packed)
        flat, core = kinds == FLAT, (kinds != BETWEEN) & within
        settled[top:bottom] = np.where(flat | core, labels, NONE)
        # Plateaus, ridges, and what tells nothing.
        group = np.where(core, labels + count * ~flat, 2 * count)
        return _sums(colors, group.astype(np.uint8), 2 * count)

    flat, ridges = np.split(np.sum(each_band(grid.height, grid.width, work), axis=0), 2)
    all_ = flat + ridges
    weak = flat[:, 0] < np.maximum(_ENOUGH, _ENOUGH_SHARE * all_[:, 0])
    sums = np.where(weak[:, None], all_, flat)
    shown = sums[:, 1:] / np.maximum(sums[:, :1], 1) / 255
    return settled, np.where(sums[:, :1] > 0, shown, encoded), weak


def _sums(colors: np.ndarray, group: np.ndarray, count: int) -> np.ndarray:
    """Return (count, red, green, blue) of each group's pixels, (K, 4) float64: whole numbers, so exact.

    Groups beyond ``count`` are left out.
    """
    own = group.ravel().astype(np.intp)
    sums = [np.bincount(own, minlength=count + 1)]
    sums += [np.bincount(own, channel.ravel(), minlength=count + 1) for channel in colors]
    return np.stack(sums, axis=1)[:count].astype(np.float64)


def _near(padded: np.ndarray, count: int) -> np.ndarray:
    """Return which inks pixels within REACH are settled as, (K, h, W) uint8 of 0 and 1."""
    import cv2

    near = np.zeros((count, padded.shape[0] - 2 * REACH, padded.shape[1] - 2 * REACH), np.uint8)
    kernel = np.ones((2 * REACH + 1, 2 * REACH + 1), np.uint8)
    held = np.bincount(padded.ravel(), minlength=MOST_INKS)[:count]
    for k in np.flatnonzero(held):
        near[k] = cv2.dilate((padded == k).view(np.uint8), kernel)[REACH:-REACH, REACH:-REACH]
    return near


def _divided(pixels: np.ndarray, inks: np.ndarray, near: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (first, second, share of 255), each (N,) uint8, of pixels (3, N) among inks (K, 3), both in levels.

    The first is the nearest of the inks that are ``near`` (K, N), the second the one whose mixture with it is.
    """
    allowed = (near > 0) | ~near.any(axis=0)
    # Less the pixel's own square, which is the same for all inks.
    squared = (inks**2).sum(axis=1)[:, None] - 2 * (inks @ pixels)
    first = np.where(allowed, squared, np.inf).argmin(axis=0)
    ways = _Ways.of(pixels - inks[first].T, inks, first)
    second, best, share = first.copy(), ways.length.copy(), np.zeros(pixels.shape[1], np.float32)
    for k in np.flatnonzero(allowed.any(axis=1)):
        at = np.flatnonzero(allowed[k] & (first != k))
        along, left = ways.toward(int(k), at)
        better = left < best[at]
        at = at[better]
        second[at], best[at], share[at] = k, left[better], along[better]
    odd = np.flatnonzero(best > _UNEXPLAINED**2)
    if len(odd):
        first[odd], second[odd], share[odd] = _reopened(pixels[:, odd], inks, allowed[:, odd])
    return first.astype(np.uint8), second.astype(np.uint8), np.rint(255 * (1 - share)).astype(np.uint8)


@dataclass(frozen=True, slots=True)
class _Ways:
    """From one ink toward another: where pixels lie along the way, and how far beside it.

    ``products`` (K, N) are of the pixels' steps from their ``first`` ink (N,) with every ink, ``start`` (N,) those with
    the first, ``length`` (N,) the steps' own squares, ``inks`` (K, K) the inks' products with each other.
    """

    first: np.ndarray
    products: np.ndarray
    start: np.ndarray
    length: np.ndarray
    inks: np.ndarray

    @classmethod
    def of(cls, steps: np.ndarray, inks: np.ndarray, first: np.ndarray) -> "_Ways":
        products = inks @ steps
        start = products[first, np.arange(len(first))]
        return cls(first, products, start, (steps * steps).sum(axis=0), inks @ inks.T)

    def toward(self, k: int, at: np.ndarray | slice = slice(None)) -> tuple[np.ndarray, np.ndarray]:
        """Return the share of the way from the first ink to ink k, 0-1, and the squared distance beside it.

        Both are (M,), of the pixels ``at`` (M,), or of all.
        """
        own = np.diag(self.inks)
        length = np.maximum(own[k] + own - 2 * self.inks[k], 1e-3)[self.first[at]]
        projected = self.products[k, at] - self.start[at]
        along = np.clip(projected / length, 0, 1)
        return along, self.length[at] - along * (2 * projected - along * length)


def _reopened(pixels: np.ndarray, inks: np.ndarray, allowed: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (first, second, share of the second 0-1) of pixels that no two allowed inks mix to: a line's.

    One of the two inks is allowed there, the other may be any: the one whose mixture comes nearest.
    """
    count = pixels.shape[1]
    first, second = np.zeros(count, np.intp), np.zeros(count, np.intp)
    best, share = np.full(count, np.inf, np.float32), np.zeros(count, np.float32)
    for i in np.flatnonzero(allowed.any(axis=1)):
        ways = _Ways.of(pixels - inks[i][:, None], inks, np.full(count, i))
        for j in range(len(inks)):
            along, left = ways.toward(j)
            better = allowed[i] & (left < best)
            first[better], second[better], best[better], share[better] = i, j, left[better], along[better]
    over = share > 0.5
    return np.where(over, second, first), np.where(over, first, second), np.where(over, 1 - share, share)
