"""Preflight finds repeats by itself, passes sound files of ours and of others, and survives hostile ones."""

import json
import shutil
import struct
import subprocess
import time
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pikepdf
import pytest
import tifffile
from pikepdf import Array, Dictionary, Name
from PIL import Image, ImageCms

from patterns import presets
from patterns.atelier import preflighting
from patterns.atelier.preflighting import inspect, inspect_safely
from patterns.cli import main
from patterns.color import Ink, Palette
from patterns.errors import InputError
from patterns.lattice import Grid, Lattice
from patterns.preflight import Report, Wanted, check
from patterns.preflight.repeat import find_repeat
from patterns.press import Colors, Order, Print, deliver
from patterns.product import Fit

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PALETTE = Palette(
    (
        Ink.of_hex("#f3ead7", name="cream", role="ground"),
        Ink.of_hex("#27356b", name="indigo", role="main"),
        Ink.of_hex("#b5563c", name="madder", role="accent"),
    ),
    "Three",
)


def leaves(grid: Grid) -> np.ndarray:
    """Inks (H, W) uint8 of waves on a grid's own lattice."""
    y, x = np.mgrid[: grid.height, : grid.width].astype(float)
    u = 2 * np.pi * (x - y * grid.slide / grid.height) / grid.width
    v = 2 * np.pi * (y - x * grid.drop / grid.width) / grid.height
    waves = np.sin(2 * u + v) + np.sin(3 * v - u + 1) + np.sin(u + 2) * np.cos(4 * v) + np.sin(5 * u - 2 * v)
    return (waves > 0.3).astype(np.uint8) + (waves > 1.3)


def shown(grid: Grid, *, width: int, height: int, left: int = 0, top: int = 0) -> np.ndarray:
    return PALETTE.srgb8()[grid.window(leaves(grid), top=top, left=left, height=height, width=width)]


def loud(report: Report) -> list[str]:
    return [f"{f.severity}: {f.message} ({f.measured})" for f in report.findings if f.severity != "note"]


@pytest.mark.parametrize(
    ("grid", "name"),
    [
        (Grid(120, 96), "straight"),
        (Grid(120, 96, drop=48), "half-drop"),
        (Grid(120, 96, drop=32), "third-drop"),
        (Grid(96, 120, slide=48), "brick"),
    ],
)
def test_a_tile_is_found_to_be_straight_or_dropped(tmp_path: Path, grid: Grid, name: str) -> None:
    cell = shown(grid, width=grid.width, height=grid.height)
    Image.fromarray(cell).save(tmp_path / "a.png", dpi=(150, 150), icc_profile=SRGB)
    report = check(tmp_path / "a.png", Wanted())
    assert report.meeting is not None
    assert (report.meeting.repeat, loud(report)) == (name, [])
    Image.fromarray(cell[:, 7:]).save(tmp_path / "b.png", dpi=(150, 150), icc_profile=SRGB)
    assert not check(tmp_path / "b.png", Wanted()).passed


@pytest.mark.parametrize(
    "grid", [Grid(120, 96), Grid(120, 96, drop=48), Grid(96, 120, slide=48), Grid(97, 90, drop=30)]
)
def test_a_sheet_is_found_to_repeat_wherever_it_was_cut(grid: Grid) -> None:
    found = find_repeat(shown(grid, width=310, height=290, left=37, top=11))
    assert found is not None
    assert abs(found.width * found.height - grid.width * grid.height) == 0
    rng = np.random.default_rng(0)
    assert find_repeat(rng.integers(0, 255, (200, 200, 3), np.uint8)) is None


def test_a_seam_within_a_sheet_is_found_where_its_cells_meet(tmp_path: Path) -> None:
    cell = shown(Grid(128, 96), width=121, height=96)
    Image.fromarray(np.tile(cell, (3, 3, 1))[:250, :320]).save(tmp_path / "a.png", dpi=(150, 150), icc_profile=SRGB)
    report = check(tmp_path / "a.png", Wanted())
    assert report.meeting is not None
    assert report.meeting.size_px == (121, 96)
    assert not report.passed


def job(**said: object) -> Print:
    lattice = Lattice.named("half-drop", 40, 40)
    grid = lattice.grid(240, 240)
    index = leaves(grid)
    planes = np.stack([np.where(index == k, 255, 0) for k in range(3)]).astype(np.uint8)
    values = {"bands": lambda: iter([(0, planes)]), "grid": grid, "lattice": lattice, "palette": PALETTE}
    said = {"title": "Leaves", "record": {"seed": 7}, "label": "Drawn."} | said
    return Print(**values, **said)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "colors", [Colors(), Colors("spot"), Colors("cmyk"), Colors("cmyk", "x1a")], ids=lambda c: f"{c.kind}-{c.standard}"
)
def test_every_file_of_ours_passes(tmp_path: Path, colors: Colors) -> None:
    product = replace(presets.product("fabric-digital"), width_mm=100.0, length_mm=90.0)
    for delivered in deliver(job(), Order(product, Fit(), colors), tmp_path / "out").files:
        if delivered.path.suffix in (".pdf", ".tif", ".png", ".jpg"):
            report = inspect(delivered.path)
            assert loud(report) == [], delivered.path.name
            assert report.meeting is not None or delivered.kind == "palette", delivered.path.name


def picture_pdf(path: Path) -> Path:
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(120, 96)).obj
    pixels = shown(Grid(240, 192), width=240, height=192)
    space = Array([Name.ICCBased, pdf.make_stream(SRGB, N=3)])
    picture = pdf.make_stream(pixels.tobytes(), Type=Name.XObject, Subtype=Name.Image, Width=240, Height=192)
    picture.BitsPerComponent, picture.ColorSpace = 8, space
    page.Resources = Dictionary(XObject=Dictionary(A=picture))
    page.Contents = pdf.make_stream(b"q 120 0 0 96 0 0 cm /A Do Q")
    pdf.save(path)
    return path


def ghostscript(source: Path, target: Path) -> None:
    command = ["gs", "-q", "-dBATCH", "-dNOPAUSE", "-sDEVICE=pdfwrite", "-dPDFSETTINGS=/prepress", f"-o{target}"]
    subprocess.run([*command, "-dEncodeColorImages=true", str(source)], check=True, capture_output=True)


def cairo(source: Path, target: Path) -> None:
    subprocess.run(["pdftocairo", "-pdf", str(source), str(target)], check=True, capture_output=True)


def mutool(source: Path, target: Path) -> None:
    subprocess.run(["mutool", "clean", "-z", str(source), str(target)], check=True, capture_output=True)


def streams(source: Path, target: Path) -> None:
    with pikepdf.open(source) as pdf:
        pdf.save(target, object_stream_mode=pikepdf.ObjectStreamMode.generate, linearize=True, min_version="1.5")


@pytest.mark.parametrize(
    ("tool", "write"), [("gs", ghostscript), ("pdftocairo", cairo), ("mutool", mutool), ("", streams)]
)
def test_sound_files_of_other_writers_pass(tmp_path: Path, tool: str, write: Callable[[Path, Path], None]) -> None:
    if tool and not shutil.which(tool):
        pytest.skip(f"{tool} is not installed")
    write(picture_pdf(tmp_path / "a.pdf"), tmp_path / "b.pdf")
    report = check(tmp_path / "b.pdf", Wanted())
    # Some writers drop the profile and write device colors, which is worth saying.
    assert [line for line in loud(report) if "no profile defines" not in line] == []
    assert report.meeting is not None
    assert report.meeting.size_px[0] in range(100, 300)


def test_a_pdf_meets_itself_or_not_as_pdfium_draws_it(tmp_path: Path) -> None:
    path = picture_pdf(tmp_path / "a.pdf")
    assert check(path, Wanted()).passed
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        page = pdf.pages[0].obj
        page.MediaBox = Array([0, 0, 115, 96])
        pdf.save(path)
    report = check(path, Wanted())
    assert any("does not meet itself left to right" in line for line in loud(report))


# Hostile files: each must end with one sentence, soon.


def bomb(path: Path) -> None:
    """Content of 300 MB in 300 KB."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(b"q Q " * (1 << 18)) for _ in range(300)) + packer.flush()
    pdf = pikepdf.new()
    stream = pdf.make_stream(b"")
    stream.write(data, filter=Name.FlateDecode)
    pdf.add_blank_page().obj.Contents = stream
    pdf.save(path, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False)


def by_hand(path: Path, *objects: bytes) -> None:
    """Write a PDF of these objects, the first its catalog, with a table that is right."""
    data, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj" % number + body + b"endobj\n"
    table = b"0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    tail = b"xref\n0 %d\n" % count + table + b"trailer<</Root 1 0 R/Size %d>>\n" % count
    path.write_bytes(data + tail + b"startxref\n%d\n%%%%EOF\n" % len(data))


def many_pages(path: Path) -> None:
    """A hundred thousand pages by reference to one."""
    kids = b" ".join([b"3 0 R"] * 100_000)
    pages = b"<</Type/Pages/Count 100000/Kids[" + kids + b"]>>"
    by_hand(path, b"<</Type/Catalog/Pages 2 0 R>>", pages, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")


def page_loop(path: Path) -> None:
    by_hand(path, b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 9/Kids[2 0 R]/Parent 2 0 R>>")


def deep(path: Path) -> None:
    nested = b"[" * 100_000 + b"]" * 100_000
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    by_hand(path, b"<</Type/Catalog/Pages 2 0 R/X " + nested + b">>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>", page)


def huge_image(path: Path) -> None:
    picture_pdf(path)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        picture = pdf.pages[0].obj.Resources.XObject.A
        picture.Width, picture.Height = 60_000, 60_000
        pdf.save(path)


def form_bomb(path: Path) -> None:
    """Forms that each draw the next ten times, twenty deep."""
    pdf = pikepdf.new()
    inner = pdf.make_stream(b"0 0 9 9 re f", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
    for _ in range(20):
        form = pdf.make_stream(b"/F Do " * 10, Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 9, 9])
        form.Resources, inner = Dictionary(XObject=Dictionary(F=inner)), form
    page = pdf.add_blank_page().obj
    page.Resources, page.Contents = Dictionary(XObject=Dictionary(F=inner)), pdf.make_stream(b"/F Do")
    pdf.save(path)


def truncated(path: Path) -> None:
    picture_pdf(path)
    path.write_bytes(path.read_bytes()[:2500])


def tiff_loop(path: Path) -> None:
    """A directory whose next is itself."""
    entries = [(256, 9), (257, 9), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 9), (279, 81)]
    body = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in entries)
    path.write_bytes(b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(entries)) + body + struct.pack("<I", 8))


def tiff_huge(path: Path) -> None:
    tifffile.imwrite(path, np.zeros((8, 8, 3), np.uint8), photometric="rgb", metadata=None)
    with tifffile.TiffFile(path, mode="r+") as file:
        for tag in (256, 257):
            file.pages.first.tags[tag].overwrite(60_000)


def noise(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + np.random.default_rng(1).bytes(50_000))


HOSTILE = (
    bomb, many_pages, page_loop, deep, huge_image, form_bomb, truncated, tiff_loop, tiff_huge, noise
)  # fmt: skip


@pytest.mark.parametrize("write", HOSTILE, ids=lambda write: write.__name__)
def test_hostile_files_end_soon_with_one_sentence(write: Callable[[Path], None], tmp_path: Path) -> None:
    write(tmp_path / "file")
    start = time.process_time()
    try:
        said = loud(inspect(tmp_path / "file"))
    except InputError as error:
        said = [str(error)]
    assert said
    assert all(0 < len(line) < 400 and "\n" not in line for line in said), said
    assert time.process_time() - start < 60


def test_what_breaks_its_reader_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = picture_pdf(tmp_path / "a.pdf")
    assert inspect_safely(path).passed
    monkeypatch.setattr(preflighting, "CHILD", ("-c", "import os; os.abort()"))
    with pytest.raises(InputError, match="made to break its readers"):
        inspect_safely(path)


def test_a_product_asks_for_its_own_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = picture_pdf(tmp_path / "a.pdf")
    assert main(["check", str(path), "--json"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["kind"] == "PDF"
    assert record["passed"]
    assert record["facts"]["resolution"] == "144.0 dpi at the least"
    assert (record["width_mm"], record["height_mm"]) == pytest.approx((42.333, 33.867), abs=0.01)
    assert main(["check", str(path), "--for", "fabric-rotary", "--json"]) == 5
    said = json.loads(capsys.readouterr().out)["findings"]
    assert any("too few pixels" in finding["message"] for finding in said)
    assert all({"severity", "message", "measured", "cure"} == set(finding) for finding in said)
