"""Enlarging ink planes to print resolution: sharp, smooth contours on any lattice, in bands or at once."""

from patterns.enlarge.level_set import enlarge_bands, enlarge_indices_bands, enlarged, enlarged_indices

__all__ = ["enlarge_bands", "enlarge_indices_bands", "enlarged", "enlarged_indices"]
