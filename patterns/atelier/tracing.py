"""From a design to curves: its ink areas traced where the print's own contours lie, as SVG, PDF or DXF."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import numpy as np

from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.color import Palette
from patterns.design import Design
from patterns.enlarge import enlarge_bands
from patterns.errors import CannotMake, Finding, InputError
from patterns.lattice import Grid
from patterns.library.planes import disclosure, marks_of, title
from patterns.press.folder import Folder
from patterns.press.marks import Marks
from patterns.press.names import plate_names
from patterns.press.pdf_colors import Colors
from patterns.press.vector_pdf import Area, Drawing, write_vectors
from patterns.separation import Separation
from patterns.trace import Layer, Regions, Sheet, Window, laid, outlines, svg, trace, underlaps, write_dxf
from patterns.trace.graph import UNIT

FORMATS = ("svg", "pdf", "dxf")
# Contours are traced on at least so many pixels to the mm: a Loom design is drawn on fewer, and its contours between
# them are the print's, from the same surfaces.
_PX_PER_MM = 2.5
# More pixels than this are a sheet's, not a repeat's.
_MOST_PIXELS = 100_000_000
_MOST_MM = 20_000


@dataclass(frozen=True, slots=True)
class TraceAsked:
    """How a design is to be traced: see the options of `patterns trace`.

    ``tolerance_mm`` is how far a curve may lie from the edge, ``trap_mm`` how far an ink goes on under the next.
    ``partition`` asks for exact areas that only abut. ``paved_mm`` is a sheet (width, height) full of repeats; None one
    repeat. ``pdf`` is "spot", "cmyk" or "rgb".
    """

    format: str = "svg"
    tolerance_mm: float = 0.1
    trap_mm: float = 0.2
    partition: bool = False
    paved_mm: tuple[float, float] | None = None
    pdf: str = "spot"
    ground: str = "cloth"

    def __post_init__(self) -> None:
        if self.format not in FORMATS:
            raise InputError(f"a design is traced to {', '.join(FORMATS[:-1])} or {FORMATS[-1]}, not {self.format!r}.")
        if not 0.001 <= self.tolerance_mm <= 10:
            raise InputError(f"a tolerance of {self.tolerance_mm:g} mm is not between 0.001 and 10 mm.")
        if not 0 <= self.trap_mm <= 5:
            raise InputError(f"a trap of {self.trap_mm:g} mm is not between 0 and 5 mm.")
        if self.paved_mm and max(self.paved_mm) > _MOST_MM:
            raise InputError(f"a sheet of {max(self.paved_mm) / 1000:g} m is longer than {_MOST_MM // 1000} m.")


@dataclass(frozen=True, slots=True)
class Traced:
    """The file that was written; how many curves bound the areas, each counted once; and what is questionable."""

    file: Path
    regions: Regions
    size_mm: tuple[float, float]
    order: tuple[int, ...]
    findings: tuple[Finding, ...]


def trace_design(record: Design, separation: Separation, target: Path, asked: TraceAsked, *, bench: Bench) -> Traced:
    """Trace a design and write one file: ``target`` names it, its ending is the format's.

    Raises CannotMake if it cannot be written there, or if the PDF's page would be too long.
    """
    refuse_unwritable(target.parent)
    colors = Colors(asked.pdf, ground=asked.ground, trapped=asked.trap_mm > 0)  # pyright: ignore[reportArgumentType]
    planes, grid = traced_planes(separation, bench)
    pixel = (separation.lattice.width / grid.width, separation.lattice.height / grid.height)
    bench.progress("tracing", 1, 3)
    regions = trace(planes, grid, tolerance_px=asked.tolerance_mm / max(pixel))
    bench.progress("tracing", 2, 3)
    order = light_to_dark(record.palette)
    window = _window(grid, pixel, asked)
    knocked_out = asked.partition or asked.format == "dxf"
    trap = 0.0 if knocked_out else asked.trap_mm / min(pixel) * UNIT
    # A plate shows all of its ink and nothing else; what is only looked at has a ground that is everywhere.
    full_ground = not knocked_out and not (asked.format == "pdf" and colors.kind == "spot")
    layers = _layers(regions, record.palette, (order, trap, full_ground), window)
    sheet = Sheet(window, pixel, title(record), disclosure(record), repeat=asked.paved_mm is None)
    marks = marks_of(record)
    with Folder(target.parent) as folder:
        file = folder.file(target.name)
        if asked.format == "svg":
            file.write_text(svg(layers, replace(sheet, metadata=_metadata(marks))), encoding="utf-8")
        elif asked.format == "dxf":
            write_dxf(file, layers, sheet)
        else:
            areas = [Area(ink, layer.curves, layer.ground) for ink, layer in zip(order, layers, strict=True)]
            unit = (pixel[0] / UNIT, pixel[1] / UNIT)
            drawing = Drawing(sheet.size_mm, (window.left, window.top), unit)
            write_vectors(file, areas, drawing, marks, palette=record.palette, colors=colors)
    bench.progress("tracing", 3, 3)
    return Traced(target, regions, sheet.size_mm, order, _findings(regions, asked, pixel, full_ground=full_ground))


def traced_planes(separation: Separation, bench: Bench) -> tuple[np.ndarray, Grid]:
    """Return the coverages (K, H, W) uint8 that are traced, and their grid: the print's, at 2.5 px per mm or more."""
    grid, lattice = separation.grid, separation.lattice
    factor = max(1, int(np.ceil(_PX_PER_MM / (grid.width / lattice.width))))
    if factor == 1:
        return np.rint(separation.planes * 255).astype(np.uint8), grid
    larger = grid.scaled(Fraction(factor))
    if larger.width * larger.height > _MOST_PIXELS:
        raise CannotMake(
            f"a repeat of {lattice.width / 1000:.3g} x {lattice.height / 1000:.3g} m is too large to trace; trace a "
            "smaller repeat."
        )
    bands = []
    for row, band in enlarge_bands(separation.planes, grid, larger):
        bands.append(band)
        bench.progress("enlarging", row + band.shape[1], larger.height)
    return np.concatenate(bands, axis=1), larger


def light_to_dark(palette: Palette) -> tuple[int, ...]:
    """Return the inks in the order in which they fall: the ground, then from light to dark."""
    lightness = palette.lab()[:, 0]
    return (0, *sorted(range(1, len(palette)), key=lambda ink: (-lightness[ink], ink)))


def _window(grid: Grid, pixel: tuple[float, float], asked: TraceAsked) -> Window:
    if asked.paved_mm is None:
        return Window.of_repeat(grid)
    width, height = (round(side / size * UNIT) for side, size in zip(asked.paved_mm, pixel, strict=True))
    return Window(0, 0, width, height)


def _layers(
    regions: Regions, palette: Palette, how: tuple[Sequence[int], float, bool], window: Window
) -> tuple[Layer, ...]:
    """Return the inks' layers in order of falling; ``how`` is (order, trap in 1/256 px, whether the ground is full)."""
    order, trap, full_ground = how
    names, under = plate_names(palette), underlaps(regions, order, trap)
    layers = []
    for ink in order:
        ground = full_ground and ink == order[0]
        curves = [] if ground else outlines(regions, ink, window) + laid(under[ink], regions.grid, window)
        layers.append(Layer(names[ink], palette.inks[ink].hex, curves, ground))
    return tuple(layers)


def _metadata(marks: Marks) -> str:
    """Return the XMP of the marks without its packet wrapper, which SVG does not want."""
    lines = marks.xmp().decode().splitlines()
    return "\n".join(line for line in lines if not line.startswith("<?xpacket"))


def _findings(
    regions: Regions, asked: TraceAsked, pixel: tuple[float, float], *, full_ground: bool
) -> tuple[Finding, ...]:
    found = []
    if asked.partition and asked.format != "dxf":
        found.append(
            Finding(
                "note",
                "exact areas only abut: viewers show hairlines between them, and presses gaps",
                cure="leave out --partition for anything that is looked at or printed",
            )
        )
    if asked.tolerance_mm / max(pixel) < 2 / UNIT:
        found.append(
            Finding(
                "warning",
                "the tolerance is finer than the coordinates",
                f"{asked.tolerance_mm:g} mm against steps of {max(pixel) / UNIT:.4f} mm",
                "ask for a wider tolerance",
            )
        )
    if asked.format == "pdf" and not full_ground and asked.ground != "printed":
        found.append(Finding("note", f"ink 1 is the {asked.ground} and has no plate", cure="or say --ground printed"))
    return tuple(found)
