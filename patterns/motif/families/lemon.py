"""Lemons: fruit with pores and leaves, sometimes a cut half with its segments."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, dots, merged, placed, polar, spike


def _fruit(pen: Pen, at: tuple[float, float, float], u: float) -> None:
    """Lay a whole lemon hanging at (x, y), turned by an angle."""
    x, y, angle = at
    body = blob(
        u,
        (0, -0.78),
        (0.18, -0.7),
        (0.54, -0.46),
        (0.7, 0.02),
        (0.52, 0.46),
        (0.2, 0.7),
        (0.13, 0.86),
        (0, 0.92),
        (-0.13, 0.86),
        (-0.2, 0.7),
        (-0.52, 0.46),
        (-0.7, 0.02),
        (-0.54, -0.46),
        (-0.18, -0.7),
    )
    pen.lay(Shape(placed(body, angle, x, y), pen.body))
    shine = spike((-0.38 * u, -0.36 * u), (-0.34 * u, 0.4 * u), max(pen.width * 1.5, u * 0.13), bow=0.16)
    pen.vein([placed(shine, angle, x, y)], on=pen.body, role="detail", level=0)
    pores = [(0.26, -0.22), (0.4, 0.06), (0.22, 0.16), (0.2, 0.42)]
    pen.vein([placed(dots([(a * u, b * u) for a, b in pores], u * 0.045), angle, x, y)], on=pen.body)


def _half(pen: Pen, at: tuple[float, float], u: float) -> None:
    """Lay a cut half: rind, pith, and segments like wheel spokes."""
    pen.lay(Shape(dots([at], u), pen.body))
    pith = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else 0
    pen.ink(dots([at], u * 0.84), pith)
    count = 6 if u < 11 * pen.width else 8
    flesh = pen.style.ink("accent", on=pith) if pen.style.inks > 3 else pen.body
    half = math.pi / count - 0.075 - 0.3 * pen.width / u
    wedge = skia.Path()
    wedge.moveTo(0, -u * 0.2)
    wedge.lineTo(*polar(-half, u * 0.74))
    wedge.quadTo(0, -u * 0.8, *polar(half, u * 0.74))
    wedge.close()
    pen.ink(merged(placed(wedge, 2 * math.pi * i / count, *at) for i in range(count)), flesh)
    pen.part("cut half")


@family("lemon", weight=0.0, nouns=("lemon", "lemons"), scales=(24.0, 96.0))
def lemon(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a lemon beneath its leaves, or a lemon and a cut half, or a half alone."""
    form = int(rng.choice(3, p=(0.55, 0.3, 0.15))) if radius > 14 else int(rng.choice((0, 2)))
    pen = Pen(radius, style, span=(1.15, 1.5, 1.0)[form])
    u = pen.unit
    if form == 2:
        _half(pen, (0, 0), u)
        return pen.motif()
    lean = float(float(rng.choice((-1, 1))) * rng.uniform(0.2, 1.0))
    top = polar(lean, 0.7 * u)
    bends = [
        Leaf(*top, lean + a, u * rng.uniform(0.9, 1.1), u * 0.48, 0.15)
        for a in ((-1.2, 1.1), (1.2,), (-1.1, 0.3, 1.3))[int(rng.integers(3))]
    ]
    pen.leaves(bends, stems=[curve(top, polar(lean + 0.1, 1.12 * u), 0.1)], thick=0.12)
    _fruit(pen, (0, 0, lean), u)
    if form == 1:
        _half(pen, (float(rng.choice((-1, 1))) * 0.72 * u, 0.72 * u), 0.62 * u)
    return pen.motif()
