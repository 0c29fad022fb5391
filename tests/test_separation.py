"""Coverage planes: partition, rendering, what is refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import InputError
from patterns.lattice import Grid, Lattice
from patterns.separation import MOST_INKS, ROLES, Separation

LATTICE = Lattice.named("half-drop", 64, 48)
inks = st.integers(2, 6)
seeds = st.integers(0, 2**32 - 1)


def separation(count: int, seed: int, *, hard: bool = False) -> Separation:
    weights = np.random.default_rng(seed).random((count, 12, 16))
    planes = weights == weights.max(axis=0) if hard else weights / weights.sum(axis=0)
    return Separation(planes.astype(np.float32), LATTICE, ROLES[:count])


@given(inks, seeds)
def test_partition(count: int, seed: int) -> None:
    one = separation(count, seed)
    assert one.coverage().sum() == pytest.approx(1)
    assert one.render(np.ones((count, 3))) == pytest.approx(1, abs=1e-5)


@given(inks, seeds, st.floats(-2, 2), st.floats(-2, 2))
def test_rendering_is_linear_in_the_palette(count: int, seed: int, a: float, b: float) -> None:
    one = separation(count, seed)
    first, second = np.random.default_rng(seed).random((2, count, 3))
    together = one.render(a * first + b * second)
    np.testing.assert_allclose(together, a * one.render(first) + b * one.render(second), rtol=0, atol=1e-5)


@given(inks, seeds, st.integers(-9, 9), st.integers(-9, 9))
def test_shift_law(count: int, seed: int, dy: int, dx: int) -> None:
    one, palette = separation(count, seed), np.random.default_rng(seed).random((count, 3))
    rolled = Separation(one.grid.roll(one.planes, dy, dx), LATTICE, one.roles)
    moved = one.grid.roll(np.moveaxis(one.render(palette), 2, 0), dy, dx)
    np.testing.assert_array_equal(np.moveaxis(rolled.render(palette), 2, 0), moved)
    np.testing.assert_array_equal(rolled.indices(), one.grid.roll(one.indices(), dy, dx))
    assert rolled.coverage() == pytest.approx(one.coverage())


@given(inks, seeds)
def test_hard_planes_render_exact_inks(count: int, seed: int) -> None:
    one, palette = separation(count, seed, hard=True), np.random.default_rng(seed).random((count, 3), dtype=np.float32)
    np.testing.assert_array_equal(one.render(palette), palette[one.indices()])
    np.testing.assert_allclose(np.bincount(one.indices().ravel(), minlength=count) / (12 * 16), one.coverage())


@given(inks, seeds, st.randoms(use_true_random=False))
def test_reordered_inks_render_the_same(count: int, seed: int, random) -> None:
    one, palette = separation(count, seed), np.random.default_rng(seed).random((count, 3))
    order = tuple(random.sample(range(count), count))
    shuffled = one.kept(order)
    np.testing.assert_allclose(shuffled.render(palette[list(order)]), one.render(palette), rtol=0, atol=1e-6)
    assert shuffled.roles == tuple(one.roles[i] for i in order)


def test_the_grid_follows_from_the_planes() -> None:
    assert separation(3, 0).grid == Grid(16, 12, drop=6)


def test_a_tie_goes_to_the_lower_ink() -> None:
    assert not Separation(np.full((2, 4, 4), 0.5, np.float32), Lattice.named("straight", 64), ROLES[:2]).indices().any()


def planes(count: int, value: float, dtype: type = np.float32) -> np.ndarray:
    return np.full((count, 4, 4), value, dtype)


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (planes(2, 0.5)[0], r"are \(K, H, W\) float32"),
        (planes(2, 0.5, np.float64), r"are \(K, H, W\) float32"),
        (planes(1, 1), f"2 to {MOST_INKS} inks"),
        (planes(33, 1 / 33), f"2 to {MOST_INKS} inks"),
        (planes(2, 0.4), "1 in sum at every pixel"),
        (np.stack([planes(1, -0.5)[0], planes(1, 1.5)[0]]), "at least 0"),
        (planes(2, np.nan), "must be coverages"),
    ],
)
def test_bad_planes(array: np.ndarray, says: str) -> None:
    with pytest.raises(InputError, match=says):
        Separation(array, Lattice.named("straight", 64), ("",) * len(array))


def test_an_ink_without_a_role_entry() -> None:
    with pytest.raises(InputError, match="with a role each, not 2 and 3"):
        Separation(planes(2, 0.5), Lattice.named("straight", 64), ROLES[:3])


def test_dropping_an_ink_that_covers_something_is_refused() -> None:
    with pytest.raises(InputError, match="must be coverages"):
        separation(3, 0).kept((0, 1))
