"""Which ink is nearest to a color: by a table of bins, and exactly where a bin is divided."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from patterns.color.spaces import linear_to_xyz, srgb_to_linear, xyz_to_lab
from patterns.separate.evidence import BINS, bin_colors, codes
from patterns.separate.space import lab_to_din99o, place

# An entry of a packed table: the ink, whether its bin is divided, whether it is within reach.
_INK, _DIVIDED, _WITHIN = np.uint8(63), np.uint8(64), np.uint8(128)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest of some places (K, 3) for every color.

    ``ink`` (64**3,) uint8 and ``distance`` (64**3,) float32 are for the middles of bins; in bins that are ``divided``,
    or lie beside one of another ink, a color is compared itself.
    """

    places: np.ndarray
    textile: bool
    ink: np.ndarray
    distance: np.ndarray
    divided: np.ndarray

    @classmethod
    def among(cls, places: np.ndarray, *, textile: bool) -> "Nearest":
        """Return the table for inks at ``places`` (K, 3), of the space that ``textile`` says."""
        from scipy.ndimage import maximum_filter, minimum_filter

        bins = bin_places(textile)
        best, ink = np.full(len(bins), np.inf), np.zeros(len(bins), np.uint8)
        for k, there in enumerate(places):
            squared = ((bins - there) ** 2).sum(axis=1)
            ink[squared < best] = k
            np.minimum(best, squared, out=best)
        cube = ink.reshape(BINS, BINS, BINS)
        divided = maximum_filter(cube, 3) != minimum_filter(cube, 3)
        return cls(places, textile, ink, np.sqrt(best).astype(np.float32), divided.ravel())

    def labels(self, rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (nearest ink (...) uint8, distance of its bin (...) float32) of colors (3, ...) uint8."""
        code = codes(rgb)
        labels = self.ink[code]
        unsure = self.divided[code]
        if unsure.any():
            labels[unsure] = self._exact(rgb[:, unsure])
        return labels, self.distance[code]

    def packed(self, reach: float) -> np.ndarray:
        """Return the table for ``near``, (64**3,) uint8: to look up one is quicker than three."""
        return self.ink | self.divided * _DIVIDED | (self.distance <= reach) * _WITHIN

    def near(self, rgb: np.ndarray, packed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (nearest ink (...) uint8, whether its bin is within reach (...) bool) of colors (3, ...) uint8."""
        found = packed[codes(rgb)]
        labels = found & _INK
        unsure = (found & _DIVIDED) > 0
        if unsure.any():
            labels[unsure] = self._exact(rgb[:, unsure])
        return labels, (found & _WITHIN) > 0

    def _exact(self, rgb: np.ndarray) -> np.ndarray:
        """Return the nearest ink (N,) uint8 of colors (3, N) uint8; the lower index wins a tie."""
        where = pixel_places(rgb.T, textile=self.textile)
        squared = np.stack([((where - there) ** 2).sum(axis=1) for there in self.places])
        return squared.argmin(axis=0).astype(np.uint8)


def pixel_places(rgb: np.ndarray, *, textile: bool) -> np.ndarray:
    """Return where colors (..., 3) uint8 lie, (..., 3) float64."""
    lab = xyz_to_lab(linear_to_xyz(_linear_table()[rgb]))
    return lab_to_din99o(lab) if textile else lab


@lru_cache(maxsize=1)
def _linear_table() -> np.ndarray:
    return srgb_to_linear(np.arange(256) / 255)


@lru_cache(maxsize=2)
def bin_places(textile: bool) -> np.ndarray:
    """Return where the middles of all bins lie, (64**3, 3) float64."""
    return place(bin_colors(np.arange(BINS**3)), textile=textile)
