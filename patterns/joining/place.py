"""Where in a larger picture the cell is cut, looked for on few pixels."""

import numpy as np

from patterns.joining.difference import parted
from patterns.lattice import Grid

# The cell's shorter side in pixels when places are compared, and how many places are tried along an axis.
_COARSE, _PLACES = 64, 7


def best_place(shown: np.ndarray, grid: Grid, band: int) -> tuple[int, int]:
    """Return (top, left) of the window, cell and band, that is likely to be joined at the least cost.

    ``shown`` are the picture's features (H, W, 3). Both cuts are estimated at each of up to 49 places by the cheapest
    cut that never turns back, on a picture reduced to few pixels.
    """
    slack = (shown.shape[0] - grid.height - band, shown.shape[1] - grid.width - band)
    if slack == (0, 0):
        return 0, 0
    factor = max(1, min(grid.width, grid.height) // _COARSE)
    small = _reduced(shown, factor)
    height, width, drop = (max(2, round(v / factor)) if v else 0 for v in (grid.height, grid.width, grid.drop))
    edge = max(2, round(band / factor))
    best, found = np.inf, (0, 0)
    for top in _tried(slack[0]):
        for left in _tried(slack[1]):
            y = min(round(top / factor), len(small) - height - edge)
            x = min(round(left / factor), small.shape[1] - width - edge)
            if min(y, x) < 0:
                continue
            cost = _estimate(small[y : y + height + edge, x : x + width + edge], (height, width, drop), edge)
            if cost < best:
                best, found = cost, (top, left)
    return found


def _tried(slack: int) -> list[int]:
    return sorted({round(v) for v in np.linspace(0, slack, min(slack + 1, _PLACES))})


def _reduced(shown: np.ndarray, factor: int) -> np.ndarray:
    height, width = (side // factor * factor for side in shown.shape[:2])
    return shown[:height, :width].reshape(height // factor, factor, width // factor, factor, 3).mean(axis=(1, 3))


def _estimate(window: np.ndarray, cell: tuple[int, int, int], edge: int) -> float:
    height, width, drop = cell
    down = _cheapest(window[height:, :width], window[:edge, :width])
    turned = np.roll(window[:height, width:], -drop, axis=0)
    return down + _cheapest(turned.swapaxes(0, 1), window[:height, :edge].swapaxes(0, 1))


def _cheapest(upper: np.ndarray, lower: np.ndarray) -> float:
    """Return the cost of the cheapest cut from left to right that goes up or down at most one pixel a column."""
    cost = parted((upper[:-1], lower[:-1]), (upper[1:], lower[1:]))
    total = cost[:, 0]
    for column in range(1, cost.shape[1]):
        padded = np.pad(total, 1, constant_values=np.inf)
        total = cost[:, column] + np.minimum(np.minimum(padded[:-2], padded[1:-1]), padded[2:])
    return float(total.min())
