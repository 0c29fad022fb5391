"""Dahlias from above: rings of pointed petals, each ring between the points of the last, close to the middle."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, dots, merged, placed, polar, ring


def _point(length: float, half: float) -> skia.Path:
    """Return a petal from the origin up, ``half`` radians wide to either side, with a short point."""
    path = skia.Path()
    path.moveTo(0, 0)
    path.cubicTo(*polar(-half * 0.9, length * 0.35), *polar(-half * 1.5, length * 0.82), 0, -length)
    path.cubicTo(*polar(half * 1.5, length * 0.82), *polar(half * 0.9, length * 0.35), 0, 0)
    path.close()
    return path


def _bloom(pen: Pen, rng: Chance, at: tuple[float, float]) -> None:
    """Lay the rings from outside to inside, in two inks by turns where there are."""
    u = pen.unit
    count = 8 if u < 24 else rng.pick("petals", (8, 10)) if u < 34 else rng.pick("petals", (10, 12))
    step = max((0.34 if u < 26 else 0.27) * u, pen.width + 4.5)
    turn = rng.turn()
    pale = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 and rng.yes("pale", 0.6) else 0
    far, k = u, 0
    while far > 0.36 * u:
        ink = pale if pale and k % 2 else pen.body
        path, turns = _point(far, math.pi / count), [turn + 2 * math.pi * i / count for i in range(count)]
        petals = [placed(path, a, *at) for a in turns]
        if far * math.pi / count < 2.4 * pen.width:
            pen.lay(Shape(merged(petals), ink))
        for petal in petals if far * math.pi / count >= 2.4 * pen.width else ():
            pen.lay(Shape(petal, ink), cut=0.9)
        far, k, turn = far - step, k + 1, turn + math.pi / count
    eye = pen.style.ink("accent", on=pen.body)
    size = max(0.16 * u, 1.6 * pen.width)
    pen.lay(Shape(dots([at], size), eye or pen.body))
    if size > 3.6 * pen.width:
        seeds = [(x + at[0], y + at[1]) for x, y in [(0.0, 0.0), *ring(5, size * 0.58)]]
        pen.ink(dots(seeds, size * 0.16), pen.style.ink("line", on=eye) if eye else 0)
    pen.part("petals", "centers", "layered")


_FORM_NAMES = ("alone", "leafy", "stem")


@family("dahlia", nouns=("dahlia", "dahlias"), scales=(40.0, 112.0))
def dahlia(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a dahlia from above, alone, among leaves, or on its stem."""
    form = rng.pick("form", 3, p=(0.45, 0.3, 0.25), called=_FORM_NAMES) if radius > 32 else 0
    pen = Pen(radius, style, span=(1.0, 1.3, 1.45)[form])
    u = pen.unit
    if form == 1:
        count, turn = rng.pick("leaves", range(1, 4)), rng.turn()
        for a in (turn + (2 * math.pi * i / 3 if count == 3 else 1.0 * i) for i in range(count)):
            pen.leaves([Leaf(*polar(a, 0.6 * u), a, 0.95 * u, 0.62 * u, 0.1)])
    if form == 2:
        bow = float(rng.uniform(-0.1, 0.1))
        sides = ((-1, 1), (-1,), (1,))[rng.pick("leaves", range(3))]
        leaves = [Leaf(0, 1.7 * u, s * 0.95, 1.1 * u, 0.56 * u, -0.1 * s) for s in sides]
        pen.leaves(leaves, stems=[curve((0, 0), (0, 2.0 * u), bow)], thick=0.14)
    _bloom(pen, rng, (0.0, 0.0))
    return pen.motif()
