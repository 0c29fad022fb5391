"""The print package, read by readers that nobody here wrote."""

import errno
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
import tifffile
from PIL import Image
from scipy.ndimage import maximum_filter, minimum_filter

from patterns import presets
from patterns.color import Ink, Palette
from patterns.errors import CannotMake, Finding, InputError
from patterns.lattice import Grid, Lattice
from patterns.press import Colors, Delivered, Order, Print, deliver, png
from patterns.press.marks import Marks
from patterns.press.pdf import Paving, write_pdf
from patterns.press.raster import Picture, Raster, mixed, paved
from patterns.product import Fit

PALETTE = Palette(
    (
        Ink.of_hex("#f3ead7", name="cream", role="ground"),
        Ink.of_hex("#27356b", name="indigo", role="main"),
        Ink.of_hex("#b5563c", name="madder", role="accent"),
    ),
    "Three",
)
PT = 72 / 25.4
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def planes_on(grid: Grid) -> np.ndarray:
    """Coverages (3, H, W) uint8: a wave on the lattice, with shared pixels, and a disc around each lattice point."""
    y, x = np.mgrid[: grid.height, : grid.width].astype(float)
    wave = np.cos(2 * np.pi * (y - x * grid.drop / grid.width) / grid.height)
    wave += np.cos(2 * np.pi * (x - y * grid.slide / grid.height) / grid.width)
    first = np.clip(np.rint(127 + 400 * wave), 0, 255).astype(int)
    corners = [
        (i * grid.width + j * grid.slide, j * grid.height + i * grid.drop) for i in range(-1, 3) for j in range(-2, 3)
    ]
    away = np.min([np.hypot(x - left, y - top) for left, top in corners], axis=0)
    inside = away < min(grid.width, grid.height) / 5
    return np.stack([255 - first, np.where(inside, 0, first), np.where(inside, first, 0)]).astype(np.uint8)


def job(repeat: str = "half-drop", *, size: float = 60.0, px_per_mm: int = 6, **changes: Any) -> Print:
    lattice = Lattice.named(repeat, size, size)
    grid = lattice.grid(int(size * px_per_mm), int(size * px_per_mm))
    planes = planes_on(grid)

    def bands() -> Iterator[tuple[int, np.ndarray]]:
        for row in range(0, grid.height, 100):
            yield row, planes[:, row : row + 100]

    values: dict[str, Any] = {
        "bands": bands,
        "grid": grid,
        "lattice": lattice,
        "palette": PALETTE,
        "title": "Waves & <blobs> „é“",
        "record": {"seed": 7, "prompt": "waves & <blobs> „é“ ]]>"},
        "label": "Made with a model.",
    }
    return Print(**(values | changes))


def packaged(asked: Print, folder: Path, **said: Any) -> tuple[Delivered, ...]:
    """Write the package of digital fabric without anything around its sheets."""
    progress, colors = said.pop("progress", None), said.pop("colors", Colors())
    product = replace(presets.product("fabric-digital"), marks=(), **said)
    return deliver(asked, Order(product, Fit(), colors), folder, progress=progress).files


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[Delivered, ...]]:
    folder = tmp_path_factory.mktemp("press") / "out"
    return folder, packaged(job(), folder)


def reference(repeat: str = "half-drop") -> np.ndarray:
    """The straight rectangle in sRGB, by the lattice's own paving."""
    asked = job(repeat)
    _, rgb = mixed(planes_on(asked.grid), PALETTE)
    return np.moveaxis(asked.grid.rectangle(np.moveaxis(rgb, 2, 0)), 0, 2)


def test_everything_is_delivered_under_its_name(package) -> None:
    folder, files = package
    names = ["cell-half-drop.png", "meter.pdf", "palette.pdf", "repeat-indexed.png", "repeat-indexed.tif"]
    names += ["repeat.pdf", "repeat.png", "repeat.tif", "summary.txt"]
    assert sorted(file.path.name for file in files) == names == sorted(os.listdir(folder))
    assert all(file.path.parent == folder for file in files)


def test_delivered_sizes_are_the_files_sizes(package) -> None:
    _, files = package
    for file in files:
        if file.path.suffix in (".png", ".tif"):
            with Image.open(file.path) as image:
                assert image.size == (file.width_px, file.height_px)
                per_mm = [float(v) / 25.4 for v in image.info["dpi"]]
            assert file.width_mm == pytest.approx(file.width_px / per_mm[0], abs=0.01)
            assert file.height_mm == pytest.approx(file.height_px / per_mm[1], abs=0.01)
        if file.path.suffix == ".pdf":
            with pypdfium2.PdfDocument(file.path) as pdf:
                assert len(pdf) == 1
                assert pdf[0].get_size() == pytest.approx((file.width_mm * PT, file.height_mm * PT), abs=0.01)
                assert pdf[0].get_trimbox() == pytest.approx(pdf[0].get_mediabox())


def test_resolution_is_stored_exactly(package) -> None:
    folder, _ = package
    data = (folder / "repeat.png").read_bytes()
    at = data.index(b"pHYs") + 4
    assert data[at : at + 9] == (6000).to_bytes(4, "big") * 2 + b"\1"
    with tifffile.TiffFile(folder / "repeat.tif") as tiff:
        tags = tiff.pages.first.tags
        assert tags["XResolution"].value == tags["YResolution"].value == (60, 1)
        assert tags["ResolutionUnit"].value == 3


@pytest.mark.parametrize("name", ["repeat.png", "repeat.tif"])
def test_pixels_are_the_paved_rectangle_in_srgb(package, name: str) -> None:
    folder, _ = package
    with Image.open(folder / name) as image:
        assert image.mode == "RGB"
        assert image.info["icc_profile"][36:40] == b"acsp"
        assert np.array_equal(np.asarray(image), reference())


def test_the_cell_alone_is_sheared(package) -> None:
    folder, _ = package
    with Image.open(folder / "cell-half-drop.png") as image:
        cell = np.asarray(image)
    assert np.array_equal(cell, reference()[:, :360])
    assert np.array_equal(np.roll(cell, 180, axis=0), reference()[:, 360:])


@pytest.mark.parametrize("name", ["repeat-indexed.png", "repeat-indexed.tif"])
def test_indexed_files_have_one_index_per_ink_in_palette_order(package, name: str) -> None:
    folder, _ = package
    with Image.open(folder / name) as image:
        assert image.mode == "P"
        indices, palette = np.asarray(image), np.array(image.getpalette()).reshape(-1, 3)
        colors = np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)
    assert set(np.unique(indices)) == {0, 1, 2}
    assert np.array_equal(palette[:3], PALETTE.srgb8())
    assert len(colors) == 3
    whole = job().grid.rectangle(planes_on(job().grid))
    assert np.array_equal(indices, whole.argmax(axis=0))


@pytest.mark.parametrize("repeat", ["straight", "third-drop", "brick", "drop 2/5", "hexagonal"])
def test_every_repeat(repeat: str, tmp_path: Path) -> None:
    asked = job(repeat) if repeat != "hexagonal" else _hexagonal()
    files = {file.path.name: file for file in packaged(asked, tmp_path)}
    cells = [name for name in files if name.startswith("cell-")]
    assert cells == ([] if repeat == "straight" else [f"cell-{repeat.replace(' ', '-').replace('/', '-')}.png"])
    across, down = asked.grid.copies
    with Image.open(tmp_path / "repeat.png") as image:
        assert image.size == (asked.grid.width * across, asked.grid.height * down)
        assert np.array_equal(np.asarray(image), _rectangle(asked))


def _hexagonal() -> Print:
    lattice = Lattice.named("hexagonal", 60.0)
    grid = lattice.grid_at(6)
    return job(grid=grid, lattice=lattice, bands=lambda: iter([(0, planes_on(grid))]))


def _rectangle(asked: Print) -> np.ndarray:
    _, rgb = mixed(planes_on(asked.grid), PALETTE)
    return np.moveaxis(asked.grid.rectangle(np.moveaxis(rgb, 2, 0)), 0, 2)


def test_repeat_pdf_shows_the_rectangle(package) -> None:
    folder, _ = package
    shown = _rendered(folder / "repeat.pdf", 6)
    assert shown.shape == reference().shape
    assert np.array_equal(shown, reference())


@pytest.fixture(scope="module")
def meters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A piece of cloth as delivered, and as one picture that was paved before it was placed."""
    folder, page = tmp_path_factory.mktemp("meters"), (254.0, 254.0)
    asked = job()
    packaged(asked, folder, width_mm=page[0], length_mm=page[1], files=("sheet.pdf",))
    whole = paved(Raster.of(asked).rgb, asked.grid, np.arange(1524), np.arange(1524))
    picture = Picture(1524, 1524, lambda: iter([whole]), (6.0, 6.0))
    write_pdf(folder / "whole.pdf", picture, Paving(page, page), Marks.of(asked))
    return folder / "meterage.pdf", folder / "whole.pdf"


def strangers(shown: np.ndarray, expected: np.ndarray, *, shift: int = 1) -> np.ndarray:
    """Pixels (H, W) whose color is not between those expected around them: no shift by so many pixels explains it."""
    size = (2 * shift + 1, 2 * shift + 1, 1)
    low, high = (f(expected, size=size).astype(int) for f in (minimum_filter, maximum_filter))
    return np.any((shown < low - 12) | (shown > high + 12), axis=2)


@pytest.mark.parametrize("px_per_mm", [72 / 25.4, 101 / 25.4, 6])
def test_meter_pdf_has_no_hairlines(meters: tuple[Path, Path], px_per_mm: float) -> None:
    shown, expected = (_rendered(path, px_per_mm) for path in meters)
    assert shown.shape == expected.shape
    assert strangers(shown, expected).mean() < 1e-5


# Renderers of other houses, by the command that draws a page of IN at DPI into a PNG called OUT.png.
JUDGES = {
    "pdftocairo": "pdftocairo -png -singlefile -r DPI IN OUT",
    "pdftoppm": "pdftoppm -png -singlefile -r DPI IN OUT",
    "gs": "gs -q -dSAFER -dBATCH -dNOPAUSE -dPDFSTOPONERROR -sDEVICE=png16m -rDPI -o OUT.png IN",
}


def judged(judge: str, path: Path, dpi: int) -> np.ndarray:
    """Return a page as an outside judge draws it, (H, W, 3) uint8; skips where there is none, but never in CI."""
    if shutil.which(judge) is None:
        assert not os.environ.get("CI"), f"{judge} is missing, which .ci/run installs"
        pytest.skip(f"{judge} is not installed")
    out = path.with_name(f"{path.stem}-{judge}-{dpi}")
    names = {"IN": str(path), "OUT": str(out), "OUT.png": f"{out}.png", "DPI": str(dpi), "-rDPI": f"-r{dpi}"}
    subprocess.run([names.get(word, word) for word in JUDGES[judge].split()], check=True, capture_output=True)
    with Image.open(f"{out}.png") as image:
        return np.asarray(image.convert("RGB"))


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("dpi", [72, 101, 150])
def test_no_outside_judge_sees_a_hairline(meters: tuple[Path, Path], judge: str, dpi: int) -> None:
    shown, expected = (judged(judge, path, dpi) for path in meters)
    assert shown.shape == expected.shape
    assert abs(shown.shape[1] - 254 / 25.4 * dpi) <= 1
    # Poppler's own renderer moves each image outward to whole pixels, so that a copy may lie a pixel further off.
    assert strangers(shown, expected, shift=2 if judge == "pdftoppm" else 1).mean() < 1e-5


@pytest.mark.parametrize("px_per_mm", [72 / 25.4, 101 / 25.4, 6])
def test_the_hairline_test_can_fail(tmp_path: Path, px_per_mm: float) -> None:
    """Tiles half a millimeter too small show the paper between them."""
    asked, page = job(), (300.0, 200.0)
    raster = Raster.of(asked)
    small = Picture(720, 360, raster.rectangle().bands, (6.0, 6.0))
    write_pdf(tmp_path / "gap.pdf", small, Paving(page, (120.0, 60.0)), Marks.of(asked))
    data = (tmp_path / "gap.pdf").read_bytes()
    (tmp_path / "gap.pdf").write_bytes(data.replace(b"q 340.15748 0 0", b"q 338.74016 0 0"))
    whole = paved(raster.rgb, asked.grid, np.arange(1200), np.arange(1800))
    write_pdf(
        tmp_path / "whole.pdf",
        Picture(1800, 1200, lambda: iter([whole]), (6.0, 6.0)),
        Paving(page, page),
        Marks.of(asked),
    )
    shown, expected = (_rendered(tmp_path / name, px_per_mm) for name in ("gap.pdf", "whole.pdf"))
    assert strangers(shown, expected).mean() > 1e-4


def test_meter_pdf_is_one_image_with_a_margin(package) -> None:
    folder, _ = package
    with pikepdf.open(folder / "meter.pdf") as pdf:
        images = [o for o in pdf.objects if isinstance(o, pikepdf.Stream) and o.get("/Subtype") == "/Image"]
        assert len(images) == 1
        margin = (int(images[0].Width) - 720) // 2
        assert margin / 6 * PT >= 1
        assert str(images[0].ColorSpace[0]) == "/ICCBased"
        content = pdf.pages[0].Contents.read_bytes()
    assert content.count(b"/Tile Do") == 13 * 17


@pytest.mark.parametrize("name", ["repeat.pdf", "meter.pdf", "palette.pdf"])
def test_no_font_is_named_that_is_not_embedded(package, name: str) -> None:
    folder, _ = package
    fonts = 0
    with pikepdf.open(folder / name) as pdf:
        assert pdf.pdf_version == "1.6"
        assert "/OutputIntents" not in pdf.Root
        assert "/Trans" not in pdf.pages[0].obj
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font":
                fonts += 1
                assert "/FontFile2" in item.FontDescriptor
    assert b"Helvetica" not in (folder / name).read_bytes()
    assert fonts == (2 if name == "palette.pdf" else 0)


def test_palette_card_says_every_ink(package) -> None:
    folder, _ = package
    with pypdfium2.PdfDocument(folder / "palette.pdf") as pdf:
        text = pdf[0].get_textpage().get_text_range()
    for ink in PALETTE.inks:
        assert ink.name in text
        assert ink.hex in text
    assert "Made with a model." in text
    assert sum(float(v) for v in re.findall(r"([0-9.]+)%", text)) == pytest.approx(100, abs=0.2)


def test_palette_card_holds_32_inks(tmp_path: Path) -> None:
    inks = tuple(Ink(f"ink number {i}", (3.0 * i, 0.0, 10.0)) for i in range(32))
    asked = job("straight")
    planes = np.concatenate([planes_on(asked.grid), np.zeros((29, 360, 360), np.uint8)])
    files = packaged(job("straight", palette=Palette(inks), bands=lambda: iter([(0, planes)])), tmp_path)
    with pypdfium2.PdfDocument(tmp_path / "palette.pdf") as pdf:
        text = pdf[0].get_textpage().get_text_range()
    assert all(f"ink number {i}" in text for i in range(32))
    assert "inks that cover nothing" in files[-1].path.read_text()


def test_digital_source_type_is_named_everywhere(package) -> None:
    _, files = package
    said = b"http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    for file in files[:-1]:
        assert said in file.path.read_bytes(), file.path.name


def test_summary(package) -> None:
    folder, files = package
    text = (folder / "summary.txt").read_text()
    assert "120 x 60 mm, 720 x 360 px" in text
    assert "6 px/mm (152.4 dpi)" in text
    rows = {file.path.name: file.note for file in files}
    assert '"half-drop"' in rows["cell-half-drop.png"]
    assert '"basic"' in rows["repeat.png"]
    assert all(note in text for name, note in rows.items() if name != "summary.txt")


def test_findings_are_listed(tmp_path: Path) -> None:
    given = Finding("warning", "a thin line", "0.2 mm")
    product = replace(presets.product("fabric-digital"), files=("repeat.pdf",))
    made = deliver(job(findings=(given,)), Order(product, Fit(), Colors("cmyk")), tmp_path)
    assert made.findings[0] == given
    assert "paper condition" in str(made.findings[-1])
    assert all(str(finding) in (tmp_path / "summary.txt").read_text() for finding in made.findings)


def test_equal_designs_make_equal_bytes(package, tmp_path: Path) -> None:
    folder, _ = package
    for file in packaged(job(), tmp_path):
        assert file.path.read_bytes() == (folder / file.path.name).read_bytes(), file.path.name


def test_shared_pixels_mix_in_linear_light() -> None:
    palette = Palette((Ink.of_hex("#000000"), Ink.of_hex("#ffffff")))
    index, rgb = mixed(np.array([[[127, 255, 0]], [[128, 0, 255]]], np.uint8), palette)
    assert index.tolist() == [[1, 0, 1]]
    assert rgb[0, :, 0].tolist() == [188, 0, 255]


@pytest.mark.parametrize("repeat", ["straight", "half-drop", "drop 2/5", "brick", "slide 1/3"])
def test_paving_is_the_grids_own(repeat: str) -> None:
    grid = Lattice.named(repeat, 60, 60).grid(30, 30)
    cell = np.random.default_rng(0).integers(0, 255, (30, 30))
    got = paved(cell, grid, np.arange(-40, 75), np.arange(-65, 50))
    assert np.array_equal(got, grid.window(cell, top=-40, left=-65, height=115, width=115))


def test_progress_names_the_files(tmp_path: Path) -> None:
    names: list[str] = []
    files = packaged(job("straight"), tmp_path, progress=names.append)
    assert names == ["pixels", *(file.path.name for file in files)]


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(errno.ENOSPC, "No space left on device"), ValueError])
def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop) -> None:
    written: list[bytes] = []

    def failing(original: Callable[..., None]) -> Callable[..., None]:
        def chunk(file, kind: bytes, data: bytes) -> None:
            original(file, kind, data)
            written.append(kind)
            if kind == b"IEND" and written.count(kind) == 2:
                raise stop

        return chunk

    monkeypatch.setattr(png, "_chunk", failing(png._chunk))
    expected = (CannotMake, "no room left") if isinstance(stop, OSError) else (stop, None)
    with pytest.raises(expected[0], match=expected[1]):
        packaged(job(), tmp_path / "a" / "b")
    assert written.count(b"IEND") == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["repeat.png", "repeat.tif", "repeat.pdf", "meter.pdf", "palette.pdf"])
def test_a_full_disk_is_said_in_words(package, tmp_path: Path, name: str) -> None:
    """A limit on files' sizes stops the writing of each kind of file as a full disk does, a few bytes from its end."""
    resource = pytest.importorskip("resource")
    room = (package[0] / name).stat().st_size - 10
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, hard))
    try:
        with pytest.raises(CannotMake, match="no room left"):
            packaged(job(), tmp_path / "out")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "repeat.png").write_text("precious")
    with pytest.raises(CannotMake, match=r"none over 5\.08 m"):
        packaged(job(), tmp_path, width_mm=6000.0, colors=Colors("cmyk", "x1a"))
    assert [path.name for path in tmp_path.iterdir()] == ["repeat.png"]
    assert (tmp_path / "repeat.png").read_text() == "precious"


def test_a_folder_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(CannotMake, match="not a folder"):
        packaged(job(), tmp_path / "taken")
    with pytest.raises(CannotMake, match="not a folder"):
        packaged(job(), tmp_path / "taken" / "below")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_forbids(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(CannotMake, match="cannot be written to"):
        packaged(job(), tmp_path)


def test_a_read_only_folder_is_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(CannotMake, match="cannot be written to; choose another folder"):
        packaged(job(), tmp_path / "out")


def test_refusals() -> None:
    with pytest.raises(InputError, match="does not carry"):
        job(grid=Grid(360, 360))
    with pytest.raises(InputError, match="square"):
        job("straight", grid=Grid(360, 363))
    with pytest.raises(InputError, match="does not fit"):
        Raster.of(job(palette=Palette(PALETTE.inks[:2])))
    with pytest.raises(InputError, match="end at row 100"):
        Raster.of(job(bands=lambda: iter([(0, planes_on(job().grid)[:, :100])])))


def _rendered(path: Path, px_per_mm: Any) -> np.ndarray:
    """The page as pdfium draws it, (H, W, 3) uint8, without the platform's antialiasing of images' edges."""
    with pypdfium2.PdfDocument(path) as pdf:
        return np.asarray(pdf[0].render(scale=px_per_mm * 25.4 / 72).to_pil().convert("RGB"))
