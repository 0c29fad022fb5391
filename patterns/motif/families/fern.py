"""Ferns: a frond of many narrow leaflets that shorten toward the tip."""

import math

import numpy as np

from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, dots, placed, polar, smooth, spike


@family("fern", weight=0.0, nouns=("fern", "ferns"), scales=(28.0, 96.0))
def fern(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a frond, straight or bowed, sometimes with its tip curled."""
    pen = Pen(radius, style)
    u, bow = pen.unit, float(rng.uniform(-0.35, 0.35))
    pairs = int(np.clip(radius / (6.0 if style.outlined else 3.4), 4, rng.integers(7, 11)))
    plump = float(rng.uniform(0.75, 0.92))
    pen.green = pen.body
    leaves = []
    for i in range(pairs):
        t = 0.14 + 0.8 * i / pairs
        x, y, lean = 2.4 * bow * u * t * t, u - 2 * u * t, math.atan(2.4 * bow * t)
        long = u * (0.76 * math.sin(math.pi * min(1.0, 0.28 + 0.72 * t)) ** 0.8 + 0.1) * rng.uniform(0.96, 1.04)
        leaves += [Leaf(x, y, lean + s * 1.0, long, 1.75 * u * plump * 0.8 / pairs, -0.14 * s) for s in (-1, 1)]
    tip = (2.4 * bow * u * 0.88, u - 2 * u * 0.94)
    leaves.append(Leaf(*tip, math.atan(2.4 * bow), u * 0.26, u * 0.16, 0.0))
    rib = smooth([(2.4 * bow * u * t * t, u * 1.12 - 2.12 * u * t) for t in np.linspace(0, 0.96, 7)], closed=False)
    pen.leaves(leaves, stems=[rib], thick=0.06)
    if style.inks > 2:
        pen.ink(rib, style.ink("second", on=pen.body), max(pen.width, u * 0.06))
    if style.inks > 4:
        cuts = [
            placed(
                spike((0, -f.length * 0.15), (f.bend * f.length * 0.6, -f.length * 0.8), pen.width), f.angle, f.x, f.y
            )
            for f in leaves
        ]
        pen.vein(cuts, on=pen.body)
    if style.inks > 3 and pen.level > 1 and rng.random() < 0.6:
        spots = [polar(f.angle, f.length * 0.5, f.x, f.y) for f in leaves[:-4]]
        pen.ink(dots(spots[::2], u * 0.04), style.ink("accent", on=pen.body))
        pen.ink(dots(spots[1::2], u * 0.04), style.ink("detail", on=pen.body))
        pen.part("spores")
    return pen.motif()
