"""The command that proposes colorways."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import complete, console
from patterns.cli.making import bench, design_record
from patterns.cli.options import Json, LibraryFolder, Out

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.atelier.coloring import Colored, Set

Designs = Annotated[
    list[str],
    typer.Argument(
        help="A design's identity, or its beginning; several are colored alike, the first leading.",
        autocompletion=complete.designs,
    ),
]


def colorways(
    designs: Designs,
    count: Annotated[int, typer.Option(help="How many colorways, 1 to 24.")] = 6,
    keep: Annotated[
        list[str] | None, typer.Option(help="An ink that stays, by name or role; may be given again, or 'indigo,line'.")
    ] = None,
    invert: Annotated[bool, typer.Option("--invert", help="Turn the values about: light becomes dark.")] = False,
    fabric: Annotated[
        str,
        typer.Option(
            help="Only colors that this fabric holds: see `presets list fabrics`.",
            autocompletion=complete.fabrics,
            show_default="any screen color",
        ),
    ] = "",
    from_palettes: Annotated[
        bool, typer.Option("--from-palettes", help="Take the hues of the curated palettes only.")
    ] = False,
    like: Annotated[
        list[str] | None,
        typer.Option(help="Put the designs into the inks of this colorway instead.", autocompletion=complete.designs),
    ] = None,
    apart: Annotated[float, typer.Option(help="Least difference between colorways, CIEDE2000.")] = 8.0,
    seed: Annotated[int, typer.Option(min=0, help="Another seed is another set.")] = 0,
    out: Out = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Propose colorways: the same drawing in other inks, light staying light; one sheet shows them together."""
    from patterns.atelier import coloring

    if like and (keep or invert or fabric or from_palettes):
        raise typer.BadParameter(
            "--like proposes nothing, so that --keep, --invert, --fabric, --from-palettes say nothing"
        )
    with console.progress() as show:
        at = bench(library, None, show)
        identities = [at.library.resolve(design) for design in designs]
        folder = out or Path("out") / f"{identities[0]}-colorways"
        if like:
            colored = coloring.like(identities, [at.library.resolve(name) for name in like], folder, at)
        else:
            wish = coloring.Wish(
                count=count, seed=seed, keep=_names(keep), fabric=fabric, invert=invert, from_palettes=from_palettes,
                apart=apart,
            )  # fmt: skip
            colored = coloring.colorways(identities, wish, folder, at)
    console.answer(_record(colored), as_json=json, people=lambda c: _say(c, colored))
    console.tell(colored.findings)


def _names(keep: list[str] | None) -> tuple[str, ...]:
    return tuple(name.strip() for text in keep or () for name in text.split(","))


def _record(colored: "Colored") -> dict[str, Any]:
    return {
        "sheet": str(colored.png),
        "pdf": str(colored.pdf),
        "scale": colored.scale,
        "colorways": [_set_record(one) for one in colored.sets],
        "findings": [console.finding_record(f) for f in colored.findings],
    }


def _set_record(one: "Set") -> dict[str, Any]:
    return {
        "name": one.palette.name,
        "inks": [{"name": i.name, "hex": i.hex, "lab": list(i.lab), "role": i.role} for i in one.palette.inks],
        "from_design": round(one.from_design, 2),
        "from_others": None if one.from_others is None else round(one.from_others, 2),
        "designs": [design_record(made) for made in one.made],
    }


def _say(c: "Console", colored: "Colored") -> None:
    from rich.text import Text

    widest = max(len(one.palette.name) for one in colored.sets)
    for one in colored.sets:
        shown = c.color_system and "utf" in c.encoding.lower()
        swatches = Text.assemble(*[("██" if shown else "", ink.hex) for ink in one.palette.inks])
        names = " ".join(made.design.id for made in one.made)
        c.print(Text.assemble(swatches, " " if shown else "", (f"{one.palette.name:<{widest}}", "bold"), f"  {names}"))
        c.print(f"  {', '.join(f'{ink.name} {ink.hex}' for ink in one.palette.inks)}")
    c.print(f"sheet       {colored.png}")
    c.print(f"            {colored.pdf}")
