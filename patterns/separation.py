"""Which ink goes where: coverage planes that sum to one at every pixel."""

from dataclasses import dataclass

import numpy as np

from patterns.errors import InputError
from patterns.lattice import Grid, Lattice

# The fixed ink roles of the Loom, ground first. A role is a hint; an ink may have none.
ROLES = ("ground", "main", "second", "accent", "line", "detail")
MOST_INKS = 32
# What ink 0 is: bare cloth, cloth dyed in its color, or an ink that is printed like the others. Only a printed ground
# has a plate.
GROUNDS = ("cloth", "dyed", "printed")


@dataclass(frozen=True, slots=True)
class Separation:
    """Coverage planes on a lattice, with the inks' roles.

    ``planes`` is (K, H, W) float32 in 0-1, summing to 1 at every pixel (to 1e-3); 2 <= K <= 32. Ink 0 is the ground.
    ``roles`` has K entries. The pixel grid follows from the planes' shape and the lattice.
    """

    planes: np.ndarray
    lattice: Lattice
    roles: tuple[str, ...]

    def __post_init__(self) -> None:
        planes = self.planes
        if planes.ndim != 3 or planes.dtype != np.float32:
            raise InputError(f"ink planes are (K, H, W) float32, not {planes.shape} {planes.dtype}.")
        if not 2 <= len(planes) <= MOST_INKS or len(planes) != len(self.roles):
            raise InputError(
                f"a separation has 2 to {MOST_INKS} inks with a role each, not {len(planes)} and {len(self.roles)}."
            )
        # Said so that a plane with a NaN fails too.
        if not (planes.min() >= -1e-4 and np.abs(planes.sum(axis=0) - 1).max() <= 1e-3):
            raise InputError("ink planes must be coverages: at least 0, and 1 in sum at every pixel.")

    @property
    def grid(self) -> Grid:
        """The pixel grid of the planes."""
        return self.lattice.grid(self.planes.shape[2], self.planes.shape[1])

    def coverage(self) -> np.ndarray:
        """Return each ink's share of the area, (K,) float64, summing to 1."""
        return self.planes.mean(axis=(1, 2), dtype=np.float64)

    def indices(self) -> np.ndarray:
        """Return the strongest ink at every pixel, (H, W) uint8; the lower index wins a tie."""
        return self.planes.argmax(axis=0).astype(np.uint8)

    def render(self, linear_rgb: np.ndarray) -> np.ndarray:
        """Return (H, W, 3) float32, linear light: the inks' colors (K, 3) mixed by their coverage."""
        return np.tensordot(self.planes, linear_rgb.astype(np.float32), axes=(0, 0))

    def kept(self, inks: tuple[int, ...]) -> "Separation":
        """Return the separation with only these inks, in this order; they must cover everything."""
        return Separation(self.planes[list(inks)], self.lattice, tuple(self.roles[i] for i in inks))
