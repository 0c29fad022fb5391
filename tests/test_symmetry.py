"""The 17 plane groups: group laws, orders, the lattices that carry them, and patterns that have them."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import LatticeError
from patterns.lattice import Grid, Lattice
from patterns.symmetry import GROUPS, Motion, Symmetry

# Number of general positions in a primitive cell, International Tables A, section 2.2.
ORDERS = dict(
    p1=1, p2=2, pm=2, pg=2, cm=2, pmm=4, pmg=4, pgg=4, cmm=4, p4=4, p4m=8, p4g=8, p3=3, p3m1=6, p31m=6, p6=6, p6m=12
)
CARRIERS = {
    "oblique": ["straight", "square", "half-drop", "brick", "hexagonal", "third-drop"],
    "rectangular": ["straight", "square"],
    "rhombic": ["half-drop", "brick", "hexagonal"],
    "square": ["square"],
    "hexagonal": ["hexagonal"],
}
LATTICES = {
    "straight": Lattice.named("straight", 640, 530),
    "square": Lattice.named("straight", 640),
    "half-drop": Lattice.named("half-drop", 640, 530),
    "brick": Lattice.named("brick", 640, 530),
    "hexagonal": Lattice.named("hexagonal", 640),
    "third-drop": Lattice.named("third-drop", 640, 600),
}
# Grids on which each system is exact, beside sizes that tell rows from columns.
EXACT = {
    "oblique": [Grid(6, 4), Grid(7, 9, drop=3), Grid(10, 3, slide=4)],
    "rectangular": [Grid(6, 4), Grid(10, 14)],
    "rhombic": [Grid(7, 10, drop=5), Grid(10, 7, slide=5)],
    "square": [Grid(8, 8), Grid(7, 14, drop=7), Grid(14, 7, slide=7)],
    "hexagonal": [Grid(9, 9), Grid(10, 10)],
}
CASES = [(name, grid) for name in GROUPS for grid in EXACT[Symmetry(name).system]]
names = st.sampled_from(GROUPS)
fractions = st.fractions(0, 1, max_denominator=12).map(lambda v: v % 1)


def _planes(grid: Grid, seed: int = 0) -> np.ndarray:
    planes = np.random.default_rng(seed).random((3, grid.height, grid.width), dtype=np.float32)
    return planes / planes.sum(axis=0)


def _moved(planes: np.ndarray, motion: Motion, grid: Grid, half: Fraction) -> np.ndarray:
    """Return the planes moved by one motion, from exact fractions, pixel by pixel: slow and plain on purpose."""
    out = np.full_like(planes, np.nan)
    for row in range(grid.height):
        for column in range(grid.width):
            x, y = column + half, row + half
            u, v = x / grid.width - y * grid.slide / (grid.width * grid.height), y / Fraction(grid.height)
            v -= x * grid.drop / (grid.width * grid.height)
            u, v = motion((u, v))
            to_x, to_y = u * grid.width + v * grid.slide - half, u * grid.drop + v * grid.height - half
            assert to_x.denominator == to_y.denominator == 1
            rows, columns = grid.wrap(np.array(int(to_y)), np.array(int(to_x)))
            out[:, rows, columns] = planes[:, row, column]
    return out


@pytest.mark.parametrize("name", GROUPS)
def test_order(name: str) -> None:
    assert Symmetry(name).order == ORDERS[name]


@given(names, st.data())
def test_elements_are_a_group(name: str, data: st.DataObject) -> None:
    elements = Symmetry(name).elements
    a, b, c = (data.draw(st.sampled_from(elements)) for _ in range(3))
    assert a.after(b) in elements
    assert a.inverse() in elements
    assert a.after(a.inverse()) == Motion() == a.inverse().after(a)
    assert a.after(b).after(c) == a.after(b.after(c))


@given(names, fractions, fractions, st.data())
def test_orbits(name: str, x: Fraction, y: Fraction, data: st.DataObject) -> None:
    symmetry = Symmetry(name)
    orbit = symmetry.orbit((x, y))
    assert symmetry.order % len(orbit) == 0
    assert symmetry.orbit(data.draw(st.sampled_from(sorted(orbit)))) == orbit


@given(names, fractions, fractions, st.data())
def test_composition_acts(name: str, x: Fraction, y: Fraction, data: st.DataObject) -> None:
    elements = Symmetry(name).elements
    a, b = (data.draw(st.sampled_from(elements)) for _ in range(2))
    assert a.after(b)((x, y)) == a(b((x, y)))


@pytest.mark.parametrize("name", GROUPS)
def test_allowed_lattices(name: str) -> None:
    symmetry = Symmetry(name)
    assert [k for k, lattice in LATTICES.items() if symmetry.allowed_on(lattice)] == sorted(
        CARRIERS[symmetry.system], key=list(LATTICES).index
    )


def test_regular_lattices_in_other_clothes() -> None:
    """A half-drop twice as high as wide is a square lattice on its corner; one 2 sqrt(3) as high is hexagonal."""
    assert Symmetry("p4g").allowed_on(Lattice(320, 640, drop=Fraction(1, 2)))
    assert Symmetry("p6m").allowed_on(Lattice(100, 200 * 3**0.5, drop=Fraction(1, 2)))
    assert Symmetry("p6m").allowed_on(Lattice(100, 50 * 3**0.5, slide=Fraction(1, 2)))


@pytest.mark.parametrize(
    ("name", "lattice", "says"),
    [
        ("pmm", "half-drop", "needs a straight repeat; this one can have p1, p2, cm, cmm"),
        ("cm", "straight", "needs a half-drop, a brick or a hexagonal repeat"),
        ("p4", "straight", "as high as it is wide"),
        ("p6", "square", "needs a hexagonal repeat"),
    ],
)
def test_refusals_name_what_works(name: str, lattice: str, says: str) -> None:
    with pytest.raises(LatticeError, match=says):
        Symmetry(name).require_on(LATTICES[lattice])


def test_unknown_group() -> None:
    with pytest.raises(LatticeError, match="no plane group is called 'p5'; there are p1, p2"):
        Symmetry("p5")


@pytest.mark.parametrize(("name", "grid"), CASES)
def test_symmetrized_is_invariant(name: str, grid: Grid) -> None:
    symmetry, planes = Symmetry(name), _planes(grid)
    mean = symmetry.symmetrize(planes, grid)
    assert symmetry.is_invariant(mean, grid)
    assert symmetry.is_invariant(planes, grid) == (symmetry.order == 1)
    np.testing.assert_allclose(symmetry.symmetrize(mean, grid), mean, rtol=0, atol=1e-7)
    np.testing.assert_allclose(mean.sum(axis=0), 1, atol=1e-5)


@pytest.mark.parametrize(("name", "grid"), CASES)
def test_mean_equals_the_plain_sum_over_exact_fractions(name: str, grid: Grid) -> None:
    symmetry, planes = Symmetry(name), _planes(grid, seed=5).astype(np.float64)
    half = Fraction(0 if symmetry.system == "hexagonal" else 1, 2)
    plain = np.mean([_moved(planes, motion, grid, half) for motion in symmetry.on(grid)], axis=0)
    np.testing.assert_allclose(symmetry.symmetrize(planes, grid), plain, rtol=0, atol=1e-12)


def test_mirror_is_upright_and_glide_runs_down() -> None:
    column = np.zeros((1, 4, 6), np.float32)
    column[0, 0, 0] = 1
    mirrored = Symmetry("pm").symmetrize(column, Grid(6, 4))
    assert list(zip(*np.nonzero(mirrored[0]), strict=True)) == [(0, 0), (0, 5)]
    glided = Symmetry("pg").symmetrize(column, Grid(6, 4))
    assert list(zip(*np.nonzero(glided[0]), strict=True)) == [(0, 0), (2, 5)]


@pytest.mark.parametrize("name", ["p3", "p3m1", "p31m", "p6", "p6m"])
def test_three_fold_on_square_pixels_differs_only_at_edges(name: str) -> None:
    """Disks around the points of an orbit, drawn as labels on a hexagonal grid of square pixels."""
    grid, symmetry = Grid(104, 120, drop=60), Symmetry(name)
    y, x = np.mgrid[: grid.height, : grid.width] + 0.5
    disk = np.zeros((1, grid.height, grid.width), np.float32)
    for dx, dy in [(i * grid.width, i * grid.drop + j * grid.height) for i in (-1, 0, 1) for j in (-2, -1, 0, 1)]:
        disk[0] = np.maximum(disk[0], np.hypot(x - 30 - dx, y - 20 - dy) < 9)
    mean = symmetry.symmetrize(disk, grid)
    assert mean.sum() == pytest.approx(disk.sum(), rel=0.02)
    edge = symmetry.order * 2 * np.pi * 9
    unsettled = np.abs(symmetry.symmetrize(mean, grid) - mean) > 1e-5
    assert unsettled.sum() <= 2 * edge
    assert not symmetry.is_invariant(disk, grid)


@pytest.mark.parametrize(("name", "grid"), [("pg", Grid(6, 5)), ("pmg", Grid(5, 6)), ("pgg", Grid(6, 5))])
def test_a_glide_needs_half_a_tile(name: str, grid: Grid) -> None:
    with pytest.raises(LatticeError, match="has no half"):
        Symmetry(name).symmetrize(_planes(grid), grid)


@pytest.mark.parametrize(("name", "grid"), [("p4", Grid(8, 9)), ("pm", Grid(8, 8, drop=4)), ("p6", Grid(8, 9))])
def test_a_grid_that_cannot_carry_the_group(name: str, grid: Grid) -> None:
    with pytest.raises(LatticeError, match=f"cannot have the symmetry {name}"):
        Symmetry(name).symmetrize(_planes(grid), grid)
