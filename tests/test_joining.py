"""A picture joined on a lattice: exact cuts, own pixels, no seam; and the repeat of a photographed cloth, found."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks import joining_pictures as pictures
from patterns import joining, seam
from patterns.atelier import joining as atelier
from patterns.cli import main
from patterns.errors import CannotMake, LatticeError
from patterns.joining import torus
from patterns.joining.difference import features
from patterns.joining.found_lattice import read
from patterns.joining.seam import _offers, _sources, own_places
from patterns.lattice import Grid, parse_repeat

LATTICES = [Grid(96, 96), Grid(96, 96, drop=48), Grid(90, 96, drop=32), Grid(96, 80, slide=48)]
NAMES = ["straight", "half-drop", "third-drop", "brick"]


def as_bytes(pixels: np.ndarray) -> np.ndarray:
    return np.rint(np.clip(pixels, 0, 1) * 255).astype(np.uint8)


def parted(above: np.ndarray, below: np.ndarray, beside: np.ndarray, *, closed: bool) -> float:
    """Return what a labeling of a band costs, counted edge by edge."""
    turned = np.roll(above, -1, axis=1) if closed else above[:, 1:]
    here = above if closed else above[:, :-1]
    return float((below * (above[:-1] != above[1:])).sum() + (beside * (here != turned)).sum())


@pytest.mark.parametrize("closed", [False, True])
def test_a_cut_is_the_cheapest_of_all_labelings(closed: bool, rng: np.random.Generator) -> None:
    beaten = 0
    for _ in range(12):
        rows, columns = int(rng.integers(3, 6)), int(rng.integers(3, 5))
        # Costs that differ by thousands make paths turn back and wind.
        below = 10 ** rng.uniform(-3, 0, (rows - 1, columns))
        beside = 10 ** rng.uniform(-3, 0, (rows, columns if closed else columns - 1))
        best = np.inf
        for bits in product((False, True), repeat=(rows - 2) * columns):
            inner = np.array(bits).reshape(rows - 2, columns)
            above = np.vstack([np.ones((1, columns), bool), inner, np.zeros((1, columns), bool)])
            best = min(best, parted(above, below, beside, closed=closed))
        found = (joining.closed_cut if closed else joining.open_cut)(below, beside)
        assert found.cost == pytest.approx(best, rel=1e-9)
        assert parted(found.above, below, beside, closed=closed) == pytest.approx(best, rel=1e-9)
        level = np.repeat(np.arange(rows)[:, None] < 1, columns, axis=1)
        beaten += parted(level, below, beside, closed=closed) > best + 1e-9
    assert beaten  # a plain crop is not the cheapest: the comparison can fail


def test_both_cuts_together_are_near_the_best_of_all_tiles(rng: np.random.Generator) -> None:
    grid, band, ratios = Grid(8, 8, drop=4), 4, []
    for _ in range(3):
        shown = features(rng.uniform(0, 1, (12, 12, 3)).astype(np.float32))
        source, proven = _sources(shown, grid, band)
        cost = joining.energy(source, shown, grid)
        assert cost <= proven + 1e-9
        # Any single pixel shown from elsewhere is no better: what was found is at least a minimum.
        for offer in _offers((12, 12), grid):
            for place in np.argwhere((offer != source).any(axis=2) & (offer[..., 0] >= 0)):
                other = source.copy()
                other[tuple(place)] = offer[tuple(place)]
                ratios.append(joining.energy(other, shown, grid) / cost)
    assert min(ratios) > 1 - 1e-9


def test_a_move_is_the_best_of_all_choices(rng: np.random.Generator) -> None:
    shown = features(rng.uniform(0, 1, (14, 14, 3)).astype(np.float32))
    source = own_places(Grid(5, 5)) + 2
    offer = source + 5
    source = source.copy()
    source[:, 3:] += (5, 0)  # a cut is there already
    moved = torus._move(source, offer, shown)
    best = np.inf
    for bits in product((False, True), repeat=9):
        tried = source.copy()
        tried[1:-1, 1:-1] = np.where(np.array(bits).reshape(3, 3, 1), offer[1:-1, 1:-1], source[1:-1, 1:-1])
        best = min(best, _inner(tried, shown))
    assert _inner(source if moved is None else moved, shown) == pytest.approx(best, rel=1e-6)


def _inner(source: np.ndarray, shown: np.ndarray) -> float:
    level = torus.pair_cost(source[:, :-1].reshape(-1, 2), source[:, 1:].reshape(-1, 2), (0, 1), shown)
    plumb = torus.pair_cost(source[:-1].reshape(-1, 2), source[1:].reshape(-1, 2), (1, 0), shown)
    return float(level.sum() + plumb.sum())


@pytest.mark.parametrize("grid", LATTICES, ids=NAMES)
def test_a_joined_tile_is_the_pictures_own_pixels_and_has_no_seam(grid: Grid) -> None:
    picture = pictures.floral(np.random.default_rng(5), side=128)
    joined = joining.join(picture, grid, band=24)
    top, left = joined.place
    crop = picture[top : top + grid.height, left : left + grid.width]
    assert np.array_equal(joined.pixels[~joined.changed], crop[~joined.changed])
    own = {tuple(p) for p in as_bytes(picture).reshape(-1, 3)}
    assert all(tuple(p) in own for p in as_bytes(joined.pixels)[~joined.blended])
    assert joined.changed.mean() < 24 / grid.width + 24 / grid.height
    before, after = (seam.measure(as_bytes(tile), grid) for tile in (crop, joined.pixels))
    assert not before.passed
    assert max(joint.percentile for joint in before.joints) > 99
    assert after.passed
    # Along the cut itself, which no straight line follows.
    assert joined.quality.ordinary
    border = (np.zeros(joined.cut[0].shape, bool), np.zeros(joined.cut[0].shape, bool))
    border[0][:, -1] = border[1][-1] = True
    assert not joining.quality(crop, border, grid).ordinary


@pytest.mark.parametrize("grid", LATTICES, ids=NAMES)
def test_energy_and_measure_roll_with_the_lattice(grid: Grid) -> None:
    """What a cut costs and how it shows do not depend on where the cell begins, nor on paving its rectangle."""
    joined = joining.join(pictures.weave(np.random.default_rng(1), side=128), grid, band=16)

    def rolled(values: np.ndarray, move: tuple[int, int]) -> np.ndarray:
        return np.moveaxis(grid.roll(np.moveaxis(np.atleast_3d(values), 2, 0), *move), 0, 2)

    move = (31, 77)
    tile = rolled(joined.pixels, move)
    cut = (rolled(joined.cut[0], move)[..., 0], rolled(joined.cut[1], move)[..., 0])
    assert joining.quality(tile, cut, grid).change == pytest.approx(joined.quality.change, rel=0.15)
    height, width = grid.height * grid.copies[1], grid.width * grid.copies[0]
    big = Grid(width, height)
    paved = np.moveaxis(grid.rectangle(np.moveaxis(joined.pixels, 2, 0)), 0, 2)
    right, below = (grid.rectangle(c) for c in joined.cut)
    from patterns.color.spaces import srgb_to_lab
    from patterns.joining.judged import jumps

    for parts, step in ((right, (0, 1)), (below, (1, 0))):
        at = np.argwhere(parts)
        small = at[(at[:, 0] < grid.height) & (at[:, 1] < grid.width)]
        whole = jumps(srgb_to_lab(paved), small, step, big)[0]
        assert np.allclose(whole, jumps(srgb_to_lab(joined.pixels), small, step, grid)[0])


def test_the_cut_does_not_depend_on_which_way_the_picture_lies() -> None:
    picture = pictures.floral(np.random.default_rng(5), side=128)
    drop = joining.join(picture, Grid(96, 96, drop=48), band=20)
    slide = joining.join(picture.swapaxes(0, 1), Grid(96, 96, slide=48), band=20)
    assert np.array_equal(drop.pixels, slide.pixels.swapaxes(0, 1))


def test_a_picture_too_small_is_refused_with_what_would_fit() -> None:
    with pytest.raises(LatticeError, match="takes 104 x 104 px"):
        joining.join(np.zeros((100, 100, 3), np.float32), Grid(96, 96), band=8)


def test_uneven_light_is_told_and_divided_out() -> None:
    picture = pictures.floral(np.random.default_rng(4), side=160)
    lit = pictures.leaning_light(picture, falloff=0.6)
    assert joining.unevenness(picture) < 1.25 < 1.6 < joining.unevenness(lit)
    assert joining.unevenness(joining.evened(lit)) < 1.2


@pytest.mark.parametrize("seed", [1, 3, 13, 18])
def test_the_repeat_of_a_photographed_cloth_is_found_to_half_a_pixel(seed: int) -> None:
    cloth = pictures.cloth(np.random.default_rng(seed), side=480)
    found = joining.find_repeat(cloth.picture)
    whole = np.rint(cloth.vectors @ np.linalg.inv(found.vectors))
    assert abs(np.linalg.det(whole)) == pytest.approx(1)  # the same lattice, neither finer nor coarser
    assert np.hypot(*(cloth.vectors - whole @ found.vectors).T).max() < 0.5
    half = found.vectors * [[0.5], [1]]
    assert abs(np.linalg.det(np.rint(cloth.vectors @ np.linalg.inv(half)))) != pytest.approx(1)


def test_one_clean_tile_is_cut_out_of_a_noisy_cloth() -> None:
    dirty = pictures.cloth(np.random.default_rng(3), side=400)
    found = joining.find_repeat(dirty.picture)
    clean = joining.clean_tile(dirty.picture, found)
    report = seam.measure(as_bytes(clean.pixels), clean.grid)
    assert report.passed
    assert clean.copies >= 6
    noise = np.abs(np.diff(dirty.picture, 2, axis=1)).mean()
    assert np.abs(np.diff(clean.pixels, 2, axis=1)).mean() < 0.6 * noise
    assert clean.grid.drop == found.drop * clean.grid.height


def test_a_lattice_is_read_as_the_trade_says_it() -> None:
    for said in ("0", "drop 1/2", "drop 1/3", "drop 2/5", "slide 1/2", "slide 1/4"):
        drop, slide = parse_repeat(said)
        vectors = np.array([[100.0, 110 * float(drop)], [100 * float(slide), 110.0]])
        turn = np.radians(3)
        turned = vectors @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        reading = read(np.array([[1, 1], [1, 2]]) @ turned)
        assert reading is not None
        assert (reading.drop, reading.slide) == (drop, slide)
        assert reading.turn == pytest.approx(3, abs=0.01)
    assert read(np.array([[100.0, 60.0], [-35.0, 120.0]])) is None


@pytest.mark.parametrize("seed", [0, 1])
def test_where_nothing_repeats_nothing_is_found(seed: int) -> None:
    with pytest.raises(CannotMake, match=r"no repeat was found.*two whole repeats"):
        joining.find_repeat(pictures.painting(np.random.default_rng(seed), side=256))


def test_the_command_joins_writes_and_separates(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(as_bytes(pictures.floral(np.random.default_rng(2), side=144))).save(tmp_path / "swatch.png")
    out = tmp_path / "tile.png"
    line = ["seamless", str(tmp_path / "swatch.png"), "--repeat", "half-drop", "--size", "32cm", "--band", "24px"]
    end = ["--inks", "5", "--out", str(out), "--library", str(tmp_path / "library"), "--json"]
    assert main([*line, *end]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["repeat"], said["width_mm"], said["width_px"]) == ("half-drop", 320, 120)
    assert all(joint["passed"] for joint in said["seam_after"])
    assert max(joint["percentile"] for joint in said["seam_before"]) > 99
    assert len(said["design"]["design"]["palette"]["inks"]) == 5
    with Image.open(out) as tile:
        assert tile.size == (120, 120)
        assert json.loads(tile.info["patterns"])["tile"]["drop"] == "1/2"
        assert "algorithmicallyEnhanced" in tile.info["XML:com.adobe.xmp"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["library", "swatch.png", "tile.png"]


@pytest.mark.parametrize(
    ("line", "code", "said"),
    [
        ("no.png", 3, "not there"),
        ("flat.png --from-repeat", 4, "no repeat was found"),
        ("flat.png --from-repeat --repeat brick", 2, "by itself"),
        ("flat.png --dpi 300", 2, "--from-repeat"),
        ("flat.png --band 90px", 3, "band"),
        ("flat.png --band wide", 3, "wide"),
        ("flat.png --repeat zigzag", 3, "zigzag"),
        ("flat.png --out tile.jpg", 2, "PNG"),
    ],
)
def test_the_command_refuses_in_one_sentence(
    line: str, code: int, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    Image.fromarray(as_bytes(pictures.painting(rng, side=96))).save("flat.png")
    assert main(["seamless", *line.split()]) == code
    assert said in capsys.readouterr().err
    assert [p.name for p in tmp_path.iterdir()] == ["flat.png"]


def test_what_a_model_draws_stays_near_the_cuts(tmp_path: Path) -> None:
    file = tmp_path / "swatch.png"
    Image.fromarray(as_bytes(pictures.floral(np.random.default_rng(2), side=144))).save(file)
    asked = atelier.Asked(band="24px")
    plain = atelier.seamless(file, asked, atelier.Bench(), out=tmp_path / "plain.png")
    drawn = atelier.seamless(
        file, asked, atelier.Bench(), out=tmp_path / "drawn.png", redraw=lambda tile, grid, mask: 1 - tile
    )
    assert plain.joined is not None
    near = plain.joined.near(5)
    assert np.array_equal(plain.pixels[~near], drawn.pixels[~near])
    assert 0 < near.mean() < 0.4
    assert not np.array_equal(plain.pixels[near], drawn.pixels[near])


def test_a_tile_goes_to_a_models_grid_and_back_across_its_edges() -> None:
    grid, other = Grid(96, 96, drop=48), Grid(128, 128, drop=64)
    y, x = np.mgrid[:96, :96]
    tile = np.repeat((0.5 + 0.3 * np.sin(2 * np.pi * (2 * x / 96 + 2 * y / 96)))[..., None], 3, axis=2).astype(
        np.float32
    )
    back = atelier.laid_on(atelier.laid_on(tile, grid, other), other, grid)
    assert np.abs(back - tile).max() < 0.01
    straight = atelier.laid_on(atelier.laid_on(tile, grid, other), Grid(128, 128), Grid(96, 96))
    assert np.allclose(back, straight, atol=0.01)
    wrong = atelier.laid_on(tile[::-1].copy(), grid, other)
    assert np.abs(atelier.laid_on(wrong, other, grid) - tile).max() > 0.1
