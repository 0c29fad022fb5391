"""Whether a file meets itself: on the repeat that it is said to have, that its record says, or that it is found on."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from patterns import seam
from patterns.errors import Finding
from patterns.lattice import Grid, Lattice
from patterns.preflight.pixels import MOST_READ, Pixels
from patterns.preflight.repeat import Found, apart, find_repeat, meet_sheet, meet_tile
from patterns.preflight.report import Meeting, Wanted

# Sides of a file agree with its record's to this share: a print's pixels are whole.
_SAME = 0.01
# A cell of a sheet is measured when its sides are within this of whole pixels.
_WHOLE_PX = 0.05
# Unlikeness of one repeat of a sheet to the next, beyond which they are not the same.
_LIKE = 0.05
_BAD_CURE = "place every copy at exactly the repeat, or say the repeat with --repeat and --size"


@dataclass(frozen=True, slots=True)
class Measured:
    """A meeting with the pixels on which it was measured, and the repeat's size in mm as it was said (None: not)."""

    found: Found
    meeting: Meeting


def measure(pixels: Pixels, wanted: Wanted) -> Measured | None:
    """Return how the pixels meet themselves; None if they need not, or show less than one repeat.

    LatticeError if they cannot carry the repeat that was said.
    """
    if wanted.repeats is False or min(pixels.width, pixels.height) < 16:
        return None
    if wanted.repeat is not None:
        return _as_said(pixels, wanted.repeat, wanted.size_mm)
    if wanted.lattice is not None and pixels.px_per_mm:
        return _as_recorded(pixels, wanted.lattice)
    return _as_found(pixels)


def _as_said(pixels: Pixels, repeat: str, size_mm: tuple[float, float] | None) -> Measured:
    # Without a size a pixel counts as a millimeter: a seam has no unit.
    lattice = Lattice.named(repeat, *(size_mm or (pixels.width, pixels.height)))
    return _on_tile(pixels, lattice.grid(pixels.width, pixels.height), lattice.repeat, size_mm)


def _on_tile(pixels: Pixels, grid: Grid, repeat: str, size_mm: tuple[float, float] | None) -> Measured:
    cell = _all(pixels)
    return _measured(pixels, Found(grid, seam.measure(cell, grid), cell), repeat, size_mm)


def _as_recorded(pixels: Pixels, lattice: Lattice) -> Measured | None:
    """Measure the cell of the record's lattice: it is the picture, or its top left corner; None if less is shown."""
    scale, whole = pixels.px_per_mm, lattice.rectangle()
    size = (pixels.width / scale, pixels.height / scale)
    if _alike(size, (lattice.width, lattice.height)):
        return _on_tile(pixels, lattice.grid(pixels.width, pixels.height), lattice.repeat, None)
    if _alike(size, (whole.width, whole.height)):
        return _on_tile(pixels, Grid(pixels.width, pixels.height), "straight", None)
    (width, drop), (slide, height) = (tuple(v * scale for v in vector) for vector in lattice.vectors)
    if width > pixels.width + 0.5 or height > pixels.height + 0.5:
        return None
    if any(abs(side - round(side)) > _WHOLE_PX for side in (width, height, drop, slide)):
        return None
    grid = Grid(round(width), round(height), round(drop), round(slide))
    found = meet_sheet(pixels.corner(2 * grid.width, 2 * grid.height), grid)
    return _measured(pixels, found, lattice.repeat, (lattice.width, lattice.height))


def _as_found(pixels: Pixels) -> Measured | None:
    small = pixels.width * pixels.height <= MOST_READ
    shown = _all(pixels) if small else pixels.corner(8192, MOST_READ // 8192)
    found = meet_tile(shown) if small else None
    if found is None or not found.report.passed:
        grid = find_repeat(shown)
        found = found if grid is None else meet_sheet(shown, grid)
    return None if found is None else _measured(pixels, found, named(found.grid), None)


def _measured(pixels: Pixels, found: Found, repeat: str, size_mm: tuple[float, float] | None) -> Measured:
    grid, scale = found.grid, pixels.px_per_mm
    if scale and size_mm is None:
        size_mm = (grid.width / scale, grid.height / scale)
    shown = (pixels.width / grid.width, pixels.height / grid.height) if found.sheet else (1.0, 1.0)
    return Measured(found, Meeting(found.report, repeat, (grid.width, grid.height), size_mm, shown))


def _all(pixels: Pixels) -> np.ndarray:
    return np.ascontiguousarray(pixels.read(0, 0, pixels.width, pixels.height))


def _alike(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a / b - 1) < _SAME for a, b in zip(one, other, strict=True))


def named(grid: Grid) -> str:
    """Return the trade's name of a grid's repeat; an offset is the simplest fraction within a pixel of it."""
    if not (grid.drop or grid.slide):
        return "straight"
    side, offset = (grid.height, grid.drop) if grid.drop else (grid.width, grid.slide)
    exact = Fraction(offset, side)
    simple = next((f for n in range(2, 13) if abs(float(f := exact.limit_denominator(n)) * side - offset) <= 1), exact)
    return Lattice(grid.width, grid.height, *((simple, Fraction(0)) if grid.drop else (Fraction(0), simple))).repeat


def meeting_findings(measured: Measured, wanted: Wanted) -> Iterator[Finding]:
    """Yield the faults of the joints, and what was found by itself."""
    meeting = measured.meeting
    yield from meeting.report.findings()
    if wanted.repeat is None and wanted.lattice is None:
        if meeting.repeat != "straight":
            cure = f"say so where it is printed; --repeat '{meeting.repeat}' measures it as that"
            yield Finding("note", f"it repeats as {meeting.repeat}, not straight", "found by its pixels", cure)
        if measured.found.sheet:
            figure = (
                f"{meeting.shown[0]:.2f} x {meeting.shown[1]:.2f} of {meeting.size_px[0]} x {meeting.size_px[1]} px"
            )
            yield Finding("note", "it holds more than one repeat", figure)
    if measured.found.sheet:
        yield from _drift(measured.found)


def _drift(found: Found) -> Iterator[Finding]:
    """Yield a fault if the next repeat of a sheet is not like the first, where enough of it is shown."""
    grid, corner = found.grid, found.corner
    moves = (((grid.width, grid.drop), "beside"), ((grid.slide, grid.height), "below"))
    for (x, y), where in moves:
        enough = corner.shape[1] - x >= grid.width / 4 and corner.shape[0] - y >= grid.height / 4
        if enough and (unlike := apart(corner, x, y)) > _LIKE:
            figure = f"{unlike:.0%} unlike, {where} the first"
            yield Finding("fault", "one repeat of the sheet is not like the next", figure, _BAD_CURE)
