"""The commands about models: what the built-in one understands."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from patterns.cli import console
from patterns.cli.options import Json

if TYPE_CHECKING:
    from rich.console import Console

models = typer.Typer(help="Models: what they understand.", no_args_is_help=True, rich_markup_mode="rich")

_KINDS = ("layout", "density", "hand", "direction", "scale", "variety", "outlined", "symmetry", "part", "quality")


@models.callback()
def _models() -> None:
    """Models: what they understand."""


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
        "near": {name: list(thing.near) for name, thing in known.things.items() if not thing.family},
        **{kind: {value: list(said) for value, said in known.phrases[kind].items()} for kind in _KINDS},
    }

    def people(c: "Console") -> None:
        c.print(f"{record['words']} words and inflections in {record['phrases']} phrases")
        for title in ("families", *_KINDS):
            c.print(f"\n[bold]{title}[/bold]")
            for name, said in record[title].items():
                c.print(f"  {name}: {', '.join(said)}", markup=False)
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
    near = known.things[senses["thing"]].near if "thing" in senses else ()
    nearest = () if senses else known.nearest(phrase)
    record = {
        "phrase": phrase,
        "known": bool(senses),
        "senses": dict(senses),
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
        if near:
            c.print(f"nearest in meaning: {', '.join(near)}", markup=False)

    console.answer(record, as_json=as_json, people=people)
