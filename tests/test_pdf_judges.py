"""Pages of PDF before outside judges: Ghostscript, Poppler (splash and cairo), MuPDF, pdfium, qpdf, exiftool."""

import json
import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image
from scipy.ndimage import maximum_filter, minimum_filter

from patterns.press import pdf
from patterns.press.marks import Marks
from patterns.press.names import plate_names
from patterns.press.page import Symbol, Trimmings
from patterns.press.pdf import Colors, write_sheet
from patterns.press.process import process_inks, read_condition
from patterns.press.raster import Raster
from patterns.product import Sheet
from patterns.units import MM_PER_INCH
from tests.pages import PALETTE, SIDE, a_job, planes_on

JUDGES = {
    "gs": "gs -q -dSAFER -dBATCH -dNOPAUSE -dPDFSTOPONERROR -sDEVICE=png16m -rDPI -o OUT.png IN",
    "gs smooth": "gs -q -dSAFER -dBATCH -dNOPAUSE -dGraphicsAlphaBits=4 -sDEVICE=png16m -rDPI -o OUT.png IN",
    "pdftoppm": "pdftoppm -png -singlefile -r DPI IN OUT",
    "pdftocairo": "pdftocairo -png -singlefile -r DPI IN OUT",
    "mutool": "mutool draw -q -r DPI -o OUT.png IN",
    "pdfium": "",
}
NONE = Trimmings()
NATIVE_DPI = 152.4


def asked(tool: str, command: list[str]) -> str:
    """Return what an outside judge says; skips where there is none, but never in CI."""
    if shutil.which(tool) is None:
        assert not os.environ.get("CI"), f"{tool} is missing, which .ci/run installs"
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def drawn(judge: str, path: Path, dpi: float) -> np.ndarray:
    """Return the first page as a judge draws it, (H, W, 3) uint8."""
    if judge == "pdfium":
        with pypdfium2.PdfDocument(path) as document:
            page: Any = document[0]
            return page.render(scale=dpi / 72, rev_byteorder=True).to_numpy()[..., :3].copy()
    out = path.with_name(f"{path.stem}-{judge.replace(' ', '-')}-{dpi:g}")
    names = {"IN": str(path), "OUT": str(out), "OUT.png": f"{out}.png", "DPI": f"{dpi:g}", "-rDPI": f"-r{dpi:g}"}
    asked(judge.split()[0], [names.get(word, word) for word in JUDGES[judge].split()])
    with Image.open(f"{out}.png") as image:
        return np.asarray(image.convert("RGB"))


def strangers(shown: np.ndarray, expected: np.ndarray, *, shift: int) -> int:
    """Return how many pixels have a color that is not between those expected around them."""
    size = (2 * shift + 1, 2 * shift + 1, 1)
    low, high = (f(expected, size=size).astype(int) for f in (minimum_filter, maximum_filter))
    return int(np.any((shown < low - 12) | (shown > high + 12), axis=2).sum())


@pytest.fixture(scope="module")
def raster() -> Raster:
    return Raster.of(a_job())


CLOTH = Sheet("cloth", 160.0, 110.0, left_mm=7.7, top_mm=5.1)
KINDS: tuple[Any, ...] = ("rgb", "cmyk", "spot")
# The others take each copy of an image outward to whole pixels of the screen: up to one pixel off, and no more at the
# last copy than at the first.
TRUE = ("gs", "gs smooth", "pdftocairo")


@pytest.fixture(scope="module")
def solids(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each kind of colors a cloth all of one dark ink: any other color on it is a seam."""
    folder, planes = tmp_path_factory.mktemp("solids"), np.zeros((4, 128, 128), np.uint8)
    planes[3] = 255
    job = a_job(planes=planes)
    for kind in KINDS:
        path = folder / f"{kind}.pdf"
        write_sheet(path, Raster.of(job), CLOTH, Marks.of(job), colors=Colors(kind), trimmings=NONE)
        with pikepdf.open(path) as document:
            assert document.pages[0].Contents.read_bytes().count(b"/Tile Do") == 4 * 6
    return {kind: folder / f"{kind}.pdf" for kind in KINDS}


def wrong(shown: np.ndarray) -> int:
    """Return how many pixels have another color than most, to what renderers round; the page's rim is left out."""
    inner = shown[1:-1, 1:-1].astype(int)
    return int((np.abs(inner - np.median(inner, axis=(0, 1))).max(axis=2) > 3).sum())


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize(("kind", "dpi"), [("rgb", 72), ("rgb", 101), ("rgb", 150), ("cmyk", 72), ("spot", 150)])
def test_not_one_wrong_pixel_along_any_seam(solids: dict[str, Path], judge: str, dpi: int, kind: str) -> None:
    assert wrong(drawn(judge, solids[kind], dpi)) == 0


@pytest.mark.parametrize("judge", JUDGES)
def test_the_seam_test_can_fail(raster: Raster, tmp_path: Path, judge: str) -> None:
    """Copies half a millimeter too small show the paper between them in every renderer."""
    planes = np.zeros((4, 128, 128), np.uint8)
    planes[3] = 255
    job = a_job(planes=planes)
    laid = pdf._Laid((0, 0, 253, 125), job.px_per_mm, (2 * SIDE, SIDE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf, "_laid", lambda raster, sheets: [laid])
        write_sheet(tmp_path / "gap.pdf", Raster.of(job), CLOTH, Marks.of(job), colors=Colors(), trimmings=NONE)
    assert wrong(drawn(judge, tmp_path / "gap.pdf", 101)) > 100


@pytest.mark.parametrize("judge", TRUE)
def test_colors_run_on_across_seams(raster: Raster, tmp_path: Path, judge: str) -> None:
    """Paved, the cloth looks as it does as one picture that was paved before it was placed."""
    paths = [tmp_path / "paved.pdf", tmp_path / "whole.pdf"]
    cut = pdf._Laid(pdf._cut(CLOTH, raster.job.px_per_mm), raster.job.px_per_mm)
    for path in paths:
        with pytest.MonkeyPatch.context() as patch:
            if path.stem == "whole":
                patch.setattr(pdf, "_laid", lambda raster, sheets: [cut])
            write_sheet(path, raster, CLOTH, Marks.of(raster.job), colors=Colors(), trimmings=NONE)
    shown, expected = (drawn(judge, path, 101) for path in paths)
    assert shown.shape == expected.shape
    assert strangers(shown, expected, shift=1) == 0


# Four copies meet in it, 17.7 mm from its left and 11.3 mm from its top.
JOINT = Sheet("joint", 48.0, 30.0, left_mm=25.0, top_mm=10.0)
# A pixel of the design is 3.3 of the screen's, and lies on none of them.
FINE_DPI = 500


@pytest.fixture(scope="module")
def joints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Waves in two inks: paved; as one picture; and with the lower right copy one pixel of the design off each way."""
    folder, job = tmp_path_factory.mktemp("joints"), a_job()
    dark = planes_on(job.grid)[0] < 128
    planes = np.zeros((4, 128, 128), np.uint8)
    planes[0], planes[3] = np.where(dark, 0, 255), np.where(dark, 255, 0)
    raster, corners = Raster.of(a_job(planes=planes)), pdf._Laid.corners
    whole = pdf._Laid(pdf._cut(JOINT, job.px_per_mm), job.px_per_mm)
    pixel = 1 / job.px_per_mm[0]

    def off(across: float, down: float) -> Any:
        def moved(laid: Any, sheet: Sheet) -> Any:
            *others, (x, y) = corners(laid, sheet)
            assert len(others) == 3
            return [*others, (x + across, y + down)]

        return moved

    changes = {
        "paved": None,
        "whole": (pdf, "_laid", lambda raster, sheets: [whole]),
        "right": (pdf._Laid, "corners", off(pixel, 0)),
        "down": (pdf._Laid, "corners", off(0, pixel)),
    }
    for name, change in changes.items():
        with pytest.MonkeyPatch.context() as patch:
            if change:
                patch.setattr(*change)
            path = folder / f"{name}.pdf"
            write_sheet(path, raster, JOINT, Marks.of(job), colors=Colors(), trimmings=NONE)
    return {name: folder / f"{name}.pdf" for name in changes}


def misplaced(shown: np.ndarray, expected: np.ndarray) -> int:
    """Return how many pixels, light or dark, have none of their kind within one pixel in the other picture.

    So far a renderer may take an edge. The page's rim is left out: the one picture ends there, the copies run on.
    """
    kinds = [image[2:-2, 2:-2].mean(axis=2) < 128 for image in (shown, expected)]
    far = [
        (ours == kind) & np.logical_not(maximum_filter(theirs == kind, size=3))
        for kind in (False, True)
        for ours, theirs in (kinds, kinds[::-1])
    ]
    return int(np.any(far, axis=0).sum())


@pytest.mark.parametrize("judge", JUDGES)
def test_copies_join_where_they_should_and_one_pixel_off_is_noticed(joints: dict[str, Path], judge: str) -> None:
    expected = drawn(judge, joints["whole"], FINE_DPI)
    assert 0.2 < (expected.mean(axis=2) < 128).mean() < 0.8
    assert misplaced(drawn(judge, joints["paved"], FINE_DPI), expected) == 0
    for wrong_one in ("right", "down"):
        assert misplaced(drawn(judge, joints[wrong_one], FINE_DPI), expected) > 100


STRIPES = np.zeros((4, 128, 128), np.uint8)
STRIPES[0, 64:], STRIPES[3, :64] = 255, 255


@pytest.fixture(scope="module")
def stripes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A meter of stripes, black from k to k + 1/2 repeats; 40 inches, so that judges agree on where the page ends."""
    path = tmp_path_factory.mktemp("stripes") / "stripes.pdf"
    job = a_job("straight", planes=STRIPES)
    sheet = Sheet("stripes", 50.8, 1016.0)
    write_sheet(path, Raster.of(job), sheet, Marks.of(job), colors=Colors(), trimmings=NONE)
    return path


def test_placements_are_exact_over_a_meter(stripes: Path) -> None:
    with pypdfium2.PdfDocument(stripes) as document:
        page = document[0]
        assert page.get_size() == pytest.approx((50.8 / MM_PER_INCH * 72, 2880), abs=0.01)
        tops = {
            round((2880 - image.get_matrix().get()[5] - image.get_matrix().get()[3]) / 72 * 25.4, 5)
            for image in page.get_objects()
        }
    margin = sorted(tops)[0]
    assert -1 < margin < -1 / 72 * 25.4 + 1e-4
    assert np.allclose(sorted(tops), [margin + k * SIDE for k in range(48)], atol=0.01, rtol=0)


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("dpi", [72, 101, 150])
def test_edges_lie_where_they_should(stripes: Path, judge: str, dpi: int) -> None:
    shown = drawn(judge, stripes, dpi).astype(float).mean(axis=2)[:, 10:-10].mean(axis=1)
    level = (shown.min() + shown.max()) / 2
    dark = shown < level
    turns = np.flatnonzero(dark[1:] != dark[:-1])
    # Where the straight line between two rows crosses the level, in pixels from the top; a row's middle is at 1/2.
    edges = turns + 0.5 + (shown[turns] - level) / (shown[turns] - shown[turns + 1])
    expected = np.arange(1, len(edges) + 1) * SIDE / 2 / MM_PER_INCH * dpi
    assert len(edges) == 95
    assert np.abs(edges - expected).max() <= (0.51 if judge in TRUE else 1.0)


def plates(path: Path, dpi: float = NATIVE_DPI) -> dict[str, np.ndarray]:
    """Return what Ghostscript's separations hold, (H, W) uint8 by name, 255 the full ink."""
    out = path.with_name(f"{path.stem}-sep.tif")
    command = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dPDFSTOPONERROR", "-sDEVICE=tiffsep", "-dMaxSpots=32"]
    asked("gs", [*command, f"-r{dpi:g}", "-o", str(out), str(path)])
    found = {}
    for file in path.parent.glob(f"{path.stem}-sep(*).tif"):
        with Image.open(file) as image:
            found[file.stem.split("(", 1)[1][:-1]] = 255 - np.asarray(image.convert("L"))
    return found


@pytest.fixture(scope="module")
def rectangle() -> np.ndarray:
    """The repeat rectangle's coverages, (4, 128, 256)."""
    grid = a_job().grid
    return grid.rectangle(planes_on(grid))


@pytest.mark.parametrize(("ground", "first"), [("cloth", 1), ("printed", 0)])
def test_spot_plates_come_out_by_name_with_values_as_drawn(
    raster: Raster, rectangle: np.ndarray, tmp_path: Path, ground: str, first: int
) -> None:
    sheet = Sheet("repeat", 2 * SIDE, SIDE)
    colors = Colors("spot", ground=ground)
    write_sheet(tmp_path / "spot.pdf", raster, sheet, Marks.of(raster.job), colors=colors, trimmings=NONE)
    found, names = plates(tmp_path / "spot.pdf"), plate_names(PALETTE)[first:]
    assert set(found) == {*names, "Cyan", "Magenta", "Yellow", "Black"}
    for place, name in enumerate(names, start=first):
        assert np.array_equal(found[name], rectangle[place]), name
    for process in ("Cyan", "Magenta", "Yellow", "Black"):
        assert not found[process].any()


def test_cmyk_plates_come_out_with_values_as_drawn(raster: Raster, rectangle: np.ndarray, tmp_path: Path) -> None:
    sheet = Sheet("repeat", 2 * SIDE, SIDE)
    colors = Colors("cmyk", "x1a")
    write_sheet(tmp_path / "cmyk.pdf", raster, sheet, Marks.of(raster.job), colors=colors, trimmings=NONE)
    found = plates(tmp_path / "cmyk.pdf")
    inks = process_inks(PALETTE, read_condition().profile)
    for place, name in enumerate(("Cyan", "Magenta", "Yellow", "Black")):
        mixed = np.tensordot(inks[:, place], rectangle.astype(float), 1)
        assert np.abs(found[name] - mixed).max() <= 0.51, name


def test_spot_marks_are_on_every_plate_and_on_no_process_plate(raster: Raster, tmp_path: Path) -> None:
    trimmings = replace(Trimmings.strike_off("a1"), registration=True, chips=True)
    sheet = Sheet("strike-off", 60.0, 80.0, bleed_mm=3.0)
    write_sheet(
        tmp_path / "strike.pdf", raster, sheet, Marks.of(raster.job), colors=Colors("spot"), trimmings=trimmings
    )
    found = plates(tmp_path / "strike.pdf")
    assert not any(found[process].any() for process in ("Cyan", "Magenta", "Yellow", "Black"))
    first, *others = (found[name] for name in plate_names(PALETTE)[1:])
    # Above the bleed are crop marks and a target alone.
    head = round(5 / MM_PER_INCH * NATIVE_DPI)
    assert first[:head].any()
    assert all(np.array_equal(first[:head], other[:head]) for other in others)


def test_overprint_is_real(raster: Raster, tmp_path: Path) -> None:
    """A stroke in one ink leaves the others alone under our graphics state, and knocks them out without it."""
    path = tmp_path / "spot.pdf"
    sheet = Sheet("repeat", 2 * SIDE, SIDE)
    write_sheet(path, raster, sheet, Marks.of(raster.job), colors=Colors("spot"), trimmings=NONE)
    _, straw, madder, _ = plate_names(PALETTE)
    before = plates(path)
    for overprint in (True, False):
        stroke = b"q /Ink2 cs 1 scn 0 0 300 300 re f Q"
        with pikepdf.open(path) as document:
            page = document.pages[0]
            if not overprint:
                page.Resources.ExtGState.Over.OP = page.Resources.ExtGState.Over.op = False
            page.Contents = document.make_stream(page.Contents.read_bytes() + b" " + stroke)
            document.save(tmp_path / f"over-{overprint}.pdf")
        after = plates(tmp_path / f"over-{overprint}.pdf")
        assert (after[straw] == 255).all()
        assert np.array_equal(after[madder], before[madder]) == overprint
        assert after[madder].any() == overprint


def every_page(raster: Raster, folder: Path) -> list[Path]:
    """Write one file of every flavor."""
    trimmings = replace(Trimmings.strike_off("a1", "2026-11-22"), symbols=(Symbol("drop", "half-drop 64/32 cm"),))
    sheet, marks, paths = Sheet("piece", 60.0, 40.0, bleed_mm=3.0), Marks.of(raster.job), []
    flavors: list[tuple[Any, Any]] = [("rgb", "x4"), ("cmyk", "x4"), ("cmyk", "x1a"), ("spot", "x4"), ("spot", "x1a")]
    for kind, standard in flavors:
        paths.append(folder / f"{kind}-{standard}.pdf")
        write_sheet(paths[-1], raster, sheet, marks, colors=Colors(kind, standard), trimmings=trimmings)
    return paths


def test_qpdf_finds_nothing_and_exiftool_reads_the_label(raster: Raster, tmp_path: Path) -> None:
    for path in every_page(raster, tmp_path):
        assert "No syntax or stream encoding errors found" in asked("qpdf", ["qpdf", "--check", str(path)])
        (said,) = json.loads(asked("exiftool", ["exiftool", "-j", str(path)]))
        assert said["Title"] == raster.job.title
        assert said["Description"] == raster.job.label
        assert said["DigitalSourceType"].endswith("trainedAlgorithmicMedia")
        assert json.loads(said["Record"]) == {"seed": 7} if isinstance(said["Record"], str) else said["Record"]
        if "rgb" not in path.name:
            assert said["CreateDate"].startswith("2026:11:22")
            assert str(said["Trapped"]) == "False"


def test_poppler_finds_every_font_embedded(raster: Raster, tmp_path: Path) -> None:
    for path in every_page(raster, tmp_path):
        _, _, *fonts = asked("pdffonts", ["pdffonts", str(path)]).splitlines()
        assert len(fonts) == 2
        assert all(line.split()[-5:-2] == ["yes", "yes", "yes"] for line in fonts)
        text = asked("pdftotext", ["pdftotext", str(path), "-"])
        assert all(words in text for words in ("Waves & <discs>", "design a1", "2026-11-22", "04 Black", "64/32"))


@pytest.mark.parametrize("judge", ["gs", "mutool"])
def test_a_roll_is_as_long_as_it_says(raster: Raster, tmp_path: Path, judge: str) -> None:
    """Ghostscript and MuPDF honor UserUnit; Poppler and pdfium do not, as the warning says."""
    sheet = Sheet("roll", 20.0, 10_050.0)
    found = write_sheet(tmp_path / "roll.pdf", raster, sheet, Marks.of(raster.job), colors=Colors(), trimmings=NONE)
    assert "UserUnit" in found[0].message
    height, width, _ = drawn(judge, tmp_path / "roll.pdf", 5).shape
    assert (width, height) == pytest.approx((20 / MM_PER_INCH * 5, 10_050 / MM_PER_INCH * 5), abs=1)
    height, _, _ = drawn("pdfium", tmp_path / "roll.pdf", 5).shape
    assert height == pytest.approx(10_050 / MM_PER_INCH * 5 / 2, abs=1)
