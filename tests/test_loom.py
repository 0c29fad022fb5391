"""Laws of the Loom's network, sampling and weights, on a small random network; and what the shipped weights keep."""

import json
import math
from dataclasses import astuple
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.errors import InputError, LatticeError, MissingPart
from patterns.folding import folding
from patterns.lattice import Grid, Lattice
from patterns.loom import weights
from patterns.loom.crumbs import without_crumbs
from patterns.loom.network import STRIDE, Condition, Geometry, Loom, LoomConfig, wave_vectors
from patterns.loom.paving import Cell, family_cells, paving
from patterns.loom.sampling import Sampling, Task, draw, draw_together, posterior
from patterns.loom.vocabulary import LENGTH, FamilyEntry, Vocabulary
from patterns.loom.weave import Request, fitted_grid, quantized, settled, understood
from patterns.reading import SET_LAYOUTS
from patterns.symmetry import Symmetry

SMALL = LoomConfig(
    channels=(16, 24, 40), encoder=("c", "c", "ca"), decoder=("c", "c", "a"), heads=1, table=16, embedding=48
)
VOCABULARY = Vocabulary(
    ("family peony", "family cherry blossom", "family stripe", "layout set", "layout tossed", "density medium"),
    {
        "peony": FamilyEntry(24.0),
        "cherry blossom": FamilyEntry(20.0),
        "stripe": FamilyEntry(12.0, ((8.0, 16, 16), (16.0, 16, 32)), motif=False, straight=True),
    },
)
GRIDS = st.sampled_from(
    [
        Grid(64, 64),
        Grid(64, 64, 32),
        Grid(48, 96, 32),
        Grid(96, 64, 0, 48),
        Grid(32, 64, 16),
        Grid(16, 48),
        Grid(64, 80, 32),
    ]
)


@pytest.fixture(scope="module")
def network() -> Loom:
    """A small network in float64 whose every part matters."""
    torch.manual_seed(0)
    network = Loom(SMALL)
    for parameter in network.parameters():
        if parameter.detach().abs().max() == 0:
            torch.nn.init.normal_(parameter, std=0.1)
    return network.double().eval().requires_grad_(False)


def condition(*numbers: int, inks: int = 4) -> Condition:
    row = list(numbers) + [0] * (LENGTH - len(numbers))
    return Condition(torch.tensor([row]), torch.tensor([4.0], dtype=torch.float64), torch.tensor([inks]))


def evaluate(network: Loom, x: np.ndarray, geometry: Geometry, **how: bool) -> np.ndarray:
    noisy = torch.from_numpy(np.ascontiguousarray(x)).to(network.enter.weight)
    return network(noisy, torch.tensor([0.6], dtype=noisy.dtype), condition(2, 4), geometry, **how).numpy()


@settings(max_examples=10, deadline=None)
@given(grid=GRIDS, rows=st.integers(0, 5), columns=st.integers(0, 5), seed=st.integers(0, 99))
def test_shift_law(network: Loom, grid: Grid, rows: int, columns: int, seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal((1, 6, grid.height, grid.width))
    dy, dx = rows * STRIDE, columns * STRIDE
    rolled = evaluate(network, grid.roll(x, dy, dx), Geometry(grid))
    assert np.abs(rolled - grid.roll(evaluate(network, x, Geometry(grid)), dy, dx)).max() < 1e-10


@settings(max_examples=8, deadline=None)
@given(grid=GRIDS, seed=st.integers(0, 99))
def test_supercell_law(network: Loom, grid: Grid, seed: int) -> None:
    x = np.random.default_rng(seed).standard_normal((1, 6, grid.height, grid.width))
    wide = grid.rectangle(x)
    on_rectangle = evaluate(network, wide, Geometry(Grid(wide.shape[3], wide.shape[2]), grid))
    assert np.abs(on_rectangle - grid.rectangle(evaluate(network, x, Geometry(grid)))).max() < 1e-10


def test_laws_in_the_precision_that_is_stated(network: Loom) -> None:
    single, grid = Loom(SMALL), Grid(64, 64, 32)
    single.load_state_dict(network.state_dict())
    x = np.random.default_rng(1).standard_normal((1, 6, 64, 64)).astype(np.float32)
    single.eval().requires_grad_(False)
    plain = evaluate(single, x, Geometry(grid))
    assert np.abs(evaluate(single, grid.roll(x, 16, 32), Geometry(grid)) - grid.roll(plain, 16, 32)).max() < 1e-4
    supercell = evaluate(single, grid.rectangle(x), Geometry(Grid(128, 64), grid))
    assert np.abs(supercell - grid.rectangle(plain)).max() < 1e-4


def test_without_wrapping_the_shift_law_fails(network: Loom) -> None:
    grid = Grid(64, 64)
    x = np.random.default_rng(0).standard_normal((1, 6, 64, 64))
    rolled = evaluate(network, grid.roll(x, 32, 16), Geometry(grid), wrap=False)
    assert np.abs(rolled - grid.roll(evaluate(network, x, Geometry(grid), wrap=False), 32, 16)).max() > 1e-2


@given(
    grid=st.builds(
        lambda w, h, o, slid: Grid(w, h, 0 if slid else o % h, o % w if slid else 0),
        st.integers(1, 20), st.integers(1, 20), st.integers(0, 19), st.booleans(),
    )
)  # fmt: skip
def test_wave_vectors_are_periodic_on_the_lattice(grid: Grid) -> None:
    for kx, ky in wave_vectors(grid, 32):
        for x, y in ((grid.width, grid.drop), (grid.slide, grid.height)):
            assert math.isclose(kx * x + ky * y, round(kx * x + ky * y), abs_tol=1e-9)


def test_terms_matter_and_silence_is_the_same_for_all(network: Loom) -> None:
    grid, x = Geometry(Grid(32, 32)), torch.randn(1, 6, 32, 32, dtype=torch.float64)
    t = torch.tensor([0.5], dtype=torch.float64)
    said, other = (network(x, t, condition(*row), grid) for row in ((2, 3), (3, 4)))
    assert (said - other).abs().max() > 1e-6
    silent = [network(x, t, condition(*row).unsaid(), grid) for row in ((2, 3), (5,))]
    assert torch.equal(*silent)


def test_a_seed_gives_the_same_tile_after_any_other(network: Loom) -> None:
    single = Loom(SMALL)
    single.load_state_dict(network.state_dict())
    task = Task(condition(2), Grid(64, 64, 32), 11, Sampling(steps=3))
    first = draw(single.eval(), task)
    draw(single, Task(condition(3), Grid(32, 32), 5, Sampling(steps=2)))
    assert torch.equal(first, draw(single, task))
    assert not torch.equal(first, draw(single, Task(condition(2), Grid(64, 64, 32), 12, Sampling(steps=3))))
    assert first[4:].max() == 0, "only the inks that were asked for"


GROUPED = [
    *((name, Grid(48, 48)) for name in ("p2", "pm", "pg", "pmm", "pmg", "pgg", "p4", "p4m", "p4g")),
    *((name, Grid(64, 64, 32)) for name in ("p2", "cm", "cmm")),
    *((name, Grid(48, 48)) for name in ("p3", "p3m1", "p31m", "p6", "p6m")),
]


@pytest.mark.parametrize(("name", "grid"), GROUPED)
def test_group_law_exactly_and_not_washed_out(network: Loom, name: str, grid: Grid) -> None:
    single = Loom(SMALL)
    single.load_state_dict(network.state_dict())
    plain = draw(single.eval(), Task(condition(2), grid, 4, Sampling(steps=4))).numpy()
    drawn = draw(single, Task(condition(2), grid, 4, Sampling(steps=4), name)).numpy()
    assert Symmetry(name).is_invariant(drawn, grid, tolerance=0)
    assert not Symmetry(name).is_invariant(plain, grid, tolerance=1e-3)


@pytest.mark.parametrize(("name", "grid"), GROUPED)
def test_symmetric_noise_has_unit_variance_at_every_pixel(name: str, grid: Grid) -> None:
    fold = folding(name, grid)
    assert fold is not None
    noise = fold.noise((600, grid.height, grid.width), torch.Generator().manual_seed(0))
    spread = noise.square().mean(dim=0).sqrt()
    assert (spread - 1).abs().max() < 0.16
    assert abs(float(spread.mean()) - 1) < 0.01
    assert Symmetry(name).is_invariant(noise[:3].numpy(), grid, tolerance=1e-5)


def test_diffusers_draws_the_same_planes(network: Loom, tmp_path: Path) -> None:
    from patterns.loom.pipeline import LoomPipeline

    weights.save(tmp_path / "w", network.float(), VOCABULARY, {"steps": 1})
    ours = weights.load(tmp_path / "w", dtype=torch.float32)
    network.double()
    pipeline = LoomPipeline.from_pretrained(tmp_path / "w").to(torch.float32)
    terms = torch.from_numpy(VOCABULARY.encode(["family peony"]))[None]
    task = Task(Condition(terms, torch.tensor([math.nan]), torch.tensor([3])), Grid(48, 96, 32), 3, Sampling(steps=6))
    theirs = pipeline("large peonies", task.grid, inks=3, seed=3, steps=6)
    assert (draw(ours.network, task) - theirs).abs().max() < 1e-3


def test_weights_go_to_shards_and_come_back(network: Loom, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "SHARD_BYTES", 60_000)
    digest = weights.save(tmp_path / "w", network, VOCABULARY, {"minutes": 1.0})
    shards = list((tmp_path / "w" / "loom").glob("*.safetensors"))
    assert len(shards) > 2
    loaded = weights.load(tmp_path / "w", dtype=torch.float32)
    assert (loaded.digest, loaded.vocabulary, loaded.network.shape) == (digest, VOCABULARY, SMALL)
    for name, value in network.state_dict().items():
        assert torch.equal(loaded.network.state_dict()[name], value.bfloat16().float()), name


@pytest.mark.parametrize(
    "harm", ["missing folder", "missing shard", "altered shard", "truncated list", "altered config"]
)
def test_harmed_weights_are_refused_in_one_sentence(network: Loom, tmp_path: Path, harm: str) -> None:
    folder = tmp_path / "w"
    if harm != "missing folder":
        weights.save(folder, network, VOCABULARY, {})
        shard = next((folder / "loom").glob("*.safetensors"))
        if harm == "missing shard":
            shard.unlink()
        elif harm == "altered shard":
            shard.write_bytes(shard.read_bytes()[:-1] + b"x")
        elif harm == "truncated list":
            (folder / "digests.json").write_text('{"loom/config.json": "ab')
        else:
            (folder / "loom" / "config.json").write_text("{}")
    with pytest.raises(MissingPart, match=r"\.$") as caught:
        weights.load(folder)
    assert "\n" not in str(caught.value)


def test_vocabulary_survives_json_and_leaves_out_what_was_not_taught() -> None:
    assert Vocabulary.from_json(json.loads(json.dumps(VOCABULARY.to_json()))) == VOCABULARY
    assert list(VOCABULARY.encode(["layout set", "hand brush", "family peony"])[:3]) == [4, 1, 0]


def test_what_nobody_can_draw_is_refused_and_a_regular_family_gives_way_to_a_motif() -> None:
    with pytest.raises(InputError, match="draws peony, cherry blossom, stripe"):
        understood("zzzz", VOCABULARY)
    reading, _ = understood("stripes and peonies", VOCABULARY)
    assert reading.subjects[0].family == "peony"


def test_what_was_not_said_is_settled_by_chance_and_what_was_said_stays() -> None:
    reading, _ = understood("sparse peonies, set in a grid, not outlined", VOCABULARY)
    asked = settled(reading, VOCABULARY, np.random.default_rng(0))
    assert (asked.layout, asked.density, asked.outlined) == (reading.layout, "sparse", False)
    bare, _ = understood("peonies", VOCABULARY)
    layouts = {settled(bare, VOCABULARY, np.random.default_rng(seed)).layout for seed in range(20)}
    assert layouts == {"set", "tossed"}, "only layouts that were taught"
    assert set(SET_LAYOUTS) >= {"set"}


@pytest.mark.parametrize(
    ("grid", "shown", "drawn", "kept"),
    [
        (Grid(32, 32), (2, 4), 2, 4),
        (Grid(32, 32), (2, 3, 2, 4), 3, 3),
        (Grid(32, 32), (1, 1, 1, 1, 2), 5, 2),
        (Grid(144, 128), (2, 4), 1, 2),
    ],
)
def test_a_cell_that_lacks_inks_is_drawn_again_and_the_fullest_kept(
    network: Loom, grid: Grid, shown: tuple[int, ...], drawn: int, kept: int
) -> None:
    calls: list[int] = []

    def predict(x: torch.Tensor, _: int) -> torch.Tensor:
        bands = torch.arange(grid.width) % shown[len(calls)]
        calls.append(1)
        only = torch.nn.functional.one_hot(bands, network.shape.planes).T[None, :, None]
        return 100.0 * only.expand(1, -1, grid.height, -1) - 50

    task = Task(condition(2, inks=4), grid, 5, Sampling(steps=1))
    planes = draw(network, task, predict=predict)
    assert len(calls) == drawn
    assert len(planes.argmax(dim=0).unique()) == kept


def test_tiles_that_are_drawn_together_are_those_that_are_drawn_alone() -> None:
    torch.manual_seed(0)
    network = Loom(SMALL).eval().requires_grad_(False)
    for parameter in network.parameters():
        parameter.normal_(std=0.1)
    grid, sampling = Grid(64, 64, 32), Sampling(steps=3)
    groups = ("p1", "p2", "p1")
    tasks = [Task(condition(2 + k), grid, 7 + k, sampling, group) for k, group in enumerate(groups)]
    together = draw_together(network, tasks, starts=[None] * 3, steps=[None] * 3)
    for task, planes in zip(tasks, together, strict=True):
        torch.testing.assert_close(planes, draw(network, task), atol=2e-5, rtol=0)


STRIPE = FamilyEntry(16.0, ((16.0, 16, 32), (16.0, 32, 16), (16.0, 32, 32), (24.0, 48, 16)))
REPEATS = st.sampled_from(("straight", "half-drop", "third-drop", "brick", "hexagonal"))


@given(repeat=REPEATS, width=st.floats(120, 900), scale_mm=st.floats(8, 40), dropped=st.booleans())
def test_whole_cells_that_were_seen_fill_the_tile_on_its_lattice(
    repeat: str, width: float, scale_mm: float, dropped: bool
) -> None:
    lattice = Lattice.named(repeat, width)
    cells = (
        (Cell(24.0, 48, 64, 32), Cell(16.0, 32, 64, 32), Cell(20.0, 64, 32, 0, 32)) if dropped else family_cells(STRIPE)
    )
    found = paving(cells, lattice, scale_mm=scale_mm, px_per_mm=0.8)
    if found is None:
        assert dropped, "a straight cell fits every repeat"
        return
    assert Cell(found.scale_px, *astuple(found.cell)) in cells
    assert found.grid == lattice.grid(found.grid.width, found.grid.height)
    plane = np.random.default_rng(0).standard_normal((1, found.cell.height, found.cell.width)).astype(np.float32)
    height, width_px = found.grid.height, found.grid.width
    tile = found.cell.window(plane, top=0, left=0, height=height, width=width_px)
    wider = found.cell.window(plane, top=0, left=0, height=height + 40, width=width_px + 40)
    assert np.array_equal(found.grid.window(tile, top=0, left=0, height=height + 40, width=width_px + 40), wider)


def test_a_direction_that_is_said_chooses_the_cell() -> None:
    def cell(direction: str) -> Grid:
        lattice = Lattice.named("straight", 320)
        found = paving(family_cells(STRIPE, direction), lattice, scale_mm=20, px_per_mm=0.8)
        assert found is not None
        return found.cell

    assert [cell(d) for d in ("vertical", "horizontal", "diagonal")] == [Grid(32, 16), Grid(16, 32), Grid(32, 32)]


def test_a_tile_smaller_than_any_cell_is_not_paved() -> None:
    assert paving(family_cells(STRIPE), Lattice(10, 10), scale_mm=20, px_per_mm=0.8) is None


def test_small_tiles_are_settled_at_quieter_times() -> None:
    large, small = (Sampling(8).times(grid) for grid in (Grid(256, 256), Grid(32, 16)))
    assert large[0] == small[0] == 1
    assert large[-1] == small[-1] == 0
    assert all(one > other for one, other in zip(large[1:-3], small[1:-3], strict=True))


@pytest.mark.parametrize("steps", [7, 12, 48])
@pytest.mark.parametrize("begin", [1.0, 0.7, 0.2])
def test_the_last_steps_settle_edges_and_there_are_no_more_of_them(steps: int, begin: float) -> None:
    times = Sampling(steps, begin=begin).times(Grid(96, 96))
    assert times[0] == pytest.approx(begin)
    assert len(times) <= steps + 1
    assert all(one > other for one, other in pairwise(times))
    assert times[-3] <= 0.25
    assert times[-2] <= 0.1


def test_quantized_planes_sum_to_255() -> None:
    planes = np.random.default_rng(0).dirichlet((0.3,) * 6, (40, 30)).transpose(2, 0, 1).astype(np.float32)
    whole = np.rint(quantized(planes) * 255).astype(int)
    assert (whole.sum(axis=0) == 255).all()
    assert np.abs(whole / 255 - planes).max() < 1 / 255 + 1e-6


def test_sizes_are_refused_or_drawn_coarser() -> None:
    with pytest.raises(LatticeError, match="at least 80 mm"):
        fitted_grid(Request("peonies", Lattice(30, 30)))
    grid, findings = fitted_grid(Request("peonies", Lattice.named("half-drop", 2000)))
    assert grid.width * grid.height <= 1.1 * 512 * 512
    assert "px per mm" in findings[0].measured
    assert fitted_grid(Request("peonies", Lattice.named("half-drop", 320)))[0] == Grid(256, 256, 128)


def test_too_many_inks_are_refused() -> None:
    from patterns.loom.weave import weave

    with pytest.raises(InputError, match="2 to 6 inks"):
        weave(Request("peonies", Lattice(320, 320), inks=7))


@given(grid=GRIDS, seed=st.integers(0, 9))
def test_the_halo_is_the_padding(grid: Grid, seed: int) -> None:
    from patterns.loom.network import wrapped

    x = np.random.default_rng(seed).standard_normal((2, 3, grid.height, grid.width)).astype(np.float32)
    assert np.array_equal(wrapped(torch.from_numpy(x), grid).numpy(), grid.pad(x, 1))


@pytest.mark.parametrize("grid", [Grid(32, 24), Grid(32, 24, 12), Grid(32, 24, 0, 8)])
def test_crumbs_go_to_the_ink_around_them_also_across_a_joint(grid: Grid) -> None:
    inks = np.zeros((24, 32), int)
    inks[10, 10:12] = inks[23, 5] = 2
    inks[4:7, 20:23] = 1  # nine pixels: meant
    split = np.zeros((24, 32), int)
    split[5:8, :2] = split[5:8, -2:] = 1  # twelve pixels on the straight repeat only
    for dy, dx in ((0, 0), (3, 5), (20, 30)):
        rolled = grid.roll(np.maximum(inks, split), dy, dx)
        planes = np.where(rolled[None] == np.arange(3)[:, None, None], 0.9, 0.05).astype(np.float32)
        clean = without_crumbs(planes, grid).argmax(axis=0)
        assert 2 not in clean
        assert np.array_equal(grid.roll(clean, -dy, -dx) == 1, np.maximum(inks, split) == 1)


def test_crumbs_joined_by_the_lattice_are_no_crumbs() -> None:
    grid = Grid(32, 24, 12)
    inks = np.zeros((24, 32), int)
    inks[2:4, 31] = inks[14:16, 0] = inks[12:14, 0] = 1  # the right edge meets the left one 12 px lower
    planes = np.where(inks[None] == np.arange(2)[:, None, None], 0.9, 0.1).astype(np.float32)
    assert (without_crumbs(planes, grid, least_px=6).argmax(axis=0) == inks).all()
    assert without_crumbs(planes, Grid(32, 24), least_px=6).argmax(axis=0).max() == 0


def test_drawing_leaves_training_possible() -> None:
    trained, grid = Loom(SMALL), Grid(48, 80, 16)
    single = Condition(condition(2).terms, torch.tensor([4.0]), torch.tensor([4]))
    draw(trained.eval(), Task(single, grid, 1, Sampling(steps=1)))
    trained(torch.randn(1, 6, 80, 48), torch.tensor([0.5]), single, Geometry(grid)).square().mean().backward()
    assert trained.leave.bias is not None
    assert trained.leave.bias.grad is not None


def test_a_kept_step_has_the_variance_that_its_time_asks_for() -> None:
    chance = torch.Generator().manual_seed(0)
    clean = torch.ones(200_000)
    state = (1 - 0.95) * clean + 0.95 * torch.randn(clean.shape, generator=chance)
    later = posterior(state, clean, (0.95, 0.9), torch.randn(clean.shape, generator=chance))
    assert float(later.mean()) == pytest.approx(0.1, abs=0.01)
    assert float(later.std()) == pytest.approx(0.9, abs=0.01)
    assert float(torch.corrcoef(torch.stack([state, later]))[0, 1]) > 0.4, "it keeps what the state held"
