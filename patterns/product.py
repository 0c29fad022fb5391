"""Products: what is made of a fabric, with its width, resolution and sample length."""

import math
from dataclasses import dataclass

from patterns.errors import Finding, InputError
from patterns.lattice import Lattice
from patterns.units import METRIC_DPI, MM_PER_INCH, dpi_to_px_per_mm, format_mm

# Shares of a repeat below this are taken as whole: it is less than a cloth moves on the table.
_WHOLE = 1e-3


@dataclass(frozen=True, slots=True)
class Product:
    """What is made of a fabric.

    ``fabric`` names the fabric. ``width_mm`` is the printed width (a roll's or panel's), ``length_mm`` the length of
    the sample that is delivered. ``dpi`` is the print resolution; a ``metric`` product's makes a millimeter whole
    pixels. ``joined`` says that pieces hang side by side, so that a repeat that does not divide the width will not
    match. ``plate_dpi`` is the resolution of 1-bit plates: 30 px per mm unless a preset says otherwise, a heuristic.
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
    plate_dpi: float = 762.0

    def __post_init__(self) -> None:
        if not (0 < self.width_mm < 20_000 and 0 < self.length_mm < 100_000):
            raise InputError(
                f"a product is at most 20 m wide and 100 m long, not {self.width_mm:g} x {self.length_mm:g} mm."
            )
        for dpi in (self.dpi, self.plate_dpi):
            if not 20 <= dpi <= 2400:
                raise InputError(f"print resolutions lie between 20 and 2400 dpi, not {dpi:g}.")
        if self.metric and self.dpi not in METRIC_DPI:
            listed = ", ".join(f"{dpi:g}" for dpi in METRIC_DPI)
            raise InputError(
                f"a metric product is printed at {listed} dpi, which make millimeters whole pixels; not {self.dpi:g}."
            )

    @property
    def px_per_mm(self) -> float:
        """Print resolution in pixels per mm; a whole number for metric products."""
        exact = dpi_to_px_per_mm(self.dpi)
        return float(round(exact)) if self.metric else exact

    def pixels(self, length_mm: float) -> float:
        """Return how many pixels a length takes; whole for whole millimeters of metric products."""
        return length_mm * self.px_per_mm

    def findings(self, separation_inks: int, lattice: Lattice, *, most_inks: int | None = None) -> tuple[Finding, ...]:
        """Return what speaks against printing a design of so many inks on this lattice as this product.

        ``most_inks`` is what the fabric takes. Repeats are judged by the smallest rectangle that repeats straight.
        """
        found = [
            self._ink_finding(separation_inks, most_inks),
            self._width_finding(lattice),
            self._length_finding(lattice),
        ]
        found.append(self._pixel_finding(lattice))
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

    def _width_finding(self, lattice: Lattice) -> Finding | None:
        repeat = lattice.rectangle().width
        turns = self.width_mm / repeat
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
            "warning" if self.joined else "note",
            "the repeat does not divide the width"
            + (", so that neighboring pieces will not match" if self.joined else ", so that it is cut at the selvedge"),
            f"{format_mm(repeat)} goes {turns:.2f} times into {format_mm(self.width_mm)}",
            f"a tile {_size(nearest_dividing(self.width_mm, repeat) / lattice.copies[0], self.metric)} wide divides it",
        )

    def _length_finding(self, lattice: Lattice) -> Finding | None:
        repeat = lattice.rectangle().height
        if repeat <= self.length_mm * (1 + _WHOLE):
            return None
        return Finding(
            "note",
            "the sample length does not show one whole repeat",
            f"{format_mm(repeat)} high, {format_mm(self.length_mm)} delivered",
            f"ask for a length of {format_mm(repeat)} or more",
        )

    def _pixel_finding(self, lattice: Lattice) -> Finding | None:
        sizes = [self.pixels(lattice.width), self.pixels(lattice.height)]
        if all(abs(size - round(size)) < 0.01 for size in sizes):
            return None
        return Finding(
            "note",
            f"the tile is no whole number of pixels at {self.dpi:g} dpi, and is delivered at the nearest",
            f"{sizes[0]:.2f} x {sizes[1]:.2f} px",
            f"a tile of {self._exact(lattice.width)} x {self._exact(lattice.height)} is exact",
        )

    def _exact(self, length_mm: float) -> str:
        """Return the nearest length that is whole pixels: whole millimeters for metric products."""
        if self.metric:
            return f"{max(1, round(length_mm)):g} mm"
        return f"{max(1, round(self.pixels(length_mm))) / self.dpi:.6g} in"


def nearest_dividing(width_mm: float, repeat_mm: float) -> float:
    """Return the repeat width nearest to ``repeat_mm`` (by ratio) of which a whole number fills ``width_mm``."""
    turns = width_mm / repeat_mm
    choices = [width_mm / n for n in {max(1, math.floor(turns)), max(1, math.ceil(turns))}]
    return min(choices, key=lambda choice: abs(math.log(choice / repeat_mm)))


def _size(length_mm: float, metric: bool) -> str:
    return format_mm(length_mm) if metric else f"{length_mm / MM_PER_INCH:.4g} in"
