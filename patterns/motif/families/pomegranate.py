"""Pomegranates: a crowned round fruit, whole or opened on its seeds, with leaves."""

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, dots, drop, leaf_path, placed, polygon, spike


def _crown(pen: Pen, u: float) -> None:
    """Lay the calyx: three or five flaring points."""
    points = [(-0.2, -0.6), (-0.36, -1.2), (-0.14, -0.96), (0, -1.24), (0.14, -0.96), (0.36, -1.2), (0.2, -0.6)]
    pen.lay(Shape(polygon([(x * u, y * u) for x, y in points]), pen.body))


def _seeds(pen: Pen, rng: np.random.Generator) -> None:
    """Open the fruit on a lens of seeds."""
    u = pen.unit
    flesh = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else 0
    pen.ink(placed(leaf_path(1.3 * u, 0.8 * u, 0.0), 0.0, 0, 0.72 * u), flesh)
    seed = pen.style.ink("accent", on=flesh) if pen.style.inks > 2 else pen.body
    rows = [(-0.28, 1), (-0.02, 2), (0.25, 2), (0.47, 1)]
    for y, count in rows:
        for i in range(count):
            x = (i - (count - 1) / 2) * 0.29
            pen.ink(placed(drop(u * 0.29, u * 0.22), x * 1.2, x * u, y * u), seed)
    pen.part("seeds")


@family("pomegranate", weight=0.0, nouns=("pomegranate", "pomegranates"), scales=(26.0, 96.0))
def pomegranate(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a pomegranate, its crown up, with leaves from below."""
    leafy = radius > 13 and rng.random() < 0.75
    pen = Pen(radius, style, span=1.3 if leafy else 1.05)
    u = pen.unit
    if leafy:
        sides = ((-1, 1), (-1,), (1,))[int(rng.choice(3, p=(0.6, 0.2, 0.2)))]
        leaves = [
            Leaf(0, 1.08 * u, s * rng.uniform(1.65, 1.85), u * rng.uniform(1.25, 1.45), u * 0.5, -0.32 * s)
            for s in sides
        ]
        pen.leaves(leaves, stems=[curve((0, 0.7 * u), (0.12 * u, 1.42 * u), 0.1)], thick=0.15)
    _crown(pen, u)
    pen.lay(
        Shape(
            blob(
                u,
                (0, -0.78),
                (0.55, -0.6),
                (0.86, 0.05),
                (0.6, 0.68),
                (0, 0.88),
                (-0.6, 0.68),
                (-0.86, 0.05),
                (-0.55, -0.6),
            ),
            pen.body,
        )
    )
    if pen.level and rng.random() < 0.7:
        _seeds(pen, rng)
        cuts = [
            spike((s * 0.5 * u, -0.42 * u), (s * 0.56 * u, 0.45 * u), pen.width * 1.4, bow=0.2 * s) for s in (-1, 1)
        ]
    else:
        cuts = [
            spike((x * u, 0.66 * u), (x * 0.5 * u, -0.55 * u), pen.width * 1.6, bow=-0.25 * x)
            for x in (-0.46, 0.0, 0.46)
        ]
    pen.vein(cuts, on=pen.body, level=0)
    band = pen.style.ink("accent", on=pen.body)
    pen.vein(
        [dots([(-0.2 * u, -0.73 * u), (0, -0.76 * u), (0.2 * u, -0.73 * u)], u * 0.065)],
        on=pen.body,
        role="accent" if band else "line",
        level=1,
    )
    pen.part("crown")
    return pen.motif()
