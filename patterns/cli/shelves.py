"""The commands that list: the library and the presets."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import complete, console
from patterns.cli.options import DesignId, Json, LibraryFolder, Model

if TYPE_CHECKING:
    from rich.console import Console

library = typer.Typer(help="The designs that are kept: list, show, rm.", no_args_is_help=True)
presets = typer.Typer(help="Products, fabrics, palettes, scenes, the families the Loom draws.", no_args_is_help=True)

Kind = Annotated[
    str | None,
    typer.Argument(help="products, fabrics, palettes, scenes or families.", autocompletion=complete.kinds),
]


@library.command("list")
def list_designs(folder: LibraryFolder = None, json: Json = False) -> None:
    """List the designs, the newest last."""
    shelf = _shelf(folder)
    designs, damaged = shelf.designs()
    rows = [
        {"id": name, "prompt": d.brief.prompt, "repeat": d.lattice.repeat, "inks": len(d.palette), "parent": d.parent}
        for name, d in designs
    ]

    def people(c: "Console") -> None:
        if not rows:
            c.print(f"no designs in {shelf.folder}")
        for (name, d), row in zip(designs, rows, strict=True):
            c.print(_row(c, d.palette, f"{name}  ", f"  {row['repeat']:<12} {d.brief.prompt}"))

    record = {"library": str(shelf.folder), "designs": rows, "findings": [console.finding_record(f) for f in damaged]}
    console.answer(record, as_json=json, people=people)
    console.tell(damaged)


@library.command("show")
def show_design(design: DesignId, folder: LibraryFolder = None, json: Json = False) -> None:
    """Show one design: its tile, inks, repeat and what is questionable about it."""
    from patterns.atelier.making import Made
    from patterns.cli.making import design_record, say_design

    shelf = _shelf(folder)
    identity = shelf.resolve(design)
    made = Made(shelf.design(identity), shelf.separation(identity), shelf.path(identity))

    def people(c: "Console") -> None:
        say_design(c, made)
        c.print(f"prompt      {made.design.brief.prompt}")
        c.print(
            f"made        {made.design.created or 'at a time that is not recorded'}, patterns {made.design.version}"
        )
        if made.design.parent:
            c.print(f"parent      {made.design.parent}")

    console.answer(design_record(made), as_json=json, people=people)
    console.tell(made.findings)


@library.command("rm")
def remove_design(design: DesignId, folder: LibraryFolder = None, json: Json = False) -> None:
    """Remove a design and its files from the library."""
    shelf = _shelf(folder)
    identity = shelf.resolve(design)
    shelf.remove(identity)
    console.answer({"removed": identity}, as_json=json, people=lambda c: c.print(f"removed {identity}"))


@presets.command("list")
def list_presets(kind: Kind = None, model: Model = None, json: Json = False) -> None:
    """List the presets of a kind, or of all kinds."""
    from patterns.atelier.shelf import KINDS, listed

    found = {name: listed(name, model) for name in ([kind] if kind else KINDS)}

    def people(c: "Console") -> None:
        for name, entries in found.items():
            c.print(name, style="bold")
            for entry in entries:
                c.print(_row(c, entry.palette, f"  {entry.name:<22} ", f"  {entry.title}" if entry.title else ""))

    record = {name: [{"name": e.name, "title": e.title} for e in entries] for name, entries in found.items()}
    console.answer(record, as_json=json, people=people)


@presets.command("search")
def search_presets(
    text: Annotated[str, typer.Argument(help="Words, moods, seasons, hues, colors: 'moody autumn', 'dusty rose'.")],
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 12,
    json: Json = False,
) -> None:
    """Find palettes by what they look like, the best first."""
    from patterns.presets import search_palettes

    found = search_palettes(text, limit=limit)
    inks = [[{"name": ink.name, "hex": ink.hex} for ink in p.inks] for p in found]
    record = [{"name": p.name, "words": list(p.words), "inks": i} for p, i in zip(found, inks, strict=True)]

    def people(c: "Console") -> None:
        for p in found:
            c.print(_row(c, p, f"{p.name:<22} ", f"  {', '.join(p.words)}"))
        if not found:
            c.print(f"no palette is like {text!r}; try a mood, a season, a hue or a color's name", markup=False)

    console.answer({"palettes": record}, as_json=json, people=people)


@presets.command("show")
def show_preset(
    name: Annotated[
        str, typer.Argument(help="A product's, fabric's, palette's or scene's name.", autocompletion=complete.presets)
    ],
    json: Json = False,
) -> None:
    """Show every figure of a preset, with its source; of a scene its parts."""
    from patterns.atelier.shelf import shown
    from patterns.color.swatches.record import ink_record
    from patterns.fabric import Fabric
    from patterns.presets import provenance
    from patterns.product import Product
    from patterns.scene import Scene

    kind, value = shown(name)
    gamut = value.gamut() if isinstance(value, Fabric) else None
    record = {"kind": kind, **_plain(asdict(value))}
    if kind == "palette":
        record |= provenance("palettes", name) | {"inks": [ink_record(ink) for ink in getattr(value, "inks", ())]}
    if isinstance(value, Product):
        record |= {"px_per_mm": value.px_per_mm, "legal_repeats": value.legal}
    if isinstance(value, Scene):
        record |= {"kind": kind, "shows": value.kind}

    def people(c: "Console") -> None:
        for key, said in record.items():
            if key == "colors":
                c.print(f"{'gamut':<16} {gamut}")
            elif key not in ("inks", "parts"):
                c.print(f"{key:<16} {', '.join(map(str, said)) if isinstance(said, tuple | list) else said}")
        for ink in getattr(value, "inks", ()):
            c.print(_swatch(c, ink.hex).append(f" {ink.hex}  {ink.role:<7} {ink.name}"))
        for part in getattr(value, "parts", ()):
            c.print(f"{'part':<16} {part.name:<16} {part.title}", markup=False)

    console.answer(record, as_json=json, people=people)


def _shelf(folder: Path | None) -> Any:
    from patterns.library import Library, default_folder

    return Library(folder.expanduser() if folder else default_folder())


def _plain(record: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in record.items() if v not in ("", ())}


def _row(c: "Console", palette: Any, before: str, after: str) -> Any:
    """Return a line of text with a palette's swatches in it, where the terminal shows color."""
    from rich.text import Text

    swatches = Text.assemble(*(_swatch(c, ink.hex) for ink in palette.inks)) if palette else Text()
    return Text.assemble(before, swatches, after)


def _swatch(c: "Console", color: str) -> Any:
    from rich.text import Text

    return Text("██", style=color) if c.color_system and "utf" in c.encoding.lower() else Text(color + " ")
