"""Gamuts of every kind, and palettes moved into them: hue first, neighbors apart, darks dark."""

import contextlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns import presets
from patterns.color import Ink, Palette, ciede2000
from patterns.color.gamut import Gamut, GamutFigures, gamut_of, gamut_of_patches, measured_gamut
from patterns.color.patches import read_patches
from patterns.color.printable import printable
from patterns.color.spaces import lab_to_oklch
from patterns.errors import InputError

FOLDER = presets.folder("fabrics").parent / "profiles"
PROFILE, PATCHES = FOLDER / "fogra39-coated-paper.icc", FOLDER / "FOGRA39L.ti3"
COTTON = presets.fabric("cotton-digital-150").gamut()
COLORS = st.tuples(st.floats(0, 100), st.floats(-110, 110), st.floats(-110, 110))


@pytest.fixture(scope="module")
def paper() -> Gamut:
    return measured_gamut(PROFILE, ink_limit=300)


def palette(*colors: str) -> Palette:
    return Palette(tuple(Ink.of_hex(color) for color in colors))


def test_a_profile_holds_what_its_patches_measured_and_nothing_far_beyond(paper: Gamut) -> None:
    patches = read_patches(PATCHES)
    inks = np.array([line.split()[1:5] for line in PATCHES.read_text().splitlines() if line[:1].isdigit()], dtype=float)
    printed = patches[inks.sum(axis=1) <= 300]
    missed = printed[~paper.inside(printed)]
    assert len(missed) < 0.1 * len(printed)
    assert np.linalg.norm(paper.nearest(missed) - missed, axis=1).max() < 10
    assert ciede2000(missed, paper.nearest(missed)).mean() < 1
    # Half as vivid again as the solids of cyan, magenta and yellow is out of reach.
    solids = np.array([[55.0, -37, -50], [48, 74, -3], [89, -5, 93]])
    assert not paper.inside(solids * [1, 1.5, 1.5]).any()
    assert "Fogra39" in paper.source
    assert not paper.heuristic


def test_patches_alone_give_about_the_same_gamut_as_the_profile_made_of_them(
    paper: Gamut, rng: np.random.Generator
) -> None:
    hull = measured_gamut(PATCHES)
    assert (hull.kind, hull.heuristic, hull.profile) == ("patches", False, None)
    colors = np.column_stack([rng.uniform(15, 90, 4000), rng.uniform(-80, 80, (4000, 2))])
    assert (hull.inside(colors) == paper.inside(colors)).mean() > 0.95
    assert hull.ink_sum(colors) is None


@pytest.mark.parametrize("name", presets.names("fabrics"))
def test_every_fabric_has_a_gamut_that_says_where_it_comes_from(name: str) -> None:
    fabric = presets.fabric(name)
    gamut = fabric.gamut()
    assert gamut.source.split(":")[0] in ("heuristic", "modeled", "measured")
    assert gamut.heuristic == ("measured" not in gamut.source.split(":")[0])
    assert gamut.inside(gamut.grays()).all()
    assert gamut.inside(np.array(fabric.white_lab))
    assert not gamut.inside(np.array([[50.0, 120, 0], [99, 0, -30], [2, 0, 0]])).any()
    assert (gamut.kind == "colorants") == fabric.screens


@pytest.mark.parametrize("name", ["cotton-screen-150"])
def test_screen_inks_reach_their_colorants_and_mix_between_them(name: str) -> None:
    colors = presets.fabric(name).colors
    gamut = gamut_of(colors)
    strong = np.array([lab for _, lab in colors.colorants])
    assert ciede2000(strong, gamut.nearest(strong)).max() < 2
    tints = np.array(colors.white) + 0.3 * (strong - np.array(colors.white))
    assert gamut.inside(tints).mean() > 0.8


@given(st.lists(COLORS, min_size=1, max_size=6))
def test_nearest_is_inside_and_leaves_alone_what_was_inside(colors: list[tuple[float, float, float]]) -> None:
    asked = np.array(colors)
    found = COTTON.nearest(asked)
    assert COTTON.inside(found).all()
    inside = COTTON.inside(asked)
    np.testing.assert_array_equal(found[inside], asked[inside])


@given(st.floats(20, 80), st.floats(40, 110), st.floats(0, 360))
def test_hue_is_kept(lightness: float, chroma: float, hue: float) -> None:
    angle = np.radians(hue)
    asked = np.array([[lightness, chroma * np.cos(angle), chroma * np.sin(angle)]])
    found = COTTON.nearest(asked)
    before, after = lab_to_oklch(asked)[0], lab_to_oklch(found)[0]
    if after[1] > 0.02:  # else it is gray, and has no hue to keep
        assert abs((before[2] - after[2] + 180) % 360 - 180) < 1.5


def test_darks_stay_dark_and_white_becomes_the_cloth() -> None:
    for name in ("linen-pigment-140", "cotton-digital-150", "coated-paper-fogra39"):
        gamut = presets.fabric(name).gamut()
        asked = palette("#ffffff", "#000000", "#101a50", "#4a0018", "#06301a").lab()
        white, black, *darks = gamut.nearest(asked)
        np.testing.assert_allclose(white, gamut.white, atol=0.5)
        assert black[0] < gamut.darkest[0] + 1
        for dark in darks:
            assert dark[0] < gamut.darkest[0] + 11


def test_neighbors_are_kept_apart_and_in_order() -> None:
    linen = presets.fabric("linen-pigment-140").gamut()
    asked = palette("#f0e8d8", "#000010", "#20000a", "#0a0a3c", "#00ff40", "#40ff20")
    near = linen.nearest(asked.lab())
    assert ciede2000(near[1], near[2]) < 7 < asked.differences()[1, 2]  # alone, they would run together
    result = printable(asked, linen, apart=8.0)
    wanted = np.minimum(8.0, asked.differences())
    assert (result.palette.differences() >= wanted - 1e-6).all()
    before, after = asked.lab()[:, 0], result.palette.lab()[:, 0]
    clear = np.abs(before[:, None] - before) > 5
    assert ((before[:, None] - before) * (after[:, None] - after))[clear].min() > 0
    # Two greens were asked closer than that: they are not moved apart, and it is said.
    assert [pair[:2] for pair in result.close] == [(4, 5)]
    assert "run together" in result.findings()[-2].message
    free = printable(asked, linen, apart=8.0, neighbors=np.zeros((6, 6), bool))
    np.testing.assert_allclose(free.palette.lab(), near)


def test_a_palette_that_fits_is_not_touched_and_says_so(paper: Gamut) -> None:
    asked = palette("#d8c8a8", "#7a99be", "#9f4a3c")
    result = printable(asked, paper, apart=5.0)
    assert result.palette == asked
    assert [ink.inside for ink in result.inks] == [True] * 3
    assert all(ink.ink_sum is not None and 0 < ink.ink_sum < 300 for ink in result.inks)
    assert [f.severity for f in result.findings(ink_limit=300)] == ["note"]
    assert [f.severity for f in result.findings(ink_limit=60)].count("fault") == 2


def test_without_a_profile_the_ink_sum_is_not_computable() -> None:
    result = printable(palette("#ffffff", "#0014ff"), COTTON, apart=5.0)
    assert [ink.ink_sum for ink in result.inks] == [None, None]
    said = [f.message for f in result.findings(ink_limit=200)]
    assert any("not computable" in text for text in said)
    assert any("heuristic" in text for text in said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no patches"),
        ("50 0 0\n50 0", "not a measured patch"),
        ("50,0,0\nnan,0,0", "no Lab colors"),
        ("\n".join(["50 0 0"] * 5), "too few"),
        ("\n".join(f"{v} {v} 0" for v in range(20)), "in one plane"),
        ("BEGIN_DATA_FORMAT\nLAB_L LAB_A LAB_B\nEND_DATA_FORMAT\nBEGIN_DATA\n1 2 3", "is cut"),
        ("BEGIN_DATA_FORMAT\nCMYK_C\nEND_DATA_FORMAT\nBEGIN_DATA\n1\nEND_DATA", "no columns LAB_L"),
    ],
)
def test_patches_that_are_none_are_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "chart.txt"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        measured_gamut(path)


@given(st.binary(max_size=200), st.integers(0, 126_000))
def test_any_bytes_are_patches_or_refused(tmp_path_factory, noise: bytes, end: int) -> None:
    path = tmp_path_factory.mktemp("chart") / "chart.ti3"
    for data in (noise, PATCHES.read_bytes()[:end] + noise):
        path.write_bytes(data)
        with contextlib.suppress(InputError):
            assert read_patches(path).shape[1] == 3


def test_xyz_and_plain_lists_are_read_alike(tmp_path: Path, rng: np.random.Generator) -> None:
    lab = np.column_stack([rng.uniform(10, 95, 40), rng.uniform(-50, 50, (40, 2))])
    plain = tmp_path / "chart.csv"
    plain.write_text("L,a,b\n" + "\n".join(",".join(f"{v:.4f}" for v in row) for row in lab))
    np.testing.assert_allclose(read_patches(plain), lab, atol=1e-4)
    rows = [line.split() for line in PATCHES.read_text().splitlines() if line[:1].isdigit()]
    body = "\n".join(" ".join([f'"patch {n}"', *row[5:8]]) for n, row in enumerate(rows[:200]))
    xyz = tmp_path / "chart.ti3"
    xyz.write_text(f"BEGIN_DATA_FORMAT\nSAMPLE_ID XYZ_X XYZ_Y XYZ_Z\nEND_DATA_FORMAT\nBEGIN_DATA\n{body}\nEND_DATA\n")
    assert np.abs(read_patches(xyz) - read_patches(PATCHES)[:200]).max() < 0.2


@pytest.mark.parametrize(
    "figures",
    [
        {"darkest": 20.0, "lightness": (10.0, 50.0), "chroma": ((1.0, 1.0, 1.0),) * 2},
        {"darkest": 20.0, "lightness": (50.0,), "chroma": ((1.0, 1.0, 1.0),) * 2},
        {"darkest": 20.0, "lightness": (50.0,), "chroma": ((1.0, -1.0, 1.0),)},
    ],
)
def test_tables_that_are_no_gamut_are_refused(figures: dict) -> None:
    with pytest.raises(InputError):
        GamutFigures((95.0, 0.0, 0.0), **figures)


def test_a_sphere_of_patches_is_a_sphere(rng: np.random.Generator) -> None:
    points = rng.normal(size=(4000, 3))
    lab = 50 + 30 * points / np.linalg.norm(points, axis=1, keepdims=True) * [1, 1, 1] - [0, 50, 50]
    gamut = gamut_of_patches(lab, name="sphere")
    within = np.linalg.norm(lab - [50, 0, 0], axis=1).max() - 31
    assert within < 0
    tried = np.column_stack([rng.uniform(15, 85, 3000), rng.uniform(-40, 40, (3000, 2))])
    far = np.linalg.norm(tried - [50, 0, 0], axis=1)
    assert gamut.inside(tried[far < 28]).all()
    assert not gamut.inside(tried[far > 32]).any()
