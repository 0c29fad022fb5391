"""From a design to the files that a printer needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from patterns import presets
from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.atelier.making import Made, design
from patterns.design import Brief, Design
from patterns.enlarge import enlarge_bands
from patterns.errors import Finding, InputError
from patterns.lattice import Grid
from patterns.library.planes import disclosure, source_type, timeless, title
from patterns.press import Delivered, Print, fabric_digital
from patterns.product import Product
from patterns.separation import Separation

# What fabric_digital writes, for progress: pixels and up to eleven files.
_FILES = 12


@dataclass(frozen=True, slots=True)
class Package:
    """The files of a print package, and what is questionable about the design on this product."""

    files: tuple[Delivered, ...]
    product: Product
    findings: tuple[Finding, ...]


def make(brief: Brief, out: Path, bench: Bench) -> tuple[Made, Package]:
    """Make a design for the brief's product and write its print package into ``out``."""
    if not brief.product:
        raise InputError("a print package is made for a product; name one of `patterns presets list products`.")
    presets.product(brief.product)
    refuse_unwritable(out)
    made = design(brief, bench)
    return made, export(made.design, made.separation, (brief.product, out), bench)


def export(record: Design, separation: Separation, target: tuple[str, Path], bench: Bench) -> Package:
    """Write the print package of a design for ``target``, (product, folder): all its files or none.

    Raises PresetError for a product nobody knows, InputError if the product prints coarser than the design was drawn,
    CannotMake if the folder cannot be written to.
    """
    name, out = target
    product = presets.product(name)
    refuse_unwritable(out)
    grid = print_grid(separation, product)
    found = _findings(separation, product)
    job = Print(
        bands=lambda: _told(enlarge_bands(separation.planes, separation.grid, grid), grid, bench),
        grid=grid,
        lattice=record.lattice,
        palette=record.palette,
        title=title(record),
        record=timeless(record).to_json(),
        product_width=product.width_mm,
        label=disclosure(record),
        source=source_type(record),
        findings=record.findings + found,
    )
    written = 0

    def count(file: str) -> None:
        nonlocal written
        written += 1
        bench.progress("writing the package", written, _FILES)

    return Package(fabric_digital(job, out, progress=count), product, found)


def print_grid(separation: Separation, product: Product) -> Grid:
    """Return the cell's pixels at the product's resolution; InputError if the design has more already."""
    grid = separation.lattice.grid_at(product.px_per_mm)
    if grid.width < separation.grid.width or grid.height < separation.grid.height:
        raise InputError(
            f"{product.title} is printed at {product.dpi:g} dpi, which is coarser than the design was drawn; choose "
            "another product."
        )
    return grid


def _told(bands: Iterator[tuple[int, np.ndarray]], grid: Grid, bench: Bench) -> Iterator[tuple[int, np.ndarray]]:
    for row, planes in bands:
        yield row, planes
        bench.progress("enlarging", row + planes.shape[1], grid.height)


def _findings(separation: Separation, product: Product) -> tuple[Finding, ...]:
    most = presets.fabric(product.fabric).most_inks
    return product.findings(len(separation.roles), separation.lattice, most_inks=most)
