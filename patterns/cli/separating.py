"""The command that takes pictures from anywhere: `patterns separate`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import complete, console
from patterns.cli.making import bench, design_record, say_design
from patterns.cli.options import Fabric, Json, LibraryFolder, Out, Repeat

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.atelier.separating import Asked, FromPicture


def separate(
    image: Annotated[Path, typer.Argument(help="A PNG, TIFF, JPEG or WebP of one repeat, from any tool.")],
    inks: Annotated[str, typer.Option(help="How many inks, 2 to 32, or auto: as many as it has flat colors.")] = "auto",
    palette: Annotated[
        str | None,
        typer.Option(
            help="Force the colors: a preset, '#f3ead7,#27356b' with the ground first, a palette or a picture file.",
            autocompletion=complete.palettes,
            show_default="found in the picture",
        ),
    ] = None,
    fabric: Fabric = None,
    repeat: Repeat = "straight",
    size: Annotated[
        str | None, typer.Option(help="Its printed size: 53x64cm, 64cm.", show_default="as the file says, else 32cm")
    ] = None,
    tone: Annotated[
        str, typer.Option(help="Shading: none, tint (each ink thinned) or halftone (blue-noise dots).")
    ] = "none",
    out: Out = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Turn a picture that repeats into inks: a design in the library that can be recolored and printed."""
    asked = _asked(inks, palette=palette, fabric=fabric, repeat=repeat, size=size, tone=tone)
    from patterns.atelier.separating import separate as separated

    with console.progress() as show:
        result = separated(image, asked, bench(library, None, show), out=out)
    console.answer(_record(image, result), as_json=json, people=lambda c: _say(c, result))
    console.tell(result.made.findings)


def _asked(inks: str, *, size: str | None, tone: str, **said: Any) -> "Asked":
    from patterns.atelier.separating import Asked
    from patterns.separate import TONES
    from patterns.units import parse_size

    if not re.fullmatch("auto|[0-9]{1,3}", inks):
        raise typer.BadParameter(f"--inks is a number from 2 to 32, or auto, not {inks!r}")
    if tone not in TONES:
        raise typer.BadParameter(f"--tone is {', '.join(TONES[:-1])} or {TONES[-1]}, not {tone!r}")
    width, height = parse_size(size) if size else (None, None)
    # A single length leaves the height to the picture's shape.
    if size and not re.search("[x×]", size, re.IGNORECASE):
        height = None
    count = None if inks == "auto" else int(inks)
    return Asked(inks=count, size_mm=(width, height) if width else None, tone=tone, **said)


def _record(image: Path, result: "FromPicture") -> dict[str, Any]:
    report = result.report
    return {
        "picture": str(image),
        **design_record(result.made),
        "mean_difference": report.mean,
        "percentile95_difference": report.percentile95,
        "flat_art": report.flat_art,
        "flat_colors": report.spots,
        "dissolved": report.dissolved,
        "files": [str(file) for file in result.files],
    }


def _say(c: "Console", result: "FromPicture") -> None:
    say_design(c, result.made)
    report = result.report
    kind = f"flat art of {report.spots} colors" if report.flat_art else "painted or photographed"
    c.print(f"picture     {kind}; {report.dissolved} crumbs and hairlines dissolved")
    c.print(f"difference  CIEDE2000 {report.mean:.2f} on average, {report.percentile95:.2f} at the 95th percentile")
    for file in result.files:
        c.print(f"written     {file}")
