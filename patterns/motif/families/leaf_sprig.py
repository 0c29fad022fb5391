"""Leaf sprigs: a stem with big leaves in pairs or by turns, plain, half shaded, or with berries."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, dots, half_leaf, leaf_path, merged, placed, polar


def _stem(bow: float, length: float, t: float) -> tuple[float, float, float]:
    """Return (x, y, angle) at ``t`` of a stem that rises from the foot and bows aside."""
    return 4 * bow * length * t * (1 - t), length / 2 - length * t, 0.6 * math.atan(4 * bow * (1 - 2 * t))


def _leaves(pen: Pen, bow: float, form: tuple[int, bool, float, float]) -> list[Leaf]:
    """Return leaves along the stem and one on its end, of a form (pairs, opposite, plumpness, lean)."""
    pairs, opposite, plump, lean = form
    u, pitch = pen.unit, 0.74 / pairs
    room = 2 * u * pitch * math.sin(lean) - (2.9 if pen.edge else 1.3) * pen.width
    found = []
    for i in range(pairs):
        for s in (-1, 1):
            t = 0.14 + pitch * (i + (0.0 if opposite or s < 0 else 0.5))
            x, y, angle = _stem(bow, 2 * u, t)
            long = u * (1.24 - 0.44 * t)
            found.append(Leaf(x, y, angle + s * lean, long, min(u * plump, room), -0.1 * s))
    x, y, angle = _stem(bow, 2 * u, 0.94)
    return [*found, Leaf(x, y, angle, u * 0.66, min(u * plump, room, u * 0.5), 0.0)]


def _berries(pen: Pen, spots: list[tuple[float, float]]) -> None:
    berry = pen.style.ink("accent", on=pen.body) or pen.body
    size = max(0.15 * pen.unit, 1.3 * pen.width)
    pen.lay(Shape(dots(spots, size), berry), cut=0.9)
    if size > 2.4 * pen.width:
        pen.ink(
            dots([(x - size * 0.3, y - size * 0.3) for x, y in spots], size * 0.28), pen.style.ink("detail", on=berry)
        )
    pen.part("berries")


def _shaded(pen: Pen, leaves: list[Leaf], stems: list[skia.Path]) -> None:
    """Lay leaves with the right half of each in another ink, as Scandinavian prints do, and their stems on top."""
    pen.lay(*(Shape(placed(leaf_path(f.length, f.width, f.bend), f.angle, f.x, f.y), pen.body) for f in leaves))
    halves = merged(placed(half_leaf(f.length, f.width, f.bend), f.angle, f.x, f.y) for f in leaves)
    pen.ink(halves, pen.style.ink("second", on=pen.body))
    width = max(pen.width * 1.25, 0.09 * pen.unit)
    pen.lay(*(Shape(s, pen.body, width) for s in stems), cut=0.5)
    pen.part("stems", "leaves", "veins")


@family("leaf sprig", nouns=("leaf sprig", "leaf sprigs"), scales=(36.0, 112.0))
def leaf_sprig(rng: Chance, radius: float, style: Style) -> Motif:
    """Return a sprig whose leaves are in the main ink."""
    pen = Pen(radius, style, span=1.1)
    pen.green, u = pen.body, pen.unit
    bow = float(rng.pick("bow", (-1, 0, 1)) * rng.uniform(0.08, 0.16))
    pairs = int(min(rng.pick("pairs", range(2, 5)), max(2, 1.3 * u / (4.4 * pen.width))))
    opposite = rng.yes("opposite", 0.55)
    lean = float(rng.uniform(0.75, 1.1))
    leaves = _leaves(pen, bow, (pairs, opposite, rng.pick("slim", (0.4, 0.54, 0.7)), lean))
    tip = _stem(bow, 2 * u, 0.96)[:2]
    stem = curve((0, 1.1 * u), tip, bow * 1.9)
    berried = pen.level > 0 and rng.yes("berried", (0.45 if style.inks > 3 else 0.25))
    gone = leaves[2:-1:4] + leaves[3:-1:4] if pairs > 2 and opposite else leaves[1:-1:3]
    gone = gone if berried else []
    spots = [polar(f.angle, f.length * 0.72, f.x, f.y) for f in gone]
    stalks = [curve((f.x, f.y), p, 0.1) for f, p in zip(gone, spots, strict=True)]
    kept = [f for f in leaves if f not in gone]
    fits = style.inks > (3 if pen.edge else 2) and pen.level > 0 and kept[0].width > 4 * pen.width
    if fits and rng.yes("shaded", 0.5):
        _shaded(pen, kept, [stem, *stalks])
    else:
        pen.leaves(kept, stems=[stem, *stalks], thick=0.09)
    if spots:
        _berries(pen, spots)
    return pen.motif()
