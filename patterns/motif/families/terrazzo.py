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
    scales=(10.0, 56.0),
    inks=(2, 6),
    hands=("clean", "clean", "block print"),
    heeds_density=True,
    weight=0.9,
)
def terrazzo(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Strew large chips evenly, then small ones in the gaps between them."""
    radius, inks = sketch.scale / 2, sketch.style.inks
    gap = radius * (3.0 - sketch.density)
    large = scatter(rng, canvas.grid, gap)
    small = _between(rng, canvas, large, gap)
    for points, size in ((large, 1.0), (small, 0.42)):
        for k, (x, y) in enumerate(points):
            path = chip(rng, max(2.0, radius * size * float(rng.uniform(0.75, 1.1))))
            ink = 1 + (k + int(rng.random() < 0.3)) % (inks - 1)
            canvas.draw((Shape(path, ink),), Placement(x, y, float(rng.uniform(0, 2 * math.pi))))
    return ("mixed sizes",) if len(small) else ()


def _between(rng: np.random.Generator, canvas: Canvas, large: np.ndarray, gap: float) -> np.ndarray:
    """Return places for small chips: as far from the large ones as a large and a small radius ask."""
    both = scatter(rng, canvas.grid, max(5.0, 0.52 * gap), first=large)
    return both[len(large) :]
