"""Color: inks, palettes, spaces, differences, the names that people type, and palettes chosen by rule."""

from patterns.color.difference import ciede2000
from patterns.color.ink import Ink, Palette
from patterns.color.spaces import lab_to_srgb, linear_to_srgb, srgb_to_lab, srgb_to_linear

__all__ = ["Ink", "Palette", "ciede2000", "lab_to_srgb", "linear_to_srgb", "srgb_to_lab", "srgb_to_linear"]
