"""Where inks meet: surfaces (K, H, W), one for each ink, of which the highest wins a pixel.

The contour is where the two highest cross. A pixel that it passes is shared by the area on either side, to first
order; every other pixel is one ink's alone.
"""

import numpy as np

# Margins that change by less than this per pixel have no contour: the surfaces are level with each other there.
_FLAT = 1e-6


def strongest(surfaces: np.ndarray) -> np.ndarray:
    """Return the index of the highest of (K, H, W), (H, W) uint8; the lower index wins a tie."""
    best = surfaces[0].copy()
    index = np.zeros(best.shape, np.uint8)
    for k in range(1, len(surfaces)):
        higher = surfaces[k] > best
        np.maximum(best, surfaces[k], out=best)
        # Later inks have larger numbers: the largest k that rose above all before it is the strongest.
        np.maximum(index, higher.view(np.uint8) * np.uint8(k), out=index)
    return index


def on_contour(index: np.ndarray) -> np.ndarray:
    """Return where the 3 x 3 pixels around an inner pixel are not all one ink's, (H - 2, W - 2) bool of (H, W).

    No other pixel can be crossed by a contour that is straight at this scale: crossing the pixel's square changes
    the margin's sign at one of its diagonal neighbors.
    """
    corner = index[:-1, :-1]
    mixed = corner != index[1:, 1:]
    mixed |= corner != index[:-1, 1:]
    mixed |= corner != index[1:, :-1]
    across = mixed[:, :-1] | mixed[:, 1:]
    return across[:-1] | across[1:]


def shares(surfaces: np.ndarray, first: np.ndarray, y: np.ndarray, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (runner-up, the share 0-1 of the strongest ink ``first``) at pixels (N,) of two or more surfaces.

    The area of a unit square on one side of a line at signed distance m / |g| from its center, with normal g / |g|,
    is to first order 1/2 + m / (|gx| + |gy|).
    """
    values = surfaces[:, y, x]
    values[first, np.arange(len(first))] = -np.inf
    second = values.argmax(axis=0)

    def margin(dy: int, dx: int) -> np.ndarray:
        return surfaces[first, y + dy, x + dx] - surfaces[second, y + dy, x + dx]

    steepness = (np.abs(margin(0, 1) - margin(0, -1)) + np.abs(margin(1, 0) - margin(-1, 0))) / 2
    share = 0.5 + margin(0, 0) / np.maximum(steepness, _FLAT)
    share[steepness < _FLAT] = 1
    return second, np.minimum(share, 1)
