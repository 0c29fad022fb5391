"""Cubic Bezier curves by the many: (N, 4, 2) control points."""

import numpy as np


def weights(u: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the four Bernstein weights at parameters 0-1."""
    v = 1 - u
    return v * v * v, 3 * v * v * u, 3 * v * u * u, u * u * u


def flattened(curves: np.ndarray, pieces: int) -> np.ndarray:
    """Return points on each curve at equal steps of the parameter, its ends exactly, (N, pieces + 1, 2)."""
    u = np.linspace(0, 1, pieces + 1)
    points = np.einsum("kp,nkd->npd", np.stack(weights(u)), curves)
    points[:, 0], points[:, -1] = curves[:, 0], curves[:, 3]
    return points


def twentieths(curves: np.ndarray) -> np.ndarray:
    """Return twenty times the integral of (x dy - y dx) / 2 along each curve, (N,): exact if the points are integers.

    Summed around a loop it is the area, positive clockwise on a page whose y points down.
    """
    x, y = np.moveaxis(curves, 2, 0)
    return (
        x[:, 0] * (6 * y[:, 1] + 3 * y[:, 2] + y[:, 3])
        + x[:, 1] * (-6 * y[:, 0] + 3 * y[:, 2] + 3 * y[:, 3])
        + x[:, 2] * (-3 * y[:, 0] - 3 * y[:, 1] + 6 * y[:, 3])
        + x[:, 3] * (-y[:, 0] - 3 * y[:, 1] - 6 * y[:, 2])
    )


def straight(curves: np.ndarray) -> np.ndarray:
    """Return which curves are lines: their inner control points at the ends, (N,) bool."""
    return (curves[:, 0] == curves[:, 1]).all(axis=1) & (curves[:, 2] == curves[:, 3]).all(axis=1)


def lines(first: np.ndarray, last: np.ndarray) -> np.ndarray:
    """Return straight curves (N, 4, 2) between points (N, 2)."""
    return np.stack([first, first, last, last], axis=1)
