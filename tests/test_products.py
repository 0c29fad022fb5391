"""Products: legal repeats by the lattice itself, the sheets that are printed, and what their presets promise."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns import presets
from patterns.errors import InputError, PresetError
from patterns.lattice import Lattice
from patterns.product import Match, Product
from patterns.product.fitting import match_of
from patterns.product.sheet import panels

HALF_PX = 0.5 / 12
fractions = st.integers(2, 7).flatmap(lambda q: st.integers(0, q - 1).map(lambda p: Fraction(p, q)))
sides = st.integers(4, 60).map(lambda n: 10.0 * n)


@st.composite
def lattices(draw: st.DrawFn) -> Lattice:
    share, sheared = draw(fractions), draw(st.booleans())
    return Lattice(draw(sides), draw(sides), *((share, Fraction(0)) if sheared else (Fraction(0), share)))


def roll() -> Product:
    return presets.product("wallpaper-roll")


@given(lattice=lattices(), columns=st.integers(1, 12))
def test_the_match_is_the_smallest_drop_that_the_lattice_has(lattice: Lattice, columns: int) -> None:
    width = columns * lattice.width / lattice.slide.denominator
    match = match_of(lattice, width, tolerance_mm=1e-6)
    assert match is not None
    assert 0 <= match.offset_mm < match.repeat_mm
    assert lattice.contains(width, match.offset_mm)
    assert lattice.contains(0, match.repeat_mm)
    # No other lattice vector (width, d) lies between: every smaller d of the lattice's own steps is refused.
    step = lattice.height * lattice.drop.limit_denominator().denominator ** -1
    smaller = [n * step for n in range(int(match.offset_mm / step + 0.5))]
    assert not any(lattice.contains(width, d) for d in smaller)
    assert match_of(lattice, width + 0.3, tolerance_mm=0.1) is None


@given(lattice=lattices())
def test_what_is_proposed_is_legal_and_its_change_is_stated(lattice: Lattice) -> None:
    for product in (roll(), presets.product("fabric-rotary"), presets.product("curtain-panel")):
        fit = product.fit(lattice)
        assert fit.legal == (not fit.nearest)
        for proposal in fit.nearest:
            other = proposal.lattice
            assert product.fit(other).legal
            assert (other.drop, other.slide) == (lattice.drop, lattice.slide)
            changed = (other.width / lattice.width - 1, other.height / lattice.height - 1)
            assert proposal.change_percent == pytest.approx([100 * c for c in changed])


@pytest.mark.parametrize(
    ("repeat", "size", "said"),
    [
        ("straight", (530, 640), "straight"),
        ("straight", (265, 640), "straight"),
        ("half-drop", (530, 640), "half-drop 64/32 cm"),
        ("half-drop", (265, 640), "straight"),
        ("third-drop", (530, 640), "drop 64/21.33 cm"),
        ("brick", (530, 320), "straight"),
        ("brick", (1060, 320), "half-drop 64/32 cm"),
        ("slide 2/5", (1325, 100), "drop 50/10 cm"),
    ],
)
def test_a_rolls_match_is_stated_as_the_trade_does(repeat: str, size: tuple[float, float], said: str) -> None:
    fit = roll().fit(Lattice.named(repeat, *size))
    assert fit.legal
    assert str(fit.match) == said


def test_a_roll_that_does_not_match_is_told_the_nearest_sizes() -> None:
    fit = roll().fit(Lattice.named("half-drop", 320, 320))
    assert not fit.legal
    assert fit.match is None
    said = ["265 x 265 mm (-17.2 %, straight match)", "530 x 530 mm (+65.6 %, half-drop 53/26.5 cm match)"]
    assert [str(p) for p in fit.nearest] == said
    (fault,) = roll().findings(4, Lattice.named("half-drop", 320, 320))
    assert (fault.severity, all(text in fault.cure for text in said)) == ("fault", True)


def test_half_a_printed_pixel_is_no_misfit_and_a_whole_one_is() -> None:
    assert roll().fit(Lattice(530 + 0.9 * HALF_PX, 640)).legal
    assert not roll().fit(Lattice(530 + 2 * HALF_PX, 640)).legal


@pytest.mark.parametrize(
    ("name", "repeat", "size", "legal"),
    [
        ("fabric-rotary", "straight", (500, 640), True),
        ("fabric-rotary", "straight", (500, 320), True),
        ("fabric-rotary", "half-drop", (500, 640), True),
        ("fabric-rotary", "brick", (500, 320), True),
        ("fabric-rotary", "brick", (500, 640), False),  # its rectangle is 1280 mm high
        ("fabric-rotary", "straight", (500, 641), False),
        ("fabric-rotary-641", "straight", (500, 641), True),
        ("fabric-rotary-1018", "straight", (500, 509), True),
        ("fabric-screen", "straight", (500, 990), True),
        ("fabric-screen", "straight", (500, 1010), False),
        ("fabric-digital", "straight", (333, 777), True),
        ("scarf-square", "straight", (333, 777), True),
        ("mural-panels", "straight", (333, 777), True),
        ("curtain-panel", "straight", (340, 777), True),
        ("curtain-panel", "straight", (333, 777), False),
    ],
)
def test_each_product_takes_the_repeats_that_it_can_print(
    name: str, repeat: str, size: tuple[float, float], legal: bool
) -> None:
    product, lattice = presets.product(name), Lattice.named(repeat, *size)
    assert product.fit(lattice).legal is legal
    if legal and product.layout in ("rotary", "screen"):
        (sheet,) = product.sheets(lattice)
        assert lattice.contains(0, sheet.height_mm)
    assert product.fit(lattice).nearest == () if legal else product.fit(lattice).nearest


@given(width=st.integers(100, 9000), widest=st.integers(80, 1400), overlap=st.integers(0, 30))
def test_panels_are_numbered_overlap_and_fill_the_wall(width: int, widest: int, overlap: int) -> None:
    sheets = panels((width, 2500), widest, overlap)
    assert [s.left_mm + s.width_mm - s.overlap_mm for s in sheets[:-1]] == [s.left_mm for s in sheets[1:]]
    assert sheets[0].left_mm == 0
    assert sheets[-1].left_mm + sheets[-1].width_mm == width
    assert sheets[-1].overlap_mm == 0
    assert all(s.width_mm <= widest for s in sheets)
    assert len(sheets) == 1 or len(sheets) - 1 < (width - overlap) / (widest - overlap)  # no fewer would do
    assert len({s.name for s in sheets}) == len(sheets)
    assert sorted(s.name for s in sheets) == [s.name for s in sheets]


def test_a_piece_is_cut_alike_at_both_sides() -> None:
    (sheet,) = presets.product("scarf-square").sheets(Lattice.named("half-drop", 320, 240))
    assert sheet.left_mm + sheet.width_mm / 2 == 160
    assert sheet.top_mm + sheet.height_mm / 2 == 120


def test_every_product_of_the_trade_is_there_with_its_source_and_whole_pixels() -> None:
    products = {name: presets.product(name) for name in presets.names("products")}
    assert {p.layout for p in products.values()} == {"meterage", "tile", "screen", "rotary", "roll", "piece", "panels"}
    assert {p.width_mm for p in products.values() if p.layout == "meterage"} >= {1100, 1400, 1500, 2800}
    assert {(p.width_mm, p.length_mm) for p in products.values() if p.layout == "roll"} == {
        (530, 10050), (520.7, 10058.4), (685.8, 8229.6), (1060, 10050),
    }  # fmt: skip
    for product in products.values():
        assert product.source
        assert product.date
        assert product.files
        assert product.metric or product.layout == "tile"
        assert not product.metric or product.px_per_mm in (5, 6, 10, 12)
        assert product.layout != "roll" or product.dpi == 304.8


def test_a_length_is_asked_of_cloth_rolls_and_walls_alone() -> None:
    assert roll().sized(length_mm=3000).sheets(Lattice(530, 640))[0].height_mm == 3000
    wall = presets.product("mural-panels").sized(width_mm=1900, length_mm=2400)
    assert [(s.width_mm, s.height_mm) for s in wall.sheets(Lattice(300, 300))] == [(484, 2400)] * 3 + [(484, 2400)]
    with pytest.raises(InputError, match="a length of its own"):
        presets.product("scarf-square").sized(length_mm=3000)
    with pytest.raises(InputError, match="only a wall"):
        roll().sized(width_mm=600)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"layout": "spiral"}, "layout"),
        ({"layout": "rotary"}, "circumferences_mm"),
        ({"circumferences_mm": (640.0,)}, "circumferences_mm"),
        ({"layout": "panels"}, "panel_mm"),
        ({"files": ("repeat.gif",)}, "repeat.gif"),
        ({"marks": ("stars",)}, "stars"),
        ({"bleed_mm": -1.0}, "bleed"),
        ({"length_mm": float("nan")}, "200 m long"),
    ],
)
def test_a_product_that_cannot_be_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        replace(presets.product("fabric-digital"), **change)  # pyright: ignore[reportArgumentType]


def test_a_product_of_the_users_own_is_a_file_with_the_same_keys(tmp_path: Path) -> None:
    text = (presets.folder("products") / "fabric-rotary.toml").read_text()
    (tmp_path / "ours.toml").write_text(text.replace("[640.0]", "[700.0, 800.0]"))
    product = presets.product(str(tmp_path / "ours.toml"))
    assert (product.name, product.circumferences_mm) == ("ours", (700.0, 800.0))
    assert product.fit(Lattice(300, 400)).legal
    assert product.sheets(Lattice(300, 400))[0].height_mm == 800
    (tmp_path / "ours.toml").write_text(text.replace("layout", "lay"))
    with pytest.raises(PresetError, match="unknown key 'lay'"):
        presets.product(str(tmp_path / "ours.toml"))


def test_a_match_at_the_very_end_of_a_repeat_is_straight() -> None:
    assert Match(640 - 1e-10, 640).kind == "straight"
    assert Match(320 + 1e-10, 640).kind == "half-drop"
