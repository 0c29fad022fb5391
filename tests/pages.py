"""A small design at print size, for the tests of pages."""

from typing import Any

import numpy as np

from patterns.color import Ink, Palette
from patterns.lattice import Grid, Lattice
from patterns.press import Print

PALETTE = Palette(
    (
        Ink.of_hex("#f3ead7", name="cream", role="ground"),
        Ink.of_hex("#e0b04a", name="straw", role="second"),
        Ink.of_hex("#b5563c", name="madder", role="main"),
        Ink.of_hex("#1c1b1d", name="Black", role="line"),
    ),
    "Four",
)
# 128 px at 6 px per mm: no whole number of pixels in any viewer.
SIDE = 128 / 6


def planes_on(grid: Grid) -> np.ndarray:
    """Coverages (4, H, W) uint8: waves on the lattice, shared pixels among them, and discs around lattice points."""
    y, x = np.mgrid[: grid.height, : grid.width].astype(float)
    wave = np.cos(2 * np.pi * (y - x * grid.drop / grid.width) / grid.height)
    wave += np.cos(2 * np.pi * (x - y * grid.slide / grid.height) / grid.width)
    first = np.clip(np.rint(127 + 300 * wave), 0, 255).astype(int)
    corners = [
        (i * grid.width + j * grid.slide, j * grid.height + i * grid.drop) for i in range(-1, 3) for j in range(-2, 3)
    ]
    away = np.min([np.hypot(x - left, y - top) for left, top in corners], axis=0)
    disc, ring = away < min(grid.width, grid.height) / 6, away < min(grid.width, grid.height) / 4
    planes = [255 - first, np.where(ring, 0, first), np.where(ring & ~disc, first, 0), np.where(disc, first, 0)]
    return np.stack(planes).astype(np.uint8)


def a_job(repeat: str = "half-drop", *, planes: np.ndarray | None = None, **changes: Any) -> Print:
    """Return a print of four inks on 128 x 128 px at 6 px per mm; ``planes`` (K, 128, 128) in place of the waves."""
    lattice = Lattice.named(repeat, SIDE, SIDE)
    grid = lattice.grid(128, 128)
    drawn = planes_on(grid) if planes is None else planes
    values: dict[str, Any] = {
        "bands": lambda: iter([(0, drawn)]),
        "grid": grid,
        "lattice": lattice,
        "palette": PALETTE,
        "title": "Waves & <discs>",
        "record": {"seed": 7},
        "label": "Made with a model.",
    }
    return Print(**(values | changes))
