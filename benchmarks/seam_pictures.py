"""Synthetic tiles for measuring the seam check, drawn with numpy on any grid: they repeat by construction.

Nothing here knows how the check works. Every kind is drawn in random colors, hard-edged or antialiased.
"""

from collections.abc import Callable

import numpy as np

from patterns.lattice import Grid

Draw = Callable[[np.random.Generator, Grid], np.ndarray]

GRIDS = (Grid(256, 256), Grid(256, 256, drop=128), Grid(240, 288, drop=96), Grid(256, 256, slide=128), Grid(288, 240))


def paint(canvas: np.ndarray, grid: Grid, distance: Callable, place: tuple[float, float, float], color: object) -> None:
    """Color (H, W, 3) where ``distance(y, x)`` < 0 about ``place`` (y, x, reach), on every copy of the cell."""
    cy, cx, reach = place
    y, x = np.mgrid[int(cy - reach) : int(cy + reach) + 2, int(cx - reach) : int(cx + reach) + 2]
    cover = np.zeros(canvas.shape[:2])
    # A shape larger than the cell meets its own copies.
    np.maximum.at(cover, grid.wrap(y, x), np.clip(0.5 - distance(y - cy, x - cx), 0, 1))
    canvas += cover[..., None] * (np.asarray(color) - canvas)


def _colors(rng: np.random.Generator, count: int) -> np.ndarray:
    return rng.uniform(20, 245, (count, 3))


def _ground(rng: np.random.Generator, grid: Grid) -> tuple[np.ndarray, np.ndarray]:
    colors = _colors(rng, 6)
    return np.ones((grid.height, grid.width, 3)) * colors[0], colors[1:]


def _flower(rng: np.random.Generator, radius: float) -> Callable:
    petals, depth, turn = rng.integers(4, 9), rng.uniform(0.05, 0.35), rng.uniform(0, 6)
    return lambda y, x: np.hypot(y, x) - radius * (1 - depth + depth * np.cos(petals * np.arctan2(y, x) + turn))


def _leaf(rng: np.random.Generator, radius: float) -> Callable:
    turn, slim = rng.uniform(0, np.pi), rng.uniform(0.2, 0.6)
    c, s = np.cos(turn), np.sin(turn)
    return lambda y, x: (np.hypot((c * x + s * y), (c * y - s * x) / slim) - radius) * slim


def _scatter(rng: np.random.Generator, grid: Grid, count: int, sizes: tuple[float, float]) -> np.ndarray:
    canvas, colors = _ground(rng, grid)
    for _ in range(count):
        radius = rng.uniform(*sizes)
        shape = (_flower if rng.random() < 0.6 else _leaf)(rng, radius)
        place = rng.uniform(0, grid.height), rng.uniform(0, grid.width), radius * 1.5
        paint(canvas, grid, shape, place, colors[rng.integers(5)])
        paint(canvas, grid, _flower(rng, radius * 0.3), place, colors[rng.integers(5)])
    return canvas


def dense_floral(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return _scatter(rng, grid, 90, (8, 28))


def sparse_floral(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return _scatter(rng, grid, int(rng.integers(9, 18)), (18, 45))


def few_large(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return _scatter(rng, grid, int(rng.integers(3, 6)), (50, 90))


def small_spots(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return _scatter(rng, grid, int(rng.integers(40, 120)), (3, 8))


def _bands(rng: np.random.Generator, length: int, *, regular: bool) -> np.ndarray:
    """Return a color (length, 3) for each line: bands of random widths, or one group of bands many times."""
    if regular:
        period = int(rng.choice([p for p in range(24, 65) if length % p == 0]))
        return np.resize(_bands(rng, period, regular=False), (length, 3))
    colors, out, at = _colors(rng, 4), np.empty((length, 3)), 0
    offset = rng.integers(length)
    while at < length:
        width = int(rng.integers(3, max(5, min(40, length // 3))))
        out[at : at + width] = colors[rng.integers(4)]
        at += width
    return np.roll(out, offset, axis=0)


def stripes_down(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return np.broadcast_to(_bands(rng, grid.width, regular=False), (grid.height, grid.width, 3))


def stripes_across(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return np.broadcast_to(_bands(rng, grid.height, regular=False)[:, None], (grid.height, grid.width, 3))


def regular_stripes(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return np.broadcast_to(_bands(rng, grid.width, regular=True), (grid.height, grid.width, 3))


def plaid(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return 0.5 * stripes_down(rng, grid) + 0.5 * stripes_across(rng, grid)


def gingham(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    across, down = _bands(rng, grid.width, regular=True), _bands(rng, grid.height, regular=True)
    return 0.5 * across[None] + 0.5 * down[:, None]


def flat(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return _ground(rng, grid)[0]


def flat_with_dots(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    canvas, colors = _ground(rng, grid)
    for _ in range(int(rng.integers(2, 7))):
        place = rng.uniform(0, grid.height), rng.uniform(0, grid.width), 20
        paint(canvas, grid, lambda y, x: np.hypot(y, x) - 12, place, colors[0])
    return canvas


def waves(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    """Smooth hills: a few whole waves of the lattice, the same on every copy."""
    y, x = np.mgrid[: grid.height, : grid.width]
    total = np.zeros((grid.height, grid.width))
    for _ in range(5):
        a, b = rng.integers(-4, 5, 2)
        # Fractions of the lattice's vectors at (x, y): whole multiples of them give the same phase.
        u = x / grid.width - y * grid.slide / (grid.width * grid.height)
        v = y / grid.height - x * grid.drop / (grid.width * grid.height)
        total += rng.uniform(0.3, 1) * np.sin(2 * np.pi * (a * u + b * v) + rng.uniform(0, 6))
    colors = _colors(rng, 2)
    share = ((total - total.min()) / max(np.ptp(total), 1e-9))[..., None]
    return colors[0] * share + colors[1] * (1 - share)


def ogee(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    """The hills' contours: curved bands of a few flat colors."""
    hills = waves(rng, grid)
    level = (hills - hills.min(axis=(0, 1))) / np.maximum(np.ptp(hills, axis=(0, 1)), 1e-9)
    return _colors(rng, 5)[np.clip((level[..., 0] * 5).astype(int), 0, 4)]


def noise(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return rng.uniform(0, 255, (grid.height, grid.width, 3))


def mottled(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    speckle = rng.normal(size=(3, grid.height, grid.width))
    for _ in range(3):
        padded = grid.pad(speckle, 2)
        windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5), (1, 2))
        speckle = windows.mean(axis=(3, 4))
    return np.moveaxis(128 + 60 * speckle / speckle.std(), 0, 2)


def textured_floral(rng: np.random.Generator, grid: Grid) -> np.ndarray:
    return sparse_floral(rng, grid) + rng.normal(0, 12, (grid.height, grid.width, 1))


KINDS: tuple[Draw, ...] = (
    dense_floral,
    sparse_floral,
    few_large,
    small_spots,
    textured_floral,
    ogee,
    waves,
    mottled,
    noise,
    stripes_down,
    stripes_across,
    regular_stripes,
    plaid,
    gingham,
    flat,
    flat_with_dots,
)


DRAWN = (dense_floral, sparse_floral, few_large, small_spots, flat_with_dots)
# Straight bands meet their copies only where the repeat is straight.
BANDED = (stripes_down, stripes_across, regular_stripes, plaid, gingham)


def draw(kind: Draw, rng: np.random.Generator) -> tuple[np.ndarray, Grid]:
    """Return a tile, (H, W, 3) uint8 sRGB, and its grid; half of the drawn ones hard-edged."""
    grids = [g for g in GRIDS if kind not in BANDED or not (g.drop or g.slide)]
    grid = grids[rng.integers(len(grids))]
    picture = kind(rng, grid)
    if kind in DRAWN and rng.random() < 0.5:
        picture = _hardened(picture)
    return np.clip(np.round(picture), 0, 255).astype(np.uint8), grid


def _hardened(picture: np.ndarray) -> np.ndarray:
    """Return the picture with each pixel in the nearest of its twelve commonest colors."""
    colors, counts = np.unique(np.round(picture).reshape(-1, 3), axis=0, return_counts=True)
    inks = colors[np.argsort(-counts)[:12]]
    nearest = ((picture[:, :, None] - inks) ** 2).sum(axis=-1).argmin(axis=-1)
    return inks[nearest]
