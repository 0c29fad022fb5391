"""Roses: round petals that wind into a spiral heart, from above, from the side on a stem, or in bud."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, dots, leaf_path, merged, placed, polar, ring

# Whorls of a rose from above, from outside: (size in units, petals).
_WHORLS = ((1.0, 5), (0.68, 4), (0.42, 3))


def _winding(pen: Pen, rng: Chance) -> None:
    """Draw the flower from above: whorls whose petals each tuck under the next, around a rolled heart."""
    u, turn = pen.unit, rng.turn()
    whorls = _WHORLS[: 1 if u < 12 else 2 if u < 24 else 3]
    inner = _inner(pen, rng)
    for k, (size, count) in enumerate(whorls):
        _whorl(pen, (u * size, count), turn + k * 0.6, inner if 0 < k == len(whorls) - 1 else pen.body)
    _heart(pen, (0, 0), u * whorls[-1][0] * 0.5, (inner if len(whorls) > 1 else pen.body, turn))
    pen.part("petals")


def _inner(pen: Pen, rng: Chance) -> int:
    return pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 and rng.yes("pale", 0.5) else pen.body


def _whorl(pen: Pen, size: tuple[float, int], turn: float, ink: int) -> None:
    """Lay a lobed disk and cut it into petals by arcs that sweep inward the same way around."""
    far, count = size
    lobes = dots([*ring(count, far * 0.48, turn=turn), (0, 0)], far * 0.54)
    pen.lay(Shape(lobes, ink))
    for i in range(count) if far > 5 * pen.width else ():
        start = turn + 2 * math.pi * (i + 0.5) / count
        pen.ink(curve(polar(start, far * 0.84), polar(start + 3.4 / count, far * 0.56), 0.16), pen.edge, pen.width)


def _heart(pen: Pen, at: tuple[float, float], size: float, seen: tuple[int, float]) -> None:
    """Lay the rolled heart, a disk with a spiral in it, on an ink and turned as ``seen``."""
    on, turn = seen
    heart = pen.style.ink("accent", on=on) or on
    pen.lay(Shape(dots([at], size), heart))
    if size < 3.0 * pen.width:
        return
    steps = [polar(turn + 2 * math.pi * 1.1 * t, size * (0.12 + 0.88 * t), *at) for t in np.linspace(0, 1, 14)]
    spiral = skia.Path()
    spiral.addPoly([skia.Point(*p) for p in steps], False)
    pen.ink(spiral, pen.edge, max(pen.width, size * 0.14))


def _cup(pen: Pen, rng: Chance) -> None:
    """Draw the flower from the side: petals that fold outward around a rolled heart."""
    u, inner = pen.unit, _inner(pen, rng)
    pen.lay(Shape(blob(u, (0, -0.98), (0.56, -0.8), (0.66, -0.2), (0, 0.4), (-0.66, -0.2), (-0.56, -0.8)), inner))
    if pen.level:
        _heart(pen, (0.0, -0.5 * u), 0.36 * u, (inner, 2.0))
    for s in (-1, 1):
        side = ((0.02, 0.78), (0.7, 0.5), (1.0, -0.1), (0.92, -0.62), (0.56, -0.3), (0.16, 0.1))
        pen.lay(Shape(blob(u, *((s * x, y) for x, y in side)), pen.body))
    front = blob(u, (0, 0.8), (0.46, 0.46), (0.52, 0.02), (0.1, -0.26), (-0.42, -0.12), (-0.5, 0.3))
    pen.lay(Shape(front, pen.body))
    pen.part("petals")


def _sepals(pen: Pen, y: float, size: float, lean: float) -> None:
    """Lay the pointed sepals beneath a flower or bud, with the knob they stand on."""
    points = [placed(leaf_path(size, size * 0.5, 0.0), a, 0, y) for a in (-lean, lean)]
    pen.lay(Shape(merged([*points, dots([(0, y + size * 0.08)], size * 0.26)]), pen.green))


def _bud(pen: Pen) -> None:
    """Draw a closed bud: two petals folded over each other."""
    u = pen.unit
    pen.lay(Shape(blob(u, (0.1, -1.0), (0.5, -0.5), (0.52, 0.2), (0, 0.75), (-0.5, 0.2), (-0.46, -0.4)), pen.body))
    fold = curve((-0.02 * u, -0.98 * u), (0.3 * u, 0.62 * u), -0.3)
    pen.ink(fold, pen.edge, max(pen.width, 0.1 * u))
    pen.part("buds")


def _stalk(pen: Pen, rng: Chance, top: float, length: float) -> None:
    """Lay a stem down from (0, top) with leaflets in threes at either side or at one."""
    u, bow = pen.unit, float(rng.uniform(-0.1, 0.1))
    sides = ((-1, 1), (-1,), (1,), ())[rng.pick("stalk leaves", 4, p=(0.5, 0.2, 0.2, 0.1))]
    leaves = [
        Leaf(-bow * length * 0.5, top + length * (0.78 if s < 0 else 0.7), s * a, u * long, u * long * 0.52, -0.08 * s)
        for s in sides
        for a, long in ((0.85, 1.1),)
    ]
    pen.leaves(leaves, stems=[curve((0, top), (0, top + length), bow)], thick=0.15)


def _around(pen: Pen, rng: Chance) -> None:
    """Lay two to four leaves behind the flower, evenly or as a pair."""
    u, turn, count = pen.unit, rng.turn(), rng.pick("leaves", range(1, 5))
    step = 2 * math.pi / count if count > 2 else 0.95
    for i in range(count):
        a = turn + step * i
        pen.leaves([Leaf(*polar(a, 0.5 * u), a, 1.02 * u, 0.66 * u, 0.08)])


_FORM_NAMES = ("open", "cup", "bud")


@family("rose", nouns=("rose", "roses"), weight=1.8, scales=(36.0, 112.0))
def rose(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a rose from above, from the side or in bud, with leaves or a stem or without."""
    form = rng.pick("form", 3, p=(0.55, 0.31, 0.14), called=_FORM_NAMES)
    green = rng.yes("green", 0.65) or form == 2
    pen = Pen(radius, style, span=(1.35, 1.6, 1.6)[form] if green else 1.0)
    u = pen.unit
    if form == 0:
        if green:
            _around(pen, rng)
        _winding(pen, rng)
        return pen.motif()
    if green:
        _stalk(pen, rng, 0.7 * u, 1.5 * u)
        _sepals(pen, *((0.84 * u, 0.62 * u, 1.85) if form == 1 else (0.72 * u, 0.72 * u, 1.35)))
    if form == 1:
        _cup(pen, rng)
    else:
        _bud(pen)
    return pen.motif()
