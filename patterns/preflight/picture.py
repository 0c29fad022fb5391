"""What holds for pictures of every format: size, resolution, joints, lines, and whether the product takes them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from patterns.errors import Finding
from patterns.lattice import Lattice, parse_repeat
from patterns.preflight.fine import fine_findings
from patterns.preflight.meeting import measure, meeting_findings
from patterns.preflight.pixels import Pixels
from patterns.preflight.report import Meeting, Report, Wanted
from patterns.preflight.resolution import dpi_findings
from patterns.units import MM_PER_INCH, format_mm

_SQUARE = 0.001
# A whole is as wide as the product to this share, or to a millimeter.
_SAME = 0.002


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture's header says. ``dpi`` is across and down, (0, 0) if it says none."""

    kind: str
    width: int
    height: int
    dpi: tuple[float, float]
    facts: dict[str, str]
    findings: tuple[Finding, ...]


def picture_report(header: Header, pixels: Pixels, wanted: Wanted) -> Report:
    """Return the report on a picture with its header and its pixels."""
    facts = {"size": f"{header.width} x {header.height} px", **header.facts}
    if pixels.px_per_mm:
        sides = (pixels.width / pixels.px_per_mm, pixels.height / pixels.px_per_mm)
        facts["printed size"] = f"{format_mm(sides[0])} x {format_mm(sides[1])}"
    found = [*header.findings, *_resolution_findings(header, pixels, wanted)]
    meeting, more = pixel_findings(pixels, wanted)
    if meeting is not None:
        facts["repeat"] = meeting.repeat
    return Report(header.kind, facts, (*found, *more), meeting)


def scale_of(header: Header, wanted: Wanted) -> float:
    """Return pixels per mm across: by the size that was said, else by the file; 0 if neither is known."""
    if wanted.size_mm:
        return header.width / wanted.size_mm[0]
    return header.dpi[0] / MM_PER_INCH


def pixel_findings(pixels: Pixels, wanted: Wanted) -> tuple[Meeting | None, list[Finding]]:
    """Return how pixels meet themselves, with all that the pixels of the cell tell."""
    measured = measure(pixels, wanted)
    if measured is None:
        return None, []
    cell = np.ascontiguousarray(measured.found.cell)
    found = list(meeting_findings(measured, wanted))
    found += fine_findings(cell, measured.found.grid, pixels.px_per_mm, wanted)
    found += product_findings(measured.meeting, pixels, wanted)
    return measured.meeting, found


def product_findings(meeting: Meeting, pixels: Pixels, wanted: Wanted) -> Iterator[Finding]:
    """Yield what the product has against the repeat, and against the width of a sheet of several."""
    product = wanted.product
    if product is None or meeting.size_mm is None:
        return
    drop, slide = parse_repeat(meeting.repeat)
    lattice = Lattice(_whole(meeting.size_mm[0]), _whole(meeting.size_mm[1]), drop, slide)
    yield from product.findings(0, lattice)
    width = pixels.width / pixels.px_per_mm
    if meeting.shown[0] > 1.2 and abs(width - product.width_mm) > max(1.0, _SAME * product.width_mm):
        figure = f"{format_mm(width)} of {format_mm(product.width_mm)}"
        yield Finding("warning", f"the sheet is not as wide as {product.title}", figure, "export it at its width")


def _whole(length_mm: float) -> float:
    """Return a length freed of the rounding of a file's resolution: to the nearest hundredth of a mm."""
    return round(length_mm, 2)


def _resolution_findings(header: Header, pixels: Pixels, wanted: Wanted) -> Iterator[Finding]:
    across, down = header.dpi
    if wanted.size_mm:
        yield from dpi_findings(pixels.px_per_mm * MM_PER_INCH, wanted, "the picture")
        return
    if not across or not down:
        cure = "save it with its resolution, or say its size with --size"
        yield Finding("warning", "the file does not say how large it prints", "no resolution", cure)
        return
    if abs(across / down - 1) > _SQUARE:
        figure = f"{across:.2f} x {down:.2f} dpi"
        yield Finding("warning", "its pixels are not square", figure, "save it with one resolution both ways")
    yield from dpi_findings(min(across, down), wanted, "the picture")
