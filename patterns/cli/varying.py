"""The commands that make designs of designs: vary, edit, blend."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from patterns.cli import complete, console
from patterns.cli.making import bench, design_record, model_from, say_design, settled_steps
from patterns.cli.options import Best, DesignId, Device, Dtype, Fast, Json, LibraryFolder, Memory, Seed, Steps

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.console import Console

    from patterns.atelier.bench import Bench
    from patterns.atelier.making import Made

Strength = Annotated[str, typer.Option(help="whisper, sibling, cousin, or a number above 0 and at most 1.")]
NewPrompt = Annotated[
    str | None, typer.Option("--prompt", help="Other words for what is drawn.", show_default="the design's own")
]

ChangeModel = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="loom, a model of `models list`, or a folder of weights for the Loom.",
        show_default="the one that drew the design",
        autocompletion=complete.models,
    ),
]


def vary(
    design: DesignId,
    strength: Strength = "sibling",
    prompt: NewPrompt = None,
    count: Annotated[int, typer.Option(min=1, max=64, help="So many, each with the next seed.")] = 1,
    seed: Seed = 0,
    steps: Steps = None,
    fast: Fast = False,
    best: Best = False,
    library: LibraryFolder = None,
    model: ChangeModel = None,
    device: Device = "auto",
    dtype: Dtype = "auto",
    memory: Memory = "auto",
    json: Json = False,
) -> None:
    """Draw a design again, from a whisper to a cousin: the same inks, repeat and symmetry."""
    from patterns.atelier import varying

    share, settled = varying.strength_from(strength), settled_steps(steps, fast=fast, best=best)
    name, weights = _model(model)

    def one(at: "Bench", k: int) -> "Made":
        wish = varying.Wish(share, seed=seed + k, prompt=prompt, steps=settled, model=name)
        return varying.vary(at.library.resolve(design), wish, at)

    _each(one, count, _bench(library, weights, device=device, dtype=dtype, memory=memory), json=json)


def edit(
    design: DesignId,
    mask: Annotated[
        Path | None,
        typer.Option(help="A picture of the tile's shape, white where it is drawn anew and black where it stays."),
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(help="Instead: a place from the tile's top left corner, 100mm,20cm; as often as you like."),
    ] = None,
    radius: Annotated[str | None, typer.Option(help="How far a place reaches: 40mm, or 40x25mm for an oval.")] = None,
    box: Annotated[str | None, typer.Option(help="Or the rectangle around it: 80x60mm.")] = None,
    prompt: NewPrompt = None,
    strength: Annotated[
        str, typer.Option(help="whisper, sibling, cousin, or a number above 0 and at most 1, which is anew.")
    ] = "1",
    join: Annotated[
        str | None,
        typer.Option(
            help="How far in from the mask's border old and new grow together: 5mm; 0 for a hard border.",
            show_default="by the mask's size, 8mm at most",
        ),
    ] = None,
    seed: Seed = 0,
    steps: Steps = None,
    fast: Fast = False,
    best: Best = False,
    library: LibraryFolder = None,
    model: ChangeModel = None,
    device: Device = "auto",
    dtype: Dtype = "auto",
    memory: Memory = "auto",
    json: Json = False,
) -> None:
    """Draw a part of a design anew, across the tile's edge too; all else stays to the last bit."""
    if (mask is None) == (not at):
        raise typer.BadParameter("say which part: with --mask, or with --at and --radius or --box")
    if mask and (radius or box):
        raise typer.BadParameter("--radius and --box belong to --at")
    from patterns.atelier import masking, varying

    share, settled = varying.strength_from(strength), settled_steps(steps, fast=fast, best=best)
    name, weights = _model(model)
    found = masking.spots(at or [], radius=radius, box=box) if at else ()

    def one(desk: "Bench", k: int) -> "Made":
        identity = desk.library.resolve(design)
        separation = desk.library.separation(identity)
        part = masking.painted(mask, separation) if mask else masking.marked(found, separation)
        wish = varying.Wish(share, seed=seed + k, prompt=prompt, steps=settled, model=name)
        return varying.edit(identity, part, wish, desk, join=join)

    _each(one, 1, _bench(library, weights, device=device, dtype=dtype, memory=memory), json=json)


def blend(
    design: DesignId,
    other: Annotated[
        str,
        typer.Argument(help="The design to blend with, on the same repeat.", autocompletion=complete.designs),
    ],
    amount: Annotated[
        float, typer.Option(min=0, max=1, help="The other's share, above 0 and at most 1.", metavar="SHARE")
    ] = 0.5,
    count: Annotated[int, typer.Option(min=1, max=64, help="So many, each with the next seed.")] = 1,
    seed: Seed = 0,
    steps: Steps = None,
    fast: Fast = False,
    best: Best = False,
    library: LibraryFolder = None,
    model: ChangeModel = None,
    device: Device = "auto",
    dtype: Dtype = "auto",
    memory: Memory = "auto",
    json: Json = False,
) -> None:
    """Draw a design between two that have the same repeat, in the first one's inks."""
    from patterns.atelier import varying

    share, settled = varying.strength_from(str(amount)), settled_steps(steps, fast=fast, best=best)
    name, weights = _model(model)

    def one(at: "Bench", k: int) -> "Made":
        wish = varying.Wish(share, seed=seed + k, steps=settled, model=name)
        return varying.blend(at.library.resolve(design), at.library.resolve(other), wish, at)

    _each(one, count, _bench(library, weights, device=device, dtype=dtype, memory=memory), json=json)


def _model(text: str | None) -> tuple[str | None, Path | None]:
    """Return (model, folder of the Loom's weights) that --model says; None for the design's own model."""
    return model_from(text) if text else (None, None)


def _bench(library: Path | None, weights: Path | None, *, device: str, dtype: str, memory: str) -> "Bench":
    return replace(bench(library, weights, None), device=device, dtype=dtype, memory=memory)


def _each(one: "Callable[[Bench, int], Made]", count: int, at: "Bench", *, json: bool) -> None:
    """Make so many designs and say them: one as other commands do, more as a list."""
    with console.progress() as show:
        at = replace(at, progress=show)
        made = [one(at, k) for k in range(count)]
    records = [design_record(each) | {"parent": each.design.parent} for each in made]
    record = records[0] if count == 1 else {"designs": records}

    def people(c: "Console") -> None:
        for each in made:
            say_design(c, each)

    console.answer(record, as_json=json, people=people)
    console.tell(dict.fromkeys(finding for each in made for finding in each.findings))
