"""Cubic B-spline surfaces through nothing and near everything: ink planes as smooth functions of the plane.

The planes' samples are the control points of a uniform cubic B-spline. That is one operation doing two jobs. As an
interpolation it is twice continuously differentiable, so that level sets have no corners of their own and gradients
are smooth. As a filter it is the binomial's limit, nearly a Gaussian of sqrt(1/3) = 0.58 source pixels: it takes out
the stair steps of sampling and leaves lines of one pixel and more. No value leaves the range of its 4 x 4 control
points, so inks cannot ring. Unser, "Splines: a perfect fit for signal and image processing", 1999, eq. 9.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

# Control points beyond the cell that an output pixel, or its neighbor just outside the cell, may look at.
MARGIN = 3
# Source columns that one matrix product covers: few enough to waste little on zeros, enough to keep BLAS busy.
_CHUNK = 12


def cubic_weights(fraction: np.ndarray) -> np.ndarray:
    """Return the four cubic B-spline weights (N, 4) at fractions 0-1 between the two middle control points."""
    t = np.asarray(fraction, dtype=np.float64)
    s = 1 - t
    weights = np.stack([s**3, 3 * t**3 - 6 * t**2 + 4, 3 * s**3 - 6 * s**2 + 4, t**3], axis=-1)
    return (weights / 6).astype(np.float32)


def taps(positions: np.ndarray, size_in: int, size_out: int) -> tuple[np.ndarray, np.ndarray]:
    """Return (first control point (N,), weights (N, 4)) of whole output pixels along one axis.

    Pixel centers sit at half-integers in both grids. The arithmetic is on integers, so that pixels of one phase get
    one set of weights wherever they are: that is what makes enlarging commute with rolls, to the bit.
    """
    doubled = (2 * positions + 1) * size_in - size_out
    below = np.floor_divide(doubled, 2 * size_out)
    return below - 1, cubic_weights((doubled - below * 2 * size_out) / (2 * size_out))


@dataclass(frozen=True, slots=True)
class Columns:
    """The way from source columns to output columns, as a short list of small matrices."""

    parts: tuple[tuple[slice, slice, np.ndarray], ...]
    width: int

    @classmethod
    def between(cls, width_in: int, width_out: int, *, margin: int = 0, padding: int = MARGIN) -> "Columns":
        """Return the way to output columns -1 - margin ... width_out + margin, from source columns padded so far.

        The columns of the cell are computed as without a margin, to the bit.
        """
        first, weights = taps(np.arange(-1 - margin, width_out + 1 + margin), width_in, width_out)
        step = max(1, _CHUNK * width_out // width_in)
        width = len(first)
        cuts = sorted({0, *range(margin, width - margin, step), width - margin, width})
        parts = []
        for start, stop in pairwise(cuts):
            low, high = int(first[start]), int(first[stop - 1]) + 4
            matrix = np.zeros((high - low, stop - start), np.float32)
            for tap in range(4):
                matrix[first[start:stop] - low + tap, np.arange(stop - start)] = weights[start:stop, tap]
            parts.append((slice(low + padding, high + padding), slice(start, stop), matrix))
        return cls(tuple(parts), width)

    def apply(self, rows: np.ndarray, out: np.ndarray) -> None:
        """Write the surface over padded source rows (N, W_in + 2 padding) into ``out`` (N, width)."""
        for source, target, matrix in self.parts:
            np.matmul(rows[:, source], matrix, out=out[:, target])


def surface_rows(padded: np.ndarray, first: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return the surface on output rows, still at source columns: (K, h, W) from planes padded by MARGIN rows."""
    rows = padded[:, first + MARGIN] * weights[:, 0, None]
    for tap in range(1, 4):
        rows += padded[:, first + MARGIN + tap] * weights[:, tap, None]
    return rows
