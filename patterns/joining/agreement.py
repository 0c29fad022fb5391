"""How like itself a picture is when it is moved: its autocorrelation, freed of the light, by Fourier transform."""

import numpy as np

from patterns.joining.difference import features

# Of the picture's side: what is wider is light, not pattern.
_LIGHT = 1 / 6
# Spectra are divided by their own strength to this power: peaks grow sharper, and noise does not take over.
_WHITENING = 0.5
# A move counts while this share of the picture overlaps itself.
LEAST_OVERLAP = 0.14


def freed_of_light(pixels: np.ndarray) -> np.ndarray:
    """Return a picture's drawing, (H, W, 3) float32: OKLab less its surroundings, at an even contrast."""
    import cv2

    shown = features(pixels)
    sigma = _LIGHT * min(shown.shape[:2])
    shown = shown - _wide(shown, sigma)
    contrast = np.sqrt(cv2.GaussianBlur((shown**2).sum(axis=2), (0, 0), sigma, borderType=cv2.BORDER_REFLECT))
    return shown / (contrast[..., None] + 0.5)


def _wide(values: np.ndarray, sigma: float) -> np.ndarray:
    import cv2

    return cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)


def autocorrelation(drawing: np.ndarray, *, whitened: bool) -> np.ndarray:
    """Return how like itself a drawing (H, W, C) is, moved by (row - H, column), in -1..1: (2 H, W) float64.

    It is normalized by what overlaps, and 0 where too little does. ``whitened`` sharpens its peaks.
    """
    height, width = drawing.shape[:2]
    values = drawing.astype(np.float64)
    if whitened:
        values = _whitened(values)
    shape = (2 * height, 2 * width)
    spectrum = np.fft.rfft2(values, shape, axes=(0, 1))
    product = np.fft.irfft2((np.abs(spectrum) ** 2).sum(axis=2), shape)
    ones = np.fft.rfft2(np.ones((height, width)), shape)
    energy = np.fft.rfft2((values**2).sum(axis=2), shape)
    there = np.fft.irfft2(energy * ones.conj(), shape)
    here = np.fft.irfft2(ones * energy.conj(), shape)
    count = np.fft.irfft2(np.abs(ones) ** 2, shape)
    like = product / np.sqrt(np.maximum(here * there, 1e-9))
    like[count < LEAST_OVERLAP * height * width] = 0
    return np.fft.fftshift(like, axes=0)[:, :width]


def _whitened(values: np.ndarray) -> np.ndarray:
    """Return the values with each ring of their spectrum brought nearer to the others in strength."""
    height, width = values.shape[:2]
    window = np.hanning(height)[:, None] * np.hanning(width)[None, :]
    strength = (np.abs(np.fft.fft2(values * window[..., None], axes=(0, 1))) ** 2).sum(axis=2)
    far = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)[None, :])
    ring = np.minimum((far * 2 * min(height, width)).astype(int), 2 * min(height, width))
    count = np.bincount(ring.ravel())
    mean = np.bincount(ring.ravel(), strength.ravel()) / np.maximum(count, 1)
    # Noise is as strong in every ring, drawing is not: nothing is raised above the median ring.
    level = np.maximum(mean, np.median(mean[count > 0]))
    return np.fft.ifft2(np.fft.fft2(values, axes=(0, 1)) / level[ring][..., None] ** (_WHITENING / 2), axes=(0, 1)).real


def peaks(like: np.ndarray, *, least: float, most: int) -> np.ndarray:
    """Return (x, y, value) of an autocorrelation's highest peaks farther than ``least`` px from no move, (n, 3).

    Of each move and its opposite only one is there. Places are between the pixels, by a parabola each way.
    """
    from scipy.ndimage import maximum_filter

    middle = len(like) // 2
    top = like == maximum_filter(like, size=max(3, int(least / 2) | 1), mode="constant")
    rows, columns = np.nonzero(top & (like > 0.05))
    y = rows - middle
    keep = (np.hypot(y, columns) >= least) & ((columns > 0) | (y > 0))
    keep &= (rows > 0) & (rows < len(like) - 1) & (columns < like.shape[1] - 1)
    rows, columns = rows[keep], columns[keep]
    value = like[rows, columns]
    order = np.argsort(-value)[:most]
    rows, columns, value = rows[order], columns[order], value[order]
    left = np.where(columns > 0, like[rows, np.maximum(columns - 1, 0)], like[rows, columns + 1])
    x = columns + _vertex(left, value, like[rows, columns + 1]) * (columns > 0)
    y = rows - middle + _vertex(like[rows - 1, columns], value, like[rows + 1, columns])
    return np.stack([x, y, value], axis=1)


def _vertex(before: np.ndarray, here: np.ndarray, after: np.ndarray) -> np.ndarray:
    bend = before - 2 * here + after
    return np.clip(np.where(bend < 0, (before - after) / (2 * np.minimum(bend, -1e-9)), 0), -0.5, 0.5)
