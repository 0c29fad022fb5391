"""Where shapes run, and streaks that run with them."""

import numpy as np

from patterns.hand.cloth import Cloth
from patterns.lattice import Grid

# Directions are smoothed over this many mm, and found and followed at a half or a fourth of the fineness.
_SMOOTH_MM = 2.6
# Where shapes run nowhere, the hand goes at a slant: a direction (across, down).
_HABIT = (0.86, 0.5)


def directions(indices: np.ndarray, cloth: Cloth) -> np.ndarray:
    """Return the direction (2, H/2, W/2) float32, across and down, that the shapes run in; its sign means nothing.

    It is the lesser axis of the inks' structure tensors (Bigun and Granlund, 1987).
    """
    import cv2

    small = cloth.halved()
    inks = np.ascontiguousarray(indices[::2, ::2])
    even: np.ndarray = np.zeros(inks.shape, np.float32)
    odd: np.ndarray = np.zeros(inks.shape, np.float32)
    for ink in np.flatnonzero(np.bincount(inks.ravel())):
        padded = small.pad(small.blurred(inks == ink, 0.5), 2)
        across = cv2.Sobel(padded, cv2.CV_32F, 1, 0)[2:-2, 2:-2]
        down = cv2.Sobel(padded, cv2.CV_32F, 0, 1)[2:-2, 2:-2]
        even += across * across - down * down
        odd += 2 * across * down
    even, odd = small.blurred(even, _SMOOTH_MM), small.blurred(odd, _SMOOTH_MM)
    # The axis of the edges is a quarter turn from that of the slopes: minus signs in the doubled angle.
    weak = np.float32(0.008)
    double = (
        weak * (_HABIT[0] ** 2 - _HABIT[1] ** 2) - even,
        weak * 2 * _HABIT[0] * _HABIT[1] - odd,
    )
    turn = 0.5 * np.arctan2(double[1], double[0])
    return np.stack([np.cos(turn), np.sin(turn)])


def streaks(noise: np.ndarray, way: np.ndarray, grid: Grid, reach: float) -> np.ndarray:
    """Return noise (H, W) averaged along directions (2, H, W) as far as ``reach`` px both ways.

    Line integral convolution (Cabral and Leedom, 1993), in steps of 2 px.
    """
    import cv2

    steps = int(reach / 2)
    margin = 2 * steps + 4
    field, vx, vy = (np.ascontiguousarray(grid.pad(a.astype(np.float32), margin)) for a in (noise, *way))
    start_y, start_x = np.mgrid[margin : margin + grid.height, margin : margin + grid.width].astype(np.float32)
    total = grid_cell(field, grid, margin).copy()
    for sign in (1, -1):
        x, y = start_x, start_y
        dx, dy = (grid_cell(v, grid, margin) * np.float32(sign) for v in (vx, vy))
        for _ in range(steps):
            x, y = x + 2 * dx, y + 2 * dy
            total += cv2.remap(field, x, y, cv2.INTER_LINEAR)
            nx, ny = (cv2.remap(v, x, y, cv2.INTER_NEAREST) for v in (vx, vy))
            back = np.where(nx * dx + ny * dy < 0, np.float32(-1), np.float32(1))
            dx, dy = nx * back, ny * back
    return total / np.float32(2 * steps + 1)


def grid_cell(array: np.ndarray, grid: Grid, margin: int) -> np.ndarray:
    """Return the cell in the middle of a padded array."""
    return array[margin : margin + grid.height, margin : margin + grid.width]
