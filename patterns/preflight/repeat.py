"""Finds on which repeat a picture meets itself: as one tile, straight or dropped, or as a sheet of many repeats.

A tile that does not meet itself straight is tried with the offsets of the trade, those first at which its edges agree
best. A sheet is compared with itself moved by every distance at once, as a Fourier transform gives them; the shortest
moves at which it agrees are its repeat (autocorrelation, normalized by what overlaps). The first cell of a sheet is
then what the seam is measured on.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from patterns import seam
from patterns.lattice import Grid

# Offsets tried on one tile.
OFFSETS = tuple(sorted({Fraction(k, n) for n in (2, 3, 4) for k in range(1, n)}))
# The edges agree at an offset when they differ by no more than this share of what they do straight, and by no more than
# neighboring lines inside the tile do, all but this share of them.
_AGREES, _USUAL = 0.6, 0.98
# Side in px to which a sheet is reduced before it is compared with itself.
_COARSE = 640
# Unlikeness (0 the same, 1 unrelated) of a sheet moved by its repeat: of the reduced one, and of its own pixels.
_LIKE_COARSE, _LIKE = 0.12, 0.05
# The least repeat in px that can be told from texture, and the share of a sheet that must overlap its moved copy.
_LEAST, _SHARE = 16, 0.22


@dataclass(frozen=True, slots=True)
class Found:
    """A repeat in px, what was measured on its cell (H, W, 3), and whether the picture holds more than that cell.

    Of a sheet ``corner`` is its top left, up to two cells each way.
    """

    grid: Grid
    report: seam.SeamReport
    corner: np.ndarray
    sheet: bool = False

    @property
    def cell(self) -> np.ndarray:
        """The cell's pixels."""
        return self.corner[: self.grid.height, : self.grid.width]


def meet_tile(pixels: np.ndarray) -> Found:
    """Return how a tile (H, W, 3) uint8 meets itself: straight, else on an offset, else straight with its seam."""
    height, width = pixels.shape[:2]
    straight = Grid(width, height)
    first = seam.measure(pixels, straight)
    if first.passed:
        return Found(straight, first, pixels)
    for grid in _offset_grids(pixels, first):
        report = seam.measure(pixels, grid)
        if report.passed:
            return Found(grid, report, pixels)
    return Found(straight, first, pixels)


def _offset_grids(pixels: np.ndarray, straight: seam.SeamReport) -> list[Grid]:
    """Return the grids with a drop or a slide at which the edges agree far better than straight, the best first."""
    across, down = straight.joints
    height, width = pixels.shape[:2]
    found: list[tuple[float, Grid]] = []
    if not across.passed and down.passed:
        found += _ranked(pixels, [Grid(width, height, drop=round(f * height)) for f in OFFSETS], axis=1)
    if not down.passed and across.passed:
        found += _ranked(pixels, [Grid(width, height, slide=round(f * width)) for f in OFFSETS], axis=0)
    return [grid for _, grid in sorted(found, key=lambda item: item[0])[:2]]


def _ranked(pixels: np.ndarray, grids: list[Grid], *, axis: int) -> list[tuple[float, Grid]]:
    lines = np.moveaxis(pixels, axis, 0).astype(np.float32)
    first, last = lines[0], lines[-1]
    usual = float(np.quantile(np.abs(np.diff(lines, axis=0)).mean(axis=(1, 2)), _USUAL))
    most = min(usual, _AGREES * float(np.abs(first - last).mean()))
    costs = [float(np.abs(np.roll(first, g.drop or g.slide, axis=0) - last).mean()) for g in grids]
    return [(cost, grid) for cost, grid in zip(costs, grids, strict=True) if cost < most]


def find_repeat(pixels: np.ndarray) -> Grid | None:
    """Return the repeat of a sheet (H, W, 3) uint8 that holds more than one, None if there is none to be seen."""
    factor = max(1, -(-max(pixels.shape[:2]) // _COARSE))
    gray = _reduced(pixels, factor)
    if gray.std() < 0.5:
        return None
    unlike, top = _unlikeness(gray)
    height = _first(unlike[top:, 0], _LEAST // factor)
    if height is not None:
        width, drop = _beside(unlike, top, height, factor)
        if width:
            return _refined(pixels, factor, (width, drop), (0, height))
    along = _first(unlike[top, :], _LEAST // factor)
    if along is not None:
        for row in range(max(2, _LEAST // factor), unlike.shape[0] - top):
            column = int(np.argmin(unlike[top + row, :along]))
            if _valley(unlike, top + row, column):
                return _refined(pixels, factor, (along, 0), (column, row))
    return None


def _reduced(pixels: np.ndarray, factor: int) -> np.ndarray:
    height, width = (side // factor * factor for side in pixels.shape[:2])
    gray = pixels[:height, :width].astype(np.float32) @ np.array([0.35, 0.5, 0.15], np.float32)
    return gray.reshape(height // factor, factor, width // factor, factor).mean(axis=(1, 3))


def _unlikeness(gray: np.ndarray) -> tuple[np.ndarray, int]:
    """Return how unlike a picture is itself moved down by row - top and right by column, and ``top``."""
    height, width = gray.shape
    values = gray - gray.mean()
    shape = (2 * height, 2 * width)
    spectrum = np.fft.rfft2(values, shape)
    product = np.fft.irfft2(np.abs(spectrum) ** 2, shape)
    ones = np.fft.rfft2(np.ones_like(values), shape)
    squares = np.fft.irfft2(np.fft.rfft2(values**2, shape) * ones.conj(), shape)
    back = np.fft.irfft2(ones * np.fft.rfft2(values**2, shape).conj(), shape)
    count = np.round(np.fft.irfft2(np.abs(ones) ** 2, shape))
    energy = (squares + back) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        unlike = np.where(
            (count >= _SHARE * values.size) & (energy > 1e-3 * values.size), 1 - product / np.maximum(energy, 1e-9), 1.0
        )
    limit = height - 1
    rows = np.r_[shape[0] - limit : shape[0], 0 : limit + 1]
    return unlike[rows][:, :width], limit


def _first(line: np.ndarray, least: int) -> int | None:
    """Return the shortest move at which a line of unlikenesses has a valley, None if it has none."""
    for lag in range(max(2, least), len(line) - 1):
        if line[lag] < _LIKE_COARSE and line[lag] <= min(line[lag - 1], line[lag + 1]):
            return lag
    return None


def _valley(unlike: np.ndarray, row: int, column: int) -> bool:
    here = unlike[row, column]
    around = unlike[max(0, row - 1) : row + 2, max(0, column - 1) : column + 2]
    return here < _LIKE_COARSE and here <= around.min()


def _beside(unlike: np.ndarray, top: int, height: int, factor: int) -> tuple[int, int]:
    """Return the (column, row) of the nearest repeat to the right, its row within one height; (0, 0) if none."""
    for column in range(max(2, _LEAST // factor), unlike.shape[1]):
        row = int(np.argmin(unlike[top : top + height, column]))
        if _valley(unlike, top + row, column):
            return column, row
    return 0, 0


def _refined(pixels: np.ndarray, factor: int, beside: tuple[int, int], below: tuple[int, int]) -> Grid | None:
    """Return the grid of two moves (right, down) found on reduced pixels, each to the whole pixel, if they hold."""
    (width, drop), (slide, height) = (_exact(pixels, factor, move) for move in (beside, below))
    if min(width, height) < _LEAST or apart(pixels, width, drop) > _LIKE or apart(pixels, slide, height) > _LIKE:
        return None
    if slide and drop:
        return None
    return Grid(width, height, drop % height, slide % width)


def _exact(pixels: np.ndarray, factor: int, move: tuple[int, int]) -> tuple[int, int]:
    x, y = move[0] * factor, move[1] * factor
    if factor == 1:
        return x, y
    level = (0,) if move[0] == 0 else range(x - factor, x + factor + 1)
    plumb = (0,) if move[1] == 0 else range(y - factor, y + factor + 1)
    return min(((a, b) for a in level for b in plumb), key=lambda m: apart(pixels, *m))


def apart(pixels: np.ndarray, x: int, y: int) -> float:
    """Return how unlike a picture is itself moved by (x, y) px, on a sample of its pixels."""
    height, width = pixels.shape[:2]
    if not (0 <= y < height and 0 <= x < width):
        return 1.0
    step = max(1, int((height * width / 60_000) ** 0.5))
    here = pixels[: height - y : step, : width - x : step].astype(np.float32)
    there = pixels[y::step, x::step].astype(np.float32)[: here.shape[0], : here.shape[1]]
    return float(((here - there) ** 2).mean() / max(1e-6, 2 * here.reshape(-1, 3).var(axis=0).mean()))


def meet_sheet(corner: np.ndarray, grid: Grid) -> Found:
    """Return how the first cell of a sheet meets itself on a grid."""
    cell = np.ascontiguousarray(corner[: grid.height, : grid.width])
    return Found(grid, seam.measure(cell, grid), corner[: 2 * grid.height, : 2 * grid.width], sheet=True)
