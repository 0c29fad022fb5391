"""What each pixel can say about inks: whether it lies on a plateau, on a ridge, or between two colors.

A pixel on an antialiased or blurred edge shows a mixture that no ink has; it must not found one. It is known by its
neighbors: if a pair of opposite ones lies to either side of it in color, it is *between*. A pixel that is not between
in any of four directions is a *plateau* if its surroundings are level, else a *ridge*: the middle of a line, a tip.
"""

from dataclasses import dataclass
from threading import Lock

import numpy as np

from patterns.lattice import Grid
from patterns.separate.bands import each_band

BETWEEN, RIDGE, FLAT = 0, 1, 2
# Pixels of neighbors around the cell: the mean of 3 x 3 looks at one, its range at another, a deep plateau at a third.
MARGIN = 3
# A channel's levels (8 bit) are kept to 6 bits in histograms and tables.
BITS = 6
BINS = 1 << BITS
_SHIFT = 8 - BITS
# The range of 3 x 3 means on a plateau, in levels: a floor for JPEG's ripple, and so much of the noise's deviation.
_LEVEL, _LEVEL_NOISE = 7.0, 2.5
# The product of two opposite steps, in levels squared over 16: a floor, and so much of the noise's variance.
_STEP, _STEP_NOISE = 2.0, 0.8
# And of the square of the contrast around: in the middle of a line a few pixels wide, blur leaves small steps.
_SHARE = 0.02
# More noise than this is texture.
_MOST_NOISE = 8.0
_DIRECTIONS = ((0, 1), (1, 0), (1, 1), (1, -1))


@dataclass(frozen=True, slots=True)
class Evidence:
    """A tile's pixels and what they can say.

    ``padded`` is (3, H + 6, W + 6) uint8 sRGB with the neighbors on the lattice; ``judged`` (3, H, W) uint8 the colors
    that pixels are judged by: means of 3 x 3 on plateaus, else their own; ``kinds`` (H, W) uint8 is BETWEEN, RIDGE or
    FLAT; ``noise`` the deviation of a channel, in levels. ``flat``, ``deep`` and ``seen`` count
    colors, (64, 64, 64) float64: of plateaus (means of 3 x 3), of the inside of plateaus at least 7 px wide, and of all
    pixels that are not between.
    """

    padded: np.ndarray
    judged: np.ndarray
    grid: Grid
    kinds: np.ndarray
    noise: float
    flat: np.ndarray
    deep: np.ndarray
    seen: np.ndarray

    @property
    def own(self) -> np.ndarray:
        """The pixels themselves, (3, H, W) uint8, as a view."""
        return self.padded[:, MARGIN:-MARGIN, MARGIN:-MARGIN]

    def colors(self, top: int, bottom: int) -> np.ndarray:
        """Return the pixels of some rows (3, h, W) uint8, as a view."""
        return self.own[:, top:bottom]


def gather(rgb: np.ndarray, grid: Grid) -> Evidence:
    """Return the evidence of a tile, (3, H, W) uint8 sRGB on ``grid``. Commutes with rolls, to the bit."""
    padded = grid.pad(rgb, MARGIN)
    noise = _noise(padded, grid)
    kinds, judged = np.empty((grid.height, grid.width), np.uint8), np.empty_like(rgb)
    counts, counting = np.zeros((3, BINS, BINS, BINS)), Lock()

    def look(top: int, bottom: int) -> None:
        around = padded[:, top : bottom + 2 * MARGIN]
        means = _means(around)
        kind = _kinds(around, means, noise)
        kinds[top:bottom] = kind[1:-1, 1:-1]
        plateau, inner = kind == FLAT, slice(MARGIN, -MARGIN)
        flat = plateau[1:-1, 1:-1]
        colors = judged[:, top:bottom]
        colors[:] = around[:, inner, inner]
        np.copyto(colors, means[:, inner, inner], where=flat)
        found = [_counted(colors, mask) for mask in (flat, _inside(plateau), kinds[top:bottom] == RIDGE)]
        # Whole numbers, so that it does not matter which band comes first.
        with counting:
            for total, part in zip(counts, found, strict=True):
                total += part

    each_band(grid.height, grid.width, look)
    flat, deep, ridge = counts
    return Evidence(padded, judged, grid, kinds, noise, flat, deep, flat + ridge)


def codes(rgb: np.ndarray) -> np.ndarray:
    """Return the bin of each color, (...) int32 below 64**3, of (3, ...) uint8."""
    red, green, blue = (channel >> _SHIFT for channel in rgb)
    return (red.astype(np.int32) << (2 * BITS)) | (green.astype(np.int32) << BITS) | blue


def bin_colors(bins: np.ndarray) -> np.ndarray:
    """Return the middles of bins (N,) as sRGB-encoded colors (N, 3), 0-1."""
    channels = np.stack([bins >> (2 * BITS), (bins >> BITS) & (BINS - 1), bins & (BINS - 1)], axis=-1)
    return (channels * (1 << _SHIFT) + ((1 << _SHIFT) - 1) / 2) / 255


def _counted(rgb: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Return how many pixels of (3, h, W) uint8 under a mask have each color, (64, 64, 64) float32."""
    import cv2

    channels = [np.ascontiguousarray(channel) for channel in rgb]
    mask = np.ascontiguousarray(mask).view(np.uint8)
    return cv2.calcHist(channels, [0, 1, 2], mask, [BINS] * 3, [0, 256] * 3)


def _means(rgb: np.ndarray) -> np.ndarray:
    import cv2

    return np.stack([cv2.blur(channel, (3, 3)) for channel in rgb])


def _kinds(around: np.ndarray, means: np.ndarray, noise: float) -> np.ndarray:
    """Return the kinds (h + 2, W + 2) uint8 of pixels (3, h + 6, W + 6)."""
    import cv2

    kernel = np.ones((3, 3), np.uint8)
    between = _between(around, noise)
    spread = [cv2.morphologyEx(channel, cv2.MORPH_GRADIENT, kernel) for channel in means]
    level = np.maximum(np.maximum(spread[0], spread[1]), spread[2])[2:-2, 2:-2]
    kind = np.full(between.shape, RIDGE, np.uint8)
    kind[level <= _LEVEL + _LEVEL_NOISE * noise] = FLAT
    kind[between] = BETWEEN
    return kind


def _inside(plateau: np.ndarray) -> np.ndarray:
    """Return which inner pixels (h, W) of a mask (h + 2, W + 2) have all eight neighbors in it."""
    import cv2

    return cv2.erode(plateau.view(np.uint8), np.ones((3, 3), np.uint8))[1:-1, 1:-1] > 0


def _between(rgb: np.ndarray, noise: float) -> np.ndarray:
    """Return which pixels lie between opposite neighbors, (h, W) bool, of (3, h + 4, W + 4) uint8.

    In half levels every product fits 16 bits: opposite steps whose product is negative are 127 together at most.
    """
    half = rgb.astype(np.int16) >> 1
    height, width = rgb.shape[1] - 4, rgb.shape[2] - 4
    middle = half[:, 2:-2, 2:-2]
    limit = -np.maximum(_contrast(half) * _SHARE, _STEP + _STEP_NOISE * noise**2).astype(np.int16)
    between = np.zeros((height, width), bool)
    for dy, dx in _DIRECTIONS:
        there = half[:, 2 + dy : 2 + dy + height, 2 + dx : 2 + dx + width] - middle
        back = half[:, 2 - dy : 2 - dy + height, 2 - dx : 2 - dx + width] - middle
        there *= back
        there >>= 2
        between |= there[0] + there[1] + there[2] < limit
    return between


def _contrast(half: np.ndarray) -> np.ndarray:
    """Return a quarter of the squared range of 5 x 5 pixels over all channels, (h, W) of (3, h + 4, W + 4) int16."""
    import cv2

    kernel = np.ones((5, 5), np.uint8)
    total = np.zeros((half.shape[1] - 4, half.shape[2] - 4), np.float32)
    for channel in half:
        spread = cv2.morphologyEx(channel, cv2.MORPH_GRADIENT, kernel)[2:-2, 2:-2].astype(np.float32)
        total += spread * spread
    return total / 4


def _noise(padded: np.ndarray, grid: Grid) -> float:
    """Return the deviation of the green channel's noise in levels, by the median of a Laplacian that slopes leave at 0.

    Immerkaer (1996), "Fast noise variance estimation", with the median instead of the mean, so that edges count less.
    """
    import cv2

    kernel = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)

    def look(top: int, bottom: int) -> np.ndarray:
        band = padded[1, top + MARGIN - 1 : bottom + MARGIN + 1, MARGIN - 1 : 1 - MARGIN]
        sharp = np.abs(cv2.filter2D(band, cv2.CV_16S, kernel)[1:-1, 1:-1])
        return np.bincount(np.minimum(sharp, 255).ravel(), minlength=256)

    counts = np.sum(each_band(grid.height, grid.width, look), axis=0)
    below = np.cumsum(counts)
    half = below[-1] / 2
    median = int(np.searchsorted(below, half))
    inside = (half - (below[median - 1] if median else 0)) / counts[median]
    return min(_MOST_NOISE, max(0.0, median - 0.5 + inside) / (0.6745 * 6))
