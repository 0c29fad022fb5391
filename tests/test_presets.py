"""Presets are strict data: every file loads, and every mistake names file and key."""

import shutil

import numpy as np
import pytest

from patterns import presets
from patterns.errors import InputError, PresetError
from patterns.lattice import Lattice
from patterns.product import Product, nearest_dividing
from patterns.separation import ROLES
from patterns.units import METRIC_DPI

LOADERS = {
    "fabrics": presets.fabric,
    "palettes": presets.palette,
    "products": presets.product,
    "models": presets.model,
    "scenes": presets.scene,
}


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A copy of the presets that a test may spoil."""
    for kind in presets.KINDS:
        shutil.copytree(presets.folder(kind), tmp_path / kind)
    monkeypatch.setattr(presets, "folder", lambda kind: tmp_path / (kind if kind in presets.KINDS else f"{kind}s"))
    return tmp_path


@pytest.mark.parametrize("kind", presets.KINDS)
def test_every_preset_loads(kind):
    assert len(presets.names(kind)) >= {"fabrics": 12, "palettes": 16, "products": 16, "models": 14, "scenes": 12}[kind]
    for name in presets.names(kind):
        assert LOADERS[kind](name).name == name
    assert presets.names(kind[:-1]) == presets.names(kind)


def test_products_stand_on_fabrics_that_are_wide_enough():
    for name in presets.names("products"):
        product = presets.product(name)
        for sheet in product.sheets(Lattice(320, 320)):
            assert sheet.width_mm + 2 * sheet.bleed_mm <= presets.fabric(product.fabric).width_mm, name


def test_the_main_product_is_as_its_users_expect():
    product = presets.product("fabric-digital")
    assert (product.width_mm, product.dpi, product.metric, product.length_mm) == (1500.0, 152.4, True, 1000.0)
    assert product.px_per_mm == 6
    assert product.pixels(640) == 3840


def test_palettes_have_six_inks_in_roles_that_can_be_told_apart():
    for palette in presets.palettes():
        assert tuple(ink.role for ink in palette.inks) == ROLES
        assert palette.differences()[np.triu_indices(6, 1)].min() >= 10, palette.name
        assert palette.words


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (
            "fabrics/cotton-digital-150.toml",
            "trap_mm",
            "trap_m",
            "fabrics/cotton-digital-150.toml: unknown key 'trap_m'; did you mean 'trap_mm'",
        ),
        ("fabrics/cotton-digital-150.toml", 'date = "2026-11-22"', "", "the key 'date' is missing"),
        (
            "fabrics/cotton-digital-150.toml",
            "width_mm = 1500.0",
            'width_mm = "150cm"',
            "the key 'width_mm' should be float, not '150cm'",
        ),
        ("fabrics/cotton-digital-150.toml", "most_inks = 32", "most_inks = 3.5", "the key 'most_inks' should be int"),
        ("fabrics/cotton-digital-150.toml", "heuristic = true", "heuristic = 1", "the key 'heuristic' should be bool"),
        ("fabrics/cotton-digital-150.toml", "[94.5, -0.3, 3.2]", "[94.5]", "a white of three numbers"),
        ("fabrics/cotton-digital-150.toml", "width_mm = 1500.0", "width_mm = ", "cannot be read as a preset"),
        ("products/fabric-digital.toml", "dpi = 152.4", "dpi = 150", "127, 152.4, 254, 304.8 dpi"),
        ("products/fabric-digital.toml", "width_mm = 1500.0", "width_mm = nan", "at most 20 m wide"),
        ("palettes/indigo-house.toml", "#27356b", "#27356", "palettes/indigo-house.toml: '#27356' is not a color"),
        ("palettes/indigo-house.toml", "title", "titel", "unknown key 'titel'"),
        ("palettes/indigo-house.toml", 'name = "indigo", hex', 'nom = "indigo", hex', "unknown key 'nom'"),
    ],
)
def test_a_mistake_names_file_and_key(copied, file, old, new, said):
    path = copied / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    kind, name = file.removesuffix(".toml").split("/")
    with pytest.raises(PresetError, match=said):
        LOADERS[kind](name)


def test_unknown_names_and_kinds_say_what_there_is():
    with pytest.raises(PresetError, match="no product is called 'fabric-digtal'; the nearest are fabric-digital"):
        presets.product("fabric-digtal")
    with pytest.raises(PresetError, match=r"no fabric is called '\.\./products/fabric-digital'"):
        presets.fabric("../products/fabric-digital")
    with pytest.raises(PresetError, match="the kinds are fabrics, palettes, products"):
        presets.names("shoes")


def test_a_repeat_that_divides_the_width_has_no_finding():
    product = presets.product("fabric-digital")
    assert product.findings(6, Lattice(300, 300), most_inks=32) == ()
    assert product.findings(6, Lattice.named("half-drop", 250, 300), most_inks=32) == ()


def test_a_repeat_that_does_not_divide_the_width_says_what_would():
    (finding,) = presets.product("fabric-digital").findings(6, Lattice(640, 640))
    assert finding.severity == "note"
    assert finding.measured == "64 cm goes 2.34 times into 150 cm"
    assert finding.cure == "a tile 75 cm wide divides it"
    (finding,) = presets.product("fabric-digital").findings(6, Lattice.named("half-drop", 320, 320))
    assert finding.cure == "a tile 37.5 cm wide divides it"
    (finding,) = presets.product("wallpaper-roll").findings(6, Lattice(500, 530))
    assert finding.severity == "fault"
    assert "530 x 561.8333 mm (+6.0 %, straight match)" in finding.cure


def test_too_many_inks_too_wide_and_too_long_are_found():
    product = presets.product("fabric-digital")
    severities = [finding.severity for finding in product.findings(14, Lattice(2000, 1500), most_inks=12)]
    assert severities == ["fault", "warning", "note"]
    rotary = presets.fabric("cotton-rotary-150")
    many, thin = rotary.findings(14, finest_line_mm=0.2)
    assert (many.measured, thin.measured) == ("14 inks", "0.20 mm of 0.60 mm")
    assert rotary.findings(12, finest_line_mm=0.6) == ()


def test_tiles_off_the_pixel_grid_are_found():
    (finding,) = presets.product("fabric-tile").findings(4, Lattice(711.2, 641.35))
    assert "3787.50 px" in finding.measured
    assert presets.product("fabric-tile").findings(4, Lattice(711.2, 609.6)) == ()


def test_the_cure_is_a_width_that_divides(rng):
    for repeat in rng.uniform(20, 3000, 200):
        nearest = nearest_dividing(1500, repeat)
        turns = 1500 / nearest
        assert abs(turns - round(turns)) < 1e-9
        assert all(abs(np.log(nearest / repeat)) <= abs(np.log(1500 / n / repeat)) + 1e-9 for n in range(1, 100))


@pytest.mark.parametrize("dpi", METRIC_DPI)
def test_metric_products_have_whole_pixels_per_mm(dpi):
    product = Product("x", "x", "y", 1000, dpi, True, 1000, False, True, "test", "2026-11-22")
    assert product.pixels(7) == round(product.pixels(7))


def test_impossible_products_are_refused():
    with pytest.raises(InputError, match="20 and 2400 dpi"):
        Product("x", "x", "y", 1000, 0, False, 1000, False, True, "test", "2026-11-22")


def test_presets_are_found_beside_an_installed_package(tmp_path, monkeypatch):
    shutil.copytree(presets.folder("palettes").parent, tmp_path / "patterns" / "presets_data")
    monkeypatch.setattr(presets, "__file__", str(tmp_path / "patterns" / "presets.py"))
    assert presets.folder("palettes") == (tmp_path / "patterns" / "presets_data" / "palettes").resolve()
    assert presets.palette("indigo-house").inks[1].hex == "#27356b"
    shutil.rmtree(tmp_path / "patterns" / "presets_data")
    with pytest.raises(PresetError, match="missing; install the package again"):
        presets.names("palettes")
