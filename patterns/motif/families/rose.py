"""Roses: broad round petals folded around a spiral heart, with leaves and sometimes a stem."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, dots, placed, polar, ruffled, spike


def _round(pen: Pen, rng: np.random.Generator, ring: tuple[float, int], center: tuple[float, float]) -> None:
    """Lay a ring of (length px, count) overlapping round petals, each with a folded rim."""
    length, count = ring
    turn = rng.uniform(0, 2 * math.pi)
    for i in range(count):
        angle = turn + 2 * math.pi * i / count + rng.normal(0, 0.05)
        long = length * rng.uniform(0.94, 1.05)
        path = ruffled(rng, long, long * 7.4 / count, lobes=5, depth=0.0, sweep=2.0)
        pen.lay(Shape(placed(path, angle, *center), pen.body))
        if long > 9 * pen.width:
            side = 1 if rng.random() < 0.5 else -1
            folds = [
                spike(
                    polar(-side * 0.12, long * 0.84), polar(side * 0.5, long * 0.74), pen.width * 1.4, bow=-0.18 * side
                )
            ]
            pen.vein([placed(f, angle, *center) for f in folds], on=pen.body)


def _heart(pen: Pen, rng: np.random.Generator, size: float) -> None:
    """Lay the rolled heart: a disk with a spiral cut into it."""
    pen.lay(Shape(dots([(0, 0)], size), pen.body))
    heart = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else pen.body
    if heart != pen.body:
        pen.ink(dots([(0, 0)], size * 0.97), heart)
    turns = 2.3 if size > 7 * pen.width else 1.5
    steps = np.linspace(0, 1, 26)
    start = rng.uniform(0, 2 * math.pi)
    spiral = skia.Path()
    for i, t in enumerate(steps):
        point = polar(start + 2 * math.pi * turns * t, size * (0.06 + 0.94 * t))
        spiral.lineTo(*point) if i else spiral.moveTo(*point)
    role = "accent" if pen.style.inks > 3 else "line"
    pen.ink(spiral, pen.style.ink(role, on=heart), max(pen.width, size * 0.13))
    pen.part("petals")


@family("rose", nouns=("rose", "roses"), weight=1.6, scales=(26.0, 96.0))
def rose(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a rose seen from above among its leaves, or on a stem."""
    form = rng.choice(3, p=(0.25, 0.5, 0.25))
    pen = Pen(radius, style, span=(1.0, 1.5, 1.75)[form])
    u = pen.unit
    if form == 1:
        count = int(rng.integers(2, 5))
        turn = rng.uniform(0, 2 * math.pi)
        angles = [turn + 2 * math.pi * i / count + rng.normal(0, 0.12) for i in range(count)]
        pen.leaves([Leaf(*polar(a, 0.55 * u), a, u * 1.08, u * 0.66, float(rng.uniform(-0.15, 0.15))) for a in angles])
    if form == 2:
        foot = (float(rng.uniform(-0.3, 0.3)) * u, 2.4 * u)
        sides = (-1, 1) if rng.random() < 0.6 else (int(rng.choice((-1, 1))),)
        at = (foot[0] * 0.55, 1.62 * u)
        leaves = [Leaf(*at, s * 0.95, u * 1.2, u * 0.62, -0.1 * s) for s in sides]
        pen.leaves(leaves, stems=[curve((0, 0), foot, 0.08)], thick=0.13)
    for ring in [(u, 5), (u * 0.72, 5)] if pen.level else [(u, 5)]:
        _round(pen, rng, ring, (0, 0))
    _heart(pen, rng, u * (0.4 if pen.level else 0.5))
    return pen.motif()
