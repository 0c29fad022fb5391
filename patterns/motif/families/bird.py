"""Birds from the side, with feathered wing and tail, sometimes on a branch."""

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, dots, drop, merged, petal, placed, polygon

_BODY = (
    (-0.66, -0.62),
    (-0.84, -0.34),
    (-0.72, 0.12),
    (-0.28, 0.5),
    (0.28, 0.36),
    (0.66, 0.04),
    (0.2, -0.2),
    (-0.2, -0.5),
    (-0.42, -0.72),
)


def _tail(pen: Pen, rng: np.random.Generator) -> None:
    u = pen.unit
    lift, long = float(rng.uniform(1.6, 1.95)), float(rng.uniform(0.85, 1.25))
    for i, ink in enumerate((pen.green, pen.body, pen.green) if pen.level > 1 else (pen.green, pen.body)):
        pen.lay(
            Shape(placed(petal(u * long * (1 - 0.12 * i), u * 0.26), lift + 0.24 * (i - 1), 0.38 * u, 0.1 * u), ink),
            cut=0.8,
        )
    pen.part("tail")


def _wing(pen: Pen, rng: np.random.Generator) -> None:
    """Lay flight feathers from the longest down, then the shoulder over them."""
    u, turn = pen.unit, float(rng.uniform(-0.12, 0.12))
    raised = rng.random() < 0.35
    for i in range(4 if pen.level > 1 else 2):
        angle = (0.35 + 0.3 * i if raised else 1.45 + 0.24 * i) + turn
        pen.lay(
            Shape(
                placed(petal(u * (0.98 - 0.11 * i), u * (0.3 if pen.level > 1 else 0.4)), angle, -0.28 * u, -0.14 * u),
                pen.green,
            ),
            cut=0.75,
        )
    shoulder = placed(drop(u * 0.62, u * 0.5), -1.2 if not raised else -2.0, -0.2 * u, -0.04 * u)
    pen.lay(Shape(shoulder, pen.body), cut=0.75)
    spot = pen.style.ink("accent", on=pen.body)
    pen.vein([dots([(-0.24 * u, -0.03 * u)], u * 0.085)], on=pen.body, role="accent" if spot else "line")
    pen.part("wing")


@family("bird", weight=0.0, nouns=("bird", "birds"), directed=True, scales=(32.0, 96.0))
def bird(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a bird that looks left; the layout mirrors it."""
    perched = radius > 15 and rng.random() < 0.5
    pen = Pen(radius, style, span=1.25)
    u = pen.unit
    if perched:
        branch = curve((-1.1 * u, 0.82 * u), (1.15 * u, 0.62 * u), 0.06)
        spots = ((-0.75, 0.5), (0.75, 2.6), (0.95, 0.75))
        pen.leaves([Leaf(x * u, 0.74 * u, a, u * 0.55, u * 0.3) for x, a in spots], stems=[branch], thick=0.1)
        legs = [curve((x * u, 0.4 * u), (x * u, 0.76 * u)) for x in (-0.2, 0.02)]
        pen.ink(merged(legs), style.ink("accent") or pen.body, pen.width * 1.1)
        pen.part("branch")
    _tail(pen, rng)
    beak = style.ink("accent") or pen.body
    pen.lay(Shape(polygon([(-0.74 * u, -0.62 * u), (-1.12 * u, -0.4 * u), (-0.76 * u, -0.3 * u)]), beak), cut=0.6)
    if rng.random() < 0.35:
        pen.lay(
            *(Shape(placed(petal(u * 0.34, u * 0.12), a, -0.5 * u, -0.66 * u), beak) for a in (-0.2, 0.25, 0.7)),
            cut=0.5,
        )
        pen.part("crest")
    pen.lay(Shape(blob(u, *_BODY), pen.body), cut=0.8)
    breast = [
        placed(drop(u * 0.13, u * 0.1), 0.4, x * u, y * u)
        for x, y in ((-0.6, -0.02), (-0.46, 0.14), (-0.58, 0.16), (-0.3, 0.3), (-0.44, 0.3))
    ]
    pen.vein(breast, on=pen.body, role="detail")
    _wing(pen, rng)
    eye = (-0.58 * u, -0.44 * u)
    pen.ink(dots([eye], max(1.2, u * 0.095)), 0)
    pen.vein([dots([eye], u * 0.045)], on=0)
    return pen.motif()
