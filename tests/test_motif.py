"""Laws of the corpus: determined by its seed, inks that partition, layouts that know nothing of the joint."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.lattice import Grid
from patterns.motif import FAMILIES, draw
from patterns.motif.layout import LAYOUTS, place, regular, settled, spacing, spread
from patterns.reading import SET_LAYOUTS
from patterns.separation import ROLES

GRIDS = (Grid(96, 128), Grid(128, 96, 48), Grid(96, 64, 0, 32), Grid(64, 96, 32))
OWN = tuple(name for name, f in FAMILIES.items() if f.kind != "motif")


@pytest.mark.parametrize("name", OWN)
def test_a_drawing_is_determined_by_its_seed_and_partitions_the_cell(name: str) -> None:
    for seed, grid in enumerate(GRIDS):
        one, two = (draw(np.random.default_rng(seed), grid, family=name) for _ in range(2))
        assert np.array_equal(one.planes, two.planes)
        assert one.attributes == two.attributes
        assert one.planes.shape == (len(ROLES), one.grid.height, one.grid.width)
        assert np.allclose(one.planes.sum(axis=0), 1, atol=1e-6)
        assert 2 <= one.attributes.inks <= one.attributes.nominal_inks
        assert not one.planes[one.attributes.nominal_inks :].any()


@pytest.mark.parametrize("name", ["rose", "stripe", "terrazzo"])
def test_a_drawing_in_detail_is_the_same_drawing(name: str) -> None:
    plain, fine = (draw(np.random.default_rng(5), Grid(96, 96, 48), family=name, detail=d) for d in (1, 2))
    assert fine.grid == plain.grid.scaled(2)
    assert fine.attributes == plain.attributes
    height, width = plain.planes.shape[1:]
    box = fine.planes.reshape(len(ROLES), height, 2, width, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(box, plain.planes, atol=1e-6)


def test_seeds_differ() -> None:
    drawings = [draw(np.random.default_rng(s), Grid(64, 64), family="terrazzo").planes for s in range(4)]
    assert all(not np.array_equal(drawings[0], d) for d in drawings[1:])


@pytest.mark.parametrize("name", [n for n in OWN if FAMILIES[n].kind == "primitive"])
def test_a_primitive_fills_a_straight_cell_of_whole_sixteens_within_the_grid(name: str) -> None:
    for seed in range(6):
        cell = draw(np.random.default_rng(seed), Grid(128, 96, 48), family=name).grid
        assert cell.width % 16 == cell.height % 16 == cell.drop == cell.slide == 0
        assert cell.width <= 128
        assert cell.height <= 96


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(GRIDS), st.sampled_from(LAYOUTS), st.floats(14, 120), st.integers(0, 99))
def test_motifs_keep_their_distance_on_the_lattice(grid: Grid, layout: str, gap: float, seed: int) -> None:
    layout = settled(grid, layout, gap)
    places = place(np.random.default_rng(seed), grid, layout, gap)
    points = np.array([(p.x, p.y) for p in places])
    # Where even one motif has less room than was asked for, the lattice itself is the limit.
    assert spacing(grid, points) > 0.45 * min(gap, math.sqrt(grid.width * grid.height))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(GRIDS), st.sampled_from(SET_LAYOUTS), st.floats(14, 100))
def test_a_regular_set_has_one_surrounding_also_across_the_joints(grid: Grid, layout: str, gap: float) -> None:
    if regular(grid, layout, gap) is None:
        return
    places = place(np.random.default_rng(0), grid, layout, gap)
    around = {tuple(_neighbors(grid, [(p.x, p.y) for p in places], i)) for i in range(len(places))}
    assert len(around) == 1


@pytest.mark.parametrize("grid", GRIDS)
def test_a_toss_leaves_no_quarter_of_the_cell_empty(grid: Grid) -> None:
    points = spread(np.random.default_rng(2), grid, 16)
    inside = np.column_stack([points[:, 0] // (grid.width / 2), points[:, 1] // (grid.height / 2)])
    assert len({tuple(p) for p in inside}) == 4


def _neighbors(grid: Grid, points: list[tuple[float, float]], index: int) -> list[tuple[float, float]]:
    """Return the rounded offsets (x, y) px to everything nearby on the lattice, sorted."""
    x0, y0 = points[index]
    found = set()
    for i in range(-3, 4):
        for j in range(-6, 7):
            for x, y in points:
                dx = x - x0 + i * grid.width + j * grid.slide
                dy = y - y0 + j * grid.height + i * grid.drop
                if abs(dx) < 60 and abs(dy) < 60:
                    found.add((round(dx, 3) + 0.0, round(dy, 3) + 0.0))
    return sorted(found)
