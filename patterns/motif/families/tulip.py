"""Tulips from the side: a cup of pointed petals on a stem between long leaves."""

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, placed, spike


def _blade(length: float, width: float, tip: float) -> skia.Path:
    """Return a petal from the origin, full below and pointed above, its tip aside by ``tip`` px."""
    path = skia.Path()
    path.moveTo(0, 0)
    path.cubicTo(-width * 0.85, 0, -width * 0.5 + tip * 0.3, -length * 0.65, tip, -length)
    path.cubicTo(width * 0.5 + tip * 0.3, -length * 0.65, width * 0.85, 0, 0, 0)
    path.close()
    return path


def _cup(pen: Pen, rng: np.random.Generator) -> None:
    """Lay the petals: two behind, two at the sides, one in front."""
    u, open_ = pen.unit, float(rng.uniform(0.0, 0.32))
    inner = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else pen.body
    for s in (-1, 1) if pen.level else ():
        pen.lay(Shape(placed(_blade(1.72 * u, 0.9 * u, 0.0), s * (0.16 + open_ * 0.5), 0, u * 0.85), inner))
    for s in (-1, 1):
        path = _blade(1.8 * u, 1.15 * u, s * u * (0.12 + open_ * 0.7))
        pen.lay(Shape(placed(path, s * (0.26 + open_), s * 0.12 * u, u * 0.9), pen.body))
        cut = spike((0, -u * 1.25), (0, -u * 0.5), pen.width * 1.3, bow=0.06 * s)
        pen.vein([placed(cut, s * (0.4 + open_), s * 0.12 * u, u * 0.9)], on=pen.body)
    pen.lay(Shape(_move(_blade(1.5 * u, 1.12 * u, 0.0), u * 0.95), pen.body))
    flame = pen.style.ink("accent", on=pen.body)
    if pen.style.inks > 3 or pen.level:
        pen.ink(_move(_blade(0.98 * u, 0.46 * u, 0.0), u * 0.84), flame)
    if flame and pen.level:
        pen.vein([spike((0, u * 0.6), (0, -u * 0.02), pen.width * 1.3)], on=flame, role="detail")
    pen.part("petals")


def _bud(pen: Pen, foot: tuple[float, float], side: float) -> None:
    """Lay a closed bud on a stem of its own beside the flower."""
    u = pen.unit
    top = (side * 1.35 * u, 0.75 * u)
    pen.leaves([], stems=[curve((foot[0] * 0.9, foot[1] - 0.5 * u), top, -side * 0.16)], thick=0.15)
    for lean in (-0.22, 0.22, 0.0):
        blade = _blade((1.0 if lean else 0.85) * u, 0.52 * u, lean * 0.3 * u)
        pen.lay(Shape(placed(blade, lean + side * 0.15, *top), pen.body), cut=0.8)
    pen.part("buds")


def _move(path: skia.Path, y: float) -> skia.Path:
    return placed(path, 0.0, 0.0, y)


@family("tulip", nouns=("tulip", "tulips"), weight=1.4, directed=True, scales=(24.0, 96.0))
def tulip(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a tulip on its stem with one or two long leaves, or with short ones beneath the cup."""
    pen = Pen(radius, style, span=2.0)
    u = pen.unit
    length = u * float(rng.uniform(2.0, 2.7))
    foot = (float(rng.uniform(-0.25, 0.25)) * u, 0.9 * u + length)
    sides = ((-1, 1), (-1,), (1,))[int(rng.choice(3, p=(0.7, 0.15, 0.15)))]
    leaves = [
        Leaf(
            *(foot[0] * 0.8, foot[1] - u * 0.2),
            s * rng.uniform(0.42, 0.65),
            length * rng.uniform(0.85, 1.1),
            u * 0.78,
            -s * rng.uniform(0.0, 0.15),
        )
        for s in sides
    ]
    pen.leaves(leaves, stems=[curve((0, 0.8 * u), foot, float(rng.uniform(-0.08, 0.08)))], thick=0.17)
    if pen.level > 1 and rng.random() < 0.35:
        _bud(pen, foot, float(rng.choice((-1, 1))))
    _cup(pen, rng)
    return pen.motif()
