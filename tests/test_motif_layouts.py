"""Laws of the layouts: ranks regular across every joint, small cells that fit, words that say what is drawn."""

import numpy as np
import pytest

from patterns.lattice import Grid
from patterns.motif import composing, draw
from patterns.motif.canvas import Canvas, Placement, Shape, coverage
from patterns.motif.frames import FRAMES
from patterns.motif.layout import offsets
from patterns.motif.parts import curve, dots
from patterns.motif.ranks import cell_of, lanes, net
from patterns.reading import LAYOUTS, SET_LAYOUTS

GRIDS = (Grid(96, 128), Grid(128, 96, 48), Grid(96, 96, 0, 48), Grid(96, 96, 32), Grid(192, 96, 24))


def surroundings(grid: Grid, points: list[tuple[float, float]]) -> set[tuple[float, ...]]:
    """Return what each point sees around it: the sorted distances to the six nearest, rounded; one if all see alike."""
    at = np.array(points)
    far = np.hypot(*offsets(grid, at, at[:, 0], at[:, 1]))
    return {tuple(np.sort(row)[: min(7, len(points))].round(3) + 0.0) for row in far}


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("upright", [True, False])
def test_lanes_have_one_surrounding_also_across_the_joints(grid: Grid, upright: bool) -> None:
    found = [lanes(grid, pitch, 1.3 * pitch, upright=upright) for pitch in (14.0, 23.0, 40.0, 64.0)]
    for ranks in filter(None, found):
        points = [ranks.at(i, j * ranks.step) for i, j in ranks.stations()]
        assert len(surroundings(grid, points)) == 1
    straight = not (grid.slide if upright else grid.drop)
    assert straight <= all(found), "along the side that repeats straight, lanes always fit"


@pytest.mark.parametrize("grid", GRIDS)
def test_nodes_and_meshes_of_a_net_have_one_surrounding_also_across_the_joints(grid: Grid) -> None:
    found = [net(grid, w, w * tall, most=0.7) for w in (18.0, 31.0, 48.0, 80.0) for tall in (1.0, 1.5)]
    assert any(found)
    for mesh in filter(None, found):
        assert len(surroundings(grid, mesh.nodes())) == 1
        both = mesh.nodes() + mesh.nodes(faces=True)
        assert len(both) == mesh.columns * mesh.rows
        one, other = mesh.turns(grid)
        assert len(surroundings(grid, one)) == 1
        assert not other or len(one) == len(other)


def test_a_surrounding_that_a_joint_breaks_is_noticed() -> None:
    grid = Grid(96, 96, 32)
    points = [(24.0 * i, 24.0 * j) for i in range(4) for j in range(4)]
    assert len(surroundings(Grid(96, 96), points)) == 1
    assert len(surroundings(grid, points)) > 1


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_drawing_says_its_layout_and_what_is_in_it(layout: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(composing, "_LAYOUTS", {layout: 1.0})
    monkeypatch.setattr(composing, "TWO", 0.5)
    monkeypatch.setattr(composing, "GROUND", 0.5)
    seen, two = [], 0
    for seed, grid in enumerate(GRIDS * 2):
        one, same = (draw(np.random.default_rng(seed), grid, family="daisy") for _ in range(2))
        assert np.array_equal(one.planes, same.planes)
        assert one.attributes == same.attributes
        assert np.allclose(one.planes.sum(axis=0), 1, atol=1e-6)
        shown, asked = one.attributes, one.attributes.reading()
        seen.append(shown.layout)
        two += bool(shown.second)
        assert [s.family for s in asked.subjects] == ["daisy", *([shown.second] if shown.second else [])]
        assert f"layout {shown.layout}" in asked.terms()
        assert not set(shown.absent) & set(shown.parts)
        assert bool(shown.direction) == (shown.layout in ("stripe", "border", "vine", "garland"))
        if one.grid != grid:
            assert one.grid.width % 16 == one.grid.height % 16 == one.grid.drop % 16 == one.grid.slide % 16 == 0
            assert one.grid.width <= grid.width
            assert one.grid.height <= grid.height
            assert layout in (*SET_LAYOUTS, *FRAMES)
    assert seen.count(layout) >= 5, "a toss is the exception"
    assert two


def test_a_cell_of_its_own_is_near_the_size_asked_for() -> None:
    for offset in ("", "drop", "slide"):
        cell = cell_of(Grid(192, 192), 70.0, 100.0, offset=offset)
        assert abs(cell.width - 70) <= 16
        assert abs(cell.height - 100) <= 16
        assert (cell.drop, cell.slide) == (cell.height // 2 * (offset == "drop"), cell.width // 2 * (offset == "slide"))


def test_a_motif_on_a_ground_is_cut_free_of_it() -> None:
    canvas = Canvas(Grid(96, 96))
    canvas.fill(5)
    motif = (Shape(dots([(0, 0)], 24.0), 1), Shape(curve((0, 0), (20, 30)), 1, 3.0))
    canvas.draw(motif, Placement(48, 48))
    touching = coverage(canvas.indices(), 6)
    canvas.fill(5)
    canvas.draw(composing.halo(motif), Placement(48, 48))
    canvas.draw(motif, Placement(48, 48))
    free = coverage(canvas.indices(), 6)
    assert _meetings(touching) > 20
    assert _meetings(free) == 0
    assert np.array_equal(touching[1], free[1]), "the motif itself is whole"


def _meetings(planes: np.ndarray) -> int:
    """Return how many pixels of the ground's ink lie beside the main ink."""
    main, ground = planes[1] > 0.5, planes[5] > 0.5
    return int(sum((np.roll(main, 1, axis) & ground).sum() for axis in (0, 1)))
