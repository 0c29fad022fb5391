"""The commands that look: at a picture, at this machine."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import complete, console
from patterns.cli.options import Fabric, Json, LibraryFolder, Model, Profile, Proof

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.atelier.looking import Checked


def check(
    file: Annotated[
        Path,
        typer.Argument(
            help="A PNG, TIFF or JPEG of one repeat, from any tool; with --fabric a design, by identity or file.",
            autocompletion=complete.designs,
        ),
    ],
    repeat: Annotated[
        str | None,
        typer.Option(
            help="The repeat it was drawn for.",
            autocompletion=complete.repeats,
            show_default="as its record says, else straight",
        ),
    ] = None,
    size: Annotated[
        str | None, typer.Option(help="Its printed size: 53x64cm.", show_default="as the file says")
    ] = None,
    fabric: Fabric = None,
    profile: Profile = None,
    ground: Annotated[str, typer.Option(help="What ink 0 is on this fabric: cloth, dyed or printed.")] = "cloth",
    map: Annotated[Path | None, typer.Option(help="Write where lines and gaps are too fine, as PNG.")] = None,
    proof: Proof = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Measure whether a picture repeats without a seam, or whether a fabric can print a design; ends with 5 if not."""
    if fabric is None:
        if profile or map or proof:
            raise typer.BadParameter("--profile, --map and --proof belong to --fabric; name one")
        _check_seam(file, repeat, size, json=json)
        return
    if repeat or size:
        raise typer.BadParameter("--repeat and --size are for pictures; a design knows its own")
    from patterns.atelier.fitting import check_design, fabric_of
    from patterns.atelier.proofing import write_map, write_proof
    from patterns.cli.fitting import fitness_record, say_fitness
    from patterns.cli.making import bench

    with console.progress() as show:
        fitness = check_design(str(file), fabric_of(fabric, profile), bench(library, None, show), ground=ground)
    if map:
        write_map(fitness.separation, fitness.design.palette, fitness.thin, map)
    if proof:
        write_proof(fitness.separation, fitness.design.palette, fitness.printable, fitness.fabric, proof)
    written = {name: str(path) for name, path in (("map", map), ("proof", proof)) if path}
    console.answer(fitness_record(fitness) | written, as_json=json, people=lambda c: say_fitness(c, fitness))
    console.tell(fitness.findings)
    if not fitness.passed:
        raise typer.Exit(5)


def _check_seam(file: Path, repeat: str | None, size: str | None, *, json: bool) -> None:
    from patterns.atelier.looking import check as checked
    from patterns.units import parse_size

    with console.progress() as show:
        show("measuring", 0, 0)
        result = checked(file, repeat=repeat, size_mm=parse_size(size) if size else None)
    console.answer(_record(file, result), as_json=json, people=lambda c: _say(c, file, result))
    console.tell(result.findings)
    if not result.report.passed:
        raise typer.Exit(5)


def _record(file: Path, result: "Checked") -> dict[str, Any]:
    joints = [_finite(asdict(joint)) | {"passed": joint.passed} for joint in result.report.joints]
    size = {"width_mm": result.lattice.width, "height_mm": result.lattice.height} if result.in_mm else {}
    return {
        "file": str(file),
        "passed": result.report.passed,
        "repeat": result.lattice.repeat,
        "width_px": result.grid.width,
        "height_px": result.grid.height,
        **size,
        "joints": joints,
        "sampled": result.report.sampled,
        "findings": [console.finding_record(f) for f in result.findings],
    }


def _finite(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record whose infinities are null: JSON has none."""
    return {k: None if v == float("inf") else v for k, v in record.items()}


def _say(c: "Console", file: Path, result: "Checked") -> None:
    from rich.text import Text

    from patterns.seam import THRESHOLD
    from patterns.units import format_mm

    size = f", {format_mm(result.lattice.width)} x {format_mm(result.lattice.height)}" if result.in_mm else ""
    c.print(f"{file}: {result.grid.width} x {result.grid.height} px{size}, {result.lattice.repeat}")
    for joint in result.report.joints:
        verdict = Text(joint.verdict, style="bold green" if joint.passed else "bold red")
        figures = (
            f"score {joint.score:6.2f} (limit {THRESHOLD:g})   dE00 {joint.change:5.2f}   "
            f"percentile {joint.percentile:5.1f}   of the strongest {joint.ratio:.2f}"
        )
        c.print(Text.assemble(f"{joint.direction:<7} {figures}   ", verdict))


def doctor(library: LibraryFolder = None, model: Model = None, json: Json = False) -> None:
    """Say what is here and what is missing; ends with code 7 if something needed is."""
    from patterns.atelier.bench import default_weights
    from patterns.atelier.health import examine
    from patterns.library import default_folder

    parts = examine(model or default_weights(), library or default_folder())
    console.answer({"parts": [asdict(part) for part in parts]}, as_json=json, people=lambda c: _say_parts(c, parts))
    if any(part.needed and not part.present for part in parts):
        raise typer.Exit(7)


def _say_parts(c: "Console", parts: "tuple[Any, ...]") -> None:
    from rich.text import Text

    widest = max(len(part.name) for part in parts)
    for part in parts:
        mark, style = ("here   ", "green") if part.present else ("missing", "red" if part.needed else "yellow")
        needed = "" if part.present or part.needed else " (not needed)"
        c.print(Text.assemble((mark, style), f"  {part.name:<{widest}}  {part.found}{needed}"))
