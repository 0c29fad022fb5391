"""Carnations from the side: a fan of toothed petals over a slim cup, as on Ottoman tiles, on a stem or alone."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, drop, placed, polar, spike


def _toothed(length: float, half: float, teeth: int) -> skia.Path:
    """Return a wedge from the origin up, ``half`` radians wide to either side, whose rim is cut into teeth."""
    path = skia.Path()
    path.moveTo(0, 0)
    for i in range(2 * teeth + 1):
        t = i / teeth - 1
        point = polar(t * half, length * (1.0 - 0.07 * t * t - (0.0 if i % 2 else 0.15)))
        if i:
            path.lineTo(*point)
        else:
            path.quadTo(*polar(-half * 0.9, length * 0.45), *point)
    path.quadTo(*polar(half * 0.9, length * 0.45), 0, 0)
    path.close()
    return path


def _fan(pen: Pen, size: tuple[float, float, int], base: float, ink: int) -> None:
    """Lay a fan of (length px, half spread, count) petals from (0, base), the outermost first."""
    length, spread, count = size
    half = spread / (count - 1) * 1.02
    teeth = 2 if length * half < 6.5 * pen.width else 3
    for k in sorted(range(count), key=lambda k: -abs(k - (count - 1) / 2)):
        angle = spread * (2 * k / (count - 1) - 1)
        pen.lay(Shape(placed(_toothed(length, half, teeth), angle, 0, base), ink))


def _bloom(pen: Pen, rng: Chance) -> None:
    """Lay an outer fan of petals, an inner one where there is room, a flame in the middle, and the cup."""
    u, base, spread = pen.unit, 0.55 * pen.unit, float(rng.uniform(1.05, 1.25))
    pale = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 and rng.yes("pale", 0.7) else pen.body
    _fan(pen, (1.5 * u, spread, 5), base, pen.body)
    if u > 9 * pen.width:
        _fan(pen, (0.98 * u, spread * 0.72, 3), base, pale)
    if u > 14 * pen.width:
        veins = [
            spike(polar(a, 1.22 * u, 0, base), polar(a, 0.98 * u, 0, base), 1.6 * pen.width) for a in (-0.55, 0.0, 0.55)
        ]
        pen.vein([placed(v, 0) for v in veins], on=pen.body)
    cup = blob(u, (0, 0.28), (0.34, 0.2), (0.3, 0.66), (0.12, 1.1), (-0.12, 1.1), (-0.3, 0.66), (-0.34, 0.2))
    pen.lay(Shape(cup, pen.green))
    if u > 8 * pen.width:
        ink = pen.style.ink("accent", on=pen.green)
        pen.ink(placed(drop(u * 0.5, max(0.26 * u, 2.4)), math.pi, 0, u * 0.62), ink)
    pen.part("petals", "calyx")


@family("carnation", nouns=("carnation", "carnations"), directed=True, scales=(36.0, 112.0), weight=0.9)
def carnation(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a carnation on its stem, with narrow leaves or without, or the bloom alone."""
    alone = rng.yes("alone", 0.28)
    pen = Pen(radius, style, span=1.25 if alone else 1.75)
    u = pen.unit
    if not alone:
        bow, foot = float(rng.uniform(-0.1, 0.1)), 2.4 * u
        sides = ((-1, 1), (-1, 1), (-1,), (1,), ())[rng.pick("leaves", range(5))]
        leaves = [Leaf(-bow * u, foot - 0.35 * u, s * 0.85, 1.35 * u, 0.44 * u, 0.22 * s) for s in sides]
        pen.leaves(leaves, stems=[curve((0, u), (0, foot), bow)], thick=0.14)
    _bloom(pen, rng)
    return pen.motif()
