"""Chance as the hands use it: smooth noise and scattered points on a lattice, drawn before anything is cut.

A hand's cut is local and fully determined by the drawing and its ``Chance``. So moved along the lattice, or copied to
the rectangle that repeats straight, together with its chance, a drawing is cut just as it was in its cell.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from patterns.lattice import Grid


@dataclass(frozen=True, slots=True)
class Points:
    """Points on whole pixels of a cell: ``rows`` and ``columns`` (N,) int, ``draws`` (N, M) float64 in 0-1 for each."""

    rows: np.ndarray
    columns: np.ndarray
    draws: np.ndarray

    def around(self, grid: Grid, margin: int) -> "Points":
        """Return the points of the cell padded by ``margin`` pixels, every copy that falls inside, with its places."""
        height, width = grid.height + 2 * margin, grid.width + 2 * margin
        rows, columns, which = [], [], []
        for x, y in grid.translations(-margin, -margin, grid.width + margin, grid.height + margin):
            r, c = self.rows + y + margin, self.columns + x + margin
            inside = np.flatnonzero((r >= 0) & (r < height) & (c >= 0) & (c < width))
            rows.append(r[inside])
            columns.append(c[inside])
            which.append(inside)
        return Points(np.concatenate(rows), np.concatenate(columns), self.draws[np.concatenate(which)])

    def kept(self, chosen: np.ndarray) -> "Points":
        """Return only the points of a mask or of positions (N,)."""
        return Points(self.rows[chosen], self.columns[chosen], self.draws[chosen])


@dataclass(frozen=True, slots=True)
class Chance:
    """What a hand left to chance: fields (H, W) on the grid, points, and numbers (n,) that hold for the whole cloth."""

    fields: tuple[np.ndarray, ...] = ()
    points: Points | None = None
    numbers: np.ndarray | None = None

    def rolled(self, grid: Grid, dy: int, dx: int) -> "Chance":
        """Return the chance moved down by dy and right by dx pixels."""
        points = self.points
        if points:
            rows, columns = grid.wrap(points.rows + dy, points.columns + dx)
            points = replace(points, rows=rows, columns=columns)
        return replace(self, fields=tuple(grid.roll(f, dy, dx) for f in self.fields), points=points)

    def paved(self, grid: Grid) -> "Chance":
        """Return the same chance on the smallest rectangle that repeats straight."""
        across, down = grid.copies
        width, height, points = grid.width * across, grid.height * down, self.points
        if points:
            rows, columns, which = [], [], []
            for x, y in grid.translations(0, 0, width, height):
                r, c = points.rows + y, points.columns + x
                inside = np.flatnonzero((r >= 0) & (r < height) & (c >= 0) & (c < width))
                rows, columns, which = [*rows, r[inside]], [*columns, c[inside]], [*which, inside]
            points = Points(np.concatenate(rows), np.concatenate(columns), points.draws[np.concatenate(which)])
        return replace(self, fields=tuple(grid.rectangle(f) for f in self.fields), points=points)


def scattered(rng: np.random.Generator, grid: Grid, apart: float, *, draws: int = 4) -> Points:
    """Return points about ``apart`` px from their neighbors: one in each square of a grid of its own, at random."""
    down, across = (_step(*sides, apart) for sides in ((grid.height, grid.drop), (grid.width, grid.slide)))
    rows, columns = np.mgrid[0 : grid.height : down, 0 : grid.width : across].reshape(2, -1)
    # Four fifths of a square: points of two squares seldom meet.
    moved = rng.uniform(0.1, 0.9, (2, len(rows)))
    y, x = (rows + moved[0] * down).astype(int), (columns + moved[1] * across).astype(int)
    return Points(y, x, rng.random((len(rows), draws)))


def spaced(rng: np.random.Generator, grid: Grid, radii: tuple[float, ...], *, site: float) -> Points:
    """Return points of blue noise whose first draw is the spacing in px that each may stand at.

    Those whose first draw is at least r stand about r apart or farther, and leave no hole: for every r of ``radii``,
    which descend, darts are thrown on sites ``site`` px wide until none fits (Dippe and Wold, 1985), around those that
    stand already.
    """
    down, across = step_px(grid, site)
    sites = Grid(grid.width // across, grid.height // down, grid.drop // down, grid.slide // across)
    spacing = np.zeros((sites.height, sites.width), np.float32)
    for near, far in zip(radii, (radii[0], *radii), strict=False):
        new = _thrown(rng, sites, spacing > 0, near / max(down, across))
        spacing[new] = rng.uniform(near, max(far, near * 1.001), int(new.sum()))
    rows, columns = np.nonzero(spacing)
    moved = rng.uniform(0, 1, (2, len(rows)))
    y, x = (rows * down + moved[0] * down).astype(int), (columns * across + moved[1] * across).astype(int)
    return Points(y, x, np.column_stack([spacing[rows, columns], rng.random(len(rows))]))


def _thrown(rng: np.random.Generator, grid: Grid, standing: np.ndarray, radius: float) -> np.ndarray:
    """Return new sites (H, W) bool at least ``radius`` px from each other and from those that stand."""
    import cv2

    size = int(radius)
    along = np.arange(-size, size + 1)
    disc = (along[:, None] ** 2 + along**2 < radius**2).astype(np.uint8)
    dart = rng.permutation(standing.size).astype(np.float32).reshape(standing.shape) + 1
    new = np.zeros(standing.shape, bool)
    for _ in range(5):
        taken = cv2.dilate(grid.pad((standing | new).astype(np.uint8), size), disc)
        free = np.where(taken[size : size + grid.height, size : size + grid.width], np.float32(0), dart)
        best = cv2.dilate(grid.pad(free, size), disc)[size : size + grid.height, size : size + grid.width]
        hit = (free == best) & (free > 0)
        if not hit.any():
            break
        new |= hit
    return new


def noise(rng: np.random.Generator, grid: Grid, bump: tuple[float, float]) -> np.ndarray:
    """Return noise (H, W) float32 on the lattice, mean 0, deviation about 0.7, in bumps (down, across) px wide."""
    import cv2

    down = _step(grid.height, grid.drop, bump[0])
    across = _step(grid.width, grid.slide, bump[1])
    coarse = Grid(grid.width // across, grid.height // down, grid.drop // down, grid.slide // across)
    values = rng.standard_normal((coarse.height, coarse.width), dtype=np.float32)
    blur = (bump[0] / down, bump[1] / across)
    if max(blur) >= 2:
        values = _blurred(values, coarse, blur)
    padded = coarse.pad(values, 2)
    # The last step is linear: it costs a quarter, and no eye sees it.
    near, far = (
        (step // last, last) for step, last in ((s, 4 if s % 16 == 0 else 1 + (s % 2 == 0)) for s in (across, down))
    )
    large = cv2.resize(padded, None, fx=near[0], fy=far[0], interpolation=cv2.INTER_CUBIC)
    large = cv2.resize(large, None, fx=near[1], fy=far[1], interpolation=cv2.INTER_LINEAR)
    return large[2 * down : 2 * down + grid.height, 2 * across : 2 * across + grid.width]


def step_px(grid: Grid, most: float) -> tuple[int, int]:
    """Return the largest steps (down, across) of at most ``most`` px that divide the cell and its offset."""
    return _step(grid.height, grid.drop, most), _step(grid.width, grid.slide, most)


def _step(side: int, offset: int, most: float) -> int:
    whole = math.gcd(side, offset)
    return max(d for d in range(1, max(1, int(most)) + 1) if whole % d == 0)


def _blurred(values: np.ndarray, grid: Grid, widths: tuple[float, float]) -> np.ndarray:
    import cv2

    sigmas = [w / 2 if w >= 2 else 0.1 for w in widths]
    margin = math.ceil(3 * max(sigmas))
    soft = cv2.GaussianBlur(grid.pad(values, margin), (0, 0), sigmaX=sigmas[1], sigmaY=sigmas[0])
    soft = soft[margin : margin + grid.height, margin : margin + grid.width]
    return soft * np.float32(math.prod(math.sqrt(2 * math.sqrt(math.pi) * s) for s in sigmas if s > 0.5))
