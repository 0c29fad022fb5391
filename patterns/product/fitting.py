"""How a repeat fits what is printed: by the lattice itself.

A cylinder of circumference C fits when (0, C) is a lattice vector: else every turn leaves a jump. Strips of width R
hang side by side when (R, d) is one; the smallest such d >= 0 is the match, by which the right one hangs lower.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from patterns.lattice import Lattice
from patterns.units import format_mm

# Offsets nearer to 0 or to half a repeat than this share of it are these: float sums, far below a printed pixel.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Match:
    """How strips meet: the one to the right hangs lower by ``offset_mm`` of a repeat of ``repeat_mm`` along them."""

    offset_mm: float
    repeat_mm: float

    @property
    def kind(self) -> str:
        """The trade's word: "straight", "half-drop", or "drop" for any other offset."""
        share = self.offset_mm / self.repeat_mm
        if min(share, 1 - share) < _SAME:
            return "straight"
        return "half-drop" if abs(share - 0.5) < _SAME else "drop"

    def __str__(self) -> str:
        """Return the match as a roll's label states it: "straight", "half-drop 64/32 cm", "drop 53/17.67 cm"."""
        if self.kind == "straight":
            return "straight"
        return f"{self.kind} {self.repeat_mm / 10:.4g}/{self.offset_mm / 10:.4g} cm"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A legal size, how its strips match (None: nothing hangs beside), the change of (width, height) in percent."""

    lattice: Lattice
    match: Match | None
    change_percent: tuple[float, float]

    def __str__(self) -> str:
        across, down = (f"{value:+.1f} %" for value in self.change_percent)
        change = across if across == down else f"{across} and {down}"
        matched = f", {self.match} match" if self.match else ""
        return f"{self.lattice.width:.7g} x {self.lattice.height:.7g} mm ({change}{matched})"


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a repeat is legal: ``problem`` is empty, or says in figures why not.

    ``match`` says how neighboring strips meet, None if nothing hangs beside. ``nearest`` are the legal sizes next to
    the one asked for, the smallest change first; a legal repeat has none.
    """

    problem: str = ""
    match: Match | None = None
    nearest: tuple[Proposal, ...] = ()

    @property
    def legal(self) -> bool:
        """Whether the repeat can be printed as it is."""
        return not self.problem


def match_of(lattice: Lattice, width_mm: float, *, tolerance_mm: float) -> Match | None:
    """Return how strips of a width match, or None if no translation (width, d) is in the lattice to a tolerance."""
    spacing = lattice.width / lattice.slide.denominator
    columns = round(width_mm / spacing)
    if columns < 1 or abs(columns * spacing - width_mm) > tolerance_mm:
        return None
    return _match(lattice, columns)


def _match(lattice: Lattice, columns: int) -> Match:
    """Return the match of strips that are so many lattice columns wide."""
    repeat = lattice.rectangle().height
    if lattice.slide:
        # b rows down move right by b p / q of a width, which must be columns / q of one: b p = columns (mod q).
        p, q = lattice.slide.numerator, lattice.slide.denominator
        return Match(columns * pow(p, -1, q) % q * lattice.height, repeat)
    return Match(float(columns * lattice.drop % 1) * lattice.height, repeat)


def fit_strips(lattice: Lattice, width_mm: float, px_per_mm: float) -> Fit:
    """Return how a repeat fits strips that hang side by side, as of a roll of wallpaper or curtains."""
    match = match_of(lattice, width_mm, tolerance_mm=0.5 / px_per_mm)
    if match is not None:
        return Fit(match=match)
    spacing = lattice.width / lattice.slide.denominator
    found = [
        _proposal(lattice, (width_mm / (columns * spacing), None), px_per_mm, columns=columns)
        for columns in _whole_near(width_mm / spacing)
    ]
    return Fit(
        f"strips {format_mm(width_mm)} wide hold {width_mm / spacing:.3f} columns of the repeat, so that neighbors do "
        "not match",
        nearest=_sorted(found),
    )


def fit_cylinder(lattice: Lattice, circumferences_mm: Iterable[float], px_per_mm: float) -> Fit:
    """Return how a repeat goes around one of the cylinders."""
    height = lattice.rectangle().height
    circumferences = tuple(circumferences_mm)
    if fitting_cylinder(lattice, circumferences, px_per_mm) is not None:
        return Fit()
    found = [
        _proposal(lattice, (None, around / (turns * height)), px_per_mm)
        for around in circumferences
        for turns in _whole_near(around / height)
    ]
    listed = " or ".join(format_mm(around) for around in circumferences)
    times = " or ".join(f"{around / height:.3f}" for around in circumferences)
    return Fit(
        f"a repeat {format_mm(height)} high goes {times} times around a cylinder of {listed}, so that each turn leaves "
        "a jump",
        nearest=_sorted(found)[:2],
    )


def fitting_cylinder(lattice: Lattice, circumferences_mm: Iterable[float], px_per_mm: float) -> float | None:
    """Return the smallest circumference around which the repeat goes, to half a pixel, or None."""
    height = lattice.rectangle().height
    for around in sorted(circumferences_mm):
        turns = round(around / height)
        if turns >= 1 and abs(turns * height - around) <= 0.5 / px_per_mm:
            return around
    return None


def fit_frame(lattice: Lattice, length_mm: float, px_per_mm: float) -> Fit:
    """Return how a repeat fits a flat screen whose printed length is at most ``length_mm``."""
    height = lattice.rectangle().height
    if height <= length_mm + 0.5 / px_per_mm:
        return Fit()
    return Fit(
        f"a repeat {format_mm(height)} high does not fit on a flat screen of {format_mm(length_mm)}",
        nearest=(_proposal(lattice, (None, length_mm / height), px_per_mm),),
    )


def _whole_near(turns: float) -> tuple[int, ...]:
    return tuple(sorted({max(1, math.floor(turns)), max(1, math.ceil(turns))}))


def _proposal(
    lattice: Lattice, exact: tuple[float | None, float | None], px_per_mm: float, *, columns: int | None = None
) -> Proposal:
    """Return the lattice scaled by the given factor of one side; the other side follows, to whole pixels.

    Motifs keep their shape to half a pixel of the whole tile.
    """
    factor = exact[0] or exact[1] or 1.0
    width = (
        lattice.width * factor if exact[0] else _snapped(lattice.width * factor, px_per_mm, lattice.slide.denominator)
    )
    height = (
        lattice.height * factor if exact[1] else _snapped(lattice.height * factor, px_per_mm, lattice.drop.denominator)
    )
    scaled = replace(lattice, width=width, height=height)
    change = (100 * (width / lattice.width - 1), 100 * (height / lattice.height - 1))
    return Proposal(scaled, None if columns is None else _match(scaled, columns), change)


def _snapped(length_mm: float, px_per_mm: float, multiple: int) -> float:
    """Return the nearest length that is a whole multiple of so many pixels."""
    step = multiple / px_per_mm
    return max(1, round(length_mm / step)) * step


def _sorted(found: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Return proposals without doubles, the smallest change (by ratio) first."""
    unique = {(p.lattice.width, p.lattice.height): p for p in found}
    return tuple(sorted(unique.values(), key=lambda p: abs(math.log1p(p.change_percent[0] / 100))))
