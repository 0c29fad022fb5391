"""Scallop shells: ribs that fan out from the hinge."""

import math

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Pen, dots, petal, placed, polar, polygon, spike


@family("shell", weight=0.0, nouns=("shell", "shells"), scales=(22.0, 96.0))
def shell(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a scallop shell, its hinge below."""
    pen = Pen(radius, style, span=0.95)
    u = pen.unit
    count = int(rng.choice((5, 7) if pen.level < 2 else (7, 9)))
    spread, foot = float(rng.uniform(1.05, 1.3)), 0.75 * u
    ears = [(-0.42, 0.9), (-0.42, 0.62), (0, 0.42), (0.42, 0.62), (0.42, 0.9), (0, 0.78)]
    pen.lay(Shape(polygon([(x * u, y * u) for x, y in ears]), pen.green))
    angles = np.linspace(-spread, spread, count)
    banded = rng.random() < 0.5
    for i in sorted(range(count), key=lambda k: abs(angles[k]), reverse=True):
        long = u * (1.62 - 0.3 * (angles[i] / spread) ** 2)
        wide = 3.15 * long * math.sin(spread / (count - 1))
        rib = placed(petal(long, wide * 0.66), angles[i], 0, foot)
        ink = pen.green if banded and i % 2 and style.inks > 2 else pen.body
        pen.lay(Shape(rib, ink), cut=0.75)
        cut = placed(spike((0, -long * 0.86), (0, -long * 0.35), pen.width * 1.3), angles[i], 0, foot)
        pen.vein([cut], on=ink, role="line" if style.inks != 4 else "accent")
    hinge = style.ink("accent", on=pen.body) or pen.body
    pen.lay(Shape(dots([(0, foot - 0.02 * u)], 0.17 * u), hinge), cut=0.8)
    if style.inks == 6 and pen.level:
        pearls = [polar(a, u * (1.44 - 0.3 * (a / spread) ** 2), 0, foot) for a in angles]
        pen.ink(dots(pearls, 0.06 * u), style.ink("detail"))
    pen.part("ribs")
    return pen.motif()
