"""Ink planes in whole 255ths, and on fewer pixels."""

import numpy as np

from patterns.lattice import Grid
from patterns.separation import Separation


def in_255ths(planes: np.ndarray) -> np.ndarray:
    """Return coverage planes (K, H, W) as uint8 that sum to 255 at every pixel, each within 1 of its own share.

    What is rounded is the sum of the planes up to each, so that no rounding is lost between them.
    """
    whole = np.empty(planes.shape, np.uint8)
    total = np.zeros(planes.shape[1:], np.float32)
    below = np.zeros(planes.shape[1:], np.int16)
    for k, plane in enumerate(planes):
        total += plane
        upto = np.rint(total * 255).astype(np.int16) if k < len(planes) - 1 else np.int16(255)
        upto = np.clip(upto, below, 255)
        whole[k] = upto - below
        below = upto
    return whole


def reduced(separation: Separation, grid: Grid) -> Separation:
    """Return the separation on fewer pixels of the same lattice, each the mean over its area."""
    import cv2

    size = (grid.width, grid.height)
    planes = np.stack([cv2.resize(plane, size, interpolation=cv2.INTER_AREA) for plane in separation.planes])
    return Separation(planes, separation.lattice, separation.roles)
