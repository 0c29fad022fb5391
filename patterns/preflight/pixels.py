"""Pixels of a file, as many as are asked for, wherever they come from."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

# Reads (left, top, width, height) in px of the whole and returns (height, width, 3) uint8 sRGB.
Reader = Callable[[int, int, int, int], np.ndarray]
# Pixels that are read at once.
MOST_READ = 64_000_000


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture of width x height px, at px_per_mm if its size is known (0: not), read piece by piece."""

    width: int
    height: int
    px_per_mm: float
    read: Reader

    @classmethod
    def of(cls, array: np.ndarray, px_per_mm: float) -> "Pixels":
        """Return the pixels of a picture that is all there, (H, W, 3) uint8."""

        def read(left: int, top: int, width: int, height: int) -> np.ndarray:
            return array[top : top + height, left : left + width]

        return cls(array.shape[1], array.shape[0], px_per_mm, read)

    def corner(self, width: int, height: int) -> np.ndarray:
        """Return the top left of the picture, at most so many pixels."""
        return self.read(0, 0, min(width, self.width), min(height, self.height))
