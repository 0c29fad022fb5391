"""Ferns: fronds of leaflets that shorten toward the tip, straight or bowed, broad at the foot or at the middle."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, dots, leaf_path, placed, polar, smooth


@family("fern", nouns=("fern", "ferns"), scales=(36.0, 112.0), weight=0.9)
def fern(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a frond: a midrib with leaflets in pairs that stand clear of each other."""
    pen = Pen(radius, style, span=1.05)
    u, bow = pen.unit, float(rng.pick("bow", (-0.34, 0.0, 0.34)) * rng.uniform(0.6, 1.0))
    pitch = max(3.0 + pen.width * (3.0 if pen.edge else 1.1), 0.19 * u * rng.pick("pitch", (1.15, 1.45)))
    pairs, broad = max(1, int(1.7 * u / pitch)), rng.pick("broad", (0.3, 0.42))
    lean = float(rng.uniform(0.9, 1.1))
    wide = 1.72 * u / pairs * math.sin(lean) - (2.2 if pen.edge else 0.95) * pen.width

    def at(t: float) -> tuple[float, float, float]:
        return 1.9 * bow * u * t * t, u * (1.0 - 1.94 * t), math.atan(1.95 * bow * t)

    leaves = [Leaf(*at(0.93), u * 0.24, max(wide, 0.1 * u), 0.0)]
    for t in (0.1 + 0.84 * i / pairs for i in range(pairs)):
        x, y, angle = at(t)
        long = u * (0.76 * math.sin(math.pi * (broad + (0.96 - broad) * t)) ** 0.9 + 0.06)
        leaves += [Leaf(x, y, angle + s * lean, long, min(wide, 0.6 * long), -0.1 * s) for s in (-1, 1)]
    rib = smooth([at(t)[:2] for t in np.linspace(-0.04, 0.98, 7)], closed=False)
    thick = max(pen.width, 0.06 * u)
    pen.lay(Shape(rib, pen.body, thick), *(Shape(_leaflet(f), pen.body) for f in leaves))
    pen.part("leaves")
    second = style.ink("second" if style.inks < 5 or pen.edge or broad > 0.4 else "line", on=pen.body)
    if second and second != pen.edge and thick < 0.12 * u:
        pen.ink(rib, second, max(pen.width, 0.055 * u))
        pen.part("ribs")
    if style.inks > 3 and wide > 3.4 * pen.width and pen.level > 1 and rng.yes("spores", 0.6):
        _spores(pen, leaves[3:-4], "detail" if style.inks == 6 and rng.yes("detail spores", 0.5) else "accent")
    return pen.motif()


def _spores(pen: Pen, leaves: list[Leaf], role: str) -> None:
    """Dot the middle of each leaflet."""
    spots = [polar(f.angle, f.length * 0.52, f.x, f.y) for f in leaves]
    pen.ink(dots(spots, 0.2 * leaves[0].width), pen.style.ink(role, on=pen.body))
    pen.part("spores")


def _leaflet(leaf: Leaf) -> skia.Path:
    return placed(leaf_path(leaf.length, leaf.width, leaf.bend), leaf.angle, leaf.x, leaf.y)
