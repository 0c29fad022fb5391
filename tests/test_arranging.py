"""Motifs drawn alone, cut out and set on a lattice."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from patterns import seam
from patterns.atelier.arranging import Setter
from patterns.lattice import Grid
from patterns.loom.arranging import Artist, Plan, planned
from patterns.loom.network import Geometry, Loom, LoomConfig
from patterns.loom.sampling import Sampling
from patterns.loom.telling import told
from patterns.loom.vocabulary import ALONE, FamilyEntry, Look, Portrait, Vocabulary
from patterns.motif import FAMILIES, PORTRAIT, PORTRAIT_RADIUS, portrait
from patterns.motif.canvas import Canvas, Placement, coverage
from patterns.motif.composing import Wish
from patterns.motif.family import Style
from patterns.motif.layout import spacing
from patterns.motif.reach import ROUND, Reach
from patterns.motif.setting import Setting, laid_out, set_out, strewn_to_size
from patterns.motif.stamp import Stamp
from patterns.reading import FRAME_LAYOUTS, LAYOUTS, Reading, Subject, read

GRIDS = (Grid(256, 192), Grid(192, 256, 128), Grid(256, 192, 0, 128), Grid(192, 288, 96))


def a_stamp(family: str = "rose", seed: int = 0, inks: int = 6) -> Stamp:
    rng = np.random.default_rng(seed)
    while (drawn := portrait(rng, family=family)).attributes.nominal_inks > inks:
        pass
    return Stamp.cut(drawn.planes)


@pytest.mark.parametrize("family", [name for name, f in FAMILIES.items() if f.kind == "motif"])
def test_every_motif_of_the_corpus_stands_clear_in_the_middle_of_its_portrait(family: str) -> None:
    for seed in range(4):
        stamp = a_stamp(family, seed)
        assert stamp.flaw < 0.02
        middle = PORTRAIT.width / 2
        assert np.hypot(stamp.middle[0] - middle, stamp.middle[1] - middle) < 0.4 * PORTRAIT_RADIUS
        assert 0.7 * PORTRAIT_RADIUS < stamp.radius < 1.35 * PORTRAIT_RADIUS


def test_a_motif_across_the_edge_in_crumbs_or_missing_is_flawed() -> None:
    planes = portrait(np.random.default_rng(0), family="rose").planes
    assert Stamp.cut(PORTRAIT.roll(planes, 0, 40)).flaw > 0.1
    crumbs = np.zeros_like(planes)
    crumbs[0] = 1
    crumbs[0, ::12, ::12], crumbs[1, ::12, ::12] = 0, 1
    assert Stamp.cut(crumbs).flaw > 0.1
    bare = np.zeros_like(planes)
    bare[0] = 1
    assert Stamp.cut(bare).flaw > 0.1


def test_a_stamp_of_the_size_that_it_was_cut_from_is_the_drawing_again() -> None:
    planes = portrait(np.random.default_rng(3), family="peony").planes
    stamp, canvas = Stamp.cut(planes), Canvas(PORTRAIT)
    canvas.fill(0)
    stamp.on(canvas, Placement(*stamp.middle), stamp.radius)
    again = coverage(canvas.indices(), len(planes))
    assert np.abs(again - planes).mean() < 0.01
    assert (again.argmax(0) == planes.argmax(0)).mean() > 0.98


@pytest.mark.parametrize("grid", GRIDS)
def test_a_stamp_across_a_joint_goes_on_where_the_lattice_says(grid: Grid) -> None:
    stamp, drawn = a_stamp(), []
    for x, y in ((100.0, 90.0), (3.0, 5.0)):
        canvas = Canvas(grid)
        canvas.fill(0)
        stamp.on(canvas, Placement(x, y, 0.7), 40.0, halo=2.0)
        drawn.append(coverage(canvas.indices(), 6))
    np.testing.assert_array_equal(grid.roll(drawn[0], -85, -97), drawn[1])
    assert np.abs(drawn[0] - drawn[1]).max() == 1


@pytest.mark.parametrize("layout", ["tossed", "one-way", "ditsy"])
def test_motifs_have_the_size_that_was_asked_for_where_the_tile_holds_several(layout: str) -> None:
    grid, sizes = Grid(320, 320, 160), np.geomspace(24, 80, 9)
    for radius in sizes:
        asked: Wish = (layout, "medium", float(radius))
        _, planned = strewn_to_size(np.random.default_rng(1), grid, asked, two=False, upright=False, reach=ROUND)
        assert planned.within(radius).radius == pytest.approx(radius, rel=0.15)
        # Nor do they touch.
        places = np.array([(p.x, p.y) for p in planned.heroes])
        assert spacing(grid, places) > 1.99 * planned.radius


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_is_set_out_on_every_repeat(layout: str) -> None:
    heroes, seconds = (a_stamp("rose", 0, 4), a_stamp("rose", 1, 4)), (a_stamp("daisy", 0, 4),)
    for k, grid in enumerate(GRIDS):
        wish = Setting(layout, "medium", 26.0, 4, heroes, seconds if k % 2 else ())
        planes, given = set_out(np.random.default_rng(k), grid, wish)
        assert planes.shape == (6, grid.height, grid.width)
        np.testing.assert_allclose(planes.sum(axis=0), 1, atol=1e-6)
        assert given == layout or given == "tossed"
        # Neither empty nor full, and nothing in inks that were not asked for.
        assert 0.05 < 1 - planes[0].mean() < 0.9
        assert not planes[4:].any()
        again, _ = set_out(np.random.default_rng(k), grid, wish)
        np.testing.assert_array_equal(planes, again)


def test_motifs_of_a_toss_do_not_touch() -> None:
    from skimage.measure import label

    grid, count = Grid(320, 320), 0
    stamp = Stamp.cut(_disc())
    planes, _ = set_out(np.random.default_rng(1), grid, Setting("tossed", "medium", 24.0, 2, (stamp,), filled=False))
    shown = np.tile(planes[1] > 0.5, (2, 2))
    areas = np.bincount(np.asarray(label(shown, connectivity=2)).ravel())[1:]
    whole = areas[np.isclose(areas, np.median(areas), rtol=0.05)]
    count = len(whole)
    # Cut by the window's edge are at most those along it.
    assert count >= 0.5 * len(areas)
    assert areas.max() < 1.1 * np.median(areas)


@pytest.mark.parametrize("grid", GRIDS)
def test_round_motifs_stand_as_far_apart_as_their_places(grid: Grid) -> None:
    points = np.random.default_rng(2).uniform((0, 0), (grid.width, grid.height), (7, 2))
    np.testing.assert_allclose(ROUND.spacing(grid, points), spacing(grid, points))
    assert ROUND.stretched(grid) == grid


def test_narrow_motifs_stand_nearer_side_by_side_than_one_above_the_other() -> None:
    y, x = np.mgrid[-40:41, -40:41]
    slim = Reach.of(np.argwhere((np.abs(x) <= 12) & (np.abs(y) <= 38))[:, ::-1] / 40 - 1)
    assert slim.box == pytest.approx((12 / 40, 38 / 40), abs=0.01)
    beside, above = (slim.spacing(Grid(*sides), np.zeros((1, 2))) for sides in ((40, 400), (400, 40)))
    assert beside > 3 * above
    assert slim.turned(np.pi / 2).box == pytest.approx(slim.box[::-1], abs=0.01)
    for grid in GRIDS:
        wide = slim.stretched(grid)
        assert (wide.drop / wide.height, wide.slide / wide.width) == (grid.drop / grid.height, grid.slide / grid.width)


def test_parts_far_apart_are_no_motif() -> None:
    y, x = np.mgrid[:96, :96] - 47.5
    for far, flawed in ((14, False), (30, True)):
        blots = np.minimum(np.hypot(x - far, y), np.hypot(x + far, y)) < 12
        planes = np.stack([~blots, blots, *[0 * blots] * 4]).astype(np.float32)
        assert (Stamp.cut(planes).flaw > 0.1) is flawed


def _disc() -> np.ndarray:
    y, x = np.mgrid[:96, :96] - 47.5
    inside = (np.hypot(x, y) < 40).astype(np.float32)
    return np.stack([1 - inside, inside, *[np.zeros_like(inside)] * 4])


SMALL = LoomConfig(
    channels=(32, 32, 64), encoder=("c", "c", "a"), decoder=("c", "c", "a"), heads=2, table=32, embedding=32
)
KNOWN = Vocabulary(
    ("family rose", "family daisy", ALONE, "layout tossed"),
    {"rose": FamilyEntry(30.0), "daisy": FamilyEntry(20.0)},
)


class Strict(Setter):
    """Never content, and counts what it is shown."""

    def __init__(self) -> None:
        self.shown: list[np.ndarray] = []

    def flaw(self, planes: np.ndarray) -> float:
        self.shown.append(planes)
        return float(5 - len(self.shown) % 3)


def test_motifs_are_as_many_as_the_variety_says_each_the_cleanest_of_its_tries() -> None:
    torch.manual_seed(0)
    judge = Strict()
    artist = Artist(Loom(SMALL).eval().requires_grad_(False), KNOWN, Sampling(steps=2), judge)
    reading = Reading((Subject("rose"), Subject("daisy")), layout="tossed", variety="few")
    heroes, seconds = artist.motifs(reading, 4, 11)
    assert (len(heroes), len(seconds)) == (3, 2)
    assert heroes[0].shape == (6, KNOWN.portrait.side, KNOWN.portrait.side)
    # All five are tried three times; of the first's tries, whose flaws are 4, 5 and 3, the third is kept.
    assert len(judge.shown) == 15
    np.testing.assert_array_equal(heroes[0], judge.shown[10])
    again, _ = replace(artist, arranger=Strict()).motifs(reading, 4, 11)
    np.testing.assert_array_equal(heroes[0], again[0])
    assert not np.array_equal(heroes[0], heroes[1])


def test_a_second_family_of_another_size_stands_between() -> None:
    one, other = (np.zeros((6, 96, 96)),), (np.ones((6, 96, 96)),)
    plan = planned(read("small daisies and roses, tossed"), (one, other), radius=20.0, inks=4)
    assert plan.heroes is other, "the larger one is the hero"
    assert plan.smaller
    plan = planned(read("small daisies, large roses"), (one, other), radius=20.0, inks=4)
    assert plan.heroes is one, "roses come first where both sizes are said"
    assert plan.smaller
    assert not planned(Reading((Subject("rose"), Subject("daisy"))), (one, other), radius=20.0, inks=4).smaller


def test_only_a_staged_motif_knows_where_the_middle_is() -> None:
    torch.manual_seed(0)
    network = Loom(SMALL).double().eval().requires_grad_(False)
    for parameter in network.parameters():
        parameter.normal_(std=0.2)
    grid, x, t = Grid(96, 96), torch.randn(1, 6, 96, 96, dtype=torch.float64), torch.tensor([0.5], dtype=torch.float64)
    condition = told(KNOWN, ("family rose", ALONE), scale_px=Portrait().radius, inks=4)
    for staged in (False, True):
        geometry = Geometry(grid, staged=staged)
        plain = network(x, t, condition, geometry)
        rolled = network(x.roll((16, 32), (2, 3)), t, condition, geometry).roll((-16, -32), (2, 3))
        assert (float((plain - rolled).abs().max()) < 1e-8) is not staged


def test_frames_are_layouts() -> None:
    from patterns.motif.frames import FRAMES

    assert set(FRAME_LAYOUTS) == set(FRAMES)


def test_a_motif_has_a_look_that_was_drawn_with_what_is_asked_for() -> None:
    looks = (
        Look(4, False, ("part petals", "look rose form 0")),
        Look(4, True, ("part petals", "part leaves", "look rose form 1")),
        Look(2, False, ("part stems", "look rose form 2")),
    )
    terms = tuple(dict.fromkeys(term for look in looks for term in look.terms))
    known = Vocabulary(terms, {"rose": FamilyEntry(30.0, looks=looks)})
    assert Vocabulary.from_json(json.loads(json.dumps(known.to_json()))) == known
    rng = np.random.default_rng(0)

    def found(subject: Subject, *, inks: int = 4, outlined: bool = False) -> set[tuple[str, ...]]:
        return {known.look(subject, inks=inks, outlined=outlined, rng=rng) for _ in range(20)}

    assert found(Subject("rose")) == {looks[0].terms}, "that with as many inks and no contour"
    assert found(Subject("rose", parts=("leaves",))) == {looks[1].terms}
    assert found(Subject("rose", without=("petals",))) == {looks[2].terms}
    assert found(Subject("rose", parts=("thorns",)), inks=2) == {looks[2].terms}, "what no drawing has is not asked for"
    assert found(Subject("rose", without=("petals", "stems"))) == {()}


def test_every_other_motif_looks_the_other_way() -> None:
    class Lopsided(Loom):
        """Draws the main ink left of the middle."""

        def unet(self, x: torch.Tensor, *_: object, **__: object) -> torch.Tensor:
            logits = torch.zeros_like(x)
            logits[:, 1, 30:60, 20:48] = 50.0
            logits[:, 0] = 25.0
            return logits

    torch.manual_seed(0)
    artist = Artist(Lopsided(SMALL).eval().requires_grad_(False), KNOWN, Sampling(steps=2), Setter())
    heroes, _ = artist.motifs(Reading((Subject("rose"),), layout="tossed", variety="few"), 4, 11)
    left = [float(m[1, :, :48].sum() - m[1, :, 48:].sum()) for m in heroes]
    assert left[0] > 0 > left[1]
    np.testing.assert_allclose(heroes[0], heroes[1][:, :, ::-1], atol=1e-6)


@pytest.mark.parametrize("layout", ["trellis", "stripe", "garland"])
def test_the_joint_crosses_a_frame_anywhere(layout: str) -> None:
    stamp, found = a_stamp("tulip"), []
    for seed in range(20):
        grid = (Grid(256, 256), Grid(256, 256, 0, 128))[seed % 2]
        planes, given = set_out(np.random.default_rng(seed), grid, Setting(layout, "medium", 40.0, 4, (stamp,)))
        assert given == layout
        pixels = np.repeat((planes.argmax(axis=0) * 40)[..., None], 3, axis=2).astype(np.uint8)
        found += [joint.percentile for joint in seam.measure(pixels, grid).joints if not joint.period_px]
    assert 35 < np.mean(found) < 65


@pytest.mark.parametrize("layout", [*FRAME_LAYOUTS, "set", "half-drop set", "rows", "hero"])
def test_a_size_that_is_held_is_had_in_sets_and_frames(layout: str) -> None:
    for seed, grid in enumerate(GRIDS):
        for radius in (18.0, 30.0):
            wish = Setting(layout, "medium", radius, 4, (a_stamp("tulip"),), held=True)
            given, found = laid_out(np.random.default_rng(seed), grid, Style(4), wish)
            assert 0.85 * radius < found.radius <= radius or given != layout


@pytest.mark.parametrize("family", ["butterfly", "lemon", "star"])
def test_a_motif_that_is_arranged_is_as_large_as_was_asked(family: str) -> None:
    from patterns.atelier.evaluating.pieces import pieces

    grid, rng = Grid(384, 384), np.random.default_rng(7)
    heroes = tuple(portrait(rng, family=family).planes for _ in range(3))
    plan = Plan("one-way", "sparse", 40.0, 6, heroes, filled=False, upright=True, held=True)
    sizes = [one.radius for one in pieces(Setter().arrange(rng, grid, plan)[0], grid)]
    assert 0.94 * 40 < np.median(sizes) < 1.06 * 40
