"""Regions on a window of the plane: whole loops wherever copies of them are to be seen.

Nothing is cut at the tile's edges. An area that wraps around the torus has no loop around it; it is closed far outside
the window: a band by way of the side, all that surrounds everything else by a rectangle.
"""

import math
from dataclasses import dataclass

import numpy as np

from patterns.lattice import Grid
from patterns.trace import bezier
from patterns.trace.graph import UNIT
from patterns.trace.regions import Regions


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of the plane in 1/256 px."""

    left: int
    top: int
    right: int
    bottom: int

    @classmethod
    def of_repeat(cls, grid: Grid) -> "Window":
        """Return the smallest rectangle that repeats straight."""
        across, down = grid.copies
        return cls(0, 0, grid.width * across * UNIT, grid.height * down * UNIT)

    def grown(self, margin: int) -> "Window":
        """Return the window with a margin on every side."""
        return Window(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)

    @property
    def corners(self) -> np.ndarray:
        """The corners (4, 2), counterclockwise on the page, as what a loop has on its left."""
        return np.array(
            [[self.left, self.top], [self.left, self.bottom], [self.right, self.bottom], [self.right, self.top]]
        )

    def meets(self, box: np.ndarray) -> bool:
        """Return whether a box (left, top, right, bottom) has a point in common with the window."""
        return bool(box[0] <= self.right and box[2] >= self.left and box[1] <= self.bottom and box[3] >= self.top)


def outlines(regions: Regions, ink: int, window: Window) -> list[np.ndarray]:
    """Return closed curves [(n, 4, 2) int64] that together bound an ink's area in a window.

    The area lies on their left: a point of the window inside it is gone around once, any other not at all, so that it
    is filled alike by the nonzero and the even-odd rule. The curves reach beyond the window.
    """
    wraps = regions.wraps
    own = np.flatnonzero(regions.loop_ink == ink)
    found = []
    for number in own[~wraps[own].any(axis=1)]:
        curves = regions.loop(number)
        for shift in lattice_shifts(regions.grid, _box(curves), window):
            found.append(curves + np.array(shift))
    bands = own[wraps[own].any(axis=1)]
    surrounds = regions.sea == ink
    if len(bands):
        sides, surrounds = _sides(regions, bands, wraps[bands], window)
        found += sides
    if surrounds:
        found.append(_polygon(window.grown(_beyond(window)).corners))
    return found


def _beyond(window: Window) -> int:
    return max(window.right - window.left, window.bottom - window.top)


def _box(curves: np.ndarray) -> np.ndarray:
    return np.concatenate([curves.min(axis=(0, 1)), curves.max(axis=(0, 1))])


def _polygon(corners: np.ndarray) -> np.ndarray:
    """Return the closed polygon of corners (n, 2) as straight curves."""
    return bezier.lines(corners, np.roll(corners, -1, axis=0))


def lattice_shifts(grid: Grid, box: np.ndarray, window: Window) -> list[tuple[int, int]]:
    """Return the lattice vectors, in UNITs, by which a box meets the window."""
    edges = (window.left - box[2], window.top - box[3], window.right - box[0], window.bottom - box[1])
    low = [math.floor(edge / UNIT) for edge in edges[:2]]
    high = [math.ceil(edge / UNIT) + 1 for edge in edges[2:]]
    shifts = [(x * UNIT, y * UNIT) for x, y in grid.translations(*low, *high)]
    return [by for by in shifts if window.meets(box + np.array([*by, *by]))]


def _sides(regions: Regions, bands: np.ndarray, wraps: np.ndarray, window: Window) -> tuple[list[np.ndarray], bool]:
    """Return (the sides of bands, closed by way of one side of the window, whether all before the first is inside).

    All loops that wrap go the same way or the opposite; ``normal`` points across, and every side is closed that way.
    """
    direction = wraps[0]
    normal = np.array([-direction[1], direction[0]])
    reach = window.corners @ normal
    found = []
    for number, wrap in zip(bands, wraps, strict=True):
        curves = regions.loop(number)
        height = curves.reshape(-1, 2) @ normal
        for shift in _across(regions.grid, direction, normal, (reach.min() - height.max(), reach.max() - height.min())):
            side = _unrolled(curves + shift, wrap, window)
            middle = np.mean((curves[:, 0] + shift) @ normal)
            found.append((middle, bool(wrap @ direction > 0), _closed(side, normal, window)))
    found.sort(key=lambda item: item[0])
    # Going the same way, a loop has the normal's side on its right, since y points down.
    return [side for _, _, side in found], bool(found[0][1])


def _across(grid: Grid, direction: np.ndarray, normal: np.ndarray, span: tuple[float, float]) -> list[np.ndarray]:
    """Return one lattice vector in UNITs for each height across the direction within a span."""
    basis = np.array([[grid.width, grid.drop], [grid.slide, grid.height]]) * UNIT
    heights = basis @ normal
    step = math.gcd(*(int(h) for h in heights))
    # Bezout: the combination of the basis that climbs by one step.
    _, a, b = _bezout(int(heights[0]), int(heights[1]))
    climb = a * basis[0] + b * basis[1]
    first, last = math.ceil(span[0] / step), math.floor(span[1] / step)
    return [_near_zero(climb * n, direction) for n in range(first, last + 1)]


def _near_zero(vector: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Return the vector less as many directions as leave it shortest."""
    return vector - round(float(vector @ direction) / float(direction @ direction)) * direction


def _bezout(a: int, b: int) -> tuple[int, int, int]:
    """Return (g, x, y) with a x + b y = g, the greatest common divisor, positive."""
    if b == 0:
        return (a, 1, 0) if a >= 0 else (-a, -1, 0)
    g, x, y = _bezout(b, a % b)
    return g, y, x - a // b * y


def _unrolled(curves: np.ndarray, wrap: np.ndarray, window: Window) -> np.ndarray:
    """Return a wrapping loop repeated until it begins and ends outside the window."""
    along = wrap / float(wrap @ wrap)
    span = window.corners @ along
    own = curves.reshape(-1, 2) @ along
    first, last = math.floor(span.min() - own.max()) - 1, math.ceil(span.max() - own.min()) + 1
    return np.concatenate([curves + n * wrap for n in range(first, last + 1)])


def _closed(side: np.ndarray, normal: np.ndarray, window: Window) -> np.ndarray:
    """Return a side closed by way of where the normal points, beyond the window."""
    unit = normal / np.hypot(*normal)
    far = np.rint(unit * 4 * (_beyond(window) + np.ptp(side.reshape(-1, 2) @ unit))).astype(np.int64)
    first, last = side[0, 0], side[-1, 3]
    corners = np.array([last, last + far, first + far, first])
    return np.concatenate([side, bezier.lines(corners[:-1], corners[1:])])
