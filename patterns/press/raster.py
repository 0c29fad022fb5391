"""The cell at print size in sRGB and in inks, and pictures cut from it: the rectangle, the cell, a paved sheet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from patterns.color import Palette, linear_to_srgb
from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.press.job import Print

BAND_ROWS = 256


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of pixels for a file: ``bands()`` yields (h, W, 3) uint8 sRGB, or (h, W) indices if there are ``colors``."""

    width: int
    height: int
    bands: Callable[[], Iterator[np.ndarray]]
    px_per_mm: tuple[float, float]
    colors: np.ndarray | None = None  # (K, 3) uint8 sRGB


@dataclass(frozen=True, slots=True)
class Raster:
    """One cell at print size: (H, W, 3) uint8 sRGB, (H, W) uint8 index of the strongest ink, and each ink's share."""

    rgb: np.ndarray
    index: np.ndarray
    coverage: np.ndarray
    job: Print

    @classmethod
    def of(cls, job: Print) -> "Raster":
        """Return the cell of a job; InputError if its bands do not fill it or have another number of inks."""
        height, width = job.grid.height, job.grid.width
        rgb, index = np.empty((height, width, 3), np.uint8), np.empty((height, width), np.uint8)
        total, done = np.zeros(len(job.palette), np.int64), 0
        for row, planes in job.bands():
            if row != done or planes.shape[0] != len(job.palette) or planes.shape[2] != width:
                raise InputError(
                    f"a band of {planes.shape} at row {row} does not fit {len(job.palette)} inks on {job.grid}."
                )
            done = row + planes.shape[1]
            index[row:done], rgb[row:done] = mixed(planes, job.palette)
            total += planes.sum(axis=(1, 2), dtype=np.int64)
        if done != height:
            raise InputError(f"the bands end at row {done} of {height}.")
        return cls(rgb, index, total / total.sum(), job)

    def rectangle(self, *, margin: int = 0) -> Picture:
        """Return the smallest rectangle that repeats straight, with ``margin`` pixels of its neighbors around it."""
        return self._cut(self.rgb, margin=margin)

    def cell(self) -> Picture:
        """Return the lattice's own cell, sheared if the lattice is."""
        return Picture(self.job.grid.width, self.job.grid.height, lambda: iter([self.rgb]), self.job.px_per_mm)

    def indexed(self) -> Picture:
        """Return the rectangle in inks: one index per ink in palette order, no antialiasing."""
        return self._cut(self.index, colors=self.job.palette.srgb8())

    def _cut(self, array: np.ndarray, *, margin: int = 0, colors: np.ndarray | None = None) -> Picture:
        grid = self.job.grid
        across, down = grid.copies
        width, height = grid.width * across + 2 * margin, grid.height * down + 2 * margin

        def bands() -> Iterator[np.ndarray]:
            for top in range(0, height, BAND_ROWS):
                rows = np.arange(top, min(top + BAND_ROWS, height)) - margin
                yield paved(array, grid, rows, np.arange(-margin, width - margin))

        return Picture(width, height, bands, self.job.px_per_mm, colors)


def mixed(planes: np.ndarray, palette: Palette) -> tuple[np.ndarray, np.ndarray]:
    """Return (strongest ink (h, W) uint8, sRGB (h, W, 3) uint8) of coverages (K, h, W) uint8 that sum to 255.

    A pixel that inks share has their colors mixed in linear light, as the eye mixes them at a distance. Nearly all
    pixels are one ink's, and are looked up.
    """
    best, index = planes[0].copy(), np.zeros(planes.shape[1:], np.uint8)
    for k in range(1, len(planes)):
        index[planes[k] > best] = k
        np.maximum(best, planes[k], out=best)
    rgb = palette.srgb8()[index]
    y, x = np.nonzero(best < 255)
    linear = planes[:, y, x].T.astype(np.float32) / 255 @ palette.linear_rgb()
    rgb[y, x] = np.rint(255 * linear_to_srgb(linear)).astype(np.uint8)
    return index, rgb


def paved(array: np.ndarray, grid: Grid, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return the paved plane at whole-pixel rows and columns (consecutive), from a cell (H, W, ...)."""
    if grid.slide:
        turns = np.floor_divide(rows, grid.height)
        parts = [
            array[rows[turns == turn] - turn * grid.height][:, (columns - turn * grid.slide) % grid.width]
            for turn in np.unique(turns)
        ]
        return np.concatenate(parts, axis=0)
    turns = np.floor_divide(columns, grid.width)
    parts = []
    for turn in np.unique(turns):
        inside = columns[turns == turn] - turn * grid.width
        parts.append(array[(rows - turn * grid.drop) % grid.height, inside[0] : inside[-1] + 1])
    return np.concatenate(parts, axis=1)
