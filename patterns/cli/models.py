"""The commands about models: those on the shelf, those to be fetched, and what the built-in one understands."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import complete, console
from patterns.cli.options import Json

if TYPE_CHECKING:
    from rich.console import Console

    from patterns.diffusion.adding import Asked, Terms

models = typer.Typer(
    help="Models: fetch or add those of others, see what each guarantees and under which license.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

_KINDS = ("layout", "density", "hand", "direction", "scale", "variety", "outlined", "symmetry", "part", "quality")
_SELLING = {"yes": "may be sold", "conditions": "under conditions", "no": "ask first", "unknown": "nobody says"}

Shelf = Annotated[
    Path | None,
    typer.Option("--shelf", help="The folder of models.", envvar="PATTERNS_MODELS", show_default="beside the library"),
]
Model = Annotated[str, typer.Argument(help="A model's name.", autocompletion=complete.models)]
Name = Annotated[str, typer.Option(help="What it is called on the shelf.", show_default="after what is added")]
Base = Annotated[
    str,
    typer.Option(
        help="What a LoRA or a single file stands on: a model on the shelf; for a file also a folder or an id.",
        autocompletion=complete.models,
    ),
]
Scale = Annotated[float | None, typer.Option(help="How strongly a LoRA works.", show_default="1")]
Like = Annotated[
    str, typer.Option(help="The known model whose license and figures it has.", autocompletion=complete.models)
]
License = Annotated[str, typer.Option(help="Its license, if you know it and the files do not say.")]
Variant = Annotated[str, typer.Option(help="Which weights, where there are several: fp16.")]
Revision = Annotated[str, typer.Option(help="A branch, tag or commit on the hub.")]
Yes = Annotated[bool, typer.Option("--yes", help="Take it on the terms of its license.")]


@models.callback()
def _models() -> None:
    """Models: fetch or add those of others, see what each guarantees and under which license."""


@models.command("list")
def list_models(shelf: Shelf = None, json: Json = False) -> None:
    """List the Loom, the models on the shelf, and the well-known ones that can be fetched."""
    from dataclasses import asdict

    from patterns.atelier import modeling

    entries, damaged = modeling.listed(modeling.shelf(shelf))

    def people(c: "Console") -> None:
        heads = f"{'px':>7} {'steps':>9} {'memory':>7}  {'pictures':<16}"
        for here, title in ((True, "here"), (False, "can be fetched: patterns models pull NAME")):
            c.print(title, style="bold")
            c.print(f"  {'':<20} {heads}", style="dim")
            for entry in (entry for entry in entries if entry.here is here):
                px = entry.native_px or ""
                memory = f"{entry.memory_gb:g} GB" if entry.memory_gb else ""
                figures = f"{px:>7} {entry.steps:>9} {memory:>7}  {_SELLING[entry.commercial]:<16}"
                c.print(f"  {entry.name:<20} {figures} {entry.title}", markup=False)

    record = {"models": [asdict(e) for e in entries], "findings": [console.finding_record(f) for f in damaged]}
    console.answer(record, as_json=json, people=people)
    console.tell(damaged)


@models.command("show")
def show_model(model: Model, shelf: Shelf = None, json: Json = False) -> None:
    """Show a model: its license, figures and files, how it is put on the lattice, and what that guarantees."""
    from patterns.atelier import modeling

    record = modeling.shown(model, modeling.shelf(shelf))

    def people(c: "Console") -> None:
        for key, said in record.items():
            if said in (None, "", (), {}, 0) or key in ("heuristic", "here") or (key == "scale" and said == 1):
                continue
            if key == "guarantee" and isinstance(said, dict):
                said = said["says"]
            elif key == "bytes":
                said = _bytes(said)
            c.print(f"{key:<18} {said}", markup=False)
        if record.get("heuristic"):
            c.print("                   figures are estimates")

    console.answer(record, as_json=json, people=people)


@models.command("pull")
def pull(
    source: Annotated[
        str, typer.Argument(help="A known model, or a hub's id: maker/model.", autocompletion=complete.models)
    ],
    name: Name = "",
    base: Base = "",
    scale: Scale = None,
    like: Like = "",
    license: License = "",
    variant: Variant = "",
    revision: Revision = "",
    yes: Yes = False,
    shelf: Shelf = None,
    json: Json = False,
) -> None:
    """Fetch a model from the hub onto the shelf. Its license is shown first."""
    from patterns.diffusion.adding import Asked

    asked = Asked(source, name, base, scale, like, license, variant, revision)
    _put("pull", asked, shelf, yes=yes, json=json)


@models.command("add")
def add(
    source: Annotated[
        Path, typer.Argument(help="A diffusers folder, a .safetensors file (a LoRA too), or a hub's id.")
    ],
    name: Name = "",
    base: Base = "",
    scale: Scale = None,
    like: Like = "",
    license: License = "",
    variant: Variant = "",
    yes: Yes = False,
    shelf: Shelf = None,
    json: Json = False,
) -> None:
    """Put a model of this machine on the shelf, where it lies. Its license is shown first."""
    from patterns.diffusion.adding import Asked

    _put("add", Asked(str(source), name, base, scale, like, license, variant), shelf, yes=yes, json=json)


@models.command("verify")
def verify(
    model: Annotated[
        str | None, typer.Argument(help="A model's name; all if none is named.", autocompletion=complete.models)
    ] = None,
    shelf: Shelf = None,
    json: Json = False,
) -> None:
    """Read every file of a model, or of all, and compare it with its digest; ends with 5 if one was altered."""
    from patterns.atelier import modeling

    on = modeling.shelf(shelf)
    with console.progress() as told:
        counts = {
            name: modeling.verify(name, on, told) for name in ([model] if model else [modeling.LOOM, *on.names()])
        }

    def people(c: "Console") -> None:
        for name, count in counts.items():
            c.print(f"{name}: {_files(count)} as they were put on the shelf", markup=False)

    console.answer({"verified": counts}, as_json=json, people=people)


@models.command("rm")
def remove(model: Model, shelf: Shelf = None, json: Json = False) -> None:
    """Remove a model from the shelf, with what was fetched for it; files that lie elsewhere stay."""
    from patterns.atelier import modeling

    freed = modeling.remove(model, modeling.shelf(shelf))
    record = {"removed": model, "bytes": freed}
    console.answer(record, as_json=json, people=lambda c: c.print(f"removed {model}, {_bytes(freed)}", markup=False))


def _put(how: str, asked: "Asked", shelf: Path | None, *, yes: bool, json: bool) -> None:
    from patterns.atelier import modeling

    on = modeling.shelf(shelf)
    with console.progress() as told:
        record = getattr(modeling, how)(asked, on, yes=yes, show=_say_terms, told=told)

    def people(c: "Console") -> None:
        c.print(f"{record.name} is on the shelf: {record.kind}, {_files(len(record.files))}, {_bytes(record.size)}")
        c.print(f"digest {record.digest}; draw with it by --model {record.name}", markup=False)

    console.answer(modeling.record_json(record, on), as_json=json, people=people)


def _say_terms(terms: "Terms") -> None:
    """Print what a user should know before a model is taken, on stderr."""
    from rich.console import Console

    c = Console(stderr=True, highlight=False, soft_wrap=True)
    size = f", {_bytes(terms.bytes)} to fetch" if terms.bytes else ""
    source = f" ({terms.source})" if terms.source != terms.title else ""
    c.print(f"{terms.title}{source}{size}", markup=False)
    c.print(f"license: {terms.license}. {terms.says}", markup=False)


def _bytes(count: int) -> str:
    scale, unit = next(row for row in ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"), (0, "B")) if count >= row[0])
    return f"{count / scale:.1f} {unit}" if scale else f"{count} B"


def _files(count: int) -> str:
    return f"{count} {'file' if count == 1 else 'files'}"


@models.command("vocabulary")
def vocabulary(
    word: Annotated[str | None, typer.Argument(help="Say only what this word or phrase is taken for.")] = None,
    json: Json = False,
) -> None:
    """List the words that a prompt is read by, or say what one of them is taken for."""
    if word is None:
        _all(as_json=json)
    else:
        _one(word, as_json=json)


def _all(*, as_json: bool) -> None:
    from patterns.reading.lexicon import lexicon

    known = lexicon()
    names = known.phrases["thing"]
    record: dict[str, Any] = {
        "words": len(known.words()),
        "phrases": len(known.senses),
        "families": {name: list(names[name]) for name, thing in known.things.items() if thing.family},
        "looks": {name: f"{family}, {look}" for name, (family, look) in known.looks.items()},
        "near": {name: list(thing.near) for name, thing in known.things.items() if not thing.family},
        **{kind: {value: list(said) for value, said in known.phrases[kind].items()} for kind in _KINDS},
    }

    def people(c: "Console") -> None:
        c.print(f"{record['words']} words and inflections in {record['phrases']} phrases")
        for title in ("families", *_KINDS):
            c.print(f"\n[bold]{title}[/bold]")
            for name, said in record[title].items():
                c.print(f"  {name}: {', '.join(said)}", markup=False)
        c.print("\n[bold]looks[/bold] (a family's own way of being drawn)")
        for name, look in record["looks"].items():
            c.print(f"  {name}: {look}", markup=False)
        c.print("\n[bold]near[/bold] (no family draws it: the first of these that was taught is drawn)")
        for name, near in record["near"].items():
            c.print(f"  {name}: {', '.join(near)}", markup=False)

    console.answer(record, as_json=as_json, people=people)


def _one(word: str, *, as_json: bool) -> None:
    from patterns.reading import read
    from patterns.reading.lexicon import lexicon

    known = lexicon()
    phrase = " ".join(known.tokens(word))
    senses = known.senses.get(phrase, {})
    thing = senses.get("thing", "")
    near = known.things[thing].near if thing else ()
    look = ", ".join(known.looks.get(thing, ()))
    nearest = () if senses else known.nearest(phrase)
    record = {
        "phrase": phrase,
        "known": bool(senses),
        "senses": dict(senses),
        "look": look,
        "near": list(near),
        "nearest": list(nearest),
        "terms": list(read(word).terms()),
    }

    def people(c: "Console") -> None:
        if not senses:
            c.print(
                f"{phrase!r} is not understood{'; nearest: ' + ', '.join(nearest) if nearest else ''}", markup=False
            )
        for kind, value in senses.items():
            c.print(f"{phrase}: {kind} {value}" if kind != "idle" else f"{phrase}: carries nothing", markup=False)
        if look:
            c.print(f"drawn as: {look}", markup=False)
        elif near:
            c.print(f"nearest in meaning: {', '.join(near)}", markup=False)

    console.answer(record, as_json=as_json, people=people)
