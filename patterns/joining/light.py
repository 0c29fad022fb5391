"""Uneven light: how much a picture brightens from side to side, and the picture without it."""

from itertools import pairwise

import numpy as np

from patterns.color.spaces import linear_to_srgb, srgb_to_linear

# The picture is compared on so many blocks a side, and a block's darkest tenths are not light but drawing.
_BLOCKS, _DARKEST = 24, 0.02


def unevenness(pixels: np.ndarray) -> float:
    """Return how many times brighter the lightest place is lit than the darkest, of sRGB (H, W, 3) in 0-1.

    It is a parabola over the picture, fitted to the median light of its blocks: what is drawn unevenly counts as well.
    """
    light = np.exp(_surface(*_fit(pixels), np.linspace(-1, 1, 33), np.linspace(-1, 1, 33)))
    return float(light.max() / light.min())


def evened(pixels: np.ndarray) -> np.ndarray:
    """Return the picture, (H, W, 3) float32 sRGB 0-1, lit evenly at the mean light that it has.

    Divided by the parabola of ``unevenness`` in linear light, all three channels alike: hues stay as they are.
    """
    weights, terms = _fit(pixels)
    height, width = pixels.shape[:2]
    even = np.empty(pixels.shape, np.float32)
    columns = np.linspace(-1, 1, width)
    for top in range(0, height, 256):
        rows = np.linspace(-1, 1, height)[top : top + 256]
        light = np.exp(_surface(weights, terms, rows, columns))
        even[top : top + 256] = np.clip(
            linear_to_srgb(srgb_to_linear(pixels[top : top + 256]) / light[..., None]), 0, 1
        )
    return even


_TERMS = ((0, 1), (1, 0), (0, 2), (1, 1), (2, 0))


def _fit(pixels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the weights of the parabola's terms and their means over the picture."""
    rows = np.linspace(0, pixels.shape[0], min(_BLOCKS, pixels.shape[0]) + 1).astype(int)
    columns = np.linspace(0, pixels.shape[1], min(_BLOCKS, pixels.shape[1]) + 1).astype(int)
    step = max(1, pixels.shape[0] // 512)
    light = srgb_to_linear(pixels[::step, ::step]) @ np.array([0.2126, 0.7152, 0.0722])
    blocks = np.array(
        [
            [np.median(light[a // step : -(-b // step), c // step : -(-d // step)]) for c, d in _pairs(columns)]
            for a, b in _pairs(rows)
        ]
    )
    y, x = np.meshgrid(_middles(rows), _middles(columns), indexing="ij")
    powers = np.stack([y**i * x**j for i, j in _TERMS], axis=-1).reshape(-1, len(_TERMS))
    means = powers.mean(axis=0)
    values = np.log(np.maximum(blocks.ravel(), _DARKEST))
    weights = np.zeros(len(_TERMS))
    for _ in range(4):  # reweighted, so that a dark motif in a block does not count as shade
        off = values - np.median(values - (powers - means) @ weights) - (powers - means) @ weights
        trust = 1 / np.maximum(np.abs(off), 0.05)
        centered = powers - means
        weighted = np.column_stack([centered, np.ones(len(centered))]) * trust[:, None]
        weights = np.linalg.lstsq(weighted, values * trust, rcond=None)[0][:-1]
    return weights, means


def _pairs(edges: np.ndarray) -> list[tuple[int, int]]:
    return [(int(a), int(b)) for a, b in pairwise(edges)]


def _middles(edges: np.ndarray) -> np.ndarray:
    return (edges[:-1] + edges[1:]) / edges[-1] - 1


def _surface(weights: np.ndarray, means: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    y, x = np.meshgrid(rows, columns, indexing="ij")
    terms = (y**i * x**j - mean for (i, j), mean in zip(_TERMS, means, strict=True))
    return sum((w * term for w, term in zip(weights, terms, strict=True)), np.zeros_like(y))
