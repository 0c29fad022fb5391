"""Fitting designs to fabrics: inks moved to what a fabric holds, and a design checked against what it can print."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from patterns import presets, thinness
from patterns.atelier.bench import Bench
from patterns.atelier.making import Made
from patterns.atelier.making import recolor as recolored
from patterns.color import Palette, ciede2000
from patterns.color.gamut import Gamut
from patterns.color.printable import Printable, printable
from patterns.design import Design
from patterns.enlarge import enlarged_indices
from patterns.errors import Finding, InputError
from patterns.fabric import Fabric
from patterns.lattice import Grid
from patterns.library import Library, carried
from patterns.library.store import RECORD
from patterns.separation import GROUNDS, Separation

# A tile is measured for thin places on this many pixels at most.
MOST_PIXELS = 40_000_000
# Inks touch that share a border longer than this share of the tile's own: less is a meeting of corners.
_TOUCH = 0.01
# A ground further than this from the cloth's white, in CIEDE2000, is not what the bare cloth looks like.
_SAME_GROUND = 3.0


@dataclass(frozen=True, slots=True)
class Fitted:
    """A colorway in the inks that a fabric holds, and how they came from those asked."""

    made: Made
    printable: Printable
    asked: Palette
    fabric: Fabric
    gamut: Gamut


@dataclass(frozen=True, slots=True)
class Fitness:
    """What a fabric has against a design: ``thin`` is None where it could not be measured."""

    design: Design
    separation: Separation
    fabric: Fabric
    gamut: Gamut
    printable: Printable
    thin: thinness.Thinness | None
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether no fault was found."""
        return all(finding.severity != "fault" for finding in self.findings)


def fabric_of(name: str, profile: Path | None = None) -> Fabric:
    """Return a fabric by name or file, with the gamut of an ICC profile or of measured patches if one is given."""
    fabric = presets.fabric_from(name)
    return fabric.measured_by(profile.expanduser()) if profile else fabric


def recolor_for(
    identity: str, fabric: Fabric, bench: Bench, *, palette: str | None = None, apart: float | None = None
) -> Fitted:
    """Make a colorway whose inks a fabric holds: of another palette if one is given, else of the design's own.

    Each ink moves to the nearest printable color; inks that touch stay ``apart`` in CIEDE2000, by default as far as the
    fabric asks. Raises as ``making.recolor`` does, and InputError for a profile that cannot be read.
    """
    gamut = fabric.gamut()
    bench.progress("looking for printable colors", 0, 0)
    results: list[tuple[Palette, Printable]] = []

    def fit(asked: Palette, separation: Separation) -> tuple[Palette, tuple[Finding, ...]]:
        neighbors = touching(separation.indices(), separation.grid, len(asked))
        found = printable(asked, gamut, apart=fabric.apart if apart is None else apart, neighbors=neighbors)
        results.append((asked, found))
        return found.palette, _told(found, fabric)

    made = recolored(identity, palette, bench, fit=fit)
    asked, found = results[0]
    return Fitted(made, found, asked, fabric, gamut)


def _told(found: Printable, fabric: Fabric) -> tuple[Finding, ...]:
    """Return the findings of a palette that has been moved: what could not be helped, and whose figures these are."""
    moved = sum(ink.difference > 0 for ink in found.inks)
    furthest = max(found.inks, key=lambda ink: ink.difference)
    figure = f"{moved} of {len(found.inks)} inks" + (
        f", {furthest.name} the furthest, by CIEDE2000 {furthest.difference:.1f}" if moved else ""
    )
    rest = tuple(f for f in found.findings(ink_limit=fabric.ink_limit) if "out of gamut" not in f.message)
    return (Finding("note", f"inks were moved to what {fabric.title} can print", figure), *rest)


def check_design(target: str, fabric: Fabric, bench: Bench, *, ground: str = "cloth") -> Fitness:
    """Return what a fabric has against a design: inks, lines, gaps, colors, coverage, repeat.

    ``target`` is a design in the library, its folder or record, or a tile that carries its planes. ``ground`` says what
    ink 0 is, "cloth", "dyed" or "printed": only a printed one counts as an ink, and the others' thin places are gaps.
    Raises InputError if there is no such design.
    """
    if ground not in GROUNDS:
        raise InputError(f"a ground is {', '.join(GROUNDS)}, not {ground!r}.")
    record, separation = opened(target, bench)
    gamut, count = fabric.gamut(), len(record.palette)
    neighbors = touching(separation.indices(), separation.grid, count)
    found = printable(record.palette, gamut, apart=fabric.apart, neighbors=neighbors)
    thin, thin_findings = _thin(separation, fabric, record.palette, ground, bench=bench)
    printed = count if ground == "printed" else count - 1
    findings = (
        *fabric.findings(printed),
        *thin_findings,
        *found.findings(ink_limit=fabric.ink_limit),
        *_alike(found, neighbors, fabric),
        *_little(record.palette, separation, fabric, ground),
        *_ground(record.palette, gamut, ground),
        *fabric.size_findings(record.lattice),
    )
    if fabric.heuristic:
        findings += (Finding("note", f"the figures of {fabric.name} are heuristic: {fabric.source}"),)
    return Fitness(record, separation, fabric, gamut, found, thin, findings)


def opened(target: str, bench: Bench) -> tuple[Design, Separation]:
    """Return a design and its planes: from the library by its identity, from a folder, a record, or a tile."""
    path = Path(target).expanduser()
    if path.is_file() and path.suffix == ".json":
        path = path.absolute().parent
    if path.is_dir() and (path / RECORD).is_file():
        shelf, name = Library(path.absolute().parent), path.absolute().name
        return shelf.design(name), shelf.separation(name)
    if not path.is_file():
        name = bench.library.resolve(target)
        return bench.library.design(name), bench.library.separation(name)
    return _of_file(path, bench)


def _of_file(path: Path, bench: Bench) -> tuple[Design, Separation]:
    from patterns.press import read_record

    record = Design.from_json(read_record(path))
    planes = carried(path, record.lattice)
    if planes is None and record.id in bench.library.ids():
        planes = bench.library.separation(record.id)
    if planes is None:
        raise InputError(
            f"{path} carries the record of design {record.id}, but not its ink planes, and the library does not have "
            "it; take its tile.png, or `patterns replay` the file first."
        )
    return record, planes


def touching(indices: np.ndarray, grid: Grid, count: int) -> np.ndarray:
    """Return which inks border on each other on the torus, (count, count) bool, from an ink a pixel, (H, W) uint8."""
    pairs = np.zeros((count, count), np.int64)
    for dy, dx in ((1, 0), (0, 1)):
        there = grid.window(indices, top=dy, left=dx, height=grid.height, width=grid.width)
        np.add.at(pairs, (indices.ravel(), there.ravel()), 1)
    pairs += pairs.T
    np.fill_diagonal(pairs, 0)
    return pairs > _TOUCH * (grid.width + grid.height)


def indices_at(separation: Separation, px_per_mm: float) -> tuple[np.ndarray, Grid] | None:
    """Return the ink of each pixel of the cell (H, W) uint8 at about a resolution; None if it would be too large."""
    lattice, own = separation.lattice, separation.grid
    grid = lattice.grid_at(max(px_per_mm, own.width / lattice.width))
    if grid.width < own.width or grid.height < own.height:
        grid = own
    if grid.width * grid.height > MOST_PIXELS:
        return None
    return enlarged_indices(separation.planes, own, grid), grid


def _thin(
    separation: Separation, fabric: Fabric, palette: Palette, ground: str, *, bench: Bench
) -> tuple[thinness.Thinness | None, list[Finding]]:
    """Return the thin places of a design and what they mean, at the finest resolution that can be afforded."""
    finest = min(fabric.finest_line_mm, fabric.finest_gap_mm)
    area = separation.lattice.width * separation.lattice.height
    affordable = (MOST_PIXELS * 0.9 / area) ** 0.5
    wanted = min(thinness.FINE_PX / finest, affordable)
    drawn = indices_at(separation, wanted) if wanted * finest > thinness.LEAST_PX else None
    if drawn is None:
        figure = f"{finest:g} mm on a tile of {separation.lattice.width:g} x {separation.lattice.height:g} mm"
        return None, [Finding("warning", "lines and gaps this fine cannot be measured on a tile this large", figure)]
    bench.progress("measuring lines and gaps", 0, 0)
    indices, grid = drawn
    limits = thinness.Finest(fabric.finest_line_mm, fabric.finest_gap_mm, None if ground == "printed" else 0)
    found = thinness.measure(indices, grid, limits, px_per_mm=grid.width / separation.lattice.width)
    return found, list(_too_fine(found, fabric, palette))


def _too_fine(found: thinness.Thinness, fabric: Fabric, palette: Palette) -> Iterator[Finding]:
    kinds: tuple[tuple[thinness.Kind, float, str], ...] = (
        ("line", fabric.finest_line_mm, "are thinner than {} holds"),
        ("gap", fabric.finest_gap_mm, "are narrower than {} keeps open"),
    )
    for kind, finest, fault in kinds:
        places = found.of(kind)
        if not places:
            continue
        names = ", ".join(palette.inks[ink].name for ink in sorted({place.ink for place in places}))
        length = sum(place.length_mm for place in places)
        yield Finding(
            "fault",
            f"{kind}s of {names} {fault.format(fabric.title)}",
            f"{len(places)} {'place' if len(places) == 1 else 'places'}, {length:.0f} mm in all, the narrowest "
            f"{found.narrowest(kind):.2f} mm of {finest:.2f} mm",
            "make the design larger or its fine parts bolder; --map shows where they are",
        )


def _alike(found: Printable, neighbors: np.ndarray, fabric: Fabric) -> list[Finding]:
    """Return warnings for inks that do not touch and look alike in print: two inks for what one could do."""
    lab, result = found.palette.lab(), []
    differences = ciede2000(lab[:, None], lab)
    for i, j in zip(*np.triu_indices(len(lab), 1), strict=True):
        if differences[i, j] < fabric.apart and not neighbors[i, j]:
            result.append(
                Finding(
                    "warning",
                    f"the inks {found.inks[i].name} and {found.inks[j].name} do not touch, and look alike in print",
                    f"CIEDE2000 {differences[i, j]:.1f}, {fabric.apart:g} wanted",
                    "merge them, or choose colors that lie further apart",
                )
            )
    return result


def _little(palette: Palette, separation: Separation, fabric: Fabric, ground: str) -> list[Finding]:
    return [
        Finding(
            "warning",
            f"the ink {ink.name} covers too little to be worth a screen",
            f"{share:.2%} of the tile, {fabric.least_coverage:.2%} wanted",
            "leave it out, or draw it in another ink",
        )
        for place, (ink, share) in enumerate(zip(palette.inks, separation.coverage(), strict=True))
        if fabric.screens and share < fabric.least_coverage and (place or ground == "printed")
    ]


def _ground(palette: Palette, gamut: Gamut, ground: str) -> list[Finding]:
    """Return a note if the ground is taken for bare cloth and does not look like it."""
    difference = float(ciede2000(palette.lab()[0], np.array(gamut.white)))
    if ground != "cloth" or difference <= _SAME_GROUND:
        return []
    return [
        Finding(
            "note",
            f"the ground {palette.inks[0].name} is not the color of the bare cloth",
            f"CIEDE2000 {difference:.1f}",
            "have the cloth dyed (--ground dyed), or print it (--ground printed), which is one ink more",
        )
    ]
