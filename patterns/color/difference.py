"""How different two colors look: CIEDE2000, CMC(l:c) with the standard first, and HyAB for large differences."""

import numpy as np

# 25**7, the pivot of the chroma weights in equations (4) and (17).
_CHROMA_PIVOT = 25.0**7


def ciede2000(lab1: np.ndarray, lab2: np.ndarray, *, textile: bool = False) -> np.ndarray:
    """Return the CIEDE2000 difference of CIE Lab colors (..., 3), broadcast against each other, (...) float64.

    ``textile`` weighs lightness half as much (kL = 2), as the textile trade does. Equation numbers are those of
    Sharma, Wu and Dalal (2005), "The CIEDE2000 Color-Difference Formula", Color Research & Application 30(1).
    """
    lab1, lab2 = np.broadcast_arrays(np.asarray(lab1, dtype=np.float64), np.asarray(lab2, dtype=np.float64))
    c1, c2, h1, h2 = _adjusted_chroma_and_hue(lab1, lab2)
    delta_l = lab2[..., 0] - lab1[..., 0]  # (8)
    delta_c = c2 - c1  # (9)
    delta_h, mean_h = _hue_difference_and_mean(c1, c2, h1, h2)
    mean_l = (lab1[..., 0] + lab2[..., 0]) / 2  # (12)
    mean_c = (c1 + c2) / 2  # (13)
    t = (
        1
        - 0.17 * np.cos(np.radians(mean_h - 30))
        + 0.24 * np.cos(np.radians(2 * mean_h))
        + 0.32 * np.cos(np.radians(3 * mean_h + 6))
        - 0.20 * np.cos(np.radians(4 * mean_h - 63))
    )  # (15)
    turn = 30 * np.exp(-(((mean_h - 275) / 25) ** 2))  # (16)
    s_l = 1 + 0.015 * (mean_l - 50) ** 2 / np.sqrt(20 + (mean_l - 50) ** 2)  # (18)
    s_c = 1 + 0.045 * mean_c  # (19)
    s_h = 1 + 0.015 * mean_c * t  # (20)
    rotation = -np.sin(np.radians(2 * turn)) * 2 * _chroma_weight(mean_c)  # (17), (21)
    lightness = delta_l / ((2.0 if textile else 1.0) * s_l)
    chroma, hue = delta_c / s_c, delta_h / s_h
    return np.sqrt(np.maximum(lightness**2 + chroma**2 + hue**2 + rotation * chroma * hue, 0))  # (22)


def cmc(standard: np.ndarray, sample: np.ndarray, *, lightness: float = 2.0, chroma: float = 1.0) -> np.ndarray:
    """Return CMC(l:c) of samples from their standards, CIE Lab (..., 3) broadcast, (...) float64; CMC(2:1) by default.

    The weights are the standard's, so that the order matters: ``cmc(a, b)`` is not ``cmc(b, a)``. Clarke, McDonald and
    Rigg (1984), JSDC 100(4); ISO 105-J03:2009, which leaves the tolerance to the parties.
    """
    standard, sample = (np.asarray(lab, dtype=np.float64) for lab in (standard, sample))
    l1, a1, b1 = standard[..., 0], standard[..., 1], standard[..., 2]
    c1 = np.hypot(a1, b1)
    h1 = np.degrees(np.arctan2(b1, a1)) % 360
    s_l = np.where(l1 < 16, 0.511, 0.040975 * l1 / (1 + 0.01765 * l1))
    s_c = 0.0638 * c1 / (1 + 0.0131 * c1) + 0.638
    blue = 0.56 + np.abs(0.2 * np.cos(np.radians(h1 + 168)))
    t = np.where((h1 >= 164) & (h1 <= 345), blue, 0.36 + np.abs(0.4 * np.cos(np.radians(h1 + 35))))
    f = np.sqrt(c1**4 / (c1**4 + 1900))
    s_h = s_c * (f * t + 1 - f)
    delta = sample - standard
    delta_c = np.hypot(sample[..., 1], sample[..., 2]) - c1
    # What is left of a and b after chroma is hue; it may fall below zero by rounding.
    hue_squared = np.maximum(delta[..., 1] ** 2 + delta[..., 2] ** 2 - delta_c**2, 0)
    return np.sqrt((delta[..., 0] / (lightness * s_l)) ** 2 + (delta_c / (chroma * s_c)) ** 2 + hue_squared / s_h**2)


def hyab(lab1: np.ndarray, lab2: np.ndarray) -> np.ndarray:
    """Return HyAB of CIE Lab colors (..., 3), broadcast, (...) float64: lightness and chroma-hue apart, for far colors.

    Abasi, Amani Tehran and Fairchild (2020), "Distance metrics for very large color differences", Color Research &
    Application 45(2).
    """
    delta = np.asarray(lab1, dtype=np.float64) - np.asarray(lab2, dtype=np.float64)
    return np.abs(delta[..., 0]) + np.hypot(delta[..., 1], delta[..., 2])


def _chroma_weight(chroma: np.ndarray) -> np.ndarray:
    power = chroma**7
    return np.sqrt(power / (power + _CHROMA_PIVOT))


def _adjusted_chroma_and_hue(
    lab1: np.ndarray, lab2: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    a1, b1, a2, b2 = lab1[..., 1], lab1[..., 2], lab2[..., 1], lab2[..., 2]
    mean_chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2  # (2), (3)
    stretch = 1 + 0.5 * (1 - _chroma_weight(mean_chroma))  # (4), (5)
    h1 = np.degrees(np.arctan2(b1, a1 * stretch)) % 360  # (7)
    h2 = np.degrees(np.arctan2(b2, a2 * stretch)) % 360
    return np.hypot(a1 * stretch, b1), np.hypot(a2 * stretch, b2), h1, h2  # (6)


def _hue_difference_and_mean(
    c1: np.ndarray, c2: np.ndarray, h1: np.ndarray, h2: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    gray = c1 * c2 == 0
    step = h2 - h1
    step = np.where(step > 180, step - 360, np.where(step < -180, step + 360, step))
    step = np.where(gray, 0.0, step)  # (10)
    delta = 2 * np.sqrt(c1 * c2) * np.sin(np.radians(step / 2))  # (11)
    total = h1 + h2
    apart = np.abs(h1 - h2) > 180
    mean = np.where(apart, np.where(total < 360, total + 360, total - 360), total) / 2
    return delta, np.where(gray, total, mean)  # (14)
