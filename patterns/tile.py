"""Pixels on a lattice."""

from dataclasses import dataclass

import numpy as np

from patterns.errors import InputError
from patterns.lattice import Grid, Lattice


@dataclass(frozen=True, slots=True)
class Tile:
    """One cell of pixels on a lattice: (H, W, C) float32, sRGB-encoded, 0-1. The resolution is derived."""

    pixels: np.ndarray
    lattice: Lattice

    def __post_init__(self) -> None:
        if self.pixels.ndim != 3 or self.pixels.dtype != np.float32:
            raise InputError(f"a tile's pixels are (H, W, C) float32, not {self.pixels.shape} {self.pixels.dtype}.")

    @property
    def grid(self) -> Grid:
        """The pixel grid; LatticeError if this shape cannot carry the lattice."""
        return self.lattice.grid(self.pixels.shape[1], self.pixels.shape[0])

    @property
    def px_per_mm(self) -> tuple[float, float]:
        """Resolution across and down."""
        return self.pixels.shape[1] / self.lattice.width, self.pixels.shape[0] / self.lattice.height

    def rectangle(self) -> "Tile":
        """Return the smallest rectangle that repeats straight."""
        pixels = np.moveaxis(self.grid.rectangle(np.moveaxis(self.pixels, 2, 0)), 0, 2)
        return Tile(np.ascontiguousarray(pixels), self.lattice.rectangle())
