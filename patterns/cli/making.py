"""The commands that make designs and files."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import console
from patterns.cli.options import (
    Best,
    Density,
    DesignId,
    Detail,
    Device,
    Direction,
    Dtype,
    Fabric,
    Fast,
    Guidance,
    Hand,
    Inks,
    Json,
    Layout,
    LibraryFolder,
    Memory,
    Metadata,
    Model,
    ModelName,
    Negative,
    Out,
    Over,
    Palette,
    Product,
    Profile,
    Proof,
    Reference,
    ReferenceWeight,
    Repeat,
    Scale,
    Seed,
    Size,
    Sketch,
    SketchWeight,
    Steps,
    Symmetry,
    Variety,
)
from patterns.loom import BEST_STEPS, FAST_STEPS

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.atelier.bench import Bench, Progress
    from patterns.atelier.delivery import Package
    from patterns.atelier.guiding import Given
    from patterns.atelier.making import Made
    from patterns.atelier.mocking import Shown
    from patterns.design import Brief
    from patterns.errors import Finding

Prompt = Annotated[str, typer.Argument(help="What to draw, and in which colors: 'indigo peonies on cream'.")]


def make(
    prompt: Prompt,
    product: Product,
    repeat: Repeat = "straight",
    size: Size = None,
    inks: Inks = None,
    palette: Palette = None,
    symmetry: Symmetry = "p1",
    scale: Scale = None,
    density: Density = "",
    layout: Layout = "",
    direction: Direction = "",
    variety: Variety = "",
    hand: Hand = "",
    detail: Detail = None,
    over: Over = None,
    reference: Reference = None,
    reference_weight: ReferenceWeight = None,
    sketch: Sketch = None,
    sketch_weight: SketchWeight = None,
    seed: Seed = 0,
    steps: Steps = None,
    fast: Fast = False,
    best: Best = False,
    metadata: Metadata = "full",
    mockup: Annotated[
        bool, typer.Option("--mockup/--no-mockup", help="Also show the design on the product, as a picture.")
    ] = True,
    out: Out = None,
    library: LibraryFolder = None,
    model: ModelName = None,
    guidance: Guidance = None,
    negative: Negative = "",
    device: Device = "auto",
    dtype: Dtype = "auto",
    memory: Memory = "auto",
    json: Json = False,
) -> None:
    """From a sentence to a print package: draws a design, keeps it in the library, writes the files to print."""
    guides = _guides(reference, sketch, (reference_weight, sketch_weight))
    name, weights = model_from(model)
    brief = _brief(
        prompt, product=product, repeat=repeat, size=size, inks=inks, palette=palette, symmetry=symmetry, scale=scale,
        density=density, layout=layout, direction=direction, variety=variety, hand=hand, detail=detail,
        seed=seed, steps=settled_steps(steps, fast=fast, best=best), **guides.fields,
        change="over" if over else "", base=over or "", model=name, guidance=guidance, negative=negative,
    )  # fmt: skip
    from patterns.atelier.delivery import make as made_by

    folder = out or Path("out") / f"{slug(prompt)}-{seed}"
    with console.progress() as show:
        at = replace(bench(library, weights, show), device=device, dtype=dtype, memory=memory)
        made, package = made_by(brief, folder, at, metadata=metadata, pictures=guides.pictures)  # pyright: ignore[reportArgumentType]

        shown, told = _mockup(made, package, folder, at, metadata) if mockup else ((), ())

    def people(c: "Console") -> None:
        say_design(c, made)
        say_package(c, package)
        say_shown(c, shown)

    console.answer(
        {**design_record(made), **package_record(package), "mockups": [shown_record(one) for one in shown]},
        as_json=json,
        people=people,
    )
    console.tell((*made.findings, *package.findings, *told))


def _mockup(
    made: "Made", package: "Package", folder: Path, at: "Bench", metadata: str
) -> "tuple[tuple[Shown, ...], tuple[Finding, ...]]":
    """Write a picture of the design on its product into the package's folder, if a scene shows that product."""
    from patterns.atelier.mocking import Asked, mock

    if not package.product.scene:
        return (), ()
    asked = Asked(product=package.product.name, metadata=metadata)  # pyright: ignore[reportArgumentType]
    return mock(made.design.id, (package.product.scene,), asked, folder, at, prefix="mockup-")


def design(
    prompt: Prompt,
    repeat: Repeat = "straight",
    size: Size = None,
    inks: Inks = None,
    palette: Palette = None,
    symmetry: Symmetry = "p1",
    scale: Scale = None,
    density: Density = "",
    layout: Layout = "",
    direction: Direction = "",
    variety: Variety = "",
    hand: Hand = "",
    detail: Detail = None,
    over: Over = None,
    reference: Reference = None,
    reference_weight: ReferenceWeight = None,
    sketch: Sketch = None,
    sketch_weight: SketchWeight = None,
    seed: Seed = 0,
    steps: Steps = None,
    fast: Fast = False,
    best: Best = False,
    library: LibraryFolder = None,
    model: ModelName = None,
    guidance: Guidance = None,
    negative: Negative = "",
    device: Device = "auto",
    dtype: Dtype = "auto",
    memory: Memory = "auto",
    json: Json = False,
) -> None:
    """Draw a design into the library, without files to print."""
    guides = _guides(reference, sketch, (reference_weight, sketch_weight))
    name, weights = model_from(model)
    brief = _brief(
        prompt, product="", repeat=repeat, size=size, inks=inks, palette=palette, symmetry=symmetry, scale=scale,
        density=density, layout=layout, direction=direction, variety=variety, hand=hand, detail=detail,
        seed=seed, steps=settled_steps(steps, fast=fast, best=best), **guides.fields,
        change="over" if over else "", base=over or "", model=name, guidance=guidance, negative=negative,
    )  # fmt: skip
    from patterns.atelier.making import design as designed

    with console.progress() as show:
        at = replace(bench(library, weights, show), device=device, dtype=dtype, memory=memory)
        made = designed(brief, at, pictures=guides.pictures)
    console.answer(design_record(made), as_json=json, people=lambda c: say_design(c, made))
    console.tell(made.findings)


def recolor(
    design: DesignId,
    palette: Palette = None,
    fabric: Fabric = None,
    profile: Profile = None,
    apart: Annotated[
        float | None,
        typer.Option(help="CIEDE2000 that touching inks stay apart by.", show_default="as the fabric asks"),
    ] = None,
    proof: Proof = None,
    library: LibraryFolder = None,
    json: Json = False,
) -> None:
    """Make a colorway: the same drawing in another palette, or in the colors that a fabric can hold."""
    at = bench(library, None, None)
    if fabric is None:
        if palette is None:
            raise typer.BadParameter("say in which colors, with --palette, or for which cloth, with --fabric")
        if profile or proof or apart is not None:
            raise typer.BadParameter("--profile, --proof and --apart belong to --fabric; name one")
        from patterns.atelier.making import recolor as recolored

        made = recolored(at.library.resolve(design), palette, at)
        console.answer(design_record(made), as_json=json, people=lambda c: say_design(c, made))
        console.tell(made.findings)
        return
    from patterns.atelier.fitting import fabric_of, recolor_for
    from patterns.atelier.proofing import write_proof
    from patterns.cli.fitting import fabric_record, say_inks

    fitted = recolor_for(
        at.library.resolve(design), fabric_of(fabric, profile), at, palette=palette, apart=apart
    )  # fmt: skip
    if proof:
        write_proof(fitted.made.separation, fitted.asked, fitted.printable, fitted.fabric, proof)

    def people(c: "Console") -> None:
        say_design(c, fitted.made)
        say_inks(c, fitted.printable, fitted.fabric)

    record = design_record(fitted.made) | fabric_record(fitted.printable, fitted.fabric)
    console.answer(record | ({"proof": str(proof)} if proof else {}), as_json=json, people=people)
    console.tell(fitted.made.findings)


def replay(
    file: Annotated[Path, typer.Argument(help="A PNG, TIFF, JPEG or PDF that patterns made, or a design.json.")],
    product: Annotated[str | None, typer.Option("--for", help="Write the print package too.")] = None,
    out: Out = None,
    compare: Annotated[bool, typer.Option(help="Also weave afresh, and say what would differ.")] = True,
    library: LibraryFolder = None,
    model: Model = None,
    device: Device = "auto",
    dtype: Dtype = "auto",
    memory: Memory = "auto",
    json: Json = False,
) -> None:
    """Make a design again from a file that carries its record."""
    from patterns.atelier.delivery import export as exported
    from patterns.atelier.replaying import replay as replayed

    with console.progress() as show:
        at = replace(bench(library, model, show), device=device, dtype=dtype, memory=memory)
        again = replayed(file, at, out=out, compare=compare)
        target = (product or "", out or Path("out") / f"replay-{again.made.design.id}")
        package = exported(again.made.design, again.made.separation, target, at) if product else None
    record = {"source": again.source, "differing": again.differing, "tile": str(again.tile)}
    record |= design_record(again.made) | (package_record(package) if package else {})

    def people(c: "Console") -> None:
        say_design(c, again.made)
        c.print(f"ink planes  {_ORIGINS[again.source]}")
        if again.differing is not None:
            c.print(f"afresh      {again.differing:.2%} of the pixels are inked otherwise")
        c.print(f"tile        {again.tile}")
        if package:
            say_package(c, package)

    console.answer(record, as_json=json, people=people)
    console.tell((*again.findings, *(package.findings if package else ())))


_ORIGINS = {
    "file": "from the file: the same bytes",
    "library": "from the library: the same bytes",
    "woven afresh": "woven afresh from the record",
}


def bench(library: Path | None, model: Path | None, progress: "Progress | None") -> "Bench":
    """Return the atelier's bench for a command's options."""
    from patterns.atelier.bench import Bench, default_weights, silent
    from patterns.library import Library, default_folder

    shelf = Library(library.expanduser() if library else default_folder())
    return Bench(shelf, model.expanduser() if model else default_weights(), progress or silent)


def _guides(reference: Path | None, sketch: Path | None, weights: tuple[float | None, float | None]) -> "Given":
    """Return what the pictures that guide a drawing say in its brief, and the pictures."""
    from patterns.atelier.guiding import given

    return given(reference, sketch, weights=weights)


def model_from(text: str | None) -> tuple[str, Path | None]:
    """Return (model, folder of the Loom's weights) that --model says: a model of the shelf goes before a folder."""
    from patterns.diffusion.shelf import Shelf, default_folder

    if text in (None, "loom"):
        return "loom", None
    path = Path(text).expanduser()
    if text not in Shelf(default_folder()).names() and (path.exists() or len(path.parts) > 1):
        return "loom", path
    return text, None


def _brief(prompt: str, *, size: str | None, scale: str | None, **said: Any) -> "Brief":
    from patterns.design import Brief
    from patterns.units import parse_length, parse_size

    width, height = parse_size(size) if size else (None, None)
    # A single length leaves the height to the repeat: a hexagonal tile is not square.
    if size and not re.search("[x×]", size, re.IGNORECASE):
        height = None
    return Brief(prompt, width_mm=width, height_mm=height, scale=parse_length(scale) if scale else None, **said)


def settled_steps(steps: int | None, *, fast: bool, best: bool) -> int | None:
    """Return the number of steps asked for, None for the usual."""
    if sum((steps is not None, fast, best)) > 1:
        raise typer.BadParameter("--steps, --fast and --best say the same thing; give one")
    return FAST_STEPS if fast else BEST_STEPS if best else steps


def slug(prompt: str) -> str:
    """Return a prompt's first words as a folder's name."""
    words = re.findall(r"[a-z0-9]+", prompt.lower())
    return "-".join(words[:6])[:48] or "design"


def design_record(made: "Made") -> dict[str, Any]:
    """Return a design as ``--json`` says it."""
    return {
        "id": made.design.id,
        "folder": str(made.folder),
        "tile": str(made.folder / "tile.png"),
        "design": made.design.to_json(),
        "findings": [console.finding_record(f) for f in made.findings],
    }


def package_record(package: "Package") -> dict[str, Any]:
    """Return a print package as ``--json`` says it."""
    names = ("kind", "note", "width_mm", "height_mm", "width_px", "height_px")
    return {
        "product": package.product.name,
        "match": str(package.fit.match) if package.fit.match else None,
        "files": [{"path": str(f.path), **{n: getattr(f, n) for n in names}} for f in package.files],
        "package_findings": [console.finding_record(f) for f in package.findings],
    }


def say_design(c: "Console", made: "Made") -> None:
    """Print a design for people: the tile, its identity, its repeat and its inks."""
    from rich.text import Text

    from patterns.units import format_mm

    console.show_tile(c, made.pixels())
    lattice, record = made.design.lattice, made.design
    c.print(Text.assemble(("design", "bold"), f"      {record.id}, seed {record.seed}"))
    c.print(f"repeat      {lattice.repeat}, tile {format_mm(lattice.width)} x {format_mm(lattice.height)}")
    for ink, share in zip(record.palette.inks, made.separation.coverage(), strict=True):
        swatch = Text("██" if c.color_system and "utf" in c.encoding.lower() else "  ", style=ink.hex)
        c.print(Text.assemble("ink         ", swatch, f" {ink.hex}  {share:5.1%}  {ink.role:<7} {ink.name}"))
    c.print(f"kept in     {made.folder}")


def say_package(c: "Console", package: "Package") -> None:
    """Print a package for people: each file with its physical size."""
    from rich.text import Text

    from patterns.units import format_mm

    c.print()
    c.print(Text.assemble(("package", "bold"), f"     for {package.product.title}"))
    if package.fit.match:
        c.print(f"match       {package.fit.match}")
    widest = max(len(str(f.path)) for f in package.files)
    for file in package.files:
        size = f"{format_mm(file.width_mm)} x {format_mm(file.height_mm)}" if file.width_mm and file.height_mm else ""
        pixels = f"{file.width_px} x {file.height_px} px" if file.width_px else ""
        c.print(f"  {file.path!s:<{widest}}  {size:<20}  {pixels}".rstrip())


def shown_record(one: "Shown") -> dict[str, Any]:
    """Return a mockup as ``--json`` says it."""
    return {"path": str(one.path), "scene": one.scene, "width_px": one.width_px, "height_px": one.height_px}


def say_shown(c: "Console", shown: "tuple[Shown, ...]") -> None:
    """Print the mockups for people."""
    for one in shown:
        c.print(f"mockup      {one.path}  {one.width_px} x {one.height_px} px", markup=False)
