"""Where between two pixel centers an edge lies, from the coverages around it.

A coverage is an area: along a line of pixels across a straight edge, the coverages add up to the edge's position
exactly, whatever its slope up to 2 : 1, if the line begins and ends in pure ink. Where it does not (a line thinner
than its own edges, a third ink near), the edge is where the two inks' coverages are equal, by linear interpolation.
"""

from itertools import pairwise

import numpy as np

from patterns.lattice import Grid

# An edge keeps this far from the pixel centers on either side, so that edges beside each other never meet there.
_APART = 1 / 64
# Coverage within this of 0 or 1 is pure: two 255ths.
_PURE = 2.5 / 255
# Pixels beyond the two that an edge lies between that are looked at.
REACH = 2


def positions(planes: np.ndarray, grid: Grid, cracks: tuple[np.ndarray, ...]) -> np.ndarray:
    """Return where each crack's edge lies between two pixel centers, (N,) float64 in 0-1 from the first.

    ``planes`` is (K, H, W), uint8 in 255ths or float in 0-1. ``cracks`` is (y, x, down, first, second), each (N,): the
    pixel after the crack, whether the crack is passed downward (else to the right), and the labels before and after.
    """
    padded = grid.pad(planes, REACH + 1)
    y, x, down, first, second = cracks
    dy, dx = down.astype(np.int64), (~down).astype(np.int64)
    flat = padded.reshape(len(planes), -1)
    width = padded.shape[2]
    place = (y + REACH + 1) * width + x + REACH + 1
    step = dy * width + dx
    scale = 255.0 if planes.dtype == np.uint8 else 1.0

    def share(steps: int) -> np.ndarray:
        at = place + steps * step
        return 0.5 + (flat[first, at].astype(np.float64) - flat[second, at]) / (2 * scale)

    inside, outside = [share(-1 - i) for i in range(REACH + 1)], [share(i) for i in range(REACH + 1)]
    lack, certain = _beyond([1 - part for part in inside])
    excess, sure = _beyond(outside)
    fall = np.maximum(inside[0] - outside[0], 1e-6)
    linear = (inside[0] - 0.5) / fall
    found = np.where(certain & sure, 0.5 - lack + excess, linear)
    return np.clip(found, _APART, 1 - _APART)


def _beyond(shares: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Return (the sum of shares up to the first that is none, whether one is and they only fall until then)."""
    total, ended = shares[0].copy(), shares[0] <= _PURE
    falling = np.ones(total.shape, bool)
    for near, far in pairwise(shares):
        falling &= ended | (far <= near + _PURE)
        total += np.where(ended, 0, far)
        ended |= far <= _PURE
    return total, ended & falling
