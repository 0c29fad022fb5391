"""The space that colors are told apart in: DIN99o, Euclidean, with the textile weights.

DIN99o bends CIE Lab so that a straight distance is near to what is seen, and has the two factors of DIN 6176: textiles
are judged with kE = 2 and kCH = 0.5, which halves lightness and leaves chroma and hue. In it a mean is a mean and
k-means is what it says. CIEDE2000 judges results; it is no distance of any space, so that means cannot be taken in it.

Source: DIN99o as published by DIN (2018), after Cui, Luo, Rigg, Roesler and Witt (2002), "Uniform colour spaces based
on the DIN99 colour-difference formula", Color Research & Application 27(4).
"""

import numpy as np

from patterns.color.spaces import srgb_to_lab

_ANGLE = np.radians(26.0)
# White stays at 100; the standard rounds this to 303.67.
_LIGHTNESS = 100 / np.log1p(0.39)
# (kE, kCH) of DIN 6176.
TEXTILE, GENERAL = (2.0, 0.5), (1.0, 1.0)


def lab_to_din99o(lab: np.ndarray, *, factors: tuple[float, float] = TEXTILE) -> np.ndarray:
    """Return DIN99o (L, a, b) (..., 3) float64 of CIE Lab (..., 3), with factors (kE, kCH)."""
    lab = np.asarray(lab, dtype=np.float64)
    k_e, k_ch = factors
    lightness = _LIGHTNESS / k_e * np.log1p(0.0039 * lab[..., 0])
    e = np.cos(_ANGLE) * lab[..., 1] + np.sin(_ANGLE) * lab[..., 2]
    f = 0.83 * (np.cos(_ANGLE) * lab[..., 2] - np.sin(_ANGLE) * lab[..., 1])
    chroma = np.log1p(0.075 * np.hypot(e, f)) / (0.0435 * k_ch * k_e)
    hue = np.arctan2(f, e) + _ANGLE
    return np.stack([lightness, chroma * np.cos(hue), chroma * np.sin(hue)], axis=-1)


def place(encoded: np.ndarray, *, textile: bool) -> np.ndarray:
    """Return where sRGB-encoded colors (..., 3) lie: in DIN99o with the textile weights, or in plain CIE Lab."""
    lab = srgb_to_lab(encoded)
    return lab_to_din99o(lab) if textile else lab
