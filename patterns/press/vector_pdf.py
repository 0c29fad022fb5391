"""PDF of curves: every ink an area of its own, in its own plate, at true size.

In spot colors each area overprints: what is drawn of an ink is exactly its plate, with the trap that runs under the
inks that fall later, and no ink knocks another out. Where a viewer does not show overprint, later areas simply cover
earlier ones, which looks the same. In sRGB and CMYK the areas are laid over one another in order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from patterns.color import Palette
from patterns.errors import CannotMake, CheckFailed
from patterns.press.marks import Marks
from patterns.press.pdf_check import check_pdf
from patterns.press.pdf_colors import Colors, inkwell
from patterns.press.pdf_finish import Claim, finish
from patterns.units import PT_PER_MM

# ISO 32000-1, annex C.
_LONGEST_PT = 14_400


@dataclass(frozen=True, slots=True)
class Area:
    """What one ink of the palette covers: closed Bezier curves [(n, 4, 2) int64], filled by the nonzero rule.

    A curve is a line if its inner control points are its ends. ``everywhere`` covers the page.
    """

    ink: int
    curves: Sequence[np.ndarray]
    everywhere: bool = False


@dataclass(frozen=True, slots=True)
class Drawing:
    """A page (width, height) in mm, and where its whole numbers lie: ``origin`` at the top left, ``unit_mm`` apart."""

    size_mm: tuple[float, float]
    origin: tuple[int, int]
    unit_mm: tuple[float, float]


def write_vectors(
    path: Path, areas: Sequence[Area], drawing: Drawing, marks: Marks, *, palette: Palette, colors: Colors
) -> None:
    """Write one page of areas, the first below; its trim box is the page. Inks without a plate are left out.

    Raises CannotMake for a page over 5.08 m, InputError for a profile that is no CMYK press's, CheckFailed if the file
    that was made is not what it says.
    """
    import pikepdf

    width, height = (side * PT_PER_MM for side in drawing.size_mm)
    if max(width, height) > _LONGEST_PT:
        raise CannotMake(
            f"the page would be {max(drawing.size_mm) / 1000:.2f} m long, and a PDF page is at most 5.08 m; ask for "
            "SVG, or for fewer repeats."
        )
    condition = colors.condition()
    with pikepdf.new() as pdf:
        well = inkwell(pdf, palette, colors, condition)
        page = pdf.add_blank_page(page_size=(10, 10)).obj
        page.MediaBox = page.TrimBox = page.BleedBox = _box(width, height)
        spaces = pikepdf.Dictionary({f"/{n}": space for n, space in well.spaces.items()})
        resources = pikepdf.Dictionary(ColorSpace=spaces, XObject=pikepdf.Dictionary())
        if well.overprints:
            over = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, OP=True, op=True, OPM=1)
            resources.ExtGState = pikepdf.Dictionary(Over=over)
        page.Resources = resources
        content = b"\n".join(_content(areas, drawing, well.inks, overprints=well.overprints))
        page.Contents = _squeezed(pdf, content)
        pdf.docinfo["/Trapped"] = pikepdf.Name("/True" if colors.trapped else "/False")
        claim = Claim(colors.claims, condition, "", colors.trapped) if condition and colors.claims else None
        finish(pdf, path, marks, claim)
    if faults := check_pdf(path, colors.claims):
        raise CheckFailed(f"the PDF that was made is not sound; report this: {'; '.join(map(str, faults))}")


def _content(
    areas: Sequence[Area], drawing: Drawing, inks: Sequence[str | None], *, overprints: bool
) -> Iterator[bytes]:
    """Yield the page's operators: whole numbers under one matrix, y down."""
    across, down = (unit * PT_PER_MM for unit in drawing.unit_mm)
    left, top = drawing.origin
    height = drawing.size_mm[1] * PT_PER_MM
    if overprints:
        yield b"/Over gs"
    width = drawing.size_mm[0] * PT_PER_MM
    yield f"0 0 {width:.5f} {height:.5f} re W n".encode()
    for area in areas:
        ink = inks[area.ink]
        if ink is None:
            continue
        yield f"q {ink}".encode()
        if area.everywhere:
            yield f"0 0 {width:.5f} {height:.5f} re f Q".encode()
            continue
        yield f"{across:.12f} 0 0 {-down:.12f} {-left * across:.8f} {height + top * down:.8f} cm".encode()
        yield from map(_outline, area.curves)
        yield b"f Q"


def _outline(curves: np.ndarray) -> bytes:
    line = (curves[:, 0] == curves[:, 1]).all(axis=1) & (curves[:, 2] == curves[:, 3]).all(axis=1)
    rows = curves.reshape(-1, 8).tolist()
    parts = [f"{rows[0][0]} {rows[0][1]} m"]
    for straight, row in zip(line.tolist(), rows, strict=True):
        parts.append(f"{row[6]} {row[7]} l" if straight else f"{' '.join(map(str, row[2:]))} c")
    return (" ".join(parts) + " h").encode()


def _box(width: float, height: float) -> Any:
    from decimal import Decimal

    import pikepdf

    return pikepdf.Array([0, 0, Decimal(f"{width:.5f}"), Decimal(f"{height:.5f}")])


def _squeezed(pdf: Any, content: bytes) -> Any:
    import zlib

    import pikepdf

    return pdf.make_stream(zlib.compress(content, 9), Filter=pikepdf.Name.FlateDecode)
