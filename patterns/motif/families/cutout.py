"""Cut-paper abstracts: seaweed with round fingers, pebbles, arches and leaves, as scissors leave them."""

import math

import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Pen, polar, smooth


def _seaweed(rng: Chance, unit: float) -> skia.Path:
    """Return a lobed frond: round fingers around a body, one of them its foot."""
    count = rng.pick("fronds", range(5, 8))
    reach = rng.uniform(0.85, 1.05, count)
    start = rng.turn()
    points = []
    for k in range(count):
        middle, share = start + 2 * math.pi * k / count, 2 * math.pi / count
        far = unit * float(reach[k])
        points += [polar(middle - 0.5 * share, 0.42 * unit)]
        points += [polar(middle + s * 0.26 * share, far * t) for s, t in ((-1, 0.9), (0, 1.0), (1, 0.9))]
    return smooth(points)


def _alga(rng: Chance, unit: float) -> skia.Path:
    """Return a stem with round fingers in pairs, as one piece that stands upright."""
    pairs = rng.pick("pairs", range(3, 5))
    lean = float(rng.uniform(-0.15, 0.15))
    path = smooth(
        [
            (-0.07 * unit, unit),
            (lean * unit * 0.5, 0),
            (lean * unit, -0.9 * unit),
            (0.09 * unit + lean * unit * 0.5, 0),
            (0.13 * unit, unit),
        ]
    )
    fingers = []
    for k in range(pairs):
        t = (k + 0.35) / pairs
        y, wide = unit * (0.8 - 1.6 * t), unit * (0.62 - 0.18 * t)
        for side in (-1, 1):
            x = lean * unit * t
            fingers.append(
                smooth(
                    [
                        (x, y + 0.13 * unit),
                        (x + side * 0.55 * wide, y - 0.02 * unit),
                        (x + side * wide, y - 0.3 * unit),
                        (x + side * 0.95 * wide - side * 0.02, y - 0.42 * unit),
                        (x + side * 0.6 * wide, y - 0.3 * unit),
                        (x, y - 0.12 * unit),
                    ]
                )
            )
    op = path
    for finger in fingers:
        op = skia.Op(op, finger, skia.PathOp.kUnion_PathOp) or op
    return op


def _pebble(rng: Chance, unit: float) -> skia.Path:
    count = 5
    reach = unit * rng.uniform(0.72, 1.05, count)
    return smooth([polar(2 * math.pi * k / count, float(reach[k])) for k in range(count)])


def _arch(unit: float, outer: float, inner: float) -> skia.Path:
    """Return half a ring that stands on its feet."""
    path = skia.Path()
    path.moveTo(-outer * unit, 0.55 * unit)
    path.arcTo(skia.Rect.MakeLTRB(-outer * unit, -outer * unit, outer * unit, outer * unit), 180, 180, False)
    path.lineTo(outer * unit, 0.55 * unit)
    path.lineTo(inner * unit, 0.55 * unit)
    path.arcTo(skia.Rect.MakeLTRB(-inner * unit, -inner * unit, inner * unit, inner * unit), 0, -180, False)
    path.lineTo(-inner * unit, 0.55 * unit)
    path.close()
    return path


@family("cutout", nouns=("cutout", "cutouts", "cut paper abstract"), scales=(40.0, 112.0), inks=(2, 6), weight=0.8)
def cutout(rng: Chance, radius: float, style: Style) -> Motif:
    """Return one cut form, or a pebble with another laid on it."""
    kind = rng.pick("form", ["seaweed", "alga", "pebble", "arch"])
    # The feet of an arch reach into the corners, where its neighbors are.
    pen = Pen(0.85 * radius if kind == "arch" else radius, style)
    unit = pen.unit
    heart = rng.pick("heart", ["accent", "line", "detail"])
    if kind == "seaweed":
        pen.lay(Shape(_seaweed(rng, unit), pen.body))
        pen.ink(skia.Path.Circle(0, 0, 0.16 * unit), style.ink(heart, on=pen.body))
    elif kind == "alga":
        pen.lay(Shape(_alga(rng, unit), pen.body))
    elif kind == "pebble":
        pen.lay(Shape(_pebble(rng, unit), pen.body))
        pen.ink(_aside(rng, unit), style.ink(rng.pick("aside", ["second", heart]), on=pen.body))
    else:
        bands = [(1.0, 0.76), (0.62, 0.38), (0.24, 0.02)]
        inks = [pen.body, pen.green, style.ink("accent", on=0) or pen.body]
        for (outer, inner), ink in zip(bands, inks, strict=True):
            pen.lay(Shape(_arch(unit, outer, inner), ink), cut=0.0)
    return pen.motif()


def _aside(rng: Chance, unit: float) -> skia.Path:
    """Return a smaller pebble aside of the middle."""
    path = _pebble(rng, 0.5 * unit)
    path.offset(float(rng.uniform(-0.2, 0.2)) * unit, float(rng.uniform(-0.2, 0.2)) * unit)
    return path
