"""Paisleys (boteh): curled drops of nested bands with a flower within."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Pen, blob, dots, drop, merged, petal, placed

_DROP = (
    *((0.66, -0.58), (0.58, -0.86), (0.2, -1.0), (-0.26, -0.76), (-0.56, -0.26), (-0.64, 0.28), (-0.36, 0.78)),
    *((0.1, 0.92), (0.54, 0.68), (0.68, 0.22), (0.5, -0.16), (0.22, -0.4), (0.16, -0.62), (0.36, -0.72)),
)
_BELLY = (
    (0.0, -0.62),
    (-0.26, -0.28),
    (-0.42, 0.16),
    (-0.26, 0.56),
    (0.06, 0.68),
    (0.36, 0.52),
    (0.46, 0.2),
    (0.26, -0.12),
)


def _belly(u: float, size: float) -> skia.Path:
    """Return the drop within the drop, shrunk about its middle."""
    return blob(u, *((0.04 + (x - 0.04) * size, 0.22 + (y - 0.22) * size) for x, y in _BELLY))


def _along(path: skia.Path, gap: float) -> list[tuple[float, float]]:
    """Return points about ``gap`` px apart along a closed path."""
    measure = skia.PathMeasure(path, True)
    count = max(3, int(measure.getLength() / gap))
    points = (measure.getPosTan(measure.getLength() * (i + 0.5) / count)[0] for i in range(count))
    return [(p.x(), p.y()) for p in points]


def _rim(pen: Pen, rng: np.random.Generator) -> None:
    """Set pearls or small petals around the outer edge."""
    u = pen.unit
    pearls = _along(blob(u, *_DROP), max(u * 0.34, 4.2 * pen.width))
    pen.lay(Shape(dots(pearls, max(u * 0.16, 2.0 * pen.width)), pen.green), cut=0.5)
    pen.part("scalloped rim")


def _drops(pen: Pen, ink: int, u: float) -> None:
    """Nest one drop in another within the belly."""
    pen.ink(_belly(u, 0.56), ink)
    pen.ink(_belly(u, 0.34), pen.style.ink("accent", on=ink))
    pen.vein([dots([(0.07 * u, 0.3 * u)], 0.06 * u)], on=pen.style.ink("accent", on=ink), role="detail")
    pen.part("nested drops")


def _flower(pen: Pen, ink: int, u: float) -> None:
    at = (0.05 * u, 0.28 * u)
    count = 5 if u < 22 else 7
    leaf = petal(0.3 * u, 1.3 * u / count, inner=0.1 * u)
    pen.ink(merged(placed(leaf, 2 * math.pi * i / count, *at) for i in range(count)), ink)
    heart = pen.style.ink("accent", on=ink)
    pen.ink(dots([at], 0.11 * u), heart)
    pen.part("flower")


@family("paisley", weight=0.0, nouns=("paisley", "paisleys"), scales=(32.0, 96.0))
def paisley(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a boteh whose tip curls right; the layout mirrors it."""
    pen = Pen(radius, style, span=1.1)
    u = pen.unit
    if rng.random() < 0.6 and pen.level:
        _rim(pen, rng)
    pen.lay(Shape(blob(u, *_DROP), pen.body))
    band = style.ink("accent", on=pen.body) if style.inks > 2 else 0
    pen.ink(_belly(u, 1.0), band)
    neck = [
        placed(drop(0.24 * u, 0.14 * u), 0.5, -0.14 * u, -0.62 * u),
        dots([(0.1 * u, -0.8 * u), (0.34 * u, -0.84 * u)], 0.06 * u),
    ]
    pen.vein(neck, on=pen.body, role="detail")
    if band:
        pen.vein([dots(_along(_belly(u, 0.89), max(0.2 * u, 3 * pen.width)), 0.035 * u)], on=band, level=3)
    field = 0 if band else pen.body
    pen.ink(_belly(u, 0.78 if band else 0.9), field)
    if pen.level:
        flower = style.ink("main", on=field) if rng.random() < 0.5 or style.inks < 3 else style.ink("second", on=field)
        (_flower if rng.random() < 0.6 else _drops)(pen, flower, u)
        seeds = [placed(drop(0.2 * u, 0.15 * u), 0.25, x * u, y * u) for x, y in ((-0.05, -0.17),)]
        pen.ink(merged(seeds), style.ink("detail", on=field) or style.ink("main", on=field))
    return pen.motif()
