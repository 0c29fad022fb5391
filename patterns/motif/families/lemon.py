"""Lemons: plump pointed fruit under big leaves, cut halves with their segments, and blossoms."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, blossom, curve, dots, merged, placed, polar

_FRUIT = (
    (0, -0.86), (0.22, -0.72), (0.58, -0.42), (0.7, 0.02), (0.54, 0.46), (0.22, 0.72), (0.14, 0.88), (0, 0.98),
    (-0.14, 0.88), (-0.22, 0.72), (-0.54, 0.46), (-0.7, 0.02), (-0.58, -0.42), (-0.22, -0.72),
)  # fmt: skip


def _fruit(pen: Pen, at: tuple[float, float, float], u: float) -> None:
    """Lay a whole lemon hanging at (x, y), turned by an angle, with a highlight down its side."""
    x, y, angle = at
    pen.lay(Shape(placed(blob(u, *_FRUIT), angle, x, y), pen.body))
    if pen.level and u > 7 * pen.width:
        shine = placed(curve((-0.4 * u, -0.26 * u), (-0.4 * u, 0.24 * u), -0.18), angle, x, y)
        ink = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else 0
        pen.ink(shine, ink, max(pen.width, 0.11 * u))
    if pen.level > 1 and u > 11 * pen.width:
        pores = [(0.26, -0.26), (0.42, 0.04), (0.2, 0.14), (0.28, 0.42)]
        pen.vein([placed(dots([(a * u, b * u) for a, b in pores], max(1.2, 0.05 * u)), angle, x, y)], on=pen.body)
    pen.part("fruit")


def _half(pen: Pen, at: tuple[float, float], u: float) -> None:
    """Lay a cut half: rind, pith, and segments like the spokes of a wheel."""
    pen.lay(Shape(dots([at], u), pen.body))
    pith = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else 0
    rind = max(0.14 * u, 1.2 * pen.width)
    pen.ink(dots([at], u - rind), pith)
    count = 5 if u < 9 * pen.width else 6 if u < 14 * pen.width else 8
    flesh = pen.style.ink("accent", on=pith) if pen.style.inks > 3 else pen.body
    far, near = u - rind - pen.width, 0.5 * pen.width / math.sin(math.pi / count)
    half = math.pi / count - 0.55 * pen.width / far
    wedge = skia.Path()
    wedge.moveTo(0, -near)
    wedge.lineTo(*polar(-half, far * 0.96))
    wedge.quadTo(0, -far * 1.1, *polar(half, far * 0.96))
    wedge.close()
    pen.ink(merged(placed(wedge, 2 * math.pi * i / count, *at) for i in range(count)), flesh)
    pen.part("cut half")


_FORM_NAMES = ("bare", "leafy", "beside", "half")


@family("lemon", nouns=("lemon", "lemons"), scales=(32.0, 112.0), weight=1.4)
def lemon(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a lemon bare or beneath its leaves, a lemon with a blossom or a cut half, or a half alone."""
    form = (
        rng.pick("form", 4, p=(0.18, 0.4, 0.3, 0.12), called=_FORM_NAMES)
        if radius > 20
        else rng.pick("form", (0, 1, 1, 1, 3), called=_FORM_NAMES)
    )
    pen = Pen(radius, style, span=(1.0, 1.2, 1.4, 1.0)[form])
    u, side = pen.unit, rng.side()
    if form == 3:
        _half(pen, (0, 0), u)
        return pen.motif()
    lean = side * float(rng.uniform(0.15, 0.6))
    if form == 0:
        _fruit(pen, (0, 0, lean), u)
        return pen.motif()
    top = polar(lean, 0.72 * u)
    sides = ((-1, 1), (side,))[int(rng.yes("one leaf", 0.4))]
    leaves = [Leaf(*top, lean + s * 1.1, u * 1.12, u * 0.58, -0.12 * s) for s in sides]
    pen.leaves(leaves, stems=[curve(top, polar(lean + 0.12, 1.2 * u), 0.1)], thick=0.13)
    _fruit(pen, (0, 0, lean), u)
    if form == 2 and rng.yes("half", 0.6):
        _half(pen, (side * 0.78 * u, 0.7 * u), 0.66 * u)
    elif form == 2:
        blossom(pen, (top[0] - side * 0.35 * u, top[1] - 0.1 * u), 0.5 * u, plump=0.8, eye=0.32)
    return pen.motif()
