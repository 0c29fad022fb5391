"""The command that makes a picture repeat: `patterns seamless`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import complete, console
from patterns.cli.making import bench, design_record, say_design
from patterns.cli.options import Json, LibraryFolder

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.atelier.joining import Seamless
    from patterns.seam import SeamReport


def seamless(
    image: Annotated[Path, typer.Argument(help="A photograph or a scanned swatch: PNG, TIFF, JPEG or WebP.")],
    repeat: Annotated[
        str | None,
        typer.Option(
            help="straight, half-drop, third-drop, quarter-drop, brick, hexagonal, 'drop 2/5' or 'slide 1/3'.",
            autocompletion=complete.repeats,
            show_default="straight",
        ),
    ] = None,
    size: Annotated[
        str | None,
        typer.Option(help="The tile's printed size: 53x64cm; 32cm is its width.", show_default="32cm, or by --dpi"),
    ] = None,
    band: Annotated[
        str | None,
        typer.Option(help="How wide it may overlap itself: 12mm or 24px.", show_default="as narrow as serves"),
    ] = None,
    from_repeat: Annotated[
        bool,
        typer.Option("--from-repeat", help="Find the repeat that is already in a photographed cloth, and cut it out."),
    ] = False,
    best_copy: Annotated[
        bool, typer.Option("--best-copy", help="With --from-repeat: the sharpest copy, not the median of all.")
    ] = False,
    dpi: Annotated[
        float | None, typer.Option(min=10, max=10000, help="The picture's resolution, for the size of a found repeat.")
    ] = None,
    even_light: Annotated[
        bool, typer.Option("--even-light", help="Divide out light that falls from one side.")
    ] = False,
    model: Annotated[
        str | None,
        typer.Option(
            help="A picture model of the shelf draws anew what lies along the cuts.", autocompletion=complete.models
        ),
    ] = None,
    prompt: Annotated[str, typer.Option(help="For the model: what the picture shows.")] = "a textile pattern",
    seed: Annotated[int, typer.Option(min=0, help="For the model: another seed is another drawing.")] = 0,
    inks: Annotated[
        int | None, typer.Option(min=2, max=32, help="Separate the tile into so many inks, into the library.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="The PNG to write.", show_default="NAME-seamless.png")
    ] = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Make a picture repeat that does not: cut along its overlaps with itself, exactly, on any repeat."""
    if from_repeat and (repeat or band or even_light or model):
        raise typer.BadParameter(
            "--from-repeat finds the repeat by itself; --repeat, --band, --even-light and --model are without it"
        )
    if not from_repeat and (dpi or best_copy):
        raise typer.BadParameter("--dpi and --best-copy belong to --from-repeat")
    if out is not None and out.suffix.lower() != ".png":
        raise typer.BadParameter(f"--out is a PNG file, not {str(out)!r}")
    from patterns.atelier import joining

    asked = joining.Asked(
        repeat=None if from_repeat else repeat or "straight",
        size_mm=_size(size),
        band=band,
        from_repeat=from_repeat,
        best_copy=best_copy,
        dpi=dpi,
        even_light=even_light,
        inks=inks,
    )
    redraw = joining.redraw_with(model, prompt, seed=seed) if model else None
    with console.progress() as show:
        at = bench(library, None, show)
        result = joining.seamless(image.expanduser(), asked, at, out=out or joining.out_of(image), redraw=redraw)
    console.answer(_record(image, result), as_json=json, people=lambda c: _say(c, result))
    console.tell((*result.findings, *(result.made.findings if result.made else ())))


def _size(text: str | None) -> tuple[float, float | None] | None:
    from patterns.units import parse_size

    if text is None:
        return None
    width, height = parse_size(text)
    return width, height if re.search("[x×]", text, re.IGNORECASE) else None


def _record(image: Path, result: "Seamless") -> dict[str, Any]:
    lattice, grid = result.lattice, result.grid
    record: dict[str, Any] = {
        "picture": str(image),
        "file": str(result.file),
        "repeat": lattice.repeat,
        "width_mm": lattice.width,
        "height_mm": lattice.height,
        "width_px": grid.width,
        "height_px": grid.height,
        "drop_px": grid.drop,
        "slide_px": grid.slide,
        "seam_before": _joints(result.before),
        "seam_after": _joints(result.after),
        "findings": [console.finding_record(f) for f in result.findings],
        "design": design_record(result.made) if result.made else None,
    }
    if (joined := result.joined) is not None:
        quality = joined.quality
        record |= {
            "band_px": joined.band,
            "changed": float(joined.changed.mean()),
            "blended": float(joined.blended.mean()),
            "cost": joined.cost,
            "cut_change": quality.change,
            "cut_change_percentile": quality.change_percentile,
            "cut_jump_percentile": quality.jump_percentile,
        }
    if (repeat := result.repeat) is not None and result.clean is not None:
        record |= {
            "confidence": repeat.confidence,
            "agreement": repeat.agreement,
            "turn_degrees": repeat.turn,
            "vectors_px": repeat.vectors.tolist(),
            "copies": result.clean.copies,
            "light": result.clean.light,
            "sharpness": result.clean.sharpness,
        }
    return record


def _joints(report: "SeamReport | None") -> list[dict[str, Any]] | None:
    if report is None:
        return None
    return [
        {"direction": j.direction, "change": j.change, "percentile": j.percentile, "score": j.score, "passed": j.passed}
        for j in report.joints
    ]


def _say(c: "Console", result: "Seamless") -> None:
    from patterns.units import format_mm

    lattice, grid = result.lattice, result.grid
    size = f"{format_mm(lattice.width)} x {format_mm(lattice.height)}"
    c.print(f"repeat      {lattice.repeat}, tile {size}, {grid.width} x {grid.height} px")
    if (found := result.repeat) is not None and result.clean is not None:
        figures = f"confidence {found.confidence:.0%}, copies agree to {found.agreement:.0%}"
        c.print(f"found       {figures}, turned by {found.turn:.1f} degrees")
        how = "the sharpest copy, cut" if result.clean.joined else f"the median of {result.clean.copies} copies or more"
        c.print(f"taken       {how}; light differed {result.clean.light:.2f} times")
    if (joined := result.joined) is not None:
        c.print(
            f"cut         band {joined.band} px, {joined.changed.mean():.1%} changed, "
            f"{joined.blended.mean():.2%} blended"
        )
        c.print(
            f"along it    dE00 {joined.quality.change:.2f}, percentile {joined.quality.change_percentile:.0f} of "
            f"the same curve elsewhere; jumps {joined.quality.jump_percentile:.0f}"
        )
    for name, report in (("before", result.before), ("after", result.after)):
        for joint in report.joints if report else ():
            figures = f"percentile {joint.percentile:5.1f}, score {joint.score:6.2f}"
            c.print(f"{name:<11} {joint.direction:<6} {figures}: {joint.verdict}")
    c.print(f"written     {result.file}")
    if result.made is not None:
        say_design(c, result.made)
