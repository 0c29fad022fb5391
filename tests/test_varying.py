"""Designs made of designs: what may change and what may not. The weights know nothing; the laws hold all the same."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from patterns.atelier import masking, varying
from patterns.atelier.bench import Bench
from patterns.atelier.making import Made, design, recolor
from patterns.atelier.replaying import replay
from patterns.atelier.varying import Wish, blend, edit, strength_from, vary
from patterns.cli import main
from patterns.design import Brief, Design
from patterns.errors import InputError
from patterns.lattice import Grid, Lattice
from patterns.library import Library
from patterns.loom import sampling, weights
from patterns.loom.guided import held, let_go, onto, time_of
from patterns.loom.network import Condition
from patterns.loom.sampling import Sampling, Task, draw, stochastic
from patterns.separation import Separation
from patterns.symmetry import Symmetry


@pytest.fixture
def bench(tmp_path: Path, small_weights: Path) -> Bench:
    return Bench(Library(tmp_path / "library"), small_weights)


def designed(bench: Bench, prompt: str = "peonies", **said: Any) -> Made:
    return design(Brief(prompt, **{"width_mm": 80.0, "steps": 6, "layout": "tossed", **said}), bench)


def differing(one: Made, other: Made) -> np.ndarray:
    return (one.separation.planes != other.separation.planes).any(axis=0)


def middle(made: Made, *, x: float = 0.0, y: float = 0.0) -> np.ndarray:
    return masking.marked((masking.Spot(x, y, 40, 30),), made.separation)


@pytest.mark.parametrize(("repeat", "symmetry"), [("half-drop", "p1"), ("brick", "p1"), ("straight", "pmm")])
@pytest.mark.parametrize("join", ["0", None])
def test_mask_law(bench: Bench, repeat: str, symmetry: str, join: str | None) -> None:
    base = designed(bench, repeat=repeat, symmetry=symmetry)
    mask = middle(base)
    assert mask[0, 0]
    assert mask[:, -1].any(), "it crosses the tile's edge"
    made = edit(base.design.id, mask, Wish(1.0, seed=2), bench, join=join)
    whole = masking.symmetric(mask, base.separation.grid, symmetry)
    assert not differing(base, made)[~whole].any()
    assert differing(base, made)[whole].mean() > 0.5
    assert differing(base, vary(base.design.id, Wish(1.0, seed=2), bench))[~whole].mean() > 0.5, "it could fail"


def test_what_a_hand_made_finer_is_kept_to_the_bit_too(bench: Bench) -> None:
    base = designed(bench, hand="linocut")
    assert base.separation.grid.width > 200
    mask = middle(base)
    made = edit(base.design.id, mask, Wish(1.0, seed=2), bench)
    assert not differing(base, made)[~mask].any()
    assert differing(base, made)[mask].any()


@pytest.mark.parametrize("name", ["pmm", "p4g"])
def test_group_law(bench: Bench, name: str) -> None:
    base = designed(bench, symmetry=name)
    mask = masking.marked((masking.Spot(15, 10, 12, 12),), base.separation)
    children = [
        vary(base.design.id, Wish(0.5, seed=1), bench),
        edit(base.design.id, mask, Wish(1.0, seed=1), bench),
        blend(base.design.id, designed(bench, seed=5).design.id, Wish(0.5), bench),
    ]
    for made in children:
        assert Symmetry(name).is_invariant(made.separation.planes, made.separation.grid, tolerance=0)
    assert any("symmetry" in finding.message for finding in children[1].findings), "the mask grew, and it was said"
    one_sided = np.where(mask, children[1].separation.planes, base.separation.planes)
    assert not Symmetry(name).is_invariant(one_sided, base.separation.grid, tolerance=0), "it could fail"


@pytest.mark.parametrize("grid", [Grid(64, 64, 32), Grid(64, 48), Grid(64, 64, 0, 32)])
def test_lattice_law(small_weights: Path, grid: Grid, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rolled design, mask and noise give the rolled result."""
    network = weights.load(small_weights, dtype=torch.float32).network
    chance = np.random.default_rng(1)
    start = chance.uniform(-1, 1, (network.shape.planes, grid.height, grid.width)).astype(np.float32)
    mask = np.zeros((grid.height, grid.width), bool)
    mask[4:30, 8:40] = True
    condition = Condition(torch.tensor([[1] + [0] * 11]), torch.tensor([4.0]), torch.tensor([4]))
    task = Task(condition, grid, 3, Sampling(steps=4, begin=0.9))
    plain = sampling.noise

    def drawn(dy: int, dx: int, *, noise_too: bool = True) -> np.ndarray:
        def noise(*given: Any) -> torch.Tensor:
            return torch.from_numpy(grid.roll(plain(*given).numpy(), dy, dx) if noise_too else plain(*given).numpy())

        monkeypatch.setattr(sampling, "noise", noise)
        planes = torch.from_numpy(np.ascontiguousarray(grid.roll(start, dy, dx)))
        free = torch.from_numpy(let_go(np.ascontiguousarray(grid.roll(mask, dy, dx)), grid, 6.0))
        return draw(network, task, start=planes, step=held(stochastic(task), task, planes, free)).numpy()

    rolled = grid.roll(drawn(0, 0), 16, 48)
    assert np.abs(drawn(16, 48) - rolled).max() < 1e-4
    assert np.abs(drawn(16, 48, noise_too=False) - rolled).max() > 1e-2, "it could fail"


def test_the_stronger_the_farther(bench: Bench) -> None:
    """With the shipped weights: those that know nothing draw noise, and one noise is as far as another."""
    able = replace(bench, weights=None)
    base = designed(able, "daisies", width_mm=100.0)
    away = [
        float((vary(base.design.id, Wish(strength_from(word), seed=1), able).separation.indices()
               != base.separation.indices()).mean())
        for word in ("whisper", "sibling", "cousin")
    ]  # fmt: skip
    assert away == sorted(away)
    assert 0 < away[0] < 0.7 * away[-1]


def test_times_rise_with_strength_and_a_late_beginning_takes_fewer_steps() -> None:
    times = [time_of(s) for s in np.linspace(0.01, 1, 30)]
    assert times == sorted(times)
    assert times[-1] == 1
    grid = Grid(128, 128)
    late = Sampling(begin=0.7).times(grid)
    assert late[0] == pytest.approx(0.7)
    assert late[-1] == 0
    assert len(late) < len(Sampling().times(grid))
    assert Sampling().times(grid)[0] == 1


def test_what_was_drawn_on_a_cell_is_varied_on_it(bench: Bench) -> None:
    base = designed(bench, "stripes", layout="")
    made = vary(base.design.id, Wish(0.5, seed=1), bench)
    assert differing(base, made).any()
    planes = made.separation.planes
    assert np.array_equal(planes, np.roll(planes, 16, axis=2)), "stripes have a cell of 16 px"


@pytest.mark.parametrize("change", ["vary", "edit", "blend"])
def test_a_child_is_replayed_to_the_same_bytes(bench: Bench, tmp_path: Path, change: str) -> None:
    base, wish = designed(bench, repeat="half-drop"), Wish(0.6, seed=4)
    if change == "vary":
        made = vary(base.design.id, wish, bench)
    elif change == "edit":
        made = edit(base.design.id, middle(base), wish, bench)
    else:
        made = blend(base.design.id, designed(bench, repeat="half-drop", seed=9).design.id, wish, bench)
    record = made.design
    assert (record.parent, record.brief.change, record.seed) == (base.design.id, change, 4)
    assert record.palette == base.design.palette
    assert Design.loads(record.dumps()) == record
    tile = (made.folder / "tile.png").read_bytes()
    again = replay(made.folder / "tile.png", bench)
    assert (again.source, again.differing, again.tile.read_bytes()) == ("file", 0.0, tile)
    assert replay(made.folder / "design.json", bench).differing == 0.0
    alone = replay(made.folder / "tile.png", replace(bench, library=Library(tmp_path / "elsewhere")))
    assert alone.tile.read_bytes() == tile
    assert alone.differing is None
    assert any(base.design.id in finding.message for finding in alone.findings), "what is missing is said"


def test_a_colorway_of_an_edited_design_keeps_its_mask(bench: Bench) -> None:
    base = designed(bench)
    made = edit(base.design.id, middle(base), Wish(1.0, seed=1), bench)
    colored = recolor(made.design.id, ",".join(["#fff", "#123", "#a45", "#7b8"][: len(made.design.palette)]), bench)
    assert bench.library.picture(colored.design.id, "mask") == bench.library.picture(made.design.id, "mask")
    assert replay(colored.folder / "tile.png", bench).differing == 0.0
    (colored.folder / "mask.png").write_bytes(b"\x89PNG another")
    with pytest.raises(InputError, match="another than it was made with"):
        bench.library.picture(colored.design.id, "mask")


def test_another_prompt_leaves_the_rest_as_it_was(bench: Bench) -> None:
    base = designed(bench)
    made = vary(base.design.id, Wish(0.5, prompt="scarlet stripes"), bench)
    assert made.design.brief.prompt == "scarlet stripes"
    assert made.design.brief.layout == "tossed"
    assert any("palette" in finding.message for finding in made.findings)
    assert made.design.id != base.design.id


def test_a_finer_repeat_blends_into_a_coarser_one_and_not_the_other_way(bench: Bench) -> None:
    coarse, fine = designed(bench, width_mm=160.0), designed(bench, seed=3)
    assert blend(coarse.design.id, fine.design.id, Wish(0.5), bench).design.lattice == coarse.design.lattice
    with pytest.raises(InputError, match="other way round"):
        blend(fine.design.id, coarse.design.id, Wish(0.5), bench)
    with pytest.raises(InputError, match="--repeat 'straight' --size 80x80mm"):
        blend(fine.design.id, designed(bench, repeat="half-drop").design.id, Wish(0.5), bench)


def test_a_design_is_the_same_plane_on_any_grid_of_its_lattice() -> None:
    lattice, small = Lattice.named("half-drop", 60), Lattice.named("straight", 30)
    planes = np.zeros((2, 32, 32), np.float32)
    planes[0, :, :16], planes[1, :, 16:] = 1, 1
    given = Separation(planes, small, ("ground", "main"))
    assert onto(given, small, given.grid) is planes
    laid = onto(given, lattice, lattice.grid(64, 64))
    assert np.array_equal(laid, np.tile(planes, (1, 2, 2)))
    assert onto(given, small, small.grid(16, 16))[0, 0, 7] == 1


def picture(file: Path, array: np.ndarray) -> Path:
    Image.fromarray(array).save(file)
    return file


def test_a_mask_of_any_size_of_the_same_shape(bench: Bench, tmp_path: Path) -> None:
    separation = designed(bench, repeat="half-drop").separation
    grid = separation.grid
    wanted = np.zeros((grid.height, grid.width), bool)
    wanted[: grid.height // 2, : grid.width // 4] = True
    for times in (1, 3):
        file = picture(tmp_path / "m.png", np.kron(wanted, np.ones((times, times))).astype(np.uint8) * 255)
        assert np.array_equal(masking.painted(file, separation), wanted)
    rectangle = grid.rectangle(wanted)
    right_copy = rectangle.copy()
    right_copy[:, : grid.width] = False
    file = picture(tmp_path / "r.png", right_copy.astype(np.uint8) * 255)
    assert np.array_equal(masking.painted(file, separation), wanted), "any copy marks the tile"
    assert np.array_equal(masking.unpacked(masking.written(wanted)[1]), wanted)


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (-20.0, 95.0), (79.0, 40.0)])
def test_a_place_is_marked_across_the_edge(bench: Bench, x: float, y: float) -> None:
    separation = designed(bench, repeat="half-drop").separation
    grid = separation.grid
    mm = separation.lattice.width / grid.width
    inside = masking.marked((masking.Spot(32.5 * mm, 32.5 * mm, 20, 20),), separation)
    there = masking.marked((masking.Spot(32.5 * mm + x, 32.5 * mm + y, 20, 20),), separation)
    dy, dx = round(y / mm), round(x / mm)
    if abs(dy * mm - y) + abs(dx * mm - x) < 1e-9:
        assert np.array_equal(there, grid.roll(inside, dy, dx))
    assert abs(int(there.sum()) - int(inside.sum())) < 12


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.zeros((64, 64), np.uint8), "nothing to redraw"),
        (np.full((64, 64), 255, np.uint8), "whole tile"),
        (np.full((64, 96), 255, np.uint8), "not the shape"),
        (np.full((64, 64, 3), (255, 0, 0), np.uint8), "colors"),
        (np.full((64, 64), 7000, np.uint16), "8 bits"),
    ],
)
def test_a_wrong_mask_is_one_sentence(bench: Bench, tmp_path: Path, array: np.ndarray, says: str) -> None:
    base = designed(bench)
    with pytest.raises(InputError, match=says):
        edit(base.design.id, masking.painted(picture(tmp_path / "m.png", array), base.separation), Wish(1.0), bench)
    assert bench.library.ids() == [base.design.id]


@pytest.mark.parametrize(
    ("places", "size", "says"),
    [
        (["10mm"], {"radius": "4mm"}, "no place"),
        (["10mm,2"], {"radius": "4mm"}, "unit"),
        (["1mm,2mm"], {"radius": "4mm", "box": "2mm"}, "not both"),
        (["1mm,2mm"], {}, "--radius"),
    ],
)
def test_a_wrong_place_is_one_sentence(places: list[str], size: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        masking.spots(places, **{"radius": None, "box": None, **size})


def test_places_may_be_negative_and_sizes_oval() -> None:
    assert masking.spots(["-1cm,0"], radius="40x25mm", box=None) == (masking.Spot(-10, 0, 80, 50),)
    assert masking.spots(["0mm,5mm"], radius=None, box="30x20mm") == (masking.Spot(0, 5, 30, 20, round=False),)


def test_what_cannot_be_varied_is_said(bench: Bench) -> None:
    base = designed(bench)
    with pytest.raises(InputError, match="whisper, sibling, cousin"):
        strength_from("shout")
    with pytest.raises(InputError, match="itself"):
        blend(base.design.id, base.design.id, Wish(0.5), bench)
    record = replace(base.design, brief=replace(base.design.brief, model="separate", prompt="x.png, separated"))
    bench.library.put(record, base.separation)
    with pytest.raises(InputError, match="--prompt"):
        vary(record.id, Wish(0.5), bench)
    assert vary(record.id, Wish(0.5, prompt="peonies"), bench).design.brief.prompt == "peonies"
    with pytest.raises(InputError, match="names it"):
        Brief("peonies", change="vary")
    assert not {"change", "mask", "base"} & set(Brief("peonies").to_json()), "old records keep their names"


def test_the_command_line(bench: Bench, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    base = designed(bench)
    where = ["--library", str(bench.library.folder), "--model", str(bench.weights), "--json"]
    assert main(["vary", base.design.id[:8], "--strength", "whisper", "--count", "2", "--fast", *where]) == 0
    two = json.loads(capsys.readouterr().out)["designs"]
    assert [d["design"]["seed"] for d in two] == [0, 1]
    assert {d["parent"] for d in two} == {base.design.id}
    assert main(["edit", base.design.id, "--at", "0mm,0mm", "--radius", "2cm", "--fast", *where]) == 0
    edited = json.loads(capsys.readouterr().out)
    assert (Path(edited["folder"]) / "mask.png").is_file()
    assert main(["blend", base.design.id, edited["id"], "--amount", "0.3", "--fast", *where]) == 0
    assert json.loads(capsys.readouterr().out)["design"]["brief"]["strength"] == 0.3
    for wrong, code in (
        (["vary", base.design.id, "--strength", "2"], 3),
        (["edit", base.design.id], 2),
        (["edit", base.design.id, "--mask", str(tmp_path / "none.png")], 3),
        (["edit", base.design.id, "--mask", "m.png", "--radius", "2cm"], 2),
        (["blend", base.design.id, edited["id"], "--amount", "0"], 3),
    ):
        assert main([*wrong, *where]) == code
        assert "error" in json.loads(capsys.readouterr().out)
    assert len(bench.library.ids()) == 5
    assert varying.STRENGTHS["whisper"] < varying.STRENGTHS["cousin"]
