"""Fabrics: a cloth or paper with the process that prints it, and what the two together can hold."""

from dataclasses import dataclass, replace
from pathlib import Path

from patterns.color.gamut import Gamut, GamutFigures, gamut_of
from patterns.errors import Finding, InputError
from patterns.lattice import Lattice
from patterns.units import format_mm

# Of a circumference: less than a screen gives when it is stretched.
_WHOLE = 1e-3
# How a surface is made, for pictures of it; "" has no structure that could be seen.
WEAVES = ("", "plain", "twill", "satin", "knit", "pile", "fibers")


@dataclass(frozen=True, slots=True)
class Fabric:
    """A cloth or paper with its printing process.

    ``width_mm`` is the printable width, ``finest_line_mm`` the thinnest line that holds and ``finest_gap_mm`` the
    thinnest gap that stays open, ``trap_mm`` how far neighbors are spread into each other (0: none). ``screens`` says
    that each ink is mixed and has a screen of its own, ``circumferences_mm`` which cylinders there are (none: flat),
    ``least_coverage`` the share of the tile below which a screen does not pay. ``apart`` is the CIEDE2000 below which
    neighboring inks run together to the eye. ``white_lab`` is the bare cloth (CIE Lab, D50), ``ink_limit`` the most ink
    in percent of one full channel, ``shrinkage`` the share (warp, weft) lost in finishing. ``colors`` is what is known
    of the gamut. ``ink_g_per_m2`` is what one solid color (screens) or one full channel takes of ink, wet, in grams (0:
    nobody said).

    What follows is for pictures of it alone: ``weave`` is one of WEAVES, ``yarns_per_cm`` (warp, weft), ``relief`` how
    much light its yarns take and give (0 to 0.9), ``gloss`` the share of light that it mirrors seen from the front,
    ``pile`` how much of a velvet it is (0 to 1). ``heuristic`` says that these figures are nobody's measurement.
    """

    name: str
    title: str
    process: str
    width_mm: float
    finest_line_mm: float
    finest_gap_mm: float
    most_inks: int
    screens: bool
    least_coverage: float
    apart: float
    white_lab: tuple[float, float, float]
    ink_limit: float
    trap_mm: float
    shrinkage: tuple[float, float]
    heuristic: bool
    source: str
    date: str
    colors: GamutFigures
    circumferences_mm: tuple[float, ...] = ()
    ink_g_per_m2: float = 0.0
    weave: str = ""
    yarns_per_cm: tuple[float, ...] = ()
    relief: float = 0.0
    gloss: float = 0.0
    pile: float = 0.0

    def __post_init__(self) -> None:
        if not 0 < self.width_mm < 20_000:
            raise InputError(f"a fabric is between 0 and 20 m wide, not {self.width_mm:g} mm.")
        if not all(0 < v < 50 for v in (self.finest_line_mm, self.finest_gap_mm)) or not 0 <= self.trap_mm < 10:
            raise InputError("a fabric's finest line and gap lie between 0 and 50 mm, its trap between 0 and 10 mm.")
        if not 0 <= self.ink_g_per_m2 < 1000:
            raise InputError("a square meter takes between 0 and 1000 g of an ink.")
        if self.most_inks < 1 or not 0 < self.ink_limit <= 800:
            raise InputError("a fabric takes at least one ink, and an ink limit between 0 and 800 %.")
        if len(self.white_lab) != 3 or len(self.shrinkage) != 2 or not all(0 <= s < 0.5 for s in self.shrinkage):
            raise InputError("a fabric has a white of three numbers (Lab) and a shrinkage (warp, weft) from 0 to 0.5.")
        if not (0 <= self.least_coverage < 1 and 0 <= self.apart <= 50):
            raise InputError("a fabric's least coverage is a share below 1, its inks are 0 to 50 CIEDE2000 apart.")
        if not all(50 <= c <= 5000 for c in self.circumferences_mm):
            raise InputError("the circumferences of a fabric's screens lie between 50 and 5000 mm.")
        self._refuse_surface()

    def _refuse_surface(self) -> None:
        if self.weave not in WEAVES:
            raise InputError(f"a weave is {', '.join(WEAVES[1:])} or nothing, not {self.weave!r}.")
        if self.yarns_per_cm and (len(self.yarns_per_cm) != 2 or not all(1 <= y <= 200 for y in self.yarns_per_cm)):
            raise InputError("a fabric has 1 to 200 yarns to the centimeter, (warp, weft).")
        if not (0 <= self.relief <= 0.9 and 0 <= self.gloss <= 0.5 and 0 <= self.pile <= 1):
            raise InputError("a relief is 0 to 0.9, a gloss 0 to 0.5, a pile 0 to 1.")

    def gamut(self) -> Gamut:
        """Return the colors that this fabric holds; InputError if a profile or patches that it names cannot be read."""
        return gamut_of(self.colors)

    def measured_by(self, file: Path) -> "Fabric":
        """Return the fabric with the gamut of an ICC profile or of measured patches in a file."""
        return replace(self, colors=replace(self.colors, measured=str(file), ink_limit=self.ink_limit))

    def preshrunk(self, lattice: Lattice) -> Lattice:
        """Return the lattice as it must be printed so that it has its size after finishing; the warp runs down."""
        warp, weft = self.shrinkage
        return replace(lattice, width=lattice.width / (1 - weft), height=lattice.height / (1 - warp))

    def findings(self, inks: int, *, finest_line_mm: float | None = None) -> tuple[Finding, ...]:
        """Return what this fabric has against a design of ``inks`` inks, whose finest line is given if known."""
        found = []
        if inks > self.most_inks:
            found.append(
                Finding(
                    "fault",
                    f"{self.title} takes {self.most_inks} inks, and the design has more",
                    f"{inks} inks",
                    f"design or separate with --inks {self.most_inks}",
                )
            )
        if finest_line_mm is not None and finest_line_mm < self.finest_line_mm:
            found.append(
                Finding(
                    "warning",
                    f"the finest line is thinner than {self.title} holds",
                    f"{finest_line_mm:.2f} mm of {self.finest_line_mm:.2f} mm",
                    "make the design larger, or thicken its lines",
                )
            )
        return tuple(found)

    def size_findings(self, lattice: Lattice) -> tuple[Finding, ...]:
        """Return what this fabric has against a repeat: its cylinders, and what finishing takes from it."""
        found = []
        height = lattice.rectangle().height
        if self.circumferences_mm and not any(_divides(height, c) for c in self.circumferences_mm):
            listed = ", ".join(f"{c:g}" for c in self.circumferences_mm)
            nearest = min((c / n for c in self.circumferences_mm for n in range(1, 65)), key=lambda h: abs(h - height))
            found.append(
                Finding(
                    "fault",
                    "the repeat goes around no cylinder a whole number of times, so that every turn leaves a jump",
                    f"{height:g} mm high, cylinders of {listed} mm",
                    f"a tile {nearest / lattice.copies[1]:.4g} mm high does",
                )
            )
        if any(self.shrinkage):
            warp, weft = self.shrinkage
            width, after = lattice.width * (1 - weft), lattice.height * (1 - warp)
            found.append(
                Finding(
                    "note",
                    "finishing shrinks the cloth, which is not made up for unless asked",
                    f"{warp:.0%} in the warp, {weft:.0%} in the weft: a tile of {format_mm(lattice.width)} x "
                    f"{format_mm(lattice.height)} becomes {format_mm(width)} x {format_mm(after)}",
                    "`patterns export --preshrink` prints it larger by that",
                )
            )
        return tuple(found)

    def __str__(self) -> str:
        return f"{self.title}, {format_mm(self.width_mm)} wide, {self.process}"


def _divides(height_mm: float, circumference_mm: float) -> bool:
    turns = circumference_mm / height_mm
    return turns > 0.5 and abs(turns - round(turns)) <= _WHOLE * turns
