"""Lines and gaps in millimeters, on the torus: found where they are, at their width, whatever is the tile's corner."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.thinness import Finest, Thinness, measure

SIDE, PX_PER_MM = 216, 12.0
GRID = Grid(SIDE, SIDE)
# Each example is a picture.
few = settings(max_examples=12)
LINE, GAP = 0.5, 0.75


def measured(indices: np.ndarray, grid: Grid = GRID, *, ground: int | None = 0) -> Thinness:
    return measure(indices, grid, Finest(LINE, GAP, ground), px_per_mm=PX_PER_MM)


def stroke(width_mm: float, degrees: float, *, length_mm: float = 8.0, at: tuple[float, float] = (16.0, 15.0)):
    """Return (SIDE, SIDE) uint8 with one straight stroke of ink 1 on ground 0, across the tile's joints."""
    y, x = (np.mgrid[:SIDE, :SIDE] + 0.5) / PX_PER_MM
    side, along = SIDE / PX_PER_MM, np.radians(degrees)
    drawn = np.zeros((SIDE, SIDE), bool)
    for dy in (-side, 0, side):
        for dx in (-side, 0, side):
            u, v = x - at[0] - dx, y - at[1] - dy
            forward = np.clip(u * np.cos(along) + v * np.sin(along), 0, length_mm)
            drawn |= np.hypot(u - forward * np.cos(along), v - forward * np.sin(along)) <= width_mm / 2
    return drawn.astype(np.uint8)


@few
@given(st.floats(0, 180), st.floats(0.15, 0.4))
def test_a_line_too_fine_is_found_at_its_width_and_length(degrees: float, width: float) -> None:
    found = measured(stroke(width, degrees))
    assert found.of("gap") == ()
    (place,) = found.places
    assert (place.ink, place.kind) == (1, "line")
    assert place.width_mm == pytest.approx(width, abs=1.5 / PX_PER_MM)
    assert place.length_mm == pytest.approx(8.0, rel=0.1)
    assert found.narrowest("line") == place.width_mm
    assert found.map.sum() / PX_PER_MM**2 == pytest.approx(place.width_mm * place.length_mm)


@few
@given(st.floats(0, 180), st.floats(LINE + 1.5 / PX_PER_MM, 1.2))
def test_a_line_that_holds_is_not(degrees: float, width: float) -> None:
    assert measured(stroke(width, degrees)).places == ()


@few
@given(st.floats(0, 180))
def test_a_gap_is_judged_by_its_own_width(degrees: float) -> None:
    apart = 1 - stroke(0.6, degrees)
    (gap,) = measured(apart).places
    assert (gap.kind, gap.ink) == ("gap", 0)
    assert gap.width_mm == pytest.approx(0.6, abs=1.5 / PX_PER_MM)
    # The same place as a printed ink is a line, and 0.6 mm hold.
    assert measured(apart, ground=None).places == ()


@pytest.mark.parametrize(("length", "width"), [(6.0, 2.2), (10.0, 3.3), (12.0, 2.0), (12.0, 1.2)])
def test_the_tips_of_leaves_do_not_count(length: float, width: float) -> None:
    y, x = (np.mgrid[:SIDE, :SIDE] + 0.5) / PX_PER_MM - 9
    leaf = np.abs(y) <= width / 2 * np.clip(1 - (2 * x / length) ** 2, 0, None) * (np.abs(x) < length / 2)
    assert leaf.any()
    assert measured(leaf.astype(np.uint8)).places == ()
    stalked = leaf | ((np.abs(y) < 0.1) & (np.abs(x) < length / 2 + 2.4))
    assert len(measured(stalked.astype(np.uint8)).places) == 2


def test_a_line_around_the_torus_is_one_place() -> None:
    indices = np.zeros((SIDE, SIDE), np.uint8)
    indices[:, 100:103] = 1
    (place,) = measured(indices).places
    assert place.length_mm == pytest.approx(SIDE / PX_PER_MM)
    assert place.width_mm == pytest.approx(3 / PX_PER_MM)


def field(grid: Grid, seed: int) -> np.ndarray:
    """Return (H, W) uint8 of three inks with necks and slivers, that repeat on a lattice."""
    across, down = grid.copies
    height, width = grid.height * down, grid.width * across
    rng = np.random.default_rng(seed)
    ky, kx = np.fft.fftfreq(height)[:, None], np.fft.fftfreq(width)
    smooth = np.fft.ifft2(np.fft.fft2(rng.normal(size=(height, width))) * np.exp(-700 * (ky**2 + kx**2))).real
    copies = [(i * grid.drop, i * grid.width) for i in range(across)] if grid.drop else []
    copies = copies or [(j * grid.height, j * grid.slide) for j in range(down)]
    whole = sum(np.roll(smooth, copy, (0, 1)) for copy in copies)
    cell = np.asarray(whole)[: grid.height, : grid.width]
    return np.digitize(cell, np.quantile(cell, [0.45, 0.52])).astype(np.uint8)


GRIDS = (Grid(96, 128, drop=32), Grid(120, 96, slide=40), Grid(96, 96), Grid(96, 96, drop=48))


@few
@given(st.sampled_from(GRIDS), st.integers(0, 5), st.integers(-99, 99), st.integers(-99, 99))
def test_commutes_with_rolls(grid: Grid, seed: int, dy: int, dx: int) -> None:
    indices = field(grid, seed)
    here, there = measured(indices, grid), measured(grid.roll(indices, dy, dx), grid)
    np.testing.assert_array_equal(grid.roll(here.map, dy, dx), there.map)
    assert figures(here) == figures(there)


@pytest.mark.parametrize("grid", GRIDS)
def test_a_sheared_cell_gives_what_its_rectangle_gives(grid: Grid) -> None:
    cell = measured(field(grid, 1), grid)
    rectangle = grid.rectangle(field(grid, 1))
    whole = measured(rectangle, Grid(rectangle.shape[1], rectangle.shape[0]))
    assert cell.places
    np.testing.assert_array_equal(grid.rectangle(cell.map), whole.map)
    copies = grid.copies[0] * grid.copies[1]
    # A place that winds around the cell is longer in the rectangle, not more often there.
    total = Fraction(sum(round(place.length_mm * 1e6) for place in whole.places), copies)
    assert float(total) == pytest.approx(sum(place.length_mm for place in cell.places) * 1e6, rel=1e-6)


def figures(found: Thinness) -> list[tuple[int, str, float, float]]:
    return sorted((p.ink, p.kind, round(p.length_mm, 9), round(p.width_mm, 9)) for p in found.places)


def test_pixels_that_are_too_coarse_are_refused() -> None:
    with pytest.raises(InputError, match="enlarge first"):
        measure(np.zeros((32, 32), np.uint8), Grid(32, 32), Finest(0.5, 1.0), px_per_mm=2)
