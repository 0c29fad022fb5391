"""Tulips from the side: a cup of three broad petals, closed or open, on a stem between long leaves."""

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, placed, spike


def _blade(length: float, width: float, tip: float = 0.0) -> skia.Path:
    """Return a petal from the origin, full and round below, pointed above, its tip aside by ``tip`` px."""
    path = skia.Path()
    path.moveTo(0, 0)
    path.cubicTo(-width * 0.85, 0, -width * 0.55 + tip * 0.2, -length * 0.62, tip, -length)
    path.cubicTo(width * 0.55 + tip * 0.2, -length * 0.62, width * 0.85, 0, 0, 0)
    path.close()
    return path


def _cup(pen: Pen, rng: Chance) -> None:
    """Lay the petals, their base at (0, u): two peeping out behind, two at the sides, one in front."""
    u, wide = pen.unit, float(rng.pick("open", (0.0, 0.0, 0.22)) + rng.uniform(0.0, 0.06))
    inner = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 else pen.body
    for s in (-1, 1) if u > 14 else ():
        pen.lay(Shape(placed(_blade(1.86 * u, 0.8 * u), s * (0.13 + wide * 0.45), 0, 0.9 * u), inner))
    for s in (-1, 1):
        path = _blade(1.92 * u, 1.16 * u, s * u * (0.06 + wide * 0.9))
        pen.lay(Shape(placed(path, s * (0.27 + wide), s * 0.1 * u, 0.94 * u), pen.body))
    pen.lay(Shape(placed(_blade(1.5 * u, 1.2 * u), 0, 0, u), pen.body))
    flame = pen.style.ink("accent", on=pen.body)
    if flame and pen.level and rng.yes("flame", 0.6):
        pen.ink(placed(_blade(0.98 * u, 0.5 * u), 0, 0, 0.86 * u), flame)
    elif pen.level > 1:
        pen.vein([spike((0, 0.78 * u), (0, -0.16 * u), 2 * pen.width)], on=pen.body)
    pen.part("petals")


def _bud(pen: Pen, at: tuple[float, float], lean: float) -> None:
    """Lay a closed bud of two petals on the end of its stem."""
    u = pen.unit
    pen.lay(Shape(placed(_blade(1.15 * u, 0.72 * u, 0.06 * u), lean + 0.1, *at), pen.body))
    pen.lay(Shape(placed(_blade(0.84 * u, 0.56 * u, -0.1 * u), lean - 0.24, *at), pen.body))
    pen.part("buds")


def _stalk(pen: Pen, rng: Chance, length: float) -> None:
    """Lay the stem with one or two long leaves, and sometimes a bud on a stem of its own."""
    u, foot = pen.unit, (float(rng.uniform(-0.16, 0.16)) * pen.unit, 0.9 * pen.unit + length)
    sides = ((-1, 1), (-1,), (1,), ())[rng.pick("leaves", 4, p=(0.6, 0.12, 0.12, 0.16))]
    long, lean = length * float(rng.uniform(0.9, 1.06)), float(rng.uniform(0.5, 0.72))
    leaves = [Leaf(foot[0], foot[1] - 0.08 * u, s * lean, long, 0.8 * u, 0.1 * s) for s in sides]
    stems = [curve((0, 0.8 * u), foot, float(rng.uniform(-0.05, 0.05)))]
    if pen.level > 1 and len(sides) == 1 and rng.yes("bud", 0.7):
        top = (-sides[0] * 1.25 * u, 0.55 * length + 0.5 * u)
        stems.append(curve((foot[0], foot[1] - 0.3 * u), top, sides[0] * 0.18))
        pen.leaves(leaves, stems=stems, thick=0.16)
        _bud(pen, top, -sides[0] * 0.16)
    else:
        pen.leaves(leaves, stems=stems, thick=0.16)


@family("tulip", nouns=("tulip", "tulips"), directed=True, scales=(36.0, 112.0))
def tulip(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a tulip, closed or open, on its stem with leaves, on a bare stem, or the bloom alone."""
    alone = rng.yes("alone", 0.24)
    pen = Pen(radius, style, span=1.05 if alone else 1.8)
    if not alone:
        _stalk(pen, rng, pen.unit * float(rng.uniform(1.6, 2.0)))
    _cup(pen, rng)
    return pen.motif()
