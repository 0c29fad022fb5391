"""The command that writes a tech pack: `patterns techpack`."""

from pathlib import Path
from typing import Annotated

import typer

from patterns.cli import console
from patterns.cli.making import bench, slug
from patterns.cli.options import DesignId, Json, LibraryFolder, Metadata, Product


def techpack(
    design: DesignId,
    product: Product,
    out: Annotated[
        Path | None, typer.Option("--out", help="The PDF to write.", show_default="in the folder out")
    ] = None,
    ground: Annotated[str, typer.Option(help="What ink 1 is: cloth, dyed, or printed.")] = "cloth",
    metadata: Metadata = "full",
    date: Annotated[
        str, typer.Option(help="The date on the pages: 2026-11-22, or none.", show_default="today")
    ] = "today",
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Write the tech pack of a design for a mill: scale, repeat, colorways, inks, separations, fields for the lab."""
    from datetime import UTC, datetime

    from patterns.atelier.delivery import PackageAsked
    from patterns.atelier.techpack import techpack as packed

    dated = {"today": datetime.now(UTC).date().isoformat(), "none": ""}.get(date.strip().lower(), date)
    asked = PackageAsked(ground=ground, date=dated, metadata=metadata)  # pyright: ignore[reportArgumentType]
    with console.progress() as show:
        at = bench(library, None, show)
        identity = at.library.resolve(design)
        record = at.library.design(identity)
        named = f"{slug(record.brief.prompt)}-{identity}" if metadata == "full" else identity
        file = out or Path("out") / f"{named}-techpack.pdf"
        made = packed(record, at.library.separation(identity), (product, file), at, asked=asked)
    answer = {
        "id": identity,
        "file": str(made.file),
        "colorways": list(made.colorways),
        "findings": [console.finding_record(f) for f in made.findings],
    }
    console.answer(answer, as_json=json, people=lambda c: c.print(f"written     {made.file}", markup=False))
    console.tell(made.findings)
