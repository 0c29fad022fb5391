"""The options that several commands share, each with what a shell can complete it with."""

from pathlib import Path
from typing import Annotated

import typer

from patterns.cli import complete
from patterns.loom import BEST_STEPS, DEFAULT_STEPS, FAST_STEPS

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
LibraryFolder = Annotated[
    Path | None,
    typer.Option(
        "--library", help="The folder of designs.", envvar="PATTERNS_LIBRARY", show_default="your data folder"
    ),
]
Model = Annotated[
    Path | None,
    typer.Option(
        "--model", help="A folder of weights for the Loom.", envvar="PATTERNS_WEIGHTS", show_default="the shipped ones"
    ),
]
ModelName = Annotated[
    str | None,
    typer.Option(
        "--model",
        help="loom, a model of `models list`, or a folder of weights for the Loom.",
        show_default="loom",
        autocompletion=complete.models,
    ),
]
Device = Annotated[str, typer.Option(help="Where a picture model computes: auto, cpu, cuda, cuda:1 or mps.")]
Dtype = Annotated[str, typer.Option(help="In what precision: auto, float32, float16 or bfloat16.")]
Memory = Annotated[str, typer.Option(help="auto, or low: a picture model works in parts.")]
Guidance = Annotated[
    float | None,
    typer.Option(help="How closely a picture model follows the prompt.", show_default="as the model's makers say"),
]
Negative = Annotated[str, typer.Option(help="What a picture model is not to draw.")]
Product = Annotated[
    str,
    typer.Option("--for", help="The product to print: see `presets list products`.", autocompletion=complete.products),
]
Repeat = Annotated[
    str,
    typer.Option(
        help="straight, half-drop, third-drop, quarter-drop, brick, hexagonal, 'drop 2/5' or 'slide 1/3'.",
        autocompletion=complete.repeats,
    ),
]
Size = Annotated[
    str | None,
    typer.Option(help="The tile's size with its unit: 64cm, 53x64cm, 25.25in.", show_default="32cm"),
]
Inks = Annotated[int | None, typer.Option(help="How many inks, 2 to 6.", show_default="4, or as the colors say")]
Palette = Annotated[
    str | None,
    typer.Option(
        help="A preset's name, colors such as '#f3ead7,#27356b' with the ground first, or a palette file.",
        autocompletion=complete.palettes,
        show_default="chosen from the prompt",
    ),
]
Symmetry = Annotated[
    str, typer.Option(help="The plane group: p1, pm, cmm, p4g, p6m ...", autocompletion=complete.symmetries)
]
Scale = Annotated[str | None, typer.Option(help="The size of a motif: 6cm.", show_default="as the prompt says")]
Seed = Annotated[int, typer.Option(help="Another seed is another drawing.")]
Steps = Annotated[
    int | None,
    typer.Option(help="Steps of drawing; fewer are faster and rougher.", show_default=f"{DEFAULT_STEPS}"),
]
Fast = Annotated[bool, typer.Option("--fast", help=f"Draw in {FAST_STEPS} steps: rougher.")]
Best = Annotated[bool, typer.Option("--best", help=f"Draw in {BEST_STEPS} steps.")]
Density = Annotated[str, typer.Option(help="sparse, medium or dense.", show_default="as the prompt says")]
Layout = Annotated[
    str,
    typer.Option(
        help="tossed, one-way, set, 'half-drop set', rows, trellis, vine ...",
        autocompletion=complete.layouts,
        show_default="as the prompt says",
    ),
]
Direction = Annotated[
    str, typer.Option(help="Of stripes: vertical, horizontal or diagonal.", show_default="as the prompt says")
]
Variety = Annotated[
    str, typer.Option(help="Distinct motifs in a repeat: one, few or many.", show_default="as the prompt says")
]
Hand = Annotated[
    str,
    typer.Option(
        help="clean, 'cut paper', linocut, 'block print', brush, pen, stipple, ikat or woven.",
        autocompletion=complete.hands,
        show_default="as the prompt says",
    ),
]
Detail = Annotated[
    float | None, typer.Option(help="Pixels per mm that the Loom draws with.", show_default="0.8", metavar="PX")
]
Out = Annotated[Path | None, typer.Option("--out", help="The folder for the files.")]
DesignId = Annotated[
    str, typer.Argument(help="A design's identity, or its beginning.", autocompletion=complete.designs)
]
Fabric = Annotated[
    str | None,
    typer.Option(
        "--fabric",
        help="A fabric, see `presets list fabrics`, or a .toml file of your own with the same keys.",
        autocompletion=complete.fabrics,
    ),
]
Profile = Annotated[
    Path | None,
    typer.Option(
        "--profile",
        help="Your mill's ICC profile, or measured patches (CGATS, or lines of L a b), for the fabric's own gamut.",
    ),
]
Metadata = Annotated[
    str,
    typer.Option(
        help="What files say of themselves: full, minimal (what made the design, and its id; no prompt), or none."
    ),
]
Proof = Annotated[
    Path | None,
    typer.Option("--proof", help="Write a soft proof as PNG: the screen's colors beside those on the fabric's white."),
]
Over = Annotated[
    str | None, typer.Option("--over", help="A design whose pattern the motifs lie over, on its repeat.", metavar="ID")
]
Reference = Annotated[
    Path | None, typer.Option(help="A picture whose manner is followed: its inks, how much each covers, its lines.")
]
ReferenceWeight = Annotated[
    float | None,
    typer.Option(help="How closely, 0 to 1.", min=0, max=1, metavar="SHARE", show_default="0.6"),
]
Sketch = Annotated[Path | None, typer.Option(help="A drawing or line art whose shapes are where it shows them.")]
SketchWeight = Annotated[
    float | None,
    typer.Option(
        help="How closely, 0 to 1: from 0.5 on its inner lines too.", min=0, max=1, metavar="SHARE", show_default="0.8"
    ),
]
