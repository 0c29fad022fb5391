"""The true colors of inks that no plateau shows: lines so fine that blur mixes all of their pixels with the ground.

Blur moves color but loses none. In the surroundings of a line, what the pixels hold beyond the other inks' areas times
their colors is the line's area times its own color, however blurred: one equation for each such ink.
"""

import numpy as np

from patterns.separate.bands import each_band
from patterns.separate.evidence import MARGIN, Evidence


def purified(evidence: Evidence, first: np.ndarray, shown: np.ndarray, weak: np.ndarray) -> np.ndarray:
    """Return the inks' colors (K, 3) sRGB-encoded, 0-1, with those that are ``weak`` (K,) bool found by their areas.

    ``first`` (H, W) uint8 is each pixel's ink.
    """
    inks, sure = np.flatnonzero(weak), np.flatnonzero(~weak)
    if not len(inks) or not len(sure):
        return shown
    padded = evidence.grid.pad(first, MARGIN)
    base = np.zeros((256, 3))
    base[sure] = shown[sure] * 255

    def work(top: int, bottom: int) -> np.ndarray:
        labels, colors = first[top:bottom], evidence.colors(top, bottom)
        sums = np.zeros((len(inks), len(shown) + 3))
        for row, k in zip(sums, inks, strict=True):
            there = _around(padded[top : bottom + 2 * MARGIN] == k)
            row[: len(shown)] = np.bincount(labels[there], minlength=len(shown))
            row[len(shown) :] = [channel[there].sum(dtype=np.int64) for channel in colors]
        return sums

    sums = np.sum(each_band(first.shape[0], first.shape[1], work), axis=0)
    areas, held = sums[:, : len(shown)], sums[:, len(shown) :]
    rest = held - areas @ base[: len(shown)]
    there = areas[np.arange(len(inks)), inks] > 0
    pure = shown.copy()
    solved = np.linalg.lstsq(areas[there][:, inks[there]], rest[there], rcond=1e-6)[0]
    pure[inks[there]] = np.clip(solved / 255, 0, 1)
    return pure


def _around(mask: np.ndarray) -> np.ndarray:
    """Return which inner pixels (h, W) bool of a mask (h + 6, W + 6) have one of its own within 3 px."""
    import cv2

    kernel = np.ones((2 * MARGIN + 1, 2 * MARGIN + 1), np.uint8)
    return cv2.dilate(mask.view(np.uint8), kernel)[MARGIN:-MARGIN, MARGIN:-MARGIN] > 0
