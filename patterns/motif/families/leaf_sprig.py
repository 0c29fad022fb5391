"""Leaf sprigs: a curved stem with leaves in pairs or by turns, sometimes with berries."""

import math

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, dots, half_leaf, merged, placed, polar


def _along(bow: float, length: float, t: float) -> tuple[float, float, float]:
    """Return (x, y, angle) at ``t`` of a stem that rises from the foot and bows aside."""
    x = 4 * bow * length * t * (1 - t)
    slope = 4 * bow * (1 - 2 * t)
    return x, length / 2 - length * t, 0.6 * math.atan(slope)


def _leaves(rng: np.random.Generator, u: float, bow: float, form: tuple[int, bool, float]) -> list[Leaf]:
    pairs, opposite, plump = form
    found = []
    for i in range(pairs):
        for s in (-1, 1):
            t = 0.1 + 0.76 * (i + (0.0 if opposite or s < 0 else 0.5)) / pairs
            x, y, angle = _along(bow, 2 * u, t)
            long = u * (1.12 - 0.42 * t) * (3.9 / (pairs + 1.2)) ** 0.5 * rng.uniform(0.93, 1.05) * 0.95
            found.append(
                Leaf(x, y, angle + s * rng.uniform(0.85, 1.05), long, min(long * plump, 1.02 * u / pairs), -0.1 * s)
            )
    x, y, angle = _along(bow, 2 * u, 0.97)
    return [*found, Leaf(x, y, angle, u * 0.62, u * 0.62 * plump, 0.0)]


def _berries(pen: Pen, spots: list[tuple[float, float]]) -> None:
    """Lay a berry on the end of each stalk."""
    u = pen.unit
    berry = pen.style.ink("accent", on=pen.body) or pen.body
    pen.lay(*(Shape(dots([p], u * 0.17), berry) for p in spots), cut=0.6)
    if pen.level > 1:
        shine = [(x - u * 0.05, y - u * 0.05) for x, y in spots]
        pen.ink(dots(shine, u * 0.05), pen.style.ink("detail", on=berry))
    pen.part("berries")


@family("leaf sprig", nouns=("leaf sprig", "leaf sprigs"), weight=1.4, scales=(24.0, 96.0))
def leaf_sprig(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a sprig whose leaves are in the main ink."""
    pen = Pen(radius, style, span=1.15)
    pen.green = pen.body
    bow = float(rng.uniform(-0.18, 0.18))
    pairs = int(rng.integers(2, 4) if pen.level < 2 else rng.integers(2, 5))
    opposite = bool(rng.random() < 0.5)
    leaves = _leaves(rng, pen.unit, bow, (pairs, opposite, float(rng.uniform(0.38, 0.8))))
    stem = curve((0, pen.unit * 1.1), _along(bow, 2 * pen.unit, 0.98)[:2], bow * 1.9)
    gaps = leaves[1:-1:3] if rng.random() < (0.6 if style.inks > 3 else 0.3) else []
    leaves = [f for f in leaves if f not in gaps]
    spots = [polar(f.angle, f.length * 0.68, f.x, f.y) for f in gaps]
    stalks = [curve((f.x, f.y), p, 0.1) for f, p in zip(gaps, spots, strict=True)]
    pen.leaves(leaves, stems=[stem, *stalks], thick=0.07)
    if style.inks > 2 and rng.random() < 0.6:
        halves = merged(placed(half_leaf(f.length, f.width, f.bend), f.angle, f.x, f.y) for f in leaves)
        pen.ink(halves, style.ink("second", on=pen.body))
    if spots:
        _berries(pen, spots)
    return pen.motif()
