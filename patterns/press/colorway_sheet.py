"""The colorway sheet: a design's colorways side by side at one scale, each with its inks beneath; PNG and PDF.

One layout in millimeters, drawn twice: by Pillow for the PNG, by reportlab for the PDF, whose text stays text.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from patterns.color import Ink, Palette
from patterns.press.lettering import BOLD, REGULAR, face_file, register, settable
from patterns.press.marks import Marks
from patterns.press.pdf import finish_drawn
from patterns.press.png import write_png
from patterns.press.raster import Picture, mixed
from patterns.units import PT_PER_MM

PX_PER_MM = 6.0
WIDTH = 420.0  # mm, A3 across
_EDGE, _GUTTER, _HEAD = 16.0, 9.0, 38.0
_TEXT, _QUIET, _RULE = (33, 33, 36), (107, 107, 110), (209, 209, 206)
# Inks in a row of chips; a design of more has more rows.
_CHIPS = 8
_CHIP_ROW = 21.0
_LINE = 1.32  # leading, of the size


@dataclass(frozen=True, slots=True)
class Colorway:
    """One colorway as the sheet shows it: its palette, a quiet note, and for each design its inks (K,)."""

    palette: Palette
    note: str
    each: tuple[Palette, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet shows.

    ``views`` are the designs' coverages, (K, h, w) uint8 in sum 255, of the size ``Frame.view_px``.
    ``original`` is shown at the head. ``title`` and ``subtitle`` stand above, the label of ``marks`` at the foot.
    """

    title: str
    subtitle: str
    original: Palette
    colorways: tuple[Colorway, ...]
    views: tuple[np.ndarray, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where things go, mm: columns of panels, a panel's width, and a picture's size in it."""

    columns: int
    panel: float
    picture: tuple[float, float]
    inks: int

    @classmethod
    def of(cls, colorways: int, designs: int, inks: int) -> "Frame":
        """Return the frame for so many colorways of so many designs, with so many inks each."""
        columns = _columns(colorways, designs)
        panel = (WIDTH - 2 * _EDGE - _GUTTER * (columns - 1)) / columns
        width = (panel - 1.5 * (designs - 1)) / designs
        return cls(columns, panel, (width, min(width, 0.82 * panel, 128.0)), inks)

    @property
    def picture_px(self) -> tuple[int, int]:
        """A picture's width and height in pixels of the sheet."""
        return round(self.picture[0] * PX_PER_MM), round(self.picture[1] * PX_PER_MM)

    @property
    def view_px(self) -> tuple[int, int]:
        """The width and height of what is shown in it: twice as many, so that contours come out smooth."""
        return 2 * self.picture_px[0], 2 * self.picture_px[1]

    @property
    def px_per_mm(self) -> float:
        """The resolution of ``view_px`` on the sheet."""
        return 2 * PX_PER_MM

    @property
    def panel_height(self) -> float:
        """A panel's height: picture, name and note, rows of chips."""
        return self.picture[1] + 10.5 + 4.2 * self.narrow + _CHIP_ROW * -(-self.inks // _CHIPS)

    @property
    def narrow(self) -> bool:
        """Whether a panel has no room for its note beside its name, so that the note goes beneath."""
        return self.panel < 100

    def height(self, colorways: int) -> float:
        """Return the page's height for so many colorways."""
        rows = -(-colorways // self.columns)
        return _HEAD + rows * (self.panel_height + _GUTTER) + 9


def _columns(colorways: int, designs: int) -> int:
    if designs > 1:
        return min(colorways, 2 if designs <= 3 else 1)
    if colorways <= 4:
        return max(2, colorways)
    return 3 if colorways in (5, 6, 9) else 4 if colorways <= 16 else 6


@dataclass(frozen=True, slots=True)
class _Box:
    """A filled rectangle, or a picture (h, w, 3) uint8 in it; x, y from the page's top left, mm."""

    at: tuple[float, float]
    size: tuple[float, float]
    fill: tuple[int, int, int] | np.ndarray
    outlined: bool = False


@dataclass(frozen=True, slots=True)
class _Words:
    """One line of text on a baseline (mm from the top left), its size in points."""

    at: tuple[float, float]
    text: str
    size: float
    font: str = REGULAR
    color: tuple[int, int, int] = _TEXT
    right: bool = False


def write_sheet(png: Path, pdf: Path, sheet: Sheet, marks: Marks) -> None:
    """Write a sheet as PNG and as PDF, the same bytes for the same content; marks as every file of ours has them."""
    frame = Frame.of(len(sheet.colorways), len(sheet.views), len(sheet.original))
    page = (WIDTH, frame.height(len(sheet.colorways)))
    drawn = list(_layout(sheet, frame, marks.label))
    pixels = _painted(drawn, page)
    height, width = pixels.shape[:2]
    write_png(png, Picture(width, height, lambda: iter([pixels]), (PX_PER_MM, PX_PER_MM)), marks)
    finish_drawn(_printed(drawn, page), pdf, marks)


def _layout(sheet: Sheet, frame: Frame, label: str) -> Iterator[_Box | _Words]:
    yield from _head(sheet)
    for number, colorway in enumerate(sheet.colorways):
        row, column = divmod(number, frame.columns)
        corner = (_EDGE + column * (frame.panel + _GUTTER), _HEAD + row * (frame.panel_height + _GUTTER))
        yield from _panel(sheet, colorway, frame, corner)
    foot = frame.height(len(sheet.colorways)) - 9
    yield _Words((_EDGE, foot), _cut(label, REGULAR, 6.5, WIDTH - 2 * _EDGE), 6.5, color=_QUIET)


def _head(sheet: Sheet) -> Iterator[_Box | _Words]:
    shown = sheet.original.inks[:_CHIPS]
    chip = min(22.0, WIDTH / 3 / len(shown) - 1.5)
    left = WIDTH - _EDGE - len(shown) * (chip + 1.5) + 1.5
    room = left - _EDGE - 12
    yield _Words((_EDGE, 19), _cut(sheet.title[:1].upper() + sheet.title[1:], BOLD, 18, room), 18, BOLD)
    yield _Words((_EDGE, 27), _cut(sheet.subtitle, REGULAR, 9, room), 9, color=_QUIET)
    more = len(sheet.original) - len(shown)
    yield _Words((left, 12.2), "the design as it is" + (f", and {more} more" if more else ""), 7.5, color=_QUIET)
    for number, ink in enumerate(shown):
        yield from _chip(ink, (left + number * (chip + 1.5), 14.5), (chip, 7.0), lines=3)


def _panel(sheet: Sheet, colorway: Colorway, frame: Frame, corner: tuple[float, float]) -> Iterator[_Box | _Words]:
    from PIL import Image

    x, y = corner
    for number, (view, palette) in enumerate(zip(sheet.views, colorway.each, strict=True)):
        left = x + number * (frame.picture[0] + 1.5)
        picture = Image.fromarray(mixed(view, palette)[1]).resize(frame.picture_px, Image.Resampling.LANCZOS)
        yield _Box((left, y), frame.picture, np.asarray(picture), outlined=True)
    baseline = y + frame.picture[1] + 6.2
    size, room = min(11.0, frame.panel / 7), frame.panel
    if frame.narrow:
        yield _Words((x, baseline + 4.2), _cut(colorway.note, REGULAR, 6.2, room), 6.2, color=_QUIET)
    else:
        yield _Words((x + room, baseline), colorway.note, 7.5, color=_QUIET, right=True)
        room -= _width(colorway.note, REGULAR, 7.5) + 4
    yield _Words((x, baseline), _cut(colorway.palette.name, BOLD, size, room), size, BOLD)
    baseline += 4.2 * frame.narrow
    across = min(len(colorway.palette), _CHIPS)
    chip = (frame.panel - 1.5 * (across - 1)) / across
    for number, ink in enumerate(colorway.palette.inks):
        row, column = divmod(number, across)
        at = (x + column * (chip + 1.5), baseline + 3.8 + row * _CHIP_ROW)
        yield from _chip(ink, at, (chip, 8.5), lines=2)


def _chip(ink: Ink, at: tuple[float, float], size: tuple[float, float], *, lines: int) -> Iterator[_Box | _Words]:
    """Draw a chip with the ink's name beneath it, and its hex code on the line after."""
    red, green, blue = (round(255 * v) for v in ink.srgb)
    yield _Box(at, size, (red, green, blue), outlined=True)
    baseline, points = at[1] + size[1] + 3.4, _fitting(ink.name, size[0])
    step = points * _LINE / PT_PER_MM
    names = _wrapped(ink.name, points, size[0], lines)
    for number, text in enumerate(names):
        yield _Words((at[0], baseline + number * step), text, points)
    if ink.name != ink.hex and _width(ink.hex, REGULAR, 0.9 * points) <= size[0] + 1:
        yield _Words((at[0], baseline + len(names) * step), ink.hex, 0.9 * points, color=_QUIET)


def _fitting(name: str, width: float) -> float:
    """Return the size in points, 6.8 or down to 4.6, at which a name's longest word fits a chip."""
    longest = max(_width(word, REGULAR, 1.0) for word in [*name.split(), "#"])
    return float(np.clip(width / longest, 4.6, 6.8))


def _wrapped(text: str, size: float, width: float, lines: int) -> list[str]:
    """Return a text in at most so many lines, broken between words; what is too long ends in an ellipsis."""
    found = [""]
    for word in text.split():
        longer = f"{found[-1]} {word}".strip()
        if found[-1] and _width(longer, REGULAR, size) > width and len(found) < lines:
            found.append(word)
        else:
            found[-1] = longer
    return [_cut(line, REGULAR, size, width) for line in found]


def _cut(text: str, font: str, size: float, width: float) -> str:
    while len(text) > 1 and _width(text, font, size) > width:
        text = text.rstrip("…")[:-1].rstrip() + "…"
    return text


def _width(text: str, font: str, size: float) -> float:
    """Return how wide a text is, mm."""
    return _type(font, 100.0).getlength(settable(text, font)) / 100 * size / PT_PER_MM


def _type(font: str, size_px: float) -> Any:
    """Return a face as Pillow sets it."""
    from PIL import ImageFont

    return ImageFont.truetype(str(face_file(font)), size_px)


def _painted(drawn: list[_Box | _Words], page: tuple[float, float]) -> np.ndarray:
    """Return the sheet as (H, W, 3) uint8 sRGB."""
    from PIL import Image, ImageDraw

    canvas = Image.new("RGB", (round(page[0] * PX_PER_MM), round(page[1] * PX_PER_MM)), "white")
    pen = ImageDraw.Draw(canvas)
    for item in drawn:
        x, y = (v * PX_PER_MM for v in item.at)
        if isinstance(item, _Words):
            type_ = _type(item.font, item.size / PT_PER_MM * PX_PER_MM)
            pen.text((x, y), settable(item.text, item.font), item.color, type_, anchor="rs" if item.right else "ls")
            continue
        box = (round(x), round(y), round(x + item.size[0] * PX_PER_MM) - 1, round(y + item.size[1] * PX_PER_MM) - 1)
        if isinstance(item.fill, np.ndarray):
            size = (box[2] - box[0] + 1, box[3] - box[1] + 1)
            canvas.paste(Image.fromarray(item.fill).resize(size, Image.Resampling.LANCZOS), box[:2])
        pen.rectangle(box, None if isinstance(item.fill, np.ndarray) else item.fill, _RULE if item.outlined else None)
    return np.asarray(canvas)


def _printed(drawn: list[_Box | _Words], page: tuple[float, float]) -> bytes:
    """Return the sheet as one page of PDF by reportlab, its fonts embedded."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    register()
    file = io.BytesIO()
    # Starting with an embedded font keeps reportlab from naming Helvetica, which it would not embed.
    options: dict[str, Any] = {"invariant": 1, "pageCompression": 1, "initialFontName": REGULAR}
    canvas = Canvas(file, pagesize=(page[0] * PT_PER_MM, page[1] * PT_PER_MM), **options)
    canvas.scale(PT_PER_MM, PT_PER_MM)
    canvas.setLineWidth(0.12)
    canvas.setStrokeColorRGB(*(v / 255 for v in _RULE))
    for item in drawn:
        x, y = item.at[0], page[1] - item.at[1]
        if isinstance(item, _Words):
            canvas.setFont(item.font, item.size / PT_PER_MM)
            canvas.setFillColorRGB(*(v / 255 for v in item.color))
            (canvas.drawRightString if item.right else canvas.drawString)(x, y, settable(item.text, item.font))
            continue
        width, height = item.size
        if isinstance(item.fill, np.ndarray):
            canvas.drawImage(ImageReader(Image.fromarray(item.fill)), x, y - height, width, height)
        else:
            canvas.setFillColorRGB(*(v / 255 for v in item.fill))
        canvas.rect(x, y - height, width, height, stroke=int(item.outlined), fill=int(isinstance(item.fill, tuple)))
    canvas.save()
    return file.getvalue()
