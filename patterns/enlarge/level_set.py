"""Level sets: each output pixel belongs to the strongest ink, and contours are one output pixel wide.

Blurred planes enlarged stay blurred; argmax alone gives stair steps. Between them lies the level set: where the two
strongest inks' surfaces cross is the contour, exactly, and the crossing's distance from a pixel's center is the
margin over its gradient. A pixel that the contour passes is shared by the area on either side, to first order; every
other pixel is one ink's alone.
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from patterns import contour
from patterns.enlarge.fairing import fair
from patterns.enlarge.spline import MARGIN, Columns, surface_rows, taps
from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.separation import MOST_INKS

# Rows worked on at once, whatever the caller's bands: small enough for the processor's cache, and fixed, so that the
# bytes do not depend on the bands.
_STRIP = 32


def enlarge_bands(
    planes: np.ndarray, grid_in: Grid, grid_out: Grid, *, band_rows: int = 256, margin: int = 0
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (first row, (K, h, W_out) uint8 coverages that sum to 255) from the top of the cell to its bottom.

    ``planes`` is (K, H, W) float32 on ``grid_in``; ``grid_out`` is the same lattice on more pixels, whose aspect may
    differ. With a ``margin`` every band shows that many pixels of its neighbors on all four sides. At most two inks
    share a pixel. Commutes with rolls that are whole in both grids; a sheared cell gives what its rectangle gives.
    Raises InputError if the grids are of two lattices or the planes are on neither.
    """
    _refuse_mismatch(planes, grid_in, grid_out)
    strips = _strips(planes, grid_in, grid_out, _covered, margin)
    return _banded(strips, grid_out.height, band_rows, margin)


def enlarge_indices_bands(
    planes: np.ndarray, grid_in: Grid, grid_out: Grid, *, band_rows: int = 256, margin: int = 0
) -> Iterator[tuple[int, np.ndarray]]:
    """Yield (first row, (h, W_out) uint8 index of the strongest ink): the same contours without antialiasing."""
    _refuse_mismatch(planes, grid_in, grid_out)
    strips = _strips(planes, grid_in, grid_out, _indexed, margin)
    return _banded(strips, grid_out.height, band_rows, margin)


def enlarged(planes: np.ndarray, grid_in: Grid, grid_out: Grid) -> np.ndarray:
    """Return (K, H_out, W_out) uint8: the whole of what ``enlarge_bands`` yields."""
    return np.concatenate([band for _, band in enlarge_bands(planes, grid_in, grid_out)], axis=1)


def enlarged_indices(planes: np.ndarray, grid_in: Grid, grid_out: Grid) -> np.ndarray:
    """Return (H_out, W_out) uint8: the whole of what ``enlarge_indices_bands`` yields."""
    return np.concatenate([band for _, band in enlarge_indices_bands(planes, grid_in, grid_out)])


def _refuse_mismatch(planes: np.ndarray, grid_in: Grid, grid_out: Grid) -> None:
    if planes.ndim != 3 or planes.dtype != np.float32 or not 1 <= len(planes) <= MOST_INKS:
        raise InputError(
            f"ink planes are (K, H, W) float32 with K from 1 to {MOST_INKS}, not {planes.shape} {planes.dtype}."
        )
    height, width = planes.shape[1:]
    if (height, width) != (grid_in.height, grid_in.width):
        raise InputError(
            f"planes of {width} x {height} px do not lie on a grid of {grid_in.width} x {grid_in.height} px."
        )
    if grid_out.width < grid_in.width or grid_out.height < grid_in.height:
        raise InputError(
            f"enlarging from {grid_in.width} x {grid_in.height} to {grid_out.width} x {grid_out.height} px would lose "
            "detail; ask for at least the design's own size."
        )
    same_drop = grid_in.drop * grid_out.height == grid_out.drop * grid_in.height
    same_slide = grid_in.slide * grid_out.width == grid_out.slide * grid_in.width
    if not (same_drop and same_slide):
        raise InputError("enlarging keeps the repeat; these two grids have different offsets.")


def _banded(strips: Iterator[np.ndarray], height: int, band_rows: int, margin: int) -> Iterator[tuple[int, np.ndarray]]:
    """Gather strips (..., h, W) into bands of ``band_rows`` with ``margin`` rows above and below."""
    held: list[np.ndarray] = []
    row, top, ready = 0, -_lead(margin), 0
    for strip in strips:
        held.append(strip)
        ready += strip.shape[-2]
        while row < height and top + ready >= min(row + band_rows, height) + margin:
            rows = min(band_rows, height - row)
            whole = np.concatenate(held, axis=-2) if len(held) > 1 else held[0]
            begin = row - margin - top
            yield row, whole[..., begin : begin + rows + 2 * margin, :]
            row, passed = row + rows, begin + rows
            held = [whole[..., passed:, :]] if ready > passed else []
            top, ready = top + passed, ready - passed


def _lead(margin: int) -> int:
    """Return with how many rows above the cell the strips begin: whole strips, so that the cell's are the same."""
    return -(-margin // _STRIP) * _STRIP


def _strips(
    planes: np.ndarray,
    grid_in: Grid,
    grid_out: Grid,
    finish: Callable[[np.ndarray, np.ndarray], np.ndarray],
    margin: int,
) -> Iterator[np.ndarray]:
    """Yield ``finish(surfaces, strongest)`` of strip after strip, each with a border of one pixel."""
    lead = _lead(margin)
    # Source pixels that the rows and columns beyond the cell may look at.
    beyond = max(-(-lead * grid_in.height // grid_out.height), -(-margin * grid_in.width // grid_out.width))
    padding = MARGIN + (beyond + 1 if margin else 0)
    padded = np.ascontiguousarray(grid_in.pad(fair(planes, grid_in), padding))
    columns = Columns.between(grid_in.width, grid_out.width, margin=margin, padding=padding)
    surfaces = np.empty((len(planes), _STRIP + 2, columns.width), np.float32)
    height = grid_out.height
    for start, stop in pairwise([*range(-lead, height, _STRIP), *range(height, height + lead + 1, _STRIP)]):
        first, weights = taps(np.arange(start - 1, stop + 1), grid_in.height, height)
        rows = surface_rows(padded, first + padding - MARGIN, weights)
        strip = surfaces[:, : stop - start + 2]
        for ink, surface in zip(rows, strip, strict=True):
            columns.apply(ink, surface)
        yield finish(strip, contour.strongest(strip))


def _indexed(surfaces: np.ndarray, strongest: np.ndarray) -> np.ndarray:
    return strongest[1:-1, 1:-1].copy()


def _covered(surfaces: np.ndarray, strongest: np.ndarray) -> np.ndarray:
    """Return coverages (K, h, W) uint8 of a strip whose surfaces have a border of one pixel."""
    inner = strongest[1:-1, 1:-1]
    covered = np.empty((len(surfaces), *inner.shape), np.uint8)
    for k in range(len(surfaces)):
        np.negative((inner == k).view(np.uint8), out=covered[k])  # true is 1, and -1 is 255
    y, x = np.nonzero(contour.on_contour(strongest))
    if len(y):
        first = inner[y, x]
        second, share = contour.shares(surfaces, first, y + 1, x + 1)
        whole = np.rint(255 * share).astype(np.uint8)
        covered[first, y, x] = whole
        covered[second, y, x] = 255 - whole
    return covered
