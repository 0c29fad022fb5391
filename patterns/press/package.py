"""The print package of a product: which files go into the folder, in which order, and what is noteworthy."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from patterns.errors import Finding
from patterns.press.card import PAGE, write_card
from patterns.press.folder import Folder
from patterns.press.job import Delivered, Print
from patterns.press.jpeg import write_jpeg
from patterns.press.marks import Marks
from patterns.press.order import Order
from patterns.press.page import Trimmings
from patterns.press.pdf import write_sheet
from patterns.press.pdf_colors import Colors
from patterns.press.png import write_png
from patterns.press.raster import Channels, Picture, Raster
from patterns.press.roll import sheet_picture
from patterns.press.summary import fitting, summary
from patterns.press.tiff import write_tiff
from patterns.product import Sheet
from patterns.units import format_mm

_WRITERS = {"png": write_png, "tif": write_tiff, "jpg": write_jpeg}
_STRAIGHT = 'for a print service\'s repeat setting "straight" (also called "basic")'
_INDEXED = "one index per ink in palette order, no antialiasing, for a mill"
_IN = {"rgb": "in sRGB", "cmyk": "in CMYK", "spot": "in spot colors"}


@dataclass(frozen=True, slots=True)
class Delivery:
    """What was written, the summary last, and everything that is questionable about it, the job's own first."""

    files: tuple[Delivered, ...]
    findings: tuple[Finding, ...]


def deliver(job: Print, order: Order, folder: Path, *, progress: Callable[[str], None] | None = None) -> Delivery:
    """Write the package of a design into a folder.

    ``progress`` is told each file's name before it is written. All files appear or none. CannotMake if the folder
    cannot be written to or is full, or a page is longer than the standard allows; InputError for a profile that is no
    CMYK press's.
    """
    with Folder(folder) as target:
        package = _Package(job, order, target, progress or (lambda name: None))
        package.write()
    return Delivery(tuple(package.files), package.findings)


class _Package:
    """The files written so far."""

    def __init__(self, job: Print, order: Order, target: Folder, progress: Callable[[str], None]) -> None:
        self.job, self.order, self.target, self.progress = job, order, target, progress
        self.marks = Marks.of(job)
        self.files: list[Delivered] = []
        self.found: list[Finding] = list(job.findings)

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(dict.fromkeys(self.found))

    def write(self) -> None:
        self.progress("pixels")
        raster = Raster.of(self.job)
        for file in self.order.product.files:
            what, _, kind = file.partition(".")
            if what.startswith("plates"):
                self.plates()
            elif what == "techpack":
                self.techpack()
            elif what == "palette":
                write_card(self.begin("palette.pdf"), raster, self.marks)
                self.done("palette.pdf", "palette", "the inks, with the design at true size", size=PAGE)
            elif what == "sheet":
                self.sheets(raster, kind)
            elif kind == "pdf":
                self.repeat_page(raster)
            else:
                self.picture(raster, what, kind)
        self.found += _unused(raster)
        path = self.begin("summary.txt")
        path.write_text(summary(raster, self.order, self.files, self.findings), encoding="utf-8")
        self.done("summary.txt", "summary", "sizes, settings, inks, findings")

    def picture(self, raster: Raster, what: str, kind: str) -> None:
        """Write the repeat rectangle, in color or in inks, or the cell where that is another."""
        lattice, size = self.job.lattice, self.job.lattice.rectangle()
        if what == "cell":
            if self.job.grid.copies == (1, 1):
                return
            name = f"cell-{lattice.repeat.replace(' ', '-').replace('/', '-')}.{kind}"
            note, picture, size = (
                f"one cell, which repeats only with its offset: {fitting(self.job)}",
                raster.cell(),
                lattice,
            )
        elif what == "indexed":
            name, picture = f"repeat-indexed.{kind}", raster.indexed()
            note = f"the same rectangle in inks: {_INDEXED}"
        else:
            name, picture = f"repeat.{kind}", raster.rectangle(self.channels(raster, kind))
            note = f"the smallest rectangle that repeats straight, {self.colored(kind)}: {_STRAIGHT}"
        _WRITERS[kind](self.begin(name), picture, self.marks)
        self.done(name, what, note, picture=picture, size=(size.width, size.height))

    def repeat_page(self, raster: Raster) -> None:
        size = self.job.lattice.rectangle()
        sheet = Sheet("repeat", size.width, size.height)
        path, plain = self.begin("repeat.pdf"), Trimmings(date=self.order.date)
        self.found += write_sheet(path, raster, sheet, self.marks, colors=self.order.colors, trimmings=plain)
        note = f"the smallest rectangle that repeats straight, at true size, {self.colored('pdf')}"
        self.done("repeat.pdf", "repeat", note, size=(size.width, size.height))

    def sheets(self, raster: Raster, kind: str) -> None:
        """Write what is printed, in one format: one file for each sheet."""
        for sheet in self.order.product.sheets(self.job.lattice):
            name, note = f"{sheet.name}.{kind}", f"{_described(sheet)}, {self.colored(kind)}"
            path, size = self.begin(name), (sheet.width_mm, sheet.height_mm)
            if kind == "pdf":
                trimmings = self.order.trimmings(sheet)
                self.found += write_sheet(
                    path, raster, sheet, self.marks, colors=self.order.colors, trimmings=trimmings
                )
                self.done(name, "sheet", note, size=size)
                continue
            picture = sheet_picture(raster, sheet, channels=self.channels(raster, kind))
            if kind == "tif":
                write_tiff(path, picture, self.marks, name=sheet.name)
            else:
                _WRITERS[kind](path, picture, self.marks)
            self.done(name, "sheet", note, picture=picture, size=size)

    def plates(self) -> None:
        if self.order.plates is None:
            return
        self.progress("plates")
        made = self.order.plates(self.target)
        self.files += made.files
        self.found += made.findings

    def techpack(self) -> None:
        if self.order.techpack is None:
            return
        self.found += self.order.techpack(self.begin("techpack.pdf"))
        self.done("techpack.pdf", "techpack", "scale, repeat, colorways, inks, separations, fields for the lab")

    def channels(self, raster: Raster, kind: str) -> Channels | None:
        """Return what a TIFF holds of an order in CMYK or spot colors; None is sRGB, as PNG and JPEG always are."""
        condition = self.order.colors.condition() if kind == "tif" else None
        if condition is None:
            return None
        inks = range(len(self.job.palette))
        if self.order.colors.kind == "cmyk":
            return raster.in_process(condition)
        spots = self.order.colors.printed(self.job.palette)
        return raster.in_process(condition, spots=spots, bare=[ink for ink in inks if ink not in spots])

    def colored(self, kind: str) -> str:
        """Return in which colors a file is, in words."""
        colors: Colors = self.order.colors
        return _IN[colors.kind if kind in ("pdf", "tif") else "rgb"]

    def begin(self, name: str) -> Path:
        self.progress(name)
        return self.target.file(name)

    def done(
        self,
        name: str,
        kind: str,
        note: str,
        *,
        picture: Picture | None = None,
        size: tuple[float, float] | tuple[()] = (),
    ) -> None:
        pixels = (picture.width, picture.height) if picture else (None, None)
        width, height = size or (None, None)
        self.files.append(Delivered(self.target.path / name, kind, note, width, height, *pixels))


def _described(sheet: Sheet) -> str:
    parts = [f"{sheet.name.replace('-', ' ')}, {format_mm(sheet.width_mm)} x {format_mm(sheet.height_mm)} at true size"]
    if sheet.bleed_mm:
        parts.append(f"{sheet.bleed_mm:g} mm of bleed")
    if sheet.overlap_mm:
        parts.append(f"{sheet.overlap_mm:g} mm of glue edge at its right")
    return ", ".join(parts)


def _unused(raster: Raster) -> tuple[Finding, ...]:
    """Return a warning for every ink that covers nothing: a mill would still charge for its screen."""
    names = [ink.name for ink, share in zip(raster.job.palette.inks, raster.coverage, strict=True) if share == 0]
    if not names:
        return ()
    return (Finding("warning", "inks that cover nothing", ", ".join(names), "leave them out of the palette"),)
