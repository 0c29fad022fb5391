"""Paisleys (boteh): curled drops of nested bands with a flower within."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Pen, blob, dots, drop, merged, petal, placed

_DROP = (
    (0.3, -1.0),
    (0.02, -0.78),
    (-0.38, -0.34),
    (-0.6, 0.16),
    (-0.46, 0.66),
    (0.0, 0.9),
    (0.48, 0.7),
    (0.64, 0.22),
    (0.44, -0.2),
    (0.2, -0.42),
    (0.14, -0.66),
    (0.36, -0.78),
    (0.5, -0.92),
)


def _nested(u: float, size: float) -> skia.Path:
    """Return the drop shrunk about its belly."""
    return blob(u, *((0.02 + (x - 0.02) * size, 0.25 + (y - 0.25) * size) for x, y in _DROP))


def _rim(pen: Pen, rng: np.random.Generator) -> None:
    """Set pearls or small petals around the outer edge."""
    u = pen.unit
    measure = skia.PathMeasure(_nested(u, 1.0), True)
    length = measure.getLength()
    count = int(length / max(u * 0.27, 3.4 * pen.width))
    pearls = []
    for i in range(count):
        point, _ = measure.getPosTan(length * (i + 0.5) / count)
        pearls.append((point.x(), point.y()))
    pen.lay(Shape(dots(pearls, max(u * 0.115, 1.35 * pen.width)), pen.green), cut=0.5)
    pen.part("scalloped rim")


def _flower(pen: Pen, ink: int, u: float) -> None:
    at = (0.02 * u, 0.36 * u)
    count = 5 if u < 22 else 7
    leaf = petal(0.36 * u, 1.5 * u / count, inner=0.1 * u)
    pen.ink(merged(placed(leaf, 2 * math.pi * i / count, *at) for i in range(count)), ink)
    heart = pen.style.ink("accent", on=ink)
    pen.ink(dots([at], 0.11 * u), heart)
    pen.part("flower")


@family("paisley", nouns=("paisley", "paisleys"), scales=(28.0, 96.0))
def paisley(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a boteh whose tip curls right; the layout mirrors it."""
    pen = Pen(radius, style, span=1.1)
    u = pen.unit
    if rng.random() < 0.6 and pen.level:
        _rim(pen, rng)
    pen.lay(Shape(_nested(u, 1.0), pen.body))
    band = style.ink("accent", on=pen.body) if style.inks > 2 else 0
    pen.ink(_nested(u, 0.76), band)
    field = 0 if band else pen.body
    pen.ink(_nested(u, 0.66 if band else 0.58), field)
    if pen.level:
        flower = style.ink("main", on=field) if rng.random() < 0.5 or style.inks < 3 else style.ink("second", on=field)
        _flower(pen, flower, u)
        seeds = [placed(drop(0.2 * u, 0.15 * u), 0.25, x * u, y * u) for x, y in ((-0.06, -0.14), (0.06, -0.4))]
        pen.ink(merged(seeds), style.ink("detail", on=field) or style.ink("main", on=field))
    return pen.motif()
