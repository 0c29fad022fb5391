"""The table of commands."""

from typing import Annotated

import typer

from patterns.cli import (
    checking,
    coloring,
    exporting,
    joining,
    making,
    mocking,
    models,
    palettes,
    photographing,
    separating,
    shelves,
    techpack,
    tracing,
    training,
    varying,
)

app = typer.Typer(
    name="patterns",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        from patterns import __version__

        typer.echo(f"patterns {__version__}")
        raise typer.Exit


@app.callback()
def patterns(
    version: Annotated[
        bool, typer.Option("--version", help="Say the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """AI design for textiles that can be printed: a sentence becomes a seamless repeat in inks, and a print package."""


for command in (making.make, making.design, making.recolor, exporting.export, checking.check, making.replay):
    app.command()(command)
for command in (varying.vary, varying.edit, varying.blend):
    app.command()(command)
app.command()(coloring.colorways)
app.command()(separating.separate)
app.command()(joining.seamless)
app.command()(tracing.trace)
app.command()(techpack.techpack)
mocking.mockup.command("bake")(photographing.bake)
app.add_typer(mocking.mockup, name="mockup")
app.add_typer(shelves.library, name="library")
app.add_typer(shelves.presets, name="presets")
app.add_typer(palettes.palette, name="palette")
app.add_typer(models.models, name="models")
app.command()(training.train)
app.command()(checking.doctor)
