"""Laws of plates and traps on every lattice, and plate files read by programs that nobody here wrote."""

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pikepdf
import pytest
import tifffile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from scipy.ndimage import distance_transform_edt, maximum_filter

from patterns.atelier.bench import Bench
from patterns.atelier.delivery import PlatesAsked, plates
from patterns.cli import main
from patterns.color import Ink, Palette, linear_to_srgb
from patterns.design import Brief, Design
from patterns.enlarge import enlarge_bands, enlarge_indices_bands
from patterns.errors import CannotMake, InputError
from patterns.lattice import Grid, Lattice
from patterns.library import Library, settled
from patterns.press import PlateSet, Print, Recipe, deliver_plates, read_record
from patterns.press.bitmap import PlateFile
from patterns.press.names import plate_names
from patterns.press.plates import OVERPRINT_MM, plate_bands, plates_of
from patterns.press.raster import mixed
from patterns.press.trap import Trap, choked, disk, pairs
from patterns.separation import Separation

GRIDS = [Grid(30, 40), Grid(30, 40, drop=20), Grid(30, 40, drop=16), Grid(40, 30, slide=20)]
PALETTE = Palette(
    (
        Ink.of_hex("#f3ead7", name="cream", role="ground"),
        Ink.of_hex("#b5402c", name="madder", role="main"),
        Ink.of_hex("#e0b04a", name="straw", role="second"),
        Ink.of_hex("#1c1b1d", name="Black", role="line"),
    ),
    "Four",
)
# L* of the four, and of more inks where a test needs them.
LIGHTNESS = (93.0, 43.0, 75.0, 10.0)
DARKER = pairs(LIGHTNESS, (1, 2, 3))


def labels(grid: Grid, seed: int, inks: int = 4) -> np.ndarray:
    """Which ink is where, (H, W): blobs of every size, thin places and crumbs among them, on the lattice."""
    noise = np.random.default_rng(seed).standard_normal((inks, grid.height, grid.width))
    for _ in range(1 + seed % 3):
        padded = grid.pad(noise, 1)
        noise = np.mean(
            [padded[:, i : i + grid.height, j : j + grid.width] for i in range(3) for j in range(3)], axis=0
        )
    return noise.argmax(axis=0)


def hard(label: np.ndarray, inks: int = 4) -> np.ndarray:
    """Coverages (K, H, W) uint8, 0 or 255."""
    return np.stack([(label == k).astype(np.uint8) * np.uint8(255) for k in range(inks)])


def soft(grid: Grid, seed: int) -> tuple[np.ndarray, Grid]:
    """Antialiased coverages, as the enlarger makes them, and their grid."""
    planes = hard(labels(grid, seed)).astype(np.float32) / 255
    large = grid.scaled(3)
    return np.concatenate([band for _, band in enlarge_bands(planes, grid, large)], axis=1), large


def window(cell: np.ndarray, grid: Grid, margin: int) -> np.ndarray:
    sides = {"height": grid.height + 2 * margin, "width": grid.width + 2 * margin}
    return grid.window(cell, top=-margin, left=-margin, **sides)


def trapped(cell: np.ndarray, grid: Grid, trap: Trap) -> np.ndarray:
    return trap.apply(np.ascontiguousarray(window(cell, grid, trap.margin)), trap.margin)


def distances(marked: np.ndarray) -> np.ndarray:
    """Each pixel's exact distance to the nearest marked one, infinite if there is none."""
    return np.asarray(distance_transform_edt(~marked)) if marked.any() else np.full(marked.shape, np.inf)


def refuse_wrong_width(label: np.ndarray, made: np.ndarray, grid: Grid, width: float) -> None:
    """Hold made plates to the trap's law with scipy's exact distances, on the plane and not on the cell."""
    around = int(width) + 4
    plane, inner = window(label, grid, around), slice(around, -around)
    for lighter, darker in DARKER:
        dark = plane == darker
        touching = (plane == lighter) & maximum_filter(dark, size=3)
        away = distances(touching)[inner, inner]
        inside = label == darker
        overlap = inside & (made[lighter] > 0)
        assert not (overlap & (away > width + 1)).any()
        assert not (inside & (away <= width - 1) & ~overlap).any()


@given(st.sampled_from(GRIDS), st.integers(0, 10_000), st.floats(0, 6))
def test_every_boundary_overlaps_by_the_width_and_only_in_the_darker_ink(grid: Grid, seed: int, width: float) -> None:
    label = labels(grid, seed)
    made = trapped(hard(label), grid, Trap(DARKER, width))
    refuse_wrong_width(label, made, grid, width)
    darkness = np.array([0.0, *(100 - value for value in LIGHTNESS[1:])])
    for ink in range(4):
        grown = (made[ink] > 0) & (label != ink)
        assert not (grown & (label == 0)).any()
        assert (darkness[label[grown]] > darkness[ink]).all() if ink else not grown.any()
        assert (made[ink][label == ink] == 255).all()


def test_the_width_law_can_fail() -> None:
    grid, label = GRIDS[1], labels(GRIDS[1], 2)
    made = trapped(hard(label), grid, Trap(DARKER, 2.0))
    for wrong in (0.5, 3.9):
        with pytest.raises(AssertionError):
            refuse_wrong_width(label, made, grid, wrong)
    with pytest.raises(AssertionError):
        refuse_wrong_width(label, made[[0, 3, 2, 1]], grid, 2.0)
    # A trap that takes the cell's edge for the plane's is found out at the seam.
    lone = np.pad(hard(label), ((0, 0), (3, 3), (3, 3)))
    with pytest.raises(AssertionError):
        refuse_wrong_width(label, Trap(DARKER, 2.0).apply(lone, 3), grid, 2.0)


@given(st.sampled_from(GRIDS), st.integers(0, 10_000), st.sampled_from([0.0, 1.0, 2.5, 5.0]), st.booleans())
def test_antialiased_edges_with_cloth_do_not_move(grid: Grid, seed: int, width: float, over: bool) -> None:
    cell, large = soft(grid, seed)
    made = trapped(cell, large, Trap(DARKER, width, (3,) if over else (), 4.0)).astype(int)
    assert np.array_equal(made[0], cell[0])
    for ink in (1, 2, 3):
        darker = [dark for light, dark in DARKER if light == ink]
        assert (made[ink] >= cell[ink]).all()
        assert (made[ink] - cell[ink] <= cell[darker].sum(axis=0, dtype=int)).all()
        assert (made[ink] == cell[ink])[cell[0] > 0].all()
    assert np.array_equal(made[3], cell[3])


@pytest.mark.parametrize("grid", GRIDS, ids=str)
@pytest.mark.parametrize("trap", [Trap(DARKER, 2.5), Trap(DARKER, 1.0, (3,), 5.0)], ids=["trap", "overprint"])
def test_roll_and_supercell_laws(grid: Grid, trap: Trap) -> None:
    cell, large = soft(grid, 4)
    made = trapped(cell, large, trap)
    for dy, dx in ((7, 0), (0, 11), (-31, 50)):
        assert np.array_equal(trapped(large.roll(cell, dy, dx), large, trap), large.roll(made, dy, dx))
    whole = large.rectangle(cell)
    straight = Grid(whole.shape[2], whole.shape[1])
    assert np.array_equal(trapped(whole, straight, trap), large.rectangle(made))


@pytest.mark.parametrize("overprinting", [(), (3,)])
def test_a_printed_ground_is_trapped_like_any_ink(overprinting: tuple[int, ...]) -> None:
    grid, label = GRIDS[3], labels(GRIDS[3], 5)
    every = pairs(LIGHTNESS, (0, 1, 2, 3))
    made = trapped(hard(label), grid, Trap(every, 2.0, overprinting, 2.0))
    grown = (made[0] > 0) & (label != 0)
    away = distances(window(label, grid, 3) == 0)[3:-3, 3:-3]
    assert (grown[(away <= 1) & (label != 0)]).all()
    assert not grown[away > 3].any()
    assert np.array_equal(made[3], hard(label)[3])


def test_blocks_and_bands_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    cell, large = soft(GRIDS[2], 6)
    whole = trapped(cell, large, Trap(DARKER, 2.5, (3,), 5.0))
    monkeypatch.setattr("patterns.press.trap._BLOCK", 7)
    assert np.array_equal(trapped(cell, large, Trap(DARKER, 2.5, (3,), 5.0)), whole)


@pytest.mark.parametrize("angle", [0, 17, 30, 45, 64, 90])
@pytest.mark.parametrize("width", [0.8, 1.5, 2.0, 3.7, 9.0])
def test_a_straight_antialiased_edge_overlaps_by_the_width(angle: float, width: float) -> None:
    y, x = np.mgrid[-40:41, -40:41]
    across = x * np.cos(np.radians(angle)) + y * np.sin(np.radians(angle))
    dark = np.rint(255 * np.clip(across + 0.7, 0, 1)).astype(np.uint8)
    cell = np.stack([0 * dark, 255 - dark, dark])
    trap = Trap(((1, 2),), width)
    made = trap.apply(cell, trap.margin)
    overlap = np.clip(made.sum(axis=0, dtype=int) - 255, 0, None) / 255
    inside = np.hypot(y, x)[trap.margin : -trap.margin, trap.margin : -trap.margin] < 25
    along = np.abs(-x * np.sin(np.radians(angle)) + y * np.cos(np.radians(angle)))
    stripe = inside & (along[trap.margin : -trap.margin, trap.margin : -trap.margin] <= 10)
    length = 20 + 1 / max(abs(np.cos(np.radians(angle))), abs(np.sin(np.radians(angle))))
    assert overlap[stripe].sum() / length == pytest.approx(width, abs=0.8)


@given(st.sampled_from(GRIDS), st.integers(0, 10_000), st.floats(0.6, 5))
def test_the_underbase_keeps_back_from_the_cloth(grid: Grid, seed: int, width: float) -> None:
    label = labels(grid, seed)
    around = int(width) + 3
    base = choked(window(hard(label)[0], grid, around), width, around)
    away = distances(window(label, grid, around) == 0)[around:-around, around:-around]
    assert (base[away > width + 1] == 255).all()
    assert (base[away <= width - 1] == 0).all()


def test_what_overprints_is_filled_and_keeps_back_from_the_cloth() -> None:
    """Straw, a black line of 12 px, madder, and a second line between straw and cloth."""
    row = np.repeat([2, 3, 1, 3, 0], [20, 12, 20, 12, 20])
    cell = hard(np.tile(row, (9, 1)))
    grid = Grid(84, 9)
    made = trapped(cell, grid, Trap(DARKER, 2.0, (3,), 10.0))
    assert (made[1, 0] > 0).nonzero()[0].tolist() == list(range(25, 62))  # half the line, the trap, near the cloth
    assert (made[2, 0] > 0).nonzero()[0].tolist() == list(range(0, 27))
    knocked = trapped(cell, grid, Trap(DARKER, 2.0))
    assert (knocked[1, 0] > 0).nonzero()[0].tolist() == list(range(30, 54))


def test_disks_are_round() -> None:
    for radius in (0.4, 0.5, 1.0, 1.49, 2.0, 7.3, 20.0):
        shape = disk(radius)
        y, x = np.nonzero(shape)
        middle = len(shape) // 2
        assert abs(np.hypot(y - middle, x - middle).max() - radius) <= 0.5
        assert np.array_equal(shape, shape.T)


def test_the_lighter_of_two_goes_under_and_the_first_of_equals() -> None:
    assert pairs((90, 50, 70, 50), (1, 2, 3)) == ((2, 1), (2, 3), (1, 3))


# Files


def job(cell: np.ndarray, grid: Grid, **said: Any) -> Print:
    lattice = Lattice(grid.width / 6, grid.height / 6)
    said = {"palette": PALETTE, "title": "Test „é“", "record": {"seed": 7}} | said
    return Print(lambda: iter(()), grid, lattice, label="Made.", **said)


def windows(cell: np.ndarray, grid: Grid, rows: int = 50) -> Any:
    def bands(margin: int) -> Iterator[tuple[int, np.ndarray]]:
        for row in range(0, grid.height, rows):
            height = min(rows, grid.height - row) + 2 * margin
            sides = {"height": height, "width": grid.width + 2 * margin}
            yield row, grid.window(cell, top=row - margin, left=-margin, **sides)

    return bands


SHEET = Grid(90, 120)
CELL, _ = soft(GRIDS[0], 4)


def delivered(folder: Path, recipe: Recipe, cell: np.ndarray = CELL, **said: Any) -> PlateSet:
    return deliver_plates(job(cell, SHEET, **said), windows(cell, SHEET), recipe, folder)


def read(path: Path) -> np.ndarray:
    """Return a plate's coverage (H, W), 0-255, as Pillow and libtiff read it: dark is ink."""
    with Image.open(path) as image:
        return 255 - np.asarray(image.convert("L"))


@pytest.mark.parametrize("ground", ["cloth", "dyed", "printed"])
def test_plates_read_back_are_the_separation_and_partition_the_sheet(tmp_path: Path, ground: str) -> None:
    made = delivered(tmp_path, Recipe(ground=ground))
    inks = [plate.ink for plate in made.plates]
    assert sorted(i for i in inks if i is not None) == list(range(0 if ground == "printed" else 1, 4))
    total = np.zeros(CELL.shape[1:], int) if ground == "printed" else CELL[0].astype(int)
    for plate, share in zip(made.plates, made.coverage, strict=True):
        got = read(tmp_path / f"{plate.name}.tif")
        assert np.array_equal(got, CELL[plate.ink])
        assert share == pytest.approx(got.mean() / 255)
        total += got
    assert (total == 255).all()


@pytest.mark.parametrize("bits", [8, 1])
def test_a_plate_is_a_tiff_with_resolution_name_and_record(tmp_path: Path, bits: int) -> None:
    cell = hard(CELL.argmax(axis=0)) if bits == 1 else CELL
    made = delivered(tmp_path, Recipe(bits=bits, trap_mm=0.4), cell)
    for plate in made.plates:
        path = tmp_path / f"{plate.name}.tif"
        with tifffile.TiffFile(path) as tiff:
            tags = {tag.name: tag.value for tag in tiff.pages.first.tags}
        assert (tags["XResolution"], tags["YResolution"], tags["ResolutionUnit"]) == ((60, 1), (60, 1), 3)
        assert (tags["BitsPerSample"], tags["Compression"]) == ((8, 8) if bits == 8 else (1, 4))
        assert tags["PageName"] == plate.name
        assert read_record(path) == read_record(tmp_path / "separations.pdf") == {"seed": 7}
    expected = [
        band for band in plate_bands(job(cell, SHEET), windows(cell, SHEET, 33), Recipe(bits=bits, trap_mm=0.4))
    ]
    for plate, plane in zip(made.plates, np.concatenate(expected, axis=1), strict=True):
        assert np.array_equal(read(tmp_path / f"{plate.name}.tif"), plane)


def test_plates_are_numbered_by_the_palette_and_listed_in_the_order_of_falling(tmp_path: Path) -> None:
    assert [(p.falls, p.name) for p in plates_of(PALETTE, Recipe())] == [
        (1, "03 straw"),
        (2, "02 madder"),
        (3, "04 Black"),
    ]
    given_order = plates_of(PALETTE, Recipe(order=(3, 2, 1), choke_mm=0.3))
    assert [p.name for p in given_order] == ["00 White underbase", "04 Black", "03 straw", "02 madder"]
    made = delivered(tmp_path, Recipe(order=(3, 2, 1), trap_mm=0.4))
    # One number for an ink, in every order and in every file: the palette's.
    assert {p.name for p in made.plates} == set(plate_names(PALETTE)[1:])
    record = made.record
    assert [(p["falls"], p["number"], p["ink"]) for p in record["plates"]] == [(1, 4, 4), (2, 3, 3), (3, 2, 2)]
    with pikepdf.open(tmp_path / "separations.pdf") as pdf:
        colorants = [str(name) for name in pdf.pages[0].Resources.XObject.Plates.ColorSpace[1]]
    assert colorants == ["/04 Black", "/03 straw", "/02 madder"]
    assert record == json.loads((tmp_path / "plates.json").read_text(encoding="utf-8"))
    assert (record["order"], record["trap_mm"], record["trap_px"], record["dpi"]) == ("as given", 0.4, 2, 152.4)
    assert "straw on Black" in record["findings"][0]
    said = (tmp_path / "plates.txt").read_text()
    assert "0.4 mm (asked for), 2 px; knockout" in said
    assert "Order       as given: 04 Black, 03 straw, 02 madder" in said


def test_plate_names_are_unique_and_never_a_process_color() -> None:
    said = ["ground", "Black", "black", "ALL", "None", "cyan/magenta", "../..", "  ", "a\n:b", "é" * 200]
    palette = Palette(tuple(Ink(name, (90.0 - i, 0.0, 0.0)) for i, name in enumerate(said)))
    names = [plate.name for plate in plates_of(palette, Recipe())]
    assert names[:3] == ["02 Black", "03 black", "04 ALL"]
    assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        assert not set('/\\:*?"<>|\n') & set(name)
        assert name.casefold() not in {"cyan", "magenta", "yellow", "black", "all", "none"}
        assert len(name) < 50


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"order": (1, 2)}, "every printed ink once: 2 madder, 3 straw, 4 Black"),
        ({"order": (0, 1, 2, 3)}, "every printed ink once"),
        ({"ground": "painted"}, "cloth, dyed, printed"),
        ({"ground": "printed", "choke_mm": 0.2}, "underbase"),
        ({"overprint": (0,)}, "cannot overprint"),
        ({"trap_mm": 30.0}, "between 0 and 10 mm"),
        ({"bits": 4}, "8 bits or 1"),
    ],
)
def test_refusals(tmp_path: Path, said: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        delivered(tmp_path / "out", Recipe(**said))
    assert list(tmp_path.iterdir()) == []


def test_plates_of_another_set_in_the_folder_are_pointed_out(tmp_path: Path) -> None:
    assert delivered(tmp_path, Recipe()).findings == ()
    other = Palette(tuple(replace(ink, name=name) for ink, name in zip(PALETTE.inks, "abcd", strict=True)), "Four")
    (found,) = delivered(tmp_path, Recipe(order=(3, 2, 1)), palette=other).findings
    assert "02 madder.tif, 03 straw.tif, 04 Black.tif" in str(found)


def test_a_trap_finer_than_the_pixels_is_said(tmp_path: Path) -> None:
    found = delivered(tmp_path, Recipe(trap_mm=0.07)).findings
    assert "finer than half a pixel" in str(found[0])


def ghostscript(folder: Path, device: str, out: str) -> None:
    """Draw the composite PDF at 6 px/mm; skips where Ghostscript is missing, but never in CI."""
    if shutil.which("gs") is None:
        assert not os.environ.get("CI"), "gs is missing, which .ci/run installs"
        pytest.skip("gs is not installed")
    command = f"gs -q -dSAFER -dBATCH -dNOPAUSE -dPDFSTOPONERROR -sDEVICE={device} -dMaxSpots=8 -r152.4 -o"
    arguments = [*command.split(), str(folder / out), str(folder / "separations.pdf")]
    subprocess.run(arguments, check=True, capture_output=True)


@pytest.mark.parametrize("bits", [8, 1])
def test_ghostscript_separates_the_composite_into_the_plates(tmp_path: Path, bits: int) -> None:
    cell = hard(CELL.argmax(axis=0)) if bits == 1 else CELL
    made = delivered(tmp_path, Recipe(bits=bits, trap_mm=0.5, overprint=(3,), choke_mm=0.4), cell)
    assert len(made.plates) == 4
    ghostscript(tmp_path, "tiffsep", "sep.tif")
    for plate in made.plates:
        assert np.array_equal(read(tmp_path / f"sep({plate.name}).tif"), read(tmp_path / f"{plate.name}.tif"))
    for process in ("Cyan", "Magenta", "Yellow", "Black"):
        assert not read(tmp_path / f"sep({process}).tif").any()


@pytest.mark.parametrize("width", [0.0, 0.6])
def test_the_composite_shows_the_design_with_the_trap_hidden(tmp_path: Path, width: float) -> None:
    _, expected = mixed(CELL, PALETTE)
    delivered(tmp_path, Recipe(trap_mm=width))
    ghostscript(tmp_path, "png16m", "shown.png")
    with Image.open(tmp_path / "shown.png") as image:
        wrong = (np.abs(np.asarray(image).astype(int) - expected) > 2).any(axis=2)
    # A pixel shared by three inks cannot say which of them the trap lies under.
    assert wrong.mean() <= (0.01 if width else 0)


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError(errno.ENOSPC, "No space left on device")])
def test_a_failure_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: Any) -> None:
    original, calls = PlateFile.append, []

    def failing(self: PlateFile, coverage: np.ndarray) -> None:
        calls.append(coverage)
        if len(calls) == 5:
            raise stop
        original(self, coverage)

    monkeypatch.setattr(PlateFile, "append", failing)
    with pytest.raises(CannotMake if isinstance(stop, OSError) else stop):
        delivered(tmp_path / "a" / "b", Recipe())
    assert list(tmp_path.iterdir()) == []


# From a design, and on the command line


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A library with one half-drop design, drawn without the Loom."""
    monkeypatch.setenv("PATTERNS_LIBRARY", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    at = Bench(Library(tmp_path / "library"))
    at.library.put(*made_by_hand())
    return at


def made_by_hand() -> tuple[Design, Separation]:
    lattice = Lattice.named("half-drop", 16, 16)
    planes = hard(labels(Grid(32, 32, drop=16), 5)).astype(np.float32) / 255
    separation = settled(Separation(planes, lattice, ("ground", "main", "second", "line")))
    brief = Brief("spots", repeat="half-drop", width_mm=16.0)
    record = Design(brief, lattice, 0, "hand", "", "0", PALETTE, created="2026-01-01T00:00:00+00:00")
    return record, separation


def test_one_bit_plates_are_drawn_again_at_the_plate_resolution(tmp_path: Path, bench: Bench) -> None:
    record, separation = made_by_hand()
    target = ("fabric-digital", tmp_path / "out")
    made = plates(record, separation, target, PlatesAsked(bits=1, trap_mm=0), bench=bench).made
    cell = Grid(480, 480, drop=240)  # 762 dpi
    index = np.concatenate([b for _, b in enlarge_indices_bands(separation.planes, separation.grid, cell)])
    for plate in made.plates:
        expected = np.where(cell.rectangle(index) == plate.ink, 255, 0)
        assert np.array_equal(read(tmp_path / "out" / f"{plate.name}.tif"), expected)
    assert made.record["dpi"] == 762


def test_a_trap_comes_from_the_fabric_unless_asked_for(tmp_path: Path, bench: Bench) -> None:
    record, separation = made_by_hand()
    made = plates(record, separation, ("fabric-digital", tmp_path / "out"), PlatesAsked(), bench=bench).made
    assert made.record["trap_mm"] == 0
    assert "heuristic" in made.record["trap_source"]
    assert (made.record["width_px"], made.record["height_px"]) == (192, 96)


def run(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, dict[str, Any]]:
    code = main([*line.split(), "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_export_writes_plates(tmp_path: Path, bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    name = bench.library.ids()[0]
    line = f"export {name} --for fabric-digital --out out --plates 8bit --trap 0.5mm --order line,2,straw"
    code, said = run(capsys, f"{line} --overprint black --underbase 0.35")
    assert code == 0
    names = ["00 White underbase.tif", "04 Black.tif", "02 madder.tif", "03 straw.tif"]
    assert [plate["file"] for plate in said["plates"]] == names
    assert sorted(os.listdir(tmp_path / "out")) == sorted([*names, "plates.json", "plates.txt", "separations.pdf"])
    assert (said["trap_px"], said["overprint"], said["overprint_mm"]) == (3, ["Black"], OVERPRINT_MM)
    assert main([*line.split(), "--ground", "dyed"]) == 0
    assert "knockout" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "code", "sentence"),
    [
        ("--trap 1mm", 2, "--plates"),
        ("--plates 4bit", 2, "8bit or 1bit"),
        ("--plates 8bit --order straw,madder", 3, "every printed ink once"),
        ("--plates 8bit --order straw,azure,black", 3, "'azure' is none"),
        ("--plates 8bit --trap 12mm", 3, "10 mm"),
        ("--plates 8bit --trap wide", 3, "not a length"),
        ("--plates 8bit --ground wet", 3, "cloth, dyed, printed"),
    ],
)
def test_export_refuses_in_a_sentence_and_writes_nothing(
    tmp_path: Path, bench: Bench, capsys: pytest.CaptureFixture[str], options: str, code: int, sentence: str
) -> None:
    name = bench.library.ids()[0]
    ended, said = run(capsys, f"export {name} --for fabric-digital --out out {options}")
    assert (ended, said["exit_code"]) == (code, code)
    assert sentence in said["error"]
    assert not (tmp_path / "out").exists()


# Rendering


def test_rendering_is_the_exact_formula_to_within_one(rng: np.random.Generator) -> None:
    shares = rng.dirichlet(np.full(6, 0.4), (90, 700)).transpose(2, 0, 1)
    planes = np.floor(shares * 255).astype(np.uint8)
    planes[0] += (255 - planes.sum(axis=0, dtype=int)).astype(np.uint8)
    palette = Palette(tuple(Ink.of_hex(f"#{v:06x}") for v in rng.integers(0, 1 << 24, 6)))
    index, rgb = mixed(planes, palette)
    exact = 255 * linear_to_srgb(np.tensordot(planes / 255.0, palette.linear_rgb().astype(float), axes=(0, 0)))
    assert np.abs(rgb - exact).max() < 1
    assert np.array_equal(index, planes.argmax(axis=0))
    assert np.array_equal(mixed(planes[:, 3:40], palette)[1], rgb[3:40])


def test_an_ink_alone_has_exactly_its_color() -> None:
    for start in range(0, 256, 32):
        palette = Palette(tuple(Ink.of_hex(f"#{v:02x}{255 - v:02x}{v:02x}") for v in range(start, start + 32)))
        planes = np.eye(32, dtype=np.uint8)[:, None] * np.uint8(255)
        assert np.array_equal(mixed(planes, palette)[1][0], palette.srgb8())
