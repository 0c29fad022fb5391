"""Separating: laws on any lattice, designs whose truth is known, and what is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.separate_truth import OWN, beyond_edges, damaged, named
from patterns.color import ciede2000, linear_to_srgb, srgb_to_lab
from patterns.color.files import palette_of_text
from patterns.errors import InputError
from patterns.lattice import Grid, Lattice
from patterns.separate import Cleanup, Separated, inks_of_picture, separate
from patterns.separate.mixture import Mixture
from patterns.separate.planes import in_255ths
from patterns.separate.space import GENERAL, lab_to_din99o
from patterns.separate.thin import dissolved
from patterns.separate.tone import Screen, void_and_cluster
from patterns.separation import Separation

LATTICES = ("straight", "half-drop", "drop 1/3", "brick", "slide 1/3")
COLORS = np.array([[243, 234, 215], [39, 53, 107], [192, 86, 59], [127, 145, 131]]) / 255.0


def lattice(repeat: str, width: int = 48, height: int = 60) -> Lattice:
    return Lattice.named(repeat, width, height)


def picture(grid: Grid, seed: int, *, noise: float = 0.0) -> np.ndarray:
    """Antialiased discs of four inks on a grid's torus, (H, W, 3) float32, with noise in levels."""
    rng = np.random.default_rng(seed)
    canvas = np.broadcast_to(COLORS[0], (grid.height, grid.width, 3)).copy()
    for number in range(9):
        cy, cx, radius = rng.uniform(0, grid.height), rng.uniform(0, grid.width), rng.uniform(4, 9)
        y, x = np.mgrid[int(cy - radius) - 1 : int(cy + radius) + 3, int(cx - radius) - 1 : int(cx + radius) + 3]
        cover = np.clip(radius + 0.5 - np.hypot(y - cy, x - cx), 0, 1)[..., None]
        rows, columns = grid.wrap(y, x)
        canvas[rows, columns] += cover * (COLORS[1 + number % 3] - canvas[rows, columns])
    canvas += rng.normal(0, noise / 255, canvas.shape)
    return (np.rint(np.clip(canvas, 0, 1) * 255) / 255).astype(np.float32)


def rolled(pixels: np.ndarray, grid: Grid, dy: int, dx: int) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(grid.roll(np.moveaxis(pixels, 2, 0), dy, dx), 0, 2))


def alike(one: Separated, other: Separated, planes: np.ndarray) -> None:
    np.testing.assert_allclose(one.palette.lab(), other.palette.lab(), atol=1e-9)
    np.testing.assert_allclose(planes, other.separation.planes, atol=1e-4)


@settings(max_examples=15)
@given(st.sampled_from(LATTICES), st.integers(0, 99), st.integers(-70, 70), st.integers(-70, 70))
def test_separating_commutes_with_rolls_along_the_lattice(repeat: str, seed: int, dy: int, dx: int) -> None:
    repeats = lattice(repeat)
    grid = repeats.grid(48, 60)
    pixels = picture(grid, seed, noise=2)
    here = separate(pixels, repeats)
    there = separate(rolled(pixels, grid, dy, dx), repeats)
    alike(here, there, grid.roll(here.separation.planes, dy, dx))


@pytest.mark.parametrize("repeat", LATTICES[1:])
def test_a_sheared_cell_is_separated_like_its_rectangle(repeat: str) -> None:
    repeats = lattice(repeat)
    grid = repeats.grid(48, 60)
    pixels = picture(grid, 5, noise=2)
    cell = separate(pixels, repeats)
    paved = np.ascontiguousarray(np.moveaxis(grid.rectangle(np.moveaxis(pixels, 2, 0)), 0, 2))
    whole = separate(paved, repeats.rectangle())
    alike(cell, whole, grid.rectangle(cell.separation.planes))


@settings(max_examples=10)
@given(st.integers(0, 99), st.sampled_from(["none", "tint", "halftone"]), st.booleans())
def test_coverage_is_a_partition_among_at_most_two_inks(seed: int, tone, on: bool) -> None:
    repeats = lattice("half-drop", 48, 64)
    found = separate(picture(repeats.grid(48, 64), seed), repeats, inks=4, tone=tone, cleanup=Cleanup(on=on))
    planes = found.separation.planes
    assert planes.min() >= 0
    np.testing.assert_allclose(planes.sum(axis=0), 1, atol=1e-6)
    assert ((planes > 0).sum(axis=0) <= 2).all()
    whole = in_255ths(planes)
    assert (whole.sum(axis=0, dtype=int) == 255).all()
    assert np.abs(whole - planes * 255).max() <= 1
    order = found.separation.coverage()
    assert (np.diff(order) <= 0.01 + 1e-6).all()


@pytest.mark.parametrize("name", ["scallop", "terrazzo chips", "gingham of three", "pinstripe"])
def test_known_designs_come_back_as_they_were(name: str) -> None:
    truth, number = named(name)
    pixels = damaged(truth, number).astype(np.float32) / 255
    found = separate(pixels, Lattice(320, 320 * pixels.shape[0] / pixels.shape[1]))
    assert len(found.palette) == len(truth.palette)
    differences = ciede2000(truth.palette.lab()[:, None], found.palette.lab()[None])
    assert differences.min(axis=1).max() <= 1.5
    index = differences.argmin(axis=0)[found.separation.indices()]
    inside = beyond_edges(truth.index)
    assert (index == truth.index)[inside].mean() >= 0.995
    assert found.report.flat_art


def test_every_design_of_the_truth_set_has_a_name_of_its_own() -> None:
    assert len({name for name, *_ in OWN}) == len(OWN) >= 12


def test_the_gray_between_black_and_white_is_no_gray_ink() -> None:
    pixels = np.ones((60, 60, 3), np.float32)
    y, x = np.mgrid[:60, :60]
    pixels[...] -= np.clip(14.5 - np.hypot(y - 20, x - 20), 0, 1)[..., None]
    pixels[40:52, 40:52] = 0.5
    found = separate(pixels.astype(np.float32), Lattice(60, 60))
    gray = int(np.abs(found.palette.lab()[:, 0] - 53).argmin())
    assert found.separation.planes[gray, 2:38, 2:38].max() == 0
    plain = separate(pixels.astype(np.float32), Lattice(60, 60), inks=3, cleanup=Cleanup(on=False))
    gray = int(np.abs(plain.palette.lab()[:, 0] - 53).argmin())
    assert plain.separation.planes[gray, 2:38, 2:38].max() == 1


def lines(*widths: int, copies: int = 1) -> Mixture:
    """Ink 1 in upright lines of these widths on ink 0, 20 px apart."""
    first = np.zeros((40, 20 * len(widths)), np.uint8)
    for number, width in enumerate(widths):
        first[:, 20 * number + 8 : 20 * number + 8 + width] = 1
    return Mixture(first, first, np.full_like(first, 255), Grid(first.shape[1], first.shape[0]))


def test_lines_finer_than_the_finest_dissolve_and_others_stay() -> None:
    mixture, pieces = dissolved(lines(1, 2, 3, 4), 2, line_px=2.6)
    kept = mixture.first[20].reshape(4, 20).sum(axis=1)
    assert pieces == 2
    assert list(kept) == [0, 0, 3, 4]


def test_a_tip_that_hangs_on_a_leaf_stays_and_a_crumb_beside_it_does_not() -> None:
    first = np.zeros((48, 48), np.uint8)
    y, x = np.mgrid[:48, :48]
    first[(abs(x - 20) <= (y - 4) / 5) & (y < 30)] = 1
    first[40:42, 40:42] = 1
    mixture, pieces = dissolved(Mixture(first, first, np.full_like(first, 255), Grid(48, 48)), 2, line_px=3)
    assert pieces == 1
    assert mixture.first[4:30].sum() == first[4:30].sum()
    assert not mixture.first[38:].any()


def test_with_clean_up_off_the_error_is_that_of_k_means(rng: np.random.Generator) -> None:
    import cv2

    smooth = cv2.GaussianBlur(rng.uniform(-2, 3, (90, 90, 3)), (0, 0), 5, borderType=cv2.BORDER_REFLECT)
    pixels = np.clip((smooth - smooth.min()) / np.ptp(smooth), 0, 1).astype(np.float32)
    found = separate(pixels, Lattice(90, 90), inks=6, cleanup=Cleanup(on=False))
    lab = srgb_to_lab(pixels).reshape(-1, 3)
    own = ((lab - found.palette.lab()[found.separation.indices().ravel()]) ** 2).sum()
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 100, 1e-4)
    theirs, _, _ = cv2.kmeans(lab.astype(np.float32), 6, np.empty(0, np.int32), stop, 10, cv2.KMEANS_PP_CENTERS)
    assert own <= 1.02 * theirs


def test_a_palette_forces_the_colors_and_their_order() -> None:
    grid = Grid(48, 60)
    asked = palette_of_text("#203080,#ffffff,#00ff00,#d06040")
    found = separate(picture(grid, 2), Lattice(48, 60), palette=asked)
    assert found.palette.hexes == "#203080,#ffffff,#d06040"
    assert [f.severity for f in found.report.findings] == ["note"]


def test_asking_for_fewer_inks_joins_and_for_more_than_there_are_says_so() -> None:
    pixels = picture(Grid(48, 60), 4)
    assert len(separate(pixels, Lattice(48, 60), inks=3).palette) == 3
    many = separate(pixels, Lattice(48, 60), inks=9)
    assert len(many.palette) == 4
    assert "fewer colors" in many.report.findings[0].message


def test_a_tint_keeps_shading_that_flat_inks_lose() -> None:
    ramp = np.linspace(0, 1, 200)[:, None, None] * (COLORS[1] - COLORS[0]) + COLORS[0]
    pixels = np.broadcast_to(np.concatenate([ramp, ramp[::-1]]), (400, 16, 3)).astype(np.float32)
    means = [separate(pixels, Lattice(16, 400), inks=2, tone=tone).report.mean for tone in ("none", "tint")]
    assert means[1] < means[0] / 3


@pytest.mark.parametrize("repeat", ["straight", "half-drop", "brick"])
def test_a_halftone_fits_its_lattice_and_moves_by_its_period(repeat: str) -> None:
    repeats = lattice(repeat, 64, 64)
    grid = repeats.grid(64, 64)
    pixels = picture(grid, 8)
    screen = Screen.on(grid, 2)
    assert (grid.width % screen.width, grid.height % screen.height) == (0, 0)
    assert (grid.drop % screen.height, grid.slide % screen.width) == (0, 0)
    here = separate(pixels, repeats, tone="halftone")
    assert set(np.unique(here.separation.planes)) == {0, 1}
    there = separate(rolled(pixels, grid, screen.height, -screen.width), repeats, tone="halftone")
    alike(here, there, grid.roll(here.separation.planes, screen.height, -screen.width))


def test_a_tile_that_no_halftone_fits_is_told_what_would() -> None:
    pixels = picture(Grid(47, 53), 1)
    with pytest.raises(InputError, match="multiples of 16 px"):
        separate(pixels, Lattice(47, 53), tone="halftone")


def test_the_mask_is_blue_at_every_level() -> None:
    ranks = void_and_cluster(32, 32)
    assert sorted(ranks.ravel()) == list(range(1024))
    for level in (100, 300, 512, 800):
        power = np.abs(np.fft.fft2((ranks < level) - level / 1024)) ** 2
        radius = np.hypot(*np.meshgrid(np.fft.fftfreq(32), np.fft.fftfreq(32)))
        low = power[(radius > 0) & (radius < 0.1)].mean()
        assert low < 0.2 * power[radius > 0].mean()


def test_din99o_is_coloraides() -> None:
    from coloraide.spaces.din99o import lab_to_din99o as theirs

    labs = np.random.default_rng(1).uniform((1, -80, -80), (99, 80, 80), (40, 3))
    expected = [theirs(list(lab)) for lab in labs]
    np.testing.assert_allclose(lab_to_din99o(labs, factors=GENERAL), expected, atol=1e-8)


def test_a_pictures_palette_is_its_flat_colors() -> None:
    pixels = np.rint(picture(Grid(96, 96), 3) * 255).astype(np.uint8)
    found = inks_of_picture(pixels, name="discs")
    assert ciede2000(srgb_to_lab(COLORS)[:, None], found.lab()[None]).min(axis=1).max() < 0.5
    assert len(found) == 4


BAD = {
    "no number": np.full((8, 8, 3), np.nan, np.float32),
    "infinite": np.full((8, 8, 3), np.inf, np.float32),
    "empty": np.zeros((0, 8, 3), np.float32),
    "gray": np.zeros((8, 8), np.float32),
    "alpha": np.zeros((8, 8, 4), np.float32),
    "bytes": np.zeros((8, 8, 3), np.uint8),
    "one color": np.full((8, 8, 3), 0.5, np.float32),
    "one pixel": np.zeros((1, 1, 3), np.float32),
    "huge": np.broadcast_to(np.float32(0), (9000, 9000, 3)),
}


@pytest.mark.parametrize("pixels", BAD.values(), ids=BAD.keys())
def test_what_is_no_picture_is_refused_in_a_sentence(pixels: np.ndarray) -> None:
    side = max(1, len(pixels))
    with pytest.raises(InputError):
        separate(pixels, Lattice(side, side))


@pytest.mark.parametrize("asked", [{"inks": 1}, {"inks": 33}, {"tone": "sepia"}, {"palette": palette_of_text("#fff")}])
def test_what_cannot_be_asked_is_refused(asked: dict) -> None:
    with pytest.raises(InputError):
        separate(picture(Grid(48, 60), 1), Lattice(48, 60), **asked)


def test_an_ink_that_is_finer_than_the_finest_line_throughout_goes_and_is_told_of() -> None:
    pixels = picture(Grid(48, 60), 4)
    pixels[::6, ::6] = (0, 1, 0)
    found = separate(pixels, Lattice(48, 60), cleanup=Cleanup(line_px=2))
    assert len(found.palette) == 4
    assert any("finer than the finest line" in finding.message for finding in found.report.findings)
    checks = np.indices((12, 12)).sum(axis=0)[..., None].repeat(3, axis=2) % 2
    with pytest.raises(InputError, match="finer than the finest line"):
        separate(checks.astype(np.float32), Lattice(12, 12))


def test_small_and_extreme_pictures_are_separated() -> None:
    checks = (np.indices((12, 12)) // 3).sum(axis=0)[..., None].repeat(3, axis=2) % 2
    beyond = (checks * 3.0 - 1).astype(np.float32)
    found = separate(beyond, Lattice(12, 12))
    assert isinstance(found.separation, Separation)
    shown = linear_to_srgb(found.separation.render(found.palette.linear_rgb()))
    assert 0 <= shown.min() <= shown.max() <= 1
