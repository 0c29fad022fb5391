"""What is known of regular families beyond their lattice: the corpus is so, and predictions are brought to it."""

import numpy as np
import pytest
import torch

from patterns.lattice import Grid
from patterns.loom.regular import GROUPS, SHIFTED, family_rule, motif_rule, shifted
from patterns.motif import draw
from patterns.motif.corpus import Drawing
from patterns.symmetry import Symmetry

# Pixels on an edge may differ by what their sixteen samples fall on.
EDGES = 0.03
LATE, EARLY = 0.1, 0.95


def drawings(family: str, count: int = 6) -> list[Drawing]:
    return [draw(np.random.default_rng([5, seed]), Grid(128, 128), family=family) for seed in range(count)]


def off(planes: np.ndarray, other: np.ndarray) -> float:
    return float(np.abs(planes - other).sum(axis=0).mean() / 2)


@pytest.mark.parametrize("family", GROUPS)
def test_a_regular_family_has_its_plane_group_about_the_corner_of_its_cell(family: str) -> None:
    for drawing in drawings(family):
        if drawing.attributes.direction != "vertical":
            assert off(Symmetry(GROUPS[family]).symmetrize(drawing.planes, drawing.grid), drawing.planes) < EDGES


@pytest.mark.parametrize("family", SHIFTED)
def test_a_regular_family_stands_again_where_it_is_said_to(family: str) -> None:
    plain = [d for d in drawings(family, 8) if not {"alternating", "filled"} & set(d.attributes.parts)]
    assert plain
    for drawing in plain:
        first = drawing.planes.reshape(6, -1)[:, shifted(family, drawing.grid).ravel()]
        assert off(first.reshape(drawing.planes.shape), drawing.planes) < EDGES


@pytest.mark.parametrize(
    ("family", "grid", "direction", "straight"),
    [
        ("stripe", Grid(32, 16), "", True),
        ("chevron", Grid(48, 64), "", False),
        ("chevron", Grid(48, 48), "vertical", False),
        ("herringbone", Grid(64, 32), "", False),
        ("herringbone", Grid(32, 64), "", False),
        ("tartan", Grid(64, 64), "", False),
        ("plaid", Grid(64, 64), "", False),
        ("asanoha", Grid(48, 80), "", False),
        ("zellige", Grid(48, 48), "", False),
        ("fan", Grid(64, 32), "", False),
    ],
)
def test_what_a_rule_has_made_it_leaves_alone(family: str, grid: Grid, direction: str, straight: bool) -> None:
    rule = family_rule(family, grid, direction, straight=straight)
    assert rule is not None
    noise = torch.rand(1, 6, grid.height, grid.width, generator=torch.Generator().manual_seed(1))
    planes = noise / noise.sum(dim=1, keepdim=True)
    made = rule(planes, LATE)
    assert float((made - planes).abs().max()) > 0.01
    torch.testing.assert_close(made.sum(dim=1), torch.ones_like(made.sum(dim=1)))
    torch.testing.assert_close(rule(made, LATE), made, atol=1e-5, rtol=0)


@pytest.mark.parametrize("family", ["zellige", "quatrefoil", "scallop", "asanoha", "herringbone", "tartan"])
def test_a_drawing_of_the_corpus_stays_as_it_is_wherever_its_mirrors_stand(family: str) -> None:
    for drawing in drawings(family):
        if {"alternating"} & set(drawing.attributes.parts) and family == "scallop":
            continue
        rule = family_rule(family, drawing.grid)
        assert rule is not None
        # The network's choice where the pattern lies; bars and ribs lie where they were put.
        move = (0, 0) if family in ("herringbone", "tartan") else (5, 11)
        planes = torch.from_numpy(np.roll(drawing.planes, move, (1, 2)))[None]
        assert off(rule(planes, LATE)[0].numpy(), planes[0].numpy()) < EDGES


def test_shapes_are_left_to_the_network_until_they_are_decided() -> None:
    rule = family_rule("zellige", Grid(48, 48))
    assert rule is not None
    planes = torch.rand(1, 6, 48, 48, generator=torch.Generator().manual_seed(2))
    assert rule(planes, EARLY) is planes


@pytest.mark.parametrize("turned", [False, True])
def test_a_column_of_herringbone_is_no_barer_than_the_other_until_edges_are_sharpened(turned: bool) -> None:
    rule = family_rule("herringbone", Grid(32, 64) if turned else Grid(64, 32))
    assert rule is not None
    y, x = torch.meshgrid(torch.arange(32), torch.arange(64), indexing="ij")
    bars = ((y + x) // 8 % 2 == 0) & (x < 32)
    planes = torch.stack([~bars, bars]).float()[None]
    planes = planes.transpose(-2, -1) if turned else planes
    made, left = (rule(planes, time)[0, 1] for time in (0.5, LATE))
    sides = [half.mean() for half in made.chunk(2, dim=0 if turned else 1)]
    torch.testing.assert_close(*sides, atol=0.03, rtol=0)
    assert min(sides) > 0.2
    assert left.chunk(2, dim=0 if turned else 1)[1].mean() < 0.02


def test_two_colors_by_turns_are_not_made_one() -> None:
    grid = Grid(64, 64)
    alternating = next(d for d in drawings("scallop", 40) if "alternating" in d.attributes.parts)
    rule = family_rule("scallop", alternating.grid, alternating=True)
    plain = family_rule("scallop", alternating.grid)
    assert rule is not None
    assert plain is not None
    planes = torch.from_numpy(alternating.planes)[None]
    assert off(rule(planes, LATE)[0].numpy(), alternating.planes) < EDGES
    assert off(plain(planes, LATE)[0].numpy(), alternating.planes) > 0.1
    assert family_rule("houndstooth", grid) is None


def test_a_rosette_has_its_turns_and_leaves_or_stems_have_none() -> None:
    y, x = np.mgrid[:96, :96] - 47.5
    blot = (np.hypot(x - 20, y - 5) < 12).astype(np.float32)
    planes = torch.from_numpy(np.stack([1 - blot, blot, *[0 * blot] * 4]))[None]
    made = motif_rule("dahlia", ("family dahlia", "look dahlia petals 12"))(planes, 0.5)
    quarter = torch.rot90(made, 1, (-2, -1))
    assert float((made - quarter).abs().max()) < 1e-3
    torch.testing.assert_close(made.sum(dim=1), torch.ones(1, 96, 96), atol=1e-5, rtol=0)
    assert motif_rule("dahlia", ("part leaves", "look dahlia petals 12"))(planes, 0.5) is planes
    assert motif_rule("dahlia")(planes, 0.5) is planes, "nobody said how many petals"
    assert not torch.equal(motif_rule("cherry blossom")(planes, 0.5), planes), "of these there are always five"
    assert motif_rule("dahlia", ("look dahlia petals 12",))(planes, 0.05) is planes, "the last steps are the network's"


def test_what_is_all_but_its_mirror_image_becomes_it_and_nothing_else() -> None:
    y, x = np.mgrid[:96, :96] - 47.5
    for shift, mirrored in ((2, True), (25, False)):
        blot = (np.hypot(x - shift, y) < 20).astype(np.float32)
        planes = torch.from_numpy(np.stack([1 - blot, blot, *[0 * blot] * 4]))[None]
        made = motif_rule("tulip")(planes, LATE)
        assert torch.equal(made, made.flip(-1)) is mirrored
        assert torch.equal(made, planes) is not mirrored


def test_a_plaid_is_a_grid_of_kinds_of_thread_unless_it_is_ribbed() -> None:
    shown = [d for d in drawings("plaid", 12) if d.attributes.nominal_inks > 2]
    assert len(shown) > 5
    noise, wrong = torch.Generator().manual_seed(3), []
    for drawing in shown:
        rule = family_rule("plaid", drawing.grid, inks=drawing.attributes.nominal_inks)
        assert rule is not None
        planes = torch.from_numpy(np.roll(drawing.planes, (5, 5), (1, 2)))[None]
        assert off(rule(planes, LATE)[0].numpy(), planes[0].numpy()) < EDGES
        rough = (6 * planes + 1.5 * torch.randn(planes.shape, generator=noise)).softmax(dim=1)
        wrong.append(
            [float((p.argmax(dim=1) != planes.argmax(dim=1)).float().mean()) for p in (rough, rule(rough, LATE))]
        )
        assert rule(planes, EARLY) is planes
    before, after = np.mean(wrong, axis=0)
    assert after < 0.7 * before
    assert family_rule("plaid", Grid(64, 64), inks=2) is None
