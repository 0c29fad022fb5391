"""Looking at a picture from any tool: its size, and whether it repeats without a seam."""

from dataclasses import dataclass
from pathlib import Path

from patterns import seam
from patterns.design import Design
from patterns.errors import Finding, PatternsError
from patterns.lattice import Grid, Lattice, parse_repeat
from patterns.units import MM_PER_INCH

# Sides of a delivered file agree with its record's to this share: a print's pixels are whole.
_SAME = 0.01


@dataclass(frozen=True, slots=True)
class Checked:
    """What was measured on a picture: its seam on ``lattice``, in mm where the size is known, else in px."""

    report: seam.SeamReport
    grid: Grid
    lattice: Lattice
    in_mm: bool
    findings: tuple[Finding, ...]


def check(file: Path, *, repeat: str | None = None, size_mm: tuple[float, float] | None = None) -> Checked:
    """Return whether a picture meets itself on a repeat: the one that its record says, else straight.

    ``size_mm`` is its printed size, else what the file says of its resolution. Raises InputError for what is no
    picture, LatticeError for a repeat that its pixels cannot carry.
    """
    if repeat is not None:
        parse_repeat(repeat)  # a repeat nobody knows is refused before a large picture is read
    pixels = seam.read_picture(file)
    height, width = pixels.shape[:2]
    stated = size_mm or _stated_size(file, width, height)
    repeat = repeat or _recorded_repeat(file, stated) or "straight"
    # Without a size a pixel counts as a millimeter: a seam has no unit.
    lattice = Lattice.named(repeat, *(size_mm or (width, height)))
    grid = lattice.grid(width, height)
    shown = Lattice(*stated, lattice.drop, lattice.slide) if stated else lattice
    report = seam.measure(pixels, grid)
    return Checked(report, grid, shown, stated is not None, tuple(report.findings()))


def _stated_size(file: Path, width: int, height: int) -> tuple[float, float] | None:
    """Return (width, height) in mm by the file's own resolution, None if it states none."""
    from PIL import Image

    with Image.open(file) as picture:
        dpi = picture.info.get("dpi")
    if not dpi or not all(1 < float(v) < 1e5 for v in dpi):
        return None
    return width / float(dpi[0]) * MM_PER_INCH, height / float(dpi[1]) * MM_PER_INCH


def _recorded_repeat(file: Path, size_mm: tuple[float, float] | None) -> str | None:
    """Return the repeat of a file that carries a record: the lattice's for its cell, straight for a rectangle."""
    from patterns.press import read_record

    try:
        lattice = Design.from_json(read_record(file)).lattice
    except PatternsError:
        return None
    if size_mm is None or not _alike(size_mm, (lattice.width, lattice.height)):
        return None
    return lattice.repeat


def _alike(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return all(abs(a / b - 1) < _SAME for a, b in zip(one, other, strict=True))
