"""Hands of threads: ikat, whose warp was dyed before it was woven, and tapestry, which steps from thread to thread."""

import numpy as np

from patterns.hand.chance import Chance, noise, step_px
from patterns.hand.cloth import Cloth
from patterns.lattice import Grid

# All lengths in mm. One dyed thread, the bundle it was tied in, and how far each may slip (one deviation).
_THREAD, _BUNDLE = 0.65, 5.0
_SLIP, _BUNDLE_SLIP = 1.4, 1.3
# One step of a tapestry, down and across.
_PICK, _END = 1.25, 2.5


def wants_ikat(rng: np.random.Generator, cloth: Cloth, inks: int) -> Chance:
    """Return chance for ``ikat``: how far each thread has slipped, (H, W) mm, the same across a thread."""
    slip = _by_thread(rng, cloth, (26.0, _THREAD)) * _SLIP
    return Chance((slip + _by_thread(rng, cloth, (60.0, _BUNDLE)) * _BUNDLE_SLIP,))


def ikat(indices: np.ndarray, cloth: Cloth, chance: Chance) -> np.ndarray:
    """Dyed warp threads that have slipped along themselves: edges across the warp are feathered."""
    return cloth.warped(indices, chance.fields[0], None)


def _by_thread(rng: np.random.Generator, cloth: Cloth, bump_mm: tuple[float, float]) -> np.ndarray:
    """Return noise (H, W) float32 that is the same across a thread and smooth along it."""
    grid = cloth.grid
    thread = step_px(grid, cloth.px(_THREAD))[1]
    threads = Grid(grid.width // thread, grid.height, grid.drop, grid.slide // thread)
    bump = (cloth.px(bump_mm[0]), max(1.0, cloth.px(bump_mm[1]) / thread))
    return np.repeat(noise(rng, threads, bump), thread, axis=1)


def wants_woven(rng: np.random.Generator, cloth: Cloth, inks: int) -> Chance:
    """Return chance for ``woven``: from every pixel the way to the middle of its step, (H, W) px down and across."""
    grid = cloth.grid
    down, across = step_px(grid, cloth.px(_PICK) + 0.5)[0], step_px(grid, cloth.px(_END) + 0.5)[1]
    rows, columns = np.mgrid[0 : grid.height, 0 : grid.width]
    return Chance(tuple((n // 2 - v % n).astype(np.float32) for n, v in ((down, rows), (across, columns))))


def woven(indices: np.ndarray, cloth: Cloth, chance: Chance) -> np.ndarray:
    """Edges that step from pick to pick and from end to end, as in tapestry."""
    down, across = (field / np.float32(cloth.px_per_mm) for field in chance.fields)
    return cloth.warped(cloth.rounded(indices, 0.9), down, across)
