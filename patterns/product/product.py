"""Products: what is made of a fabric, with its width, resolution, layout and package."""

import math
from dataclasses import dataclass, replace

from patterns.errors import Finding, InputError
from patterns.lattice import Lattice
from patterns.product.fitting import Fit, fit_cylinder, fit_frame, fit_strips, fitting_cylinder
from patterns.product.sheet import Sheet, panels
from patterns.units import METRIC_DPI, MM_PER_INCH, dpi_to_px_per_mm, format_mm

# Shares of a repeat below this are taken as whole: it is less than a cloth moves on the table.
_WHOLE = 1e-3
# How the plane of the design becomes sheets: see ``Product.sheets``.
LAYOUTS = ("meterage", "tile", "screen", "rotary", "roll", "piece", "panels")
# What a package may hold: the repeat rectangle in color or in inks, the lattice's cell, the sheets, a palette card, one
# plate for each printed ink.
FILES = (
    "repeat.png", "repeat.tif", "repeat.jpg", "repeat.pdf", "indexed.png", "indexed.tif", "cell.png",
    "sheet.pdf", "sheet.tif", "sheet.png", "sheet.jpg", "palette.pdf", "techpack.pdf", "plates-8bit",
    "plates-1bit",
)  # fmt: skip
# What is printed outside the trim of a sheet's PDF.
TRIMMINGS = ("crop", "registration", "chips", "legend", "ruler", "symbols", "slug")


@dataclass(frozen=True, slots=True)
class Product:
    """What is made of a fabric.

    ``fabric`` names the fabric. ``width_mm`` is the printed width (a roll's, piece's or wall's), ``length_mm`` the
    length that is delivered. ``dpi`` is the print resolution; a ``metric`` product's makes a millimeter whole pixels.
    ``joined`` says that pieces hang side by side, so that their edges must match. ``layout`` is one of LAYOUTS.
    ``plate_dpi`` is the resolution of 1-bit plates: 30 px per mm unless a preset says otherwise, a heuristic.
    ``circumferences_mm`` are the cylinders of a rotary product, ``bleed_mm`` is printed beyond the trim, ``panel_mm``
    the widest that a wall's panels may be and ``overlap_mm`` their glue edge. ``files`` is what its package holds (of
    FILES), ``marks`` what stands around its sheets (of TRIMMINGS). ``scene`` is the scene that shows it best, "" none.
    """

    name: str
    title: str
    fabric: str
    width_mm: float
    dpi: float
    metric: bool
    length_mm: float
    joined: bool
    heuristic: bool
    source: str
    date: str
    layout: str = "meterage"
    plate_dpi: float = 762.0
    circumferences_mm: tuple[float, ...] = ()
    bleed_mm: float = 0.0
    panel_mm: float = 0.0
    overlap_mm: float = 0.0
    files: tuple[str, ...] = ("repeat.png", "repeat.tif", "repeat.pdf", "indexed.png", "indexed.tif", "cell.png")
    marks: tuple[str, ...] = ()
    scene: str = ""

    def __post_init__(self) -> None:
        if not (0 < self.width_mm < 20_000 and 0 < self.length_mm <= 200_000):
            raise InputError(
                f"a product is at most 20 m wide and 200 m long, not {self.width_mm:g} x {self.length_mm:g} mm."
            )
        for dpi in (self.dpi, self.plate_dpi):
            if not 20 <= dpi <= 2400:
                raise InputError(f"print resolutions lie between 20 and 2400 dpi, not {dpi:g}.")
        if self.metric and self.dpi not in METRIC_DPI:
            listed = ", ".join(f"{dpi:g}" for dpi in METRIC_DPI)
            raise InputError(
                f"a metric product is printed at {listed} dpi, which make millimeters whole pixels; not {self.dpi:g}."
            )
        self._refuse_layout()

    def _refuse_layout(self) -> None:
        if self.layout not in LAYOUTS:
            raise InputError(f"the layout of a product is {', '.join(LAYOUTS)}, not {self.layout!r}.")
        if (self.layout == "rotary") != bool(self.circumferences_mm):
            raise InputError("a rotary product, and no other, has circumferences_mm.")
        if not all(50 <= around <= 5000 for around in self.circumferences_mm):
            raise InputError("the circumferences of cylinders lie between 50 and 5000 mm.")
        if (self.layout == "panels") != (self.panel_mm > 0):
            raise InputError("a product in panels, and no other, has a panel_mm.")
        if not 0 <= self.overlap_mm <= self.panel_mm / 2 or not 0 <= self.bleed_mm <= 200:
            raise InputError("a panel's glue edge is at most half its width, and a bleed between 0 and 200 mm.")
        for given, known, what in ((self.files, FILES, "files"), (self.marks, TRIMMINGS, "marks")):
            if unknown := [name for name in given if name not in known]:
                raise InputError(f"{what} are {', '.join(known)}; {unknown[0]!r} is none of them.")

    @property
    def px_per_mm(self) -> float:
        """Print resolution in pixels per mm; a whole number for metric products."""
        exact = dpi_to_px_per_mm(self.dpi)
        return float(round(exact)) if self.metric else exact

    def pixels(self, length_mm: float) -> float:
        """Return how many pixels a length takes; whole for whole millimeters of metric products."""
        return length_mm * self.px_per_mm

    def sized(self, *, width_mm: float | None = None, length_mm: float | None = None) -> "Product":
        """Return the product with the delivered length, or a wall's width, that was asked for.

        Only a wall can be as wide as one likes, and only cloth, rolls and walls as long. InputError for any other.
        """
        if width_mm is not None and self.layout != "panels":
            raise InputError(
                f"{self.title} is {format_mm(self.width_mm)} wide; only a wall in panels can be of another width."
            )
        if length_mm is not None and self.layout not in ("meterage", "roll", "panels"):
            raise InputError(
                f"{self.title} has a length of its own; only fabric by the meter, rolls and walls are cut to one."
            )
        return replace(self, width_mm=width_mm or self.width_mm, length_mm=length_mm or self.length_mm)

    def fit(self, lattice: Lattice) -> Fit:
        """Return whether a repeat is legal on this product, how strips of it match, and the nearest legal sizes.

        A repeat fits to half a pixel of the print. Cloth by the meter, tiles, single pieces and walls take any repeat.
        """
        if self.layout == "rotary":
            return fit_cylinder(lattice, self.circumferences_mm, self.px_per_mm)
        if self.layout == "screen":
            return fit_frame(lattice, self.length_mm, self.px_per_mm)
        if self.joined:
            return fit_strips(lattice, self.width_mm, self.px_per_mm)
        return Fit()

    @property
    def legal(self) -> str:
        """Which repeats are legal, in words with figures."""
        if self.layout == "rotary":
            turns = "; ".join(_shares(around) for around in self.circumferences_mm)
            return f"a rectangle as high as the cylinder's circumference or a whole part of it: {turns}"
        if self.layout == "screen":
            return f"any up to {format_mm(self.length_mm)} high"
        if self.joined:
            return f"columns set apart by the width or a whole part of it: {_shares(self.width_mm)}"
        return "any"

    def sheets(self, lattice: Lattice) -> tuple[Sheet, ...]:
        """Return what is printed: the numbered panels of a wall, or one sheet.

        A length of cloth or of a roll begins at the design's corner. A flat screen is as long as whole repeats fit, a
        rotary screen one turn. A piece is centered on a cell, so that it is cut alike at both sides.
        """
        rectangle = lattice.rectangle()
        if self.layout == "panels":
            return panels((self.width_mm, self.length_mm), self.panel_mm, self.overlap_mm, bleed_mm=self.bleed_mm)
        if self.layout == "tile":
            return (Sheet("tile", rectangle.width, rectangle.height),)
        if self.layout == "piece":
            left, top = (lattice.width - self.width_mm) / 2, (lattice.height - self.length_mm) / 2
            return (Sheet(self.name, self.width_mm, self.length_mm, left, top, bleed_mm=self.bleed_mm),)
        name, length = {
            "meterage": ("meter" if self.length_mm == 1000 else "meterage", self.length_mm),
            "roll": ("roll", self.length_mm),
            "screen": ("screen", max(1, int(self.length_mm / rectangle.height + _WHOLE)) * rectangle.height),
            "rotary": ("turn", fitting_cylinder(lattice, self.circumferences_mm, self.px_per_mm) or rectangle.height),
        }[self.layout]
        return (Sheet(name, self.width_mm, length, bleed_mm=self.bleed_mm),)

    def findings(self, separation_inks: int, lattice: Lattice, *, most_inks: int | None = None) -> tuple[Finding, ...]:
        """Return what speaks against printing a design of so many inks on this lattice as this product.

        ``most_inks`` is what the fabric takes. Repeats are judged by the smallest rectangle that repeats straight.
        """
        found = [
            self._ink_finding(separation_inks, most_inks),
            self._fit_finding(lattice),
            self._width_finding(lattice),
            self._length_finding(lattice),
            self._pixel_finding(lattice),
        ]
        return tuple(finding for finding in found if finding is not None)

    def _ink_finding(self, inks: int, most_inks: int | None) -> Finding | None:
        if most_inks is None or inks <= most_inks:
            return None
        return Finding(
            "fault",
            f"{self.title} is printed with at most {most_inks} inks, and the design has more",
            f"{inks} inks",
            f"design or separate with --inks {most_inks}",
        )

    def _fit_finding(self, lattice: Lattice) -> Finding | None:
        fit = self.fit(lattice)
        if fit.legal:
            return None
        tile = f"a tile of {lattice.width:.7g} x {lattice.height:.7g} mm"
        nearest = " or ".join(map(str, fit.nearest))
        return Finding("fault", f"{self.title}: {fit.problem}", tile, f"the nearest that fit are {nearest}")

    def _width_finding(self, lattice: Lattice) -> Finding | None:
        """Return a finding if the repeat is cut at the edge of cloth that nothing hangs beside."""
        repeat = lattice.rectangle().width
        turns = self.width_mm / repeat
        if self.joined or self.layout not in ("meterage", "screen", "rotary"):
            return None
        if repeat > self.width_mm * (1 + _WHOLE):
            return Finding(
                "warning",
                f"the repeat is wider than {self.title}, so that it is cut off",
                f"{format_mm(repeat)} on {format_mm(self.width_mm)}",
                f"a tile {_size(self.width_mm / lattice.copies[0], self.metric)} wide repeats once across",
            )
        if abs(turns - round(turns)) <= _WHOLE * turns:
            return None
        return Finding(
            "note",
            "the repeat does not divide the width, so that it is cut at the selvedge",
            f"{format_mm(repeat)} goes {turns:.2f} times into {format_mm(self.width_mm)}",
            f"a tile {_size(nearest_dividing(self.width_mm, repeat) / lattice.copies[0], self.metric)} wide divides it",
        )

    def _length_finding(self, lattice: Lattice) -> Finding | None:
        repeat = lattice.rectangle().height
        if self.layout not in ("meterage", "roll", "piece") or repeat <= self.length_mm * (1 + _WHOLE):
            return None
        return Finding(
            "note",
            "what is delivered does not show one whole repeat",
            f"{format_mm(repeat)} high, {format_mm(self.length_mm)} delivered",
            f"ask for a length of {format_mm(repeat)} or more"
            if self.layout != "piece"
            else "a smaller repeat shows whole",
        )

    def _pixel_finding(self, lattice: Lattice) -> Finding | None:
        sizes = [self.pixels(lattice.width), self.pixels(lattice.height)]
        if all(abs(size - round(size)) < 0.01 for size in sizes):
            return None
        exact = [self._exact(lattice.width), self._exact(lattice.height)]
        legal = self.fit(replace(lattice, width=exact[0], height=exact[1])).legal
        shown = " x ".join(f"{mm:g} mm" if self.metric else f"{mm / MM_PER_INCH:.6g} in" for mm in exact)
        return Finding(
            "note",
            f"the tile is no whole number of pixels at {self.dpi:g} dpi, and is delivered at the nearest",
            f"{sizes[0]:.2f} x {sizes[1]:.2f} px",
            f"a tile of {shown} is exact" if legal else "nothing needs mending: every file states its true size",
        )

    def _exact(self, length_mm: float) -> float:
        """Return the nearest length that is whole pixels: whole millimeters for metric products."""
        if self.metric:
            return float(max(1, round(length_mm)))
        return max(1, round(self.pixels(length_mm))) / self.dpi * MM_PER_INCH


def nearest_dividing(width_mm: float, repeat_mm: float) -> float:
    """Return the repeat width nearest to ``repeat_mm`` (by ratio) of which a whole number fills ``width_mm``."""
    turns = width_mm / repeat_mm
    choices = [width_mm / n for n in {max(1, math.floor(turns)), max(1, math.ceil(turns))}]
    return min(choices, key=lambda choice: abs(math.log(choice / repeat_mm)))


def _shares(length_mm: float) -> str:
    return ", ".join(f"{length_mm / n / 10:.5g}" for n in range(1, 6)) + " cm ..."


def _size(length_mm: float, metric: bool) -> str:
    return format_mm(length_mm) if metric else f"{length_mm / MM_PER_INCH:.4g} in"
