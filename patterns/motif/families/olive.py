"""Olive branches: narrow leaves in pairs along a bowed twig, with round olives on short stalks."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, half_leaf, merged, placed, polar


def _olive(pen: Pen, at: tuple[float, float], angle: float, size: float) -> None:
    """Lay one olive hanging from ``at``, with a glint."""
    fruit = blob(
        size, (0, -1.0), (0.62, -0.6), (0.78, 0.1), (0.5, 0.8), (0, 1.05), (-0.5, 0.8), (-0.78, 0.1), (-0.62, -0.6)
    )
    middle = polar(angle, size, *at)
    ink = pen.style.ink("accent", on=pen.body) or pen.body
    pen.lay(Shape(placed(fruit, angle, *middle), ink))
    if size > 3 * pen.width:
        glint = placed(curve((-0.32 * size, -0.4 * size), (-0.32 * size, 0.2 * size), -0.2), angle, *middle)
        pen.ink(glint, pen.style.ink("detail", on=ink) if pen.style.inks == 6 else 0, max(0.9 * pen.width, 0.18 * size))
    pen.part("fruit")


def _lay(
    pen: Pen, growth: tuple[list[Leaf], list[tuple[float, float, float]]], stem: skia.Path, *, shaded: bool
) -> None:
    """Lay the twig with (leaves, where olives hang), the leaves' right halves in another ink if ``shaded``."""
    leaves, fruits = growth
    stems = [stem, *(curve((x, y), polar(a, 0.34 * pen.unit, x, y)) for x, y, a in fruits)]
    pen.green = pen.body
    pen.leaves(leaves, stems=stems, thick=0.08)
    if pen.style.inks > 4 and not pen.edge:
        pen.ink(merged(stems), pen.style.ink("line"), max(pen.width, 0.07 * pen.unit))
    second = pen.style.ink("second", on=pen.body)
    if shaded and second and second != pen.edge and leaves[0].width > 3.2 * pen.width:
        pen.ink(merged(placed(half_leaf(f.length, f.width, f.bend), f.angle, f.x, f.y) for f in leaves), second)


@family("olive", nouns=("olive branch", "olive branches"), scales=(36.0, 112.0), weight=0.9)
def olive(rng: Chance, radius: float, style: Style) -> Motif:
    """Return an olive branch, with olives or without, its leaves in the main ink, plain or half shaded."""
    pen = Pen(radius, style, span=1.15)
    u, s = pen.unit, rng.side()
    bow = 0.5 * s * float(rng.uniform(0.7, 1.1))
    pairs = int(np.clip(1.5 * u / (3.0 * pen.width + 4.0), 2, rng.pick("pairs", range(3, 5))))

    def at(t: float) -> tuple[float, float, float]:
        return bow * u * t * t, u * (1.1 - 2.0 * t), math.atan(bow * t)

    lean = float(rng.uniform(0.72, 0.88))
    wide = min(0.25 * u, 1.5 * u / pairs * math.sin(lean) - (2.6 if pen.edge else 1.2) * pen.width)
    fruited = rng.yes("fruited", 0.8)
    # Which side of a node bears an olive instead of a leaf; the leaf beneath it is shorter.
    bearing = {i: -1 if i < 2 else 1 for i in ((1, 2) if pairs < 4 else (1, 3))} if fruited else {}
    leaves, fruits = [Leaf(*at(0.9), 0.62 * u, wide, 0.0)], []
    for i in range(pairs):
        x, y, angle = at(0.12 + 0.75 * i / pairs)
        for side in (-1, 1):
            if side == bearing.get(i):
                fruits.append((x, y, angle + side * 1.15 * lean))
            else:
                long = u * (1.0 - 0.25 * i / pairs) * (0.72 if side == bearing.get(i + 1) else 1.0)
                leaves.append(Leaf(x, y, angle + side * lean, long, wide, -0.12 * side))
    _lay(pen, (leaves, fruits), curve(at(0.0)[:2], at(0.93)[:2], -0.1 * s), shaded=rng.yes("shaded", 0.6))
    for x, y, a in fruits:
        _olive(pen, polar(a, 0.26 * u, x, y), a, max((0.19 if pairs < 4 else 0.15) * u, 1.7 * pen.width))
    return pen.motif()
