"""Wildflowers of a meadow: a bunch of thin stems with daisies, poppies, bells and ears of grass, or one of them."""

import math
from collections.abc import Callable

import numpy as np

from patterns.motif.canvas import Shape
from patterns.motif.family import Chance, Motif, Style, family
from patterns.motif.parts import Leaf, Pen, blob, curve, dots, leaf_path, petal, placed, polar, scalloped

Place = tuple[float, float, float]
Head = Callable[[Pen, Place, float, int], None]


def _daisy(pen: Pen, at: Place, size: float, ink: int) -> None:
    x, y, angle = at
    count = 6 if size < 5 * pen.width else 8
    breadth = 2 * math.pi * 0.72 * size / count - 0.8 * pen.width
    petals = [
        placed(petal(size, breadth, inner=0.1 * size), angle + 2 * math.pi * i / count, x, y) for i in range(count)
    ]
    for path in petals:
        pen.lay(Shape(path, ink), cut=0.8)
    eye = pen.style.ink("accent" if ink == pen.body else "main", on=ink)
    pen.lay(Shape(dots([(x, y)], 0.32 * size), eye), cut=0.7)
    if not eye:
        pen.ink(dots([(x, y)], 0.18 * size), ink)


def _poppy(pen: Pen, at: Place, size: float, ink: int) -> None:
    x, y, angle = at
    for lean, long in ((-0.55, 1.25), (0.55, 1.25), (0.0, 1.0)):
        path = scalloped(size * long, 0.52, 2, depth=0.07, belly=1.7)
        pen.lay(Shape(placed(path, angle + lean, *polar(angle + math.pi, 0.6 * size, x, y)), ink))


def _bell(pen: Pen, at: Place, size: float, ink: int) -> None:
    x, y, angle = at
    cup = blob(
        size,
        (0, 0.7),
        (0.5, 0.4),
        (0.58, -0.3),
        (0.8, -0.75),
        (0.4, -0.55),
        (0, -0.85),
        (-0.4, -0.55),
        (-0.8, -0.75),
        (-0.58, -0.3),
        (-0.5, 0.4),
    )
    pen.lay(Shape(placed(cup, angle, x, y), ink))


def _ear(pen: Pen, at: Place, size: float, ink: int) -> None:
    x, y, angle = at
    seed = leaf_path(0.72 * size, 0.44 * size, 0.0)
    rows = [(k, s) for k in range(3) for s in (-1, 1)]
    seeds = [placed(seed, angle + 0.6 * s, *polar(angle, (0.62 * k - 0.9) * size, x, y)) for k, s in rows]
    pen.lay(*(Shape(p, ink) for p in [*seeds, placed(seed, angle, *polar(angle, 0.9 * size, x, y))]), cut=0.8)


def _umbel(pen: Pen, at: Place, size: float, ink: int) -> None:
    x, y, angle = at
    spots = [
        polar(angle + a, size * r, *polar(angle + math.pi, 0.7 * size, x, y))
        for a, r in ((-0.85, 1.3), (-0.3, 1.6), (0.3, 1.6), (0.85, 1.3))
    ]
    stalks = [curve(polar(angle + math.pi, 0.9 * size, x, y), p) for p in spots]
    for stalk in stalks:
        pen.ink(stalk, pen.green, max(0.9 * pen.width, 0.1 * size))
    pen.lay(Shape(dots(spots, max(0.3 * size, 1.4 * pen.width)), ink), cut=0.7)


_HEADS: tuple[Head, ...] = (_daisy, _poppy, _bell, _ear, _umbel)


@family("wildflower", nouns=("wildflower", "wildflowers"), directed=True, scales=(40.0, 112.0), weight=1.6)
def wildflower(rng: Chance, radius: float, style: Style) -> Motif:
    """Return three or five stems from one foot, or a single one, each with a flower of its own kind, and leaves."""
    count = 1 if radius < 20 else rng.pick("count", (1, 3, 3, 5)) if radius > 34 else rng.pick("count", (1, 3, 3))
    pen = Pen(radius, style, span=1.1)
    u = pen.unit
    foot, size = (0.0, 1.1 * u), u * {1: 0.46, 3: 0.36, 5: 0.29}[count]
    leans = {1: (0.0,), 3: (-0.46, 0.46, 0.02), 5: (-0.72, 0.72, -0.36, 0.36, 0.0)}[count]
    tall = {1: (1.55,), 3: (1.45, 1.35, 1.85), 5: (1.2, 1.2, 1.62, 1.55, 1.95)}[count]
    # The middle stem bears the main ink; ears of grass are never alone.
    middle = rng.pick("middle", range(3)) if radius > 15 else 2
    kinds = [*[k for k in rng.permutation(len(_HEADS)).tolist() if k != middle][: count - 1], middle]
    rng.note(*(f"head {i} {kind}" for i, kind in enumerate(kinds)))
    others = [pen.style.ink(role, on=pen.green) or pen.body for role in ("accent", "detail", "main", "line")]
    inks = [*rng.permutation(others[: max(1, style.inks - 2)] + others[:3]).tolist()[: count - 1], pen.body]
    rng.note(*(f"ink {i} {ink}" for i, ink in enumerate(inks[:-1])))
    tops = [(*polar(a, h * u, *foot), 0.8 * a) for a, h in zip(leans, tall, strict=True)]
    stems = [curve(foot, (x, y), 0.06 * np.sign(x)) for x, y, _ in tops]
    leafy = rng.yes("leafy", 0.75)
    long = u * (0.85 if count == 1 else 0.62)
    leaves = (
        [Leaf(0.0, foot[1] - 0.1 * u, s * (1.0 if count == 1 else 1.2), long, 0.34 * long, -0.12 * s) for s in (-1, 1)]
        if leafy
        else []
    )
    pen.leaves(leaves, stems=stems, thick=0.07)
    for kind, top, ink in zip(kinds, tops, inks, strict=True):
        _HEADS[kind](pen, top, size, ink)
    pen.part("flowers", *(["grass"] if 3 in kinds else []))
    return pen.motif()
