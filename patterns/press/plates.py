"""Plates: one plane for each printed ink at print size, in the order in which the inks fall on the cloth.

A plate file has the name that its ink has everywhere (see names): "03 Black.tif" is ink 3 of the palette. When it falls
is said beside it. The files, a PDF of all plates in one (see composite) and ``plates.json`` are written in one pass
over the bands, all of them or none.
"""

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from patterns.color import Ink, Palette
from patterns.errors import Finding, InputError
from patterns.press.bitmap import PlateFile
from patterns.press.composite import Composite, write_composite
from patterns.press.folder import Folder
from patterns.press.job import Delivered, Print
from patterns.press.marks import Marks
from patterns.press.names import plate_name, plate_names
from patterns.press.trap import Trap, choked, pairs
from patterns.separation import GROUNDS

SCHEMA = 2
# How far a lighter ink runs on beneath a darker one that is not knocked out of it: lines and stems up to twice as wide
# are closed. Our own figure.
OVERPRINT_MM = 2.0
UNDERBASE = "White underbase"
LIGHT_TO_DARK = "light to dark"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the plates are made.

    ``ground`` says what ink 0 is (see GROUNDS). ``order`` lists the printed inks by their place in the palette, the
    first to fall first; empty means light to dark. ``trap_mm`` is how far the lighter of two inks runs under the
    darker; it is not knocked out of the inks ``overprint`` at all (see OVERPRINT_MM). ``choke_mm`` asks for a white
    underbase, drawn back so far from the cloth. ``bits`` is 8 or 1. The sources say where figures come from.
    """

    ground: str = "cloth"
    trap_mm: float = 0.0
    order: tuple[int, ...] = ()
    overprint: tuple[int, ...] = ()
    choke_mm: float | None = None
    bits: int = 8
    trap_source: str = "asked for"
    resolution_source: str = "asked for"

    def __post_init__(self) -> None:
        if self.ground not in GROUNDS:
            raise InputError(f"a ground is {', '.join(GROUNDS)}, not {self.ground!r}.")
        if self.bits not in (1, 8):
            raise InputError(f"plates have 8 bits or 1 bit, not {self.bits}.")
        if not 0 <= self.trap_mm <= 10 or not 0 <= (self.choke_mm or 0) <= 10:
            raise InputError("a trap or choke lies between 0 and 10 mm.")
        if self.choke_mm is not None and self.ground == "printed":
            raise InputError("an underbase lies between inks and a bare or dyed cloth; this ground is printed.")
        if self.ground != "printed" and 0 in self.overprint:
            raise InputError(f"the ground is {self.ground} and not printed, so that it cannot overprint.")

    def printed(self, inks: int) -> tuple[int, ...]:
        """Return the inks that have a plate, in palette order."""
        return tuple(range(0 if self.ground == "printed" else 1, inks))

    def falling(self, palette: Palette) -> tuple[int, ...]:
        """Return the printed inks in the order in which they fall; InputError if ``order`` is not just these."""
        printed = self.printed(len(palette))
        if not printed:
            raise InputError("the palette has a ground and nothing that is printed on it.")
        if not self.order:
            lightness = palette.lab()[:, 0]
            return tuple(sorted(printed, key=lambda ink: (-lightness[ink], ink)))
        if sorted(self.order) != list(printed):
            names = ", ".join(f"{ink + 1} {palette.inks[ink].name}" for ink in printed)
            raise InputError(f"an order names every printed ink once: {names}.")
        return self.order


@dataclass(frozen=True, slots=True)
class Plate:
    """One screen: when it falls, from 1; its name; its ink's place in the palette, from 0 (None: the underbase)."""

    falls: int
    name: str
    ink: int | None

    @property
    def number(self) -> int:
        """The number in its name, which is the ink's on the palette card; 0 for an underbase, which is not on it."""
        return 0 if self.ink is None else self.ink + 1


@dataclass(frozen=True, slots=True)
class PlateSet:
    """What was written: the plates, the share of the sheet that each covers, the files, and what is questionable."""

    plates: tuple[Plate, ...]
    coverage: tuple[float, ...]
    files: tuple[Delivered, ...]
    record: dict[str, Any]
    findings: tuple[Finding, ...]


# Yields (first row, (K, h + 2 m, W + 2 m) uint8) of the coverages with a margin of m pixels of neighbors.
Windows = Callable[[int], Iterator[tuple[int, np.ndarray]]]


def plates_of(palette: Palette, recipe: Recipe) -> tuple[Plate, ...]:
    """Return the plates in the order in which they fall; their names are unique, whatever the inks are called."""
    inks: list[int | None] = [*recipe.falling(palette)]
    if recipe.choke_mm is not None:
        inks.insert(0, None)
    names = plate_names(palette)
    return tuple(
        Plate(falls, plate_name(0, UNDERBASE) if ink is None else names[ink], ink)
        for falls, ink in enumerate(inks, start=1)
    )


def plate_bands(job: Print, windows: Windows, recipe: Recipe) -> Iterator[np.ndarray]:
    """Yield the plates from top to bottom, (N, h, W) uint8 in the order of ``plates_of``.

    Without a trap and an underbase they and the ground partition the sheet. InputError if the windows do not fill it.
    """
    scale = job.px_per_mm[0]
    plates, trap = plates_of(job.palette, recipe), _trap(job, recipe)
    choke = (recipe.choke_mm or 0.0) * scale
    margin = max(trap.margin, int(choke + 0.5) + 1 if choke else 0)
    done = 0
    for row, window in windows(margin):
        height = window.shape[1] - 2 * margin
        if row != done or window.shape[0] != len(job.palette) or window.shape[2] - 2 * margin != job.grid.width:
            raise InputError(f"a band of {window.shape} at row {row} does not fit the plates.")
        spread = trap.apply(window, margin)
        yield np.stack([choked(window[0], choke, margin) if p.ink is None else spread[p.ink] for p in plates])
        done += height
    if done != job.grid.height:
        raise InputError(f"the bands end at row {done} of {job.grid.height}.")


def deliver_plates(job: Print, windows: Windows, recipe: Recipe, folder: Path) -> PlateSet:
    """Write the plates of a job into a folder: see ``write_plates``. All files appear or none.

    Raises CannotMake if the folder cannot be written to or is full, InputError for an order that is none.
    """
    with Folder(folder) as target:
        return write_plates(job, windows, recipe, target)


def write_plates(job: Print, windows: Windows, recipe: Recipe, target: Folder) -> PlateSet:
    """Write one TIFF for each plate, ``separations.pdf``, ``plates.json`` and ``plates.txt`` into an open folder.

    ``windows(margin)`` gives the coverages on ``job.grid``, which repeats straight; ``job.bands`` is not called. For
    1-bit plates every value is 0 or 255. Bands but the last are of one height.
    """
    plates, marks = plates_of(job.palette, recipe), Marks.of(job)
    page = _page(job, recipe, plates)
    bands = plate_bands(job, windows, recipe)
    first = next(bands)
    totals = np.zeros(len(plates), np.int64)
    with contextlib.ExitStack() as stack:
        files = [
            stack.enter_context(
                PlateFile(target.file(f"{p.name}.tif"), page.size_px, rows=first.shape[1], one_bit=recipe.bits == 1)
            )
            for p in plates
        ]

        def passing() -> Iterator[np.ndarray]:
            """The composite pulls the bands; each plate takes its rows as they pass."""
            for band in _and(first, bands):
                for file, plane in zip(files, band, strict=True):
                    file.append(plane)
                totals[:] += band.sum(axis=(1, 2), dtype=np.int64)
                yield band

        write_composite(target.file("separations.pdf"), page, passing(), marks)
        for file, plate in zip(files, plates, strict=True):
            said = f"Plate {plate.name}, falls {plate.falls} of {len(plates)}"
            file.conclude(job.px_per_mm, name=plate.name, said=said, marks=marks)
    shares = tuple(float(total) / 255 / (page.size_px[0] * page.size_px[1]) for total in totals)
    return _recorded(job, recipe, target, (plates, shares))


def _and(first: np.ndarray, rest: Iterator[np.ndarray]) -> Iterator[np.ndarray]:
    yield first
    yield from rest


def _trap(job: Print, recipe: Recipe) -> Trap:
    scale = job.px_per_mm[0]
    lightness = [float(value) for value in job.palette.lab()[:, 0]]
    together = pairs(lightness, recipe.printed(len(job.palette)))
    return Trap(together, recipe.trap_mm * scale, recipe.overprint, OVERPRINT_MM * scale)


def _page(job: Print, recipe: Recipe, plates: Sequence[Plate]) -> Composite:
    colors = job.palette.linear_rgb()
    white = np.ones(3)
    return Composite(
        size_mm=(job.lattice.width, job.lattice.height),
        size_px=(job.grid.width, job.grid.height),
        names=tuple(plate.name for plate in plates),
        colors=np.array([white if plate.ink is None else colors[plate.ink] for plate in plates]),
        cloth=white if recipe.ground == "printed" else colors[0],
        bits=recipe.bits,
        trapped=recipe.trap_mm > 0 or bool(recipe.overprint),
    )


def _recorded(
    job: Print, recipe: Recipe, target: Folder, made: tuple[tuple[Plate, ...], tuple[float, ...]]
) -> PlateSet:
    """Write plates.json and plates.txt, and return the set."""
    plates, shares = made
    found = (*job.findings, *findings(job, recipe, shares), *_strangers(target.path, plates))
    record = plates_record(job, recipe, made, found)
    target.file("plates.json").write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    target.file("plates.txt").write_text("\n".join(summary_lines(record)) + "\n", encoding="utf-8")
    size = (job.lattice.width, job.lattice.height, job.grid.width, job.grid.height)
    files = [
        Delivered(
            target.path / f"{p.name}.tif",
            "plate",
            f"falls {p.falls} of {len(plates)}, {share:.1%} of the sheet",
            *size,
        )
        for p, share in zip(plates, shares, strict=True)
    ]
    files.append(Delivered(target.path / "separations.pdf", "separations", "all plates as spot colors", *size))
    files.append(Delivered(target.path / "plates.json", "record", "order, trap, coverage, resolution"))
    files.append(Delivered(target.path / "plates.txt", "summary", "the same, to read"))
    return PlateSet(plates, shares, tuple(files), record, found)


def findings(job: Print, recipe: Recipe, shares: Sequence[float]) -> tuple[Finding, ...]:
    """Return what is questionable about plates made so, given the share that each covers."""
    found = []
    scale = job.px_per_mm[0]
    if 0 < recipe.trap_mm * scale < 0.5:
        found.append(
            Finding(
                "warning",
                "the trap is finer than half a pixel of the plates, so none was made",
                f"{recipe.trap_mm:g} mm at {scale:g} px/mm",
                "ask for 1-bit plates, or a wider trap",
            )
        )
    if (recipe.trap_mm or recipe.overprint) and (wrong := _light_on_dark(job.palette.inks, recipe)):
        found.append(
            Finding(
                "warning",
                "a lighter ink falls after a darker one, so that its trap lies on the darker ink and may show",
                "; ".join(f"{light} on {dark}" for light, dark in wrong),
                "let it fall before, or ask for no trap",
            )
        )
    empty = [p.name for p, share in zip(plates_of(job.palette, recipe), shares, strict=True) if share == 0]
    if empty:
        found.append(Finding("warning", "plates that are empty", ", ".join(empty), "leave these inks out"))
    return tuple(found)


def _strangers(folder: Path, plates: Sequence[Plate]) -> tuple[Finding, ...]:
    """Return a warning if the folder holds plates of another set: a mill would engrave them too."""
    ours = {f"{plate.name}.tif" for plate in plates}
    others = sorted(path.name for path in folder.glob("[0-9][0-9] *.tif") if path.name not in ours)
    if not others:
        return ()
    cure = "remove them, or choose another folder"
    return (Finding("warning", "the folder also holds plates that are not of this set", ", ".join(others), cure),)


def _light_on_dark(inks: Sequence[Ink], recipe: Recipe) -> list[tuple[str, str]]:
    lightness = [ink.lab[0] for ink in inks]
    return [
        (inks[late].name, inks[early].name)
        for i, early in enumerate(recipe.order)
        for late in recipe.order[i + 1 :]
        if lightness[late] > lightness[early]
    ]


def plates_record(
    job: Print, recipe: Recipe, made: tuple[tuple[Plate, ...], tuple[float, ...]], found: Sequence[Finding]
) -> dict[str, Any]:
    """Return what ``plates.json`` says."""
    scale = job.px_per_mm[0]
    return {
        "schema": SCHEMA,
        "title": job.title,
        "label": job.label,
        "ground": {"kind": recipe.ground, **_ink_record(job.palette.inks[0])},
        "bits": recipe.bits,
        "width_px": job.grid.width,
        "height_px": job.grid.height,
        "width_mm": job.lattice.width,
        "height_mm": job.lattice.height,
        "dpi": round(job.dpi, 4),
        "dpi_source": recipe.resolution_source,
        "order": "as given" if recipe.order else LIGHT_TO_DARK,
        "trap_mm": recipe.trap_mm,
        "trap_px": int(recipe.trap_mm * scale + 0.5),
        "trap_source": recipe.trap_source,
        "overprint": [job.palette.inks[ink].name for ink in recipe.overprint],
        "overprint_mm": OVERPRINT_MM if recipe.overprint else None,
        "choke_mm": recipe.choke_mm,
        "plates": [
            {
                "number": plate.number,
                "falls": plate.falls,
                "name": plate.name,
                "file": f"{plate.name}.tif",
                "ink": None if plate.ink is None else plate.ink + 1,
                **({} if plate.ink is None else _ink_record(job.palette.inks[plate.ink])),
                "coverage_percent": round(100 * share, 3),
            }
            for plate, share in zip(*made, strict=True)
        ],
        "findings": [str(finding) for finding in found],
    }


def _ink_record(ink: Ink) -> dict[str, Any]:
    return {"ink_name": ink.name, "role": ink.role, "hex": ink.hex, "lab": [round(float(v), 3) for v in ink.lab]}


def summary_lines(record: dict[str, Any]) -> list[str]:
    """Return what ``plates.txt`` says, and a command prints."""
    over = ", ".join(record["overprint"])
    meeting = f"{over} overprints by {record['overprint_mm']:g} mm, the others knock out" if over else "knockout"
    trap = (
        f"{record['trap_mm']:g} mm ({record['trap_source']}), {record['trap_px']} px" if record["trap_mm"] else "none"
    )
    lines = [
        f"Plates      {len(record['plates'])}, {record['bits']}-bit, {record['width_px']} x {record['height_px']} px, "
        f"{record['width_mm']:.6g} x {record['height_mm']:.6g} mm, repeats straight",
        f"Resolution  {record['dpi']:g} dpi ({record['dpi_source']})",
        f"Ground      {record['ground']['kind']}: {record['ground']['ink_name']}",
        f"Order       {record['order']}: {', '.join(_named(plate) for plate in record['plates'])}",
        f"Trap        {trap}; {meeting}",
    ]
    if record["choke_mm"] is not None:
        lines.append(f"Underbase   choked by {record['choke_mm']:g} mm")
    for plate in record["plates"]:
        color = f"{plate['hex']}  " if "hex" in plate else ""
        lines.append(f"  falls {plate['falls']:>2}  {plate['coverage_percent']:6.2f} %  {color:9}{plate['file']}")
    return [*lines, *(f"{finding}" for finding in record["findings"])]


def _named(plate: dict[str, Any]) -> str:
    return plate["file"].removesuffix(".tif")
