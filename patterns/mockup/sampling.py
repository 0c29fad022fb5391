"""Sampling a texture over footprints: n x n places in each pixel, or as many in a longer row where a pixel covers more
one way, each at the level that its own share covers.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from patterns.mockup.footprint import Footprints
from patterns.mockup.texture import FULL, Texture

# Fragments worked on at once: their few arrays lie in a core's own cache.
_CHUNK = 1 << 16
_SIDE = 1 << 8


@dataclass(frozen=True, slots=True)
class Quality:
    """How finely a pixel is sampled: at ``side``^2 places (of a power of 2), their levels finer by ``bias`` than their
    distance, in a texture of ``oversampling`` pixels for each of the picture's, at most ``most_px`` in all.
    """

    side: int
    bias: float
    oversampling: float
    most_px: int

    def __post_init__(self) -> None:
        assert self.side > 0
        assert self.side & (self.side - 1) == 0


# Pictures are made by so many threads: numpy and OpenCV let go of the interpreter.
THREADS = 2
PREVIEW = Quality(2, 0.0, 1.5, 1_500_000)
FINAL = Quality(4, 0.0, 3.0, 8_000_000)


def sampled(texture: Texture, places: np.ndarray, covered: Footprints, quality: Quality) -> np.ndarray:
    """Return mean linear light (3, n) float32 of a texture over footprints around ``places`` (2, n) in mm."""
    count = places.shape[1]
    light = np.empty((3, count), np.float32)

    def chunk(start: int) -> None:
        part = slice(start, min(start + _CHUNK, count))
        here = Footprints(covered.across[:, part], covered.down[:, part])
        light[:, part] = _chunk(texture, places[:, part], here, quality)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(chunk, range(0, count, _CHUNK)))
    return light


def _chunk(texture: Texture, places: np.ndarray, covered: Footprints, quality: Quality) -> np.ndarray:
    per_mm = np.array(texture.px_per_mm, np.float32)[:, None]
    center, across, down = places * per_mm, covered.across * per_mm, covered.down * per_mm
    longer = _longer(across, down, quality.side)
    share = np.ldexp(np.float32(1 / quality.side), longer)
    level = _levels(texture, Footprints(across * share, down / (share * np.float32(quality.side**2))), quality)
    shrink = np.ldexp(np.float32(1), -level)
    left, top = texture.corners[level].T - np.float32(0.5)
    count = places.shape[1]
    # A column of look-ups would be too long for OpenCV: they are folded into rows.
    rows = -(-count // _SIDE)
    x, y = np.zeros((2, rows * _SIDE), np.float32)
    total = np.zeros((rows, _SIDE, 3), np.float32)
    for ahead, below in _steps(quality.side):
        x[:count], y[:count] = center + across * ahead[longer] + down * below[longer]
        _wrap(texture, x[:count], y[:count])
        x[:count] *= shrink
        x[:count] += left
        y[:count] *= shrink
        y[:count] += top
        looked = cv2.remap(texture.atlas, x.reshape(rows, _SIDE), y.reshape(rows, _SIDE), cv2.INTER_LINEAR)
        cv2.accumulate(looked, total)
    return (total.reshape(-1, 3)[:count] / np.float32(FULL * quality.side**2)).T


def _most(side: int) -> int:
    """Return how often a row of places can be halved."""
    return side.bit_length() - 1


def _longer(across: np.ndarray, down: np.ndarray, side: int) -> np.ndarray:
    """Return how often the places to the right are halved, and those down doubled, (n,) int32: shares nearly square."""
    across, down = (np.maximum(np.hypot(*one), np.float32(1e-6)) for one in (across, down))
    return np.rint(np.log2(down / across) / 2).clip(-_most(side), _most(side)).astype(np.int32)


@lru_cache(maxsize=8)
def _steps(side: int) -> np.ndarray:
    """Return the places in a pixel (side^2, 2, 2 most + 1) float32, -0.5 to 0.5, by ``_longer``, as an index."""
    table = []
    for longer in (*range(_most(side) + 1), *range(-_most(side), 0)):
        right, down = (side >> longer, side << longer) if longer >= 0 else (side << -longer, side >> -longer)
        x, y = np.meshgrid((np.arange(right) + 0.5) / right - 0.5, (np.arange(down) + 0.5) / down - 0.5)
        table.append([x.ravel(), y.ravel()])
    return np.ascontiguousarray(np.moveaxis(np.array(table, np.float32), 2, 0).swapaxes(1, 2))


def _levels(texture: Texture, share: Footprints, quality: Quality) -> np.ndarray:
    """Return the level (n,) int32 at which a sample's share of its pixel is about one pixel of the texture."""
    longer, shorter = share.widths()
    # Long thin shares are sampled for their width as far as they still reach one another.
    reach = np.maximum(shorter, longer / 2)
    level = np.log2(np.maximum(reach, 1e-6)) - np.float32(quality.bias)
    return np.rint(level).clip(0, texture.levels - 1).astype(np.int32)


def _wrap(texture: Texture, x: np.ndarray, y: np.ndarray) -> None:
    """Bring places in px into the cell, in place: the lattice's own function."""
    grid = texture.grid
    if grid.slide:
        turn = np.floor(y / np.float32(grid.height))
        y -= turn * np.float32(grid.height)
        x -= turn * np.float32(grid.slide)
        x -= np.floor(x / np.float32(grid.width)) * np.float32(grid.width)
        return
    turn = np.floor(x / np.float32(grid.width))
    x -= turn * np.float32(grid.width)
    if grid.drop:
        y -= turn * np.float32(grid.drop)
    y -= np.floor(y / np.float32(grid.height)) * np.float32(grid.height)
