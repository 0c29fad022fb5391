"""The commands about palettes: show and convert them, find those that go together, take them from a picture."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import complete, console
from patterns.cli.options import Json

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.color import Palette

palette = typer.Typer(
    help="Palettes and swatch files: show, convert, harmony, picture.", no_args_is_help=True, rich_markup_mode="rich"
)

Given = Annotated[
    str,
    typer.Argument(
        help="A preset's name, colors such as '#f3ead7,#27356b', or a palette file of any kind.",
        autocompletion=complete.palettes,
    ),
]
File = Annotated[Path | None, typer.Option("--out", help="Write it to this file, by its ending.")]
As = Annotated[
    str | None, typer.Option("--as", help="ase, aco, aco1, gpl, cxf, css or json.", show_default="by the ending")
]


@palette.command("show")
def show(given: Given, json: Json = False) -> None:
    """Show a palette's inks: Lab with its light and observer, the nearest screen color, role."""
    from patterns.presets import palette_from

    _answer(palette_from(given), None, None, as_json=json)


@palette.command("convert")
def convert(
    given: Given,
    out: Annotated[Path, typer.Option("--out", help="Write it to this file, by its ending.")],
    kind: As = None,
    json: Json = False,
) -> None:
    """Write a palette as a swatch file, and say what the format cannot hold of it."""
    from patterns.presets import palette_from

    _answer(palette_from(given), out, kind, as_json=json)


@palette.command("harmony")
def harmonize(
    color: Annotated[str, typer.Argument(help="A color's name or hex.")],
    kind: Annotated[str, typer.Option(help="tonal, analogous, complement, split, triad or square.")] = "complement",
    count: Annotated[int | None, typer.Option(help="How many colors.", show_default="one a hue, 3 at least")] = None,
    out: File = None,
    json: Json = False,
) -> None:
    """Show the colors that go with one, by turning its hue in OKLCh."""
    from patterns.color.files import palette_of_text
    from patterns.color.harmony import harmony

    _answer(harmony(palette_of_text(color).inks[0], kind, count=count), out, None, as_json=json)


@palette.command("picture")
def from_picture(
    picture: Annotated[Path, typer.Argument(help="A photograph or any picture.")],
    inks: Annotated[int, typer.Option(help="How many colors.")] = 6,
    seed: Annotated[int, typer.Option(min=0, help="Another seed may choose otherwise where it is a close thing.")] = 0,
    out: File = None,
    json: Json = False,
) -> None:
    """Take a palette from a picture; `separate` puts a tile into inks instead."""
    import numpy as np

    from patterns.color.extraction import palette_of_picture
    from patterns.seam import read_picture

    found = palette_of_picture(read_picture(picture), inks, rng=np.random.default_rng(seed), name=picture.stem)
    _answer(found, out, None, as_json=json)


def _answer(found: "Palette", out: Path | None, kind: str | None, *, as_json: bool) -> None:
    """Write the palette if a file was asked for, then print it, its file, and what the file cannot hold."""
    from patterns.cli.shelves import _swatch
    from patterns.color.files import write_palette
    from patterns.color.swatches.record import ink_record

    findings = write_palette(found, out, kind) if out else ()
    record: dict[str, Any] = {"name": found.name, "inks": [ink_record(ink) for ink in found.inks]}
    if out:
        record |= {"file": str(out), "findings": [console.finding_record(finding) for finding in findings]}

    def people(c: "Console") -> None:
        for ink in found.inks:
            lightness, a, b = ink.lab
            view = f"{ink.view}{' approximate' if ink.approximate else ''}{' spectrum' if ink.spectrum else ''}"
            text = f" {ink.hex}  Lab {lightness:6.2f} {a:7.2f} {b:7.2f}  {view:<8} {ink.role:<7} {ink.name}"
            c.print(_swatch(c, ink.hex).append(text))
        if out:
            c.print(f"wrote {out}", markup=False)

    console.answer(record, as_json=as_json, people=people)
    console.tell(findings)
