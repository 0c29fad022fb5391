"""Daisies: many narrow petals around a round eye, sometimes on a stem with leaves."""

import math

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, dots, petal, placed, polar, ring, spike


def _petals(pen: Pen, length: float, count: int, turn: float, ink: int) -> None:
    one = petal(length, length * 4.9 / count, inner=length * 0.15)
    for i in range(count):
        angle = turn + 2 * math.pi * i / count
        pen.lay(Shape(placed(one, angle), ink), cut=0.75)
        if length * 4.9 / count > 5.5 * pen.width:
            cut = spike((0, -length * 0.42), (0, -length * 0.84), pen.width * 1.2)
            pen.vein([placed(cut, angle)], on=ink)
    pen.part("petals")


def _eye(pen: Pen, size: float) -> None:
    eye = pen.style.ink("accent", on=pen.body)
    pen.lay(Shape(dots([(0, 0)], size), eye), cut=0.9 if eye else 0)
    seeds = pen.style.ink("detail", on=eye)
    if size > 3.4 * pen.width:
        pen.ink(dots([(0, 0), *ring(6, size * 0.58)], size * 0.15), seeds)
    elif size > 2 * pen.width:
        pen.ink(dots([(0, 0)], size * 0.4), seeds)


@family("daisy", nouns=("daisy", "daisies"), weight=1.4, scales=(20.0, 96.0))
def daisy(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a daisy seen from above, single or double, or on its stem."""
    stem = rng.random() < 0.4
    leafy = not stem and rng.random() < 0.35
    pen = Pen(radius, style, span=1.7 if stem else 1.3 if leafy else 1.0)
    u = pen.unit
    if stem:
        bow = float(rng.uniform(-0.2, 0.2))
        foot = (float(rng.uniform(-0.3, 0.3)) * u, 2.35 * u)
        leaves = [
            Leaf(foot[0] * t + bow * u * 0.3, 2.35 * u * t, s * 0.8, u * rng.uniform(0.85, 1.1), u * 0.36, -0.12 * s)
            for s, t in zip((-1, 1), rng.uniform(0.72, 0.88, 2), strict=True)
        ]
        pen.leaves(leaves, stems=[curve((0, 0), foot, -bow * 0.5)], thick=0.12)
    if leafy:
        around = rng.uniform(0, 2 * math.pi) + np.linspace(0, 2 * math.pi, int(rng.integers(2, 4)), endpoint=False)
        pen.leaves([Leaf(*polar(a, 0.5 * u), a, u * 0.95, u * 0.46, 0.1) for a in around])
    count = int(rng.integers(7, 10) if pen.level < 1 else rng.integers(8, 15))
    turn = float(rng.uniform(0, 2 * math.pi))
    _petals(pen, u, count, turn, pen.body)
    if pen.level > 1 and rng.random() < 0.35:
        inner = pen.green if rng.random() < 0.4 else pen.body
        _petals(pen, u * 0.72, count, turn + math.pi / count, inner)
    _eye(pen, u * float(rng.uniform(0.26, 0.34)))
    return pen.motif()
