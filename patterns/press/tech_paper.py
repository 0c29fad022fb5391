"""The paper that a tech pack is drawn on: A4 across, millimeters with y down, in the faces of ``lettering``."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np

from patterns.press.lettering import BOLD, REGULAR, fitted, register, width, wrapped
from patterns.units import PT_PER_MM

PAGE = (297.0, 210.0)  # A4, mm
EDGE = 12.0
TOP, FOOT = 26.0, 194.0  # where a page's content begins and ends
INK, QUIET, RULE, ACCENT, PALE = (33, 33, 36), (105, 105, 110), (200, 200, 197), (188, 58, 44), (244, 244, 241)
WHITE = (255, 255, 255)
LEADING = 1.38
ROW = 5.2  # of a table, mm
Color = tuple[int, int, int]
Point = tuple[float, float]


class Swatch(str):
    """A cell of a table that is painted in this color, "#rrggbb"."""


class Paper:
    """Pages being drawn; every text that was set is kept in ``texts``."""

    def __init__(self) -> None:
        from reportlab.pdfgen.canvas import Canvas

        register()
        self._file = io.BytesIO()
        self.texts: list[str] = []
        # Starting with an embedded font keeps reportlab from naming Helvetica, which it would not embed.
        options: dict[str, Any] = {"invariant": 1, "pageCompression": 1, "initialFontName": REGULAR}
        self._canvas = Canvas(self._file, pagesize=(PAGE[0] * PT_PER_MM, PAGE[1] * PT_PER_MM), **options)

    def page(self) -> None:
        """Begin a page in millimeters."""
        self._canvas.scale(PT_PER_MM, PT_PER_MM)

    def end(self) -> None:
        """End the page."""
        self._canvas.showPage()

    def done(self) -> bytes:
        """Return the PDF as reportlab wrote it."""
        self._canvas.save()
        return self._file.getvalue()

    def words(
        self, text: str, at: Point, *, size: float = 7.5, bold: bool = False, color: Color = INK, align: float = 0.0,
        room: float = 999.0, turned: bool = False,
    ) -> None:  # fmt: skip
        """Set one line with its baseline at a point, ``size`` in points; wider than ``room`` mm it is cut.

        ``align`` is 0 for left, 0.5 middle, 1 right; ``turned`` runs from bottom to top.
        """
        face, size_mm = BOLD if bold else REGULAR, size / PT_PER_MM
        self.texts.append(text)
        text = fitted(text, face, size_mm, room)
        shift = -align * width(text, face, size_mm)
        self._canvas.setFont(face, size_mm)
        self._canvas.setFillColorRGB(*(v / 255 for v in color))
        if not turned:
            self._canvas.drawString(at[0] + shift, PAGE[1] - at[1], text)
            return
        self._canvas.saveState()
        self._canvas.translate(at[0], PAGE[1] - at[1])
        self._canvas.rotate(90)
        self._canvas.drawString(shift, 0, text)
        self._canvas.restoreState()

    def paragraph(
        self, text: str, at: Point, *, room: float, size: float = 7.5, color: Color = INK, bold: bool = False
    ) -> float:
        """Set a text in lines no wider than ``room`` mm; return where the next baseline would be."""
        step = size * LEADING / PT_PER_MM
        broken = wrapped(text, BOLD if bold else REGULAR, size / PT_PER_MM, room)
        for number, line in enumerate(broken):
            self.words(line, (at[0], at[1] + number * step), size=size, color=color, bold=bold, room=room)
        return at[1] + len(broken) * step

    def box(
        self, at: Point, size: tuple[float, float], *, fill: Color | None = None, line: Color | None = RULE,
        weight: float = 0.15,
    ) -> None:  # fmt: skip
        """Draw a rectangle by its top left corner."""
        if fill is not None:
            self._canvas.setFillColorRGB(*(v / 255 for v in fill))
        self._stroke(line or RULE, weight)
        corner = (at[0], PAGE[1] - at[1] - size[1])
        self._canvas.rect(*corner, *size, stroke=int(line is not None), fill=int(fill is not None))

    def line(
        self, start: Point, end: Point, *, color: Color = RULE, weight: float = 0.15, dash: Sequence[float] = ()
    ) -> None:
        """Draw a line."""
        self._stroke(color, weight)
        self._canvas.setDash(list(dash))
        self._canvas.line(start[0], PAGE[1] - start[1], end[0], PAGE[1] - end[1])
        self._canvas.setDash([])

    def outline(self, points: Sequence[Point], *, color: Color, weight: float, dash: Sequence[float] = ()) -> None:
        """Draw a closed polygon's outline."""
        for start, end in zip(points, [*points[1:], points[0]], strict=True):
            self.line(start, end, color=color, weight=weight, dash=dash)

    def clip(self, at: Point, size: tuple[float, float]) -> None:
        """Cut off what is drawn from here to ``unclip`` at a rectangle."""
        self._canvas.saveState()
        path = self._canvas.beginPath()
        path.rect(at[0], PAGE[1] - at[1] - size[1], *size)
        self._canvas.clipPath(path, stroke=0, fill=0)

    def unclip(self) -> None:
        """End what ``clip`` began."""
        self._canvas.restoreState()

    def image(self, pixels: np.ndarray, at: Point, size: tuple[float, float]) -> None:
        """Draw a picture (h, w, 3) or (h, w) uint8 into a rectangle."""
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        picture = Image.fromarray(pixels).convert("RGB")
        self._canvas.drawImage(ImageReader(picture), at[0], PAGE[1] - at[1] - size[1], *size)

    def dimension(self, start: Point, end: Point, said: str, *, color: Color = ACCENT, beside: bool = False) -> None:
        """Draw a dimension line with ticks at its ends and its figure; ``beside`` sets the figure at its right."""
        self.line(start, end, color=color, weight=0.2)
        across = abs(end[0] - start[0]) > abs(end[1] - start[1])
        tick = (0.0, 1.3) if across else (1.3, 0.0)
        for x, y in (start, end):
            self.line((x - tick[0], y - tick[1]), (x + tick[0], y + tick[1]), color=color, weight=0.3)
        x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        wide = width(said, BOLD, 7 / PT_PER_MM) + 1.2
        if across:
            self.box((x - wide / 2, y - 3.7), (wide, 3.2), fill=WHITE, line=None)
            self.words(said, (x, y - 1.2), size=7, color=color, bold=True, align=0.5)
        elif beside:
            self.box((x + 1.2, y - 1.6), (wide, 3.4), fill=WHITE, line=None)
            self.words(said, (x + 1.8, y + 1), size=7, color=color, bold=True)
        else:
            self.box((x - 3.7, y - wide / 2), (3.2, wide), fill=WHITE, line=None)
            self.words(said, (x - 1.2, y), size=7, color=color, bold=True, align=0.5, turned=True)

    def _stroke(self, color: Color, weight: float) -> None:
        self._canvas.setStrokeColorRGB(*(v / 255 for v in color))
        self._canvas.setLineWidth(weight)


def lines(text: str, *, size: float, room: float) -> list[str]:
    """Return a text as the regular face sets it, in lines no wider than ``room`` mm, ``size`` in points."""
    return wrapped(text, REGULAR, size / PT_PER_MM, room)


def table(
    paper: Paper, at: Point, columns: Sequence[tuple[str, float, float]], rows: Sequence[Sequence[str]], *,
    row_mm: float = ROW,
) -> float:  # fmt: skip
    """Draw a table: columns of (head, width in mm, alignment); return where it ends."""
    x, y = at
    left = x
    for head, wide, align in columns:
        paper.words(head, (left + align * (wide - 2), y), size=6, color=QUIET, align=align, room=wide - 1.5)
        left += wide
    whole = sum(column[1] for column in columns)
    paper.line((x, y + 1.6), (x + whole, y + 1.6), color=INK, weight=0.2)
    for number, row in enumerate(rows):
        low, left = y + 1.6 + (number + 1) * row_mm, x
        base = low - 0.31 * row_mm
        for (_, wide, align), cell in zip(columns, row, strict=True):
            if isinstance(cell, Swatch):
                red, green, blue = bytes.fromhex(cell[1:])
                paper.box((left, low - 0.9 * row_mm), (wide - 3, 0.8 * row_mm), fill=(red, green, blue))
            else:
                paper.words(cell, (left + align * (wide - 2), base), size=7, align=align, room=wide - 2)
            left += wide
        paper.line((x, low), (x + whole, low))
    return y + 1.6 + len(rows) * row_mm
