"""The commands that look: at a picture, at this machine."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import complete, console
from patterns.cli.options import Fabric, Json, LibraryFolder, Model, Profile, Proof

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.preflight import Report
    from patterns.seam import Joint


def check(
    file: Annotated[
        Path,
        typer.Argument(
            help="A PDF, TIFF, PNG or JPEG from any tool; with --fabric a design, by identity or file.",
            autocompletion=complete.designs,
        ),
    ],
    repeat: Annotated[
        str | None,
        typer.Option(
            help="The repeat it was drawn for, or 'none' if it is not to repeat.",
            autocompletion=complete.repeats,
            show_default="as its record says, else found by its pixels",
        ),
    ] = None,
    size: Annotated[
        str | None, typer.Option(help="Its printed size: 53x64cm.", show_default="as the file says")
    ] = None,
    product: Annotated[
        str | None,
        typer.Option(
            "--for",
            help="The product that the file is printed as: its resolution, sizes, lines and ink are asked of it.",
            autocompletion=complete.products,
        ),
    ] = None,
    fabric: Fabric = None,
    profile: Profile = None,
    ground: Annotated[str, typer.Option(help="What ink 0 is on this fabric: cloth, dyed or printed.")] = "cloth",
    map: Annotated[Path | None, typer.Option(help="Write where lines and gaps are too fine, as PNG.")] = None,
    proof: Proof = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Look for what would go wrong in print, in anybody's file or in a design; ends with 5 if there is a fault."""
    if fabric is None:
        if profile or map or proof:
            raise typer.BadParameter("--profile, --map and --proof belong to --fabric; name one")
        _check_file(file, repeat, size, product, json=json)
        return
    if repeat or size or product:
        raise typer.BadParameter("--repeat, --size and --for are for files; with --fabric a design is checked")
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


def _check_file(file: Path, repeat: str | None, size: str | None, product: str | None, *, json: bool) -> None:
    from patterns.atelier.preflighting import inspect_safely
    from patterns.units import parse_size

    size_mm = parse_size(size) if size else None
    with console.progress() as show:
        show("looking", 0, 0)
        report = inspect_safely(file.expanduser(), repeat=repeat, size_mm=size_mm, product=product)
    console.answer(_record(file, report), as_json=json, people=lambda c: _say(c, file, report))
    console.tell(report.findings)
    if not report.passed:
        raise typer.Exit(5)


def _record(file: Path, report: "Report") -> dict[str, Any]:
    return {
        "file": str(file),
        "kind": report.kind,
        "passed": report.passed,
        "facts": report.facts,
        **_meeting_record(report),
        "findings": [console.finding_record(f) for f in report.findings],
    }


def _meeting_record(report: "Report") -> dict[str, Any]:
    meeting = report.meeting
    if meeting is None:
        return {"repeat": None, "joints": []}
    size = {} if meeting.size_mm is None else dict(zip(("width_mm", "height_mm"), meeting.size_mm, strict=True))
    return {
        "repeat": meeting.repeat,
        "width_px": meeting.size_px[0],
        "height_px": meeting.size_px[1],
        **size,
        "repeats_shown": list(meeting.shown),
        "joints": [_finite(asdict(joint)) | {"passed": joint.passed} for joint in meeting.report.joints],
        "sampled": meeting.report.sampled,
    }


def _finite(record: dict[str, Any]) -> dict[str, Any]:
    """Return a record whose infinities are null: JSON has none."""
    return {k: None if v == float("inf") else v for k, v in record.items()}


def _say(c: "Console", file: Path, report: "Report") -> None:
    from rich.text import Text

    from patterns.units import format_mm

    c.print(Text(f"{file}: {report.kind}"))
    widest = max(map(len, report.facts), default=0)
    for name, value in report.facts.items():
        c.print(Text(f"  {name:<{widest}}  {value}"))
    meeting = report.meeting
    if meeting is None:
        c.print("  joints not measured: it shows less than one repeat, or is no pattern by itself")
    else:
        width, height = meeting.size_px
        size = "" if meeting.size_mm is None else ", " + " x ".join(format_mm(side) for side in meeting.size_mm)
        c.print(f"  measured on {width} x {height} px{size}, {meeting.repeat}")
        for joint in meeting.report.joints:
            _say_joint(c, joint)
    faults = sum(finding.severity == "fault" for finding in report.findings)
    verdict = f"{faults} {'fault' if faults == 1 else 'faults'}" if faults else "no fault"
    c.print(Text(verdict, style="bold red" if faults else "bold green"))


def _say_joint(c: "Console", joint: "Joint") -> None:
    from rich.text import Text

    from patterns.seam import THRESHOLD

    verdict = Text(joint.verdict, style="bold green" if joint.passed else "bold red")
    figures = (
        f"score {joint.score:6.2f} (limit {THRESHOLD:g})   dE00 {joint.change:5.2f}   "
        f"percentile {joint.percentile:5.1f}   of the strongest {joint.ratio:.2f}"
    )
    c.print(Text.assemble(f"  {joint.direction:<7} {figures}   ", verdict))


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
