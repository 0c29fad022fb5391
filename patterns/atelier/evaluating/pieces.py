"""Motifs that stand on a tile, found again and brought to the place and size of a motif alone."""

from typing import NamedTuple, cast

import numpy as np

from patterns.lattice import Grid
from patterns.motif import PORTRAIT, PORTRAIT_RADIUS
from patterns.motif.canvas import Canvas, Placement, coverage
from patterns.motif.stamp import Stamp

# Parts nearer than twice this are one motif; what is smaller across than the second is a filling.
_NEAR_PX, _LEAST_PX = 3, 14


class Piece(NamedTuple):
    """One motif: planes (6, h, w) float32 as if it had been drawn alone, and how far it reached on the tile, px."""

    planes: np.ndarray
    radius: float


def pieces(planes: np.ndarray, grid: Grid) -> list[Piece]:
    """Return the motifs that stand apart on planes (6, H, W) in 0-1; one that a joint cuts is found whole beyond it."""
    from scipy import ndimage

    paved = grid.window(planes, top=0, left=0, height=2 * grid.height, width=2 * grid.width)
    shown = paved.argmax(axis=0) > 0
    near = ndimage.binary_dilation(shown, iterations=_NEAR_PX)
    labels, _ = cast(tuple[np.ndarray, int], ndimage.label(near))
    found = []
    for number, place in enumerate(ndimage.find_objects(labels), start=1):
        rows, columns = place
        # Of a motif and its copies one begins in a rectangle as large as the tile; at the rim they are cut.
        own_copy = 0 < rows.start <= grid.height and 0 < columns.start <= grid.width
        inside = own_copy and rows.stop < shown.shape[0] and columns.stop < shown.shape[1]
        if inside and max(rows.stop - rows.start, columns.stop - columns.start) - 2 * _NEAR_PX >= _LEAST_PX:
            own = (labels[place] == number) & shown[place]
            found.append(_alone(paved[:, rows, columns], own))
    return found


def _alone(planes: np.ndarray, own: np.ndarray) -> Piece:
    """Return the motif that covers ``own`` (h, w) of planes (6, h, w)."""
    bare = np.zeros_like(planes)
    bare[0] = 1
    stamp = Stamp.cut(np.where(own, planes, bare))
    canvas = Canvas(PORTRAIT)
    canvas.fill(0)
    # A motif alone touches its circle with its box, a stamp with its farthest point.
    middle = Placement(PORTRAIT.width / 2, PORTRAIT.height / 2)
    stamp.on(canvas, middle, PORTRAIT_RADIUS * stamp.radius / stamp.half)
    return Piece(coverage(canvas.indices(), len(planes)), stamp.half)
