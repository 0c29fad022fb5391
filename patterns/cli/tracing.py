"""The command that turns a design into curves: `patterns trace`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import console
from patterns.cli.making import bench, slug
from patterns.cli.options import DesignId, Json, LibraryFolder, Out

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.atelier.tracing import Traced


def trace(
    design: DesignId,
    format: Annotated[str, typer.Option(help="svg, pdf (a plate for each ink), or dxf (for cutters).")] = "svg",
    tolerance: Annotated[
        str, typer.Option(help="How far a curve may lie from the edge that it follows.", metavar="MM")
    ] = "0.1mm",
    trap: Annotated[
        str, typer.Option(help="How far each ink goes on under the next; 0 for none.", metavar="MM")
    ] = "0.2mm",
    partition: Annotated[
        bool, typer.Option("--partition", help="Exact areas that only abut, as DXF has them anyway.")
    ] = False,
    paved: Annotated[
        str | None, typer.Option(help="A sheet full of repeats: 140x100cm.", show_default="one repeat")
    ] = None,
    pdf: Annotated[str, typer.Option(help="The PDF's colors: spot, cmyk or rgb.")] = "spot",
    ground: Annotated[str, typer.Option(help="What ink 1 is in a spot PDF: cloth, dyed or printed.")] = "cloth",
    out: Out = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Turn a design's ink areas into curves with shared edges: SVG, PDF with spot colors, or DXF."""
    from patterns.atelier.tracing import TraceAsked, trace_design
    from patterns.units import parse_size

    size = parse_size(paved) if paved else None
    asked = TraceAsked(format, _length(tolerance), _length(trap), partition, size, pdf, ground)
    with console.progress() as show:
        at = bench(library, None, show)
        identity = at.library.resolve(design)
        record, separation = at.library.design(identity), at.library.separation(identity)
        target = (out or Path("out")) / f"{slug(record.brief.prompt)}-{identity}.{format}"
        made = trace_design(record, separation, target, asked, bench=at)
    console.answer(_record(identity, made), as_json=json, people=lambda c: _say(c, made, asked.tolerance_mm))
    console.tell(made.findings)


def _length(text: str) -> float:
    """Return a width in mm; a bare number is millimeters, and may be 0."""
    from patterns.units import parse_length

    if re.fullmatch(r"\s*[0-9]*\.?[0-9]+\s*", text):
        return float(text)
    return parse_length(text) if not re.fullmatch(r"\s*0*\.?0+\s*[a-z]+\s*", text) else 0.0


def _record(identity: str, made: "Traced") -> dict[str, Any]:
    return {
        "id": identity,
        "file": str(made.file),
        "width_mm": made.size_mm[0],
        "height_mm": made.size_mm[1],
        "boundaries": len(made.regions.left),
        "curves": len(made.regions.curves),
        "order": [ink + 1 for ink in made.order],
        "findings": [console.finding_record(f) for f in made.findings],
    }


def _say(c: "Console", made: "Traced", tolerance_mm: float) -> None:
    from patterns.units import format_mm

    width, height = (format_mm(side) for side in made.size_mm)
    c.print(f"boundaries  {len(made.regions.left)}, in {len(made.regions.curves)} curves within {tolerance_mm:g} mm")
    c.print(f"order       {', '.join(str(ink + 1) for ink in made.order)}, the first to fall first")
    c.print(f"size        {width} x {height}")
    c.print(f"written     {made.file}", markup=False)
