"""What surrounds the picture on a page, and how large the page becomes: marks, chips, ruler, symbols, slug.

Millimeters with y down from the trim's top left corner. From the trim outward lie bleed, crop and registration marks;
then chips at the left as on a selvedge, rulers at the right and below, and beneath them symbols, a legend of the inks
and the slug.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from patterns.color import Palette
from patterns.errors import InputError
from patterns.press import lettering
from patterns.press.job import Print
from patterns.press.names import plate_names
from patterns.product import Sheet
from patterns.units import PT_PER_MM, format_mm

# Marks begin so far outside the bleed, and are so long.
MARK_GAP, MARK_LONG = 2.0, 6.0
CHIP, CHIP_STEP, CHIP_STRIP = 9.0, 13.0, 15.0
RULER = 9.0
SYMBOL = 11.0
SIZE = 7.5 / PT_PER_MM  # of the slug's letters
LEADING = 1.4 * SIZE
# A chip of the legend, what lies between it and its words, and how wide the words are at least, and beside the next.
LEGEND_CHIP, LEGEND_GAP, LEGEND_WORDS, LEGEND_APART = (16.0, 12.0), 2.0, 26.5, 4.0
# Two lines of a name are read as one; more only where the page is narrow.
_NAME_LINES = 2
# On long cloth the chips come again, so that every cut length shows them.
CHIPS_EVERY = 1000.0
EDGE = 4.0
KINDS = ("up", "free", "straight", "drop", "reverse", "overlap", "panel")


@dataclass(frozen=True, slots=True)
class Symbol:
    """A hanging or match symbol and the words beside it; ``kind`` is one of KINDS."""

    kind: str
    words: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputError(f"a symbol is one of {', '.join(KINDS)}, not {self.kind!r}.")


@dataclass(frozen=True, slots=True)
class Trimmings:
    """What is printed around a sheet; by default nothing.

    ``chips`` are numbered chips of the inks at the left edge; ``legend`` shows each ink with its name and figures.
    ``ruler`` puts centimeters below and at the right. With ``slug`` the page says title, ``design`` (its id), scale,
    ``date`` (ISO 8601, as the caller knows it; PDF/X files carry it too) and label, then the lines of ``words``.
    """

    crop: bool = False
    registration: bool = False
    chips: bool = False
    legend: bool = False
    ruler: bool = False
    slug: bool = False
    design: str = ""
    date: str = ""
    words: tuple[str, ...] = ()
    symbols: tuple[Symbol, ...] = ()

    @classmethod
    def strike_off(cls, design: str = "", date: str = "") -> "Trimmings":
        """Return what a sample is judged by: legend, ruler and slug, and crop marks."""
        return cls(crop=True, legend=True, ruler=True, slug=True, design=design, date=date)

    @classmethod
    def cloth(cls, design: str = "", date: str = "") -> "Trimmings":
        """Return a selvedge: numbered chips and slug."""
        return cls(chips=True, slug=True, design=design, date=date)

    @classmethod
    def wall(cls, symbols: Sequence[Symbol] = (), design: str = "", date: str = "") -> "Trimmings":
        """Return what a panel or roll carries: crop and registration marks, symbols and slug."""
        return cls(crop=True, registration=True, slug=True, design=design, date=date, symbols=tuple(symbols))


def match_symbol(match: str) -> Symbol:
    """Return the symbol for a match as products state it: "straight", "free", "half-drop 64/32 cm", or any drop."""
    words = {"straight": "straight match", "free": "free match", "reverse": "reverse every other length"}
    return Symbol(match, words[match]) if match in words else Symbol("drop", match)


@dataclass(frozen=True, slots=True)
class Frame:
    """A page, mm: how far it reaches beyond the trim (left, top, right, bottom), and the lines of its slug."""

    sheet: Sheet
    margins: tuple[float, float, float, float]
    lines: tuple[str, ...] = ()
    symbols_at: float = 0.0
    legend_at: float = 0.0
    slug_at: float = 0.0

    @property
    def size(self) -> tuple[float, float]:
        """The page's width and height."""
        left, top, right, bottom = self.margins
        return self.sheet.width_mm + left + right, self.sheet.height_mm + top + bottom

    @classmethod
    def of(cls, sheet: Sheet, trimmings: Trimmings, *, job: Print, said: tuple[str, str], chips: int) -> "Frame":
        """Return the page of a sheet; ``said`` is title and label, ``chips`` how many stand at the left."""
        marked = trimmings.crop or trimmings.registration
        edge = sheet.bleed_mm + (MARK_GAP + MARK_LONG + 1 if marked else 0)
        strip = -(-chips // chip_rows(sheet)) * CHIP_STRIP if trimmings.chips else 0.0
        left, right = edge + strip, edge + (RULER + 2 if trimmings.ruler else 0)
        y = sheet.height_mm + edge + (RULER + 2 if trimmings.ruler else 0)
        if not (trimmings.symbols or trimmings.legend or trimmings.slug):
            return cls(sheet, (left, edge, right, y - sheet.height_mm))
        room = sheet.width_mm + left + right - 2 * EDGE
        y += 2
        symbols_at, legend_at = y, 0.0
        y += symbol_rows(trimmings.symbols, room) * (SYMBOL + 2)
        if trimmings.legend:
            legend_at = y + 2
            y = legend_at + Legend.of(job.palette, room).height + 2
        lines = slug_lines(sheet, trimmings, job, said, room) if trimmings.slug else ()
        bottom = y + len(lines) * LEADING + EDGE - sheet.height_mm
        return cls(sheet, (left, edge, right, bottom), lines, symbols_at, legend_at, y + SIZE)


def chip_rows(sheet: Sheet) -> int:
    """Return how many chips stand above one another; on long cloth a set takes no more than a meter."""
    return max(1, int((min(sheet.height_mm, CHIPS_EVERY) - 2) // CHIP_STEP))


@dataclass(frozen=True, slots=True)
class Legend:
    """Where a palette's inks stand in a legend, mm: the lines of each name, ``columns`` side by side, one ``step``."""

    names: tuple[tuple[str, ...], ...]
    columns: int
    step: tuple[float, float]

    @property
    def height(self) -> float:
        """What the legend takes."""
        return -(-len(self.names) // self.columns) * self.step[1]

    @classmethod
    def of(cls, palette: Palette, room: float) -> "Legend":
        """Return the legend in as narrow columns as hold every name whole, in two lines where ``room`` allows it."""
        chip, words = LEGEND_CHIP[0] + LEGEND_GAP, LEGEND_WORDS
        widest = max(room - chip, SIZE)
        while True:
            words = min(words, widest)
            names = tuple(tuple(lettering.wrapped(name, lettering.BOLD, SIZE, words)) for name in plate_names(palette))
            most = max(map(len, names))
            if most <= _NAME_LINES or words == widest:
                break
            words += 1
        columns = max(1, int((room + LEGEND_APART) // (chip + words + LEGEND_APART)))
        return cls(names, columns, (chip + words + LEGEND_APART, 12.0 + most * LEADING))


def symbol_width(symbol: Symbol) -> float:
    """Return what a symbol and its words take, mm."""
    words = lettering.width(lettering.settable(symbol.words), lettering.REGULAR, SIZE) + 2 if symbol.words else 0
    return SYMBOL + words + 6


def symbol_rows(symbols: Sequence[Symbol], room: float) -> int:
    """Return in how many rows the symbols stand."""
    return max((row for row, _ in symbol_places(symbols, room)), default=-1) + 1


def symbol_places(symbols: Sequence[Symbol], room: float) -> list[tuple[int, float]]:
    """Return each symbol's row and its distance from the left."""
    places, row, x = [], 0, 0.0
    for symbol in symbols:
        if x and x + symbol_width(symbol) > room:
            row, x = row + 1, 0.0
        places.append((row, x))
        x += symbol_width(symbol)
    return places


def slug_lines(sheet: Sheet, trimmings: Trimmings, job: Print, said: tuple[str, str], room: float) -> tuple[str, ...]:
    """Return the slug, broken into lines no longer than ``room`` mm."""
    (title, label), lattice, rectangle = said, job.lattice, job.lattice.rectangle()
    first = [title, f"design {trimmings.design}" if trimmings.design else "", sheet.name, trimmings.date]
    cell = f"{lattice.repeat} repeat {format_mm(lattice.width)} × {format_mm(lattice.height)}"
    if job.grid.copies != (1, 1):
        cell += f" (straight {format_mm(rectangle.width)} × {format_mm(rectangle.height)})"
    trim = f"trim {sheet.width_mm:.6g} × {sheet.height_mm:.6g} mm"
    second = ["scale 1:1", trim, cell, f"{len(job.palette)} inks", f"{job.dpi:.6g} dpi"]
    lines = []
    for parts in (first, second):
        lines += _broken([part for part in parts if part], "  ·  ", room)
    for sentence in (*trimmings.words, label):
        lines += _broken(sentence.split(), " ", room)
    return tuple(lines)


def _broken(parts: Sequence[str], joint: str, room: float) -> list[str]:
    """Return parts joined into as few lines as fit, each cut if it does not fit alone."""
    lines: list[str] = []
    for part in parts:
        longer = lines[-1] + joint + part if lines else ""
        if longer and lettering.width(lettering.settable(longer), lettering.REGULAR, SIZE) <= room:
            lines[-1] = longer
        else:
            lines.append(part)
    return [lettering.fitted(line, lettering.REGULAR, SIZE, room) for line in lines]
