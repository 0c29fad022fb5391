"""Daisies: long petals around a big round eye, from above, from the side, or in bud."""

import math

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, dots, petal, placed, polar, ring, spike


def _petals(pen: Pen, length: float, wheel: tuple[int, float], ink: int) -> None:
    """Lay a wheel of (petals, turn) that stand clear of each other."""
    count, turn = wheel
    breadth = 2 * math.pi * 0.72 * length / count - pen.width
    one = petal(length, breadth * 1.08, inner=length * 0.1)
    for i in range(count):
        pen.lay(Shape(placed(one, turn + 2 * math.pi * i / count), ink), cut=0.9)
    if breadth > 5 * pen.width and pen.level > 1:
        cut = spike((0, -length * 0.3), (0, -length * 0.74), pen.width * 1.7)
        pen.vein([placed(cut, turn + 2 * math.pi * i / count) for i in range(count)], on=ink)
    pen.part("petals")


def _eye(pen: Pen, size: float, y: float = 0.0) -> None:
    eye = pen.style.ink("accent", on=pen.body)
    pen.lay(Shape(dots([(0, y)], size), eye))
    seeds = pen.style.ink("detail" if pen.style.inks == 6 else "line", on=eye) or (0 if eye else pen.body)
    if size > 3.4 * pen.width:
        pen.ink(dots([(x, y + d) for x, d in [(0.0, 0.0), *ring(6, size * 0.6)]], size * 0.15), seeds)
    elif size > 2 * pen.width or not eye:
        pen.ink(dots([(0, y)], size * 0.45), seeds)
    pen.part("centers")


def _above(pen: Pen, rng: Chance) -> None:
    """Draw the flower from above, single or, where it is large, double."""
    u = pen.unit
    count = int(np.clip(rng.pick("petals", range(8, 14)), 6, max(6, u * 4.5 / (pen.width + 4.0))))
    turn = rng.turn()
    if u > 24 and count < 11 and rng.yes("two ranks", 0.4):
        under = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else pen.body
        _petals(pen, u, (count, turn + math.pi / count), under)
        _petals(pen, 0.8 * u, (count, turn), pen.body)
    else:
        _petals(pen, u, (count, turn), pen.body)
    _eye(pen, u * float(rng.uniform(0.28, 0.36)))


def _beside(pen: Pen) -> None:
    """Draw the flower from the side: a fan of petals above half an eye."""
    u, base = pen.unit, 0.25 * pen.unit
    breadth = 0.42 * u if pen.level else 0.5 * u
    leans = (-1.35, 1.35, -0.9, 0.9, -0.45, 0.45, 0.0) if pen.level else (-1.2, 1.2, -0.6, 0.6, 0.0)
    for lean in leans:
        pen.lay(Shape(placed(petal((1.2 - 0.12 * abs(lean)) * u, breadth), lean, 0, base), pen.body), cut=0.9)
    eye = pen.style.ink("accent", on=pen.body) or pen.green
    pen.lay(Shape(placed(petal(0.5 * u, 0.84 * u, inner=-0.14 * u), math.pi, 0, base - 0.24 * u), eye))
    pen.part("petals", "centers")


def _bud(pen: Pen, at: tuple[float, float, float], size: float) -> None:
    """Lay a bud at (x, y, angle): three short petals out of a green cup."""
    x, y, angle = at
    for lean in (-0.5, 0.5, 0.0):
        pen.lay(Shape(placed(petal(size, size * 0.52), angle + lean, x, y), pen.body), cut=0.9)
    pen.lay(Shape(placed(petal(size * 0.56, size * 0.8, inner=-size * 0.1), angle, x, y), pen.green))
    pen.part("buds")


def _stalk(pen: Pen, rng: Chance, top: float, length: float) -> None:
    """Lay a stem with a pair of leaves or one, and sometimes a second stem with a bud."""
    u, bow = pen.unit, float(rng.uniform(-0.12, 0.12))
    sides = ((-1, 1), (-1,), (1,), ())[rng.pick("leaves", 4, p=(0.5, 0.16, 0.16, 0.18))]
    side = 1 if bow < 0 else -1
    budded = pen.level > 1 and rng.yes("bud", 0.35)
    fork = (-bow * length * 0.6, top + 0.78 * length)
    tip = (side * 1.0 * u, top + 0.34 * length)
    leaves = [Leaf(*fork, s * 0.8, 1.15 * u, 0.46 * u, -0.12 * s) for s in sides if not (budded and s == side)]
    stems = [curve((0, top), (0, top + length), bow)] + ([curve(fork, tip, -0.14 * side)] if budded else [])
    pen.leaves(leaves, stems=stems, thick=0.14)
    if budded:
        _bud(pen, (*tip, 0.3 * side), 0.62 * u)


_FORM_NAMES = ("above", "leafy", "stem", "aside")


@family("daisy", nouns=("daisy", "daisies"), weight=1.6, scales=(30.0, 112.0))
def daisy(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a daisy from above, among leaves, or on its stem from above or from the side."""
    form = rng.pick("form", 4, p=(0.4, 0.16, 0.26, 0.18), called=_FORM_NAMES)
    pen = Pen(radius, style, span=(1.0, 1.3, 1.7 if radius > 24 else 1.45, 1.5)[form])
    u = pen.unit
    if form == 1:
        count, turn = rng.pick("leaves", range(2, 5)), rng.turn()
        around = (turn + 2 * math.pi * i / count for i in range(count))
        pen.leaves([Leaf(*polar(a, 0.5 * u), a, 0.95 * u, 0.54 * u, 0.1) for a in around])
    if form == 2:
        _stalk(pen, rng, 0.3 * u, (2.1 if radius > 24 else 1.7) * u)
    if form == 3 and rng.yes("stalk", 0.75):
        _stalk(pen, rng, 0.3 * u, 1.7 * u)
    if form == 3:
        _beside(pen)
    else:
        _above(pen, rng)
    return pen.motif()
