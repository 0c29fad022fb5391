"""Tracing: nothing between areas, nothing twice, the same wherever the tile begins, and as near as was asked."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import InputError
from patterns.lattice import Grid
from patterns.trace import Layer, Regions, Sheet, Window, laid, outlines, svg, trace, underlaps, write_dxf
from patterns.trace.bezier import flattened
from patterns.trace.dxf import areas
from patterns.trace.graph import UNIT
from patterns.trace.planar import crossing

CELL = 20 * UNIT**2
GRIDS = (Grid(24, 20), Grid(18, 24, 12), Grid(20, 18, 0, 5), Grid(17, 21, 7), Grid(1, 6), Grid(3, 2, 1))


def waves(grid: Grid, inks: int, seed: int, *, most: int = 3) -> np.ndarray:
    """Return smooth coverages (K, H, W) float32 that keep the lattice: softmaxes of a few of its waves."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[: grid.height, : grid.width]
    u = (x - y * grid.slide / grid.height) / grid.width
    v = (y - x * grid.drop / grid.width) / grid.height
    total = np.zeros((inks, grid.height, grid.width))
    for surface in total:
        for a, b in rng.integers(-most, most + 1, (6, 2)):
            surface += np.cos(2 * np.pi * (a * u + b * v + rng.random()))
    powers = np.exp(3 * (total - total.max(axis=0)))
    return (powers / powers.sum(axis=0)).astype(np.float32)


def drawn(regions: Regions, window: Window | None = None) -> list[Any]:
    """Return each ink's area in a window, as shapely has it from chords."""
    window = window or Window.of_repeat(regions.grid)
    sheet = Sheet(window, (1.0, 1.0))
    return [areas(Layer("ink", "#000000", outlines(regions, k, window)), sheet) for k in range(regions.inks)]


@given(st.sampled_from(GRIDS), st.integers(2, 5), st.integers(0, 10**6), st.booleans(), st.sampled_from([0.3, 2.0]))
def test_areas_fill_the_window_without_gap_or_overlap(
    grid: Grid, inks: int, seed: int, noise: bool, tolerance: float
) -> None:
    chance = np.random.default_rng(seed)
    pixels = chance.integers(0, inks, (grid.height, grid.width)) if noise else waves(grid, inks, seed)
    regions = trace(pixels, grid, tolerance_px=tolerance)
    assert sorted(regions.halves) == list(range(2 * len(regions.left)))
    for number in range(len(regions.loops) - 1):
        loop = regions.loop(number)
        assert (loop[1:, 0] == loop[:-1, 3]).all()
        assert (loop[-1, 3] - loop[0, 0] == regions.wraps[number]).all()
    if not regions.wraps.any():
        assert regions.areas().sum() == CELL * grid.width * grid.height
    parts = drawn(regions)
    whole = Window.of_repeat(grid)
    area = (whole.right - whole.left) * (whole.bottom - whole.top)
    assert sum(part.area for part in parts) == pytest.approx(area, rel=1e-6)
    assert shapely.union_all(parts).area == pytest.approx(area, rel=1e-6)


@given(st.sampled_from(GRIDS[:4]), st.integers(0, 10**6), st.integers(-40, 40), st.integers(-40, 40), st.booleans())
def test_tracing_commutes_with_rolls_exactly(grid: Grid, seed: int, down: int, right: int, hard: bool) -> None:
    planes = waves(grid, 4, seed)
    pixels = planes.argmax(axis=0) if hard else planes
    here, there = (trace(p, grid, tolerance_px=0.5) for p in (pixels, grid.roll(pixels, down, right)))

    def arcs(regions: Regions, shift: tuple[int, int]) -> list:
        found = []
        for a in range(len(regions.left)):
            curves = regions.curves[regions.starts[a] : regions.starts[a + 1]] + np.array(shift) * UNIT
            x, y = curves[0, 0] // UNIT
            # A wrapping loop may begin elsewhere along itself.
            wraps = bool((curves[-1, 3] != curves[0, 0]).any()) and regions.left[a] >= 0
            home = np.array(grid.wrap(np.array(y), np.array(x)))[::-1] - (x, y)
            found.append((regions.left[a], regions.right[a], wraps, (curves + home * UNIT).tolist()))
        return sorted(found)

    if not here.wraps.any():
        assert arcs(here, (right, down)) == arcs(there, (0, 0))


def test_a_sheared_tile_gives_what_its_rectangle_gives() -> None:
    grid = Grid(24, 36, 12)
    planes = waves(grid, 4, 5)
    sheared = trace(planes, grid, tolerance_px=0.3)
    rectangle = trace(grid.rectangle(planes), Grid(72, 36), tolerance_px=0.3)
    assert len(rectangle.curves) == 3 * len(sheared.curves)
    for part, other in zip(drawn(sheared), drawn(rectangle), strict=True):
        assert shapely.symmetric_difference(part, other).area < 1e-6 * part.area


def coverage(inside: np.ndarray, fine: int) -> np.ndarray:
    """Return exact coverages (2, H, W) uint8 of a shape sampled ``fine`` times finer, by counting."""
    height, width = (side // fine for side in inside.shape)
    share = inside.reshape(height, fine, width, fine).mean(axis=(1, 3))
    ink = np.rint(255 * share).astype(np.uint8)
    return np.stack([255 - ink, ink])


@pytest.mark.parametrize("radius", [3.3, 9.7, 27.2])
def test_a_disc_is_round_where_its_coverage_says(radius: float) -> None:
    y, x = np.mgrid[:1024, :1024] / 16 + 1 / 32
    planes = coverage((x - 32.2) ** 2 + (y - 31.7) ** 2 < radius**2, 16)
    regions = trace(planes, Grid(64, 64), tolerance_px=0.1)
    points = flattened(regions.curves / UNIT, 16).reshape(-1, 2)
    assert np.abs(np.hypot(*(points - (32.2, 31.7)).T) - radius).max() < 0.1 + 0.04
    assert len(regions.curves) <= 8


@pytest.mark.parametrize("degrees", [0, 17, 45])
def test_a_square_keeps_its_corners_and_straight_sides(degrees: float) -> None:
    y, x = np.mgrid[:1024, :1024] / 16 + 1 / 32
    turn = np.radians(degrees)
    along, across = (x - 32) * np.cos(turn) + (y - 32) * np.sin(turn), (y - 32) * np.cos(turn) - (x - 32) * np.sin(turn)
    planes = coverage((np.abs(along) < 14.3) & (np.abs(across) < 14.3), 16)
    regions = trace(planes, Grid(64, 64), tolerance_px=0.2)
    corners = np.array([(a * np.cos(turn) - b * np.sin(turn), a * np.sin(turn) + b * np.cos(turn))
                        for a in (-14.3, 14.3) for b in (-14.3, 14.3)]) + 32  # fmt: skip
    assert len(regions.curves) == 4
    found = regions.curves[:, 0] / UNIT
    assert np.hypot(*(found[:, None] - corners).transpose(2, 0, 1)).min(axis=1).max() < 0.1


def test_an_index_map_keeps_its_blocks_and_its_thin_lines() -> None:
    labels = np.zeros((48, 48), np.uint8)
    labels[8:20, 4:30] = 1
    diagonal = np.arange(4, 40)
    labels[diagonal + 6, (diagonal + 28) % 48] = 2  # one pixel thin, touching by corners only
    regions = trace(labels, Grid(48, 48), tolerance_px=0.3)
    block = drawn(regions)[1]
    assert (
        shapely.symmetric_difference(block, shapely.box(4 * UNIT, 8 * UNIT, 30 * UNIT, 20 * UNIT)).area < 0.5 * UNIT**2
    )
    assert len(shapely.get_parts(drawn(regions, Window(0, 0, 96 * UNIT, 48 * UNIT))[2])) <= 3


def test_stripes_wrap_around_the_torus() -> None:
    grid = Grid(32, 32, 8)
    y, x = np.mgrid[:32, :32]
    labels = ((y - x // 4) % 8 < 3).astype(np.uint8)
    regions = trace(labels, grid, tolerance_px=0.8)
    assert regions.wraps.any()
    assert regions.sea == -1
    dark, light = drawn(regions)[1].area, drawn(regions)[0].area
    assert dark / (dark + light) == pytest.approx(3 / 8, abs=0.01)


def test_curves_that_cross_are_found() -> None:
    one = np.array([[[0, 0], [0, 0], [2560, 2560], [2560, 2560]]])
    other = np.array([[[0, 2560], [1000, 2600], [2000, 0], [2560, 0]]])
    beside = np.array([[[2560, 2560], [2560, 2560], [2560, 5000], [2560, 5000]]])
    grid = Grid(64, 64)
    assert crossing(np.concatenate([one, other, beside]), grid).tolist() == [True, True, False]
    # The copy across the seam counts as much.
    moved = other - (0, 64 * UNIT)
    assert crossing(np.concatenate([one, moved]), grid).all()


def test_every_ink_goes_on_under_the_next_and_comes_to_light_nowhere() -> None:
    grid, order, trap = Grid(96, 64, 32), (0, 2, 3, 1), 0.8 * UNIT
    regions = trace(waves(grid, 4, 3), grid, tolerance_px=0.2)
    exact, window = drawn(regions), Window.of_repeat(grid)
    whole = shapely.box(window.left, window.top, window.right, window.bottom)
    polygons = underlaps(regions, order, trap)
    for place, ink in enumerate(order[:-1]):
        earlier = shapely.union_all([shapely.Polygon(), *(exact[k] for k in order[:place])])
        later = shapely.union_all([exact[k] for k in order[place + 1 :]])
        copies = [shapely.Polygon(p[:, 0]) for p in laid(polygons[ink], grid, window) if len(p) > 2]
        under = shapely.intersection(shapely.union_all(shapely.buffer(copies, 0)), whole)
        # Chords stand for curves here: a hundredth of a pixel.
        assert shapely.difference(under, shapely.buffer(shapely.union(exact[ink], later), 0.02 * UNIT)).area == 0
        inner = shapely.buffer(whole, -2 * trap)
        wanted = shapely.intersection(shapely.buffer(exact[ink], trap), shapely.intersection(later, inner))
        hidden = shapely.buffer(earlier, 1.2 * trap)
        missing = shapely.difference(shapely.difference(wanted, hidden), shapely.union(under, exact[ink]))
        assert missing.area < 1e-3 * wanted.area
    assert underlaps(regions, order, 0) == [[], [], [], []]


def test_svg_shows_every_pixel_in_its_ink_and_no_hole() -> None:
    resvg = pytest.importorskip("resvg_py")
    from PIL import Image

    grid, colors = Grid(48, 64, 32), ("#f0e0d0", "#203060", "#c05030", "#409060")
    planes = waves(grid, 4, 11)
    regions, window = trace(planes, grid, tolerance_px=0.2), Window.of_repeat(grid)
    under = underlaps(regions, (0, 1, 2, 3), 0.5 * UNIT)
    layers = [Layer("01 a < b", colors[0], [], ground=True)]
    layers += [
        Layer(f"0{k + 1} ink", colors[k], outlines(regions, k, window) + laid(under[k], grid, window))
        for k in (1, 2, 3)
    ]
    for repeat in (True, False):
        text = svg(layers, Sheet(window, (1.0, 1.0), title="a & b", repeat=repeat))
        png = resvg.svg_to_bytes(svg_string=text, width=960, background="#ff00ff", dpi=96)
        shown = np.asarray(Image.open(io.BytesIO(bytes(png))).convert("RGB"))[5::10, 5::10].astype(int)
        palette = np.array([[int(c[i : i + 2], 16) for i in (1, 3, 5)] for c in colors])
        wanted = grid.rectangle(planes.argmax(axis=0))
        shares = np.sort(grid.rectangle(planes), axis=0)
        clear = shares[-1] - shares[-2] > 0.5  # elsewhere an edge within tolerance may be on the other side
        nearest = np.abs(shown[..., None, :] - palette).sum(axis=-1)
        assert (nearest.min(axis=-1)[clear] > 6).mean() < 0.01  # an edge may run through a pixel's middle
        assert (nearest.argmin(axis=-1) == wanted)[clear].all()
        assert ("<pattern" in text) == repeat


def test_dxf_holds_closed_outlines_that_fill_the_sheet(tmp_path: Path) -> None:
    from ezdxf.filemanagement import readfile

    grid = Grid(40, 32)
    regions, window = trace(waves(grid, 3, 4), grid, tolerance_px=0.3), Window.of_repeat(grid)
    layers = [Layer(f"0{k} ink: {k}", "#102030", outlines(regions, k, window)) for k in range(3)]
    for name in ("one.dxf", "two.dxf"):
        write_dxf(tmp_path / name, layers, Sheet(window, (0.5, 0.5)))
    assert (tmp_path / "one.dxf").read_bytes() == (tmp_path / "two.dxf").read_bytes()
    drawing = readfile(tmp_path / "one.dxf")
    assert drawing.units == 4
    lines = list(drawing.modelspace().query("LWPOLYLINE"))
    assert all(line.closed for line in lines)
    assert {line.dxf.layer for line in lines} == {"00 ink- 0", "01 ink- 1", "02 ink- 2"}
    points = np.concatenate([np.array(line.get_points("xy")) for line in lines])
    assert points.min() >= 0
    assert points.max(axis=0).tolist() == [20, 16]


def test_refuses_what_is_no_separation() -> None:
    grid = Grid(8, 8)
    for pixels, tolerance in ((np.zeros((8, 9), int), 1.0), (np.zeros((2, 3, 8, 8)), 1.0), (np.zeros((8, 8), int), 0.0),
                              (np.full((8, 8), -1), 1.0)):  # fmt: skip
        with pytest.raises(InputError):
            trace(pixels, grid, tolerance_px=tolerance)


@pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is the outside judge here")
def test_a_spot_pdf_has_the_inks_as_its_plates_and_traps_on_them(tmp_path: Path) -> None:
    from PIL import Image

    from patterns.color import Ink, Palette
    from patterns.press.marks import Marks
    from patterns.press.pdf_colors import Colors
    from patterns.press.vector_pdf import Area, Drawing, write_vectors

    labels = np.zeros((40, 40), np.uint8)
    labels[8:30, 5:18], labels[8:30, 18:35] = 1, 2
    grid = Grid(40, 40)
    regions, window = trace(labels, grid, tolerance_px=0.3), Window.of_repeat(grid)
    under = underlaps(regions, (0, 1, 2), 2 * UNIT)
    palette = Palette(
        tuple(Ink.of_hex(h, name=n) for h, n in (("#f3ead7", "cream"), ("#c05030", "All"), ("#27356b", "Black")))
    )
    areas = [Area(k, outlines(regions, k, window) + laid(under[k], grid, window)) for k in range(3)]
    drawing = Drawing((40.0, 40.0), (0, 0), (1 / UNIT, 1 / UNIT))
    marks = Marks("plates", "", "{}", "trainedAlgorithmicMedia")
    for name in ("one.pdf", "two.pdf"):
        write_vectors(tmp_path / name, areas, drawing, marks, palette=palette, colors=Colors("spot", trapped=True))
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    command = ["gs", "-q", "-dNOPAUSE", "-dBATCH", "-sDEVICE=tiffsep", "-r254", f"-sOutputFile={tmp_path}/p.tif"]
    subprocess.run([*command, str(tmp_path / "one.pdf")], check=True, capture_output=True)
    plates = {
        n: np.asarray(Image.open(tmp_path / f"p({n}).tif")) < 128 for n in ("02 All", "03 Black", "Cyan", "Black")
    }
    assert not plates["Cyan"].any()
    assert not plates["Black"].any()
    inner = plates["02 All"][100:280, 55:340]  # ten pixels to the mm
    assert plates["03 Black"][100:280, 185:345].all()
    assert not plates["03 Black"][100:280, 60:175].any()
    assert inner[:, :145].all(), "the first ink lies under the second, two mm deep"
    assert not inner[:, 200:].any()
