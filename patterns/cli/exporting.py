"""The command that writes what a printer needs: the print package of a product, or plates for screens."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import console
from patterns.cli.making import bench, package_record, say_package, slug
from patterns.cli.options import DesignId, Json, LibraryFolder, Metadata, Out, Product

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.atelier.delivery import PackageAsked, Plates, PlatesAsked

_BITS = {"8bit": 8, "1bit": 1}


def export(
    design: DesignId,
    product: Product,
    size: Annotated[
        str | None,
        typer.Option(
            help="Print the tile at another size that the product takes: 53cm, 53x64cm.", show_default="as drawn"
        ),
    ] = None,
    length: Annotated[
        str | None,
        typer.Option(help="How much cloth, roll or wall height: 2m.", show_default="the product's"),
    ] = None,
    width: Annotated[
        str | None, typer.Option(help="How wide a wall in panels: 3.6m.", show_default="the product's")
    ] = None,
    pdf: Annotated[str, typer.Option(help="The colors of PDF and TIFF files: rgb, cmyk or spot.")] = "rgb",
    standard: Annotated[str, typer.Option(help="What CMYK and spot PDFs are built to: x4 or x1a.")] = "x4",
    profile: Annotated[
        Path | None,
        typer.Option(help="The ICC profile of your press, for CMYK and spot files.", show_default="Fogra39, paper"),
    ] = None,
    formats: Annotated[
        str | None,
        typer.Option(
            help="Which files, between commas: pdf, tiff, png, jpeg, indexed, plates, plates-1bit.",
            show_default="the product's",
        ),
    ] = None,
    marks: Annotated[
        str | None,
        typer.Option(
            help="Around a sheet: crop, registration, chips, legend, ruler, symbols, slug; or all, or none.",
            show_default="the product's",
        ),
    ] = None,
    date: Annotated[
        str, typer.Option(help="The date in the slug and in print PDFs: 2026-11-22, or none.", show_default="today")
    ] = "today",
    plates: Annotated[
        str | None,
        typer.Option(help="Write one TIFF for each printed ink instead: 8bit, or 1bit at the plate resolution."),
    ] = None,
    trap: Annotated[
        str | None,
        typer.Option(
            help="How far the lighter ink runs under the darker: 0.25mm; 0 for none.",
            metavar="MM",
            show_default="the fabric's",
        ),
    ] = None,
    overprint: Annotated[
        str | None,
        typer.Option(help="The inks that lighter ones are not knocked out of: 'black'.", show_default="none"),
    ] = None,
    order: Annotated[
        str | None,
        typer.Option(
            help="The printed inks by name or palette number, the first to fall first: 'straw,madder,4'.",
            show_default="light to dark",
        ),
    ] = None,
    ground: Annotated[
        str, typer.Option(help="What ink 1 is, in plates and spot PDFs: cloth, dyed, or printed (which has a plate).")
    ] = "cloth",
    underbase: Annotated[
        str | None,
        typer.Option(help="Add a white plate under all inks, drawn back from the cloth by this.", metavar="MM"),
    ] = None,
    metadata: Metadata = "full",
    preshrink: Annotated[
        bool, typer.Option("--preshrink", help="Print larger by what finishing takes from the fabric.")
    ] = False,
    out: Out = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Write the print package of a design in the library, or its plates."""
    if plates is None and (trap is not None or overprint or order or underbase is not None):
        raise typer.BadParameter("a trap, an order and the like are made in plates; add --plates 8bit or --plates 1bit")
    if plates is not None and (formats or marks or pdf != "rgb" or profile or length or width):
        raise typer.BadParameter("--plates writes plates alone; leave --pdf, --profile, --formats and the like out")
    screens = _asked(plates, trap, overprint, order, ground, underbase, metadata) if plates is not None else None
    asked = _package(
        pdf=pdf, standard=standard, profile=profile, formats=formats, marks=marks, ground=ground, date=date,
        length=length, width=width, metadata=metadata,
    )  # fmt: skip
    from patterns.atelier import delivery

    with console.progress() as show:
        at = bench(library, None, show)
        identity = at.library.resolve(design)
        record, drawn = at.library.design(identity), at.library.separation(identity)
        separation, told = delivery.prepared(drawn, product, size_mm=_size(size), preshrink=preshrink)
        # A folder is passed on with what is in it: it says no more than the files do.
        named = f"{slug(record.brief.prompt)}-{identity}" if metadata == "full" else identity
        folder = out or Path("out") / f"{named}{'-plates' if screens else ''}"
        if screens is None:
            package = delivery.export(record, separation, (product, folder), at, asked=asked, told=told)
            answer, people, found = package_record(package), lambda c: say_package(c, package), package.findings
        else:
            made = delivery.plates(record, separation, (product, folder), screens, bench=at, told=told)
            answer, people, found = _plates_record(made), lambda c: _say_plates(c, made), made.made.findings
    console.answer({"id": identity, "preshrunk": preshrink, **answer}, as_json=json, people=people)
    console.tell(found)


def _package(*, formats: str | None, date: str, length: str | None, width: str | None, **said: Any) -> "PackageAsked":
    from datetime import UTC, datetime

    from patterns.atelier.delivery import PackageAsked
    from patterns.units import parse_length

    dated = {"today": datetime.now(UTC).date().isoformat(), "none": ""}.get(date.strip().lower(), date)
    return PackageAsked(
        **said,
        formats=tuple(part.strip().lower() for part in (formats or "").split(",") if part.strip()),
        date=dated,
        length_mm=parse_length(length) if length else None,
        width_mm=parse_length(width) if width else None,
    )


def _size(text: str | None) -> tuple[float, float | None] | None:
    """Return (width, height) in mm; a single length is a width, to which the height follows."""
    from patterns.units import parse_size

    if text is None:
        return None
    width, height = parse_size(text)
    return width, height if re.search("[x×]", text, re.IGNORECASE) else None


def _asked(
    plates: str,
    trap: str | None,
    overprint: str | None,
    order: str | None,
    ground: str,
    underbase: str | None,
    metadata: str,
) -> "PlatesAsked":
    if plates.lower() not in _BITS:
        raise typer.BadParameter(f"plates are {' or '.join(_BITS)}, not {plates!r}")
    from patterns.atelier.delivery import PlatesAsked

    return PlatesAsked(
        bits=_BITS[plates.lower()],
        trap_mm=None if trap is None else _width(trap),
        overprint=overprint or "",
        order=order or "",
        ground=ground,
        choke_mm=None if underbase is None else _width(underbase),
        metadata=metadata,  # pyright: ignore[reportArgumentType]
    )


def _width(text: str) -> float:
    """Return a width in mm; a bare number is millimeters, as traps are always given, and may be 0."""
    from patterns.units import parse_length

    if re.fullmatch(r"\s*[0-9]*\.?[0-9]+\s*", text):
        return float(text)
    return parse_length(text)


def _plates_record(plates: "Plates") -> dict[str, Any]:
    """Return plates as ``--json`` says them."""
    return {
        "product": plates.product.name,
        "files": [{"path": str(f.path), "kind": f.kind, "note": f.note} for f in plates.made.files],
        **plates.made.record,
        "findings": [console.finding_record(f) for f in plates.made.findings],
    }


def _say_plates(c: "Console", plates: "Plates") -> None:
    """Print plates for people: resolution, order, trap, and each plate with its share of the sheet."""
    from patterns.press.plates import summary_lines

    for line in summary_lines({**plates.made.record, "findings": []}):
        c.print(line, markup=False)
    c.print(f"In          {plates.made.files[0].path.parent}", markup=False)
