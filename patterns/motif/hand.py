"""Hands: the manner in which a drawing was cut, printed or painted, applied to hard-edged inks on the lattice.

Chance enters a hand only as smooth noise on the lattice; what is done with it is local. So a hand given the paved
noise does to the rectangle of a sheared lattice exactly what it does to the cell.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from patterns.lattice import Grid
from patterns.motif.canvas import OVERSAMPLE

# Inks from this one on are lines and details, too fine to be broken by specks or streaks.
_FINE = 4
Cut = Callable[[np.ndarray, Grid, tuple[np.ndarray, ...]], np.ndarray]


@dataclass(frozen=True, slots=True)
class Hand:
    """A manner: the noises it wants, as (down, across) px of one bump, and what it does with them."""

    bumps: tuple[tuple[float, float], ...]
    cut: Cut


def apply_hand(rng: np.random.Generator, indices: np.ndarray, grid: Grid, hand: str) -> np.ndarray:
    """Return subpixel indices (4 H, 4 W) uint8 in the manner of ``hand``, still seamless on ``grid``."""
    manner = MANNERS[hand]
    fine = grid.scaled(OVERSAMPLE)
    noises = tuple(noise(rng, fine, (OVERSAMPLE * down, OVERSAMPLE * across)) for down, across in manner.bumps)
    return manner.cut(indices, fine, noises)


def noise(rng: np.random.Generator, grid: Grid, bump: tuple[float, float]) -> np.ndarray:
    """Return noise (H, W) float32 on the lattice, mean 0, deviation about 0.7, in bumps (down, across) px wide."""
    import cv2

    down = _step(math.gcd(grid.height, grid.drop), bump[0])
    across = _step(math.gcd(grid.width, grid.slide), bump[1])
    coarse = Grid(grid.width // across, grid.height // down, grid.drop // down, grid.slide // across)
    values = rng.standard_normal((coarse.height, coarse.width), dtype=np.float32)
    blur = (bump[0] / down, bump[1] / across)
    if max(blur) >= 2:
        values = _blurred(values, coarse, blur)
    padded = coarse.pad(values, 2)
    # The last step is linear: it costs a quarter, and no eye sees it.
    near, far = (
        (step // last, last) for step, last in ((s, 4 if s % 16 == 0 else 1 + (s % 2 == 0)) for s in (across, down))
    )
    large = cv2.resize(padded, None, fx=near[0], fy=far[0], interpolation=cv2.INTER_CUBIC)
    large = cv2.resize(large, None, fx=near[1], fy=far[1], interpolation=cv2.INTER_LINEAR)
    return large[2 * down : 2 * down + grid.height, 2 * across : 2 * across + grid.width]


def _step(whole: int, most: float) -> int:
    """Return the largest divisor of ``whole`` that is at most ``most``."""
    return max(d for d in range(1, max(1, int(most)) + 1) if whole % d == 0)


def _blurred(values: np.ndarray, grid: Grid, widths: tuple[float, float]) -> np.ndarray:
    import cv2

    sigmas = [w / 2 if w >= 2 else 0.1 for w in widths]
    margin = math.ceil(3 * max(sigmas))
    soft = cv2.GaussianBlur(grid.pad(values, margin), (0, 0), sigmaX=sigmas[1], sigmaY=sigmas[0])
    soft = soft[margin : margin + grid.height, margin : margin + grid.width]
    return soft * np.float32(math.prod(math.sqrt(2 * math.sqrt(math.pi) * s) for s in sigmas if s > 0.5))


def _warped(indices: np.ndarray, grid: Grid, *, down: np.ndarray | None, across: np.ndarray | None) -> np.ndarray:
    """Return indices read from places moved by fields (H, W), in whole subpixels."""
    import cv2

    margin = int(max(cv2.norm(f, cv2.NORM_INF) for f in (down, across) if f is not None)) + 2
    places = np.empty((grid.height, grid.width, 2), np.int16)
    places[..., 0] = np.arange(margin, margin + grid.width)
    places[..., 1] = np.arange(margin, margin + grid.height)[:, None]
    for axis, field in ((0, across), (1, down)):
        if field is not None:
            places[..., axis] += np.rint(field).astype(np.int16)
    empty = np.empty(0, np.uint16)
    return cv2.remap(np.ascontiguousarray(grid.pad(indices, margin)), places, empty, cv2.INTER_NEAREST)


def _rounded(indices: np.ndarray, grid: Grid, size: int) -> np.ndarray:
    """Return indices whose corners are rounded by a median over ``size`` subpixels; thinner lines would vanish."""
    import cv2

    margin = size // 2
    soft = cv2.medianBlur(np.ascontiguousarray(grid.pad(indices, margin)), size)
    return soft[margin : margin + grid.height, margin : margin + grid.width]


def _clean(indices: np.ndarray, grid: Grid, noises: tuple[np.ndarray, ...]) -> np.ndarray:
    return indices


def _block_print(indices: np.ndarray, grid: Grid, noises: tuple[np.ndarray, ...]) -> np.ndarray:
    """Edges waver by half a pixel, and the cloth shows through the solids in patches of specks."""
    down, across, speck, patch = noises
    printed = _warped(_rounded(indices, grid, 5), grid, down=down * 2.6, across=across * 2.6)
    starved = (speck + 0.6 * patch > 2.2) & (printed < _FINE)
    return np.where(starved, np.uint8(0), printed)


def _linocut(indices: np.ndarray, grid: Grid, noises: tuple[np.ndarray, ...]) -> np.ndarray:
    """Ridges that the gouge left in the cleared ground, running around the shapes."""
    import cv2

    down, across, ridge = noises
    cut = _warped(indices, grid, down=down * 2, across=across * 2)
    # Distances at half the fineness cost a quarter, and interpolate well.
    margin = 9 * OVERSAMPLE
    bare = grid.pad((cut == 0).astype(np.uint8), margin)
    far = cv2.distanceTransform(np.ascontiguousarray(bare[::2, ::2]), cv2.DIST_L2, 3)
    far = cv2.resize(far, (bare.shape[1], bare.shape[0]), interpolation=cv2.INTER_LINEAR) * np.float32(2 / OVERSAMPLE)
    far = far[margin : margin + grid.height, margin : margin + grid.width]
    echo = (np.abs(far - 3.2) < 0.7) | (np.abs(far - 6.6) < 0.6)
    return np.where(echo & (ridge > 0.1), np.uint8(1), cut)


def _brush(indices: np.ndarray, grid: Grid, noises: tuple[np.ndarray, ...]) -> np.ndarray:
    """Loose edges, and streaks across where the brush ran dry."""
    down, across, streak, patch = noises
    painted = _warped(_rounded(indices, grid, 5), grid, down=down * 5, across=across * 5)
    dry = (streak + 0.9 * patch > 1.9) & (painted < _FINE)
    return np.where(dry, np.uint8(0), painted)


def _ikat(indices: np.ndarray, grid: Grid, noises: tuple[np.ndarray, ...]) -> np.ndarray:
    """Dyed warp threads that have slipped along themselves."""
    thread, slow = noises
    return _warped(indices, grid, down=thread * 7 + slow * 6, across=None)


MANNERS = {
    "clean": Hand((), _clean),
    "block print": Hand(((4, 4), (4, 4), (2, 2), (16, 16)), _block_print),
    "linocut": Hand(((4, 4), (4, 4), (4, 4)), _linocut),
    "brush": Hand(((8, 8), (8, 8), (1, 16), (16, 16)), _brush),
    "ikat": Hand(((16, 1), (8, 8)), _ikat),
}
HANDS = tuple(MANNERS)
