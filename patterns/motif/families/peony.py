"""Peonies: ruffled petals in layers, open or cupped, with leaves and sometimes a bud."""

import math

import numpy as np
import skia

from patterns.motif.canvas import Shape
from patterns.motif.family import Motif, Style, family
from patterns.motif.parts import Leaf, Pen, curve, dots, merged, petal, placed, polar, ring, ruffled, spike


def _petal(
    pen: Pen,
    rng: np.random.Generator,
    at: tuple[float, float, float],
    size: tuple[float, float],
    *,
    ink: int = 0,
) -> None:
    """Lay one ruffled petal with its base and direction ``at`` (x, y, angle) and ``size`` (length, width)."""
    ink = ink or pen.body
    (x, y, angle), (length, width) = at, size
    lobes = 3 if pen.level < 2 or width < 9 * pen.width else int(rng.integers(4, 6))
    path = ruffled(rng, length, width, lobes=lobes, depth=float(rng.uniform(0.16, 0.36)))
    pen.lay(Shape(placed(path, angle, x, y), ink), cut=0.9)
    spread = 0.3 * width / length
    cuts = [
        spike(
            polar(a * 1.5, length * (0.84 - 0.09 * abs(k))),
            polar(a * 0.9, length * 0.42),
            pen.width * 1.25,
            bow=0.06 * k,
        )
        for k in (-1, 0, 1)
        for a in (k * spread,)
    ]
    if width > 8 * pen.width and pen.level > 1:
        pen.vein([placed(merged(cuts), angle, x, y)], on=ink)


def _open(pen: Pen, rng: np.random.Generator) -> None:
    """Draw the flower from above: rings of petals around the stamens."""
    u = pen.unit
    rings = [(1.0, int(rng.integers(6, 9))), (0.7, int(rng.integers(5, 7))), (0.44, 5)][: 3 if pen.level > 1 else 2]
    pale = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 and rng.random() < 0.6 else pen.body
    for size, count in rings:
        turn = rng.uniform(0, 2 * math.pi)
        for i in range(count):
            angle = turn + 2 * math.pi * i / count + rng.normal(0, 0.06)
            length = u * size * rng.uniform(0.92, 1.05)
            _petal(pen, rng, (0, 0, angle), (length, length * 6.6 / count), ink=pale if size < 0.6 else pen.body)
    _stamens(pen, u * (0.2 if len(rings) == 3 else 0.3))


def _stamens(pen: Pen, size: float) -> None:
    heart = pen.style.ink("accent", on=pen.body)
    pen.lay(Shape(dots([(0, 0)], size), heart), cut=0.8 if heart else 0)
    if pen.level:
        pen.ink(dots(ring(5 if size < 5 else 8, size * 0.58), size * 0.17), pen.style.ink("detail", on=heart))
    pen.part("petals")


def _cupped(pen: Pen, rng: np.random.Generator) -> None:
    """Draw the flower from the side: a fan of petals behind, a cup of petals in front."""
    u, base = pen.unit, 0.55 * pen.unit
    skirt = [(a, 0.8 * u) for a in (-2.2, 2.2, -2.8, 2.8, math.pi)]
    for angle, long in skirt if pen.level > 1 else ():
        _petal(pen, rng, (0, 0.4 * u, angle), (long * 0.8, u * 0.8))
    pale = pen.style.ink("detail", on=pen.body) if pen.style.inks == 6 and rng.random() < 0.6 else pen.body
    fans = [(5, 1.45, 1.05, 0.95), (4, 0.85, 0.9, 0.78)] if pen.level > 1 else [(5, 1.3, 1.05, 0.95)]
    for count, spread, length, width in fans:
        lean = np.linspace(-spread, spread, count) + rng.normal(0, 0.05, count)
        for angle in sorted(lean, key=abs, reverse=True):
            long = u * length * (1.42 - 0.25 * abs(angle)) * rng.uniform(0.94, 1.04)
            _petal(pen, rng, (0, base, angle), (long, u * width), ink=pen.body if count == 5 else pale)
    gold = pen.style.ink("accent", on=pen.body) or pen.body
    pen.lay(
        *(Shape(dots([polar(a, 0.98 * u, 0, base)], u * 0.075), gold) for a in np.linspace(-0.42, 0.42, 5)), cut=0.7
    )
    for angle, length, width in ((-0.95, 0.95, 0.8), (0.95, 0.95, 0.8), (-0.36, 0.86, 0.74), (0.36, 0.86, 0.74)):
        _petal(pen, rng, (0, base, angle * rng.uniform(0.9, 1.1)), (u * length, u * width))
    _petal(pen, rng, (0, base, rng.normal(0, 0.06)), (u * 0.72, u * 0.66))
    pen.part("petals")


def _bud(pen: Pen, x: float, y: float, angle: float) -> None:
    """Lay a closed bud in its sepals, on the end of a stem that comes from behind."""
    u = pen.unit
    for lean, size in ((-0.32, 0.58), (0.32, 0.58), (0.0, 0.64)):
        pen.lay(Shape(placed(petal(u * size, u * 0.4), angle + lean, x, y), pen.body), cut=0.8)
    sepals = [placed(petal(u * 0.34, u * 0.2), angle + lean, x, y) for lean in (-0.85, 0.0, 0.85)]
    stem = curve((x, y), polar(angle + math.pi, 0.4 * u, x, y))
    pen.lay(*(Shape(s, pen.green) for s in sepals), Shape(stem, pen.green, max(pen.width * 1.25, 0.1 * u)), cut=0.7)
    pen.part("buds")


def _foliage(pen: Pen, rng: np.random.Generator, angles: np.ndarray, stems: list[skia.Path]) -> None:
    """Lay leaves, on a large motif each with a leaflet at its side, as a peony's are divided."""
    u = pen.unit
    grown = u * float(rng.uniform(1.1, 1.3)) * (1.0 if pen.level > 1 else 0.85)
    leaves = [
        Leaf(
            *polar(a, 0.5 * u), a, grown * rng.uniform(0.93, 1.07), u * rng.uniform(0.6, 0.78), rng.uniform(-0.16, 0.16)
        )
        for a in angles
    ]
    divided = pen.level > 1 and rng.random() < 0.6
    sides = [
        Leaf(f.x, f.y, f.angle + s * 0.55, f.length * 0.94, f.width * 0.7, 0.16 * s)
        for f in leaves
        for s in ((-1, 1) if len(leaves) < 3 else (1,))
    ]
    pen.leaves(sides if divided else [], stems=stems)
    pen.leaves(leaves)


@family("peony", nouns=("peony", "peonies"), weight=4.0, scales=(36.0, 96.0))
def peony(rng: np.random.Generator, radius: float, style: Style) -> Motif:
    """Return a peony, open or cupped, with leaves around it and sometimes a bud."""
    leafy, cupped = rng.random() < 0.72, rng.random() < 0.45
    pen = Pen(radius, style, span=1.6 if leafy else 1.0)
    u = pen.unit
    if leafy:
        count = int(rng.integers(2, 4) if cupped else rng.integers(2, 6))
        turn = math.pi if cupped else rng.uniform(0, 2 * math.pi)
        spread = 2.0 if cupped else 2 * math.pi * (count - 1) / count
        angles = turn + np.linspace(-spread / 2, spread / 2, count) + rng.normal(0, 0.1, count)
        budded = pen.level > 0 and rng.random() < 0.45
        side = float(angles[0] - (0.62 if cupped else math.pi / count))
        tip = polar(side, 1.42 * u)
        stems: list[skia.Path] = [curve((0, 0), tip, 0.04)] if budded else []
        _foliage(pen, rng, angles, stems)
        if budded:
            _bud(pen, *tip, side)
    (_cupped if cupped else _open)(pen, rng)
    return pen.motif()
