"""Thistles: a crown of bristles out of a round scaly cup, on a prickly stem with jagged leaves."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, blob, curve, leaf_path, merged, placed, polygon, spike

# Thorns that stand off the cup's sides: (lean, height in units), from above.
_BRACTS = ((0.6, -0.1), (1.0, 0.2), (1.4, 0.48))


def _crown(pen: Pen, size: float, base: float) -> None:
    """Lay the bristles: a fan of narrow blades from (0, base), the middle ones on top."""
    count = 5 if size < 11 * pen.width else 7 if size < 20 * pen.width else 9
    spread = 0.85
    step = 2 * spread / (count - 1)
    pale = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else pen.body
    for k in sorted(range(count), key=lambda k: -abs(k - (count - 1) / 2)):
        angle, long = (k - (count - 1) / 2) * step, size * (1.0 if k % 2 else 0.9)
        half = long * math.tan(step * 0.5)
        blade = polygon([(0, 0), (-half * 0.82, -long * 0.74), (0, -long), (half * 0.82, -long * 0.74)])
        pen.lay(Shape(placed(blade, angle, 0, base), pen.body if k % 2 == 0 else pale), cut=0.85)
    pen.part("petals")


def _cup(pen: Pen, u: float, y: float) -> None:
    """Lay the round cup, netted with scales, its middle at (0, y)."""
    cup = blob(
        u, (0, -0.62), (0.44, -0.5), (0.66, 0.0), (0.46, 0.5), (0, 0.66), (-0.46, 0.5), (-0.66, 0.0), (-0.44, -0.5)
    )
    bracts = [
        placed(leaf_path(0.5 * u, 0.24 * u, 0.0), s * a, s * 0.5 * u, y + b * u) for s in (-1, 1) for a, b in _BRACTS
    ]
    pen.lay(Shape(placed(cup, 0, 0, y), pen.green), *(Shape(p, pen.green) for p in bracts if u > 7 * pen.width))
    if u < 7 * pen.width:
        return
    net, width = pen.style.ink("accent", on=pen.green) if pen.style.inks > 3 else 0, max(pen.width, 0.09 * u)
    for height in (-0.16, 0.2) if u > 12 * pen.width else (0.0,):
        across = 0.56 - abs(height) * 0.4
        zigzag = skia.Path()
        zigzag.moveTo(-across * u, y + (height - 0.1) * u)
        for k in range(1, 7):
            zigzag.lineTo((k / 3 - 1) * across * u, y + (height + (0.14 if k % 2 else -0.1)) * u)
        pen.ink(zigzag, net, width)
    pen.part("scales")


def _jagged(length: float, width: float, teeth: int) -> skia.Path:
    """Return a leaf from the origin up, its edges cut into teeth that point up and outward."""
    side = []
    for k in range(teeth):
        far = width * (0.5 - 0.22 * k / teeth)
        side += [(width * 0.16, -length * (0.12 + 0.7 * k / teeth)), (far, -length * (0.34 + 0.68 * k / teeth))]
    side.append((width * 0.13, -length * 0.8))
    return polygon([(0, 0), *side, (0, -length), *((-x, y) for x, y in reversed(side))])


def _leaves(pen: Pen, rng: Chance, u: float, foot: float) -> None:
    """Lay the stem down to (0, foot) with a jagged leaf at either side or at one."""
    sides = ((-1, 1), (-1, 1), (-1,), (1,), ())[rng.pick("leaves", range(5))]
    stem = Shape(
        curve((0, 0.3 * u), (0, foot), float(rng.uniform(-0.06, 0.06))), pen.green, max(1.2 * pen.width, 0.15 * u)
    )
    at = foot - 0.25 * u
    leaf = _jagged(1.7 * u, 1.0 * u, 3) if u > 8 * pen.width else leaf_path(1.5 * u, 0.7 * u, 0.0)
    paths = [placed(leaf, s * 0.72, 0, at) for s in sides]
    pen.lay(stem, *(Shape(p, pen.green) for p in paths))
    pen.part("stems", *(["leaves"] if sides else []), *(["thorns"] if sides and u > 8 * pen.width else []))
    if pen.level > 1 and sides:
        ribs = [spike((0, -0.3 * u), (0, -1.35 * u), 1.7 * pen.width)]
        pen.vein([placed(merged(ribs), s * 0.72, 0, at) for s in sides], on=pen.green)
        pen.part("veins")


@family("thistle", nouns=("thistle", "thistles"), directed=True, scales=(36.0, 112.0), weight=0.8)
def thistle(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a thistle on its stem, with leaves or without, or the head alone."""
    alone = rng.yes("alone", 0.25)
    pen = Pen(radius, style, span=1.1 if alone else 1.75)
    u = pen.unit
    if not alone:
        _leaves(pen, rng, u, 2.5 * u)
    _crown(pen, 1.5 * u, 0.02 * u)
    _cup(pen, u, 0.3 * u)
    return pen.motif()
