"""Hands: the manner in which a drawing was cut, printed or painted, applied to hard-edged inks on the lattice."""

import numpy as np

from patterns.lattice import Grid

HANDS = ("clean",)


def apply_hand(rng: np.random.Generator, indices: np.ndarray, grid: Grid, hand: str) -> np.ndarray:
    """Return subpixel indices (4 H, 4 W) uint8 in the manner of ``hand``, still seamless on ``grid``."""
    return indices
