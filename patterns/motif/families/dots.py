"""Polka dots: in a grid or staggered, ringed, alternating, of one size or two."""

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, family
from patterns.motif.sett import fills, periods


def _cell(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    side = scale if scale >= 16 else 2 * scale
    return side, side


@family(
    "polka dot",
    nouns=("polka dot", "polka dots"),
    kind="primitive",
    scales=(14.0, 112.0),
    cell=_cell,
    heeds_density=True,
    weight=0.8,
)
def polka_dot(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Draw dots on a square grid, most often with one more in every middle."""
    count = periods(canvas.grid.width, sketch.scale)
    pitch = canvas.grid.width / count
    staggered, mixed, ringed = rng.random() < 0.75, rng.random() < 0.3, rng.random() < 0.35 and pitch >= 24
    radius = pitch * (0.14 + 0.1 * sketch.density) * (1 if staggered else 1.35)
    style, many = sketch.style, fills(sketch.style)
    alternating = len(many) > 1 and staggered and rng.random() < 0.7
    sizes = (1.0, 0.55 if mixed and staggered else 1.0)
    for parity in (0, 1)[: 1 + staggered]:
        ink = many[parity % len(many)] if alternating else many[0]
        shapes = _dot(max(1.6, radius * sizes[parity]), ink, ringed, [i for i in range(style.inks) if i != ink])
        for i in range(count):
            for j in range(count):
                canvas.draw(shapes, Placement((i + parity / 2) * pitch, (j + parity / 2) * pitch))
    words = {
        "staggered": staggered, "even": not staggered, "ringed": ringed, "alternating": alternating,
        "mixed sizes": mixed and staggered,
    }  # fmt: skip
    return tuple(w for w, seen in words.items() if seen)


def _dot(radius: float, ink: int, ringed: bool, others: list[int]) -> tuple[Shape, ...]:
    """Return a dot, with the other inks nested in it if it is ringed (and large enough for them)."""
    shapes = [Shape(skia.Path.Circle(0, 0, radius), ink)]
    if ringed:
        rest = [i for i in others if i > 1] or [0]
        steps = [0, *rest] if len(rest) > 1 else [0, ink]
        room = min(len(steps), max(1, int(radius / 2.5)))
        shapes += [
            Shape(skia.Path.Circle(0, 0, radius * (1 - (k + 1) / (room + 1.2))), i) for k, i in enumerate(steps[:room])
        ]
    return tuple(shapes)
