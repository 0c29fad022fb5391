"""The command that trains the Loom."""

import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from patterns.cli import console
from patterns.cli.options import Json

if TYPE_CHECKING:
    from rich.console import Console


def train(
    out: Annotated[Path, typer.Option("--out", help="The run's folder; one with a state is resumed.")] = Path(
        "runs/loom"
    ),
    minutes: Annotated[float, typer.Option(help="How long this sitting lasts.")] = 120.0,
    device: Annotated[str, typer.Option(help="cpu, cuda or cuda:1.")] = "cpu",
    workers: Annotated[int, typer.Option(help="Processes that draw the corpus.")] = 1,
    processes: Annotated[int, typer.Option(help="On a CPU: so many train side by side; one a core is fastest.")] = 1,
    rate: Annotated[float, typer.Option(help="AdamW's peak learning rate.")] = 6e-4,
    decay: Annotated[float, typer.Option(help="The last share of the sitting, over which the rate falls.")] = 0.4,
    seed: Annotated[int, typer.Option(help="Of the network's first weights and of the drawings.")] = 1,
    start: Annotated[Path | None, typer.Option("--from", help="A folder of weights to begin a new run with.")] = None,
    json: Json = False,
) -> None:
    """Train the Loom on the drawn corpus; Ctrl-C keeps what was learned, the same command goes on."""
    from patterns.atelier.teaching import Sitting
    from patterns.atelier.teaching import train as trained

    # A machine that shuts down, or a job that runs in the background, ends a sitting as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sitting = Sitting(minutes, device, workers, rate, decay, seed, start, processes)
    sheets: list[str] = []

    def sheet(path: Path) -> None:
        sheets.append(str(path))

    with console.training(minutes) as step:
        reached = trained(out, sitting, on_step=step, on_sheet=sheet)
    record = {"folder": str(out), "weights": str(out / "weights"), "sheets": sheets, **reached}

    def people(c: "Console") -> None:
        c.print(f"{reached['steps']:.0f} steps, {reached['tiles']:.0f} tiles, {reached['minutes']:.0f} minutes in all")
        c.print(f"weights  {out / 'weights'}")
        c.print(f"log      {out / 'log.jsonl'}")
        for path in sheets[-1:]:
            c.print(f"sheet    {path}")

    console.answer(record, as_json=json, people=people)
