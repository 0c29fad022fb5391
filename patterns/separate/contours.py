"""Coverage planes from a mixture: boundaries smoothed as level sets, and antialiased where they run.

Each ink's coverage is smoothed on the lattice; a pixel belongs to the highest surface. Where the two highest cross is
the boundary, and a pixel that it passes is shared by area. So a boundary is a smooth line between exactly two inks,
whatever the pixels it came from were like, and it lies where the picture's own antialiasing put it.
"""

import numpy as np

from patterns import contour
from patterns.separate.bands import around, each_block
from patterns.separate.mixture import Mixture


def coverage(mixture: Mixture, count: int, *, smooth_px: float) -> np.ndarray:
    """Return coverage planes (K, H, W) float32 of ``count`` inks, at most two to a pixel, summing to 1.

    ``smooth_px`` is the deviation of the Gaussian that boundaries are smoothed by, twicing so that they stay where they
    are (Tukey 1977); at 0 nothing is smoothed and every pixel is the first ink's alone. Commutes with rolls.
    """
    grid = mixture.grid
    planes = np.zeros((count, grid.height, grid.width), np.float32)
    if smooth_px <= 0:
        for k in range(count):
            planes[k] = mixture.first == k
        return planes
    radius = int(np.ceil(3 * smooth_px))
    # Smoothed twice, and one more for the neighbors that a gradient looks at.
    margin = 2 * radius + 1
    first, second, share = (grid.pad(part, margin) for part in (mixture.first, mixture.second, mixture.share))

    def work(rows: slice, columns: slice) -> None:
        there = around(rows, margin), around(columns, margin)
        one, other, part = first[there], second[there], share[there]
        inks = np.flatnonzero(np.bincount(one.ravel(), minlength=count) + np.bincount(other.ravel(), minlength=count))
        if len(inks) == 1:
            planes[inks[0], rows, columns] = 1
            return
        inner = slice(margin - 1, 1 - margin)
        surfaces = np.empty((len(inks), *(length - 2 * margin + 2 for length in part.shape)), np.float32)
        rest = 255 - part
        for number, k in enumerate(inks):
            plane = (one == k).view(np.uint8) * part + (other == k).view(np.uint8) * rest
            surfaces[number] = _smoothed(plane.astype(np.float32), smooth_px, radius)[inner, inner]
        _cover(surfaces, planes[:, rows, columns], inks)

    each_block(grid.height, grid.width, work)
    return planes


def _smoothed(plane: np.ndarray, sigma: float, radius: int) -> np.ndarray:
    import cv2

    size = (2 * radius + 1, 2 * radius + 1)
    once = cv2.GaussianBlur(plane, size, sigma, borderType=cv2.BORDER_REPLICATE)
    return 2 * once - cv2.GaussianBlur(once, size, sigma, borderType=cv2.BORDER_REPLICATE)


def _cover(surfaces: np.ndarray, planes: np.ndarray, inks: np.ndarray) -> None:
    """Write the coverages of surfaces (M, h + 2, W + 2) into planes (K, h, W), at their ``inks`` (M,)."""
    strongest = contour.strongest(surfaces)
    inner = strongest[1:-1, 1:-1]
    for number, k in enumerate(inks):
        planes[k] = inner == number
    y, x = np.nonzero(contour.on_contour(strongest))
    if len(inks) > 1 and len(y):
        first = inner[y, x]
        second, share = contour.shares(surfaces, first, y + 1, x + 1)
        planes[inks[first], y, x] = share
        planes[inks[second], y, x] = 1 - share
