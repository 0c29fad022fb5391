"""Feathers: a curved quill with barbs cut apart, sometimes with an eye."""

import math

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, dots, drop, half_leaf, leaf_path, placed, polar, smooth, spike


@family("feather", weight=0.0, nouns=("feather", "feathers"), scales=(26.0, 96.0))
def feather(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a feather, its tip up."""
    pen = Pen(radius, style)
    u, bend, wide = pen.unit, float(rng.uniform(-0.16, 0.16)), float(rng.uniform(0.85, 1.15))
    vane = Leaf(0, 0.62 * u, 0.0, 1.62 * u, wide * u, bend)
    path = placed(leaf_path(vane.length, vane.width, bend), 0, 0, vane.y)
    quill = smooth(
        [(-bend * 0.2 * u, u), (0, 0.6 * u), (bend * 0.35 * u, -0.2 * u), (bend * 1.3 * u, -0.78 * u)], closed=False
    )
    thick = max(pen.width * 1.2, 0.07 * u)
    pen.lay(Shape(path, pen.body), Shape(quill, pen.green, thick))
    if style.inks > 2:
        half = placed(half_leaf(vane.length, vane.width, bend), 0, 0, vane.y)
        pen.ink(half, pen.green) if rng.random() < 0.4 else None
    _barbs(pen, rng, vane)
    rib = spike((0, 0.6 * u), (bend * 1.35 * u, -0.86 * u), thick * 1.1, bow=-bend * 0.28)
    pen.ink(rib, style.ink("accent", on=pen.body) if style.inks == 4 else style.ink("line", on=pen.body))
    if pen.level > 1 and rng.random() < 0.5:
        _eye(pen, (bend * u * 0.62, -0.42 * u), 0.26 * u)
    pen.part("quill")
    return pen.motif()


def _barbs(pen: Pen, rng: np.random.Generator, vane: Leaf) -> None:
    """Cut notches from the rim toward the quill, unevenly."""
    count = 3 if pen.level < 2 else 5 if pen.level < 3 else 6
    for s in (-1, 1):
        for i in range(count):
            t = 0.16 + 0.62 * (i + rng.uniform(-0.2, 0.2)) / count
            x, y = vane.bend * vane.length * t * t, vane.y - vane.length * t
            out = polar(s * 0.95, vane.width * 0.7, x, y)
            cut = spike(out, (x + s * pen.width * 1.2, y), pen.width * float(rng.uniform(1.5, 2.6)), bow=0.08 * s)
            pen.ink(cut, 0)


def _eye(pen: Pen, at: tuple[float, float], size: float) -> None:
    inks = pen.style
    outer = inks.ink("accent", on=pen.body)
    pen.ink(placed(drop(2.3 * size, 1.75 * size), math.pi, *at), outer)
    inner = inks.ink("main", on=outer)
    pen.ink(placed(drop(1.4 * size, 1.1 * size), math.pi, *at), inner)
    if size > 5:
        pen.ink(dots([at], size * 0.26), inks.ink("detail", on=inner))
    pen.part("eye")
