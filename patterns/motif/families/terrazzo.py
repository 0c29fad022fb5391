"""Terrazzo: angular chips of stone strewn over the ground."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, family
from patterns.motif.layout import scatter


def chip(rng: np.random.Generator, radius: float) -> skia.Path:
    """Return a convex, angular stone."""
    count = int(rng.integers(4, 7))
    turns = (np.arange(count) + rng.uniform(-0.28, 0.28, count)) * 2 * math.pi / count
    flat = rng.uniform(0.6, 1.0)
    path = skia.Path()
    path.addPoly([skia.Point(radius * math.cos(t), flat * radius * math.sin(t)) for t in map(float, turns)], True)
    return path


@family(
    "terrazzo",
    nouns=("terrazzo",),
    kind="field",
    scales=(14.0, 64.0),
    inks=(2, 6),
    heeds_density=True,
)
def terrazzo(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Strew large chips evenly, then small ones in the gaps between them."""
    inks = sketch.style.inks
    # Enough stones that no cell is all but empty.
    radius = min(sketch.scale / 2, 0.17 * math.sqrt(canvas.grid.width * canvas.grid.height))
    gap = radius * (3.0 - 0.75 * sketch.density)
    large = scatter(rng, canvas.grid, gap)
    small = scatter(rng, canvas.grid, max(6.0, 0.5 * gap), first=large, clear=1.62 * radius + 1)[len(large) :]
    for points, size in ((large, 1.0), (small, 0.42)):
        for k, (x, y) in enumerate(points):
            path = chip(rng, max(2.5, radius * size * float(rng.uniform(0.75, 1.1))))
            ink = 1 + (k + int(rng.random() < 0.3)) % (inks - 1)
            canvas.draw((Shape(path, ink),), Placement(x, y, float(rng.uniform(0, 2 * math.pi))))
    return ("mixed sizes",) if len(small) else ()
