"""The cell at print size in sRGB and in inks, and pictures cut from it: the rectangle, the cell, a paved sheet."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import numpy as np

from patterns.color import Palette, linear_to_srgb
from patterns.contour import strongest
from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.press.job import Print

BAND_ROWS = 256
# Pixels mixed at once: they stay in the processor's cache.
_CHUNK_PX = 1 << 15
_STEPS = 65535
_THREADS = 2


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

    A pixel that inks share has their colors mixed in linear light, as the eye mixes them at a distance: to within 1 of
    the exact formula, and exact where one ink is alone. The bytes do not depend on the number of threads.
    """
    height, width = planes.shape[1:]
    index, rgb = np.empty((height, width), np.uint8), np.empty((height, width, 3), np.uint8)
    linear = np.ascontiguousarray(palette.linear_rgb().T) * np.float32(_STEPS / 255)
    encoded = _encoded()
    rows = max(1, _CHUNK_PX // width)

    def chunk(top: int) -> None:
        part = planes[:, top : top + rows]
        index[top : top + rows] = strongest(part)
        rgb[top : top + rows] = _rendered(part, linear, encoded)

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(chunk, range(0, height, rows)))
    return index, rgb


def _rendered(planes: np.ndarray, linear: np.ndarray, encoded: np.ndarray) -> np.ndarray:
    """Return (h, W, 3) uint8 of coverages (K, h, W): one product of matrices, then a table for the encoding."""
    import cv2

    light = np.matmul(linear, planes.reshape(len(planes), -1).astype(np.float32))
    light += np.float32(0.5)
    channels = np.take(encoded, light.astype(np.uint16), mode="clip").reshape(3, *planes.shape[1:])
    return cv2.merge(tuple(channels))


@cache
def _encoded() -> np.ndarray:
    """Return the sRGB encoding of linear light in steps of 1 / 65535, (65536,) uint8: far finer than 1/255."""
    return np.rint(255 * linear_to_srgb(np.arange(_STEPS + 1) / _STEPS)).astype(np.uint8)


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
