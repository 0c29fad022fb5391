"""PDF at true size: sheets of a design in sRGB, process or spot colors, with what a print house wants around them.

A picture larger than the repeat is one image object, the repeat with a margin of its neighbors, placed at absolute
positions. Viewers that snap each image to their own pixels show hairlines between images that only touch, so the
copies overlap. A tiling pattern would be shorter, but its pitch drifts in two of six renderers. ISO 32000-1.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from patterns.errors import CannotMake, CheckFailed, Finding
from patterns.press import lettering
from patterns.press.marks import Marks
from patterns.press.page import Frame, Symbol, Trimmings
from patterns.press.page_marks import draw_marks
from patterns.press.pdf_check import check_pdf
from patterns.press.pdf_colors import Colors, Inkwell, channels, inkwell
from patterns.press.pdf_finish import NAMES, Claim, finish, finish_drawn, srgb_space
from patterns.press.pen import Pen, Type
from patterns.press.png import deflated
from patterns.press.process import Condition
from patterns.press.raster import Picture, Raster
from patterns.product import Sheet
from patterns.units import PT_PER_MM

__all__ = [
    "LONGEST_MM",
    "Colors",
    "Paving",
    "Trimmings",
    "finish",
    "finish_drawn",
    "srgb_space",
    "write_pdf",
    "write_sheet",
    "write_sheets",
]

# ISO 32000-1, annex C: a page is at most 14400 units wide and high.
_LONGEST_PT = 14_400
LONGEST_MM = _LONGEST_PT / PT_PER_MM
# How far copies overlap: a point at least, or viewers at 72 dpi show hairlines; four, or viewers that show a page at a
# quarter of its size do, but no more than this share of a small repeat, whose file would grow.
_OVERLAP_MM, _MORE_MM, _MORE_SHARE = 1 / PT_PER_MM, 4 / PT_PER_MM, 0.02
# Positions nearer than this, in pixels or mm, are the same: float sums.
_SAME = 1e-6


def write_sheet(
    path: Path, raster: Raster, sheet: Sheet, marks: Marks, *, colors: Colors, trimmings: Trimmings
) -> tuple[Finding, ...]:
    """Write one page at true size: see ``write_sheets``."""
    return write_sheets(path, raster, (sheet,), marks, colors=colors, trimmings=trimmings)


def write_sheets(
    path: Path, raster: Raster, sheets: Sequence[Sheet], marks: Marks, *, colors: Colors, trimmings: Trimmings
) -> tuple[Finding, ...]:
    """Write a PDF with a page for each sheet, read it back against its standard, and return what is noteworthy.

    Raises CannotMake for a page over 5.08 m in PDF/X-1a or more inks than the standard holds, InputError for a profile
    that is no CMYK press's or a date that is none, CheckFailed if the file is not what it says.
    """
    import pikepdf

    condition = colors.condition()
    with pikepdf.new() as pdf:
        book = _Book(pdf, raster, marks, colors, condition)
        long = book.pages(sheets, trimmings)
        claim = None
        pdf.docinfo["/Trapped"] = pikepdf.Name("/True" if colors.trapped else "/False")
        if condition and colors.claims:
            claim = Claim(colors.claims, condition, trimmings.date, colors.trapped)
        finish(pdf, path, marks, claim)
    if faults := check_pdf(path, colors.claims):
        raise CheckFailed(f"the PDF that was made is not sound; report this: {'; '.join(map(str, faults))}")
    return (*long, *_told(condition, claim), *_unset(raster, marks, trimmings))


class _Book:
    """A PDF being filled with pages that share their image, colors and faces."""

    def __init__(self, pdf: Any, raster: Raster, marks: Marks, colors: Colors, condition: Condition | None) -> None:
        self.pdf, self.raster, self.marks, self.colors = pdf, raster, marks, colors
        self.well = inkwell(pdf, raster.job.palette, colors, condition)
        self.held = channels(raster, colors, condition)
        self.type = Type()

    def pages(self, sheets: Sequence[Sheet], trimmings: Trimmings) -> tuple[Finding, ...]:
        """Add a page for each sheet; return what is to be said of long ones."""
        import pikepdf

        found, drawn = [], []
        for sheet, laid in zip(_numbered(sheets, trimmings), _laid(self.raster, sheets), strict=True):
            frame = self._frame(*sheet)
            unit = self._unit(frame)
            if unit > 1:
                found.append(_long(frame, unit))
            drawn.append((self._page(frame, unit), self._content(frame, sheet[1], laid, unit), laid))
        fonts = pikepdf.Dictionary(self.type.fonts(self.pdf))
        images: dict[tuple[int, int, int, int], Any] = {}
        for page, content, laid in drawn:
            if laid.box not in images:
                picture = self.raster.window(laid.box, self.held)
                images[laid.box] = _image(self.pdf, picture, self.well)
            self._resources(page, images[laid.box], fonts)
            page.Contents = _squeezed(self.pdf, content)
        return tuple(found)

    def _frame(self, sheet: Sheet, trimmings: Trimmings) -> Frame:
        job = self.raster.job
        said, chips = (self.marks.title, self.marks.label), len(self.well.inks) + len(self.well.control)
        return Frame.of(sheet, trimmings, job=job, said=said, chips=chips)

    def _unit(self, frame: Frame) -> int:
        unit = math.ceil(max(frame.size) * PT_PER_MM / _LONGEST_PT - _SAME)
        if unit > 1 and self.colors.claims == "x1a":
            raise CannotMake(
                f"the page would be {max(frame.size) / 1000:.2f} m long, and PDF/X-1a has none over "
                f"{LONGEST_MM / 1000:.2f} m; choose PDF/X-4, a shorter sheet, or the TIFF."
            )
        return max(1, unit)

    def _page(self, frame: Frame, unit: int) -> Any:
        page = self.pdf.add_blank_page(page_size=(10, 10)).obj
        (width, height), (left, top, right, bottom) = frame.size, frame.margins
        bleed, scale = frame.sheet.bleed_mm, PT_PER_MM / unit
        page.MediaBox = _array(0, 0, width * scale, height * scale)
        for name, out in (("/BleedBox", bleed), ("/TrimBox", 0.0)):
            inner = (left - out, bottom - out, width - right + out, height - top + out)
            page[name] = _array(*(side * scale for side in inner))
        if unit > 1:
            page.UserUnit = unit
        return page

    def _content(self, frame: Frame, trimmings: Trimmings, laid: "_Laid", unit: int) -> bytes:
        sheet, bleed = frame.sheet, frame.sheet.bleed_mm
        pen = Pen((frame.margins[0], frame.size[1] - frame.margins[1]), self.type, unit=unit)
        if self.well.overprints:
            pen.do("/Over gs")
        pen.do("q")
        pen.clip((-bleed, -bleed), (sheet.width_mm + 2 * bleed, sheet.height_mm + 2 * bleed))
        for corner in laid.corners(sheet):
            pen.place("Tile", corner, laid.size)
        pen.do("Q")
        draw_marks(pen, frame, trimmings, well=self.well, palette=self.raster.job.palette)
        return pen.content()

    def _resources(self, page: Any, image: Any, fonts: Any) -> None:
        import pikepdf

        resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Tile=image))
        resources.ColorSpace = pikepdf.Dictionary({f"/{name}": space for name, space in self.well.spaces.items()})
        if len(fonts):
            resources.Font = fonts
        if self.well.overprints:
            # Where the picture's inks print nothing, they leave alone what other colorants print.
            over = pikepdf.Dictionary(Type=pikepdf.Name.ExtGState, OP=True, op=True, OPM=1)
            resources.ExtGState = pikepdf.Dictionary(Over=over)
        page.Resources = resources


@dataclass(frozen=True, slots=True)
class _Laid:
    """An image and where it lies: its ``box`` in the plane, px; its size, mm; and the pitch of copies, mm, or None."""

    box: tuple[int, int, int, int]
    px_per_mm: tuple[float, float]
    pitch: tuple[float, float] | None = None

    @property
    def size(self) -> tuple[float, float]:
        return self.box[2] / self.px_per_mm[0], self.box[3] / self.px_per_mm[1]

    def corners(self, sheet: Sheet) -> Iterator[tuple[float, float]]:
        """Yield the top left corners of the copies that meet a sheet, in mm from its trim's corner."""
        x, y = (start / scale for start, scale in zip(self.box, self.px_per_mm, strict=False))
        if self.pitch is None:
            yield x - sheet.left_mm, y - sheet.top_mm
            return
        for row in _copies(sheet.top_mm, sheet.height_mm, sheet.bleed_mm, self.pitch[1]):
            for column in _copies(sheet.left_mm, sheet.width_mm, sheet.bleed_mm, self.pitch[0]):
                yield column * self.pitch[0] + x - sheet.left_mm, row * self.pitch[1] + y - sheet.top_mm


def _laid(raster: Raster, sheets: Sequence[Sheet]) -> list[_Laid]:
    """Return the images of the sheets: cut to each where that is smaller, else the one repeat that all share."""
    job, scale = raster.job, raster.job.px_per_mm
    width, height = (n * side for n, side in zip(job.grid.copies, (job.grid.width, job.grid.height), strict=True))
    cuts = [_cut(sheet, scale) for sheet in sheets]
    if sum(box[2] * box[3] for box in cuts) <= width * height:
        return [_Laid(box, scale) for box in cuts]
    pitch = (job.lattice.rectangle().width, job.lattice.rectangle().height)
    overlap = max(_OVERLAP_MM, min(_MORE_MM, _MORE_SHARE * min(pitch)))
    margin = math.ceil(overlap * max(scale) - _SAME)
    box = (-margin, -margin, width + 2 * margin, height + 2 * margin)
    return [_Laid(box, scale, pitch)] * len(sheets)


def _cut(sheet: Sheet, scale: tuple[float, float]) -> tuple[int, int, int, int]:
    """Return the whole pixels that a sheet and its bleed lie on."""
    sides = []
    for start, length, per_mm in zip(
        (sheet.left_mm, sheet.top_mm), (sheet.width_mm, sheet.height_mm), scale, strict=True
    ):
        first = math.floor((start - sheet.bleed_mm) * per_mm + _SAME)
        sides.append((first, math.ceil((start + length + sheet.bleed_mm) * per_mm - _SAME) - first))
    (left, width), (top, height) = sides
    return left, top, width, height


def _copies(start: float, length: float, bleed: float, pitch: float) -> range:
    """Return the numbers of the copies that cover a side of a sheet and its bleed."""
    return range(math.floor((start - bleed) / pitch + _SAME), math.ceil((start + length + bleed) / pitch - _SAME))


def _numbered(sheets: Sequence[Sheet], trimmings: Trimmings) -> Iterator[tuple[Sheet, Trimmings]]:
    """Yield each sheet with its trimmings: of several that carry symbols, each says which it is."""
    for number, sheet in enumerate(sheets, start=1):
        more = (Symbol("panel", f"{number} of {len(sheets)}"),) if trimmings.symbols and len(sheets) > 1 else ()
        if trimmings.symbols and sheet.overlap_mm:
            more += (Symbol("overlap", f"overlap {sheet.overlap_mm:.6g} mm"),)
        yield sheet, replace(trimmings, symbols=(*more, *trimmings.symbols))


def _long(frame: Frame, unit: int) -> Finding:
    return Finding(
        "warning",
        f"a page over {LONGEST_MM / 1000:.2f} m is given in units of {unit} points (UserUnit); viewers that ignore "
        f"this, among them Poppler's and pdfium's, show it at 1/{unit} of its size",
        f"{frame.sheet.name}: {max(frame.size) / 1000:.2f} m",
        "print from software that honors UserUnit, or use the TIFF, or one repeat",
    )


def _told(condition: Condition | None, claim: Claim | None) -> tuple[Finding, ...]:
    """Return what is to be said of the standard and the printing condition."""
    if condition is None or claim is None:
        return ()
    built = Finding("note", f"built to {NAMES[claim.standard]} and self-checked; nobody has certified it")
    if not condition.ours:
        return (built,)
    cure = "name the profile of your press and cloth"
    return built, Finding("note", "the output intent is a paper condition, not this cloth", condition.description, cure)


def _unset(raster: Raster, marks: Marks, trimmings: Trimmings) -> tuple[Finding, ...]:
    texts: list[str] = [*trimmings.words, *(symbol.words for symbol in trimmings.symbols)]
    if trimmings.slug:
        texts += [marks.title, marks.label, trimmings.design]
    if trimmings.legend:
        texts += [ink.name for ink in raster.job.palette.inks]
    return lettering.unset(texts)


def _image(pdf: Any, picture: Picture, well: Inkwell) -> Any:
    import pikepdf

    return pdf.make_stream(
        b"".join(deflated(picture.bands())),
        Type=pikepdf.Name.XObject,
        Subtype=pikepdf.Name.Image,
        Width=picture.width,
        Height=picture.height,
        BitsPerComponent=8,
        ColorSpace=well.image,
        Filter=pikepdf.Name.FlateDecode,
        DecodeParms=pikepdf.Dictionary(Predictor=15, Colors=well.channels, BitsPerComponent=8, Columns=picture.width),
    )


def _squeezed(pdf: Any, content: bytes) -> Any:
    import zlib

    import pikepdf

    return pdf.make_stream(zlib.compress(content, 9), Filter=pikepdf.Name.FlateDecode)


def _array(*numbers: float) -> Any:
    from decimal import Decimal

    import pikepdf

    return pikepdf.Array([Decimal(f"{number:.5f}") for number in numbers])


@dataclass(frozen=True, slots=True)
class Paving:
    """A page in mm, and the pitch (mm) at which a picture that repeats straight is laid over it from the top left.

    ``margin`` is how many pixels the picture is larger than its pitch on each side.
    """

    page: tuple[float, float]
    pitch: tuple[float, float]
    margin: int = 0


def write_pdf(path: Path, picture: Picture, paving: Paving, marks: Marks) -> None:
    """Write one page of PDF 1.6 in sRGB, its boxes the page; CannotMake if PDF has no page that large."""
    import pikepdf

    (width, height), (pitch_x, pitch_y) = paving.page, paving.pitch
    if max(paving.page) > LONGEST_MM:
        raise CannotMake(f"a PDF page is at most {LONGEST_MM / 1000:.2f} m long; use the TIFF for anything larger.")
    scale = tuple(
        (side - 2 * paving.margin) / mm for side, mm in zip((picture.width, picture.height), paving.pitch, strict=True)
    )
    size = picture.width / scale[0], picture.height / scale[1]
    pen = Pen((0.0, height), Type())
    pen.clip((0.0, 0.0), (width, height))
    for row in _copies(0.0, height, 0.0, pitch_y):
        for column in _copies(0.0, width, 0.0, pitch_x):
            corner = column * pitch_x - paving.margin / scale[0], row * pitch_y - paving.margin / scale[1]
            pen.place("Tile", corner, size)
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(10, 10)).obj
        page.MediaBox = page.TrimBox = _array(0, 0, width * PT_PER_MM, height * PT_PER_MM)
        space = srgb_space(pdf)
        image = _image(pdf, picture, Inkwell({}, space, 3, "", "", ()))
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Tile=image))
        page.Contents = pdf.make_stream(pen.content())
        finish(pdf, path, marks)
