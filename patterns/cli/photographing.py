"""The command that turns a photograph of one's own into a scene: `patterns mockup bake`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import console
from patterns.cli.options import Fabric, Json

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.atelier.photographing import Photographed

_TOLD = {
    "corners": "by the corners",
    "lengths": "by both lengths",
    "camera": "as the camera says",
    "assumed": "taken as a usual one",
}


def bake(
    photo: Annotated[Path, typer.Argument(help="A photograph: JPEG, PNG, TIFF or WebP, not cropped.")],
    corners: Annotated[
        str | None,
        typer.Option(
            help="Of a rectangle on a flat wall, in px: top left, top right, bottom right, bottom left.",
            metavar="'X,Y X,Y X,Y X,Y'",
        ),
    ] = None,
    width: Annotated[str | None, typer.Option(help="How wide the rectangle is: 2.4m.")] = None,
    height: Annotated[str | None, typer.Option(help="How high it is; one of the two serves.")] = None,
    mask: Annotated[
        Path | None,
        typer.Option(help="A picture, white where the design goes.", show_default="the rectangle"),
    ] = None,
    shading: Annotated[
        Path | None,
        typer.Option(help="A picture of the light on a white wall.", show_default="told from the wall's paint"),
    ] = None,
    uv: Annotated[
        Path | None,
        typer.Option(help="Instead of corners: an .npy (H, W, 2) of u, v in mm, or a 16-bit PNG, red u and green v."),
    ] = None,
    unit: Annotated[str | None, typer.Option(help="How long a step of the PNG's red and green is: 0.1mm.")] = None,
    name: Annotated[str | None, typer.Option(help="The scene's name.", show_default="the photograph's")] = None,
    title: Annotated[str | None, typer.Option(help="What the scene shows.")] = None,
    fabric: Fabric = None,
    longest: Annotated[int, typer.Option(min=256, max=6000, help="The longer side of a wall's scene in px.")] = 2000,
    out: Annotated[
        Path | None, typer.Option("--out", help="The folder for the two files.", show_default="here")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a scene of that name.")] = False,
    json: Json = False,
) -> None:
    """Turn your own photograph of a wall, or of a cloth whose places you know, into a scene for mockups."""
    from patterns.atelier import photographing

    asked = photographing.Asked(
        corners=corners,
        width_mm=_length(width),
        height_mm=_length(height),
        uv=uv.expanduser() if uv else None,
        unit_mm=_length(unit),
        mask=mask.expanduser() if mask else None,
        shading=shading.expanduser() if shading else None,
        name=name,
        title=title,
        fabric=fabric,
        longest_px=longest,
        force=force,
    )
    result = photographing.bake(photo.expanduser(), asked, (out or Path()).expanduser())
    console.answer(_record(result), as_json=json, people=lambda c: _say(c, result))
    console.tell(result.findings)


def _length(text: str | None) -> float | None:
    from patterns.units import parse_length

    return None if text is None else parse_length(text)


def _record(result: "Photographed") -> dict[str, Any]:
    wall = result.wall
    return {
        "scene": result.scene.name,
        "files": [str(path) for path in result.files],
        "width_px": result.size_px[0],
        "height_px": result.size_px[1],
        "photograph_px": list(result.given_px),
        "visible_mm": [round(side, 1) for side in result.extent_mm],
        "rectangle_mm": [round(wall.width, 1), round(wall.height, 1)] if wall else None,
        "uncertainty": wall.error if wall else None,
        "focal_px": wall.focal_px if wall else None,
        "focal_film_mm": wall.focal_film_mm if wall else None,
        "focal_told_by": wall.told if wall else None,
        "fov_degrees": wall.fov if wall else None,
        "findings": [console.finding_record(f) for f in result.findings],
    }


def _say(c: "Console", result: "Photographed") -> None:
    from patterns.units import format_mm

    size = f"{result.size_px[0]} x {result.size_px[1]} px"
    given = f", from {result.given_px[0]} x {result.given_px[1]}" if result.given_px != result.size_px else ""
    c.print(f"scene       {result.scene.name}, {size}{given}")
    if (wall := result.wall) is not None:
        sure = f", sure to {wall.error:.1%}" if wall.error else ""
        c.print(f"rectangle   {format_mm(wall.width)} x {format_mm(wall.height)}{sure}")
        c.print(f"camera      {wall.focal_film_mm:.0f} mm on film, {wall.focal_px:.0f} px, {_TOLD[wall.told]}")
    across, down = result.extent_mm
    c.print(f"to be seen  {format_mm(across)} x {format_mm(down)} of the {result.scene.parts[0].name}")
    for path in result.files:
        c.print(f"written     {path}")
    c.print(f"next        patterns mockup ID --scene {result.files[0]}")
