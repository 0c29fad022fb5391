"""Pixels on a lattice."""

import numpy as np
import pytest

from patterns.errors import InputError, LatticeError
from patterns.lattice import Grid, Lattice
from patterns.tile import Tile


def test_resolution_is_derived(rng: np.random.Generator) -> None:
    tile = Tile(rng.random((288, 240, 3), dtype=np.float32), Lattice.named("straight", 530, 640))
    assert tile.px_per_mm == (240 / 530, 288 / 640)
    assert tile.grid == Grid(240, 288)


@pytest.mark.parametrize("repeat", ["straight", "half-drop", "third-drop", "brick", "slide 2/5", "drop 2/5"])
def test_the_rectangle_paves_the_same_plane(repeat: str, rng: np.random.Generator) -> None:
    tile = Tile(rng.random((30, 30, 2), dtype=np.float32), Lattice.named(repeat, 64))
    rectangle = tile.rectangle()
    assert rectangle.lattice.repeat == "straight"
    assert rectangle.px_per_mm == pytest.approx(tile.px_per_mm)
    planes, plane_of = np.moveaxis(tile.pixels, 2, 0), np.moveaxis(rectangle.pixels, 2, 0)
    corner = dict(top=-77, left=-50, height=200, width=190)
    np.testing.assert_array_equal(rectangle.grid.window(plane_of, **corner), tile.grid.window(planes, **corner))


def test_a_shape_that_cannot_carry_the_lattice() -> None:
    tile = Tile(np.zeros((31, 30, 3), np.float32), Lattice.named("half-drop", 64))
    with pytest.raises(LatticeError, match="divisible by 2 px; 31 px is not"):
        _ = tile.grid


@pytest.mark.parametrize("pixels", [np.zeros((4, 4), np.float32), np.zeros((4, 4, 3)), np.zeros((4, 4, 3), np.uint8)])
def test_bad_pixels(pixels: np.ndarray) -> None:
    with pytest.raises(InputError, match=r"a tile's pixels are \(H, W, C\) float32"):
        Tile(pixels, Lattice.named("straight", 64))
