"""The command that shows a design on cloth and paper, at true scale: `patterns mockup`."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from patterns.cli import complete, console
from patterns.cli.making import bench, say_shown, shown_record
from patterns.cli.options import DesignId, Json, LibraryFolder, Metadata, Out

if TYPE_CHECKING:
    from patterns.atelier.mocking import Lay

_ALL, _LISTING = "all", "listing"


class _DressedByDefault(TyperGroup):
    """A group whose first word is a design unless it names a command: `mockup ID` dresses, `mockup bake` bakes."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or args[0] not in self.commands:
            args = ["dress", *args]
        return super().parse_args(ctx, args)


mockup = typer.Typer(cls=_DressedByDefault, help="Show a design on cloth and paper, at true scale.")


@mockup.command("dress", epilog="`patterns mockup bake PHOTO` makes a scene of a photograph of yours.")
def dress(
    design: DesignId,
    scene: Annotated[
        list[str] | None,
        typer.Option(
            help="Where: a scene of `presets list scenes`, a .toml file of yours, all (one sheet), or listing (square "
            "pictures on white). May be given again.",
            autocompletion=complete.scenes,
            show_default="its product's, or cushion",
        ),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(
            help="What one part wears and how it lies: 'cushion2=ID', 'seat=ID:scale=0.5:turn=90:offset=30x0mm', or "
            "'seat=:turn=90'. May be given again.",
            metavar="PART=DESIGN",
        ),
    ] = None,
    colorways: Annotated[
        bool, typer.Option("--colorways", help="One sheet, a row for the design and for each of its colorways.")
    ] = False,
    animate: Annotated[
        bool, typer.Option("--animate", help="A short film, as WebP, of a scene that turns or sways.")
    ] = False,
    fabric: Annotated[
        str,
        typer.Option(
            help="On which cloth: its weave, sheen and pile.",
            autocompletion=complete.fabrics,
            show_default="the scene's",
        ),
    ] = "",
    product: Annotated[
        str,
        typer.Option(
            "--for",
            help="Paper walls with the strips of this product.",
            autocompletion=complete.products,
            show_default="as the design was made",
        ),
    ] = "",
    scale: Annotated[float, typer.Option(help="Show the design so many times as large.", metavar="TIMES")] = 1.0,
    turn: Annotated[float, typer.Option(help="Turn the design clockwise on every part.", metavar="DEGREES")] = 0.0,
    offset: Annotated[
        str | None, typer.Option(help="Move the design right and down on every part: 30x0mm.", show_default="0x0mm")
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Quicker and rougher.")] = False,
    format: Annotated[str, typer.Option(help="The files' format: jpg or png.")] = "jpg",
    metadata: Metadata = "full",
    out: Out = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Show a design on cushions, curtains, chairs and walls: at true scale, in real light."""
    from patterns.atelier import mock_sheets, mocking

    lay = mocking.Lay(scale, turn, _offset(offset))
    parts = dict(_part(text, lay) for text in part or ())
    asked = mocking.Asked(parts, lay, fabric, product, preview, format, metadata)  # pyright: ignore[reportArgumentType]
    if animate and (colorways or len(scene or ()) != 1 or (scene or [""])[0] in (_ALL, _LISTING)):
        raise typer.BadParameter("--animate takes one scene, without --colorways")
    with console.progress() as show:
        at = bench(library, None, show)
        identity = at.library.resolve(design)
        names = scene or [mocking.usual_scene(identity, at)]
        folder = out or Path("out") / f"{identity}-mockups"
        if animate:
            shown, found = mock_sheets.film(identity, names[0], asked, folder, at)
        elif colorways:
            shown, found = mock_sheets.colorway_rows(identity, _every(names), asked, folder, at)
        elif _ALL in names:
            shown, found = mock_sheets.contact(identity, _every(names), asked, folder, at)
        elif names == [_LISTING]:
            shown, found = mock_sheets.listing(identity, asked, folder, at)
        else:
            shown, found = mocking.mock(identity, _every(names), asked, folder, at)
    record = {"files": [shown_record(one) for one in shown], "findings": [console.finding_record(f) for f in found]}
    console.answer(record, as_json=json, people=lambda c: say_shown(c, shown))
    console.tell(found)


def _every(names: list[str]) -> list[str]:
    """Return the scenes that some words name, each once; "all" are those that are not a listing's."""
    from patterns.atelier.mock_sheets import scenes_of

    meant = {_ALL: ("product", "room", "wall"), _LISTING: ("listing",)}
    return list(dict.fromkeys(one for name in names for one in (scenes_of(meant[name]) if name in meant else [name])))


def _part(text: str, lay: "Lay") -> tuple[str, tuple[str, "Lay"]]:
    """Return (part, (design, how it lies)) of "seat=ID:scale=0.5:turn=90:offset=30x0mm"."""
    from patterns.atelier.mocking import Lay

    name, equals, rest = text.partition("=")
    design, *said = rest.split(":")
    values = {"scale": lay.scale, "turn": lay.degrees, "offset": lay.offset}
    try:
        for one in said:
            key, _, value = one.partition("=")
            values[key] = _offset(value) if key == "offset" else float(value)
        scale, degrees, offset = (values.pop(key) for key in ("scale", "turn", "offset"))
        if not (name and equals) or values:
            raise ValueError
    except ValueError:
        raise typer.BadParameter(
            f"{text!r} says nothing of a part; write PART=DESIGN, or PART=DESIGN:scale=0.5:turn=90:offset=30x0mm"
        ) from None
    return name.strip(), (design.strip(), Lay(scale, degrees, offset))  # pyright: ignore[reportArgumentType]


def _offset(text: str | None) -> tuple[float, float]:
    """Return (right, down) in mm of "30x-5mm", which may be negative or nothing."""
    from patterns.errors import InputError
    from patterns.units import parse_length

    if not text:
        return 0.0, 0.0
    found = re.fullmatch(r"\s*(-?)([0-9.]+)\s*([a-z\"]*)\s*[x×]\s*(-?)([0-9.]+)\s*([a-z\"]+)\s*", text, re.IGNORECASE)
    if found is None:
        raise InputError(f"{text!r} is no offset; write for example 30x0mm or -1.5x4cm, to the right and down.")
    sides = []
    for sign, number, unit in ((found[1], found[2], found[3] or found[6]), (found[4], found[5], found[6])):
        length = 0.0 if re.fullmatch(r"[0.]+", number) else parse_length(number + unit)
        sides.append(-length if sign else length)
    return sides[0], sides[1]
