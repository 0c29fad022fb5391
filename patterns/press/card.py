"""The palette card: the design at true scale, and each ink with its number, name, figures and share."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from patterns.color import Ink
from patterns.errors import Finding
from patterns.press.lettering import BOLD, REGULAR, fitted, register, unset, wrapped
from patterns.press.marks import Marks
from patterns.press.pdf import finish_drawn
from patterns.press.raster import Raster
from patterns.units import PT_PER_MM, format_mm

PAGE = (210.0, 297.0)  # A4, mm
_STRIP = 96.0  # height of the pattern at the head, mm
_EDGE = 16.0
_TEXT, _QUIET, _RULE = (0.13, 0.13, 0.14), (0.42, 0.42, 0.43), (0.82, 0.82, 0.81)
# More pixels than this are of no use on a card: 200 dpi.
_PX_PER_MM = 8.0


@dataclass(frozen=True, slots=True)
class _Table:
    """Where the inks go: columns, rows in each, and a row's height in mm."""

    columns: int
    rows: int
    height: float

    @classmethod
    def of(cls, inks: int, room: float) -> "_Table":
        columns = 1 if inks <= 8 else 2
        rows = -(-inks // columns)
        return cls(columns, rows, min(21.0, room / rows))


def write_card(path: Path, raster: Raster, marks: Marks) -> tuple[Finding, ...]:
    """Write one A4 page of PDF, its fonts embedded, its colors sRGB by ICC; return which characters it cannot set."""
    finish_drawn(_drawn(raster, marks), path, marks)
    palette = raster.job.palette
    return unset(
        [marks.title, marks.label, palette.name, *(text for ink in palette.inks for text in (ink.name, ink.role))]
    )


def _drawn(raster: Raster, marks: Marks) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    register()
    page = io.BytesIO()
    size = (PAGE[0] * PT_PER_MM, PAGE[1] * PT_PER_MM)
    # Starting with an embedded font keeps reportlab from naming Helvetica, which it would not embed.
    options: dict[str, Any] = {"invariant": 1, "pageCompression": 1, "initialFontName": REGULAR}
    canvas = Canvas(page, pagesize=size, **options)
    canvas.scale(PT_PER_MM, PT_PER_MM)
    _draw_pattern(canvas, raster)
    _draw_title(canvas, raster, marks)
    _draw_inks(canvas, raster)
    _draw_label(canvas, marks.label)
    canvas.save()
    return page.getvalue()


def _draw_label(canvas: Any, label: str) -> None:
    """Write the label at the foot, whole: it says what made the design."""
    size, width = 6.5, PAGE[0] - 2 * _EDGE
    lines = wrapped(label, REGULAR, size / PT_PER_MM, width)
    top = min(16.0, 10 + 3.1 * (len(lines) - 1))
    for number, line in enumerate(lines):
        _write(canvas, line, (_EDGE, top - 3.1 * number), size=size, color=_QUIET, width=width)


def _draw_pattern(canvas: Any, raster: Raster) -> None:
    """Draw the paved design at true size across the head of the page."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    job = raster.job
    step = max(1, int(job.px_per_mm[0] / _PX_PER_MM))
    columns, rows = (int(np.ceil(mm * job.px_per_mm[0])) for mm in (PAGE[0], _STRIP))
    pixels = np.concatenate(list(raster.window((0, 0, columns, rows), raster.in_srgb()).bands()))[
        : rows // step * step, : columns // step * step
    ]
    image = Image.fromarray(pixels).reduce(step)
    width, height = pixels.shape[1] / job.px_per_mm[0], pixels.shape[0] / job.px_per_mm[1]
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(0, PAGE[1] - _STRIP, PAGE[0], _STRIP)
    canvas.clipPath(clip, stroke=0, fill=0)
    canvas.drawImage(ImageReader(image), 0, PAGE[1] - height, width, height)
    canvas.restoreState()


def _draw_title(canvas: Any, raster: Raster, marks: Marks) -> None:
    job = raster.job
    top = PAGE[1] - _STRIP - 13
    width = PAGE[0] - 2 * _EDGE
    _write(canvas, marks.title, (_EDGE, top), size=15, font=BOLD, width=width)
    lattice, rectangle = job.lattice, job.lattice.rectangle()
    cell = f"{format_mm(lattice.width)} × {format_mm(lattice.height)}"
    parts = [lattice.repeat, cell, f"{len(job.palette)} inks", job.palette.name, "shown at true size"]
    if job.grid.copies != (1, 1):
        parts.insert(2, f"straight {format_mm(rectangle.width)} × {format_mm(rectangle.height)}")
    line = "   ·   ".join(part for part in parts if part)
    _write(canvas, line, (_EDGE, top - 7), size=8, color=_QUIET, width=width)


def _draw_inks(canvas: Any, raster: Raster) -> None:
    palette = raster.job.palette
    top = PAGE[1] - _STRIP - 29
    table = _Table.of(len(palette), top - 18)
    gutter = 8.0
    width = (PAGE[0] - 2 * _EDGE - gutter * (table.columns - 1)) / table.columns
    for number, ink in enumerate(palette.inks):
        column, row = divmod(number, table.rows)
        corner = (_EDGE + column * (width + gutter), top - (row + 1) * table.height)
        _draw_ink(canvas, ink, corner, (width, table.height), number + 1, float(raster.coverage[number]))


def _draw_ink(
    canvas: Any, ink: Ink, corner: tuple[float, float], size: tuple[float, float], number: int, share: float
) -> None:
    """Draw one row: swatch, number and name, figures, and the share of the cloth as a bar and in percent."""
    (x, y), (width, height) = corner, size
    narrow = width < 120
    swatch = 18.0 if narrow else 40.0
    color = tuple(round(v * 255) / 255 for v in ink.srgb)
    canvas.setLineWidth(0.12)
    canvas.setStrokeColorRGB(*_RULE)
    canvas.setFillColorRGB(*color)
    canvas.rect(x, y + height * 0.09, swatch, height * 0.82, stroke=1, fill=1)
    middle, left = y + height / 2, x + swatch + 5
    scale = min(1.0, height / 12)
    room = width - swatch - (19 if narrow else 62)
    role = f"   {ink.role}" if ink.role and not narrow and ink.role != ink.name else ""
    _write(canvas, f"{number}   {ink.name}", (left, middle + 1.0 * scale), size=9 * scale, font=BOLD, width=room)
    lightness, a, b = ink.lab_d50
    figures = f"{ink.hex}   Lab {lightness:.1f}  {a:.1f}  {b:.1f}".replace("-", "−") + role
    _write(canvas, figures, (left, middle - 3.6 * scale), size=7 * scale, color=_QUIET, width=room)
    right = x + width
    percent = f"{share:.1%}" if share >= 0.001 or share == 0 else "<0.1%"
    _write(canvas, percent, (right, middle - 1.1 * scale), size=8.5 * scale, align="right", width=20)
    if not narrow:
        _draw_bar(canvas, (right - 56, middle - 0.6), 38.0, share, color)


def _draw_bar(canvas: Any, start: tuple[float, float], length: float, share: float, color: tuple[float, ...]) -> None:
    canvas.setFillColorRGB(0.93, 0.93, 0.92)
    canvas.rect(*start, length, 1.2, stroke=0, fill=1)
    canvas.setFillColorRGB(*color)
    canvas.rect(*start, length * share, 1.2, stroke=int(max(color) > 0.85), fill=1)


def _write(
    canvas: Any,
    text: str,
    at: tuple[float, float],
    *,
    size: float,
    width: float,
    font: str = REGULAR,
    color: tuple[float, float, float] = _TEXT,
    align: str = "left",
) -> None:
    """Write one line at (x, y) mm, ``size`` in points; what is wider than ``width`` mm is cut with an ellipsis."""
    size_mm = size / PT_PER_MM
    text = fitted(text, font, size_mm, width)
    canvas.setFont(font, size_mm)
    canvas.setFillColorRGB(*color)
    draw = canvas.drawRightString if align == "right" else canvas.drawString
    draw(*at, text)
