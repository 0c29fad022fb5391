"""Setts: the order and width of the bands that regular cloths are made of, and the coordinates they are laid along."""

from collections.abc import Sequence

import numpy as np

from patterns.motif.canvas import OVERSAMPLE, Canvas
from patterns.motif.family import Style

_STEPS = 4096
# Lines on the Loom's grid are at least this wide (px).
LINE = 2.0
# (ink, width) pairs; widths in any unit, they share the period.
Sett = Sequence[tuple[int, float]]


def positions(canvas: Canvas) -> tuple[np.ndarray, np.ndarray]:
    """Return the subpixel centers (4 H, 1) y and (1, 4 W) x of the cell, float32 px."""
    height, width = canvas.grid.height * OVERSAMPLE, canvas.grid.width * OVERSAMPLE
    y, x = (np.arange(n, dtype=np.float32) + 0.5 for n in (height, width))
    return y[:, None] / OVERSAMPLE, x[None, :] / OVERSAMPLE


def banded(values: np.ndarray, sett: Sett) -> np.ndarray:
    """Return the ink (uint8) of a sett at ``values``, whose period is 1."""
    edges = np.cumsum([width for _, width in sett])
    which = np.searchsorted(edges / edges[-1], (np.arange(_STEPS) + 0.5) / _STEPS)
    table = np.array([ink for ink, _ in sett], np.uint8)[np.minimum(which, len(sett) - 1)]
    return table[np.floor(values * _STEPS).astype(np.int32) & (_STEPS - 1)]


def triangle(values: np.ndarray) -> np.ndarray:
    """Return a triangle wave of period 1 that goes from 0 up to 1 at a half and back."""
    return 1 - np.abs(2 * (values - np.floor(values)) - 1)


def periods(length: int, scale: float) -> int:
    """Return how many whole periods of about ``scale`` px a side of the cell holds."""
    return max(1, round(length / scale))


def fills(style: Style) -> list[int]:
    """Return the inks that may cover an area, main first, without the ground."""
    return list(range(1, min(style.inks, 4)))


def thins(style: Style) -> list[int]:
    """Return the inks for thin bands, the line's own first."""
    return [i for i in (4, 5, 3, 2, 1) if i < style.inks]


def mirrored(sett: Sett) -> list[tuple[int, float]]:
    """Return a sett that reads the same in both directions, turning on its first and last band."""
    return [*sett, *reversed(sett[1:-1])]
