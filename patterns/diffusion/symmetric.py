"""The nearest picture that has a plane group, exactly, and as sharp as it was.

A decoder that draws a symmetric state draws nearly symmetric pixels: it knows no mirrors. Their plain mean over the
group would soften what differs. Here each pixel takes the copy that lies in one fundamental domain, and near the
domain's border the mean of the copies that meet there, weighted smoothly: weights are a function of the place alone,
summed over the orbit, so that the result is exactly invariant.
"""

import math
from itertools import product

import numpy as np

from patterns.lattice import Grid
from patterns.symmetry import Symmetry

# The width of the zone in which copies are mixed, as a share of the side of a square as large as the domain.
_MIXED = 0.06
# How finely a domain's center is looked for, in steps of the cell's sides.
_CENTERS = 24


def projected(pixels: np.ndarray, symmetry: str, grid: Grid, *, center: float = 0.0) -> np.ndarray:
    """Return pixels (H, W, 3) float32, sRGB 0-1, made invariant under a plane group.

    ``center`` is where the group's origin lies on an oblique grid, in pixels from the first one's center along both
    sides: half a latent less half a pixel; the picture is moved by it, so that the origin lies on the first pixel.
    On the square pixels of a hexagonal repeat the three-fold groups are as exact as ``Symmetry.sources``.
    """
    if symmetry == "p1":
        return pixels
    group = Symmetry(symmetry)
    sources = group.sources(grid)
    oblique = _is_oblique(group, grid)
    if oblique:
        pixels = moved(pixels, -center)
    weights = _weights(sources, grid, oblique)
    flat = pixels.reshape(-1, pixels.shape[-1]).astype(np.float64)
    total = np.zeros_like(flat)
    for source, weight in zip(sources, weights, strict=True):
        total += weight[:, None] * flat[source]
    if group.exact_on(grid):
        total = total[sources.min(axis=0)]  # the same bits on all pixels of an orbit
    return np.clip(total, 0, 1).reshape(pixels.shape).astype(np.float32)


def moved(pixels: np.ndarray, by: float) -> np.ndarray:
    """Return a picture (H, W, C) that repeats straight, moved down and right by ``by`` pixels, parts of one included.

    Whole pixels are moved exactly, the rest by the phase of each wave; what overshoots is cut to 0-1.
    """
    whole = math.floor(by)
    pixels = np.roll(pixels, (whole, whole), axis=(0, 1))
    part = by - whole
    if not part:
        return pixels
    spectrum = np.fft.rfft2(pixels, axes=(0, 1))
    height, width = pixels.shape[:2]
    rows, columns = np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None, :]
    spectrum *= np.exp(-2j * np.pi * part * (rows + columns))[..., None]
    return np.clip(np.fft.irfft2(spectrum, s=(height, width), axes=(0, 1)), 0, 1).astype(np.float32)


def is_oblique(symmetry: str, grid: Grid) -> bool:
    """Return whether a grid of N x N pixels stands for one whose sides are 60 degrees apart."""
    return _is_oblique(Symmetry(symmetry), grid)


def _is_oblique(group: Symmetry, grid: Grid) -> bool:
    return group.system == "hexagonal" and not (grid.drop or grid.slide)


def _weights(sources: np.ndarray, grid: Grid, oblique: bool) -> np.ndarray:
    """Return (order, H W): how much of each copy a pixel takes, summing to 1."""
    side = math.sqrt(grid.width * grid.height * (math.sqrt(0.75) if oblique else 1) / len(sources))
    center = _domain_center(sources, grid, oblique)
    far = _squared(np.arange(sources.shape[1]), center, grid, oblique)[sources]
    # Two copies at a distance t from the line between them differ by about 2 t side.
    tau = 0.5 * side * _MIXED * side
    weights = np.exp((far.min(axis=0) - far) / tau)
    return weights / weights.sum(axis=0)


def _domain_center(sources: np.ndarray, grid: Grid, oblique: bool) -> int:
    """Return the pixel, of a coarse choice, that lies farthest from its own copies: its domain is the roundest."""
    rows = np.unique(np.linspace(0, grid.height - 1, min(_CENTERS, grid.height)).astype(int))
    columns = np.unique(np.linspace(0, grid.width - 1, min(_CENTERS, grid.width)).astype(int))
    chosen = (rows[:, None] * grid.width + columns).ravel()
    apart = _squared(sources[1:, chosen], chosen, grid, oblique).min(axis=0)
    return int(chosen[apart.argmax()])


def _squared(pixels: np.ndarray, others: np.ndarray | int, grid: Grid, oblique: bool) -> np.ndarray:
    """Return the squared distances between pixels, by number row by row, to the nearest of their translations."""
    y, x = pixels // grid.width - others // grid.width, pixels % grid.width - others % grid.width
    least = np.full(y.shape, np.inf)
    for i, j in product((-2, -1, 0, 1, 2), repeat=2):
        dx = x - i * grid.width - j * grid.slide
        dy = y - j * grid.height - i * grid.drop
        least = np.minimum(least, dx * dx + dy * dy + (dx * dy if oblique else 0))
    return least
