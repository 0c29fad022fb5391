"""The package for a digital fabric printer: what goes into the folder, in which order, and what is noteworthy."""

from collections.abc import Callable
from pathlib import Path

from patterns.errors import Finding
from patterns.press.card import PAGE, write_card
from patterns.press.folder import Folder
from patterns.press.job import Delivered, Print
from patterns.press.marks import Marks
from patterns.press.pdf import Paving, write_pdf
from patterns.press.png import write_png
from patterns.press.raster import Picture, Raster
from patterns.press.summary import fitting, summary
from patterns.press.tiff import write_tiff
from patterns.units import PT_PER_MM, format_mm

METER = 1000.0
# The paved image overlaps its neighbors by at least one point: less shows as hairlines in viewers at 72 dpi.
_OVERLAP_MM = 1 / PT_PER_MM
_STRAIGHT = 'for a print service\'s repeat setting "straight" (also called "basic")'
_INDEXED = "one index per ink in palette order, no antialiasing, for a mill"


def fabric_digital(job: Print, folder: Path, *, progress: Callable[[str], None] | None = None) -> tuple[Delivered, ...]:
    """Write the package of a design on cloth into a folder and return its files, the summary last.

    ``progress`` is told each file's name before it is written. All files appear or none: CannotMake if the folder
    cannot be written to, is full, or a page would be larger than PDF allows.
    """
    with Folder(folder) as target:
        package = _Package(job, target, progress or (lambda name: None))
        package.write()
    return tuple(package.files)


def findings(job: Print) -> tuple[Finding, ...]:
    """Return the job's own findings and what the package itself cannot show."""
    rectangle = job.lattice.rectangle()
    found = list(job.findings)
    if rectangle.height > METER:
        found.append(
            Finding("note", "meter.pdf shows less than one repeat", f"repeat {format_mm(rectangle.height)} high")
        )
    return tuple(found)


class _Package:
    """The files written so far."""

    def __init__(self, job: Print, target: Folder, progress: Callable[[str], None]) -> None:
        self.job, self.target, self.progress = job, target, progress
        self.marks = Marks.of(job)
        self.files: list[Delivered] = []

    def write(self) -> None:
        self.progress("pixels")
        raster = Raster.of(self.job)
        self.pictures(raster)
        self.pages(raster)
        path = self.begin("summary.txt")
        text = summary(raster, self.files, findings(self.job) + _unused(raster))
        path.write_text(text, encoding="utf-8")
        self.files.append(Delivered(self.target.path / "summary.txt", "summary", "sizes, settings, inks, findings"))

    def pictures(self, raster: Raster) -> None:
        size = self.job.lattice.rectangle()
        for name, kind, picture, note in (
            ("repeat", "repeat", raster.rectangle(), f"the smallest rectangle that repeats straight: {_STRAIGHT}"),
            ("repeat-indexed", "indexed", raster.indexed(), f"the same rectangle in inks: {_INDEXED}"),
        ):
            write_png(self.begin(f"{name}.png"), picture, self.marks)
            self.done(f"{name}.png", kind, note, picture, (size.width, size.height))
            write_tiff(self.begin(f"{name}.tif"), picture, self.marks)
            self.done(f"{name}.tif", kind, note, picture, (size.width, size.height))
        if self.job.grid.copies != (1, 1):
            self.cell(raster)

    def cell(self, raster: Raster) -> None:
        lattice = self.job.lattice
        name = f"cell-{lattice.repeat.replace(' ', '-').replace('/', '-')}.png"
        write_png(self.begin(name), raster.cell(), self.marks)
        note = f"one cell, which repeats only with its offset: {fitting(self.job)}"
        self.done(name, "cell", note, raster.cell(), (lattice.width, lattice.height))

    def pages(self, raster: Raster) -> None:
        rectangle = self.job.lattice.rectangle()
        pitch = (rectangle.width, rectangle.height)
        meter = (self.job.product_width, METER)
        margin = int(-(-_OVERLAP_MM * max(self.job.px_per_mm) // 1))
        picture = raster.rectangle()
        write_pdf(self.begin("repeat.pdf"), picture, Paving(pitch, pitch), self.marks)
        self.done("repeat.pdf", "repeat", "the smallest rectangle that repeats straight, at true size", picture, pitch)
        paved = raster.rectangle(margin=margin)
        write_pdf(self.begin("meter.pdf"), paved, Paving(meter, pitch, margin), self.marks)
        self.done("meter.pdf", "meter", "one meter at the product's full width, at true size", None, meter)
        write_card(self.begin("palette.pdf"), raster, self.marks)
        self.done("palette.pdf", "palette", "the inks, with the design at true size", None, PAGE)

    def begin(self, name: str) -> Path:
        self.progress(name)
        return self.target.file(name)

    def done(self, name: str, kind: str, note: str, picture: Picture | None, size: tuple[float, float]) -> None:
        pixels = (picture.width, picture.height) if picture else (None, None)
        self.files.append(Delivered(self.target.path / name, kind, note, *size, *pixels))


def _unused(raster: Raster) -> tuple[Finding, ...]:
    """Return a warning for every ink that covers nothing: a mill would still charge for its screen."""
    names = [ink.name for ink, share in zip(raster.job.palette.inks, raster.coverage, strict=True) if share == 0]
    if not names:
        return ()
    return (Finding("warning", "inks that cover nothing", ", ".join(names), "leave them out of the palette"),)
