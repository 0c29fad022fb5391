"""What a package holds: every product's sheets at true size, panels and strips that meet, and what is refused."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import tifffile
from PIL import Image

from patterns import presets
from patterns.atelier.bench import Bench
from patterns.atelier.delivery import Package, PackageAsked, PlatesAsked, export, plates, print_grid
from patterns.atelier.sizing import legal_brief, resized
from patterns.cli import main
from patterns.color import Ink, Palette
from patterns.design import Brief, Design
from patterns.enlarge import enlarge_bands
from patterns.errors import CannotMake, InputError
from patterns.lattice import Lattice
from patterns.library import Library
from patterns.press import Print
from patterns.press.order import chosen_files, chosen_marks
from patterns.press.raster import Raster
from patterns.press.roll import sheet_picture
from patterns.product import FILES, TRIMMINGS
from patterns.separation import Separation

PT = 72 / 25.4
PALETTE = Palette(
    (
        Ink.of_hex("#f3ead7", name="cream", role="ground"),
        Ink.of_hex("#27356b", name="indigo", role="main"),
        Ink.of_hex("#b5563c", name="madder", role="accent"),
    ),
    "Three",
)
Deliver = Callable[..., Package]


def drawn(lattice: Lattice, side_px: int = 32) -> tuple[Design, Separation]:
    """Return a design of waves on a lattice, drawn on few pixels, with no mirror axis that would hide a wrong turn."""
    grid = lattice.grid_at(side_px / lattice.width)
    y, x = np.mgrid[: grid.height, : grid.width].astype(float)
    down, across = 2 * np.pi * (y - x * grid.drop / grid.width) / grid.height, 2 * np.pi * x / grid.width
    if grid.slide:
        down, across = 2 * np.pi * y / grid.height, 2 * np.pi * (x - y * grid.slide / grid.height) / grid.width
    wave = np.cos(down) + np.cos(across) + 0.6 * np.sin(down + 2 * across) + 0.4 * np.sin(2 * down - across)
    first, second = (np.rint(255 * np.clip(part, 0, 1)) / 255 for part in (wave + 0.4, -wave - 0.9))
    planes = np.stack([1 - first - second, first, second]).astype(np.float32)
    roles = tuple(ink.role for ink in PALETTE.inks)
    record = Design(Brief("waves"), lattice, 7, "loom", "0" * 64, "0.1.0", PALETTE, "2026-11-22T00:00:00+00:00")
    return record, Separation(planes, lattice, roles)


@pytest.fixture
def deliver(tmp_path: Path) -> Deliver:
    bench = Bench(Library(tmp_path / "library"), None)

    def delivered(product: str, lattice: Lattice, **asked: object) -> Package:
        record, separation = drawn(lattice)
        return export(record, separation, (product, tmp_path / "out"), bench, asked=PackageAsked(**asked))  # pyright: ignore[reportArgumentType]

    return delivered


def legal(product: str, side_mm: float = 100.0, repeat: str = "half-drop") -> Lattice:
    """Return a lattice near a size that a product takes."""
    lattice = Lattice.named(repeat, side_mm, side_mm)
    fit = presets.product(product).fit(lattice)
    return lattice if fit.legal else fit.nearest[0].lattice


def pixels(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image)


@pytest.mark.parametrize("name", presets.names("products"))
def test_every_products_sheets_have_true_size_with_their_bleed(name: str, deliver: Deliver, tmp_path: Path) -> None:
    product, lattice = presets.product(name), legal(name)
    package = deliver(name, lattice, formats=("pdf", "indexed"))
    written = {file.path.name: file for file in package.files}
    assert sorted(written) == sorted(path.name for path in (tmp_path / "out").iterdir())
    assert {"repeat.pdf", "repeat-indexed.tif", "palette.pdf", "summary.txt"} <= set(written)
    sheets = product.sheets(lattice) if any(f.startswith("sheet.") for f in product.files) else ()
    for sheet in sheets:
        file = written[f"{sheet.name}.pdf"]
        assert (file.width_mm, file.height_mm) == (sheet.width_mm, sheet.height_mm)
        with pikepdf.open(file.path) as pdf:
            page = pdf.pages[0].obj
            unit = float(page.get("/UserUnit", 1)) / PT
            trim, bleed = ([float(v) * unit for v in page[box]] for box in ("/TrimBox", "/BleedBox"))
        assert trim[2] - trim[0] == pytest.approx(sheet.width_mm, abs=0.005)
        assert trim[3] - trim[1] == pytest.approx(sheet.height_mm, abs=0.005)
        assert [b - t for b, t in zip(bleed, trim, strict=True)] == pytest.approx(
            [-sheet.bleed_mm, -sheet.bleed_mm, sheet.bleed_mm, sheet.bleed_mm], abs=0.005
        )
    text = (tmp_path / "out" / "summary.txt").read_text()
    assert product.title in text
    assert ("Match" in text) == product.joined


def test_panels_repeat_their_glue_edge_and_make_the_wall_together(deliver: Deliver, tmp_path: Path) -> None:
    lattice = Lattice.named("third-drop", 200, 150)
    package = deliver("mural-panels", lattice, width_mm=1500.0, length_mm=100.0, formats=("tiff",))
    sheets = presets.product("mural-panels").sized(width_mm=1500, length_mm=100).sheets(lattice)
    assert [f.path.name for f in package.files if f.kind == "sheet"] == [f"{s.name}.tif" for s in sheets]
    assert len(sheets) == 3
    tifs = [tifffile.imread(tmp_path / "out" / f"{s.name}.tif") for s in sheets]
    trims = [tif[100:-100, 100:-100] for tif in tifs]  # 20 mm of bleed at 5 px per mm
    for one, other, sheet in zip(trims, trims[1:], sheets, strict=False):
        edge = round(5 * sheet.overlap_mm)
        assert np.array_equal(one[:, -edge:], other[:, :edge])
    wall = np.concatenate(
        [t[:, : round(5 * (s.width_mm - s.overlap_mm))] for t, s in zip(trims, sheets, strict=True)], 1
    )
    grid = lattice.grid(1000, 750)
    plane = np.moveaxis(tifffile.imread(tmp_path / "out" / "repeat.tif")[:, :1000], 2, 0)
    assert np.array_equal(wall, np.moveaxis(grid.window(plane, top=0, left=0, height=500, width=7500), 0, 2))


@pytest.mark.parametrize("repeat", ["straight", "half-drop", "third-drop", "brick", "slide 2/5"])
def test_strips_of_a_roll_meet_when_hung_by_the_stated_match(repeat: str, deliver: Deliver, tmp_path: Path) -> None:
    lattice = legal("wallpaper-roll", 60.0, repeat)
    package = deliver("wallpaper-roll", lattice, length_mm=lattice.rectangle().height, formats=("tiff",))
    match = package.fit.match
    assert match is not None
    strip = tifffile.imread(tmp_path / "out" / "roll.tif")
    width, down = strip.shape[1], len(strip) / lattice.rectangle().height
    # The strip to the right hangs lower by the match; what its left edge shows continues what the right edge shows.
    hung = np.roll(strip, round(match.offset_mm * down), axis=0)
    rectangle = tifffile.imread(tmp_path / "out" / "repeat.tif")
    beyond = rectangle[np.arange(len(strip)) % len(rectangle)][:, (width + np.arange(50)) % rectangle.shape[1]]
    assert np.array_equal(hung[:, :50], beyond)
    if match.kind != "straight":
        assert not np.array_equal(strip[:, :50], beyond)
    said = json.dumps((tmp_path / "out" / "summary.txt").read_text())
    assert str(match) in said


@pytest.mark.parametrize(("name", "repeat"), [("fabric-rotary", "half-drop"), ("fabric-rotary-641", "brick")])
def test_a_cylinder_prints_on_without_a_jump(name: str, repeat: str) -> None:
    product, lattice = presets.product(name), legal(name, 40.0, repeat)
    record, separation = drawn(lattice)
    grid = print_grid(separation, product)
    bands = lambda: enlarge_bands(separation.planes, separation.grid, grid)  # noqa: E731
    job = Print(bands, grid, lattice, record.palette, "waves", {})
    raster = Raster.of(job)
    sheet = replace(product.sheets(lattice)[0], width_mm=90.0)
    turn = np.concatenate(list(sheet_picture(raster, sheet).bands()))
    wider = raster.window((0, 0, turn.shape[1], len(turn) + 40), raster.in_srgb())
    assert np.array_equal(np.concatenate(list(wider.bands()))[-40:], turn[:40])


def test_a_package_is_in_cmyk_or_spot_colors_where_they_can_be(deliver: Deliver, tmp_path: Path) -> None:
    for pdf, channels in (("rgb", 3), ("cmyk", 4), ("spot", 6)):
        package = deliver(
            "fabric-digital", Lattice(60, 60), pdf=pdf, length_mm=50.0, formats=("pdf", "tiff", "png", "jpeg")
        )
        names = {file.path.name for file in package.files}
        assert {"repeat.jpg", "meterage.jpg", "meterage.tif", "meterage.png", "repeat.pdf", "meterage.pdf"} <= names
        assert tifffile.imread(tmp_path / "out" / "repeat.tif").shape[2] == channels
        assert pixels(tmp_path / "out" / "meterage.jpg").shape == (300, 9000, 3)
        claims = b"GTS_PDFXVersion" in (tmp_path / "out" / "repeat.pdf").read_bytes()
        assert claims == (pdf != "rgb")
        assert any("not this cloth" in f.message for f in package.findings) == (pdf != "rgb")


def test_screens_come_with_their_plates_in_the_package(deliver: Deliver, tmp_path: Path) -> None:
    package = deliver("fabric-rotary", legal("fabric-rotary", 64.0))
    names = {file.path.name for file in package.files}
    assert {"02 indigo.tif", "03 madder.tif", "separations.pdf", "plates.json", "turn.pdf", "summary.txt"} <= names
    assert {path.name for path in (tmp_path / "out").iterdir()} == names
    assert "03 madder.tif" in (tmp_path / "out" / "summary.txt").read_text()


def test_the_same_order_makes_the_same_bytes(deliver: Deliver, tmp_path: Path) -> None:
    asked = {"pdf": "spot", "date": "2026-11-22", "formats": ("pdf", "indexed")}
    first = {f.path.name: f.path.read_bytes() for f in deliver("strike-off", Lattice(60, 60), **asked).files}
    second = {f.path.name: f.path.read_bytes() for f in deliver("strike-off", Lattice(60, 60), **asked).files}
    assert first == second
    assert b"2026-11-22" in first["strike-off.pdf"]


def test_formats_and_marks_are_chosen_by_name() -> None:
    product = presets.product("fabric-digital")
    assert chosen_files(product, ()) == product.files
    assert chosen_files(product, ("jpeg",)) == ("repeat.jpg", "sheet.jpg")
    assert chosen_files(product, ("indexed", "plates")) == ("indexed.png", "indexed.tif", "plates-8bit")
    assert chosen_files(presets.product("fabric-tile"), ("pdf",)) == ("repeat.pdf", "palette.pdf")
    assert set(chosen_files(product, ("pdf", "tiff", "png", "jpeg", "indexed", "plates"))) == set(FILES) - {
        "plates-1bit",
        "techpack.pdf",
    }
    assert chosen_marks(product, None) == product.marks
    assert chosen_marks(product, "crop, ruler") == ("crop", "ruler")
    assert (chosen_marks(product, "all"), chosen_marks(product, "none")) == (TRIMMINGS, ())
    for wrong in (("gif",), ("plates", "plates-1bit")):
        with pytest.raises(InputError, match=r"formats are|not for both"):
            chosen_files(product, wrong)
    with pytest.raises(InputError, match="marks are"):
        chosen_marks(product, "stars")


def test_a_size_is_never_changed_without_being_asked(deliver: Deliver, tmp_path: Path) -> None:
    with pytest.raises(CannotMake, match=r"--size 64x64mm \(-0\.0 %|--size 64x64mm \(-1\.5 %\)") as refused:
        deliver("fabric-rotary", Lattice(65, 65))
    assert "(+9.4 %)" in str(refused.value)  # nine turns of 71.11 mm
    assert not (tmp_path / "out").exists()
    _, separation = drawn(Lattice.named("half-drop", 65, 65))
    product = presets.product("fabric-rotary")
    larger, (note,) = resized(separation, (64.0, None), product)
    assert (larger.lattice.width, larger.lattice.height) == (64.0, 64.0)
    assert "-1.5 %" in note.measured
    assert resized(separation, (65.0, 65.0), product) == (separation, ())
    with pytest.raises(CannotMake, match="stretch"):
        resized(separation, (64.0, 80.0), product)


def test_a_brief_without_a_size_is_drawn_as_large_as_the_product_takes_it() -> None:
    roll = presets.product("wallpaper-roll")
    brief, (note,) = legal_brief(Brief("waves", product="wallpaper-roll", repeat="half-drop"), roll)
    assert (brief.width_mm, brief.height_mm) == (265.0, 265.0)
    assert note.severity == "note"
    with pytest.raises(CannotMake, match="265x265mm"):
        legal_brief(Brief("waves", repeat="half-drop", width_mm=320), roll)
    cloth = presets.product("fabric-digital")
    assert legal_brief(Brief("waves"), cloth) == (Brief("waves"), ())


def test_plates_alone_are_refused_too_where_the_repeat_does_not_fit(tmp_path: Path) -> None:
    record, separation = drawn(Lattice(65, 65))
    with pytest.raises(CannotMake, match="jump"):
        plates(
            record, separation, ("fabric-rotary", tmp_path / "out"), PlatesAsked(), bench=Bench(Library(tmp_path), None)
        )


# what follows `patterns export ID`, exit code, what the sentence must say
BAD = [
    ("--for fabric-digital --size 30x40mm", 4, "keeps its shape"),
    ("--for fabric-digital --size 30", 3, "64cm"),
    ("--for fabric-digital --length 0m", 3, "size that can be printed"),
    ("--for fabric-digital --length 900m", 3, "200 m long"),
    ("--for fabric-digital --width 2m", 3, "only a wall"),
    ("--for scarf-square --length 2m", 3, "length of its own"),
    ("--for wallpaper-roll", 4, "--size 58.88889x58.91667mm"),
    ("--for wallpaper-roll --size 53mm --pdf cmyk --standard x1a", 4, "PDF/X-1a"),
    ("--for fabric-digital --pdf lab", 3, "rgb, cmyk or spot"),
    ("--for fabric-digital --pdf cmyk --standard x3", 3, "x4 or x1a"),
    ("--for fabric-digital --pdf cmyk --profile nothing.icc", 3, "nothing.icc"),
    ("--for fabric-digital --pdf cmyk --profile srgb.icc", 3, "srgb.icc"),
    ("--for fabric-digital --profile srgb.icc", 3, "--pdf cmyk"),
    ("--for fabric-digital --formats gif", 3, "formats are"),
    ("--for fabric-digital --marks stars", 3, "marks are"),
    ("--for fabric-digital --date tomorrow --pdf cmyk", 3, "date"),
    ("--for fabric-digital --ground printed", 3, "spot"),
    ("--for fabric-digital --plates 8bit --pdf cmyk", 2, "leave --pdf"),
    ("--for fabric-digital --trap 1mm", 2, "--plates"),
    ("--for fabric-digitl", 3, "fabric-digital"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a library of one design of 60 x 60 mm and an RGB profile."""
    from patterns.press.marks import srgb_profile

    folder = tmp_path_factory.mktemp("home")
    Library(folder / "library").put(*drawn(Lattice(60, 60)))
    (folder / "srgb.icc").write_bytes(srgb_profile())
    return folder


@pytest.mark.parametrize(("line", "code", "sentence"), BAD)
def test_what_cannot_be_exported_is_one_sentence_and_leaves_nothing(
    line: str, code: int, sentence: str, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(home)
    (identity,) = Library(home / "library").ids()
    before = sorted(home.rglob("*"))
    assert main(["export", identity, "--library", "library", *line.split()]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("patterns: ")
    assert said.err.count("\n") == 1
    assert sentence in said.err
    assert sorted(home.rglob("*")) == before


def test_export_prints_a_legal_size_that_was_chosen(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(home)
    line = f"export {next(iter(Library(home / 'library').ids()))} --library library --for wallpaper-roll --size 53mm"
    assert main([*line.split(), "--length", "1m", "--date", "none", "--out", str(tmp_path / "o"), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["match"] == "straight"
    assert any("printed at another size" in f["message"] for f in said["package_findings"])
    assert {"roll.tif", "roll.pdf", "repeat.png"} <= {Path(f["path"]).name for f in said["files"]}
