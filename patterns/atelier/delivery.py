"""From a design to the files that a printer needs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_args

import numpy as np

from patterns import presets
from patterns.atelier.bench import Bench, refuse_unwritable
from patterns.atelier.making import Made, design
from patterns.atelier.sizing import legal_brief, require_fit, resized
from patterns.color import Palette
from patterns.design import Brief, Design
from patterns.enlarge import enlarge_bands, enlarge_indices_bands
from patterns.errors import Finding, InputError
from patterns.lattice import Grid
from patterns.library.planes import disclosure, provenance, source_type, timeless, title
from patterns.press import Colors, Delivered, Order, PlateSet, Print, Recipe, deliver, deliver_plates
from patterns.press.folder import Folder
from patterns.press.job import Metadata
from patterns.press.order import chosen_files, chosen_marks
from patterns.press.plates import Windows, plates_of, write_plates
from patterns.product import Fit, Product
from patterns.separation import Separation
from patterns.units import dpi_to_px_per_mm


@dataclass(frozen=True, slots=True)
class Package:
    """The files of a print package, how the repeat fits the product, and what is questionable about the two."""

    files: tuple[Delivered, ...]
    product: Product
    fit: Fit
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PackageAsked:
    """What was asked of a package, where it is not the product's own.

    ``pdf`` is "rgb", "cmyk" or "spot", ``standard`` "x4" or "x1a", ``profile`` the ICC file of a CMYK press.
    ``width_mm`` is a wall's, ``length_mm`` of cloth, a roll or a wall. ``formats`` are of
    ``patterns.press.order.FORMATS``, none for the product's files; ``marks`` are words between commas, "all" or "none".
    ``ground`` is what ink 1 is where plates or spot colors are made. ``date`` (ISO 8601) stands in slugs; without one
    files do not change with the day. ``metadata`` is how much files say of themselves: "full", "minimal" or "none".
    """

    pdf: str = "rgb"
    standard: str = "x4"
    profile: Path | None = None
    width_mm: float | None = None
    length_mm: float | None = None
    formats: tuple[str, ...] = ()
    marks: str | None = None
    ground: str = "cloth"
    date: str = ""
    metadata: Metadata = "full"

    def __post_init__(self) -> None:
        refuse_metadata(self.metadata)

    def product(self, name: str) -> Product:
        """Return a product as it was asked for; PresetError, InputError for what cannot be asked of it."""
        product = presets.product(name).sized(width_mm=self.width_mm, length_mm=self.length_mm)
        files, marks = chosen_files(product, self.formats), chosen_marks(product, self.marks)
        return replace(product, files=files, marks=marks)

    def colors(self) -> Colors:
        """Return the colors of PDF and TIFF files; InputError for a kind, standard or profile that cannot be."""
        colors = Colors(self.pdf, self.standard, self.profile, self.ground)  # pyright: ignore[reportArgumentType]
        if colors.kind == "rgb" and self.profile is not None:
            raise InputError("a CMYK press's profile belongs to --pdf cmyk or --pdf spot; RGB files have none.")
        colors.condition()
        return colors


def make(
    brief: Brief,
    out: Path,
    bench: Bench,
    *,
    metadata: Metadata = "full",
    pictures: Mapping[str, bytes] | None = None,
) -> tuple[Made, Package]:
    """Make a design for the brief's product and write its print package into ``out``.

    Without a size the tile is as large as the product takes it. ``pictures`` are those that the brief is guided by.
    CannotMake for a size that the product does not take.
    """
    if not brief.product:
        raise InputError("a print package is made for a product; name one of `patterns presets list products`.")
    brief, told = legal_brief(brief, presets.product(brief.product))
    refuse_unwritable(out)
    asked = PackageAsked(metadata=metadata)
    made = design(brief, bench, pictures=pictures)
    return made, export(made.design, made.separation, (brief.product, out), bench, asked=asked, told=told)


def export(
    record: Design,
    separation: Separation,
    target: tuple[str, Path],
    bench: Bench,
    *,
    asked: PackageAsked | None = None,
    told: tuple[Finding, ...] = (),
) -> Package:
    """Write the print package of a design for ``target``, (product, folder): all its files or none.

    ``told`` is listed with what else is questionable. Raises PresetError for a product nobody knows, InputError if the
    product prints coarser than the design was drawn, CannotMake if the repeat does not fit the product or the folder
    cannot be written to.
    """
    asked, (name, out) = asked or PackageAsked(), target
    product, colors = asked.product(name), asked.colors()
    if asked.ground != "cloth" and colors.kind != "spot" and not any(f.startswith("plates") for f in product.files):
        raise InputError("a ground is dyed or printed in plates and spot PDFs; ask for --pdf spot or --formats plates.")
    fit = fitted(record, separation, product)
    refuse_unwritable(out)
    grid = print_grid(separation, product)
    found = told + _findings(separation, product)
    job = print_job(
        record,
        bands=lambda: _told(enlarge_bands(separation.planes, separation.grid, grid), grid, bench),
        grid=grid,
        lattice=separation.lattice,
        found=found,
        metadata=asked.metadata,
    )
    writer = _plates_writer(record, separation, product, asked, bench=bench)
    order = Order(
        product,
        fit,
        colors,
        record.id,
        asked.date,
        writer,
        _tech_writer(record, separation, product, asked, bench=bench),
    )
    total, written = 2 + len(product.files), 0

    def count(file: str) -> None:
        nonlocal written
        written += 1
        bench.progress("writing the package", min(written, total), total)

    made = deliver(job, order, out, progress=count)
    return Package(made.files, product, fit, made.findings)


def fitted(record: Design, separation: Separation, product: Product) -> Fit:
    """Return how the repeat fits the product; CannotMake if it does not, InputError if inks and planes disagree."""
    if len(record.palette) != len(separation.roles):
        raise InputError(
            f"the design has {len(separation.roles)} ink planes and a palette of {len(record.palette)}; "
            "give it a colorway with `patterns recolor`."
        )
    return require_fit(separation.lattice, product)


def print_job(record: Design, *, found: tuple[Finding, ...], metadata: Metadata, **print_size: Any) -> Print:
    """Return the job of a design at print size (bands, grid, lattice), with the words that its files carry."""
    return Print(
        **print_size,
        palette=record.palette,
        title={"full": title(record), "minimal": f"Design {record.id}", "none": "Print"}[metadata],
        record=timeless(record).to_json(),
        label="" if metadata == "none" else disclosure(record),
        source=source_type(record),
        findings=record.findings + found + _withheld(record, metadata),
        design=record.id,
        made=provenance(record),
        metadata=metadata,
    )


def refuse_metadata(metadata: str) -> None:
    if metadata not in get_args(Metadata):
        raise InputError(f"metadata are {', '.join(get_args(Metadata))}; {metadata!r} is none of them.")


def _withheld(record: Design, metadata: Metadata) -> tuple[Finding, ...]:
    """Return what follows from files that say less of themselves than they could."""
    if metadata == "full":
        return ()
    found = (
        Finding(
            "note",
            "the files carry no record, so that `patterns replay` cannot make the design from them",
            f"metadata {metadata}",
            "keep the design in the library",
        ),
    )
    if metadata == "minimal" or not source_type(record).lower().endswith("trainedalgorithmicmedia"):
        return found
    return (
        *found,
        Finding(
            "warning",
            "the files do not say that a model made the design; in the EU the law may ask for a mark that machines can "
            "read (AI Act, Article 50, from 2 August 2026), and buyers or print services may too",
            "metadata none",
            "deliver with --metadata minimal, which carries the mark and the design's id and no prompt",
        ),
    )


def prepared(
    separation: Separation, product: str, *, size_mm: tuple[float, float | None] | None, preshrink: bool
) -> tuple[Separation, tuple[Finding, ...]]:
    """Return a design as large as it shall be printed: at a size of the user's, and larger by what finishing takes."""
    told: tuple[Finding, ...] = ()
    if size_mm is not None:
        separation, told = resized(separation, size_mm, presets.product(product))
    return (preshrunk(separation, product) if preshrink else separation), told


def preshrunk(separation: Separation, product: str) -> Separation:
    """Return the design as large as it must be printed to have its size when the product's fabric has shrunk."""
    fabric = presets.fabric(presets.product(product).fabric)
    return replace(separation, lattice=fabric.preshrunk(separation.lattice))


def print_grid(separation: Separation, product: Product, *, dpi: float | None = None) -> Grid:
    """Return the cell's pixels at the product's resolution, or another; InputError if the design has more already."""
    dpi = dpi or product.dpi
    grid = separation.lattice.grid_at(dpi_to_px_per_mm(dpi) if dpi != product.dpi else product.px_per_mm)
    if grid.width < separation.grid.width or grid.height < separation.grid.height:
        raise InputError(
            f"{product.title} is printed at {dpi:g} dpi, which is coarser than the design was drawn; choose "
            "another product."
        )
    return grid


@dataclass(frozen=True, slots=True)
class PlatesAsked:
    """What was asked of plates; see ``patterns.press.Recipe``.

    ``trap_mm`` None is the fabric's, ``metadata`` as of a package. ``order`` lists the printed inks, ``overprint``
    those that lighter inks are not knocked out of: by name, role or number on the palette card, between commas.
    """

    bits: int = 8
    trap_mm: float | None = None
    overprint: str = ""
    order: str = ""
    ground: str = "cloth"
    choke_mm: float | None = None
    metadata: Metadata = "full"

    def __post_init__(self) -> None:
        refuse_metadata(self.metadata)


@dataclass(frozen=True, slots=True)
class Plates:
    """The plates of a design for a product."""

    made: PlateSet
    product: Product


def plates(
    record: Design,
    separation: Separation,
    target: tuple[str, Path],
    asked: PlatesAsked,
    *,
    bench: Bench,
    told: tuple[Finding, ...] = (),
) -> Plates:
    """Write the plates of a design for ``target``, (product, folder): all files or none.

    The sheet is the smallest rectangle that repeats straight, as a screen does. 1-bit plates are drawn again from the
    level sets at the product's plate resolution. Raises as ``export`` does, and InputError for a wrong order or ground.
    """
    name, out = target
    product = presets.product(name)
    fitted(record, separation, product)
    job, windows, recipe = _plates_job(record, separation, product, asked, bench=bench)
    refuse_unwritable(out)
    return Plates(deliver_plates(replace(job, findings=job.findings + told), windows, recipe, out), product)


def _plates_writer(
    record: Design, separation: Separation, product: Product, package: PackageAsked, *, bench: Bench
) -> Callable[[Folder], PlateSet] | None:
    """Return what writes the plates of a package into its folder, or None if the product's package has none."""
    bits = [bits for bits, file in ((8, "plates-8bit"), (1, "plates-1bit")) if file in product.files]
    if not bits:
        return None
    asked = PlatesAsked(bits=bits[0], ground=package.ground, metadata=package.metadata)
    job, windows, recipe = _plates_job(record, separation, product, asked, bench=bench)
    return lambda target: write_plates(job, windows, recipe, target)


def _tech_writer(
    record: Design, separation: Separation, product: Product, package: PackageAsked, *, bench: Bench
) -> Callable[[Path], tuple[Finding, ...]] | None:
    """Return what writes a package's tech pack into a file, or None if the product's package has none."""
    if "techpack.pdf" not in product.files:
        return None
    # It stands on what is above, which is why it cannot be imported before.
    from patterns.atelier.techpack import write_in

    return lambda file: write_in(record, separation, (product, file), bench, asked=package).findings


def _plates_job(
    record: Design, separation: Separation, product: Product, asked: PlatesAsked, *, bench: Bench
) -> tuple[Print, Windows, Recipe]:
    recipe = plates_recipe(record, product, asked)
    count = len(plates_of(record.palette, recipe))
    cell = print_grid(separation, product, dpi=product.plate_dpi if asked.bits == 1 else None)
    grid = Grid(cell.width * cell.copies[0], cell.height * cell.copies[1])
    windows = _windows(separation, grid, asked.bits, bench)
    job = print_job(
        record,
        bands=lambda: windows(0),
        grid=grid,
        lattice=separation.lattice.rectangle(),
        found=product.findings(count, separation.lattice, most_inks=_most_inks(product)),
        metadata=asked.metadata,
    )
    return job, windows, recipe


def plates_recipe(record: Design, product: Product, asked: PlatesAsked) -> Recipe:
    fabric = presets.fabric(product.fabric)
    guessed = ", heuristic" if fabric.heuristic else ""
    recipe = Recipe(
        ground=asked.ground,
        trap_mm=fabric.trap_mm if asked.trap_mm is None else asked.trap_mm,
        order=_named(record.palette, asked.order),
        overprint=_named(record.palette, asked.overprint),
        choke_mm=asked.choke_mm,
        bits=asked.bits,
        trap_source=f"{fabric.name}{guessed}" if asked.trap_mm is None else "asked for",
        resolution_source=f"{product.name}{', heuristic' if product.heuristic else ''}",
    )
    recipe.falling(record.palette)
    return recipe


def _named(palette: Palette, text: str) -> tuple[int, ...]:
    """Return the inks' places in the palette; each part is a number on the palette card, a name or a role."""
    places = []
    for part in (part.strip().casefold() for part in text.split(",") if part.strip()):
        found = [
            place
            for place, ink in enumerate(palette.inks)
            if part in (str(place + 1), ink.name.casefold(), ink.role.casefold())
        ]
        if len(found) != 1:
            named = ", ".join(f"{place + 1} {ink.name}" for place, ink in enumerate(palette.inks))
            raise InputError(f"{part!r} is {'none' if not found else 'several'} of the inks: {named}.")
        places += found
    return tuple(places)


def _windows(separation: Separation, grid: Grid, bits: int, bench: Bench) -> Windows:
    """Return what gives the rectangle's coverages with a margin: from the level sets, at the plates' own size."""
    planes = np.ascontiguousarray(separation.grid.rectangle(separation.planes))
    source = Grid(planes.shape[2], planes.shape[1])

    def windows(margin: int) -> Iterator[tuple[int, np.ndarray]]:
        if bits == 8:
            bands = enlarge_bands(planes, source, grid, margin=margin)
        else:
            indices = enlarge_indices_bands(planes, source, grid, margin=margin)
            bands = ((row, _one_each(index, len(planes))) for row, index in indices)
        for row, window in bands:
            yield row, window
            bench.progress("drawing the plates", row + window.shape[1] - 2 * margin, grid.height)

    return windows


def _one_each(index: np.ndarray, inks: int) -> np.ndarray:
    """Return (K, h, W) uint8: 255 where an index is the ink's, else 0."""
    return np.stack([(index == k).view(np.uint8) for k in range(inks)]) * np.uint8(255)


def _told(bands: Iterator[tuple[int, np.ndarray]], grid: Grid, bench: Bench) -> Iterator[tuple[int, np.ndarray]]:
    for row, planes in bands:
        yield row, planes
        bench.progress("enlarging", row + planes.shape[1], grid.height)


def _findings(separation: Separation, product: Product) -> tuple[Finding, ...]:
    return product.findings(len(separation.roles), separation.lattice, most_inks=_most_inks(product))


def _most_inks(product: Product) -> int:
    return presets.fabric(product.fabric).most_inks
