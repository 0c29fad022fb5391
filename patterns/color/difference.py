"""How different two colors look: CIEDE2000."""

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
