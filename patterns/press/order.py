"""What was ordered of a job: the product, which files, in which colors, and what stands around its sheets."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from patterns.errors import Finding, InputError
from patterns.press.folder import Folder
from patterns.press.page import Symbol, Trimmings, match_symbol
from patterns.press.pdf_colors import Colors
from patterns.press.plates import PlateSet
from patterns.product import FILES, TRIMMINGS, Fit, Product, Sheet

# Formats by which files may be asked for, and what they choose; "indexed" and "plates" are files of their own kind.
FORMATS = ("pdf", "tiff", "png", "jpeg", "indexed", "plates", "plates-1bit")
_ENDINGS = {"pdf": ".pdf", "tiff": ".tif", "png": ".png", "jpeg": ".jpg"}


@dataclass(frozen=True, slots=True)
class Order:
    """What is delivered of a job.

    ``fit`` is the product's own answer to the job's lattice. ``colors`` are those of the PDFs; TIFF files follow them
    where they are not RGB. ``design`` and ``date`` stand in the slug. ``plates`` writes the plates into the package's
    folder, ``techpack`` the tech pack into a file; None if the package has none.
    """

    product: Product
    fit: Fit
    colors: Colors = field(default_factory=Colors)
    design: str = ""
    date: str = ""
    plates: Callable[[Folder], PlateSet] | None = None
    techpack: Callable[[Path], tuple[Finding, ...]] | None = None

    def trimmings(self, sheet: Sheet) -> Trimmings:
        """Return what stands around one of the product's sheets."""
        marks = self.product.marks
        return Trimmings(
            crop="crop" in marks,
            registration="registration" in marks,
            chips="chips" in marks,
            legend="legend" in marks,
            ruler="ruler" in marks,
            slug="slug" in marks,
            design=self.design,
            date=self.date,
            symbols=self._symbols(sheet) if "symbols" in marks else (),
        )

    def _symbols(self, sheet: Sheet) -> tuple[Symbol, ...]:
        """Return how a sheet hangs: which way is up, and its number or how it meets its neighbors."""
        found = [Symbol("up", "this side up")]
        if self.product.layout == "panels":
            found.append(Symbol("panel", f"{sheet.name.replace('-', ' ')}, from the left"))
        elif self.product.joined:
            found.append(match_symbol(str(self.fit.match or "free")))
        return tuple(found)


def chosen_files(product: Product, formats: tuple[str, ...]) -> tuple[str, ...]:
    """Return which of FILES a package holds if it shall have these formats; InputError for one that nobody knows.

    Without formats it is the product's own list. The palette card comes with any PDF.
    """
    if not formats:
        return product.files
    if unknown := [name for name in formats if name not in FORMATS]:
        raise InputError(f"formats are {', '.join(FORMATS)}; {unknown[0]!r} is none of them.")
    if {"plates", "plates-1bit"} <= set(formats):
        raise InputError("plates are delivered with 8 bits or with 1; ask for plates or plates-1bit, not for both.")
    wanted = {"indexed": ("indexed.",), "plates": ("plates-8bit",), "plates-1bit": ("plates-1bit",)}
    sheets = any(name.startswith("sheet.") for name in product.files)

    def asked(file: str) -> bool:
        if (file.startswith("sheet.") and not sheets) or (file == "techpack.pdf" and file not in product.files):
            return False
        plain = not file.startswith(("indexed.", "plates"))
        return any(
            (plain and file.endswith(_ENDINGS[name])) if name in _ENDINGS else file.startswith(wanted[name])
            for name in formats
        )

    return tuple(file for file in FILES if asked(file))


def chosen_marks(product: Product, marks: str | None) -> tuple[str, ...]:
    """Return what stands around sheets, from "crop,slug", "all" or "none"; None is the product's own.

    InputError for a mark that nobody knows.
    """
    if marks is None:
        return product.marks
    if marks in ("all", "none"):
        return TRIMMINGS if marks == "all" else ()
    asked = [part.strip() for part in marks.split(",") if part.strip()]
    if not asked or any(part not in TRIMMINGS for part in asked):
        raise InputError(f"marks are {', '.join(TRIMMINGS)}, or all or none; not {marks!r}.")
    return tuple(asked)
