"""The cell at print size, and pictures cut from it in sRGB, CMYK, spots or inks: the rectangle, the cell, any part."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from patterns.color import Palette, linear_to_srgb
from patterns.contour import strongest
from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.press.job import Print
from patterns.press.mixtures import Mixtures
from patterns.press.names import plate_names
from patterns.press.process import Condition, process_inks

BAND_ROWS = 256
# Pixels mixed at once: they stay in the processor's cache.
_CHUNK_PX = 1 << 15
_STEPS = 65535
_THREADS = 2


Space = Literal["rgb", "cmyk", "plate", "bits"]


@dataclass(frozen=True, slots=True)
class Spot:
    """A named channel beside those of CMYK: its plate's name, and its ink's Lab (D50) for previews."""

    name: str
    lab: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Picture:
    """Rows of pixels for a file.

    ``bands()`` yields uint8 from the top: (h, W, 3) sRGB; (h, W, 4 + spots) CMYK and spots; (h, W) one plate, or of
    ``bits`` 0 or anything else; (h, W) indices if there are ``colors``. In CMYK and plates 255 is full ink. ``profile``
    is the ICC profile to embed, None sRGB's. Rows that lie ``period`` apart are equal.
    """

    width: int
    height: int
    bands: Callable[[], Iterator[np.ndarray]]
    px_per_mm: tuple[float, float]
    colors: np.ndarray | None = None  # (K, 3) uint8 sRGB
    space: Space = "rgb"
    profile: bytes | None = None
    spots: tuple[Spot, ...] = ()
    period: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Channels:
    """What a file holds of each mixture: ``values`` (N, C) or (N,) uint8; the rest as in ``Picture``."""

    values: np.ndarray
    space: Space = "rgb"
    profile: bytes | None = None
    spots: tuple[Spot, ...] = ()
    colors: np.ndarray | None = None

    def of(self, numbers: np.ndarray) -> np.ndarray:
        """Return the channels (h, W, C) or (h, W) of mixtures (h, W)."""
        count = self.values.shape[-1]
        if self.values.ndim == 1:
            return np.take(self.values, numbers, mode="clip")
        if count > 4:
            return np.take(self.values, numbers, axis=0, mode="clip")
        # Three or four bytes are fetched as one number.
        words = np.zeros((len(self.values), 4), np.uint8)
        words[:, :count] = self.values
        found = np.take(words.view(np.uint32)[:, 0], numbers, mode="clip")
        return found.view(np.uint8).reshape(*numbers.shape, 4)[..., :count]


@dataclass(frozen=True, slots=True, eq=False)
class Raster:
    """One cell at print size: (H, W) numbers of mixtures, the mixtures (N, K) uint8, and each ink's share."""

    numbers: np.ndarray
    mixtures: np.ndarray
    coverage: np.ndarray
    job: Print

    @classmethod
    def of(cls, job: Print) -> "Raster":
        """Return the cell of a job; InputError if its bands do not fill it or have another number of inks."""
        height, width = job.grid.height, job.grid.width
        numbers, mixtures = np.empty((height, width), np.uint16), Mixtures(len(job.palette))
        total, done = np.zeros(len(job.palette), np.int64), 0
        for row, planes in job.bands():
            if row != done or planes.shape[0] != len(job.palette) or planes.shape[2] != width:
                raise InputError(
                    f"a band of {planes.shape} at row {row} does not fit {len(job.palette)} inks on {job.grid}."
                )
            done = row + planes.shape[1]
            found = mixtures.numbered(planes)
            if found.itemsize > numbers.itemsize:
                numbers = numbers.astype(found.dtype)
            numbers[row:done] = found
            total += planes.sum(axis=(1, 2), dtype=np.int64)
        if done != height:
            raise InputError(f"the bands end at row {done} of {height}.")
        return cls(numbers, mixtures.table, total / total.sum(), job)

    @property
    def rgb(self) -> np.ndarray:
        """The cell in sRGB, (H, W, 3) uint8; made anew each time."""
        return self.in_srgb().of(self.numbers)

    def in_srgb(self) -> Channels:
        """Return sRGB: the inks mixed in linear light by their coverage."""
        _, colors = mixed(self.mixtures.T[:, None], self.job.palette)
        return Channels(colors[0])

    def in_inks(self) -> Channels:
        """Return one index per ink in palette order, of the strongest in each pixel: no antialiasing."""
        return Channels(strongest(self.mixtures.T[:, None])[0], colors=self.job.palette.srgb8())

    def in_plates(self, inks: Sequence[int]) -> Channels:
        """Return the coverages of inks, one channel each: a single one is a plate for ``write_tiff``."""
        values = np.ascontiguousarray(self.mixtures[:, list(inks)])
        return Channels(values[:, 0] if len(inks) == 1 else values, "plate")

    def in_process(self, condition: Condition, *, spots: Sequence[int] = (), bare: Sequence[int] = ()) -> Channels:
        """Return CMYK: the CMYK of the inks on a printing condition, mixed by their coverage as dots on paper are.

        Inks in ``spots`` have a channel of their own, of their coverage, and take no part in the CMYK; inks in
        ``bare`` (cloth, dyed ground) print nothing. A pixel of one ink has just the ink's CMYK, in 255 steps.
        """
        inks = process_inks(self.job.palette, condition.profile)
        inks[[*spots, *bare]] = 0
        process = np.floor(self.mixtures @ inks + 0.5).astype(np.uint8)
        names, lab = plate_names(self.job.palette), self.job.palette.lab()
        channels = tuple(Spot(names[ink], (lab[ink][0], lab[ink][1], lab[ink][2])) for ink in spots)
        values = np.concatenate([process, self.mixtures[:, list(spots)]], axis=1)
        return Channels(values, "cmyk", condition.data, channels)

    def window(self, box: tuple[int, int, int, int], channels: Channels) -> Picture:
        """Return the plane between left, top and width, height in pixels: any part of it, of any size."""
        left, top, width, height = box
        grid, period = self.job.grid, self.job.grid.height * self.job.grid.copies[1]

        def bands() -> Iterator[np.ndarray]:
            columns = np.arange(left, left + width)
            for row in range(top, top + height, BAND_ROWS):
                rows = np.arange(row, min(row + BAND_ROWS, top + height))
                yield channels.of(paved(self.numbers, grid, rows, columns))

        return Picture(
            width,
            height,
            bands,
            self.job.px_per_mm,
            channels.colors,
            space=channels.space,
            profile=channels.profile,
            spots=channels.spots,
            period=period,
        )

    def rectangle(self, channels: Channels | None = None, *, margin: int = 0) -> Picture:
        """Return the smallest rectangle that repeats straight, with ``margin`` pixels of its neighbors around it."""
        grid = self.job.grid
        across, down = grid.copies
        size = (grid.width * across + 2 * margin, grid.height * down + 2 * margin)
        return self.window((-margin, -margin, *size), channels or self.in_srgb())

    def cell(self, channels: Channels | None = None) -> Picture:
        """Return the lattice's own cell, sheared if the lattice is."""
        return self.window((0, 0, self.job.grid.width, self.job.grid.height), channels or self.in_srgb())

    def indexed(self) -> Picture:
        """Return the rectangle in inks: see ``in_inks``."""
        return self.rectangle(self.in_inks())


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
