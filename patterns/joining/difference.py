"""What a cut between two overlapping copies costs, edge by edge.

The measure is that of Kwatra, Schoedl, Essa, Turk and Bobick, "Graphcut Textures" (SIGGRAPH 2003, equation 2): what
the copies differ by at the two pixels that the cut parts, divided by how much both copies change there anyway, so that
a cut rather follows a contour than crosses a plain ground. Colors are OKLab, times 100: a difference of about 2 is just
seen.
"""

import numpy as np

from patterns.color.spaces import linear_to_oklab, srgb_to_linear

# About one difference that is just seen: keeps the quotient finite on plain ground.
_JUST_SEEN = 2.0
# Of each edge of a cut, whatever it parts: of cuts that part nothing the shortest is taken, and no edge is free.
LENGTH = 0.01
# Rows turned into OKLab at once.
_ROWS = 256


def features(pixels: np.ndarray) -> np.ndarray:
    """Return OKLab times 100, (H, W, 3) float32, of sRGB-encoded pixels (H, W, 3) in 0-1."""
    found = np.empty(pixels.shape, np.float32)
    for top in range(0, len(pixels), _ROWS):
        found[top : top + _ROWS] = 100 * linear_to_oklab(srgb_to_linear(pixels[top : top + _ROWS]))
    return found


def parted(first: tuple[np.ndarray, np.ndarray], second: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return the cost of parting neighbors, (...) float64, without the length.

    ``first`` is what both copies show at the one pixel, ``second`` at the other, each (..., 3): the pixel itself comes
    from the first copy, its neighbor from the second.
    """
    (here, other_here), (there, other_there) = first, second
    gap = _norm(here - other_here) + _norm(there - other_there)
    steps = _norm(here - there) + _norm(other_here - other_there)
    return gap / (_JUST_SEEN + steps)


def edges(upper: np.ndarray, lower: np.ndarray, *, closed: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return the costs of parting neighbors of two copies (R, C, 3): below (R - 1, C), and beside (R, C - 1 or C).

    ``closed`` also parts the last column from the first.
    """
    below = parted((upper[:-1], lower[:-1]), (upper[1:], lower[1:])) + LENGTH
    if closed:
        turned = (np.roll(upper, -1, axis=1), np.roll(lower, -1, axis=1))
        return below, parted((upper, lower), turned) + LENGTH
    return below, parted((upper[:, :-1], lower[:, :-1]), (upper[:, 1:], lower[:, 1:])) + LENGTH


def _norm(vectors: np.ndarray) -> np.ndarray:
    return np.sqrt(np.einsum("...k,...k->...", vectors, vectors, dtype=np.float64))
