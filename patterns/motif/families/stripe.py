"""Stripes: even, uneven, ticking, pinstripe and lined, along either side of the cloth or on the diagonal."""

import numpy as np

from patterns.motif.canvas import Canvas
from patterns.motif.family import Sketch, Style, family
from patterns.motif.sett import Sett, banded, fills, periods, positions, thins


def stripe_cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    """Return a cell whose longer side is the period; square for a diagonal."""
    short = 16.0 if scale < 40 else 32.0
    kind = rng.random()
    return (scale, scale) if kind < 0.2 else (scale, short) if kind < 0.65 else (short, scale)


def stripe_sett(rng: np.random.Generator, style: Style, period: float) -> tuple[str, Sett]:
    """Return the name of a kind of stripe and one period of it."""
    kind = str(rng.choice(["even", "uneven", "ticking", "pinstripe", "double lined"]))
    many, thin, line = fills(style), thins(style), max(1.5, 0.05 * period)
    if kind == "even":
        inks = [0, *(range(1, style.inks) if rng.random() < 0.5 else many)]
        return kind, [(i, 1.0) for i in inks] if len(inks) != 3 else [(0, 1), (1, 1), (0, 1), (2, 1)]
    if kind == "pinstripe":
        return kind, [s for i in thin[: max(1, round(period / 24))] for s in ((0, period / 2), (i, line))]
    if kind == "ticking":
        group = [s for i in (thin[0], *many, thin[0]) for s in ((i, line), (0, 1.3 * line))][:-1]
        rest = max(period - sum(w for _, w in group), period / 4)
        return kind, [(0, rest), *group]
    if kind == "double lined":
        sides = [(0, 1.5 * line), (thin[0], line)]
        bands = [
            [*sides, (0, 1.5 * line), (i, period / len(many) / 3), *sides, (0, period / len(many) / 4)] for i in many
        ]
        return kind, [s for band in bands for s in band]
    inks = [int(i) for i in rng.permutation(np.arange(1, style.inks))]
    return kind, [s for i in inks for s in ((0, rng.uniform(0.3, 1.6)), (i, rng.uniform(0.35, 1.8)))]


@family(
    "stripe",
    nouns=("stripe", "stripes"),
    kind="primitive",
    directed=True,
    scales=(12.0, 110.0),
    hands=("clean", "clean", "block print", "ikat"),
    cell=stripe_cell,
    weight=1.4,
)
def stripe(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay stripes along the direction that the cell's shape asks for."""
    y, x = positions(canvas)
    width, height = canvas.grid.width, canvas.grid.height
    count = periods(max(width, height), sketch.scale)
    directions = ("vertical",) if width > height else ("horizontal",) if height > width else ("diagonal",)
    if width == height == 16:
        directions = ("vertical", "horizontal", "diagonal")
    direction = str(rng.choice(directions))
    kind, sett = stripe_sett(rng, sketch.style, max(width, height) / count)
    values = {"vertical": x / width + 0 * y, "horizontal": y / height + 0 * x}.get(direction)
    if values is None:
        values = x / width + y / height if rng.random() < 0.5 else x / width - y / height
    canvas.lay(banded(values * count + rng.random(), sett))
    return direction, kind
