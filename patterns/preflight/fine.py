"""The finest lines and gaps of flat art, from its pixels.

A pixel on the edge of a shape is a mixture and belongs to no ink; it is given to the nearest one that is sure, so that
smooth edges make no lines of their own. What has no flat colors, such as a photograph, has no lines to measure.
"""

from collections.abc import Iterator

import numpy as np

from patterns import thinness
from patterns.errors import Finding
from patterns.lattice import Grid
from patterns.preflight.report import Wanted

# Flat colors: at most so many, on so much of the picture together; each with a body of so large a share, or a line of.
_MOST, _TOGETHER, _BODY, _LINE = 32, 0.8, 5e-4, 5e-5
# A color this near to a mixture of two others (of 255) is one.
_MIXED = 14.0
_MOST_PIXELS = 40_000_000


def fine_findings(pixels: np.ndarray, grid: Grid, px_per_mm: float, wanted: Wanted) -> Iterator[Finding]:
    """Yield what is too fine in a cell, (H, W, 3) uint8 on its grid; nothing if nothing is asked or is measurable."""
    least = min(wanted.line_mm, wanted.gap_mm)
    if not least or not px_per_mm or max(wanted.line_mm, wanted.gap_mm) * px_per_mm <= 1.2:
        return
    flat = flattened(pixels)
    if flat is None:
        yield Finding("note", "its colors are not flat, so that lines and gaps were not measured")
        return
    factor = max(1, int(np.ceil(thinness.LEAST_PX / (least * px_per_mm))))
    if factor > 4 or flat.size * factor**2 > _MOST_PIXELS:
        figure = f"{least:g} mm at {px_per_mm:.3g} px per mm"
        yield Finding("note", "lines and gaps were not measured: too few pixels, or too many", figure)
        return
    indices = flat.repeat(factor, axis=0).repeat(factor, axis=1)
    ground = int(np.bincount(flat.ravel()).argmax())
    limits = thinness.Finest(wanted.line_mm, wanted.gap_mm, ground)
    larger = Grid(grid.width * factor, grid.height * factor, grid.drop * factor, grid.slide * factor)
    yield from _told(thinness.measure(indices, larger, limits, px_per_mm=px_per_mm * factor), wanted)


def _told(found: thinness.Thinness, wanted: Wanted) -> Iterator[Finding]:
    kinds: tuple[tuple[thinness.Kind, float, str], ...] = (
        ("line", wanted.line_mm, "lines are thinner"),
        ("gap", wanted.gap_mm, "gaps are narrower"),
    )
    for kind, least, said in kinds:
        if places := found.of(kind):
            figure = (
                f"{len(places)} {'place' if len(places) == 1 else 'places'}, the narrowest "
                f"{found.narrowest(kind):.2f} of {least:.2f} mm, near ({places[0].x_mm:.0f}, {places[0].y_mm:.0f}) mm"
            )
            cure = "make the design larger or its fine parts bolder"
            yield Finding("fault", f"{said} than {wanted.title} holds", figure, cure)


def flattened(pixels: np.ndarray) -> np.ndarray | None:
    """Return the flat color of each pixel, (H, W) uint8 by number, or None if the art is not flat."""
    from scipy.ndimage import distance_transform_edt

    packed = (pixels.astype(np.uint32) << np.array([16, 8, 0], np.uint32)).sum(axis=2, dtype=np.uint32)
    alike = _alike(packed)
    colors = _flat_colors(packed, alike)
    if not 1 < len(colors) <= _MOST:
        return None
    order = np.sort(colors)
    place = np.searchsorted(order, packed).clip(max=len(order) - 1)
    sure = order[place] == packed
    if sure.mean() < _TOGETHER:
        return None
    nearest = distance_transform_edt(~sure, return_distances=False, return_indices=True)
    assert isinstance(nearest, np.ndarray)
    return place[nearest[0], nearest[1]].astype(np.uint8)


def _alike(packed: np.ndarray) -> np.ndarray:
    """Return how many of its eight neighbors on the torus each pixel equals, (H, W) uint8."""
    count = np.zeros(packed.shape, np.uint8)
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        same = packed == np.roll(packed, (dy, dx), (0, 1))
        count += same
        count += np.roll(same, (-dy, -dx), (0, 1))
    return count


def _flat_colors(packed: np.ndarray, alike: np.ndarray) -> np.ndarray:
    """Return the colors that are flat: those of bodies, and those of lines that are no mixture of two bodies."""
    bodies = _common(packed[alike == 8], _BODY * packed.size)
    lines = np.setdiff1d(_common(packed[alike >= 2], _LINE * packed.size), bodies)
    if not 0 < len(bodies) <= _MOST or len(lines) > 4 * _MOST:
        return bodies
    return np.concatenate([bodies, [line for line in lines if not _mixture(line, bodies)]]).astype(np.uint32)


def _common(values: np.ndarray, least: float) -> np.ndarray:
    found, counts = np.unique(values, return_counts=True)
    return found[counts >= max(1, least)]


def _mixture(color: np.uint32, bodies: np.ndarray) -> bool:
    """Return whether a color lies near the line between two others."""
    points = _unpacked(bodies)
    here = _unpacked(np.array([color]))[0]
    for number, start in enumerate(points):
        along = points[number + 1 :] - start
        length = (along**2).sum(axis=1)
        share = np.clip(((here - start) @ along.T) / np.maximum(length, 1), 0, 1)
        if len(along) and np.min(np.abs(start + share[:, None] * along - here).max(axis=1)) < _MIXED:
            return True
    return False


def _unpacked(packed: np.ndarray) -> np.ndarray:
    return np.stack([packed >> 16 & 255, packed >> 8 & 255, packed & 255], axis=-1).astype(np.float64)
