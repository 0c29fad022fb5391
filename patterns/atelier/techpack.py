"""From a design to its tech pack: its colorways in the library, figures and diagrams, for a product."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from patterns import presets
from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.atelier.delivery import PackageAsked, PlatesAsked, fitted, plates_recipe, print_job
from patterns.color import vision
from patterns.design import Design
from patterns.enlarge import enlarge_bands
from patterns.errors import Finding, InputError, PatternsError
from patterns.lattice import Grid
from patterns.press.folder import Folder
from patterns.press.marks import Marks
from patterns.press.plates import findings as plate_findings
from patterns.press.raster import Raster
from patterns.press.tech_facts import PX_PER_MM, SCALES, Colorway, TechPack
from patterns.press.tech_pack import write_tech_pack
from patterns.product import Product
from patterns.separation import Separation

# A picture on the pages is at most so wide, mm of paper; more pixels than it shows are of no use.
_SHOWN_MM = 170.0


@dataclass(frozen=True, slots=True)
class Packed:
    """The file that was written, the ids of the colorways in it, and what is questionable about design and product."""

    file: Path
    colorways: tuple[str, ...]
    findings: tuple[Finding, ...]


def techpack(
    record: Design, separation: Separation, target: tuple[str, Path], bench: Bench, *, asked: PackageAsked
) -> Packed:
    """Write the tech pack of a design for ``target``, (product, file): whole or not at all.

    Of what is asked the ground, date and metadata count. Raises PresetError for a product nobody knows, InputError for
    a file that is no PDF, CannotMake if the repeat does not fit the product or the file cannot be written.
    """
    name, file = target
    if file.suffix.lower() != ".pdf":
        raise InputError(f"a tech pack is a PDF; {file.name!r} should end in .pdf.")
    product = presets.product(name)
    fitted(record, separation, product)
    refuse_unwritable(file.parent)
    with Folder(file.parent) as folder:
        made = write_in(record, separation, (product, folder.file(file.name)), bench, asked=asked)
    return replace(made, file=file)


def write_in(
    record: Design, separation: Separation, target: tuple[Product, Path], bench: Bench, *, asked: PackageAsked
) -> Packed:
    """Write the tech pack into a file of a folder that is being filled."""
    product, file = target
    bench.progress("drawing the tech pack", 0, 0)
    fabric = presets.fabric(product.fabric)
    recipe = plates_recipe(record, product, PlatesAsked(ground=asked.ground))
    raster = _raster(record, separation, product, asked)
    shares = [float(raster.coverage[ink]) for ink in recipe.falling(record.palette)]
    # What plates are questionable for at their own resolution is said with the plates.
    found = tuple(f for f in plate_findings(raster.job, recipe, shares) if "half a pixel" not in f.message)
    raster = replace(raster, job=replace(raster.job, findings=raster.job.findings + found))
    colorways = family(record, separation, bench)
    pack = TechPack(
        raster=raster,
        product=product,
        fabric=fabric,
        fit=product.fit(separation.lattice),
        recipe=recipe,
        colorways=colorways,
        borders=vision.borders(separation),
        acts=record.acts,
        date=asked.date,
    )
    found = raster.job.findings + write_tech_pack(file, pack, Marks.of(raster.job))
    return Packed(file, tuple(colorway.design for colorway in colorways), found)


def family(record: Design, separation: Separation, bench: Bench) -> tuple[Colorway, ...]:
    """Return the design and its colorways in the library: relatives by parent that have the same ink planes."""
    known = dict(bench.library.designs()[0])
    root = _root(record, known)
    found = [Colorway(record.id, record.palette, "this design")]
    for identity in sorted(known, key=lambda identity: (known[identity].created, identity)):
        other = known[identity]
        if identity == record.id or _root(other, known) != root or len(other.palette) != len(record.palette):
            continue
        if _same_planes(identity, separation, bench):
            note = "made from" if record.parent == identity else "colorway"
            found.append(Colorway(identity, other.palette, note))
    return tuple(found)


def _root(record: Design, known: dict[str, Design]) -> str:
    """Return the first of a design's ancestors, as far as they are known; a ring of parents ends where it closes."""
    identity, seen = record.id, set[str]()
    parent = record.parent
    while parent and parent not in seen:
        seen.add(parent)
        identity = parent
        parent = known[parent].parent if parent in known else None
    return identity


def _same_planes(identity: str, separation: Separation, bench: Bench) -> bool:
    try:
        return np.array_equal(bench.library.separation(identity).planes, separation.planes)
    except PatternsError:
        return False  # damaged, and `patterns library list` says so


def _raster(record: Design, separation: Separation, product: Product, asked: PackageAsked) -> Raster:
    """Return the cell at the resolution that paper shows, or the design's own where that is finer."""
    size = separation.lattice.rectangle()
    scale = next((s for s in SCALES if max(size.width, size.height) <= _SHOWN_MM * s), SCALES[-1])
    grid = separation.grid
    wanted = separation.lattice.grid_at(PX_PER_MM / scale)
    if wanted.width > grid.width and wanted.height > grid.height:
        return _of(record, separation, wanted, product, asked)
    return _of(record, separation, grid, product, asked)


def _of(record: Design, separation: Separation, grid: Grid, product: Product, asked: PackageAsked) -> Raster:
    def bands():
        if grid == separation.grid:
            return iter([(0, np.rint(separation.planes * 255).astype(np.uint8))])
        return enlarge_bands(separation.planes, separation.grid, grid)

    fabric = presets.fabric(product.fabric)
    found = product.findings(len(separation.roles), separation.lattice, most_inks=fabric.most_inks)
    found += fabric.size_findings(separation.lattice)
    job = print_job(record, bands=bands, grid=grid, lattice=separation.lattice, found=found, metadata=asked.metadata)
    return Raster.of(job)
