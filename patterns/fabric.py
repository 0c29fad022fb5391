"""Fabrics: a cloth or paper with the process that prints it, and what the two together can hold."""

from dataclasses import dataclass

from patterns.errors import Finding, InputError
from patterns.units import format_mm


@dataclass(frozen=True, slots=True)
class Fabric:
    """A cloth or paper with its printing process.

    ``width_mm`` is the printable width, ``finest_line_mm`` the thinnest line that holds, ``trap_mm`` how far neighbors
    are spread into each other (0: none), ``white_lab`` the bare cloth (CIE Lab, D50), ``ink_limit`` the most ink in
    percent of one full channel, ``shrinkage`` the share (warp, weft) lost in finishing. ``heuristic`` says that these
    figures are nobody's measurement.
    """

    name: str
    title: str
    process: str
    width_mm: float
    finest_line_mm: float
    most_inks: int
    white_lab: tuple[float, float, float]
    ink_limit: float
    trap_mm: float
    shrinkage: tuple[float, float]
    heuristic: bool
    source: str
    date: str

    def __post_init__(self) -> None:
        if not 0 < self.width_mm < 20_000:
            raise InputError(f"a fabric is between 0 and 20 m wide, not {self.width_mm:g} mm.")
        if not (0 < self.finest_line_mm < 50 and 0 <= self.trap_mm < 10):
            raise InputError("a fabric's finest line lies between 0 and 50 mm, its trap between 0 and 10 mm.")
        if self.most_inks < 1 or not 0 < self.ink_limit <= 800:
            raise InputError("a fabric takes at least one ink, and an ink limit between 0 and 800 %.")
        if len(self.white_lab) != 3 or len(self.shrinkage) != 2 or not all(0 <= s < 0.5 for s in self.shrinkage):
            raise InputError("a fabric has a white of three numbers (Lab) and a shrinkage (warp, weft) from 0 to 0.5.")

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

    def __str__(self) -> str:
        return f"{self.title}, {format_mm(self.width_mm)} wide, {self.process}"
