"""Batik: kawung, four palm fruits about a point, and ceplok, round flowers in a net of dots."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Canvas, Placement, Shape
from patterns.motif.family import Sketch, Style, family
from patterns.motif.parts import dots, merged, petal, placed
from patterns.motif.sett import LINE, periods


def _square(rng: np.random.Generator, scale: float) -> tuple[float, float]:
    return scale, scale


def _kawung(style: Style, w: float, field: int) -> list[tuple[tuple[Shape, ...], tuple[float, float]]]:
    """Return four ovals about the origin along the diagonals, each with two seeds, and a small cross between them."""
    body = 0 if field == 1 else 1
    long, wide = 0.31 * w, 0.17 * w
    oval = skia.Path()
    oval.addOval(skia.Rect.MakeLTRB(-wide, -0.36 * w - long, wide, -0.36 * w + long))
    turns = [math.pi / 4 + k * math.pi / 2 for k in range(4)]
    ovals = merged(placed(oval, t) for t in turns)
    seed = skia.Path()
    for y in (-0.24 * w, -0.48 * w):
        seed.addOval(skia.Rect.MakeLTRB(-0.05 * w, y - 0.085 * w, 0.05 * w, y + 0.085 * w))
    seeds = merged(placed(seed, t) for t in turns)
    mark = style.ink("accent" if style.inks > 3 else "second", on=body) if style.inks > 2 else field
    heart = dots([(0.0, 0.0)], max(LINE, 0.055 * w))
    center = dots([(0.0, 0.0)], max(LINE, 0.075 * w))
    flower = (Shape(ovals, body), Shape(seeds, mark))
    return [
        (flower, (0.0, 0.0)),
        ((Shape(heart, style.ink("second", on=field) or body),), (0.0, 0.0)),
        ((Shape(center, body),), (0.5, 0.0)),
        ((Shape(center, body),), (0.0, 0.5)),
    ]


def _ceplok(
    rng: np.random.Generator, style: Style, w: float, field: int
) -> list[tuple[tuple[Shape, ...], tuple[float, float]]]:
    """Return a flower of eight petals at the origin, a smaller one of four at the middle, and dots on the sides."""
    body = 0 if field == 1 else 1
    accent = style.ink("accent" if style.inks > 3 else "second", on=field) if style.inks > 2 else body
    large = merged(placed(petal(0.42 * w, 0.3 * w, inner=0.1 * w), k * math.pi / 4) for k in range(8))
    small = merged(placed(petal(0.24 * w, 0.25 * w, inner=0.04 * w), math.pi / 4 + k * math.pi / 2) for k in range(4))
    round_ = dots([(0.0, 0.0)], max(LINE, 0.09 * w))
    inner = dots([(0.0, 0.0)], max(LINE, 0.05 * w))
    spot = dots([(0.0, 0.0)], max(LINE, 0.035 * w))
    found = [
        (
            (
                Shape(large, body),
                Shape(round_, accent if accent != body else field),
            ),
            (0.0, 0.0),
        )
    ]
    found.append(((Shape(small, accent or body), Shape(inner, field)), (0.5, 0.5)))
    found += [((Shape(spot, body),), place) for place in ((0.5, 0.14), (0.5, 0.86), (0.14, 0.5), (0.86, 0.5))]
    return found


@family(
    "batik", nouns=("batik", "batiks"), kind="primitive", scales=(40.0, 112.0), inks=(2, 5), cell=_square, weight=1.2
)
def batik(canvas: Canvas, rng: np.random.Generator, sketch: Sketch) -> tuple[str, ...]:
    """Lay kawung or ceplok, light on dark as wax resists the dye, or dark on light."""
    style, grid = sketch.style, canvas.grid
    count = periods(grid.width, sketch.scale)
    w = grid.width / count
    field = 1 if rng.random() < 0.6 else 0
    if field:
        canvas.fill(1)
    pieces = _kawung(style, w, field) if rng.random() < 0.55 else _ceplok(rng, style, w, field)
    for shapes, (x, y) in pieces:
        for i in range(count):
            for j in range(count):
                canvas.draw(shapes, Placement((i + x) * w, (j + y) * w))
    return ("filled" if field else "open",)
