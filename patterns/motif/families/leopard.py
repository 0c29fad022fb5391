"""Leopard: broken rosettes around a darker heart, and spots between them."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, Style, family
from patterns.motif.layout import scatter
from patterns.motif.parts import smooth


def blob(rng: np.random.Generator, radius: float, *, rough: float = 0.16) -> skia.Path:
    """Return an uneven round patch."""
    count = 7
    reach = radius * (1 + rng.uniform(-rough, rough, count))
    turns = np.arange(count) * 2 * math.pi / count
    return smooth([(float(r * math.cos(t)), float(r * math.sin(t))) for r, t in zip(reach, turns, strict=True)])


def rosette(rng: np.random.Generator, radius: float, style: Style) -> tuple[Shape, ...]:
    """Return a heart with two or three thick strokes of the main ink around it."""
    shapes = []
    if style.inks > 2:
        shapes.append(Shape(blob(rng, radius * 0.78), 2))
    count = int(rng.integers(2, 4))
    share = 2 * math.pi / count
    start = float(rng.uniform(0, 2 * math.pi))
    for k in range(count):
        low = start + k * share + 0.5 * float(rng.uniform(0.2, 0.45))
        high = start + (k + 1) * share - 0.5 * float(rng.uniform(0.2, 0.5))
        turns = np.linspace(low, high, 5)
        outer = radius * rng.uniform(0.95, 1.2, 5) * (0.88, 1, 1, 1, 0.88)
        inner = radius * rng.uniform(0.5, 0.72, 5) * (1.12, 1, 1, 1, 1.12)
        edge = [*zip(outer, turns, strict=True), *zip(inner[::-1], turns[::-1], strict=True)]
        shapes.append(Shape(smooth([(float(r * math.cos(t)), float(r * math.sin(t))) for r, t in edge]), 1))
    return tuple(shapes)


@family(
    "leopard",
    nouns=("leopard", "leopard print", "leopard spots"),
    kind="field",
    scales=(20.0, 64.0),
    inks=(2, 4),
    heeds_density=True,
    weight=0.9,
)
def leopard(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Spread rosettes, drawn a little long in one direction, with spots in the gaps."""
    radius, style = sketch.scale / 2, sketch.style
    gap = radius * (2.75 - 0.5 * sketch.density)
    large = scatter(rng, canvas.grid, gap)
    every = scatter(rng, canvas.grid, 0.66 * gap, first=large)
    for k, (x, y) in enumerate(every):
        placement = Placement(x, y, float(rng.normal(0, 0.5)))
        if k < len(large):
            shapes = rosette(rng, radius * float(rng.uniform(0.85, 1.1)), style)
        else:
            shapes = (
                Shape(
                    blob(rng, max(2.2, radius * float(rng.uniform(0.22, 0.36))), rough=0.3),
                    style.inks - 1 if style.inks > 3 else 1,
                ),
            )
        canvas.draw(shapes, placement)
    return ("filled",) if style.inks > 2 else ("open",)
