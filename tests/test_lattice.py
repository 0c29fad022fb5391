"""The lattice's laws: wrap-around, shift, supercell; names; which pixel grids it allows."""

import math
import re
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from patterns.errors import LatticeError
from patterns.lattice import NAMED_REPEATS, SQUARENESS, Grid, Lattice, parse_repeat

offsets = st.fractions(0, 1, max_denominator=12).map(lambda v: v % 1)
shifts = st.integers(-40, 40)
margins = st.integers(0, 25)


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    kind = draw(st.sampled_from(["straight", "drop", "slide"]))
    drop = draw(st.integers(0, height - 1)) if kind == "drop" else 0
    slide = draw(st.integers(0, width - 1)) if kind == "slide" else 0
    return Grid(width, height, drop, slide)


@st.composite
def lattices(draw: st.DrawFn) -> Lattice:
    width = draw(st.floats(50, 2000))
    height = width * draw(st.floats(0.25, 4))
    offset = draw(offsets)
    return Lattice(width, height, *draw(st.sampled_from([(offset, Fraction(0)), (Fraction(0), offset)])))


def cell(grid: Grid) -> np.ndarray:
    return np.arange(2 * grid.height * grid.width, dtype=np.float64).reshape(2, grid.height, grid.width)


def blur(padded: np.ndarray, reach: int) -> np.ndarray:
    """A lopsided filter, so that a flipped or shifted neighbor cannot go unseen."""
    size = 2 * reach + 1
    weights = np.arange(1, size * size + 1, dtype=np.float64).reshape(size, size)
    return np.einsum("khwyx,yx->khw", np.lib.stride_tricks.sliding_window_view(padded, (size, size), (1, 2)), weights)


@given(grids(), margins, margins, margins, margins)
def test_padding_shows_the_paved_plane(grid: Grid, left: int, right: int, top: int, bottom: int) -> None:
    array = cell(grid)
    plane = grid.window(array, top=-top, left=-left, height=top + grid.height + bottom, width=left + grid.width + right)
    np.testing.assert_array_equal(grid.pad_sides(array, (left, right, top, bottom)), plane)


@given(grids(), shifts, shifts, st.integers(-3, 3), st.integers(-3, 3))
def test_the_paved_plane_repeats_by_the_lattice(grid: Grid, y: int, x: int, across: int, down: int) -> None:
    moved_y, moved_x = y + across * grid.drop + down * grid.height, x + across * grid.width + down * grid.slide
    here, there = (grid.wrap(np.array(a), np.array(b)) for a, b in ((y, x), (moved_y, moved_x)))
    assert [int(v) for v in here] == [int(v) for v in there]
    assert 0 <= here[0] < grid.height
    assert 0 <= here[1] < grid.width


@given(grids(), margins)
def test_every_pixel_of_the_cell_is_its_own(grid: Grid, margin: int) -> None:
    padded = grid.pad(cell(grid), margin)
    middle = padded[:, margin : margin + grid.height, margin : margin + grid.width]
    np.testing.assert_array_equal(middle, cell(grid))


@given(grids(), margins)
def test_tensors_pad_like_arrays(grid: Grid, margin: int) -> None:
    padded = grid.pad(torch.from_numpy(cell(grid)), margin)
    np.testing.assert_array_equal(padded.numpy(), grid.pad(cell(grid), margin))


@given(st.integers(2, 9), st.integers(2, 9), st.integers(0, 9))
def test_straight_is_circular_padding(width: int, height: int, margin: int) -> None:
    """Parity with torch, whose circular padding reaches one cell at most."""
    assume(margin <= min(width, height))
    grid = Grid(width, height)
    ours = grid.pad(torch.from_numpy(cell(grid))[None], margin)
    theirs = torch.nn.functional.pad(torch.from_numpy(cell(grid))[None], (margin,) * 4, mode="circular")
    assert torch.equal(ours, theirs)


@given(grids(), shifts, shifts, st.integers(0, 4))
def test_shift_law(grid: Grid, dy: int, dx: int, reach: int) -> None:
    """A filter on the rolled cell is the rolled filter's result: exactly, for these whole numbers."""
    array = cell(grid)
    rolled_first = blur(grid.pad(grid.roll(array, dy, dx), reach), reach)
    rolled_last = grid.roll(blur(grid.pad(array, reach), reach), dy, dx)
    np.testing.assert_array_equal(rolled_first, rolled_last)


@given(grids(), shifts, shifts, shifts, shifts)
def test_rolls_add_up(grid: Grid, a: int, b: int, c: int, d: int) -> None:
    array = cell(grid)
    np.testing.assert_array_equal(grid.roll(grid.roll(array, a, b), c, d), grid.roll(array, a + c, b + d))
    np.testing.assert_array_equal(grid.roll(array, grid.drop, grid.width), array)
    np.testing.assert_array_equal(grid.roll(array, grid.height, grid.slide), array)


@given(grids(), st.integers(0, 4))
def test_supercell_law(grid: Grid, reach: int) -> None:
    """A filter on the sheared cell equals the filter on its rectangle, which repeats straight."""
    array = cell(grid)
    rectangle = grid.rectangle(array)
    straight = Grid(rectangle.shape[2], rectangle.shape[1])
    on_cell = grid.rectangle(blur(grid.pad(array, reach), reach))
    np.testing.assert_array_equal(on_cell, blur(straight.pad(rectangle, reach), reach))


@given(grids())
def test_the_rectangle_is_the_smallest(grid: Grid) -> None:
    across, down = grid.copies
    assert across * grid.drop % grid.height == 0
    assert down * grid.slide % grid.width == 0
    assert all(n * grid.drop % grid.height for n in range(1, across))
    assert all(n * grid.slide % grid.width for n in range(1, down))


@given(grids(), st.integers(1, 5))
def test_scaled_grids_keep_their_shape(grid: Grid, factor: int) -> None:
    bigger = grid.scaled(factor)
    assert bigger.copies == grid.copies
    assert bigger.scaled(Fraction(1, factor)) == grid


def test_a_grid_is_not_scaled_to_broken_pixels() -> None:
    with pytest.raises(LatticeError, match="cannot be scaled by 1/2"):
        Grid(4, 6, drop=3).scaled(Fraction(1, 2))


@given(lattices(), st.integers(-5, 5), st.integers(-5, 5), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_contains_its_translations_and_nothing_else(
    lattice: Lattice, across: int, down: int, off_x: float, off_y: float
) -> None:
    (ax, ay), (bx, by) = lattice.vectors
    x, y = across * ax + down * bx, across * ay + down * by
    assert lattice.contains(x, y)
    assume(math.hypot(off_x, off_y) > 1e-3)
    assert not lattice.contains(x + off_x * lattice.width, y + off_y * lattice.height)


@given(lattices())
def test_rectangle_translations_are_the_lattices_own(lattice: Lattice) -> None:
    rectangle = lattice.rectangle()
    assert lattice.contains(rectangle.width, 0, tolerance=1e-6 * rectangle.width)
    assert lattice.contains(0, rectangle.height, tolerance=1e-6 * rectangle.height)
    assert rectangle.width * rectangle.height == pytest.approx(
        lattice.width * lattice.height * math.prod(lattice.copies)
    )


@given(lattices())
def test_the_name_of_a_repeat_parses_to_it(lattice: Lattice) -> None:
    assert parse_repeat(lattice.repeat) == (lattice.drop, lattice.slide)


@pytest.mark.parametrize("name", NAMED_REPEATS)
def test_named_repeats(name: str) -> None:
    assert Lattice.named(name, 640).repeat == name
    assert parse_repeat(f" {name.upper().replace('-', '_')} ") == NAMED_REPEATS[name]


def test_hexagonal_neighbors_are_equally_far() -> None:
    lattice = Lattice.named("hexagonal", 640)
    (ax, ay), (bx, by) = lattice.vectors
    assert math.hypot(ax, ay) == pytest.approx(math.hypot(bx, by)) == pytest.approx(math.hypot(ax - bx, ay - by))
    with pytest.raises(LatticeError, match=r"is 739.0 mm high, not 640 mm; leave the height out"):
        Lattice.named("hexagonal", 640, 640)


@pytest.mark.parametrize(
    "text", ["", "diamond", "drop", "drop 3/2", "slide -1/2", "drop 1/0", "half drop 1/2", "1/65", "nan"]
)
def test_unknown_repeats_name_the_known(text: str) -> None:
    with pytest.raises(LatticeError, match="there are straight, half-drop") as raised:
        parse_repeat(text)
    assert repr(text) in str(raised.value)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((0, 5), "no area"),
        ((5, -1), "no area"),
        ((math.inf, 5), "no area"),
        ((5, math.nan), "no area"),
        ((5, 5, Fraction(1, 2), Fraction(1, 2)), "not both"),
        ((5, 5, Fraction(1)), "less than 1"),
        ((5, 5, Fraction(0), Fraction(-1, 2)), "less than 1"),
    ],
)
def test_bad_lattices(arguments: tuple, says: str) -> None:
    with pytest.raises(LatticeError, match=says):
        Lattice(*arguments)


@pytest.mark.parametrize("sides", [(0, 4), (4, 4, 4), (4, 4, -1), (4, 4, 0, 4), (4, 4, 1, 1)])
def test_bad_grids(sides: tuple[int, ...]) -> None:
    with pytest.raises(LatticeError):
        Grid(*sides)


@given(lattices(), st.integers(1, 700), st.sampled_from([1, 8, 16]))
def test_a_refused_side_names_sides_that_work(lattice: Lattice, size: int, stride: int) -> None:
    """Whatever sides are asked for, following the refusals' advice ends at a grid that works."""
    width = height = size
    for _ in range(4):
        try:
            grid = lattice.grid(width, height, stride=stride)
        except LatticeError as refusal:
            sides = [int(v) for v in re.findall(r"(\d+) px(?=[,.])", str(refusal))]
            pairs = re.findall(r"(\d+) x (\d+) px(?=[,.])", str(refusal))
            if "off square" in str(refusal):
                assume(pairs)
                width, height = (int(v) for v in pairs[0])
            elif " width " in str(refusal):
                width = sides[-1]
            else:
                height = sides[-1]
        else:
            assert grid.drop == lattice.drop * height
            assert grid.slide == lattice.slide * width
            assert not any(v % stride for v in (grid.width, grid.height, grid.drop, grid.slide))
            return
    pytest.fail("four pieces of advice did not lead to a grid")


@given(lattices(), st.floats(1e3, 1e6), st.sampled_from([1, 8, 16, 32]))
def test_offered_grids_work(lattice: Lattice, around_px: float, stride: int) -> None:
    for offered in lattice.grids(around_px=around_px, stride=stride):
        assert lattice.grid(offered.width, offered.height, stride=stride) == offered
        aspect = lattice.width / offered.width * offered.height / lattice.height
        assert abs(aspect - 1) <= SQUARENESS


@given(lattices(), st.floats(4, 12))
def test_grid_at_a_resolution(lattice: Lattice, px_per_mm: float) -> None:
    if lattice.grids(around_px=lattice.width * lattice.height * px_per_mm**2):
        assert lattice.grid_at(px_per_mm).width / lattice.width == pytest.approx(px_per_mm, rel=0.1)
    else:
        with pytest.raises(LatticeError, match="bring its sides nearer"):
            lattice.grid_at(px_per_mm)


def test_the_known_grids() -> None:
    assert Lattice.named("straight", 530, 640).grid(240, 288, stride=16) == Grid(240, 288)
    assert Lattice.named("half-drop", 320).grid(256, 256, stride=16) == Grid(256, 256, drop=128)
    with pytest.raises(LatticeError, match=r"divisible by 3 px; 256 px is not. Nearest that are: 255 px, 258 px"):
        Lattice.named("third-drop", 640).grid(256, 256)
    with pytest.raises(LatticeError, match=r"at every level of the model \(stride 16\); 250 px is not"):
        Lattice.named("straight", 640).grid(256, 250, stride=16)
    with pytest.raises(LatticeError, match="off square; at most 3%"):
        Lattice.named("straight", 640).grid(256, 288)
