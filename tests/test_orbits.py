"""Motifs in a plane group: places, turns and mirrors are the group's own."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from patterns.atelier.arranging import Setter
from patterns.atelier.bench import Bench
from patterns.atelier.making import design
from patterns.atelier.varying import Wish, vary
from patterns.design import Brief
from patterns.folding import folded
from patterns.lattice import Grid, Lattice
from patterns.library import Library
from patterns.loom.arranging import Plan
from patterns.loom.weave import Request, heard, loaded, not_in_group
from patterns.motif import portrait
from patterns.motif.layout import spacing
from patterns.motif.orbits import orbited
from patterns.motif.setting import Setting, set_out
from patterns.motif.stamp import Stamp
from patterns.symmetry import GROUPS, Symmetry

GRIDS = {
    "oblique": Grid(192, 160, 64),
    "rectangular": Grid(192, 160),
    "rhombic": Grid(160, 192, 96),
    "square": Grid(192, 192),
    "hexagonal": Lattice.named("hexagonal", 300).grid_at(0.8, stride=16),
}
OTHERS = [name for name in GROUPS if name != "p1"]
TULIP = portrait(np.random.default_rng(1), family="tulip").planes


def a_setting(name: str, **more: object) -> Setting:
    given = {"heroes": (Stamp.cut(TULIP),), "symmetry": name} | more
    return Setting("tossed", "medium", 14.0, 4, **given)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_set_out_has_the_group_before_and_after_the_mean(name: str) -> None:
    symmetry, grid = Symmetry(name), GRIDS[Symmetry(name).system]
    planes, _ = set_out(np.random.default_rng(2), grid, a_setting(name))
    shown = planes.argmax(axis=0)
    assert 0.05 < (shown > 0).mean() < 0.9
    flat = shown.ravel()
    off = max(float((flat[source] != flat).mean()) for source in symmetry.sources(grid))
    # Only edges may fall otherwise at an image of a place; on a hexagonal grid an image is up to a pixel off.
    assert off < (0.02 if symmetry.exact_on(grid) else 0.06)
    even = folded(planes, name, grid)
    if symmetry.exact_on(grid):
        assert symmetry.is_invariant(even, grid, tolerance=0)
    assert (even.argmax(axis=0) != shown).mean() < 0.03


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("two", [False, True])
def test_motifs_stand_apart_and_come_in_whole_orbits(name: str, two: bool) -> None:
    symmetry, grid = Symmetry(name), GRIDS[Symmetry(name).system]
    made = orbited(
        np.random.default_rng(3), grid, ("tossed", "medium", 14.0), name, two=two, smaller=not two, upright=False
    )
    assert made.heroes
    for places in (made.heroes, made.seconds):
        assert len(places) % symmetry.order == 0
    points = np.array([(p.x, p.y) for p in made.heroes])
    assert spacing(grid, points) >= 2 * made.radius
    back = np.linalg.inv(np.array([[grid.width, grid.slide], [grid.drop, grid.height]], float))
    first, *rest = ([Fraction(v).limit_denominator(10**6) for v in back @ p] for p in points[: symmetry.order])
    orbit = {tuple(round(1000 * float(v)) % 1000 for v in m(tuple(first))) for m in symmetry.on(grid)}  # pyright: ignore
    assert {tuple(round(1000 * float(v)) % 1000 for v in p) for p in (first, *rest)} == orbit


def test_motifs_too_large_for_a_group_are_smaller_and_a_size_that_is_held_is_not_exceeded() -> None:
    grid = GRIDS["square"]
    made = orbited(
        np.random.default_rng(0), grid, ("tossed", "medium", 80.0), "p4m", two=False, smaller=True, upright=True
    )
    assert 8 < made.radius < 40
    assert len(made.heroes) == 8


@pytest.mark.parametrize("smaller", [False, True])
@pytest.mark.parametrize("name", ["p4m", "p6m"])
def test_a_second_family_always_has_room(name: str, smaller: bool) -> None:
    grid = GRIDS[Symmetry(name).system]
    for seed in range(4):
        rng, wish = np.random.default_rng(seed), ("set", "medium", 60.0)
        assert orbited(rng, grid, wish, name, two=True, smaller=smaller, upright=True).seconds


def test_a_ground_and_a_frame_give_way_and_the_note_says_so() -> None:
    vocabulary = loaded(None).vocabulary
    for prompt, lost in (
        ("roses on a trellis", "trellis"),
        ("roses over gingham", "gingham"),
        ("roses and stripes", "stripe"),
        ("roses, tossed", ""),
    ):
        request = Request(prompt, Lattice(300, 300), symmetry="p4m")
        found = not_in_group(request, heard(request, vocabulary)[0], vocabulary)
        assert [lost in one.message for one in found] == ([True] if lost else [])
        assert not not_in_group(Request(prompt, Lattice(300, 300)), heard(request, vocabulary)[0], vocabulary)


def test_a_design_and_its_variation_have_the_group_to_the_last_bit(tmp_path: Path) -> None:
    bench = Bench(Library(tmp_path), None)
    made = design(Brief("tulips", symmetry="p4m", width_mm=200, inks=3, seed=5, steps=6), bench)
    again = vary(made.design.id, Wish(0.25, seed=3), bench)
    for one in (made, again):
        grid = one.separation.grid
        assert Symmetry("p4m").is_invariant(one.separation.planes, grid, tolerance=0)
    shown = [one.separation.planes[0] < 0.5 for one in (made, again)]
    assert (shown[0] & shown[1]).sum() > 0.6 * (shown[0] | shown[1]).sum()


def test_the_setter_says_which_layout_was_asked_for() -> None:
    plan = Plan("tossed", "medium", 14.0, 4, (TULIP,), symmetry="pmm")
    planes, layout = Setter().arrange(np.random.default_rng(0), GRIDS["rectangular"], plan)
    assert layout == "tossed"
    assert Symmetry("pmm").is_invariant(planes, GRIDS["rectangular"], tolerance=0)
