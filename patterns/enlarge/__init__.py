"""Enlarging ink planes to print resolution: sharp, smooth contours on any lattice, in bands."""

from patterns.enlarge.level_set import enlarge_bands, enlarge_indices_bands

__all__ = ["enlarge_bands", "enlarge_indices_bands"]
