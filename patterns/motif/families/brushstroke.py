"""Brushstrokes: dabs of a flat brush, frayed where it lifts, in ranks or tossed."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, family
from patterns.motif.layout import scatter
from patterns.motif.ranks import lanes


def _dab(rng: np.random.Generator, long: float, wide: float) -> skia.Path:
    """Return a stroke from bottom to top around the origin, round where it is set down and frayed where it lifts."""
    path = skia.Path()
    bow = float(rng.uniform(-0.25, 0.25)) * wide
    path.moveTo(-0.8 * wide, long)
    path.quadTo(-wide + bow, 0, -0.95 * wide, -0.9 * long)
    tufts = 3 if wide < 10 else 4
    for k in range(tufts):
        x, share = -0.95 * wide + 1.9 * wide * k / tufts, 1.9 * wide / tufts
        tip = -long * float(rng.uniform(0.92, 1.04))
        path.lineTo(x + 0.15 * share, tip)
        path.lineTo(x + 0.7 * share, tip - 0.04 * long)
        if k < tufts - 1:
            path.lineTo(x + share, -long * float(rng.uniform(0.72, 0.84)))
    path.lineTo(0.95 * wide, -0.9 * long)
    path.quadTo(wide + bow, 0, 0.8 * wide, long)
    path.quadTo(0, 1.12 * long, -0.8 * wide, long)
    path.close()
    return path


@family(
    "brushstroke", nouns=("brushstroke", "brushstrokes"), kind="field", directed=True, scales=(28.0, 80.0), inks=(2, 5),
    heeds_density=True,
    weight=1.2,
)  # fmt: skip
def brushstroke(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay dabs of one brush, inks in turn: staggered in ranks, all along one direction, or tossed."""
    grid, inks = canvas.grid, sketch.style.inks
    long = sketch.scale / 2
    wide = max(3.5, long * float(rng.uniform(0.24, 0.42)))
    dabs = [_dab(rng, long, wide) for _ in range(3)]
    kind = str(rng.choice(["vertical", "horizontal", "diagonal", "tossed"], p=(0.35, 0.25, 0.15, 0.25)))
    air = 1.6 - 0.35 * sketch.density
    turn = {"vertical": 0.0, "horizontal": math.pi / 2, "diagonal": math.pi / 4}.get(kind, 0.0)
    ranks = None
    if kind in ("vertical", "horizontal"):
        upright = kind == "vertical"
        ranks = lanes(grid, 2.05 * wide * air, 2.2 * long * air**0.5, upright=upright)
    if ranks is not None:
        spots = [(i + j, ranks.at(i, j * ranks.step)) for i, j in ranks.stations()]
        # Where lanes had to draw together, so do their dabs.
        scale = min(1.0, ranks.pitch / (2.3 * wide), ranks.step / (2.2 * long))
    else:
        # Enough of them that no cell is all but empty.
        long = min(long, 0.2 * math.sqrt(grid.width * grid.height))
        wide = min(wide, 0.4 * long)
        dabs = [_dab(rng, long, wide) for _ in range(3)]
        points = scatter(rng, grid, long * (1.35 if kind == "diagonal" else 1.6) * air**0.7)
        spots = [(k, (float(x), float(y))) for k, (x, y) in enumerate(points)]
        scale = 0.9 if kind == "tossed" else 0.75
    for k, (x, y) in spots:
        lean = float(rng.uniform(0, 2 * math.pi)) if kind == "tossed" else turn + float(rng.normal(0, 0.05))
        ink = 1 + (k if ranks is not None else int(rng.integers(inks - 1))) % (inks - 1)
        canvas.draw((Shape(dabs[int(rng.integers(3))], ink),), Placement(x, y, lean, False, scale))
    return (kind,) if kind != "tossed" else ()
