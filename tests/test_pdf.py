"""Laws of sheets in PDF: sizes, boxes, plates, standards, bytes; and a self-check that notices each broken rule."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from patterns.color import Ink, Palette
from patterns.errors import CannotMake, InputError
from patterns.press import lettering, read_record
from patterns.press.lettering import BOX
from patterns.press.marks import Marks, srgb_profile
from patterns.press.names import RESERVED, plate_name, plate_names
from patterns.press.page import SIZE, Legend, Symbol, Trimmings, match_symbol
from patterns.press.pdf import LONGEST_MM, Colors, write_sheet, write_sheets
from patterns.press.pdf_check import check_pdf
from patterns.press.process import read_condition
from patterns.press.raster import Raster
from patterns.product import Sheet
from patterns.product.sheet import panels
from patterns.units import PT_PER_MM
from tests.pages import PALETTE, SIDE, a_job

NONE = Trimmings()
FULL = Trimmings(
    crop=True,
    registration=True,
    chips=True,
    legend=True,
    ruler=True,
    slug=True,
    design="a1b2",
    date="2026-11-22",
    symbols=(Symbol("up"), match_symbol("half-drop 64/32 cm")),
)
PIECE = Sheet("piece", 50.0, 40.0, bleed_mm=3.0)
FLAVORS = [("rgb", "x4"), ("cmyk", "x4"), ("cmyk", "x1a"), ("spot", "x4"), ("spot", "x1a")]


@pytest.fixture(scope="module")
def raster() -> Raster:
    return Raster.of(a_job())


def write(path: Path, raster: Raster, sheet: Sheet = PIECE, *, colors: Colors, trimmings: Trimmings = NONE) -> Any:
    return write_sheet(path, raster, sheet, Marks.of(raster.job), colors=colors, trimmings=trimmings)


@pytest.mark.parametrize(("kind", "standard"), FLAVORS)
def test_equal_sheets_make_equal_bytes_that_are_sound_and_carry_the_record(
    raster: Raster, tmp_path: Path, kind: Any, standard: Any
) -> None:
    colors = Colors(kind, standard)
    paths = [tmp_path / "a.pdf", tmp_path / "b.pdf", tmp_path / "later.pdf"]
    for path, date in zip(paths, ("2026-11-22", "2026-11-22", "2026-11-23"), strict=True):
        write(path, raster, colors=colors, trimmings=replace(FULL, date=date))
    first, second, later = (path.read_bytes() for path in paths)
    assert first == second != later
    assert check_pdf(paths[0], colors.claims) == ()
    assert read_record(paths[0]) == {"seed": 7}
    if kind != "rgb":
        assert check_pdf(paths[0], None)
        assert re.search(rb"CreationDate \(D:20261122000000Z\)", first)


@pytest.mark.parametrize(("kind", "standard"), FLAVORS)
def test_boxes_are_true(raster: Raster, tmp_path: Path, kind: Any, standard: Any) -> None:
    write(tmp_path / "a.pdf", raster, colors=Colors(kind, standard), trimmings=FULL)
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        (page,) = pdf.pages
        media, bleed, trim = ([float(v) / PT_PER_MM for v in page.obj[f"/{n}Box"]] for n in ("Media", "Bleed", "Trim"))
        assert pdf.pdf_version == ("1.4" if standard == "x1a" else "1.6")
        assert len(pdf.Root.get("/OutputIntents", [])) == (kind != "rgb")
    assert np.allclose(np.subtract(trim[2:], trim[:2]), (50, 40), atol=0.001)
    assert np.allclose(np.subtract(trim, bleed), (3, 3, -3, -3), atol=0.001)
    # Marks lie between, at a distance from the bleed.
    assert np.all(np.subtract(bleed, media) * (1, 1, -1, -1) >= 8)


def test_meterage_is_one_image_with_a_wrapped_margin(tmp_path: Path) -> None:
    noise = np.random.default_rng(5).multinomial(255, [0.25] * 4, (128, 128)).transpose(2, 0, 1).astype(np.uint8)
    raster = Raster.of(a_job(planes=noise))
    write(tmp_path / "meter.pdf", raster, Sheet("meter", 1500.0, 1000.0), colors=Colors())
    write(tmp_path / "repeat.pdf", raster, Sheet("repeat", 2 * SIDE, SIDE), colors=Colors())
    sizes = {}
    for name in ("meter", "repeat"):
        with pikepdf.open(tmp_path / f"{name}.pdf") as pdf:
            (image,) = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
            sizes[name] = int(image.Width), int(image.Height)
    assert sizes["repeat"] == (256, 128)
    assert (sizes["meter"][0] - 256) / 2 / 6 * PT_PER_MM >= 1
    assert sizes["meter"][0] - 256 == sizes["meter"][1] - 128
    # Of the whole file, contents and all.
    assert (tmp_path / "meter.pdf").stat().st_size <= 1.2 * (tmp_path / "repeat.pdf").stat().st_size


def test_panels_share_one_image_and_meet(raster: Raster, tmp_path: Path) -> None:
    sheets = panels((500.0, 120.0), 200.0, 13.0, bleed_mm=2.0)
    trimmings = Trimmings.wall((Symbol("up"),), "a1")
    write_sheets(tmp_path / "wall.pdf", raster, sheets, Marks.of(raster.job), colors=Colors(), trimmings=trimmings)
    with pikepdf.open(tmp_path / "wall.pdf") as pdf:
        images = {page.obj.Resources.XObject.Tile.objgen for page in pdf.pages}
        assert (len(pdf.pages), len(images)) == (3, 1)
    shown = []
    with pypdfium2.PdfDocument(tmp_path / "wall.pdf") as pdf:
        for number, sheet in enumerate(sheets, start=1):
            page: Any = pdf[number - 1]
            text = page.get_textpage().get_text_range()
            assert f"{number} of 3" in text
            assert sheet.name in text
            assert ("overlap 13 mm" in text) == (number < 3)
            left, _, right, top = page.get_trimbox()
            scale = 6 / PT_PER_MM
            pixels = page.render(scale=scale, rev_byteorder=True).to_numpy()[..., :3].astype(int)
            head = round((page.get_height() - top) * scale)
            shown.append(pixels[head : head + 720, round(left * scale) : round(right * scale)])
    # The glue edge of one panel shows what the next one begins with.
    glued, begun = shown[0][20:-20, -78 + 4 : -4], shown[1][20:-20, 4 : 78 - 4]
    around = [np.roll(begun, shift, (0, 1)) for shift in [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]]
    outside = (glued > np.max(around, axis=0) + 12) | (glued < np.min(around, axis=0) - 12)
    assert outside.mean() < 0.002
    assert (np.abs(glued - begun[:, ::-1]) > 24).mean() > 0.1


def test_a_long_page_has_a_user_unit_and_a_warning(raster: Raster, tmp_path: Path) -> None:
    roll = Sheet("roll", 530.0, 10_050.0)
    (found,) = write(tmp_path / "roll.pdf", raster, roll, colors=Colors())
    assert (found.severity, found.measured) == ("warning", "roll: 10.05 m")
    with pikepdf.open(tmp_path / "roll.pdf") as pdf:
        page = pdf.pages[0].obj
        assert page.UserUnit == 2
        assert float(page.TrimBox[3]) * 2 / PT_PER_MM == pytest.approx(10_050, abs=0.01)
    assert not write(tmp_path / "long.pdf", raster, Sheet("long", 530.0, LONGEST_MM), colors=Colors())
    with pytest.raises(CannotMake, match="PDF/X-1a"):
        write(tmp_path / "no.pdf", raster, roll, colors=Colors("cmyk", "x1a"))
    assert not (tmp_path / "no.pdf").exists()


def test_what_cannot_be_is_refused(raster: Raster, tmp_path: Path) -> None:
    (tmp_path / "srgb.icc").write_bytes(srgb_profile())
    for colors, message in (
        (Colors("cmyk", profile=tmp_path / "srgb.icc"), "monitor's profile"),
        (Colors("spot", profile=tmp_path / "none.icc"), "cannot be read"),
    ):
        with pytest.raises(InputError, match=message):
            write(tmp_path / "a.pdf", raster, colors=colors)
    with pytest.raises(InputError, match="is not a date"):
        write(tmp_path / "a.pdf", raster, colors=Colors("cmyk"), trimmings=Trimmings(date="yesterday"))
    inks = tuple(Ink(f"ink {i}", (9.0 * i, 0.0, 0.0)) for i in range(10))
    many = np.zeros((10, 128, 128), np.uint8)
    many[9] = 255
    crowd = Raster.of(a_job(planes=many, palette=Palette(inks)))
    write(tmp_path / "nine.pdf", crowd, colors=Colors("spot"))
    with pytest.raises(CannotMake, match="holds 8 inks in one picture, and the design prints 9"):
        write(tmp_path / "a.pdf", crowd, colors=Colors("spot", "x1a"))
    assert not (tmp_path / "a.pdf").exists()


def test_the_users_profile_is_the_output_intent(raster: Raster, tmp_path: Path) -> None:
    mine = tmp_path / "mine.icc"
    mine.write_bytes(read_condition().data)
    built, *others = write(tmp_path / "a.pdf", raster, colors=Colors("cmyk", profile=mine))
    assert not others
    assert "self-checked" in built.message
    assert "certified" in built.message
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        intent = pdf.Root.OutputIntents[0]
        assert str(intent.OutputConditionIdentifier) == "Custom"
        assert intent.DestOutputProfile.read_bytes() == mine.read_bytes()
    _, paper = write(tmp_path / "b.pdf", raster, colors=Colors("cmyk"))
    assert "not this cloth" in paper.message


def test_text_in_other_scripts_is_text_and_what_cannot_be_set_is_named(raster: Raster, tmp_path: Path) -> None:
    names = ("крем", "Ινδικό", "đỏ thắm", "茜 بنفسجي")
    palette = Palette(tuple(replace(ink, name=name) for ink, name in zip(PALETTE.inks, names, strict=True)))
    other = replace(raster, job=replace(raster.job, palette=palette, title="Ночь"))
    *_, lost = write(tmp_path / "a.pdf", other, colors=Colors("spot", ground="printed"), trimmings=FULL)
    assert "U+831C" in lost.measured
    with pypdfium2.PdfDocument(tmp_path / "a.pdf") as pdf:
        text = pdf[0].get_textpage().get_text_range()
    for said in ("Ночь", "01 крем", "02 Ινδικό", "03 đỏ thắm", f"04 {BOX} {BOX * 6}"):
        assert said in text
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        assert "/04 茜 بنفسجي" in [str(n) for n in pdf.pages[0].obj.Resources.ColorSpace.Inks[1]]


@pytest.mark.parametrize("room", [30.0, 120.0, 600.0])
def test_a_legend_holds_every_name_whole(room: float) -> None:
    said = ["Sage leaf green from indigo over weld", "Donaudampfschiffahrtselektrizitätenblau", "Black"]
    palette = Palette(tuple(Ink(name, (50.0, 0.0, 0.0)) for name in said))
    legend = Legend.of(palette, room)
    for name, lines in zip(plate_names(palette), legend.names, strict=True):
        assert "".join(lines).replace(" ", "") == name.replace(" ", "")
        assert all(lettering.width(line, lettering.BOLD, SIZE) <= max(legend.step[0] - 22, SIZE) for line in lines)
        assert len(lines) <= 2 or room == 30.0
    assert legend.columns == (1 if room < 200 else 7)


@given(st.lists(st.text(max_size=60), min_size=1, max_size=32))
def test_plate_names_are_unique_and_never_a_rips_own(inks: list[str]) -> None:
    names = plate_names(Palette(tuple(Ink(name, (50.0, 0.0, 0.0)) for name in inks)))
    assert len({name.casefold() for name in names}) == len(inks)
    for name in names:
        assert name.casefold() not in RESERVED
        assert len(name.encode()) <= 127
        assert not set('/\\:*?"<>|#%()') & set(name)
        assert name == name.strip()
    assert [int(name[:2]) for name in names] == list(range(1, len(inks) + 1))


def test_a_bare_black_is_numbered() -> None:
    assert plate_name(3, "Black") == "03 Black"
    assert plate_name(4, "all/none") == "04 all none"


Break = Callable[[pikepdf.Pdf], object]


def _content(pdf: pikepdf.Pdf, more: bytes) -> None:
    page = pdf.pages[0]
    page.Contents = pdf.make_stream(page.Contents.read_bytes() + b" " + more)


def _xmp(pdf: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    data = pdf.Root.Metadata.read_raw_bytes()
    assert old in data
    pdf.Root.Metadata.write(data.replace(old, new))


def _named(pdf: pikepdf.Pdf, place: int, name: str) -> None:
    pdf.pages[0].obj.Resources.ColorSpace[f"/Ink{place}"][1] = Name(f"/{name}")


def _add(pdf: pikepdf.Pdf, item: Any) -> None:
    pdf.Root.Stray = pdf.make_indirect(item)


def _page(key: str, value: Any) -> Break:
    return lambda pdf: pdf.pages[0].obj.__setitem__(key, value)


def _without(pdf: pikepdf.Pdf, kind: str, key: str) -> None:
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == kind:
            del item[key]


BREAKS: dict[str, tuple[str, Break]] = {
    "no metadata": ("no XMP", lambda pdf: pdf.Root.__delitem__("/Metadata")),
    "trapped unknown": ("neither True nor False", lambda pdf: pdf.docinfo.__setitem__("/Trapped", Name.Unknown)),
    "trapped misspelled": ("neither True", lambda pdf: pdf.docinfo.__setitem__("/Trapped", Name("/False_"))),
    "another claim": ("it claims PDF/X-5", lambda pdf: _xmp(pdf, b">PDF/X-4<", b">PDF/X-5<")),
    "two claims": ("it claims PDF/X-1a", lambda pdf: pdf.docinfo.__setitem__("/GTS_PDFXVersion", "PDF/X-1a:2001")),
    "no date": ("/ModDate", lambda pdf: pdf.docinfo.__delitem__("/ModDate")),
    "no XMP date": ("xmp:MetadataDate", lambda pdf: _xmp(pdf, b"MetadataDate", b"MetaDate")),
    "no document id": ("DocumentID", lambda pdf: _xmp(pdf, b"DocumentID", b"ID")),
    "trapped twice": ("differ on Trapped", lambda pdf: _xmp(pdf, b"Trapped>False", b"Trapped>True")),
    "no output intent": ("0 output intents", lambda pdf: pdf.Root.__delitem__("/OutputIntents")),
    "two output intents": ("2 output", lambda pdf: pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0])),
    "nameless condition": ("its condition", lambda pdf: pdf.Root.OutputIntents[0].__setitem__("/Info", "")),
    "no profile": ("no profile", lambda pdf: pdf.Root.OutputIntents[0].__delitem__("/DestOutputProfile")),
    "a monitor's profile": (
        "not an output profile",
        lambda pdf: pdf.Root.OutputIntents[0].DestOutputProfile.write(srgb_profile()),
    ),
    "no trim box": ("no /TrimBox", lambda pdf: pdf.pages[0].obj.__delitem__("/TrimBox")),
    "an art box": ("ArtBox", _page("/ArtBox", Array([0, 0, 9, 9]))),
    "trim beyond bleed": ("trim box reaches", _page("/TrimBox", Array([0, 0, 99, 99]))),
    "bleed beyond media": ("bleed box reaches", _page("/BleedBox", Array([-1, 0, 999, 999]))),
    "too long": ("more than 14400", _page("/MediaBox", Array([0, 0, 14401, 999]))),
    "a comment": ("/Annots", _page("/Annots", Array([]))),
    "a transition": ("/Trans", _page("/Trans", Dictionary())),
    "a group": ("/Group", _page("/Group", Dictionary(S=Name.Transparency))),
    "device RGB": ("with rg", lambda pdf: _content(pdf, b"1 0 0 rg")),
    "an unknown space": ("/Nowhere", lambda pdf: _content(pdf, b"/Nowhere cs 1 scn")),
    "an unknown font": ("/F1", lambda pdf: _content(pdf, b"BT /F1 12 Tf ET")),
    "a font not embedded": ("is not embedded", lambda pdf: _without(pdf, "/FontDescriptor", "/FontFile2")),
    "Helvetica": (
        "Helvetica is not embedded",
        lambda pdf: _add(pdf, Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)),
    ),
    "a script": ("scripts", lambda pdf: _add(pdf, Dictionary(S=Name.JavaScript, JS="1"))),
    "an opening action": ("/OpenAction", lambda pdf: pdf.Root.__setitem__("/OpenAction", Dictionary())),
    "a transfer curve": ("transfer", lambda pdf: _add(pdf, Dictionary(TR=Name.Identity))),
    "half opaque": ("transparency", lambda pdf: _add(pdf, Dictionary(ca=0.5))),
    "an RGB image": (
        "image is in /DeviceRGB",
        lambda pdf: pdf.pages[0].obj.Resources.XObject.Tile.__setitem__("/ColorSpace", Name.DeviceRGB),
    ),
    "a bare black": ("called Black", lambda pdf: _named(pdf, 4, "Black")),
    "two plates of a name": ("one name", lambda pdf: _named(pdf, 4, "02 STRAW")),
    "another alternate": (
        "another alternate",
        lambda pdf: pdf.pages[0].obj.Resources.ColorSpace.Ink4.__setitem__(2, Name.DeviceRGB),
    ),
}


@pytest.fixture(scope="module")
def sound(raster: Raster, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "sound.pdf"
    write(path, raster, colors=Colors("spot"), trimmings=FULL)
    return path


@pytest.mark.parametrize("name", BREAKS)
def test_each_broken_rule_is_noticed(sound: Path, tmp_path: Path, name: str) -> None:
    message, breaking = BREAKS[name]
    with pikepdf.open(sound) as pdf:
        pdf.save(tmp_path / "kept.pdf", force_version="1.6")
        breaking(pdf)
        pdf.save(tmp_path / "broken.pdf", force_version="1.6", compress_streams=False)
    assert check_pdf(tmp_path / "kept.pdf", "x4") == ()
    found = check_pdf(tmp_path / "broken.pdf", "x4")
    assert any(message in fault.message for fault in found), found


def test_other_files_are_not_sound(sound: Path, tmp_path: Path) -> None:
    assert "it is PDF 1.6, not 1.4" in [fault.message for fault in check_pdf(sound, "x1a")]
    (tmp_path / "half.pdf").write_bytes(sound.read_bytes()[:5000])
    (fault,) = check_pdf(tmp_path / "half.pdf", "x4")
    assert "cannot be read back" in fault.message
