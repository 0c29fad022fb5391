"""One design's motifs over another's pattern."""

import numpy as np
import pytest

from patterns.atelier.layering import laid, together
from patterns.color import Ink, Palette
from patterns.errors import CannotMake
from patterns.lattice import Grid, Lattice
from patterns.separation import Separation

LATTICE = Lattice.named("half-drop", 160)
TOP = Palette((Ink.of_hex("#ffffff", name="white"), Ink.of_hex("#aa2233", name="red", role="main")))
UNDER = Palette((Ink.of_hex("#eeeedd", name="cream"), Ink.of_hex("#334455", name="red", role="main")))


def ring(grid: Grid, y: float, x: float) -> Separation:
    """Return a ring of ink with a small hole on the lattice."""
    rows, columns = np.mgrid[: grid.height, : grid.width]
    near = np.full(rows.shape, np.inf)
    for cx, cy in grid.translations(-grid.width, -grid.height, 2 * grid.width, 2 * grid.height):
        near = np.minimum(near, np.hypot(rows - y - cy, columns - x - cx))
    ink = ((near < 20) & (near > 4)).astype(np.float32)
    return Separation(np.stack([1 - ink, ink]), LATTICE, ("ground", "main"))


def stripes(grid: Grid) -> Separation:
    ink = np.broadcast_to((np.arange(grid.width) // 4 % 2).astype(np.float32), (grid.height, grid.width))
    return Separation(np.stack([1 - ink, ink]).astype(np.float32), LATTICE, ("ground", "main"))


def test_the_pattern_shows_where_no_motif_is_and_a_halo_is_left_around_one() -> None:
    grid = LATTICE.grid(128, 128)
    top, under = ring(grid, 60, 60), stripes(grid)
    both, palette = laid(top, under), together(TOP, UNDER)
    assert both.roles == ("ground", "main", "")
    assert [ink.name for ink in palette.inks] == ["cream", "red", "red 2"]
    np.testing.assert_allclose(both.planes.sum(axis=0), 1, atol=1e-5)
    np.testing.assert_array_equal(both.planes[2], top.planes[1])
    rows, columns = np.mgrid[:128, :128]
    far = np.hypot(rows - 60, columns - 60)
    assert not both.planes[1][far < 20].any()
    away = both.planes[2] + (far < 26) == 0
    away &= grid.roll(far, 64, 64) > 26
    lone = np.minimum.reduce([grid.roll(far, 0, 0), far]) > 26
    np.testing.assert_array_equal(both.planes[1][away & lone], under.planes[1][away & lone])
    assert both.planes[1][away & lone].any()


def test_layering_commutes_with_rolling_both() -> None:
    grid = LATTICE.grid(128, 128)
    plain = laid(ring(grid, 60, 60), stripes(grid))
    moved = Separation(grid.roll(stripes(grid).planes, 37, 101), LATTICE, ("ground", "main"))
    turned = Separation(grid.roll(ring(grid, 60, 60).planes, 37, 101), LATTICE, ("ground", "main"))
    again = laid(turned, moved)
    np.testing.assert_array_equal(grid.roll(plain.planes, 37, 101), again.planes)


def test_the_finer_of_two_grids_is_kept() -> None:
    coarse, fine = LATTICE.grid(64, 64), LATTICE.grid(128, 128)
    both = laid(ring(fine, 60, 60), stripes(coarse))
    assert both.grid == fine
    np.testing.assert_allclose(both.planes.sum(axis=0), 1, atol=1e-3)


def test_unlike_lattices_are_refused() -> None:
    grid = LATTICE.grid(64, 64)
    other = Separation(stripes(grid).planes, Lattice.named("straight", 160), ("ground", "main"))
    with pytest.raises(CannotMake, match="same --repeat"):
        laid(ring(grid, 30, 30), other)
