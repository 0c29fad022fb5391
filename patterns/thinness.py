"""Lines and gaps too fine to print, measured in mm on the torus.

An ink is too fine where a disc of the finest line's diameter does not fit into it: what its opening by that disc takes
away. The tips of leaves and the corners of shapes are too fine by that measure as well, and do no harm; so a thin place
counts only when it is longer than ``LONG`` times the finest width. The bare ground between inks is a gap and has a
width of its own.

All is done on pixels small beside the finest width; a figure is true to about one of them. Results commute with rolling
the tile on its lattice, sheared or not, because nothing looks farther than the padding reaches.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from patterns.errors import InputError
from patterns.lattice import Grid

# How many times the finest width a place must be long to count: shorter ones are the tips of leaves.
LONG = 3.0
# Pixels to the finest width: fewer do not show whether a line is too fine, more take time.
LEAST_PX, FINE_PX = 3.0, 6.0
# What is left over at an edge by no more than this, in pixels, comes from the pixels and not from the drawing.
_ROUGH = 1.5

Kind = Literal["line", "gap"]


@dataclass(frozen=True, slots=True)
class Finest:
    """The finest line and gap that can be printed. ``ground`` is the ink whose thin places are gaps.

    None stands for a ground that is printed like any other ink.
    """

    line_mm: float
    gap_mm: float
    ground: int | None = 0


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch that is too fine: its ink (of a gap: the ground), its length and mean width, and one point of it.

    ``x_mm`` and ``y_mm`` lie within the cell, from its top left corner.
    """

    ink: int
    kind: Kind
    length_mm: float
    width_mm: float
    x_mm: float
    y_mm: float


@dataclass(frozen=True, slots=True, eq=False)
class Thinness:
    """The thin places of a tile, the longest first, and where they are: ``map`` (H, W) bool on the grid measured."""

    places: tuple[Place, ...]
    map: np.ndarray

    def of(self, kind: Kind) -> tuple[Place, ...]:
        """Return the places that are lines, or those that are gaps."""
        return tuple(place for place in self.places if place.kind == kind)

    def narrowest(self, kind: Kind) -> float | None:
        """Return the least width in mm among the lines or gaps, None if there is none."""
        return min((place.width_mm for place in self.of(kind)), default=None)


def measure(indices: np.ndarray, grid: Grid, finest: Finest, *, px_per_mm: float) -> Thinness:
    """Return what is too fine in a cell (H, W) uint8, an ink a pixel.

    Raises InputError if the pixels are too coarse for widths this fine, or not the grid's.
    """
    if indices.shape != (grid.height, grid.width) or indices.dtype != np.uint8:
        raise InputError(f"ink indices are {grid.height} x {grid.width} uint8, not {indices.shape} {indices.dtype}.")
    least = min(finest.line_mm, finest.gap_mm)
    if least * px_per_mm < LEAST_PX:
        raise InputError(f"{px_per_mm:.3g} px per mm are too few to measure widths of {least:g} mm; enlarge first.")
    places: list[Place] = []
    where = np.zeros(indices.shape, bool)
    for ink in np.flatnonzero(np.bincount(indices.ravel())):
        kind: Kind = "gap" if ink == finest.ground else "line"
        limit = (finest.gap_mm if kind == "gap" else finest.line_mm) * px_per_mm
        for length, width, rows, columns in _thin(indices == ink, grid, limit):
            where[rows, columns] = True
            x, y = (columns[0] + 0.5) / px_per_mm, (rows[0] + 0.5) / px_per_mm
            places.append(Place(int(ink), kind, length / px_per_mm, width / px_per_mm, float(x), float(y)))
    return Thinness(tuple(sorted(places, key=lambda place: -place.length_mm)), where)


def _thin(mask: np.ndarray, grid: Grid, finest: float) -> Iterator[tuple[float, float, np.ndarray, np.ndarray]]:
    """Yield (length, width, rows, columns) in px of each long place of a mask that is thinner than ``finest`` px."""
    thin = _opened_away(mask, grid, finest)
    if not thin.any():
        return
    labels = _labels(thin, grid)
    areas = np.bincount(labels.ravel())
    # A pixel wide and as long as counts: what is smaller cannot count.
    worth = areas >= LONG * finest
    worth[0] = False
    if not worth.any():
        return
    lengths = _lengths(np.where(worth[labels], labels, 0), grid, finest)
    counted = worth & (np.pad(lengths, (0, len(areas) - len(lengths))) > LONG * finest)
    rows, columns = np.nonzero(counted[labels])
    order = np.argsort(labels[rows, columns], kind="stable")
    rows, columns = rows[order], columns[order]
    found, starts = np.unique(labels[rows, columns], return_index=True)
    for label, start in zip(found, starts, strict=True):
        here = slice(start, start + areas[label])
        yield float(lengths[label]), float(areas[label] / lengths[label]), rows[here], columns[here]


def _opened_away(mask: np.ndarray, grid: Grid, finest: float) -> np.ndarray:
    """Return what of a mask (H, W) bool no disc of a diameter of ``finest`` px inside it covers."""
    import cv2

    size = max(2, round(finest))
    margin = 2 * size + 4
    padded = np.ascontiguousarray(grid.pad(mask, margin)).view(np.uint8)
    disc = _disc(size)
    eroded = cv2.erode(padded, disc, borderType=cv2.BORDER_REPLICATE)
    # The same disc turned about, and a little larger: edges keep their roughness.
    spread = cv2.distanceTransform(1 - cv2.dilate(eroded, disc[::-1, ::-1], anchor=_turned(size)), cv2.DIST_L2, 5)
    thin = (padded != 0) & (spread > _ROUGH)
    return thin[margin:-margin, margin:-margin]


def _disc(size: int) -> np.ndarray:
    """Return the pixels (size, size) whose centers lie in a disc of that diameter."""
    along = np.arange(size) - (size - 1) / 2
    return (along[:, None] ** 2 + along**2 <= (size / 2) ** 2).astype(np.uint8)


def _turned(size: int) -> tuple[int, int]:
    """Return the anchor of a disc turned about: for an even size its center lies between pixels."""
    anchor = size - 1 - size // 2
    return anchor, anchor


def _labels(mask: np.ndarray, grid: Grid) -> np.ndarray:
    """Return (H, W) int labels, from 1, of the connected places of a mask on the torus; 0 where it is empty."""
    from scipy.ndimage import label
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    labels = np.empty(mask.shape, np.int32)
    count = int(label(mask, structure=np.ones((3, 3)), output=labels))  # pyright: ignore[reportArgumentType]
    padded = grid.pad(labels, 1)
    strips = (padded[:2], padded[-2:], padded[:, :2].T, padded[:, -2:].T)
    pairs = []
    for near, far in strips:
        for shift in (-1, 0, 1):
            a, b = near[max(0, -shift) : len(near) - max(0, shift)], far[max(0, shift) : len(far) - max(0, -shift)]
            pairs.append(np.stack([a, b])[:, (a > 0) & (b > 0)])
    first, second = np.concatenate(pairs, axis=1)
    graph = coo_array((np.ones(len(first), bool), (first, second)), shape=(count + 1, count + 1))
    return connected_components(graph, directed=False)[1][labels]


def _lengths(labels: np.ndarray, grid: Grid, finest: float) -> np.ndarray:
    """Return how long each labeled place is, (labels,) px: its skeleton, as the steps between neighboring pixels."""
    from skimage.morphology import skeletonize

    # Thinning takes a pixel off each side a turn, and a place is no wider than ``finest``.
    margin = 2 * round(finest) + 8
    cut = slice(margin - 1, 1 - margin)
    inside = skeletonize(grid.pad(labels > 0, margin))[cut, cut]
    middle = inside[1:-1, 1:-1]
    right, below, left = inside[1:-1, 2:], inside[2:, 1:-1], inside[1:-1, :-2]
    # A diagonal step counts only where no way around the corner is drawn.
    diagonal = (inside[2:, 2:] & ~right & ~below).astype(float) + (inside[2:, :-2] & ~left & ~below)
    steps = right.astype(float) + below + np.sqrt(2) * diagonal
    return np.bincount(labels[middle], weights=steps[middle], minlength=1)
