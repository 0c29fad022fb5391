"""Color spaces, vectorized over (..., 3) arrays: sRGB, linear light, XYZ and Lab under D50, OKLab and OKLCh.

Encoded and linear RGB are in 0-1 with sRGB primaries and white D65. XYZ has Y = 1 for white. Lab is CIE 1976 under
D50 with the 2-degree observer, as ICC profiles and swatch files use it; D65 and D50 are joined by Bradford adaptation.
All work is in float64 and nothing is clipped unless the docstring says so.
"""

import numpy as np

# IEC 61966-2-1, primaries and white as chromaticities; matrices follow from them, so that round trips are exact.
_PRIMARIES_XY = np.array([[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]])
_WHITE_D65_XY = (0.3127, 0.3290)
# ICC.1:2022, 6.3.4.3: the profile connection space's D50.
WHITE_D50 = np.array([0.9642, 1.0, 0.8249])
# Lam (1985), the Bradford cone response, as in ICC.1:2022 annex E.
BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
# CIE 15:2018, section 8.2.1.1: the limits of the linear part, as exact fractions.
_EPSILON, _KAPPA = 216 / 24389, 24389 / 27
# Ottosson (2020), "A perceptual color space for image processing": linear sRGB to cones, cube root of cones to Lab.
_RGB_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_CONES_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_CONES_TO_RGB, _OKLAB_TO_CONES = np.linalg.inv(_RGB_TO_CONES), np.linalg.inv(_CONES_TO_OKLAB)


def _xyz_of_xy(x: float, y: float) -> np.ndarray:
    return np.array([x / y, 1.0, (1 - x - y) / y])


WHITE_D65 = _xyz_of_xy(*_WHITE_D65_XY)


def _rgb_to_xyz_matrix() -> np.ndarray:
    columns = np.stack([_xyz_of_xy(x, y) for x, y in _PRIMARIES_XY], axis=1)
    return columns * np.linalg.solve(columns, WHITE_D65)


RGB_TO_XYZ_D65 = _rgb_to_xyz_matrix()
D65_TO_D50 = np.linalg.inv(BRADFORD) @ np.diag((BRADFORD @ WHITE_D50) / (BRADFORD @ WHITE_D65)) @ BRADFORD
RGB_TO_XYZ_D50 = D65_TO_D50 @ RGB_TO_XYZ_D65
XYZ_D50_TO_RGB = np.linalg.inv(RGB_TO_XYZ_D50)


def srgb_to_linear(encoded: np.ndarray) -> np.ndarray:
    """Return linear light of sRGB-encoded values, any shape; negative values are mirrored (IEC 61966-2-1)."""
    encoded = np.asarray(encoded, dtype=np.float64)
    size = np.abs(encoded)
    return np.sign(encoded) * np.where(size <= 0.04045, size / 12.92, ((size + 0.055) / 1.055) ** 2.4)


def linear_to_srgb(linear: np.ndarray) -> np.ndarray:
    """Return sRGB-encoded values of linear light, any shape; negative values are mirrored (IEC 61966-2-1)."""
    linear = np.asarray(linear, dtype=np.float64)
    size = np.abs(linear)
    return np.sign(linear) * np.where(size <= 0.0031308, size * 12.92, 1.055 * size ** (1 / 2.4) - 0.055)


def linear_to_xyz(linear: np.ndarray) -> np.ndarray:
    """Return XYZ under D50 (Bradford) of linear sRGB (..., 3)."""
    return np.asarray(linear, dtype=np.float64) @ RGB_TO_XYZ_D50.T


def xyz_to_linear(xyz: np.ndarray) -> np.ndarray:
    """Return linear sRGB of XYZ under D50 (..., 3); outside 0-1 where sRGB does not reach."""
    return np.asarray(xyz, dtype=np.float64) @ XYZ_D50_TO_RGB.T


def xyz_to_lab(xyz: np.ndarray) -> np.ndarray:
    """Return CIE Lab under D50 of XYZ under D50 (..., 3) (CIE 15:2018, equations 8.3 to 8.8)."""
    return lab_of_ratios(np.asarray(xyz, dtype=np.float64) / WHITE_D50)


def lab_to_xyz(lab: np.ndarray) -> np.ndarray:
    """Return XYZ under D50 of CIE Lab under D50 (..., 3): the inverse of ``xyz_to_lab``."""
    return ratios_of_lab(lab) * WHITE_D50


def lab_of_ratios(ratio: np.ndarray) -> np.ndarray:
    """Return CIE Lab of XYZ already divided by its white (..., 3), whatever the white."""
    f = np.where(ratio > _EPSILON, np.cbrt(ratio), (_KAPPA * ratio + 16) / 116)
    fx, fy, fz = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)], axis=-1)


def ratios_of_lab(lab: np.ndarray) -> np.ndarray:
    """Return XYZ divided by its white (..., 3) of CIE Lab: the inverse of ``lab_of_ratios``."""
    lab = np.asarray(lab, dtype=np.float64)
    fy = (lab[..., 0] + 16) / 116
    f = np.stack([fy + lab[..., 1] / 500, fy, fy - lab[..., 2] / 200], axis=-1)
    cube = f**3
    return np.where(cube > _EPSILON, cube, (116 * f - 16) / _KAPPA)


def srgb_to_lab(encoded: np.ndarray) -> np.ndarray:
    """Return CIE Lab (D50) of sRGB-encoded colors (..., 3) in 0-1."""
    return xyz_to_lab(linear_to_xyz(srgb_to_linear(encoded)))


def lab_to_srgb(lab: np.ndarray) -> np.ndarray:
    """Return sRGB-encoded colors (..., 3) of CIE Lab (D50); outside 0-1 where sRGB does not reach."""
    return linear_to_srgb(xyz_to_linear(lab_to_xyz(lab)))


def linear_to_oklab(linear: np.ndarray) -> np.ndarray:
    """Return OKLab (lightness 0-1) of linear sRGB (..., 3) (Ottosson 2020)."""
    cones = np.asarray(linear, dtype=np.float64) @ _RGB_TO_CONES.T
    return np.cbrt(cones) @ _CONES_TO_OKLAB.T


def oklab_to_linear(oklab: np.ndarray) -> np.ndarray:
    """Return linear sRGB of OKLab (..., 3); outside 0-1 where sRGB does not reach."""
    cones = (np.asarray(oklab, dtype=np.float64) @ _OKLAB_TO_CONES.T) ** 3
    return cones @ _CONES_TO_RGB.T


def to_polar(lab: np.ndarray) -> np.ndarray:
    """Return (lightness, chroma, hue in degrees 0-360) of (lightness, a, b); for Lab and OKLab alike."""
    lab = np.asarray(lab, dtype=np.float64)
    hue = np.degrees(np.arctan2(lab[..., 2], lab[..., 1])) % 360
    return np.stack([lab[..., 0], np.hypot(lab[..., 1], lab[..., 2]), hue], axis=-1)


def from_polar(lch: np.ndarray) -> np.ndarray:
    """Return (lightness, a, b) of (lightness, chroma, hue in degrees)."""
    lch = np.asarray(lch, dtype=np.float64)
    angle = np.radians(lch[..., 2])
    return np.stack([lch[..., 0], lch[..., 1] * np.cos(angle), lch[..., 1] * np.sin(angle)], axis=-1)


def lab_to_oklch(lab: np.ndarray) -> np.ndarray:
    """Return OKLCh (lightness 0-1, chroma, hue in degrees) of CIE Lab (D50)."""
    return to_polar(linear_to_oklab(xyz_to_linear(lab_to_xyz(lab))))


def oklch_to_lab(oklch: np.ndarray) -> np.ndarray:
    """Return CIE Lab (D50) of OKLCh, brought into sRGB by lowering chroma at constant lightness and hue."""
    oklch = np.array(oklch, dtype=np.float64)
    outside = ~in_srgb(oklab_to_linear(from_polar(oklch)))
    trial = oklch[outside]
    low, high = np.zeros(len(trial)), trial[:, 1].copy()
    for _ in range(18):
        trial[:, 1] = (low + high) / 2
        fits = in_srgb(oklab_to_linear(from_polar(trial)))
        low, high = np.where(fits, trial[:, 1], low), np.where(fits, high, trial[:, 1])
    trial[:, 1] = low
    oklch[outside] = trial
    return xyz_to_lab(linear_to_xyz(np.clip(oklab_to_linear(from_polar(oklch)), 0, 1)))


def in_srgb(linear: np.ndarray, *, tolerance: float = 1e-6) -> np.ndarray:
    """Return whether linear sRGB colors (..., 3) lie inside sRGB, as an array of bool (...)."""
    linear = np.asarray(linear)
    return np.all((linear >= -tolerance) & (linear <= 1 + tolerance), axis=-1)
