"""Laws of the hands: they know nothing of the joint, keep the drawing, and leave nothing too fine to print."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial import KDTree
from skimage.measure import label

from patterns import thinness
from patterns.atelier.handing import by_hand
from patterns.design import Brief
from patterns.enlarge import enlarge_indices_bands
from patterns.errors import InputError
from patterns.hand import HANDS, put_on
from patterns.hand.chance import Chance, noise, scattered, spaced
from patterns.hand.cloth import Cloth
from patterns.hand.putting import CUT_PX_PER_MM, MANNERS, worked
from patterns.lattice import Grid, Lattice
from patterns.library import settled
from patterns.reading import HANDS as READ
from patterns.reading import Reading
from patterns.separation import Separation

FACTOR, PX_PER_MM = 8, 0.8
# Coarse pixels: a half-drop and a slid lattice.
GRIDS = (Grid(48, 64, 32), Grid(64, 40, 0, 16))
ROLES = ("ground", "main", "second", "line")


def shapes(grid: Grid, seed: int = 1) -> np.ndarray:
    """Return a seamless drawing of round patches in two inks and a line around some, one ink a pixel."""
    field = noise(np.random.default_rng(seed), grid, (grid.height / 5, grid.height / 5))
    other = noise(np.random.default_rng(seed + 1), grid, (grid.height / 4, grid.height / 4))
    drawn = np.where(field > 0.2, 1, np.where(field < -0.7, 2, 0))
    return np.where((field > 0.05) & (field < 0.3) & (other > 0), 3, drawn).astype(np.uint8)


def planes(grid: Grid, seed: int = 1) -> np.ndarray:
    fine = shapes(grid.scaled(4), seed)
    counted = [(fine == k).reshape(grid.height, 4, grid.width, 4).mean(axis=(1, 3)) for k in range(len(ROLES))]
    return np.stack(counted).astype(np.float32)


def cloth(grid: Grid) -> Cloth:
    return Cloth(grid, PX_PER_MM * FACTOR, frozenset({3}))


def asked(hand: str, at: Cloth) -> Chance:
    return MANNERS[hand].wants(np.random.default_rng(3), at, len(ROLES))


@pytest.mark.parametrize("hand", MANNERS)
def test_a_hand_moves_with_the_drawing_and_its_chance(hand: str) -> None:
    fine = GRIDS[0].scaled(FACTOR)
    indices, chance = shapes(fine), asked(hand, cloth(fine))
    here = worked(indices, cloth(fine), hand, chance)
    dy, dx = 5 * FACTOR, 41 * FACTOR
    moved = worked(fine.roll(indices, dy, dx), cloth(fine), hand, chance.rolled(fine, dy, dx))
    assert (moved != fine.roll(here, dy, dx)).mean() < 1e-4
    # With its chance left behind it is another cut: the comparison can fail.
    left = worked(fine.roll(indices, dy, dx), cloth(fine), hand, chance)
    assert hand == "woven" or (left != fine.roll(here, dy, dx)).mean() > 1e-3


@pytest.mark.parametrize("hand", MANNERS)
def test_a_hand_does_to_the_paved_rectangle_what_it_does_to_the_cell(hand: str) -> None:
    fine = GRIDS[1].scaled(FACTOR)
    large = Grid(fine.width * fine.copies[0], fine.height * fine.copies[1])
    indices, chance = shapes(fine), asked(hand, cloth(fine))
    cell = worked(indices, cloth(fine), hand, chance)
    paved = worked(fine.rectangle(indices), cloth(large), hand, chance.paved(fine))
    assert (paved != fine.rectangle(cell)).mean() < 1e-4


@pytest.mark.parametrize("hand", MANNERS)
def test_a_hand_changes_the_drawing_and_keeps_what_it_shows(hand: str) -> None:
    fine = GRIDS[0].scaled(FACTOR)
    indices = shapes(fine)
    cut = worked(indices, cloth(fine), hand, asked(hand, cloth(fine)))
    assert 0.005 < (cut != indices).mean() < 0.5
    least = 0.12 if hand in ("pen", "stipple") else 0.5
    assert all((cut[indices == ink] == ink).mean() > least for ink in range(len(ROLES)))
    # A hand on another drawing does not show this one: the figure can fail.
    assert any((cut[fine.roll(indices, 256, 96) == ink] == ink).mean() < least for ink in range(len(ROLES)))


@pytest.mark.parametrize("hand", MANNERS)
def test_nothing_is_too_fine_to_print(hand: str) -> None:
    separation = Separation(planes(GRIDS[0]), Lattice.named("half-drop", 60, 80), ROLES)
    made = by_hand(separation, hand, seed=2)
    assert _too_fine(made) == (0, 0)
    lines, specks = _too_fine(_scratched(made))
    assert lines > 10
    assert specks > 10


def _scratched(separation: Separation) -> Separation:
    """Return planes with hair lines 0.3 mm wide, and specks as wide and high."""
    broken, ink = separation.planes.copy(), np.array([0, 1, 0, 0], np.float32)[:, None, None]
    broken[:, :96, ::8] = ink
    broken[:, 100::8, ::8] = broken[:, 101::8, ::8] = ink
    return Separation(broken, separation.lattice, separation.roles)


def _too_fine(separation: Separation) -> tuple[int, int]:
    """Return how many lines or gaps thinner than 0.35 mm and how many patches less than a 0.4 mm disc are printed."""
    px_per_mm, margin = 12, 24
    grid = separation.lattice.grid_at(px_per_mm)
    bands = enlarge_indices_bands(separation.planes, separation.grid, grid)
    indices = np.concatenate([band for _, band in bands])
    padded = np.asarray(label(grid.pad(indices, margin).astype(int) + 1, connectivity=2), np.intp)
    areas, cell = np.bincount(padded.ravel()), padded[margin:-margin, margin:-margin]
    # What reaches the outer edge of the padding from within the cell is no speck.
    small = (areas < np.pi * (0.2 * px_per_mm) ** 2)[np.unique(cell)].sum()
    places = thinness.measure(indices, grid, thinness.Finest(0.35, 0.35), px_per_mm=px_per_mm).places
    return len(places), int(small)


def test_marks_are_as_wide_on_any_tile() -> None:
    widths = []
    for side in (48, 96):
        fine = Grid(side, side).scaled(FACTOR)
        drawn = worked(shapes(fine) % 2, cloth(fine), "pen", asked("pen", cloth(fine))) > 0
        edges = (drawn != fine.roll(drawn, 1, 0)).sum() + (drawn != fine.roll(drawn, 0, 1)).sum()
        widths.append(drawn.sum() / edges)
    assert 0.85 < widths[1] / widths[0] < 1.15


def test_what_is_put_on_is_a_separation_on_the_same_lattice_determined_by_its_seed() -> None:
    lattice = Lattice.named("half-drop", 60, 80)
    separation = Separation(planes(GRIDS[0]), lattice, ROLES)
    one, two, other = (by_hand(separation, "linocut", seed=s) for s in (2, 2, 3))
    assert one.lattice == lattice
    assert one.roles == ROLES
    assert one.grid.width / lattice.width == CUT_PX_PER_MM / 2
    assert np.array_equal(one.planes, two.planes)
    assert np.array_equal(settled(one).planes, one.planes)
    assert not np.array_equal(one.planes, other.planes)
    assert by_hand(separation, "", seed=2) is by_hand(separation, "clean", seed=2) is separation


@pytest.mark.parametrize("symmetry", ["p2", "pmm", "p4m"])
def test_a_symmetric_drawing_stays_symmetric(symmetry: str) -> None:
    from patterns.symmetry import Symmetry

    grid = Grid(48, 48)
    drawn = Symmetry(symmetry).symmetrize(planes(grid), grid)
    made = by_hand(Separation(drawn, Lattice(60, 60), ROLES), "linocut", seed=1, symmetry=symmetry)
    assert Symmetry(symmetry).is_invariant(made.planes, made.grid, tolerance=0)
    loose = by_hand(Separation(drawn, Lattice(60, 60), ROLES), "linocut", seed=1)
    assert not Symmetry(symmetry).is_invariant(loose.planes, loose.grid, tolerance=0)


def test_the_hands_are_those_that_a_prompt_may_name() -> None:
    assert set(HANDS) == set(READ)


def test_an_unknown_hand_is_refused_with_those_there_are() -> None:
    separation = Separation(planes(GRIDS[0]), Lattice.named("half-drop", 60, 80), ROLES)
    with pytest.raises(InputError, match=r"no hand is called 'crayon'; there are clean, .*woven"):
        put_on(separation, "crayon", np.random.default_rng(0), enlarge=lambda p, a, b: p.argmax(axis=0))


@pytest.mark.parametrize("grid", GRIDS)
def test_noise_is_as_smooth_across_the_joint_as_elsewhere(grid: Grid) -> None:
    fine = grid.scaled(4)
    field = fine.pad(noise(np.random.default_rng(0), fine, (16, 16)), 1)
    for steps in (np.diff(field, axis=0), np.diff(field, axis=1).T):
        inside = np.abs(steps).max()
        assert max(np.abs(steps[0]).max(), np.abs(steps[-1]).max()) <= inside < 0.6


@pytest.mark.parametrize(
    ("points", "least"),
    [
        (lambda rng, grid: spaced(rng, grid, (24.0, 12.0), site=2), 10),
        (lambda rng, grid: scattered(rng, grid, 16), 2),
    ],
)
def test_points_keep_their_distance_across_the_joint(points: Callable, least: float) -> None:
    for grid in (Grid(192, 256, 128), Grid(256, 160, 0, 64)):
        found = points(np.random.default_rng(0), grid).around(grid, 32)
        places = np.stack([found.rows, found.columns], axis=1)
        nearest = KDTree(places).query(places, k=2)[0][:, 1]
        assert nearest.min() >= least
        assert np.median(nearest) < 2.5 * least + 14


@pytest.mark.parametrize(
    ("asked_hand", "read_hand", "put"), [("", "pen", "pen"), ("woven", "pen", "woven"), ("", "", "")]
)
def test_the_brief_goes_before_the_prompt(asked_hand: str, read_hand: str, put: str, monkeypatch) -> None:
    from patterns.atelier import making
    from patterns.atelier.bench import Bench, silent
    from patterns.library import Library
    from patterns.loom import weave as loom

    lattice = Lattice.named("half-drop", 60, 80)
    drawn = Separation(planes(GRIDS[0]), lattice, ROLES)
    woven = loom.Woven(drawn, Reading(hand=read_hand), "", None, (), "")
    monkeypatch.setattr(loom, "weave", lambda request, **_: woven)
    brief = Brief("peonies", seed=5, inks=4, hand=asked_hand)
    bench = Bench(Library(Path("nowhere")), None, silent)
    made = making.weave(brief, lattice, bench).separation
    assert np.array_equal(made.planes, by_hand(drawn, put, seed=5).planes)


def test_a_brief_knows_its_hand_and_refuses_another() -> None:
    brief = Brief("peonies", hand="block print")
    assert Brief.from_json(brief.to_json()) == brief
    with pytest.raises(InputError, match=r"hand is one of clean, cut paper, .* not 'crayon'"):
        Brief("peonies", hand="crayon")
