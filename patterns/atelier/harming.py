"""Harming drawings: what is left when a drawing is scrambled, torn or turned to blotches, which no judge may know."""

import numpy as np

from patterns.lattice import Grid


def harmed(planes: np.ndarray, grid: Grid, rng: np.random.Generator) -> np.ndarray:
    """Return planes (K, H, W) with their inks, and nothing else of what they were: scrambled, torn, or mere blotches.

    A judge that only knows good drawings takes blotches for the family that is most like blotches.
    """
    kind = int(rng.integers(3))
    if kind == 0:
        return _scrambled(planes, grid, rng)
    return torn(planes, grid, rng, float(rng.uniform(4, 10))) if kind == 1 else _blotched(planes, grid, rng)


def _scrambled(planes: np.ndarray, grid: Grid, rng: np.random.Generator) -> np.ndarray:
    """Return planes whose blocks have changed places, half of them turned over their diagonal."""
    side = int(rng.choice((8, 16)))
    rows, columns = grid.height // side, grid.width // side
    blocks = planes.reshape(len(planes), rows, side, columns, side).swapaxes(2, 3).reshape(len(planes), -1, side, side)
    mixed = blocks[:, rng.permutation(rows * columns)]
    turned = np.where((rng.random(rows * columns) < 0.5)[:, None, None], mixed.swapaxes(2, 3), mixed)
    mixed = turned.reshape(len(planes), rows, columns, side, side)
    return np.ascontiguousarray(mixed.swapaxes(2, 3).reshape(planes.shape))


def torn(planes: np.ndarray, grid: Grid, rng: np.random.Generator, reach: float) -> np.ndarray:
    """Return planes of which every pixel comes from about ``reach`` px away, its neighbors from nearly as far."""
    moves = np.rint([reach * _smooth(grid, rng, float(rng.uniform(0.6, 3))) for _ in range(2)]).astype(int)
    y, x = np.mgrid[: grid.height, : grid.width] + moves
    rows, columns = grid.wrap(y, x)
    return planes[:, rows, columns]


def _blotched(planes: np.ndarray, grid: Grid, rng: np.random.Generator) -> np.ndarray:
    """Return planes of blotches in which the inks cover about what they covered."""
    sigma = float(rng.uniform(1, 6))
    order = np.argsort(_smooth(grid, rng, sigma), axis=None)
    ends = np.rint(np.cumsum(planes.mean(axis=(1, 2)) / planes.mean(axis=(1, 2)).sum()) * order.size)
    inks = np.empty(order.size, np.intp)
    inks[order] = np.minimum(np.searchsorted(ends, np.arange(order.size), side="right"), len(planes) - 1)
    whole = (np.arange(len(planes))[:, None] == inks).reshape(planes.shape)
    return (whole * 255).astype(planes.dtype)


def _smooth(grid: Grid, rng: np.random.Generator, sigma: float) -> np.ndarray:
    """Return noise (H, W) of variance 1, smooth over about ``sigma`` px around the cell."""
    from scipy.ndimage import gaussian_filter

    field = gaussian_filter(rng.normal(size=(grid.height, grid.width)), sigma, mode="wrap")
    return field / field.std()
